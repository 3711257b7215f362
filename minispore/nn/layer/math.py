"""Mathematical functions as cells."""

from ... import ops
from ...core import checks
from ...core.dtype import float32, int32
from ...core.errors import fail
from ...ops.inputs import accumulation_type
from ...ops.normalization import moments
from ...ops.reduction import axes_of
from ..cell import Cell


class Range(Cell):
    """The numbers from ``start`` up to (not including) ``limit``.

    Args:
        start: number; without ``limit`` the end, and 0 is the start.
        limit: number.  Default: None.
        delta: number other than 0, the step.  Default: 1.

    Returns:
        Tensor of shape (n,): int32 if all three are ints, else float32.

    Raises:
        ValueError: ``delta`` is 0.

    >>> from minispore import nn
    >>> print(nn.Range(1, 8, 2)())
    [1 3 5 7]
    """

    def __init__(self, start, limit=None, delta=1):
        super().__init__()
        if delta == 0:
            raise fail(ValueError, "For 'Range', the argument 'delta' must not be 0.")
        first, last = (0, start) if limit is None else (start, limit)
        whole = all(isinstance(v, int) for v in (first, last, delta))
        self.arguments = (first, last, delta)
        self.dtype = int32 if whole else float32

    def construct(self):
        return ops.arange(*self.arguments, dtype=self.dtype)


class MatMul(Cell):
    """The matrix product ``x1 @ x2``.

    Args:
        transpose_x1: bool, whether to swap the last two axes of the first operand before.  Default: False.
        transpose_x2: bool, the same for the second.  Default: False.

    Inputs:
        x1: Tensor of numbers, shape (..., m, k) or (k,).
        x2: Tensor of numbers, shape (..., k, n) or (k,).

    Returns:
        Tensor of shape (..., m, n), without the axis that an operand lacks.

    Raises:
        TypeError: a flag is not a bool.
        ValueError: the shapes do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.MatMul()(Tensor([[1.0, 2.0]]), Tensor([[3.0], [4.0]])))
    [[11.]]
    """

    def __init__(self, transpose_x1=False, transpose_x2=False):
        super().__init__()
        self.transpose_x1 = checks.boolean("MatMul", transpose_x1=transpose_x1)
        self.transpose_x2 = checks.boolean("MatMul", transpose_x2=transpose_x2)

    def construct(self, x1, x2):
        x1 = ops.swapaxes(x1, -1, -2) if self.transpose_x1 and x1.ndim > 1 else x1
        x2 = ops.swapaxes(x2, -1, -2) if self.transpose_x2 and x2.ndim > 1 else x2
        return ops.matmul(x1, x2)


class Moments(Cell):
    """Mean and variance (divided by n) over ``axis``.

    Args:
        axis: int or tuple of ints; None (the default): all axes.
        keep_dims: bool, whether the axes stay, with length 1.  Default: None, as False.

    Inputs:
        x: Tensor of floats, any shape.

    Returns:
        tuple (mean, variance) of Tensors of the dtype of x, without the axes unless ``keep_dims``.

    Raises:
        ValueError: there is no such axis.

    >>> from minispore import Tensor, nn
    >>> mean, variance = nn.Moments(axis=0)(Tensor([1.0, 3.0]))
    >>> print(mean, variance)
    2.0 1.0
    """

    def __init__(self, axis=None, keep_dims=None):
        super().__init__()
        self.axis, self.keep_dims = axis, bool(keep_dims)

    def construct(self, x):
        axes = axes_of("Moments", x.ndim, self.axis)
        mean, variance = moments(accumulation_type(x), axes)
        if not self.keep_dims:
            mean, variance = ops.squeeze(mean, axes), ops.squeeze(variance, axes)
        return mean.astype(x.dtype), variance.astype(x.dtype)


class ReduceLogSumExp(Cell):
    """``log(sum(exp(x)))`` over ``axis``, safe from overflow.

    Args:
        axis: int, or a tuple or list of ints; () for all axes.
        keep_dims: bool, whether the axes stay, with length 1.  Default: False.

    Inputs:
        x: Tensor of floats, any shape.

    Returns:
        Tensor of the dtype of x, without the axes unless ``keep_dims``.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: there is no such axis.

    >>> from minispore import Tensor, nn
    >>> print(nn.ReduceLogSumExp(0)(Tensor([1000.0, 1000.0])))
    1000.6932
    """

    def __init__(self, axis, keep_dims=False):
        super().__init__()
        checks.instance("ReduceLogSumExp", (int, list, tuple), axis=axis)
        self.axis, self.keep_dims = axis, checks.boolean("ReduceLogSumExp", keep_dims=keep_dims)

    def construct(self, x):
        return ops.logsumexp(x, self.axis, self.keep_dims)


class CosineSimilarity(Cell):
    """``sum(x1 * x2) / max(norm(x1) * norm(x2), eps)`` over ``dim``.

    Args:
        dim: int, the axis of the vectors.  Default: 1.
        eps: float, keeps the division finite.  Default: 1e-8.

    Inputs:
        x1: Tensor of floats.
        x2: Tensor of floats that broadcasts with x1.

    Returns:
        Tensor of the shape of both without the axis ``dim``.

    Raises:
        ValueError: there is no such axis, or the shapes do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.CosineSimilarity()(Tensor([[3.0, 4.0]]), Tensor([[1.0, 0.0]])))
    [0.6]
    """

    def __init__(self, dim=1, eps=1e-08):
        super().__init__()
        self.dim, self.eps = dim, eps

    def construct(self, x1, x2):
        return ops.cosine_similarity(x1, x2, self.dim, self.eps)


def _lbeta(x, y):
    return ops.lgamma(x) + ops.lgamma(y) - ops.lgamma(x + y)


def _set_diagonal(x, diagonal):
    return ops.diagonal_scatter(x, diagonal, 0, -2, -1)


def _diagonal(x):
    return ops.diagonal(x, 0, -2, -1)


_FUNCTIONS = {
    "LGamma": (
        ops.lgamma,
        """``log |gamma(x)|`` of each element.

    Inputs:
        x: Tensor of floats, any shape.

    Returns:
        Tensor of the shape and dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.LGamma()(Tensor([4.0])))
    [1.7917595]
    """,
    ),
    "DiGamma": (
        ops.digamma,
        """The derivative of ``log gamma(x)``, of each element.

    Inputs:
        x: Tensor of floats, any shape.

    Returns:
        Tensor of the shape and dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.DiGamma()(Tensor([1.0])))
    [-0.5772157]
    """,
    ),
    "IGamma": (
        ops.igamma,
        """The regularised lower incomplete gamma function ``P(a, x)``.

    Inputs:
        a: Tensor of floats, not negative.
        x: Tensor of floats, not negative, that broadcasts with a.

    Returns:
        Tensor of the shape of both, in the dtype of a.

    >>> from minispore import Tensor, nn
    >>> print(nn.IGamma()(Tensor([1.0]), Tensor([1.0])))
    [0.63212055]
    """,
    ),
    "LBeta": (
        _lbeta,
        """The logarithm of the beta function: ``lgamma(x) + lgamma(y) - lgamma(x + y)``.

    Inputs:
        x: Tensor of floats.
        y: Tensor of floats that broadcasts with x.

    Returns:
        Tensor of the shape of both, in the dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.LBeta()(Tensor([1.0]), Tensor([2.0])))
    [-0.6931472]
    """,
    ),
    "MatInverse": (
        ops.inverse,
        """The inverses of square matrices.

    Inputs:
        x: Tensor of floats, shape (..., n, n).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        ValueError: x does not hold square matrices.

    >>> from minispore import Tensor, nn
    >>> print(nn.MatInverse()(Tensor([[2.0, 0.0], [0.0, 4.0]])))
    [[0.5  0.  ]
     [0.   0.25]]
    """,
    ),
    "MatDet": (
        ops.det,
        """The determinants of square matrices.

    Inputs:
        x: Tensor of floats, shape (..., n, n).

    Returns:
        Tensor of shape (...) and the dtype of x.

    Raises:
        ValueError: x does not hold square matrices.

    >>> from minispore import Tensor, nn
    >>> print(nn.MatDet()(Tensor([[2.0, 0.0], [0.0, 4.0]])))
    8.0
    """,
    ),
    "MatrixDiag": (
        ops.diag_embed,
        """Matrices with the given rows on their diagonals, zeros elsewhere.

    Inputs:
        x: Tensor of shape (..., n).

    Returns:
        Tensor of shape (..., n, n) and the dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.MatrixDiag()(Tensor([1, 2])))
    [[1 0]
     [0 2]]
    """,
    ),
    "MatrixDiagPart": (
        _diagonal,
        """The diagonals of matrices.

    Inputs:
        x: Tensor of shape (..., m, n).

    Returns:
        Tensor of shape (..., min(m, n)) and the dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.MatrixDiagPart()(Tensor([[1, 2], [3, 4]])))
    [1 4]
    """,
    ),
    "MatrixSetDiag": (
        _set_diagonal,
        """Matrices with other diagonals.

    Inputs:
        x: Tensor of shape (..., m, n).
        diagonal: Tensor of shape (..., min(m, n)) and the dtype of x.

    Returns:
        Tensor of the shape and dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.MatrixSetDiag()(Tensor([[1, 2], [3, 4]]), Tensor([8, 9])))
    [[8 2]
     [3 9]]
    """,
    ),
}


def _cell_of(name, function, text):
    """A Cell class without arguments that calls ``function``."""

    def construct(self, *inputs):
        return function(*inputs)

    return type(name, (Cell,), {"construct": construct, "__doc__": text, "__module__": __name__})


for _name, (_function, _text) in _FUNCTIONS.items():
    globals()[_name] = _cell_of(_name, _function, _text)

__all__ = ["CosineSimilarity", "MatMul", "Moments", "Range", "ReduceLogSumExp", *_FUNCTIONS]
