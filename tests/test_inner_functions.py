"""Inner functions of compiled functions read the variables around them as they are when the function is called, as in Python."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor

pytestmark = pytest.mark.filterwarnings("ignore:.*is compiled in pieces:RuntimeWarning")


def set_in_a_branch(x, flag):
    k = 2.0

    def inner(y):
        return (y * y * k).sum()

    if flag:
        k = 3.0
    return inner(x)


def set_in_a_branch_by_value(x, flag):
    k = 2.0
    inner = lambda y: (y * y * k).sum()
    if x.sum() > flag:
        k = 3.0
    else:
        k = 4.0
    return inner(x)


def set_and_called_in_a_loop(x, flag):
    k, s = 1.0, 0.0

    def inner(y):
        return (y * k).sum()

    for _ in range(3):
        k = k + 1.0
        s = s + inner(x)
    return s


def set_and_called_in_a_loop_by_value(x, flag):
    k, s = 1.0, x.sum() * 0

    def inner(y):
        return (y * k).sum()

    while s < 10:
        k = k + 1.0
        s = s + inner(x)
    return s


def set_in_a_loop_by_value(x, flag):
    k, s = x.sum() * 0 + 1.0, x.sum() * 0

    def inner(y):
        return (y * k).sum()

    while s < 10:
        k = k + 1.0
        s = s + k
    return inner(x)


def set_after_an_early_return(x, flag):
    k = 2.0

    def inner(y):
        return (y * y * k).sum()

    if not flag:
        return x.sum()
    k = 5.0
    slope = ms.grad(inner)
    return slope(x)


def set_where_the_graph_breaks(x, flag):
    k = x * 2.0

    def inner(y):
        return (y * y * k).sum()

    k = k + int(x.max())
    a = inner(x)
    k = k * 2.0
    return a + inner(x)


def set_only_after_the_definition(x, flag):
    def inner(y):
        return (y * y * k).sum()

    n = int(x.max())
    k = x + n
    a = inner(x)
    return a * 2


@pytest.mark.parametrize(
    "function",
    [
        set_in_a_branch, set_in_a_branch_by_value, set_and_called_in_a_loop, set_and_called_in_a_loop_by_value, set_in_a_loop_by_value,
        set_after_an_early_return, set_where_the_graph_breaks, set_only_after_the_definition,
    ],
)  # fmt: skip
@pytest.mark.parametrize("flag", [True, False])
def test_a_compiled_function_gives_what_python_gives(function, flag):
    x = Tensor(np.array([1.0, 2.0], np.float32))
    wanted = np.asarray(function(x, flag).asnumpy())
    compiled = ms.jit(function)
    for _ in range(2):
        np.testing.assert_allclose(compiled(x, flag).asnumpy(), wanted, rtol=1e-6)


def test_the_error_names_both():
    with pytest.raises(TypeError, match="a branch or loop sets 'k' and calls 'inner', which reads it"):
        ms.jit(set_and_called_in_a_loop_by_value, fullgraph=True)(Tensor(np.ones(2, np.float32)), True)
