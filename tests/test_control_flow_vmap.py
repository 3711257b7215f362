"""vmap and Jacobians over branches and loops: each example goes its own way."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

ROWS = np.array([[1.0, 2.0], [-1.0, 0.4], [0.2, 0.3], [4.0, 5.0]], np.float32)


def branch(x):
    if x.sum() > 0:
        return x * 3.0
    return x * x


def loop(x):
    x = ops.abs(x)
    n = 0
    while x.sum() < 20.0:
        x = x * 2.0 + 0.1
        n += 1
    return x * n


def loop_and_branch(x):
    total = x * 0.0
    for i in range(8):
        if x.sum() > 6.0:
            break
        x = x * 1.5 + i * 0.2
        total = total + ops.sin(x)
    return total


def scanned(x):
    last, rows = ops.scan(lambda s, v: (s * v + x.sum(), s + v), ops.zeros(()), x)
    return rows * last


@pytest.mark.parametrize("f", [branch, loop, loop_and_branch, scanned], ids=lambda f: f.__name__)
def test_vmap_is_the_stack_of_the_examples(mode, f):
    rows = Tensor(ROWS)
    wanted = np.stack([f(Tensor(r)).asnumpy() for r in ROWS])
    np.testing.assert_allclose(ms.vmap(f)(rows).asnumpy(), wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("f", [branch, loop, loop_and_branch, scanned], ids=lambda f: f.__name__)
def test_vmap_of_grad_and_grad_of_vmap(mode, f):
    rows = Tensor(ROWS)
    ms.set_context(mode=ms.PYNATIVE_MODE)
    wanted = np.stack([ms.grad(f)(Tensor(r)).asnumpy() for r in ROWS])
    ms.set_context(mode=ms.GRAPH_MODE if mode == "graph" else ms.PYNATIVE_MODE)
    np.testing.assert_allclose(ms.vmap(ms.grad(f))(rows).asnumpy(), wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ms.grad(ms.vmap(f))(rows).asnumpy(), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("f", [branch, loop, scanned], ids=lambda f: f.__name__)
def test_jacobians(mode, f):
    x = Tensor(ROWS[0])
    eye = np.eye(2, dtype=np.float32)
    wanted = np.stack([ms.grad(lambda v: (f(v) * Tensor(e)).sum())(x).asnumpy() for e in eye])
    np.testing.assert_allclose(ms.jacrev(f)(x).asnumpy(), wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ms.jacfwd(f)(x).asnumpy(), wanted, rtol=1e-4, atol=1e-5)
