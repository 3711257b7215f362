"""Concatenation and stacking, and the splits that undo them."""

import math
from functools import cache

import numpy as np

from ..core.errors import fail
from ..core.kernel import KernelSource, devices_used
from ..core.op import as_tensor, library, to
from ..core.registry import supplies
from ..core.samples import f
from ..core.sizes import whole
from ..core.tensor import Tensor
from .batch import next_axis
from .methods import method
from .movement import axis_of, expand_dims, reshape
from .slicing import _slice, owned, slice_along


def _concat_numpy(*arrays, axis):
    return (np.concatenate(arrays, axis),)


def _concat_infer(*values, axis):
    first = values[0]
    return [(first.shape[:axis] + (sum(v.shape[axis] for v in values),) + first.shape[axis + 1 :], first.dtype)]


MOST_PARTS = 16  # that one kernel joins
SHORT, SMALL = 256, 1 << 18  # elements of a row of a part, and bytes of a result whose cache lines hold several of them
LARGE = 1 << 21  # bytes of a result that leaves the second cache: writing it part after part takes longer


@cache
def _join_rows(parts: int, dtype: str) -> KernelSource:
    """The kernel that makes each row of ``out`` of a row of each part, so that memory is written in order; [lo, hi) are rows."""
    params = [("out", f"{dtype}*"), ("row", "int")]
    lines = ["    for r in range(lo, hi):", "        target = shift(out, r * row)"]
    for k in range(parts):
        params += [(f"x{k}", f"{dtype}*"), (f"n{k}", "int"), (f"at{k}", "int")]
        lines.append(f"        copy_row(shift(x{k}, r * n{k}), shift(target, at{k}), n{k})")
    body = "\n".join(lines)
    return KernelSource(f"join_rows_{parts}", tuple(params), body, (), ("contract",), tuple(devices_used(body)))


@cache
def _join_elements(parts: int, dtype: str) -> KernelSource:
    """The same for rows of one element of each part, which vectors put side by side; [lo, hi) are rows."""
    params = [("out", f"{dtype}*"), *((f"x{k}", f"{dtype}*") for k in range(parts))]
    lines = ["    for r in range(lo, hi):", *(f"        out[r * {parts} + {k}] = x{k}[r]" for k in range(parts))]
    return KernelSource(f"join_elements_{parts}", tuple(params), "\n".join(lines), (), ("contract",))


def _concat_lower(build, node):
    axis, at = node.attrs["axis"], 0
    out = build.output(node)
    copied = []
    inner = math.prod(out.shape[axis + 1 :])
    for v in node.inputs:
        begin = tuple(at if a == axis else 0 for a in range(len(v.shape)))
        part, source = out.sliced(begin, (1,) * len(begin), v.shape), build.operand(v)
        if not source.is_same_place(part):  # it may have been computed there
            copied.append((source, part, at * inner, v.shape[axis] * inner))
        at += v.shape[axis]
    rows = math.prod(out.shape[:axis])
    dense = all(source.is_dense and not source.is_index for source, *_ in copied)
    size = out.size * out.dtype.itemsize
    short = max((count for *_, count in copied), default=0) <= SHORT
    single = at * inner == len(copied)  # one element of each part
    if (
        (single or size >= (SMALL if short else LARGE))
        and dense
        and rows > 1
        and 2 <= len(copied) <= MOST_PARTS
        and out.dtype.itemsize <= 8
    ):
        kind = f"uint{8 * out.dtype.itemsize}"
        if single:
            source, arguments = _join_elements(len(copied), kind), [out, *(part for part, *_ in copied)]
        else:
            source, arguments = _join_rows(len(copied), kind), [out, at * inner]
            for part, _, begin, count in copied:
                arguments += [part, count, begin]
        build.call(source, node, arguments, extent=rows, writes=[out], cost=node.outs[0].size)
        return
    for source, part, *_ in copied:
        build.copy(source, part)


def _concat_vjp(needs, grads, outs, inputs, axis):
    out, at = [], 0
    for need, x in zip(needs, inputs):
        begin = tuple(at if a == axis else 0 for a in range(x.ndim))
        out.append(_slice(grads[0], begin=begin, step=(1,) * x.ndim, size=x.shape) if need else None)
        at += x.shape[axis]
    return out


_concat = library("concat", _concat_numpy, _concat_infer, _concat_lower, vjp=_concat_vjp, batch=next_axis, takes_complex=True,
                  samples=[(f(2, 3), f(2, 2), {"axis": 1}), (f(1, 3), f(2, 3), f(1, 3), {"axis": 0})])  # fmt: skip


def concat(tensors, axis=0):
    """Tensors one after the other along an axis they have.

    Args:
        tensors (tuple[Tensor] | list[Tensor]): the same shape but for the length of ``axis``.
        axis (int): the axis. Default: 0.

    Returns:
        Tensor with the lengths along ``axis`` added up; the common type of all.

    Raises:
        TypeError: ``tensors`` is not a tuple or list, or ``axis`` not an int.
        ValueError: there is no Tensor or no such axis, or the shapes differ along another one.

    >>> import minispore as ms
    >>> print(concat((ms.Tensor([1, 2]), ms.Tensor([3]))))
    [1 2 3]
    """
    if isinstance(tensors, Tensor) or not isinstance(tensors, (tuple, list)):
        raise fail(
            TypeError,
            f"For 'concat', 'tensors' must be a tuple or list of Tensors, but got {type(tensors).__name__}: write (a, b).",
        )
    xs = [as_tensor(t) for t in tensors]
    if not xs:
        raise fail(ValueError, "For 'concat', at least one Tensor is needed.")
    from ..core.dtype import promote

    dtype = xs[0].dtype
    for x in xs[1:]:
        dtype = promote(dtype, x.dtype)
    a = axis_of("concat", xs[0].ndim, axis)
    for x in xs[1:]:
        if x.ndim != xs[0].ndim or any(p != q for k, (p, q) in enumerate(zip(x.shape, xs[0].shape)) if k != a):
            raise fail(
                ValueError,
                f"For 'concat', the shapes may differ along the axis {a} only, but got {[t.shape for t in xs]}.",
            )
    xs = [to(x, dtype) for x in xs]
    return owned(xs[0], as_tensor(tensors[0])) if len(xs) == 1 else _concat(*xs, axis=a)


cat = concat


def stack(tensors, axis=0):
    """Tensors one after the other along a new axis.

    Args:
        tensors (tuple[Tensor] | list[Tensor]): all of one shape.
        axis (int): where in the result the new axis is. Default: 0.

    Returns:
        Tensor of that shape with the new axis, as long as there are Tensors; the common type of all.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no Tensor or no such axis, or the shapes differ.

    >>> import minispore as ms
    >>> print(stack((ms.Tensor([1, 2]), ms.Tensor([3, 4])), 1))
    [[1 3]
     [2 4]]
    """
    xs = [tensors] if isinstance(tensors, Tensor) else [as_tensor(t) for t in tensors]
    if any(x.shape != xs[0].shape for x in xs):
        raise fail(ValueError, f"For 'stack', all shapes must be equal, but got {[t.shape for t in xs]}.")
    made = concat([expand_dims(x, axis if axis >= 0 else axis + x.ndim + 1) for x in xs], axis)
    return owned(made, xs[0]) if len(xs) == 1 else made


@supplies("stacked sequence")
def _stacked(items):
    """One Tensor of some Tensors and numbers; the numbers take the type of the first Tensor."""
    dtype = next(item.dtype for item in items if isinstance(item, Tensor))
    return stack([item if isinstance(item, Tensor) else Tensor(item, dtype) for item in items])


@method("split")
def split(tensor, split_size_or_sections, axis=0):
    """Consecutive parts along an axis, without a copy.

    Args:
        tensor (Tensor): any shape and type.
        split_size_or_sections (int | tuple[int] | list[int]): the length of each part (the last may be shorter), or the
            lengths of the parts.
        axis (int): the axis. Default: 0.

    Returns:
        Tuple of Tensors of the type of ``tensor``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, the length is not positive, or the lengths do not add up to that of the axis.

    >>> import minispore as ms
    >>> [part.tolist() for part in split(ms.Tensor([1, 2, 3, 4, 5]), 2)]
    [[1, 2], [3, 4], [5]]
    """
    a = axis_of("split", tensor.ndim, axis)
    n = tensor.shape[a]
    if isinstance(split_size_or_sections, (int, np.integer)):
        size = whole(split_size_or_sections)
        if size <= 0:
            raise fail(ValueError, f"For 'split', the size must be positive, but got {size}.")
        count = -(-n // size)
        sizes = [size] * (count - 1) + [n - size * (count - 1)] * (count > 0)
    else:
        sizes = list(split_size_or_sections)
        if sum(sizes) != n:
            raise fail(ValueError, f"For 'split', the sizes {sizes} must add up to {n}, the length of the axis {a}.")
    out, at = [], 0
    for s in sizes:
        out.append(slice_along(tensor, a, at, s))
        at += s
    return tuple(out)


@method("chunk")
def chunk(input, chunks, axis=0):
    """A number of parts of equal length along an axis; the last may be shorter, and there may be fewer.

    Args:
        input (Tensor): any shape and type.
        chunks (int): how many parts at most.
        axis (int): the axis. Default: 0.

    Returns:
        Tuple of Tensors of the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, or ``chunks`` is negative.

    >>> import minispore as ms
    >>> [part.tolist() for part in chunk(ms.Tensor([1, 2, 3, 4, 5]), 3)]
    [[1, 2], [3, 4], [5]]
    """
    n = input.shape[axis_of("chunk", input.ndim, axis)]
    return split(input, -(-n // chunks), axis)


@method("unbind")
def unbind(input, dim=0):
    """The slices along an axis, without that axis.

    Args:
        input (Tensor): any shape and type.
        dim (int): the axis. Default: 0.

    Returns:
        Tuple of as many Tensors as ``dim`` is long; the type of ``input``.

    Raises:
        TypeError: ``dim`` is not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> [part.tolist() for part in unbind(ms.Tensor([[1, 2], [3, 4]]), 1)]
    [[1, 3], [2, 4]]
    """
    a = axis_of("unbind", input.ndim, dim)
    rest = input.shape[:a] + input.shape[a + 1 :]
    return tuple(reshape(slice_along(input, a, k, 1), rest) for k in range(input.shape[a]))


def unstack(input_x, axis=0):
    """The slices along an axis, without that axis: the same as ``unbind``.

    Args:
        input_x (Tensor): any shape and type.
        axis (int): the axis. Default: 0.

    Returns:
        Tuple of as many Tensors as ``axis`` is long; the type of ``input_x``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> [part.tolist() for part in unstack(ms.Tensor([[1, 2], [3, 4]]), 1)]
    [[1, 3], [2, 4]]
    """
    return unbind(input_x, axis)


__all__ = [
    "cat", "chunk", "concat", "split", "stack", "unbind", "unstack",
]  # fmt: skip
