"""Runs a script or module as Python itself does, with minispore as ``mindspore``."""

from __future__ import annotations

import os
import runpy
import sys
import tempfile
from pathlib import Path
from types import ModuleType, TracebackType

from ..core.record import PACKAGE
from ..surface import tracebacks
from ..surface.drop_in import PAGE, install_as_mindspore
from ..surface.paths import THEIRS
from .console import console

# The package ``mindspore`` (found by PYTHONPATH) for Python processes that the script starts.
CHILD = """\
import sys

del sys.modules[__name__]
sys.path.append({package!r})
import minispore

minispore.install_as_mindspore()
"""


def run(target: str, arguments: list[str], module: bool = False) -> int:
    """Runs ``target`` with ``arguments`` as ``__main__``; 0 when it comes to its end.

    Exceptions (SystemExit too) are raised to the caller, with tracebacks that begin in the script.
    """
    path = Path(os.path.abspath(target))
    if path.is_dir() and not module:
        path = path / "__main__.py"
    if not module and not path.is_file():
        console(sys.stderr).print(f"[red]error:[/] cannot run '{target}': there is no such file", soft_wrap=True)
        return 2
    with tempfile.TemporaryDirectory(prefix="minispore-run-") as folder:
        child = CHILD.format(package=str(Path(PACKAGE).parent))
        (Path(folder) / f"{THEIRS}.py").write_text(child, encoding="utf-8")
        before = [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
        os.environ["PYTHONPATH"] = os.pathsep.join([folder, *before])
        sys.path.append(folder)  # processes of multiprocessing inherit it
        install_as_mindspore()
        sys.excepthook = _report
        sys.argv = [target if not module else "-m", *arguments]
        if not getattr(sys.flags, "safe_path", False):
            sys.path[0] = os.getcwd() if module else str(path.resolve().parent)
        try:
            if module:
                runpy.run_module(target, run_name="__main__", alter_sys=True)
            else:
                _execute(path)
        finally:
            sys.stdout.flush()
    return 0


def _execute(path: Path) -> None:
    main = ModuleType("__main__")
    main.__dict__.update(__file__=str(path), __builtins__=__builtins__, __spec__=None)
    sys.modules["__main__"] = main
    exec(compile(path.read_bytes(), str(path), "exec"), main.__dict__)


def _report(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """``sys.excepthook``: leaves out the frames that started the script, and adds a hint on missing names."""
    tracebacks.show(kind, error.with_traceback(_of_script(traceback)), traceback)
    if isinstance(error, (ImportError, AttributeError)) and PAGE not in str(error) and _concerns_us(error):
        sys.stderr.write(
            f"minispore does not have this name. {PAGE} lists what works, what is ignored, what is missing.\n"
        )


def _of_script(traceback: TracebackType | None) -> TracebackType | None:
    """The frames from the script on."""
    starters = (os.path.join(PACKAGE, "cli"), os.path.join(PACKAGE, "__main__.py"))
    begin = entry = traceback
    while entry is not None:
        if entry.tb_frame.f_code.co_filename.startswith(starters):
            begin = entry.tb_next
        entry = entry.tb_next
    while begin is not None and "runpy" in begin.tb_frame.f_code.co_filename:
        begin = begin.tb_next
    return begin


def _concerns_us(error: ImportError | AttributeError) -> bool:
    """Whether a missing name was looked up in a module of minispore or an object of one of its classes."""
    if isinstance(error, ImportError):
        owner = error.name or ""
    else:
        found = getattr(error, "obj", None)
        owner = found.__name__ if isinstance(found, ModuleType) else type(found).__module__
    return owner.partition(".")[0] == "minispore"
