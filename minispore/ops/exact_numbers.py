# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Functions of numbers as they are stored: common divisors and multiples of integers, the next number of a type."""

import numpy as np

from ..core.dtype import float32, float64, promote
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import broadcast_shapes, library, to
from ..core.samples import i, positive
from .batch import batch_elementwise
from .elementwise import (
    abs as abs_,
    equal,
    select,
)
from .inputs import numbers_as
from .methods import method
from .movement import broadcast_to


@kernel
def gcd_kernel(x: "T*", y: "T*", out: "T*", lo, hi):
    """Euclid's, of numbers without a sign, whose remainder is one instruction."""
    for k in range(lo, hi):
        a, b = U(x[k]), U(y[k])
        a = U(U(0) - a) if x[k] < T(0) else a
        b = U(U(0) - b) if y[k] < T(0) else b
        while b != U(0):
            a, b = b, U(a % b)
        out[k] = T(a)


def _gcd_lower(build, node):
    x, y = node.inputs
    out = build.output(node)
    build.call(gcd_kernel.bind(T=build.storage(x.dtype), U="uint64"), node, [build.dense(x), build.dense(y), out], extent=x.size,
               writes=[out], cost=20 * x.size)  # fmt: skip


_gcd = library("gcd", lambda x, y: (np.gcd(x, y),), lambda x, y: [(x.shape, x.dtype)], _gcd_lower, batch=batch_elementwise,
               samples=[(i(3, 4, lo=-30, hi=90), i(3, 4, lo=-30, hi=90))])  # fmt: skip


@method("gcd")
def gcd(input, other):
    """Greatest common divisors of integers.

    Args:
        input (Tensor): any shape; integers.
        other (Tensor): a shape that broadcasts; integers.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs; not negative.

    Raises:
        TypeError: an input does not hold integers.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(gcd(ms.Tensor([4, 9]), ms.Tensor(6)))
    [2 3]
    """
    x, y = numbers_as(input, other)
    if not (x.dtype.is_int and y.dtype.is_int):
        raise fail(TypeError, f"For 'gcd', the inputs must be integers, but got {x.dtype} and {y.dtype}.")
    shape, dtype = broadcast_shapes("gcd", [x.shape, y.shape]), promote(x.dtype, y.dtype)
    return _gcd(*(broadcast_to(to(t, dtype), shape) for t in (x, y)))


@method("lcm")
def lcm(input, other):
    """Least common multiples of integers; 0 where one is 0.

    Args:
        input (Tensor): any shape; integers.
        other (Tensor): a shape that broadcasts; integers.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs; not negative.

    Raises:
        TypeError: an input does not hold integers.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(lcm(ms.Tensor([4, 9]), ms.Tensor(6)))
    [12 18]
    """
    x, y = numbers_as(input, other)
    common = gcd(x, y)
    return abs_(x * y) // select(equal(common, 0), 1, common)


@kernel
def next_after_kernel(x: "T*", y: "T*", out: "T*", bits: "I*", start: "I*", end: "I*", lo, hi):
    """In the order of numbers their bits are numbered without a gap, those of negative ones backwards: one step there, by selections alone."""
    for k in range(lo, hi):
        a, b, at = x[k], y[k], start[k]
        away = I(1) if (a < b) == (a > T(0)) else I(-1)  # from zero
        stepped = at + away
        smallest = I(1) | (end[k] & SIGN)
        moved = smallest if a == T(0) else stepped
        moved = end[k] if a == b or b != b else moved
        bits[k] = at if a != a else moved


def _next_lower(build, node):
    x, y = node.inputs
    out, left, right = build.output(node), build.dense(x), build.dense(y)
    source = next_after_kernel.bind(
        T=build.storage(x.dtype), I=f"int{8 * x.dtype.itemsize}", SIGN=str(-(2 ** (8 * x.dtype.itemsize - 1)))
    )
    build.call(source, node, [left, right, out, out, left, right], extent=x.size, writes=[out])


_next_after = library("next_after", lambda x, y: (np.nextafter(x, y),), lambda x, y: [(x.shape, x.dtype)], _next_lower,
                      batch=batch_elementwise, vjp=(lambda g, out, x, y: g, None), samples=[(positive(3), positive(3))])  # fmt: skip


@method("nextafter")
def nextafter(input, other):
    """Next number of the type after ``input`` in the direction of ``other``.

    Args:
        input (Tensor): any shape; float32 or float64.
        other (Tensor): a shape that broadcasts; the type of ``input``.

    Returns:
        Tensor of the broadcast shape; the type of ``input``. It has no gradient.

    Raises:
        TypeError: the inputs are not both float32 or both float64.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(nextafter(ms.Tensor([1.0]), ms.Tensor([2.0])) - 1)
    [1.1920929e-07]
    """
    if input.dtype not in (float32, float64) or input.dtype != other.dtype:
        raise fail(
            TypeError, f"For 'nextafter', both must be float32 or float64, but got {input.dtype}, {other.dtype}."
        )
    shape = broadcast_shapes("nextafter", [input.shape, other.shape])
    return _next_after(broadcast_to(input, shape), broadcast_to(other, shape))


__all__ = ["gcd", "lcm", "nextafter"]
