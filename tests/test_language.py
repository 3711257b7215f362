"""Programs of the language, gradients, Cells and Parameters give what MindSpore gives, numbers and Tensors told apart."""

import json
from importlib import util
from pathlib import Path

import numpy as np
import pytest

import minispore as ms

HERE = Path(__file__).parent / "records"
RECORDED = json.loads((HERE / "language.json").read_text())
_spec = util.spec_from_file_location("language_programs", HERE / "language.py")
programs = util.module_from_spec(_spec)
_spec.loader.exec_module(programs)
# MindSpore's GRAPH mode refuses a second hook, and hooks that are lambdas; here both modes are alike
LIKE_PYNATIVE = {"hooks_run_in_order", "a_hook_that_gives_no_tensor"}


def check(found, expected):
    """Equal, with types; Tensors to the accuracy of float32."""
    if isinstance(expected, dict) and "dtype" in expected:
        assert found["dtype"] == expected["dtype"] and np.shape(found["tensor"]) == np.shape(expected["tensor"])
        np.testing.assert_allclose(found["tensor"], expected["tensor"], rtol=1e-5)
    elif isinstance(expected, list):
        assert isinstance(found, list) and len(found) == len(expected), found
        for x, y in zip(found, expected):
            check(x, y)
    else:
        assert type(found) is type(expected) and found == expected


@pytest.mark.parametrize("name", sorted(RECORDED["graph"]))
def test_programs_give_what_mindspore_gives(name, mode):
    record = RECORDED["pynative" if name in LIKE_PYNATIVE else mode][name]
    check(programs.outcome(getattr(programs, name)), record)


def test_a_number_of_the_graph_takes_part_in_gradients_and_further_loops(graph_mode):
    def f(x):
        k = 2 if x.sum() > 0 else 3
        y = x
        for i in range(40):
            if i * k > 8:
                break
            y = y * k
        return (y * i).sum()

    for x, turns, k in ((1.0, 5, 2), (-1.0, 3, 3)):
        slope = ms.grad(f)(ms.Tensor([x]))
        np.testing.assert_allclose(slope.asnumpy(), [float(turns) * k**turns], rtol=1e-6)


def test_a_number_that_becomes_a_tensor_in_a_loop_is_one(graph_mode):
    @ms.jit
    def f(x):
        total = 0
        while x < 10:
            x = x * 2
            total = total + x
        return total

    assert isinstance(f(ms.Tensor(3.0)), ms.Tensor) and float(f(ms.Tensor(3.0))) == 18.0


def test_calls_of_one_compiled_function_share_no_list_made_inside(graph_mode):
    outer = [1, 2]

    @ms.jit
    def f(x):
        return [x, outer], [3]

    (_, first), made = f(ms.Tensor(1.0))
    (_, second), again = f(ms.Tensor(2.0))
    assert first is second is outer and made is not again


def test_a_tensor_is_sought_in_a_list_as_a_whole(graph_mode):
    """As MindSpore's GRAPH mode answers: a Tensor is in it where type, shape and all numbers agree."""
    x = ms.Tensor([1, 2, 3])

    @ms.jit
    def found(x):
        return (
            x in (1, x + 1, x * 1),
            x in [x + 1],
            x not in (x + 1, "m", [1, 2], None),
            x in (ms.Tensor([1, 2]), x[:1]),
            x in [x.astype(ms.float32)],
            x in ((1, 1), x),
            None in [1, x, None],
        )

    assert [bool(y) for y in found(x)] == [True, False, True, False, False, True, True]

    @ms.jit
    def chosen(x):
        if x in (x + 1, ms.Tensor([1, 2, 3])):
            return (x * x).sum()
        return x.sum()

    assert int(chosen(x)) == 14 and int(chosen(x + 1)) == 9

    @ms.jit
    def scalars(x, k):
        return x[0] in (2, 1), k in (1, x[1]), k not in [5, 6], 2 in (x[1], 7)

    assert [bool(y) for y in scalars(x, ms.mutable(2))] == [True, True, True, True]
    assert [bool(y) for y in scalars(x, ms.mutable(5))] == [True, False, False, True]
    with pytest.raises(ValueError, match="one element|condition"):
        ms.jit(lambda x: 2 in (x, 2))(x)


def test_a_number_that_the_graph_decides_on_repeats_lists_and_tuples(graph_mode):
    x = ms.Tensor([1, 2])

    @ms.jit
    def f(k, x):
        return k * (1, 2), [x] * k, ((1, 2), "m") * k, x * [3, 4]

    for count in (2, 3, 0):
        numbers, tensors, nested, product = f(ms.mutable(count), x)
        assert numbers == (1, 2) * count and nested == ((1, 2), "m") * count
        assert isinstance(tensors, list) and len(tensors) == count
        np.testing.assert_array_equal(product.asnumpy(), [3, 8])

    @ms.jit
    def counted(x):
        turns = 0
        while x.sum() > 0:
            x, turns = x - 1, turns + 1
        return (7,) * turns

    assert counted(x) == (7, 7)
