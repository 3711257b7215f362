"""Elements are compared with their own largest one as they were when it was found, however often compiled loops compute them."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

POINTS = np.random.default_rng(0).standard_normal((32, 20, 44)).astype(np.float32)
WEIGHT = np.random.default_rng(1).standard_normal((20, 5)).astype(np.float32)


def curved(x, scale):
    """A few cheap operations, each of which rounds."""
    return (x * scale + 0.3) * x * 0.7 + x


ACTIVATIONS = {
    "gelu": lambda x, scale: ops.gelu(x * scale, "tanh"),
    "silu": lambda x, scale: ops.silu(x * scale),
    "curved": curved,
}


@pytest.mark.parametrize("extreme", [ops.amax, ops.amin])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_row_passes_its_gradient_on_to_its_extreme(name, extreme, graph_mode):
    """The activations are not stored for something else, and their own derivatives are needed: both loops would compute them."""

    def loss(scale, x, w):
        return (ops.matmul(extreme(ACTIVATIONS[name](x, scale), 2), w) ** 2).mean()

    scale = np.full((20, 1), 1.1, np.float32)
    given = [Tensor(v) for v in (scale, POINTS, WEIGHT)]
    found = ms.jit(lambda *a: ms.grad(loss)(*a))(*given)
    exact = ms.grad(loss)(*[Tensor(v.astype(np.float64)) for v in (scale, POINTS, WEIGHT)])
    np.testing.assert_allclose(found.asnumpy(), exact.asnumpy(), rtol=1e-4, atol=1e-5 * np.abs(exact.asnumpy()).max())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_mask_of_the_largest_has_an_element_in_each_row(name, graph_mode):
    @ms.jit
    def masked(x, scale):
        y = ACTIVATIONS[name](x, scale)
        return ops.sum((y == ops.amax(y, 2, True)).astype(ms.float32), 2), (y * y).sum(2), ops.exp(-y)

    count = masked(Tensor(POINTS), Tensor(np.full((20, 1), 1.1, np.float32)))[0].asnumpy()
    np.testing.assert_array_equal(count, np.ones((32, 20)))
