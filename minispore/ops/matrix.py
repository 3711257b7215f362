"""Diagonals, the positions of triangles, grids, turns: all of them views and regions of other Tensors."""

import math

import numpy as np

from ..core.dtype import int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, broadcast_shapes, fixed, to
from ..core.tensor import Tensor
from .methods import method
from .movement import axis_of, broadcast_to, reshape, swapaxes, transpose
from .repeating import flip, repeat_interleave, tile  # fmt: skip
from .slicing import basic_slice, owned, slice_update, zeros_of


def _diagonal_of(n, m, offset):
    """(flat position of the first element, number of elements) of a diagonal of an n by m matrix."""
    start = offset if offset >= 0 else -offset * m
    return start, max(0, min(n, m - offset) if offset >= 0 else min(n + offset, m))


def _last(name, x, dim1, dim2):
    """``x`` with the two axes at the end, the order of axes that does it, and its inverse."""
    a, b = axis_of(name, x.ndim, dim1), axis_of(name, x.ndim, dim2)
    if a == b:
        raise fail(ValueError, f"For '{name}', 'dim1' and 'dim2' must differ, but both are the axis {a}.")
    order = (*(c for c in range(x.ndim) if c not in (a, b)), a, b)
    return transpose(x, order), tuple(int(p) for p in np.argsort(order))


def _at_diagonal(x, offset):
    """(x with its last two axes as one, where the diagonal begins, the steps, its shape)."""
    *lead, n, m = x.shape
    start, count = _diagonal_of(n, m, offset)
    steps = (1,) * len(lead) + (m + 1,)
    begin = (0,) * len(lead) + (start if count else 0,)
    return reshape(x, (*lead, n * m)), begin, steps, (*lead, count)


def diagonal(input, offset=0, dim1=0, dim2=1):
    """A diagonal of two axes, as the last axis.

    Args:
        input (Tensor): any shape with at least two axes; any type.
        offset (int): how far above the main diagonal; below it, if negative. Default: 0.
        dim1 (int): the axis of the rows. Default: 0.
        dim2 (int): the axis of the columns. Default: 1.

    Returns:
        Tensor of the shape of ``input`` without the two axes, with the diagonal as a last one; the type of ``input``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there are fewer than two axes, there is no such axis, or the two are the same.

    >>> import minispore as ms
    >>> print(diagonal(ms.Tensor([[1, 2], [3, 4]])))
    [1 4]
    """
    if input.ndim < 2:
        raise fail(ValueError, f"For 'diagonal', at least two axes are needed, but got the shape {input.shape}.")
    flat, begin, steps, size = _at_diagonal(_last("diagonal", input, dim1, dim2)[0], int(offset))
    return basic_slice(flat, begin, steps, size)


@method("diagonal")
def _tensor_diagonal(self, offset=0, axis1=0, axis2=1, *, dim1=None, dim2=None):
    """A diagonal of two axes, as the last axis.

    Args:
        offset (int): how far above the main diagonal; below it, if negative. Default: 0.
        axis1 (int): the axis of the rows. Default: 0.
        axis2 (int): the axis of the columns. Default: 1.
        dim1 (int | None): another name of ``axis1``. Default: None.
        dim2 (int | None): another name of ``axis2``. Default: None.

    Returns:
        Tensor of the shape without the two axes, with the diagonal as a last one; the type of the Tensor.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there are fewer than two axes, there is no such axis, or the two are the same.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2], [3, 4]]).diagonal(1))
    [2]
    """
    return diagonal(self, offset, axis1 if dim1 is None else dim1, axis2 if dim2 is None else dim2)


@method("diagonal_scatter")
def diagonal_scatter(input, src, offset=0, dim1=0, dim2=1):
    """``input`` with a diagonal of two axes replaced.

    Args:
        input (Tensor): any shape with at least two axes; any type.
        src (Tensor): the shape of that diagonal, as ``diagonal`` gives it.
        offset (int): how far above the main diagonal; below it, if negative. Default: 0.
        dim1 (int): the axis of the rows. Default: 0.
        dim2 (int): the axis of the columns. Default: 1.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there is no such axis, the two are the same, or ``src`` is of another shape.

    >>> import minispore as ms
    >>> print(diagonal_scatter(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([8, 9])))
    [[8 2]
     [3 9]]
    """
    moved, back = _last("diagonal_scatter", input, dim1, dim2)
    flat, begin, steps, size = _at_diagonal(moved, int(offset))
    if src.shape != size:
        raise fail(ValueError, f"For 'diagonal_scatter', 'src' must have the shape {size}, but got {src.shape}.")
    new = slice_update(flat, to(src, input.dtype), begin=begin, step=steps)
    return transpose(reshape(new, moved.shape), back)


def diag_embed(input, offset=0, dim1=-2, dim2=-1):
    """Zeros with the last axis of ``input`` as a diagonal of two new axes.

    Args:
        input (Tensor): any shape with at least one axis; any type.
        offset (int): how far above the main diagonal; below it, if negative. Default: 0.
        dim1 (int): the axis of the rows, in the result. Default: -2.
        dim2 (int): the axis of the columns, in the result. Default: -1.

    Returns:
        Tensor with the two new axes in place of the last one, each as long as needed; the type of ``input``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there is no such axis, or the two are the same.

    >>> import minispore as ms
    >>> print(diag_embed(ms.Tensor([1, 2])))
    [[1 0]
     [0 2]]
    """
    x, offset = as_tensor(input), int(offset)
    n = x.shape[-1] + abs(offset)
    ndim = x.ndim + 1
    a, b = axis_of("diag_embed", ndim, dim1), axis_of("diag_embed", ndim, dim2)
    if a == b:
        raise fail(ValueError, f"For 'diag_embed', 'dim1' and 'dim2' must differ, but both are the axis {a}.")
    flat, begin, steps, _ = _at_diagonal(zeros_of(x, (*x.shape[:-1], n, n)), offset)
    made = reshape(slice_update(flat, x, begin=begin, step=steps), (*x.shape[:-1], n, n))
    order = (*(c for c in range(ndim) if c not in (a, b)), a, b)
    return transpose(made, tuple(int(p) for p in np.argsort(order)))


def diag(input):
    """Zeros of shape ``input.shape * 2`` with ``input`` on the diagonal.

    Args:
        input (Tensor): any shape with at least one axis; any type.

    Returns:
        Tensor with the axes of ``input`` twice; the type of ``input``.

    Raises:
        ValueError: ``input`` has no axis.

    >>> import minispore as ms
    >>> print(diag(ms.Tensor([1, 2])))
    [[1 0]
     [0 2]]
    """
    x = as_tensor(input)
    if x.ndim == 0:
        raise fail(ValueError, "For 'diag', the input must have at least one axis.")
    return reshape(diag_embed(reshape(x, (-1,))), x.shape * 2)


def _diag_at(x, offset):
    return diag_embed(x, offset) if x.ndim == 1 else diagonal(x, offset)


@method("diag")
def _tensor_diag(self, diagonal=None):
    """The matrix with a vector on a diagonal, or a diagonal of a matrix.

    Args:
        diagonal (int | None): how far above the main diagonal; a vector becomes a matrix, and a matrix gives its
            diagonal. Default: None, the same as ``ops.diag``.

    Returns:
        Tensor of two axes or one; the type of the Tensor.

    Raises:
        ValueError: the Tensor has no axis.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2], [3, 4]]).diag(0))
    [1 4]
    """
    return diag(self) if diagonal is None else _diag_at(self, diagonal)


@method("diagflat")
def diagflat(input, offset=0):
    """A matrix of zeros with the elements of ``input`` on a diagonal.

    Args:
        input (Tensor): any shape and type.
        offset (int): how far above the main diagonal; below it, if negative. Default: 0.

    Returns:
        Tensor of shape (n, n) for n elements, larger by the distance of the diagonal; the type of ``input``.

    >>> import minispore as ms
    >>> print(diagflat(ms.Tensor([1, 2]), 1))
    [[0 1 0]
     [0 0 2]
     [0 0 0]]
    """
    return diag_embed(reshape(as_tensor(input), (-1,)), offset)


def trace(input):
    """The sum of the diagonal of a matrix.

    Args:
        input (Tensor): shape (n, m); numbers.

    Returns:
        Tensor of shape (); the type of ``input``.

    Raises:
        ValueError: ``input`` has not two axes.

    >>> import minispore as ms
    >>> print(trace(ms.Tensor([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    if input.ndim != 2:
        raise fail(ValueError, f"For 'trace', a matrix is needed, but got the shape {input.shape}.")
    return to(diagonal(input).sum(), input.dtype)


@method("trace")
def _tensor_trace(self, offset=0, axis1=0, axis2=1, dtype=None):
    """The sum of a diagonal of two axes.

    Args:
        offset (int): how far above the main diagonal; below it, if negative. Default: 0.
        axis1 (int): the axis of the rows. Default: 0.
        axis2 (int): the axis of the columns. Default: 1.
        dtype (dtype | None): the type of the result. Default: None, that of the Tensor, int64 for integers.

    Returns:
        Tensor of the shape without the two axes; of that type.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there are fewer than two axes, there is no such axis, or the two are the same.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2], [3, 4]]).trace())
    5
    """
    found = diagonal(self, offset, axis1, axis2)
    return found.sum(-1) if dtype is None else to(found.sum(-1), to_dtype(dtype))


@method("fill_diagonal")
def _fill_diagonal(self, fill_value, wrap=False):
    """A copy with one value on the diagonal.

    Args:
        fill_value (int | float | Tensor): the value.
        wrap (bool): whether the diagonal of a tall matrix begins again below each full square. Default: False.

    Returns:
        Tensor of the shape and type of the Tensor.

    Raises:
        ValueError: there are fewer than two axes, or more that are not of equal length.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2], [3, 4]]).fill_diagonal(9))
    [[9 2]
     [3 9]]
    """
    if self.ndim < 2 or (self.ndim > 2 and len(set(self.shape)) > 1):
        raise fail(ValueError, f"For 'fill_diagonal', a matrix or a cube is needed, but got the shape {self.shape}.")
    step = sum(math.prod(self.shape[a + 1 :]) for a in range(self.ndim))
    end = self.size if wrap or self.ndim > 2 else min(self.size, self.shape[1] ** 2)
    count = len(range(0, end, step))
    value = broadcast_to(to(as_tensor(fill_value), self.dtype), (count,))
    return reshape(slice_update(reshape(self, (-1,)), value, begin=(0,), step=(step,)), self.shape)


def block_diag(*inputs):
    """Matrices along the diagonal of a matrix of zeros.

    Args:
        *inputs (Tensor): matrices; a vector is a row, a number a matrix of one element.

    Returns:
        Tensor of the sum of the rows by the sum of the columns; the type of the first input.

    Raises:
        ValueError: an input has more than two axes.

    >>> import minispore as ms
    >>> print(block_diag(ms.Tensor([[1, 2]]), ms.Tensor([[3]])))
    [[1 2 0]
     [0 0 3]]
    """
    parts = [as_tensor(x) for x in inputs]
    parts = [reshape(x, (1,) * (2 - x.ndim) + x.shape) for x in parts]
    out = zeros_of(parts[0], (sum(x.shape[0] for x in parts), sum(x.shape[1] for x in parts)))
    row = column = 0
    for x in parts:
        out = slice_update(out, to(x, out.dtype), begin=(row, column), step=(1, 1))
        row, column = row + x.shape[0], column + x.shape[1]
    return out


# ---------------------------------------------------------------- triangles and grids
def tril_indices(row, col, offset=0, *, dtype=int64):
    """The positions of the lower triangle of a matrix, row by row.

    Args:
        row (int): how many rows the matrix has.
        col (int): how many columns.
        offset (int): the last diagonal that counts: 0 the main one, positive above it. Default: 0.
        dtype (dtype): the type. Default: int64.

    Returns:
        Tensor of shape (2, n): the rows and the columns of the n positions; of that type.

    >>> import minispore as ms
    >>> print(tril_indices(2, 2))
    [[0 1 1]
     [0 0 1]]
    """
    return fixed(np.stack(np.tril_indices(row, offset, col)).astype(to_dtype(dtype).np))


def triu_indices(row, col, offset=0, *, dtype=int64):
    """The positions of the upper triangle of a matrix, row by row.

    Args:
        row (int): how many rows the matrix has.
        col (int): how many columns.
        offset (int): the first diagonal that counts: 0 the main one, positive above it. Default: 0.
        dtype (dtype): the type. Default: int64.

    Returns:
        Tensor of shape (2, n): the rows and the columns of the n positions; of that type.

    >>> import minispore as ms
    >>> print(triu_indices(2, 2))
    [[0 0 1]
     [0 1 1]]
    """
    return fixed(np.stack(np.triu_indices(row, offset, col)).astype(to_dtype(dtype).np))


def meshgrid(*inputs, indexing="xy"):
    """The coordinates of a grid: each vector repeated along the axes of the others.

    Args:
        *inputs (Tensor): vectors of one type, or one list or tuple of them.
        indexing (str): "xy": the first vector runs along the columns, the second along the rows; "ij": each along the
            axis of its place. Default: "xy".

    Returns:
        Tuple of as many Tensors, all of the shape of the grid; the type of ``inputs``.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``indexing`` is unknown, an input is not a vector, or the types differ.

    >>> import minispore as ms
    >>> x, y = meshgrid(ms.Tensor([1, 2]), ms.Tensor([5, 6]))
    >>> print(x, y)
    [[1 2]
     [1 2]] [[5 5]
     [6 6]]
    """
    xs = inputs[0] if len(inputs) == 1 and isinstance(inputs[0], (tuple, list)) else inputs
    if indexing not in ("xy", "ij"):
        raise fail(ValueError, f"For 'meshgrid', 'indexing' must be 'xy' or 'ij', but got {indexing!r}.")
    if any(not isinstance(x, Tensor) for x in xs):
        raise fail(TypeError, "For 'meshgrid', every input must be a Tensor.")
    xs = [reshape(x, (1,)) if x.ndim == 0 else x for x in xs]
    if any(x.ndim != 1 for x in xs) or any(x.dtype != xs[0].dtype for x in xs):
        raise fail(
            ValueError,
            f"For 'meshgrid', 1-d Tensors of one type are needed, but got {[(x.shape, x.dtype) for x in xs]}.",
        )
    n = len(xs)
    axes = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else list(range(n))
    apart = [reshape(x, tuple(-1 if a == axis else 1 for a in range(n))) for x, axis in zip(xs, axes)]
    shape = broadcast_shapes("meshgrid", [x.shape for x in apart])
    return tuple(broadcast_to(x, shape) for x in apart)


# ---------------------------------------------------------------- turns and repetition
@method("rot90")
def rot90(input, k, dims):
    """Turned by 90 degrees in the plane of two axes, from the first towards the second.

    Args:
        input (Tensor): any shape with at least two axes; any type.
        k (int): how many times; negative: the other way round.
        dims (tuple[int] | list[int]): the two axes.

    Returns:
        Tensor with the lengths of the two axes exchanged for odd ``k``; the type of ``input``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: ``dims`` are not two different axes of ``input``.

    >>> import minispore as ms
    >>> print(rot90(ms.Tensor([[1, 2], [3, 4]]), 1, (0, 1)))
    [[2 4]
     [1 3]]
    """
    if len(dims) != 2:
        raise fail(ValueError, f"For 'rot90', 'dims' must be two axes, but got {dims}.")
    a, b = (axis_of("rot90", input.ndim, d) for d in dims)
    if a == b:
        raise fail(ValueError, f"For 'rot90', the two axes must differ, but got {dims}.")
    turns = int(k) % 4
    if turns == 2:
        return flip(input, (a, b))
    x = flip(input, (b,)) if turns == 1 else input
    x = swapaxes(x, a, b) if turns else x
    return owned(flip(x, (b,)) if turns == 3 else x, input)


@method("t")
def t(input):
    """The transpose of a matrix; a Tensor of fewer axes as it is.

    Args:
        input (Tensor): at most two axes; any type.

    Returns:
        Tensor with the two axes exchanged; the type of ``input``.

    Raises:
        ValueError: ``input`` has more than two axes.

    >>> import minispore as ms
    >>> print(t(ms.Tensor([[1, 2], [3, 4]])))
    [[1 3]
     [2 4]]
    """
    if input.ndim > 2:
        raise fail(ValueError, f"For 't', at most two axes are possible, but got the shape {input.shape}.")
    return swapaxes(input, 0, 1) if input.ndim == 2 else input


@method("fliplr")
def fliplr(input):
    """The order along the second axis reversed.

    Args:
        input (Tensor): any shape with at least two axes; any type.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``input`` has fewer than two axes.

    >>> import minispore as ms
    >>> print(fliplr(ms.Tensor([[1, 2], [3, 4]])))
    [[2 1]
     [4 3]]
    """
    return flip(input, (1,))


@method("flipud")
def flipud(input):
    """The order along the first axis reversed.

    Args:
        input (Tensor): any shape with at least one axis; any type.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``input`` has no axis.

    >>> import minispore as ms
    >>> print(flipud(ms.Tensor([[1, 2], [3, 4]])))
    [[3 4]
     [1 2]]
    """
    return flip(input, (0,))


@method("reverse")
def reverse(x, axis):
    """The order along axes reversed: the same as ``flip``.

    Args:
        x (Tensor): any shape and type.
        axis (int | tuple[int] | list[int]): the axes.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(reverse(ms.Tensor([[1, 2], [3, 4]]), (0,)))
    [[3 4]
     [1 2]]
    """
    return flip(x, axis)


@method("repeat")
def _tensor_repeat(self, *repeats, axis=None):
    """The whole Tensor several times along each axis; or every element of one axis several times in a row.

    Args:
        *repeats (int | tuple[int] | list[int]): how often along each axis, as one argument or one each, as for
            ``tile``; with ``axis``, how often its elements are repeated, for all or for each.
        axis (int | None): the axis whose elements are repeated. Default: None, the whole Tensor is.

    Returns:
        Tensor with longer axes; the type of the Tensor.

    Raises:
        RuntimeError: there are fewer numbers than axes.
        ValueError: there is no such axis, or a number is negative.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2]).repeat(2), ms.Tensor([1, 2]).repeat(2, axis=0))
    [1 2 1 2] [1 1 2 2]
    """
    if axis is not None:
        return repeat_interleave(self, repeats[0] if len(repeats) == 1 else repeats, axis)
    counts = repeats[0] if len(repeats) == 1 and not isinstance(repeats[0], int) else repeats
    if len(counts) < self.ndim:
        raise fail(
            RuntimeError, f"For 'Tensor.repeat', {self.ndim} numbers are needed at least, but got {tuple(counts)}."
        )
    return tile(self, tuple(counts))


__all__ = [
    "block_diag", "diag", "diag_embed", "diagflat", "diagonal", "diagonal_scatter", "fliplr", "flipud", "meshgrid",
    "reverse", "rot90", "t", "trace", "tril_indices", "triu_indices",
]  # fmt: skip
