"""x[...], shapes that depend on values, diagonals and grids: against NumPy, in both modes, with gradients by differences."""

import warnings

import numpy as np
import pytest
from against_numpy import T3, M, check, check_gradient, run

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.autodiff import leaf, recording

RNG = np.random.default_rng(5)


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
            if path != "compiled" and any(k is False for k in key):
                raise IndexError("MindSpore reads nothing by False")
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


def test_writing_into_a_tensor_from_outside_a_compiled_function():
    """The line runs in Python at each call; where all has to be one graph it is refused, and the Tensor stays as it was."""
    x = Tensor(M)

    def f(v):
        x[0] = v
        return x + 0.0

    with pytest.raises(RuntimeError, match="Parameter"):
        ms.jit(f, fullgraph=True)(Tensor(1.0))
    np.testing.assert_array_equal(x.asnumpy(), M)
    compiled = ms.jit(f)
    with pytest.warns(RuntimeWarning, match="A Tensor from outside cannot be changed"):
        found = [compiled(Tensor(v)).asnumpy() for v in (1.0, 7.0)]
    for v, out in zip((1.0, 7.0), found):
        np.testing.assert_array_equal(out, np.vstack([np.full_like(M[:1], v), M[1:]]))
    np.testing.assert_array_equal(x.asnumpy(), found[1])


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
