"""Primitives whose results are computed from values by NumPy: decoders, selections of boxes, samplers, tables of caches.

Only MindSpore's tests and a few old scripts call them.  ``TABLE`` has the form of ``ops/primitive_classes.py``.
"""

import inspect
import operator
from typing import Any

import numpy as np

from .. import ops
from ..core.dtype import float32, int64, to_dtype
from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops.by_numpy import numpy_op
from ..ops.primitive_classes import _class, row
from .sparse_primitives import on_values

o: Any = ops


def _number(x):
    return np.reshape(x, -1)[0]


def _each(op, size, xs, batched, attrs):
    """The batch rule of an op of NumPy: one example after the other."""
    rows = [op(*[x[k] if b else x for x, b in zip(xs, batched)], **attrs) for k in range(size)]
    rows = [row if isinstance(row, (tuple, list)) else [row] for row in rows]
    return [o.stack(list(values)) for values in zip(*rows)]


def _of_fixed_shape(name: str, function, infer, **more):
    """An op whose results have shapes that follow from those of its inputs: compiled steps call ``function``."""
    return numpy_op(name, function, infer, batch=_each, **more)


# ---------------------------------------------------------------- CTC
def _greedy(p, inputs, lengths):
    """The best class of each step; repeated ones are merged, the last class is the blank."""
    steps, batch = inputs.shape[:2]
    if lengths.shape != (batch,):
        raise fail(ValueError, f"For 'CTCGreedyDecoder', one length for each of the {batch} sequences is needed, but 'sequence_length' has the shape {lengths.shape}.")  # fmt: skip
    best, blank = inputs.argmax(-1), inputs.shape[-1] - 1
    indices, values, longest, scores = [], [], 0, []
    for b, length in enumerate(np.maximum(lengths, 0)):
        if length > steps:
            raise fail(RuntimeError, f"For 'CTCGreedyDecoder', sequence_length[{b}] should be less than or equal to the number of steps, {steps}, but got {length}.")  # fmt: skip
        path = best[:length, b]
        kept = [c for t, c in enumerate(path) if c != blank and not (p.merge_repeated and t and c == path[t - 1])]
        indices += [(b, k) for k in range(len(kept))]
        values += kept
        longest = max(longest, len(kept))
        scores.append(0 - inputs[np.arange(length), b, path].sum())
    shape = np.array([inputs.shape[1], longest], np.int64)
    return (np.array(indices, np.int64).reshape(-1, 2), np.array(values, np.int64), shape,
            np.array(scores, inputs.dtype).reshape(-1, 1))  # fmt: skip


def _paths(x, targets, lengths, target_lengths, blank):
    """log alpha of CTC: (N, T, 2 S + 1); -inf where no path comes."""
    steps, batch, _ = x.shape
    targets = targets.reshape(batch, -1) if targets.ndim == 2 else targets
    longest = targets.shape[1] if targets.ndim == 2 else int(target_lengths.max())
    out = np.full((batch, steps, 2 * longest + 1), -np.inf, x.dtype)
    starts = np.concatenate([[0], np.cumsum(target_lengths)])
    with np.errstate(divide="ignore", invalid="ignore"):
        for b in range(batch):
            labels = targets[b][: target_lengths[b]] if targets.ndim == 2 else targets[starts[b] : starts[b + 1]]
            path = np.full(2 * len(labels) + 1, blank)
            path[1::2] = labels
            alpha = np.full(len(path), -np.inf, x.dtype)
            alpha[:2] = x[0, b, path[:2]]
            out[b, 0, : len(path)] = alpha
            skips = np.concatenate([[False, False], (path[2:] != blank) & (path[2:] != path[:-2])])[: len(path)]
            for t in range(1, int(lengths[b])):
                one = np.concatenate([[-np.inf], alpha[:-1]])
                two = np.where(skips, np.concatenate([[-np.inf, -np.inf], alpha[:-2]])[: len(path)], -np.inf)
                alpha = (np.logaddexp(np.logaddexp(alpha, one), two) + x[t, b, path]).astype(x.dtype)
                out[b, t, : len(path)] = alpha
    return out


_alphas = _of_fixed_shape(
    "ctc_alphas", lambda x, targets, lengths, counts, blank: (_paths(x, targets, lengths, counts, blank),), lambda x, targets, *lengths, blank: [
        ((x.shape[1], x.shape[0], 2 * targets.shape[-1] + 1), x.dtype)
    ],
)  # fmt: skip


def _steps_within(x, lengths):
    within = o.expand_dims(o.arange(x.shape[0]), -1) < o.reshape(lengths, (1, -1))
    return o.broadcast_to(o.expand_dims(within, -1), x.shape)


def _ctc(p, x, targets, lengths, target_lengths):
    """Its gradient is that of what the logarithms were made from: each probability once more than that of the loss alone."""
    nll = o.ctc_loss(x, targets, lengths, target_lengths, p.blank, "none", p.zero_infinity)[0]
    share = o.where(_steps_within(x, lengths), o.exp(x), o.zeros_like(x))
    nll = nll + o.sum(share - o.stop_gradient(share), (0, 2))
    return nll, _alphas(o.stop_gradient(x), targets, lengths, target_lengths, blank=p.blank)


def _ctc_gradient(p, g, x, targets, lengths, target_lengths, *rest):
    return o.vjp(lambda x: _ctc(p, x, targets, lengths, target_lengths)[0], x)[1](g)[0]


# ---------------------------------------------------------------- boxes
def _overlap(boxes, one):
    def area(b):
        return np.maximum(b[..., 2] - b[..., 0], 0) * np.maximum(b[..., 3] - b[..., 1], 0)

    low, high = np.maximum(boxes[:, :2], one[:2]), np.minimum(boxes[:, 2:], one[2:])
    shared = np.prod(np.maximum(high - low, 0), 1)
    total = area(boxes) + area(one) - shared
    return np.where(total > 0, shared / np.where(total > 0, total, 1), 0)


def _chosen(scores, most: int, limit, least, overlap):
    """Indices in the order of their scores, each unlike those before it."""
    kept: list = []
    for k in np.argsort(-scores, kind="stable"):
        if len(kept) >= most or scores[k] <= least:
            break
        if not any(overlap(k, j) > limit for j in kept):
            kept.append(k)
    return np.array(kept, np.int32)


def _ordered(boxes):
    """(low, low, high, high), whichever corners were given."""
    return np.concatenate([np.minimum(boxes[..., :2], boxes[..., 2:]), np.maximum(boxes[..., :2], boxes[..., 2:])], -1)


def _suppressed(p, boxes, scores, most, limit, least):
    boxes = _ordered(boxes)
    return _chosen(scores, int(_number(most)), _number(limit), _number(least),
                   lambda k, j: _overlap(boxes[k : k + 1], boxes[j])[0])  # fmt: skip


def _suppressed_by(p, overlaps, scores, most, limit, least):
    return _chosen(scores, int(_number(most)), _number(limit), _number(least), lambda k, j: overlaps[k, j])


def _combined(p, boxes, scores, most_per_class, most, limit, least):
    """For each picture the best boxes of all classes: (boxes, scores, classes, how many)."""
    per_class, most, limit, least = int(_number(most_per_class)), int(_number(most)), _number(limit), _number(least)
    batch, _, given, _ = boxes.shape
    classes = scores.shape[2]
    size = min(most, per_class * classes) if p.pad_per_class else most
    out = (
        np.zeros((batch, size, 4), np.float32),
        np.zeros((batch, size), np.float32),
        np.zeros((batch, size), np.float32),
    )
    counts = np.zeros(batch, np.int32)
    for b in range(batch):
        found: list = []
        for c in range(classes):
            these = _ordered(boxes[b, :, c if given > 1 else 0])
            kept = _chosen(
                scores[b, :, c], per_class, limit, least, lambda k, j: _overlap(these[k : k + 1], these[j])[0]
            )
            found += [
                (-scores[b, k, c], len(found) + n, c, boxes[b, k, c if given > 1 else 0]) for n, k in enumerate(kept)
            ]
        found.sort(key=lambda item: item[:2])
        for n, (score, _, c, box) in enumerate(found[:size]):
            out[0][b, n] = np.clip(box, 0, 1) if p.clip_boxes else box
            out[1][b, n], out[2][b, n] = -score, c
        counts[b] = min(len(found), size)
    return (*out, counts)


def _glimpse(p, x, size, offsets):
    """Windows of (N, H, W, C) about their centres; what is outside is noise or 0."""
    batch, height, width, channels = x.shape
    rows, columns = (int(n) for n in size)
    out = np.zeros((batch, rows, columns, channels), x.dtype)
    if p.uniform_noise:
        out[...] = np.random.rand(*out.shape)
    elif p.noise == "gaussian":
        out[...] = np.random.randn(*out.shape)
    for b in range(batch):
        y, z = (float(v) for v in offsets[b])
        if p.normalized:
            y, z = y * height, z * width
        if p.centered:
            y, z = (y + height) / 2, (z + width) / 2
        top, left = int(y - rows / 2), int(z - columns / 2)  # towards 0, as there
        for i in range(max(0, -top), min(rows, height - top)):
            for j in range(max(0, -left), min(columns, width - left)):
                out[b, i, j] = x[b, top + i, left + j]
    return out


# ---------------------------------------------------------------- samplers
def _sampler(name: str, draw, weights):
    """Samples of the ids below ``range_max``, and how often each true class and each sample is expected among them."""

    def drawn(true_classes, *, num_sampled, unique, range_max, seed, avoided):
        random = np.random.RandomState(seed or None)
        banned = set(np.unique(true_classes).tolist()) if avoided else set()
        found: list = []
        while len(found) < num_sampled:
            k = draw(random, range_max)
            if k not in banned and not (unique and k in found):
                found.append(k)

        def expected(ids):
            share = weights(np.asarray(ids, np.float64), range_max)
            often = -np.expm1(num_sampled * np.log1p(-share)) if unique else share * num_sampled
            return often.astype(np.float32)

        with np.errstate(invalid="ignore"):
            return np.array(found, true_classes.dtype), expected(true_classes), expected(found)

    op = _of_fixed_shape(
        name, drawn, lambda x, num_sampled, **rest: [((num_sampled,), x.dtype), (x.shape, float32), ((num_sampled,), float32)],
        random=True,
    )  # fmt: skip

    def call(p, true_classes):
        avoided = bool(getattr(p, "remove_accidental_hits", False))
        if p.unique and p.num_sampled > p.range_max:
            raise fail(ValueError, f"For '{p.name}', 'num_sampled' must not exceed 'range_max' where 'unique' is True, but got {p.num_sampled} and {p.range_max}.")  # fmt: skip
        return tuple(
            op(
                true_classes,
                num_sampled=p.num_sampled,
                unique=p.unique,
                range_max=p.range_max,
                seed=p.seed,
                avoided=avoided,
            )
        )

    return call


def _log_uniform(random, most):
    return int(np.exp(random.rand() * np.log(most + 1))) - 1


def _truncated(p, shape, mean, deviations, low, high):
    """Normal numbers between two bounds, a set of parameters for each of the first axis."""
    random = np.random.RandomState((p.seed + p.seed2) % 2**32 or None)
    sizes = tuple(int(n) for n in shape)
    out = np.zeros(sizes, mean.dtype)
    for b in range(sizes[0]):
        m, s, lo, hi = (float(np.resize(v, sizes[0])[b]) for v in (mean, deviations, low, high))
        drawn = random.randn(int(np.prod(sizes[1:]))) * s + m
        for _ in range(1000):
            bad = (drawn < lo) | (drawn > hi)
            if not bad.any():
                break
            drawn[bad] = random.randn(int(bad.sum())) * s + m
        out[b] = np.clip(drawn, lo, hi).reshape(sizes[1:])
    return out


def _drawn_with_replacement(p, x, seed, offset):
    random = np.random.RandomState((int(_number(seed)) + int(_number(offset))) % 2**32 or None)
    rows = np.atleast_2d(np.asarray(x, np.float64))
    picked = [random.choice(rows.shape[1], p.numsamples, p.replacement, r / r.sum()) for r in rows]
    return np.array(picked, np.int64).reshape((*x.shape[:-1], p.numsamples))


def _any_integers(p, shape):
    info = np.iinfo(to_dtype(p.dtype).np)
    return np.random.randint(
        info.min if info.min < 0 else 0, info.max, tuple(int(n) for n in shape), to_dtype(p.dtype).np
    )


def _distorted_box(p, size, boxes, covered):
    """A random window of a picture that covers enough of one of the boxes: (begin, size, the box)."""
    random = np.random.RandomState((p.seed + p.seed2) % 2**32 or None)
    height, width = int(size[0]), int(size[1])
    boxes = boxes.reshape(-1, 4) if boxes.size else np.array([[0.0, 0, 1, 1]])
    window = (0, 0, height, width)
    for _ in range(p.max_attempts):
        ratio = random.uniform(*p.aspect_ratio_range)
        area = random.uniform(*p.area_range) * height * width
        h, w = (round(float(np.sqrt(n))) for n in (area / ratio, area * ratio))
        if not 0 < h <= height or not 0 < w <= width:
            continue
        y, x = random.randint(height - h + 1), random.randint(width - w + 1)
        scaled = boxes * [height, width, height, width]
        low, high = np.maximum(scaled[:, :2], [y, x]), np.minimum(scaled[:, 2:], [y + h, x + w])
        areas = np.prod(scaled[:, 2:] - scaled[:, :2], 1)
        if (np.prod(np.maximum(high - low, 0), 1) >= _number(covered) * areas).any():
            window = (y, x, h, w)
            break
    y, x, h, w = window
    box = np.array([y / height, x / width, (y + h) / height, (x + w) / width], np.float32)
    return np.array([y, x, 0], size.dtype), np.array([h, w, -1], size.dtype), box.reshape(1, 1, 4)


# ---------------------------------------------------------------- caches of embeddings
def _within(p, x, most, offset):
    inside = (x >= offset) & (x < offset + most)
    return (x[inside] - offset).astype(x.dtype), np.flatnonzero(inside).astype(x.dtype)


def _cache_updated(p, x, indices, values, most):
    kept = o.logical_and(indices >= 0, indices < int(most))
    count, flat = x.shape[0], o.reshape(indices, (-1,))
    rows = o.reshape(values, (flat.shape[0], *x.shape[1:]))
    place = o.where(o.reshape(kept, (-1,)), flat, o.zeros_like(flat) + count)
    wide = o.concat((x, o.zeros((1, *x.shape[1:]), x.dtype)))
    o.assign(x, o.tensor_scatter_update(wide, o.expand_dims(place, -1), rows.astype(x.dtype))[:count])
    return o.zeros((1,), x.dtype)


def _swapped(p, table, places, values):
    array, at = table.asnumpy().copy(), places.asnumpy()
    used = at >= 0
    old = np.zeros(values.shape, array.dtype)
    old[used] = array[at[used]]
    array[at[used]] = values.asnumpy()[used]
    o.assign(table, Tensor(array))
    return Tensor(old)


def _shifted(p, x, ends, k):
    k = int(k)
    out = np.full(int(ends[-1]), -1, x.dtype)
    out[ends[k] : ends[k + 1]] = x[: ends[k + 1] - ends[k]]
    return out


def _grouped(p, x, per_group, groups):
    return (x % groups) * per_group + x // groups


# ---------------------------------------------------------------- others
def _packed(p, x, threshold):
    return np.packbits(x > _number(threshold), axis=-1)


def _stitched(p, indices, values):
    rest = values[0].shape[indices[0].ndim :]
    out = np.zeros((max(int(k.max()) for k in indices if k.size) + 1, *rest), values[0].dtype)
    for where, value in zip(indices, values):
        out[where.reshape(-1)] = value.reshape(-1, *rest)
    return out


def _ranges(p, starts, limits, deltas):
    size = max(np.size(v) for v in (starts, limits, deltas))
    every = [np.broadcast_to(np.reshape(v, -1), size) for v in (starts, limits, deltas)]
    parts = [np.arange(*triple) for triple in zip(*every)]
    splits = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(to_dtype(p.Tsplits).np)
    return splits, np.concatenate(parts).astype(starts.dtype) if parts else np.zeros(0, starts.dtype)


def _logarithm(x):
    values, vectors = np.linalg.eig(x)
    return (vectors * np.log(values)[..., None, :] @ np.linalg.inv(vectors)).astype(x.dtype)


def _incomplete_beta(a, b, x):
    """I_x(a, b) by its continued fraction (Numerical Recipes, 6.4)."""
    from math import lgamma

    a, b, x = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (a, b, x)))
    gamma = np.vectorize(lgamma, otypes=[float])

    def fraction(a, b, x):
        tiny = 1e-300
        c, d = np.ones_like(x), 1 / np.where((v := 1 - (a + b) * x / (a + 1)) == 0, tiny, v)
        h = d.copy()
        for m in range(1, 300):
            for top in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):  # fmt: skip
                d = 1 / np.where((v := 1 + top * d) == 0, tiny, v)
                c = np.where((v := 1 + top / c) == 0, tiny, v)
                h = h * d * c
        return h

    with np.errstate(all="ignore"):
        front = np.exp(gamma(a + b) - gamma(a) - gamma(b) + a * np.log(x) + b * np.log1p(-x))
        out = np.where(x < (a + 1) / (a + b + 2), front * fraction(a, b, x) / a, 1 - front * fraction(b, a, 1 - x) / b)
    return np.where(x <= 0, 0.0, np.where(x >= 1, 1.0, out))


def _beta_density(g, out, a, b, x):
    log_beta = o.lgamma(a) + o.lgamma(b) - o.lgamma(a + b)
    return g * o.exp((a - 1) * o.log(x) + (b - 1) * o.log1p(-x) - log_beta)


_betainc = _of_fixed_shape(  # as in MindSpore, x alone has a gradient
    "betainc", lambda a, b, x: (_incomplete_beta(a, b, x).astype(x.dtype),),
    lambda a, b, x: [(np.broadcast_shapes(a.shape, b.shape, x.shape), x.dtype)], vjp=(None, None, _beta_density),
)  # fmt: skip
_logarithms = _of_fixed_shape("matrix_logarithm", lambda x: (_logarithm(x),), lambda x: [(x.shape, x.dtype)])


def _bytes_of(p, text, args):
    return text.format(*args)


# ---------------------------------------------------------------- plain numbers and sequences
def _plain(function):
    return row(lambda p, *inputs: function(*inputs))


def _set_slice(seq, target, start, stop, step):
    out = list(seq)
    out[start:stop:step] = target
    return tuple(out)


_SCALARS = {
    "Add": operator.add, "Sub": operator.sub, "Mul": operator.mul, "Div": operator.truediv, "FloorDiv": operator.floordiv,
    "Mod": operator.mod, "Pow": operator.pow, "Eq": operator.eq, "Ge": operator.ge, "Gt": operator.gt, "Le": operator.le,
    "Lt": operator.lt, "Max": max, "Min": min, "Log": np.log, "Uadd": operator.pos, "Usub": operator.neg, "Bool": bool,
}  # fmt: skip
_ORDERS = {
    "equal": operator.eq,
    "greater_equal": operator.ge,
    "greater_than": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}
_SEQUENCES: dict = {
    "ListAppend": lambda xs, x: [*xs, x], "ListInsert": lambda xs, k, x: [*xs[:k], x, *xs[k:]],
    "InSequence": lambda x, xs: any(bool((x == y).all()) if isinstance(x, Tensor) else x == y for y in xs),
    "SequenceAdd": lambda x, y: x + y, "SequenceCount": lambda xs, x: xs.count(x), "SequenceMul": lambda xs, n: xs * n,
    "SequenceIndex": lambda xs, x, *at: xs.index(x, *at), "SequenceMax": lambda xs: max(xs), "SequenceMin": lambda xs: min(xs),
    "SequenceSlice": lambda xs, *at: xs[slice(*at)], "SequenceSliceSetItem": _set_slice, "SequenceAddN": lambda xs: o.addn(xs),
    "SequenceZerosLike": lambda xs: type(xs)(o.zeros_like(x) if isinstance(x, Tensor) else 0 for x in xs),
    "TensorToScalar": lambda x: x.item(), "TensorToList": lambda x: x.tolist(), "TensorToTuple": lambda x: tuple(x.tolist()),
    "ListToTensor": lambda x, dtype=None: Tensor(np.array(x), dtype), "TupleToTensor": lambda x, dtype=None: Tensor(np.array(x), dtype),
    "sequence_len": len, "make_range": lambda *bounds: tuple(range(*bounds)), "bool_not": operator.not_, "bit_and": operator.and_,
    "bit_or": operator.or_, "shape_mul": lambda shape: int(np.prod(shape)),
}  # fmt: skip
_SAMPLER = {"unique": ..., "range_max": ..., "seed": 0, "remove_accidental_hits": False}
# fmt: off
TABLE: dict = {
    "CTCGreedyDecoder": row(on_values(_greedy), merge_repeated=True),
    "CTCLossV2": row(_ctc, blank=0, reduction="none", zero_infinity=False),
    "CTCLossV2Grad": row(_ctc_gradient, blank=..., reduction="none", zero_infinity=False),
    "NonMaxSuppressionV3": row(on_values(_suppressed)), "NonMaxSuppressionWithOverlaps": row(on_values(_suppressed_by)),
    "CombinedNonMaxSuppression": row(on_values(_combined), pad_per_class=False, clip_boxes=True),
    "ExtractGlimpse": row(on_values(_glimpse), centered=True, normalized=True, uniform_noise=True, noise="uniform"),
    "UniformCandidateSampler": row(_sampler("uniform_candidates", lambda r, n: int(r.randint(n)), lambda ids, n: np.full(ids.shape, 1 / n)),
                                   num_true=..., num_sampled=..., **_SAMPLER),
    "LogUniformCandidateSampler": row(
        _sampler("log_uniform_candidates", _log_uniform, lambda ids, n: np.log((ids + 2) / (ids + 1)) / np.log(n + 1)),
        num_true=1, num_sampled=5, unique=True, range_max=5, seed=0),
    "ParameterizedTruncatedNormal": row(on_values(_truncated), seed=0, seed2=0),
    "MultinomialWithReplacement": row(on_values(_drawn_with_replacement), numsamples=..., replacement=False),
    "NonDeterministicInts": row(on_values(_any_integers), dtype=int64),
    "LogNormalReverse": row(lambda p, x: o.exp(o.standard_normal(x.shape).astype(x.dtype) * p.std + p.mean), mean=1.0, std=2.0),
    "Uniform": row(lambda p, x: o.rand_like(x) * (p.maxval - p.minval) + p.minval, minval=0.0, maxval=1.0, seed=0, offset=0),
    "SampleDistortedBoundingBoxV2": row(on_values(_distorted_box), seed=0, seed2=0, aspect_ratio_range=(0.75, 1.33),
                                        area_range=(0.05, 1.0), max_attempts=100, use_image_if_no_bounding_boxes=False),
    "SubAndFilter": row(on_values(_within)), "UpdateCache": row(_cache_updated, "mem"), "CacheSwapTable": row(_swapped, "mem"),
    "PadAndShift": row(on_values(_shifted)), "MapUniform": row(on_values(_grouped)),
    "CompareAndBitpack": row(on_values(_packed)), "DynamicStitch": row(on_values(_stitched)),
    "RaggedRange": row(on_values(_ranges), Tsplits=...), "MatrixLogarithm": row(lambda p, x: _logarithms(x)),
    "Betainc": row(lambda p, a, b, x: _betainc(a, b, x)), "Format": row(_bytes_of),
    "SameTypeShape": row(lambda p, x, y: x), "TopTypeof": row(lambda p, x: type(x)), "CheckBprop": row(lambda p, x, y: x, prim_to_check=""),
    "IsInstance": row(lambda p, x, kind: isinstance(x, kind) if isinstance(kind, type) else getattr(x, "dtype", None) == kind),
    **{f"Scalar{name}": _plain(function) for name, function in _SCALARS.items()},
    **{f"{kind}_{name}": _plain(function) for kind in ("list", "tuple") for name, function in _ORDERS.items()},
    **{name: _plain(function) for name, function in _SEQUENCES.items()},
    "SequenceStack": row(lambda p, xs: o.stack(xs, p.axis), axis=0),
    "SequenceUnstack": row(lambda p, x: o.unstack(x, p.axis), axis=0, num=None),
    "SequenceAddOffset": row(lambda p, x, y: (0, len(x))),
}
# fmt: on
globals().update({name: _class(name, entry) for name, entry in TABLE.items()})


def _functional(primitive: str, inputs: str, **settings):
    """A function of the inputs and then the constructor's arguments of a primitive."""
    names = inputs.split()
    parameters = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in names]
    parameters += [
        inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=inspect.Parameter.empty if d is ... else d)
        for n, d in settings.items()
    ]  # fmt: skip
    signature = inspect.Signature(parameters)

    def function(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        made = getattr(o.operations, primitive)(**{n: given[n] for n in settings})
        return made(*[given[n] for n in names])

    function.__signature__ = signature  # type: ignore[attr-defined]
    function.__doc__ = f"``ops.{primitive}`` as a function."
    return function


# fmt: off
FUNCTIONS = {
    "uniform_candidate_sampler": _functional("UniformCandidateSampler", "true_classes", num_true=..., num_sampled=..., **_SAMPLER),
    "log_uniform_candidate_sampler": _functional("LogUniformCandidateSampler", "true_classes", num_true=1, num_sampled=5, unique=True,
                                                 range_max=5, seed=0),
    "ctc_greedy_decoder": _functional("CTCGreedyDecoder", "inputs sequence_length", merge_repeated=True),
    "multinomial_with_replacement": _functional("MultinomialWithReplacement", "x seed offset", numsamples=..., replacement=False),
    "coalesce": _functional("Coalesce", "x_indices x_values x_shape"),
    "sparse_segment_mean": _functional("SparseSegmentMean", "x indices segment_ids"),
    "check_valid": _functional("CheckValid", "bboxes img_metas"),
    "choice_with_mask": lambda input_x, count=256, seed=None: o.operations.RandomChoiceWithMask(count, seed or 0)(input_x),
    "dyn_shape": lambda input_x: Tensor(np.array(input_x.shape, np.int64)),
}
# fmt: on
for _name, _function in FUNCTIONS.items():
    _function.__name__ = _function.__qualname__ = _name
globals().update(FUNCTIONS)
__all__ = sorted([*TABLE, *FUNCTIONS])
