"""Functions of ``ops`` on sparse tensors: those of their values in a table, products and forms.

``minispore.ops`` finds them here when they are first asked for (``BEHIND`` in ``surface/__init__.py``).
"""

from typing import Any

import numpy as np

from .. import ops
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import to
from ..core.tensor import Tensor
from ..ops.sparse import RowTensor
from ..ops.sparse_tensor import COOTensor, CSRTensor

o: Any = ops  # functions that modules of ops put there by name


def _of_values(name: str, function):
    def applied(x):
        return x.with_values(function(x.values))

    applied.__name__ = applied.__qualname__ = name
    applied.__doc__ = (
        f"``{getattr(function, '__name__', name)}`` of the values of a sparse tensor, whose other elements stay 0."
    )
    return applied


_FUNCTIONS = {
    name: getattr(ops, name)
    for name in "abs acos acosh asin asinh atan atanh ceil cos cosh exp expm1 floor inv isfinite isinf isnan log log1p neg relu relu6 "
    "round sigmoid sin sinh softsign sqrt square tan tanh".split()
}  # fmt: skip
TABLE = {f"{form}_{name}": _of_values(f"{form}_{name}", f) for form in ("coo", "csr") for name, f in _FUNCTIONS.items()}
globals().update(TABLE)


# ---------------------------------------------------------------- forms
def csr_to_dense(csr_tensor):
    """The CSRTensor as a dense Tensor."""
    return csr_tensor.to_dense()


def csr_to_coo(tensor):
    """The CSRTensor as a COOTensor."""
    return tensor.to_coo()


def dense_to_sparse_coo(tensor):
    """The elements that are not 0, as a COOTensor."""
    return tensor.to_coo()


def dense_to_sparse_csr(tensor):
    """The elements of a matrix that are not 0, as a CSRTensor."""
    return tensor.to_csr()


def csr2coo(indptr, nnz):
    """The row of each of ``nnz`` values, from where each row begins."""
    return to(o.searchsorted(indptr, o.arange(nnz).astype(indptr.dtype), right=True) - 1, indptr.dtype)


def coo2csr(row_indices, height):
    """Where each of ``height`` rows begins, and the number of values, from the row of each value."""
    places = o.arange(height + 1).astype(row_indices.dtype)
    return to(o.searchsorted(row_indices, places), row_indices.dtype)


def make_row_tensor(indices, values, dense_shape):
    """``RowTensor``."""
    return RowTensor(indices, values, dense_shape)


def make_coo_tensor(indices, values, dense_shape):
    """``COOTensor``."""
    return COOTensor(indices, values, dense_shape)


def make_csr_tensor(indptr, indices, values, dense_shape):
    """``CSRTensor``."""
    return CSRTensor(indptr, indices, values, dense_shape)


def _field(prefix: str, name: str, attribute: str):
    def get(tensor):
        return getattr(tensor, attribute)

    get.__name__ = get.__qualname__ = f"{prefix}_get_{name}"
    get.__doc__ = f"The attribute ``{attribute}`` of a sparse tensor."
    return get


GETTERS = {
    f"{prefix}_get_{name}": _field(prefix, name, "shape" if name == "dense_shape" else name)
    for prefix, names in (("coo_tensor", ("indices", "values", "dense_shape")), ("row_tensor", ("indices", "values", "dense_shape")),
                          ("csr_tensor", ("indptr", "indices", "values", "dense_shape")))
    for name in names
}  # fmt: skip
globals().update(GETTERS)


# ---------------------------------------------------------------- arithmetic
def csr_mv(csr_tensor, dense):
    """The product with a dense column (columns, 1)."""
    return csr_tensor.mv(dense)


def csr_mul(x, y):
    """The values times those that the dense ``y``, which broadcasts, has in their places."""
    return x * o.broadcast_to(y, x.shape)


def csr_div(x, y):
    """The values by those that the dense ``y``, which broadcasts, has in their places."""
    return x * (1.0 / o.broadcast_to(y, x.shape))


def csr_gather(indptr, indices, dense, sparse_shape):
    """The elements of ``dense`` in the places of a CSRTensor."""
    ones = CSRTensor(indptr, indices, o.ones((*indices.shape, *sparse_shape[2:]), dense.dtype), tuple(sparse_shape))
    return (ones * o.broadcast_to(dense, tuple(sparse_shape))).values


def csr_reduce_sum(csr_tensor, axis):
    """The sums of the rows (axis 1), of shape (rows, 1), or of the columns (axis 0)."""
    return csr_tensor.sum(axis)


def csr_softmax(logits, dtype=float32):
    """The softmax of the values of each row."""
    rows, n = logits.to_coo().indices[:, 0], logits.shape[0]
    values = to(logits.values, dtype)
    raised = o.exp(values - o.gather(o.unsorted_segment_max(values, rows, n), rows, 0))
    return logits.with_values(raised / o.gather(o.unsorted_segment_sum(raised, rows, n), rows, 0))


def csr_add(a, b, alpha, beta):
    """``alpha * a + beta * b`` of two CSRTensors, with the elements that one of them has."""
    flat = [o.reshape(x.to_coo().indices, (-1, 2)).asnumpy() for x in (a, b)]
    places = np.unique(np.concatenate([k[:, 0] * a.shape[1] + k[:, 1] for k in flat]))
    total = a.to_dense() * alpha + b.to_dense() * beta
    rows, columns = np.divmod(places, a.shape[1])
    kind = a.indptr.dtype.np
    begins = np.searchsorted(rows, np.arange(a.shape[0] + 1)).astype(kind)
    values = o.gather(o.reshape(total, (-1,)), Tensor(places.astype(np.int64)), 0)
    return CSRTensor(Tensor(begins), Tensor(columns.astype(kind)), values, a.shape)


def coo_add(x1, x2, thresh):
    """The sum of two COOTensors, with the elements that one of them has; what both have is left out where the sum is smaller than ``thresh``."""
    least = thresh.astype(x1.values.dtype).asnumpy()
    indices = np.concatenate([x.indices.asnumpy() for x in (x1, x2)])
    places, which, counts = np.unique(indices, axis=0, return_inverse=True, return_counts=True)
    values = o.unsorted_segment_sum(o.concat((x1.values, x2.values)), Tensor(which.reshape(-1)), len(places))
    (kept,) = np.nonzero((counts == 1) | (np.abs(values.asnumpy()) >= least))
    return COOTensor(Tensor(places[kept]), o.gather(values, Tensor(kept), 0), x1.shape)


def coo_concat(sp_input, concat_dim=0):
    """COOTensors joined along an axis, with their elements in the order of their places."""
    if len(sp_input) < 2:
        raise fail(ValueError, f"For 'coo_concat', two COOTensors at least are needed, but got {len(sp_input)}.")
    shapes = [x.shape for x in sp_input]
    if not -len(shapes[0]) <= concat_dim < len(shapes[0]):
        raise fail(
            IndexError, f"For 'coo_concat', 'concat_dim' is out of range for {len(shapes[0])} axes: {concat_dim}."
        )
    axis = concat_dim % len(shapes[0])
    if len({s[:axis] + s[axis + 1 :] for s in shapes}) > 1:
        raise fail(RuntimeError, f"For 'coo_concat', the shapes {shapes} differ in other axes than {concat_dim}.")
    begins = np.cumsum([0, *(s[axis] for s in shapes)])
    parts = [x.indices.asnumpy().copy() for x in sp_input]
    for part, begin in zip(parts, begins):
        part[:, axis] += begin
    indices, values = np.concatenate(parts), o.concat([x.values for x in sp_input])
    order = np.lexsort(indices.T[::-1])
    whole = (*shapes[0][:axis], int(begins[-1]), *shapes[0][axis + 1 :])
    return COOTensor(Tensor(indices[order]), o.gather(values, Tensor(order), 0), whole)


__all__ = sorted(
    {
        *TABLE,
        *GETTERS,
        *(n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and n[0] != "_"),
    }
)
