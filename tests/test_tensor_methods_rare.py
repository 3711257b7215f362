"""Methods of Tensor that MindSpore 2.10 has on other devices only, by what its documents say; random ones by their distribution."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

X = np.arange(6, dtype=np.float32).reshape(2, 3)
MASK = np.array([[True, False, True], [False, True, True]])


def put(positions, values, accumulate):
    out = X.copy().ravel()
    if accumulate:
        np.add.at(out, positions, values)
    else:
        out[positions] = values
    return out.reshape(X.shape)


def copied():
    out = X.copy()
    out[:, [2, 0]] = [[9, 8], [7, 6]]
    return out


def masked():
    out = X.copy()
    out[MASK] = [10, 11, 12, 13]
    return out


CASES = {
    "index_copy_": (lambda x: x.index_copy_(1, Tensor([2, 0]), Tensor([[9.0, 8.0], [7.0, 6.0]])), copied()),
    "masked_scatter_": (lambda x: x.masked_scatter_(Tensor(MASK), Tensor(np.arange(10, 20, dtype=np.float32))), masked()),
    "put_": (lambda x: x.put_(Tensor([[0, 4]]), Tensor([[9.0, 8.0]])), put([0, 4], [9, 8], False)),
    "put_ accumulates": (lambda x: x.put_(Tensor([0, 4, 4]), Tensor([9.0, 8.0, 1.0]), True), put([0, 4, 4], [9, 8, 1], True)),
    "index_put_": (lambda x: x.index_put_((Tensor([0, 1]), Tensor([1, 2])), Tensor([9.0, 8.0])), put([1, 5], [9, 8], False)),
    "index_put_ accumulates": (lambda x: x.index_put_([Tensor([0, 0]), Tensor([1, 1])], Tensor([9.0, 8.0]), True), put([1, 1], [9, 8], True)),
    "bernoulli_ of 1": (lambda x: x.bernoulli_(1.0), np.ones((2, 3))),
    "bernoulli_ of 0": (lambda x: x.bernoulli_(Tensor(0.0)), np.zeros((2, 3))),
    "random_ of one number": (lambda x: x.random_(1), np.zeros((2, 3))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_tensor_itself_changes(name, mode):
    change, wanted = CASES[name]

    def f(x):
        y = x * 1.0
        back = change(y)
        return y, back

    y, back = ms.jit(f)(Tensor(X)) if mode == "graph" else f(Tensor(X))
    np.testing.assert_array_equal(y.asnumpy(), wanted)
    np.testing.assert_array_equal(back.asnumpy(), wanted)


def test_gradients_pass_what_is_not_replaced():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    weights = Tensor(X + 1)

    def f(x, v):
        y = x * 1.0
        y.put_(Tensor([0, 4]), v)
        return (y * weights).sum()

    gx, gv = ms.grad(f, (0, 1))(Tensor(X), Tensor([1.0, 2.0]))
    np.testing.assert_array_equal(
        gx.asnumpy(),
        put([0, 4], [0, 0], False) * 0 + np.where(np.isin(np.arange(6), [0, 4]), 0, (X + 1).ravel()).reshape(2, 3),
    )
    np.testing.assert_array_equal(gv.asnumpy(), [1, 5])


def test_kthvalue_sorts():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    x = np.random.default_rng(0).permutation(12).reshape(3, 4).astype(np.float32)
    values, places = Tensor(x).kthvalue(2, 0, True)
    np.testing.assert_array_equal(values.asnumpy(), np.sort(x, 0)[1:2])
    np.testing.assert_array_equal(places.asnumpy(), np.argsort(x, 0)[1:2])


def draw(method, *args, dtype=ms.float32):
    ms.set_seed(3)
    return getattr(ops.zeros((20000,), dtype), method)(*args).asnumpy().astype(np.float64)


def test_random_numbers_have_their_distribution():
    """Means and quantiles within five standard errors."""
    ms.set_context(mode=ms.PYNATIVE_MODE)
    n = 20000
    assert abs(draw("bernoulli_", 0.3).mean() - 0.3) < 5 * np.sqrt(0.21 / n)
    exponential = draw("exponential_", 2.0)
    assert abs(exponential.mean() - 0.5) < 5 * 0.5 / np.sqrt(n)
    assert exponential.min() >= 0
    whole = draw("random_", 3, 6, dtype=ms.int32)
    assert set(whole) == {3.0, 4.0, 5.0}
    assert draw("random_", dtype=ms.int8).min() >= 0
    uniform = draw("uniform", 2.0, 4.0)
    assert abs(uniform.mean() - 3) < 5 * np.sqrt(4 / 12 / n)
    logarithm = np.log(draw("log_normal", 1.0, 0.5))
    assert abs(logarithm.mean() - 1) < 5 * 0.5 / np.sqrt(n)
    cauchy = draw("cauchy", 1.0, 2.0)
    assert abs(np.mean(np.abs(cauchy - 1) < 2) - 0.5) < 5 * 0.5 / np.sqrt(n)


@pytest.mark.parametrize(("method", "args", "error"), [
    ("bernoulli_", (2.0,), ValueError), ("exponential_", (-1.0,), ValueError), ("random_", (5, 3), ValueError), ("kthvalue", (4,), ValueError),
    ("index_copy_", (0, Tensor([0]), Tensor([1.0])), ValueError), ("put_", (Tensor([9]), Tensor([1.0])), IndexError),
    ("index_put_", (Tensor([0]), Tensor([1.0])), TypeError),
])  # fmt: skip
def test_wrong_arguments(method, args, error):
    ms.set_context(mode=ms.PYNATIVE_MODE)
    x = Tensor(X)
    with pytest.raises(error):
        getattr(x, method)(*args)
    np.testing.assert_array_equal(x.asnumpy(), X)


@pytest.mark.parametrize(("method", "args", "by_name", "expected"), [
    ("to", ("CPU",), {}, X), ("to", (), {"dtype": ms.int32, "copy": True}, X.astype(np.int32)),
    ("to", (Tensor([1]),), {}, X.astype(np.int64)), ("to", (), {"other": Tensor([1]), "non_blocking": True}, X.astype(np.int64)),
    ("permute", (), {"dims": (1, 0)}, X.T), ("view", (), {"shape": (-1,)}, X.reshape(-1)), ("unsqueeze", (), {"dim": 0}, X[None]),
    ("repeat_interleave", (2,), {"dim": 1, "output_size": 2 * X.shape[1]}, X.repeat(2, 1)),
    ("matmul", (), {"tensor2": Tensor(X.T)}, X @ X.T), ("narrow", (), {"dim": 1, "start": 0, "length": 1}, X[:, :1]),
    ("logical_and", (), {"y": Tensor(X)}, X != 0), ("sub_", (), {"y": Tensor(X)}, X - X),
    ("nansum", (), {"dim": 1, "keepdim": True}, X.sum(1, keepdims=True)), ("floor_divide", (), {"other": 2}, X // 2),
])  # fmt: skip
def test_names_of_the_further_signatures_of_methods(method, args, by_name, expected):
    found = getattr(Tensor(X), method)(*args, **by_name).asnumpy()
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-6)
