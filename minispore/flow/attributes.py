"""Attributes that a construct sets while a graph is traced: results of the compiled call, besides what it returns.

``self.weights = softmax(scores)``: the Tensor has no value while the graph is traced.  It becomes an output of the graph, and each call
sets the attribute anew.  That is right where the construct never reads what an earlier call has set.  So while a graph is
traced, attributes that a construct is known to set are missing until it sets them; a construct that asks for one of them is
traced again, with the attribute in its place, and where it then sets it, the graph breaks.
"""

from __future__ import annotations

from typing import Any

from ..core import tree
from ..core.number import Number
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
