"""Movement: reshape, transpose, broadcast and slice, which are views, and the write into a region."""

import math

import numpy as np

from ..core import checks
from ..core.errors import fail
from ..core.forwarding import forwards
from ..core.layout import dense_strides
from ..core.op import as_tensor, broadcast_shapes, view
from ..core.samples import f
from ..core.sizes import index
from ..core.tensor import Tensor
from .batch import reshaped
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


# ---------------------------------------------------------------- functions
def shape_of(given) -> tuple[int, ...]:
    """A shape from an int, a tuple, a list or a Tensor."""
    if type(given) is tuple:
        for d in given:
            if type(d) is not int:
                break
        else:
            return given
    if isinstance(given, Tensor):
        given = given.tolist()
    if isinstance(given, (int, np.integer)):
        given = (given,)
    if isinstance(given, (set, frozenset, dict)):
        raise fail(
            TypeError, f"A shape must be a tuple or list of ints, but got {type(given).__name__}: it has no order."
        )
    return tuple(int(d) if isinstance(d, Tensor) else index(d) for d in given)  # no float is cut to an int


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
    new, size = list(shape_of(shape)), x.size
    if new.count(-1) == 1:
        known = math.prod(d for d in new if d != -1)
        if known and size % known == 0:
            new[new.index(-1)] = size // known
    if any(d < 0 for d in new) or math.prod(new) != size:
        raise fail(
            ValueError, f"For 'reshape', the shape {tuple(shape_of(shape))} does not fit an input of shape {x.shape}."
        )
    if tuple(new) == x.shape:
        return x
    return _reshape(x, shape=tuple(new))


@method("reshape", "view")
def _tensor_reshape(self, *lengths, shape=None):
    """The same elements in a new shape.

    Args:
        *lengths (int | tuple[int] | list[int] | Tensor): the new shape, as one argument or a length each; one length may
            be -1 and is computed.
        shape (tuple[int] | list[int]): the new shape by name. Default: None.

    Returns:
        Tensor of that shape; the type of the Tensor.

    Raises:
        ValueError: the shape does not hold the elements.

    >>> import minispore as ms
    >>> ms.Tensor([[1, 2, 3], [4, 5, 6]]).reshape(3, -1).shape
    (3, 2)
    """
    if shape is not None and not lengths:
        return reshape(self, shape)
    return reshape(self, lengths[0] if len(lengths) == 1 else lengths)


def transpose(input, dims):
    """The axes in another order.

    Args:
        input (Tensor): any shape and type.
        dims (tuple[int] | list[int] | Tensor): for each axis of the result, the axis of ``input`` that it is.

    Returns:
        Tensor with the lengths of ``input`` in that order; the type of ``input``.

    Raises:
        ValueError: ``dims`` does not name each axis once.

    >>> import minispore as ms
    >>> transpose(ms.ops.zeros((2, 3, 4)), (1, 2, 0)).shape
    (3, 4, 2)
    """
    perm = shape_of(dims)
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
def _tensor_permute(self, *axis, dims=None):
    """The axes in another order.

    Args:
        *axis (int | tuple[int] | list[int]): for each axis of the result, the axis of the Tensor that it is, as one
            argument or one each; none: in the reverse order.
        dims (tuple[int] | list[int]): the same by name. Default: None.

    Returns:
        Tensor with the lengths in that order; the type of the Tensor.

    Raises:
        ValueError: ``axis`` does not name each axis once.

    >>> import minispore as ms
    >>> ms.ops.zeros((2, 3, 4)).permute(1, 2, 0).shape
    (3, 4, 2)
    """
    if not axis and dims is not None:
        axis = (dims,)
    order = axis[0] if len(axis) == 1 and not isinstance(axis[0], int) else axis
    return transpose(self, order or tuple(range(self.ndim))[::-1])


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


@forwards(swapaxes)
def swapdims(input, dim0, dim1):
    """Two axes exchanged: ``swapaxes``."""
    return swapaxes(input, dim0, dim1)


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
def expand_dims(input_x, axis):
    """A new axis of length 1.

    Args:
        input_x (Tensor): any shape and type.
        axis (int | tuple[int]): where in the result the axis is, or where several are.

    Returns:
        Tensor with that axis; the type of ``input_x``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is outside [-ndim - 1, ndim].

    >>> import minispore as ms
    >>> expand_dims(ms.ops.zeros((2, 3)), 1).shape
    (2, 1, 3)
    """
    x = as_tensor(input_x)
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
    if axis is None or axis == ():
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


__all__ = [
    "broadcast_to",
    "expand_as",
    "expand_dims",
    "flatten",
    "permute",
    "ravel",
    "reshape",
    "squeeze",
    "swapaxes",
    "swapdims",
    "transpose",
    "unsqueeze",
]
