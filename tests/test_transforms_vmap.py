"""vmap: axes, structures, Cells, ensembles, what depends on no example, and errors."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def equal(got, expected, tolerance=1e-5):
    assert got.shape == np.shape(expected)
    np.testing.assert_allclose(got.asnumpy(), expected, rtol=tolerance, atol=tolerance)


X = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
V = Tensor(np.array([1, 2, 3], np.float32))
W = Tensor(np.array([1, 2], np.float32))


# ---------------------------------------------------------------- axes, as MindSpore 2.10 has them
def test_structures_of_in_axes(mode):
    f = lambda p, q: p[0] * p[1] + q
    expected = [[1, 3, 7], [5, 10, 17]]
    equal(ms.vmap(f, in_axes=([0, None], 0))([X, V], W), expected)
    equal(ms.vmap(f, in_axes=((0, None), 0))((X, V), W), expected)
    equal(ms.vmap(f, in_axes=[0, 0])((X, X), W), [[1, 2, 5], [11, 18, 27]])
    equal(ms.vmap(lambda p: p["a"] * p["b"], in_axes=({"a": 0, "b": None},))({"a": X, "b": V}), [[0, 2, 6], [3, 8, 15]])
    equal(ms.vmap(lambda p: p.sum(), in_axes=-1)(X), [3, 5, 7])


def test_structures_of_out_axes(mode):
    total, twice = ms.vmap(lambda p: (p.sum(), p * 2), out_axes=(0, 1))(X)
    equal(total, [3, 12])
    equal(twice, [[0, 6], [2, 8], [4, 10]])
    nested = ms.vmap(lambda a: (a * 2, (a * 3, a * 4)), out_axes=(0, (1, 0)))(X)
    equal(nested[1][0], [[0, 9], [3, 12], [6, 15]])
    equal(nested[1][1], [[0, 4, 8], [12, 16, 20]])
    equal(ms.vmap(lambda p: p * 2, out_axes=-1)(X), [[0, 6], [2, 8], [4, 10]])
    equal(ms.vmap(lambda p: {"a": p * 2})(X)["a"], 2 * X.asnumpy())


def test_results_that_are_the_same_for_all_examples(mode):
    equal(ms.vmap(lambda p: (p.sum(), V))(X)[1], [[1, 2, 3], [1, 2, 3]])
    equal(ms.vmap(lambda p: (p.sum(), V), out_axes=(0, None))(X)[1], [1, 2, 3])
    equal(ms.vmap(lambda p: (p, 3.0))(X)[1], [3, 3])


def test_arguments_that_are_not_mapped(mode):
    equal(ms.vmap(lambda p, q: p * q, in_axes=(0, None))(X, 2.0), 2 * X.asnumpy())
    equal(ms.vmap(lambda p, k: p * k)(X, k=V), X.asnumpy() * [1, 2, 3])


def test_nested(mode):
    outer = ms.vmap(ms.vmap(ops.mul, in_axes=(None, 0)), in_axes=(0, None))
    equal(outer(W, V), [[1, 2, 3], [2, 4, 6]])


# ---------------------------------------------------------------- Cells
def test_per_example_gradients(mode):
    net = nn.SequentialCell(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Dense(32, 3))
    weights = net.trainable_params()
    x, label = Tensor(draw(1, 5, 1, 1, 4, 4)), Tensor(np.array([[0], [1], [2], [0], [1]], np.int32))

    def loss(x, label):
        return ops.cross_entropy(net(x), label)

    gradient = ms.grad(loss, None, weights)
    found = ms.vmap(gradient)(x, label)
    for k in range(5):
        for got, expected in zip(found, gradient(x[k], label[k])):
            np.testing.assert_allclose(got.asnumpy()[k], expected.asnumpy(), rtol=1e-4, atol=1e-5)


def test_mapped_lstm(mode):
    cell = nn.LSTM(3, 2)
    x = Tensor(draw(1, 4, 5, 1, 3))
    out = ms.vmap(lambda s: cell(s)[0])(x)
    equal(out, np.stack([cell(x[k])[0].asnumpy() for k in range(4)]))


def test_no_work_is_done_twice():
    """What depends on no example is computed once, and many products with one matrix become one."""
    a, b = Tensor(draw(1, 3, 3)), Tensor(draw(2, 3, 3))
    from minispore.core.record import STATE, Recorder

    recorder = STATE.recorder = Recorder(symbolic=True)
    try:
        ms.vmap(lambda x: ops.matmul(x, ops.matmul(a, b)))(Tensor(draw(3, 8, 3, 3)))
    finally:
        STATE.recorder = None
    assert [n.outs[0].shape for n in recorder.nodes if n.op.name == "matmul"] == [(3, 3), (24, 3)]


class Clipped(nn.Cell):
    def construct(self, x, y):
        return x * y

    def bprop(self, x, y, out, dout):
        return x * 10.0 * dout, y * 0.0 + out


def test_custom_gradients_are_those_of_one_example(mode):
    x, y = draw(1, 4, 3), draw(2, 4, 3)
    gx, gy = ms.grad(lambda x, y: (ms.vmap(Clipped())(x, y) * 2.0).sum(), (0, 1))(Tensor(x), Tensor(y))
    equal(gx, 20 * x)
    equal(gy, x * y)
    found = ms.vmap(ms.grad(lambda x, y: (Clipped()(x, y) * 2.0).sum(), (0, 1)), in_axes=(0, None))(
        Tensor(x), Tensor(y[0])
    )
    equal(found[1], x * y[0])
    _, gy = ms.grad(lambda x, y: ms.vmap(Clipped(), in_axes=(0, None))(x, y).sum(), (0, 1))(Tensor(x), Tensor(y[0]))
    equal(gy, (x * y[0]).sum(0))


class Weighted(nn.Cell):
    def __init__(self, number):
        super().__init__()
        self.w = ms.Parameter(Tensor(np.full(3, number, np.float32)), name="w")
        self.calls = ms.Parameter(Tensor(np.zeros((), np.float32)), name="calls", requires_grad=False)

    def construct(self, x):
        ops.assign(self.calls, self.calls + x.sum())
        return (x * self.w).sum()


def test_ensemble(mode):
    cells = nn.CellList([Weighted(1.0), Weighted(2.0)])
    together = ms.vmap(cells)
    equal(together(X), [3, 24])
    equal(ms.vmap(cells, in_axes=None)(V), [6, 12])
    assert [float(c.calls) for c in cells] == [3 + 6, 12 + 6]
    gradients = ms.grad(lambda x: (together(x) ** 2).sum(), None, cells.trainable_params())(X)
    equal(gradients[0], 2 * 3 * np.array([0, 1, 2]))
    equal(gradients[1], 2 * 24 * np.array([3, 4, 5]))


class Powered(Weighted):
    def __init__(self, number, power=1.0):
        super().__init__(number)
        self.power = power

    def construct(self, x):
        return (x**self.power).sum() * self.w.asnumpy()[0]


def test_a_python_value_of_one_cell_is_not_taken_for_all(mode):
    with pytest.raises(TypeError, match="differ in the Parameter '0.w'"):
        ms.vmap(nn.CellList([Powered(1.0), Powered(2.0)]), in_axes=None)(V)
    with pytest.raises(RuntimeError, match="differ in 'power'"):
        ms.vmap(nn.CellList([Powered(1.0, 1.0), Powered(1.0, 2.0)]), in_axes=None)(V)


def test_an_ensemble_that_grows(mode):
    cells = nn.CellList([Weighted(1.0), Weighted(2.0)])
    together = ms.vmap(cells, in_axes=None)
    equal(together(V), [6, 12])
    cells.append(Weighted(3.0))
    equal(together(V), [6, 12, 18])
    cells[0].w = ms.Parameter(ops.zeros(3), name="w")
    equal(together(V), [0, 12, 18])


def depends(x):
    if x.sum() > 0:
        return x * 2.0
    return x * 3.0


def test_each_example_takes_its_own_branch(mode):
    equal(ms.vmap(depends)(Tensor(np.array([[1.0, 2.0], [-1.0, -2.0]]))), [[2, 4], [-3, -6]])
    equal(ms.vmap(ms.grad(depends))(Tensor(np.array([[1.0, 2.0], [-1.0, -2.0]]))), [[2, 2], [3, 3]])


# ---------------------------------------------------------------- state and randomness
def test_a_parameter_keeps_what_all_examples_agree_on(mode):
    count = ms.Parameter(Tensor(0.0), name="count")

    def f(x):
        ops.assign(count, count + 1.0)
        return x * count

    equal(ms.vmap(f)(X), X.asnumpy())
    assert float(count) == 1.0


def test_a_parameter_cannot_hold_a_value_for_each_example(mode):
    seen = ms.Parameter(ops.zeros(3), name="seen")

    def f(x):
        ops.assign(seen, x)
        return x

    with pytest.raises(RuntimeError, match="Parameter 'seen' is assigned a value that differs"):
        ms.vmap(f)(X)
    equal(seen, [0, 0, 0])


def test_a_mapped_parameter_takes_a_value_for_each_example(mode):
    table = ms.Parameter(Tensor(np.arange(6, dtype=np.float32).reshape(3, 2)), name="table")

    class Adds(nn.Cell):
        def construct(self, row, x):
            return ops.assign_add(row, x) * 10.0

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table = table

        def construct(self, x):
            return ms.vmap(Adds(), in_axes=(1, 0))(self.table, x)

    expected = np.arange(6).reshape(3, 2) + np.array([1, 2, 3])[:, None] * [1, 10]
    equal(Net()(Tensor(np.array([[1, 2, 3], [10, 20, 30]], np.float32))), 10 * expected.T)
    equal(table, expected)


@pytest.mark.parametrize("outer, inner", [(0, 0), (1, 0), (-1, 1)])
def test_updates_in_nested_maps_reach_the_parameter(outer, inner, mode):
    start, g = draw(0, 2, 3, 4) ** 2 + 1.0, draw(1, 2, 3, 4)
    var, accum = (ms.Parameter(Tensor(start), name=n) for n in ("var", "accum"))
    update = ops.ApplyAdagrad()

    def nested(f):
        for axis in (inner, outer):
            f = ms.vmap(f, in_axes=(axis,) * 3, out_axes=axis)
        return f

    out, _ = nested(lambda v, a, x: update(v, a, Tensor(0.1), x))(var, accum, Tensor(g))
    equal(accum, start + g * g)
    equal(var, start - 0.1 * g / np.sqrt(start + g * g))
    equal(out, var.asnumpy())


def test_random_numbers_are_the_same_for_all_examples_and_new_at_each_call(mode):
    f = ms.vmap(lambda x: x * 0.0 + ops.rand(3))
    first, second = f(X).asnumpy(), f(X).asnumpy()
    assert (first[0] == first[1]).all() and (first != second).any()


# ---------------------------------------------------------------- errors: the types are MindSpore's
WRONG = {
    "in_axes None": ("'in_axes' must name an axis", lambda: ms.vmap(ops.sin, in_axes=None)(X)),
    "in_axes all None": ("'in_axes' must name an axis", lambda: ms.vmap(ops.sin, in_axes=(None,))(X)),
    "out_axes None": ("'out_axes' must name an axis", lambda: ms.vmap(ops.sin, out_axes=None)(X)),
    "too many in_axes": ("'in_axes' has 2 items", lambda: ms.vmap(ops.sin, in_axes=(0, 0))(X)),
    "too many out_axes": ("'out_axes'", lambda: ms.vmap(ops.sin, out_axes=(0, 0))(X)),
    "different lengths": (r"one length, but got \[2, 3\]", lambda: ms.vmap(lambda p, q: p.sum() * q)(X, V)),
    "no examples": ("at least one example", lambda: ms.vmap(ops.sin)(ops.zeros((0, 3)))),
    "in_axes out of bounds": ("out of bounds for 2 axes", lambda: ms.vmap(ops.sin, in_axes=2)(X)),
    "out_axes out of bounds": ("out of bounds for 2 axes", lambda: ms.vmap(ops.sin, out_axes=2)(X)),
    "a number as axis": ("must hold ints", lambda: ms.vmap(ops.sin, in_axes=1.0)(X)),
    "a text as axis": ("must hold ints", lambda: ms.vmap(ops.sin, out_axes=("a",))(X)),
    "no axes": ("out of bounds for 0 axes", lambda: ms.vmap(ops.sin)(Tensor(2.0))),
    "a mapped number": ("needs a Tensor", lambda: ms.vmap(ops.mul)(X, 2.0)),
    "no arguments": ("no argument has a mapped axis", lambda: ms.vmap(lambda: X)()),
    "out_axes None for what differs": ("differs between", lambda: ms.vmap(lambda p: (p, p), out_axes=(0, None))(X)),
    "no function": ("'fn' must be a function", lambda: ms.vmap(3)(X)),
    "empty ensemble": ("at least one cell", lambda: ms.vmap(nn.CellList([]))(X)),
    "ensemble of another size": ("one length", lambda: ms.vmap(nn.CellList([Weighted(1.0)]))(X)),
    "ensemble of different cells": ("must be alike", lambda: ms.vmap(nn.CellList([Weighted(1.0), nn.Dense(3, 1)]))(X)),
}


@pytest.mark.parametrize("name", WRONG)
def test_errors_say_what_is_wrong_and_where(name, mode):
    text, call = WRONG[name]
    with pytest.raises(RuntimeError, match=text) as caught:
        call()
    assert "test_transforms_vmap.py" in str(caught.value)


def test_a_tensor_that_the_mapped_function_makes_is_its_own(mode):
    """It may be written to at places that differ between the examples, also where its data are constants of the trace."""
    index = Tensor(np.array([0, 2]))

    def f(i):
        row = ops.zeros(3) + 1.0
        row[i] = 5.0
        if i > 0:
            other = Tensor([1.0, 2.0, 3.0])
            other[i - 1] = -1.0
            row += other
        return row

    wanted = np.array([[5, 1, 1], [2, 0, 8]], np.float32)
    equal(ms.vmap(f)(index), wanted)
    equal(ms.jit(lambda i: ms.vmap(f)(i))(index), wanted)
    equal(ms.grad(lambda s: (ms.vmap(f)(index) * s).sum())(Tensor(2.0)), wanted.sum())

    def of_the_caller(index):
        made = ops.zeros(3) + 1.0

        def g(i):
            made[i] = 5.0
            return made

        return ms.vmap(g)(index)

    with pytest.raises(RuntimeError, match="a Tensor from outside is assigned a value that differs"):
        ms.jit(of_the_caller)(index)


def test_what_vmap_scatters_into_takes_numbers_of_a_smaller_type():
    """As outside of vmap: a Parameter of floats takes integers."""
    p = ms.Parameter(Tensor(np.zeros((2, 3, 2), np.float32)), name="p")
    index = Tensor(np.array([[0, 2], [1, 1]], np.int32))
    updates = np.arange(8).reshape(2, 2, 2)
    wanted = np.zeros((2, 3, 2), np.float32)
    for example, (places, rows) in enumerate(zip(index.asnumpy(), updates)):
        np.add.at(wanted[example], places, rows)
    for f, i in ((ops.scatter_add, index), (ops.scatter_nd_add, index.expand_dims(-1))):
        got = ms.vmap(f, in_axes=(0, 0, 0))(p, i, Tensor(updates.astype(np.int32)))
        equal(got, wanted)
        p.set_data(Tensor(np.zeros((2, 3, 2), np.float32)))
    with pytest.raises(TypeError, match="type of the input"):
        ops.scatter_add(p, index[0], Tensor(np.zeros((2, 3, 2))))
