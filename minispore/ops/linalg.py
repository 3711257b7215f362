"""Linear algebra: determinants, inverses, systems, factorisations, matrix functions and norms."""

import math

import numpy as np

from ..core import checks
from ..core.dtype import float32, float64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, fixed, to
from ..core.tensor import Tensor
from .custom_gradient import with_gradient
from .decompositions import (
    cholesky_op,
    householder_product,
    householder_qr,
    lu,
    qr_op,
    svd_op,
    transposed,
    triangle,
    triangular_solve_op,
)
from .elementwise import abs as abs_, log, neg, pow as pow_, select, sqrt, square
from .matrix import diag_embed, diagonal
from .methods import method
from .movement import axis_of, broadcast_to, concat, expand_dims, reshape, slice_along, squeeze, transpose, zeros_of
from .products import matmul
from .reduction import amax, amin, axes_of, prod, sum as sum_
from .rows import take_elements


def _matrices(name, x, square=False):
    """A batch (b, m, n) of the matrices in ``x``, which must be float32 or float64."""
    if not isinstance(x, Tensor):
        raise fail(TypeError, f"For '{name}', the input must be a Tensor, but got {type(x).__name__}.")
    if x.dtype not in (float32, float64):
        raise fail(TypeError, f"For '{name}', the input must be float32 or float64, but got {x.dtype}.")
    if x.ndim < 2 or (square and x.shape[-1] != x.shape[-2]):
        what = "square matrices" if square else "matrices"
        raise fail(ValueError, f"For '{name}', {what} in the last two axes are needed, but got the shape {x.shape}.")
    return reshape(x, (math.prod(x.shape[:-2]), *x.shape[-2:]))


def _eye_like(x):
    return diag_embed(zeros_of(x, x.shape[:-1]) + 1.0)


# ---------------------------------------------------------------- determinants
@method("slogdet", "log_matrix_determinant")
def slogdet(input):
    """(sign, log |det|) of the matrices in the last two axes; of a singular one (0 or 1, -inf).

    >>> import minispore as ms
    >>> sign, log = slogdet(ms.Tensor([[0.0, 1.0], [1.0, 0.0]]))
    >>> print(sign, log)
    -1.0 0.0
    """
    packed, _, parity = lu(_matrices("slogdet", input, True))
    d = diagonal(packed, 0, -2, -1)
    sign = parity * prod(select(d < 0, -1.0, select(d > 0, 1.0, 0.0)), -1)
    return reshape(sign, input.shape[:-2]), reshape(sum_(log(abs_(d)), -1), input.shape[:-2])


log_matrix_determinant = slogdet


@method("logdet")
def logdet(input):
    """log det of the matrices in the last two axes: -inf where it is 0, NaN where it is negative."""
    sign, value = slogdet(input)
    return select(sign < 0, float("nan"), value)


@method("det", "matrix_determinant")
def det(input):
    """The determinants of the matrices in the last two axes, by LU factorisation.

    Raises:
        TypeError: the type is neither float32 nor float64.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(det(ms.Tensor([[2.0, 1.0], [1.0, 3.0]])))
    5.0
    """
    packed, _, parity = lu(_matrices("det", input, True))
    return reshape(parity * prod(diagonal(packed, 0, -2, -1), -1), input.shape[:-2])


matrix_determinant = det


# ---------------------------------------------------------------- systems of equations
def _solve(a, b):
    packed, order, _ = lu(a)
    x = triangular_solve_op(packed, _in_order(b, order), lower=True, unit=True)
    return triangular_solve_op(packed, x, lower=False, unit=False)


def _in_order(b, order):
    return take_elements(b, 1, broadcast_to(expand_dims(order, -1), b.shape), "rows")


def matrix_solve(matrix, rhs, adjoint=False):
    """``x`` with ``matrix @ x = rhs`` (with the transpose if ``adjoint``), by LU factorisation.

    >>> import minispore as ms
    >>> print(matrix_solve(ms.Tensor([[2.0, 0.0], [0.0, 4.0]]), ms.Tensor([[2.0], [2.0]])))
    [[1. ]
     [0.5]]
    """
    a, b = _matrices("matrix_solve", matrix, True), _matrices("matrix_solve", rhs)
    if matrix.shape[:-1] != rhs.shape[:-1] or matrix.dtype != rhs.dtype:
        raise fail(
            ValueError,
            f"For 'matrix_solve', the inputs do not fit: {matrix.shape} {matrix.dtype} and {rhs.shape} {rhs.dtype}.",
        )
    return reshape(_solve(transposed(a) if adjoint else a, b), rhs.shape)


@method("triangular_solve")
def triangular_solve(b, A, upper=True, transpose=False, unitriangular=False):
    """(``x`` with ``A @ x = b`` for a triangular ``A``, or its transpose; ``A``).

    ``unitriangular``: the diagonal of ``A`` is taken to be 1.
    """
    a, right = _matrices("triangular_solve", A, True), _matrices("triangular_solve", b)
    a = transposed(a) if transpose else a
    x = triangular_solve_op(a, right, lower=upper is transpose, unit=unitriangular)
    return reshape(x, b.shape), A


@method("inverse")
def inverse(input):
    """The inverses of the square matrices in the last two axes.

    >>> import minispore as ms
    >>> print(inverse(ms.Tensor([[2.0, 0.0], [0.0, 4.0]])))
    [[0.5  0.  ]
     [0.   0.25]]
    """
    a = _matrices("inverse", input, True)
    return reshape(_solve(a, _eye_like(a)), input.shape)


def _pinv(a, atol, rtol):
    """The pseudo-inverse; its gradient (Golub and Pereyra, 1973) holds where the rank stays the same:

    dP = -P dA P + P P' dA' (1 - A P) + (1 - P A) dA' P' P.
    """

    def gradient(needs, grads, inputs):
        (p, a), g = inputs, grads[0]
        out = neg(matmul(matmul(transposed(p), g), transposed(p)))
        left = matmul(transposed(g), matmul(p, transposed(p)))
        left = left - matmul(matmul(a, p), left)
        right = matmul(matmul(transposed(p), p), transposed(g))
        return [None, out + left + right - matmul(right, matmul(p, a))]

    wide = a.shape[1] < a.shape[2]
    u, s, v = svd_op(transposed(a) if wide else a)
    bound = rtol * amax(s, -1, True)
    if atol is not None:
        bound = bound + select(bound < atol, as_tensor(atol) - bound, 0.0)
    keep = s > bound
    scale = select(keep, 1.0 / select(keep, s, 1.0), 0.0)
    p = matmul(v * expand_dims(scale, -2), transposed(u))
    return with_gradient(transposed(p) if wide else p, [a], gradient)


@method("pinv")
def pinv(x, *, atol=None, rtol=None, hermitian=False):
    """The pseudo-inverses (Moore and Penrose) of the matrices in the last two axes.

    Args:
        atol, rtol: singular values up to the larger of ``atol`` and ``rtol`` times the largest count as 0;
            ``rtol`` is max(m, n) times the precision of the type by default (0 if ``atol`` is given).
        hermitian: the matrices are symmetric; changes nothing here.

    >>> import minispore as ms
    >>> print(pinv(ms.Tensor([[2.0, 0.0], [0.0, 0.0]])))
    [[0.5 0. ]
     [0.  0. ]]
    """
    a = _matrices("pinv", x)
    if rtol is None:
        rtol = max(a.shape[1:]) * float(np.finfo(x.dtype.np).eps) if atol is None else 0.0
    out = _pinv(a, atol, rtol)
    return reshape(out, x.shape[:-2] + out.shape[1:])


def lstsq(input, A):
    """``x`` with the smallest ``|input @ x - A|``; where there are several, the shortest."""
    b = expand_dims(A, -1) if A.ndim == 1 else A
    if input.ndim != 2 or b.ndim != 2 or input.shape[0] != b.shape[0]:
        raise fail(
            ValueError, f"For 'lstsq', matrices of as many rows are needed, but got {input.shape} and {A.shape}."
        )
    return matmul(pinv(input), b)


method("lstsq")(lambda self, A: lstsq(self, A))


# ---------------------------------------------------------------- factorisations
@method("cholesky")
def cholesky(input_x, upper=False):
    """The lower triangle L with ``L @ L.T = input_x`` (the upper one, its transpose, if ``upper``).

    Raises:
        RuntimeError: a matrix is not positive definite; in a compiled function the result is NaN then.

    >>> import minispore as ms
    >>> print(cholesky(ms.Tensor([[4.0, 2.0], [2.0, 2.0]])))
    [[2. 0.]
     [1. 1.]]
    """
    a = _matrices("cholesky", input_x, True)
    out = cholesky_op((a + transposed(a)) * 0.5)
    return reshape(transposed(out) if upper else out, input_x.shape)


@method("cholesky_solve")
def cholesky_solve(input, input2, upper=False):
    """``x`` with ``L @ L.T @ x = input``, where ``input2`` is L (or L.T if ``upper``)."""
    b, l = _matrices("cholesky_solve", input), _matrices("cholesky_solve", input2, True)
    l = transposed(l) if upper else l
    x = triangular_solve_op(l, b, lower=True, unit=False)
    return reshape(triangular_solve_op(transposed(l), x, lower=False, unit=False), input.shape)


@method("cholesky_inverse")
def cholesky_inverse(input_x, upper=False):
    """The inverse of ``L @ L.T``, where ``input_x`` is L (or L.T if ``upper``)."""
    return cholesky_solve(
        reshape(_eye_like(_matrices("cholesky_inverse", input_x, True)), input_x.shape), input_x, upper
    )


@method("qr")
def qr(input, mode="reduced"):
    """(Q, R): orthonormal columns times an upper triangle, by Householder's reflections.

    Args:
        mode: "reduced": Q is (m, k) with k = min(m, n); "complete": Q is (m, m).

    >>> import minispore as ms
    >>> q, r = qr(ms.Tensor([[3.0, 1.0], [4.0, 2.0]]))
    >>> print((q @ r).asnumpy().round(4))
    [[3. 1.]
     [4. 2.]]
    """
    if mode not in ("reduced", "complete"):
        raise fail(ValueError, f"For 'qr', 'mode' must be 'reduced' or 'complete', but got {mode!r}.")
    a = _matrices("qr", input)
    q, r = qr_op(a, columns=a.shape[1] if mode == "complete" else min(a.shape[1:]))
    return reshape(q, input.shape[:-2] + q.shape[1:]), reshape(r, input.shape[:-2] + r.shape[1:])


@method("geqrf")
def geqrf(input):
    """(R above and the reflectors below the diagonal, their factors tau), as LAPACK's routine of that name."""
    packed, tau = householder_qr(_matrices("geqrf", input))
    return reshape(packed, input.shape), reshape(tau, input.shape[:-2] + tau.shape[1:])


@method("orgqr")
def orgqr(input, input2):
    """The first n columns of the product of the reflectors (m, n) that ``geqrf`` gives, ``input2`` their factors."""
    a = _matrices("orgqr", input)
    tau = reshape(input2, (a.shape[0], input2.shape[-1]))
    return reshape(householder_product(a, tau, columns=a.shape[2]), input.shape)


@method("ormqr")
def ormqr(input, tau, other, left=True, transpose=False):
    """``Q @ other`` or (not ``left``) ``other @ Q`` with the complete Q of ``geqrf``, or its transpose."""
    a = _matrices("ormqr", input)
    q = householder_product(a, reshape(tau, (a.shape[0], tau.shape[-1])), columns=a.shape[1])
    q = reshape(transposed(q) if transpose else q, input.shape[:-2] + q.shape[1:])
    return matmul(q, other) if left else matmul(other, q)


@method("svd")
def svd(input, full_matrices=False, compute_uv=True):
    """(s, U, V) with ``input = U @ diag(s) @ V.T``, the singular values s in descending order; or s alone.

    The signs of the vectors are such that the largest element of each column of V is positive.

    Args:
        full_matrices: U is (m, m) and V (n, n), filled up with orthonormal columns.
        compute_uv: False: only s.

    >>> import minispore as ms
    >>> print(svd(ms.Tensor([[3.0, 0.0], [0.0, 4.0]]), compute_uv=False))
    [4. 3.]
    """
    a, lead = _matrices("svd", input), input.shape[:-2]
    wide = a.shape[1] < a.shape[2]
    u, s, v = svd_op(transposed(a) if wide else a)
    s = reshape(s, lead + s.shape[1:])
    if not compute_uv:
        return s
    if full_matrices and u.shape[1] > u.shape[2]:
        k = u.shape[2]
        whole = qr_op(u, columns=u.shape[1])[0]
        u = concat([u, slice_along(whole, 2, k, u.shape[1] - k)], 2)
    u, v = (v, u) if wide else (u, v)
    return s, reshape(u, lead + u.shape[1:]), reshape(v, lead + v.shape[1:])


@method("lu_solve")
def lu_solve(b, LU_data, LU_pivots):
    """``x`` with ``A @ x = b`` from the LU factorisation of A; ``LU_pivots``: the row (from 1) exchanged with each."""
    packed, right = _matrices("lu_solve", LU_data, True), _matrices("lu_solve", b)
    order = fixed(_permutation(LU_pivots._array().reshape(packed.shape[0], -1) - 1))
    x = triangular_solve_op(packed, _in_order(right, order), lower=True, unit=True)
    return reshape(triangular_solve_op(packed, x, lower=False, unit=False), b.shape)


def _permutation(exchanges, n=None):
    batch, count = exchanges.shape
    order = np.tile(np.arange(count if n is None else n), (batch, 1))
    each = np.arange(batch)
    for k in range(count):
        other = exchanges[:, k]
        order[each, k], order[each, other] = order[each, other].copy(), order[each, k].copy()
    return order.astype(np.int64)


def lu_unpack(LU_data, LU_pivots, unpack_data=True, unpack_pivots=True):
    """(P, L, U) with ``A = P @ L @ U`` from an LU factorisation (m, n); parts not wanted are empty."""
    a = _matrices("lu_unpack", LU_data)
    (m, n), lead = a.shape[1:], LU_data.shape[:-2]
    k = min(m, n)
    nothing = zeros_of(a, (0,))
    p = low = up = nothing
    if unpack_pivots:
        order = _permutation(LU_pivots._array().reshape(a.shape[0], -1) - 1, m)
        p = reshape(fixed((order[:, None, :] == np.arange(m)[:, None]).astype(a.dtype.np)), (*lead, m, m))
    if unpack_data:
        first = slice_along(a, 2, 0, k)
        unit = zeros_of(a, (a.shape[0], m, k)) + fixed(np.eye(m, k, dtype=a.dtype.np))
        low = reshape(triangle(first, True, -1) + unit, (*lead, m, k))
        up = reshape(triangle(slice_along(a, 1, 0, k), False), (*lead, k, n))
    return p, low, up


# ---------------------------------------------------------------- functions of matrices
@method("matrix_power")
def matrix_power(input, n):
    """The ``n``-th power of square matrices, by squaring; a negative one of the inverse."""
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
    return broadcast_to(to(fixed(np.eye(input.shape[-1])), input.dtype), input.shape) if out is None else out


@method("matrix_exp")
def matrix_exp(input):
    """``sum(A**k / k!)`` of square matrices: Taylor's series of A / 1024, squared ten times, in float64.

    >>> import minispore as ms
    >>> print(matrix_exp(ms.ops.zeros((2, 2))))
    [[1. 0.]
     [0. 1.]]
    """
    a = to(_matrices("matrix_exp", input, True), float64) * 2.0**-10
    one = _eye_like(a)
    out = one
    for k in range(10, 0, -1):
        out = one + matmul(a, out) * (1.0 / k)
    for _ in range(10):
        out = matmul(out, out)
    return reshape(to(out, input.dtype), input.shape)


@method("adjoint")
def adjoint(x):
    """The last two axes exchanged (Tensors are real)."""
    return transposed(x)


@method("matrix_band_part")
def matrix_band_part(x, lower, upper):
    """``x`` with zeros outside a band: ``lower`` diagonals below and ``upper`` above the main one (-1: all of them)."""
    low, high = (int(k) for k in (lower, upper))
    out = x if low < 0 else triangle(x, False, -low)
    return out if high < 0 else triangle(out, True, high)


# ---------------------------------------------------------------- norms
def vector_norm(x, ord=2, axis=None, keepdims=False, *, dtype=None):
    """``sum(|x| ** ord) ** (1 / ord)`` over ``axis`` (one, several or all); inf: the largest, -inf: the smallest |x|.

    >>> import minispore as ms
    >>> print(vector_norm(ms.Tensor([3.0, 4.0])))
    5.0
    """
    if isinstance(ord, bool) or not isinstance(ord, (int, float)):
        raise fail(ValueError, f"For 'vector_norm', 'ord' must be a number, but got {ord!r}.")
    x = x if dtype is None else to(x, to_dtype(dtype))
    if ord == math.inf:
        return amax(abs_(x), axis, keepdims)
    if ord == -math.inf:
        return amin(abs_(x), axis, keepdims)
    if ord == 0:
        return sum_(to(x != 0, x.dtype), axis, keepdims)
    if ord == 1:
        return sum_(abs_(x), axis, keepdims)
    if ord == 2:
        return sqrt(sum_(square(x), axis, keepdims))
    return pow_(sum_(pow_(abs_(x), float(ord)), axis, keepdims), 1.0 / ord)


def matrix_norm(A, ord="fro", axis=(-2, -1), keepdims=False, *, dtype=None):
    """The norm of the matrices in two axes.

    Args:
        ord: "fro" (root of the sum of squares), "nuc" (sum of the singular values), 2 and -2 (the largest and smallest
            of them), 1 and -1 (the largest and smallest sum of |A| over a column), inf and -inf (over a row).

    Raises:
        ValueError: ``ord`` is none of these.
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
    """The norm over ``dim``: ``vector_norm`` for one axis, ``matrix_norm`` for two; without ``ord`` the 2-norm of all.

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
    """The slices along ``axis`` scaled down to a ``p``-norm of ``maxnorm`` where theirs is larger."""
    if p <= 0 or maxnorm < 0:
        raise fail(
            ValueError, f"For 'renorm', 'p' must be positive and 'maxnorm' not negative, but got {p}, {maxnorm}."
        )
    a = axis_of("renorm", input.ndim, axis)
    length = vector_norm(input, p, tuple(k for k in range(input.ndim) if k != a), True)
    return select(length > maxnorm, input * (maxnorm / (length + 1e-7)), input)


def cond(A, p=None):
    """The condition number of square matrices in the norm ``p`` (None: 2): ``norm(A) * norm(inverse(A))``."""
    if p in (None, 2, -2):
        s = svd(A, compute_uv=False)
        out = amax(s, -1) / amin(s, -1)
        return 1.0 / out if p == -2 else out
    return matrix_norm(A, p) * matrix_norm(inverse(A), p)


__all__ = [
    "adjoint", "cholesky", "cholesky_inverse", "cholesky_solve", "cond", "det", "geqrf", "inverse",
    "log_matrix_determinant", "logdet", "lstsq", "lu_solve", "lu_unpack", "matrix_band_part", "matrix_determinant",
    "matrix_exp", "matrix_norm", "matrix_power", "matrix_solve", "norm", "orgqr", "ormqr", "pinv", "qr", "renorm",
    "slogdet", "svd", "vector_norm",
]  # fmt: skip
