# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""How many elements fall into each of equal parts of a range, and how often each whole number comes."""

import numpy as np

from ..core.dtype import float16, float32, float64, int32, int64
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import fixed, library, to
from ..core.samples import f, i
from .batch import into_first_axis, one_by_one
from .concatenation import stack
from .methods import method
from .movement import reshape
from .reduction import amax, amin


@kernel(fastmath=())  # edges are rounded as by NumPy
def histogram_kernel(x: "T*", span: "S*", edges: "T*", out: "int64*", n: int, bins: int, lo, hi):
    """How many of the ``n`` elements of a row are in each part of its span; [lo, hi) are rows.

    Edges are those of NumPy: rounded to the type of x, the last one exact. An element is in the part whose edges are around it.
    """
    for row in range(lo, hi):
        values, counts, borders = shift(x, row * n), shift(out, row * bins), shift(edges, row * (bins + 1))
        a, b = float64(span[2 * row]), float64(span[2 * row + 1])
        first, last = min(a, b), max(a, b)
        if first == last:
            first, last = first - 1.0, last + 1.0
        step = (last - first) / bins
        for k in range(bins):
            borders[k] = T(k * step + first)
            counts[k] = 0
        borders[bins] = T(last)
        low, high, width, parts = T(first), T(last), T(last - first), T(bins)
        for j in range(n):
            v = values[j]
            if v >= low and v <= high:
                at = max(min(int64((v - low) / width * parts), bins - 1), 0)
                if v < borders[at]:
                    at -= 1
                elif v >= borders[at + 1] and at < bins - 1:
                    at += 1
                counts[max(at, 0)] += 1


def _lower(build, node):
    x, span = node.inputs
    (rows, n), bins, out = x.shape, node.attrs["bins"], build.output(node)
    edges = build.temp((rows, bins + 1), x.dtype)
    build.call(histogram_kernel.bind(T=build.storage(x.dtype), S=build.storage(span.dtype)), node, [build.dense(x), build.dense(span), edges, out, n, bins],
               extent=rows, writes=[out, edges], cost=8 * x.size + rows * bins)  # fmt: skip


def _numpy(x, span, bins):
    out = np.zeros((len(x), bins), np.int64)
    for row, values, (lo, hi) in zip(out, x, np.sort(span.astype(np.float64), 1)):
        lo, hi = (lo - 1, hi + 1) if lo == hi else (lo, hi)
        if np.isfinite(lo) and np.isfinite(hi):
            row[:] = np.histogram(values, bins, (float(lo), float(hi)))[0]
    return (out,)


_histogram = library(
    "histogram", _numpy, lambda x, span, bins: [((x.shape[0], bins), int64)], _lower, batch=into_first_axis,
    samples=[(f(2, 40), f(2, 2), {"bins": 5})],
)  # fmt: skip


@method("histc")
def histc(input, bins=100, min=0.0, max=0.0):
    """Histogram: how many elements fall into each of ``bins`` equal parts of [min, max].

    Args:
        input (Tensor): any shape; numbers; elements outside [min, max] are left out.
        bins (int): number of parts. Default: 100.
        min (number): lower end. Default: 0.0.
        max (number): upper end; equal to ``min``: the range of the data. Default: 0.0.

    Returns:
        Tensor of shape (bins,); the type of ``input``.

    Raises:
        ValueError: ``bins`` is not positive, or ``min`` is above ``max``.

    >>> import minispore as ms
    >>> print(histc(ms.Tensor([1.0, 2.0, 1.0]), bins=4, min=0.0, max=3.0))
    [0. 2. 1. 0.]
    """
    if bins <= 0 or min > max:
        raise fail(
            ValueError, f"For 'histc', 'bins' must be positive and 'min' not above 'max', but got {bins}, {min}, {max}."
        )
    x = reshape(
        to(input, input.dtype if input.dtype in (float32, float64) else float32 if input.dtype is float16 else float64),
        (1, -1),
    )
    if min == max and x.size:
        span = to(stack([amin(x, 1), amax(x, 1)], 1), float64)
    else:
        span = fixed(np.array([[min, max]], np.float64))
    counts = reshape(_histogram(x, span, bins=int(bins)), (-1,))
    return to(counts, float32 if input.dtype is float16 else input.dtype)


# ---------------------------------------------------------------- whole numbers
@kernel
def counts_kernel(x: "T*", out: "float32*", counts: "int32*", n: int, size: int, parts: int, lo, hi):
    """How often each of 0, ..., size - 1 comes among ``n`` such numbers.

    With four ``parts`` each of four neighbours has counts of its own: equal ones would wait for each other.
    """
    for _ in range(lo, hi):
        for k in range(parts * size):
            counts[k] = int32(0)
        whole = n - n % parts
        if parts == 4:
            for k in range(0, whole, 4):
                for j in written_out(4):
                    counts[j * size + x[k + j]] += int32(1)
        else:
            for k in range(whole):
                counts[x[k]] += int32(1)
        for k in range(whole, n):
            counts[x[k]] += int32(1)
        if parts == 4:
            for k in range(size):
                out[k] = float32(counts[k] + counts[size + k] + counts[2 * size + k] + counts[3 * size + k])
        else:
            for k in range(size):
                out[k] = float32(counts[k])


def _counts_lower(build, node):
    x, size = node.inputs[0], node.attrs["size"]
    parts = 4 if SPARE * size <= x.size else 1
    out, counts = build.output(node), build.temp((parts * size,), int32)
    build.call(counts_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), out, counts, x.size, size, parts],
               extent=1, writes=[out, counts], split=False, cost=x.size + size)  # fmt: skip


SPARE = 4  # numbers for each that may come, from which on four counts of each are made
# Of a vector of numbers from 0 to size - 1.
value_counts = library(
    "value_counts", lambda x, size: (np.bincount(x, minlength=size).astype(np.float32),),
    lambda x, size: [((size,), float32)], _counts_lower, batch=one_by_one, smooth=False, compiled_from=1 << 15,
    samples=[(i(50, lo=0, hi=9), {"size": 9}), (i(7, lo=0, hi=9), {"size": 16})],
)  # fmt: skip


__all__ = ["histc"]
