"""Lists and tuples of numbers as operands take the type of a Tensor beside them, as numbers do; functions of Python values."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor
from minispore.ops import functional as F, signature as sig


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
@pytest.mark.parametrize("dtype", [ms.int8, ms.int32, ms.int64, ms.float16, ms.float32])
def test_a_list_of_whole_numbers_takes_the_type_of_the_tensor(mode, dtype):
    ms.set_context(mode=mode)

    @ms.jit
    def compiled(x):
        return x + [1, 2], (3, 4) - x, x // [1, 2]

    x = Tensor([4, 6], dtype)
    for results in (compiled(x), (x + [1, 2], (3, 4) - x, x // [1, 2])):
        for result, wanted in zip(results, ([5, 8], [-1, -2], [4, 3])):
            assert result.dtype is dtype
            np.testing.assert_array_equal(result.asnumpy(), wanted)


def test_fractions_are_kept():
    result = Tensor([1, 2], ms.int32) + [1.5, 2.0]
    assert result.dtype is ms.float32
    np.testing.assert_array_equal(result.asnumpy(), [2.5, 4.0])
    assert (Tensor([1.0], ms.float16) * [1.5]).dtype is ms.float16


def test_functions_of_python_values():  # results of MindSpore 2.10
    assert F.list_setitem([1, 2], 0, 5) == [5, 2]
    assert F.tuple_setitem((1, 2), 1, 5) == (1, 5)
    assert F.reduced_shape((2, 3, 4), (1,)) == (2, 1, 4)
    assert F.broadcast_gradient_args((2, 1, 3), (4, 1)) == ((1,), (0, 2))
    assert F.switch(True, 1, 2) == 1
    assert F.isconstant(3) is True
    assert sig.make_sig("x", sig.sig_rw.RW_WRITE, dtype=sig.sig_dtype.T).rw is sig.sig_rw.RW_WRITE


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
def test_a_tensor_differs_from_lists_and_tuples(mode):
    """MindSpore 2.10: False, True, False, True."""
    ms.set_context(mode=mode)

    class Net(ms.nn.Cell):
        def construct(self, x):
            return x == [1, 2], x != [1, 2], x == (1, 2), x != (1, 2)

    x = Tensor([1, 2])
    assert Net()(x) == (x == [1, 2], x != [1, 2], x == (1, 2), x != (1, 2)) == (False, True, False, True)
    assert (x == np.array([1, 3])).asnumpy().tolist() == [True, False]
