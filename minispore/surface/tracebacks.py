"""Tracebacks of uncaught errors without the frames inside the package, in scripts, in notebooks and under pytest.

``set_context(full_tracebacks=True)`` or ``MINISPORE_DEBUG=1`` shows all frames.
"""

import contextlib
import linecache
import os
import re
import sys
from collections.abc import Iterator
from types import TracebackType

from ..core import hints, notebook
from ..core.cell_base import CellBase
from ..core.context import get_context
from ..core.record import PACKAGE
from ..core.tensor import Tensor
from ..graph import history


def without_package(traceback: TracebackType | None) -> TracebackType | None:
    """A copy of a traceback without the frames inside the package; as it is if there are no others."""
    kept, entry = [], traceback
    while entry is not None:
        if not entry.tb_frame.f_code.co_filename.startswith(PACKAGE):
            kept.append(entry)
        entry = entry.tb_next
    made = None
    for entry in reversed(kept):
        made = TracebackType(made, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return made or traceback


@contextlib.contextmanager
def shortened(error: BaseException) -> Iterator[bool]:
    """Inside, ``error`` and those it came from have short tracebacks; gives whether frames are left out."""
    before: dict[int, tuple[BaseException, TracebackType | None]] = {}
    todo: list[BaseException | None] = [] if is_full() else [error]
    while todo:
        e = todo.pop()
        if e is not None and id(e) not in before:
            before[id(e)] = e, e.__traceback__
            todo += [e.__cause__, e.__context__]
            e.__traceback__ = without_package(e.__traceback__)
    try:
        yield any(_length(old) > _length(e.__traceback__) for e, old in before.values())
    finally:
        for e, old in before.values():
            e.__traceback__ = old


def is_full() -> bool:
    return get_context("full_tracebacks") or bool(history.DEBUG)


def _length(traceback: TracebackType | None) -> int:
    return 0 if traceback is None else 1 + _length(traceback.tb_next)


_CALL = re.compile(rf"(\w+(?:\.\w+)*)\.({'|'.join(hints.PROPERTIES)})\(")


def called_property(error: BaseException) -> str:
    """For ``x.shape()``: what to write; nothing for other errors. The number that was called knows nothing of its Tensor."""
    if not isinstance(error, TypeError) or "object is not callable" not in str(error):
        return ""
    entry = error.__traceback__
    while entry is not None and entry.tb_next is not None:
        entry = entry.tb_next
    if entry is None:
        return ""
    frame = entry.tb_frame
    for path, name in _CALL.findall(linecache.getline(frame.f_code.co_filename, entry.tb_lineno)):
        first, *rest = path.split(".")
        item = frame.f_locals.get(first, frame.f_globals.get(first))
        for attribute in rest:
            item = getattr(item, attribute, None)
        if isinstance(item, (Tensor, CellBase)) and isinstance(getattr(type(item), name, None), property):
            return f"{path}.{name} is no method but {hints.PROPERTIES[name]}."
    return ""


def _hint(error: BaseException, is_shorter: bool) -> None:
    """What to write in place of a called property; for an error that does not name the user's line itself, how to see all frames."""
    hint = called_property(error)
    if hint:
        print(f"minispore: {hint}", file=sys.stderr)
    if not is_shorter:
        return
    if "\n  at " not in str(error):
        print("(Without the frames inside minispore; set_context(full_tracebacks=True) shows them.)", file=sys.stderr)


def show(kind, error, traceback) -> None:
    """``sys.excepthook``."""
    with shortened(error) as is_shorter:
        sys.__excepthook__(kind, error, error.__traceback__)
    _hint(error, is_shorter)


def _show_in_notebook(shell, kind, error, traceback, tb_offset=None) -> None:
    with shortened(error) as is_shorter:
        shell.showtraceback((kind, error, error.__traceback__), tb_offset=tb_offset)
    _hint(error, is_shorter)


def _hidden(info) -> bool:
    """``__tracebackhide__`` of the modules of the package: whether pytest leaves their frames out; not for who works on the package."""
    hide_from_pytest()  # modules that were imported since
    return not is_full() and "MINISPORE_VERIFY" not in os.environ


def hide_from_pytest() -> None:
    """Marks the modules that are imported, where pytest runs; it looks for the name among the globals of a frame."""
    if "pytest" in sys.modules:
        for name, module in list(sys.modules.items()):
            if name.startswith(f"{__package__.partition('.')[0]}.") and getattr(module, "__dict__", None) is not None:
                vars(module).setdefault("__tracebackhide__", _hidden)


def install() -> None:
    """Shows uncaught errors in this way, where nobody else has said how they are shown."""
    hide_from_pytest()
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = show
    shell = notebook.shell()
    if shell is not None and not shell.custom_exceptions:
        shell.set_custom_exc((Exception,), _show_in_notebook)
