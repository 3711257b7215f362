"""Compares functions of Tensors with what NumPy gives, op by op and compiled, and their gradients with differences."""

import numpy as np

import minispore as ms
from minispore import Tensor, ops

_RNG = np.random.default_rng(5)
M = _RNG.normal(size=(3, 4)).astype(np.float32)
T3 = _RNG.normal(size=(2, 3, 4)).astype(np.float32)


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
