"""Transforms of functions: derivatives in forward and reverse mode, Jacobians, and mapping over examples."""

from ..ops.methods import publish
from .forward import jvp, linearize
from .jacobian import jacfwd, jacrev
from .mapping import vmap
from .numerical import check_grads
from .reverse import vjp

__all__ = ["check_grads", "jacfwd", "jacrev", "jvp", "linearize", "vjp", "vmap"]

publish(jacfwd, jacrev, jvp, linearize, vjp, vmap)
