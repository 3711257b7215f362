"""``mint``: arithmetic of two Tensors, products, traces."""

from ..core.errors import fail
from ..core.op import as_tensor
from ..ops.linalg import triangular_solve as _solve
from ._forms import ADDED, like, ops


@like(ops.add, args={"alpha": "(number): what ``other`` is multiplied by."}, returns=ADDED)
def add(input, other, *, alpha=1):
    """``input + alpha * other``."""
    return ops.add(input, other if alpha == 1 else other * alpha)


@like(ops.sub, args={"alpha": "(number): what ``other`` is multiplied by."}, returns=ADDED)
def sub(input, other, *, alpha=1):
    """``input - alpha * other``."""
    return ops.sub(input, other if alpha == 1 else other * alpha)


def equal(input, other):
    """Whether both Tensors have the same shape and the same elements: one bool; ``eq`` compares element by element.

    Args:
        input (Tensor): any shape and type.
        other (Tensor): any shape and type.

    Returns:
        Tensor of shape (); bool.

    >>> import minispore as ms
    >>> print(equal(ms.Tensor([1, 2, 3]), ms.Tensor([1, 2, 4])))
    False
    """
    if tuple(input.shape) != tuple(other.shape):
        return as_tensor(False)
    return ops.all(ops.equal(input, other))


@like(ops.addcdiv)
def addcdiv(input, tensor1, tensor2, *, value=1):
    """``input + value * tensor1 / tensor2``."""
    return ops.addcdiv(input, tensor1, tensor2, value)


def dot(input, other):
    """The sum of the products of two vectors.

    Args:
        input (Tensor): shape (n,); numbers.
        other (Tensor): shape (n,); numbers.

    Returns:
        Tensor of shape (); the common type of the inputs, int64 for integers.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(dot(ms.Tensor([1.0, 2.0]), ms.Tensor([3.0, 4.0])))
    11.0
    """
    return ops.sum(input * other)


vdot = dot


def bmm(input, mat2):
    """Products of two batches of matrices: ``out[b] = input[b] @ mat2[b]``.

    Args:
        input (Tensor): shape (b, m, k); numbers.
        mat2 (Tensor): shape (b, k, n); numbers.

    Returns:
        Tensor of shape (b, m, n); the common type of the inputs.

    Raises:
        ValueError: an input does not have 3 axes, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(bmm(ms.Tensor([[[1.0, 2.0]]]), ms.Tensor([[[3.0], [4.0]]])))
    [[[11.]]]
    """
    for name, given in (("input", input), ("mat2", mat2)):
        if given.ndim != 3:
            raise fail(ValueError, f"For 'bmm', '{name}' must have 3 axes, but got the shape {given.shape}.")
    return ops.bmm(input, mat2)


@like(ops.mv)
def mv(input, vec):
    """Product of a matrix and a vector: ``input @ vec``."""
    return ops.mv(input, vec)


def trace(input):
    """The sum of the diagonal of a matrix.

    Args:
        input (Tensor): shape (n, m); numbers.

    Returns:
        Tensor of shape (); the type of ``input``, int64 for integers.

    >>> import minispore as ms
    >>> print(trace(ms.Tensor([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    return ops.sum(ops.diagonal(input))


@like(
    ops.softmax,
    example="""
    >>> import minispore as ms
    >>> print(softmax(ms.Tensor([[0.0, 0.0], [0.0, 1000.0]]), 1))
    [[0.5 0.5]
     [0.  1. ]]
    """,
)
def softmax(input, dim, *, dtype=None):
    """``exp(x) / sum(exp(x))`` along ``dim``."""
    return ops.softmax(input, dim, dtype=dtype)


@like(ops.cdist)
def cdist(x1, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary"):
    """The distances of the rows of ``x1`` from those of ``x2``."""
    return ops.cdist(x1, x2, p)


@like(_solve)
def triangular_solve(b, A, upper=True, transpose=False, unitriangular=False):
    """(``x`` with ``A @ x = b`` for a triangular ``A``, ``A``)."""
    return _solve(b, A, upper, transpose, unitriangular)


def real(input):
    """The real part; a real Tensor itself.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; its type, or that of its parts.

    >>> import minispore as ms
    >>> print(real(ms.Tensor([1.0])))
    [1.]
    """
    return ops.real(input)


@like(ops.sqrt)
def sqrt(input):
    """The square root; NaN below 0."""
    return ops.sqrt(input)


@like(ops.frac)
def frac(input):
    """What is after the point, with the sign of the input."""
    return ops.frac(input)


@like(ops.isnan)
def isnan(tensor):
    """Whether it is NaN."""
    return ops.isnan(tensor)


@like(ops.asin)
def arcsin(x):
    """The arc sine: ``asin``."""
    return ops.asin(x)
