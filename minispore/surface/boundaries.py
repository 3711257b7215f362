"""Which names stand at the boundary between users' code and the package (core/boundary.py): all that users see."""

import sys

from .. import mint, nn, numpy, ops, transforms
from ..core import initializer
from ..core.boundary import public_class, publish, share
from ..core.tensor import Tensor

# calls of these are too frequent for one more call; they translate errors themselves, or raise none
_OWN = {Tensor: ("__init__",), nn.Cell: ("__init__", "__call__")}


def place(package: dict) -> None:
    """Places the names of the modules that are imported with the package, and its own, at the boundary."""
    for cls, own in _OWN.items():
        public_class(cls, leave=own)
    for module in (
        ops, ops.functional, ops.composite, ops.operations, ops.primitive, mint.linalg, mint.special, mint.nn.functional, mint.nn,
        mint.optim, mint, numpy, numpy.random, nn, initializer, transforms,
    ):  # fmt: skip
        publish(vars(module))
    publish(package)
    root = package["__name__"]
    for name, module in list(sys.modules.items()):  # the same names by MindSpore's other paths
        if name.startswith(__package__) or (name.startswith(f"{root}.") and hasattr(module, "__path__")):
            share(vars(module))
