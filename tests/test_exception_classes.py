"""The classes of exceptions, and how values print, where they are easily another: those of MindSpore 2.10."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


def sgd():
    return nn.SGD([Parameter(Tensor([1.0]), name="w")], 0.1)


def replaced(first, second):
    cell = nn.Cell()
    cell.a = None
    cell.a = first
    cell.a = second


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: Tensor([[1, 2], [3]]), TypeError),
        (lambda: ops.cross_entropy(Tensor([[1.0, 2.0]]), Tensor([0], ms.int32), weight=[1.0, 2.0]), TypeError),
        (lambda: setattr(sgd(), "target", "CPU"), NotImplementedError),
        (lambda: nn.ReLU().register_backward_hook(3), TypeError),
        (lambda: replaced(Parameter(Tensor([1.0]), name="w"), nn.ReLU()), KeyError),
        (lambda: replaced(nn.ReLU(), Parameter(Tensor([1.0]), name="w")), KeyError),
    ],
)
def test_classes(call, error):
    with pytest.raises(error):
        call()


@pytest.mark.parametrize(
    ("primitive", "name", "value", "error"),
    [
        ("ScalarSummary", 1, Tensor([1.0]), TypeError), ("ScalarSummary", "", Tensor([1.0]), ValueError),
        ("ScalarSummary", "a", 2, TypeError), ("ImageSummary", "a", Tensor([1.0]), ValueError),
        ("HistogramSummary", "a", Tensor(1.0), ValueError), ("TensorSummary", "a", Tensor(1.0), ValueError),
    ],
)  # fmt: skip
def test_summaries_in_a_compiled_call(primitive, name, value, error):
    summary = getattr(ops, primitive)()

    @ms.jit
    def f(x):
        summary(name, x)
        return x

    with pytest.raises(error, match=f"For '{primitive}'"):
        f(value)


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([np.nan], np.float32, "[            nan]"),
        ([np.inf, 2], np.float64, "[            inf,  2.00000000e+00]"),
        ([-np.inf, np.nan], np.float16, "[       -inf,         nan]"),
    ],
)
def test_nan_and_inf_are_padded(values, dtype, expected):
    assert repr(Tensor(np.array(values, dtype))).endswith(f"value= {expected})")
