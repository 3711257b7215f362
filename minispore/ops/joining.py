"""Putting Tensors side by side and taking them apart again: the stacks and splits with NumPy's names."""

import itertools
import math

import numpy as np

from ..core.errors import fail
from ..core.op import as_tensor, fixed
from ..core.tensor import Tensor
from .gathering import gather
from .matrix import meshgrid
from .methods import method
from .movement import axis_of, concat, expand_dims, reshape, slice_along, stack, transpose


# ---------------------------------------------------------------- at least so many axes
def _each(inputs, function):
    if isinstance(inputs, Tensor):
        return function(inputs)
    if not isinstance(inputs, (list, tuple)):
        return function(as_tensor(inputs))
    return tuple(function(as_tensor(x)) for x in inputs)


def atleast_1d(inputs):
    """``inputs`` (a Tensor, or a list of them) with at least one axis."""
    return _each(inputs, lambda x: reshape(x, (1,)) if x.ndim == 0 else x)


def atleast_2d(inputs):
    """``inputs`` with at least two axes; new ones come first."""
    return _each(inputs, lambda x: reshape(x, (1,) * (2 - x.ndim) + x.shape) if x.ndim < 2 else x)


def atleast_3d(inputs):
    """``inputs`` with at least three axes: () becomes (1, 1, 1), (n,) becomes (1, n, 1), (m, n) becomes (m, n, 1)."""
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

    >>> import minispore as ms
    >>> print(hstack([ms.Tensor([1, 2]), ms.Tensor([3])]))
    [1 2 3]
    """
    xs = atleast_1d(_listed("hstack", tensors))
    return concat(xs, 0 if xs[0].ndim == 1 else 1)


def vstack(inputs):
    """Tensors below each other, along the first axis; a vector is a row."""
    return concat(atleast_2d(_listed("vstack", inputs)), 0)


row_stack = vstack


def dstack(tensors):
    """Tensors behind each other, along the third axis."""
    return concat(atleast_3d(_listed("dstack", tensors)), 2)


def column_stack(tensors):
    """Vectors as the columns of a matrix; matrices side by side.

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
    """Views of pieces along ``axis``: so many, the first ones longer by one where needed, or cut at the given positions.

    >>> import minispore as ms
    >>> [p.shape[0] for p in tensor_split(ms.Tensor([1, 2, 3, 4, 5]), 3)]
    [2, 2, 1]
    """
    a = axis_of("tensor_split", input.ndim, axis)
    n, sections = input.shape[a], _sections("tensor_split", indices_or_sections)
    if isinstance(sections, int):
        q, r = divmod(n, sections)
        ends = [(k + 1) * q + min(k + 1, r) for k in range(sections)]
        starts = [0, *ends[:-1]]
    else:
        cuts = [min(max(k + n if k < 0 else k, 0), n) for k in sections]
        starts, ends = [0, *cuts], [*cuts, n]
    return tuple(slice_along(input, a, s, max(e - s, 0)) for s, e in zip(starts, ends))


@method("hsplit")
def hsplit(input, indices_or_sections):
    """``tensor_split`` along the second axis, of a vector along its only one."""
    return tensor_split(input, indices_or_sections, 0 if input.ndim == 1 else 1)


@method("vsplit")
def vsplit(input, indices_or_sections):
    """``tensor_split`` along the first axis."""
    return tensor_split(input, indices_or_sections, 0)


@method("dsplit")
def dsplit(input, indices_or_sections):
    """``tensor_split`` along the third axis."""
    return tensor_split(input, indices_or_sections, 2)


# ---------------------------------------------------------------- orders of axes
@method("moveaxis", "movedim")
def moveaxis(x, source, destination):
    """Axes ``source`` (one or several) moved to the places ``destination``, the others in their order.

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
    """Every element of ``input`` times ``other``, as blocks (Kronecker's product).

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
    """All combinations of one element of each vector, as the rows of a matrix."""
    xs = list(inputs)
    return xs[0] if len(xs) == 1 else stack([reshape(g, (-1,)) for g in meshgrid(*xs, indexing="ij")], 1)


def combinations(input, r=2, with_replacement=False):
    """All choices of ``r`` elements of a vector, as the rows of a matrix."""
    if input.ndim != 1:
        raise fail(ValueError, f"For 'combinations', a vector is needed, but got the shape {input.shape}.")
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    at = np.array(list(choose(range(input.shape[0]), r)), np.int64).reshape(-1, r)
    return gather(input, fixed(at), 0) if at.size else reshape(slice_along(input, 0, 0, 0), (0, r))


def vander(x, N=None):
    """The powers ``N - 1, ..., 0`` of the vector ``x`` as columns."""
    n = x.shape[0] if N is None else N
    powers = fixed(np.arange(n)[::-1].astype(x.dtype.np))
    return expand_dims(x, 1) ** powers


def vecdot(x, y, *, axis=-1):
    """The sum of ``x * y`` along ``axis``."""
    return (x * y).sum(axis)


def batch_dot(x1, x2, axes=None):
    """For each element of the first axis the sum of products over one axis of each: ``axes`` (a, b), b or a alone.

    By default the last axis of ``x1`` and the last but one of ``x2`` (the last, if it has two axes).
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
    """The integral of samples ``y`` along ``dim`` by the trapezoid rule, at positions ``x`` or ``dx`` apart."""
    a = axis_of("trapz", y.ndim, dim)
    n = y.shape[a]
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
    """``input`` in the shape of ``other``."""
    return reshape(input, other.shape)


@method("sum_to_size")
def _sum_to_size(self, *size):
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
