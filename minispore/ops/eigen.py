"""Eigenvalues and eigenvectors, by LAPACK."""

from typing import Any

import numpy as np

from ..core.dtype import complex64, complex128, complex_of, float32, float64, real_of
from ..core.errors import fail
from ..core.op import to
from .batch import all_full
from .by_numpy import numpy_op
from .complex_parts import conjugated, real_part
from .creation import tril, triu
from .decompositions import eye_like
from .elementwise import neg, select
from .inputs import tensor_input
from .matrix import diag_embed
from .methods import method
from .movement import expand_dims, swapaxes
from .products import matmul

_TYPES = (float32, float64, complex64, complex128)


def _adjoint(x):
    return conjugated(swapaxes(x, -1, -2))


def _gaps(values):
    """1 / (w_j - w_i) for the eigenvalues i and j, 0 for one and the same."""
    distance = expand_dims(values, -2) - expand_dims(values, -1)
    same = distance == 0
    return select(same, 0, 1 / select(same, 1, distance))


# Systems of equations of any type; those of real numbers have kernels (ops/linalg.py).
_solve = numpy_op(
    "lapack_solve", lambda a, b: (np.linalg.solve(a, b),), lambda a, b: [(b.shape, b.dtype)],
    vjp=(lambda g, out, a, b: neg(matmul(_solve(swapaxes(a, -1, -2), g), swapaxes(out, -1, -2))),
         lambda g, out, a, b: _solve(swapaxes(a, -1, -2), g)),
    batch=lambda op, size, xs, batched, attrs: [op(*all_full(size, xs, batched))],
)  # fmt: skip


# ---------------------------------------------------------------- symmetric and Hermitian matrices
def _eigh_vjp(needs, grads, outs, inputs, lower):
    """V (diag(dw) + (V' dV) / (w_j - w_i)) V' (Giles, 2008), half of it in each triangle."""
    (values, vectors), (dw, dv) = outs, grads
    inner: Any = 0 if dv is None else to(_gaps(values), vectors.dtype) * matmul(_adjoint(vectors), dv)
    if dw is not None:
        inner = inner + to(diag_embed(dw), vectors.dtype)
    g = matmul(matmul(vectors, inner), _adjoint(vectors))
    return [(g + _adjoint(g)) * 0.5]


_eigh = numpy_op(
    "eigh", lambda x, lower: tuple(np.linalg.eigh(x, "L" if lower else "U")),
    lambda x, lower: [(x.shape[:-1], real_of(x.dtype)), (x.shape, x.dtype)], vjp=_eigh_vjp, holomorphic=False,
    batch=lambda op, size, xs, batched, attrs: op(*xs, **attrs),
)  # fmt: skip


def of_triangle(x, lower: bool):
    """The symmetric or Hermitian matrix that a triangle stands for: the gradient of the other triangle is then zero."""
    first, second = (tril, triu) if lower else (triu, tril)
    other = _adjoint(x) if x.dtype.is_complex else swapaxes(x, -1, -2)
    return first(x) + second(other, 1 if lower else -1)


def eigh(input, lower=True):
    """Eigenvalues and eigenvectors of symmetric or Hermitian matrices.

    Args:
        input (Tensor): shape (*, n, n); float32, float64, complex64 or complex128; one triangle is read.
        lower (bool): whether that is the lower one. Default: True.

    Returns:
        tuple of two Tensors: the eigenvalues in ascending order, shape (*, n), real, and the eigenvectors as columns, of
        the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of these types.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> values, _ = eigh(ms.Tensor([[2.0, 1.0], [1.0, 2.0]]))
    >>> print(values.asnumpy().round(5))
    [1. 3.]
    """
    return _eigh(_matrices("eigh", input), lower=lower)


# ---------------------------------------------------------------- any matrices
def _eig_vjp(needs, grads, outs, inputs):
    """V'^-1 (diag(dw) + (V' dV - V' V Re(diag(V' dV))) / conj(w_j - w_i)) V', for columns of length 1 (Boeddeker et al., 2017)."""
    (values, vectors), (dw, dv) = outs, grads
    inner: Any = 0 if dw is None else diag_embed(dw)
    if dv is not None:
        product = matmul(_adjoint(vectors), dv)
        along = to(real_part(product), product.dtype) * eye_like(product)
        inner = inner + (product - matmul(matmul(_adjoint(vectors), vectors), along)) * conjugated(_gaps(values))
    g = _solve(_adjoint(vectors), matmul(inner, _adjoint(vectors)))
    return [to(g, inputs[0].dtype)]


def _eig_numpy(x):
    values, vectors = np.linalg.eig(x)
    of = complex_of_numpy(x.dtype)
    return values.astype(of), vectors.astype(of)


def complex_of_numpy(dtype):
    return np.result_type(dtype, np.complex64)


_eig = numpy_op(
    "eig", _eig_numpy, lambda x: [(x.shape[:-1], complex_of(x.dtype)), (x.shape, complex_of(x.dtype))], vjp=_eig_vjp,
    holomorphic=False, batch=lambda op, size, xs, batched, attrs: op(*xs, **attrs),
)  # fmt: skip


def eig(A):
    """Eigenvalues and eigenvectors of square matrices.

    Args:
        A (Tensor): shape (*, n, n); float32, float64, complex64 or complex128.

    Returns:
        tuple of two complex Tensors: the eigenvalues, shape (*, n), and the eigenvectors as columns, of the shape of
        ``A``; complex128 for float64 and complex128, else complex64.

    Raises:
        TypeError: ``A`` is not a Tensor of these types.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> values, _ = eig(ms.Tensor([[0.0, 1.0], [-1.0, 0.0]]))
    >>> print(values)
    [0.+1.j 0.-1.j]
    """
    return _eig(_matrices("eig", A))


@method("eigvals")
def eigvals(A):
    """Eigenvalues of square matrices.

    Args:
        A (Tensor): shape (*, n, n); float32, float64, complex64 or complex128.

    Returns:
        Tensor of shape (*, n); complex128 for float64 and complex128, else complex64.

    Raises:
        TypeError: ``A`` is not a Tensor of these types.
        ValueError: the matrices are not square.

    >>> import minispore as ms
    >>> print(eigvals(ms.Tensor([[0.0, 1.0], [-1.0, 0.0]])))
    [0.+1.j 0.-1.j]
    """
    return _eig(_matrices("eigvals", A))[0]


def _matrices(name, x):
    if tensor_input(name, "A", x).dtype not in _TYPES:
        raise fail(TypeError, f"For '{name}', the matrices must hold floats or complex numbers, but got {x.dtype}.")
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise fail(ValueError, f"For '{name}', the matrices must be square, but got the shape {x.shape}.")
    return x


__all__ = ["eig", "eigvals"]
