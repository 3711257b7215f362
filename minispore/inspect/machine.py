"""The peak performance of this machine, measured, as the reference for profiles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .. import ops
from ..core.parameter import Parameter
from ..core.tensor import Tensor
from ..graph.build import fused, threads
from ..graph.compile import INTERPRETED
from ..graph.executable import Executable
from ..graph.lower import Builder
from .replay import arrays_of
from .timing import TimedExecutable, timings
from .traced import traced

# The side of the matrices, and the number of float32 elements (64 MB, more than caches hold).  Smaller where Python runs kernels.
SIDE, LENGTH = (8, 256) if INTERPRETED else (512, 1 << 24)


@dataclass(frozen=True)
class Peaks:
    """The best of a few runs, with the threads a step may use.

    Attributes:
        flops: operations a second of a float32 product of 512 x 512 matrices.
        bytes: bytes a second read and written by a kernel that negates 64 MB of float32 in place.
    """

    flops: float
    bytes: float


def peaks() -> Peaks:
    """What this machine can do at best; measured once for each number of threads, in less than a second.

    Returns:
        Peaks.

    >>> peaks().flops > 0
    True
    """
    return _measured(threads())


@lru_cache(maxsize=8)
def _measured(threads: int) -> Peaks:
    a = Tensor(np.full((SIDE, SIDE), 0.5, np.float32))
    big = Parameter(Tensor(np.ones(LENGTH, np.float32)), name="big")

    def negate():
        ops.assign(big, -big)

    def fastest(function, *args):
        graph, units = fused(traced(function, args, {}))
        builder = Builder(graph, units, threads)
        rows = builder.run()
        found = timings(
            TimedExecutable(graph, builder, rows), Executable(graph, builder, rows), arrays_of(args, {}), 25
        )
        return min(sum(seconds for _, _, seconds in step) for step in found.spans)

    return Peaks(2 * SIDE**3 / fastest(ops.matmul, a, a), 2 * big.nbytes / fastest(negate))
