"""Python's ``max``, ``min``, ``map``, ``zip``, ``enumerate``, ``filter``, ``count`` and ``len`` in functions that are traced.

Python's own ``max`` and ``min`` ask for the truth of ``b > a``, so a choice by value takes their place, as ``b if b > a else a`` has it.
One-element shapes that differ, (1,) and (), are broadcast.

``map`` of lists or tuples is one of them there, as in MindSpore, and takes what is of one kind and length; ``zip`` and ``enumerate`` of them are
tuples, and ``filter`` gives a list.  ``count`` of a list or a
tuple compares Tensors as a whole.
"""

import operator
from types import FunctionType, MethodType

import numpy as np

from ..core.errors import fail
from ..core.record import STATE
from ..core.sizes import OPEN, of_sizes
from ..core.tensor import Tensor
from ..ops.elementwise import where
from ..ops.higher_order import check_alike
from .conditions import is_symbolic, truth
from .convert import converted
from .sources import is_users_file
from .stores import CONTAINERS, changes, owner, watched


def _extreme(function, is_better, reduction: str):
    def call(*args, **kwargs):
        if kwargs or not args:  # a key or a default: as in Python
            return function(*args, **kwargs)
        items = args
        if len(args) == 1:
            if is_symbolic(args[0]) and args[0].ndim == 1:
                return getattr(args[0], reduction)()
            items = tuple(args[0])
        if not any(is_symbolic(x) for x in items):
            return function(items)
        best = items[0]
        for x in items[1:]:
            best = where(truth(is_better(x, best)), x, best)
        return best

    return call


_MAX, _MIN = _extreme(max, operator.gt, "max"), _extreme(min, operator.lt, "min")


def _map(function, *sequences):
    if STATE.recorder is None or not STATE.recorder.symbolic:
        return map(function, *sequences)
    if not sequences:
        raise fail(
            TypeError, "The Map operator must have at least two arguments: a function, and what it is applied to."
        )
    kinds = [type(s) for s in sequences]
    if int in kinds or float in kinds or bool in kinds:
        raise fail(
            RuntimeError, f"Map can only be applied to list, tuple and what can be iterated over, but got {kinds}."
        )
    plain = [issubclass(k, (list, tuple)) for k in kinds]
    if any(plain) and any(issubclass(k, Tensor) for k in kinds):
        raise fail(RuntimeError, f"The types of arguments in Map must be consistent, but got {kinds}.")
    if not all(plain):
        return map(call(function), *sequences)
    check_alike("Map", sequences)
    results = map(call(function), *sequences)
    return list(results) if issubclass(kinds[0], list) else tuple(results)


def _zip(*sequences, **how):
    if STATE.recorder is None or not STATE.recorder.symbolic:
        return zip(*sequences, **how)
    if not sequences:
        raise fail(RuntimeError, "The zip operator must have at least 1 argument.")
    pairs = zip(*sequences, **how)
    return tuple(pairs) if all(isinstance(s, (list, tuple, range, Tensor)) for s in sequences) else pairs


def _enumerate(items, start=0):
    if STATE.recorder is None or not STATE.recorder.symbolic or not isinstance(items, (list, tuple, range, Tensor)):
        return enumerate(items, start)
    return tuple(enumerate(items, start))


def _filter(function, items):
    if STATE.recorder is None or not STATE.recorder.symbolic or not isinstance(items, (list, tuple, range)):
        return filter(function, items)
    return list(filter(function and call(function), items))


def _is_same(x, value) -> bool:
    """Whether an element counts as ``value``: Tensors do when type, shape and all numbers agree, and never as anything else."""
    if x is value:
        return True
    if not isinstance(x, Tensor) or not isinstance(value, Tensor):
        return not isinstance(x, Tensor) and not isinstance(value, Tensor) and bool(x == value)
    return x.dtype == value.dtype and x.shape == value.shape and bool(x.eq(value).all())


def _count(sequence):
    return lambda value: sum(_is_same(x, value) for x in sequence)


def _setattr(x, name, value):
    setattr(owner(x, name), name, value)


def _delattr(x, name):
    delattr(owner(x, name), name)


_OURS = {
    setattr: _setattr,
    delattr: _delattr,
    max: _MAX,
    min: _MIN,
    map: _map,
    zip: _zip,
    enumerate: _enumerate,
    filter: _filter,
}


def call(function):
    """What is called where a rewritten function calls ``function``: its rewritten form."""
    if function.__class__ in _BUILT_IN:
        if function in _OURS:
            return _OURS[function]
        holder = getattr(function, "__self__", None)
        if isinstance(holder, CONTAINERS):
            changes(function)
        if type(holder) in (list, tuple) and getattr(function, "__name__", "") == "count":
            return _count(holder)
    if OPEN:  # a trace with symbolic sizes
        if function is len:
            return _length
        found = of_sizes(function)
        if found is not None:
            return found
    return watched(function) if _is_of_others(function) else converted(function)


def _is_of_others(function) -> bool:
    """Whether a function or method is neither the user's nor ours, and may change the containers that it is given."""
    if function.__class__ in _BUILT_IN:
        return function.__class__ is not type and function not in _PURE
    inner = function.__func__ if function.__class__ is MethodType else function
    if inner.__class__ is not FunctionType:
        return inner.__class__ in _OF_NUMPY
    module = inner.__module__ or ""
    return not module.startswith(_OUR_NAME) and not is_users_file(inner.__code__.co_filename, module)


def _length(x):
    """``len(x)``, which of a Tensor may be a Size."""
    return x.shape[0] if isinstance(x, Tensor) and x.shape else len(x)


_BUILT_IN = {type(max), type(list.append), type(list.__setitem__), type([].__setitem__), type}
_OF_NUMPY = {np.ufunc, type(np.copyto)}
_OUR_NAME = __name__.partition(".")[0] + "."
# functions that change nothing, of which traces call many
_PURE = {len, sum, abs, all, any, isinstance, issubclass, hasattr, getattr, print, sorted, iter, next, id, repr, round, divmod, pow, hash, callable, min, max}  # fmt: skip
