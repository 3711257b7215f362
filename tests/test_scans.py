"""Running sums and products beside NumPy's: rows with and without a rest after whole vectors, columns in several strips."""

import numpy as np
import pytest

import minispore as ms

SHAPES = [
    ((5,), 0), ((1000,), 0), ((3, 33), 1), ((2, 64, 3), 1), ((4, 0), 1), ((0, 4), 1), ((1, 1), 1), ((130, 70), 0), ((3, 2100), 0),
]  # fmt: skip


@pytest.mark.parametrize("name", ["cumsum", "cumprod"])
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32, np.uint8, np.complex64])
def test_as_numpy(mode, name, kind):
    rng = np.random.default_rng(0)
    for shape, axis in SHAPES:
        x = rng.integers(1, 3, shape) if np.dtype(kind).kind in "iu" else 1 + 0.1 * rng.standard_normal(shape)
        if np.dtype(kind).kind == "c":
            x = x + 0.1j * rng.standard_normal(shape)
        x = x.astype(kind)
        inside = {"f": np.float64, "c": np.complex128}.get(x.dtype.kind, np.int64 if name == "cumprod" else kind)
        expected = getattr(np, name)(x, axis, dtype=inside)
        f = lambda t, axis=axis: getattr(ms.ops, name)(t, axis)
        got = (ms.jit(f) if mode == "graph" else f)(ms.Tensor(x)).asnumpy()
        np.testing.assert_allclose(got, expected, rtol=3e-5 if x.real.dtype == np.float32 else 1e-12)


def test_strided_and_in_reverse():
    x = np.random.default_rng(1).standard_normal((70, 40)).astype(np.float32)

    def f(t):  # the gradient of the sum of the running sums is a running sum from the end
        return ms.ops.cumsum(t[::2, 1:].T, 1), ms.grad(lambda u: (ms.ops.cumsum(u, 0) * u).sum())(t)

    sums, gradient = (part.asnumpy() for part in ms.jit(f)(ms.Tensor(x)))
    np.testing.assert_allclose(sums, np.cumsum(x[::2, 1:].T, 1), rtol=1e-4, atol=1e-5)
    expected = np.cumsum(x, 0) + np.cumsum(x[::-1], 0)[::-1]
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5)


def test_gradient_of_products_with_zeros(mode):
    """Beside the product rule written out, for rows with no, one and two zeros."""
    rng = np.random.default_rng(2)
    x, g = rng.standard_normal((2, 3, 21))
    x[1, 4] = x[2, 0] = x[2, 9] = 0
    expected = np.zeros_like(x)
    for j in range(21):
        rest = np.where(np.arange(21) == j, 1, x)
        expected[:, j] = (g * np.cumprod(rest, 1))[:, j:].sum(1)
    f = ms.grad(lambda x, g: (ms.ops.cumprod(x, 1) * g).sum())
    f = ms.jit(f) if mode == "graph" else f
    np.testing.assert_allclose(f(ms.Tensor(x), ms.Tensor(g)).asnumpy(), expected, rtol=1e-10, atol=1e-12)


def test_infinities_stay_behind():
    """What comes before an infinity or a NaN is not touched by it, nor are other rows."""
    x = np.ones((2, 40), np.float32)
    x[0, 20], x[0, 30], x[1, 39] = np.inf, -np.inf, np.nan
    f = ms.jit(lambda t: (ms.ops.cumsum(t, 1), ms.ops.cumprod(t, 1)))
    with np.errstate(invalid="ignore"):
        sums, products = np.cumsum(x, 1), np.cumprod(x, 1)
    for got, expected in zip(f(ms.Tensor(x)), (sums, products)):
        np.testing.assert_array_equal(got.asnumpy(), expected)
