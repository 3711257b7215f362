"""Values that a fused unit needs in several loops over a row: they are computed once and wait in the row of a result."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops


def exact_softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sources(f, *arguments):
    return "\n".join(k.source for k in f.graph(*arguments).kernels)


def with_gradient(f):
    def both(x, g):
        out, backward = ms.vjp(f, x)
        return out, *backward(g)

    return ms.jit(both)


@pytest.mark.quick
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(3, 5, 100), (2, 33), (1, 40000)])
def test_softmax_with_its_gradient(kind, shape, graph_mode):
    x, g = np.random.default_rng(0).standard_normal((2, *shape)).astype(kind)
    f = with_gradient(lambda x: ops.softmax(x, -1))
    out, by_x = f(Tensor(x), Tensor(g))
    wide, wide_g = x.astype(np.float64), g.astype(np.float64)
    wanted = exact_softmax(wide)
    tolerance = 1e-5 if kind is np.float32 else 1e-12
    np.testing.assert_allclose(out.asnumpy(), wanted, rtol=tolerance)
    gradient = wanted * (wide_g - (wide_g * wanted).sum(-1, keepdims=True))
    np.testing.assert_allclose(by_x.asnumpy(), gradient, rtol=tolerance, atol=tolerance * wanted.max())
    calls = sources(f, Tensor(x), Tensor(g)).count(f"exp_{np.dtype(kind).name}(")
    assert calls == 1 or x[0].nbytes > 100_000


def test_more_values_than_results(graph_mode):
    """Two of them and one result to keep them in, which is a part of a larger one."""
    (x,) = np.random.default_rng(1).standard_normal((1, 6, 50)).astype(np.float32)

    @ms.jit
    def f(x):
        a, b = ops.exp(x), ops.tanh(x)
        y = a / a.sum(-1, keepdims=True) + b / (b * b).sum(-1, keepdims=True)
        return ops.cat((y, x), 1)

    a, b = np.exp(x.astype(np.float64)), np.tanh(x.astype(np.float64))
    y = a / a.sum(-1, keepdims=True) + b / (b * b).sum(-1, keepdims=True)
    np.testing.assert_allclose(f(Tensor(x)).asnumpy(), np.concatenate([y, x], 1), rtol=2e-5, atol=1e-5)


def test_a_parameter_that_is_read_is_not_overwritten_early(graph_mode):
    """The result goes to where ``x`` lies, and the last loop reads ``x`` again."""
    x = np.random.default_rng(2).standard_normal((4, 40)).astype(np.float32)
    p = ms.Parameter(Tensor(x.copy()), name="p")

    @ms.jit
    def f():
        e = ops.exp(p)
        ops.assign(p, e / e.sum(-1, keepdims=True) + p)
        return p.sum()

    f()
    e = np.exp(x.astype(np.float64))
    np.testing.assert_allclose(p.asnumpy(), e / e.sum(-1, keepdims=True) + x, rtol=1e-5, atol=1e-6)


def test_infinities_and_nan(graph_mode):
    x = np.random.default_rng(3).standard_normal((5, 60)).astype(np.float32)
    x[0, 3], x[1, 59], x[2] = np.inf, np.nan, -np.inf
    x[3, 7] = -np.inf
    found = ms.jit(lambda x: ops.softmax(x, -1))(Tensor(x)).asnumpy()
    with np.errstate(invalid="ignore"):
        wanted = exact_softmax(x.astype(np.float64))
    np.testing.assert_allclose(found, wanted, rtol=1e-5)
    assert np.isnan(found[:3]).any(1).all() and found[3, 7] == 0
