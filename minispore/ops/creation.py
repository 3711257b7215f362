"""Tensors from nothing: zeros, ones, ranges, identity, triangles, diagonals; and casts."""

import builtins
import math

import numpy as np

from ..core import dtype as dtypes
from ..core.dtype import float32, int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, fixed, library, literal, to, wrap
from ..core.record import STATE
from ..core.tensor import Tensor
from .elementwise import select
from .methods import method
from .movement import broadcast_to, reshape, shape_of


def _filled(shape, value, dtype):
    shape = shape_of(shape)
    if any(d < 0 for d in shape):
        raise fail(ValueError, f"A shape must not have negative lengths, but got {shape}.")
    if STATE.recorder is not None and STATE.recorder.symbolic:
        return broadcast_to(literal(value, dtype), shape)  # a scalar seen many times: no memory
    return wrap(np.full(shape, value, dtype.np))


def zeros(size, dtype=None):
    """Zeros (float32 by default) of the shape ``size``.

    >>> zeros((2,)).asnumpy().tolist()
    [0.0, 0.0]
    """
    return _filled(size, 0, to_dtype(dtype or float32))


def ones(shape, dtype=None):
    """Ones (float32 by default)."""
    return _filled(shape, 1, to_dtype(dtype or float32))


def full(size, fill_value, *, dtype=None):
    """``fill_value`` everywhere; int64 for ints and bool, float32 for floats."""
    if dtype is None:
        if isinstance(fill_value, Tensor):
            return broadcast_to(fill_value, shape_of(size))
        dtype = float32 if isinstance(fill_value, float) else int64
    return _filled(size, fill_value, to_dtype(dtype))


def fill(type, shape, value):
    """``value`` of the given type everywhere."""
    return _filled(shape, value, to_dtype(type))


def _like(x, value, dtype):
    return _filled(x.shape, value, x.dtype if dtype is None else to_dtype(dtype))


def zeros_like(input, *, dtype=None):
    """Zeros of the shape (and type) of ``input``."""
    return _like(as_tensor(input), 0, dtype)


def ones_like(input, *, dtype=None):
    """Ones of the shape (and type) of ``input``."""
    return _like(as_tensor(input), 1, dtype)


def full_like(input, fill_value, *, dtype=None):
    """``fill_value`` in the shape (and type) of ``input``."""
    return _like(input, fill_value, dtype)


@method("new_zeros")
def new_zeros(self, size, dtype=None):
    return _filled(size, 0, self.dtype if dtype is None else to_dtype(dtype))


@method("new_ones")
def new_ones(self, size, dtype=None):
    return _filled(size, 1, self.dtype if dtype is None else to_dtype(dtype))


@method("new_full")
def new_full(self, size, fill_value, *, dtype=None):
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
    """``start, start + step, ...`` below ``end``; int64 for ints, float32 for floats."""
    start, end, step = _number(start), _number(end), _number(step)
    if end is None:
        start, end = 0, start
    if step == 0:
        raise fail(ValueError, "For 'arange', 'step' must not be 0.")
    array = np.arange(start, end, step)
    wanted = to_dtype(dtype) if dtype is not None else float32 if array.dtype.kind == "f" else int64
    return fixed(array.astype(wanted.np))


def range(start, end, step=1, maxlen=1000000):
    """``arange`` under its older name."""
    return arange(start, end, step)


def linspace(start, end, steps, *, dtype=None):
    """``steps`` numbers from ``start`` to ``end``, both included."""
    array = np.linspace(_number(start), _number(end), int(_number(steps)))
    return fixed(array.astype((to_dtype(dtype) if dtype else float32).np))


def eye(n, m=None, dtype=None):
    """Ones on the diagonal of an ``n`` by ``m`` matrix."""
    return fixed(np.eye(n, m, dtype=(to_dtype(dtype) if dtype else float32).np))


def _triangle(x, diagonal, lower):
    n, m = x.shape[-2:]
    rows, columns = positions(n, 0, 2), positions(m, 1, 2)
    keep = columns <= rows + diagonal if lower else columns >= rows + diagonal
    return select(keep, x, literal(0, x.dtype))


@method("tril")
def tril(input, diagonal=0):
    """The lower triangle of the last two axes, zeros above ``diagonal``."""
    if input.ndim < 2:
        raise fail(ValueError, f"For 'tril', at least two axes are needed, but got the shape {input.shape}.")
    return _triangle(input, diagonal, True)


@method("triu")
def triu(input, diagonal=0):
    """The upper triangle of the last two axes, zeros below ``diagonal``."""
    if input.ndim < 2:
        raise fail(ValueError, f"For 'triu', at least two axes are needed, but got the shape {input.shape}.")
    return _triangle(input, diagonal, False)


def one_hot(indices, depth, on_value=1, off_value=0, axis=-1):
    """``on_value`` at the index along a new axis of length ``depth``, ``off_value`` elsewhere; int64 by default.

    Indices outside [0, depth) give ``off_value`` everywhere, as in MindSpore.
    """
    on, off = as_tensor(on_value), as_tensor(off_value)
    a = axis if axis >= 0 else axis + indices.ndim + 1
    shape = indices.shape[:a] + (1,) + indices.shape[a:]
    hit = to(reshape(indices, shape), int64) == positions(int(depth), a, indices.ndim + 1)
    return select(hit, on, off)


def scalar_to_tensor(input_x, dtype=float32):
    """A 0-d Tensor of a Python number, float32 by default."""
    return to(as_tensor(input_x), to_dtype(dtype))


def cast(input, dtype):
    """``input`` converted to ``dtype``; floats to integers towards zero."""
    x = as_tensor(input)
    return to(x, to_dtype(dtype))


def is_tensor(obj):
    """Whether ``obj`` is a Tensor."""
    return isinstance(obj, Tensor)


def shape(input_x):
    """The shape as a tuple."""
    return input_x.shape


def size(input_x):
    """The number of elements."""
    return input_x.size


def rank(input_x):
    """The number of axes (a Python int)."""
    return input_x.ndim


@method("astype")
def _astype(self, dtype, copy=True):
    return to(self, to_dtype(dtype))


@method("to")
def _to(self, dtype, *args):
    return to(self, to_dtype(dtype))


@method("type_as")
def type_as(self, other):
    return to(self, other.dtype)


@method("copy", "clone")
def _copy(self):
    from .elementwise import identity

    return identity(self) if STATE.recorder is not None else wrap(self._array().copy())


@method("contiguous", "move_to", "cpu")
def _same(self, *args, **kwargs):
    return self


def _converter(dtype):
    return lambda self: to(self, dtype)


for _name, _type in {"int": dtypes.int32, "long": dtypes.int64, "half": dtypes.float16, "float": float32,
                     "bool": dtypes.bool_, "double": dtypes.float64, "bfloat16": dtypes.bfloat16, "short": dtypes.int16,
                     "byte": dtypes.uint8}.items():  # fmt: skip
    setattr(Tensor, _name, _converter(_type))


__all__ = [
    "arange", "cast", "eye", "fill", "full", "full_like", "is_tensor", "linspace", "one_hot", "ones", "ones_like",
    "range", "rank", "scalar_to_tensor", "shape", "size", "tril", "triu", "type_as", "zeros", "zeros_like",
]  # fmt: skip
