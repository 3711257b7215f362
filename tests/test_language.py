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
