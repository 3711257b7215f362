"""MindSpore's modules ``scipy.ops`` and ``scipy.utils``, as far as its tests call them."""

from typing import Any

from .. import ops
from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops.primitive_classes import _class, row
from ..scipy import linalg, optimize

o: Any = ops


def _eigen(p, a):
    values, vectors = o.eig(a)
    return values, vectors if p.compute_v else o.zeros((), values.dtype)


def _lu(p, a):
    """The factors in one matrix, the pivots, and the permutation as a matrix."""
    factors, pivots = linalg.lu_factor(a)
    return factors, pivots, linalg.lu(a)[0].astype("int32").swapaxes(-1, -2)


def _qr(p, a):
    """The factors; "r" has those of "full", as MindSpore's kernel."""
    return o.qr(a, "reduced" if p.mode == "economic" else "complete")


TABLE: dict = {
    "SolveTriangular": row(
        lambda p, a, b: linalg.solve_triangular(a, b, p.trans, p.lower, p.unit_diagonal),
        lower=False, unit_diagonal=False, trans="N"),
    "Eig": row(_eigen, compute_v=True), "LU": row(_lu),
    "LinearSumAssignment": row(
        lambda p, cost, limit, maximize: optimize.linear_sum_assignment(cost, bool(maximize), limit)),
}  # fmt: skip
globals().update({name: _class(name, entry) for name, entry in TABLE.items()})
# kernels by the names of which users have classes of their own
KERNELS = {"QR": _class("QR", row(_qr, mode="full")), "LU": _class("LU", TABLE["LU"])}


def _norm(x, ord_=None):
    """The length of a vector; with infinity as ``ord_`` its largest magnitude."""
    return o.max(o.abs(x)) if ord_ == float("inf") else o.sqrt(o.sum(o.square(x)))


def _safe_normalize(x, threshold=None):
    """(a vector of the length 1 in the direction of ``x``, its length); zeros where it is not longer than ``threshold``."""
    length = _norm(x)
    least = float(o.eps(x)[(0,) * x.ndim]) if threshold is None else threshold
    long = length > least
    return o.where(long, x / length, o.zeros_like(x)), o.where(long, length, o.zeros_like(length))


def _nd_transpose(a):
    """The last two axes exchanged."""
    if a.ndim < 2:
        raise fail(ValueError, f"For '_nd_transpose', two axes are needed, but got the shape {a.shape}.")
    return o.swapaxes(a, -1, -2)


def _to_scalar(x):
    """The number that a 0-d Tensor holds; numbers and other Tensors as they are."""
    return x.item() if isinstance(x, Tensor) and x.ndim == 0 else x
