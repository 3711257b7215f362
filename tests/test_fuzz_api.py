"""Wrong arguments to public functions, classes and methods: errors of the API, which name the function and the user's line."""

import inspect
import pickle
import sys
from pathlib import Path

import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.core import boundary

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import fuzz_api


@pytest.mark.parametrize("traced", [False, True], ids=["run", "traced"])
def test_wrong_arguments(traced):
    made, faults = fuzz_api.fuzz(calls=4, seed=20 + traced, traced=traced, sample=0.2)
    assert made > 1000
    assert not [f"{f.name}{f.call}: {f.fault}" for f in faults]


def test_all_public_names_stand_at_the_boundary():
    def stands(item):
        if inspect.isclass(item):
            return "_at_boundary" in vars(item)
        return not inspect.isfunction(item) or hasattr(item, "op") or item.__code__ in boundary.BOUNDARIES

    assert [t.name for t in fuzz_api.targets() if not stands(t.item)] == []


def raised(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_an_error_from_inside_names_function_arguments_and_line():
    error = raised(lambda: ops.flip("text", 0))  # the line of flip
    assert type(error) is TypeError and isinstance(error.__cause__, AttributeError)
    assert "For 'flip'" in str(error) and "input = 'text'" in str(error) and "test_fuzz_api.py" in str(error)
    assert "# the line of flip" in str(error)


def test_an_exception_of_the_users_own_functions_arrives_as_it_is():
    def broken(x):
        return {}["a key"]

    class Broken(nn.Cell):
        def construct(self, x):
            return [x][1]

    for call, kind in (
        (lambda: ms.grad(broken)(Tensor(1.0)), KeyError),
        (lambda: ms.vmap(broken)(Tensor([1.0])), KeyError),
        (lambda: Broken()(Tensor(1.0)), IndexError),
        (lambda: nn.SequentialCell(Broken())(Tensor(1.0)), IndexError),
    ):
        error = raised(call)
        assert type(error) is kind and "For '" not in str(error)


def test_the_outermost_function_is_named():
    assert "'softmax'" in str(raised(lambda: ops.softmax({}, 0)))
    assert "'Dense'" in str(raised(lambda: nn.Dense(2, 2)([1])))
    assert "'Tensor.reshape'" in str(raised(lambda: Tensor([1.0]).reshape("a")))


def test_functions_keep_name_signature_and_place():
    assert ops.softmax.__name__ == "softmax" and "axis" in inspect.signature(ops.softmax).parameters
    assert pickle.loads(pickle.dumps(ops.softmax)) is ops.softmax
    assert list(inspect.signature(nn.Dense).parameters)[:2] == ["in_channels", "out_channels"]


def test_key_errors_print_their_text():
    error = raised(lambda: nn.get_activation("nothing"))
    assert isinstance(error, KeyError) and str(error)[0] not in "'\"" and "\n  at " in str(error)
