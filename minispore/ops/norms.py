"""Norms of vectors and matrices, renormalisation, condition numbers."""

import math

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import to
from .complex import real
from .effects import stop_gradient
from .elementwise import abs as abs_, logical_and, norm_of, pow as pow_, select, squared_magnitude
from .factorisations import svd
from .inputs import sums_in_float32
from .linalg import inverse
from .methods import method
from .movement import axis_of, reshape, squeeze, transpose
from .reduction import amax, amin, axes_of, sum as sum_


@sums_in_float32
def vector_norm(x, ord=2, axis=None, keepdims=False, *, dtype=None):
    """Vector norm over axes: ``sum(|x| ** ord) ** (1 / ord)``.

    Args:
        x (Tensor): any shape; floats.
        ord (number): the order; inf for the largest, -inf for the smallest magnitude, 0 for the number of elements that
            are not 0. Default: 2.
        axis (None | int | tuple[int]): the axes to reduce; None for all. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``x`` to first; None for its own. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype`` or the type of ``x``.

    Raises:
        ValueError: ``ord`` is not a number, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(vector_norm(ms.Tensor([3.0, 4.0])))
    5.0
    """
    if isinstance(ord, bool) or not isinstance(ord, (int, float)):
        raise fail(ValueError, f"For 'vector_norm', 'ord' must be a number, but got {ord!r}.")
    x = x if dtype is None else to(x, to_dtype(dtype))
    if abs(ord) == math.inf:
        if x.size == 0 and any(x.shape[a] == 0 for a in axes_of("vector_norm", x.ndim, axis)):
            raise fail(ValueError, f"For 'vector_norm', no element is the largest: the shape is {x.shape}.")
        return (amax if ord > 0 else amin)(abs_(x), axis, keepdims)
    if ord == 0:
        return sum_(to(x != 0, x.dtype), axis, keepdims)
    if ord == 1:
        return sum_(abs_(x), axis, keepdims)
    if ord == 2:
        return norm_of(sum_(squared_magnitude(x), axis, keepdims), 2.0)
    sizes = abs_(x)
    if ord > HIGH and x.size and not x.dtype.is_complex:
        return _of_shares(sizes, float(ord), axis, keepdims)
    total = sum_(pow_(sizes, float(ord)), axis, keepdims)
    return norm_of(total, float(ord)) if ord > 0 else pow_(total, 1.0 / ord)


HIGH = 4  # powers above it leave the range of floats early


def _of_shares(sizes, ord, axis, keepdims):
    """The norm of what each magnitude is of the largest, times the largest: no power is too small or too large."""
    largest = stop_gradient(amax(sizes, axis, True))
    largest = select(logical_and(largest > 0, largest < math.inf), largest, 1.0)
    root = norm_of(sum_(pow_(sizes / largest, ord), axis, keepdims), ord)
    return root * (largest if keepdims else reshape(largest, root.shape))


@sums_in_float32
def matrix_norm(A, ord="fro", axis=(-2, -1), keepdims=False, *, dtype=None):
    """Norm of the matrices in two axes.

    Args:
        A (Tensor): at least two axes; float32 or float64.
        ord (str | number): "fro": root of the sum of squares; "nuc": sum of the singular values; 2 and -2: the largest
            and the smallest of them; 1 and -1: the largest and the smallest sum of |A| over a column; inf and -inf:
            over a row. Default: "fro".
        axis (tuple[int]): the axes of the rows and columns. Default: (-2, -1).
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``A`` to first; None for its own. Default: None.

    Returns:
        Tensor without the two axes (or with length 1 there); ``dtype`` or the type of ``A``.

    Raises:
        ValueError: ``ord`` is none of these, or an axis is out of range.

    >>> import minispore as ms
    >>> print(matrix_norm(ms.Tensor([[3.0, -4.0], [1.0, 2.0]]), 1))
    6.0
    """
    x = A if dtype is None else to(A, to_dtype(dtype))
    rows, columns = (axis_of("matrix_norm", x.ndim, a) for a in axis)
    if ord == "fro":
        return vector_norm(x, 2, (rows, columns), keepdims)
    if ord in ("nuc", 2, -2):
        order = (*(a for a in range(x.ndim) if a not in (rows, columns)), rows, columns)
        s = svd(transpose(x, order), compute_uv=False)
        out = sum_(s, -1) if ord == "nuc" else amax(s, -1) if ord == 2 else amin(s, -1)
    elif ord in (1, -1, math.inf, -math.inf):
        along, other = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = sum_(abs_(x), along, True)
        out = squeeze((amax if ord > 0 else amin)(sums, other, True), (rows, columns))
    else:
        raise fail(
            ValueError, f"For 'matrix_norm', 'ord' must be 'fro', 'nuc', inf, -inf, 1, -1, 2 or -2, but got {ord!r}."
        )
    if keepdims:
        out = reshape(out, tuple(1 if a in (rows, columns) else d for a, d in enumerate(x.shape)))
    return out


@method("norm")
def norm(A, ord=None, dim=None, keepdim=False, *, dtype=None):
    """Norm over axes: ``vector_norm`` for one axis, ``matrix_norm`` for two.

    Args:
        A (Tensor): any shape; floats.
        ord (str | number): the order, see the two functions; None for the root of the sum of squares. Default: None.
        dim (None | int | tuple[int]): the axes to reduce; None for all. Default: None.
        keepdim (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``A`` to first; None for its own. Default: None.

    Returns:
        Tensor without the axes ``dim`` (or with length 1 there); ``dtype`` or the type of ``A``.

    Raises:
        ValueError: ``ord`` does not fit the number of axes, or ``dim`` is out of range.

    >>> import minispore as ms
    >>> print(norm(ms.Tensor([[3.0, 4.0], [0.0, 0.0]])))
    5.0
    """
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    axes = axes_of("norm", A.ndim, dim)
    given = tuple(range(A.ndim)) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    if len(axes) == 2:
        return matrix_norm(A, ord, given, keepdim, dtype=dtype)
    if len(axes) > 2 or isinstance(ord, str):
        raise fail(ValueError, f"For 'norm', 'ord' {ord!r} does not fit {len(axes)} axes of the shape {A.shape}.")
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)


@method("renorm")
def renorm(input, p, axis, maxnorm):
    """Scales slices along an axis down to a norm of ``maxnorm`` where theirs is larger.

    Args:
        input (Tensor): at least one axis; floats or complex numbers.
        p (number): order of the norm, above 0.
        axis (int): the axis of the slices.
        maxnorm (number): the largest norm, not negative.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``p``, ``maxnorm`` or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(renorm(ms.Tensor([[3.0, 4.0], [0.0, 1.0]]), 2, 0, 1.0).asnumpy().round(4))
    [[0.6 0.8]
     [0.  1. ]]
    """
    if p <= 0 or maxnorm < 0:
        raise fail(
            ValueError, f"For 'renorm', 'p' must be positive and 'maxnorm' not negative, but got {p}, {maxnorm}."
        )
    a = axis_of("renorm", input.ndim, axis)
    sizes = real(abs_(input)) if input.dtype.is_complex else input
    length = vector_norm(sizes, p, tuple(k for k in range(input.ndim) if k != a), True)
    return select(length > maxnorm, input * (maxnorm / (length + 1e-7)), input)


def cond(A, p=None):
    """The condition number of square matrices in the norm ``p`` (None: 2): ``norm(A) * norm(inverse(A))``."""
    if p in (None, 2, -2):
        s = svd(A, compute_uv=False)
        out = amax(s, -1) / amin(s, -1)
        return 1.0 / out if p == -2 else out
    return matrix_norm(A, p) * matrix_norm(inverse(A), p)


__all__ = [
    "cond", "matrix_norm", "norm", "renorm", "vector_norm",
]  # fmt: skip
