# Written by tools/stubs from minispore.transforms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.transforms.forward import jvp as jvp, linearize as linearize
from minispore.transforms.jacobian import jacfwd as jacfwd, jacrev as jacrev
from minispore.transforms.mapping import vmap as vmap
from minispore.transforms.numerical import check_grads as check_grads
from minispore.transforms.reverse import vjp as vjp

__all__ = ['check_grads', 'jacfwd', 'jacrev', 'jvp', 'linearize', 'vjp', 'vmap']
