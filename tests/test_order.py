"""What orders values: sorting, the largest ones, cumulative ops, positions of extremes, histograms; against NumPy."""

import numpy as np
import pytest
from against_numpy import T3, M, check, check_gradient, run

import minispore as ms
from minispore import Tensor, ops

RNG = np.random.default_rng(5)


def stable(x, axis, descending=False):
    """The order of a stable sort in which NaN is the largest."""
    if descending:
        n = x.shape[axis]
        return np.flip(n - 1 - np.argsort(np.flip(x, axis), axis, kind="stable"), axis)
    return np.argsort(x, axis, kind="stable")


@pytest.mark.parametrize("n", [1, 2, 15, 16, 17, 33, 100, 1025])
def test_sort_and_topk_with_ties_and_nan(n):
    x = RNG.integers(0, max(n // 2, 2), (5, n)).astype(np.float32)
    x[1] = RNG.normal(size=n)
    x[2, n // 2 :: 3] = np.nan
    x[3] = np.nan
    x[4, ::2] = -np.inf
    for descending in (False, True):
        order = stable(x, 1, descending)
        values, where = run(lambda x, d=descending: ops.sort(x, 1, d), x)
        np.testing.assert_array_equal(where, order)
        np.testing.assert_array_equal(values, np.take_along_axis(x, order, 1))
        assert where.dtype == np.int32
        for k in sorted({1, min(3, n), min(40, n), n}):
            values, where = run(lambda x, k=k, d=descending: ops.topk(x, k, largest=d), x)
            np.testing.assert_array_equal(where, order[:, :k])


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint8", "int16", "int32", "uint32", "int64", "uint64", "float16", "float64"]
)
def test_sort_and_topk_of_each_type(dtype):
    if dtype.startswith("float"):
        x = RNG.normal(size=(3, 300)).astype(dtype)
        x[0, ::7], x[0, 1::7], x[1, ::9], x[1, 1::9] = 0.0, -0.0, np.nan, -np.nan
        x[2, :4] = np.inf, -np.inf, np.finfo(dtype).max, np.finfo(dtype).tiny
    elif dtype == "bool":
        x = RNG.integers(0, 2, (3, 300)).astype(bool)
    else:
        info = np.iinfo(dtype)
        x = RNG.integers(info.min, info.max, (3, 300), dtype=dtype, endpoint=True)
        x[0, :5] = info.min, info.max, info.min, info.max, 0
        x[1] = x[1] % 3
    for descending in (False, True):
        order = stable(x, 1, descending)
        np.testing.assert_array_equal(run(lambda x, d=descending: ops.argsort(x, 1, d), x), order)
        for k in (2, 17, 100, 299):
            values, where = run(lambda x, k=k, d=descending: ops.topk(x, k, largest=d), x)
            np.testing.assert_array_equal(where, order[:, :k])
            np.testing.assert_array_equal(values, np.take_along_axis(x, order[:, :k], 1))


def test_topk_of_numbers_that_are_nearly_equal():
    x = (1 + RNG.integers(0, 1 << 12, (2, 5000)) * 2.0**-23).astype(np.float32)
    for k in (20, 700, 4000):
        where = run(lambda x, k=k: ops.topk(x, k)[1], x)
        np.testing.assert_array_equal(where, stable(x, 1, True)[:, :k])
    wide = x.astype(np.float64) + RNG.integers(0, 8, x.shape) * 2.0**-52
    np.testing.assert_array_equal(run(lambda x: ops.topk(x, 700)[1], wide), stable(wide, 1, True)[:, :700])


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.uint32, np.float32, np.float64])
@pytest.mark.parametrize("n", [33, 48, 49, 64, 65])
def test_sort_of_rows_of_some_dozens(n, kind):
    """Ties keep their order, NaN comes last."""
    x = np.random.default_rng(6).integers(0, 20, (40, n)).astype(kind)
    if kind in (np.float32, np.float64):
        x[x == 3], x[x == 4], x[x == 5], x[x == 6] = np.nan, -np.inf, np.inf, -0.0
    else:
        x[x == 3], x[x == 4] = np.iinfo(kind).max, np.iinfo(kind).min
    expected = np.argsort(x, 1, kind="stable")
    values, order = ms.jit(lambda x: ops.sort(x))(Tensor(x))
    np.testing.assert_array_equal(order.asnumpy(), expected)
    np.testing.assert_array_equal(values.asnumpy(), np.take_along_axis(x, expected, 1))
    down = ms.jit(lambda x: ops.argsort(x, -1, True))(Tensor(x)).asnumpy()
    np.testing.assert_array_equal(down, n - 1 - np.argsort(x[:, ::-1], 1, kind="stable")[:, ::-1])


def test_sort_of_more_than_2048():
    x = RNG.normal(size=(5, 3000)).astype(np.float32)
    x[1] = np.round(x[1])
    np.testing.assert_array_equal(run(lambda x: ops.argsort(x), x), stable(x, 1))


def test_sort_along_axes_and_gradients():
    for axis in (0, 1, -1):
        check(lambda x, a=axis: ops.sort(x, a, True), [-np.sort(-T3, axis), stable(T3, axis, True)], T3)
        check(lambda x, a=axis: ops.argsort(x, a), stable(T3, axis), T3)
    check(lambda x: x.topk(2, 1, False)[0], np.sort(T3, 1)[:, :2], T3)
    check(lambda x: x.median(1)[0], np.median(T3, 1), T3)
    check_gradient(lambda x: ops.sort(x, 1, True), T3)
    check_gradient(lambda x: ops.topk(x, 2), M)
    check(lambda x: ops.intopk(x, Tensor([0, 1, 2]), 2), np.array([(M[r] > M[r, r]).sum() < 2 for r in range(3)]), M)
    for bad in (0, 5, -1):
        with pytest.raises(ValueError):
            ops.topk(Tensor(M), bad)
    with pytest.raises(ValueError):
        ops.sort(Tensor(1.0))


@pytest.mark.parametrize("right", [False, True])
def test_searchsorted(right):
    side = "right" if right else "left"
    row, v = np.sort(RNG.integers(0, 9, 20)).astype(np.float32), RNG.integers(-1, 11, (3, 4)).astype(np.float32)
    check(lambda s, v: ops.searchsorted(s, v, right=right), np.searchsorted(row, v, side), row, v)
    rows = np.sort(RNG.integers(0, 9, (3, 7)), 1)
    expected = np.stack([np.searchsorted(r, x, side) for r, x in zip(rows, v)])
    check(lambda s, v: ops.searchsorted(s, v, side=side, out_int32=True), expected, rows, v)
    check(lambda v: ops.bucketize(v, [1, 3, 5], right=right), np.searchsorted([1, 3, 5], v, side), v)
    with pytest.raises(ValueError):
        ops.searchsorted(Tensor(rows), Tensor(v[:2]))


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_cumulative(axis):
    check(lambda x: ops.cumsum(x, axis), np.cumsum(T3, axis), T3)
    check(lambda x: ops.cumprod(x, axis), np.cumprod(T3, axis), T3)
    check(lambda x: ops.cummax(x, axis)[0], np.maximum.accumulate(T3, axis), T3)
    check(lambda x: ops.cummin(x, axis)[0], np.minimum.accumulate(T3, axis), T3)
    check(lambda x: ops.logcumsumexp(x * 300, axis), np.logaddexp.accumulate(T3 * np.float32(300), axis), T3)
    check_gradient(lambda x: ops.cumsum(x, axis), T3)
    check_gradient(lambda x: ops.logcumsumexp(x, axis), T3)
    check_gradient(lambda x: ops.cummax(x, axis), T3)


def test_cumprod_has_a_gradient_at_zeros():
    x = RNG.normal(size=(3, 5))
    x[0, 1] = x[1, 3] = x[1, 1] = 0
    check_gradient(lambda x: ops.cumprod(x, 1), x)
    check_gradient(lambda x: ops.cumprod(x, 0), x)


def test_logcumsumexp_of_infinities():
    x = np.array([-np.inf, -np.inf, -900.0, -np.inf, 800.0, -np.inf, np.inf, 1.0], np.float32)
    check(lambda x: ops.logcumsumexp(x, 0), np.logaddexp.accumulate(x), x)


def test_cumulative_extremes_at_ties_and_nan():
    x = np.array([[1, 3, 3, np.nan, 5, np.nan]], np.float32)
    values, where = run(lambda x: ops.cummax(x, 1), x)
    np.testing.assert_array_equal(where, [[0, 1, 2, 3, 3, 3]])
    np.testing.assert_array_equal(values, [[1, 3, 3, np.nan, np.nan, np.nan]])


def extremes_so_far(row, better):
    """The extreme up to each place and where it is: of equal ones the last, the first NaN stays."""
    best, place, found = row[0], 0, []
    for k, v in enumerate(row):
        if not np.isnan(best) and (np.isnan(v) or v == best or better(v, best)):
            best, place = v, k
        found.append((best, place))
    return zip(*found)


@pytest.mark.parametrize("kind", ["float32", "float64", "float16", "int32", "int64", "int8", "uint8"])
@pytest.mark.parametrize("n", [7, 8, 16, 17, 31, 33, 100, 200])
def test_cumulative_extremes_of_rows(n, kind):
    """Rows of whole vectors and of some elements more: random, rising, falling, of few numbers with NaN, infinities and both zeros."""
    x = np.round(RNG.normal(size=(4, n)) * 9 + (40 if kind == "uint8" else 0))
    x[1], x[2] = np.sort(x[1]), -np.sort(-x[2])
    x[3] = RNG.integers(0, 3, n)
    if kind.startswith("float"):
        x[3, RNG.integers(0, n, 3)], x[3, n // 2], x[3, n // 3], x[3, 0] = -0.0, np.nan, np.inf, -np.inf
    x = x.astype(kind)
    for op, better in ((ops.cummax, lambda v, w: v > w), (ops.cummin, lambda v, w: v < w)):
        wanted = [tuple(map(np.array, extremes_so_far(row, better))) for row in x]
        values, where = run(lambda x, op=op: op(x, 1), x)
        np.testing.assert_array_equal(values, np.stack([v for v, _ in wanted]))
        np.testing.assert_array_equal(np.signbit(values), np.signbit(np.stack([v for v, _ in wanted])))
        np.testing.assert_array_equal(where, np.stack([w for _, w in wanted]))


@pytest.mark.parametrize("kind", ["int32", "int64", "uint8", "int16"])
@pytest.mark.parametrize("n, most", [(40000, 7), (40003, 100), (33000, 20000), (40000, 1), (32768, 100000)])
def test_bincount_of_many(n, most, kind):
    x = RNG.integers(0, min(most, np.iinfo(kind).max), n).astype(kind)
    np.testing.assert_array_equal(ops.bincount(Tensor(x)).asnumpy(), np.bincount(x))
    np.testing.assert_array_equal(ops.bincount(Tensor(x), minlength=150).asnumpy(), np.bincount(x, minlength=150))
    if kind != "uint8":
        x[::7] = -1
        np.testing.assert_array_equal(ops.bincount(Tensor(x)).asnumpy(), np.bincount(x[x >= 0]))


def test_types_of_positions_and_sums():
    x = Tensor(np.array([[3, 1, 2]], np.int32))
    found = {
        "topk": ops.topk(x, 2)[1],
        "sort": ops.sort(x)[1],
        "argsort": ops.argsort(x),
        "median": ops.median(x)[1],
        "cummax": ops.cummax(x, 1)[1],
        "cummin": ops.cummin(x, 1)[1],
        "cumsum": ops.cumsum(x, 1),
        "cumprod": ops.cumprod(x, 1),
        "nonzero": ops.nonzero(x),
        "unique": ops.unique(x)[1],
        "bincount": ops.bincount(x[0]),
        "searchsorted": ops.searchsorted(ops.sort(x)[0], x),
        "argmax": ops.argmax(x, 1),
        "argmin": ops.argmin(x, 1),
    }
    assert {k: str(v.dtype) for k, v in found.items()} == {
        "topk": "Int32", "sort": "Int32", "argsort": "Int32", "cummax": "Int64", "cummin": "Int32", "cumsum": "Int32",
        "cumprod": "Int64", "nonzero": "Int64", "argmax": "Int64", "argmin": "Int32", "unique": "Int32",
        "bincount": "Float32", "searchsorted": "Int64", "median": "Int64",
    }  # fmt: skip


def test_argmax_takes_the_first_and_nan():
    x = np.array([[1, 3, 3], [np.nan, 5, np.nan], [-1, -1, -2]], np.float32)
    for axis in (0, 1, None):
        check(lambda x, a=axis: ops.argmax(x, a), np.argmax(x, axis), x)
        check(lambda x, a=axis: ops.argmin(x, a), np.argmin(x, axis), x)
    check(lambda x: ops.argmax(x, 1, True), np.argmax(T3, 1, keepdims=True), T3)
    check(lambda x: ops.argmax(x.astype(ms.float16), -1), np.argmax(T3.astype(np.float16), -1), T3)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32])
def test_histograms_are_numpys_to_the_element(mode, kind):
    """Many elements are edges, on which NumPy decides after rounding; the range is given or that of the data, and a row's own in vmap."""
    rng = np.random.default_rng(5)
    x = (np.round(rng.normal(size=(3, 4000)) * 20) / (1 if kind is np.int32 else 10)).astype(kind)
    for bins, lo, hi in ((7, -3.0, 3.0), (50, -1.7, 3.1), (10, 0.0, 0.0)):
        f = lambda x, bins=bins, lo=lo, hi=hi: ops.histc(x, bins, lo, hi)
        limits = (lo, hi) if lo != hi else (float(x[0].min()), float(x[0].max()))
        found = (ms.jit(f) if mode == "graph" else f)(Tensor(x[0])).asnumpy()
        np.testing.assert_array_equal(found, np.histogram(x[0], bins, limits)[0])
        assert found.dtype == kind
    rows = ms.vmap(lambda r: ops.histc(r, 9))(Tensor(x)).asnumpy()
    np.testing.assert_array_equal(rows, [np.histogram(r, 9, (float(r.min()), float(r.max())))[0] for r in x])
    if kind is not np.int32:
        x[0, :5] = np.nan, np.inf, -np.inf, 0.25, np.nan
        f = lambda x: ops.histc(x, 8, -1.0, 1.0)
        found = (ms.jit(f) if mode == "graph" else f)(Tensor(x[0])).asnumpy()
        np.testing.assert_array_equal(found, np.histogram(x[0], 8, (-1.0, 1.0))[0])


def test_the_types_of_searchsorted():
    """As in MindSpore 2.10: of the function int64, of the method int32."""
    x = Tensor([1.0, 2.0])
    assert ops.searchsorted(x, x).dtype is ms.int64 and x.searchsorted(x).dtype is ms.int32
