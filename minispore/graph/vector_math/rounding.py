"""Rounding and signs."""

from .value import vector_function

# One instruction each.


@vector_function
def floor(x):
    """Exact."""
    return x.call("floor")


@vector_function
def ceil(x):
    """Exact."""
    return x.call("ceil")


@vector_function
def trunc(x):
    """Exact."""
    return x.call("trunc")


@vector_function
def rint(x):
    """Exact, half to even."""
    return x.call("nearbyint")


@vector_function
def copysign(x, y):
    """Exact."""
    return x.with_sign_of(y)
