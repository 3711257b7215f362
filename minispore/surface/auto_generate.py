"""MindSpore's modules ``ops.auto_generate``: functions and primitives of all families under one name.

A name with "_ext", "_view" or both is a function of ``mint``: the form with PyTorch's arguments, and what shares memory there.
What only is a method of Tensor is a function whose first argument is the Tensor.
"""

from importlib import import_module

from .. import ops
from ..core.tensor import Tensor
from . import gradient_primitives, mint_primitives, names, paths

_FAMILIES = (ops, ops.operations, gradient_primitives)
_MINT = ("mint.nn.functional", "mint", "mint.linalg")
_MARKS = ("_view", "_ext")


def form(name: str):
    """The function behind a name with "_ext" or "_view", or None: that of ``mint``, else that of ``ops``."""
    wanted = name
    for mark in _MARKS:
        wanted = wanted.removesuffix(mark)
    if wanted in ("", name) or name.startswith("_"):
        return None
    families = [*(import_module(f"minispore.{m}") for m in _MINT), *_FAMILIES]
    return next((f for f in (getattr(family, wanted, None) for family in families) if callable(f)), None)


def __getattr__(name: str):
    if not name.startswith("__"):
        found = paths.child(__name__, name) or mint_primitives.CLASSES.get(name) or form(name)
        if found is not None:
            return found
        families = [*_FAMILIES, *(import_module(f"minispore.{m}") for m in _MINT[1:])]
        for wanted in (name, name.removeprefix("linalg_"), name.removesuffix("_")):
            for family in families:
                found = getattr(family, wanted, None)
                if found is not None:
                    return found
        method = vars(Tensor).get(name)
        if callable(method):
            return method
    raise names.absent(__name__, name)
