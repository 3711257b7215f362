"""Primitives of sparse arrays: MindSpore's ``ops.operations.sparse_ops``, which its tests call and few scripts.

How many elements a result has depends on the values, so most are functions of NumPy arrays.  Sparse arrays come as (indices, values, shape),
or in batches of compressed rows: (shape, where each batch begins, where each row begins, columns, values).  ``TABLE`` has the form of
``ops/primitive_classes.py``.
"""

from typing import Any

import numpy as np

from .. import ops
from ..core import tree
from ..core.dtype import int64
from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops.custom_gradient import with_gradient
from ..ops.primitive_classes import _class, row
from ..ops.sparse_tensor import CSRTensor
from . import sparse

o: Any = ops


def on_values(function):
    """The call of a primitive by ``function(p, *arrays)``, whose results, arrays in any structure, become Tensors."""

    def call(p, *inputs):
        def array(x):
            return x.asnumpy() if isinstance(x, Tensor) else x

        given = [tuple(map(array, x)) if isinstance(x, (tuple, list)) else array(x) for x in inputs]
        return tree.map_leaves(
            lambda a: Tensor(a) if isinstance(a, (np.ndarray, np.generic)) else a, function(p, *given)
        )

    return call


def _sorted(indices, values=None):
    """In the order of the indices, of which the first counts most."""
    order = np.lexsort(indices.T[::-1]) if len(indices) else np.zeros(0, int)
    return (indices[order], order) if values is None else (indices[order], values[order])


def _merged(indices, values, combine=np.add):
    """Equal indices become one, sorted; their values are combined."""
    found, inverse = np.unique(indices, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    out = np.zeros(len(found), values.dtype)
    first = np.unique(inverse, return_index=True)[1]
    out[:] = values[first]
    rest = np.ones(len(values), bool)
    rest[first] = False
    combine.at(out, inverse[rest], values[rest])
    return found.astype(indices.dtype), out


# ---------------------------------------------------------------- compressed rows
def _rows_of(shape, batches, rows, columns, values):
    """(indices, values) of a batch of matrices in compressed rows."""
    height = int(shape[-2])
    count = 1 if len(shape) == 2 else int(shape[0])
    pointers = rows.reshape(count, height + 1)
    where = []
    for b in range(count):
        row_of = np.repeat(np.arange(height), np.diff(pointers[b]))
        columns_of = columns[batches[b] : batches[b + 1]]
        lead = [] if len(shape) == 2 else [np.full(len(row_of), b)]
        where.append(np.stack([*lead, row_of, columns_of], 1))
    return np.concatenate(where).astype(columns.dtype), values


def _compressed(indices, values, shape, dtype):
    """(shape, batches, rows, columns, values) of sorted elements."""
    shape = np.asarray(shape)
    count, height = (1 if len(shape) == 2 else int(shape[0])), int(shape[-2])
    batch = indices[:, 0] if len(shape) == 3 else np.zeros(len(indices), int)
    held = np.bincount(batch * height + indices[:, -2], minlength=count * height).reshape(count, height)
    rows = np.concatenate([np.zeros((count, 1), int), np.cumsum(held, 1)], 1)
    batches = np.concatenate([[0], np.cumsum(held.sum(1))])
    return tuple(a.astype(dtype) for a in (shape, batches, rows.reshape(-1), indices[:, -1])) + (values,)


def _dense_of(shape, *csr):
    indices, values = _rows_of(shape, *csr)
    out = np.zeros(tuple(shape), values.dtype)
    np.add.at(out, tuple(indices.T), values)
    return out


def _matrix_add(p, *inputs):
    first, second, (alpha, beta) = inputs[:5], inputs[5:10], inputs[10:]
    (i, u), (j, v) = _rows_of(*first), _rows_of(*second)
    indices, values = _merged(np.concatenate([i, j]), np.concatenate([u * alpha, v * beta]))
    return _compressed(indices, values.astype(u.dtype), first[0], first[0].dtype)


def _turned(x, transpose, adjoint):
    x = np.swapaxes(x, -1, -2) if transpose or adjoint else x
    return x.conj() if adjoint else x


def _matrix_dense(p, *inputs):
    made = _turned(_dense_of(*inputs[:5]), p.transpose_x1, p.adjoint_x1) @ _turned(
        inputs[5], p.transpose_x2, p.adjoint_x2
    )
    made = np.swapaxes(made, -1, -2) if p.transpose_output else made
    return made.conj() if p.conjugate_output else made


def _matrix_sparse(p, *inputs):
    first = _turned(_dense_of(*inputs[:5]), p.transpose_a, p.adjoint_a)
    second = _turned(_dense_of(*inputs[5:]), p.transpose_b, p.adjoint_b)
    held = (first != 0).astype(int) @ (second != 0).astype(int) > 0
    made = first @ second
    return _compressed(np.argwhere(held), made[held], made.shape, inputs[0].dtype)


def _matrix_transposed(p, shape, *csr):
    indices, values = _rows_of(shape, *csr)
    turned = np.concatenate([indices[:, :-2], indices[:, :-3:-1]], 1)
    indices, values = _sorted(turned, values.conj() if p.conjugate else values)
    return _compressed(indices, values, [*shape[:-2], shape[-1], shape[-2]], shape.dtype)


def _matrix_softmax(p, shape, *csr):
    indices, values = _rows_of(shape, *csr)
    return (shape, *csr[:3], _softmax_by(indices[:, :-1], values))


def _softmax_by(groups, values):
    if not len(values):
        return values
    group = np.unique(groups, axis=0, return_inverse=True)[1].reshape(-1)
    high = np.full(group.max() + 1, -np.inf, values.dtype)
    np.maximum.at(high, group, values)
    shifted = np.exp(values - high[group])
    total = np.zeros_like(high)
    np.add.at(total, group, shifted)
    return shifted / total[group]


def _nonzero_counts(p, shape, batches, *rest):
    return np.diff(batches).astype(np.int32)


# ---------------------------------------------------------------- sets
_SETS: dict[str, Any] = {
    "a-b": np.setdiff1d, "b-a": lambda a, b: np.setdiff1d(b, a), "intersection": np.intersect1d, "union": np.union1d,
}  # fmt: skip


def _set_operation(p, first, second, lead):
    """Of two functions from a group to its set."""
    if p.set_operation not in _SETS:
        raise fail(
            ValueError, f"For '{p.name}', 'set_operation' must be one of {sorted(_SETS)}, but got {p.set_operation!r}."
        )
    indices, values, longest = [], [], 0
    for place in np.ndindex(*lead):
        found = _SETS[p.set_operation](first(place), second(place))
        longest = max(longest, len(found))
        indices += [(*place, k) for k in range(len(found))]
        values.append(found)
    made = np.concatenate(values) if values else np.zeros(0)
    return np.array(indices, np.int64).reshape(-1, len(lead) + 1), made, np.array([*lead, longest], np.int64)


def _sets_of(indices, values):
    groups: dict = {}
    for place, value in zip(map(tuple, indices[:, :-1]), values):
        groups.setdefault(place, []).append(value)
    return lambda place: np.array(groups.get(place, []), values.dtype)


def _dense_sets(p, a, b):
    return _set_operation(p, lambda place: a[place], lambda place: b[place], a.shape[:-1])


def _dense_and_sparse_sets(p, a, indices, values, shape):
    return _set_operation(p, lambda place: a[place], _sets_of(indices, values), a.shape[:-1])


def _set_sizes(p, indices, values, shape):
    of = _sets_of(indices, values)
    return np.array([len(np.unique(of(place))) for place in np.ndindex(*shape[:-1])], np.int32).reshape(shape[:-1])


# ---------------------------------------------------------------- ragged arrays
def _ragged_to_sparse(p, splits, values):
    """Lists of lists, whose ends ``splits`` gives from the outermost inwards."""
    lists: list[tuple] = [(k,) for k in range(len(splits[0]) - 1)]
    shape = [len(lists)]
    for ends in splits:
        lengths = np.diff(ends)
        shape.append(int(lengths.max(initial=0)))
        lists = [(*place, k) for place, n in zip(lists, lengths) for k in range(n)]
    inner = values.shape[1:]
    indices = [(*place, *k) for place in lists for k in np.ndindex(*inner)]
    return (
        np.array(indices, np.int64).reshape(-1, len(shape) + len(inner)),
        values.reshape(-1),
        np.array([*shape, *inner], np.int64),
    )


def _ragged_to_dense(p, shape, values, default, partitions):
    kinds, parts = list(p.row_partition_types), list(partitions)
    if kinds[0] == "FIRST_DIM_SIZE":
        kinds, count = kinds[1:], int(np.reshape(parts.pop(0), -1)[0])
    else:
        count = len(parts[0]) - 1 if kinds[0] == "ROW_SPLITS" else int(parts[0].max(initial=-1)) + 1
    places: list[tuple] = [(k,) for k in range(count)]
    sizes = [count]
    for kind, part in zip(kinds, parts):
        lengths = np.diff(part) if kind == "ROW_SPLITS" else np.bincount(part, minlength=len(places))
        sizes.append(int(lengths.max(initial=0)))
        places = [(*place, k) for place, n in zip(places, lengths) for k in range(n)]
    wanted = [int(n) for n in np.reshape(shape, -1)]
    sizes = [*sizes, *values.shape[1:]]
    size = [n if w < 0 else w for n, w in zip(sizes, wanted)] if wanted else sizes
    out = np.broadcast_to(np.asarray(default, values.dtype), size).copy()
    for place, value in zip(places, values):
        if all(k < n for k, n in zip(place, size)):
            out[place] = value[tuple(slice(0, n) for n in size[len(place) :])] if value.ndim else value
    return out


# ---------------------------------------------------------------- indices, values, shape
def _add(p, i, u, shape, j, v, other, threshold):
    """Sums below the threshold go; what only one of them has stays."""
    both = np.concatenate([i, j])
    indices, values = _merged(both, np.concatenate([u, v]))
    alone = np.unique(both, axis=0, return_counts=True)[1] == 1
    kept = alone | (np.abs(values) >= np.reshape(threshold, -1)[0])
    return indices[kept], values[kept], shape


def _sparse_sum(p, i, u, shape, j, v, other, threshold):
    """``_add``; an element that is kept passes its gradient to those that it is the sum of."""
    indices, values, shape = on_values(_add)(p, i, u, shape, j, v, other, threshold)
    kept = {tuple(index): place for place, index in enumerate(indices.asnumpy())}
    places = [Tensor([kept.get(tuple(index), len(kept)) for index in x.asnumpy()], int64) for x in (i, j)]

    def gradient(needs, grads, inputs):
        padded = o.concat((grads[0], o.zeros((1,), grads[0].dtype)))
        return [None, *[o.gather(padded, place, 0) for place in places]]

    return indices, with_gradient(values, [u, v], gradient), shape


def _sparse_extremum(choose):
    """Where one has no element it is 0."""

    def call(p, i, u, shape, j, v, other):
        indices = np.unique(np.concatenate([i, j]), axis=0)
        a, b = ({tuple(k): w for k, w in zip(x, y)} for x, y in ((i, u), (j, v)))
        return indices.astype(i.dtype), np.array(
            [choose(a.get(tuple(k), 0), b.get(tuple(k), 0)) for k in indices], u.dtype
        )

    return call


def _concatenated(p, indices, values, shapes):
    axis = p.concat_dim
    moved, at = [], 0
    for where, shape in zip(indices, shapes):
        where = where.copy()
        where[:, axis] += at
        moved.append(where)
        at += shape[axis]
    shape = shapes[0].copy()
    shape[axis] = at
    return (*_sorted(np.concatenate(moved), np.concatenate(values)), shape)


def _split(p, axis, indices, values, shape):
    axis, n = int(np.reshape(axis, -1)[0]), p.num_split
    size = int(shape[axis])
    lengths = [size // n + (k < size % n) for k in range(n)]
    parts: tuple[list, list, list] = ([], [], [])
    at = 0
    for length in lengths:
        inside = (indices[:, axis] >= at) & (indices[:, axis] < at + length)
        where, part = indices[inside].copy(), shape.copy()
        where[:, axis] -= at
        part[axis] = length
        for kept, made in zip(parts, (where, values[inside], part)):
            kept.append(made)
        at += length
    return tuple(map(tuple, parts))


def _slice(p, indices, values, shape, start, size):
    size = np.where(size < 0, shape - start, size)
    inside = np.all((indices >= start) & (indices < start + size), 1)
    return indices[inside] - start, values[inside], np.minimum(size, np.maximum(shape - start, 0)).astype(shape.dtype)


def _slice_gradient(p, g, indices, start, kept):
    out = np.zeros(len(indices), g.dtype)
    place = {tuple(k + start): n for n, k in enumerate(kept)}
    for n, k in enumerate(map(tuple, indices)):
        if k in place:
            out[n] = g[place[k]]
    return out


def _reshaped(p, indices, shape, wanted):
    wanted = wanted.copy()
    if -1 in wanted:
        wanted[wanted == -1] = np.prod(shape) // -np.prod(wanted)
    flat = np.ravel_multi_index(tuple(indices.T), tuple(shape))
    return np.stack(np.unravel_index(flat, tuple(wanted)), 1).astype(indices.dtype).reshape(-1, len(wanted)), wanted


def _filled(p, indices, values, shape, default):
    rows = int(shape[0])
    empty = np.setdiff1d(np.arange(rows), indices[:, 0])
    where = np.zeros((len(empty), indices.shape[1]), indices.dtype)
    where[:, 0] = empty
    both = np.concatenate([indices, where])
    order = np.argsort(both[:, 0], kind="stable")
    every = np.concatenate([values, np.full(len(empty), np.reshape(default, -1)[0], values.dtype)])
    back = np.argsort(order, kind="stable")[: len(indices)]
    return both[order], every[order], np.isin(np.arange(rows), empty), back.astype(np.int64)


def _filled_gradient(p, back, g):
    rest = np.ones(len(g), bool)
    rest[back] = False
    return g[back], np.asarray(g[rest].sum(), g.dtype)


def _counted(p, indices, values, shape, weights):
    lead = shape[:-1] if len(shape) > 1 else []
    counts: dict = {}
    given = len(weights) > 0
    for n, (place, value) in enumerate(zip(indices, values)):
        if value < 0 or (p.maxlength >= 0 and value >= p.maxlength):
            continue
        key = (*place[:-1], int(value)) if len(shape) > 1 else (int(value),)
        counts[key] = 1 if p.binary_output else counts.get(key, 0) + (weights[n] if given else 1)
    top = max((k[-1] + 1 for k in counts), default=0)
    length = p.maxlength if p.maxlength >= 0 else max(top, p.minlength, 0)
    keys = sorted(counts)
    made = np.array([counts[k] for k in keys], weights.dtype if given or p.binary_output else np.int64)
    return (
        np.array(keys, np.int64).reshape(-1, len(lead) + 1),
        made.astype(weights.dtype),
        np.array([*lead, length], np.int64),
    )


def _cwise(combine):
    """The elements of a sparse array with those of a dense one, which is broadcast to it."""

    def call(p, indices, values, shape, dense):
        sizes = tuple(int(n) for n in _static(shape))
        wide = o.broadcast_to(dense, sizes)
        return combine(values, o.gather_nd(wide, indices))

    return call


def _static(x):
    return x.asnumpy().tolist() if isinstance(x, Tensor) else list(x)


def _dense(indices, values, shape):
    return o.tensor_scatter_add(o.zeros(tuple(int(n) for n in _static(shape)), values.dtype), indices, values)


def _sparse_dense_product(p, indices, values, shape, dense):
    x = _dense(indices, values, shape)
    x = o.swapaxes(x, -1, -2) if p.adjoint_st else x
    return o.matmul(x, o.swapaxes(dense, -1, -2) if p.adjoint_dt else dense)


def _sspaddmm(p, i, u, shape, j, v, other, dense, alpha, beta):
    """``beta`` of the first and ``alpha`` of the product of the second with a dense one: a row for each of its elements."""
    alpha, beta = np.reshape(alpha, -1)[0], np.reshape(beta, -1)[0]
    indices, values = [i], [u * beta]
    for (r, c), value in zip(j.T, v):
        indices.append(np.stack([np.full(dense.shape[1], r), np.arange(dense.shape[1])]))
        values.append(dense[c] * value * alpha)
    return np.concatenate(indices, 1).astype(i.dtype), np.concatenate(values).astype(u.dtype), shape


def _to_dense(p, indices, shape, values, default):
    indices = o.reshape(indices, (-1, 1)) if indices.ndim < 2 else indices
    out = o.full(tuple(int(n) for n in _static(shape)), default.astype(values.dtype).item(), dtype=values.dtype)
    given = o.broadcast_to(values, (indices.shape[0],)) if values.ndim == 0 else values
    return o.tensor_scatter_update(out, indices, given)


# ---------------------------------------------------------------- sums of segments of chosen rows
def _chosen_segments(scale, counted: bool):
    def call(p, x, indices, segments, count=None):
        n = int(count) if counted else int(segments[-1]) + 1
        total = o.unsorted_segment_sum(o.gather(x, indices, 0), segments, n)
        if scale is None:
            return total
        held = o.clamp(o.unsorted_segment_sum(o.ones_like(segments), segments, n), 1).astype(x.dtype)
        return total / o.reshape(scale(held), (-1, *(1,) * (x.ndim - 1)))

    return call


def _chosen_gradient(scale):
    def call(p, g, indices, segments, rows):
        held = o.clamp(o.unsorted_segment_sum(o.ones_like(segments), segments, g.shape[0]), 1).astype(g.dtype)
        seen = g if scale is None else g / o.reshape(scale(held), (-1, *(1,) * (g.ndim - 1)))
        return o.unsorted_segment_sum(o.gather(seen, segments, 0), indices, int(rows))

    return call


def _compressed_rows(function):
    """A primitive of the parts of a ``CSRTensor`` and one more input."""
    return row(lambda p, rows, columns, values, shape, other: function(CSRTensor(rows, columns, values, shape), other))


_SCALES: dict = {"Sum": None, "Mean": lambda n: n, "SqrtN": lambda n: o.sqrt(n)}
_CSR_FLAGS = {"transpose_x1": False, "transpose_x2": False, "adjoint_x1": False, "adjoint_x2": False}
# fmt: off
TABLE: dict = {
    "CSRSparseMatrixToDense": row(on_values(lambda p, *csr: _dense_of(*csr))),
    "CSRSparseMatrixToSparseTensor": row(on_values(lambda p, shape, *csr: (*_rows_of(shape, *csr), shape))),
    "DenseToCSRSparseMatrix": row(on_values(
        lambda p, x, indices: _compressed(indices, x[tuple(indices.T)], x.shape, indices.dtype))),
    "SparseTensorToCSRSparseMatrix": row(on_values(
        lambda p, indices, values, shape: _compressed(indices, values, shape, indices.dtype))),
    "SparseMatrixAdd": row(on_values(_matrix_add)), "SparseMatrixNNZ": row(on_values(_nonzero_counts)),
    "SparseMatrixMatMul": row(on_values(_matrix_dense), **_CSR_FLAGS, transpose_output=False, conjugate_output=False),
    "SparseMatrixSparseMatMul": row(on_values(_matrix_sparse), transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False),
    "SparseMatrixTranspose": row(on_values(_matrix_transposed), conjugate=False),
    "SparseMatrixSoftmax": row(on_values(_matrix_softmax), dtype=...),
    "DenseToDenseSetOperation": row(on_values(_dense_sets), set_operation="a-b", validate_indices=True),
    "DenseToSparseSetOperation": row(on_values(_dense_and_sparse_sets), set_operation="", validate_indices=True),
    "SetSize": row(on_values(_set_sizes), validate_indices=True),
    "RaggedTensorToSparse": row(on_values(_ragged_to_sparse), Tsplits=...),
    "RaggedTensorToTensor": row(on_values(_ragged_to_dense), row_partition_types=...),
    "SparseAdd": row(_sparse_sum),
    "SparseAddmm": row(lambda p, i, v, s, x2, x3, alpha, beta: o.matmul(_dense(i, v, s), x2) * alpha + x3 * beta),
    "Sspaddmm": row(on_values(_sspaddmm)),
    "SparseConcat": row(on_values(_concatenated), concat_dim=0), "SparseSplit": row(on_values(_split), num_split=1),
    "SparseCountSparseOutput": row(on_values(_counted), binary_output=False, minlength=-1, maxlength=-1),
    "SparseDenseCwiseAdd": row(_cwise(lambda a, b: a + b)), "SparseDenseCwiseMul": row(_cwise(lambda a, b: a * b)),
    "SparseDenseCwiseDiv": row(_cwise(lambda a, b: o.operations.RealDiv()(a, b))),
    "SparseFillEmptyRows": row(on_values(_filled)), "SparseFillEmptyRowsGrad": row(on_values(_filled_gradient)),
    "SparseReorder": row(on_values(lambda p, indices, values, shape: _sorted(indices, values))),
    "SparseReshape": row(on_values(_reshaped)),
    "SparseSlice": row(on_values(_slice)), "SparseSliceGrad": row(on_values(_slice_gradient)),
    "SparseSoftmax": row(on_values(lambda p, indices, values, shape: _softmax_by(indices[:, :-1], values))),
    "SparseSparseMaximum": row(on_values(_sparse_extremum(max))), "SparseSparseMinimum": row(on_values(_sparse_extremum(min))),
    "SparseTensorDenseAdd": row(lambda p, indices, values, shape, x: o.tensor_scatter_add(x, indices, values)),
    "SparseTensorDenseMatmul": row(_sparse_dense_product, adjoint_st=False, adjoint_dt=False),
    "SparseToDenseV2": row(_to_dense, validate_indices=True),
    **{f"SparseSegment{name}{more}": row(_chosen_segments(scale, bool(more))) for name, scale in _SCALES.items()
       for more in ("", "WithNumSegments")},
    **{f"SparseSegment{name}Grad": row(_chosen_gradient(scale)) for name, scale in _SCALES.items()},
    **{name: _compressed_rows(function) for name, function in (
        ("CSRMV", sparse.csr_mv), ("CSRMM", lambda x, dense: x.mm(dense)), ("CSRMul", lambda x, y: sparse.csr_mul(x, y).values),
        ("CSRDiv", lambda x, y: sparse.csr_div(x, y).values), ("CSRReduceSum", sparse.csr_reduce_sum))},
    "CSRGather": row(lambda p, *inputs: sparse.csr_gather(*inputs)), "COO2CSR": row(lambda p, *inputs: sparse.coo2csr(*inputs)),
    "CSR2COO": row(lambda p, *inputs: sparse.csr2coo(*inputs)),
    "Coalesce": row(on_values(lambda p, indices, values, shape: (*_by_columns(indices, values), shape))),
}
# fmt: on


def _by_columns(indices, values):
    where, made = _merged(indices.T, values)
    return np.ascontiguousarray(where.T), made


globals().update({name: _class(name, entry) for name, entry in TABLE.items()})
__all__ = sorted(TABLE)
