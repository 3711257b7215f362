"""The operations that kernels.py times: for each its input arrays, and how minispore and torch compute it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    group: str
    shape: str
    inputs: Callable[[np.random.Generator], list[np.ndarray]]
    minispore: Callable[..., Any]  # (the module, Tensors)
    torch: Callable[..., Any]
    operations: float = 0  # multiplications and additions; 0: the time is that of the memory

    @property
    def name(self) -> str:
        return f"{self.group}: {self.shape}"


def normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]


# ---------------------------------------------------------------- convolution
def convolutions(net: str, images: int, channels: int, filters: int, size: int, window: int, stride: int = 1,
                 groups: int = 1) -> list[Case]:  # fmt: skip
    """Forward, the input's gradient and the weights' gradient of one layer, padded to keep the size."""
    pad = window // 2
    out = (size + 2 * pad - window) // stride + 1
    x, w, y = (images, channels, size, size), (filters, channels // groups, window, window), (images, filters, out, out)
    operations = 2.0 * images * filters * out * out * (channels // groups) * window * window

    def layer(ms, x, w):
        return ms.ops.conv2d(x, w, None, stride, "pad", pad, 1, groups)

    def by_input(ms, x, w, g):
        return ms.vjp(lambda x: layer(ms, x, w), x)[1](g)[0]

    def by_weight(ms, x, w, g):
        return ms.vjp(lambda w: layer(ms, x, w), w)[1](g)[0]

    def backward(wanted):
        def call(torch, x, w, g):
            return torch.ops.aten.convolution_backward(
                g, x, w, None, [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], groups, wanted
            )

        return call

    depthwise = " depthwise" if groups == channels else ""
    step = f" stride {stride}" if stride > 1 else ""
    shape = f"{net} {images}x{channels}x{size}x{size}, {filters} of {window}x{window}{depthwise}{step}"
    return [
        Case("convolution", shape, normal(x, w), layer,
             lambda torch, x, w: torch.nn.functional.conv2d(x, w, None, stride, pad, 1, groups), operations),
        Case("input gradient", shape, normal(x, w, y), by_input, backward([True, False, False]), operations),
        Case("weight gradient", shape, normal(x, w, y), by_weight, backward([False, True, False]), operations),
    ]  # fmt: skip


LAYERS = [
    *convolutions("ResNet", 4, 3, 64, 112, 7, 2),
    *convolutions("ResNet", 4, 64, 64, 56, 3),
    *convolutions("ResNet", 4, 128, 128, 28, 3),
    *convolutions("ResNet", 4, 256, 256, 14, 3),
    *convolutions("ResNet", 4, 512, 512, 7, 3),
    *convolutions("ResNet", 4, 128, 128, 56, 3, 2),
    *convolutions("ResNet", 4, 64, 256, 56, 1),
    *convolutions("ResNet", 4, 256, 64, 56, 1),
    *convolutions("ResNet", 4, 1024, 256, 14, 1),
    *convolutions("ResNet", 4, 512, 2048, 7, 1),
    *convolutions("ResNet", 4, 2048, 512, 2, 1),
    *convolutions("ResNet", 4, 256, 512, 56, 1, 2),
    *convolutions("ResNet", 8, 512, 512, 2, 3),
    *convolutions("ResNet", 8, 256, 64, 16, 1),
    *convolutions("ResNet", 8, 128, 512, 8, 1),
    *convolutions("ResNet", 8, 256, 1024, 4, 1),
    *convolutions("ResNet-20", 32, 16, 16, 32, 3),
    *convolutions("ResNet-20", 32, 32, 32, 16, 3),
    *convolutions("ResNet-20", 32, 64, 64, 8, 3),
    *convolutions("ResNet-20", 32, 16, 32, 32, 3, 2),
    *convolutions("ResNet-20", 32, 3, 16, 32, 3),
    *convolutions("VGG", 8, 64, 128, 32, 3),
    *convolutions("VGG", 8, 128, 256, 16, 3),
    *convolutions("VGG", 8, 256, 256, 16, 3),
    *convolutions("VGG", 8, 512, 512, 8, 3),
    *convolutions("VGG", 8, 512, 512, 4, 3),
    *convolutions("MobileNet", 4, 96, 96, 56, 3, 1, 96),
    *convolutions("MobileNet", 4, 144, 144, 56, 3, 2, 144),
    *convolutions("MobileNet", 4, 384, 384, 14, 3, 1, 384),
    *convolutions("MobileNet", 4, 960, 960, 7, 3, 1, 960),
    *convolutions("MobileNet", 4, 576, 96, 14, 1),
    *convolutions("MobileNet", 4, 24, 144, 56, 1),
    *convolutions("EfficientNet", 4, 240, 240, 28, 5, 2, 240),
    *convolutions("EfficientNet", 4, 480, 480, 14, 5, 1, 480),
]


# ---------------------------------------------------------------- products
def product(m: int, k: int, n: int) -> Case:
    return Case("matrix product", f"{m}x{k} by {k}x{n}", normal((m, k), (k, n)), lambda ms, x, y: ms.ops.matmul(x, y),
                lambda torch, x, y: x @ y, 2.0 * m * k * n)  # fmt: skip


def attention(batch: int, heads: int, words: int, width: int) -> Case:
    shape = (batch, heads, words, width)

    def ours(ms, q, k, v):
        scores = ms.ops.matmul(q, k.swapaxes(-1, -2)) * width**-0.5
        return ms.ops.matmul(ms.ops.softmax(scores, -1), v)

    return Case("attention", f"{batch}x{heads}x{words}x{width}", normal(shape, shape, shape), ours,
                lambda torch, q, k, v: torch.nn.functional.scaled_dot_product_attention(q, k, v),
                4.0 * batch * heads * words * words * width)  # fmt: skip


PRODUCTS = [
    product(1024, 1024, 1024),
    product(512, 256, 1024),
    product(256, 768, 3072),
    product(256, 3072, 768),
    product(32, 768, 768),
    attention(8, 4, 64, 64),
    attention(4, 12, 128, 64),
]


# ---------------------------------------------------------------- rows
def layer_norm_both(ms, x, w, b, g):
    return ms.vjp(lambda x, w, b: ms.ops.layer_norm(x, x.shape[-1:], w, b), x, w, b)[1](g)


def torch_layer_norm_both(torch, x, w, b, g):
    _out, mean, rstd = torch.native_layer_norm(x, x.shape[-1:], w, b, 1e-5)
    return torch.ops.aten.native_layer_norm_backward(g, x, x.shape[-1:], mean, rstd, w, b, [True, True, True])


def picks(rows: int, classes: int):
    def make(rng):
        return [rng.standard_normal((rows, classes), dtype=np.float32), rng.integers(0, classes, rows)]

    return make


def scattered(rows: int, columns: int, updates: int):
    def make(rng):
        return [
            rng.standard_normal((rows, columns), dtype=np.float32),
            rng.integers(0, rows, (updates, columns)),
            rng.standard_normal((updates, columns), dtype=np.float32),
        ]

    return make


ROWS = [
    Case("softmax", "2048x1024", normal((2048, 1024)), lambda ms, x: ms.ops.softmax(x, -1),
         lambda torch, x: torch.softmax(x, -1)),
    Case("layer_norm", "2048x768", normal((2048, 768), (768,), (768,)),
         lambda ms, x, w, b: ms.ops.layer_norm(x, (768,), w, b),
         lambda torch, x, w, b: torch.nn.functional.layer_norm(x, (768,), w, b)),
    Case("layer_norm forward, backward", "2048x768", normal((2048, 768), (768,), (768,), (2048, 768)), layer_norm_both,
         torch_layer_norm_both),
    Case("cross entropy", "1024x4096", picks(1024, 4096), lambda ms, x, y: ms.ops.cross_entropy(x, ms.ops.cast(y, ms.int32)),
         lambda torch, x, y: torch.nn.functional.cross_entropy(x, y)),
    Case("sum of rows", "2048x1024", normal((2048, 1024)), lambda ms, x: x.sum(-1), lambda torch, x: x.sum(-1)),
    Case("sum of columns", "2048x1024", normal((2048, 1024)), lambda ms, x: x.sum(0), lambda torch, x: x.sum(0)),
    Case("max of rows", "2048x1024", normal((2048, 1024)), lambda ms, x: ms.ops.amax(x, -1),
         lambda torch, x: torch.amax(x, -1)),
    Case("argmax of rows", "2048x1024", normal((2048, 1024)), lambda ms, x: ms.ops.argmax(x, -1),
         lambda torch, x: torch.argmax(x, -1)),
    Case("cumsum", "1024x1024, along rows", normal((1024, 1024)), lambda ms, x: ms.ops.cumsum(x, 1),
         lambda torch, x: torch.cumsum(x, 1)),
    Case("cumsum", "1024x1024, along columns", normal((1024, 1024)), lambda ms, x: ms.ops.cumsum(x, 0),
         lambda torch, x: torch.cumsum(x, 0)),
    Case("transposing copy", "2048x1024", normal((2048, 1024)), lambda ms, x: x.T + 0.0,
         lambda torch, x: x.T.contiguous()),
    Case("sort", "256x4096", normal((256, 4096)), lambda ms, x: ms.ops.sort(x), lambda torch, x: torch.sort(x)),
    *(Case("topk", f"64x10000, k {k}", normal((64, 10000)), lambda ms, x, k=k: ms.ops.topk(x, k),
           lambda torch, x, k=k: torch.topk(x, k)) for k in (5, 50, 500, 4000)),
    Case("gather", "10000x128, 4096 rows", lambda rng: [rng.standard_normal((10000, 128), dtype=np.float32),
         rng.integers(0, 10000, 4096)], lambda ms, x, i: ms.ops.gather(x, i, 0),
         lambda torch, x, i: torch.index_select(x, 0, i)),
    Case("index_add", "10000x128, 4096 rows", lambda rng: [rng.standard_normal((10000, 128), dtype=np.float32),
         rng.integers(0, 10000, 4096).astype(np.int32), rng.standard_normal((4096, 128), dtype=np.float32)],
         lambda ms, x, i, u: ms.ops.index_add(x, i, u, 0), lambda torch, x, i, u: torch.index_add(x, 0, i, u)),
    Case("tensor_scatter_elements add", "1000x256, 1000x256 updates", scattered(1000, 256, 1000),
         lambda ms, x, i, u: ms.ops.tensor_scatter_elements(x, i, u, 0, "add"),
         lambda torch, x, i, u: torch.scatter_add(x, 0, i, u)),
]  # fmt: skip

CASES = {case.name: case for case in [*LAYERS, *PRODUCTS, *ROWS]}


# ---------------------------------------------------------------- in the worker
def arrays_of(case: Case) -> list[np.ndarray]:
    return case.inputs(np.random.default_rng(0))


def minispore_call(ms: Any, case: Case) -> Callable[[], Any]:
    ms.set_context(mode=ms.GRAPH_MODE)
    tensors = [ms.Tensor(array) for array in arrays_of(case)]
    compiled = ms.jit(lambda *tensors: case.minispore(ms, *tensors))
    return lambda: compiled(*tensors)


def torch_call(torch: Any, case: Case) -> Callable[[], Any]:
    tensors = [torch.from_numpy(array) for array in arrays_of(case)]

    def call():
        with torch.no_grad():
            return case.torch(torch, *tensors)

    return call


def sample(result: Any) -> list[float]:
    """At most a thousand elements of a result (of the last one of several)."""
    while isinstance(result, (tuple, list)):
        result = [part for part in result if part is not None][-1]
    array = result.asnumpy() if hasattr(result, "asnumpy") else result.numpy()
    return array.ravel()[:: max(1, array.size // 1000)].astype(float).tolist()
