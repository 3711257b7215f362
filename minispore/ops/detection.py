"""Object detection: suppression of boxes that overlap, features of regions."""

import numpy as np

from ..core.dtype import int32, int64
from ..core.errors import fail
from ..core.op import fixed, to
from .batch import one_by_one
from .by_numpy import numpy_op
from .clipping import clamp
from .creation import positions
from .elementwise import logical_and, logical_not, maximum, minimum, select
from .gathering import gather
from .movement import expand_dims, reshape, swapaxes
from .products import matmul
from .reduction import any as any_
from .sampling import between
from .sorting import sort


def nms_with_mask(boxes, iou_threshold=0.5):
    """Keeps a box unless one with a higher score that is kept overlaps it by more than ``iou_threshold``.

    Args:
        boxes: (n, 5): x1, y1, x2, y2, score.

    Returns:
        the boxes in descending order of score (n, 5), the numbers 0..n-1 (int32), which boxes are kept (n,) bool.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 5 or boxes.shape[0] == 0:
        raise fail(ValueError, f"For 'NMSWithMask', boxes of the shape (n, 5) are needed, but got {boxes.shape}.")
    n = boxes.shape[0]
    ordered = gather(boxes, sort(boxes[:, 4], 0, True)[1], 0)
    x1, y1, x2, y2 = (ordered[:, k : k + 1] for k in range(4))
    area = (x2 - x1) * (y2 - y1)
    wide = maximum(minimum(x2, swapaxes(x2, 0, 1)) - maximum(x1, swapaxes(x1, 0, 1)), 0.0)
    high = maximum(minimum(y2, swapaxes(y2, 0, 1)) - maximum(y1, swapaxes(y1, 0, 1)), 0.0)
    common = wide * high
    # a quotient: a box whose corners are swapped has a negative area, and overlaps nothing
    over = common / (area + swapaxes(area, 0, 1) - common) > iou_threshold
    earlier = logical_and(over, positions(n, 0, 2) < positions(n, 1, 2))  # [i, j]: i suppresses j
    kept = positions(n, 0, 1) < 0
    for j in range(n):  # box j stays if no kept box before it suppresses it
        hit = any_(logical_and(kept, earlier[:, j]))
        kept = select(positions(n, 0, 1) == j, logical_not(hit), kept)
    return ordered, to(positions(n, 0, 1), int32), kept


_MOST_SAMPLES = 1 << 16  # in a cell, along an axis: regions may be as large as floats are


def _mean_of_samples(low, high, bins, size, least):
    """What each of ``size`` elements of an axis counts in the mean of the samples of each cell: (n, bins, size)."""
    out = np.zeros((len(low), bins, size), low.dtype)
    for region, (start, length) in enumerate(zip(low[:, 0], np.maximum(high - low, least)[:, 0])):
        # rounded down, as in MindSpore; where none are left its mean is NaN
        samples = int(min(max(length / bins, 1), _MOST_SAMPLES)) if np.isfinite(length) else 1
        at = start + length * (np.arange(bins * samples) + 0.5) / (bins * samples)
        inside = (at >= -1) & (at <= size)
        at = np.where(inside, np.clip(at, 0, size - 1), 0)
        before = np.floor(at).astype(int)
        cell = np.arange(bins * samples) // samples
        for place, weight in ((before, before + 1 - at), (np.minimum(before + 1, size - 1), at - before)):
            np.add.at(out[region], (cell, place), np.where(inside, weight, 0) / samples)
    return (out,)


_cell_means = numpy_op(
    "cell_means", _mean_of_samples, lambda low, high, bins, size, least: [((low.shape[0], bins, size), low.dtype)],
    vjp=(None, None), batch=one_by_one,
)  # fmt: skip


def roi_align(features, rois, pooled_height, pooled_width, spatial_scale, sample_num=2, roi_end_mode=1):
    """The mean of ``sample_num`` ** 2 bilinear samples in each cell of a grid over each region.

    Args:
        features: (N, C, H, W).
        rois: (n, 5): number of the image, x1, y1, x2, y2, in coordinates ``1 / spatial_scale`` of those of ``features``.
        sample_num: not above 0: as many samples along each axis as a cell has elements, rounded down, at least one.
        roi_end_mode: 1: a region ends one element further; 0: it has at least the length of an element.

    Returns:
        a Tensor (n, C, pooled_height, pooled_width).
    """
    if features.ndim != 4 or rois.ndim != 2 or rois.shape[1] != 5:
        raise fail(
            ValueError, f"For 'ROIAlign', (N, C, H, W) and (n, 5) are needed, but got {features.shape}, {rois.shape}."
        )
    n, (_, c, h, w) = rois.shape[0], features.shape
    planes = gather(features, to(rois[:, 0], int64), 0)
    x1, y1 = (rois[:, k : k + 1] * spatial_scale for k in (1, 2))
    x2, y2 = ((rois[:, k : k + 1] + float(roi_end_mode)) * spatial_scale for k in (3, 4))

    if sample_num <= 0:
        rows, columns = (
            _cell_means(low, high, bins=bins, size=size, least=0.0 if roi_end_mode else 1.0)
            for low, high, bins, size in ((y1, y2, pooled_height, h), (x1, x2, pooled_width, w))
        )
        return matmul(matmul(expand_dims(rows, 1), planes), swapaxes(expand_dims(columns, 1), -1, -2))

    def line(low, high, bins):
        length = high - low if roi_end_mode else maximum(high - low, 1.0)
        steps = (np.arange(bins * sample_num) + 0.5) / (bins * sample_num)
        return low + length * fixed(steps.astype(np.float32).reshape(1, -1))

    ys, xs = line(y1, y2, pooled_height), line(x1, x2, pooled_width)
    shape = (n, ys.shape[1], xs.shape[1])
    y, x = (reshape(expand_dims(t, a).broadcast_to(shape), (n, -1)) for t, a in ((ys, 2), (xs, 1)))
    inside = logical_and(logical_and(y >= -1.0, y <= float(h)), logical_and(x >= -1.0, x <= float(w)))
    y, x = clamp(y, 0.0, h - 1.0), clamp(x, 0.0, w - 1.0)
    out = select(expand_dims(inside, 1), between(planes, x, y), 0.0)
    cells = reshape(out, (n, c, pooled_height, sample_num, pooled_width, sample_num))
    return cells.mean((3, 5))


__all__ = ["nms_with_mask", "roi_align"]
