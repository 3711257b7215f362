"""Primitives that resize pictures, as one product with a matrix of weights for each axis.

``TABLE`` has the form of ``ops/primitive_classes.py``.
"""

from typing import Any

import numpy as np

from .. import ops
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import to
from ..core.tensor import Tensor
from ..ops import image as image_ops
from ..ops.primitive_classes import _class, row
from ..transforms.reverse import vjp

o: Any = ops


def _numbers(x) -> list:
    return x.asnumpy().tolist() if isinstance(x, Tensor) else list(x)


# ---------------------------------------------------------------- ResizeV2: ONNX's Resize
def _cubic(old, new, corners, half):
    at = image_ops._sources(old, new, corners, half)
    low = np.floor(at).astype(int)
    return image_ops._cubic_taps(old, low, at - low, -0.75, False)


def _resize_v2(p, x, roi, scales, sizes):
    corners, *lengths = p.coordinate_transformation_mode == "align_corners", *_numbers(sizes)
    if len(lengths) != 4 or min(lengths) <= 0 or tuple(lengths[:2]) != x.shape[:2]:
        raise fail(
            ValueError, f"For 'ResizeV2', 'sizes' must be {x.shape[:2]} and two positive lengths, but got {lengths}."
        )
    if p.mode != "cubic" and lengths[2] != 1:
        raise fail(
            ValueError,
            f"For 'ResizeV2', 'sizes' must have a 1 as its third element in the mode '{p.mode}', but got {lengths}.",
        )
    if p.mode == "nearest":
        if corners:
            raise fail(ValueError, "For 'ResizeV2', the mode 'nearest' needs 'half_pixel'.")
        return image_ops._nearest(x, tuple(lengths[2:]))
    matrix = _cubic if p.mode == "cubic" else image_ops._linear_matrix
    return image_ops._resized(x, tuple(lengths[2:]), matrix, corners, not corners)


# ---------------------------------------------------------------- ScaleAndTranslate: TensorFlow's
def _lanczos(radius):
    def kernel(x):
        far = np.maximum(x, 1e-3)
        inside = radius * np.sin(np.pi * far) * np.sin(np.pi * far / radius) / (np.pi * far) ** 2
        return np.where(x <= 1e-3, 1.0, np.where(x > radius, 0.0, inside))

    return radius, kernel


def _cubic_pieces(near, far):
    return 2.0, lambda x: np.where(x >= 2, 0.0, np.where(x >= 1, np.polyval(far, x), np.polyval(near, x)))


_KERNELS = {  # radius, and the weight at a distance
    "lanczos1": _lanczos(1.0), "lanczos3": _lanczos(3.0), "lanczos5": _lanczos(5.0),
    "gaussian": (1.5, lambda x: np.where(x >= 1.5, 0.0, np.exp(-2 * x * x))),
    "box": (0.5, lambda x: np.where(x < 0.5, 1.0, np.where(x == 0.5, 0.5, 0.0))),
    "triangle": (1.0, lambda x: np.maximum(1 - x, 0.0)),
    "keyscubic": _cubic_pieces([1.5, -2.5, 0, 1], [-0.5, 2.5, -4, 2]),
    "mitchellcubic": _cubic_pieces([7 / 6, -2, 0, 8 / 9], [-7 / 18, 2, -10 / 3, 16 / 9]),
}  # fmt: skip


def _weights(kernel_type, antialias):
    radius, kernel = _KERNELS[kernel_type]

    def matrix(old, new, corners, half, placed):
        scale, moved = placed
        at = (np.arange(new) + 0.5 - moved) / scale
        wide = max(1 / scale, 1.0) if antialias else 1.0
        away = np.arange(old) + 0.5 - at[:, None]
        weights = np.where(np.abs(away) <= radius * wide, kernel(np.abs(away / wide)), 0.0)
        weights[(at < 0) | (at > old)] = 0.0
        total = weights.sum(1, keepdims=True)
        return weights / np.where(np.abs(total) < 1e-35, 1.0, total)

    return matrix


def _scale_and_translate(p, images, size, scale, translation):
    if p.kernel_type not in _KERNELS:
        raise fail(
            ValueError,
            f"For 'ScaleAndTranslate', 'kernel_type' must be in {list(_KERNELS)}, but got {p.kernel_type!r}.",
        )
    x = o.transpose(to(images, float32), (0, 3, 1, 2))
    placed = tuple(zip(_numbers(scale), _numbers(translation)))
    if min(s for s, _ in placed) <= 0:
        raise fail(ValueError, f"For 'ScaleAndTranslate', 'scale' must be positive, but got {_numbers(scale)}.")
    sizes = tuple(int(n) for n in _numbers(size))
    return o.transpose(image_ops._resized(x, sizes, _weights(p.kernel_type, p.antialias), steps=placed), (0, 2, 3, 1))


def _scale_and_translate_gradient(p, g, images, scale, translation):
    moved = lambda x: _scale_and_translate(p, x, g.shape[1:3], scale, translation)
    return vjp(moved, images)[1](g)[0]


TABLE: dict = {
    "ResizeV2": row(_resize_v2, coordinate_transformation_mode="half_pixel", mode="nearest"),
    "ScaleAndTranslate": row(_scale_and_translate, kernel_type="lanczos3", antialias=True),
    "ScaleAndTranslateGrad": row(_scale_and_translate_gradient, kernel_type="lanczos3", antialias=True),
}

globals().update({name: _class(name, entry) for name, entry in TABLE.items()})
__all__ = sorted(TABLE)
