"""Scatter: Tensors and Parameters changed at positions that another Tensor gives; segments and masks."""

import math

import numpy as np

from ..core.dtype import int64
from ..core.errors import fail
from ..core.op import as_tensor, literal, to
from ..core.tensor import Tensor
from .effects import assign, check_bounds
from .elementwise import div, neg, select
from .methods import method
from .movement import axis_of, broadcast_to, expand_dims, reshape, shape_of, slice_along, slice_update, zeros_of
from .rows import (
    add_rows,
    blocks,
    checked_index,
    index_of,
    int_axis,
    lookup,
    nd_rows,
    same_type,
    scatter_elements,
    scatter_rows,
)


# ---------------------------------------------------------------- scatter: new Tensors
def _scatter_slices(name, mode, input_x, indices, updates):
    x, indices, updates = as_tensor(input_x), index_of(name, indices), as_tensor(updates)
    same_type(name, x, updates)
    flat, n, inner = nd_rows(name, x.shape, indices)
    wanted = indices.shape[:-1] + x.shape[indices.shape[-1] :]
    if updates.shape != wanted:
        raise fail(ValueError, f"For '{name}', the updates must have the shape {wanted}, but got {updates.shape}.")
    out = scatter_rows(reshape(x, (1, n, inner)), flat, reshape(updates, (1, flat.size, inner)), mode)
    return reshape(out, x.shape)


def tensor_scatter_update(input_x, indices, updates):
    """``input_x`` with the slices that ``indices`` (..., k) names replaced; of repeated ones the last counts.

    >>> import minispore as ms
    >>> print(tensor_scatter_update(ms.Tensor([1, 2, 3]), ms.Tensor([[0], [2]]), ms.Tensor([7, 9])))
    [7 2 9]
    """
    return _scatter_slices("TensorScatterUpdate", "set", input_x, indices, updates)


def tensor_scatter_add(input_x, indices, updates):
    """``input_x`` with ``updates`` added to the slices that ``indices`` (..., k) names."""
    return _scatter_slices("TensorScatterAdd", "add", input_x, indices, updates)


def tensor_scatter_sub(input_x, indices, updates):
    """``input_x`` with ``updates`` subtracted from the slices that ``indices`` (..., k) names."""
    return _scatter_slices("TensorScatterSub", "add", input_x, indices, neg(as_tensor(updates)))


def tensor_scatter_min(input_x, indices, updates):
    """The minimum of the slices of ``input_x`` that ``indices`` (..., k) names and ``updates``."""
    return _scatter_slices("TensorScatterMin", "min", input_x, indices, updates)


def tensor_scatter_max(input_x, indices, updates):
    """The maximum of the slices of ``input_x`` that ``indices`` (..., k) names and ``updates``."""
    return _scatter_slices("TensorScatterMax", "max", input_x, indices, updates)


def tensor_scatter_mul(input_x, indices, updates):
    """``input_x`` with the slices that ``indices`` (..., k) names multiplied by ``updates``."""
    return _scatter_slices("TensorScatterMul", "mul", input_x, indices, updates)


def tensor_scatter_div(input_x, indices, updates):
    """``input_x`` with the slices that ``indices`` (..., k) names divided by ``updates``."""
    return _scatter_slices("TensorScatterDiv", "div", input_x, indices, updates)


def tensor_scatter_elements(input_x, indices, updates, axis=0, reduction="none"):
    """``out[indices[i][j]][j] = updates[i][j]`` for axis 0, and so on; ``reduction="add"`` adds.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2, 3], [4, 5, 6]])
    >>> print(tensor_scatter_elements(x, ms.Tensor([[0, 2]]), ms.Tensor([[7, 9]]), 1))
    [[7 2 9]
     [4 5 6]]
    """
    name = "TensorScatterElements"
    x, index, update = as_tensor(input_x), index_of(name, indices), as_tensor(updates)
    if reduction not in ("none", "add"):
        raise fail(ValueError, f"For '{name}', 'reduction' must be 'none' or 'add', but got {reduction!r}.")
    same_type(name, x, update)
    if update.shape != index.shape:
        raise fail(
            ValueError,
            f"For '{name}', the updates must have the shape of the indices, {index.shape}, but got {update.shape}.",
        )
    return scatter_elements(
        name, x, index, update, int_axis(name, x.ndim, axis), "set" if reduction == "none" else "add"
    )


def scatter(input, axis, index, src):
    """``input`` with ``out[index[i][j]][j] = src[i][j]`` for axis 0, and so on; ``src``: a Tensor or a number."""
    return _scatter_along(input, axis, index, src, "set")


def _scatter_along(x, axis, index, src, mode):
    if isinstance(src, Tensor):
        same_type("scatter", x, src)
        if src.ndim != index.ndim or any(d < n for d, n in zip(src.shape, index.shape)):
            raise fail(
                ValueError,
                f"For 'scatter', 'src' must be as large as 'index', but got the shapes {src.shape} and {index.shape}.",
            )
    else:
        src = broadcast_to(literal(src, x.dtype), index.shape)
    return scatter_elements("scatter", x, index, src, int_axis("scatter", x.ndim, axis), mode)


def scatter_nd(indices, updates, shape):
    """Zeros of ``shape`` with ``updates`` added to the slices that ``indices`` (..., k) names."""
    indices, updates, shape = index_of("ScatterNd", indices), as_tensor(updates), shape_of(shape)
    flat, n, inner = nd_rows("ScatterNd", shape, indices)
    wanted = indices.shape[:-1] + shape[indices.shape[-1] :]
    if updates.shape != wanted:
        raise fail(ValueError, f"For 'ScatterNd', the updates must have the shape {wanted}, but got {updates.shape}.")
    return reshape(add_rows(reshape(updates, (1, flat.size, inner)), flat, n), shape)


def _segments(name, x, segment_ids, num_segments, mode, start):
    """Slices of ``x`` combined by their segment; those of a negative segment are left out."""
    ids, n = index_of(name, segment_ids), int(num_segments)
    if ids.shape != x.shape[: ids.ndim]:
        raise fail(
            ValueError,
            f"For '{name}', 'segment_ids' must have the first axes of the input, but got {ids.shape} for {x.shape}.",
        )
    if n <= 0:
        raise fail(ValueError, f"For '{name}', 'num_segments' must be positive, but got {num_segments}.")
    out_shape = (n, *x.shape[ids.ndim :])
    rows = reshape(x, (1, ids.size, math.prod(out_shape[1:])))
    kept = to(ids, int64) >= 0
    index = reshape(select(kept, check_bounds(select(kept, ids, 0), n, name), n), (-1,))
    if mode == "add":
        out = add_rows(rows, index, n + 1)
    else:
        out = scatter_rows(broadcast_to(literal(start, x.dtype), (1, n + 1, rows.shape[2])), index, rows, mode)
    return reshape(slice_along(out, 1, 0, n), out_shape)


def unsorted_segment_sum(input_x, segment_ids, num_segments):
    """Sums of the slices of ``input_x`` with equal ``segment_ids``; negative ids are left out.

    >>> import minispore as ms
    >>> print(unsorted_segment_sum(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 2, 0]), 3))
    [5. 0. 2.]
    """
    return _segments("UnsortedSegmentSum", input_x, segment_ids, num_segments, "add", 0)


def _limits(dtype):
    """The smallest and the largest finite number of a type."""
    if dtype.is_int:
        return np.iinfo(dtype.np).min, np.iinfo(dtype.np).max
    largest = float(np.finfo(dtype.np if dtype.name in ("float16", "float64") else np.float32).max)
    return -largest, largest


@method("unsorted_segment_min")
def unsorted_segment_min(x, segment_ids, num_segments):
    """Minima of the slices of ``x`` with equal ``segment_ids``; an empty segment has the largest number."""
    return _segments("UnsortedSegmentMin", x, segment_ids, num_segments, "min", _limits(x.dtype)[1])


@method("unsorted_segment_max")
def unsorted_segment_max(x, segment_ids, num_segments):
    """Maxima of the slices of ``x`` with equal ``segment_ids``; an empty segment has the smallest number."""
    return _segments("UnsortedSegmentMax", x, segment_ids, num_segments, "max", _limits(x.dtype)[0])


@method("unsorted_segment_prod")
def unsorted_segment_prod(x, segment_ids, num_segments):
    """Products of the slices of ``x`` with equal ``segment_ids``; an empty segment has 1."""
    return _segments("UnsortedSegmentProd", x, segment_ids, num_segments, "mul", 1)


# ---------------------------------------------------------------- scatter: into Parameters
def _along_first(name, x, indices, updates, mode):
    """``x`` with x[indices] combined with ``updates``, of shape indices.shape + x.shape[1:]."""
    indices, updates = index_of(name, indices), as_tensor(updates)
    same_type(name, x, updates)
    wanted = indices.shape + x.shape[1:]
    if updates.shape != wanted:
        raise fail(ValueError, f"For '{name}', the updates must have the shape {wanted}, but got {updates.shape}.")
    index = reshape(checked_index(name, indices, x.shape[0]), (-1,))
    rows = blocks(x, 0)
    return reshape(scatter_rows(rows, index, reshape(updates, (1, index.size, rows.shape[2])), mode), x.shape)


def scatter_update(input_x, indices, updates):
    """``input_x[indices] = updates`` for a Parameter; returns its new value."""
    return assign(input_x, _along_first("ScatterUpdate", input_x, indices, updates, "set"))


def scatter_add(input_x, indices, updates):
    """``input_x[indices] += updates`` for a Parameter, repeated indices adding up; returns its new value."""
    return assign(input_x, _along_first("ScatterAdd", input_x, indices, updates, "add"))


def scatter_sub(input_x, indices, updates):
    """``input_x[indices] -= updates`` for a Parameter; returns its new value."""
    return assign(input_x, _along_first("ScatterSub", input_x, indices, neg(as_tensor(updates)), "add"))


def scatter_min(input_x, indices, updates):
    """``input_x[indices] = min(input_x[indices], updates)`` for a Parameter; returns its new value."""
    return assign(input_x, _along_first("ScatterMin", input_x, indices, updates, "min"))


def scatter_max(input_x, indices, updates):
    """``input_x[indices] = max(input_x[indices], updates)`` for a Parameter; returns its new value."""
    return assign(input_x, _along_first("ScatterMax", input_x, indices, updates, "max"))


def scatter_mul(input_x, indices, updates):
    """``input_x[indices] *= updates`` for a Parameter; returns its new value."""
    return assign(input_x, _along_first("ScatterMul", input_x, indices, updates, "mul"))


def scatter_div(input_x, indices, updates):
    """``input_x[indices] /= updates`` for a Parameter; returns its new value."""
    return assign(input_x, _along_first("ScatterDiv", input_x, indices, updates, "div"))


def _nd_into(name, function):
    def scatter(input_x, indices, updates, use_locking=False):
        return assign(input_x, function(input_x, indices, updates))

    scatter.__name__ = scatter.__qualname__ = name
    scatter.__doc__ = f"``{function.__name__}`` in place, for a Parameter; returns its new value."
    return scatter


scatter_nd_update = _nd_into("scatter_nd_update", tensor_scatter_update)
scatter_nd_add = _nd_into("scatter_nd_add", tensor_scatter_add)
scatter_nd_sub = _nd_into("scatter_nd_sub", tensor_scatter_sub)
scatter_nd_min = _nd_into("scatter_nd_min", tensor_scatter_min)
scatter_nd_max = _nd_into("scatter_nd_max", tensor_scatter_max)
scatter_nd_mul = _nd_into("scatter_nd_mul", tensor_scatter_mul)
scatter_nd_div = _nd_into("scatter_nd_div", tensor_scatter_div)


# ---------------------------------------------------------------- slices along an axis, masks
def _add_along(name, x, indices, y, axis):
    index, y = index_of(name, indices), as_tensor(y)
    a = int_axis(name, x.ndim, axis)
    same_type(name, x, y)
    wanted = x.shape[:a] + index.shape + x.shape[a + 1 :]
    if index.ndim != 1 or y.shape != wanted:
        raise fail(
            ValueError,
            f"For '{name}', a 1-d index and values of shape {wanted} are needed, but got {index.shape} and {y.shape}.",
        )
    flat = checked_index(name, index, x.shape[a])
    return reshape(scatter_rows(blocks(x, a), flat, blocks(y, a), "add"), x.shape)


def index_add(x, indices, y, axis, use_lock=True, check_index_bound=True):
    """``x`` with ``y`` added to its slices ``indices`` along ``axis``; a Parameter takes the new value."""
    new = _add_along("IndexAdd", x, indices, y, axis)
    return assign(x, new) if x.is_parameter else new


def inplace_index_add(var, indices, updates, axis):
    """``var`` with ``updates`` added to its slices ``indices`` along ``axis``; a Parameter takes the new value."""
    return index_add(var, indices, updates, axis)


@method("index_fill")
def index_fill(x, axis, index, value):
    """``x`` with its slices ``index`` along ``axis`` all ``value`` (a number or a 0-d Tensor)."""
    index = index_of("IndexFill", index)
    a = int_axis("IndexFill", x.ndim, axis)
    flat = reshape(checked_index("IndexFill", index, x.shape[a], negative=True), (-1,))
    rows = blocks(x, a)
    v = broadcast_to(_scalar("IndexFill", value, x.dtype), (rows.shape[0], index.size, rows.shape[2]))
    return reshape(scatter_rows(rows, flat, v, "set"), x.shape)


def _scalar(name, value, dtype):
    if not isinstance(value, Tensor):
        return literal(value, dtype)
    if value.size != 1:
        raise fail(
            ValueError,
            f"For '{name}', 'value' must be a number or a Tensor of one element, but got the shape {value.shape}.",
        )
    return to(reshape(value, ()), dtype)


@method("masked_fill")
def masked_fill(input_x, mask, value):
    """``input_x`` with ``value`` (a number or a 0-d Tensor) where ``mask`` holds; the two broadcast.

    >>> import minispore as ms
    >>> print(masked_fill(ms.Tensor([1.0, 2.0]), ms.Tensor([True, False]), 0.5))
    [0.5 2. ]
    """
    x = as_tensor(input_x)
    return select(_mask("MaskedFill", mask), _scalar("MaskedFill", value, x.dtype), x)


def _mask(name, mask):
    if not isinstance(mask, Tensor) or mask.dtype.name != "bool":
        raise fail(
            TypeError,
            f"For '{name}', 'mask' must be a bool Tensor, but got {getattr(mask, 'dtype', type(mask).__name__)}.",
        )
    return mask


@method("masked_scatter")
def masked_scatter(input, mask, source):
    """``input`` with the elements where ``mask`` holds replaced by those of ``source``, one after the other."""
    from .cumulative import cumsum

    keep = broadcast_to(_mask("MaskedScatter", mask), input.shape)
    same_type("MaskedScatter", input, source)
    if source.size == 0:
        return input
    order = cumsum(to(reshape(keep, (-1,)), int64), 0) - 1
    index = select(reshape(keep, (-1,)), order, 0)
    values = lookup(reshape(source, (-1,)), index, 0, "MaskedScatter")
    return select(keep, reshape(values, input.shape), input)


def _inplace_rows(name, x, v, indices, mode):
    index = as_tensor(indices if isinstance(indices, Tensor) else np.asarray(indices).reshape(-1).astype(np.int64))
    v = as_tensor(v)
    wanted = (index.size, *x.shape[1:])
    if v.shape != wanted:
        raise fail(ValueError, f"For '{name}', 'v' must have the shape {wanted}, but got {v.shape}.")
    flat = checked_index(name, reshape(index, (-1,)), x.shape[0])
    return reshape(scatter_rows(blocks(x, 0), flat, blocks(same_type(name, x, v), 0), mode), x.shape)


@method("inplace_update")
def inplace_update(x, v, indices):
    """``x`` with the rows ``indices`` (an int, a tuple or a Tensor) replaced by ``v``."""
    return _inplace_rows("InplaceUpdate", x, v, indices, "set")


def inplace_add(x, v, indices):
    """``x`` with ``v`` added to the rows ``indices``."""
    return _inplace_rows("InplaceAdd", x, v, indices, "add")


def inplace_sub(x, v, indices):
    """``x`` with ``v`` subtracted from the rows ``indices``."""
    return _inplace_rows("InplaceSub", x, neg(as_tensor(v)), indices, "add")


@method("select_scatter")
def select_scatter(input, src, axis, index):
    """``input`` with its slice ``index`` along ``axis`` replaced by ``src``."""
    a = axis_of("select_scatter", input.ndim, axis)
    at = axis_of("select_scatter", input.shape[a], index)
    return _put_along(input, expand_dims(src, a), a, at, 1)


@method("slice_scatter")
def slice_scatter(input, src, axis=0, start=None, end=None, step=1):
    """``input`` with the slice ``start:end:step`` along ``axis`` replaced by ``src``."""
    a = axis_of("slice_scatter", input.ndim, axis)
    begin, _, stride = slice(start, end, step).indices(input.shape[a])
    return _put_along(input, src, a, begin, stride, len(range(*slice(start, end, step).indices(input.shape[a]))))


def _put_along(x, src, axis, begin, step, count=1):
    shape = x.shape[:axis] + (count,) + x.shape[axis + 1 :]
    begins = tuple(begin if a == axis and count else 0 for a in range(x.ndim))
    steps = tuple(step if a == axis else 1 for a in range(x.ndim))
    return slice_update(x, broadcast_to(to(src, x.dtype), shape), begin=begins, step=steps)


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("scatter")
def _tensor_scatter_method(self, dim=None, index=None, src=None, *, axis=None, value=None, reduce="none"):
    modes = {"none": "set", "add": "add", "multiply": "mul"}
    if reduce not in modes:
        raise fail(ValueError, f"For 'Tensor.scatter', 'reduce' must be one of {tuple(modes)}, but got {reduce!r}.")
    return _scatter_along(self, dim if axis is None else axis, index, value if src is None else src, modes[reduce])


@method("scatter_add")
def _tensor_scatter_add(self, *args, dim=None, index=None, src=None, indices=None, updates=None):
    """(dim, index, src) by elements, or (indices, updates) as ``ops.tensor_scatter_add``."""
    given = list(args) + [a for a in (dim, index, src, indices, updates) if a is not None]
    if len(given) == 2:
        return tensor_scatter_add(self, *given)
    axis, index, src = given
    return _scatter_along(self, axis, index, src, "add")


@method("index_add")
def _tensor_index_add(self, *args, alpha=1, **kwargs):
    """(dim, index, source, *, alpha=1), or (indices, y, axis) as ``ops.index_add``."""
    names = (
        ("dim", "index", "source")
        if (args and not isinstance(args[0], Tensor)) or "dim" in kwargs
        else ("indices", "y", "axis")
    )
    given = dict(zip(names, args)) | kwargs
    index, y, axis = (given[n] for n in (names if names[0] == "indices" else ("index", "source", "dim")))
    return _add_along("IndexAdd", self, index, y if alpha == 1 else y * alpha, axis)


method("scatter_sub")(tensor_scatter_sub)
method("scatter_min")(tensor_scatter_min)
method("scatter_max")(tensor_scatter_max)
method("scatter_mul")(tensor_scatter_mul)
method("scatter_div")(tensor_scatter_div)


@method("where")
def _tensor_where(self, condition, y=None, *, other=None):
    return select(condition, self, other if y is None else y)


@method("select")
def _tensor_select(self, *args):
    """(dim, index): a slice without that axis; (condition, y): ``self`` where the condition holds."""
    if isinstance(args[0], Tensor):
        return select(args[0], self, args[1])
    a = axis_of("select", self.ndim, args[0])
    return self[(slice(None),) * a + (int(args[1]),)]


def _in_place(function):
    """The method that puts what ``function`` gives into ``self``."""

    def call(self, *args, **kwargs):
        self[...] = function(self, *args, **kwargs)
        return self

    return call


method("masked_fill_")(_in_place(masked_fill))
method("index_fill_")(_in_place(index_fill))
method("index_add_")(_in_place(_tensor_index_add))
method("scatter_")(_in_place(_tensor_scatter_method))
method("scatter_add_")(_in_place(_tensor_scatter_add))
method("copy_")(_in_place(lambda self, src: broadcast_to(src, self.shape)))
method("add_")(_in_place(lambda self, other, *, alpha=1: self + (other if alpha == 1 else other * alpha)))
method("sub_")(_in_place(lambda self, other, *, alpha=1: self - (other if alpha == 1 else other * alpha)))
method("mul_")(_in_place(lambda self, other: self * other))
method("div_")(_in_place(div))
method("zero_")(_in_place(lambda self: zeros_of(self, self.shape)))
method("fill_")(_in_place(lambda self, value: broadcast_to(_scalar("fill_", value, self.dtype), self.shape)))
method("fill")(lambda self, value: broadcast_to(_scalar("fill", value, self.dtype), self.shape))


__all__ = [
    "index_add", "index_fill", "inplace_add", "inplace_index_add", "inplace_sub", "inplace_update", "masked_fill",
    "scatter", "scatter_add", "scatter_div", "scatter_max", "scatter_min", "scatter_mul", "scatter_nd",
    "scatter_nd_add", "scatter_nd_div", "scatter_nd_max", "scatter_nd_min", "scatter_nd_mul", "scatter_nd_sub",
    "scatter_nd_update", "scatter_update", "select_scatter", "slice_scatter", "tensor_scatter_add",
    "tensor_scatter_div", "tensor_scatter_elements", "tensor_scatter_max", "tensor_scatter_min",
    "tensor_scatter_mul", "tensor_scatter_sub", "tensor_scatter_update", "unsorted_segment_max",
    "unsorted_segment_min", "unsorted_segment_prod", "unsorted_segment_sum",
]  # fmt: skip
