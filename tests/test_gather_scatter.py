"""Gather and scatter in all their forms, against NumPy, in both modes, with gradients by differences."""

import numpy as np
import pytest
from against_numpy import T3, M, check, check_gradient

import minispore as ms
from minispore import Parameter, Tensor, ops
from minispore.ops import parameter_scatter
from minispore.ops.gathering import take_along_dim

RNG = np.random.default_rng(5)


def test_gather_over_axes_and_batches():
    i = np.array([[2, 0, -1], [1, 1, 0]])
    for axis in range(3):
        k = i % T3.shape[axis]
        check(lambda x, i, a=axis: ops.gather(x, i, a), np.take(T3, k, axis), T3, k.astype(np.int32))
    check(lambda x, i: ops.gather(x, i, 1, 1), np.stack([T3[b][i[b]] for b in range(2)]), T3, i)
    check(lambda x, i: ops.gather(x, i, 2, 1), np.stack([T3[b][:, i[b]] for b in range(2)]), T3, i)
    check(lambda x, i: x.gather(i, 1), T3[:, i], T3, i)
    check(lambda x, i: x.index_select(2, i[0]), T3[:, :, i[0]], T3, i)
    check_gradient(lambda x, i: ops.gather(x, i, 2, 1), T3, i)
    for bad in ((3, 0), (0, 1), (1, 5)):
        with pytest.raises(ValueError):
            ops.gather(Tensor(T3), Tensor(i), *bad)
    for bad in (2, -3):
        with pytest.raises(IndexError, match=r"Gather.*got -?\d"):
            ms.jit(lambda x, i: ops.gather(x, i, 0))(Tensor(T3), Tensor([bad]))
    with pytest.raises(TypeError):
        ops.gather(Tensor(T3), Tensor([1.0]), 0)


def test_gather_elements_and_nd():
    i = np.array([[0, 3, -1], [2, 2, 1]])
    check(lambda x, i: ops.gather_elements(x, 1, i), np.take_along_axis(M[:2], i, 1), M, i)
    check(
        lambda x, i: x.gather(0, i[:, :2]),
        np.take_along_axis(M[:, :2], np.array([[0, 0], [2, 0]]), 0),
        M,
        i * [1, 0, 0],
    )
    check(lambda x, i: ops.gather_d(x, 2, i), np.take_along_axis(T3, np.tile(i, (2, 1, 1))[:, :1], 2)[:, :1], T3,
          np.tile(i, (2, 1, 1))[:, :1])  # fmt: skip
    nd = np.array([[[1, 2]], [[0, 1]]])
    check(lambda x, i: ops.gather_nd(x, i), T3[nd[..., 0], nd[..., 1]], T3, nd)
    check(lambda x, i: ops.take(x, i), T3.ravel()[[23, 0]], T3, np.array([23, 0]))
    check(lambda x, i: x.take(i, 2), np.take(T3, [3, 0], 2), T3, np.array([99, -9]))
    check(lambda x, i: x.take(i, 2, "wrap"), np.take(T3, [3, 3], 2), T3, np.array([99, -9]))
    check(lambda x, i: take_along_dim(x, i, 1), np.take_along_axis(T3, np.array([[[2]]]), 1), T3, np.array([[[2]]]))
    check_gradient(lambda x, i: ops.gather_elements(x, 1, i), M, i)
    check_gradient(lambda x, i: ops.gather_nd(x, i), T3, nd)
    with pytest.raises(IndexError):
        ops.gather_nd(Tensor(T3), Tensor([[0, 3]]))
    with pytest.raises(ValueError):
        ops.gather_elements(Tensor(M), 0, Tensor([0]))


def test_embedding():
    table, i = RNG.normal(size=(5, 3)).astype(np.float32), np.array([[1, 4], [1, 1]])
    check(lambda w, i: ops.embedding(i, w), table[i], table, i)
    g = ms.grad(lambda w: (ops.embedding(Tensor(i), w, 4) * 1.0).sum())(Tensor(table)).asnumpy()
    assert g[:, 0].tolist() == [0, 3, 0, 0, 0]
    g = ms.grad(lambda w: ops.embedding(Tensor(i), w, scale_grad_by_freq=True).sum())(Tensor(table)).asnumpy()
    np.testing.assert_allclose(g[:, 0], [0, 1, 0, 0, 1], rtol=1e-6)
    w = Parameter(Tensor(table), name="w")
    out = ops.embedding(Tensor(i), w, max_norm=0.5)
    assert np.linalg.norm(out.asnumpy(), axis=-1).max() < 0.501
    np.testing.assert_array_equal(w.asnumpy()[[0, 2, 3]], table[[0, 2, 3]])


# ---------------------------------------------------------------- scatter
MODES = {"update": None, "add": np.add, "sub": np.subtract, "min": np.minimum, "max": np.maximum, "mul": np.multiply,
         "div": np.divide}  # fmt: skip


def scattered(x, i, u, name):
    out = x.copy()
    for k, row in zip(i.ravel(), u.reshape(-1, *x.shape[1:])):
        out[k] = row if name == "update" else MODES[name](out[k], row)
    return out


@pytest.mark.parametrize("name", MODES)
def test_scatter_over_slices(name):
    """Indices come twice: every update counts, in order."""
    i = np.array([1, 1, 2, 1])
    x, u = np.abs(M) + 0.5, np.abs(RNG.normal(size=(4, 4)).astype(np.float32)) + 0.5
    f = getattr(ops, f"tensor_scatter_{name}")
    check(lambda x, i, u: f(x, i.reshape(-1, 1), u), scattered(x, i, u, name), x, i, u)
    check_gradient(lambda x, i, u: f(x, i.reshape(-1, 1), u), x, i, u)
    check(lambda x, i, u: f(x, i, u), scattered(x.reshape(12), i[:2], u[0, :2], name).reshape(3, 4),
          x, np.array([[0, 1], [0, 1]]), u[0, :2])  # fmt: skip
    for prefix, index in (("scatter_", i), ("scatter_nd_", i.reshape(-1, 1))):
        p = Parameter(Tensor(x), name="p")
        out = getattr(parameter_scatter, prefix + name)(p, Tensor(index), Tensor(u))
        np.testing.assert_allclose(out.asnumpy(), scattered(x, i, u, name), rtol=1e-6)
        np.testing.assert_array_equal(p.asnumpy(), out.asnumpy())
    for bad in ([[3]], [[-1]]):
        with pytest.raises(IndexError):
            f(Tensor(x), Tensor(bad), Tensor(u[:1]))
    with pytest.raises(TypeError):
        f(Tensor(x), Tensor([[0]]), Tensor(u[:1].astype(np.float64)))
    with pytest.raises(ValueError):
        f(Tensor(x), Tensor([[0]]), Tensor(u))


def test_scatter_over_elements():
    i, u = np.array([[0, 2, 0], [1, 1, 1]]), RNG.normal(size=(2, 3)).astype(np.float32)
    expected = M.copy()
    for r in range(2):
        for c in range(3):
            expected[r, i[r, c]] = u[r, c]
    added = M.copy()
    np.add.at(added, (np.arange(2)[:, None], i), u)
    check(lambda x, i, u: ops.tensor_scatter_elements(x, i, u, 1), expected, M, i, u)
    check(lambda x, i, u: ops.scatter(x, 1, i, u), expected, M, i, u)
    check(lambda x, i, u: ops.tensor_scatter_elements(x, i, u, 1, "add"), added, M, i, u)
    check(lambda x, i, u: x.scatter_add(1, i, u), added, M, i, u)
    check(lambda x, i: x.scatter(1, i, 9.0), np.where(np.array([[1, 0, 1, 0], [0, 1, 0, 0], [0] * 4]), 9, M), M, i)
    check_gradient(lambda x, i, u: ops.tensor_scatter_elements(x, i, u, 1), M, i, u)


def test_scatter_nd_segments_and_index_add():
    u, i = RNG.normal(size=(4, 3)).astype(np.float32), np.array([2, 0, -1, 2])
    summed = np.zeros((3, 3), np.float32)
    np.add.at(summed, i[[0, 1, 3]], u[[0, 1, 3]])
    check(lambda u, i: ops.unsorted_segment_sum(u, i, 3), summed, u, i)
    check(lambda u, i: ops.unsorted_segment_max(u, i, 3)[2], u[[0, 3]].max(0), u, i)
    check(lambda u, i: ops.unsorted_segment_min(u, i, 3)[1], np.full(3, np.finfo(np.float32).max), u, i)
    check(lambda u, i: ops.unsorted_segment_prod(u, i, 3)[2], u[0] * u[3], u, i)
    check(lambda u, i: ops.scatter_nd(i.reshape(4, 1) % 3, u, (3, 3)), summed + [[0], [0], [1]] * u[2], u, i)
    check_gradient(lambda u, i: ops.unsorted_segment_sum(u, i, 3), u, i)
    check_gradient(lambda u, i: ops.unsorted_segment_max(u, i, 3)[2], u, i)
    with pytest.raises(IndexError):
        ops.unsorted_segment_sum(Tensor(u), Tensor([0, 3, 0, 0]), 3)
    y = RNG.normal(size=(3, 2)).astype(np.float32)
    expected = M.copy()
    expected[:, 1] += y.sum(1)
    check(lambda x, y: ops.index_add(x, Tensor([1, 1]), y, 1), expected, M, y)
    check(lambda x: ops.index_fill(x, 1, Tensor([0, -1]), 2.0), np.where([1, 0, 0, 1], 2, M), M)
    check(lambda x: x.masked_fill(x > 0, -1), np.where(M > 0, -1, M), M)
    check(lambda x: x.masked_scatter(x > 0, x + 1), _masked_scatter(M, M > 0, M + 1), M)
    check(lambda x: ops.select_scatter(x, Tensor([9.0] * 3), 1, -1), np.where([0, 0, 0, 1], 9, M), M)
    check(lambda x: ops.slice_scatter(x, Tensor([[9.0, 9.0]] * 3), 1, 0, None, 2), np.where([1, 0, 1, 0], 9, M), M)


def _masked_scatter(x, mask, source):
    out = x.copy()
    out[mask] = source.ravel()[: mask.sum()]
    return out


@pytest.mark.parametrize("outer, n, inner", [(1, 50, 700), (70, 3, 6), (1, 900, 1), (2, 40, 9)])
def test_large_scatter_gives_the_same_sums_on_threads(outer, n, inner):
    """Each way of splitting between threads adds in the order of the updates."""
    i = RNG.integers(0, n, 400)
    u = RNG.normal(size=(outer, 400, inner)).astype(np.float32)

    def f(u, i):
        return ms.grad(lambda x: (ops.gather(x, i, 1) * u).sum())(ops.zeros((outer, n, inner)))

    expected = np.zeros((outer, n, inner), np.float32)
    np.add.at(expected, (slice(None), i), u)
    for _ in range(3):
        assert np.array_equal(ms.jit(f)(Tensor(u), Tensor(i)).asnumpy(), expected)


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int64, np.int8, np.bool_])
def test_types_that_move(dtype):
    x = (M * 3).astype(dtype)
    u = x[:2] if dtype == np.bool_ else x[:2] + x[:2]
    check(lambda x: x[Tensor([2, 0, 2])], x[[2, 0, 2]], x)
    check(
        lambda x, u: ops.tensor_scatter_update(x, Tensor([[2], [0]]), u),
        scattered(x, np.array([2, 0]), u, "update"),
        x,
        u,
    )
    if dtype != np.bool_:
        check(
            lambda x, u: ops.tensor_scatter_add(x, Tensor([[2], [2]]), u),
            scattered(x, np.array([2, 2]), u, "add"),
            x,
            u,
        )
        check(lambda x: ops.sort(x, 0)[0], np.sort(x, 0), x)
        check(lambda x: ops.cumsum(x, 1), np.cumsum(x.astype(np.float64), 1).astype(dtype), x)


# ---------------------------------------------------------------- indices
@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
def test_the_first_index_out_of_range_is_told(kind, mode):
    """Indices are checked in blocks: those at the edges of a block, and two in one."""
    take = ms.jit(lambda x, i: ops.gather(x, i, 0))
    x = Tensor(np.arange(50.0, dtype=np.float32))
    for size, places in [
        (1, [0]),
        (1023, [1022]),
        (1025, [1024]),
        (3000, [1023]),
        (3000, [2100, 2050]),
        (3000, [900, 7]),
    ]:
        index = np.resize(np.arange(-50, 50), size).astype(kind)
        np.testing.assert_array_equal(take(x, Tensor(index)).asnumpy(), np.arange(50.0)[index])
        for bad in (50, -51):
            wrong = index.copy()
            wrong[places] = bad
            with pytest.raises(
                IndexError, match=rf"got {bad} at position {min(places)}\." if size > 1 else f"got {bad}"
            ):
                np.asarray(take(x, Tensor(wrong)))
    assert take(x, Tensor(np.zeros(0, kind))).shape == (0,)


@pytest.mark.parametrize(
    "shape, axis", [((3, 5, 40), 2), ((3, 5, 40), -2), ((4, 33, 1), 1), ((2, 0, 20), 2), ((1, 17), 1)]
)
@pytest.mark.parametrize("m", [0, 3, 16, 45])
def test_gather_elements_of_long_and_of_short_rows(shape, axis, m):
    """With an index for each row, and where the rows or the index are empty; the gradient adds up what is read twice."""
    x = RNG.normal(size=shape).astype(np.float32)
    rows = [m if a == axis % len(shape) else n for a, n in enumerate(shape)]
    if shape[axis] == 0:
        rows[axis] = 0
    index = RNG.integers(-shape[axis], max(shape[axis], 1), rows)
    take = lambda x, i: ops.gather_elements(x, axis, i)
    check(take, np.take_along_axis(x, index, axis), x, index)
    g = np.cos(np.arange(index.size, dtype=np.float32)).reshape(rows)
    wanted = np.zeros_like(x)
    at = list(np.indices(rows))
    at[axis] = index
    np.add.at(wanted, tuple(at), g)
    check(ms.grad(lambda x, i, g: (take(x, i) * g).sum()), wanted, x, index, g)
