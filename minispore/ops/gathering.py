"""Gather: slices and elements of a Tensor at positions that another Tensor gives."""

import math

from ..core.errors import fail
from ..core.op import as_tensor, broadcast_shapes, literal
from ..core.tensor import Tensor
from .creation import positions
from .effects import assign, stop_gradient
from .elements import take_elements
from .elementwise import floor_mod, maximum, minimum, select
from .methods import method
from .movement import axis_of, broadcast_to, reshape
from .rows import add_rows, blocks, checked_index, gather_rows, index_of, int_axis, lookup, nd_rows, scatter_rows


def gather(input_params, input_indices, axis, batch_dims=0):
    """Slices of ``input_params`` along an axis, at given positions; leading axes can go together.

    Args:
        input_params (Tensor): any shape and type.
        input_indices (Tensor): any shape; integers, negative ones count from the end.
        axis (int): the axis, not before ``batch_dims``.
        batch_dims (int): how many leading axes the two share. Default: 0.

    Returns:
        Tensor in whose shape ``input_indices.shape[batch_dims:]`` stands for the axis; the type of ``input_params``.

    Raises:
        TypeError: the indices are not integers, or ``axis`` not an int.
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
    """Elements at given positions along one axis: ``out[i][j] = input[i][index[i][j]]`` for ``dim`` 1, and so on.

    Args:
        input (Tensor): any shape and type.
        dim (int): the axis.
        index (Tensor): as many axes as ``input``, no longer than it along the others; integers, negative ones count
            from the end.

    Returns:
        Tensor of the shape of ``index``; the type of ``input``.

    Raises:
        TypeError: the indices are not integers, or ``dim`` not an int.
        ValueError: there is no such axis, or the shape of ``index`` does not fit.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> print(gather_elements(ms.Tensor([[1, 2], [3, 4]]), 1, ms.Tensor([[0, 0], [1, 0]])))
    [[1 1]
     [4 3]]
    """
    x, index = as_tensor(input), index_of("GatherD", index)
    return take_elements(x, int_axis("GatherD", x.ndim, dim), index)


def gather_d(x, dim, index):
    """Elements at given positions along one axis: the same as ``gather_elements``.

    Args:
        x (Tensor): any shape and type.
        dim (int): the axis.
        index (Tensor): as many axes as ``x``, no longer than it along the others; integers, negative ones count
            from the end.

    Returns:
        Tensor of the shape of ``index``; the type of ``x``.

    Raises:
        TypeError: the indices are not integers, or ``dim`` not an int.
        ValueError: there is no such axis, or the shape of ``index`` does not fit.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> print(gather_d(ms.Tensor([[1, 2], [3, 4]]), 1, ms.Tensor([[0, 0], [1, 0]])))
    [[1 1]
     [4 3]]
    """
    return gather_elements(x, dim, index)


def gather_nd(input_x, indices):
    """Elements or slices at positions along the first axes.

    Args:
        input_x (Tensor): any shape and type.
        indices (Tensor): shape (..., k); integers, not negative; positions along the first k axes of ``input_x``.

    Returns:
        Tensor of shape ``indices.shape[:-1] + input_x.shape[k:]``; the type of ``input_x``.

    Raises:
        TypeError: the indices are not integers.
        ValueError: k is more than the number of axes of ``input_x``.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> print(gather_nd(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([[0, 1], [1, 0]])))
    [2 3]
    """
    x, indices = as_tensor(input_x), index_of("GatherNd", indices)
    flat, n, inner = nd_rows("GatherNd", x.shape, indices)
    return reshape(gather_rows(reshape(x, (1, n, inner)), flat), indices.shape[:-1] + x.shape[indices.shape[-1] :])


@method("index_select")
def index_select(input, axis, index):
    """Slices along an axis, at given positions.

    Args:
        input (Tensor): any shape with the axis; any type.
        axis (int): the axis.
        index (Tensor): shape (n,); integers, negative ones count from the end.

    Returns:
        Tensor of the shape of ``input`` with ``axis`` of length n; the type of ``input``.

    Raises:
        TypeError: the indices are not integers, or ``axis`` not an int.
        ValueError: there is no such axis, or ``index`` has not one axis.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> print(index_select(ms.Tensor([[1, 2], [3, 4]]), 1, ms.Tensor([1])))
    [[2]
     [4]]
    """
    index = index_of("index_select", index)
    if index.ndim != 1:
        raise fail(ValueError, f"For 'index_select', 'index' must have one axis, but got the shape {index.shape}.")
    return lookup(input, index, int_axis("index_select", input.ndim, axis))


def take(input, index):
    """Elements of the flattened ``input``, at given positions.

    Args:
        input (Tensor): any shape and type.
        index (Tensor): any shape; integers, negative ones count from the end.

    Returns:
        Tensor of the shape of ``index``; the type of ``input``.

    Raises:
        TypeError: the indices are not integers.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> print(take(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([3, 0])))
    [4 1]
    """
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
    """Rows of a table, at given positions.

    Args:
        input (Tensor): any shape; integers in [0, n).
        weight (Parameter | Tensor): shape (n, d); floats; the table.
        padding_idx (int | None): a row that gets no gradient. Default: None.
        max_norm (float | None): rows that are read and are longer are first cut to this length, in the table itself.
            Default: None.
        norm_type (float): the order of the norm that measures the length. Default: 2.0.
        scale_grad_by_freq (bool): whether the gradient of a row is divided by how often it is read. Default: False.

    Returns:
        Tensor of shape ``input.shape + (d,)``; the type of ``weight``.

    Raises:
        TypeError: the indices are not integers.
        ValueError: ``padding_idx`` is not a row.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> print(embedding(ms.Tensor([1, 0, 1]), ms.Tensor([[0.0, 0.5], [1.0, 1.5]])))
    [[1.  1.5]
     [0.  0.5]
     [1.  1.5]]
    """
    from .norms import vector_norm

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
    """Elements by ``(dim, index)`` as ``ops.gather_elements``, or slices by ``(indices, axis)`` as ``ops.gather``.

    Args:
        *args (int | Tensor): the arguments of one of the two after the Tensor; the first one's type tells which.
        **kwargs (int | Tensor): the same by name; ``dim`` tells that it is ``gather_elements``.

    Returns:
        Tensor of the shape that the function gives; the type of the Tensor.

    Raises:
        TypeError: the indices are not integers, or the axis is not an int.
        ValueError: an argument does not fit the shape.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2], [3, 4]])
    >>> print(x.gather(1, ms.Tensor([[1], [0]])).tolist(), x.gather(ms.Tensor([1]), 0).tolist())
    [[2], [3]] [[3, 4]]
    """
    if (args and not isinstance(args[0], Tensor)) or "dim" in kwargs:
        return gather_elements(self, *args, **kwargs)
    return gather(self, *args, **kwargs)


method("gather_elements")(gather_elements)
method("gather_nd")(gather_nd)


@method("take")
def _tensor_take(self, indices, axis=None, mode="clip"):
    """Slices along an axis, at given positions.

    Args:
        indices (Tensor | list[int]): any shape; integers.
        axis (int | None): the axis. Default: None, of the flattened Tensor.
        mode (str): what is done with indices out of range: "clip" takes the nearest one in range; "wrap" counts
            around; "raise" raises. Negative indices count from the end. Default: "clip".

    Returns:
        Tensor in whose shape that of ``indices`` stands for the axis; the type of the Tensor.

    Raises:
        TypeError: the indices are not integers, or ``axis`` not an int.
        ValueError: ``mode`` is unknown, or there is no such axis.
        IndexError: an index is out of range, in the mode "raise".

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).take(ms.Tensor([0, 7])))
    [1 3]
    """
    x = reshape(self, (-1,)) if axis is None else self
    a = 0 if axis is None else axis_of("take", x.ndim, axis)
    index = index_of("take", indices)
    if mode not in ("clip", "wrap", "raise"):
        raise fail(ValueError, f"For 'take', 'mode' must be 'clip', 'wrap' or 'raise', but got {mode!r}.")
    if mode == "clip":
        index = minimum(maximum(index, -x.shape[a]), x.shape[a] - 1)
    elif mode == "wrap":
        index = floor_mod(index, x.shape[a])
    return lookup(x, index, a, "take")


__all__ = ["embedding", "gather", "gather_d", "gather_elements", "gather_nd", "index_select", "take"]
