"""Rounding and signs."""

from .value import vector_function

# One instruction each, and one for the sign, which they keep: of a float16, LLVM would see the same function of half
# precision, for which there is no instruction, and compute one number at a time.


@vector_function
def floor(x):
    """Exact."""
    return x.call("floor").with_sign_of(x)


@vector_function
def ceil(x):
    """Exact."""
    return x.call("ceil").with_sign_of(x)


@vector_function
def trunc(x):
    """Exact."""
    return x.call("trunc").with_sign_of(x)


@vector_function
def rint(x):
    """Exact, half to even."""
    return x.call("nearbyint").with_sign_of(x)


@vector_function
def copysign(x, y):
    """Exact."""
    return x.with_sign_of(y)
