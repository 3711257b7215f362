"""Putting Tensors side by side and taking them apart again: the stacks and splits with NumPy's names."""

import itertools
import math

import numpy as np

from ..core import checks
from ..core.errors import fail
from ..core.forwarding import forwards
from ..core.op import as_tensor, fixed
from ..core.sizes import array_from
from ..core.tensor import Tensor
from .complex_parts import conjugated
from .concatenation import concat, stack
from .gathering import gather
from .matrix import meshgrid
from .methods import method
from .movement import axis_of, expand_dims, reshape, transpose
from .slicing import slice_along


# ---------------------------------------------------------------- at least so many axes
def _each(inputs, function):
    if isinstance(inputs, Tensor):
        return function(inputs)
    if not isinstance(inputs, (list, tuple)):
        return function(as_tensor(inputs))
    return tuple(function(as_tensor(x)) for x in inputs)


def atleast_1d(inputs):
    """With at least one axis: a number becomes a vector of one element.

    Args:
        inputs (Tensor | tuple[Tensor] | list[Tensor]): one Tensor or several, of any shape and type.

    Returns:
        Tensor, or for several a tuple of Tensors; the types of the inputs.

    >>> import minispore as ms
    >>> print(atleast_1d(ms.Tensor(3)))
    [3]
    """
    return _each(inputs, lambda x: reshape(x, (1,)) if x.ndim == 0 else x)


def atleast_2d(inputs):
    """With at least two axes; new ones come first.

    Args:
        inputs (Tensor | tuple[Tensor] | list[Tensor]): one Tensor or several, of any shape and type.

    Returns:
        Tensor, or for several a tuple of Tensors; the types of the inputs.

    >>> import minispore as ms
    >>> print(atleast_2d(ms.Tensor([1, 2])))
    [[1 2]]
    """
    return _each(inputs, lambda x: reshape(x, (1,) * (2 - x.ndim) + x.shape) if x.ndim < 2 else x)


def atleast_3d(inputs):
    """With at least three axes: () becomes (1, 1, 1), (n,) becomes (1, n, 1), (m, n) becomes (m, n, 1).

    Args:
        inputs (Tensor | tuple[Tensor] | list[Tensor]): one Tensor or several, of any shape and type.

    Returns:
        Tensor, or for several a tuple of Tensors; the types of the inputs.

    >>> import minispore as ms
    >>> atleast_3d(ms.Tensor([1, 2])).shape
    (1, 2, 1)
    """
    return _each(inputs, lambda x: expand_dims(atleast_2d(x), 2) if x.ndim < 3 else x)


# ---------------------------------------------------------------- stacks
def _listed(name, tensors):
    if isinstance(tensors, Tensor) or not isinstance(tensors, (list, tuple)):
        raise fail(TypeError, f"For '{name}', a list or tuple of Tensors is needed, but got {type(tensors).__name__}.")
    if not tensors or any(not isinstance(t, Tensor) for t in tensors):
        raise fail(
            TypeError if tensors else ValueError, f"For '{name}', a list of Tensors is needed, but got {tensors!r:.60}."
        )
    return list(tensors)


def hstack(tensors):
    """Tensors side by side: along the second axis, vectors along their only one.

    Args:
        tensors (tuple[Tensor] | list[Tensor]): the same shape but for that axis; numbers become vectors of one element.

    Returns:
        Tensor with the lengths along that axis added up; the common type of all.

    Raises:
        TypeError: ``tensors`` is not a tuple or list of Tensors.
        ValueError: there is no Tensor, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(hstack([ms.Tensor([1, 2]), ms.Tensor([3])]))
    [1 2 3]
    """
    xs = atleast_1d(_listed("hstack", tensors))
    return concat(xs, 0 if xs[0].ndim == 1 else 1)


def vstack(inputs):
    """Tensors below each other, along the first axis; a vector is a row.

    Args:
        inputs (tuple[Tensor] | list[Tensor]): the same shape but for the first of at least two axes.

    Returns:
        Tensor with the lengths along the first axis added up; the common type of all.

    Raises:
        TypeError: ``inputs`` is not a tuple or list of Tensors.
        ValueError: there is no Tensor, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(vstack([ms.Tensor([1, 2]), ms.Tensor([3, 4])]))
    [[1 2]
     [3 4]]
    """
    return concat(atleast_2d(_listed("vstack", inputs)), 0)


@forwards(vstack)
def row_stack(tensors):
    """Joined along the first axis: ``vstack``."""
    return vstack(tensors)


def dstack(tensors):
    """Tensors behind each other, along the third axis; those of fewer axes are brought to three by ``atleast_3d``.

    Args:
        tensors (tuple[Tensor] | list[Tensor]): the same shape but for the third axis.

    Returns:
        Tensor with the lengths along the third axis added up; the common type of all.

    Raises:
        TypeError: ``tensors`` is not a tuple or list of Tensors.
        ValueError: there is no Tensor, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(dstack([ms.Tensor([1, 2]), ms.Tensor([3, 4])]))
    [[[1 3]
      [2 4]]]
    """
    return concat(atleast_3d(_listed("dstack", tensors)), 2)


def column_stack(tensors):
    """Vectors as the columns of a matrix; matrices side by side.

    Args:
        tensors (tuple[Tensor] | list[Tensor]): the same length of the first axis.

    Returns:
        Tensor with the lengths along the second axis added up; the common type of all.

    Raises:
        TypeError: ``tensors`` is not a tuple or list of Tensors.
        ValueError: there is no Tensor, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(column_stack((ms.Tensor([1, 2]), ms.Tensor([3, 4]))))
    [[1 3]
     [2 4]]
    """
    return concat([reshape(x, (-1, 1)) if x.ndim < 2 else x for x in _listed("column_stack", tensors)], 1)


# ---------------------------------------------------------------- splits
def _sections(name, given):
    if isinstance(given, (int, np.integer)) and not isinstance(given, bool):
        if given <= 0:
            raise fail(ValueError, f"For '{name}', the number of pieces must be positive, but got {given}.")
        return int(given)
    if isinstance(given, (list, tuple)) and all(isinstance(k, int) for k in given):
        return tuple(given)
    raise fail(TypeError, f"For '{name}', 'indices_or_sections' must be an int or a tuple of ints, but got {given!r}.")


@method("tensor_split")
def tensor_split(input, indices_or_sections, axis=0):
    """Consecutive parts along an axis: a number of them of nearly equal length, or cut at given positions.

    Args:
        input (Tensor): any shape with at least one axis; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many parts, the first ones longer by one where needed;
            or the positions of the cuts.
        axis (int): the axis. Default: 0.

    Returns:
        Tuple of Tensors of the type of ``input``, views of it.

    Raises:
        TypeError: ``indices_or_sections`` is neither an int nor a tuple or list of ints, or ``axis`` is not an int.
        ValueError: there is no such axis, or the number of parts is not positive or more than memory can hold.

    >>> import minispore as ms
    >>> [p.tolist() for p in tensor_split(ms.Tensor([1, 2, 3, 4, 5]), 3)]
    [[1, 2], [3, 4], [5]]
    """
    a = axis_of("tensor_split", input.ndim, axis)
    n, sections = input.shape[a], _sections("tensor_split", indices_or_sections)
    if isinstance(sections, int):
        checks.held_in_memory("tensor_split", 72, indices_or_sections=sections)  # two ints and three places in lists
        q, r = divmod(n, sections)
        ends = [(k + 1) * q + min(k + 1, r) for k in range(sections)]
        starts = [0, *ends[:-1]]
    else:
        cuts = [min(max(k + n if k < 0 else k, 0), n) for k in sections]
        starts, ends = [0, *cuts], [*cuts, n]
    empty = slice_along(input, a, 0, 0) if n < len(ends) else None  # one for all: there may be a million of them
    return tuple(
        empty if e <= s and empty is not None else slice_along(input, a, s, max(e - s, 0)) for s, e in zip(starts, ends)
    )


@method("hsplit")
def hsplit(input, indices_or_sections):
    """``tensor_split`` along the second axis, of a vector along its only one.

    Args:
        input (Tensor): any shape with at least one axis; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many parts, or the positions of the cuts.

    Returns:
        Tuple of Tensors of the type of ``input``, views of it.

    Raises:
        TypeError: ``indices_or_sections`` is neither an int nor a tuple or list of ints.
        ValueError: there is no such axis, or the number of parts is not positive.

    >>> import minispore as ms
    >>> [p.tolist() for p in hsplit(ms.Tensor([[1, 2, 3], [4, 5, 6]]), (1,))]
    [[[1], [4]], [[2, 3], [5, 6]]]
    """
    return tensor_split(input, indices_or_sections, 0 if input.ndim == 1 else 1)


@method("vsplit")
def vsplit(input, indices_or_sections):
    """``tensor_split`` along the first axis.

    Args:
        input (Tensor): any shape with at least one axis; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many parts, or the positions of the cuts.

    Returns:
        Tuple of Tensors of the type of ``input``, views of it.

    Raises:
        TypeError: ``indices_or_sections`` is neither an int nor a tuple or list of ints.
        ValueError: there is no such axis, or the number of parts is not positive.

    >>> import minispore as ms
    >>> [p.tolist() for p in vsplit(ms.Tensor([[1, 2, 3], [4, 5, 6]]), 2)]
    [[[1, 2, 3]], [[4, 5, 6]]]
    """
    return tensor_split(input, indices_or_sections, 0)


@method("dsplit")
def dsplit(input, indices_or_sections):
    """``tensor_split`` along the third axis.

    Args:
        input (Tensor): any shape with at least three axes; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many parts, or the positions of the cuts.

    Returns:
        Tuple of Tensors of the type of ``input``, views of it.

    Raises:
        TypeError: ``indices_or_sections`` is neither an int nor a tuple or list of ints.
        ValueError: there is no such axis, or the number of parts is not positive.

    >>> import minispore as ms
    >>> [p.tolist() for p in dsplit(ms.Tensor([[[1, 2], [3, 4]]]), 2)]
    [[[[1], [3]]], [[[2], [4]]]]
    """
    return tensor_split(input, indices_or_sections, 2)


# ---------------------------------------------------------------- orders of axes
@method("moveaxis", "movedim")
def moveaxis(x, source, destination):
    """Axes moved to other places, the others in their order.

    Args:
        x (Tensor): any shape and type.
        source (int | tuple[int] | list[int]): the axes to move.
        destination (int | tuple[int] | list[int]): their places in the result.

    Returns:
        Tensor with the axes in the new order; the type of ``x``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there is no such axis, one is named twice, or the numbers of axes and places differ.

    >>> import minispore as ms
    >>> moveaxis(ms.ops.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    from_, to_ = ([axis_of("moveaxis", x.ndim, a) for a in ((g,) if isinstance(g, int) else g)]
                  for g in (source, destination))  # fmt: skip
    if len(from_) != len(to_) or len(set(from_)) < len(from_) or len(set(to_)) < len(to_):
        raise fail(
            ValueError,
            f"For 'moveaxis', as many different axes must be in 'source' and 'destination', but got {source} and {destination}.",
        )
    order = [a for a in range(x.ndim) if a not in from_]
    for place, a in sorted(zip(to_, from_)):
        order.insert(place, a)
    return transpose(x, tuple(order))


movedim = moveaxis


# ---------------------------------------------------------------- products and choices
def kron(input, other):
    """The Kronecker product: every element of ``input`` times ``other``, as blocks.

    Args:
        input (Tensor): any shape; numbers.
        other (Tensor): any shape; numbers; the one of fewer axes gets axes of length 1 in front.

    Returns:
        Tensor of the product of the lengths along each axis; the common type of the two.

    >>> import minispore as ms
    >>> print(kron(ms.Tensor([1, 2]), ms.Tensor([1, 10])))
    [ 1 10  2 20]
    """
    x, y = as_tensor(input), as_tensor(other)
    n = max(x.ndim, y.ndim)
    x, y = (reshape(t, (1,) * (n - t.ndim) + t.shape) for t in (x, y))
    apart = reshape(x, tuple(d for s in x.shape for d in (s, 1))) * reshape(
        y, tuple(d for s in y.shape for d in (1, s))
    )
    return reshape(apart, tuple(p * q for p, q in zip(x.shape, y.shape)))


def cartesian_prod(*inputs):
    """All combinations of one element of each vector, as the rows of a matrix.

    Args:
        *inputs (Tensor): vectors of one type.

    Returns:
        Tensor of shape (product of the lengths, number of vectors); the type of ``inputs``.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: an input is not a vector, or the types differ.

    >>> import minispore as ms
    >>> print(cartesian_prod(ms.Tensor([1, 2]), ms.Tensor([5, 6])))
    [[1 5]
     [1 6]
     [2 5]
     [2 6]]
    """
    xs = list(inputs)
    return stack([reshape(g, (-1,)) for g in (meshgrid(*xs, indexing="ij") if len(xs) > 1 else xs)], 1)


def combinations(input, r=2, with_replacement=False):
    """All choices of a number of elements of a vector, as the rows of a matrix.

    Args:
        input (Tensor): shape (n,); any type.
        r (int): how many elements a choice has. Default: 2.
        with_replacement (bool): whether an element may be chosen several times. Default: False.

    Returns:
        Tensor of shape (number of choices, r), in the order of the positions; the type of ``input``.

    Raises:
        ValueError: ``input`` is not a vector, or ``r`` is negative.

    >>> import minispore as ms
    >>> print(combinations(ms.Tensor([1, 2, 3])))
    [[1 2]
     [1 3]
     [2 3]]
    """
    if input.ndim != 1:
        raise fail(ValueError, f"For 'combinations', a vector is needed, but got the shape {input.shape}.")
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    at = np.array(list(choose(range(input.shape[0]), r)), np.int64).reshape(-1, r)
    return gather(input, fixed(at), 0) if at.size else reshape(slice_along(input, 0, 0, 0), (0, r))


def vander(x, N=None):
    """The Vandermonde matrix: the powers ``N - 1, ..., 1, 0`` of a vector as columns.

    Args:
        x (Tensor): shape (n,); numbers.
        N (int | None): how many columns. Default: None, n.

    Returns:
        Tensor of shape (n, N); the type of ``x``.

    >>> import minispore as ms
    >>> print(vander(ms.Tensor([2, 3]), 3))
    [[4 2 1]
     [9 3 1]]
    """
    n = x.shape[0] if N is None else N
    return expand_dims(x, 1) ** fixed(array_from(_falling, n, x.dtype.np, shape=(n,)))


def _falling(n: int, dtype) -> np.ndarray:
    return np.arange(n)[::-1].astype(dtype)


def vecdot(x, y, *, axis=-1):
    """The dot product along an axis: ``sum(conj(x) * y)``.

    Args:
        x (Tensor): any shape with the axis; numbers.
        y (Tensor): a shape that broadcasts against ``x``; numbers.
        axis (int): the axis of the sum. Default: -1.

    Returns:
        Tensor of the broadcast shape without ``axis``; the common type of the two.

    Raises:
        ValueError: the shapes do not broadcast, or there is no such axis.

    >>> import minispore as ms
    >>> print(vecdot(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), ms.Tensor([1.0, 10.0])))
    [21. 43.]
    """
    return (conjugated(x) * y).sum(axis)


def batch_dot(x1, x2, axes=None):
    """For each element of the first axis, the sum of products over one axis of each input.

    Args:
        x1 (Tensor): shape (N, ...) with at least two axes; numbers.
        x2 (Tensor): shape (N, ...) with at least two axes; numbers.
        axes (int | tuple[int] | None): the axes of the sum, of ``x1`` and of ``x2``, or one for both. Default: None,
            the last of ``x1`` and the last but one of ``x2`` (the last, if it has two axes).

    Returns:
        Tensor of the shape of ``x1`` without its axis, followed by that of ``x2`` without N and its axis; (N, 1) for
        two matrices; the common type of the two.

    Raises:
        TypeError: an axis is not an int.
        ValueError: N or the axes differ in length, an input has fewer than two axes, or an axis is the first.

    >>> import minispore as ms
    >>> print(batch_dot(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), ms.Tensor([[1.0, 1.0], [0.0, 10.0]])))
    [[ 3.]
     [40.]]
    """
    if x1.ndim < 2 or x2.ndim < 2 or x1.shape[0] != x2.shape[0]:
        raise fail(
            ValueError, f"For 'batch_dot', two batches of equal length are needed, but got {x1.shape} and {x2.shape}."
        )
    if axes is None:
        axes = (x1.ndim - 1, max(x2.ndim - 2, 1))
    a, b = (axes, axes) if isinstance(axes, int) else axes
    a, b = axis_of("batch_dot", x1.ndim, a), axis_of("batch_dot", x2.ndim, b)
    if 0 in (a, b) or x1.shape[a] != x2.shape[b]:
        raise fail(ValueError, f"For 'batch_dot', the axes {a} and {b} of {x1.shape} and {x2.shape} do not fit.")
    left, right = moveaxis(x1, a, -1), moveaxis(x2, b, 1)
    n, k = left.shape[0], left.shape[-1]
    out = reshape(left, (n, -1, k)) @ reshape(right, (n, k, -1))
    shape = left.shape[:-1] + right.shape[2:]
    return reshape(out, shape if len(shape) > 1 else (n, 1))


def trapz(y, x=None, *, dx=1.0, dim=-1):
    """The integral of samples along an axis by the trapezoid rule: ``sum((y[k] + y[k + 1]) / 2 * (x[k + 1] - x[k]))``.

    Args:
        y (Tensor): any shape with the axis; numbers; the samples.
        x (Tensor | None): the shape of ``y``, or a vector as long as the axis; where the samples are. Default: None,
            ``dx`` apart.
        dx (int | float): how far apart the samples are, without ``x``. Default: 1.0.
        dim (int): the axis. Default: -1.

    Returns:
        Tensor of the shape of ``y`` without ``dim``; floats.

    Raises:
        TypeError: ``y`` or ``x`` is not a Tensor, ``dx`` no number, or ``dim`` no int.
        ValueError: there is no such axis, or ``x`` does not fit ``y``.

    >>> import minispore as ms
    >>> print(trapz(ms.Tensor([1.0, 3.0, 3.0])), trapz(ms.Tensor([1.0, 3.0]), ms.Tensor([0.0, 4.0])))
    5.0 8.0
    """
    checks.tensor("trapz", y=y)
    checks.number("trapz", dx=dx)
    a = axis_of("trapz", y.ndim, dim)
    n = y.shape[a]
    if x is not None and checks.tensor("trapz", x=x).shape[-1 if x.ndim == 1 else a :][:1] != (n,):
        raise fail(
            ValueError, f"For 'trapz', 'x' must have one place for each of the {n} samples, but its shape is {x.shape}."
        )
    between = slice_along(y, a, 1, n - 1) + slice_along(y, a, 0, n - 1)
    if x is None:
        return between.sum(a) * (0.5 * dx)
    if x.ndim == 1:
        steps = slice_along(x, 0, 1, n - 1) - slice_along(x, 0, 0, n - 1)
        steps = reshape(steps, (-1,) + (1,) * (y.ndim - 1 - a))
    else:
        steps = slice_along(x, a, 1, n - 1) - slice_along(x, a, 0, n - 1)
    return (between * steps).sum(a) * 0.5


@method("view_as")
def view_as(input, other):
    """The elements of ``input`` in the shape of ``other``.

    Args:
        input (Tensor): any shape and type.
        other (Tensor): a Tensor of as many elements; its shape is taken.

    Returns:
        Tensor of the shape of ``other``; the type of ``input``.

    Raises:
        ValueError: the numbers of elements differ.

    >>> import minispore as ms
    >>> print(view_as(ms.Tensor([1, 2, 3, 4]), ms.ops.zeros((2, 2))))
    [[1 2]
     [3 4]]
    """
    return reshape(input, other.shape)


@method("sum_to_size")
def _sum_to_size(self, *size):
    """The sum over the axes that broadcasting a Tensor of another shape would repeat.

    Args:
        *size (int | tuple[int]): the shape of the result, as one argument or a length each.

    Returns:
        Tensor of that shape; the type of the Tensor.

    Raises:
        ValueError: that shape does not broadcast to the shape of the Tensor.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).sum_to_size(1, 2))
    [[4. 6.]]
    """
    from .reduction import sum_to

    return sum_to(self, size[0] if len(size) == 1 and not isinstance(size[0], int) else size)


def unravel_index(indices, dims):
    """Flat positions in the shape ``dims`` as rows of positions along its axes."""
    lengths = [int(d) for d in (dims.tolist() if isinstance(dims, Tensor) else dims)]
    rows, at = [], indices
    for k, d in enumerate(lengths):
        step = math.prod(lengths[k + 1 :])
        rows.append(at // step % d)
    return stack(rows, 0)


__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "batch_dot", "cartesian_prod", "column_stack", "combinations",
    "dsplit", "dstack", "hsplit", "hstack", "kron", "moveaxis", "movedim", "row_stack", "tensor_split", "trapz",
    "vander", "vecdot", "view_as", "vsplit", "vstack",
]  # fmt: skip
