"""Object detection: suppression of boxes that overlap, features of regions."""

import numpy as np

from ..core.dtype import int32, int64
from ..core.errors import fail
from ..core.op import fixed, to
from .clipping import clamp
from .creation import positions
from .elementwise import logical_and, logical_not, maximum, minimum, select
from .gathering import gather
from .movement import expand_dims, reshape, swapaxes
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
    over = common > (area + swapaxes(area, 0, 1) - common) * iou_threshold
    earlier = logical_and(over, positions(n, 0, 2) < positions(n, 1, 2))  # [i, j]: i suppresses j
    kept = positions(n, 0, 1) < 0
    for j in range(n):  # box j stays if no kept box before it suppresses it
        hit = any_(logical_and(kept, earlier[:, j]))
        kept = select(positions(n, 0, 1) == j, logical_not(hit), kept)
    return ordered, to(positions(n, 0, 1), int32), kept


def roi_align(features, rois, pooled_height, pooled_width, spatial_scale, sample_num=2, roi_end_mode=1):
    """The mean of ``sample_num`` ** 2 bilinear samples in each cell of a grid over each region.

    Args:
        features: (N, C, H, W).
        rois: (n, 5): number of the image, x1, y1, x2, y2, in coordinates ``1 / spatial_scale`` of those of ``features``.
        sample_num: 0: as many samples as a cell has elements, which needs known ``rois``.
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

    def line(low, high, bins):
        length = high - low if roi_end_mode else maximum(high - low, 1.0)
        steps = (np.arange(bins * sample_num) + 0.5) / (bins * sample_num)
        return low + length * fixed(steps.astype(np.float32).reshape(1, -1))

    if sample_num <= 0:
        raise fail(ValueError, f"For 'ROIAlign', 'sample_num' must be positive, but got {sample_num}.")
    ys, xs = line(y1, y2, pooled_height), line(x1, x2, pooled_width)
    shape = (n, ys.shape[1], xs.shape[1])
    y, x = (reshape(expand_dims(t, a).broadcast_to(shape), (n, -1)) for t, a in ((ys, 2), (xs, 1)))
    inside = logical_and(logical_and(y >= -1.0, y <= float(h)), logical_and(x >= -1.0, x <= float(w)))
    y, x = clamp(y, 0.0, h - 1.0), clamp(x, 0.0, w - 1.0)
    out = select(expand_dims(inside, 1), between(planes, x, y), 0.0)
    cells = reshape(out, (n, c, pooled_height, sample_num, pooled_width, sample_num))
    return cells.mean((3, 5))


__all__ = ["nms_with_mask", "roi_align"]
