"""Arrays that say whether a Parameter has had its first step, as ``stat`` of SGD: all above 0 before it, then all 0.

Their numbers are alike, so the first one counts; and the others are written when they change.  A step that would read and
write them all moves as many bytes for them as for the weights.
"""

import numpy as np

from ..core.kernel import kernel
from ..core.op import library
from ..core.samples import f
from .batch import into_first_axis
from .elementwise import greater
from .movement import reshape
from .slicing import basic_slice


@kernel
def passed_kernel(x: "T*", out: "T*", inner: int, lo, hi):
    """Rows of ``x`` that begin above 0 are 0 in ``out``, which holds ``x`` already; [lo, hi) are rows.

    T is the integer of the width of a float: above 0 is the one where the other is.
    """
    for row in range(lo, hi):
        if x[row * inner] > 0:
            for k in range(inner):
                out[row * inner + k] = 0


def _lower(build, node):
    (x,) = node.inputs
    out, before = build.output(node), build.operand(x)
    if before.buffer is not out.buffer:
        build.copy(before, out)
    outer, inner = x.shape
    source = passed_kernel.bind(T=f"int{8 * x.dtype.itemsize}")
    build.call(source, node, [out, out, inner], extent=outer, writes=[out], cost=outer)


_passed = library(
    "first_step_passed", lambda x: (np.where(x[:, :1] > 0, 0, x).astype(x.dtype),), lambda x: [(x.shape, x.dtype)], _lower,
    vjp=None, smooth=False, in_place=True, batch=into_first_axis, samples=[(f(3, 4),)],
)  # fmt: skip


def is_first(flags):
    """Whether the step is the first, by the first of the ``flags``, as a Tensor that broadcasts to their shape."""
    if not flags.size:
        return greater(flags, 0)
    return greater(reshape(basic_slice(reshape(flags, (flags.size,)), (0,), (1,), (1,)), ()), 0)


def passed(flags):
    """The flags after a step."""
    return reshape(_passed(reshape(flags, (1, flags.size))), flags.shape) if flags.size else flags


__all__ = ["is_first", "passed"]
