"""Tests that follow from each op's definition: inferred type, both modes, gradient and second order, awkward inputs."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor
from minispore.core.dtype import from_np
from minispore.core.ir import verify
from minispore.core.op import REGISTRY, apply
from minispore.core.record import Value
from minispore.graph import python_kernels
from minispore.graph.build import fused
from minispore.graph.calls import Call
from minispore.graph.lower import Builder
from minispore.graph.passes import optimise
from minispore.graph.trace import trace

CASES = [(name, k) for name, op in sorted(REGISTRY.items()) for k in range(len(op.samples))]
IDS = [f"{name}-{k}" for name, k in CASES]


def sample_of(name, k, float_type=np.float32):
    op = REGISTRY[name]
    *inputs, attrs = op.samples[k] if isinstance(op.samples[k][-1], dict) else (*op.samples[k], {})
    return op, [s.make(11 * k + j, float_type) for j, s in enumerate(inputs)], attrs


def results(op, tensors, attrs):
    return apply(op, tensors, attrs)


def weights_of(shape, dtype):
    return np.cos(0.7 * np.arange(int(np.prod(shape))) + 0.3).reshape(shape).astype(dtype)


def floats(arrays):
    return [j for j, a in enumerate(arrays) if a.dtype.kind == "f"]


def loss_of(op, attrs):
    """A scalar function that weighs every float output, and so shows every part of the gradient."""

    def loss(*tensors):
        total = None
        for out in results(op, tensors, attrs):
            if out.dtype.is_float:
                part = (out * Tensor(weights_of(out.shape, out.dtype.np))).sum()
                total = part if total is None else total + part
        return total

    return loss


def numeric_gradient(f, arrays, which, step=1e-6):
    x = arrays[which]
    g = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        a = f(*[up if j == which else b for j, b in enumerate(arrays)])
        b = f(*[down if j == which else b for j, b in enumerate(arrays)])
        g[i] = (a - b) / (2 * step)
    return g


@pytest.mark.quick
@pytest.mark.parametrize("float_type", [np.float32, np.float64])
@pytest.mark.parametrize("name, k", CASES, ids=IDS)
def test_type_and_both_modes(name, k, float_type):
    op, arrays, attrs = sample_of(name, k, float_type)
    eager = op.evaluate(*arrays, **attrs)
    inferred = op.infer(*[Value(a.shape, from_np(a.dtype), kind="input") for a in arrays], **attrs)
    assert [(tuple(s), d.np) for s, d in inferred] == [(e.shape, e.dtype) for e in eager]
    verify(optimise(trace(lambda *t: results(op, t, attrs), [Tensor(a) for a in arrays], {})[0]))
    compiled = ms.jit(lambda *t: results(op, t, attrs))(*[Tensor(a) for a in arrays])
    tolerance = 5e-6 if float_type == np.float32 else 1e-11
    for c, e in zip(compiled, eager):
        assert c.shape == e.shape and c.dtype.np == e.dtype
        scale = max(1.0, float(np.abs(e).max(initial=0)))  # an element may be the small difference of large terms
        np.testing.assert_allclose(c.asnumpy(), e, rtol=tolerance, atol=tolerance * scale)


@pytest.mark.parametrize("name, k", CASES, ids=IDS)
def test_awkward_inputs(name, k):
    """Non-contiguous and read-only arrays give what their copies give."""
    op, arrays, attrs = sample_of(name, k)
    expected = op.evaluate(*arrays, **attrs)
    awkward = []
    for a in arrays:
        wide = np.zeros((*a.shape, 2), a.dtype)
        wide[..., 0] = a
        view = wide[..., 0]
        view.flags.writeable = False
        awkward.append(view)
    tensors = [Tensor.from_numpy(a) for a in awkward]
    for got in (results(op, tensors, attrs), ms.jit(lambda *t: results(op, t, attrs))(*tensors)):
        for g, e in zip(got, expected):
            scale = max(1.0, float(np.abs(e).max(initial=0)))
            np.testing.assert_allclose(g.asnumpy(), e, rtol=1e-5, atol=1e-5 * scale)


def differentiable():
    for name, k in CASES:
        op, arrays, _ = sample_of(name, k)
        if op.vjp is not None and floats(arrays):
            yield name, k


GRAD_CASES = list(differentiable())


@pytest.mark.quick
@pytest.mark.parametrize("name, k", GRAD_CASES, ids=[f"{n}-{k}" for n, k in GRAD_CASES])
def test_gradient_against_finite_differences(name, k):
    op, arrays, attrs = sample_of(name, k, np.float64)
    loss, positions = loss_of(op, attrs), tuple(floats(arrays))
    got = ms.grad(loss, positions)(*[Tensor(a) for a in arrays])
    got = got if isinstance(got, tuple) else (got,)

    def value(*xs):
        return float(loss(*[Tensor(x) for x in xs]))

    for j, g in zip(positions, got):
        np.testing.assert_allclose(g.asnumpy(), numeric_gradient(value, arrays, j), rtol=1e-5, atol=1e-6)
    ms.set_context(mode=ms.GRAPH_MODE)
    compiled = ms.grad(loss, positions)(*[Tensor(a) for a in arrays])
    for c, g in zip(compiled if isinstance(compiled, tuple) else (compiled,), got):
        np.testing.assert_allclose(c.asnumpy(), g.asnumpy(), rtol=1e-10, atol=1e-10)


SMOOTH = [(n, k) for n, k in GRAD_CASES if REGISTRY[n].smooth]


@pytest.mark.parametrize("name, k", SMOOTH, ids=[f"{n}-{k}" for n, k in SMOOTH])
def test_second_order_where_smooth(name, k):
    op, arrays, attrs = sample_of(name, k, np.float64)
    positions = tuple(floats(arrays))

    def first(*tensors):
        """A scalar of the gradient; its own gradient is a hessian-vector product."""
        g = ms.grad(loss_of(op, attrs), positions)(*tensors)
        total = None
        for x in g if isinstance(g, tuple) else (g,):
            part = (x * Tensor(weights_of(x.shape, np.float64)[::-1].copy() if x.ndim else np.array(1.0))).sum()
            total = part if total is None else total + part
        return total

    got = ms.grad(first, positions)(*[Tensor(a) for a in arrays])

    def value(*xs):
        return float(first(*[Tensor(x) for x in xs]))

    for j, g in zip(positions, got if isinstance(got, tuple) else (got,)):
        np.testing.assert_allclose(g.asnumpy(), numeric_gradient(value, arrays, j), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", [n for n, op in sorted(REGISTRY.items()) if op.kind == "elementwise" and op.samples])
def test_empty_and_scalar_inputs(name):
    op, arrays, attrs = sample_of(name, 0)
    for shape in ((0, 3), ()):
        given = [Tensor(np.resize(a.ravel()[:1], shape).astype(a.dtype)) for a in arrays]
        out = results(op, given, attrs)[0]
        compiled = ms.jit(lambda *t: results(op, t, attrs))(*given)[0]
        assert out.shape == compiled.shape == shape and out.dtype == compiled.dtype
        np.testing.assert_allclose(compiled.asnumpy(), out.asnumpy(), rtol=5e-6, atol=5e-6)


def kernels_exist(function, tensors) -> bool:
    """Whether each kernel that the compiled function calls has source for its types."""
    builder = Builder(*fused(trace(function, tensors, {})[0]), 1)
    try:
        for call in [item for item in builder.run() if isinstance(item, Call)]:
            for source in call.sources:
                python_kernels._function(source, {})
    except NameError:  # a type that kernels only load and store
        return False
    return True


def test_gradients_of_what_takes_16_bit_floats_take_them_too(graph_mode):
    """What moves elements takes all types; its gradient adds them, for which kernels have no 16-bit types."""
    taken, wrong = [], []
    for name, op in sorted(REGISTRY.items()):
        if op.kind != "library" or not op.samples or not floats(sample_of(name, 0)[1]):
            continue
        _, arrays, attrs = sample_of(name, 0)
        tensors = tuple(Tensor(a).astype(ms.bfloat16) if a.dtype.kind == "f" else Tensor(a) for a in arrays)
        which = tuple(floats(arrays))
        try:
            if kernels_exist(lambda *x, op=op, attrs=attrs: results(op, x, attrs), tensors):
                taken.append(name)
                if not kernels_exist(ms.grad(loss_of(op, attrs), which), tensors):
                    wrong.append(name)
        except (TypeError, ValueError):  # it refuses them, or gives no floats
            continue
    assert not wrong and "take_at" in taken and "pick_places" in taken
