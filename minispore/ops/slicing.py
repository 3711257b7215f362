"""Parts of a Tensor by start, stop and step: read as views, and written."""

import builtins

import numpy as np

from ..core.errors import fail
from ..core.op import apply as apply_op, library, literal, view
from ..core.record import STATE
from ..core.samples import f
from .batch import all_full
from .methods import method
from .movement import _broadcast, axis_of, shape_of


def slice_key(begin, step, size):
    return tuple(
        builtins.slice(b, (b + st * n) if b + st * n >= 0 else None, st) if n else builtins.slice(0, 0)
        for b, st, n in zip(begin, step, size)
    )


def _slice_batch(op, size, xs, _, at):
    return [op(xs[0], begin=(0, *at["begin"]), step=(1, *at["step"]), size=(size, *at["size"]))]


_slice = view("slice", lambda x, begin, step, size: x[slice_key(begin, step, size)],
              lambda s, begin, step, size: size,
              lambda strides, old, begin, step, size: (
                  sum(b * s for b, s in zip(begin, strides)), tuple(st * s for st, s in zip(step, strides))),
              vjp=lambda g, out, x, begin, step, size: slice_update(zeros_of(g, x.shape), g, begin=begin, step=step),
              batch=_slice_batch,
              write_back=lambda base, new, begin, step, size: slice_update(base, new, begin=begin, step=step),
              samples=[(f(4, 5), {"begin": (1, 0), "step": (1, 2), "size": (2, 3)}),
                       (f(4, 5), {"begin": (3, 1), "step": (-1, 1), "size": (4, 3)})])  # fmt: skip


def owned(result, x):
    """``result`` with memory of its own, where it is ``x`` or a view of it: as MindSpore has it of ops that only sometimes move data."""
    if STATE.recorder is not None:
        return result.copy() if result is x or result._view is not None else result
    return result.copy() if np.may_share_memory(result._array(), x._array()) else result


def _put_numpy(x, v, begin, step):
    out = np.array(x)
    out[slice_key(begin, step, v.shape)] = v
    return (out,)


def _put_lower(build, node):
    x, v = node.inputs
    out = build.output(node)
    build.copy(build.operand(x), out)
    build.copy(build.operand(v), out.sliced(node.attrs["begin"], node.attrs["step"], v.shape))


slice_update = library(
    "slice_update", _put_numpy, lambda x, v, begin, step: [(x.shape, x.dtype)], _put_lower,
    vjp=(lambda g, out, x, v, begin, step: slice_update(g, zeros_of(g, v.shape), begin=begin, step=step),
         lambda g, out, x, v, begin, step: _slice(g, begin=begin, step=step, size=v.shape)),
    batch=lambda op, size, xs, batched, at: apply_op(
        op, all_full(size, xs, batched), {"begin": (0, *at["begin"]), "step": (1, *at["step"])}),
    samples=[(f(4, 5), f(2, 3), {"begin": (1, 0), "step": (1, 2)})], takes_complex=True,
)  # fmt: skip


def zeros_of(x, shape):
    """Zeros of ``x``'s type: a broadcast scalar, no memory."""
    return _broadcast(literal(0, x.dtype), shape=tuple(shape))


def slice_along(x, axis, begin, size, step=1):
    """``size`` elements of ``axis`` from ``begin``: the building block of split, chunk, narrow."""
    begins = tuple(begin if a == axis else 0 for a in range(x.ndim))
    steps = tuple(step if a == axis else 1 for a in range(x.ndim))
    sizes = tuple(size if a == axis else d for a, d in enumerate(x.shape))
    return _slice(x, begin=begins, step=steps, size=sizes)


def basic_slice(x, begin, step, size):
    return (
        x
        if size == x.shape and not any(begin) and all(s == 1 for s in step)
        else _slice(x, begin=begin, step=step, size=size)
    )


def slice(input_x, begin, size):
    """A block of a Tensor: so many elements of each axis, from a beginning.

    Args:
        input_x (Tensor): any shape and type.
        begin (tuple[int] | list[int] | Tensor): the first position along each axis.
        size (tuple[int] | list[int] | Tensor): the length of the block along each axis; -1: to the end.

    Returns:
        Tensor of the shape ``size``; the type of ``input_x``.

    Raises:
        TypeError: ``begin`` or ``size`` holds something else than ints.
        ValueError: they are not as long as ``input_x`` has axes, or the block reaches out of it.

    >>> import minispore as ms
    >>> print(slice(ms.Tensor([[1, 2, 3], [4, 5, 6]]), (0, 1), (-1, 1)))
    [[2]
     [5]]
    """
    begin, size = shape_of(begin), shape_of(size)
    if not len(begin) == len(size) == input_x.ndim:
        raise fail(
            ValueError,
            f"For 'slice', 'begin' and 'size' must hold an int for each axis of the shape {input_x.shape}, but got "
            f"{begin} and {size}.",
        )
    size = tuple(d - b if n == -1 else n for d, b, n in zip(input_x.shape, begin, size))
    if any(b < 0 or n < 0 or b + n > d for d, b, n in zip(input_x.shape, begin, size)):
        raise fail(ValueError, f"For 'slice', begin {begin} and size {size} leave the shape {input_x.shape}.")
    return basic_slice(input_x, begin, (1,) * input_x.ndim, size)


@method("narrow")
def narrow(input, axis, start, length):
    """A part of one axis.

    Args:
        input (Tensor): any shape and type.
        axis (int): the axis.
        start (int): the first position, not negative.
        length (int): how many positions.

    Returns:
        Tensor of the shape of ``input`` with ``axis`` of that length; the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, or the part reaches out of it.

    >>> import minispore as ms
    >>> print(narrow(ms.Tensor([1, 2, 3, 4]), 0, 1, 2))
    [2 3]
    """
    a = axis_of("narrow", input.ndim, axis)
    if not 0 <= start <= start + length <= input.shape[a]:
        raise fail(
            ValueError, f"For 'narrow', [{start}, {start + length}) leaves the axis {a} of the shape {input.shape}."
        )
    return slice_along(input, a, start, length)


def strided_slice(
    input_x, begin, end, strides, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0
):
    """``input_x[begin:end:strides]`` along the leading axes, as indexing writes it.

    Bit k of a mask is about entry k of ``begin``, ``end`` and ``strides``.

    Args:
        input_x (Tensor): any shape and type.
        begin (tuple[int] | list[int] | Tensor): where each slice begins.
        end (tuple[int] | list[int] | Tensor): where each slice ends, not included.
        strides (tuple[int] | list[int] | Tensor): the step of each slice, may be negative.
        begin_mask (int): the entries that begin at the first element. Default: 0.
        end_mask (int): the entries that end after the last element. Default: 0.
        ellipsis_mask (int): the entry that stands for ``...``. Default: 0.
        new_axis_mask (int): the entries that are a new axis of length 1. Default: 0.
        shrink_axis_mask (int): the entries that are the index ``begin``, without the axis. Default: 0.

    Returns:
        Tensor of the part; the type of ``input_x``.

    Raises:
        IndexError: an index is out of range, or there are more entries than axes.

    >>> import minispore as ms
    >>> print(strided_slice(ms.Tensor([[1, 2, 3], [4, 5, 6]]), (0, 0), (2, 3), (1, 2)))
    [[1 3]
     [4 6]]
    """
    key: list = []
    for k, (b, e, s) in enumerate(zip(shape_of(begin), shape_of(end), shape_of(strides))):
        if ellipsis_mask >> k & 1:
            key.append(Ellipsis)
        elif new_axis_mask >> k & 1:
            key.append(None)
        elif shrink_axis_mask >> k & 1:
            key.append(b)
        else:
            key.append(builtins.slice(None if begin_mask >> k & 1 else b, None if end_mask >> k & 1 else e, s))
    return input_x[tuple(key)]


__all__ = ["narrow", "slice", "strided_slice"]
