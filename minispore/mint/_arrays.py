"""``mint``: joins, splits, shapes, and elements by index."""

import numpy as np

from ..core.errors import fail
from ..core.tensor import Tensor
from ._forms import like, ops


@like(ops.diff)
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """Differences of neighbours along ``dim``, ``n`` times."""
    return ops.diff(input, n, dim, prepend, append)


# ---------------------------------------------------------------- shapes
@like(ops.concat)
def cat(tensors, dim=0):
    """Tensors one after the other along ``dim``."""
    return ops.concat(tensors, dim)


concat = cat


def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """Each value once, in ascending order.

    Args:
        input (Tensor): any shape.
        sorted (bool): no effect: they are sorted always. Default: True.
        return_inverse (bool): whether to return the place in the result of each element, too. Default: False.
        return_counts (bool): whether to return how often each occurs, too. Default: False.
        dim (int): the slices along this axis are compared, in place of the elements. Default: None.

    Returns:
        Tensor, or a tuple of it and what was asked for, int64.

    >>> import minispore as ms
    >>> print(*ms.mint.unique(ms.Tensor([3, 1, 3]), return_counts=True))
    [1 3] [1 2]
    """
    array = input.asnumpy()
    values, *more = np.unique(array, return_inverse=True, return_counts=True, axis=dim)
    inverse = more[0].reshape(array.shape if dim is None else -1)
    asked = [
        Tensor(x.astype(np.int64)) for x, wanted in ((inverse, return_inverse), (more[1], return_counts)) if wanted
    ]
    return (Tensor(values), *asked) if asked else Tensor(values)


@like(ops.stack)
def stack(tensors, dim=0):
    """Tensors of one shape along a new axis."""
    return ops.stack(tensors, dim)


@like(ops.split)
def split(tensor, split_size_or_sections, dim=0):
    """Chunks along ``dim``: of a given size, or of the listed sizes."""
    return ops.split(tensor, split_size_or_sections, dim)


@like(ops.chunk)
def chunk(input, chunks, dim=0):
    """At most ``chunks`` parts of equal size along ``dim``."""
    return ops.chunk(input, chunks, dim)


@like(ops.flatten)
def flatten(input, start_dim=0, end_dim=-1):
    """The axes from ``start_dim`` to ``end_dim`` as one.

    >>> import minispore as ms
    >>> flatten(ms.ops.zeros((2, 3, 4)), 1).shape
    (2, 12)
    """
    return ops.flatten(input, start_dim=start_dim, end_dim=end_dim)


@like(ops.squeeze)
def squeeze(input, dim=None):
    """Without the axes of length 1: all of them, or those of ``dim`` that have that length."""
    if dim is None:
        return ops.squeeze(input)
    given = (dim,) if isinstance(dim, int) else tuple(dim)
    single = tuple(d for d in given if input.shape[d] == 1)
    return ops.squeeze(input, single) if single else input


@like(ops.swapaxes)
def transpose(input, dim0, dim1):
    """Two axes exchanged."""
    return ops.swapaxes(input, dim0, dim1)


@like(ops.permute)
def permute(input, dims):
    """The axes in the order ``dims``."""
    return ops.permute(input, tuple(dims))


@like(ops.narrow)
def narrow(input, dim, start, length):
    """``length`` elements along ``dim`` from ``start`` on."""
    return ops.narrow(input, dim, start, length)


def select(input, dim, index):
    """The slice number ``index`` along ``dim``, without that axis.

    Args:
        input (Tensor): at least one axis; any type.
        dim (int): the axis.
        index (int): the position, negative ones from the end.

    Returns:
        Tensor of the shape of ``input`` without the axis ``dim``; its type.

    >>> import minispore as ms
    >>> print(select(ms.Tensor([[1, 2], [3, 4]]), 1, -1))
    [2 4]
    """
    n = input.shape[dim]
    return ops.squeeze(ops.narrow(input, dim, index + n if index < 0 else index, 1), dim)


@like(
    ops.where,
    args={"input": "(Tensor | number): where true; None with ``other``.", "other": "(Tensor | number): where false."},
)
def where(condition, input=None, other=None):
    """Elements of one of two; with a condition alone, where it is true, as an index along each axis."""
    if input is None and other is None:
        return ops.nonzero(condition, as_tuple=True)
    return ops.where(condition, input, other)


@like(ops.repeat_interleave)
def repeat_interleave(input, repeats, dim=None, *, output_size=None):
    """Every element of ``dim`` so many times in a row."""
    out = ops.repeat_interleave(input, repeats, dim)
    length = out.shape[0 if dim is None else dim]
    if output_size is not None and output_size != length:
        raise fail(ValueError, f"For 'repeat_interleave', 'output_size' must be {length}, but got {output_size}.")
    return out


@like(
    ops.meshgrid,
    args={
        "tensors": "(Tensor): vectors of one type; numbers.",
        "indexing": '(str): "ij": each vector runs along the axis of its place; "xy": the first two change places.'
        ' None for "ij".',
    },
    returns="tuple of as many Tensors, all of the shape of the grid; the type of ``tensors``.",
    example="""
    >>> import minispore as ms
    >>> print(*meshgrid(ms.Tensor([1, 2]), ms.Tensor([5, 6])))
    [[1 1]
     [2 2]] [[5 6]
     [5 6]]
    """,
)
def meshgrid(*tensors, indexing=None):
    """Each vector repeated along the axes of the others; "ij" by default."""
    return ops.meshgrid(*tensors, indexing=indexing or "ij")


def diag(input, diagonal=0):
    """A matrix with a vector on its diagonal, or the diagonal of a matrix.

    Args:
        input (Tensor): shape (n,) or (n, m); any type.
        diagonal (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of two axes of length ``n + |diagonal|``, or of one axis; the type of ``input``.

    >>> import minispore as ms
    >>> print(diag(ms.Tensor([1, 2])), diag(ms.Tensor([[1, 2], [3, 4]]), 1))
    [[1 0]
     [0 2]] [2]
    """
    return ops.diag_embed(input, diagonal) if input.ndim == 1 else ops.diagonal(input, diagonal)


def clone(input):
    """A copy, through which gradients flow.

    Args:
        input (Tensor): any shape; any type.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(clone(ms.Tensor([1.0, 2.0])))
    [1. 2.]
    """
    return ops.identity(input)


# ---------------------------------------------------------------- picking
@like(ops.gather_elements)
def gather(input, dim, index):
    """The elements at positions along ``dim`` that ``index`` gives, in its shape."""
    return ops.gather_elements(input, dim, index)


@like(ops.index_select)
def index_select(input, dim, index):
    """The slices along ``dim`` at ``index``."""
    return ops.index_select(input, dim, index)


def index_add(input, dim, index, source, *, alpha=1):
    """``input`` with ``alpha * source`` added to its slices along ``dim`` at ``index``.

    Args:
        input (Tensor): at least one axis; numbers.
        dim (int): the axis.
        index (Tensor): shape (n,); integers; positions along ``dim``.
        source (Tensor): the shape of ``input`` with ``n`` along ``dim``; the type of ``input``.
        alpha (number): what ``source`` is multiplied by. Default: 1.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(index_add(ms.Tensor([1.0, 2.0]), 0, ms.Tensor([1, 1]), ms.Tensor([3.0, 4.0]), alpha=2))
    [ 1. 16.]
    """
    return input.index_add(dim, index, source, alpha=alpha)


def scatter(input, dim, index, src):
    """``input`` with ``src`` at the positions ``index`` along ``dim``.

    Args:
        input (Tensor): at least one axis; numbers.
        dim (int): the axis.
        index (Tensor): as many axes as ``input``; integers; the position along ``dim`` of each element of ``src``.
        src (Tensor | number): the shape of ``index``; the type of ``input``; or one number for all.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(scatter(ms.Tensor([1.0, 2.0, 3.0]), 0, ms.Tensor([0, 2]), ms.Tensor([9.0, 8.0])))
    [9. 2. 8.]
    """
    return ops.tensor_scatter_elements(input, index, _filled(src, input, index), dim)


def scatter_add(input, dim, index, src):
    """``input`` with ``src`` added at the positions ``index`` along ``dim``.

    Args:
        input (Tensor): at least one axis; numbers.
        dim (int): the axis.
        index (Tensor): as many axes as ``input``; integers; the position along ``dim`` of each element of ``src``.
        src (Tensor | number): the shape of ``index``; the type of ``input``; or one number for all.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(scatter_add(ms.Tensor([1.0, 2.0, 3.0]), 0, ms.Tensor([0, 2]), ms.Tensor([9.0, 8.0])))
    [10.  2. 11.]
    """
    return ops.tensor_scatter_elements(input, index, _filled(src, input, index), dim, "add")


def _filled(src, input, index):
    return src if isinstance(src, Tensor) else ops.full(index.shape, src, dtype=input.dtype)
