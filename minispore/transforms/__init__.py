"""Transforms of functions: derivatives in forward and reverse mode, Jacobians, and mapping over examples."""

from .. import ops
from .forward import jvp, linearize
from .jacobian import jacfwd, jacrev
from .mapping import vmap
from .numerical import check_grads
from .reverse import vjp

__all__ = ["check_grads", "jacfwd", "jacrev", "jvp", "linearize", "vjp", "vmap"]

# They are part of ``ops`` too, which this package stands on and so cannot import them.
for _module in (ops, ops.functional, ops.composite):
    for _function in (jacfwd, jacrev, jvp, linearize, vjp, vmap):
        setattr(_module, _function.__name__, _function)
