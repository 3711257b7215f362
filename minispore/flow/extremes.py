"""Python's ``max`` and ``min`` of Tensors whose values are not known while the graph is traced.

Python's own ask for the truth of ``b > a``, so a choice by value takes their place, as ``b if b > a else a`` has it.
One-element shapes that differ, (1,) and (), are broadcast.
"""

import operator

from ..core.sizes import OPEN, of_sizes
from ..core.tensor import Tensor
from ..ops.elementwise import where
from .conditions import is_symbolic, truth
from .convert import converted


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


def call(function):
    """What is called where a rewritten function calls ``function``: its rewritten form."""
    if function is max:
        return _MAX
    if function is min:
        return _MIN
    if OPEN:  # a trace with symbolic sizes
        if function is len:
            return _length
        found = of_sizes(function)
        if found is not None:
            return found
    return converted(function)


def _length(x):
    """``len(x)``, which of a Tensor may be a Size."""
    return x.shape[0] if isinstance(x, Tensor) and x.shape else len(x)
