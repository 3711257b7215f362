"""MindSpore's modules ``ops.auto_generate``: functions and primitives of all families under one name."""

from importlib import import_module

from .. import ops
from . import gradient_primitives, names

_FAMILIES = (ops, ops.operations, gradient_primitives)
_MORE = ("mint", "mint.nn.functional")  # forms of functions that are named with "_ext"


def __getattr__(name: str):
    if not name.startswith("__"):
        families = [*_FAMILIES, *(import_module(f"minispore.{m}") for m in _MORE if name.endswith("_ext"))]
        for wanted in (name, name.removesuffix("_ext"), name.removesuffix("_")):
            for family in families[::-1] if name.endswith("_ext") else families:
                found = getattr(family, wanted, None)
                if found is not None:
                    return found
    raise names.absent(__name__, name)
