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
    """The numbers from ``start`` to ``limit`` (from 0 to ``start`` without it) in steps of ``delta``: int32 or
    float32."""

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
    """The matrix product, of operands that may be transposed (their last two axes) first."""

    def __init__(self, transpose_x1=False, transpose_x2=False):
        super().__init__()
        self.transpose_x1 = checks.boolean("MatMul", transpose_x1=transpose_x1)
        self.transpose_x2 = checks.boolean("MatMul", transpose_x2=transpose_x2)

    def construct(self, x1, x2):
        x1 = ops.swapaxes(x1, -1, -2) if self.transpose_x1 and x1.ndim > 1 else x1
        x2 = ops.swapaxes(x2, -1, -2) if self.transpose_x2 and x2.ndim > 1 else x2
        return ops.matmul(x1, x2)


class Moments(Cell):
    """(mean, biased variance) over ``axis`` (all axes by default)."""

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
    """``log(sum(exp(x)))`` over ``axis``, safe from overflow."""

    def __init__(self, axis, keep_dims=False):
        super().__init__()
        checks.instance("ReduceLogSumExp", (int, list, tuple), axis=axis)
        self.axis, self.keep_dims = axis, checks.boolean("ReduceLogSumExp", keep_dims=keep_dims)

    def construct(self, x):
        return ops.logsumexp(x, self.axis, self.keep_dims)


class CosineSimilarity(Cell):
    """``sum(x1 * x2) / max(norm(x1) * norm(x2), eps)`` over ``dim``."""

    def __init__(self, dim=1, eps=1e-08):
        super().__init__()
        self.dim, self.eps = dim, eps

    def construct(self, x1, x2):
        return ops.cosine_similarity(x1, x2, self.dim, self.eps)


def _lbeta(x, y):
    return ops.lgamma(x) + ops.lgamma(y) - ops.lgamma(x + y)


def _set_diagonal(x, diagonal):
    return ops.diagonal_scatter(x, diagonal, 0, -2, -1)


_FUNCTIONS = {
    "LGamma": (ops.lgamma, "The logarithm of the absolute value of the gamma function, of each element."),
    "DiGamma": (ops.digamma, "The derivative of ``lgamma``, of each element."),
    "IGamma": (ops.igamma, "The regularised lower incomplete gamma function ``P(a, x)``: inputs a and x, broadcast."),
    "LBeta": (_lbeta, "``lgamma(x) + lgamma(y) - lgamma(x + y)``: the logarithm of the beta function."),
    "MatInverse": (ops.inverse, "The inverses of the matrices (..., n, n)."),
    "MatDet": (ops.det, "The determinants (...) of the matrices (..., n, n)."),
    "MatrixDiag": (ops.diag_embed, "Matrices (..., n, n) with the rows of (..., n) on their diagonals."),
    "MatrixDiagPart": (lambda x: ops.diagonal(x, 0, -2, -1), "The diagonals (..., min(m, n)) of (..., m, n)."),
    "MatrixSetDiag": (_set_diagonal, "Matrices (..., m, n) with the second input, (..., min(m, n)), on the diagonal."),
}


def _cell_of(name, function, text):
    """A Cell class without arguments that calls ``function``."""

    def construct(self, *inputs):
        return function(*inputs)

    return type(name, (Cell,), {"construct": construct, "__doc__": text, "__module__": __name__})


for _name, (_function, _text) in _FUNCTIONS.items():
    globals()[_name] = _cell_of(_name, _function, _text)

__all__ = ["CosineSimilarity", "MatMul", "Moments", "Range", "ReduceLogSumExp", *_FUNCTIONS]
