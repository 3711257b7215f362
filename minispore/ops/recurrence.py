# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The linear recurrence along an axis, and the products of all elements but one, which are made of it.

The gradient of a product is the product of the other factors.  ``out / x`` is that only where no factor is 0, and its
own gradient is wrong there; a recurrence from both ends has no quotient, and its gradients of any order are right.
"""

import numpy as np

from ..core.kernel import kernel
from ..core.op import LOOPS_IN_PYTHON, library, to
from ..core.samples import f
from .batch import into_first_axis
from .concatenation import concat
from .creation import positions
from .elementwise import select
from .inputs import accumulation_type
from .slicing import slice_along, zeros_of


@kernel
def linear_recurrence_kernel(a: "T*", b: "T*", out: "T*", n: int, inner: int, reverse: int, lo, hi):
    """out[k] = a[k] * out[k - 1] + b[k] along the middle axis, beginning with b; [lo, hi) are strips of 64 columns.

    Where a is 0 and b is not, a new sequence begins: what was before is not multiplied by 0, for it may be infinite.
    """
    strips = (inner + 63) // 64
    for strip in range(lo, hi):
        c0 = (strip % strips) * 64
        c1 = min(c0 + 64, inner)
        base = (strip // strips) * n * inner
        step = -inner if reverse != 0 else inner
        at = base + (n - 1) * inner if reverse != 0 else base
        if inner == 1:
            last = b[at]
            out[at] = last
            for _ in range(1, n):
                at += step
                new, factor = b[at], a[at]
                if factor != 0 or new == 0:
                    new = T(new + factor * last)
                last = new
                out[at] = last
            continue
        for c in range(c0, c1):
            out[at + c] = b[at + c]
        for _ in range(1, n):
            for c in range(at + step + c0, at + step + c1):
                new = b[c]
                if a[c] != 0 or new == 0:
                    new += a[c] * out[c - step]
                out[c] = new
            at += step


def along_blocks(build, node, template, inputs):
    outer, n, inner = node.outs[0].shape
    out = build.output(node)
    build.call(
        template.bind(T=build.storage(node.outs[0].dtype)), node,
        [*map(build.dense, inputs), out, n, inner, int(node.attrs["reverse"])],
        extent=outer * (-(-inner // 64)), writes=[out],
    )  # fmt: skip


def turned(x, reverse):
    return x[:, ::-1] if reverse else x


def _linear_recurrence_numpy(a, b, reverse):
    a, b = turned(a, reverse), turned(b, reverse)
    out = np.array(b)
    with np.errstate(all="ignore"):
        for k in range(1, out.shape[1]):
            out[:, k] += np.where((a[:, k] == 0) & (b[:, k] != 0), 0, a[:, k] * out[:, k - 1])
    return (np.ascontiguousarray(turned(out, reverse)),)


def moved(x, reverse):
    """``x[k - 1]`` at k (``x[k + 1]`` in reverse), 0 at the beginning."""
    n = x.shape[1]
    if n == 0:
        return x
    edge = zeros_of(x, (x.shape[0], 1, x.shape[2]))
    rest = slice_along(x, 1, 1 if reverse else 0, n - 1)
    return concat([rest, edge] if reverse else [edge, rest], 1)


def _linear_recurrence_vjp(needs, grads, outs, inputs, reverse):
    a, _ = inputs
    back = linear_recurrence(moved(a, not reverse), grads[0], reverse=not reverse)
    return [back * moved(outs[0], reverse) if needs[0] else None, back if needs[1] else None]


linear_recurrence = library(
    "linear_recurrence", _linear_recurrence_numpy, lambda a, b, reverse: [(b.shape, b.dtype)],
    lambda build, node: along_blocks(build, node, linear_recurrence_kernel, node.inputs), vjp=_linear_recurrence_vjp,
    batch=into_first_axis, takes_complex=True, compiled_from=LOOPS_IN_PYTHON,
    samples=[(f(2, 5, 3), f(2, 5, 3), {"reverse": False}), (f(1, 5, 1), f(1, 5, 1), {"reverse": True})],
)  # fmt: skip


def product_of_others(x, new=None):
    """For each element of ``x`` (outer, n, inner) the product of the other ones along the middle axis.

    ``new`` (1, n, 1): whether a group begins there; an element's product is that of the others of its group.
    """
    n, dtype = x.shape[1], x.dtype
    x = accumulation_type(x)
    at = positions(n, 1, 3)
    first, last = at == 0, at == n - 1
    if new is not None:
        first, last = new, moved(to(new, x.dtype), True) + to(last, x.dtype) > 0
    sides = []
    for ends, reverse in ((first, False), (last, True)):
        factor = select(ends, 0.0, moved(x, reverse))
        sides.append(linear_recurrence(factor, select(ends, zeros_of(x, x.shape) + 1.0, 0.0), reverse=reverse))
    return to(sides[0] * sides[1], dtype)


__all__ = ["along_blocks", "linear_recurrence", "moved", "product_of_others", "turned"]
