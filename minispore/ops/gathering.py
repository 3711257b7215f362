"""Gather: slices and elements of a Tensor at positions that another Tensor gives."""

import math

from ..core.errors import fail
from ..core.op import as_tensor, broadcast_shapes, literal
from ..core.tensor import Tensor
from .creation import positions
from .effects import assign, stop_gradient
from .elementwise import floor_mod, maximum, minimum, select
from .methods import method
from .movement import axis_of, broadcast_to, reshape
from .rows import (
    add_rows,
    blocks,
    checked_index,
    gather_rows,
    index_of,
    int_axis,
    lookup,
    nd_rows,
    scatter_rows,
    take_elements,
)


def gather(input_params, input_indices, axis, batch_dims=0):
    """Slices of ``input_params`` along ``axis`` at ``input_indices``; the first ``batch_dims`` axes go together.

    Args:
        input_params: a Tensor.
        input_indices: an integer Tensor of any shape; negative ones count from the end.
        axis: an int, not below ``batch_dims``.
        batch_dims: how many leading axes the two share.

    Returns:
        a Tensor in whose shape ``input_indices.shape[batch_dims:]`` stands for the axis ``axis`` of ``input_params``.

    Raises:
        TypeError: the indices are not integers.
        ValueError: ``axis`` or ``batch_dims`` does not fit.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> print(gather(x, ms.Tensor([2, 0]), 0))
    [[5. 6.]
     [1. 2.]]
    """
    x, index = as_tensor(input_params), index_of("Gather", input_indices)
    a, b = int_axis("Gather", x.ndim, axis), int(batch_dims)
    b = b + index.ndim if b < 0 else b
    if not 0 <= b <= min(a, index.ndim):
        raise fail(
            ValueError, f"For 'Gather', 'batch_dims' must be in [0, {min(a, index.ndim)}], but got {batch_dims}."
        )
    if b == 0:
        return lookup(x, index, a)
    batch, n, inner = x.shape[:b], x.shape[a], math.prod(x.shape[a + 1 :])
    if index.shape[:b] != batch:
        raise fail(
            ValueError,
            f"For 'Gather', the first {b} axes must be equal, but got the shapes {x.shape} and {index.shape}.",
        )
    count, between, m = math.prod(batch), math.prod(x.shape[b:a]), math.prod(index.shape[b:])
    block = reshape(positions(count * between, 0, 1), (count, between, 1)) * n
    flat = block + reshape(checked_index("Gather", index, n, negative=True), (count, 1, m))
    out = gather_rows(reshape(x, (1, count * between * n, inner)), reshape(flat, (-1,)))
    return reshape(out, x.shape[:a] + index.shape[b:] + x.shape[a + 1 :])


def gather_elements(input, dim, index):
    """``out[i][j][k] = input[i][index[i][j][k]][k]`` for ``dim`` 1, and so on.

    The shape is that of ``index``, which may be shorter than ``input`` along the other axes.

    >>> import minispore as ms
    >>> print(gather_elements(ms.Tensor([[1, 2], [3, 4]]), 1, ms.Tensor([[0, 0], [1, 0]])))
    [[1 1]
     [4 3]]
    """
    x, index = as_tensor(input), index_of("GatherD", index)
    return take_elements(x, int_axis("GatherD", x.ndim, dim), index)


def gather_d(x, dim, index):
    """The same as ``gather_elements``."""
    return gather_elements(x, dim, index)


def gather_nd(input_x, indices):
    """Slices of ``input_x`` at the positions in the last axis of ``indices`` (..., k).

    >>> import minispore as ms
    >>> print(gather_nd(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([[0, 1], [1, 0]])))
    [2 3]
    """
    x, indices = as_tensor(input_x), index_of("GatherNd", indices)
    flat, n, inner = nd_rows("GatherNd", x.shape, indices)
    return reshape(gather_rows(reshape(x, (1, n, inner)), flat), indices.shape[:-1] + x.shape[indices.shape[-1] :])


@method("index_select")
def index_select(input, axis, index):
    """Slices of ``input`` along ``axis`` at the 1-d ``index``."""
    index = index_of("index_select", index)
    if index.ndim != 1:
        raise fail(ValueError, f"For 'index_select', 'index' must have one axis, but got the shape {index.shape}.")
    return lookup(input, index, int_axis("index_select", input.ndim, axis))


def take(input, index):
    """Elements of the flattened ``input``, in the shape of ``index``."""
    return lookup(reshape(as_tensor(input), (-1,)), index_of("take", index), 0, "take")


def take_along_dim(input, indices, dim=None):
    """Elements along ``dim`` at ``indices``; the other axes broadcast.  Without ``dim`` both are flattened."""
    x, index = as_tensor(input), index_of("take_along_dim", indices)
    if dim is None:
        return take(x, reshape(index, (-1,)))
    a = axis_of("take_along_dim", x.ndim, dim)
    shape = broadcast_shapes(
        "take_along_dim", [x.shape[:a] + (1,) + x.shape[a + 1 :], index.shape[:a] + (1,) + index.shape[a + 1 :]]
    )
    wide = broadcast_to(x, shape[:a] + (x.shape[a],) + shape[a + 1 :])
    return take_elements(wide, a, broadcast_to(index, shape[:a] + (index.shape[a],) + shape[a + 1 :]), "take_along_dim")


def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False):
    """Rows of ``weight`` at the indices ``input``.

    ``padding_idx``: this row gets no gradient.  ``max_norm``: rows that are read and are longer (in the norm of order
    ``norm_type``) are first cut to that length, in place.  ``scale_grad_by_freq``: the gradient of a row is divided by
    how often it is read.
    """
    from .linalg import vector_norm

    n = weight.shape[0]
    index = reshape(checked_index("embedding", input, n), (-1,))
    if max_norm is not None:
        rows = stop_gradient(gather_rows(blocks(weight, 0), index))
        length = vector_norm(rows, norm_type, 2, True)
        rows = select(length > max_norm, rows * (max_norm / (length + 1e-7)), rows)
        assign(weight, reshape(scatter_rows(blocks(stop_gradient(weight), 0), index, rows, "set"), weight.shape))
    out = gather_rows(blocks(weight, 0), index)
    if padding_idx is not None:
        row = axis_of("embedding", n, padding_idx)
        out = select(reshape(index, (1, -1, 1)) == row, stop_gradient(out), out)
    if scale_grad_by_freq:
        ones = broadcast_to(literal(1, weight.dtype), (1, index.size, 1))
        part = out / gather_rows(add_rows(ones, index, n), index)
        out = part - stop_gradient(part) + stop_gradient(out)
    return reshape(out, input.shape + weight.shape[1:])


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("gather")
def _tensor_gather(self, *args, **kwargs):
    """(dim, index) as ``gather_elements``, or (input_indices, axis, batch_dims=0) as ``ops.gather``."""
    if (args and not isinstance(args[0], Tensor)) or "dim" in kwargs:
        return gather_elements(self, *args, **kwargs)
    return gather(self, *args, **kwargs)


method("gather_elements")(gather_elements)
method("gather_nd")(gather_nd)


@method("take")
def _tensor_take(self, indices, axis=None, mode="clip"):
    """Slices along ``axis`` (without one, of the flattened Tensor); indices out of range "clip", "wrap" or "raise"."""
    x = reshape(self, (-1,)) if axis is None else self
    a = 0 if axis is None else axis_of("take", x.ndim, axis)
    index = index_of("take", indices)
    if mode not in ("clip", "wrap", "raise"):
        raise fail(ValueError, f"For 'take', 'mode' must be 'clip', 'wrap' or 'raise', but got {mode!r}.")
    if mode == "clip":
        index = minimum(maximum(index, 0), x.shape[a] - 1)
    elif mode == "wrap":
        index = floor_mod(index, x.shape[a])
    return lookup(x, index, a, "take")


__all__ = ["embedding", "gather", "gather_d", "gather_elements", "gather_nd", "index_select", "take"]
