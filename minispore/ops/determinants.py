"""Determinants and their logarithms.  The gradient of a singular matrix's determinant are its cofactors."""

import math

import numpy as np

from .custom_gradient import with_gradient
from .decompositions import batch_of_matrices, eye_like, lu, transposed
from .effects import stop_gradient
from .elementwise import abs as abs_, equal, isfinite, log, logical_and, norm_of, select, square
from .inputs import sums_in_float32
from .linalg import inverse
from .matrix import diag_embed, diagonal
from .methods import method
from .movement import expand_dims, reshape, squeeze
from .products import matmul
from .recurrence import product_of_others
from .reduction import prod, sum as sum_
from .reflections import qr_op
from .singular_values import svd_op


@method("slogdet", "log_matrix_determinant")
@sums_in_float32
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
    packed, _, parity = lu(batch_of_matrices("slogdet", input, True))
    d = diagonal(packed, 0, -2, -1)
    sign = parity * prod(select(d < 0, -1.0, select(d > 0, 1.0, 0.0)), -1)
    return reshape(sign, input.shape[:-2]), reshape(sum_(log(abs_(d)), -1), input.shape[:-2])


log_matrix_determinant = slogdet


@method("logdet")
@sums_in_float32
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
@sums_in_float32
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
    a = batch_of_matrices("det", input, True)
    return reshape(_with_cofactors(stop_gradient(_det_by_lu(a)), a), input.shape[:-2])


def _det_by_lu(a):
    packed, _, parity = lu(a)
    return parity * prod(diagonal(packed, 0, -2, -1), -1)


def _with_cofactors(value, a):
    """``value``, the determinants of ``a``, whose gradient are the cofactors."""

    def gradient(needs, grads, inputs):
        return [None, _cofactors(*inputs) * expand_dims(expand_dims(grads[0], -1), -1)]

    return with_gradient(value, [a], gradient)


def _cofactors(value, a):
    """The cofactors: ``det(a) inverse(a)'``, but where that divides by what is 0, or nothing but rounding."""
    value = stop_gradient(value)
    bound = prod(norm_of(sum_(square(stop_gradient(a)), -1), 2.0), -1)
    small = abs_(value) <= bound * math.sqrt(float(np.finfo(a.dtype.np).eps))
    singular = logical_and(small, isfinite(bound))
    here, one = expand_dims(expand_dims(singular, -1), -1), eye_like(a)
    regular = select(here, one, a)
    whole = expand_dims(expand_dims(_with_cofactors(value, regular), -1), -1)
    return select(here, _cofactors_of_singular(select(here, a, one)), whole * transposed(inverse(regular)))


def _cofactors_of_singular(a):
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
        product = pairs * (1.0 - eye_like(a))
        inner = diag_embed(squeeze(matmul(product, expand_dims(own, -1)), -1))
        inner = (inner - transposed(product * g)) * expand_dims(sign, -1)
        return [None, matmul(matmul(q, inner), transposed(v))]

    return with_gradient(value, [a], gradient)


def _diagonal_form(a):
    """(Q, V, det Q det V, P) of ``_cofactors``; the diagonal of P are the products without one element."""
    batch, n = a.shape[:2]
    v = svd_op(a)[2]
    q, r = qr_op(matmul(a, v), columns=n)
    one = eye_like(a)
    left = select(equal(one, 1.0), 1.0, expand_dims(diagonal(r, 0, -2, -1), -2))
    pairs = product_of_others(reshape(left, (batch * n, n, 1)))
    return q, v, expand_dims(_det_by_lu(q) * _det_by_lu(v), -1), reshape(pairs, a.shape)


matrix_determinant = det


__all__ = [
    "det", "log_matrix_determinant", "logdet", "matrix_determinant", "slogdet",
]  # fmt: skip
