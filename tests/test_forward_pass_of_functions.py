"""``loss = f(x)`` and then ``grad(f)(x)`` of a function in one compiled call are one forward pass, as in MindSpore 2.10."""

import numpy as np
import pytest
from forward_passes import PYNATIVE, X, mode_after, ran  # noqa: F401 (mode_after is a fixture)

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


class Functions:
    """Functions that count how often they ran, in one compiled call with their gradients."""

    def __init__(self):
        self.w, self.norm, self.drop = Parameter(Tensor(X), name="w"), nn.BatchNorm1d(3), nn.Dropout(p=0.5)
        self.count = Parameter(Tensor(0, ms.int32), name="count", requires_grad=False)
        self.norm.set_train()
        self.drop.set_train()

    def loss(self, x, k=None):
        ops.assign_add(self.count, Tensor(1, ms.int32))
        return (x * self.w * (self.w if k is None else k)).sum()

    def ran(self, step, *inputs):
        result = ms.jit(step)(*map(Tensor, inputs or (X,)))
        return int(self.count), result


def of_function(run):
    """(how often the function ran, the result) of ``run(the function, x)`` in one compiled call"""
    functions = Functions()
    w, count = functions.w, functions.count

    def loss(x, k=None):
        ops.assign_add(count, Tensor(1, ms.int32))
        return (x * w * (w if k is None else k)).sum()

    return functions.ran(lambda x: run(loss, x))


@pytest.mark.parametrize(
    "count, run",
    [
        (1, lambda loss, x: (loss(x), ms.grad(loss)(x))),
        (1, lambda loss, x: (loss(x), ops.GradOperation(get_all=True)(loss)(x)[0])),
        (1, lambda loss, x: (loss(x), ms.value_and_grad(loss)(x)[1])),
        (2, lambda loss, x: (loss(x), ms.grad(lambda y: loss(y))(x))),  # another function
        (3, lambda loss, x: (loss(x) + loss(x * 2.0), ms.grad(loss)(x))),
    ],
)
def test_a_function_and_its_gradient_in_one_compiled_call_are_one_forward_pass(count, run):
    got, (_, gradient) = of_function(run)  # the counts are those of MindSpore 2.10
    assert got == count
    np.testing.assert_array_equal(gradient.asnumpy(), X * X)


def test_a_function_with_another_argument_of_the_same_values_runs_again():
    def step(loss, x):
        return loss(x, x * 3.0), ms.grad(loss)(x, x * 3.0)

    def with_the_same(loss, x):
        k = x * 3.0
        return loss(x, k), ms.grad(loss)(x, k)

    assert of_function(step)[0] == 2 and of_function(with_the_same)[0] == 1


def test_a_bound_method_and_its_gradient_are_one_forward_pass():
    functions = Functions()
    count, (_, gradient) = functions.ran(lambda x: (functions.loss(x), ms.grad(functions.loss)(x)))
    assert count == 1
    np.testing.assert_array_equal(gradient.asnumpy(), X * X)


def test_a_function_inside_whose_variable_has_changed_since_runs_again():
    functions = Functions()

    def step(x):
        y = x * 2.0

        def loss(a):
            ops.assign_add(functions.count, Tensor(1, ms.int32))
            return (a * y).sum()

        value, gradient = loss(x), ms.grad(loss)(x)
        loss(x)
        y = x * 3.0
        return value, gradient, ms.grad(loss)(x)

    count, (_, first, second) = functions.ran(step)
    assert count == 3  # the first gradient needs no pass of its own
    np.testing.assert_array_equal(first.asnumpy(), 2 * X)
    np.testing.assert_array_equal(second.asnumpy(), 3 * X)


def test_the_gradient_of_a_function_has_the_dropout_mask_of_its_loss_and_statistics_move_once():
    functions = Functions()

    def dropped(x):
        return functions.drop(x) * x

    def normed(x):
        return functions.norm(x).sum()

    _, (out, gradient) = functions.ran(lambda x: (dropped(x), ms.grad(dropped)(x)), np.ones((1, 64), np.float32))
    np.testing.assert_array_equal(out.asnumpy() != 0, gradient.asnumpy() != 0)
    functions.ran(lambda x: (normed(x), ms.grad(normed)(x)), X[None] + np.zeros((4, 1), np.float32))
    np.testing.assert_allclose(functions.norm.moving_mean.asnumpy(), [0.1, 0.2, 0.3], rtol=1e-6)


def test_op_by_op_a_function_runs_for_its_gradient_again():
    functions = Functions()
    ms.set_context(mode=PYNATIVE)
    functions.loss(Tensor(X))
    ms.grad(functions.loss)(Tensor(X))
    assert int(functions.count) == 2  # as in MindSpore 2.10
