"""The classes of exceptions, and how values print, where they are easily another: those of MindSpore 2.10."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


def sgd():
    return nn.SGD([Parameter(Tensor([1.0]), name="w")], 0.1)


def replaced(*values):
    cell = nn.Cell()
    cell.a = None
    for value in values:
        cell.a = value


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: Tensor([[1, 2], [3]]), TypeError),
        (lambda: ops.cross_entropy(Tensor([[1.0, 2.0]]), Tensor([0], ms.int32), weight=[1.0, 2.0]), TypeError),
        (lambda: setattr(sgd(), "target", "CPU"), NotImplementedError),
        (lambda: nn.ReLU().register_backward_hook(3), TypeError),
        (lambda: replaced(Parameter(Tensor([1.0]), name="w"), nn.ReLU()), KeyError),
        (lambda: replaced(nn.ReLU(), Parameter(Tensor([1.0]), name="w")), KeyError),
        (lambda: replaced(nn.ReLU(), None, Parameter(Tensor([1.0]), name="w")), KeyError),
        (lambda: replaced(nn.ReLU(), None, Tensor([1.0])), TypeError),
        (lambda: replaced(nn.ReLU(), None, 3), TypeError),
    ],
)
def test_classes(call, error):
    with pytest.raises(error):
        call()


def test_a_name_of_a_cell_is_free_again_for_cells_and_after_del():
    cell = nn.Cell()
    cell.a = nn.ReLU()
    cell.a = None
    assert cell.a is None and not list(cell.cells())
    cell.a = nn.Tanh()
    cell.a = None
    del cell.a
    cell.a = 3
    assert cell.a == 3


class TooFew(nn.Cell):
    def construct(self, x, y):
        return x * y

    def bprop(self, x, y, out, dout):
        return (dout,)


def test_classes_of_gradients(mode):
    x = Tensor([1.0])
    out_of_range = IndexError if mode == "graph" else RuntimeError
    for net in (TooFew(), ops.mul):
        with pytest.raises(out_of_range):
            ms.grad(net, 2)(x, x)
    with pytest.raises(RuntimeError, match="bprop must return"):
        ms.grad(TooFew(), (0, 1))(x, x)


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


def test_pads_that_leave_nothing():
    x = ms.Tensor([[1.0, 2.0, 3.0]])
    for mode in ("constant", "reflect", "replicate", "circular"):
        for padding in ((-1, -2), (-2, -2), (0, -3), (-4, 2)):
            with pytest.raises(ValueError):
                ms.ops.pad(x, padding, mode)
    assert ms.ops.pad(x, (-1, 0)).asnumpy().tolist() == [[2.0, 3.0]]
    assert ms.ops.pad(x, (-3, 1)).asnumpy().tolist() == [[0.0]]


def test_false_is_no_index():
    x = ms.Tensor([[1.0, 2.0]])
    for key in (False, (0, False)):
        with pytest.raises(IndexError):
            x[key]
    assert x[True].shape == (1, 1, 2) and x[ms.Tensor(False)].shape == (0, 1, 2)


def test_what_choice_func_raises_is_a_value_error(tmp_path):
    file = str(tmp_path / "net.ckpt")
    ms.save_checkpoint(ms.nn.Dense(1, 1), file)
    with pytest.raises(ValueError, match="choice_func") as caught:
        ms.load_checkpoint(file, choice_func=lambda name: name.missing)
    assert isinstance(caught.value.__cause__, AttributeError)
