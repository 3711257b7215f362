"""PYNATIVE mode: a call that comes often is one function of NumPy calls (core/call_plans.py); nothing else changes."""

import warnings

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, mint, ops
from minispore.core.call_plans import OFTEN


def numbers(*shape, dtype=np.float32, seed=1):
    return (np.random.default_rng(seed).uniform(-2, 2, shape) * 3).astype(dtype)


def often(call):
    """The result of the first call, and of one that came after many."""
    first = call()
    for _ in range(OFTEN + 2):
        last = call()
    return first, last


def has_plan(function) -> bool:
    return any(callable(plan) for plan in function.plans.found.values())


def assert_same(a, b):
    if isinstance(a, (tuple, list)):
        assert type(a) is type(b) and len(a) == len(b)
        for x, y in zip(a, b):
            assert_same(x, y)
        return
    assert type(a) is type(b) is Tensor and a.dtype == b.dtype and a.shape == b.shape
    assert a.asnumpy().tobytes() == b.asnumpy().tobytes()


CALLS = {
    "softmax": lambda x: ops.softmax(x, 1),
    "log_softmax": lambda x: ops.log_softmax(x, axis=0),
    "selu": lambda x: ops.selu(x),
    "clamp": lambda x: ops.clamp(x, 0.0, 1.5),
    "std": lambda x: ops.std(x, (0, 1)),
    "var_mean": lambda x: ops.var_mean(x, 0),
    "sum": lambda x: ops.sum(x),
    "sum of int8": lambda x: ops.sum(ops.cast(x, ms.int8), 1),
    "any": lambda x: ops.any(x, 0),
    "median": lambda x: mint.median(x),
    "sort": lambda x: ops.sort(x, 0),
    "topk": lambda x: ops.topk(x, 2),
    "stack": lambda x: ops.stack([x, x + 1], 1),
    "split": lambda x: ops.split(x, 2),
    "triu": lambda x: ops.triu(x),
    "matmul": lambda x: ops.matmul(x, x.T),
    "zeros_like": lambda x: ops.zeros_like(x),
    "logical_and": lambda x: ops.logical_and(x, x > 1),
    "atan2 of int and float": lambda x: ops.atan2(ops.cast(x, ms.int32), x),
    "a method": lambda x: x.mean(0, keep_dims=True),
    "one_hot": lambda x: ops.one_hot(ops.cast(ops.abs(x), ms.int32), 7),
    "sigmoid": lambda x: ops.sigmoid(x),
}


@pytest.mark.quick
@pytest.mark.parametrize("name", CALLS)
def test_results_have_the_same_bits(name):
    x = Tensor(numbers(4, 6))
    assert_same(*often(lambda: CALLS[name](x)))


def test_a_plan_serves_other_numbers_of_the_same_kind():
    often(lambda: ops.softmax(Tensor(numbers(4, 5)), 1))
    assert has_plan(ops.softmax)
    x = numbers(4, 5, seed=7).astype(np.float64)
    wanted = np.exp(x) / np.exp(x).sum(1, keepdims=True)
    np.testing.assert_allclose(ops.softmax(Tensor(x.astype(np.float32)), 1).asnumpy(), wanted, rtol=1e-5)
    np.testing.assert_allclose(
        ops.softmax(Tensor(x.astype(np.float32)), 0).asnumpy(), np.exp(x) / np.exp(x).sum(0, keepdims=True), rtol=1e-5
    )


def test_values_that_are_equal_but_not_the_same_have_plans_of_their_own():
    x = Tensor(np.float32([1, 2, 4]))
    for value in (0.0, -0.0):
        for _ in range(OFTEN + 1):
            signs = np.signbit(ops.full_like(x, value).asnumpy())
        assert signs.all() == np.signbit(value)
    kinds = {k: often(lambda k=k: ops.full((2,), k) * x[:2])[1].dtype for k in (1.5, 2)}
    assert kinds == {1.5: ms.float32, 2: ms.float32}
    types = [often(lambda k=k: ops.multiply(Tensor(np.int32([3])), k))[1].dtype for k in (1, 1.0, True)]
    assert types == [ms.int32, ms.float32, ms.int32]


def test_views_stay_views():
    x = Tensor(np.arange(6, dtype=np.float32))
    first, last = often(lambda: ops.reshape(x, (2, 3)))
    for view in (first, last):
        assert np.shares_memory(view.asnumpy(), x.asnumpy())
        view[0, 0] = 7.0
        assert x[0] == 7

    def f(y):
        shown = ops.reshape(x, (2, 3))
        y = y * 1
        part = y.reshape(3, 2)
        part[0, 0] = 5.0
        return (y * y).sum() + shown.sum()

    np.testing.assert_array_equal(ms.grad(f)(x).asnumpy(), [0, 2, 4, 6, 8, 10])

    def writes(y):
        last[1, 2] = y[0]  # a view that was made before the recording
        return (x * x).sum()

    np.testing.assert_array_equal(ms.grad(writes)(Tensor([3.0])).asnumpy(), [6])


def test_parts_of_a_result_share_its_memory():
    x = Tensor(numbers(4, 2))
    for parts in often(lambda: ops.split(x + 1, 2)):
        assert_same(list(parts), [x[:2] + 1, x[2:] + 1])
        parts[0][0, 0] = 9.0
        assert_same(parts[1], x[2:] + 1)


def test_results_are_new_each_time():
    x = Tensor(numbers(3, 3))
    for function in (ops.zeros_like, ops.ones_like, ops.triu, ops.sin):
        often(lambda f=function: f(x))
        a, b = function(x), function(x)
        a[0, 0] = 100.0
        assert b[0, 0] != 100


def test_an_argument_that_is_the_result_stays_it():
    x = Tensor(numbers(3))
    for y in often(lambda: ops.cast(x, ms.float32)):
        assert y is x


def test_errors_are_those_of_the_function():
    x, y = Tensor(numbers(3, 4)), Tensor(numbers(5, 4))
    often(lambda: ops.matmul(x, x.T))
    with pytest.raises(ValueError, match=r"(?s)matmul.*test_call_plans\.py:\d+"):
        ops.matmul(x, y)
    table, places = Tensor(numbers(3, 2)), Tensor(np.int32([0, 2]))
    often(lambda: ops.gather(table, places, 0))
    with pytest.raises(IndexError, match=r"(?s)test_call_plans\.py:\d+"):
        ops.gather(table, Tensor(np.int32([0, 3])), 0)


def test_random_numbers_differ_and_values_are_read_each_time():
    x = Tensor(np.ones((8, 8), np.float32))
    drawn = [ops.dropout(x, 0.5).asnumpy().tobytes() for _ in range(2 * OFTEN)]
    assert len(set(drawn)) == len(drawn)
    for k in range(2 * OFTEN):
        given = np.zeros(4, np.float32)
        given[k % 4] = 1
        assert ops.nonzero(Tensor(given)).tolist() == [[k % 4]]


def test_changes_in_place_are_made_each_time():
    x = Tensor(np.zeros(3, np.float32))
    for _ in range(2 * OFTEN):
        x.add_(Tensor(np.ones(3, np.float32)))
    assert x.tolist() == [2 * OFTEN] * 3


def test_warnings_come_each_time():
    a, b = Tensor(numbers(4, 3)), Tensor(numbers(1, 3))
    for _ in range(2 * OFTEN):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ops.mse_loss(a, b)
        assert len(caught) == 1


def test_other_shapes_types_and_subclasses():
    often(lambda: ops.mean(Tensor(numbers(2, 3)), 1))
    assert ops.mean(Tensor(numbers(5, 3)), 1).shape == (5,)
    assert ops.mean(Tensor(numbers(2, 3)).astype(ms.float64), 1).dtype == ms.float64

    class Mine(Tensor):
        pass

    assert ops.mean(Mine(numbers(2, 3)), 1).shape == (2,)
    weight = ms.Parameter(numbers(2, 3))
    first, last = often(lambda: ops.mean(weight, 1))
    assert_same(first, last)
    weight.set_data(Tensor(np.ones((2, 3), np.float32)))
    assert ops.mean(weight, 1).tolist() == [1, 1]


def test_gradients_and_transforms_see_the_ops():
    x = Tensor(numbers(3, 4))
    often(lambda: ops.tanh(x).sum())
    often(lambda: ops.softmax(x, 1))

    def f(x):
        return (ops.softmax(x, 1) ** 2).sum()

    step, at = 1e-3, numbers(3, 4).astype(np.float64)
    moved = np.zeros((3, 4))
    for k in np.ndindex(3, 4):
        for sign in (1, -1):
            there = at.copy()
            there[k] += sign * step
            moved[k] += sign * float(f(Tensor(there)))
    np.testing.assert_allclose(ms.grad(f)(Tensor(at)).asnumpy(), moved / (2 * step), atol=1e-6)
    rows = ms.vmap(lambda row: ops.softmax(row, 0))(x)
    np.testing.assert_allclose(rows.asnumpy(), ops.softmax(x, 1).asnumpy(), rtol=1e-6)
    compiled = ms.jit(lambda x: ops.softmax(x, 1))(x)
    np.testing.assert_allclose(compiled.asnumpy(), ops.softmax(x, 1).asnumpy(), rtol=1e-6)


def test_kinds_are_forgotten_when_there_are_many():
    for n in range(1, 600):
        assert ops.square(ops.reshape(Tensor(np.arange(n, dtype=np.float32)), (n, 1))).shape == (n, 1)
    assert len(ops.reshape.plans.found) <= 128


def test_expressions_with_powers_and_numbers():
    cube = ms.extend.elementwise("cube_of_call_plans", "(x + 1) ** 3 - x ** 0.5 * 2", vjp=lambda g, out, x: g)
    x = Tensor(np.abs(numbers(3, 4)))
    first, last = often(lambda: cube(x) * cube(ops.cast(x, ms.int32)))
    assert_same(first, last)
    rates = ms.grad(lambda x: ops.mish(x).sum())
    assert_same(*often(lambda: rates(x)))


def test_parameters_are_read_at_each_call_and_stay_what_they_are():
    w, other, x = (ms.Parameter(numbers(3, 3, seed=k), name=f"w{k}") for k in range(3))
    x = Tensor(x.asnumpy())
    assert_same(*often(lambda: x @ w))
    assert any(callable(p) for p in Tensor.__matmul__.plans.found.values())
    often(lambda: ops.matmul(w, w))
    np.testing.assert_allclose(ops.matmul(w, other).asnumpy(), w.asnumpy() @ other.asnumpy(), rtol=1e-5)
    w.set_data(Tensor(np.eye(3, dtype=np.float32)))
    assert_same(x @ w, x @ Tensor(np.eye(3, dtype=np.float32)))
    for view in often(lambda: ops.reshape(w, (9,))):
        view[1] = 5.0
        assert w[0, 1] == 5
        w.set_data(Tensor(np.eye(3, dtype=np.float32)))
    for same in often(lambda: ops.cast(w, ms.float32)):
        assert same is w
    for k in range(2 * OFTEN):  # the Parameter changes; of a Tensor there is a new one
        ops.scatter_update(w, Tensor(np.int32([0])), Tensor(np.full((1, 3), k, np.float32)))
        assert w[0].tolist() == [k] * 3
    for k in range(2 * OFTEN):
        counts, _ = ms.numpy.histogram(w, bins=2, range=(0, 2))
        assert counts.tolist() == np.histogram(w.asnumpy(), 2, (0, 2))[0].tolist()
        w.set_data(Tensor(np.full((3, 3), k % 2 + 0.5, np.float32)))
