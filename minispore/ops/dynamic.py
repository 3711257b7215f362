"""Ops whose result has a shape that depends on values: a call that meets one runs op by op, not as one graph."""

import math

import numpy as np

from ..core.dtype import float32, int64
from ..core.errors import fail
from ..core.op import apply, as_tensor, broadcast_shapes, evaluate, fixed, to
from ..core.record import STATE
from ..core.tensor import Tensor
from .creation import positions
from .distinct import first_seen, first_seen_by_sorting
from .elementwise import less, select
from .histograms import value_counts
from .methods import method
from .movement import axis_of, broadcast_to, reshape
from .rows import concrete_array, gather_rows

SHORT = 256  # elements up to which NumPy finds those that are not 0 faster than it compares them
FEW = 8192  # elements up to which NumPy's reading by a mask takes less time than by positions


def _made(array, dtype=None):
    return fixed(np.ascontiguousarray(array if dtype is None else array.astype(dtype.np)))


@method("nonzero")
def nonzero(input, *, as_tuple=False):
    """Positions of the elements that are not 0.

    Args:
        input (Tensor): at least one axis; numbers or bool.
        as_tuple (bool): whether the positions come as one Tensor for each axis. Default: False.

    Returns:
        Tensor of shape (n, ndim) for n such elements; int64; or a tuple of ndim Tensors of shape (n,).

    Raises:
        ValueError: ``input`` has no axis.

    >>> import minispore as ms
    >>> print(nonzero(ms.Tensor([0, 3, 0, 5])))
    [[1]
     [3]]
    """
    array = concrete_array(input, "nonzero", "ops.where")
    if array.ndim == 0:
        raise fail(ValueError, "For 'nonzero', the input must have at least one axis.")
    found = _positions(array)
    return tuple(map(_made, found.T)) if as_tuple else fixed(found)


def _positions(array):
    """The positions (n, ndim) of the elements that are not 0: from those in flat memory, which NumPy finds several times faster."""
    if array.ndim == 1 and array.size <= SHORT:
        return array.nonzero()[0].reshape(-1, 1)
    flat = (array if array.dtype == np.bool_ else array.astype(np.bool_)).ravel().nonzero()[0]
    if array.ndim == 1:
        return flat.reshape(-1, 1)
    found = np.empty((flat.size, array.ndim), np.int64)
    for axis in range(array.ndim - 1, 0, -1):
        rest = flat // max(array.shape[axis], 1)
        found[:, axis] = flat - rest * array.shape[axis]
        flat = rest
    found[:, 0] = flat
    return found


@method("argwhere")
def argwhere(input):
    """Positions of the elements that are not 0.

    Args:
        input (Tensor): at least one axis; numbers or bool.

    Returns:
        Tensor of shape (n, ndim) for n such elements; int64.

    Raises:
        ValueError: ``input`` has no axis.

    >>> import minispore as ms
    >>> print(argwhere(ms.Tensor([[0, 3], [5, 0]])))
    [[0 1]
     [1 0]]
    """
    return nonzero(input)


@method("masked_select")
def masked_select(input, mask):
    """The elements where ``mask`` holds, one after the other.

    Args:
        input (Tensor): any shape; numbers.
        mask (Tensor): a shape that broadcasts; bool.

    Returns:
        Tensor of shape (n,) for n such elements; the type of ``input``.

    Raises:
        TypeError: ``mask`` is not a bool Tensor.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(masked_select(ms.Tensor([1.0, 2.0, 3.0]), ms.Tensor([True, False, True])))
    [1. 3.]
    """
    x = as_tensor(input)
    if not isinstance(mask, Tensor) or mask.dtype.name != "bool":
        raise fail(
            TypeError, f"For 'MaskedSelect', 'mask' must be a bool Tensor, but got {getattr(mask, 'dtype', mask)!r}."
        )
    shape = broadcast_shapes("MaskedSelect", [x.shape, mask.shape])
    keep = concrete_array(mask, "masked_select", "ops.where or ops.masked_fill")
    if STATE.recorder is None and math.prod(shape) <= FEW:  # no gradient is asked for
        array, keep = (a if a.shape == shape else np.broadcast_to(a, shape) for a in (x._array(), keep))
        return fixed(array.ravel().compress(keep.ravel()))
    keep = np.broadcast_to(keep, shape)
    at = _made(np.flatnonzero(keep), int64)
    return reshape(gather_rows(reshape(broadcast_to(x, shape), (1, -1 if keep.size else 0, 1)), at), (at.size,))


def unique(input):
    """The different elements, in the order in which they first come.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        tuple of two Tensors: the n different elements, of shape (n,) and the type of ``input``; and for each position
        of ``input`` the number of its element, of its shape, int64 for an int64 ``input``, else int32.

    >>> import minispore as ms
    >>> values, inverse = unique(ms.Tensor([3, 1, 3]))
    >>> print(values, inverse)
    [3 1] [0 1 0]
    """
    array = concrete_array(input, "unique", "ops.unsorted_segment_sum or ops.bincount outside")
    values, inverse = _distinct(array)
    return _made(values), _made(inverse.reshape(np.shape(array) if input.ndim else ()))


def _distinct(array):
    """(the different elements, the number of its own for each element of the flat array), in the order in which they first come."""
    flat = np.ascontiguousarray(array).ravel()
    values, inverse, count = first_seen_by_sorting(flat) if flat.dtype.kind == "c" else evaluate(first_seen, [flat], {})
    return values[: count[0]].copy(), inverse


def unique_with_pad(x, pad_num):
    """The different elements of a vector, filled up to its length.

    Args:
        x (Tensor): shape (n,); numbers.
        pad_num (number): what fills up.

    Returns:
        tuple of two Tensors of shape (n,): the different elements in the order in which they first come, then
        ``pad_num``, in the type of ``x``; and for each position the number of its element, int64 for an int64 ``x``,
        else int32.

    >>> import minispore as ms
    >>> values, inverse = unique_with_pad(ms.Tensor([3, 1, 3]), 0)
    >>> print(values, inverse)
    [3 1 0] [0 1 0]
    """
    if x.ndim != 1:
        raise fail(ValueError, f"For 'unique_with_pad', a vector is needed, but got the shape {x.shape}.")
    values, number, count = apply(first_seen, [x], {})
    return select(less(positions(x.size, 0, 1), count), values, to(as_tensor(pad_num), x.dtype)), number


def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None):
    """The elements (or slices along an axis) that differ from the one before.

    Args:
        input (Tensor): any shape; numbers.
        return_inverse (bool): whether the number of its element is returned for each position. Default: False.
        return_counts (bool): whether the lengths of the runs are returned. Default: False.
        dim (int): the axis of the slices; None for the elements of the flattened ``input``. Default: None.

    Returns:
        Tensor of the n elements, or of ``input``'s shape with n along ``dim``; its type. On request a tuple of it, the
        numbers (the shape of ``input``, or its length along ``dim``) and the counts (n,), both int64.

    >>> import minispore as ms
    >>> print(unique_consecutive(ms.Tensor([1, 1, 2, 1])))
    [1 2 1]
    >>> print(*unique_consecutive(ms.Tensor([1, 1, 2, 1]), True, True))
    [1 2 1] [0 0 1 2] [2 1 1]
    """
    array = concrete_array(input, "unique_consecutive", "it outside")
    shape = array.shape
    if dim is None:
        array = array.reshape(-1)
    a = 0 if dim is None else axis_of("unique_consecutive", array.ndim, dim)
    lines = array if dim is None else np.moveaxis(array, a, 0).reshape(array.shape[a], -1)
    new = np.ones(len(lines), np.bool_)
    different = lines[1:] != lines[:-1]
    new[1:] = different if dim is None else different.any(1)
    out = [_made(array.compress(new, a))]
    if return_inverse:
        inverse = np.cumsum(new) - 1
        out.append(_made(inverse.reshape(shape) if dim is None else inverse, int64))
    if return_counts:
        out.append(_made(np.diff(np.append(np.flatnonzero(new), len(lines))), int64))
    return out[0] if len(out) == 1 else tuple(out)


@method("bincount")
def bincount(input, weights=None, minlength=0):
    """How often each of 0, 1, 2, ... comes, or with what sum of weights.

    Args:
        input (Tensor): shape (n,); integers; negative ones are left out.
        weights (Tensor): shape (n,); numbers, what each element counts; None for 1. Default: None.
        minlength (int): least length of the result. Default: 0.

    Returns:
        Tensor of shape (max(largest element + 1, minlength),); float32.

    Raises:
        TypeError: ``input`` is not a vector of integers.
        ValueError: ``minlength`` is negative or no int, or ``weights`` has another shape.

    >>> import minispore as ms
    >>> print(bincount(ms.Tensor([1, 1, 3])))
    [0. 2. 0. 1.]
    """
    array = concrete_array(input, "bincount", "ops.unsorted_segment_sum")
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise fail(
            TypeError,
            f"For 'bincount', a 1-d Tensor of integers is needed, but got {input.dtype} of shape {input.shape}.",
        )
    if not isinstance(minlength, (int, np.integer)) or minlength < 0:
        raise fail(
            ValueError, f"For 'bincount', 'minlength' must be an int that is not negative, but got {minlength!r}."
        )
    if weights is not None and weights.shape != input.shape:
        raise fail(ValueError, f"For 'bincount', 'weights' must have the shape {input.shape}, but got {weights.shape}.")
    w = None if weights is None else concrete_array(weights, "bincount", "ops.unsorted_segment_sum")
    if w is None and array.size >= value_counts.compiled_from and array.min() >= 0:
        size = max(int(array.max()) + 1, int(minlength))
        if size <= array.size:  # a power of 2, as each size is compiled once
            return _made(evaluate(value_counts, [array], {"size": 1 << (size - 1).bit_length()})[0][:size])
    try:
        return _made(np.bincount(array, w, int(minlength)), float32)
    except ValueError:  # negative numbers
        keep = array >= 0
        return _made(np.bincount(array[keep], None if w is None else w[keep], int(minlength)), float32)


@method("unique")
def _tensor_unique(self, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """The different elements in ascending order.

    Args:
        sorted (bool): accepted, without effect: the elements are in order in any case. Default: True.
        return_inverse (bool): whether the number of its element is returned for each position. Default: False.
        return_counts (bool): whether it is returned how often each comes. Default: False.
        dim (int): the axis whose slices are compared; None for the elements of the flattened Tensor. Default: None.

    Returns:
        Tensor of the n elements, or with n slices along ``dim``; the Tensor's type. On request a tuple of it, the
        numbers (the Tensor's shape, or its length along ``dim``) and the counts (n,), both int64.

    >>> import minispore as ms
    >>> print(*ms.Tensor([3, 1, 3]).unique(return_inverse=True, return_counts=True))
    [1 3] [1 0 1] [1 2]
    """
    array = concrete_array(self, "unique", "it outside")
    values, inverse, counts = np.unique(array, return_inverse=True, return_counts=True, axis=dim)
    out = [_made(values)]
    if return_inverse:
        out.append(_made(inverse.reshape(array.shape if dim is None else -1), int64))
    if return_counts:
        out.append(_made(counts, int64))
    return out[0] if len(out) == 1 else tuple(out)


method("unique_with_pad")(unique_with_pad)
method("unique_consecutive")(unique_consecutive)


def is_nonzero(input):
    """Whether the one element of a Tensor is not 0.

    Args:
        input (Tensor | number): one element; number or bool.

    Returns:
        bool.

    Raises:
        ValueError: ``input`` has several elements or none.

    >>> import minispore as ms
    >>> is_nonzero(ms.Tensor([2.0])), is_nonzero(ms.Tensor(0))
    (True, False)
    """
    return bool(to(as_tensor(input), as_tensor(True).dtype))


__all__ = [
    "argwhere", "bincount", "is_nonzero", "masked_select", "nonzero", "unique", "unique_consecutive",
    "unique_with_pad",
]  # fmt: skip
