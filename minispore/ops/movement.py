"""Movement: reshape, transpose, broadcast, slice are views; concat, pad and the like copy into regions."""

import builtins
import math

import numpy as np

from ..core import checks
from ..core.errors import fail
from ..core.layout import dense_strides
from ..core.op import apply as apply_op, as_tensor, broadcast_shapes, library, to, view
from ..core.samples import f
from ..core.tensor import Tensor
from .batch import all_full, next_axis, reshaped
from .methods import method

# ---------------------------------------------------------------- the four views


def _reshape_strides(strides, old, shape):
    """Strides (in elements) of the reshaped view, or None where the memory must be copied."""
    if 0 in old:
        return 0, dense_strides(shape)
    groups = [(d, s) for d, s in zip(old, strides) if d != 1]
    out = [0] * len(shape)
    axis = at = 0
    while at < len(groups):
        end, last = at + 1, axis + 1
        have, want = groups[at][0], shape[axis]
        while have != want:  # the smallest runs of old and of new axes that hold the same elements
            if have < want:
                if groups[end - 1][1] != groups[end][0] * groups[end][1]:
                    return None
                have *= groups[end][0]
                end += 1
            else:
                want *= shape[last]
                last += 1
        step = groups[end - 1][1]
        for a in range(last - 1, axis - 1, -1):
            out[a] = step
            step *= shape[a]
        at, axis = end, last
    return 0, tuple(out)


_reshape = view("reshape", lambda x, shape: x.reshape(shape), lambda s, shape: shape,
                lambda strides, old, shape: _reshape_strides(strides, old, shape),
                vjp=lambda g, out, x, shape: reshape(g, x.shape),
                batch=lambda op, size, xs, _, at: [op(xs[0], shape=(size, *at["shape"]))],
                write_back=lambda base, new, shape: reshape(new, base.shape),
                samples=[(f(2, 3, 4), {"shape": (6, 4)}), (f(2, 3), {"shape": (3, 2)}), (f(1), {"shape": ()})])  # fmt: skip
_transpose = view("transpose", lambda x, perm: x.transpose(perm), lambda s, perm: tuple(s[p] for p in perm),
                  lambda strides, old, perm: (0, tuple(strides[p] for p in perm)),
                  vjp=lambda g, out, x, perm: _transpose(g, perm=tuple(int(p) for p in np.argsort(perm))),
                  batch=lambda op, size, xs, _, at: [op(xs[0], perm=(0, *(p + 1 for p in at["perm"])))],
                  write_back=lambda base, new, perm: _transpose(new, perm=tuple(int(p) for p in np.argsort(perm))),
                  samples=[(f(2, 3, 4), {"perm": (2, 0, 1)}), (f(2, 3), {"perm": (1, 0)})])  # fmt: skip


def _broadcast_batch(op, size, xs, _, at):
    x, shape = xs[0], at["shape"]
    aligned = reshaped(x, size, *(1,) * (len(shape) - x.ndim + 1), *x.shape[1:])
    return [op(aligned, shape=(size, *shape))]


def _write_to_broadcast(base, new, shape):
    raise fail(
        RuntimeError,
        f"A Tensor broadcast from {base.shape} to {shape} cannot be changed in place: copy it first, x.copy().",
    )


_broadcast = view("broadcast_to", lambda x, shape: np.broadcast_to(x, shape), lambda s, shape: shape,
                  lambda strides, old, shape: (0, tuple(
                      0 if d == 1 and n != 1 else s
                      for d, s, n in zip((1,) * (len(shape) - len(old)) + old, (0,) * (len(shape) - len(old)) + strides, shape))),
                  vjp=lambda g, out, x, shape: g,  # the backward walk sums it to x's shape
                  batch=_broadcast_batch, write_back=_write_to_broadcast,
                  samples=[(f(3, 1), {"shape": (2, 3, 4)}), (f(), {"shape": (2, 2)})])  # fmt: skip


def _slice_key(begin, step, size):
    return tuple(
        builtins.slice(b, (b + st * n) if b + st * n >= 0 else None, st) if n else builtins.slice(0, 0)
        for b, st, n in zip(begin, step, size)
    )


def _slice_batch(op, size, xs, _, at):
    return [op(xs[0], begin=(0, *at["begin"]), step=(1, *at["step"]), size=(size, *at["size"]))]


_slice = view("slice", lambda x, begin, step, size: x[_slice_key(begin, step, size)],
              lambda s, begin, step, size: size,
              lambda strides, old, begin, step, size: (
                  sum(b * s for b, s in zip(begin, strides)), tuple(st * s for st, s in zip(step, strides))),
              vjp=lambda g, out, x, begin, step, size: slice_update(zeros_of(g, x.shape), g, begin=begin, step=step),
              batch=_slice_batch,
              write_back=lambda base, new, begin, step, size: slice_update(base, new, begin=begin, step=step),
              samples=[(f(4, 5), {"begin": (1, 0), "step": (1, 2), "size": (2, 3)}),
                       (f(4, 5), {"begin": (3, 1), "step": (-1, 1), "size": (4, 3)})])  # fmt: skip


# ---------------------------------------------------------------- regions: the one way to write into part of a Tensor
def _put_numpy(x, v, begin, step):
    out = np.array(x)
    out[_slice_key(begin, step, v.shape)] = v
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
    samples=[(f(4, 5), f(2, 3), {"begin": (1, 0), "step": (1, 2)})],
)  # fmt: skip


def _concat_numpy(*arrays, axis):
    return (np.concatenate(arrays, axis),)


def _concat_infer(*values, axis):
    first = values[0]
    return [(first.shape[:axis] + (sum(v.shape[axis] for v in values),) + first.shape[axis + 1 :], first.dtype)]


def _concat_lower(build, node):
    axis, at = node.attrs["axis"], 0
    out = build.output(node)
    for v in node.inputs:
        begin = tuple(at if a == axis else 0 for a in range(len(v.shape)))
        build.copy(build.operand(v), out.sliced(begin, (1,) * len(begin), v.shape))
        at += v.shape[axis]


def _concat_vjp(needs, grads, outs, inputs, axis):
    out, at = [], 0
    for need, x in zip(needs, inputs):
        begin = tuple(at if a == axis else 0 for a in range(x.ndim))
        out.append(_slice(grads[0], begin=begin, step=(1,) * x.ndim, size=x.shape) if need else None)
        at += x.shape[axis]
    return out


_concat = library("concat", _concat_numpy, _concat_infer, _concat_lower, vjp=_concat_vjp, batch=next_axis,
                  samples=[(f(2, 3), f(2, 2), {"axis": 1}), (f(1, 3), f(2, 3), f(1, 3), {"axis": 0})])  # fmt: skip


def zeros_of(x, shape):
    """Zeros of ``x``'s type: a broadcast scalar, no memory."""
    from ..core.op import literal

    return _broadcast(literal(0, x.dtype), shape=tuple(shape))


# ---------------------------------------------------------------- functions
def shape_of(given) -> tuple[int, ...]:
    """A shape from an int, a tuple, a list or a Tensor."""
    if isinstance(given, Tensor):
        given = given.tolist()
    if isinstance(given, (int, np.integer)):
        given = (given,)
    return tuple(int(d) for d in given)


def axis_of(name: str, ndim: int, axis: int) -> int:
    checks.instance(name, (int, np.integer), axis=axis)
    if not -ndim <= axis < ndim:
        raise fail(ValueError, f"For '{name}', 'axis' must be in [{-ndim}, {ndim}), but got {axis}.")
    return int(axis) % ndim


def reshape(input, shape):
    """The same elements in a new shape.

    Args:
        input (Tensor): any shape and type.
        shape (int | tuple[int] | list[int] | Tensor): the new shape; one length may be -1 and is computed.

    Returns:
        Tensor of that shape; the type of ``input``.

    Raises:
        ValueError: the shape does not hold the elements of ``input``.

    >>> import minispore as ms
    >>> reshape(ms.Tensor([[1, 2, 3], [4, 5, 6]]), (3, -1)).shape
    (3, 2)
    """
    x = as_tensor(input)
    new = list(shape_of(shape))
    if new.count(-1) == 1:
        known = math.prod(d for d in new if d != -1)
        if known and x.size % known == 0:
            new[new.index(-1)] = x.size // known
    if any(d < 0 for d in new) or math.prod(new) != x.size:
        raise fail(
            ValueError, f"For 'reshape', the shape {tuple(shape_of(shape))} does not fit an input of shape {x.shape}."
        )
    if tuple(new) == x.shape:
        return x
    return _reshape(x, shape=tuple(new))


@method("reshape", "view")
def _tensor_reshape(self, *shape):
    """The same elements in a new shape.

    Args:
        *shape (int | tuple[int] | list[int] | Tensor): the new shape, as one argument or a length each; one length may
            be -1 and is computed.

    Returns:
        Tensor of that shape; the type of the Tensor.

    Raises:
        ValueError: the shape does not hold the elements.

    >>> import minispore as ms
    >>> ms.Tensor([[1, 2, 3], [4, 5, 6]]).reshape(3, -1).shape
    (3, 2)
    """
    return reshape(self, shape[0] if len(shape) == 1 else shape)


def transpose(input, input_perm):
    """The axes in another order.

    Args:
        input (Tensor): any shape and type.
        input_perm (tuple[int] | list[int] | Tensor): for each axis of the result, the axis of ``input`` that it is.

    Returns:
        Tensor with the lengths of ``input`` in that order; the type of ``input``.

    Raises:
        ValueError: ``input_perm`` does not name each axis once.

    >>> import minispore as ms
    >>> transpose(ms.ops.zeros((2, 3, 4)), (1, 2, 0)).shape
    (3, 4, 2)
    """
    perm = shape_of(input_perm)
    n = input.ndim
    if (
        len(perm) != n
        or sorted(p % n if n else p for p in perm) != list(range(n))
        or any(not -n <= p < n for p in perm)
    ):
        raise fail(ValueError, f"For 'transpose', {perm} is no order of the axes of a Tensor of shape {input.shape}.")
    perm = tuple(p % n for p in perm)
    return input if perm == tuple(range(n)) else _transpose(input, perm=perm)


def permute(input, axis):
    """The axes in another order: the same as ``transpose``.

    Args:
        input (Tensor): any shape and type.
        axis (tuple[int] | list[int] | Tensor): for each axis of the result, the axis of ``input`` that it is.

    Returns:
        Tensor with the lengths of ``input`` in that order; the type of ``input``.

    Raises:
        ValueError: ``axis`` does not name each axis once.

    >>> import minispore as ms
    >>> permute(ms.ops.zeros((2, 3, 4)), (1, 2, 0)).shape
    (3, 4, 2)
    """
    return transpose(input, axis)


@method("permute")
def _tensor_permute(self, *axis):
    """The axes in another order.

    Args:
        *axis (int | tuple[int] | list[int]): for each axis of the result, the axis of the Tensor that it is, as one
            argument or one each.

    Returns:
        Tensor with the lengths in that order; the type of the Tensor.

    Raises:
        ValueError: ``axis`` does not name each axis once.

    >>> import minispore as ms
    >>> ms.ops.zeros((2, 3, 4)).permute(1, 2, 0).shape
    (3, 4, 2)
    """
    return transpose(self, axis[0] if len(axis) == 1 and not isinstance(axis[0], int) else axis)


@method("transpose")
def _tensor_transpose(self, *axes, dim0=None, dim1=None):
    """Two axes exchanged, called as ``(dim0, dim1)``; or all axes in another order.

    Args:
        *axes (int | tuple[int] | list[int]): two ints are the axes to exchange; otherwise for each axis of the result
            the axis of the Tensor that it is, as one argument or one each; none: in the reverse order.
        dim0 (int): the first of the two axes. Default: None.
        dim1 (int): the second of them. Default: None.

    Returns:
        Tensor with the lengths in that order; the type of the Tensor.

    Raises:
        ValueError: ``axes`` do not name each axis once, or there is no such axis.

    >>> import minispore as ms
    >>> x = ms.ops.zeros((2, 3, 4))
    >>> x.transpose(1, 2, 0).shape, x.transpose(0, 1).shape
    ((3, 4, 2), (3, 2, 4))
    """
    if dim0 is not None or dim1 is not None or (len(axes) == 2 and all(isinstance(a, int) for a in axes)):
        return swapaxes(self, *axes, **{k: v for k, v in (("axis0", dim0), ("axis1", dim1)) if v is not None})
    return _tensor_permute(self, *axes) if axes else transpose(self, tuple(range(self.ndim))[::-1])


@method("swapaxes")
def swapaxes(input, axis0, axis1):
    """Two axes exchanged.

    Args:
        input (Tensor): any shape and type.
        axis0 (int): one axis.
        axis1 (int): the other.

    Returns:
        Tensor with the lengths of the two exchanged; the type of ``input``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> swapaxes(ms.ops.zeros((2, 3, 4)), 0, -1).shape
    (4, 3, 2)
    """
    perm = list(range(input.ndim))
    a, b = axis_of("swapaxes", input.ndim, axis0), axis_of("swapaxes", input.ndim, axis1)
    perm[a], perm[b] = b, a
    return transpose(input, tuple(perm))


swapdims = swapaxes
Tensor.T = property(lambda self: transpose(self, tuple(range(self.ndim))[::-1]))  # type: ignore[attr-defined]
Tensor.mT = property(lambda self: swapaxes(self, -1, -2))  # type: ignore[attr-defined]


@method("broadcast_to", "expand")
def broadcast_to(input, shape, *more):
    """Repeated to a larger shape by the rule of broadcasting, without a copy.

    Args:
        input (Tensor): any shape and type.
        shape (int | tuple[int] | list[int] | Tensor): the new shape, or its first length; -1 keeps a length.
        *more (int): the other lengths, if ``shape`` is the first.

    Returns:
        Tensor of that shape; the type of ``input``.

    Raises:
        ValueError: ``input`` does not broadcast to that shape.

    >>> import minispore as ms
    >>> print(broadcast_to(ms.Tensor([1, 2]), (2, -1)))
    [[1 2]
     [1 2]]
    """
    new = shape_of((shape, *more) if more else shape)
    x = as_tensor(input)
    offset = len(new) - x.ndim
    new = tuple(x.shape[a - offset] if d == -1 and a >= offset else d for a, d in enumerate(new))
    if new == x.shape:
        return x
    if offset < 0 or broadcast_shapes("broadcast_to", [x.shape, new]) != new:
        raise fail(ValueError, f"For 'broadcast_to', a Tensor of shape {x.shape} does not broadcast to {new}.")
    return _broadcast(x, shape=new)


@method("expand_as", "broadcast_as")
def expand_as(input, other):
    """Repeated to the shape of another Tensor by the rule of broadcasting.

    Args:
        input (Tensor): any shape and type.
        other (Tensor): its shape is taken.

    Returns:
        Tensor of the shape of ``other``; the type of ``input``.

    Raises:
        ValueError: ``input`` does not broadcast to that shape.

    >>> import minispore as ms
    >>> print(expand_as(ms.Tensor([1, 2]), ms.Tensor([[0, 0], [0, 0]])))
    [[1 2]
     [1 2]]
    """
    return broadcast_to(input, other.shape)


@method("expand_dims", "unsqueeze")
def expand_dims(input, axis):
    """A new axis of length 1.

    Args:
        input (Tensor): any shape and type.
        axis (int | tuple[int]): where in the result the axis is, or where several are.

    Returns:
        Tensor with that axis; the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is outside [-ndim - 1, ndim].

    >>> import minispore as ms
    >>> expand_dims(ms.ops.zeros((2, 3)), 1).shape
    (2, 1, 3)
    """
    x = as_tensor(input)
    for a in sorted(
        axis_of("expand_dims", x.ndim + 1, a) for a in (axis if isinstance(axis, (tuple, list)) else (axis,))
    ):
        x = reshape(x, x.shape[:a] + (1,) + x.shape[a:])
    return x


def unsqueeze(input, dim):
    """A new axis of length 1: the same as ``expand_dims``.

    Args:
        input (Tensor): any shape and type.
        dim (int): where in the result the axis is.

    Returns:
        Tensor with that axis; the type of ``input``.

    Raises:
        TypeError: ``dim`` is not an int.
        ValueError: ``dim`` is outside [-ndim - 1, ndim].

    >>> import minispore as ms
    >>> unsqueeze(ms.ops.zeros((2, 3)), 1).shape
    (2, 1, 3)
    """
    return expand_dims(input, dim)


@method("squeeze")
def squeeze(input, axis=None):
    """Without axes of length 1.

    Args:
        input (Tensor): any shape and type.
        axis (int | tuple[int] | list[int] | None): the axes to leave out; those of another length stay. Default: None,
            all axes of length 1.

    Returns:
        Tensor without these axes; the type of ``input``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> squeeze(ms.ops.zeros((1, 2, 1))).shape
    (2,)
    """
    x = as_tensor(input)
    if axis is None:
        return reshape(x, tuple(d for d in x.shape if d != 1))
    drop = {axis_of("squeeze", x.ndim, a) for a in (axis if isinstance(axis, (tuple, list)) else (axis,))}
    return reshape(x, tuple(d for a, d in enumerate(x.shape) if a not in drop or d != 1))


def flatten(input, order="C", *, start_dim=1, end_dim=-1):
    """Several axes as one.

    Args:
        input (Tensor): any shape and type.
        order (str): "C", rows first; or "F", as "C" after the order of all axes is reversed. Default: "C".
        start_dim (int): the first of the axes. Default: 1.
        end_dim (int): the last of them. Default: -1.

    Returns:
        Tensor with these axes as one, of shape (1,) for a number; the type of ``input``.

    Raises:
        TypeError: an axis is not an int.
        ValueError: ``order`` is unknown, there is no such axis, or the first comes after the last.

    >>> import minispore as ms
    >>> flatten(ms.ops.zeros((2, 3, 4))).shape
    (2, 12)
    """
    if order not in ("C", "F"):
        raise fail(ValueError, f"For 'flatten', 'order' must be 'C' or 'F', but got {order!r}.")
    x = as_tensor(input)
    if order == "F":
        x = transpose(x, tuple(range(x.ndim))[::-1]) if x.ndim > 1 else x
    if x.ndim <= 1:
        return reshape(x, (x.size,)) if x.ndim == 0 else x
    a, b = axis_of("flatten", x.ndim, start_dim), axis_of("flatten", x.ndim, end_dim)
    if a > b:
        raise fail(ValueError, f"For 'flatten', 'start_dim' {start_dim} comes after 'end_dim' {end_dim}.")
    return reshape(x, x.shape[:a] + (math.prod(x.shape[a : b + 1]),) + x.shape[b + 1 :])


@method("flatten")
def _tensor_flatten(self, order="C", *end, start_dim=0, end_dim=-1):
    """Several axes as one, by default all.

    Args:
        order (str | int): "C", rows first; or "F", as "C" after the order of all axes is reversed; an int is
            ``start_dim``. Default: "C".
        *end (int): ``end_dim``, after ``start_dim`` by position.
        start_dim (int): the first of the axes. Default: 0.
        end_dim (int): the last of them. Default: -1.

    Returns:
        Tensor with these axes as one, of shape (1,) for a number; the type of the Tensor.

    Raises:
        TypeError: an axis is not an int.
        ValueError: ``order`` is unknown, there is no such axis, or the first comes after the last.

    >>> import minispore as ms
    >>> ms.ops.zeros((2, 3, 4)).flatten().shape
    (24,)
    """
    if isinstance(order, int) and not isinstance(order, bool):  # flatten(start_dim, end_dim)
        order, start_dim, end_dim = "C", order, end[0] if end else end_dim
    return flatten(self, order, start_dim=start_dim, end_dim=end_dim)


@method("ravel")
def ravel(input):
    """All axes as one.

    Args:
        input (Tensor): any shape and type.

    Returns:
        Tensor of shape (number of elements,); the type of ``input``.

    >>> import minispore as ms
    >>> print(ravel(ms.Tensor([[1, 2], [3, 4]])))
    [1 2 3 4]
    """
    return reshape(input, (-1,))


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
        ValueError: the block reaches out of ``input_x``.

    >>> import minispore as ms
    >>> print(slice(ms.Tensor([[1, 2, 3], [4, 5, 6]]), (0, 1), (-1, 1)))
    [[2]
     [5]]
    """
    begin, size = shape_of(begin), shape_of(size)
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
            TypeError, f"For 'concat', 'tensors' must be a tuple or list of Tensors, but got {type(tensors).__name__}."
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
    return xs[0] if len(xs) == 1 else _concat(*xs, axis=a)


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
    xs = [as_tensor(t) for t in tensors]
    if any(x.shape != xs[0].shape for x in xs):
        raise fail(ValueError, f"For 'stack', all shapes must be equal, but got {[t.shape for t in xs]}.")
    return concat([expand_dims(x, axis if axis >= 0 else axis + x.ndim + 1) for x in xs], axis)


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
        size = int(split_size_or_sections)
        if size <= 0:
            raise fail(ValueError, f"For 'split', the size must be positive, but got {size}.")
        sizes = [min(size, n - at) for at in range(0, n, size)]
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


@method("tile")
def tile(input, dims, *more):
    """The whole Tensor several times along each axis.

    Args:
        input (Tensor): any shape and type.
        dims (int | tuple[int] | list[int] | Tensor): how often along each axis, or along the first of ``dims, *more``;
            counted from the last axis, with new axes in front if there are more numbers than axes.
        *more (int): the other numbers, if ``dims`` is the first.

    Returns:
        Tensor of the lengths of ``input`` times ``dims``; the type of ``input``.

    Raises:
        ValueError: a number is negative.

    >>> import minispore as ms
    >>> print(tile(ms.Tensor([1, 2]), (2, 2)))
    [[1 2 1 2]
     [1 2 1 2]]
    """
    reps = shape_of((dims, *more) if more else dims)
    x = as_tensor(input)
    rank = max(len(reps), x.ndim)
    reps = (1,) * (rank - len(reps)) + reps
    own = (1,) * (rank - x.ndim) + x.shape
    apart = [d for n, s in zip(reps, own) for d in (1, s)]
    wide = [d for n, s in zip(reps, own) for d in (n, s)]
    return reshape(broadcast_to(reshape(x, apart), wide), tuple(n * s for n, s in zip(reps, own)))


@method("repeat_interleave")
def repeat_interleave(input, repeats, axis=None):
    """Every element of an axis several times in a row.

    Args:
        input (Tensor): any shape and type.
        repeats (int | tuple[int] | list[int] | Tensor): how often, for all or for each element of the axis.
        axis (int | None): the axis. Default: None, the flattened Tensor.

    Returns:
        Tensor of the shape of ``input`` with ``axis`` longer; the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, or ``repeats`` is negative.

    >>> import minispore as ms
    >>> print(repeat_interleave(ms.Tensor([1, 2]), (1, 3), 0))
    [1 2 2 2]
    """
    x = as_tensor(input)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    a = axis_of("repeat_interleave", x.ndim, axis)
    given = (int(repeats),) if isinstance(repeats, (int, np.integer)) else shape_of(repeats)
    if any(n < 0 for n in given) or len(given) not in (1, x.shape[a]):
        raise fail(
            ValueError,
            "For 'repeat_interleave', 'repeats' must be a number of repetitions, at least 0, or one for each of the "
            f"{x.shape[a]} elements of the axis {axis}, but got {given if len(given) < 9 else (*given[:8], '...')}.",
        )
    if not isinstance(repeats, (int, np.integer)):
        counts = given
        if len(counts) == 1:
            return repeat_interleave(x, counts[0], a)
        if len(counts) != x.shape[a] or min(counts, default=0) < 0:
            raise fail(
                ValueError,
                f"For 'repeat_interleave', 'repeats' must hold {x.shape[a]} counts, none negative, but got {counts}.",
            )
        return concat([repeat_interleave(slice_along(x, a, k, 1), n, a) for k, n in enumerate(counts)], a)
    wide = broadcast_to(expand_dims(x, a + 1), x.shape[: a + 1] + (int(repeats),) + x.shape[a + 1 :])
    return reshape(wide, x.shape[:a] + (x.shape[a] * int(repeats),) + x.shape[a + 1 :])


def repeat_elements(x, rep, axis=0):
    """Every element of an axis several times in a row.

    Args:
        x (Tensor): any shape and type.
        rep (int): how often.
        axis (int): the axis. Default: 0.

    Returns:
        Tensor of the shape of ``x`` with ``axis`` ``rep`` times as long; the type of ``x``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, or ``rep`` is negative.

    >>> import minispore as ms
    >>> print(repeat_elements(ms.Tensor([1, 2]), 2))
    [1 1 2 2]
    """
    return repeat_interleave(x, rep, axis)


@method("flip")
def flip(input, dims):
    """The order along axes reversed.

    Args:
        input (Tensor): any shape and type.
        dims (int | tuple[int] | list[int]): the axes.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(flip(ms.Tensor([[1, 2], [3, 4]]), (1,)))
    [[2 1]
     [4 3]]
    """
    axes = {axis_of("flip", input.ndim, d) for d in shape_of(dims)}
    begin = tuple(d - 1 if a in axes and d else 0 for a, d in enumerate(input.shape))
    return _slice(input, begin=begin, step=tuple(-1 if a in axes else 1 for a in range(input.ndim)), size=input.shape)


@method("roll")
def roll(input, shifts, dims=None):
    """Elements moved along axes; what leaves at the end comes in at the beginning.

    Args:
        input (Tensor): any shape and type.
        shifts (int | tuple[int] | list[int]): how far, for each axis of ``dims``; may be negative.
        dims (int | tuple[int] | list[int] | None): the axes, as many as ``shifts``. Default: None, the
            flattened Tensor.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(roll(ms.Tensor([1, 2, 3, 4]), 1))
    [4 1 2 3]
    """
    x = input
    if dims is None:
        return reshape(roll(reshape(x, (-1,)), shifts, 0), x.shape)
    for s, d in zip(shape_of(shifts), shape_of(dims)):
        a = axis_of("roll", x.ndim, d)
        n = x.shape[a]
        s = s % n if n else 0
        if s:
            x = concat([slice_along(x, a, n - s, s), slice_along(x, a, 0, n - s)], a)
    return x


def pad_constant(x, before, after, value=0):
    """``x`` surrounded by ``value``: ``before[a]`` and ``after[a]`` elements along each axis (negative cuts)."""
    from ..core.op import literal

    if any(p < 0 for p in (*before, *after)):
        begin = tuple(-p if p < 0 else 0 for p in before)
        size = tuple(d - b - (-q if q < 0 else 0) for d, b, q in zip(x.shape, begin, after))
        x = _slice(x, begin=begin, step=(1,) * x.ndim, size=size)
        before, after = [p if p > 0 else 0 for p in before], [p if p > 0 else 0 for p in after]
    if not any(before) and not any(after):
        return x
    base = _broadcast(literal(value, x.dtype), shape=tuple(d + p + q for d, p, q in zip(x.shape, before, after)))
    return slice_update(base, x, begin=tuple(before), step=(1,) * x.ndim)


def pad(input_x, padding, mode="constant", value=None):
    """More elements before and after the last axes.

    Args:
        input_x (Tensor): any shape and type.
        padding (tuple[int] | list[int] | Tensor): how many before and after the last axis, then the one before it, and
            so on; in the mode "constant" negative numbers cut.
        mode (str): "constant"; "reflect", the elements mirrored at the edge, which is not repeated; "replicate", the
            element at the edge; "circular", the elements of the other end. Default: "constant".
        value (int | float | None): what is added in the mode "constant"; other modes do not use it. Default: None, 0.

    Returns:
        Tensor with the axes longer by that; the type of ``input_x``.

    Raises:
        ValueError: ``mode`` is unknown, ``padding`` does not fit the axes, or a reflection is longer than its axis.

    >>> import minispore as ms
    >>> print(pad(ms.Tensor([[1, 2, 3]]), (1, 1), "reflect"), pad(ms.Tensor([[1, 2, 3]]), (0, 1)))
    [[2 1 2 3 2]] [[1 2 3 0]]
    """
    p = shape_of(padding)
    if len(p) % 2 or len(p) // 2 > input_x.ndim:
        raise fail(ValueError, f"For 'pad', {p} does not fit a Tensor of {input_x.ndim} axes.")
    n = input_x.ndim
    before, after = [0] * n, [0] * n
    for k in range(len(p) // 2):
        before[n - 1 - k], after[n - 1 - k] = p[2 * k], p[2 * k + 1]
    if mode == "constant":
        return pad_constant(input_x, before, after, 0 if value is None else value)
    if mode not in ("reflect", "replicate", "circular"):
        raise fail(
            ValueError, f"For 'pad', 'mode' must be 'constant', 'reflect', 'replicate' or 'circular', but got {mode!r}."
        )
    x = input_x
    for a in range(n):
        if before[a] or after[a]:
            x = _pad_axis(x, a, before[a], after[a], mode)
    return x


def _pad_axis(x, a, p, q, mode):
    n = x.shape[a]
    parts = [x]
    if mode == "replicate":
        first, last = slice_along(x, a, 0, 1), slice_along(x, a, n - 1, 1)
        repeated = lambda part, k: broadcast_to(part, part.shape[:a] + (k,) + part.shape[a + 1 :])
        parts = ([repeated(first, p)] if p else []) + parts + ([repeated(last, q)] if q else [])
    elif mode == "reflect":
        if p >= n or q >= n:
            raise fail(
                ValueError, f"For 'pad', a reflection of {max((p, q))} needs an axis longer than that, but got {n}."
            )
        parts = ([slice_along(x, a, p, p, -1)] if p else []) + parts + ([slice_along(x, a, n - 2, q, -1)] if q else [])
    else:
        parts = ([slice_along(x, a, n - p, p)] if p else []) + parts + ([slice_along(x, a, 0, q)] if q else [])
    return concat(parts, a)


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


__all__ = [
    "broadcast_to", "cat", "chunk", "concat", "expand_as", "expand_dims", "flatten", "flip", "narrow", "pad",
    "permute", "ravel", "repeat_elements", "repeat_interleave", "reshape", "roll", "slice", "split", "squeeze",
    "stack", "strided_slice", "swapaxes", "swapdims", "tile", "transpose", "unbind", "unsqueeze", "unstack",
]  # fmt: skip
