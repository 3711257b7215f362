"""What gradients are taken of, and in which form they come: the answers are those of MindSpore 2.10."""

import importlib

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


@pytest.fixture(params=[ms.PYNATIVE_MODE, ms.GRAPH_MODE], ids=["pynative", "graph"], autouse=True)
def mode(request):
    ms.set_context(mode=request.param)


def plain(x):
    """Gradients as lists, with their type where it is not float32."""
    if isinstance(x, (tuple, list)):
        return type(x)(map(plain, x))
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, Tensor):
        return x.asnumpy().tolist() if x.dtype == ms.float32 else (str(x.dtype), x.asnumpy().tolist())
    return x


def t(*values):
    return Tensor(list(values), ms.float32)


def product(x, y):
    return x * y * y


class OfTuple(nn.Cell):
    def construct(self, pair, y):
        return pair[0] * pair[1] * y


class Mixed(nn.Cell):
    def construct(self, x, k, pair, s):
        return x * k * pair[0] * pair[1]


class NoArguments(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(t(3.0), name="w")

    def construct(self):
        return self.w * self.w


get_all = ops.GradOperation(get_all=True)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (lambda: get_all(product)(t(1.0), y=t(3.0)), ([9.0], [6.0])),
        (lambda: get_all(product)(y=t(1.0), x=t(3.0)), ([6.0], [1.0])),  # in the order of the call
        (lambda: ops.GradOperation()(product)(t(1.0), y=t(3.0)), [9.0]),
        (lambda: ms.grad(product, (0, 1))(x=t(1.0), y=t(3.0)), ([9.0], [6.0])),
        (lambda: ms.grad(product, 1)(t(1.0), y=t(3.0)), [6.0]),
        (lambda: ms.grad(product, (0, 1), return_ids=True)(x=t(1.0), y=t(3.0)), ((0, [9.0]), (1, [6.0]))),
        (lambda: get_all(OfTuple())((t(1.0), t(2.0)), t(3.0)), ([2.0],)),
        (lambda: get_all(Mixed())(t(1.0), 2, (t(2.0), 3), "a"), ([12.0],)),
        (lambda: ms.grad(lambda x, k: x * k, (0, 1))(t(1.0), 3), [3.0]),
        (lambda: ms.grad(lambda k: k * k)(3.0), ()),
        (lambda: get_all(NoArguments())(), ()),
        (lambda: ms.grad(net := NoArguments(), weights=net.w)(), ((), [6.0])),
        (lambda: ops.GradOperation(get_all=True, get_by_list=True)(net := NoArguments(), [net.w])(), ((), ([6.0],))),
        (
            lambda: ms.value_and_grad(lambda x: {"loss": x * x, "other": x * 3})(t(2.0)),
            ({"loss": [4.0], "other": [6.0]}, [7.0]),
        ),
        (
            lambda: ops.GradOperation(sens_param=True)(lambda x: {"a": x * x, "b": x * 3})(
                t(2.0), {"a": t(1.0), "b": t(10.0)}
            ),
            [34.0],
        ),
    ],
)
def test_arguments_and_results(case, expected):
    assert plain(case()) == expected


def ints(*values):
    return Tensor(list(values), ms.int32)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (lambda: ms.grad(lambda x: x * x)(ints(2, 3)), ("Int32", [4, 6])),
        (lambda: ms.grad(lambda x: x * 1.5)(ints(2, 3)), ("Int32", [1, 1])),
        (lambda: ms.grad(lambda x, y: x * y, (0, 1))(ints(2, 3), t(2.0, 3.0)), (("Int32", [2, 3]), [2.0, 3.0])),
        (lambda: ms.grad(ms.jit(lambda x, y: x * y), (0, 1))(ints(2, 3), t(2.0, 3.0)), (("Int32", [2, 3]), [2.0, 3.0])),
        (lambda: ms.grad(lambda i, y: ops.gather(y, i, 0), (0, 1))(ints(1, 0), t(2.0, 3.0)), (("Int32", [0, 0]), [1.0, 1.0])),
    ],
)  # fmt: skip
def test_integers_have_gradients_in_their_type(case, expected):
    assert plain(case()) == expected


def test_the_gradient_of_an_integer_weight():
    w = Parameter(ints(2, 3), name="w")
    assert plain(ms.grad(lambda x: x * w, 0, [w])(t(2.0, 3.0))) == ([2.0, 3.0], (("Int32", [2, 3]),))


def test_no_position():
    with pytest.raises(RuntimeError, match="'grad_position' must not be empty"):
        ms.grad(product, (), [])


class OwnGradient(nn.Cell):
    """Its gradients are 10, 100 and 7 times what they are, to tell them apart."""

    def __init__(self, flat=True):
        super().__init__()
        self.w = Parameter(t(2.0, 2.0), name="w")
        self.b = Parameter(t(1.0, 1.0), name="b")
        self.internal_params = [self.w, self.b]
        self.flat = flat

    def construct(self, x):
        return self.w * x + self.b

    def bprop(self, x, out, dout):
        weights = x * dout * 100, dout * 7
        return (self.w * dout * 10, *weights) if self.flat else (self.w * dout * 10, weights)


@pytest.mark.parametrize("flat", [True, False])
def test_bprop_gives_gradients_of_weights(flat):
    net = OwnGradient(flat)
    expected = [20.0, 20.0], ([100.0, 300.0], [7.0, 7.0])
    assert plain(ms.grad(net, 0, net.trainable_params())(t(1.0, 3.0))) == expected
    few = type("Few", (OwnGradient,), {"bprop": lambda self, x, out, dout: (dout,)})()
    with pytest.raises(RuntimeError, match="1 inputs and 2 internal_params, but it returned 1"):
        ms.grad(few)(t(1.0, 3.0))


def test_a_gradient_of_bprop_with_more_elements_is_summed():
    class Net(nn.Cell):
        def construct(self, x, y):
            return x * y

        def bprop(self, x, y, out, dout):
            return Tensor([[5.0, 6.0], [7.0, 8.0]]), Tensor([[[1.0, 2.0]]])

    found = ms.grad(Net(), (0, 1))(Tensor([[1.0, 3.0]]), Tensor([[2.0, 4.0]]))
    assert plain(found) == ([[12.0, 14.0]], [[1.0, 2.0]])


# ---------------------------------------------------------------- functions with their own gradient
function = importlib.import_module("minispore.common._grad_function")._Function


class Scaled(function):
    """x * x * k, with 100 times half its gradient."""

    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(x * 1.0)
        ctx.k = k
        return x * x * k

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * x * 100 * ctx.k, None


def test_a_function_with_a_saved_context():
    assert plain(Scaled.apply(t(3.0), 2.0)) == [18.0]
    assert plain(ms.grad(lambda x: Scaled.apply(x * 2, 2.0))(t(3.0))) == [2400.0]
    assert plain(ms.grad(ms.jit(lambda x: Scaled.apply(x * 2, 2.0)))(t(3.0))) == [2400.0]


def test_a_function_that_saves_its_context_apart():
    class Both(function):
        @staticmethod
        def forward(x, y=2.0):
            return x * y, x + y

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            ctx.mark_non_differentiable(output[1])

        @staticmethod
        def backward(ctx, g, unused):
            x, y = ctx.saved_tensors
            return g * y + unused, g * x

    def f(x, y):
        a, b = Both.apply(x, y)
        return a + 10 * b

    assert plain(ms.grad(f, (0, 1))(t(3.0), t(5.0))) == ([5.0], [3.0])


def test_custom_vjp():
    custom_vjp = importlib.import_module("minispore.ops.function.grad.grad_func").custom_vjp

    @custom_vjp
    def double(x):
        return x * 2.0

    double.defbwd(lambda x, out, dout: (dout * out,))
    assert plain(ms.grad(lambda x: double(x) * 3.0)(t(5.0))) == [30.0]


def test_no_grad():
    no_grad = importlib.import_module("minispore.common.api")._no_grad
    w = Parameter(t(1.0), name="w")

    def f(x):
        with no_grad():
            y = x * x
            ops.assign(w, y)
        return y * x + w * x

    assert plain(ms.grad(f, 0, w)(t(3.0))) == ([18.0], [3.0])

    @no_grad()
    def square(x):
        return x * x

    assert plain(ms.grad(lambda x: square(x) * x)(t(3.0))) == [9.0]
    assert plain(ms.grad(lambda x: x * x * x)(t(3.0))) == [27.0]


# ---------------------------------------------------------------- names in containers
def test_names_of_cells_that_are_set_later():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.d = nn.CellDict({"a": nn.Dense(1, 1, has_bias=False)})
            self.d["b"] = nn.Dense(1, 1, has_bias=False)
            self.layers = nn.CellList([nn.Dense(1, 1, has_bias=False)])
            self.layers += [nn.Dense(1, 1, has_bias=False)]

    class Outer(nn.Cell):
        def __init__(self):
            super().__init__()
            self.net = Net()

    names = ["d.a.weight", "d.b.weight", "layers.0.weight", "layers.1.weight"]
    assert [p.name for p in Net().get_parameters()] == names
    outer = Outer()
    outer.net.d["c"] = nn.Dense(1, 1, has_bias=False)
    outer.net.layers.append(nn.Dense(1, 1, has_bias=False))
    assert {p.name for p in outer.get_parameters()} == {
        f"net.{name}" for name in [*names, "d.c.weight", "layers.2.weight"]
    }
    with pytest.raises(TypeError):
        outer.net.layers += nn.Dense(1, 1)


def test_an_argument_by_name_in_another_order_is_another_call():
    first = get_all(product)
    np.testing.assert_array_equal(first(x=t(3.0), y=t(1.0))[0].asnumpy(), [1.0])
    np.testing.assert_array_equal(first(y=t(1.0), x=t(3.0))[0].asnumpy(), [6.0])


def test_the_weights_that_are_meant_where_none_are_given(mode):
    found = plain(ops.GradOperation(get_all=True, get_by_list=True)(NoArguments(), None)())
    assert found == (((), ()) if ms.get_context("mode") == ms.GRAPH_MODE else ((), ([6.0],)))


def test_integers_in_vjp_and_jvp():
    value, pull = ops.vjp(lambda x: x * 3, Tensor([2], ms.int32))
    assert plain((value, *pull(Tensor([1], ms.int32)))) == (("Int32", [6]), ("Int32", [3]))
    assert plain(ops.jvp(lambda x: x * 3, Tensor([2], ms.int32), Tensor([1], ms.int32))) == (
        ("Int32", [6]),
        ("Int32", [3]),
    )


@pytest.mark.parametrize(
    "made, error",
    [
        (lambda x, y, g: (g,), None),
        (lambda x, y, g: (g, 2), TypeError),
        (lambda x, y, g: (g, y.astype(ms.float64)), TypeError),
        (lambda x, y, g: (g, ops.ones((3,))), ValueError),
    ],
)
def test_gradients_of_a_bprop_are_checked_where_it_is_asked(made, error):
    class Net(nn.Cell):
        def construct(self, x, y):
            return 2 * x + y

        def bprop(self, x, y, out, dout):
            return made(x, y, dout)

    if error is None:  # the class depends on the mode
        error = ValueError if ms.get_context("mode") == ms.GRAPH_MODE else TypeError
    ms.set_context(check_bprop=True)
    try:
        with pytest.raises(error):
            ops.GradOperation(get_all=True)(Net())(t(1.0, 2.0), t(1.0, 2.0))
    finally:
        ms.set_context(check_bprop=False)


def test_vjp_and_jvp_of_integers():
    """In the type of the input, or of the result."""
    i, v = ms.Tensor([1, 2, 3], ms.int32), ms.Tensor([1.0, 2.0, 3.0])
    value, pull = ms.vjp(lambda x: x * x, i)
    (gradient,) = pull(ms.Tensor([1, 1, 1], ms.int32))
    assert value.dtype == gradient.dtype == ms.int32 and gradient.asnumpy().tolist() == [2, 4, 6]
    _, pull = ms.vjp(lambda x, y: x * y, i, v)
    first, second = pull(v)
    assert (first.dtype, second.dtype) == (ms.int32, ms.float32) and first.asnumpy().tolist() == [1, 4, 9]
    value, change = ms.jvp(lambda x: x * x, i, ms.Tensor([1, 1, 1], ms.int32))
    assert change.dtype == ms.int32 and change.asnumpy().tolist() == [2, 4, 6]
    _, change = ms.jvp(lambda x, y: x * y, (i, v), (ms.Tensor([1, 1, 1], ms.int32), v))
    assert change.dtype == ms.float32 and change.asnumpy().tolist() == [2, 6, 12]


def test_gradients_by_bools(mode):
    """A sum passes the gradient on, as a bool: whether it is not zero."""
    x, flags = Tensor([2.0, 3.0]), Tensor([True, False])
    found = ops.GradOperation(get_all=True, sens_param=True)(lambda x, b: x + b)(x, flags, Tensor([0.5, 0.0]))
    assert [g.dtype for g in found] == [ms.float32, ms.bool_]
    assert found[0].asnumpy().tolist() == [0.5, 0.0] and found[1].asnumpy().tolist() == [True, False]


def test_one_tensor_given_twice(mode):
    """Op by op the gradient is the whole one at both places, as in MindSpore; compiled, each place has its own."""
    x = Tensor([3.0])
    found = [g.item() for g in ms.grad(lambda a, b: a * a * b, (0, 1))(x, x)]
    assert found == ([18.0, 9.0] if ms.get_context("mode") == ms.GRAPH_MODE else [27.0, 27.0])


def test_no_gradient_within_no_grad():
    from minispore import _no_grad

    with _no_grad(), pytest.raises(RuntimeError, match="In no_grad context, you can not calculate gradient"):
        ms.grad(lambda x: x * x)(Tensor([3.0]))


def test_a_parameter_that_is_an_argument_too(mode):
    """A graph keeps the argument and the Parameter apart; run step by step both are the one Parameter."""

    class Scaled(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor([3.0]), name="w")

        def construct(self, x):
            return self.w * x

    net = Scaled()
    to_input, to_weights = ops.GradOperation(get_all=True, get_by_list=True)(net, [net.w])(net.w)
    expected = 3.0 if ms.get_context("mode") == ms.GRAPH_MODE else 6.0
    assert to_input[0].asnumpy().tolist() == [expected]
    assert to_weights[0].asnumpy().tolist() == [expected]
