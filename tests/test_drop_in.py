"""``import mindspore`` answered by minispore: one set of modules under two names."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def python(code, *flags):
    """What ``code`` prints in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, text=True, env=env, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


INSTALL = "import sys, minispore; minispore.install_as_mindspore(); minispore.install_as_mindspore()\n"


def test_every_module_is_one_object_under_both_names():
    code = """
import importlib, pkgutil
names = [m.name for m in pkgutil.walk_packages(minispore.__path__, "minispore.") if "__main__" not in m.name]
paths = {n: "mindspore" + n[len("minispore"):] for n in names}
count = len(sys.modules)
for k, (ours, theirs) in enumerate(paths.items()):
    first, second = (theirs, ours) if k % 2 else (ours, theirs)    # whichever is imported first
    assert importlib.import_module(first) is importlib.import_module(second), ours
    assert sys.modules[ours].__name__.startswith("minispore") and sys.modules[ours].__spec__.name.startswith("minispore")
files = [m.__file__ for n, m in sys.modules.items() if n.startswith("minispore.") and n == m.__name__]
assert len(files) == len(set(files))
print(len(paths) > 100)
"""
    assert python(INSTALL + code) == "True"


def test_functions_with_the_name_of_a_module_stay_functions():
    code = """
import mindspore.jit, mindspore.grad, mindspore.tensor, mindspore.nn.optim.thor, mindspore.run_check
import mindspore
print(all(callable(f) for f in (mindspore.jit, mindspore.grad, mindspore.tensor, mindspore.nn.thor, mindspore.nn.optim.thor)))
"""
    assert python(INSTALL + code.replace(", mindspore.run_check", "")) == "True"
    assert python(INSTALL + "minispore.run_check(); minispore.run_check()").count("is installed") == 2


def test_the_version_is_that_of_the_names():
    code = "import mindspore, minispore as ms; print(mindspore.__version__, ms.__version__)"
    assert python(INSTALL + code) == "2.10.0 2.10.0"
    assert python("import minispore; print(minispore.__version__)") != "2.10.0"


def test_nothing_is_imported_before_it_is_asked_for():
    code = """
lazy = [n for n in ("dataset", "train.model", "inspect.debug", "inspect.inspection") if f"minispore.{n}" in sys.modules]
import mindspore.dataset.vision.c_transforms as before
from minispore.dataset.vision import c_transforms as after
print(lazy, before is after)
"""
    assert python(INSTALL + code) == "[] True"


def test_the_imports_of_old_scripts():
    code = """
import mindspore, mindspore.nn as nn
import mindspore.common.dtype as mstype
import mindspore.dataset.transforms.c_transforms as C2
import mindspore.train.callback._loss_monitor as monitor
from mindspore import Tensor, context
from mindspore.common.api import ms_function
from mindspore.common.initializer import Normal, initializer
from mindspore.common.seed import set_seed
from mindspore.dataset.vision import Inter
from mindspore.nn.loss.loss import LossBase
from mindspore.nn.wrap.cell_wrapper import TrainOneStepCell
from mindspore.ops import composite as C, functional as F, operations as P
from mindspore.ops.operations import nn_ops
from mindspore.ops.primitive import Primitive, constexpr
from mindspore.train.model import Model
from mindspore.train.callback import LossMonitor
from mindspore.train.serialization import load_checkpoint
import minispore.nn
class Net(nn.Cell):
    pass
print(isinstance(Net(), minispore.nn.Cell), monitor.LossMonitor is LossMonitor, nn_ops.ReLU is P.ReLU,
      mindspore.nn.loss.loss.LossBase is LossBase, issubclass(nn.MSELoss, LossBase))
"""
    assert python(INSTALL + code) == "True True True True True"


def test_missing_names_say_so_and_are_still_import_errors():
    code = """
import mindspore
for line in ("from mindspore.nn import Dens", "import mindspore.quantum", "import mindspore.quantum.gates",
             "from mindspore import quantum", "mindspore.ops.relo", "mindspore.quantum"):
    try:
        exec(line)
    except (ImportError, AttributeError) as error:
        assert "minispore does not have 'mindspore." in str(error) and "docs/compatibility.md" in str(error), error
        print(type(error).__name__, "Did you mean" in str(error))
print(hasattr(mindspore, "quantum"), getattr(mindspore.nn, "Dens", None))
"""
    lines = python(INSTALL + code).splitlines()
    assert lines == [
        "ModuleNotFoundError True", "ModuleNotFoundError False", "ModuleNotFoundError False",
        "ModuleNotFoundError False", "AttributeError True", "AttributeError False", "False None",
    ]  # fmt: skip


def test_only_mindspore_is_answered(tmp_path):
    (tmp_path / "mindspore_gl.py").write_text("name = 'graph learning'\n")
    code = f"""
sys.path.append({str(tmp_path)!r})
import mindspore_gl
try:
    import mindsporelike
except ModuleNotFoundError as error:
    print(mindspore_gl.name, error)
"""
    assert python(INSTALL + code) == "graph learning No module named 'mindsporelike'"
    without = "import minispore\ntry:\n    import mindspore\nexcept ModuleNotFoundError:\n    print('not answered')"
    assert python(without) == "not answered"


def test_it_comes_too_late_after_mindspore_itself(tmp_path):
    (tmp_path / "mindspore.py").write_text("")
    code = f"""
import sys; sys.path.insert(0, {str(tmp_path)!r})
import mindspore as theirs, minispore
try:
    minispore.install_as_mindspore()
except RuntimeError as error:
    print("before the first import" in str(error), sys.modules["mindspore"] is theirs)
"""
    assert python(code) == "True True"


def test_a_function_stays_one_when_the_module_of_its_name_is_imported():
    program = (
        "import minispore; minispore.install_as_mindspore(); import mindspore\n"
        "from mindspore.train.data_sink import data_sink\n"
        "import mindspore.train.data_sink, mindspore.common.initializer as initializer\n"
        "assert mindspore.data_sink is data_sink and mindspore.train.data_sink is data_sink\n"
        "assert callable(initializer.initializer)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
