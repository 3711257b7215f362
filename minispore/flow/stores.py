"""What user code changes in place while a graph is traced, besides attributes of Cells: attributes of other objects, items of lists
and dicts, Tensors that were there before.

What is made in the trace goes with it.  What was there before keeps the change, so the line has to run in Python.
"""

from __future__ import annotations

import copy
import types
import weakref
from typing import Any

from ..core.cell_base import CellBase
from ..core.errors import fail, graph_break
from ..core.record import STATE, Break, break_here, traced_call
from ..core.tensor import Tensor
from .attributes import MISSING, symbolic
from .rewrite import MUTATORS
from .watch import same_items

CONTAINERS = (list, dict, set)
MAX_DEPTH = 4  # of containers in containers


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

    def now(self) -> Any:
        owner = self.owner()
        return None if owner is None else vars(owner).get(self.name)

    def undo(self) -> None:
        owner = self.owner()
        if owner is None:
            return
        if self.before is MISSING:
            vars(owner).pop(self.name, None)
        else:
            vars(owner)[self.name] = self.before


def owner(x, name: str, augmented: bool = False):
    """``x``, whose attribute ``name`` user code is about to set; ``augmented``: by ``x.name += ...``, which may change what it holds."""
    if STATE.recorder is None or not STATE.recorder.symbolic:
        return x
    if augmented:
        holder(getattr(x, name, None))
    if isinstance(x, (CellBase, Tensor, type, types.ModuleType)):
        return x
    recorder = traced_call()
    if recorder is not None and isinstance(getattr(x, "__dict__", None), dict):
        error = fail(
            RuntimeError,
            f"Setting the attribute '{name}' of a {type(x).__name__} to a Tensor in a compiled call, which has no value outside it.",
        )
        recorder.stores.append(_Store(x, name, break_here(recorder, error), STATE.recorder is not recorder))
    return x


# ---------------------------------------------------------------- items of containers
class _Items:
    """A list, dict or set from outside, which user code is about to change."""

    def __init__(self, container, place: Break, is_gone):
        self.container, self.place, self.is_gone = container, place, is_gone
        self.before = copy.copy(container)

    def breaks(self) -> bool:
        return not self.is_gone() and not same_items(self.container, self.before)

    def undo(self) -> None:
        if isinstance(self.container, list):
            self.container[:] = self.before
        else:
            self.container.clear()
            self.container.update(self.before)


def holder(x):
    """``x``, of which user code is about to set or delete an item."""
    if type(x) in CONTAINERS and STATE.recorder is not None and STATE.recorder.symbolic:
        recorder = traced_call()
        is_gone = None if recorder is None else _from_outside(x, recorder)
        if is_gone is not None:
            message = f"A {type(x).__name__} from outside is changed in a compiled call, which a graph cannot do: its items have no value there."
            if STATE.recorder is not recorder:  # in a branch or loop body, which may not run
                raise graph_break(RuntimeError, message)
            recorder.stores.append(_Items(x, break_here(recorder, fail(RuntimeError, message)), is_gone))
    return x


def changes(function) -> None:
    """To be called before a method of Python's own types, which may change its container."""
    container = function.__self__
    if type(container) in CONTAINERS and function.__name__ in MUTATORS:
        holder(container)


def _from_outside(x, recorder):
    """Where ``x`` was there before the trace: a function that tells whether what held it is gone; else None."""
    if any(_holds(value, x) for _, _, value in recorder.attributes.before.values()):
        return lambda: False
    made = [vars(cell).get(name) for cell, name in recorder.attributes.set.values()]
    made += [store.now() for store in recorder.stores if isinstance(store, _Store)]
    if any(_holds(value, x) for value in made):
        return None
    for reads in recorder.functions.values():
        if any(_holds(container, x) for container, _ in reads.kept):
            return reads.is_gone
    for cell in recorder.cells.values():
        if any(_holds(value, x) for value in vars(cell).values()):
            return lambda: False
    return None


def _holds(value, x, depth: int = MAX_DEPTH) -> bool:
    """Whether ``value`` is ``x`` or a container that has it inside."""
    if value is x:
        return True
    if depth == 0 or not isinstance(value, (list, tuple, dict)):
        return False
    return any(_holds(item, x, depth - 1) for item in (value.values() if isinstance(value, dict) else value))


def lasting_stores(recorder) -> list[Break]:
    """The lines that changed what outlives the trace."""
    return [store.place for store in recorder.stores if store.breaks()]


def undo_stores(recorder) -> None:
    """Sets back what user code has changed so far: the function will run again."""
    for store in reversed(recorder.stores):
        store.undo()
