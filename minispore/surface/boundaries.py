"""Which names stand at the boundary between users' code and the package (core/boundary.py): all that users see.

Those of ``mint`` and ``numpy``, which are imported when they are first used, are placed there by these modules themselves."""

import sys

import minispore.ops.functional as functional  # takes its names from ops, which does not import it

from .. import inspect, nn, ops, transforms
from ..core import initializer
from ..core.boundary import public_class, publish, share
from ..core.tensor import Tensor
from . import composite
from .refusals import refuse_in, refuse_in_all

_placed: set[str] = set()


def place(package: dict) -> None:
    """Places the names of the modules that are imported with the package, and its own, at the boundary."""
    refuse_in_all()
    public_class(Tensor, plans=True)
    public_class(nn.Cell, leave=("__call__",))  # it translates errors itself, which saves a call
    publish(vars(ops), plans=True)
    for module in (functional, composite, ops.operations, ops.primitive, nn, initializer, transforms, inspect):
        publish(vars(module))
    publish(package)
    root = package["__name__"]
    for name, module in list(sys.modules.items()):  # the same names by MindSpore's other paths
        if name.startswith(__package__) or (name.startswith(f"{root}.") and hasattr(module, "__path__")):
            share(vars(module))


def place_late(module: dict) -> None:
    """Places the functions and primitives of a module of this package that was imported for one of its names at the boundary, once."""
    if module["__name__"] not in _placed:
        _placed.add(module["__name__"])
        refuse_in("ops", module)
        publish(module, plans=True)
