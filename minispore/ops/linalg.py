"""Linear algebra: systems of equations, inverses, and functions of matrices.  Derivatives follow from the factorisations."""

import math

import numpy as np

from ..core import checks
from ..core.dtype import float32, float64
from ..core.errors import fail
from ..core.op import as_tensor, library, to
from ..core.samples import f
from .batch import into_first_axis
from .complex_parts import conjugated
from .custom_gradient import with_gradient
from .decompositions import batch_of_matrices, eye_like, inverse_op, lu, transposed, triangle, triangular_solve_op
from .elements import take_elements
from .elementwise import neg, select
from .lapack import LEAST, lower_least_squares
from .methods import method
from .movement import broadcast_to, expand_dims, reshape
from .products import matmul
from .reduction import amax
from .singular_values import svd_op


# ---------------------------------------------------------------- systems of equations
def _solve(a, b):
    packed, order, _ = lu(a)
    x = triangular_solve_op(packed, _in_order(b, order), lower=True, unit=True)
    return triangular_solve_op(packed, x, lower=False, unit=False)


def _in_order(b, order):
    return take_elements(b, 1, broadcast_to(expand_dims(order, -1), b.shape), "rows")


def matrix_solve(matrix, rhs, adjoint=False):
    """Solves ``matrix @ x = rhs`` by LU factorisation.

    Args:
        matrix (Tensor): shape (*, n, n); float32 or float64.
        rhs (Tensor): shape (*, n, k); the type of ``matrix``.
        adjoint (bool): whether the transpose of ``matrix`` is taken. Default: False.

    Returns:
        Tensor: ``x`` of the shape and type of ``rhs``.

    Raises:
        TypeError: ``matrix`` or ``rhs`` is not float32 or float64.
        ValueError: the shapes or types do not fit.

    >>> import minispore as ms
    >>> print(matrix_solve(ms.Tensor([[2.0, 0.0], [0.0, 4.0]]), ms.Tensor([[2.0], [2.0]])))
    [[1. ]
     [0.5]]
    """
    a, b = batch_of_matrices("matrix_solve", matrix, True), batch_of_matrices("matrix_solve", rhs)
    if matrix.shape[:-1] != rhs.shape[:-1] or matrix.dtype != rhs.dtype:
        raise fail(
            ValueError,
            f"For 'matrix_solve', the inputs do not fit: {matrix.shape} {matrix.dtype} and {rhs.shape} {rhs.dtype}.",
        )
    return reshape(_solve(transposed(a) if adjoint else a, b), rhs.shape)


@method("triangular_solve")
def triangular_solve(b, A, upper=True, transpose=False, unitriangular=False):
    """Solves ``A @ x = b`` for a triangular ``A``.

    Args:
        b (Tensor): shape (*, n, k); float32 or float64.
        A (Tensor): shape (*, n, n); the type of ``b``; the other triangle is not read.
        upper (bool): whether ``A`` is an upper triangle, else a lower one. Default: True.
        transpose (bool): whether the transpose of ``A`` is taken. Default: False.
        unitriangular (bool): whether the diagonal of ``A`` is taken as 1. Default: False.

    Returns:
        tuple of two Tensors: ``x`` of the shape and type of ``b``, and ``A``.

    Raises:
        TypeError: ``A`` or ``b`` is not float32 or float64.
        ValueError: the matrices of ``A`` are not square.

    >>> import minispore as ms
    >>> x, _ = triangular_solve(ms.Tensor([[2.0], [4.0]]), ms.Tensor([[2.0, 0.0], [0.0, 4.0]]))
    >>> print(x)
    [[1.]
     [1.]]
    """
    a, right = batch_of_matrices("triangular_solve", A, True), batch_of_matrices("triangular_solve", b)
    a = transposed(a) if transpose else a
    x = triangular_solve_op(a, right, lower=upper is transpose, unit=unitriangular)
    return reshape(x, b.shape), A


@method("inverse")
def inverse(input):
    """Inverses of square matrices, by LU factorisation.

    Args:
        input (Tensor): shape (*, n, n); float32 or float64.

    Returns:
        Tensor of the shape and type of ``input``; not finite for a singular matrix.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(inverse(ms.Tensor([[2.0, 0.0], [0.0, 4.0]])))
    [[0.5  0.  ]
     [0.   0.25]]
    """
    a = batch_of_matrices("inverse", input, True)
    return reshape(inverse_op(a) if a.shape[1] >= LEAST else _solve(a, eye_like(a)), input.shape)


def _pinv(a, atol, rtol):
    """The pseudo-inverse; its gradient (Golub and Pereyra, 1973) holds where the rank stays the same:

    dP = -P dA P + P P' dA' (1 - A P) + (1 - P A) dA' P' P.
    """

    def gradient(needs, grads, inputs):
        (p, a), g = inputs, grads[0]
        p = with_gradient(p, [a], gradient)  # the second derivative is not that of the singular vectors
        return [None, _gradient_of_pinv(p, a, g)]

    wide = a.shape[1] < a.shape[2]
    u, s, v = svd_op(transposed(a) if wide else a)
    bound = rtol * amax(s, -1, True)
    if atol is not None:
        bound = bound + select(bound < atol, as_tensor(atol) - bound, 0.0)
    keep = s > bound
    scale = select(keep, 1.0 / select(keep, s, 1.0), 0.0)
    p = matmul(v * expand_dims(scale, -2), transposed(u))
    return with_gradient(transposed(p) if wide else p, [a], gradient)


def _gradient_of_pinv(p, a, g):
    out = neg(matmul(matmul(transposed(p), g), transposed(p)))
    left = matmul(transposed(g), matmul(p, transposed(p)))
    left = left - matmul(matmul(a, p), left)
    right = matmul(matmul(transposed(p), p), transposed(g))
    return out + left + right - matmul(right, matmul(p, a))


@method("pinv")
def pinv(x, *, atol=None, rtol=None, hermitian=False):
    """Pseudo-inverses of Moore and Penrose, by singular value decomposition.

    Singular values up to ``max(atol, rtol * largest)`` count as 0. The gradient (Golub and Pereyra, 1973) holds where
    the rank stays the same.

    Args:
        x (Tensor): shape (*, m, n); float32 or float64.
        atol (float | Tensor): absolute tolerance; None for 0. Default: None.
        rtol (float | Tensor): relative tolerance; None for max(m, n) times the precision of the type, or for 0 if
            ``atol`` is given. Default: None.
        hermitian (bool): whether the matrices are symmetric; accepted, without effect: the method is right for these,
            too. Default: False.

    Returns:
        Tensor of shape (*, n, m); the type of ``x``.

    Raises:
        TypeError: ``x`` is not float32 or float64.
        ValueError: ``x`` has fewer than two axes.

    >>> import minispore as ms
    >>> print(pinv(ms.Tensor([[2.0, 0.0], [0.0, 0.0]])))
    [[0.5 0. ]
     [0.  0. ]]
    """
    a = batch_of_matrices("pinv", x)
    if rtol is None:
        rtol = max(a.shape[1:]) * float(np.finfo(x.dtype.np).eps) if atol is None else 0.0
    out = _pinv(a, atol, rtol) if a.size else transposed(a)
    return reshape(out, x.shape[:-2] + out.shape[1:])


def lstsq(input, A):
    """Least squares: ``x`` with the smallest ``|input @ x - A|``, of several the shortest.

    Args:
        input (Tensor): shape (m, n); float32 or float64.
        A (Tensor): shape (m, k) or (m,); the type of ``input``.

    Returns:
        Tensor of shape (n, k), (n, 1) for a vector; the type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> x = lstsq(ms.Tensor([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]]), ms.Tensor([1.0, 4.0, 5.0]))
    >>> print(x.asnumpy().round(4))
    [[1.]
     [2.]]
    """
    b = expand_dims(A, -1) if A.ndim == 1 else A
    if input.ndim != 2 or b.ndim != 2 or input.shape[0] != b.shape[0]:
        raise fail(
            ValueError, f"For 'lstsq', matrices of as many rows are needed, but got {input.shape} and {A.shape}."
        )
    if input.dtype != b.dtype or input.dtype not in (float32, float64) or min(input.shape) < LEAST or not b.size:
        return matmul(pinv(input), b)
    x = least_squares_op(expand_dims(input, 0), expand_dims(b, 0))
    return reshape(with_gradient(x, [input, b], _gradient_of_lstsq), x.shape[1:])


def _gradient_of_lstsq(needs, grads, inputs):
    """That of ``pinv(a) @ b``."""
    (_, a, b), g = inputs, reshape(grads[0], grads[0].shape[1:])
    p = pinv(a)
    return [
        None,
        reshape(_gradient_of_pinv(*(expand_dims(t, 0) for t in (p, a, matmul(g, transposed(b))))), a.shape),
        matmul(transposed(p), g),
    ]


def _least_squares_numpy(x, y):
    """NaN where anything is not finite."""
    out = np.full((len(x), x.shape[2], y.shape[2]), np.nan, x.dtype)
    for k, (a, b) in enumerate(zip(x, y)):
        if np.isfinite(a).all() and np.isfinite(b).all():
            out[k] = np.linalg.lstsq(a, b, max(a.shape) * np.finfo(a.dtype).eps)[0]
    return (out,)


least_squares_op = library(
    "least_squares", _least_squares_numpy, lambda x, y: [((x.shape[0], x.shape[2], y.shape[2]), x.dtype)], lower_least_squares,
    batch=into_first_axis, samples=[(f(2, 4, 3), f(2, 4, 2)), (f(1, 3, 5), f(1, 3, 1))],
)  # fmt: skip


@method("lstsq")
def _tensor_lstsq(self, A):
    """Least squares with the Tensor as the matrix; as ``ops.lstsq``.

    Args:
        A (Tensor): shape (m, k) or (m,) for a Tensor of shape (m, n); its type.

    Returns:
        Tensor of shape (n, k), (n, 1) for a vector.

    Raises:
        TypeError: the Tensor is not float32 or float64.
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 0.0], [0.0, 2.0]]).lstsq(ms.Tensor([1.0, 4.0]))
    >>> print(x.asnumpy().round(4))
    [[1.]
     [2.]]
    """
    return lstsq(self, A)


# ---------------------------------------------------------------- functions of matrices
@method("matrix_power")
def matrix_power(input, n):
    """Power of square matrices, by squaring.

    Args:
        input (Tensor): shape (*, n, n); numbers; float32 or float64 for a negative ``n``.
        n (int): the exponent; a negative one gives the power of the inverse.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``n`` is not an int, or ``input`` has no inverse in its type.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(matrix_power(ms.Tensor([[1.0, 1.0], [0.0, 1.0]]), 5))
    [[1. 5.]
     [0. 1.]]
    """
    checks.integer("matrix_power", n=n)
    if input.ndim < 2 or input.shape[-1] != input.shape[-2]:
        raise fail(ValueError, f"For 'matrix_power', square matrices are needed, but got the shape {input.shape}.")
    base = inverse(input) if n < 0 else input
    n, out = abs(n), None
    while n:
        if n & 1:
            out = base if out is None else matmul(out, base)
        n >>= 1
        base = matmul(base, base) if n else base
    return to(eye_like(input), input.dtype) if out is None else out


@method("matrix_exp")
def matrix_exp(input):
    """Matrix exponential ``sum(A ** k / k!)``: Taylor's series of A / 1024, squared ten times, in float64.

    Args:
        input (Tensor): shape (*, n, n); float32 or float64.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(matrix_exp(ms.ops.zeros((2, 2))))
    [[1. 0.]
     [0. 1.]]
    """
    a = to(batch_of_matrices("matrix_exp", input, True), float64) * 2.0**-10
    one, second = eye_like(a), matmul(a, a)
    powers = one, a, second, matmul(a, second)
    fourth = matmul(second, second)
    out = fourth * (1.0 / math.factorial(12))
    for first in (8, 4, 0):  # four terms of the series at a time (Paterson and Stockmeyer)
        part = powers[0] * (1.0 / math.factorial(first))
        for k, x in enumerate(powers[1:], first + 1):
            part = part + x * (1.0 / math.factorial(k))
        out = part + (out if first == 8 else matmul(fourth, out))
    for _ in range(10):
        out = matmul(out, out)
    return reshape(to(out, input.dtype), input.shape)


@method("adjoint")
def adjoint(x):
    """Exchanges the last two axes, and takes the conjugates of complex numbers.

    Args:
        x (Tensor): shape (*, m, n); numbers.

    Returns:
        Tensor of shape (*, n, m); the type of ``x``.

    >>> import minispore as ms
    >>> print(adjoint(ms.Tensor([[1, 2], [3, 4]])))
    [[1 3]
     [2 4]]
    """
    return transposed(conjugated(x))


@method("matrix_band_part")
def matrix_band_part(x, lower, upper):
    """Keeps a band of diagonals and sets the rest to 0.

    Args:
        x (Tensor): shape (*, m, n); numbers.
        lower (int | Tensor): number of diagonals kept below the main one; negative for all.
        upper (int | Tensor): number of diagonals kept above the main one; negative for all.

    Returns:
        Tensor of the shape of ``x``; its type, float32 for integers.

    >>> import minispore as ms
    >>> print(matrix_band_part(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), 0, 1))
    [[1. 2.]
     [0. 4.]]
    """
    low, high = (int(k) for k in (lower, upper))
    out = x if low < 0 else triangle(x, False, -low)
    return to(out if high < 0 else triangle(out, True, high), x.dtype)


__all__ = [
    "adjoint", "inverse", "lstsq", "matrix_band_part", "matrix_exp", "matrix_power",
    "matrix_solve", "pinv",
]  # fmt: skip
