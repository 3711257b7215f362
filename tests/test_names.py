"""What ``dir`` shows of the package: MindSpore's names, and those of ours that are listed here."""

import inspect
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

import minispore as ms
from minispore import ops
from minispore.surface.names import of_mindspore

OURS = {
    # control flow as functions: MindSpore has it as statements, and as the classes Scan, WhileLoop and ForiLoop
    "fori_loop", "scan", "switch_case", "while_loop",
    # MindSpore 1.x
    "ControlDepend", "RowTensor", "TypeAs", "control_depend", "neg_tensor", "tensor_neg",
    # MindSpore's modules
    "composite", "functional", "operations", "primitive",
}  # fmt: skip


def test_ops_holds_names_of_mindspore_and_a_few_of_ours():
    theirs = {name.name for name in of_mindspore()["mindspore.ops"]}
    shown = {name for name in dir(ops) if not name.startswith("__")}
    assert shown - theirs == OURS
    held = {name for name, item in vars(ops).items() if not name.startswith("_") and not isinstance(item, ModuleType)}
    assert held <= shown  # nothing is there that dir does not show
    assert all(hasattr(ops, name) for name in ops.__all__) and len(ops.__all__) == len(set(ops.__all__))


def test_modules_of_ops_say_what_is_theirs():
    for file in Path(ops.__file__).parent.glob("*.py"):
        module = import_module(f"minispore.ops.{file.stem}" if file.stem != "__init__" else "minispore.ops")
        assert isinstance(module.__all__, list) and all(hasattr(module, name) for name in module.__all__), file
    assert all(hasattr(ms.dtype, name) for name in ms.dtype.__all__)


def test_functions_are_functions_with_signatures():
    """``inspect.signature`` and ``isinstance`` say of them what they say of MindSpore's."""
    plain = [name for name in ops.__all__ if name[0].islower() and not inspect.isclass(getattr(ops, name))]
    assert [name for name in plain if not isinstance(getattr(ops, name), FunctionType)] == []
    assert str(inspect.signature(ops.tanh)) == "(input)" and str(inspect.signature(ops.add)) == "(input, other)"
    assert str(inspect.signature(ops.select)) == "(condition, input, other)"
    assert float(ops.add(other=ms.Tensor(1.0), input=ms.Tensor(2.0))) == 3.0
    assert ops.tanh.op.name == "tanh" and ms.Tensor.tanh is ops.tanh
