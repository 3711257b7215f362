"""What a compiled function gives back where MindSpore's own tests look closely: containers, texts of errors, their classes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


@pytest.mark.quick
def test_containers_among_the_arguments_come_back_themselves():
    @ms.jit
    def f(x, y):
        return x, (y["a"], 1), [x]

    numbers, named = [1, Tensor([1.0])], {"a": [Tensor([2.0])]}
    for _ in range(2):
        first, (second, _), (third,) = f(numbers, named)
        assert first is numbers and second is named["a"] and third is numbers


def test_a_changed_container_is_another_one():
    @ms.jit
    def f(x):
        x[0] = 9
        return x

    numbers = [1, 2]
    assert f(numbers) == [9, 2] and numbers == [1, 2]


class _Bounded(nn.Cell):
    def construct(self, x):
        if x > 10:
            raise ValueError(f"The input can not be {x}.")
        return x


@pytest.mark.quick
def test_the_text_of_a_raise_holds_the_value(mode):
    net = _Bounded()
    assert net(Tensor(3)) == 3
    for value in (11, 12):
        with pytest.raises(ValueError, match=f"The input can not be {value}."):
            net(Tensor(value))


def test_a_raise_with_values_changes_no_parameter():
    class Counts(nn.Cell):
        def __init__(self):
            super().__init__()
            self.count = ms.Parameter(Tensor(0), name="count")

        def construct(self, x):
            self.count += 1
            if x > self.count:
                raise RuntimeError("too large", x)
            return x

    net = Counts()
    ms.set_context(mode=ms.GRAPH_MODE)
    with pytest.raises(RuntimeError, match="value= 5"):
        net(Tensor(5))
    assert net.count == 0


@pytest.mark.parametrize(
    "wrong, classes",
    [
        (lambda x: x / (x.shape[0] - 1) / (1 // (x.shape[0] - 1)), (ZeroDivisionError, ValueError)),
        (lambda x: {"a": x}["b"], (KeyError, ValueError)),
        (lambda x: x.shape[0](x), (TypeError, ValueError)),
        (lambda x: x.shape["a"], (TypeError, IndexError)),
    ],
)
def test_mistakes_have_the_classes_of_python_and_of_mindspore(wrong, classes):
    for kind in classes:
        with pytest.raises(kind):
            ms.jit(wrong)(Tensor([1.0]))


def test_an_error_that_the_user_raises_is_of_its_own_class_only():
    @ms.jit
    def f(x):
        raise KeyError("mine")

    with pytest.raises(KeyError) as found:
        f(Tensor([1.0]))
    assert type(found.value) is KeyError


def test_connectives_of_tensors_give_an_operand():
    @ms.jit
    def f(x, y):
        return x and y, x or y, not x

    for x in (0, 3):
        both, either, negated = f(Tensor([x]), Tensor([5]))
        np.testing.assert_array_equal(both.asnumpy(), [x and 5])
        np.testing.assert_array_equal(either.asnumpy(), [x or 5])
        np.testing.assert_array_equal(negated.asnumpy(), [not x])


def test_gradients_through_connectives():
    def f(x, y):
        return (x and y) * 2 + (x or y) * 3

    gradient = ms.jit(ops.grad(f, (0, 1)))
    assert [g.item() for g in gradient(Tensor([2.0]), Tensor([5.0]))] == [3.0, 2.0]
    assert [g.item() for g in gradient(Tensor([0.0]), Tensor([5.0]))] == [2.0, 3.0]
