"""jvp, vjp, Jacobians and their compositions, against jax, finite differences and recorded values of MindSpore."""

import copy
import dataclasses
import functools
import pickle

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def equal(got, expected, tolerance=1e-6):
    got = got.asnumpy() if isinstance(got, Tensor) else got
    assert got.shape == np.shape(expected)
    np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)


def floats(*numbers):
    return Tensor(np.array(numbers, np.float32))


X, Y = floats(1, 2, 3), floats(4, 5, 6)


# ---------------------------------------------------------------- what MindSpore 2.10 gives
def three(a, b):
    return a**3 * b, a, b


@pytest.mark.quick
def test_jvp_as_in_mindspore(mode):
    # mindspore.jvp(three, (x, y), (y, x)), and with has_aux=True
    value, change = ms.jvp(three, (X, Y), (Y, X))
    for got, expected in zip(
        (*value, *change), ([4, 40, 162], [1, 2, 3], [4, 5, 6], [49, 316, 1053], [4, 5, 6], [1, 2, 3])
    ):
        equal(got, expected)
    value, change, aux = ms.jvp(three, [X, Y], [Y, X], has_aux=True)
    equal(value, [4, 40, 162])
    equal(change, [49, 316, 1053])
    assert isinstance(aux, tuple)
    equal(aux[1], [4, 5, 6])


def test_jvp_of_what_does_not_depend_on_the_inputs_is_zero(mode):
    (_, constant), (_, change) = ms.jvp(lambda a: (a * 2.0, Tensor(3.0)), X, Y)
    assert constant.asnumpy() == 3.0 and change.asnumpy() == 0.0


@pytest.mark.quick
def test_vjp_as_in_mindspore(mode):
    # out, f = mindspore.vjp(three, x, y); f(y, x, x)
    value, pull = ms.vjp(three, X, Y)
    equal(value[0], [4, 40, 162])
    for given in ((Y, X, X), ((Y, X, X),)):
        gx, gy = pull(*given)
        equal(gx, [49, 302, 975])
        equal(gy, [5, 42, 165])
    value, pull, aux = ms.vjp(three, X, Y, has_aux=True)
    gx, gy = pull(Y)
    equal(gx, [48, 300, 972])
    equal(gy, [4, 40, 162])
    equal(aux[0], [1, 2, 3])


def test_vjp_with_weights_as_in_mindspore(mode):
    net = nn.Dense(3, 2)
    net.weight.set_data(ops.ones((2, 3)))
    x = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
    _, pull = ms.vjp(net, x, weights=net.trainable_params())
    (gx,), (gw, gb) = pull(ops.ones((2, 2)))
    equal(gx, np.full((2, 3), 2.0))
    equal(gw, [[3, 5, 7], [3, 5, 7]])
    equal(gb, [2, 2])
    _, pull = ms.vjp(net, x, weights=net.weight)
    equal(pull(ops.ones((2, 2)))[1], [[3, 5, 7], [3, 5, 7]])


def test_a_pull_can_be_used_again(mode):
    _, pull = ms.vjp(ops.sin, X)
    equal(pull(ops.ones(3))[0], np.cos([1, 2, 3]))
    equal(pull(Y)[0], np.cos([1, 2, 3]) * [4, 5, 6])


def test_a_pull_repeats_the_call_that_it_belongs_to(mode):
    """The same random numbers, and no Parameter changes once more."""
    count = ms.Parameter(Tensor(0.0), name="count")

    def f(x):
        ops.assign_add(count, Tensor(1.0))
        return ops.dropout(x, 0.5) * count

    x = ops.ones(64)
    value, pull = ms.vjp(f, x)
    for _ in range(2):
        equal(pull(x)[0], value.asnumpy())
    value, push = ops.linearize(f, x)
    for _ in range(2):
        equal(push(x), value.asnumpy())
    assert float(count) == 2.0
    first, second = ms.vjp(f, x)[0].asnumpy(), ms.vjp(f, x)[0].asnumpy()
    assert ((first != 0) != (second != 0)).any()


def test_cells_jvp_and_vjp_as_in_mindspore(mode):
    # nn.Jvp(lambda a, b: a * b)(x, y, (y, x)), nn.Vjp(...)(x, y, y); one input gives no tuple
    value, change = nn.Jvp(lambda a, b: a * b)(X, Y, (Y, X))
    equal(value, [4, 10, 18])
    equal(change, [17, 29, 45])
    _, (gx, gy) = nn.Vjp(lambda a, b: a * b)(X, Y, Y)
    equal(gx, [16, 25, 36])
    equal(gy, [4, 10, 18])
    equal(nn.Vjp(ops.square)(X, Y)[1], [8, 20, 36])


def test_linearize(mode):
    value, push = ops.linearize(lambda a, b: a**3 * b, (X, Y))
    equal(value, [4, 40, 162])
    equal(push((Y, X)), [49, 316, 1053])
    equal(push(Y, X), [49, 316, 1053])


@pytest.mark.quick
@pytest.mark.parametrize("jacobian", [ms.jacrev, ms.jacfwd])
def test_jacobian_of_several_outputs_and_inputs(jacobian, mode):
    x, y, z = [Tensor(draw(k, 2, 2).astype(np.float32)) for k in range(3)]
    found = jacobian(lambda x, y, z: (x**2 + y**2 + z**2, x * y * z), grad_position=(1, 2))(x, y, z)
    ax, ay, az = x.asnumpy(), y.asnumpy(), z.asnumpy()

    def diagonal(d):
        return np.diag(d.ravel()).reshape(2, 2, 2, 2)

    for got, expected in zip((*found[0], *found[1]), (2 * ay, 2 * az, ax * az, ax * ay)):
        equal(got, diagonal(expected))
    first, aux = jacobian(lambda x, y: (x * y, x + y), has_aux=True)(x, y)
    equal(first, diagonal(ay))
    equal(aux, ax + ay)


# ---------------------------------------------------------------- structures and callables
@dataclasses.dataclass
class Pair:
    w: Tensor
    b: Tensor


def test_structures_in_and_out(mode):
    a, b = floats(1, 2), floats(3, 5)
    equal(ms.grad(lambda p: (p["w"] * p["b"]).sum())({"w": a, "b": b})["w"], [3, 5])
    equal(ms.grad(lambda p: (p.w * p.b).sum())(Pair(a, b)).b, [1, 2])
    equal(ms.grad(lambda p: (p[0] * p[1]).sum())([a, b])[1], [1, 2])
    _, change = ms.jvp(lambda p: {"out": [p["w"] * p["b"]]}, {"w": a, "b": b}, {"w": b, "b": a})
    equal(change["out"][0], [10, 29])
    equal(ms.jacfwd(lambda p: {"out": p.w * p.b})(Pair(a, b))["out"].w, np.diag([3, 5]))
    _, pull = ms.vjp(lambda p: p["w"] * 2.0, {"w": a, "b": b})
    (found,) = pull(a)
    equal(found["w"], [2, 4])
    equal(found["b"], [0, 0])


class Scaled:
    factor = 3.0

    def apply(self, x, power=1):
        return (x * self.factor) ** power


def test_methods_partials_and_keywords(mode):
    equal(ms.grad(Scaled().apply)(X, power=2), [18, 36, 54])
    equal(ms.jacrev(Scaled().apply)(X, power=2), np.diag([18, 36, 54]))
    equal(ms.jvp(functools.partial(Scaled().apply, power=2), X, Y)[1], [72, 180, 324])
    equal(ms.grad(functools.partial(lambda a, x: (a * x).sum(), Y))(X), [4, 5, 6])


def test_a_python_condition_on_a_value_in_pynative():
    f = lambda x: x * 2.0 if float(x.sum()) > 0 else x * 3.0
    equal(ms.jacrev(f)(X), np.diag([2, 2, 2]))
    equal(ms.jacfwd(f)(-X), np.diag([3, 3, 3]))
    equal(ms.jvp(f, -X, Y)[1], [12, 15, 18])


def test_stopped_gradients_have_no_tangent(mode):
    equal(ms.jvp(lambda x: x * ops.stop_gradient(x), X, Y)[1], [4, 10, 18])


class Cube(nn.Cell):
    def construct(self, x):
        return x**3

    def bprop(self, x, out, dout):
        return (3.0 * x * x * dout,)


def test_a_custom_gradient_has_forward_and_second_derivatives(mode):
    equal(ms.jvp(Cube(), X, Y)[1], [12, 60, 162])
    equal(ms.jacfwd(ms.grad(lambda x: Cube()(x).sum()))(X), np.diag([6, 12, 18]))


# ---------------------------------------------------------------- compositions
def smooth(lib):
    return lambda x: lib.sin(x[0] * x[1]) * lib.exp(-x[1] * x[1]) + lib.tanh(x[0]) ** 3


COMPOSED = {
    "grad of grad": lambda m, f: m.grad(lambda x: m.grad(f)(x).sum()),
    "grad of grad of grad": lambda m, f: m.grad(lambda x: (m.grad(lambda y: m.grad(f)(y)[0])(x) ** 2).sum()),
    "jacfwd of jacrev": lambda m, f: m.jacfwd(m.jacrev(f)),
    "jacrev of jacfwd": lambda m, f: m.jacrev(m.jacfwd(f)),
    "jacfwd of jacfwd": lambda m, f: m.jacfwd(m.jacfwd(f)),
    "third derivatives": lambda m, f: m.jacfwd(m.jacrev(m.grad(f))),
    "jvp of grad": lambda m, f: lambda x: push(m)(m.grad(f), x, x * x),
    "grad of jvp": lambda m, f: m.grad(lambda x: push(m)(f, x, x * x)),
    "jvp of jvp": lambda m, f: lambda x: push(m)(lambda y: push(m)(f, y, y * y), x, x),
    "grad of vjp": lambda m, f: m.grad(lambda x: (m.vjp(m.grad(f), x)[1](x * x)[0] ** 2).sum()),
    "jvp of vjp": lambda m, f: lambda x: push(m)(lambda y: m.vjp(m.grad(f), y)[1](y * y)[0], x, x),
    "vmap of grad": lambda m, f: lambda x: m.vmap(m.grad(f))(grid(x)),
    "grad of vmap": lambda m, f: m.grad(lambda x: (m.vmap(f)(grid(x)) ** 2).sum()),
    "vmap of hessian": lambda m, f: lambda x: m.vmap(m.jacfwd(m.jacrev(f)))(grid(x)),
    "hessian of vmap": lambda m, f: m.jacfwd(m.jacrev(lambda x: (m.vmap(f)(grid(x)) ** 2).sum())),
    "vmap of grad of vmap": lambda m, f: lambda x: m.vmap(m.grad(lambda y: m.vmap(f)(grid(y)).sum()))(grid(x)),
    "vmap of jvp": lambda m, f: lambda x: m.vmap(lambda y, v: push(m)(f, y, v))(grid(x), grid(x * x)),
    "vmap of vmap": lambda m, f: lambda x: m.vmap(m.vmap(f))(grid(x)[None]),
    "jacrev of vmap of grad": lambda m, f: m.jacrev(lambda x: m.vmap(m.grad(f))(grid(x))),
}


def push(m):
    return lambda f, x, v: (m.jvp(f, (x,), (v,)))[1]


def grid(x):
    """(3, 2) from (2,): three points."""
    return x[None] * np_like(x, [[1.0], [0.5], [-2.0]])


def np_like(x, numbers):
    if isinstance(x, Tensor):
        return Tensor(np.array(numbers))
    import jax.numpy as jnp

    return jnp.asarray(numbers)


COMPILED = (
    "grad of grad",
    "jacfwd of jacrev",
    "jvp of grad",
    "grad of jvp",
    "vmap of grad",
    "grad of vmap",
    "vmap of vmap",
)


@pytest.mark.parametrize(
    "name, mode", [*[(n, "pynative") for n in COMPOSED], *[(n, "graph") for n in COMPILED]], indirect=["mode"]
)
def test_composed_transforms_against_jax(name, mode):
    jax = pytest.importorskip("jax")
    point = np.array([0.7, -0.4])
    jax.config.update("jax_enable_x64", True)
    try:
        expected = np.asarray(COMPOSED[name](jax, smooth(jax.numpy))(jax.numpy.asarray(point)))
    finally:
        jax.config.update("jax_enable_x64", False)
    equal(COMPOSED[name](ms, smooth(ops))(Tensor(point)), expected, 1e-10)


def test_hessian_of_a_network_is_the_difference_of_its_gradients(mode):
    net = nn.SequentialCell(nn.Dense(3, 4, dtype=ms.float64), nn.Tanh(), nn.Dense(4, 1, dtype=ms.float64))
    for k, p in enumerate(net.trainable_params()):
        p.set_data(Tensor(draw(k, *p.shape)))
    x = draw(9, 3)

    def f(x):
        return net(ops.reshape(x, (1, 3))).sum()

    hessian = ms.jacfwd(ms.jacrev(f))(Tensor(x)).asnumpy()
    gradient, step = ms.grad(f), 1e-5
    for k in range(3):
        e = np.zeros(3)
        e[k] = step
        difference = (gradient(Tensor(x + e)).asnumpy() - gradient(Tensor(x - e)).asnumpy()) / (2 * step)
        np.testing.assert_allclose(hessian[:, k], difference, atol=1e-8)


LAYERS = {
    "convolution": (lambda: nn.Conv2d(2, 3, 3, has_bias=True, dtype=ms.float64), (1, 2, 4, 4)),
    "normalisation": (lambda: nn.LayerNorm((5,)), (2, 5)),
    "softmax": (lambda: nn.Softmax(), (2, 5)),
    "pooling": (lambda: nn.AvgPool2d(2, 2), (1, 2, 4, 4)),
    "recurrence": (lambda: nn.LSTM(3, 2), (3, 1, 3)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_forward_and_reverse_derivatives_agree(name):
    """v . (J u) = (v J) . u, and J u is the central difference."""
    make, shape = LAYERS[name]
    cell = make()

    def f(x):
        out = cell(x)
        return out[0] if isinstance(out, tuple) else out

    x, u = Tensor(draw(1, *shape)), Tensor(draw(2, *shape))
    value, change = ms.jvp(f, x, u)
    v = Tensor(draw(3, *value.shape))
    (pulled,) = ms.vjp(f, x)[1](v.astype(value.dtype))
    assert float((v * change).sum()) == pytest.approx(float((pulled * u).sum()), rel=1e-5)
    h = 1e-5
    np.testing.assert_allclose(
        change.asnumpy(), ((f(x + u * h) - f(x - u * h)) / (2 * h)).asnumpy(), rtol=1e-4, atol=1e-5
    )


# ---------------------------------------------------------------- once compiled
def test_a_transform_of_the_same_function_compiles_once(graph_mode):
    from minispore.graph.stats import STATS

    def f(x):
        return ops.sin(x) * x

    calls = [
        lambda: ms.grad(f)(X), lambda: ms.jvp(f, X, Y), lambda: ms.vjp(f, X)[1](Y), lambda: ms.jacrev(f)(X),
        lambda: ms.vmap(f)(X),
    ]  # fmt: skip
    for call in calls:
        call()
    before = STATS.traces
    for call in calls:
        call()
    assert STATS.traces == before


def test_what_is_kept_with_a_cell_does_not_follow_its_copies(graph_mode):
    net = nn.Dense(3, 1)
    ms.grad(net)(X)
    twin, again = copy.deepcopy(net), pickle.loads(pickle.dumps(net))
    for other in (twin, again):
        other.weight.set_data(ops.zeros((1, 3)))
        equal(ms.grad(other)(X), [0, 0, 0])
    equal(ms.grad(net)(X), net.weight.asnumpy()[0])


# ---------------------------------------------------------------- arguments of grad
def test_sens_param_of_grad(mode):
    # mindspore.value_and_grad(lambda x: x * x, 0, sens_param=True)(x, y), and with sens=y
    equal(ms.grad(ops.square, sens_param=True)(X, Y), [8, 20, 36])
    equal(ms.value_and_grad(ops.square, 0, sens_param=True)(X, sens=Y)[1], [8, 20, 36])


def test_return_ids(mode):
    net = nn.Dense(3, 2)
    found = ms.grad(lambda x, y: net(x).sum() * y, (0, 1), net.trainable_params(), return_ids=True)(X, Tensor(2.0))
    equal(ms.get_grad(found, 0), 2 * net.weight.asnumpy().sum(0))
    equal(ms.get_grad(found, net.bias), [2, 2])
    with pytest.raises(RuntimeError, match="no gradient of 5"):
        ms.get_grad(found, 5)
    with pytest.raises(TypeError, match="'identifier'"):
        ms.get_grad(found, "weight")


def test_unconnected_inputs_and_parameters_get_zeros(mode):
    other = ms.Parameter(ops.ones(2), name="other")
    by_input, by_weight = ms.grad(lambda x, y: x.sum(), (0, 1), [other])(X, Y)
    equal(by_input[1], [0, 0, 0])
    equal(by_weight[0], [0, 0])


# ---------------------------------------------------------------- errors
WRONG = {
    "Jacobian of an integer": (TypeError, "holds Int64", lambda: ms.jacrev(ops.square)(Tensor([1]))),
    "position out of range": (
        (IndexError, RuntimeError),
        "'grad_position' 3 is out of range",
        lambda: ms.grad(ops.square, 3)(X),
    ),
    "negative position": (ValueError, "must not be negative", lambda: ms.grad(ops.square, -1)),
    "position twice": (ValueError, "twice", lambda: ms.grad(ops.mul, (0, 0))),
    "position a list": (TypeError, "an int or a tuple", lambda: ms.grad(ops.square, [0])),
    "nothing wanted": (ValueError, "both be None", lambda: ms.grad(ops.square, None)),
    "has_aux a number": (TypeError, "'has_aux' must be a bool", lambda: ms.grad(ops.square, has_aux=1)),
    "return_ids a number": (TypeError, "'return_ids' must be a bool", lambda: ms.grad(ops.square, return_ids=1)),
    "has_aux with one output": (ValueError, "at least two results", lambda: ms.grad(ops.square, has_aux=True)(X)),
    "sens of another shape": (
        ValueError,
        r"sensitivity must have the shape \(3,\)",
        lambda: ms.grad(ops.square, sens_param=True)(X, floats(1, 2)),
    ),
    "jvp with too few directions": (ValueError, "each of the 2 inputs", lambda: ms.jvp(ops.mul, (X, Y), (X,))),
    "jvp of another shape": (ValueError, "form and shapes", lambda: ms.jvp(ops.square, X, floats(1, 2))),
    "jvp of another type": (TypeError, "types of 'inputs'", lambda: ms.jvp(ops.square, X, Tensor([1, 2, 3]))),
    "jvp of a number": (TypeError, "must hold Tensors", lambda: ms.jvp(ops.square, 3.0, X)),
    "jvp of no function": (TypeError, "'fn' must be", lambda: ms.jvp(3, X, X)),
    "jvp has_aux": (ValueError, "at least two results", lambda: ms.jvp(ops.square, X, X, has_aux=True)),
    "vjp of a number": (TypeError, "must be a Tensor", lambda: ms.vjp(ops.mul, X, 3.0)),
    "vector of another shape": (ValueError, "shape of its output", lambda: ms.vjp(ops.square, X)[1](floats(1, 2))),
    "vector a number": (TypeError, "must be Tensors", lambda: ms.vjp(ops.square, X)[1](2.0)),
    "vector missing": (ValueError, "1 outputs", lambda: ms.vjp(ops.square, X)[1]()),
    "Jacobian has_aux": (TypeError, "'has_aux'", lambda: ms.jacfwd(ops.square, has_aux=3)),
}


@pytest.mark.parametrize("name", WRONG)
def test_errors_say_what_is_wrong_and_where(name, mode):
    kind, text, call = WRONG[name]
    with pytest.raises(kind, match=text) as caught:
        call()
    assert type(caught.value) in (kind if isinstance(kind, tuple) else (kind,)) and "test_transforms.py" in str(
        caught.value
    )


# ---------------------------------------------------------------- check_grads
class Wrong(nn.Cell):
    def construct(self, x, y):
        return x * y

    def bprop(self, x, y, out, dout):
        return y * dout, x * dout * Tensor([1.0, 1.0, 1.5])


def test_check_grads_passes_what_is_right(mode):
    x, y = Tensor(draw(1, 3)), Tensor(draw(2, 3))
    ms.check_grads(lambda x, y: (ops.sin(x) * y, {"sum": x.sum()}), (x, y))
    ms.check_grads(lambda p, k: p["w"] ** k, ({"w": ops.abs(x) + 1.0}, 3), order=2)


def test_check_grads_names_argument_and_element():
    x, y = Tensor(draw(1, 3)), Tensor(draw(2, 3))
    with pytest.raises(AssertionError, match=r"order 1, reverse \(vjp\): argument 1, element \[2\]: .*1 of 3 elements"):
        ms.check_grads(Wrong(), (x, y), modes="rev")
    with pytest.raises(AssertionError, match=r"order 1, forward \(jvp\): output 0, element \[2\]"):
        ms.check_grads(Wrong(), (x, y), order=1, modes=("fwd",))


class WrongTwice(nn.Cell):
    """The gradient is right, what it is computed from is cut off."""

    def construct(self, x):
        return x**3

    def bprop(self, x, out, dout):
        return (3.0 * ops.stop_gradient(x * x) * dout,)


def test_check_grads_finds_a_wrong_second_derivative():
    x = (Tensor(draw(1, 2)),)
    ms.check_grads(WrongTwice(), x, order=1)
    with pytest.raises(AssertionError, match="order 2"):
        ms.check_grads(WrongTwice(), x, order=2)


@pytest.mark.parametrize("wrong", [{"modes": ("up",)}, {"modes": ()}, {"order": 0}, {"order": 1.5}])
def test_check_grads_checks_its_arguments(wrong):
    with pytest.raises(ValueError, match="check_grads"):
        ms.check_grads(ops.sin, X, **wrong)
    with pytest.raises(ValueError, match="Tensor of floats"):
        ms.check_grads(ops.sin, Tensor([1, 2]))
