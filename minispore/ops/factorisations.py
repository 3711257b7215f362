"""Factorisations of matrices: Cholesky, QR, singular values, LU; and what is computed from their factors."""

import numpy as np

from ..core.errors import fail
from ..core.op import fixed
from .concatenation import concat
from .decompositions import (
    batch_of_matrices,
    cholesky_op,
    eye_like,
    transposed,
    triangle,
    triangular_solve_op,
)
from .inputs import sums_in_float32
from .lapack import LEAST
from .linalg import _in_order
from .methods import method
from .movement import reshape
from .products import matmul
from .reflections import householder_product, householder_qr, qr_op
from .singular_values import singular_values_op, svd_op
from .slicing import slice_along, zeros_of


@method("cholesky")
@sums_in_float32
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
    a = batch_of_matrices("cholesky", input_x, True)
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
    b, l = batch_of_matrices("cholesky_solve", input), batch_of_matrices("cholesky_solve", input2, True)
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
        reshape(eye_like(batch_of_matrices("cholesky_inverse", input_x, True)), input_x.shape), input_x, upper
    )


@method("qr")
@sums_in_float32
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
    a = batch_of_matrices("qr", input)
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
    packed, tau = householder_qr(batch_of_matrices("geqrf", input))
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
    a = batch_of_matrices("orgqr", input)
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
    a = batch_of_matrices("ormqr", input)
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
    a, lead = batch_of_matrices("svd", input), input.shape[:-2]
    wide = a.shape[1] < a.shape[2]
    a = transposed(a) if wide else a
    if not compute_uv and a.shape[2] >= LEAST:
        s = singular_values_op(a)
        return reshape(s, lead + s.shape[1:])
    u, s, v = svd_op(a)
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
@sums_in_float32
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
    packed, right = batch_of_matrices("lu_solve", LU_data, True), batch_of_matrices("lu_solve", b)
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


@sums_in_float32
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
    a = batch_of_matrices("lu_unpack", LU_data)
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


__all__ = [
    "cholesky", "cholesky_inverse", "cholesky_solve", "geqrf", "lu_solve", "lu_unpack", "orgqr", "ormqr", "qr",
    "svd",
]  # fmt: skip
