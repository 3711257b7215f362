"""Coordinates of grids: ``meshgrid``, ``indices``, ``mgrid``."""

import builtins
import math
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32, int32, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, to
from .creation import arange, asarray, linspace

ops: Any = _ops  # its functions are put together when it is imported


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


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
__all__ += ["mgrid", "ogrid"]
