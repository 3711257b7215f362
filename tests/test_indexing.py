"""x[...], gather and scatter, sorting, cumulative ops: against NumPy, in both modes, with gradients by differences."""

import warnings

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.autodiff import leaf, recording
from minispore.ops import parameter_scatter
from minispore.ops.gathering import take_along_dim

RNG = np.random.default_rng(5)
M = RNG.normal(size=(3, 4)).astype(np.float32)
T3 = RNG.normal(size=(2, 3, 4)).astype(np.float32)


def plain(result):
    return [plain(r) for r in result] if isinstance(result, (tuple, list)) else result.asnumpy()


def run(f, *arrays):
    """The result of ``f``, the same op by op and compiled."""
    tensors = [Tensor(a) for a in arrays]
    eager, compiled = plain(f(*tensors)), plain(ms.jit(f)(*tensors))
    for a, b in zip(*[r if isinstance(r, list) else [r] for r in (eager, compiled)]):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)
    return eager


def check(f, expected, *arrays):
    got = run(f, *arrays)
    for g, e in zip(*[r if isinstance(r, list) else [r] for r in (got, expected)]):
        np.testing.assert_allclose(g, e, rtol=1e-6, atol=1e-6)
        assert g.shape == np.shape(e)


def all_of(result):
    return result if isinstance(result, tuple) else (result,)


def check_gradient(f, *arrays, second=True):
    """First (and second) order against differences, in float64, op by op and compiled."""
    arrays = [a.astype(np.float64) if a.dtype.kind == "f" else a for a in arrays]
    at = tuple(k for k, a in enumerate(arrays) if a.dtype.kind == "f")

    def loss(*xs):
        out = f(*xs)
        out = out[0] if isinstance(out, (tuple, list)) else out
        weights = np.cos(0.7 * np.arange(out.size) + 0.3).reshape(out.shape)
        return (ops.sin(out) * Tensor(weights)).sum()

    def differences(g):
        found = []
        for k in at:
            d = np.zeros_like(arrays[k])
            for i in np.ndindex(*d.shape):
                ends = []
                for step in (1e-6, -1e-6):
                    moved = [a.copy() for a in arrays]
                    moved[k][i] += step
                    ends.append(float(g(*map(Tensor, moved))))
                d[i] = (ends[0] - ends[1]) / 2e-6
            found.append(d)
        return found

    def agree(g):
        slow = differences(g)
        for gradient in (ms.grad(g, at), ms.jit(ms.grad(g, at))):
            for a, b in zip(all_of(gradient(*map(Tensor, arrays))), slow):
                np.testing.assert_allclose(a.asnumpy(), b, rtol=1e-5, atol=1e-7)

    agree(loss)
    if second:
        agree(lambda *xs: sum((g * g).sum() for g in all_of(ms.grad(loss, at)(*xs))))


# ---------------------------------------------------------------- x[...]
def random_key(rng, shape, masks):
    """An index of every kind of element; the arrays in it mostly broadcast against each other."""
    key, axis = [], 0
    joint = tuple(rng.integers(1, 4, rng.integers(0, 3)))
    while axis < len(shape):
        n = shape[axis]
        kind = rng.choice(9, p=[0.15, 0.27, 0.25, 0.08, 0.08, 0.05, 0.02, 0.06, 0.04])
        if kind == 0:
            key.append(int(rng.integers(-n, n)))
        elif kind == 1:
            ends = [None if rng.random() < 0.3 else int(rng.integers(-n - 1, n + 2)) for _ in range(2)]
            key.append(slice(*ends, rng.choice([None, 1, 2, -1, -2])))
        elif kind == 2:
            part = tuple(d if rng.random() < 0.8 else 1 for d in joint[rng.integers(0, len(joint) + 1) :])
            key.append(rng.integers(-n, n, part))
        elif kind == 3:
            key.append(None)
            continue
        elif kind == 4:
            if any(k is Ellipsis for k in key):
                continue
            key.append(Ellipsis)
            axis += int(rng.integers(0, len(shape) - axis + 1))
            continue
        elif kind in (5, 6) and not masks:
            continue
        elif kind == 5:
            k = int(rng.integers(1, len(shape) - axis + 1))
            key.append(rng.random(shape[axis : axis + k]) < 0.5)
            axis += k
            continue
        elif kind == 6:
            key.append(bool(rng.random() < 0.7))
            continue
        elif kind == 7:
            key.append([int(v) for v in rng.integers(-n, n, joint[-1] if joint else 1)])
        else:
            break
        axis += 1
    return tuple(key)


def with_tensors(key):
    return tuple(Tensor(k) if isinstance(k, np.ndarray) else k for k in key)


def compiled_index(key, function):
    """``function(x, key, *more)`` compiled with the arrays of ``key`` as inputs."""
    at = [p for p, k in enumerate(key) if isinstance(k, np.ndarray)]

    def f(x, *rest):
        parts = list(key)
        for p, t in zip(at, rest):
            parts[p] = t
        return function(x, tuple(parts), *rest[len(at) :])

    return lambda x, *more: ms.jit(f)(x, *[Tensor(key[p]) for p in at], *more)


def put(x, key, v):
    x[key] = v
    return x


@pytest.mark.parametrize("path, seeds", [("direct", 300), ("recorded", 300), ("compiled", 60)])
def test_random_indices_read_and_write_like_numpy(path, seeds):
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        shape = tuple(int(d) for d in rng.integers(1, 5, rng.integers(1, 5)))
        array = rng.normal(size=shape).astype(np.float32)
        key = random_key(rng, shape, masks=path != "compiled")
        try:
            expected = array[key]
        except IndexError:
            with pytest.raises(IndexError), recording():
                Tensor(array)[with_tensors(key)]
            with pytest.raises(IndexError):
                Tensor(array)[with_tensors(key)]
            continue
        width = tuple(d if rng.random() < 0.7 else 1 for d in expected.shape[rng.integers(0, expected.ndim + 1) :])
        v = rng.normal(size=width).astype(np.float32)
        written = array.copy()
        written[key] = v
        if path == "direct":
            got, new = Tensor(array)[with_tensors(key)], put(Tensor(array), with_tensors(key), Tensor(v))
        elif path == "recorded":
            with recording() as recorder:
                got = leaf(recorder, Tensor(array))[with_tensors(key)]
                new = put(leaf(recorder, Tensor(array)), with_tensors(key), Tensor(v))
        else:
            got = compiled_index(key, lambda x, k: x[k])(Tensor(array))
            new = compiled_index(key, put)(Tensor(array), Tensor(v))
        assert got.shape == expected.shape, (seed, shape, key)
        assert np.array_equal(got.asnumpy(), expected), (seed, shape, key)
        assert np.array_equal(new.asnumpy(), written), (seed, shape, key, width)


I2 = np.array([[2, 0], [2, -1]])


@pytest.mark.parametrize(
    "f",
    [
        lambda x, v, i: x[:, i] * v[0, 0, 0],
        lambda x, v, i: x[1, :, i],
        lambda x, v, i: put(x * 1.0, (0, slice(None), i), v),
        lambda x, v, i: put(x * 1.0, (slice(None), i), v[:, :, :1]),
        lambda x, v, i: put(x * 1.0, (slice(None, None, -1), slice(1, 3)), v[:, 0, :2].reshape(2, 2, 1)),
        lambda x, v, i: put(x * 1.0, x > 0, v[0, 0, 0]),
    ],
)
def test_gradients_of_indexing(f):
    """Index 2 comes twice: only the value that was written last gets a gradient."""
    check_gradient(f, T3, RNG.normal(size=(2, 2, 3)), I2)


def test_a_mask_with_one_value_can_be_written_in_a_compiled_function():
    def f(x, m):
        x[m] = 7.0
        x[:, m[0]] = -1
        return x

    m = T3 > 0
    expected = T3.copy()
    expected[m] = 7
    expected[:, m[0]] = -1
    check(lambda x, m: f(x * 1, m), expected, T3, m)
    with pytest.warns(RuntimeWarning, match=r"op by op.*ops\.where"):  # read, it has a shape that depends on values
        np.testing.assert_array_equal(ms.jit(lambda x, m: x[m])(Tensor(T3), Tensor(m)).asnumpy(), T3[m])


@pytest.mark.parametrize(
    "key", [3, (0, 0, 0, 0), [7], 1.0, "a", (..., ...), Tensor([1.5]), Tensor([True, False, True]), ([0, 1], [0, 1, 1])]
)
def test_bad_indices(key):
    x = Tensor(T3)
    for use in (lambda: x[key], lambda: put(x, key, 1.0), lambda: ms.jit(lambda x: x[key])(x)):
        with pytest.raises(IndexError):
            use()
    np.testing.assert_array_equal(x.asnumpy(), T3)


def test_an_index_out_of_range_at_run_time_names_the_index_and_the_line():
    f = ms.jit(lambda x, i: x[i])
    assert f(Tensor(M), Tensor([2, -3])).shape == (2, 4)
    with pytest.raises(IndexError, match=r"Tensor index.*\[0, 3\), but got -4(.|\n)*test_indexing"):
        f(Tensor(M), Tensor([0, -4]))
    assert f(Tensor(M), Tensor([0, 1])).shape == (2, 4)


def test_views_share_memory_and_copies_do_not():
    x = Tensor(T3)
    row, one, copy = x[0], x[1, 2, 3], x[[0]]
    x[:] = 5.0
    assert (row.asnumpy() == 5).all() and one.asnumpy() == 5 and np.array_equal(copy.asnumpy(), T3[:1])
    x[0] = x[1] + 1
    assert (row.asnumpy() == 6).all()


def test_a_written_tensor_does_not_share_with_the_value():
    x = Tensor(M)
    with recording() as recorder:
        y = leaf(recorder, x) * 0
        y[...] = x
    y[0] = 100.0
    np.testing.assert_array_equal(x.asnumpy(), M)


def test_writing_into_a_tensor_from_outside_a_compiled_function_is_refused():
    x = Tensor(M)

    def f(v):
        x[0] = v
        return x

    with pytest.raises(RuntimeError, match="Parameter"):
        ms.jit(f)(Tensor(1.0))
    np.testing.assert_array_equal(x.asnumpy(), M)


def test_writing_into_a_parameter(mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.p = Parameter(Tensor(M), name="p")

        def construct(self, i):
            self.p[i] = 0.0
            return self.p.sum()

    net = Net()
    expected = M.copy()
    expected[[2, 0]] = 0
    assert float(net(Tensor([2, 0]))) == pytest.approx(expected.sum(), rel=1e-5)
    np.testing.assert_array_equal(net.p.asnumpy(), expected)


# ---------------------------------------------------------------- gather
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


# ---------------------------------------------------------------- order
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


# ---------------------------------------------------------------- shapes that depend on values
def test_what_has_a_shape_that_depends_on_values_runs_op_by_op():
    x = np.array([3, 0, 3, 2, 2], np.int32)
    assert ops.nonzero(Tensor(x)).asnumpy().tolist() == [[0], [2], [3], [4]]
    assert [t.asnumpy().tolist() for t in ops.unique(Tensor(x))] == [[3, 0, 2], [0, 1, 0, 2, 2]]
    assert [t.asnumpy().tolist() for t in ops.unique_consecutive(Tensor(x), True, True)] == [
        [3, 0, 3, 2], [0, 1, 2, 3, 3], [1, 1, 1, 2]
    ]  # fmt: skip
    assert ops.unique_with_pad(Tensor(x), 9)[0].asnumpy().tolist() == [3, 0, 2, 9, 9]
    assert ops.bincount(Tensor(x), Tensor([1.0, 2.0, 3.0, 4.0, 5.0]), 5).asnumpy().tolist() == [2, 0, 9, 4, 0]
    assert ops.histc(Tensor([1.0, 2.0, 1.0]), 4, 0.0, 3.0).asnumpy().tolist() == [0, 2, 1, 0]
    np.testing.assert_array_equal(
        ops.masked_select(Tensor(M), Tensor([True, False, True, False])).asnumpy(), M[:, ::2].ravel()
    )
    g = ms.grad(lambda x: (ops.masked_select(x, x > 0) ** 2).sum())(Tensor(M)).asnumpy()
    np.testing.assert_allclose(g, np.where(M > 0, 2 * M, 0), rtol=1e-6)
    for f in (ops.nonzero, lambda x: ops.unique(x)[0], ops.bincount, lambda x: ops.masked_select(x, x > 0)):
        compiled = ms.jit(f)
        with pytest.warns(RuntimeWarning, match="op by op.*depends on values"):
            compiled(Tensor(x))
        with warnings.catch_warnings():  # once is enough
            warnings.simplefilter("error")
            for values in (x, x[::-1].copy(), np.array([1, 1, 0, 4, 4], np.int32)):
                np.testing.assert_array_equal(compiled(Tensor(values)).asnumpy(), f(Tensor(values)).asnumpy())


def test_a_train_step_with_a_shape_that_depends_on_values(graph_mode):
    class Positive(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = ms.Parameter(Tensor([1.0, 2.0, -1.0]), name="w")

        def construct(self, x):
            y = self.w * x
            return ops.masked_select(y, y > 0).sum()

    net = Positive()
    step = nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.5))
    with pytest.warns(RuntimeWarning, match="op by op"):
        losses = [float(step(Tensor([1.0, 1.0, 1.0]))) for _ in range(3)]
    assert losses == [3.0, 2.0, 1.0]
    assert net.w.asnumpy().tolist() == [0.0, 0.5, -1.0]


# ---------------------------------------------------------------- diagonals and grids
@pytest.mark.parametrize("offset", [-5, -1, 0, 1, 2, 7])
def test_diagonals(offset):
    check(lambda x: ops.diagonal(x, offset), np.diagonal(M, offset), M)
    check(lambda x: ops.diagonal(x, offset, 2, 0), np.diagonal(T3, offset, 2, 0), T3)
    expected = np.stack([np.diag(r, offset) for r in M])
    check(lambda x: ops.diag_embed(x, offset), expected, M)
    check(lambda x: ops.diag_embed(x, offset, 0, 2), expected.transpose(1, 0, 2), M)
    check(lambda x: x.trace(offset), np.trace(M, offset), M)
    check_gradient(lambda x: ops.diagonal(x, offset, 2, 0), T3)
    if abs(offset) < 3:
        check_gradient(lambda x, v: ops.diagonal_scatter(x, v, offset), M, np.diagonal(M, offset) * 2)


def test_diag_grids_and_turns():
    check(lambda x: ops.diag(x[0]), np.diag(M[0]), M)
    check(lambda x: ops.diag(x).reshape(12, 12), np.diag(M.ravel()), M)
    check(lambda x: x[0].diag(1), np.diag(M[0], 1), M)
    check(lambda x: x.diag(1), np.diag(M, 1), M)
    check(lambda x: x.fill_diagonal(7.0), M * (1 - np.eye(3, 4)) + 7 * np.eye(3, 4), M)
    check(lambda x: ops.block_diag(x, x[:1]), np.block([[M, np.zeros((3, 4))], [np.zeros((1, 4)), M[:1]]]), M)
    for indexing in ("xy", "ij"):
        check(lambda x, k=indexing: ops.meshgrid(x[0], x[1, :2], x[2], indexing=k),
              list(np.meshgrid(M[0], M[1, :2], M[2], indexing=indexing)), M)  # fmt: skip
    for k in range(-3, 5):
        check(lambda x, k=k: ops.rot90(x, k, (0, 2)), np.rot90(T3, k, (0, 2)), T3)
        check(lambda x, k=k: ops.rot90(x, k, (2, 1)), np.rot90(T3, k, (2, 1)), T3)
    assert ops.tril_indices(3, 4, 1).asnumpy().tolist() == np.stack(np.tril_indices(3, 1, 4)).tolist()
    assert ops.triu_indices(3, 4, 1).asnumpy().tolist() == np.stack(np.triu_indices(3, 1, 4)).tolist()
    check(lambda x: x.repeat(2, axis=1), M.repeat(2, 1), M)
    check(lambda x: x.repeat(2, 1, 3), np.tile(M, (2, 1, 3)), M)
    expected = M.copy()
    expected[0, :2], expected[2, :3] = M[0, 1::-1], M[2, 2::-1]
    check(lambda x: ops.reverse_sequence(x, Tensor([2, 1, 3]), 1), expected, M)


def test_methods_that_write_in_place():
    x = Tensor(M)
    row = x[0]
    assert x.masked_fill_(x > 0, 0.0) is x
    x.scatter_add_(1, Tensor([[0], [0], [0]]), Tensor([[1.0], [1.0], [1.0]]))
    expected = np.where(M > 0, 0, M) + np.array([1, 0, 0, 0], np.float32)
    np.testing.assert_array_equal(x.asnumpy(), expected)
    np.testing.assert_array_equal(row.asnumpy(), expected[0])
    assert (x.fill_(3.0).asnumpy() == 3).all()


def test_empty_inputs():
    none = np.zeros((0, 4), np.float32)
    for f in (lambda x: x[[]], lambda x: ops.sort(x, 0)[0], lambda x: ops.cumsum(x, 0), lambda x: ops.sort(x)[1],
              lambda x: ops.cummax(x, 1)[0], lambda x: ops.gather(x, Tensor(np.zeros(0, np.int64)), 0)):  # fmt: skip
        assert run(f, none).shape == (0, 4)
    assert run(lambda x: ops.gather(x, Tensor(np.zeros((2, 0), np.int64)), 1), M).shape == (3, 2, 0)
    check(lambda x: ops.tensor_scatter_add(x, Tensor(np.zeros((0, 1), np.int64)), Tensor(none)), M, M)
    for f in (lambda x: x[[0]], lambda x: ops.gather(x, Tensor([0]), 0)):
        for use in (f, ms.jit(f)):
            with pytest.raises(IndexError):
                use(Tensor(none))
    with pytest.raises(ValueError):
        ops.argmax(Tensor(none), 0)


def test_the_types_of_searchsorted():
    """As in MindSpore 2.10: of the function int64, of the method int32."""
    x = Tensor([1.0, 2.0])
    assert ops.searchsorted(x, x).dtype is ms.int64 and x.searchsorted(x).dtype is ms.int32


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
