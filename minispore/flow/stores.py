"""What user code changes in place while a graph is traced, besides attributes of Cells: attributes of other objects, items of lists
and dicts, Tensors that were there before.

What is made in the trace goes with it.  What was there before keeps the change, so the line has to run in Python.
"""

from __future__ import annotations

import collections
import copy
import types
import weakref
from typing import Any

import numpy as np

from ..core.cell_base import CellBase
from ..core.errors import fail, graph_break
from ..core.record import STATE, Break, break_here, traced_call
from ..core.tensor import Tensor
from .attributes import MISSING, symbolic
from .rewrite import MUTATORS
from .watch import PLAIN, attributes_of_users, exactly, put_items, same_items

CONTAINERS = (list, dict, set, collections.deque, bytearray, np.ndarray)
MAX_DEPTH = 8  # of containers and objects in each other


class _Store:
    """An attribute that user code sets while a graph is traced.

    Objects that are made there may hold its Tensors.  One that is left when the trace ends was there before, or goes to the caller:
    the line has to run in Python.  So it has where another value is set in an object ``from_outside``.
    """

    def __init__(self, owner, name: str, place: Break, in_branch: bool, from_outside: bool):
        self.name, self.place, self.in_branch, self.from_outside = name, place, in_branch, from_outside
        self.before = vars(owner).get(name, MISSING)
        try:
            self.owner: Any = weakref.ref(owner)
        except TypeError:  # a class with __slots__
            self.owner = lambda: owner

    def breaks(self) -> bool:
        owner = self.owner()
        if owner is None:
            return False
        now = vars(owner).get(self.name, MISSING)
        return self.in_branch or bool(symbolic(now)) or (self.from_outside and not _is_same(now, self.before))

    def now(self) -> Any:
        owner = self.owner()
        return None if owner is None else vars(owner).get(self.name)

    def undo(self) -> None:
        owner = self.owner()
        if owner is None:
            return
        if isinstance(owner, type):
            if self.before is not MISSING:
                setattr(owner, self.name, self.before)
            elif self.name in vars(owner):
                delattr(owner, self.name)
        elif self.before is MISSING:
            vars(owner).pop(self.name, None)
        else:
            vars(owner)[self.name] = self.before


def _is_same(x, y) -> bool:
    return x is y or (isinstance(x, PLAIN) and isinstance(y, PLAIN) and exactly(x) == exactly(y))


def owner(x, name: str, augmented: bool = False):
    """``x``, whose attribute ``name`` user code is about to set or delete; ``augmented``: by ``x.name += ...``, which may change what it
    holds."""
    if STATE.recorder is None or not STATE.recorder.symbolic:
        return x
    if augmented:
        holder(getattr(x, name, None))
    if isinstance(x, (CellBase, Tensor)):
        return x
    recorder = traced_call()
    is_space = isinstance(x, (type, types.ModuleType))
    if recorder is not None and (is_space or isinstance(getattr(x, "__dict__", None), dict)):
        error = fail(
            RuntimeError,
            f"Setting the attribute '{name}' of a {type(x).__name__} in a compiled call: a graph cannot do it, and a Tensor has no value there.",
        )
        is_outside = is_space or _from_outside(x, recorder) is not None
        place = break_here(recorder, error)
        recorder.stores.append(_Store(x, name, place, STATE.recorder is not recorder, is_outside))
    return x


# ---------------------------------------------------------------- items of containers
class _Items:
    """A container from outside, which user code may be about to change."""

    def __init__(self, container, place: Break, is_gone):
        self.container, self.place, self.is_gone = container, place, is_gone
        self.before = copy.copy(container)

    def breaks(self) -> bool:
        return not self.is_gone() and not same_items(self.container, self.before)

    def undo(self) -> None:
        if not same_items(self.container, self.before):
            put_items(self.container, self.before)


def holder(x, augmented: bool = False):
    """``x``, of which user code is about to set or delete an item; ``augmented``: by ``x[...] += ...``, which may change what it holds."""
    if STATE.recorder is None or not STATE.recorder.symbolic:
        return x
    _note(x, is_sure=True)
    if augmented and isinstance(x, (list, tuple, dict)):
        for item in x.values() if isinstance(x, dict) else x:
            _note(item)
    return x


def augmented(x, value):
    """``value``, where user code is about to run ``x += value`` for a variable: a list changes in place."""
    if isinstance(x, CONTAINERS) and STATE.recorder is not None and STATE.recorder.symbolic:
        _note(x, is_sure=True, among_arguments=True)
    return value


def changes(function) -> None:
    """To be called before a method of Python's own types, which may change its container."""
    if STATE.recorder is not None and STATE.recorder.symbolic:
        _note(function.__self__, is_sure=function.__name__ in MUTATORS)


def watched(function):
    """A function of another module, which may change the containers that it is given: ``operator.setitem``, ``list.append``."""
    if STATE.recorder is None or not STATE.recorder.symbolic:
        return function

    def call(*args, **kwargs):
        for x in (getattr(function, "__self__", None), *args, *kwargs.values()):
            _note(x)
        return function(*args, **kwargs)

    return call


def _note(x, is_sure: bool = False, among_arguments: bool = False) -> None:
    """``x`` may be changed by the line that is running; ``is_sure``: it is; ``among_arguments``: also where it is one of a stretch, which has
    no other such lines."""
    recorder = traced_call() if isinstance(x, CONTAINERS) else None
    if recorder is None:
        return
    is_gone = _from_outside(x, recorder)
    if among_arguments and any(x is item for item in recorder.variables):
        is_gone = _never
    if is_gone is None:
        return
    message = f"A {type(x).__name__} from outside is changed in a compiled call, which a graph cannot do: its items have no value there."
    if is_sure and STATE.recorder is not recorder:  # in a branch or loop body, which may not run
        raise graph_break(RuntimeError, message)
    recorder.stores.append(_Items(x, break_here(recorder, fail(RuntimeError, message)), is_gone))


def was_there_before(x, recorder) -> bool:
    """Whether ``x`` is a container that was there before the trace."""
    return isinstance(x, CONTAINERS) and _from_outside(x, recorder) is not None


def _never() -> bool:
    return False


def _from_outside(x, recorder):
    """Where ``x`` was there before the trace: a function that tells whether what held it is gone; else None."""
    if any(_holds(value, x) for _, _, value in recorder.attributes.before.values()):
        return _never
    made = [vars(cell).get(name) for cell, name in recorder.attributes.set.values()]
    made += [store.now() for store in recorder.stores if isinstance(store, _Store)]
    if any(_holds(value, x) for value in made):
        return None
    for reads in recorder.functions.values():
        if any(_holds(value, x) for value in reads.that_may_change()):
            return reads.is_gone
    for cell in recorder.cells.values():
        if _holds(cell, x):
            return _never
    return None


def _holds(value, x) -> bool:
    """Whether ``value`` is ``x``, or a container or an object of a user's class that has it inside."""
    seen: set[int] = set()
    level = [value]
    for depth in range(MAX_DEPTH):
        inside: list = []
        for item in level:
            if item is x:
                return True
            if isinstance(item, PLAIN) or isinstance(item, Tensor) or id(item) in seen:
                continue
            seen.add(id(item))
            if isinstance(item, (list, tuple, collections.deque)):
                inside += item
            elif isinstance(item, dict):
                inside += item.values()
            elif not isinstance(item, CellBase):
                inside += attributes_of_users(item)
            elif depth == 0:
                inside.append(vars(item))
        level = inside
    return any(item is x for item in level)


def lasting_stores(recorder) -> list[Break]:
    """The lines that changed what outlives the trace."""
    return [store.place for store in recorder.stores if store.breaks()]


def undo_stores(recorder) -> None:
    """Sets back what user code has changed so far: the function will run again."""
    for store in reversed(recorder.stores):
        store.undo()
