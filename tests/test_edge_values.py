"""Values and gradients at edges that have an exact answer: products with zeros, float16 sums, no elements, ties."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, mint, nn, ops
from minispore.core.op import REGISTRY

INF, NAN = math.inf, math.nan


def f32(value):
    return Tensor(np.asarray(value, np.float32))


def f16(value):
    return Tensor(np.asarray(value, np.float16))


def grad(function, *values):
    compiled = ms.jit if ms.get_context("mode") == ms.GRAPH_MODE else lambda f: f
    return compiled(ms.grad(function))(*map(f32, values))


@pytest.fixture(params=[ms.PYNATIVE_MODE, ms.GRAPH_MODE], ids=["pynative", "graph"])
def mode(request):
    ms.set_context(mode=request.param)


def index(*values):
    return Tensor(np.array(values, np.int32))


def adagrad(optimizer, gradient):
    p = Parameter(f32([1.0, 2.0]), name="p")
    optimizer([p], accum=0.0, learning_rate=0.1)((f32(gradient),))
    return p


def moving_averages():
    layer = nn.BatchNorm1d(2)
    layer.set_train()
    layer(f32(np.zeros((0, 2))))
    return ops.stack([layer.moving_mean, layer.moving_variance])


def summed(compiled):
    run = ms.jit if compiled else lambda f: f
    return run(lambda x: ops.scan(lambda c, r: (c + r, c), f32(1.0), x)[0])(f32(np.zeros(0)))


NONE = f32(np.zeros((0, 3)))
VALUES = {
    # sums of float16 leave its range on the way, not at the end: NumPy, PyTorch and MindSpore 2.10 agree
    "mean": (lambda: ops.mean(f16(np.full(100, 60000))), 60000),
    "Tensor.mean": (lambda: f16(np.full(100, 60000)).mean(), 60000),
    "numpy.mean": (lambda: ms.numpy.mean(f16(np.full(100, 60000))), 60000),
    "global pooling": (lambda: ops.ReduceMean()(f16(np.full((1, 1, 32, 32), 100.0)), (2, 3)), [[100]]),
    "var": (lambda: ops.var(f16([100.0, -100.0] * 50)), 10000),
    "std": (lambda: ops.std(f16([300.0, -300.0])), 300),
    "norm": (lambda: ops.norm(f16([300.0, 400.0])), 500),
    "L1Loss": (lambda: nn.L1Loss()(f16(np.full(2000, 100.0)), f16(np.zeros(2000))), 100),
    "MSELoss": (lambda: nn.MSELoss()(f16([300.0, 0, 0, 0]), f16(np.zeros(4))), 22500),
    "huber_loss": (lambda: ops.huber_loss(f16(np.full(1000, 100.0)), f16(np.zeros(1000))), 99.5),
    "column sums": (lambda: ops.sum(f16([[60000], [60000], [-60000]]), 0), [60000]),
    # no elements
    "any of none": (lambda: ops.any(Tensor(np.zeros((0, 3), bool))), False),
    "all of none": (lambda: ops.all(Tensor(np.zeros((0, 3), bool)), 0), [True] * 3),
    "softmax of none": (lambda: ops.softmax(NONE, 0), np.zeros((0, 3))),
    "log_softmax of none": (lambda: ops.log_softmax(NONE, 0), np.zeros((0, 3))),
    "logsumexp of none": (lambda: ops.logsumexp(NONE, 0), [-INF] * 3),
    "sum and product of none": (lambda: ops.sum(NONE, 0) + ops.prod(NONE, 0), [1] * 3),
    "amax of none and a number": (lambda: ops.amax(NONE, 0, initial=2.0), [2] * 3),
    "averages of an empty batch": (moving_averages, [[0, 0], [0.9, 0.9]]),
    "scan over no rows": (lambda: summed(ms.get_context("mode") == ms.GRAPH_MODE), 1),
    # NaN and infinities
    "median": (lambda: ops.median(f32([[1.0, NAN, 3.0], [1, 2, 3]]), 1)[0], [NAN, 2]),
    "position of the median": (lambda: ops.median(f32([[1.0, NAN, 3.0], [1, 2, 3]]), 1)[1], [1, 1]),
    "mint.median": (lambda: mint.median(f32([1.0, NAN, 3.0])), NAN),
    "hypot": (lambda: ops.hypot(f32([NAN, 1e30, INF]), f32([1.0, 1e30, NAN])), [NAN, 1.4142136e30, INF]),
    "hardshrink": (lambda: ops.hardshrink(f32([NAN, 0.2])), [NAN, 0]),
    "softshrink": (lambda: ops.softshrink(f32([NAN, 0.2])), [NAN, 0]),
    "floor_divide": (lambda: ops.floor_divide(f32([INF, -INF, 1, 5]), f32([2, 2, INF, -INF])), [INF, -INF, 0, 0]),
    "fmod": (lambda: ops.fmod(f32([1.0, 5.5, -7.0, 1e8]), f32([INF, 2.0, 3.0, 3.0])), [1, 1.5, -1, 1]),
    "fmod of integers": (lambda: ops.fmod(index(-7, 7, -7), index(3, -3, -3)), [-1, 1, -1]),
    "remainder": (lambda: ops.floor_mod(f32([1e30, -1.0]), f32([7.0, 3.0])), [float(np.float32(1e30)) % 7, 2]),
    "logaddexp": (lambda: ops.logaddexp(f32([1.0, -INF, INF]), f32([-INF, -INF, INF])), [1, -INF, INF]),
    "lgamma": (lambda: ops.lgamma(f32([1.0, 2.0])), [0.0, 0.0]),
    "svd of a large matrix": (lambda: ops.svd(f32([[3e30, 0], [0, 4e30]]))[0], [4e30, 3e30]),
    # arguments that count
    "initial": (lambda: ops.amax(f32([1.0, 2.0]), initial=10.0), 10),
    "where": (lambda: ops.amax(f32([1.0, 2.0]), 0, initial=0.0, where=Tensor([True, False])), 1),
    "the position with initial": (lambda: ops.max(f32([1.0, 2.0]), 0, initial=10.0)[1], 0),
    "one bool": (lambda: mint.equal(f32([1, 2]), f32([1, 2])), True),
    "one bool of other shapes": (lambda: mint.equal(f32([1, 2]), f32([1, 2, 3])), False),
    # optimizers
    "Adagrad": (lambda: adagrad(nn.Adagrad, [1, 0]), [0.9, 2]),
    "ProximalAdagrad": (lambda: adagrad(nn.ProximalAdagrad, [0, 1]), [1, 1.9]),
}  # fmt: skip


@pytest.mark.parametrize("name", VALUES)
def test_value(mode, name):
    function, right = VALUES[name]
    got = function().asnumpy()
    assert got.shape == np.shape(right)
    np.testing.assert_allclose(got.astype(np.float64), right, rtol=1e-3)


def others(values):
    return [math.prod(values[:k] + values[k + 1 :]) for k in range(len(values))]


SEGMENTS = [[0.0, 2.0], [0.0, 5, 2], [4.0, 0, 3], [0.0, 0, 3]]
GRADIENTS = {
    **{f"prod {v}": (ops.prod, v, others(v)) for v in ([0.0, 2, 3], [2, 3, 0.0], [2, 0, 0, 3.0], [0.0, 0, 0])},
    **{
        f"unsorted_segment_prod {v}": (
            lambda x: ops.unsorted_segment_prod(x, index(*[0] * x.size), 1).sum(), v, others(v))
        for v in SEGMENTS
    },
    "prod over two axes": (lambda x: ops.prod(x, (0, 2)).sum(), [[[0.0, 1], [2, 3]], [[4, 5], [6, 0]]],
                           [[[20, 0], [0, 0]], [[0, 0], [0, 36]]]),
    "an infinite factor beside a segment": (
        lambda x: ops.unsorted_segment_prod(x, index(0, 1, 0, 1), 2).sum(), [INF, 2.0, 2.0, 3.0], [2, 3, INF, 2]),
    "two factors of a row": (
        lambda u: ops.tensor_scatter_mul(f32([2.0, 2.0]), index(0, 0).reshape(2, 1), u).sum(), [0.0, 3.0], [6, 0]),
    "second derivative of prod": (lambda x: ms.grad(ops.prod)(x).sum(), [0.0, 2, 3], [5, 3, 2]),
    "det of a singular matrix": (ops.det, [[1.0, 2], [2, 4]], [[4, -2], [-2, 1]]),
    "det of rank 1": (ops.det, np.outer([1, 2, 3], [1, 0, 2]), np.zeros((3, 3))),
    "polynomial": (lambda x: ops.pow(x, f32([0.0, 1.0, 2.0])).sum(), 0.0, 1),
    "x ** 0": (lambda x: (x**0).sum(), [0.0, 2.0], [0, 0]),
    "second derivative of x ** 1": (lambda x: ms.grad(lambda y: ops.pow(y, f32(1.0)))(x), 0.0, 0),
    "norm": (ops.norm, [0.0, 0.0], [0, 0]),
    "std of equal elements": (ops.std, [2.0, 2.0], [0, 0]),
    "erfinv": (lambda x: ops.erfinv(x).sum(), [0.0], [math.sqrt(math.pi) / 2]),
    "max names one of two": (lambda x: ops.max(x, 0)[0], [1.0, 2, 2], [0, 1, 0]),
    "amax shares": (ops.amax, [1.0, 2, 2], [0, 0.5, 0.5]),
    "maximum shares": (lambda x: ops.maximum(x, f32([1.0, 1, 1])).sum(), [0.0, 1, 2], [0, 0.5, 1]),
    "minimum shares": (lambda x: ops.minimum(x, f32([1.0, 1, 1])).sum(), [0.0, 1, 2], [1, 0.5, 0]),
    "igamma": (lambda x: ops.igamma(f32([0.5, 2.0, 1.0]), x).sum(), [INF, 0.0, 1.0], [0, 0, math.exp(-1)]),
    "igammac": (lambda x: ops.igammac(f32([0.5, 2.0]), x).sum(), [INF, 0.0], [0, 0]),
    "pinv": (lambda x: ms.grad(lambda y: (ops.pinv(y) * f32([[1.0, 2], [3, 4]])).sum())(x)[0, 1], [[1.0, 0], [0, 1]],
             [[2, 0], [5, 2]]),
    "leaky_relu": (lambda x: ops.leaky_relu(x, 0.2).sum(), [0.0, -1, 1], [0.2, 0.2, 1]),
    "xlogy": (lambda x: ops.xlogy(x, f32([2.0, 0.0])).sum(), [0.0, 0.0], [math.log(2), 0]),
    "xdivy": (lambda x: ops.xdivy(x, f32([2.0, 0.0])).sum(), [0.0, 0.0], [0.5, 0]),
    "(1,) in (1, 3)": (lambda x: (x * f32([[1.0, 2, 3]])).sum(), [2.0], [6]),
    "(1,) in (1, 1, 2)": (lambda x: (x + f32([[[1.0, 2]]])).sum(), [2.0], [2]),
    "(1, 1) in (2, 3)": (lambda x: (x * f32(np.ones((2, 3)))).sum(), [[2.0]], [[6]]),
}  # fmt: skip


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradient(mode, name):
    function, at, right = GRADIENTS[name]
    got = grad(function, at).asnumpy()
    assert got.shape == np.shape(at)
    np.testing.assert_allclose(got, right, rtol=1e-5, atol=1e-6)


REFUSED = {
    "a block that is too large": (lambda: ops.slice(f32([1, 2]), (0,), (3,)), "slice"),
    "a block of another rank": (lambda: ops.slice(f32([[1, 2]]), (0,), (1,)), "begin"),
    "fewer steps than axes": (lambda: ops.roll(f32([[1, 2]]), 1, (0, 1)), "shifts"),
    "places of another number": (lambda: ops.trapz(f32([1, 2, 3]), f32([1, 2])), "trapz"),
    "a negative depth": (lambda: ops.one_hot(index(0), -1), "depth"),
    "an axis that is not there": (lambda: ops.one_hot(index(0), 2, axis=3), "axis"),
    "a negative radius": (lambda: ops.lrn(f32(np.ones((1, 2, 1, 1))), -1), "depth_radius"),
    "an unknown mode": (lambda: ms.common.initializer.VarianceScaling(mode="x"), "mode"),
    "a negative scale": (lambda: ms.common.initializer.VarianceScaling(-1.0), "scale"),
    "a negative count": (lambda: ops.repeat_interleave(f32([1, 2]), -1), "repeat_interleave"),
    "a negative count among others": (lambda: mint.repeat_interleave(f32([1, 2]), index(-1, 2)), "repeat_interleave"),
    "an extreme of no elements": (lambda: ops.amax(NONE, 0), "amax"),
    "a median of no elements": (lambda: ops.median(NONE, 0), "median"),
    "where without initial": (lambda: ops.amax(f32([1.0]), where=Tensor([True])), "initial"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(mode, name):
    function, named = REFUSED[name]
    with pytest.raises(ValueError, match=named):
        function()


WRONG_TYPES = {
    "slice": lambda: ops.slice(f32([1, 2]), (0.5,), (1,)),
    "roll": lambda: ops.roll(f32([1, 2]), 1.5, 0),
    "trapz": lambda: ops.trapz(f32([1, 2]), dx="a"),
    "one_hot": lambda: ops.one_hot(f32([0.5]), 2),
    "lrn": lambda: ops.lrn(f32(np.ones((1, 2, 1, 1))), 1.5),
    "VarianceScaling": lambda: ms.common.initializer.VarianceScaling("a"),
    "cells_and_names": lambda: nn.ReLU().cells_and_names([]),
    "broadcast_to": lambda: ops.broadcast_to(f32([1]), (2.5,)),
}


@pytest.mark.parametrize("name", WRONG_TYPES)
def test_wrong_types(name):
    with pytest.raises(TypeError, match=name):
        WRONG_TYPES[name]()


def test_cells_and_names():
    """As in MindSpore: a prefix, and cells that are left out."""
    net = nn.SequentialCell(nn.Dense(2, 2), nn.ReLU())
    assert [n for n, _ in net.cells_and_names(name_prefix="p")] == ["p", "p.0", "p.1"]
    assert [n for n, _ in net.cells_and_names({net[1]})] == ["", "0"]


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
@pytest.mark.parametrize("compiled", [False, True])
def test_second_derivative_of_a_determinant(rank, compiled):
    """The derivatives of cofactors are minors, for a matrix of any rank."""
    rng = np.random.default_rng(rank)
    a, w = rng.normal(size=(3, rank)) @ rng.normal(size=(rank, 3)), rng.normal(size=(3, 3))

    def weighed(x):
        return (ms.grad(ops.det)(x) * Tensor(w)).sum()

    def cofactors(x):
        return np.array([np.cross(x[1], x[2]), np.cross(x[2], x[0]), np.cross(x[0], x[1])])

    right = np.array([[((cofactors(a + e) - cofactors(a - e)) / 2 * w).sum() for e in row]
                      for row in np.eye(9).reshape(3, 3, 3, 3)])  # fmt: skip
    run = ms.jit if compiled else lambda f: f
    np.testing.assert_allclose(run(ms.grad(weighed))(Tensor(a)).asnumpy(), right, rtol=1e-9, atol=1e-9)


SPREAD = {  # function of the input; an infinite gradient for one of its results; the gradient of the input
    "amax": (lambda x: ops.amax(x, 1), [[3, 1, 3], [1, 2, 0]], [INF, 1], [[INF, 0, INF], [0, 1, 0]]),
    "amin": (lambda x: ops.amin(x, 0), [[3, 1], [1, 2]], [-INF, 1], [[0, 1], [-INF, 0]]),
    "tensor_scatter_max": (
        lambda x: ops.tensor_scatter_max(x, Tensor([[0], [1]]), f32([2, 2])), [1, 3, 4], [INF, INF, 1], [0, INF, 1],
    ),
    "of updates": (
        lambda x: ops.tensor_scatter_min(f32([1, 3]), Tensor([[0], [1], [1]]), x), [2, 2, 4], [INF, INF], [0, INF, 0],
    ),
    "sign": (ops.sign, [0, 2], [INF, NAN], [0, 0]),
    "softmax of one": (lambda x: ops.softmax(x, -1), [2], [INF], [0]),
    "dropout of all": (lambda x: ops.dropout(x, 1.0), [1, INF], [INF, 1], [0, 0]),
}  # fmt: skip


@pytest.mark.parametrize("name", SPREAD)
def test_an_infinite_gradient_goes_where_the_result_came_from(name):
    """Elsewhere the gradient is 0, not the NaN that 0 times infinity is."""
    function, x, g, right = SPREAD[name]
    ms.set_context(mode=ms.PYNATIVE_MODE)
    found = ms.grad(function, sens_param=True)(f32(x), f32(g))
    np.testing.assert_array_equal(found.asnumpy(), np.asarray(right, np.float32))


def test_an_infinite_gradient_of_what_a_view_from_outside_shows():
    """It passes where nothing was written, and is 0 elsewhere."""
    ms.set_context(mode=ms.PYNATIVE_MODE)
    shown = REGISTRY["shown_outside"]
    found = ms.grad(lambda old: shown(f32([5, 2]), old), sens_param=True)(f32([1, 2]), f32([INF, 3]))
    np.testing.assert_array_equal(found.asnumpy(), [0, 3])


def test_the_first_of_equal_extremes_is_named_and_has_the_gradient(mode):
    x = [[3, 1, 3], [2, 2, 2]]
    run = ms.jit if ms.get_context("mode") == ms.GRAPH_MODE else lambda f: f
    largest, smallest = run(lambda x: (ops.argmax(x, 1), ops.argmin(x, 1)))(f32(x))
    assert largest.tolist() == [0, 0] and smallest.tolist() == [1, 0]
    assert grad(lambda x: ops.max(x, 1)[0].sum(), x).tolist() == [[1, 0, 0], [1, 0, 0]]
    assert grad(lambda x: ops.min(x, 1)[0].sum(), x).tolist() == [[0, 1, 0], [1, 0, 0]]


FAR = np.array([[1e8, -3e9, 1e15, 1e22], [0.5, 3e37, -1e38, 7.0]], np.float32)
ANGLES = {  # of float32; by NumPy the sines are of float64
    "elementwise": (lambda x: ops.sin(x) + ops.cos(x), lambda x: np.sin(wide(x)) + np.cos(wide(x))),
    "tangents, turned": (lambda x: ops.tan(x.T), lambda x: np.tan(wide(x).T)),
    "rows": (lambda x: ops.sin(x * 2.0).sum(1), lambda x: np.sin(wide(x) * 2).sum(1)),
    "columns": (lambda x: ops.cos(x).sum(0), lambda x: np.cos(wide(x)).sum(0)),
    "short rows": (lambda x: ops.sin(x - ops.amin(x, 1, True)), lambda x: np.sin(wide(x - x.min(1, keepdims=True)))),
    "gradient": (ms.grad(lambda x: ops.sin(x).sum()), lambda x: np.cos(wide(x))),
}  # fmt: skip


def wide(x):
    return x.astype(np.float64)


@pytest.mark.parametrize("name", ANGLES)
def test_sines_of_far_angles_in_compiled_calls(name):
    function, by_numpy = ANGLES[name]
    np.testing.assert_allclose(ms.jit(function)(Tensor(FAR)).asnumpy(), by_numpy(FAR), rtol=1e-6, atol=1e-6)


def _remainders(kind, far):
    """Numbers and divisors with their exact remainders by C's fmod: quotients below 2**20, whole ones, zeros and infinite divisors; ``far``: any others, too."""
    rng = np.random.default_rng(5)
    y = (rng.uniform(0.5, 2, 3000) * 2.0 ** rng.integers(-20, 20, 3000) * rng.choice([-1, 1], 3000)).astype(kind)
    x = (y * rng.uniform(-1, 1, 3000) * 2.0 ** rng.integers(-3, 20, 3000)).astype(kind)
    x[:500] = y[:500] * rng.integers(-1000, 1000, 500)
    x[500:1000] = np.nextafter(x[:500], kind(0))
    x[1000:1004] = 0.0, -0.0, 1.0, -1.0
    if far:
        x[2000:2006], y[2000:2006] = (1e30, -1e30, np.inf, np.nan, 3, -3), (3, 7, 2, 2, np.inf, 0)
    with np.errstate(invalid="ignore"):
        return x, y, np.fmod(x.astype(np.float64), y.astype(np.float64)).astype(kind)


@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_remainders_are_exact(kind, far):
    """``fmod`` in each bit, and what has the sign of the divisor is the same or one divisor more."""
    x, y, expected = _remainders(kind, far)
    found, moved = (
        t.asnumpy() for t in ms.jit(lambda x, y: (ops.fmod(x, y), ops.floor_mod(x, y)))(Tensor(x), Tensor(y))
    )
    np.testing.assert_array_equal(found, expected)
    known = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(found)[known], np.signbit(expected)[known])
    with np.errstate(invalid="ignore"):
        wanted = np.where((expected != 0) & ((expected < 0) != (y < 0)), expected + y, expected)
    np.testing.assert_array_equal(moved, wanted)


@pytest.mark.parametrize("shape, out", [((2, 9, 5, 7), (3, 100)), ((1, 2, 40, 40), (3, 3)), ((2, 3, 1, 1), (4, 2))])
def test_grid_sample_is_made_of_the_four_neighbours(shape, out, mode):
    """Also where they are not finite, and at positions far outside, infinite or NaN; with few positions and many."""
    rng = np.random.default_rng(8)
    x = rng.standard_normal(shape)
    x.flat[::11], x.flat[5::17] = INF, np.nan
    grid = rng.standard_normal((shape[0], *out, 2)) * 1.5
    grid.flat[:4] = 1e30, -1e30, 1.0, -1.0
    grid[-1, -1, -1] = np.nan
    at = ((grid + 1) * shape[:1:-1] - 1) / 2
    low = np.floor(at)
    expected = np.zeros((*shape[:2], *out))
    with np.errstate(invalid="ignore"):
        for dx in (0, 1):
            for dy in (0, 1):
                column, row = low[..., 0] + dx, low[..., 1] + dy
                inside = (column >= 0) & (column < shape[3]) & (row >= 0) & (row < shape[2])
                where = [np.where(inside, t, 0).astype(int) for t in (row, column)]
                weight = np.abs(1 - dx - (at - low)[..., 0]) * np.abs(1 - dy - (at - low)[..., 1])
                for b in range(shape[0]):
                    seen = np.where(inside[b], x[b][:, where[0][b], where[1][b]], 0)
                    expected[b] += seen * weight[b]
    found = ops.grid_sample(Tensor(x), Tensor(grid)).asnumpy()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.int32, np.uint32, np.int64])
def test_quotients_and_remainders_of_integers_are_exact(kind):
    """In compiled functions, at both ends of what the type holds and around whole quotients; beside Python's integers."""
    info = np.iinfo(kind)
    rng = np.random.default_rng(7)
    some = rng.integers(info.min, info.max, 20, dtype=kind, endpoint=True).tolist()
    some += [v for v in (1, 2, 3, 7, -1, -2, -3, info.max, info.max - 1, info.min, info.min + 1) if info.min <= v]
    some += [k * v + d for k, v, d in zip(some, some[::-1], (-1, 0, 1) * 99) if info.min < k * v + d < info.max]
    pairs = [(a, b) for a in some for b in some if b and (a, b) != (info.min, -1)]
    x, y = (np.array(v, kind) for v in zip(*pairs))
    quotients, rests, signed = ms.jit(lambda x, y: (x // y, x % y, ops.fmod(x, y)))(Tensor(x), Tensor(y))
    assert quotients.asnumpy().tolist() == [a // b for a, b in pairs]
    assert rests.asnumpy().tolist() == [a % b for a, b in pairs]
    assert signed.asnumpy().tolist() == [(abs(a) % abs(b)) * (-1 if a < 0 else 1) for a, b in pairs]


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64, np.uint64])
def test_unique_of_integers_of_a_small_range(kind):
    """In the order in which they first come, at both ends of what the type holds."""
    info = np.iinfo(kind)
    for x in (
        [3, 1, 3, 2, 1],
        [info.max, info.min, info.max],
        [info.max - 1, info.max, info.max - 1],
        [info.min + 2, info.min],
    ):
        x = np.array(x, kind)
        values, inverse = ops.unique(Tensor(x))
        assert values.asnumpy().tolist() == list(dict.fromkeys(x.tolist())) and values.asnumpy().dtype == kind
        np.testing.assert_array_equal(values.asnumpy()[inverse.asnumpy()], x)


@pytest.mark.parametrize("count", [0, 1, 40, 700])
@pytest.mark.parametrize("kind", ["bool", "int8", "uint64", "int64", "float16", "float32", "float64", "complex64"])
def test_unique_tells_elements_apart_as_a_dictionary_does(kind, count, mode):
    """Zeros of both signs are one element and so are all NaNs; the one that comes first stands for them."""
    x = np.random.default_rng(5).integers(0, 30, count).astype(np.float64)
    if "int" in kind:
        x = x.astype(kind) * np.iinfo(kind).max // 30 if kind != "int8" else x - 15
    elif kind == "bool":
        x = x > 9
    else:
        x = np.select([x == 3, x == 4, x == 5], [np.nan, np.inf, -0.0], x)
        x[1::9] = 0.0
    x = x.astype(kind)
    known: dict = {}
    numbers = [known.setdefault("NaN" if v != v else v, len(known)) for v in x.tolist()]
    first = [numbers.index(k) for k in range(len(known))]
    values, inverse = ops.unique(Tensor(x[::-1])[::-1] if count else Tensor(x))
    np.testing.assert_array_equal(values.asnumpy(), x[first])
    np.testing.assert_array_equal(np.signbit(values.asnumpy().real), np.signbit(x[first].real))
    np.testing.assert_array_equal(inverse.asnumpy(), numbers)


def test_positions_of_what_is_not_zero():
    x = np.random.default_rng(2).integers(0, 2, (5, 1, 7, 3)) * np.float32(np.nan)
    for a in (x, x > 0, np.isnan(x), x[:, :, ::2].T, np.zeros((0, 3)), np.ones((2, 0))):
        found = ops.nonzero(Tensor(np.ascontiguousarray(a))).asnumpy()
        np.testing.assert_array_equal(found, np.argwhere(a))
        assert found.dtype == np.int64


@pytest.mark.parametrize("dtype", [ms.float16, ms.bfloat16])
def test_elements_that_are_picked_twice_add_up_in_16_bit_floats(dtype, graph_mode):
    x, index = Tensor(np.arange(8.0).reshape(2, 4)).astype(dtype), Tensor([[0, 1, 1], [3, 3, 3]])
    found = ms.grad(lambda x: (ops.gather_elements(x, 1, index) * Tensor([[1.0, 2.0, 3.0]]).astype(dtype)).sum())(x)
    assert found.dtype is dtype and found.astype(ms.float32).asnumpy().tolist() == [[1, 5, 0, 0], [0, 0, 0, 6]]
    grid = Tensor([[[[-0.9, -0.9], [-0.9, -0.8], [0.1, 0.9], [3.0, 0.0]]]]).astype(dtype)
    found = ms.grad(lambda x: ops.grid_sample(x, grid, "nearest").sum())(x.reshape(1, 1, 2, 4))
    assert found.dtype is dtype and found.astype(ms.float32).asnumpy().tolist() == [[[[2, 0, 0, 0], [0, 0, 1, 0]]]]


def test_qr_of_large_and_small_numbers(graph_mode):
    """Squares of them are no numbers of the type."""
    x = np.random.default_rng(1).standard_normal((4, 3))
    for scale in (1e-25, 1e25):
        q, r = (t.asnumpy().astype(float) for t in ms.jit(ops.qr)(Tensor((x * scale).astype(np.float32))))
        np.testing.assert_allclose(q @ (r / scale), x, atol=1e-5)
        np.testing.assert_allclose(q.T @ q, np.eye(3), atol=1e-5)
