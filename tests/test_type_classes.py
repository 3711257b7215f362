"""MindSpore's classes of types, and other names behind the wall."""

import subprocess
import sys
import types

import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore._c_expression import typing
from minispore.parallel.auto_parallel import AutoParallel

KINDS = {  # as isinstance answers in MindSpore 2.10
    "bool_": {"Bool", "Number", "Type"},
    "int8": {"Int", "Number", "Type"},
    "int64": {"Int", "Number", "Type"},
    "uint8": {"UInt", "Number", "Type"},
    "float16": {"Float", "Number", "Type"},
    "bfloat16": {"BFloat", "Number", "Type"},
    "float64": {"Float", "Number", "Type"},
    "string": {"String", "Type"},
    "list_": {"List", "Type"},
    "number": {"Number", "Type"},
}


@pytest.mark.parametrize("name", KINDS)
def test_isinstance_of_types(name):
    classes = ("Type", "Number", "Int", "UInt", "Float", "BFloat", "Bool", "String", "List")
    assert {c for c in classes if isinstance(getattr(ms, name), getattr(typing, c))} == KINDS[name]


def test_classes_make_types():
    assert typing.Int(32) is ms.int32 and typing.Float(16) is ms.float16 and typing.Bool() is ms.bool_
    assert issubclass(typing.Int, typing.Number) and ms.dtype.Int is ms.Int
    assert not isinstance(int, typing.Number)
    with pytest.raises(TypeError, match="7 bits"):
        typing.Int(7)


@pytest.mark.parametrize(("value", "wanted"), [(1, "Int64"), (1.5, "Float64"), (True, "Bool"), ("a", "String"), ([1], "List"), ((1,), "Tuple"), (int, "Int64"), (None, "TypeNone")])  # fmt: skip
def test_types_of_python_values(value, wanted):
    assert str(ms.get_py_obj_dtype(value)) == wanted


def test_small_names():
    assert ms.is_tensor(Tensor(1)) and not ms.is_tensor(1)
    assert ms.frombuffer(b"abcdefgh", ms.int32).tolist() == [1684234849, 1751606885]
    assert all(
        isinstance(function, types.FunctionType) for function in (ops.tanh, ops.add, ops.matmul, ops.reduce_mean)
    )


def test_auto_parallel_calls_its_network(mode):
    net = AutoParallel(nn.Dense(2, 1, weight_init="ones", bias_init="zeros"))
    net.hsdp(shard_size=2)
    assert net(Tensor([[1.0, 2.0]])).tolist() == [[3.0]]
    assert [p.name for p in net.get_parameters()] == ["weight", "bias"]
    with pytest.raises(TypeError, match="network"):
        AutoParallel(len)
    with pytest.raises(ValueError, match="parallel_mode"):
        AutoParallel(net, "nothing")


def test_the_name_of_the_module_as_mindspore():
    code = (
        "import minispore; minispore.install_as_mindspore(); import mindspore; "
        "from mindspore import Profiler, amp; from mindspore._c_expression import typing; "
        "print(mindspore.__name__, mindspore.train.Model.__name__, mindspore.hal.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["mindspore", "Model", "minispore.surface.hal"], done.stderr
