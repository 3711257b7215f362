"""Changes in place of what was made outside of a gradient or compiled call: views, Tensors given twice, failing calls."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


def matrix():
    return np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("kind", [Tensor, Parameter])
@pytest.mark.parametrize("make", [lambda w: w[0], lambda w: w.T[:, 0], lambda w: w.reshape(-1)[:3], lambda w: w[:1][0]])
def test_a_view_made_outside_is_written_in_a_gradient(make, kind):
    """The values are those of MindSpore 2.10, where the gradient does not pass through a Parameter that is assigned to."""
    w = kind(Tensor(matrix()))
    view, memory = make(w), w._data

    def f(x):
        view[1] = x
        return (w * w).sum() + (view * 3.0).sum()

    value, gradient = ms.value_and_grad(f)(Tensor(5.0, ms.float64))
    assert float(value) == 100.0
    assert float(gradient) == (13.0 if kind is Tensor else 3.0)
    assert w.asnumpy().tolist() == [[0, 5, 2], [3, 4, 5]] and view.asnumpy().tolist() == [0, 5, 2]
    assert w._data is memory and np.shares_memory(view._data, memory)


def test_a_view_of_a_parameter_is_written_in_a_compiled_call(mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor(matrix()), name="w")
            self.row = self.w[0]

        def construct(self, x):
            self.row.mul_(x)
            return self.w.sum()

    net = Net()
    for factor in (2.0, 4.0):
        assert float(net(Tensor(2.0, ms.float64))) == 12.0 + 3.0 * factor
        assert net.row.asnumpy().tolist() == (matrix()[0] * factor).tolist() == net.w.asnumpy()[0].tolist()


def test_what_was_read_before_a_parameter_changes_keeps_its_value(mode):
    """Also through views: the gradient of the first sum is the old row."""
    w = Parameter(Tensor(matrix()), name="w")

    def f(x):
        y = (x * w[1]).sum() + (x * w.T[:, 1]).sum()
        w[1] = 0.0
        return y

    assert ms.grad(f)(Tensor(np.ones(3))).asnumpy().tolist() == [6, 8, 10]
    assert w.asnumpy()[1].tolist() == [0, 0, 0]


def test_a_pullback_reads_the_values_of_its_call():
    w = Parameter(Tensor(matrix()[1]), name="w")

    def f(x):
        y = (x * w).sum()
        ops.assign(w, w * 2.0)
        return y

    _, pullback = ms.vjp(f, Tensor(np.ones(3)))
    assert w.asnumpy().tolist() == [6, 8, 10]
    assert pullback(Tensor(1.0, ms.float64))[0].asnumpy().tolist() == [3, 4, 5]


CHANGES = [lambda a: a.add_(Tensor([10.0, 20.0])), lambda a: a.__setitem__(slice(None), Tensor([11.0, 22.0]))]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("how", ["eager", "jit", "gradient", "gradient in GRAPH mode"])
def test_one_tensor_given_twice(change, how):
    """As when Python runs it, and MindSpore: both names show the change.  Gradients are the sum over both."""

    def f(a, b):
        change(a)
        return (a * b).sum()

    a = Tensor([1.0, 2.0])
    if how == "gradient in GRAPH mode":
        ms.set_context(mode=ms.GRAPH_MODE)
    if how in ("eager", "jit"):
        value = (f if how == "eager" else ms.jit(f))(a, a)
    else:
        value, gradients = ms.value_and_grad(f, (0, 1))(a, a)
        if change is CHANGES[0]:
            assert [g.tolist() for g in gradients] == [[22, 44], [22, 44]]
    assert float(value) == 605.0 and a.tolist() == [11, 22]


def test_a_compiled_function_knows_when_its_arguments_overlap():
    @ms.jit
    def f(a, b):
        a.add_(Tensor([1.0, 1.0]))
        return (a * b).sum()

    x, y = Tensor([1.0, 2.0]), Tensor([1.0, 1.0])
    assert float(f(x, y)) == 5.0  # this form of the call is compiled
    both = Tensor([[1.0, 2.0], [0.0, 0.0]])
    assert float(f(both[0], both[0])) == 4.0 + 9.0 and both.tolist() == [[2, 3], [0, 0]]
    assert float(f(x, y)) == 7.0


def test_without_a_change_the_gradients_are_those_of_each_position(graph_mode):
    a = Tensor([1.0, 2.0])
    gradients = ms.grad(lambda x, y: (x * y * y).sum(), (0, 1))(a, a)
    assert [g.tolist() for g in gradients] == [[1, 4], [2, 8]]


@pytest.mark.parametrize("how", ["jit", "gradient", "gradient in GRAPH mode"])
def test_a_failing_call_leaves_arguments_and_parameters(how):
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    outside = Tensor([1.0, 2.0])

    def f(x):
        x.add_(Tensor([1.0, 1.0]))
        w[0] = 7.0
        if how == "gradient":
            outside.mul_(2.0)
        x[5] = 1.0
        return x.sum()

    if how == "gradient in GRAPH mode":
        ms.set_context(mode=ms.GRAPH_MODE)
    x = Tensor([1.0, 2.0])
    with pytest.raises(IndexError):
        (ms.jit(f) if how == "jit" else ms.grad(f))(x)
    assert x.tolist() == w.asnumpy().tolist() == outside.tolist() == [1, 2]


def test_a_tensor_made_in_a_trace_keeps_its_data():
    made = []

    def first(x):
        made.append(Tensor([1.0, 2.0]))
        return x + made[0]

    ms.jit(first)(Tensor([1.0, 1.0]))
    ms.jit(lambda x: made[0].add_(x) + x)(Tensor([1.0, 1.0]))
    assert made[0].shape == (2,) and made[0].asnumpy().shape == (2,)


def test_branches_and_loops_reach_the_callers_tensor(mode):
    """Also where the branch or loop itself writes to the name."""

    def f(x):
        if x.sum() > 100.0:
            x.sub_(Tensor(1.0, ms.float64))
        else:
            if x.sum() > 0.0:
                x[...] = 1.0
            x.add_(Tensor(2.0, ms.float64))
        k = 0
        while k < 2 and x.sum() > 0.0:
            k += 1
            x[0] = x[0] * 2.0
        x.mul_(Tensor(10.0, ms.float64))
        return x * 1.0

    x = Tensor(np.ones(3))
    out = (ms.jit(f) if mode == "graph" else f)(x)
    assert out.asnumpy().tolist() == x.asnumpy().tolist() == [120, 30, 30]


def test_a_view_that_one_branch_writes_does_not_undo_the_other(mode):
    def f(x):
        m = x * 1.0
        row = m[0]
        if x.sum() > 0.0:
            m[0, 0] = 5.0
        else:
            row[1] = 7.0
        return m

    for sign in (1.0, -1.0):
        a = sign * (matrix() + 1.0)
        wanted = a.copy()
        wanted[0, 0 if sign > 0 else 1] = 5.0 if sign > 0 else 7.0
        assert (ms.jit(f) if mode == "graph" else f)(Tensor(a)).asnumpy().tolist() == wanted.tolist()


def test_a_loop_that_changes_a_parameter_without_elements(mode):
    w = Parameter(Tensor(np.ones((0, 3))), name="w")

    def f(y):
        k = 0
        while k < 2 and y.max() < 3.0:
            k += 1
            w[:, 1] = w[:, 2]
        return w.sum() + y.sum()

    assert float((ms.jit(f) if mode == "graph" else f)(Tensor(np.ones(3)))) == 3.0


OWN_MEMORY = {
    "flip": lambda x: ops.flip(x, (0,)), "fliplr": ops.fliplr, "flipud": ops.flipud, "rot90": lambda x: ops.rot90(x, 0, (0, 1)), "tile": lambda x: ops.tile(x, (1, 1)),
    "roll": lambda x: ops.roll(x, 0, 0), "pad": lambda x: ops.pad(x, (0, 0)), "concat": lambda x: ops.concat([x]), "stack": lambda x: ops.stack([x]),
    "repeat_interleave": lambda x: ops.repeat_interleave(x, 1, 0), "einsum": lambda x: ops.einsum("ij->ji", x),
}  # fmt: skip


@pytest.mark.parametrize("name", OWN_MEMORY)
@pytest.mark.parametrize("how", ["eager", "gradient"])
def test_ops_that_are_no_views_in_mindspore(name, how):
    x = Tensor(matrix())

    def f(factor):
        OWN_MEMORY[name](x).mul_(factor)
        return x.sum() * factor

    (f if how == "eager" else ms.grad(f))(Tensor(2.0, ms.float64))
    assert x.asnumpy().tolist() == matrix().tolist()


def test_a_parameter_is_updated_by_a_view_of_itself(mode):
    w = Parameter(Tensor(matrix()), name="w")
    row = w[1]

    def f(x):
        w.sub_(row)
        return w * x

    out = (ms.jit(f) if mode == "graph" else f)(Tensor(1.0, ms.float64))
    wanted = matrix() - matrix()[1]
    assert out.asnumpy().tolist() == w.asnumpy().tolist() == wanted.tolist()


def test_a_view_that_is_stored_elsewhere_keeps_its_value(mode):
    """Before its Parameter changes, in the same call."""
    w, b = Parameter(Tensor(matrix()), name="w"), Parameter(Tensor(np.zeros(3)), name="b")
    row = w[0]

    def f(x):
        b[...] = row
        row[::2] = 9.0
        return (x * 1.0).sum()

    ms.value_and_grad(f, 0, [w, b])(Tensor(np.ones(2)))
    assert b.asnumpy().tolist() == [0, 1, 2] and w.asnumpy()[0].tolist() == [9, 1, 9]
