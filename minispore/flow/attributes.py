"""Attributes that a construct sets while a graph is traced: results of the compiled call, besides what it returns.

``self.weights = softmax(scores)``: the Tensor has no value while the graph is traced.  It becomes an output of the graph, and each call
sets the attribute anew.  That is right where the construct never reads what an earlier call has set.  So while a graph is
traced, attributes that a construct is known to set are missing until it sets them; a construct that asks for one of them is
traced again, with the attribute in its place, and where it then sets it, the graph breaks.
"""

from __future__ import annotations

import types
import weakref
from typing import Any

from ..core import tree
from ..core.cell_base import CellBase
from ..core.errors import fail
from ..core.number import Number
from ..core.record import STATE, Break, break_here, traced_call
from ..core.tensor import Tensor

MISSING = object()
OUTPUTS = "_set_in_construct"  # of a Cell: the names of attributes that compiled calls have set


class SetAttributes:
    """The attributes that one trace sets.

    Args:
        visible: (id of a Cell, name) of attributes that are read before they are set.
        hidden: (Cell, name) of attributes that are missing from the start.
    """

    def __init__(self, visible=frozenset(), hidden=()):
        self.visible, self.known = set(visible), list(hidden)
        self.before: dict[tuple[int, str], tuple[Any, str, Any]] = {}  # -> (Cell, name, the value before the trace)
        self.set: dict[tuple[int, str], tuple[Any, str]] = {}
        self.asked: set[tuple[int, str]] = set()  # of those that are missing
        self.again = False  # whether the trace has to be made once more
        for cell, name in self.known:
            self._hide(cell, name)

    def enter(self, cell) -> None:
        """``cell`` is about to run: what it sets is missing until it does."""
        for name in vars(cell).get(OUTPUTS, ()):
            self._hide(cell, name)

    def _hide(self, cell, name: str) -> None:
        key = id(cell), name
        if key not in self.visible and key not in self.before and key not in self.set:
            self.before[key] = cell, name, vars(cell).pop(name, MISSING)

    def ask(self, cell, name: str) -> Any:
        """The value of a missing attribute, which is then read before it is set; MISSING where it never had one."""
        key = id(cell), name
        if key in self.set or key in self.visible:
            return MISSING
        self.asked.add(key)
        _, _, value = self.before.get(key, (None, name, MISSING))
        if value is MISSING:
            return MISSING
        self.again = True
        self.visible.add(key)
        vars(cell)[name] = value
        return value

    def take(self, cell, name: str, value) -> bool:
        """Sets an attribute until the trace ends; False where it cannot be an output."""
        key = id(cell), name
        held = vars(cell)
        if key in self.visible or key in self.asked or any(isinstance(x, Number) for x in tree.leaves(value)):
            return False
        if hasattr(type(cell), name):
            return False
        if key not in self.before:
            self.before[key] = cell, name, held.get(name, MISSING)
            if name in held:  # it may have been read before
                self.again = True
                self.known.append((cell, name))
        self.set[key] = cell, name
        held[name] = value
        return True

    def outputs(self) -> list[tuple[Any, str, Any]]:
        """(Cell, name, value with symbolic Tensors) at the end of the trace."""
        for cell, name in self.set.values():
            vars(cell).setdefault(OUTPUTS, set()).add(name)
        return [(cell, name, vars(cell).get(name)) for cell, name in self.set.values()]

    def restore(self) -> None:
        """All attributes get the values that they had before the trace."""
        for cell, name, value in self.before.values():
            if value is MISSING:
                vars(cell).pop(name, None)
            else:
                vars(cell)[name] = value


def symbolic(value) -> list[Tensor]:
    """The Tensors in ``value`` that have no data."""
    return [x for x in tree.leaves(value) if _is_symbolic(x)]


def _is_symbolic(x) -> bool:
    return isinstance(x, Tensor) and x._data is None and not x.is_parameter


def set_all(attributes, tensors) -> None:
    """Sets the attributes of one call; ``tensors``: the results in the order of the Tensors that had no data."""
    left = iter(tensors)
    for cell, name, value in attributes:
        vars(cell)[name] = tree.map_leaves(lambda x: next(left) if _is_symbolic(x) else x, value)


def read_from_outside(cells, recorder) -> list[tuple[dict, str, Any]]:
    """Attributes that compiled calls set, and that this trace, which does not set them, has read: (their dict, name, value)."""
    found = []
    for cell in cells:
        for name in vars(cell).get(OUTPUTS, ()):
            if (id(cell), name) in recorder.attributes.set:
                continue
            value = vars(cell).get(name, MISSING)
            inside = [x for x in tree.leaves(value) if isinstance(x, Tensor)]
            if not inside or any(id(x) in recorder.captures for x in inside):
                found.append((vars(cell), name, value))
    return found


# ---------------------------------------------------------------- attributes of other objects than Cells
class _Store:
    """An attribute that user code sets while a graph is traced.

    Objects that are made there may hold its Tensors.  One that is left when the trace ends was there before, or goes to the caller:
    the line has to run in Python.
    """

    def __init__(self, owner, name: str, place: Break, in_branch: bool):
        self.name, self.place, self.in_branch = name, place, in_branch
        self.before = vars(owner).get(name, MISSING)
        try:
            self.owner: Any = weakref.ref(owner)
        except TypeError:  # a class with __slots__
            self.owner = lambda: owner

    def breaks(self) -> bool:
        owner = self.owner()
        return owner is not None and (self.in_branch or bool(symbolic(vars(owner).get(self.name))))

    def undo(self) -> None:
        owner = self.owner()
        if owner is None:
            return
        if self.before is MISSING:
            vars(owner).pop(self.name, None)
        else:
            vars(owner)[self.name] = self.before


def owner(x, name: str):
    """``x``, whose attribute ``name`` user code is about to set."""
    if (
        STATE.recorder is None
        or not STATE.recorder.symbolic
        or isinstance(x, (CellBase, Tensor, type, types.ModuleType))
    ):
        return x
    recorder = traced_call()
    if recorder is not None and isinstance(getattr(x, "__dict__", None), dict):
        error = fail(
            RuntimeError,
            f"Setting the attribute '{name}' of a {type(x).__name__} to a Tensor in a compiled call, which has no value outside it.",
        )
        recorder.stores.append(_Store(x, name, break_here(recorder, error), STATE.recorder is not recorder))
    return x


def lasting_stores(recorder) -> list[Break]:
    """The lines that set attributes, to Tensors of the trace, of objects that outlive it; the attributes are set back."""
    found = [store.place for store in recorder.stores if store.breaks()]
    if found:
        for store in reversed(recorder.stores):
            store.undo()
    return found
