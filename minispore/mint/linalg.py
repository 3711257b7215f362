"""``mint.linalg``."""

from ..core.forwarding import forwards as _like
from ..ops.factorisations import qr as _qr
from ..ops.linalg import inverse as inv
from ..ops.norms import matrix_norm as _matrix, norm, vector_norm as _vector


@_like(_vector)
def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None):
    """``sum(|x| ** ord) ** (1 / ord)`` over ``dim``."""
    return _vector(x, ord, dim, keepdim, dtype=dtype)


@_like(_matrix)
def matrix_norm(A, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None):
    """The norm of the matrices in two axes."""
    return _matrix(A, ord, dim, keepdim, dtype=dtype)


@_like(_qr)
def qr(A, mode="reduced"):
    """The product ``Q @ R`` that a matrix is: columns at right angles, and a triangle."""
    return _qr(A, mode)


__all__ = ["inv", "matrix_norm", "norm", "qr", "vector_norm"]
