"""Linear algebra: determinants, inverses, systems, factorisations, matrix functions and norms."""

import math

import numpy as np

from ..core import checks
from ..core.dtype import float32, float64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, fixed, to
from ..core.tensor import Tensor
from .concatenation import concat
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
from .effects import stop_gradient
from .elementwise import abs as abs_, equal, isfinite, log, logical_and, neg, norm_of, pow as pow_, select, square
from .inputs import sums_in_float32
from .matrix import diag_embed, diagonal
from .methods import method
from .movement import axis_of, broadcast_to, expand_dims, reshape, slice_along, squeeze, transpose, zeros_of
from .products import matmul
from .recurrence import product_of_others
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
    """Sign and logarithm of the magnitude of determinants, by LU factorisation.

    Args:
        input (Tensor): shape (*, n, n); float32 or float64.

    Returns:
        tuple of two Tensors of shape (*); the type of ``input``: the sign (-1, 0 or 1) and ``log |det|``; 0 and -inf
        for a singular matrix.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: the matrices are not square.

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
    """Logarithm of determinants: -inf where one is 0, NaN where it is negative.

    Args:
        input (Tensor): shape (*, n, n); float32 or float64.

    Returns:
        Tensor of shape (*); the type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(logdet(ms.Tensor([[1.0, 0.0], [0.0, 1.0]])))
    0.0
    """
    sign, value = slogdet(input)
    return select(sign < 0, float("nan"), value)


@method("det", "matrix_determinant")
def det(input):
    """Determinants, by LU factorisation.

    Args:
        input (Tensor): shape (*, n, n); float32 or float64.

    Returns:
        Tensor of shape (*); the type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(det(ms.Tensor([[2.0, 1.0], [1.0, 3.0]])))
    5.0
    """
    a = _matrices("det", input, True)
    value = stop_gradient(_det_by_lu(a))
    # the gradient of the factorisation divides by what is 0, or nothing but rounding, for a singular matrix
    bound = prod(norm_of(sum_(square(stop_gradient(a)), -1), 2.0), -1)
    small = abs_(value) <= bound * math.sqrt(float(np.finfo(a.dtype.np).eps))
    singular = logical_and(small, isfinite(bound))
    here, one = expand_dims(expand_dims(singular, -1), -1), _eye_like(a)
    out = select(singular, _det_of_singular(value, select(here, a, one)), _det_by_lu(select(here, one, a)))
    return reshape(out, input.shape[:-2])


def _det_by_lu(a):
    packed, _, parity = lu(a)
    return parity * prod(diagonal(packed, 0, -2, -1), -1)


def _det_of_singular(value, a):
    """``value``, whose gradient are the cofactors."""

    def gradient(needs, grads, inputs):
        return [None, _cofactors(inputs[1]) * expand_dims(expand_dims(grads[0], -1), -1)]

    return with_gradient(value, [a], gradient)


def _cofactors(a):
    """The cofactors of square matrices of any rank, by ``a = Q R V'`` with orthogonal Q and V and a diagonal R.

    Where E is added to R, its cofactor (i, i) changes by sum of E[k, k] P[i, k] over k != i, its cofactor (i, j) by
    -E[j, i] P[i, j], where P[i, j] is the product of the diagonal of R without the elements i and j: the gradient.
    """
    q, v, sign, pairs = _diagonal_form(stop_gradient(a))
    value = matmul(q * expand_dims(sign * diagonal(pairs, 0, -2, -1), -2), transposed(v))

    def gradient(needs, grads, inputs):
        q, v, sign, pairs = _diagonal_form(inputs[1])
        g = matmul(matmul(transposed(q), grads[0]), v)
        own = diagonal(g, 0, -2, -1)
        product = pairs * (1.0 - _eye_like(a))
        inner = diag_embed(squeeze(matmul(product, expand_dims(own, -1)), -1))
        inner = (inner - transposed(product * g)) * expand_dims(sign, -1)
        return [None, matmul(matmul(q, inner), transposed(v))]

    return with_gradient(value, [a], gradient)


def _diagonal_form(a):
    """(Q, V, det Q det V, P) of ``_cofactors``; the diagonal of P are the products without one element."""
    batch, n = a.shape[:2]
    v = svd_op(a)[2]
    q, r = qr_op(matmul(a, v), columns=n)
    one = _eye_like(a)
    left = select(equal(one, 1.0), 1.0, expand_dims(diagonal(r, 0, -2, -1), -2))
    pairs = product_of_others(reshape(left, (batch * n, n, 1)))
    return q, v, expand_dims(_det_by_lu(q) * _det_by_lu(v), -1), reshape(pairs, a.shape)


matrix_determinant = det


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
    a, b = _matrices("matrix_solve", matrix, True), _matrices("matrix_solve", rhs)
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
    a, right = _matrices("triangular_solve", A, True), _matrices("triangular_solve", b)
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
    a = _matrices("pinv", x)
    if rtol is None:
        rtol = max(a.shape[1:]) * float(np.finfo(x.dtype.np).eps) if atol is None else 0.0
    out = _pinv(a, atol, rtol)
    return reshape(out, x.shape[:-2] + out.shape[1:])


def lstsq(input, A):
    """Least squares: ``x`` with the smallest ``|input @ x - A|``, of several the shortest; by ``pinv``.

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
    return matmul(pinv(input), b)


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


# ---------------------------------------------------------------- factorisations
@method("cholesky")
def cholesky(input_x, upper=False):
    """Cholesky's factorisation: the lower triangle L with ``L @ L.T = input_x``.

    Args:
        input_x (Tensor): shape (*, n, n); float32 or float64; symmetric and positive definite.
        upper (bool): whether the upper triangle, ``L.T``, is returned. Default: False.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``input_x`` is not float32 or float64.
        ValueError: the matrices are not square.
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
    """Solves ``A @ x = input`` with the Cholesky factor of A.

    Args:
        input (Tensor): shape (*, n, k); float32 or float64.
        input2 (Tensor): shape (*, n, n); the type of ``input``; L with ``L @ L.T = A``.
        upper (bool): whether ``input2`` is ``L.T``. Default: False.

    Returns:
        Tensor: ``x`` of the shape and type of ``input``.

    Raises:
        TypeError: an input is not float32 or float64.
        ValueError: the matrices of ``input2`` are not square.

    >>> import minispore as ms
    >>> print(cholesky_solve(ms.Tensor([[8.0], [2.0]]), ms.Tensor([[2.0, 0.0], [0.0, 1.0]])))
    [[2.]
     [2.]]
    """
    b, l = _matrices("cholesky_solve", input), _matrices("cholesky_solve", input2, True)
    l = transposed(l) if upper else l
    x = triangular_solve_op(l, b, lower=True, unit=False)
    return reshape(triangular_solve_op(transposed(l), x, lower=False, unit=False), input.shape)


@method("cholesky_inverse")
def cholesky_inverse(input_x, upper=False):
    """Inverse of ``L @ L.T`` from the Cholesky factor L.

    Args:
        input_x (Tensor): shape (*, n, n); float32 or float64; L.
        upper (bool): whether ``input_x`` is ``L.T``. Default: False.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``input_x`` is not float32 or float64.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(cholesky_inverse(ms.Tensor([[2.0, 0.0], [0.0, 1.0]])))
    [[0.25 0.  ]
     [0.   1.  ]]
    """
    return cholesky_solve(
        reshape(_eye_like(_matrices("cholesky_inverse", input_x, True)), input_x.shape), input_x, upper
    )


@method("qr")
def qr(input, mode="reduced"):
    """QR factorisation by Householder's reflections: orthonormal columns times an upper triangle.

    Args:
        input (Tensor): shape (*, m, n); float32 or float64.
        mode (str): "reduced": Q has k = min(m, n) columns; "complete": it has k = m. Default: "reduced".

    Returns:
        tuple of two Tensors: Q of shape (*, m, k) and R of shape (*, k, n); the type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: ``mode`` is unknown, or ``input`` has fewer than two axes.

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
    """QR factorisation in packed form, as LAPACK's routine of that name.

    Args:
        input (Tensor): shape (*, m, n); float32 or float64.

    Returns:
        tuple of two Tensors: R on and above the diagonal and the vectors of Householder's reflections below it, of the
        shape of ``input``; and their factors tau, of shape (*, min(m, n)).

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: ``input`` has fewer than two axes.

    >>> import minispore as ms
    >>> packed, tau = geqrf(ms.Tensor([[3.0], [4.0]]))
    >>> print(packed.asnumpy().round(4).tolist(), tau.asnumpy().round(4))
    [[-5.0], [0.5]] [1.6]
    """
    packed, tau = householder_qr(_matrices("geqrf", input))
    return reshape(packed, input.shape), reshape(tau, input.shape[:-2] + tau.shape[1:])


@method("orgqr")
def orgqr(input, input2):
    """First n columns of the product of Householder's reflections that ``geqrf`` gives.

    Args:
        input (Tensor): shape (*, m, n); float32 or float64; the vectors of the reflections below the diagonal.
        input2 (Tensor): shape (*, k); the factors tau.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: ``input`` has fewer than two axes.

    >>> import minispore as ms
    >>> print(orgqr(*ms.ops.geqrf(ms.Tensor([[3.0], [4.0]]))).asnumpy().round(4))
    [[-0.6]
     [-0.8]]
    """
    a = _matrices("orgqr", input)
    tau = reshape(input2, (a.shape[0], input2.shape[-1]))
    return reshape(householder_product(a, tau, columns=a.shape[2]), input.shape)


@method("ormqr")
def ormqr(input, tau, other, left=True, transpose=False):
    """Product of a Tensor with the complete Q of a factorisation by ``geqrf``: ``Q @ other`` or ``other @ Q``.

    Args:
        input (Tensor): shape (*, m, n); float32 or float64; the vectors of the reflections below the diagonal.
        tau (Tensor): shape (*, k); their factors.
        other (Tensor): shape (*, m, p), or (*, p, m) if not ``left``; the type of ``input``.
        left (bool): whether Q is on the left. Default: True.
        transpose (bool): whether Q is transposed. Default: False.

    Returns:
        Tensor of the shape and type of ``other``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> packed, tau = ms.ops.geqrf(ms.Tensor([[3.0], [4.0]]))
    >>> print(ormqr(packed, tau, ms.Tensor([[1.0], [0.0]])).asnumpy().round(4))
    [[-0.6]
     [-0.8]]
    """
    a = _matrices("ormqr", input)
    q = householder_product(a, reshape(tau, (a.shape[0], tau.shape[-1])), columns=a.shape[1])
    q = reshape(transposed(q) if transpose else q, input.shape[:-2] + q.shape[1:])
    return matmul(q, other) if left else matmul(other, q)


@method("svd")
def svd(input, full_matrices=False, compute_uv=True):
    """Singular value decomposition: ``input = U @ diag(s) @ V.T``, s in descending order.

    The signs of the vectors are such that the largest element of each column of V is positive.

    Args:
        input (Tensor): shape (*, m, n); float32 or float64.
        full_matrices (bool): whether U is (m, m) and V (n, n), filled up with orthonormal columns, instead of (m, k)
            and (n, k) with k = min(m, n). Default: False.
        compute_uv (bool): whether U and V are returned. Default: True.

    Returns:
        tuple of Tensors (s, U, V), s of shape (*, k); or s alone; the type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64.
        ValueError: ``input`` has fewer than two axes.

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
    """Solves ``A @ x = b`` with the LU factorisation of A.

    Args:
        b (Tensor): shape (*, n, k); float32 or float64.
        LU_data (Tensor): shape (*, n, n); the type of ``b``; U, and L below the diagonal.
        LU_pivots (Tensor): shape (*, n); integers: the row, counted from 1, that each row was exchanged with.

    Returns:
        Tensor: ``x`` of the shape and type of ``b``.

    Raises:
        TypeError: ``b`` or ``LU_data`` is not float32 or float64.
        ValueError: the matrices of ``LU_data`` are not square.

    >>> import minispore as ms
    >>> print(lu_solve(ms.Tensor([[2.0], [4.0]]), ms.Tensor([[2.0, 0.0], [0.0, 4.0]]), ms.Tensor([1, 2])))
    [[1.]
     [1.]]
    """
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
    """Parts of an LU factorisation: ``A = P @ L @ U``.

    Args:
        LU_data (Tensor): shape (*, m, n); float32 or float64; U, and L below the diagonal.
        LU_pivots (Tensor): shape (*, min(m, n)); integers: the row, counted from 1, that each row was exchanged with.
        unpack_data (bool): whether L and U are wanted. Default: True.
        unpack_pivots (bool): whether P is wanted. Default: True.

    Returns:
        tuple of three Tensors: P (*, m, m), L (*, m, k) and U (*, k, n) with k = min(m, n), the type of ``LU_data``;
        those not wanted have shape (0,).

    Raises:
        TypeError: ``LU_data`` is not float32 or float64.
        ValueError: ``LU_data`` has fewer than two axes.

    >>> import minispore as ms
    >>> p, low, up = lu_unpack(ms.Tensor([[4.0, 3.0], [0.5, 1.5]]), ms.Tensor([2, 2]))
    >>> print(p @ low @ up)
    [[2. 3.]
     [4. 3.]]
    """
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
    return broadcast_to(to(fixed(np.eye(input.shape[-1])), input.dtype), input.shape) if out is None else out


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
    """Exchanges the last two axes: the conjugate transpose of real matrices.

    Args:
        x (Tensor): shape (*, m, n); numbers.

    Returns:
        Tensor of shape (*, n, m); the type of ``x``.

    >>> import minispore as ms
    >>> print(adjoint(ms.Tensor([[1, 2], [3, 4]])))
    [[1 3]
     [2 4]]
    """
    return transposed(x)


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
    return out if high < 0 else triangle(out, True, high)


# ---------------------------------------------------------------- norms
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
        return norm_of(sum_(square(x), axis, keepdims), 2.0)
    total = sum_(pow_(abs_(x), float(ord)), axis, keepdims)
    return norm_of(total, float(ord)) if ord > 0 else pow_(total, 1.0 / ord)


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
        input (Tensor): at least one axis; floats.
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
