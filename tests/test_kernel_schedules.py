"""The schedules of fused kernels and of thin products: each against NumPy in float64, with the sizes at which they change."""

import numpy as np
import pytest

import minispore as ms
from minispore import ops


def of(*shape, kind=np.float32):
    numbers = np.random.standard_normal(shape)
    return numbers.astype(kind) if kind in (np.float32, np.float64) else (numbers * 50).astype(kind)


def close(function, wanted, *arrays):
    """In GRAPH mode, which compiles every size; ``wanted`` gets float64."""
    ms.set_context(mode=ms.GRAPH_MODE)
    found = ms.jit(function)(*map(ms.Tensor, arrays)).asnumpy()
    right = wanted(*(a.astype(np.float64) if a.dtype.kind == "f" else a for a in arrays))
    np.testing.assert_allclose(
        found, right, rtol=2e-5, atol=2e-5 * max(1.0, np.abs(right[np.isfinite(right)]).max(initial=0))
    )


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# ---------------------------------------------------------------- columns: strips in registers, rows side by side
@pytest.mark.parametrize(
    "shape, axis",
    [((70, 64), 0), ((5, 3, 100), 1), ((33, 40), 0), ((40, 17), 0), ((6, 9, 7), 1), ((3, 2000), 0), ((600, 33), 0),
     ((600, 5), 0), ((2, 50, 20), 1), ((300, 2000), 0), ((4, 7, 3, 65), (1, 2))],
)  # fmt: skip
def test_columns(shape, axis):
    x = of(*shape)
    close(lambda x: ops.sqrt(ops.sum(x * x, axis) + 1.0), lambda x: np.sqrt((x * x).sum(axis) + 1.0), x)
    close(lambda x: ops.amax(x, axis), lambda x: x.max(axis), x)


@pytest.mark.parametrize("kind", [np.float64, np.int32, np.int64])
def test_columns_of_other_types(kind):
    x = of(7, 150, kind=kind)
    close(lambda x: ops.sum(x, 0), lambda x: x.sum(0), x)
    close(lambda x: ops.amin(x, 0), lambda x: x.min(0), x)


def test_columns_with_a_value_that_is_stored_too():
    """What is stored on the way must not be computed twice: it may lie where it is computed from."""
    x = of(9, 100)
    ms.set_context(mode=ms.GRAPH_MODE)
    p = ms.Parameter(ms.Tensor(x), name="p")

    @ms.jit
    def step():
        new = p * 2.0
        total = new.sum(0)
        ops.assign(p, new)
        return total

    np.testing.assert_allclose(step().asnumpy(), 2 * x.sum(0, dtype=np.float64), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(p.asnumpy(), 2 * x)


def test_reduction_of_a_transpose_reads_in_the_order_of_memory():
    x = of(40, 50)
    close(lambda x: x.T.sum(0), lambda x: x.sum(1), x)
    close(lambda x: ops.amax(ops.transpose(x, (2, 0, 1)), (0, 2)), lambda x: x.max((1, 2)), of(4, 5, 6))


# ---------------------------------------------------------------- rows: few elements, many, and what vectors leave
@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 9, 12, 15, 16, 17, 31, 33, 100, 127, 1500])
def test_rows(n):
    x = of(37, n)
    close(lambda x: ops.softmax(x, -1), softmax, x)
    close(lambda x: x.sum(-1), lambda x: x.sum(-1), x)


@pytest.mark.parametrize("n", [4, 13, 21, 64])
def test_rows_of_norms(n):
    x, w, b, g = of(50, n), of(n), of(n), of(50, n)

    def norm(x, w, b):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * w + b

    close(lambda x, w, b: ops.layer_norm(x, (n,), w, b, 1e-5), norm, x, w, b)
    gradient = lambda x, w, b, g: ms.vjp(lambda x: ops.layer_norm(x, (n,), w, b, 1e-5), x)[1](g)[0]
    step = of(50, n, kind=np.float64)
    x64, w64, b64, g64 = (a.astype(np.float64) for a in (x, w, b, g))
    difference = ((norm(x64 + 1e-6 * step, w64, b64) - norm(x64 - 1e-6 * step, w64, b64)) * g64).sum() / 2e-6
    ms.set_context(mode=ms.GRAPH_MODE)
    found = (ms.jit(gradient)(*map(ms.Tensor, (x, w, b, g))).asnumpy() * step).sum()
    assert found == pytest.approx(difference, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("shape", [(4, 3), (4, 40), (3, 127), (2, 1000), (3, 1000)])
def test_extremes_of_rows_with_nan_and_infinity(shape):
    x = of(*shape)
    x[0, -1], x[1, 0], x[1, 1] = np.nan, np.inf, -np.inf
    close(lambda x: ops.amax(x, -1), lambda x: x.max(-1), x)
    close(lambda x: ops.amin(x, -1), lambda x: x.min(-1), x)
    x[1] = -np.inf
    close(lambda x: ops.amax(x, -1), lambda x: x.max(-1), x)


@pytest.mark.parametrize(
    "function",
    [lambda x: x[:, :2] * x[:, 1:], lambda x: ops.flip(x, (1,)) if isinstance(x, ms.Tensor) else x[:, ::-1],
     lambda x: x.T * 2.0, lambda x: x * x[:, :1]],
)  # fmt: skip
def test_few_elements_of_a_row(function):
    close(function, function, of(100, 3))


# ---------------------------------------------------------------- products of few rows
@pytest.mark.parametrize(
    "m, k, n", [(2, 70, 4), (4, 64, 130), (3, 100, 20), (8, 300, 301), (12, 256, 400), (300, 256, 9), (50, 80, 2)]
)
def test_thin_products(m, k, n):
    x, y = of(m, k), of(k, n)
    product = lambda x, y: ops.matmul(x, y) if isinstance(x, ms.Tensor) else x @ y
    close(product, product, x, y)
    close(lambda x, y: ops.matmul(x, y.T), lambda x, y: x @ y.T, x, np.ascontiguousarray(y.T))
    close(lambda x, y: ops.matmul(x.T, y), lambda x, y: x.T @ y, np.ascontiguousarray(x.T), y)


def test_thin_products_of_a_batch():
    x, y = of(5, 3, 2, 64), of(5, 3, 40, 64)
    close(lambda x, y: ops.matmul(x, y.swapaxes(-1, -2)), lambda x, y: x @ y.swapaxes(-1, -2), x, y)
    close(lambda x, y: ops.matmul(x, y), lambda x, y: x @ y, x.astype(np.float64), of(1, 3, 64, 20, kind=np.float64))


def test_many_tiny_products():
    x, y = of(30, 3, 4), of(30, 4, 2)
    close(lambda x, y: ops.bmm(x, y), lambda x, y: x @ y, x, y)
    close(lambda x, y: ops.bmm(x, y.swapaxes(1, 2)), lambda x, y: x @ y.swapaxes(1, 2), x, of(30, 5, 4))


# ---------------------------------------------------------------- places in rows
@pytest.mark.parametrize("shape, m", [((40, 3), 3), ((50, 70), 30), ((2, 1500), 2500)])
def test_elements_of_rows(shape, m, mode):
    x, index = of(*shape), np.random.randint(-shape[1], shape[1], (shape[0], m))
    update, rows = of(shape[0], m), np.arange(shape[0])[:, None]
    found = ops.gather_elements(ms.Tensor(x), 1, ms.Tensor(index))
    np.testing.assert_array_equal(found.asnumpy(), np.take_along_axis(x, index, 1))
    added, last = x.astype(np.float64), x.copy()
    np.add.at(added, (rows, index), update)
    for k in range(m):  # of equal places the last update stays
        last[rows[:, 0], index[:, k]] = update[:, k]
    arguments = ms.Tensor(x), ms.Tensor(index), ms.Tensor(update), 1
    np.testing.assert_allclose(ops.tensor_scatter_elements(*arguments, "add").asnumpy(), added, rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(ops.tensor_scatter_elements(*arguments).asnumpy(), last)


def test_a_place_outside_of_a_row_is_named(mode):
    index = np.zeros((2, 3, 4), np.int64)
    index[1, 2, 0] = 9
    with pytest.raises(IndexError, match=r"\[0, 5\), but got 9 at position \(1, 2, 0\)"):
        ops.gather_elements(ms.Tensor(of(2, 3, 5)), 2, ms.Tensor(index)).asnumpy()


@pytest.mark.parametrize("shape, axis", [((21, 5), 1), ((3, 100), 1), ((7, 4), 0)])
def test_extremes_so_far(shape, axis, mode):
    x = np.round(of(*shape))
    x[1, 2] = np.nan
    values, places = ops.cummax(ms.Tensor(x), axis)
    np.testing.assert_array_equal(values.asnumpy(), np.maximum.accumulate(x, axis))
    np.testing.assert_array_equal(np.take_along_axis(x, places.asnumpy(), axis), values.asnumpy())


@pytest.mark.parametrize("n", [3, 11, 40])
def test_places_of_extremes_with_ties_and_nan(n, mode):
    x = np.round(of(35, n))
    x[3, 1], x[4], x[5, -1] = np.nan, -np.inf, np.inf
    for kind in (np.float32, np.int32):
        numbers = np.nan_to_num(x, posinf=9, neginf=-9).astype(kind) if kind is np.int32 else x
        np.testing.assert_array_equal(ops.argmax(ms.Tensor(numbers), 1).asnumpy(), numbers.argmax(1))
        np.testing.assert_array_equal(ops.argmin(ms.Tensor(numbers), 1).asnumpy(), numbers.argmin(1))


# ---------------------------------------------------------------- pictures
def test_windows_that_part_a_picture_and_pixels_between_two(mode):
    x = of(2, 3, 12, 70)
    windows = x.astype(np.float64).reshape(2, 3, 3, 4, 14, 5).mean((3, 5))
    np.testing.assert_allclose(ops.avg_pool2d(ms.Tensor(x), (4, 5), (4, 5)).asnumpy(), windows, rtol=1e-5, atol=1e-5)
    mean = ops.adaptive_avg_pool2d(ms.Tensor(x), 1).asnumpy()[..., 0, 0]
    np.testing.assert_allclose(mean, x.mean((2, 3), dtype=np.float64), rtol=1e-5, atol=1e-6)
    at = np.clip((np.arange(130) + 0.5) * 70 / 130 - 0.5, 0, None)
    line = np.array([[np.interp(at, np.arange(70), row) for row in x[0, k].astype(np.float64)] for k in range(3)])
    found = ops.interpolate(ms.Tensor(x), (12, 130), mode="bilinear", align_corners=False).asnumpy()
    np.testing.assert_allclose(found[0], line, rtol=1e-5, atol=1e-5)


# ---------------------------------------------------------------- reductions of turned arrays
@pytest.mark.parametrize("shape, perm", [((30, 41), (1, 0)), ((5, 7, 33), (2, 0, 1)), ((4, 19, 20), (0, 2, 1)), ((0, 20), (1, 0)), ((1, 17), (1, 0)), ((17, 1), (1, 0))])  # fmt: skip
def test_softmax_of_a_turned_array(shape, perm):
    if shape[0]:
        close(lambda x: ops.softmax(x.transpose(perm), -1), lambda x: softmax(x.transpose(perm)), of(*shape))
        close(
            lambda x: ops.log_softmax(x.transpose(perm), 0),
            lambda x: np.log(softmax(x.transpose(perm).swapaxes(0, -1))).swapaxes(0, -1),
            of(*shape),
        )
    else:
        ms.set_context(mode=ms.GRAPH_MODE)
        assert ms.jit(lambda x: ops.softmax(x.transpose(perm), -1))(ms.Tensor(of(*shape))).shape == (20, 0)


def test_sums_of_what_is_computed_of_turned_arrays():
    """Operands that are broadcast along either axis, a value that is returned as well, and two arrays that are turned alike."""
    x, y, row, column = of(40, 33), of(40, 33), of(40), of(33, 1)

    def sums(x, y, row, column):
        e = np.exp if isinstance(x, np.ndarray) else ops.exp
        inside = e(x.T * row - column) * y.T
        return inside.sum(-1) + (inside * row).sum(-1)

    close(sums, sums, x, y, row, column)
    close(lambda x, y: (x.T + y).sum(0), lambda x, y: (x.T + y).sum(0), x, of(33, 40))
    ms.set_context(mode=ms.GRAPH_MODE)
    e, total = ms.jit(lambda x: (lambda e: (e, e.sum(-1)))(ops.exp(x.T)))(ms.Tensor(x))
    np.testing.assert_allclose(e.asnumpy(), np.exp(x.T), rtol=1e-5)
    np.testing.assert_allclose(total.asnumpy(), np.exp(x.T.astype(np.float64)).sum(-1), rtol=1e-5)


@pytest.mark.parametrize("kind", [ms.bfloat16, ms.float16])
def test_short_floats_of_a_turned_array_are_summed_in_the_order_of_the_memory(kind):
    """As sums of other types are: the sum along each row of the array, which reads it from end to end."""
    ms.set_context(mode=ms.GRAPH_MODE)
    x = ms.Tensor(of(30, 50)).astype(kind)
    turned = ms.jit(lambda x: ops.sum(x.T, -1))
    np.testing.assert_array_equal(turned(x).astype(ms.float32).asnumpy(), ops.sum(x, 0).astype(ms.float32).asnumpy())
    assert "axis=(0,)" in str(turned.graph(x))


# ---------------------------------------------------------------- arrays that are walked across their rows
KINDS = [ms.float32, ms.float64, ms.int32, ms.int64, ms.float16, ms.bfloat16]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("shape", [(16, 17), (17, 16), (33, 40), (15, 100), (100, 15), (600, 21), (31, 32)])
def test_turned_beside_a_straight_operand(shape, kind):
    """Whole tiles, and ends that are shorter: each element once, forwards and backwards."""
    ms.set_context(mode=ms.GRAPH_MODE)
    x, y = (np.random.randint(-9, 9, s).astype(np.float32) for s in (shape, shape[::-1]))
    made = [ms.Tensor(a).astype(kind) for a in (x, y)]
    read = lambda t: t.astype(ms.float32).asnumpy()
    np.testing.assert_array_equal(read(ms.jit(lambda x, y: x.T * 2 + y)(*made)), x.T * 2 + y)
    np.testing.assert_array_equal(read(ms.jit(lambda x: ops.rot90(x, 1, (0, 1)))(made[0])), np.rot90(x))
    np.testing.assert_array_equal(read(ms.jit(lambda x: ops.flip(x.T, (0, 1)) + 1)(made[0])), x.T[::-1, ::-1] + 1)


@pytest.mark.parametrize("shape", [(40, 33), (17, 100), (64, 64)])
def test_an_update_in_place_from_a_turned_array_changes_each_element_once(shape):
    ms.set_context(mode=ms.GRAPH_MODE)
    x, start = of(*shape), of(*shape[::-1])
    p = ms.Parameter(ms.Tensor(start), name="p")

    @ms.jit
    def step(x):
        ops.assign(p, p * 2.0 + x.T)
        return x.sum()

    step(ms.Tensor(x))
    np.testing.assert_array_equal(p.asnumpy(), start * np.float32(2) + x.T)


# ---------------------------------------------------------------- parts that are computed in the whole
@pytest.mark.parametrize("mode, numpy_mode", [("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")])
@pytest.mark.parametrize("shape, widths", [((2, 3, 9, 33), (1, 2, 3, 4)), ((2, 5, 6, 7), (0, 2, 3, 0)), ((4, 5, 8, 6), (1, 0, 0, 3, 2, 2))])  # fmt: skip
def test_axes_padded_one_after_the_other(mode, numpy_mode, shape, widths):
    """As a result, as an operand of what follows, and beside the sum of it that is returned too."""
    x = of(*shape)
    pairs = [(0, 0)] * (x.ndim - len(widths) // 2) + [*zip(widths[::2], widths[1::2])][::-1]
    wanted = np.pad(x, pairs, mode=numpy_mode)
    ms.set_context(mode=ms.GRAPH_MODE)
    padded = lambda x: ops.pad(x, widths, mode=mode)
    np.testing.assert_array_equal(ms.jit(padded)(ms.Tensor(x)).asnumpy(), wanted)
    np.testing.assert_array_equal(ms.jit(lambda x: padded(x * 2.0) * 3.0)(ms.Tensor(x)).asnumpy(), wanted * 6)
    found, total = ms.jit(lambda x: (lambda p: (p, p.sum((2, 3))))(padded(x)))(ms.Tensor(x))
    np.testing.assert_array_equal(found.asnumpy(), wanted)
    np.testing.assert_allclose(total.asnumpy(), wanted.sum((2, 3), dtype=np.float64), rtol=1e-5, atol=1e-5)


def test_a_result_whose_parts_are_computed_in_their_places():
    x, y = of(7, 20), of(7, 33)
    ms.set_context(mode=ms.GRAPH_MODE)

    @ms.jit
    def joined(x, y):
        inner = ops.concat((ops.exp(x), y[:, :5]), 1)
        return ops.concat((inner, inner[:, ::-1], ops.relu(y)), 1), inner.sum(1), ops.concat((x + 1.0, x - 1.0), 0)

    whole, sums, rows = (r.asnumpy() for r in joined(ms.Tensor(x), ms.Tensor(y)))
    inner = np.concatenate([np.exp(x), y[:, :5]], 1)
    np.testing.assert_allclose(whole, np.concatenate([inner, inner[:, ::-1], np.maximum(y, 0)], 1), rtol=1e-6)
    np.testing.assert_allclose(sums, inner.sum(1, dtype=np.float64), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(rows, np.concatenate([x + np.float32(1), x - np.float32(1)], 0))


# ---------------------------------------------------------------- rows that are apart, and rows that lie backwards
@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("n", [1, 2, 3, 6, 8, 9, 13, 15, 16, 17, 31])
def test_rows_with_gaps(n, kind):
    """Parts of rows, of all lengths around a vector: nothing beside them is written."""
    ms.set_context(mode=ms.GRAPH_MODE)
    x, y = (np.random.randint(-9, 9, (21, n + 2)).astype(np.float32) for _ in range(2))
    a, b = ms.Tensor(x).astype(kind), ms.Tensor(y).astype(kind)
    read = lambda t: t.astype(ms.float32).asnumpy()
    np.testing.assert_array_equal(read(ms.jit(lambda x: x[:, 1:] - x[:, :-1])(a)), x[:, 1:] - x[:, :-1])
    np.testing.assert_array_equal(
        read(ms.jit(lambda x, y: x[:, 1:-1] * y[:, 2:] + x[:, :1])(a, b)), x[:, 1:-1] * y[:, 2:] + x[:, :1]
    )
    both = ms.jit(lambda x, y: ops.concat((x[:, 1:] + 1, y[:, 2:] * 2), 1))(a, b)
    np.testing.assert_array_equal(read(both), np.concatenate((x[:, 1:] + 1, y[:, 2:] * 2), 1))
    if n in (6, 13):
        np.testing.assert_allclose(
            ms.jit(lambda x: ops.exp(x[:, 1:]))(ms.Tensor(x)).asnumpy(), np.exp(x[:, 1:]), rtol=1e-6
        )


@pytest.mark.parametrize(
    "shape, axes",
    [((33, 40), (0,)), ((7, 5, 20), (0,)), ((7, 5, 20), (0, 1)), ((7, 5, 20), (1, 2)), ((3, 4, 5, 6), (1,))],
)
def test_rows_in_the_opposite_order(shape, axes):
    ms.set_context(mode=ms.GRAPH_MODE)
    x, y = of(*shape), of(*shape)
    found = ms.jit(lambda x, y: ops.flip(x, axes) * 2.0 + y)(ms.Tensor(x), ms.Tensor(y)).asnumpy()
    np.testing.assert_array_equal(found, np.flip(x, axes) * np.float32(2) + y)
    p = ms.Parameter(ms.Tensor(x), name="p")

    @ms.jit
    def turn_round():
        ops.assign(p, ops.flip(p, axes) + 1.0)
        return p.sum()

    turn_round()
    np.testing.assert_array_equal(p.asnumpy(), np.flip(x, axes) + np.float32(1))
