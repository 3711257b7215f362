"""Tensors from numbers: ``array``, ranges, grids, triangles, windows, random numbers."""

import builtins
import math
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32, int32, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, fixed, to
from ..core.tensor import Tensor
from ..ops.creation import _number

ops: Any = _ops  # its functions are put together when it is imported


def asarray(a, dtype=None):
    """A Tensor of a number, a (nested) list or tuple, a NumPy array, or a Tensor (which is returned as it is).

    Without ``dtype`` whole numbers become int32 and floats float32; Tensors keep their type.

    Raises:
        TypeError: ``a`` is none of these.

    >>> import minispore.numpy as mnp
    >>> mnp.asarray([1, 2]).dtype, mnp.asarray([1, 2.5]).dtype
    (Int32, Float32)
    """
    wanted = None if dtype is None else to_dtype(dtype)
    if isinstance(a, Tensor):
        return a if wanted is None else to(a, wanted)
    if not isinstance(a, (bool, int, float, list, tuple, np.ndarray, np.generic)):
        raise fail(
            TypeError,
            f"For 'array', the data must be a number, list, tuple, NumPy array or Tensor, but got {type(a).__name__}.",
        )
    if isinstance(a, (list, tuple)) and any(isinstance(x, Tensor) for x in a):
        made = ops.stack([asarray(x) for x in a])
        return made if wanted is None else to(made, wanted)
    if wanted is None:
        kind = np.asarray(a).dtype.kind
        wanted = int32 if kind in "iu" else float32 if kind == "f" else None
    if isinstance(a, (bool, int, float)) and wanted is not None:
        return fixed(np.asarray(a, wanted.np))
    return Tensor(a, wanted)


def array(obj, dtype=None, copy=True, ndmin=0):
    """The same with a copy of a Tensor's data, and at least ``ndmin`` axes (new ones come first)."""
    made = asarray(obj, dtype)
    made = made.copy() if copy and made is obj else made
    return ops.reshape(made, (1,) * (ndmin - made.ndim) + made.shape) if ndmin > made.ndim else made


def asfarray(a, dtype=float32):
    """``a`` as floats."""
    return asarray(a, dtype if dtype is not None and to_dtype(dtype).is_float else float32)


def _shape(name, shape):
    if isinstance(shape, (int, list, tuple, Tensor)) and not isinstance(shape, bool):
        return (shape,) if isinstance(shape, int) else shape
    raise fail(
        TypeError, f"For '{name}', 'shape' must be an int, tuple, list or Tensor, but got {type(shape).__name__}."
    )


def zeros(shape, dtype=float32):
    """Zeros.

    >>> import minispore.numpy as mnp
    >>> print(mnp.zeros((2,)))
    [0. 0.]
    """
    return ops.zeros(_shape("zeros", shape), dtype)


def ones(shape, dtype=float32):
    """Ones."""
    return ops.ones(_shape("ones", shape), dtype)


def empty(shape, dtype=float32):
    """A Tensor whose values are not to be relied on (zeros)."""
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None):
    """``fill_value`` (which broadcasts) everywhere."""
    return ops.broadcast_to(asarray(fill_value, dtype), _shape("full", shape))


def full_like(a, fill_value, dtype=None, shape=None):
    """``fill_value`` in the shape and type of ``a``."""
    a = asarray(a)
    return full(a.shape if shape is None else shape, fill_value, dtype or a.dtype)


def zeros_like(a, dtype=None, shape=None):
    """Zeros in the shape and type of ``a``."""
    return full_like(a, 0, dtype, shape)


def ones_like(a, dtype=None, shape=None):
    """Ones in the shape and type of ``a``."""
    return full_like(a, 1, dtype, shape)


def empty_like(prototype, dtype=None, shape=None):
    """As ``zeros_like``; the values are not to be relied on."""
    return zeros_like(prototype, dtype, shape)


# ---------------------------------------------------------------- ranges
def _made(values, dtype):
    """An array that NumPy made, in ``dtype`` or as int32 or float32."""
    return fixed(values.astype(to_dtype(dtype or (float32 if values.dtype.kind == "f" else int32)).np))


def arange(start, stop=None, step=None, dtype=None):
    """``start, start + step, ...`` below ``stop``; int32 for ints, float32 for floats.

    Raises:
        ValueError: ``step`` is 0, or there is no such number.

    >>> import minispore.numpy as mnp
    >>> print(mnp.arange(0, 1, 0.25), mnp.arange(3).dtype)
    [0.   0.25 0.5  0.75] Int32
    """
    first, last = (0, _number(start)) if stop is None else (_number(start), _number(stop))
    step = 1 if step is None else _number(step)
    if step == 0:
        raise fail(ValueError, "For 'arange', 'step' must not be 0.")
    values = np.arange(first, last, step)
    if values.size == 0:
        raise fail(ValueError, f"For 'arange', there is no number from {first} to {last} in steps of {step}.")
    return _made(values, dtype)


def _spaced(numpy_function, start, stop, num, dtype, **more):
    start, stop = (np.asarray(x._array() if isinstance(x, Tensor) else x, np.float64) for x in (start, stop))
    return _made(numpy_function(start, stop, int(num), **more), dtype or float32)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """``num`` equally spaced numbers from ``start`` to ``stop``; with ``retstep`` also their distance."""
    made = _spaced(np.linspace, start, stop, num, dtype, endpoint=endpoint, axis=axis)
    if not retstep:
        return made
    return made, (asarray(stop, float32) - start) / builtins.max(num - 1 if endpoint else num, 1)


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """``base`` to the powers ``linspace(start, stop)``."""
    return _spaced(np.logspace, start, stop, num, dtype, endpoint=endpoint, base=base, axis=axis)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """``num`` numbers from ``start`` to ``stop`` with equal ratios."""
    return _spaced(np.geomspace, start, stop, num, dtype, endpoint=endpoint, axis=axis)


# ---------------------------------------------------------------- matrices, triangles, grids
def eye(N, M=None, k=0, dtype=float32):
    """Ones on the diagonal ``k`` of an ``N`` by ``M`` matrix."""
    return fixed(np.eye(N, M, k, dtype=to_dtype(dtype).np))


def identity(n, dtype=float32):
    """The unit matrix."""
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=float32):
    """Ones at and below the diagonal ``k``."""
    return fixed(np.tri(N, M, k, dtype=to_dtype(dtype).np))


def tril(m, k=0):
    """``m`` with zeros above the diagonal ``k``."""
    return ops.tril(asarray(m), k)


def triu(m, k=0):
    """``m`` with zeros below the diagonal ``k``."""
    return ops.triu(asarray(m), k)


def _positions(arrays):
    return tuple(fixed(a.astype(np.int32)) for a in arrays)


def tril_indices(n, k=0, m=None):
    """(rows, columns) of the lower triangle of an ``n`` by ``m`` matrix, int32."""
    return _positions(np.tril_indices(n, k, m))


def triu_indices(n, k=0, m=None):
    """(rows, columns) of the upper triangle, int32."""
    return _positions(np.triu_indices(n, k, m))


def tril_indices_from(arr, k=0):
    """``tril_indices`` for the shape of a matrix."""
    return tril_indices(asarray(arr).shape[0], k, asarray(arr).shape[1])


def triu_indices_from(arr, k=0):
    """``triu_indices`` for the shape of a matrix."""
    return triu_indices(asarray(arr).shape[0], k, asarray(arr).shape[1])


def diag_indices(n, ndim=2):
    """The positions of the main diagonal of a Tensor of ``ndim`` axes of length ``n``."""
    return _positions([np.arange(n)] * ndim)


def diag(v, k=0):
    """A matrix with the vector ``v`` on its diagonal ``k``, or that diagonal of a matrix."""
    v = asarray(v)
    return ops.diag_embed(v, k) if v.ndim == 1 else diagonal(v, k)


def diagflat(v, k=0):
    """A matrix with the elements of ``v`` on its diagonal ``k``."""
    return ops.diagflat(asarray(v), k)


def diagonal(a, offset=0, axis1=0, axis2=1):
    """The diagonal of two axes, as a last axis."""
    return ops.diagonal(asarray(a), offset, axis1, axis2)


def trace(a, offset=0, axis1=0, axis2=1, dtype=None):
    """The sum of the diagonal of two axes."""
    out = ops.sum(diagonal(a, offset, axis1, axis2), -1)
    return out if dtype is None else to(out, to_dtype(dtype))


def vander(x, N=None, increasing=False):
    """The powers of the vector ``x`` as columns, the highest first unless ``increasing``."""
    x = asarray(x)
    n = x.shape[0] if N is None else N
    powers = list(builtins.range(n)) if increasing else list(builtins.range(n))[::-1]
    return to(ops.pow(ops.expand_dims(x, 1), fixed(np.array(powers, x.dtype.np))), x.dtype)


def meshgrid(*xi, sparse=False, indexing="xy"):
    """A list: each vector along its own axis of a grid, repeated along the others unless ``sparse``."""
    if indexing not in ("xy", "ij"):
        raise fail(ValueError, f"For 'meshgrid', 'indexing' must be 'xy' or 'ij', but got {indexing!r}.")
    vectors = [ops.reshape(asarray(x), (-1,)) for x in xi]
    n = len(vectors)
    axes = [1, 0, *builtins.range(2, n)] if indexing == "xy" and n > 1 else list(builtins.range(n))
    apart = [ops.reshape(x, tuple(-1 if a == axis else 1 for a in builtins.range(n))) for x, axis in zip(vectors, axes)]
    if sparse:
        return apart
    shape = tuple(math.prod(x.shape[a] for x in apart) for a in builtins.range(n))
    return [ops.broadcast_to(x, shape) for x in apart]


def indices(dimensions, dtype=int32, sparse=False):
    """The position along each axis of a grid of the shape ``dimensions``, as a list of Tensors."""
    vectors = [to(as_tensor(np.arange(n)), to_dtype(dtype)) for n in dimensions]
    return meshgrid(*vectors, sparse=sparse, indexing="ij")


def ix_(*args):
    """Vectors reshaped so that as an index they pick the grid of all their combinations."""
    return tuple(meshgrid(*args, sparse=True, indexing="ij"))


class _Grid:
    """``mgrid[a:b:step, ...]``: a step of ``nj`` means n numbers with the end included."""

    def __init__(self, sparse: bool):
        self.sparse = sparse

    def __getitem__(self, keys):
        many = isinstance(keys, tuple)
        vectors = []
        for key in keys if many else (keys,):
            start = 0 if key.start is None else key.start
            if isinstance(key.step, complex):
                vectors.append(linspace(start, key.stop, int(builtins.abs(key.step))))
            else:
                vectors.append(arange(start, key.stop, key.step))
        if not many:
            return vectors[0]
        if builtins.any(v.dtype.is_float for v in vectors):
            vectors = [to(v, float32) for v in vectors]
        grid = meshgrid(*vectors, sparse=self.sparse, indexing="ij")
        return grid if self.sparse else ops.stack(grid)


mgrid, ogrid = _Grid(False), _Grid(True)


# ---------------------------------------------------------------- windows and random numbers
def _window(name, coefficients):
    def window(M):
        n = np.arange(M)
        turns = sum(c * np.cos(2 * np.pi * k * n / builtins.max(M - 1, 1)) for k, c in enumerate(coefficients))
        return _made(turns if M > 1 else np.ones(M), float32)

    window.__name__, window.__module__ = name, __name__
    shown = " + ".join(f"{c} cos({2 * k} pi n / (M - 1))" if k else str(c) for k, c in enumerate(coefficients))
    window.__doc__ = f"The {name} window of ``M`` points: ``{shown}``."
    return window


hanning = _window("hanning", (0.5, -0.5))
hamming = _window("hamming", (0.54, -0.46))
blackman = _window("blackman", (0.42, -0.5, 0.08))


def bartlett(M):
    """The triangular window of ``M`` points with zeros at its ends."""
    return _made(np.bartlett(M), float32)


def rand(*shape, dtype=float32):
    """Uniform in [0, 1)."""
    return ops.rand(*shape, dtype=dtype)


def randn(*shape, dtype=float32):
    """Standard normal numbers."""
    return ops.randn(*shape, dtype=dtype)


def randint(minval, maxval=None, shape=None, dtype=int32):
    """Whole numbers in [minval, maxval), or in [0, minval)."""
    low, high = (0, minval) if maxval is None else (minval, maxval)
    return ops.randint(low, high, (1,) if shape is None else _shape("randint", shape), dtype=dtype)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
__all__ += ["mgrid", "ogrid"]
