"""Layers that rearrange or crop images."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...ops.image import resize_bilinear
from ...ops.movement import slice_along
from ..cell import Cell


class PixelShuffle(Cell):
    """(..., C r^2, H, W) -> (..., C, H r, W r)."""

    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def construct(self, input):
        return ops.pixel_shuffle(input, self.upscale_factor)


class PixelUnshuffle(Cell):
    """(..., C, H r, W r) -> (..., C r^2, H, W)."""

    def __init__(self, downscale_factor):
        super().__init__()
        self.downscale_factor = downscale_factor

    def construct(self, input):
        return ops.pixel_unshuffle(input, self.downscale_factor)


class ChannelShuffle(Cell):
    """The channels (axis 1) dealt out like cards: the first of each of ``groups`` groups, then the second of each,
    ..."""

    def __init__(self, groups):
        super().__init__()
        self.groups = checks.positive_int("ChannelShuffle", groups=groups)

    def construct(self, x):
        return ops.channel_shuffle(x, self.groups)


class CentralCrop(Cell):
    """The middle of images (C, H, W) or (N, C, H, W), with the share ``central_fraction`` of the height and width."""

    def __init__(self, central_fraction):
        super().__init__()
        checks.floating("CentralCrop", central_fraction=central_fraction)
        checks.within("CentralCrop", "(0, 1]", central_fraction=central_fraction)
        self.central_fraction = central_fraction

    def construct(self, image):
        checks.rank("CentralCrop", 3, 4, input=image)
        for axis in (image.ndim - 2, image.ndim - 1):
            n = image.shape[axis]
            begin = int((n - n * self.central_fraction) / 2)
            image = slice_along(image, axis, begin, n - 2 * begin)
        return image


class ResizeBilinear(Cell):
    """Images (N, C, H, W) in another size, interpolated between the four pixels around; MindSpore 1's layer.

    Args:
        half_pixel_centers: whether pixels lie at the middle of their squares.

    Inputs:
        x; size: (height, width), or scale_factor: an int; align_corners: corner pixels keep their places.

    Raises:
        ValueError: both or neither of ``size`` and ``scale_factor`` are given, or they are not positive.

    >>> import minispore as ms
    >>> print(ResizeBilinear()(ms.Tensor([[[[0.0, 2.0]]]]), size=(1, 4)))
    [[[[0. 1. 2. 2.]]]]
    """

    def __init__(self, half_pixel_centers=False):
        super().__init__()
        self.half_pixel_centers = checks.boolean("ResizeBilinear", half_pixel_centers=half_pixel_centers)

    def construct(self, x, size=None, scale_factor=None, align_corners=False):
        checks.rank("ResizeBilinear", 4, input=x)
        if (size is None) == (scale_factor is None):
            raise fail(ValueError, "For 'ResizeBilinear', one of 'size' and 'scale_factor' must be given.")
        if size is None:
            factor = checks.positive_int("ResizeBilinear", scale_factor=scale_factor)
            size = tuple(n * factor for n in x.shape[2:])
        size = checks.int_tuple("ResizeBilinear", 2, size=tuple(size))
        return resize_bilinear(x, size, align_corners, self.half_pixel_centers)


__all__ = ["CentralCrop", "ChannelShuffle", "PixelShuffle", "PixelUnshuffle", "ResizeBilinear"]
