"""Deep copies of training steps whose Cells hold functions: ``deepcopy`` leaves functions with what they referred to before."""

import copy
import functools
import types

from ..core.tensor import Tensor
from .cell import Cell

PACKAGE = __name__.partition(".")[0] + "."
OURS = f"{PACKAGE}transforms."  # of the objects and functions that ``value_and_grad`` and ``jit`` make of functions
FUNCTIONS = (types.FunctionType, types.MethodType)
CACHE = "_function_cache"  # compiled forms, of what the function referred to


def copied(step: Cell) -> Cell:
    """A deep copy whose functions refer to the copies, and to copies of what they alone refer to; globals stay what they are."""
    memo: dict = {}
    made = copy.deepcopy(step, memo)
    _rebind(made, memo)
    return made


def is_function(value) -> bool:
    """Whether it is a function of the user's, or made of one by ``grad`` or ``jit``: it may refer to what differs between copies."""
    if isinstance(value, functools.partial) or type(value).__module__.startswith(OURS):
        return True
    module = getattr(value, "__module__", None) or ""
    return isinstance(value, FUNCTIONS) and (module.startswith(OURS) or not module.startswith(PACKAGE))


def _rebind(step: Cell, memo: dict) -> None:
    """Lets the functions that a deep copy of a step holds refer to the copies of what they referred to; ``memo`` is deepcopy's."""
    for _, cell in step.cells_and_names():
        for name, value in list(vars(cell).items()):
            if is_function(value):
                cell.__dict__[name] = _rebound(value, memo)


def _rebound(value, memo: dict):
    """``value`` with copies in place of the Cells and Tensors it refers to."""
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, types.MethodType):
        return types.MethodType(value.__func__, _rebound(value.__self__, memo))
    if isinstance(value, functools.partial):
        keywords = {key: _rebound(item, memo) for key, item in value.keywords.items()}
        return functools.partial(_rebound(value.func, memo), *(_rebound(item, memo) for item in value.args), **keywords)
    if isinstance(value, types.FunctionType) and is_function(value):
        return _rebound_function(value, memo)
    if type(value) in (list, tuple):
        return type(value)(_rebound(item, memo) for item in value)
    if type(value) is dict:
        return {key: _rebound(item, memo) for key, item in value.items()}
    if type(value).__module__.startswith(OURS):
        memo[id(value)] = made = object.__new__(type(value))
        made.__dict__.update(
            (k, None if k == "compiled" else _rebound(v, memo)) for k, v in vars(value).items() if k != CACHE
        )
        return made
    if not isinstance(value, (Cell, Tensor)) or any(value is made for made in memo.values()):
        return value
    made = copy.deepcopy(value, memo)
    if isinstance(made, Cell):
        _rebind(made, memo)
    return made


def _rebound_function(value: types.FunctionType, memo: dict) -> types.FunctionType:
    cells = tuple(types.CellType() for _ in value.__closure__ or ())
    made = types.FunctionType(value.__code__, value.__globals__, value.__name__, None, cells or None)
    memo[id(value)] = made  # before its variables: a function may refer to itself
    made.__qualname__, made.__module__, made.__doc__ = value.__qualname__, value.__module__, value.__doc__
    made.__defaults__ = _rebound(value.__defaults__, memo)
    made.__kwdefaults__ = _rebound(value.__kwdefaults__, memo)
    for new, old in zip(cells, value.__closure__ or ()):
        try:
            new.cell_contents = _rebound(old.cell_contents, memo)
        except ValueError:  # it has no value yet
            continue
    made.__dict__.update((k, _rebound(v, memo)) for k, v in vars(value).items() if k != CACHE)
    return made


__all__ = ["OURS", "copied", "is_function"]
