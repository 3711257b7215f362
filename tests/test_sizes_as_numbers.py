"""What a function makes of the lengths of its inputs by Python and NumPy: expressions, with which further lengths need no trace."""

import math

import numpy as np
import pytest

from minispore import Tensor, float32, ops
from minispore.core import tree
from minispore.core.sizes import Size, SizedData, Sizes, computed
from minispore.graph import compile_stats, families
from minispore.graph.compiled import Compiled

pytestmark = pytest.mark.usefixtures("graph_mode")


def floats(*shape):
    return Tensor(np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32))


def counted_in(call):
    """(traces, executables from templates) of a call, and its result."""
    before = compile_stats()
    result = call()
    after = compile_stats()
    return (after["traces"] - before["traces"], after["resized"] - before["resized"]), result


def bits(result):
    return [(x.shape, x.dtype, x.asnumpy().tobytes()) for x in tree.tensors(result)]


def compared(function, calls):
    """The counts of calls, each with the bits of a step that was built for it alone."""
    compiled, counts = Compiled(function, "step"), []
    for shapes in calls:
        args = tuple(floats(*shape) for shape in shapes)
        count, result = counted_in(lambda args=args: compiled(args, {}))
        counts.append(count)
        assert bits(result) == bits(Compiled(function, "afresh")(args, {})), shapes
    return counts


def _chunks(x):
    total = 0.0
    for k in range(0, x.shape[0], 16):
        total = total + x[k : k + 16].sum(0)
    return total


def _causal(x):
    n = len(x)
    mask = np.triu(np.full((n, n), -1e9), k=1).astype(np.float32)
    return ops.softmax(x @ x.T / math.sqrt(n) + Tensor(mask)[None, :, :], -1) @ x


def _positions(x):
    n, width = x.shape
    angles = np.arange(n)[:, None] / 1e4 ** (np.arange(width)[None, :] / width)
    return x + Tensor(np.where(np.arange(width) % 2 == 0, np.sin(angles), np.cos(angles)), float32)


FUNCTIONS = {
    "math.sqrt": lambda x: x / math.sqrt(x.shape[0]),
    "np.sqrt": lambda x: x / np.sqrt(x.shape[0]) + np.float32(x.shape[0]),
    "float": lambda x: x * float(x.shape[0]),
    "int": lambda x: x[: int(x.shape[0] / 2)],
    "round": lambda x: x * round(x.shape[0] / 3) + round(x.shape[0] / 7, 2),
    "math": lambda x: (x[: math.ceil(x.shape[0] / 4)], x[: math.floor(x.shape[0] * 0.75)], x * math.log(x.shape[0])),
    "len": lambda x: x.sum() / len(x),
    "Tensor": lambda x: x * Tensor(x.shape[0], float32) - Tensor([x.shape[0], 2]).sum(),
    "float in a Tensor": lambda x: x.sum(0) / Tensor(float(x.shape[0])),
    "steps of a range": _chunks,
    "np.arange": lambda x: x - Tensor(np.arange(x.shape[0]), float32).reshape(-1, 1),
    "every second": lambda x: x[::2] * Tensor(np.arange(0, x.shape[0], 2), float32).reshape(-1, 1),
    "np.tril": lambda x: Tensor(np.tril(np.ones((x.shape[0], x.shape[0]), np.float32))) @ x,
    "part of an array": lambda x: x[1:] * Tensor(np.arange(x.shape[0])[1:, None], float32),
    "causal mask": _causal,
    "positions": _positions,
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_third_length_is_not_traced(name, monkeypatch):
    monkeypatch.setattr(families, "RAISES", True)
    assert compared(FUNCTIONS[name], [[(n, 6)] for n in (20, 23, 26, 31, 30)]) == [(1, 0)] * 2 + [(0, 1)] * 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_odd_lengths_have_the_bits_of_a_step_built_for_them(name, monkeypatch):
    """One element, as many rows as columns, both sides of what is folded into the graph, many."""
    monkeypatch.setattr(families, "RAISES", True)
    compared(FUNCTIONS[name], [[(n, 6)] for n in (9, 11, 1, 6, 8, 2, 64, 65, 7, 200, 3, 63)])


def test_lengths_that_are_equal_by_chance_are_no_reason_to_trace(monkeypatch):
    """What is built for equal lengths alone merges equal parts, so it is other than what a template gives."""
    monkeypatch.setattr(families, "RAISES", True)
    functions = [
        lambda x, y: (
            (x * ops.arange(len(x)).reshape(-1, 1)).sum(),
            ops.ones((len(y), len(x)), float32) @ x, ops.ones((len(x), len(y)), float32) @ y,
        ),
        lambda x, y: (ops.softmax(x @ y.T / x.shape[0], -1) @ y, y.sum(0) / y.shape[0] + x.sum(0) / x.shape[0]),
        lambda x, y: ops.relu(x).sum(0) * ops.relu(y).sum(0) * x.shape[0] / y.shape[0],
    ]  # fmt: skip
    lengths = ((20, 20), (26, 24), (31, 27), (30, 30), (28, 29), (22, 22), (23, 20), (27, 27))
    for function in functions:
        counts = compared(function, [[(n, 6), (m, 6)] for n, m in lengths])
        assert counts == [(1, 0)] * 3 + [(0, 1)] * 5  # the third is built to compare with, as the first says nothing


# ---------------------------------------------------------------- arrays that are written to
def _by_index(x):
    mask = np.zeros(len(x), np.float32)
    mask[::2] = 1.0
    return x * Tensor(mask).reshape(-1, 1)


def _in_place(x):
    mask = np.ones((len(x), 1), np.float32)
    other = mask
    mask += 2.0
    return x * Tensor(other)


def _diagonal(x):
    mask = np.ones((len(x), len(x)), np.float32)
    np.fill_diagonal(mask, 5.0)
    return Tensor(mask) @ x


def _sorted(x):
    order = np.arange(len(x))[::-1].copy()
    order.sort()
    return x * Tensor(order, float32).reshape(-1, 1)


def _out(x):
    made = np.arange(len(x), dtype=np.float32)
    np.multiply(made, 3.0, out=made)
    return x * Tensor(made).reshape(-1, 1)


def _rows(x):
    total = 0.0
    for k in np.arange(len(x)):
        total = total + x[int(k)] * float(k)
    return total


def _bytes(x):
    return x * float(len(np.arange(len(x), dtype=np.int8).tobytes()))


def _added_at(x):
    made = np.zeros(len(x), np.float32)
    np.add.at(made, [0, 1, 1], 2.0)
    return x * Tensor(made).reshape(-1, 1)


@pytest.mark.parametrize("function", [_by_index, _in_place, _diagonal, _sorted, _out, _rows, _bytes, _added_at])
def test_an_array_that_is_written_to_or_walked_is_numpys(function):
    """Not by comparison with another trace alone: the values are those of the function in Python."""
    compiled = Compiled(function, "step")
    for n in (9, 12, 7, 9, 20, 21):
        x = floats(n, 3)
        np.testing.assert_allclose(compiled((x,), {}).asnumpy(), function(x).asnumpy(), rtol=1e-5, atol=1e-5)


def test_an_array_from_outside_is_seen_as_it_is_at_each_call():
    weights = np.array([1.0, 2.0, 3.0], np.float32)

    def scaled(x):
        return x * Tensor(weights * len(x))

    compiled = Compiled(scaled, "scaled")
    for n in (4, 6, 9, 11):
        for factor in (1.0, 2.0):
            weights[:] = np.array([1.0, 2.0, 3.0], np.float32) * factor
            x = floats(n, 3)
            np.testing.assert_allclose(compiled((x,), {}).asnumpy(), x.asnumpy() * weights * n, rtol=1e-6)


def test_arrays_and_numbers_in_the_result_are_those_of_the_call():
    def f(x):
        return x * 2.0, np.arange(len(x)), math.sqrt(len(x)), len(x)

    compiled = Compiled(f, "f")
    for n in (4, 6, 9, 11, 5):
        y, places, root, length = compiled((floats(n, 3),), {})
        assert type(places) is np.ndarray and type(root) is float and type(length) is int and y.shape == (n, 3)
        np.testing.assert_array_equal(places, np.arange(n))
        assert root == math.sqrt(n) and length == n
        places[0] = 7  # a new array, as in Python


# ---------------------------------------------------------------- expressions
def test_numbers_of_functions_are_expressions_of_their_sizes():
    sizes = Sizes()
    n = sizes.symbol("n", 12)
    made = [computed(f, (n,), {}) for f in (math.sqrt, float, np.sqrt)] + [computed(int, (n / 5,), {})]
    assert all(type(x) is Size for x in made) and [type(x.value) for x in made] == [float, float, np.float64, int]
    assert sizes.function([x.text for x in made])(25) == [5.0, 25.0, 5.0, 5]
    assert not sizes.conditions and sizes.unfixed() == sizes.symbols


def test_the_shape_of_an_array_is_one_of_the_lengths_it_was_made_of():
    sizes = Sizes()
    n = sizes.symbol("n", 12)
    made = computed(np.ones, ((n, 3),), {})
    turned = np.triu(made, 1).T[:, :, None] * 2.0
    assert type(turned) is SizedData and turned.shape[1] is n and turned.shape[::2] == (3, 1)
    (found,) = sizes.function([turned.text])(5)
    np.testing.assert_array_equal(found, np.triu(np.ones((5, 3)), 1).T[:, :, None] * 2.0)


def test_an_array_of_sizes_cannot_be_written_to():
    sizes = Sizes()
    made = computed(np.ones, ((sizes.symbol("n", 12),),), {})
    with pytest.raises(TypeError):
        made[0] = 2.0
    with pytest.raises(TypeError):
        made += 1.0
    with pytest.raises(ValueError):
        made.sort()
    with pytest.raises(TypeError):
        np.copyto(made, 2.0)


def test_after_the_trace_an_array_of_sizes_is_numpys():
    sizes = Sizes()
    n = sizes.symbol("n", 12)
    made = computed(np.arange, (n,), {})
    sizes.close()
    assert computed(math.sqrt, (n,), {}) == math.sqrt(12) and type(made + 1) is np.ndarray and len(made) == 12
