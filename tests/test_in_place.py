"""Changes in place reach what they should: through views, in arguments of compiled calls, under gradients, in both modes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops

X = np.arange(1.0, 13).reshape(2, 2, 3)


def numpys(function, x):
    """What the function does to NumPy arrays, whose views share memory."""
    return function(x.copy(), np)


def run(function, x, how):
    """[result] or [loss, gradient] of a weighted sum of the result, which tells all elements apart."""
    call = lambda t: function(t, ops)
    if how == "eager":
        return call(Tensor(x)).asnumpy()
    if how == "compiled":
        return ms.jit(call)(Tensor(x)).asnumpy()
    raise AssertionError(how)


def each_row(x, np):
    m = x * 1.0
    for i in range(2):
        for j in range(2):
            m[i][j] *= 10.0 * i + j + 1.0
    return m


def through_a_name(x, np):
    m = x * 1.0
    r = m[0]
    r[1] = 7.0
    s = m[1][:, 1:]
    s[0] = -1.0
    return m


def two_views_of_one_row(x, np):
    m = x * 1.0
    r, s = m[0], m[0]
    r[0] = 5.0
    s[1] = 6.0
    m[0][1, 0] = 7.0
    r[0, 1:] *= 2.0
    return m


def a_view_of_a_view_of_a_view(x, np):
    m = x * 1.0
    a = m.reshape(4, 3)
    b = a[1:]
    c = b.T
    c[1] = 0.5
    b[0, 0] = 9.0
    return m + a.reshape(2, 2, 3)


def transposed(x, np):
    m = x * 1.0
    m.transpose(2, 1, 0)[0] = 3.0
    m[0].T[2, 1] = -4.0
    return m


def backwards(x, np):
    m = x * 1.0
    m[::-1][0, ::-1][0, 1:] = 8.0
    return m


def by_positions(x, np):
    m = x * 1.0
    r = m[1]
    r[[1, 0], [0, 2]] = 6.0
    return m


def new_tensors(x, np):
    m, n = np.zeros_like(x), np.ones_like(x)
    m[0] = x[1]
    m[1, 0] += 2.0
    n[:, 1] -= x[:, 0]
    return m + n


FUNCTIONS = [
    new_tensors,
    each_row,
    through_a_name,
    two_views_of_one_row,
    a_view_of_a_view_of_a_view,
    transposed,
    backwards,
    by_positions,
]


@pytest.mark.parametrize("how", ["eager", "compiled"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_views(function, how):
    np.testing.assert_allclose(run(function, X, how), numpys(function, X))


@pytest.mark.parametrize("how", ["pynative", "graph"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_gradients_through_views(function, how):
    """Against finite differences of NumPy's own function; the functions are linear, so those are exact."""
    weights = np.random.default_rng(0).normal(size=numpys(function, X).shape)
    ms.set_context(mode=ms.GRAPH_MODE if how == "graph" else ms.PYNATIVE_MODE)
    loss = lambda t: (function(t, ops) * Tensor(weights)).sum()
    value, gradient = ms.value_and_grad(loss)(Tensor(X))
    ms.set_context(mode=ms.PYNATIVE_MODE)
    assert float(value) == pytest.approx((numpys(function, X) * weights).sum())
    wanted = np.zeros_like(X)
    for at in np.ndindex(*X.shape):
        moved = X.copy()
        moved[at] += 1.0
        wanted[at] = ((numpys(function, moved) - numpys(function, X)) * weights).sum()
    np.testing.assert_allclose(gradient.asnumpy(), wanted, 1e-9, 1e-9)


@pytest.mark.parametrize("how", ["jit", "gradient"])
def test_a_value_that_was_read_stays(how):
    """As in MindSpore: what is written to the base later does not change it."""

    def f(x):
        x = x * 1.0
        before = x[0]
        x[0] = x[1]
        x[1] = before
        return (x * Tensor([[1.0, 10.0], [100.0, 1000.0]], ms.float64)).sum()

    call = ms.jit(f) if how == "jit" else lambda x: ms.value_and_grad(f)(x)[0]
    assert float(call(Tensor(np.array([[1.0, 2.0], [3.0, 4.0]])))) == 3 + 40 + 100 + 2000


def test_second_derivatives_through_a_view():
    def f(x):
        m = x * x
        m[0][1] *= 3.0
        return (m * m).sum()  # x^4, and 9 x^4 where the row was scaled

    for h in (f, ms.jit(f)):
        second = ms.grad(lambda x, h=h: ms.grad(h)(x).sum())(Tensor(X)).asnumpy()
        wanted = 12 * X**2
        wanted[0, 1] *= 9
        np.testing.assert_allclose(second, wanted)


IN_PLACE = {
    "add_": (lambda t: t.add_(Tensor([10.0, 20.0, 30.0])), lambda a: a + [10, 20, 30]),
    "mul_": (lambda t: t.mul_(2.0), lambda a: a * 2),
    "zero_": (lambda t: t.zero_(), lambda a: a * 0),
    "copy_": (lambda t: t.copy_(Tensor([1.0, 2.0, 3.0])), lambda a: a * 0 + [1, 2, 3]),
    "exp_": (lambda t: t.exp_(), np.exp),
    "[...] =": (lambda t: t.__setitem__(..., 4.0), lambda a: a * 0 + 4),
}


@pytest.mark.parametrize("name", IN_PLACE)
@pytest.mark.parametrize("view", ["row", "column", "reshaped", "transposed"])
@pytest.mark.parametrize("how", ["eager", "compiled", "gradient"])
def test_methods_in_place_on_views(name, view, how):
    change, by_numpy = IN_PLACE[name]
    view_of = {
        "row": lambda m: m[1][0],
        "column": lambda m: m[:, 1, :][1],
        "reshaped": lambda m: m.reshape(4, 3)[2],
        "transposed": lambda m: m.transpose(1, 0, 2)[0, 1],
    }[view]
    wanted = X.copy()
    view_of(wanted)[...] = by_numpy(view_of(wanted))

    def f(x):
        m = x * 1.0
        change(view_of(m))
        return m

    if how == "gradient":
        found = ms.value_and_grad(lambda x: f(x).sum())(Tensor(X))[0].asnumpy()
        np.testing.assert_allclose(found, wanted.sum(), 1e-6)
    else:
        np.testing.assert_allclose((ms.jit(f) if how == "compiled" else f)(Tensor(X)).asnumpy(), wanted, 1e-6)


@pytest.mark.parametrize("name", IN_PLACE)
@pytest.mark.parametrize("how", ["eager", "jit", "jit in a gradient", "gradient", "cell"])
def test_arguments_are_changed_for_the_caller(name, how):
    change, by_numpy = IN_PLACE[name]
    a = np.array([3.0, 5.0, 0.5])

    def f(x, y):
        change(x)
        return (x * y).sum()

    class Net(nn.Cell):
        def construct(self, x, y):
            return f(x, y)

    x, y = Tensor(a), Tensor([1.0, 2.0, 3.0], ms.float64)
    memory = x._data
    call = {
        "eager": f,
        "jit": ms.jit(f),
        "jit in a gradient": ms.value_and_grad(ms.jit(f), 1),
        "gradient": ms.value_and_grad(f, (0, 1)),
        "cell": ms.jit(Net()),
    }[how]
    out = call(x, y)
    wanted = by_numpy(a)
    np.testing.assert_allclose(x.asnumpy(), wanted, 1e-6)
    np.testing.assert_allclose((out[0] if isinstance(out, tuple) else out).asnumpy(), (wanted * [1, 2, 3]).sum(), 1e-6)
    if how in ("eager", "jit", "cell"):
        assert x._data is memory  # what shares it sees the change
    call(x, y)
    np.testing.assert_allclose(x.asnumpy(), by_numpy(wanted), 1e-6)


def test_a_row_of_an_argument():
    @ms.jit
    def f(x):
        x[0][1] = 7.0
        return x.sum()

    x = Tensor(X[0])
    assert float(f(x)) == pytest.approx(X[0].sum() - 2 + 7)
    assert x.asnumpy()[0].tolist() == [1, 7, 3]


def test_a_row_of_a_parameter(mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor(X[0]), name="w")

        def construct(self, x):
            self.w[0][1] = x
            return (self.w * self.w).sum()

    net = Net()
    wanted = X[0].copy()
    wanted[0, 1] = 5.0
    assert float(net(Tensor(5.0, ms.float64))) == pytest.approx((wanted**2).sum())
    np.testing.assert_allclose(net.w.asnumpy(), wanted)


def test_a_failing_call_changes_no_argument():
    table = Tensor([1.0, 2.0])

    @ms.jit
    def f(x, at):
        x.add_(Tensor([1.0, 1.0]))
        return x.sum() + ops.gather(table, at, 0).sum()

    x = Tensor([1.0, 2.0])
    with pytest.raises(IndexError):
        f(x, Tensor([5]))
    assert x.asnumpy().tolist() == [1.0, 2.0]


def test_what_is_outside_a_function_of_one_graph_is_not_changed_in_secret():
    outside = Tensor([1.0, 2.0])

    for change in (lambda: outside.add_(Tensor([1.0, 1.0])), lambda: outside[0:1].mul_(2.0)):
        with pytest.raises(RuntimeError, match="cannot be changed in place"):
            ms.jit(lambda x, change=change: change() + x, fullgraph=True)(Tensor([1.0]))
    assert outside.asnumpy().tolist() == [1.0, 2.0]


def test_a_broadcast_view_is_not_written_to():
    with pytest.raises(RuntimeError, match="copy it first"):
        ms.jit(lambda x: ops.broadcast_to(x * 1.0, (2, 3)).add_(Tensor([1.0])))(Tensor([1.0, 2.0, 3.0]))


def test_running_statistics_made_in_the_function(mode):
    def f(x):
        mean, variance = ops.zeros(3), ops.ones(3)
        ops.batch_norm(x, mean, variance, ops.ones(3), ops.zeros(3), True, 0.25)
        return mean, variance

    x = X.reshape(4, 3).astype(np.float32)
    mean, variance = (ms.jit(f) if mode == "graph" else f)(Tensor(x))
    np.testing.assert_allclose(mean.asnumpy(), 0.25 * x.mean(0), 1e-6)
    np.testing.assert_allclose(variance.asnumpy(), 0.75 + 0.25 * x.var(0, ddof=1), 1e-6)


def test_branches_and_loops_change_views(mode):
    def f(x):
        m = x * 1.0
        row = m[0]
        if x.sum() > 0:
            row[1] = 7.0
        else:
            row[0] = 5.0
        for k in range(2):
            m[1][k] = row[k] * 2.0
        return m * row

    for sign in (1.0, -1.0):
        a = sign * X
        m = a * 1.0
        if sign > 0:
            m[0][1] = 7.0
        else:
            m[0][0] = 5.0
        for k in range(2):
            m[1][k] = m[0][k] * 2.0
        g = ms.jit(f) if mode == "graph" else f
        np.testing.assert_allclose(g(Tensor(a)).asnumpy(), m * m[0])


def test_a_parameters_value_stays(mode):
    class Swap(nn.Cell):
        def __init__(self):
            super().__init__()
            self.a, self.b = (Parameter(Tensor(x), name=n) for x, n in (([1.0, 2.0], "a"), ([3.0, 4.0], "b")))

        def construct(self, x):
            before = self.a.value()
            ops.assign(self.a, self.b)
            ops.assign(self.b, before)
            return ops.stack([self.a + x, self.b + x])

    assert Swap()(Tensor(0.0)).asnumpy().tolist() == [[3.0, 4.0], [1.0, 2.0]]
