"""A training step that is a function, seen as a Cell: what it refers to may differ between copies as attributes of Cells do."""

import functools
import types
from collections.abc import Iterator

import numpy as np

from ..core.tensor import Tensor
from .cell import Cell
from .step_copy import OURS

PLAIN = (bool, int, float, str, type(None))


class FunctionStep(Cell):
    """Holds, by the names of its variables, the Cells and Tensors that a function and the functions it calls refer to."""

    def __init__(self, function):
        super().__init__(auto_prefix=False)
        fixed = []
        for name, value in _referred(function, set()):
            if not isinstance(value, (Cell, Tensor)):
                fixed.append(f"{name} = {value}")
                continue
            while hasattr(self, name):
                name += "_"
            setattr(self, name, value)
        self.variables = tuple(fixed)  # part of what is traced: copies may not differ in them

    @property
    def parts(self) -> list[Cell]:
        """The Cells."""
        return list(self.cells())


def as_cell(step) -> Cell:
    """``step`` itself, or for a function what it refers to."""
    return step if isinstance(step, Cell) else FunctionStep(step)


def referred(function) -> Iterator[tuple[str, object]]:
    """(name, what it refers to: a Cell, a Tensor or what a number or an array says), each name once."""
    taken: set[str] = set()
    for name, value in _referred(function, set()):
        while name in taken:
            name += "_"
        taken.add(name)
        yield name, value


def _referred(value, seen: set, name: str = "") -> Iterator[tuple[str, object]]:
    """(name, Cell, Tensor or what a number or an array says), each object once."""
    if isinstance(value, PLAIN):
        if name and not name.startswith("__"):
            yield name, repr(value)
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (Cell, Tensor)):
        yield name or "step", value
    elif isinstance(value, np.ndarray):
        yield name, f"array {value.shape} {hash(value.tobytes())}"
    elif isinstance(value, (list, tuple, set, frozenset)):
        for k, item in enumerate(value):
            yield from _referred(item, seen, f"{name or 'item'}{k}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _referred(item, seen, f"{name or 'item'}_{key}")
    elif isinstance(value, types.FunctionType):
        for variable, item in _variables(value):
            yield from _referred(item, seen, variable)
    elif isinstance(value, types.MethodType):
        yield from _referred(value.__func__, seen)
        yield from _referred(value.__self__, seen)
    elif isinstance(value, functools.partial):
        yield from _referred((value.func, *value.args), seen)
        yield from _referred(value.keywords, seen)
    elif type(value).__module__.startswith(OURS):
        for item in vars(value).values() if hasattr(value, "__dict__") else ():
            if not isinstance(item, (*PLAIN, dict)):
                yield from _referred(item, seen)


def _variables(function) -> Iterator[tuple[str, object]]:
    """What stands in the closure, the defaults and, of what the code names, the globals."""
    for variable, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            yield variable, cell.cell_contents
        except ValueError:  # it has no value yet
            continue
    yield from zip(
        reversed(function.__code__.co_varnames[: function.__code__.co_argcount]), reversed(function.__defaults__ or ())
    )
    yield from (function.__kwdefaults__ or {}).items()
    if not function.__module__.startswith(OURS):
        for variable in _names(function.__code__):
            if variable in function.__globals__:
                yield variable, function.__globals__[variable]


def _names(code) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


__all__ = ["FunctionStep", "as_cell", "referred"]
