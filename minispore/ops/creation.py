"""Tensors from nothing: zeros, ones, ranges, identity, triangles."""

import builtins
import math

import numpy as np

from ..core import checks
from ..core.dtype import bool_, float32, int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, fixed, library, literal, to, wrap
from ..core.record import STATE
from ..core.sizes import Size, array_from, index, whole
from ..core.tensor import Tensor
from .elementwise import select
from .methods import method
from .movement import axis_of, broadcast_to, reshape, shape_of


def _filled(shape, value, dtype):
    shape = shape_of(shape)
    if any(d < 0 for d in shape):
        raise fail(ValueError, f"A shape must not have negative lengths, but got {shape}.")
    if STATE.recorder is not None and STATE.recorder.symbolic:
        made = broadcast_to(literal(value, dtype), shape)  # a scalar seen many times: no memory
        made._view = None  # it is changed in place like any new Tensor
        return made
    return wrap(np.full(shape, value, dtype.np))


def zeros(size, dtype=None):
    """Zeros.

    Args:
        size (int | tuple[int] | list[int] | Tensor): the shape.
        dtype (dtype | None): the type. Default: None, float32.

    Returns:
        Tensor of that shape and type.

    Raises:
        ValueError: a length is negative.

    >>> import minispore as ms
    >>> print(zeros((2,)))
    [0. 0.]
    """
    return _filled(size, 0, to_dtype(dtype or float32))


def ones(shape, dtype=None):
    """Ones.

    Args:
        shape (int | tuple[int] | list[int] | Tensor): the shape.
        dtype (dtype | None): the type. Default: None, float32.

    Returns:
        Tensor of that shape and type.

    Raises:
        ValueError: a length is negative.

    >>> import minispore as ms
    >>> print(ones((2,), ms.int32))
    [1 1]
    """
    return _filled(shape, 1, to_dtype(dtype or float32))


def full(size, fill_value, *, dtype=None):
    """One value everywhere.

    Args:
        size (int | tuple[int] | list[int] | Tensor): the shape.
        fill_value (int | float | bool | Tensor): the value; a Tensor without ``dtype`` is broadcast.
        dtype (dtype | None): the type. Default: None, int64 for ints and bool, float32 for floats, that of a Tensor.

    Returns:
        Tensor of that shape and type.

    Raises:
        ValueError: a length is negative.

    >>> import minispore as ms
    >>> print(full((2, 2), 7))
    [[7 7]
     [7 7]]
    """
    if dtype is None:
        if isinstance(fill_value, Tensor):
            return broadcast_to(fill_value, shape_of(size))
        dtype = float32 if isinstance(fill_value, float) else int64
    return _filled(size, fill_value, to_dtype(dtype))


def fill(type, shape, value):
    """One value everywhere: ``full`` with the type in front.

    Args:
        type (dtype): the type.
        shape (int | tuple[int] | list[int] | Tensor): the shape.
        value (int | float | bool): the value.

    Returns:
        Tensor of that shape and type.

    Raises:
        ValueError: a length is negative.

    >>> import minispore as ms
    >>> print(fill(ms.float32, (2,), 7))
    [7. 7.]
    """
    return _filled(shape, value, to_dtype(type))


def _like(x, value, dtype):
    return _filled(x.shape, value, x.dtype if dtype is None else to_dtype(dtype))


def zeros_like(input, *, dtype=None):
    """Zeros of the shape of another Tensor.

    Args:
        input (Tensor): its shape is taken.
        dtype (dtype | None): the type. Default: None, that of ``input``.

    Returns:
        Tensor of the shape of ``input``; of the type ``dtype`` or that of ``input``.

    >>> import minispore as ms
    >>> print(zeros_like(ms.Tensor([1, 2])))
    [0 0]
    """
    return _like(as_tensor(input), 0, dtype)


def ones_like(input, *, dtype=None):
    """Ones of the shape of another Tensor.

    Args:
        input (Tensor): its shape is taken.
        dtype (dtype | None): the type. Default: None, that of ``input``.

    Returns:
        Tensor of the shape of ``input``; of the type ``dtype`` or that of ``input``.

    >>> import minispore as ms
    >>> print(ones_like(ms.Tensor([1, 2])))
    [1 1]
    """
    return _like(as_tensor(input), 1, dtype)


def full_like(input, fill_value, *, dtype=None):
    """One value in the shape of another Tensor.

    Args:
        input (Tensor): its shape is taken.
        fill_value (int | float | bool): the value.
        dtype (dtype | None): the type. Default: None, that of ``input``.

    Returns:
        Tensor of the shape of ``input``; of the type ``dtype`` or that of ``input``.

    >>> import minispore as ms
    >>> print(full_like(ms.Tensor([1.0, 2.0]), 7))
    [7. 7.]
    """
    return _like(input, fill_value, dtype)


@method("new_zeros")
def new_zeros(self, size, dtype=None):
    """Zeros of the type of the Tensor.

    Args:
        self (Tensor): its type is taken.
        size (int | tuple[int] | list[int] | Tensor): the shape.
        dtype (dtype | None): another type. Default: None, that of the Tensor.

    Returns:
        Tensor of that shape and type.

    Raises:
        ValueError: a length is negative.

    >>> import minispore as ms
    >>> print(ms.Tensor([5]).new_zeros((2,)))
    [0 0]
    """
    return _filled(size, 0, self.dtype if dtype is None else to_dtype(dtype))


@method("new_ones")
def new_ones(self, size, dtype=None):
    """Ones of the type of the Tensor.

    Args:
        self (Tensor): its type is taken.
        size (int | tuple[int] | list[int] | Tensor): the shape.
        dtype (dtype | None): another type. Default: None, that of the Tensor.

    Returns:
        Tensor of that shape and type.

    Raises:
        ValueError: a length is negative.

    >>> import minispore as ms
    >>> print(ms.Tensor([5]).new_ones((2,)))
    [1 1]
    """
    return _filled(size, 1, self.dtype if dtype is None else to_dtype(dtype))


@method("new_full")
def new_full(self, size, fill_value, *, dtype=None):
    """One value everywhere, in the type of the Tensor.

    Args:
        self (Tensor): its type is taken.
        size (int | tuple[int] | list[int] | Tensor): the shape.
        fill_value (int | float | bool): the value.
        dtype (dtype | None): another type. Default: None, that of the Tensor.

    Returns:
        Tensor of that shape and type.

    Raises:
        ValueError: a length is negative.

    >>> import minispore as ms
    >>> print(ms.Tensor([5]).new_full((2,), 7))
    [7 7]
    """
    return _filled(size, fill_value, self.dtype if dtype is None else to_dtype(dtype))


def _flat_index_numpy(shape):
    return (np.arange(math.prod(shape), dtype=np.int64).reshape(shape),)


# The flat position of each element; the compiler computes it in the loop instead of reading it.
flat_index = library(
    "flat_index", _flat_index_numpy, lambda shape: [(shape, int64)], None, samples=[({"shape": (2, 3)},)]
)
flat_index.kind = "index"


def positions(n: int, axis: int, ndim: int):
    """0..n-1 along ``axis`` of ``ndim`` axes, the others of length 1; int64, computed in the loop that uses it."""
    return flat_index(shape=tuple(n if a == axis else 1 for a in builtins.range(ndim)))


def _number(x):
    return x.item() if isinstance(x, (Tensor, np.generic)) else x


def arange(start=0, end=None, step=1, *, dtype=None):
    """``start, start + step, start + 2 * step, ...`` before ``end``.

    Args:
        start (int | float | Tensor): the first number; the end, if no ``end`` is given. Default: 0.
        end (int | float | Tensor | None): the limit, not included. Default: None: from 0 to ``start``.
        step (int | float | Tensor): the difference of neighbours, not 0; may be negative. Default: 1.
        dtype (dtype | None): the type. Default: None, int64 for ints, float32 for floats.

    Returns:
        Tensor of shape (ceil((end - start) / step),); of that type.

    Raises:
        TypeError: a limit is neither a number nor a Tensor.
        ValueError: ``step`` is 0, or leads away from ``end``.

    >>> import minispore as ms
    >>> print(arange(1, 7, 2))
    [1 3 5]
    """
    start, end, step = _number(start), _number(end), _number(step)
    if end is None:
        start, end = 0, start
    if step == 0:
        raise fail(ValueError, "For 'arange', 'step' must not be 0.")
    if (end - start) * step < 0:
        raise fail(ValueError, f"For 'arange', steps of {step} do not lead from {start} to {end}.")
    is_float = any(isinstance(x, (float, np.floating)) for x in (start, end, step))
    wanted = to_dtype(dtype) if dtype is not None else float32 if is_float else int64
    return fixed(array_from(_numbers, start, end, step, wanted.np, shape=_count(start, end, step)))


def _numbers(start, end, step, dtype) -> np.ndarray:
    return np.arange(start, end, step).astype(dtype)


def _count(start, end, step) -> tuple[int] | None:
    """The shape of a range of ints that depends on sizes."""
    if not any(type(x) is Size for x in (start, end, step)) or not all(isinstance(x, int) for x in (start, end, step)):
        return None
    return (max(-((start - end) // step), 0),)


def range(start, end, step=1, maxlen=1000000):
    """``start, start + step, start + 2 * step, ...`` before ``end``: ``arange`` under its older name.

    Args:
        start (int | float | Tensor): the first number.
        end (int | float | Tensor): the limit, not included.
        step (int | float | Tensor): the difference of neighbours, not 0; may be negative. Default: 1.
        maxlen (int): accepted, without effect: the length follows from the others before memory is needed.
            Default: 1000000.

    Returns:
        Tensor of one axis; int64 for ints, float32 for floats.

    Raises:
        ValueError: ``step`` is 0, or leads away from ``end``.

    >>> import minispore as ms
    >>> print(range(1, 7, 2))
    [1 3 5]
    """
    return arange(start, end, step)


def linspace(start, end, steps, *, dtype=None):
    """Numbers at equal distances between two ends, both included.

    Args:
        start (int | float | Tensor): the first number.
        end (int | float | Tensor): the last number.
        steps (int | Tensor): how many numbers.
        dtype (dtype | None): the type. Default: None, float32.

    Returns:
        Tensor of shape (steps,) and that type.

    Raises:
        ValueError: ``steps`` is negative.

    >>> import minispore as ms
    >>> print(linspace(0, 1, 5))
    [0.   0.25 0.5  0.75 1.  ]
    """
    count, made = whole(_number(steps)), (to_dtype(dtype) if dtype else float32).np
    return fixed(array_from(_equal_distances, _number(start), _number(end), count, made, shape=(count,)))


def _equal_distances(start, end, count, dtype) -> np.ndarray:
    return np.linspace(start, end, count).astype(dtype)


def eye(n, m=None, dtype=None):
    """The identity matrix: ones on the diagonal, zeros elsewhere.

    Args:
        n (int): how many rows.
        m (int | None): how many columns. Default: None, ``n``.
        dtype (dtype | None): the type. Default: None, float32.

    Returns:
        Tensor of shape (n, m) and that type.

    Raises:
        TypeError: ``n`` or ``m`` is not an int.
        ValueError: ``n`` or ``m`` is negative.

    >>> import minispore as ms
    >>> print(eye(2, 3))
    [[1. 0. 0.]
     [0. 1. 0.]]
    """
    number = (to_dtype(dtype) if dtype else float32).np
    return fixed(array_from(np.eye, n, m, 0, number, shape=(n, n if m is None else m)))


def _triangle(x, diagonal, lower):
    n, m = x.shape[-2:]
    rows, columns = positions(n, 0, 2), positions(m, 1, 2)
    keep = columns <= rows + diagonal if lower else columns >= rows + diagonal
    return select(keep, x, literal(0, x.dtype))


@method("tril")
def tril(input, diagonal=0):
    """The lower triangle of the last two axes, zeros above a diagonal.

    Args:
        input (Tensor): any shape with at least two axes; any type.
        diagonal (int): the last diagonal that stays: 0 the main one, positive above it. Default: 0.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``input`` has fewer than two axes.

    >>> import minispore as ms
    >>> print(tril(ms.Tensor([[1, 2], [3, 4]])))
    [[1 0]
     [3 4]]
    """
    if input.ndim < 2:
        raise fail(ValueError, f"For 'tril', at least two axes are needed, but got the shape {input.shape}.")
    return _triangle(input, diagonal, True)


@method("triu")
def triu(input, diagonal=0):
    """The upper triangle of the last two axes, zeros below a diagonal.

    Args:
        input (Tensor): any shape with at least two axes; any type.
        diagonal (int): the first diagonal that stays: 0 the main one, positive above it. Default: 0.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``input`` has fewer than two axes.

    >>> import minispore as ms
    >>> print(triu(ms.Tensor([[1, 2], [3, 4]])))
    [[1 2]
     [0 4]]
    """
    if input.ndim < 2:
        raise fail(ValueError, f"For 'triu', at least two axes are needed, but got the shape {input.shape}.")
    return _triangle(input, diagonal, False)


def one_hot(indices, depth, on_value=1, off_value=0, axis=-1):
    """``on_value`` at the index along a new axis, ``off_value`` elsewhere.

    Args:
        indices (Tensor): any shape; integers; those outside [0, depth) give ``off_value`` everywhere.
        depth (int): the length of the new axis.
        on_value (int | float | Tensor): a number. Default: 1.
        off_value (int | float | Tensor): a number. Default: 0.
        axis (int): where in the result the new axis is. Default: -1.

    Returns:
        Tensor of the shape of ``indices`` with the new axis; the common type of the two values, int64 for ints.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, ``depth`` or ``axis`` no int.
        ValueError: ``depth`` is negative, or the result has no such axis.

    >>> import minispore as ms
    >>> print(one_hot(ms.Tensor([0, 2]), 3))
    [[1 0 0]
     [0 0 1]]
    """
    if checks.tensor("one_hot", indices=indices).dtype.is_float or indices.dtype is bool_:
        raise fail(TypeError, f"For 'one_hot', 'indices' must hold integers, but got {indices.dtype}.")
    if not isinstance(depth, Tensor):
        checks.non_negative_int("one_hot", depth=depth)
    on, off = as_tensor(on_value), as_tensor(off_value)
    a = axis_of("one_hot", indices.ndim + 1, axis)
    shape = indices.shape[:a] + (1,) + indices.shape[a:]
    hit = to(reshape(indices, shape), int64) == positions(index(depth), a, indices.ndim + 1)
    return select(hit, on, off)


def scalar_to_tensor(input_x, dtype=float32):
    """A Tensor without axes that holds a number.

    Args:
        input_x (int | float | bool): the number.
        dtype (dtype): the type. Default: float32.

    Returns:
        Tensor of shape () and that type.

    >>> import minispore as ms
    >>> print(scalar_to_tensor(3))
    3.0
    """
    return to(as_tensor(input_x), to_dtype(dtype))


__all__ = [
    "arange",
    "eye",
    "fill",
    "full",
    "full_like",
    "linspace",
    "one_hot",
    "ones",
    "ones_like",
    "range",
    "scalar_to_tensor",
    "tril",
    "triu",
    "zeros",
    "zeros_like",
]
