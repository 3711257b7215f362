"""Cases of kernels.py: convolutions, as the networks of network_models.py and many others have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from kernel_cases import Case, normal
from network_models import NETWORKS, Layers


@dataclass(frozen=True)
class Layer:
    """One layer; sizes of the image, of the window and all else for each axis, or one number for all."""

    net: str
    images: int
    channels: int
    filters: int
    size: tuple[int, ...]
    window: tuple[int, ...]
    stride: tuple[int, ...]
    pad: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int = 1
    turned: bool = False  # transposed
    extra: int = 0  # output padding

    @property
    def out(self) -> tuple[int, ...]:
        sizes = zip(self.size, self.window, self.stride, self.pad, self.dilation)
        if self.turned:
            return tuple((n - 1) * s - 2 * p + d * (k - 1) + 1 + self.extra for n, k, s, p, d in sizes)
        return tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in sizes)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of the input, the weight, the result."""
        pair = (self.channels, self.filters) if self.turned else (self.filters, self.channels)
        x, y = (self.images, self.channels, *self.size), (self.images, self.filters, *self.out)
        return x, (pair[0], pair[1] // self.groups, *self.window), y

    @property
    def operations(self) -> float:
        x, w, y = self.shapes
        return 2.0 * prod(x if self.turned else y) * prod(w[1:])

    @property
    def is_depthwise(self) -> bool:
        return self.groups == self.channels == self.filters and self.groups > 1

    @property
    def name(self) -> str:
        by = lambda sizes: "x".join(map(str, sizes))
        kind = " depthwise" if self.is_depthwise else f" in {self.groups} groups" if self.groups > 1 else ""
        text = f"{self.net} {by((self.images, self.channels, *self.size))}, {self.filters} of {by(self.window)}{kind}"
        text += f" stride {by(dict.fromkeys(self.stride))}" if max(self.stride) > 1 else ""
        text += f" dilation {by(dict.fromkeys(self.dilation))}" if max(self.dilation) > 1 else ""
        return text + " transposed" * self.turned

    # ---------------------------------------------------------------- the two libraries
    def in_minispore(self, ms, x, w):
        if self.turned:
            return ms.ops.conv_transpose2d(x, w, None, self.stride, self.pad, self.extra, self.groups, self.dilation)
        pad = tuple(p for p in self.pad for _ in range(2))
        if len(self.size) == 1:
            return ms.ops.conv1d(x, w, None, *self.stride, "pad", *self.pad, *self.dilation, self.groups)
        conv = ms.ops.conv2d if len(self.size) == 2 else ms.ops.conv3d
        return conv(x, w, None, self.stride, "pad", pad, self.dilation, self.groups)

    def by_input(self, ms, x, w, g):
        return ms.vjp(lambda x: self.in_minispore(ms, x, w), x)[1](g)[0]

    def by_weight(self, ms, x, w, g):
        return ms.vjp(lambda w: self.in_minispore(ms, x, w), w)[1](g)[0]

    def in_torch(self, torch, x, w):
        extra = (self.extra,) * len(self.size)
        return torch.ops.aten.convolution(
            x, w, None, self.stride, self.pad, self.dilation, self.turned, extra, self.groups
        )

    def torch_backward(self, wanted: list[bool]):
        extra = (self.extra,) * len(self.size)

        def call(torch, x, w, g):
            return torch.ops.aten.convolution_backward(
                g, x, w, None, self.stride, self.pad, self.dilation, self.turned, extra, self.groups, wanted
            )

        return call

    def cases(self) -> list[Case]:
        x, w, y = self.shapes
        how = {"operations": self.operations, "images": True, "moves": self.is_depthwise}
        return [
            Case("convolution", self.name, normal(x, w), self.in_minispore, self.in_torch, **how),
            Case("input gradient", self.name, normal(x, w, y), self.by_input,
                 self.torch_backward([True, False, False]), unread=0, **how),
            Case("weight gradient", self.name, normal(x, w, y), self.by_weight,
                 self.torch_backward([False, True, False]), unread=1, **how),
        ]  # fmt: skip


def layer(net: str, images: int, channels: int, filters: int, size, window, stride=1, pad=None, dilation=1, groups: int = 1,
          turned: bool = False, extra: int = 0) -> Layer:  # fmt: skip
    """Numbers stand for all axes; an image given by one number is square; ``pad`` None keeps the size."""
    size = size if isinstance(size, tuple) else (size, size)
    each = lambda value: value if isinstance(value, tuple) else (value,) * len(size)
    window, dilation = each(window), each(dilation)
    pads = tuple(d * (k - 1) // 2 for k, d in zip(window, dilation)) if pad is None else each(pad)
    return Layer(net, images, channels, filters, size, window, each(stride), pads, dilation, groups, turned, extra)


# ---------------------------------------------------------------- networks of network_models.py
def layers_of(layers: Layers, size: int) -> Iterator[tuple[int, ...]]:
    """(channels, filters, size of the plane, window, stride, groups) of each convolution."""
    for kind, *arguments in layers:
        if kind == "conv":
            channels, filters, window, stride, groups = arguments
            yield channels, filters, size, window, stride, groups
            size = -(-size // stride)
        elif kind == "pool":
            window, stride, pad = arguments
            size = (size + 2 * pad - window) // stride + 1
        elif kind == "add":
            inside = [list(layers_of(part, size)) for part in arguments]
            for part in inside:
                yield from part
            for *_, stride, _groups in inside[0]:
                size = -(-size // stride)


def network(name: str, images: int, size: int) -> list[Layer]:
    found = dict.fromkeys(layers_of(NETWORKS[name].layers, size))
    return [layer(name, images, *sizes, groups=groups) for *sizes, groups in found]  # type: ignore[misc]


def depthwise(net: str, images: int, channels: int, size, window, stride=1, dilation=1) -> Layer:
    return layer(net, images, channels, channels, size, window, stride, dilation=dilation, groups=channels)


NETWORKS_LAYERS = [
    *network("ResNet-50", 4, 224),
    *network("ResNet-18", 8, 64),
    *network("MobileNetV2", 4, 224),
    *network("EfficientNet", 4, 224),
    *network("ResNet-20", 32, 32),
    *network("VGG-11", 8, 64),
    layer("ResNet-50", 8, 2048, 512, 2, 1),
    layer("ResNet-50", 8, 256, 64, 16, 1),
    layer("ResNet-50", 8, 128, 512, 8, 1),
    layer("ResNet-50", 8, 256, 1024, 4, 1),
]

# ---------------------------------------------------------------- layers of other networks
SMALL_PLANES = [
    *(layer("512 channels", 8, 512, 512, size, 3) for size in (2, 4, 7, 8)),
    *(layer("small plane", 8, 256, 256, size, window) for size, window in ((4, 5), (7, 5), (7, 7), (4, 7), (7, 11))),
    layer("small plane", 32, 64, 64, 4, 5),
]
LARGE_PLANES = [
    layer("AlexNet", 8, 3, 64, 224, 11, 4, 2), layer("AlexNet", 8, 64, 192, 27, 5), layer("AlexNet", 8, 192, 384, 13, 3),
    layer("AlexNet", 8, 384, 256, 13, 3), layer("AlexNet", 8, 256, 256, 13, 3),
    layer("SqueezeNet", 8, 64, 16, 55, 1), layer("SqueezeNet", 8, 16, 64, 55, 3), layer("SqueezeNet", 8, 128, 32, 27, 1),
    layer("SqueezeNet", 8, 32, 128, 27, 3), layer("SqueezeNet", 8, 48, 192, 13, 3), layer("SqueezeNet", 8, 64, 256, 13, 1),
    layer("VGG-16", 1, 64, 64, 224, 3), layer("VGG-16", 1, 128, 128, 112, 3), layer("VGG-16", 1, 256, 256, 56, 3),
    layer("VGG-16", 1, 512, 512, 28, 3), layer("VGG-16", 1, 512, 512, 14, 3),
    layer("YOLO", 1, 32, 64, 208, 3, 2), layer("YOLO", 1, 64, 128, 104, 3, 2), layer("YOLO", 1, 256, 512, 26, 3, 2),
    layer("YOLO", 1, 512, 1024, 13, 3), layer("YOLO", 1, 1024, 255, 13, 1),
    layer("DenseNet", 4, 128, 32, 56, 3), layer("DenseNet", 4, 128, 32, 28, 3), layer("DenseNet", 4, 128, 32, 14, 3),
    layer("DenseNet", 4, 128, 32, 7, 3), layer("DenseNet", 4, 512, 128, 14, 1), layer("DenseNet", 4, 992, 128, 7, 1),
    layer("EDSR", 4, 64, 64, 48, 3), layer("EDSR", 4, 64, 256, 48, 3), layer("EDSR", 4, 64, 3, 96, 3),
    layer("SRCNN", 8, 1, 64, 33, 9), layer("SRCNN", 8, 64, 32, 33, 5), layer("SRCNN", 8, 32, 1, 33, 5),
    layer("LeNet", 32, 1, 6, 32, 5, pad=0), layer("LeNet", 32, 6, 16, 14, 5, pad=0),
    layer("DQN", 32, 4, 32, 84, 8, 4, 0), layer("DQN", 32, 32, 64, 20, 4, 2, 0), layer("DQN", 32, 64, 64, 9, 3, pad=0),
    layer("PatchGAN", 4, 3, 64, 128, 4, 2, 1), layer("PatchGAN", 4, 64, 128, 64, 4, 2, 1),
    layer("PatchGAN", 4, 256, 512, 16, 4, 1, 1), layer("PatchGAN", 4, 512, 1, 15, 4, 1, 1),
    layer("ViT", 4, 3, 192, 224, 16, 16, 0), layer("ConvNeXt", 4, 96, 192, 56, 2, 2, 0),
]  # fmt: skip
OTHER_CHANNELS = [
    layer("MobileNetV3", 4, 16, 64, 112, 1), layer("MobileNetV3", 4, 24, 72, 56, 1), layer("MobileNetV3", 4, 72, 40, 28, 1),
    layer("MobileNetV3", 4, 40, 120, 28, 1), layer("MobileNetV3", 4, 200, 80, 14, 1), layer("MobileNetV3", 4, 112, 672, 14, 1),
    layer("MobileNetV3", 4, 960, 160, 7, 1),
    depthwise("MobileNetV3", 4, 16, 112, 3), depthwise("MobileNetV3", 4, 72, 56, 5, 2), depthwise("MobileNetV3", 4, 120, 28, 5),
    depthwise("MobileNetV3", 4, 184, 14, 3), depthwise("MobileNetV3", 4, 672, 14, 5, 2), depthwise("MobileNetV3", 4, 960, 7, 5),
    layer("ShuffleNetV2", 8, 24, 58, 28, 1), layer("ShuffleNetV2", 8, 58, 58, 28, 1), layer("ShuffleNetV2", 8, 116, 116, 14, 1),
    layer("ShuffleNetV2", 8, 232, 232, 7, 1), depthwise("ShuffleNetV2", 8, 58, 28, 3), depthwise("ShuffleNetV2", 8, 116, 14, 3),
    depthwise("ConvNeXt", 4, 96, 56, 7), depthwise("ConvNeXt", 4, 384, 14, 7), depthwise("ConvNeXt", 4, 768, 7, 7),
    *(layer("odd channels", 8, c, f, 28, 3) for c, f in ((24, 24), (40, 72), (72, 88), (88, 116), (3, 24))),
    layer("odd channels", 8, 24, 72, 27, 3, 2), layer("odd channels", 8, 88, 88, 13, 5),
]  # fmt: skip
GROUPED = [
    layer("ResNeXt", 4, 128, 128, 56, 3, groups=32), layer("ResNeXt", 4, 256, 256, 56, 3, 2, groups=32),
    layer("ResNeXt", 4, 256, 256, 28, 3, groups=32), layer("ResNeXt", 4, 512, 512, 14, 3, groups=32),
    layer("ResNeXt", 4, 1024, 1024, 7, 3, groups=32), layer("ResNeXt", 4, 1024, 1024, 14, 3, 2, groups=32),
    layer("RegNet", 4, 64, 64, 56, 3, groups=4), layer("RegNet", 4, 160, 160, 28, 3, 2, groups=10),
    layer("RegNet", 4, 160, 160, 14, 3, groups=10), layer("RegNet", 4, 384, 384, 7, 3, groups=16),
    layer("ShuffleNet", 8, 240, 60, 28, 1, groups=3), layer("ShuffleNet", 8, 60, 240, 28, 1, groups=3),
    layer("ShuffleNet", 8, 384, 96, 28, 1, groups=8), layer("ShuffleNet", 8, 768, 192, 14, 1, groups=8),
    layer("two channels", 8, 64, 64, 28, 3, groups=32), layer("two channels", 8, 128, 128, 14, 3, groups=64),
    layer("AlexNet", 8, 96, 256, 27, 5, groups=2),
]  # fmt: skip
DILATED = [
    *(layer("DeepLab", 1, 512, 256, 33, 3, dilation=rate) for rate in (6, 12, 18)),
    layer("DeepLab", 1, 2048, 256, 33, 3, dilation=12), layer("DeepLab", 2, 256, 256, 33, 3, dilation=2),
    depthwise("DeepLab", 2, 256, 65, 3, dilation=6),
]  # fmt: skip
ASYMMETRIC = [
    layer("Inception", 8, 192, 192, 17, (1, 7)), layer("Inception", 8, 192, 192, 17, (7, 1)),
    layer("Inception", 8, 128, 192, 17, (7, 1)), layer("Inception", 8, 384, 384, 8, (1, 3)),
    layer("Inception", 8, 384, 384, 8, (3, 1)), layer("Inception", 8, 64, 96, 35, 3), layer("Inception", 8, 48, 64, 35, 5),
    layer("Inception", 8, 288, 384, 35, 3, 2, 0),
]  # fmt: skip
SERIES = [
    *(layer("WaveNet", 4, 32, 64, (4096,), 2, pad=0, dilation=rate) for rate in (1, 16, 512)),
    layer("WaveNet", 4, 64, 128, (2048,), 3, dilation=8), layer("TCN", 16, 25, 25, (784,), 7, dilation=4),
    layer("large window", 8, 64, 64, (1024,), 31), layer("large window", 16, 16, 64, (1024,), 9),
    layer("M5", 8, 1, 64, (16000,), 80, 4, 0), layer("M5", 8, 64, 128, (998,), 3), layer("M5", 8, 256, 512, (61,), 3),
    layer("wav2vec", 2, 512, 512, (1599,), 3, 2, 0), layer("Conformer", 8, 256, 512, (256,), 1),
    layer("text", 32, 128, 100, (64,), 3, pad=0), layer("text", 32, 128, 100, (64,), 5, pad=0),
    depthwise("Conformer", 8, 256, (256,), 31), layer("Conv1d net", 16, 64, 128, (1024,), 9, 2),
]  # fmt: skip
VOLUMES = [
    layer("C3D", 1, 3, 64, (16, 56, 56), 3), layer("C3D", 1, 64, 128, (16, 28, 28), 3),
    layer("C3D", 1, 256, 256, (8, 14, 14), 3), layer("C3D", 1, 512, 512, (2, 7, 7), 3),
    layer("R(2+1)D", 1, 64, 144, (8, 56, 56), (1, 3, 3)), layer("R(2+1)D", 1, 144, 64, (8, 56, 56), (3, 1, 1)),
    layer("3D U-Net", 1, 32, 64, (32, 32, 32), 3), layer("3D U-Net", 1, 64, 64, (16, 16, 16), 3, 2),
]  # fmt: skip


def turned(net: str, images: int, channels: int, filters: int, size: int, window, stride, pad=0, extra=0) -> Layer:
    return layer(net, images, channels, filters, size, window, stride, pad, turned=True, extra=extra)


TURNED = [
    turned("DCGAN", 32, 100, 512, 1, 4, 1), turned("DCGAN", 32, 512, 256, 4, 4, 2, 1), turned("DCGAN", 32, 256, 128, 8, 4, 2, 1),
    turned("DCGAN", 32, 128, 64, 16, 4, 2, 1), turned("DCGAN", 32, 64, 3, 32, 4, 2, 1),
    turned("U-Net", 4, 128, 64, 32, 2, 2), turned("U-Net", 4, 512, 256, 8, 2, 2),
    turned("CycleGAN", 2, 256, 128, 32, 3, 2, 1, 1), turned("CycleGAN", 2, 128, 64, 64, 3, 2, 1, 1),
    turned("autoencoder", 32, 64, 32, 7, 3, 2, 1, 1), turned("stride 3", 8, 64, 64, 16, 5, 3, 1, 1),
    turned("stride 4", 8, 64, 32, 16, 8, 4, 2), turned("FCN", 2, 21, 21, 28, 16, 8, 4),
]  # fmt: skip

LAYERS = [
    *NETWORKS_LAYERS, *SMALL_PLANES, *LARGE_PLANES, *OTHER_CHANNELS, *GROUPED, *DILATED, *ASYMMETRIC, *SERIES, *VOLUMES, *TURNED,
]  # fmt: skip
CONVOLUTIONS = [case for one in LAYERS for case in one.cases()]
