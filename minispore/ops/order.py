# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Order along an axis: sort, topk, searches, and cumulative sums, products and extremes.

The library ops of sorting give positions only; the values are then gathered, which gives them their gradient.
"""

from typing import Any

import numpy as np

from ..core.dtype import bool_, float32, int32, int64, promote, to_dtype
from ..core.errors import fail
from ..core.kernel import device, kernel
from ..core.op import Library, as_tensor, library, to
from ..core.samples import f, i
from ..core.tensor import Tensor
from .batch import all_full, fold, into_first_axis, reshaped
from .creation import positions
from .elementwise import add, exp, greater, isfinite, log, logical_and, maximum, minimum, select
from .methods import method
from .movement import axis_of, broadcast_to, concat, reshape, slice_along, squeeze, swapaxes, zeros_of
from .rows import blocks, index_of, take_elements, take_positions


# ---------------------------------------------------------------- sorting
@device
def goes_before(a, b, descending):
    """A strict order in which NaN is the largest number."""
    if descending != 0:
        return a > b or (a != a and b == b)
    return a < b or (b != b and a == a)


@kernel
def sort_positions(x: "T*", out: "int32*", scratch: "int32*", n: int, descending: int, lo, hi):
    """The stable order of each row: runs of 16 by insertion, then merged in passes between ``out`` and ``scratch``."""
    for row in range(lo, hi):
        keys = shift(x, row * n)
        a, b = shift(out, row * n), shift(scratch, row * n)
        width = 16
        while width < n:  # start where the last pass will end in out
            a, b = b, a
            width *= 2
        for start in range(0, n, 16):
            for k in range(start, min(start + 16, n)):
                j = k
                while j > start and goes_before(keys[k], keys[a[j - 1]], descending):
                    a[j] = a[j - 1]
                    j -= 1
                a[j] = int32(k)
        width = 16
        while width < n:
            for start in range(0, n, 2 * width):
                middle, end = min(start + width, n), min(start + 2 * width, n)
                p, q = start, middle
                for k in range(start, end):
                    if p < middle and (q >= end or not goes_before(keys[a[q]], keys[a[p]], descending)):
                        b[k] = a[p]
                        p += 1
                    else:
                        b[k] = a[q]
                        q += 1
            a, b = b, a
            width *= 2


@kernel
def top_positions(x: "T*", out: "int32*", n: int, k: int, descending: int, lo, hi):
    """The first ``k`` of each row's order, kept sorted while the row is read once."""
    for row in range(lo, hi):
        keys = shift(x, row * n)
        best = shift(out, row * k)
        last = keys[0]
        for c in range(n):
            v = keys[c]
            if c < k or goes_before(v, last, descending):
                j = min(c, k - 1)
                while j > 0 and goes_before(v, keys[best[j - 1]], descending):
                    best[j] = best[j - 1]
                    j -= 1
                best[j] = int32(c)
                last = keys[best[min(c, k - 1)]]


def _order_numpy(x, k, descending):
    n = x.shape[1]
    order = n - 1 - np.argsort(x[:, ::-1], 1, kind="stable")[:, ::-1] if descending else np.argsort(x, 1, kind="stable")
    return (order[:, :k].astype(np.int32),)


def _order_lower(build, node):
    x = node.inputs[0]
    rows, n = x.shape
    k, descending = node.attrs["k"], int(node.attrs["descending"])
    out = build.output(node)
    element = build.storage(x.dtype)
    if k < n:
        build.call(top_positions.bind(T=element), node, [build.dense(x), out, n, k, descending], extent=rows,
                   writes=[out], cost=2 * x.size)  # fmt: skip
    else:
        scratch = build.temp(x.shape, int32)
        build.call(sort_positions.bind(T=element), node, [build.dense(x), out, scratch, n, descending], extent=rows,
                   writes=[out, scratch], cost=8 * x.size)  # fmt: skip


_order = library(
    "order", _order_numpy, lambda x, k, descending: [((x.shape[0], k), int32)], _order_lower, batch=into_first_axis,
    samples=[(f(3, 40), {"k": 40, "descending": False}), (i(3, 7), {"k": 7, "descending": True}),
             (f(3, 9), {"k": 2, "descending": True})],
)  # fmt: skip


def _sortable(x):
    """``x`` in a type that the kernels compare."""
    return to(x, float32) if x.dtype.is_float and x.dtype.itemsize == 2 else x


def _in_order(name, x, axis, descending, k=None):
    """Positions (int32) along ``axis`` of the elements in order, the first ``k`` of them."""
    if x.ndim == 0:
        raise fail(ValueError, f"For '{name}', the input must have at least one axis.")
    a = axis_of(name, x.ndim, axis)
    n = x.shape[a]
    k = n if k is None else k
    last = swapaxes(_sortable(x), a, x.ndim - 1)
    few = k if k <= 32 else n  # more are found faster by sorting everything
    order = _order(reshape(last, (-1, n)) if x.size else reshape(last, (0, n)), k=few, descending=bool(descending))
    order = slice_along(order, 1, 0, k)
    return swapaxes(reshape(order, last.shape[:-1] + (k,)), a, x.ndim - 1)


def _at(x, axis, order):
    """(values, order) of positions that need no check."""
    return take_positions(x, axis, order), order


def sort(input_x, axis=-1, descending=False):
    """(values, positions) sorted along ``axis``; equal elements keep their order, NaN counts as the largest number.

    Returns:
        Tensors of the input's shape; the positions are int32.

    >>> import minispore as ms
    >>> values, order = sort(ms.Tensor([3.0, 1.0, 2.0]))
    >>> print(values, order)
    [1. 2. 3.] [1 2 0]
    """
    x = as_tensor(input_x)
    order = _in_order("sort", x, axis, descending)
    return _at(x, axis, order)


def argsort(input, axis=-1, descending=False):
    """Positions (int32) that sort ``input`` along ``axis``."""
    return _in_order("argsort", as_tensor(input), axis, descending)


@method("msort")
def msort(input):
    """``input`` sorted along its first axis."""
    return sort(input, 0)[0]


def topk(input, k, dim=None, largest=True, sorted=True):
    """(values, positions) of the ``k`` largest (or smallest) elements along ``dim`` (default: the last), in order.

    Raises:
        ValueError: ``k`` is not in (0, length of ``dim``].

    >>> import minispore as ms
    >>> values, where = topk(ms.Tensor([3.0, 1.0, 4.0]), 2)
    >>> print(values, where)
    [4. 3.] [2 0]
    """
    x = as_tensor(input)
    axis = -1 if dim is None else dim
    n = x.shape[axis_of("topk", x.ndim, axis)] if x.ndim else 0
    if isinstance(k, bool) or not isinstance(k, (int, np.integer, Tensor)):
        raise fail(TypeError, f"For 'topk', 'k' must be an int, but got {type(k).__name__}.")
    k = int(k)
    if not 0 < k <= n:
        raise fail(ValueError, f"For 'topk', 'k' must be in (0, {n}], but got {k}.")
    return _at(x, axis, _in_order("topk", x, axis, largest, k))


@method("top_k")
def top_k(input_x, k, sorted=True):
    """(values, positions) of the ``k`` largest elements along the last axis."""
    return topk(input_x, k)


@method("median")
def median(input, axis=-1, keepdims=False):
    """(median, its position) along ``axis``: of two middle elements the lower one; the position is int64."""
    x = as_tensor(input)
    a = axis_of("median", x.ndim, axis)
    order = slice_along(_in_order("median", x, a, False), a, (x.shape[a] - 1) // 2, 1)
    values, where = take_positions(x, a, order), to(order, int64)
    return (values, where) if keepdims else (squeeze(values, a), squeeze(where, a))


def intopk(x1, x2, k):
    """Whether the element ``x2[i]`` of row i of ``x1`` is among its ``k`` largest; ties count."""
    target = take_elements(x1, 1, reshape(x2, (-1, 1)), "InTopK")
    larger = to(greater(x1, target), int64).sum(1)
    return logical_and(larger < int(k), isfinite(reshape(target, (-1,))))


# ---------------------------------------------------------------- searching
@kernel
def search_positions(ordered: "T*", values: "T*", out: "int64*", n: int, m: int, one: int, right: int, lo, hi):
    """How many elements of its row of ``ordered`` go before each value; with ``one`` there is one row for all."""
    for at in range(lo, hi):
        row = shift(ordered, 0 if one != 0 else (at // m) * n)
        v = values[at]
        first, last = 0, n
        while first < last:
            middle = (first + last) // 2
            before = not goes_before(v, row[middle], 0) if right != 0 else goes_before(row[middle], v, 0)
            if before:
                first = middle + 1
            else:
                last = middle
        out[at] = first


def _search_numpy(ordered, values, right):
    side: Any = "right" if right else "left"
    if ordered.shape[0] == 1:
        return (np.searchsorted(ordered[0], values, side).astype(np.int64),)
    found = [np.searchsorted(row, v, side) for row, v in zip(ordered, values)]
    return (np.array(found, np.int64).reshape(values.shape),)


def _search_lower(build, node):
    ordered, values = node.inputs
    rows, n = ordered.shape
    out = build.output(node)
    build.call(
        search_positions.bind(T=build.storage(values.dtype)), node,
        [build.dense(ordered), build.dense(values), out, n, values.shape[1], int(rows == 1), int(node.attrs["right"])],
        extent=values.size, writes=[out], cost=8 * values.size,
    )  # fmt: skip


def _search_batch(op, size, xs, batched, attrs):
    ordered, values = xs
    if not batched[0] and ordered.shape[0] == 1:  # one sequence for all
        return [reshaped(op(ordered, fold(values, 0), **attrs), *values.shape)]
    ordered, values = all_full(size, xs, batched)
    rows = values.shape[1]
    ordered = broadcast_to(ordered, (size, rows, ordered.shape[2]))
    return into_first_axis(op, size, [ordered, values], [True, True], attrs)


_search = library(
    "search", _search_numpy, lambda ordered, values, right: [(values.shape, int64)], _search_lower, batch=_search_batch,
    samples=[(i(1, 1), i(3, 4), {"right": True}), (i(2, 1), i(2, 4), {"right": False})],
)  # fmt: skip


def searchsorted(sorted_sequence, values, *, out_int32=False, right=False, side=None, sorter=None):
    """Where ``values`` would go into ``sorted_sequence`` (sorted along its last axis), left or right of equal elements.

    ``sorter``: the positions that sort a sequence that is not.

    >>> import minispore as ms
    >>> print(searchsorted(ms.Tensor([1.0, 3.0, 5.0]), ms.Tensor([0.0, 3.0, 9.0])))
    [0 1 3]
    """
    if side not in (None, "left", "right"):
        raise fail(ValueError, f"For 'searchsorted', 'side' must be 'left' or 'right', but got {side!r}.")
    ordered, v = index_of("searchsorted", sorted_sequence), as_tensor(values)
    if sorter is not None:
        ordered = take_elements(ordered, ordered.ndim - 1, sorter, "searchsorted")
    if ordered.ndim == 0 or (ordered.ndim > 1 and ordered.shape[:-1] != v.shape[:-1]):
        raise fail(
            ValueError,
            "For 'searchsorted', 'sorted_sequence' must have one axis or, but for the last, the shape of 'values', "
            f"but got {ordered.shape} and {v.shape}.",
        )
    dtype = promote(ordered.dtype, v.dtype)
    n = ordered.shape[-1]
    lead = 1 if ordered.ndim == 1 else ordered.size // max(n, 1)
    ordered, flat = _sortable(to(ordered, dtype)), _sortable(to(v, dtype))
    at = _search(
        reshape(ordered, (lead, n)), reshape(flat, (lead, v.size // max(lead, 1))), right=right or side == "right"
    )
    return to(reshape(at, v.shape), int32 if out_int32 else int64)


def bucketize(input, boundaries, *, right=False):
    """The number (int32) of the bucket that each element falls into; ``boundaries``: an increasing list."""
    edges = boundaries if isinstance(boundaries, Tensor) else as_tensor([float(b) for b in boundaries])
    return searchsorted(edges, input, right=right, out_int32=True)


method("searchsorted")(lambda self, v, side="left", sorter=None: searchsorted(self, v, side=side, sorter=sorter))


# ---------------------------------------------------------------- cumulative
@kernel
def running_sum(x: "T*", out: "T*", n: int, inner: int, reverse: int, lo, hi):
    """Sums along the middle axis of (outer, n, inner), 64 columns at a time; [lo, hi) are such strips."""
    strips = (inner + 63) // 64
    for strip in range(lo, hi):
        c0 = (strip % strips) * 64
        c1 = min(c0 + 64, inner)
        base = (strip // strips) * n * inner
        step = -inner if reverse != 0 else inner
        at = base + (n - 1) * inner if reverse != 0 else base
        if inner == 1:
            total = T(0)
            for _ in range(n):
                total = T(total + x[at])
                out[at] = total
                at += step
        else:
            for c in range(c0, c1):
                out[at + c] = x[at + c]
            for _ in range(1, n):
                old, new, source = shift(out, at), shift(out, at + step), shift(x, at + step)
                for c in range(c0, c1):
                    new[c] = old[c] + source[c]
                at += step


@kernel
def recurrence(a: "T*", b: "T*", out: "T*", n: int, inner: int, reverse: int, lo, hi):
    """out[k] = a[k] * out[k - 1] + b[k] along the middle axis, beginning with b; [lo, hi) are strips of 64 columns."""
    strips = (inner + 63) // 64
    for strip in range(lo, hi):
        c0 = (strip % strips) * 64
        c1 = min(c0 + 64, inner)
        base = (strip // strips) * n * inner
        step = -inner if reverse != 0 else inner
        at = base + (n - 1) * inner if reverse != 0 else base
        for c in range(c0, c1):
            out[at + c] = b[at + c]
        for _ in range(1, n):
            for c in range(at + step + c0, at + step + c1):
                out[c] = a[c] * out[c - step] + b[c]
            at += step


def _along(build, node, template, inputs):
    outer, n, inner = node.outs[0].shape
    out = build.output(node)
    build.call(
        template.bind(T=build.storage(node.outs[0].dtype)), node,
        [*map(build.dense, inputs), out, n, inner, int(node.attrs["reverse"])],
        extent=outer * (-(-inner // 64)), writes=[out],
    )  # fmt: skip


def _turned(x, reverse):
    return x[:, ::-1] if reverse else x


def _running_numpy(x, reverse):
    return (np.ascontiguousarray(_turned(np.cumsum(_turned(x, reverse), 1, dtype=x.dtype), reverse)),)


_running_sum: Library = library(
    "running_sum", _running_numpy, lambda x, reverse: [(x.shape, x.dtype)],
    lambda build, node: _along(build, node, running_sum, node.inputs),
    vjp=(lambda g, out, x, reverse: _running_sum(g, reverse=not reverse),), batch=into_first_axis,
    samples=[(f(2, 5, 3), {"reverse": False}), (f(2, 5, 1), {"reverse": True}), (i(1, 4, 70), {"reverse": True})],
)  # fmt: skip


def _recurrence_numpy(a, b, reverse):
    a, b = _turned(a, reverse), _turned(b, reverse)
    out = np.array(b)
    for k in range(1, out.shape[1]):
        out[:, k] += a[:, k] * out[:, k - 1]
    return (np.ascontiguousarray(_turned(out, reverse)),)


def _moved(x, reverse):
    """``x[k - 1]`` at k (``x[k + 1]`` in reverse), 0 at the beginning."""
    n = x.shape[1]
    if n == 0:
        return x
    edge = zeros_of(x, (x.shape[0], 1, x.shape[2]))
    rest = slice_along(x, 1, 1 if reverse else 0, n - 1)
    return concat([rest, edge] if reverse else [edge, rest], 1)


def _recurrence_vjp(needs, grads, outs, inputs, reverse):
    a, _ = inputs
    back = _recurrence(_moved(a, not reverse), grads[0], reverse=not reverse)
    return [back * _moved(outs[0], reverse) if needs[0] else None, back if needs[1] else None]


_recurrence = library(
    "recurrence", _recurrence_numpy, lambda a, b, reverse: [(b.shape, b.dtype)],
    lambda build, node: _along(build, node, recurrence, node.inputs), vjp=_recurrence_vjp,
    batch=into_first_axis,
    samples=[(f(2, 5, 3), f(2, 5, 3), {"reverse": False}), (f(1, 5, 1), f(1, 5, 1), {"reverse": True})],
)  # fmt: skip


def _cumulate(name, op, x, axis, dtype):
    """``op`` along ``axis``; 16-bit floats are computed in float32."""
    if dtype is not None:
        x = to(x, to_dtype(dtype))
    if x.dtype is bool_:
        raise fail(TypeError, f"For '{name}', the input must be numbers, but got {x.dtype}.")
    if x.ndim == 0:
        raise fail(ValueError, f"For '{name}', the input must have at least one axis.")
    a = axis_of(name, x.ndim, int(axis) if isinstance(axis, Tensor) else axis)
    return to(reshape(op(blocks(_sortable(x), a)), x.shape), x.dtype)


def cumsum(x, axis, dtype=None):
    """Sums of the elements up to each along ``axis``, in the type of ``x`` or in ``dtype``.

    >>> import minispore as ms
    >>> print(cumsum(ms.Tensor([1.0, 2.0, 3.0]), 0))
    [1. 3. 6.]
    """
    return _cumulate("cumsum", lambda b: _running_sum(b, reverse=False), as_tensor(x), axis, dtype)


def cumprod(input, dim, dtype=None):
    """Products of the elements up to each along ``dim``; integers give int64.  Its gradient is right at zeros, too."""
    x = as_tensor(input)
    if dtype is None and not x.dtype.is_float:
        dtype = int64

    def product(b):
        first = positions(b.shape[1], 1, 3) == 0
        return _recurrence(b, select(first, b, 0), reverse=False)

    return _cumulate("cumprod", product, x, dim, dtype)


@kernel
def running_extreme(x: "T*", out: "int64*", n: int, inner: int, largest: int, lo, hi):
    """The position of the extreme so far along the middle axis: of equal ones the last, the first NaN stays."""
    for line in range(lo, hi):
        at = (line // inner) * n * inner + line % inner
        best = x[at]
        where = 0
        for k in range(n):
            v = x[at]
            if (v != v and best == best) or (v >= best if largest != 0 else v <= best):
                best = v
                where = k
            out[at] = where
            at += inner


def _extreme_numpy(x, largest):
    out = np.zeros(x.shape, np.int64)
    best, where = x[:, :1], np.zeros((x.shape[0], 1, x.shape[2]), np.int64)
    for k in range(1, x.shape[1]):
        v = x[:, k : k + 1]
        hit = ((v != v) & (best == best)) | ((v >= best) if largest else (v <= best))
        best, where = np.where(hit, v, best), np.where(hit, k, where)
        out[:, k : k + 1] = where
    return (out,)


def _extreme_lower(build, node):
    x = node.inputs[0]
    outer, n, inner = x.shape
    out = build.output(node)
    source = running_extreme.bind(T=build.storage(x.dtype))
    arguments = [build.dense(x), out, n, inner, int(node.attrs["largest"])]
    build.call(source, node, arguments, extent=outer * inner, writes=[out])


_running_extreme = library(
    "running_extreme", _extreme_numpy, lambda x, largest: [(x.shape, int64)], _extreme_lower, batch=into_first_axis,
    samples=[(f(2, 5, 3), {"largest": True}), (i(2, 9, 1), {"largest": False})],
)  # fmt: skip


def _cumulative_extreme(name, x, axis, largest):
    if x.ndim == 0:
        raise fail(ValueError, f"For '{name}', the input must have at least one axis.")
    a = axis_of(name, x.ndim, axis)
    where = reshape(_running_extreme(blocks(_sortable(x), a), largest=largest), x.shape)
    return take_positions(x, a, where), where


@method("cummax")
def cummax(input, axis):
    """(maximum up to each element along ``axis``, its position as int64)."""
    return _cumulative_extreme("cummax", as_tensor(input), axis, True)


@method("cummin")
def cummin(input, axis):
    """(minimum up to each element along ``axis``, its position as int32)."""
    values, where = _cumulative_extreme("cummin", as_tensor(input), axis, False)
    return values, to(where, int32)


@method("logcumsumexp")
def logcumsumexp(input, axis):
    """``log(cumsum(exp(input)))`` along ``axis``, safe from overflow: sums are kept relative to the maximum so far."""
    from .effects import stop_gradient

    x = as_tensor(input)
    top = stop_gradient(cummax(_sortable(x), axis)[0])
    limit = float(np.finfo(top.dtype.np).max)
    top = minimum(maximum(top, -limit), limit)

    def log_sums(b):
        t = blocks(top, axis_of("logcumsumexp", x.ndim, axis))
        return add(t, log(_recurrence(exp(_moved(t, False) - t), exp(b - t), reverse=False)))

    return _cumulate("logcumsumexp", log_sums, x, axis, None)


@method("reverse_sequence")
def reverse_sequence(x, seq_lengths, seq_dim, batch_dim=0):
    """``x`` with the first ``seq_lengths[b]`` elements along ``seq_dim`` reversed in each slice b of ``batch_dim``."""
    s, b = axis_of("reverse_sequence", x.ndim, seq_dim), axis_of("reverse_sequence", x.ndim, batch_dim)
    at = positions(x.shape[s], s, x.ndim)
    lengths = reshape(to(seq_lengths, int64), tuple(x.shape[b] if a == b else 1 for a in range(x.ndim)))
    order = select(at < lengths, lengths - 1 - at, at)
    return take_elements(x, s, order.broadcast_to(x.shape), "ReverseSequence")


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("sort")
def _tensor_sort(self, axis=-1, descending=False, stable=False, *, dim=None):
    return sort(self, axis if dim is None else dim, descending)


@method("argsort")
def _tensor_argsort(self, axis=-1, descending=False, stable=False, *, dim=None):
    return argsort(self, axis if dim is None else dim, descending)


@method("topk")
def _tensor_topk(self, k, dim=None, largest=True, sorted=True):
    return topk(self, k, dim, largest, sorted)


@method("cumsum")
def _tensor_cumsum(self, axis=None, dtype=None, *, dim=None):
    axis = axis if dim is None else dim
    return cumsum(reshape(self, (-1,)), 0, dtype) if axis is None else cumsum(self, axis, dtype)


@method("cumprod")
def _tensor_cumprod(self, dim, dtype=None):
    return cumprod(self, dim, dtype)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
