"""Convolutions of bfloat16 by the processor's products of pairs: sums in float32, rounded once, forward and both gradients."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.core.kernel import ENTRY
from minispore.core.processor import multiplies_bfloat16
from minispore.graph import python_kernels
from minispore.graph.build import set_threads, threads
from minispore.graph.compile import address_of
from minispore.ops import conv_lowering, conv_paired, conv_paired_lowering
from minispore.ops.conv import conv2d_input_grad, conv2d_weight_grad

B = ms.bfloat16.np
able = pytest.mark.skipif(not multiplies_bfloat16(), reason="the processor multiplies no bfloat16 numbers")
KERNELS = {"forward": "paired_convolution", "input": "paired_convolution", "weight": "paired_sums"}


@pytest.fixture
def always(monkeypatch):
    """By pairs whether that is faster or not."""
    monkeypatch.setattr(conv_paired_lowering, "_pays", lambda *given: multiplies_bfloat16())


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(B)


class Exact:
    """A convolution and its gradients in float64, from the formula: each tap's plane of the image by each tap's weights."""

    def __init__(self, x, w, stride=1, pad=0, dilation=1, group=1):
        self.x, self.w, (self.stride, self.pad, self.dilation, self.group) = x, w, (stride, pad, dilation, group)
        wide = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        reach = [dilation * (k - 1) + 1 for k in w.shape[2:]]
        seen = sliding_window_view(wide, reach, axis=(2, 3))[:, :, ::stride, ::stride, ::dilation, ::dilation]
        self.windows = seen.reshape(len(x), group, -1, *seen.shape[2:])
        self.wide = wide.shape

    def weights(self, w):
        return w.astype(np.float64).reshape(self.group, -1, *w.shape[1:])

    def forward(self, windows, w):
        made = np.einsum("ngcyxuv,gfcuv->ngfyx", windows, self.weights(w), optimize=True)
        return made.reshape(len(self.x), -1, *made.shape[3:])

    def by_weight(self, windows, g):
        parts = g.reshape(len(g), self.group, -1, *g.shape[2:])
        return np.einsum("ngcyxuv,ngfyx->gfcuv", windows, parts, optimize=True).reshape(self.w.shape)

    def by_input(self, g, w):
        parts = g.reshape(len(g), self.group, -1, *g.shape[2:])
        taps = np.einsum("ngfyx,gfcuv->ngcyxuv", parts, self.weights(w), optimize=True)
        out, (height, width) = np.zeros(self.wide), g.shape[2:]
        for u, v in np.ndindex(*self.w.shape[2:]):
            rows, columns = (slice(k * self.dilation, k * self.dilation + (n - 1) * self.stride + 1, self.stride)
                             for k, n in ((u, height), (v, width)))  # fmt: skip
            out[:, :, rows, columns] += taps[..., u, v].reshape(len(g), -1, height, width)
        p, (h, w_) = self.pad, self.x.shape[2:]
        return out[:, :, p : p + h, p : p + w_]


def check(found, exact, sizes, terms):
    """Within the rounding of the exact sums to bfloat16 and, for each term, the rounding of a sum in float32."""
    allowed = 2.0**-8 * np.abs(exact) + terms * 2.0**-24 * sizes
    assert (np.abs(found.asnumpy().astype(np.float64) - exact) <= allowed).all()


# images, channels, rows, columns, filters, window, stride, pad, dilation, groups
SHAPES = {
    "one element": (2, 61, 14, 15, 54, 1), "one element with a step": (2, 64, 9, 8, 64, 1, 2),
    "small planes": (3, 64, 4, 5, 40, 3, 1, 1), "odd numbers of all": (3, 63, 7, 7, 55, 3, 1, 1),
    "strips of rows": (1, 64, 60, 70, 32, 3, 1, 1), "a step": (2, 64, 14, 13, 70, 3, 2, 1), "a step of three": (1, 31, 40, 43, 40, 5, 3, 2),
    "a step beyond the window": (2, 64, 17, 19, 32, 2, 3), "holes": (2, 64, 15, 15, 32, 3, 1, 2, 2), "holes and a step": (2, 32, 20, 21, 32, 3, 2, 3, 3),
    "groups": (2, 128, 10, 9, 80, 3, 1, 1, 1, 2), "a border wider than the window": (2, 32, 8, 8, 32, 3, 1, 4),
    "more images than a unit has": (19, 32, 6, 6, 32, 3, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_convolutions(name, mode, always):
    n, c, h, w, f, k, *more = SHAPES[name]
    stride, pad, dilation, group = (*more, *(1, 0, 1, 1)[len(more) :])
    x, weight = normal(n, c, h, w), normal(f, c // group, k, k, seed=1)
    exact, size = Exact(x, weight, *more), Exact(np.abs(x), np.abs(weight), *more)
    wanted = exact.forward(exact.windows, weight)
    g = normal(*wanted.shape, seed=2)
    jit = ms.jit if mode == "graph" else lambda f: f
    forward = jit(lambda x, w: ops.conv2d(x, w, None, stride, "pad", pad, dilation, group))
    by_input = jit(lambda g, w: conv2d_input_grad(g, w, x.shape, stride, pad, dilation, group))
    by_weight = jit(lambda x, g: conv2d_weight_grad(x, g, weight.shape, stride, pad, dilation, group))
    calls = {"forward": (forward, x, weight), "input": (by_input, g, weight), "weight": (by_weight, x, g)}
    found = {kind: call(Tensor(a), Tensor(b)) for kind, (call, a, b) in calls.items()}
    assert found["forward"].dtype is ms.bfloat16
    wide = g.astype(np.float64)
    area, window = g.shape[2] * g.shape[3], k * k
    check(found["forward"], wanted, size.forward(size.windows, np.abs(weight)), window * c // group)
    check(
        found["input"], exact.by_input(wide, weight), size.by_input(np.abs(wide), np.abs(weight)), window * f // group
    )
    check(found["weight"], exact.by_weight(exact.windows, wide), size.by_weight(size.windows, np.abs(wide)), n * area)
    if mode == "graph" and multiplies_bfloat16():
        for kind, (call, a, b) in calls.items():
            assert KERNELS[kind] in [kernel.name for kernel in call.graph(Tensor(a), Tensor(b)).kernels], kind


@able
def test_a_layer_calls_the_kernels_in_each_direction(graph_mode, always):
    """With the instruction switched off none of them, and the same numbers but for roundings; no image is converted twice."""
    net = nn.Conv2d(32, 48, 3, pad_mode="pad", padding=1, weight_init=Tensor(normal(48, 32, 3, 3).astype(np.float32)))
    net.to_float(ms.bfloat16)
    x = Tensor(normal(2, 32, 12, 12, seed=3).astype(np.float32))
    step = ms.value_and_grad(lambda x: net(x).astype(ms.float32).square().sum(), 0, net.trainable_params())
    jitted = ms.jit(step)
    inspection = jitted.graph(x)
    names = [k.name for k in inspection.kernels]
    assert names.count("paired_convolution") == 2 and names.count("paired_sums") == 1
    assert (
        sum("= cast(" in str(n) and "[2, 32, 12, 12]" in str(n) for n in inspection.nodes) <= 2
    )  # the image, its gradient
    found = jitted(x)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conv_lowering, "multiplies_bfloat16", lambda: False)
        plain = ms.jit(lambda x: step(x))
        assert not [k.name for k in plain.graph(x).kernels if k.name.startswith("paired")]
        others = plain(x)
    for a, b in zip((found[0], found[1][0], *found[1][1]), (others[0], others[1][0], *others[1][1])):
        a, b = a.asnumpy(), b.asnumpy()
        np.testing.assert_allclose(a, b, rtol=0.02, atol=0.02 * np.abs(b).max())


@able
def test_small_planes_and_few_channels_stay_in_float32(graph_mode):
    """Where tiles would be half empty, or weights rearranged for too little."""
    f = ms.jit(lambda x, w: ops.conv2d(x, w, None, 1, "pad", 1))
    for image, filters, paired in (
        ((4, 128, 28, 28), 128, True),
        ((4, 256, 2, 2), 256, False),
        ((4, 64, 28, 28), 4, False),
    ):
        given = Tensor(normal(*image)), Tensor(normal(filters, image[1], 3, 3))
        assert ("paired_convolution" in [k.name for k in f.graph(*given).kernels]) is paired, image


def test_infinities_reach_what_they_reach_in_float32(mode, always):
    """A pixel that is infinite or not a number is read by no other window: not over the border, not from the row before."""
    x, w = normal(2, 32, 12, 12), normal(32, 32, 3, 3, seed=1)
    x[0, 3, 0, 11], x[0, 4, 5, 0], x[1, 31, 11, 11] = np.inf, np.nan, -np.inf
    f = lambda x, w: ops.conv2d(x, w, None, 1, "pad", 1)
    f = ms.jit(f) if mode == "graph" else f
    found = f(Tensor(x), Tensor(w)).asnumpy().astype(np.float32)
    with np.errstate(all="ignore"):
        exact = Exact(x, w, 1, 1)
        wanted = np.einsum("ngcyxuv,gfcuv->ngfyx", exact.windows, exact.weights(w)).reshape(found.shape)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(wanted))
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))


@able
def test_both_modes_and_any_number_of_threads_give_the_same_bits(always):
    """Of the results and the gradient by the input: each is one sum."""
    x, w = Tensor(normal(3, 32, 20, 20)), Tensor(normal(64, 32, 3, 3, seed=1))

    def f(x, w):
        y = ops.conv2d(x, w, None, 1, "pad", 1)
        return y, conv2d_input_grad(y, w, x.shape, 1, 1)

    found, before = [f(x, w)], threads()
    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        for n in (1, 2, 3):
            set_threads(n)
            found.append(ms.jit(lambda x, w: f(x, w))(x, w))
    finally:
        set_threads(before)
    for other in found[1:]:
        for a, b in zip(other, found[0]):
            np.testing.assert_array_equal(a.asnumpy().astype(np.float32), b.asnumpy().astype(np.float32))


def test_one_dimension_three_and_transposed(graph_mode, always):
    """They are convolutions of planes."""
    x, w = normal(2, 32, 200), normal(32, 32, 5, seed=1)
    exact = Exact(x[:, :, None], w[:, :, None])
    exact.windows = sliding_window_view(x.astype(np.float64), 5, axis=2)[:, None, :, None, :, None, :]
    found = ms.jit(lambda x, w: ops.conv1d(x, w))(Tensor(x), Tensor(w))
    wanted = exact.forward(exact.windows, w[:, :, None])[:, :, 0]
    np.testing.assert_allclose(found.asnumpy().astype(np.float64), wanted, rtol=2.0**-7, atol=1e-3)
    x, w = normal(2, 32, 8, 8), normal(32, 40, 2, 2, seed=1)
    found = ms.jit(lambda x, w: ops.conv_transpose2d(x, w, stride=2))(Tensor(x), Tensor(w))
    wanted = np.einsum("ncyx,cfuv->nfyuxv", x.astype(np.float64), w.astype(np.float64)).reshape(2, 40, 16, 16)
    np.testing.assert_allclose(found.asnumpy().astype(np.float64), wanted, rtol=2.0**-7, atol=1e-3)
    x, w = normal(1, 16, 6, 6, 6), normal(32, 16, 2, 1, 1, seed=1)
    found = ms.jit(lambda x, w: ops.conv3d(x, w))(Tensor(x), Tensor(w))
    a, b = x.astype(np.float64), w.astype(np.float64)[..., 0, 0]
    wanted = sum(np.einsum("ncdyx,fc->nfdyx", a[:, :, k : k + 5], b[:, :, k]) for k in range(2))
    np.testing.assert_allclose(found.asnumpy().astype(np.float64), wanted, rtol=2.0**-7, atol=1e-3)


def test_a_weight_for_each_example(graph_mode):
    """Groups with fewer channels than pairs pay for are computed in float32, and give what a loop gives."""
    x, w = normal(5, 2, 16, 12, 12), normal(5, 16, 16, 3, 3, seed=1)
    one = lambda x, w: ops.conv2d(x, w, None, 1, "pad", 1)
    loss = lambda x, w: one(x, w).astype(ms.float32).square().sum()
    both = ms.jit(lambda x, w: (ms.vmap(one)(x, w), *ms.vmap(ms.grad(loss, (0, 1)))(x, w)))
    found = [t.asnumpy().astype(np.float32) for t in both(Tensor(x), Tensor(w))]
    alone = ms.jit(lambda x, w: (one(x, w), *ms.grad(loss, (0, 1))(x, w)))
    for k in range(5):
        for a, b in zip(found, alone(Tensor(x[k]), Tensor(w[k]))):
            b = b.asnumpy().astype(np.float32)
            np.testing.assert_allclose(a[k], b, rtol=0.02, atol=0.02 * np.abs(b).max())


@able
@pytest.mark.parametrize("step", [1, 2, 3])
def test_kernels_as_machine_code_and_as_python(step):
    """The same results of a small convolution, weights and image rearranged."""
    n, c, h, w, f, k = 2, 3, 6, 7, 8, 2
    x, weight = normal(n, c, h, w), normal(f, c, k, k, seed=1)
    exact = Exact(x, weight, step, 1)
    wanted = exact.forward(exact.windows, weight)
    out = wanted.shape[2:]
    taps = [(u * k + v, u - 1, v - 1) for u in range(k) for v in range(k)]
    phases, size = [conv_paired_lowering.Phase(0, 0, *out, taps)], (h, w)
    frame = conv_paired_lowering._Frame(phases, size, (step, step), n, out[0])
    frames, apart = len(frame.kinds), frame.lines * frame.wide + frame.shared
    table = conv_paired_lowering._table(phases, size, (step, step), n, out[0], 2, apart)
    x_bits, w_bits = x.view(np.uint16), weight.view(np.uint16)
    depth, length, row = 2 * k * k, 2 * frames * apart + 80, -(-out[0] * frame.wide // 32) * 32 + 32
    kernels = [kernel.bind(HIGH="8") for kernel in (conv_paired.paired_weights, conv_paired.paired_convolution)]
    for entry_of in (lambda kernel: ENTRY(address_of(kernel)), python_kernels.entry):
        panels, y = np.zeros(depth * 8, np.uint32), np.zeros(wanted.shape, np.uint16)
        scratch, staged = np.zeros(length, np.uint32), np.zeros(8 * row, np.uint16)
        first = [w_bits, panels, table, 1, f, c, weight.size, c * k * k, k * k, 1, depth, 4 * frames, k * k]
        second = [x_bits, panels, y, scratch, staged, table, n, c, 1, h, w, step, step, frame.low, n, out[0], 1, frame.lines, frame.broad,
                  frame.shared, frames, apart, 1, f, *out, 1, 1, 0, 1, depth, 1, length, row, 1]  # fmt: skip
        for kernel, given in zip(kernels, (first, second)):
            args = np.array([a.ctypes.data if isinstance(a, np.ndarray) else a for a in given], np.int64)
            entry_of(kernel)(0, 0, args.ctypes.data, 0, 1)
        np.testing.assert_allclose(y.view(B).astype(np.float64), wanted, rtol=2.0**-7, atol=1e-5)
