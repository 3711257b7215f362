"""Tensors from numbers: ``array``, ranges, grids, triangles, windows, random numbers."""

import builtins
import math
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import float32, int32, to_dtype, uint32
from ..core.errors import fail
from ..core.op import as_tensor, fixed, to
from ..core.tensor import Tensor
from ..ops.creation import _number

ops: Any = _ops  # its functions are put together when it is imported


_SHORT = {int: int32, "int": int32, float: float32, "float": float32, "uint": uint32}


def _dtype_of(given):
    """A DType from one of its names: here "int" and "float" have 32 bits, as in MindSpore's ``numpy``."""
    return _SHORT[given] if isinstance(given, (type, str)) and given in _SHORT else to_dtype(given)


def asarray(a, dtype=None):
    """A Tensor of a number, a (nested) list or tuple, a NumPy array, or a Tensor (which is returned as it is).

    Args:
        a (Tensor | number | list | tuple | ndarray): the data.
        dtype (dtype | str): the type; by default int32 for whole numbers, float32 for floats; Tensors keep theirs.
            Default: None.

    Returns:
        Tensor.

    Raises:
        TypeError: ``a`` is none of these.

    >>> import minispore.numpy as mnp
    >>> mnp.asarray([1, 2]).dtype, mnp.asarray([1, 2.5]).dtype
    (mindspore.int32, mindspore.float32)
    """
    wanted = None if dtype is None else _dtype_of(dtype)
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
    """A Tensor of a number, a (nested) list or tuple, a NumPy array, or a Tensor.

    Args:
        obj (Tensor | number | list | tuple | ndarray): the data.
        dtype (dtype | str): the type; by default int32 for whole numbers, float32 for floats; Tensors keep theirs.
            Default: None.
        copy (bool): whether the data of a Tensor are copied. Default: True.
        ndmin (int): how many axes at least; new ones come first. Default: 0.

    Returns:
        Tensor.

    Raises:
        TypeError: ``obj`` is none of these.

    >>> import minispore.numpy as mnp
    >>> print(mnp.array([1, 2], ndmin=2))
    [[1 2]]
    """
    made = asarray(obj, dtype)
    made = made.copy() if copy and made is obj else made
    return ops.reshape(made, (1,) * (ndmin - made.ndim) + made.shape) if ndmin > made.ndim else made


def copy(a):
    """A Tensor with its own memory.

    Args:
        a (Tensor | number | list | tuple | ndarray): the data.

    Returns:
        Tensor of the same values.

    Raises:
        TypeError: ``a`` is none of these.

    >>> import minispore.numpy as mnp
    >>> print(mnp.copy([1, 2]))
    [1 2]
    """
    return array(a)


def asfarray(a, dtype=float32):
    """A Tensor of floats.

    Args:
        a (Tensor | number | list | tuple | ndarray): the data.
        dtype (dtype | str): the type; float32 in place of one that is not of floats. Default: float32.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.asfarray([1, 2]))
    [1. 2.]
    """
    return asarray(a, dtype if dtype is not None and _dtype_of(dtype).is_float else float32)


def _shape(name, shape):
    if isinstance(shape, (int, list, tuple, Tensor)) and not isinstance(shape, bool):
        return (shape,) if isinstance(shape, int) else shape
    raise fail(
        TypeError, f"For '{name}', 'shape' must be an int, tuple, list or Tensor, but got {type(shape).__name__}."
    )


def zeros(shape, dtype=float32):
    """Zeros.

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.zeros((2,)))
    [0. 0.]
    """
    return ops.zeros(_shape("zeros", shape), _dtype_of(dtype))


def ones(shape, dtype=float32):
    """Ones.

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ones((2,)))
    [1. 1.]
    """
    return ops.ones(_shape("ones", shape), _dtype_of(dtype))


def empty(shape, dtype=float32):
    """A Tensor whose values are not to be relied on (zeros).

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type.

    >>> import minispore.numpy as mnp
    >>> mnp.empty((2, 3)).shape
    (2, 3)
    """
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None):
    """One value everywhere.

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        fill_value (number | Tensor | list): the value; a shape that broadcasts.
        dtype (dtype | str): the type; by default that of the value. Default: None.

    Returns:
        Tensor of that shape.

    >>> import minispore.numpy as mnp
    >>> print(mnp.full((2,), 7))
    [7 7]
    """
    return ops.broadcast_to(asarray(fill_value, dtype), _shape("full", shape))


def full_like(a, fill_value, dtype=None, shape=None):
    """One value in the shape and type of ``a``.

    Args:
        a (Tensor | list | number): any shape; any type.
        fill_value (number | Tensor | list): the value; a shape that broadcasts.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.full_like([1.0, 2.0], 7))
    [7. 7.]
    """
    a = asarray(a)
    return full(a.shape if shape is None else shape, fill_value, dtype or a.dtype)


def zeros_like(a, dtype=None, shape=None):
    """Zeros in the shape and type of ``a``.

    Args:
        a (Tensor | list | number): any shape; any type.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.zeros_like([1.0, 2.0]))
    [0. 0.]
    """
    return full_like(a, 0, dtype, shape)


def ones_like(a, dtype=None, shape=None):
    """Ones in the shape and type of ``a``.

    Args:
        a (Tensor | list | number): any shape; any type.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ones_like([1.0, 2.0]))
    [1. 1.]
    """
    return full_like(a, 1, dtype, shape)


def empty_like(prototype, dtype=None, shape=None):
    """A Tensor in the shape and type of ``prototype``, whose values are not to be relied on (zeros).

    Args:
        prototype (Tensor | list | number): any shape; any type.
        dtype (dtype | str): the type; by default that of ``prototype``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.empty_like([1.0, 2.0]).shape
    (2,)
    """
    return zeros_like(prototype, dtype, shape)


# ---------------------------------------------------------------- ranges
def _made(values, dtype):
    """An array that NumPy made, in ``dtype`` or as int32 or float32."""
    return fixed(values.astype(_dtype_of(dtype or (float32 if values.dtype.kind == "f" else int32)).np))


def arange(start, stop=None, step=None, dtype=None):
    """``start, start + step, ...`` below ``stop``.

    Args:
        start (number): the first number; the bound if ``stop`` is not given.
        stop (number): the bound, which is not reached. Default: None.
        step (number): the distance; None for 1. Default: None.
        dtype (dtype | str): the type; by default int32 for ints, float32 for floats. Default: None.

    Returns:
        Tensor of shape (n,).

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
    """Equally spaced numbers.

    Args:
        start (number | Tensor | list): the first number.
        stop (number | Tensor | list): the last number.
        num (int): how many. Default: 50.
        endpoint (bool): whether ``stop`` is one of them. Default: True.
        retstep (bool): whether their distance is given too. Default: False.
        dtype (dtype | str): the type; None for float32. Default: None.
        axis (int): the axis of the numbers, if ``start`` and ``stop`` have some. Default: 0.

    Returns:
        Tensor of shape (num,); with ``retstep`` a tuple (Tensor, distance).

    >>> import minispore.numpy as mnp
    >>> print(mnp.linspace(0, 1, 5))
    [0.   0.25 0.5  0.75 1.  ]
    """
    made = _spaced(np.linspace, start, stop, num, dtype, endpoint=endpoint, axis=axis)
    if not retstep:
        return made
    return made, (asarray(stop, float32) - start) / builtins.max(num - 1 if endpoint else num, 1)


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """``base`` to the power of equally spaced numbers.

    Args:
        start (number | Tensor | list): the first power.
        stop (number | Tensor | list): the last power.
        num (int): how many. Default: 50.
        endpoint (bool): whether ``stop`` is one of them. Default: True.
        base (number): the base. Default: 10.0.
        dtype (dtype | str): the type; None for float32. Default: None.
        axis (int): the axis of the numbers, if ``start`` and ``stop`` have some. Default: 0.

    Returns:
        Tensor of shape (num,).

    >>> import minispore.numpy as mnp
    >>> print(mnp.logspace(0, 2, 3))
    [  1.  10. 100.]
    """
    return _spaced(np.logspace, start, stop, num, dtype, endpoint=endpoint, base=base, axis=axis)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Numbers with equal ratios.

    Args:
        start (number | Tensor | list): the first number.
        stop (number | Tensor | list): the last number.
        num (int): how many. Default: 50.
        endpoint (bool): whether ``stop`` is one of them. Default: True.
        dtype (dtype | str): the type; None for float32. Default: None.
        axis (int): the axis of the numbers, if ``start`` and ``stop`` have some. Default: 0.

    Returns:
        Tensor of shape (num,).

    >>> import minispore.numpy as mnp
    >>> print(mnp.geomspace(1, 4, 3))
    [1. 2. 4.]
    """
    return _spaced(np.geomspace, start, stop, num, dtype, endpoint=endpoint, axis=axis)


# ---------------------------------------------------------------- matrices, triangles, grids
def eye(N, M=None, k=0, dtype=float32):
    """Ones on a diagonal of a matrix of zeros.

    Args:
        N (int): how many rows.
        M (int): how many columns; None for ``N``. Default: None.
        k (int): which diagonal: positive ones above the main one. Default: 0.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of shape (N, M).

    >>> import minispore.numpy as mnp
    >>> print(mnp.eye(2, 3, 1))
    [[0. 1. 0.]
     [0. 0. 1.]]
    """
    return fixed(np.eye(N, M, k, dtype=_dtype_of(dtype).np))


def identity(n, dtype=float32):
    """The unit matrix.

    Args:
        n (int): how many rows and columns.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of shape (n, n).

    >>> import minispore.numpy as mnp
    >>> print(mnp.identity(2))
    [[1. 0.]
     [0. 1.]]
    """
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=float32):
    """Ones at and below a diagonal, zeros above.

    Args:
        N (int): how many rows.
        M (int): how many columns; None for ``N``. Default: None.
        k (int): which diagonal: positive ones above the main one. Default: 0.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of shape (N, M).

    >>> import minispore.numpy as mnp
    >>> print(mnp.tri(2, 3))
    [[1. 0. 0.]
     [1. 1. 0.]]
    """
    return fixed(np.tri(N, M, k, dtype=_dtype_of(dtype).np))


def tril(m, k=0):
    """``m`` with zeros above a diagonal.

    Args:
        m (Tensor | list): at least two axes; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of the shape and type of ``m``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.tril([[1, 2], [3, 4]]))
    [[1 0]
     [3 4]]
    """
    return ops.tril(asarray(m), k)


def triu(m, k=0):
    """``m`` with zeros below a diagonal.

    Args:
        m (Tensor | list): at least two axes; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of the shape and type of ``m``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.triu([[1, 2], [3, 4]]))
    [[1 2]
     [0 4]]
    """
    return ops.triu(asarray(m), k)


def _positions(arrays):
    return tuple(fixed(a.astype(np.int32)) for a in arrays)


def tril_indices(n, k=0, m=None):
    """The positions of the lower triangle of a matrix.

    Args:
        n (int): how many rows.
        k (int): the triangle's diagonal. Default: 0.
        m (int): how many columns; None for ``n``. Default: None.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.tril_indices(2))
    [0 1 1] [0 0 1]
    """
    return _positions(np.tril_indices(n, k, m))


def triu_indices(n, k=0, m=None):
    """The positions of the upper triangle of a matrix.

    Args:
        n (int): how many rows.
        k (int): the triangle's diagonal. Default: 0.
        m (int): how many columns; None for ``n``. Default: None.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.triu_indices(2))
    [0 0 1] [0 1 1]
    """
    return _positions(np.triu_indices(n, k, m))


def tril_indices_from(arr, k=0):
    """The positions of the lower triangle of a given matrix.

    Args:
        arr (Tensor | list): two axes.
        k (int): the triangle's diagonal. Default: 0.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.tril_indices_from(mnp.ones((2, 2))))
    [0 1 1] [0 0 1]
    """
    return tril_indices(asarray(arr).shape[0], k, asarray(arr).shape[1])


def triu_indices_from(arr, k=0):
    """The positions of the upper triangle of a given matrix.

    Args:
        arr (Tensor | list): two axes.
        k (int): the triangle's diagonal. Default: 0.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.triu_indices_from(mnp.ones((2, 2))))
    [0 0 1] [0 1 1]
    """
    return triu_indices(asarray(arr).shape[0], k, asarray(arr).shape[1])


def diag_indices(n, ndim=2):
    """The positions of the main diagonal of a Tensor whose axes have one length.

    Args:
        n (int): the length.
        ndim (int): how many axes. Default: 2.

    Returns:
        tuple of ``ndim`` Tensors of shape (n,); int32.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.diag_indices(2))
    [0 1] [0 1]
    """
    return _positions([np.arange(n)] * ndim)


def diag(v, k=0):
    """A matrix with a vector on a diagonal, or that diagonal of a matrix.

    Args:
        v (Tensor): one or two axes; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of two axes or one; the type of ``v``.

    Raises:
        TypeError: ``v`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diag(mnp.array([1, 2])), mnp.diag(mnp.array([[1, 2], [3, 4]])))
    [[1 0]
     [0 2]] [1 4]
    """
    v = asarray(v)
    return ops.diag_embed(v, k) if v.ndim == 1 else diagonal(v, k)


def diagflat(v, k=0):
    """A matrix with the elements of ``v`` on a diagonal.

    Args:
        v (Tensor): any shape; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of two axes; the type of ``v``.

    Raises:
        TypeError: ``v`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diagflat(mnp.array([[1], [2]])))
    [[1 0]
     [0 2]]
    """
    return ops.diagflat(asarray(v), k)


def diagonal(a, offset=0, axis1=0, axis2=1):
    """The diagonal of two axes, as a last axis.

    Args:
        a (Tensor): at least two axes; numbers.
        offset (int): which diagonal: positive ones above the main one. Default: 0.
        axis1 (int): the axis of the rows. Default: 0.
        axis2 (int): the axis of the columns. Default: 1.

    Returns:
        Tensor with one axis less; the type of ``a``.

    Raises:
        AttributeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diagonal(mnp.array([[1, 2], [3, 4]])))
    [1 4]
    """
    return ops.diagonal(asarray(a), offset, axis1, axis2)


def trace(a, offset=0, axis1=0, axis2=1, dtype=None):
    """The sum of the diagonal of two axes.

    Args:
        a (Tensor): at least two axes; numbers.
        offset (int): which diagonal: positive ones above the main one. Default: 0.
        axis1 (int): the axis of the rows. Default: 0.
        axis2 (int): the axis of the columns. Default: 1.
        dtype (dtype | str): the type; by default that of ``a``, int64 for integers. Default: None.

    Returns:
        Tensor with two axes less.

    Raises:
        AttributeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.trace(mnp.array([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    out = ops.sum(diagonal(a, offset, axis1, axis2), -1)
    return out if dtype is None else to(out, to_dtype(dtype))


def vander(x, N=None, increasing=False):
    """The powers of a vector as columns (Vandermonde's matrix).

    Args:
        x (Tensor | list): shape (n,); numbers.
        N (int): how many columns; None for n. Default: None.
        increasing (bool): whether the highest power comes last. Default: False.

    Returns:
        Tensor of shape (n, N); the type of ``x``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.vander([1, 2, 3]))
    [[1 1 1]
     [4 2 1]
     [9 3 1]]
    """
    x = asarray(x)
    n = x.shape[0] if N is None else N
    powers = list(builtins.range(n)) if increasing else list(builtins.range(n))[::-1]
    return to(ops.pow(ops.expand_dims(x, 1), fixed(np.array(powers, x.dtype.np))), x.dtype)


def meshgrid(*xi, sparse=False, indexing="xy"):
    """Each vector along its own axis of a grid, repeated along the others.

    Args:
        *xi (Tensor): any shape; numbers; taken as vectors.
        sparse (bool): whether they are not repeated. Default: False.
        indexing (str): "xy": the first vector runs along the columns, the second along the rows; "ij": each along the
            axis of its place. Default: "xy".

    Returns:
        list of as many Tensors.

    Raises:
        TypeError: ``xi`` is not a Tensor.
        ValueError: ``indexing`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.meshgrid(mnp.array([1, 2]), mnp.array([5, 6])))
    [[1 2]
     [1 2]] [[5 5]
     [6 6]]
    """
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
    """The position along each axis of a grid.

    Args:
        dimensions (tuple[int] | list[int]): its shape.
        dtype (dtype | str): the type. Default: int32.
        sparse (bool): whether the positions are not repeated along the other axes. Default: False.

    Returns:
        list of Tensors, one for each axis.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.indices((2, 2)))
    [[0 0]
     [1 1]] [[0 1]
     [0 1]]
    """
    vectors = [to(as_tensor(np.arange(n)), to_dtype(dtype)) for n in dimensions]
    return meshgrid(*vectors, sparse=sparse, indexing="ij")


def ix_(*args):
    """Vectors reshaped so that as an index they pick the grid of all their combinations.

    Args:
        *args (Tensor): vectors; integers.

    Returns:
        tuple of Tensors.

    Raises:
        TypeError: ``args`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.arange(6).reshape(2, 3)[mnp.ix_(mnp.array([0, 1]), mnp.array([2, 0]))])
    [[2 0]
     [5 3]]
    """
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
def _window(name, coefficients, printed):
    def window(M):
        M = builtins.max(checks.integer(name, M=M), 0)
        n = np.arange(M)
        turns = sum(c * np.cos(2 * np.pi * k * n / builtins.max(M - 1, 1)) for k, c in enumerate(coefficients))
        return _made(turns if M > 1 else np.ones(M), float32)

    window.__name__, window.__module__ = name, __name__
    shown = " + ".join(f"{c} cos({2 * k} pi n / (M - 1))" if k else str(c) for k, c in enumerate(coefficients))
    window.__doc__ = f"""The {name} window: ``{shown}``.

    Args:
        M (int): how many points.

    Returns:
        Tensor of shape (M,); float32.

    >>> print({name}(5).asnumpy().round(4) + 0)
    {printed}
    """
    return window


hanning = _window("hanning", (0.5, -0.5), "[0.  0.5 1.  0.5 0. ]")
hamming = _window("hamming", (0.54, -0.46), "[0.08 0.54 1.   0.54 0.08]")
blackman = _window("blackman", (0.42, -0.5, 0.08), "[0.   0.34 1.   0.34 0.  ]")


def bartlett(M):
    """The triangular window with zeros at its ends.

    Args:
        M (int): how many points.

    Returns:
        Tensor of shape (M,); float32.

    >>> import minispore.numpy as mnp
    >>> print(mnp.bartlett(5))
    [0.  0.5 1.  0.5 0. ]
    """
    return _made(np.bartlett(M), float32)


def rand(*shape, dtype=float32):
    """Uniform random numbers in [0, 1).

    Args:
        *shape (int): the lengths.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type; of shape (1,) without lengths.

    Raises:
        TypeError: a length is not an int.
        ValueError: the type is none of floats, or a length is negative.

    >>> import minispore.numpy as mnp
    >>> mnp.rand(2, 3).shape
    (2, 3)
    """
    return ops.rand(*_random_shape("rand", shape, dtype), dtype=dtype)


def _random_shape(name, shape, dtype):
    """The lengths for random floats: ints, or one tuple or list of them."""
    checks.instance(name, (int, tuple, list), **{f"shape[{k}]": n for k, n in enumerate(shape)})
    if not to_dtype(dtype).is_float:
        raise fail(ValueError, f"For '{name}', 'dtype' must be a type of floats, but got {to_dtype(dtype)}.")
    lengths = shape[0] if shape and isinstance(shape[0], (tuple, list)) else shape or (1,)
    checks.non_negative_int(name, **{f"shape[{k}]": n for k, n in enumerate(lengths)})
    return tuple(lengths)


def randn(*shape, dtype=float32):
    """Standard normal random numbers.

    Args:
        *shape (int): the lengths.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type; of shape (1,) without lengths.

    Raises:
        TypeError: a length is not an int.
        ValueError: the type is none of floats, or a length is negative.

    >>> import minispore.numpy as mnp
    >>> mnp.randn(2, 3).shape
    (2, 3)
    """
    return ops.randn(*_random_shape("randn", shape, dtype), dtype=dtype)


def randint(minval, maxval=None, shape=None, dtype=int32):
    """Uniform random integers in [minval, maxval), or in [0, minval).

    Args:
        minval (int): the smallest number; the bound if ``maxval`` is not given.
        maxval (int): the bound, which is never drawn. Default: None.
        shape (int | tuple[int]): the shape; None for (1,). Default: None.
        dtype (dtype | str): the type. Default: int32.

    Returns:
        Tensor of that shape and type.

    Raises:
        TypeError: a bound is not an int.
        ValueError: the bounds are in the wrong order, or the type is none of integers.

    >>> import minispore.numpy as mnp
    >>> print(mnp.randint(3, 4, (2,)))
    [3 3]
    """
    checks.integer("randint", minval=minval)
    checks.instance("randint", (int, type(None)), maxval=maxval)
    if to_dtype(dtype).np.kind not in "iu":
        raise fail(ValueError, f"For 'randint', 'dtype' must be a type of integers, but got {to_dtype(dtype)}.")
    low, high = (0, minval) if maxval is None else (minval, maxval)
    return ops.randint(low, high, (1,) if shape is None else _shape("randint", shape), dtype=dtype)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
__all__ += ["mgrid", "ogrid"]
