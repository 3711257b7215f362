# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Connectionist temporal classification (Graves et al., 2006): the loss of a sequence without known alignment."""

import numpy as np

from ..core.dtype import float64, int64
from ..core.errors import fail
from ..core.kernel import device, kernel
from ..core.op import library, to
from ..core.tensor import Tensor
from .creation import ones_like, positions
from .effects import check_bounds, stop_gradient
from .elementwise import exp, isinf, maximum, select
from .movement import expand_dims
from .reduction import mean, sum as sum_
from .scattering import scatter_nd
from .softmax import log_softmax


@device
def log_add(a, b):
    """log(exp(a) + exp(b)), where -1e300 stands for log 0."""
    high = a if a > b else b
    low = b if a > b else a
    return high if low < -1e299 else high + log_float64(1.0 + exp_float64(low - high))


@device
def bounded(a):
    return -1e300 if a < -1e299 else a


@kernel
def ctc_kernel(x: "float64*", targets: "int64*", lengths: "int64*", sizes: "int64*", loss: "float64*", slope: "float64*",
               forward: "float64*", backward: "float64*", classes_of: "int64*", skips: "float64*", lines: "float64*", steps: int, batch: int,
               classes: int, most: int, blank: int, sloped: int, lo, hi):  # fmt: skip
    """The sums over all alignments up to (forward) and from (backward) each step, in logarithms; [lo, hi): sequences.

    Place s of an alignment is blank for even s and target s // 2 for odd s.  ``sloped``: the slope is wanted, too.
    """
    wide = 2 * most + 1
    for n in range(lo, hi):
        label, own, skip = shift(targets, n * most), shift(classes_of, n * wide), shift(skips, n * wide)
        a, b, line = shift(forward, n * steps * wide), shift(backward, n * steps * wide), shift(lines, n * wide)
        t1, places = lengths[n], 2 * sizes[n] + 1
        for s in range(places):  # the class of each place, and whether it may follow the one two before it
            own[s] = blank if s % 2 == 0 else label[s // 2]
            skip[s] = 0.0 if s > 1 and s % 2 == 1 and label[s // 2] != label[s // 2 - 1] else -1e300
        for k in range(steps * wide):
            a[k] = -1e300
        for t in range(t1):
            row, now, before = shift(x, (t * batch + n) * classes), shift(a, t * wide), shift(a, (t - 1) * wide)
            if t == 0:
                for s in range(min(2, places)):
                    now[s] = bounded(row[own[s]])
            else:
                now[0] = bounded(before[0] + row[blank])
                if places > 1:
                    now[1] = bounded(log_add(before[1], before[0]) + row[own[1]])
                for s in range(2, places):
                    now[s] = row[own[s]]
                for s in range(2, places):
                    p, q, r = before[s], before[s - 1], before[s - 2] + skip[s]
                    high = max(max(p, q), r)
                    total = exp_float64(p - high) + exp_float64(q - high) + exp_float64(r - high)
                    now[s] = max(high + log_float64(total) + now[s], -1e300)
        whole = a[(t1 - 1) * wide + places - 1] if t1 > 0 else (0.0 if places == 1 else -1e300)
        if t1 > 0 and places > 1:
            whole = log_add(whole, a[(t1 - 1) * wide + places - 2])
        loss[n] = inf if whole < -1e299 else -whole
        if sloped == 0:
            continue
        for t in range(steps):
            out = shift(slope, (t * batch + n) * classes)
            for c in range(classes):
                out[c] = 0.0
        if whole < -1e299:
            continue
        for back in range(t1):  # forwards in memory, and by a line of its own: so LLVM sees that vectors do no harm
            t = t1 - 1 - back
            row, now, after = shift(x, (t * batch + n) * classes), shift(b, back * wide), shift(b, (back - 1) * wide)
            if back == 0:
                for s in range(places):
                    now[s] = bounded(row[own[s]]) if s >= places - 2 else -1e300
            else:
                for s in range(places - 2):
                    line[s] = row[own[s]]
                for s in range(places - 2):
                    p, q, r = after[s], after[s + 1], after[s + 2] + skip[s + 2]
                    high = max(max(p, q), r)
                    total = exp_float64(p - high) + exp_float64(q - high) + exp_float64(r - high)
                    line[s] = max(high + log_float64(total) + line[s], -1e300)
                for s in range(places - 2):
                    now[s] = line[s]
                if places > 1:
                    now[places - 2] = bounded(log_add(after[places - 2], after[places - 1]) + row[own[places - 2]])
                now[places - 1] = bounded(after[places - 1] + row[blank])
            out, up = shift(slope, (t * batch + n) * classes), shift(a, t * wide)
            for s in range(places):
                line[s] = up[s] - row[own[s]]
            for s in range(places):
                line[s] = exp_float64(line[s] + now[s] - whole)
            for s in range(places):
                out[own[s]] -= line[s]


def _ctc_numpy(x, targets, lengths, sizes, blank):
    steps, batch, _ = x.shape
    loss, slope = np.zeros(batch), np.zeros_like(x)
    paths = np.full((batch, steps, 2 * targets.shape[1] + 1), -1e300)
    for n in range(batch):
        t1, places = int(lengths[n]), 2 * int(sizes[n]) + 1
        labels = np.full(places, blank, np.int64)
        labels[1::2] = targets[n, : places // 2]
        jump = np.zeros(places, bool)
        jump[2:] = (np.arange(2, places) % 2 == 1) & (labels[2:] != labels[:-2])
        rows = x[:t1, n][:, labels]

        def sums(rows, jump):
            out = np.full(rows.shape, -np.inf)
            out[0, :2] = rows[0, :2]
            for t in range(1, len(rows)):
                total = out[t - 1].copy()
                total[1:] = np.logaddexp(total[1:], out[t - 1, :-1])
                total[2:] = np.where(jump[2:], np.logaddexp(total[2:], out[t - 1, :-2]), total[2:])
                out[t] = total + rows[t]
            return out

        if t1 == 0:
            loss[n] = 0.0 if places == 1 else np.inf
            continue
        back = np.zeros(places, bool)
        back[2:] = jump[::-1][: places - 2] if places > 2 else []
        forward, backward = sums(rows, jump), sums(rows[::-1, ::-1], back)[::-1, ::-1]
        paths[n, :t1, :places] = np.where(np.isinf(forward), -1e300, forward)
        total = np.logaddexp.reduce(forward[-1, -2:])
        loss[n] = -total
        if np.isfinite(total):
            share = np.exp(forward + backward - rows - total)
            np.subtract.at(slope[:t1, n], (slice(None), labels), share)
    return loss, slope, paths


def _ctc_infer(x, targets, lengths, sizes, blank):
    paths = (x.shape[1], x.shape[0], 2 * targets.shape[1] + 1)
    return [((x.shape[1],), float64), (x.shape, float64), (paths, float64)]


def _ctc_lower(build, node):
    x, targets, lengths, sizes = node.inputs
    (steps, batch, classes), most = x.shape, targets.shape[1]
    loss, slope, paths = (build.output(node, k) for k in range(3))
    wide, sloped = 2 * most + 1, id(node.outs[1]) in build.read
    scratch = build.temp((batch, steps if sloped else 0, wide), float64)
    own, skips, lines = (build.temp((batch, wide), dtype) for dtype in (int64, float64, float64))
    build.call(ctc_kernel.bind(), node,
               [*map(build.dense, (x, targets, lengths, sizes)), loss, slope, paths, scratch, own, skips, lines, steps, batch, classes,
                most, node.attrs["blank"], int(sloped)], extent=batch, writes=[loss, slope, paths, scratch, own, skips, lines],
               cost=(40 if sloped else 15) * batch * steps * most)  # fmt: skip


# inputs: log probabilities (T, N, C) float64, targets (N, S), lengths of inputs and targets (N,), int64
_ctc = library(
    "ctc", _ctc_numpy, _ctc_infer, _ctc_lower, smooth=False, samples=[],
    vjp=lambda needs, grads, outs, inputs, blank: [
        None if grads[0] is None else outs[1] * expand_dims(expand_dims(grads[0], 0), 2), None, None, None],
)  # fmt: skip


def _losses(x, targets, lengths, sizes, blank):
    """``_ctc`` of lengths and labels that are in range where they count; labels after the end of a target do not."""
    (steps, _, classes), most = x.shape, targets.shape[1]
    lengths = check_bounds(lengths, steps + 1, "ctc_loss (input_lengths)")
    sizes = check_bounds(sizes, most + 1, "ctc_loss (target_lengths)")
    counts = positions(most, 1, 2) < expand_dims(sizes, 1)
    targets = check_bounds(select(counts, targets, 0), classes, "ctc_loss (targets)")
    return _ctc(x, targets, lengths, sizes, blank=blank)


def _integers(name, t, shape):
    t = t if isinstance(t, Tensor) else Tensor(t)
    if t.dtype.is_float or t.shape != shape:
        raise fail(
            ValueError, f"For 'ctc_loss', '{name}' must hold integers of shape {shape}, but got {t.dtype} {t.shape}."
        )
    return to(t, int64)


def ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction="mean", zero_infinity=False):
    """Connectionist temporal classification: ``-log`` of the probability of ``targets`` over all alignments.

    Graves et al., "Connectionist Temporal Classification" (2006); computed in float64.

    Args:
        log_probs (Tensor): shape (T, N, C); floats; logarithms of the probabilities of C classes at each of T steps.
        targets (Tensor): shape (N, S); integers; classes other than ``blank``, of which ``target_lengths[n]`` count.
        input_lengths (Tensor | tuple[int]): shape (N,); how many steps of each sequence count.
        target_lengths (Tensor | tuple[int]): shape (N,); how many classes of each target count.
        blank (int): the class that stands for nothing. Default: 0.
        reduction (str): "none", "sum", or "mean" of the losses divided by the lengths of their targets.
            Default: "mean".
        zero_infinity (bool): whether a target that is longer than its input allows has the loss 0, not inf.
            Default: False.

    Returns:
        Tuple of two Tensors of the type of ``log_probs``: the loss, of shape (), with "none" (N,); and log_alpha
        (N, T, 2 * S + 1), the logarithms of the sums over the alignments up to each step.

    Raises:
        ValueError: a shape does not fit, lengths or targets are not integers, or ``blank`` or ``reduction`` is unknown.

    >>> import minispore as ms
    >>> x = ms.ops.log_softmax(ms.ops.zeros((2, 1, 3)))
    >>> print(ctc_loss(x, ms.Tensor([[1]]), ms.Tensor([2]), ms.Tensor([1]))[0].asnumpy().round(4))
    1.0986
    """
    if log_probs.ndim != 3 or reduction not in ("none", "mean", "sum"):
        raise fail(
            ValueError,
            f"For 'ctc_loss', (T, N, C) and a known reduction are needed, but got {log_probs.shape}, {reduction!r}.",
        )
    n, c = log_probs.shape[1:]
    if not 0 <= blank < c:
        raise fail(ValueError, f"For 'ctc_loss', 'blank' must be in [0, {c}), but got {blank}.")
    given = _integers("targets", targets, (n, targets.shape[-1]))
    sizes = _integers("target_lengths", target_lengths, (n,))
    lengths = _integers("input_lengths", input_lengths, (n,))
    loss, _, paths = _losses(to(log_probs, float64), given, lengths, sizes, int(blank))
    if zero_infinity:
        loss = select(isinf(loss), 0.0, loss)
    loss = to(loss, log_probs.dtype)
    paths = to(select(paths < -1e299, float("-inf"), paths), log_probs.dtype)
    if reduction == "mean":
        return mean(loss / to(maximum(sizes, 1), loss.dtype)), paths
    return (sum_(loss) if reduction == "sum" else loss), paths


def ctc_of_sparse_labels(x, indices, values, lengths):
    """(losses (N,), their gradient with respect to ``x``) for logits (T, N, C), whose last class is the blank.

    ``indices`` (n, 2): the sequence and the place in its target of each of the labels ``values`` (n,).
    """
    _, batch, classes = x.shape
    most = values.shape[0]
    targets = scatter_nd(to(indices, int64), to(values, int64), (batch, most))
    sizes = scatter_nd(to(indices, int64)[:, :1], ones_like(to(values, int64)), (batch,))
    logs = log_softmax(to(x, float64), -1)
    loss, slope, _ = _losses(logs, targets, to(lengths, int64), sizes, classes - 1)
    gradient = slope - exp(logs) * sum_(slope, -1, True)
    return to(loss, x.dtype), to(stop_gradient(gradient), x.dtype)


__all__ = ["ctc_loss"]
