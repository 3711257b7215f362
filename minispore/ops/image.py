"""Images: resizing as products with small interpolation matrices, exchanges of channels and pixels, boxes."""

import math

import numpy as np

from ..core.errors import fail
from ..core.op import fixed, to
from ..core.sizes import array_from, counted, is_symbolic
from ..core.tensor import Tensor
from .clipping import clamp
from .concatenation import concat, split
from .elementwise import exp, log, logical_and, maximum, minimum
from .inputs import accumulation_type, float_input
from .movement import reshape, swapaxes, transpose
from .products import matmul
from .repeating import repeat_interleave
from .rows import gather_rows
from .slicing import slice_along


# ---------------------------------------------------------------- where each new pixel looks in the old ones
def _sources(old: int, new: int, corners: bool, half: bool, step: float | None = None) -> np.ndarray:
    """Positions in the old pixels of the centres of the new ones; ``step``: between them, if not that of the lengths."""
    i = np.arange(new, dtype=np.float64)
    if corners:
        return i * ((old - 1) / (new - 1) if new > 1 else 0.0)
    step = old / new if step is None else step
    return (i + 0.5) * step - 0.5 if half else i * step


def _linear_pixels(old, new, corners, half, step=None):
    """(the two old pixels about each new one, its way from the first to the second)."""
    at = np.maximum(_sources(old, new, corners, half, step), 0.0)
    low = np.minimum(np.floor(at).astype(int), old - 1)
    return low, np.minimum(low + 1, old - 1), at - low


def _linear_matrix(old, new, corners, half, step=None):
    low, high, way = _linear_pixels(old, new, corners, half, step)
    matrix = np.zeros((new, old))
    rows = np.arange(new)
    np.add.at(matrix, (rows, low), 1.0 - way)
    np.add.at(matrix, (rows, high), way)
    return matrix


def _cubic_matrix(old, new, corners, half):
    """Keys' cubic kernel, tabulated at 1024 points as in MindSpore; with pixel centres, taps outside do not count."""
    at = _sources(old, new, corners, half)
    low = np.floor(at).astype(int)
    fraction = np.rint((at - low) * 1024) / 1024
    matrix = _cubic_taps(old, low, fraction, -0.5 if half else -0.75, half)
    return matrix / matrix.sum(1, keepdims=True) if half else matrix


def _cubic_taps(old, low, fraction, a, inside):
    """The weights of the four pixels about ``low + fraction``; ``inside``: those outside do not count, else the edge is repeated."""
    matrix = np.zeros((len(low), old))
    for tap in range(-1, 3):
        d = np.abs(fraction - tap)
        near = ((a + 2) * d - (a + 3)) * d * d + 1
        far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
        weight = np.where(d <= 1, near, far)
        if inside:
            weight[(low + tap < 0) | (low + tap >= old)] = 0.0
        np.add.at(matrix, (np.arange(len(low)), np.clip(low + tap, 0, old - 1)), weight)
    return matrix


def _area_matrix(old, new, corners, half):
    matrix = np.zeros((new, old))
    for i in range(new):
        first, last = i * old // new, -(-(i + 1) * old // new)
        matrix[i, first:last] = 1.0 / (last - first)
    return matrix


MANY_PIXELS = {
    True: 64,
    False: 24,
}  # along the last axis, or another one: a product with a matrix takes longer than two pixels


def _between(x, axis, new, *how):
    """New pixels along an axis, each between two old ones; ``how``: see ``_linear_pixels``."""
    rest = x.shape[axis + 1 :]
    flat = reshape(x, (math.prod(x.shape[:axis]), x.shape[axis], math.prod(rest)))
    pixels = lambda k: fixed(array_from(_pixels, k, x.dtype.np, x.shape[axis], new, *how, shape=(new,)))
    first, second = gather_rows(flat, pixels(0)), gather_rows(flat, pixels(1))
    share = lambda k: reshape(pixels(k), (new, 1))
    return reshape(first * share(3) + second * share(2), (*x.shape[:axis], new, *rest))


def _pixels(k: int, dtype, *how) -> np.ndarray:
    """The old pixels before and after each new one, as indices, and the shares of the second and the first."""
    found = _linear_pixels(*how)
    return found[k].astype(np.int64) if k < 2 else found[2].astype(dtype) if k == 2 else 1 - found[2].astype(dtype)


def _typed(function, dtype, *numbers) -> np.ndarray:
    return function(*numbers).astype(dtype)


def _resized(x, sizes, matrix_of, corners=False, half=True, steps=()):
    """The last ``len(sizes)`` axes brought to ``sizes``, each by one product with a matrix of weights, or from two old pixels.

    ``steps``: for each axis, for ``_linear_matrix``.
    """
    given, x = x.dtype, accumulation_type(x)
    for k, (axis, new) in enumerate(zip(range(x.ndim - len(sizes), x.ndim), sizes)):
        old = x.shape[axis]
        if new == old and matrix_of is not _cubic_matrix and (not steps or steps[k] == 1):
            continue
        if matrix_of is _linear_matrix and old >= MANY_PIXELS[axis == x.ndim - 1]:
            x = _between(x, axis, new, corners, half, *steps[k : k + 1])
            continue
        numbers = old, new, corners, half, *steps[k : k + 1]
        matrix = fixed(array_from(_typed, matrix_of, x.dtype.np, *numbers, shape=(new, old)))
        if axis == x.ndim - 1:
            x = matmul(x, swapaxes(matrix, 0, 1))
        elif axis == x.ndim - 2:
            x = matmul(matrix, x)
        else:
            rest = x.shape[axis + 1 :]
            flat = matmul(matrix, reshape(x, (*x.shape[: axis + 1], math.prod(rest))))
            x = reshape(flat, (*flat.shape[:-1], *rest))
    return to(x, given)


def _nearest(x, sizes, corners=False, half=False):
    """The last ``len(sizes)`` axes brought to ``sizes`` by repeating or leaving out pixels."""
    from .gathering import gather

    for axis, new in zip(range(x.ndim - len(sizes), x.ndim), sizes):
        old = x.shape[axis]
        if new == old:
            continue
        if new % old == 0 and not corners:
            x = repeat_interleave(x, new // old, axis)
            continue
        if old % new == 0 and not corners and not half:
            x = slice_along(x, axis, 0, new, old // new)
            continue
        x = gather(x, fixed(array_from(_nearest_pixels, old, new, corners, half, shape=(new,))), axis)
    return x


def _nearest_pixels(old, new, corners, half) -> np.ndarray:
    """The old pixel of each new one."""
    at = _sources(old, new, corners, half) + (0.5 if corners or half else 0.0)
    return np.clip(np.floor(at), 0, old - 1).astype(np.int64)


@counted
def _scaled(length: int, factor: float) -> int:
    return math.floor(length * factor)


_MODES = {
    "nearest": (3, 4, 5), "linear": (3,), "bilinear": (4,), "bicubic": (4,), "area": (3, 4, 5), "nearest-exact": (3, 4),
    "trilinear": (5,),
}  # fmt: skip
_SCALES = {("nearest", 5), ("area", 3), ("area", 4), ("area", 5), ("trilinear", 5)}


def interpolate(input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None):
    """``input`` resized to ``size``, or by ``scale_factor``.

    Args:
        input (Tensor): shape (N, C, ...) with one to three axes of pixels; floats.
        size (int | tuple[int] | None): the new lengths of those axes. Default: None.
        scale_factor (float | tuple[float] | None): what multiplies the lengths instead. Default: None.
        mode (str): "nearest", "nearest-exact", "linear" (of 3 axes), "bilinear" or "bicubic" (of 4), "trilinear" (of 5)
            or "area". Default: "nearest".
        align_corners (bool | None): whether the middles of the outermost pixels keep their place, not the edges of the
            image; for the (bi-, tri-)linear modes and "bicubic" only. Default: None, which is False.
        recompute_scale_factor (bool | None): whether ``size`` is computed from ``scale_factor`` first; most modes need
            it for a ``scale_factor``. Default: None.

    Returns:
        Tensor of shape (N, C, ...) with the new lengths; the type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats.
        ValueError: both or neither of ``size`` and ``scale_factor``, or a mode or option that does not fit.

    >>> import minispore as ms
    >>> x = ms.Tensor([[[[1.0, 3.0]]]])
    >>> print(interpolate(x, size=(1, 3), mode="bilinear", align_corners=True))
    [[[[1. 2. 3.]]]]
    """
    x = float_input("interpolate", input)
    spatial = x.shape[2:]
    if (size is None) == (scale_factor is None):
        what = "cannot be both empty" if size is None else "cannot be set simultaneously"
        raise fail(ValueError, f"For 'interpolate', 'size' and 'scale_factor' {what}.")
    if mode not in _MODES:
        raise fail(ValueError, f"For 'interpolate', 'mode' must be in {list(_MODES)}, but got {mode!r}.")
    if x.ndim not in _MODES[mode]:
        raise fail(ValueError, f"For 'interpolate', '{mode}' needs {_MODES[mode]} axes, but the shape is {x.shape}.")
    if align_corners is not None and not mode.endswith(("linear", "cubic")):
        raise fail(ValueError, f"For 'interpolate', 'align_corners' has no meaning for the mode '{mode}'.")
    steps: tuple[float, ...] = ()
    if size is None:
        if not recompute_scale_factor and (mode, x.ndim) not in _SCALES:
            raise fail(
                ValueError,
                f"For 'interpolate', 'scale_factor' with '{mode}' and {x.ndim} axes needs recompute_scale_factor=True.",
            )
        factors = _each("scale_factor", scale_factor, spatial)
        size = tuple(_scaled(d, s) for d, s in zip(spatial, factors))
        if mode == "trilinear" and not recompute_scale_factor and not align_corners:
            steps = tuple(1.0 / s for s in factors)
    elif recompute_scale_factor:
        raise fail(ValueError, "For 'interpolate', 'recompute_scale_factor' has no meaning with an explicit 'size'.")
    size = tuple(d if is_symbolic(d) else int(d) for d in _each("size", size, spatial))
    if any(d <= 0 for d in size):
        raise fail(ValueError, f"For 'interpolate', the new size must be positive, but got {size}.")
    if mode in ("nearest", "nearest-exact"):
        return _nearest(x, size, half=mode == "nearest-exact")
    matrix = {"bicubic": _cubic_matrix, "area": _area_matrix}.get(mode, _linear_matrix)
    return _resized(x, size, matrix, bool(align_corners), not align_corners, steps)


def _each(what, given, spatial):
    if not isinstance(given, (tuple, list)):
        return (given,) * len(spatial)
    if len(given) != len(spatial):
        raise fail(ValueError, f"For 'interpolate', '{what}' must have {len(spatial)} elements, but got {given}.")
    return given


def upsample(input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None):
    """``input`` resized to ``size``, or by ``scale_factor``: ``interpolate`` under its older name.

    Args:
        input (Tensor): shape (N, C, ...) with one to three axes of pixels; floats.
        size (int | tuple[int] | None): the new lengths of those axes. Default: None.
        scale_factor (float | tuple[float] | None): what multiplies the lengths instead. Default: None.
        mode (str): one of the modes of ``interpolate``. Default: "nearest".
        align_corners (bool | None): whether the middles of the outermost pixels keep their place. Default: None.
        recompute_scale_factor (bool | None): whether ``size`` is computed from ``scale_factor`` first. Default: None.

    Returns:
        Tensor of shape (N, C, ...) with the new lengths; the type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats.
        ValueError: both or neither of ``size`` and ``scale_factor``, or a mode or option that does not fit.

    >>> import minispore as ms
    >>> print(upsample(ms.Tensor([[[[1.0, 3.0]]]]), size=(1, 4)))
    [[[[1. 1. 3. 3.]]]]
    """
    return interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor)


def resize_bilinear(x, size, align_corners=False, half_pixel_centers=False):
    """(N, C, H, W) resized to ``size``; by default new pixel i looks at ``i * old / new``."""
    return _resized(
        float_input("ResizeBilinear", x, "x"), _pair(size), _linear_matrix, align_corners, half_pixel_centers
    )


def resize_nearest_neighbor(x, size, align_corners=False, half_pixel_centers=False):
    """(N, C, H, W) resized to ``size`` by repeating or leaving out pixels."""
    return _nearest(x, _pair(size), align_corners, half_pixel_centers)


def _pair(size):
    if isinstance(size, Tensor):
        size = size.tolist()
    return tuple(int(d) for d in size)


# ---------------------------------------------------------------- channels and pixels
def pixel_shuffle(input, upscale_factor):
    """Channels turned into pixels: (..., C * r * r, H, W) becomes (..., C, H * r, W * r) for the factor r.

    Shi et al., "Real-Time Single Image and Video Super-Resolution" (2016).

    Args:
        input (Tensor): shape (..., C * r * r, H, W).
        upscale_factor (int): r, at least 1.

    Returns:
        Tensor of shape (..., C, H * r, W * r); the type of ``input``.

    Raises:
        TypeError: the factor is not an int.
        ValueError: ``input`` has fewer than 3 axes, or the factor is out of range or does not divide the channels.

    >>> import minispore as ms
    >>> print(pixel_shuffle(ms.ops.arange(4.0).reshape(4, 1, 1), 2))
    [[[0. 1.]
      [2. 3.]]]
    """
    r = _factor("pixel_shuffle", input, upscale_factor)
    *lead, channels, height, width = input.shape
    if channels % (r * r):
        raise fail(ValueError, f"For 'pixel_shuffle', {channels} channels are no multiple of {r} * {r}.")
    n = len(lead)
    x = reshape(input, (*lead, channels // (r * r), r, r, height, width))
    x = transpose(x, (*range(n), n, n + 3, n + 1, n + 4, n + 2))
    return reshape(x, (*lead, channels // (r * r), height * r, width * r))


def pixel_unshuffle(input, downscale_factor):
    """Pixels turned into channels: (..., C, H * r, W * r) becomes (..., C * r * r, H, W), for the factor r.

    Args:
        input (Tensor): shape (..., C, H * r, W * r).
        downscale_factor (int): r, at least 1.

    Returns:
        Tensor of shape (..., C * r * r, H, W); the type of ``input``.

    Raises:
        TypeError: the factor is not an int.
        ValueError: ``input`` has fewer than 3 axes, or the factor is out of range or does not divide the lengths.

    >>> import minispore as ms
    >>> pixel_unshuffle(ms.ops.zeros((1, 4, 6)), 2).shape
    (4, 2, 3)
    """
    r = _factor("pixel_unshuffle", input, downscale_factor)
    *lead, channels, height, width = input.shape
    if height % r or width % r:
        raise fail(ValueError, f"For 'pixel_unshuffle', {height} by {width} pixels cannot be divided by {r}.")
    n = len(lead)
    x = reshape(input, (*lead, channels, height // r, r, width // r, r))
    x = transpose(x, (*range(n), n, n + 2, n + 4, n + 1, n + 3))
    return reshape(x, (*lead, channels * r * r, height // r, width // r))


def depth_to_space(x, block_size):
    """(N, r r C, H, W) -> (N, C, H r, W r), the pixels of a block counted before the channels."""
    n, channels, height, width = x.shape
    r = _factor("DepthToSpace", x, block_size)
    if channels % (r * r):
        raise fail(ValueError, f"For 'DepthToSpace', {channels} channels are no multiple of {r} * {r}.")
    x = transpose(reshape(x, (n, r, r, channels // (r * r), height, width)), (0, 3, 4, 1, 5, 2))
    return reshape(x, (n, channels // (r * r), height * r, width * r))


def space_to_depth(x, block_size):
    """(N, C, H r, W r) -> (N, r r C, H, W): the inverse of ``depth_to_space``."""
    n, channels, height, width = x.shape
    r = _factor("SpaceToDepth", x, block_size)
    if height % r or width % r:
        raise fail(ValueError, f"For 'SpaceToDepth', {height} by {width} pixels cannot be divided by {r}.")
    x = transpose(reshape(x, (n, channels, height // r, r, width // r, r)), (0, 3, 5, 1, 2, 4))
    return reshape(x, (n, channels * r * r, height // r, width // r))


def channel_shuffle(x, groups):
    """The channels of several groups taken in turn, one of each group.

    Zhang et al., "ShuffleNet" (2017).

    Args:
        x (Tensor): shape (N, C, ...).
        groups (int): how many groups the C channels form, at least 1.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        ValueError: the channels cannot be divided into so many groups.

    >>> import minispore as ms
    >>> print(channel_shuffle(ms.Tensor([[0, 1, 2, 3]]), 2))
    [[0 2 1 3]]
    """
    n, channels, *rest = x.shape
    if groups <= 0 or channels % groups:
        raise fail(ValueError, f"For 'channel_shuffle', {channels} channels cannot be divided into {groups} groups.")
    return reshape(swapaxes(reshape(x, (n, groups, channels // groups, *rest)), 1, 2), x.shape)


def _factor(name, x, r):
    if isinstance(r, bool) or not isinstance(r, int):
        raise fail(TypeError, f"For '{name}', the factor must be an int, but got {type(r).__name__}.")
    if r <= 0 or x.ndim < 3:
        raise fail(ValueError, f"For '{name}', a positive factor and 3 axes are needed, but got {r} and {x.shape}.")
    return r


# ---------------------------------------------------------------- boxes (x0, y0, x1, y1)
def _columns(boxes):
    return split(boxes, 1, 1)


def bounding_box_encode(anchor_box, groundtruth_box, means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0)):
    """Where boxes are as seen from anchors: offsets of the centres and logarithms of the ratios of the sizes.

    ``((gx - ax) / aw, (gy - ay) / ah, log(gw / aw), log(gh / ah))``, less ``means``, divided by ``stds``; a box from x0
    to x1 is ``x1 - x0 + 1`` wide.

    Args:
        anchor_box (Tensor): shape (N, 4); floats; (x0, y0, x1, y1) of each anchor.
        groundtruth_box (Tensor): shape (N, 4); floats; the boxes.
        means (tuple[float]): four numbers. Default: (0.0, 0.0, 0.0, 0.0).
        stds (tuple[float]): four numbers. Default: (1.0, 1.0, 1.0, 1.0).

    Returns:
        Tensor of shape (N, 4); float32 for 16-bit types, else the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(bounding_box_encode(ms.Tensor([[0.0, 0.0, 3.0, 3.0]]), ms.Tensor([[2.0, 0.0, 5.0, 3.0]])))
    [[0.5 0.  0.  0. ]]
    """
    ax, ay, aw, ah = _centres(accumulation_type(anchor_box))
    gx, gy, gw, gh = _centres(accumulation_type(groundtruth_box))
    deltas = ((gx - ax) / aw, (gy - ay) / ah, log(gw / aw), log(gh / ah))
    return to(concat([(d - m) * (1.0 / s) for d, m, s in zip(deltas, means, stds)], 1), anchor_box.dtype)


def _centres(boxes):
    x0, y0, x1, y1 = _columns(boxes)
    return (x0 + x1) * 0.5, (y0 + y1) * 0.5, x1 - x0 + 1.0, y1 - y0 + 1.0


def bounding_box_decode(
    anchor_box, deltas, max_shape, means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0), wh_ratio_clip=0.016
):
    """The boxes that ``bounding_box_encode`` gave ``deltas`` for, kept inside the image.

    Args:
        anchor_box (Tensor): shape (N, 4); floats; (x0, y0, x1, y1) of each anchor.
        deltas (Tensor): shape (N, 4); floats; what ``bounding_box_encode`` returns.
        max_shape (tuple[int]): height and width of the image.
        means (tuple[float]): four numbers, as given to the encoding. Default: (0.0, 0.0, 0.0, 0.0).
        stds (tuple[float]): four numbers, as given to the encoding. Default: (1.0, 1.0, 1.0, 1.0).
        wh_ratio_clip (float): the smallest ratio of a side to that of the anchor; the largest is its inverse.
            Default: 0.016.

    Returns:
        Tensor of shape (N, 4); the type of ``anchor_box``.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(bounding_box_decode(ms.Tensor([[0.0, 0.0, 3.0, 3.0]]), ms.Tensor([[0.5, 0.0, 0.0, 0.0]]), (8, 8)))
    [[2. 0. 5. 3.]]
    """
    ax, ay, aw, ah = _centres(accumulation_type(anchor_box))
    dx, dy, dw, dh = (d * s + m for d, s, m in zip(_columns(accumulation_type(deltas)), stds, means))
    limit = abs(math.log(wh_ratio_clip))
    w, h = (size * exp(clamp(d, -limit, limit)) for size, d in ((aw, dw), (ah, dh)))
    x, y = ax + dx * aw, ay + dy * ah
    height, width = max_shape
    edges = (
        (x - w * 0.5 + 0.5, width),
        (y - h * 0.5 + 0.5, height),
        (x + w * 0.5 - 0.5, width),
        (y + h * 0.5 - 0.5, height),
    )
    return to(concat([clamp(e, 0.0, float(n)) for e, n in edges], 1), anchor_box.dtype)


def iou(anchor_boxes, gt_boxes, mode="iou"):
    """The intersection of each pair of boxes, over the union of the two or over the area of the box.

    Args:
        anchor_boxes (Tensor): shape (N, 4); floats; (x0, y0, x1, y1) of each anchor; ``x1 - x0 + 1`` wide.
        gt_boxes (Tensor): shape (M, 4); floats; the boxes.
        mode (str): "iou", over the union; or "iof", over the area of the box of ``gt_boxes``. Default: "iou".

    Returns:
        Tensor of shape (M, N); the type of ``anchor_boxes``.

    Raises:
        ValueError: ``mode`` is unknown, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(iou(ms.Tensor([[0.0, 0.0, 3.0, 3.0]]), ms.Tensor([[2.0, 0.0, 5.0, 3.0]]), "iof"))
    [[0.5]]
    """
    if mode not in ("iou", "iof"):
        raise fail(ValueError, f"For 'iou', 'mode' must be 'iou' or 'iof', but got {mode!r}.")
    ax0, ay0, ax1, ay1 = (swapaxes(c, 0, 1) for c in _columns(accumulation_type(anchor_boxes)))
    gx0, gy0, gx1, gy1 = _columns(accumulation_type(gt_boxes))
    w = maximum(minimum(ax1, gx1) - maximum(ax0, gx0) + 1.0, 0.0)
    h = maximum(minimum(ay1, gy1) - maximum(ay0, gy0) + 1.0, 0.0)
    ground = (gx1 - gx0 + 1.0) * (gy1 - gy0 + 1.0)
    total = (ax1 - ax0 + 1.0) * (ay1 - ay0 + 1.0) + ground - w * h if mode == "iou" else ground
    return to(w * h / total, anchor_boxes.dtype)


def check_valid(bboxes, img_metas):
    """Whether each box (N, 4) lies inside the image; ``img_metas`` is (height, width, ratio)."""
    x0, y0, x1, y1 = _columns(bboxes)
    height, width = img_metas[0] * img_metas[2], img_metas[1] * img_metas[2]
    inside = logical_and(logical_and(x0 >= 0, y0 >= 0), logical_and(x1 <= width - 1, y1 <= height - 1))
    return reshape(inside, (-1,))


__all__ = [
    "bounding_box_decode", "bounding_box_encode", "channel_shuffle", "interpolate", "iou", "pixel_shuffle",
    "pixel_unshuffle", "upsample",
]  # fmt: skip
