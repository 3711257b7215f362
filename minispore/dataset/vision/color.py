"""Transforms of colours.  Pillow computes them on its images; arrays round where Pillow cuts off, as MindSpore's do."""

from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from .as_opencv import bytes_of_hsv, hsv_of_bytes, whole_weights
from .base import (
    BlockTransform,
    ImageTransform,
    check_range,
    check_square,
    is_pil,
    pillow,
    rounded,
    whole,
    with_image_docs,
)

_GREY = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


class PillowTransform(ImageTransform):
    """The base of transforms that Pillow does: subclasses have ``_change(image)``, of an image of mode L or RGB."""

    arrays_by_pillow = True  # also uint8 arrays

    def __call__(self, image):
        array = self._checked(image)
        if is_pil(image):
            made = self._change(image)
            return made if self.keeps_pil else np.asarray(made)
        if (
            not self.arrays_by_pillow
            or array.dtype.kind == "f"
            or array.dtype.itemsize > 1
            or (array.ndim == 3 and array.shape[2] not in (1, 3))
        ):
            return self._on_array(array)
        single = array.ndim == 3 and array.shape[2] == 1
        pixels = np.ascontiguousarray(rounded(array[..., 0] if single else array, np.dtype(np.uint8)))
        made = np.array(self._change(pillow(type(self).__name__).fromarray(pixels)))
        return (made[..., None] if single and made.ndim == 2 else made).astype(array.dtype, copy=False)

    def _change(self, image: Any) -> Any:
        raise NotImplementedError

    def _on_array(self, array: np.ndarray) -> np.ndarray:
        """The same for what Pillow has no mode for: other types, other numbers of channels."""
        raise fail(
            RuntimeError,
            f"For '{type(self).__name__}', the image must be uint8 with 1 or 3 channels, but got {array.dtype} {array.shape}.",
        )


class _Enhance(PillowTransform):
    """Interpolates between an image without the property (factor 0) and the image itself (1), or extrapolates."""

    arrays_by_pillow = False
    _property: str
    _image_first = False  # whether the product with the image is the one that is not rounded

    def __init__(self, **named):
        (self.factor,) = named.values()  # under the name that the argument has
        checks.within(type(self).__name__, "[0, 16777216]", **named)

    def _change(self, image):
        from PIL import ImageEnhance

        return getattr(ImageEnhance, self._property)(image).enhance(self.factor)

    def _on_array(self, array):
        whole, work = array.dtype.kind in "iu", np.dtype(np.float32 if array.dtype.itemsize < 3 else np.float64)
        base = rounded(np.asarray(self._base(array.astype(np.float64), array.dtype)), array.dtype).astype(work)
        own = work.type(self.factor)
        terms = [(base, work.type(1) - own), (array.astype(work), own)]
        (first, by), (second, scale) = reversed(terms) if self._image_first else terms
        made = (np.multiply(first, by, dtype=np.float64) + second * scale).astype(work)  # by a fused multiply and add
        return rounded(np.rint(made) if whole else made, array.dtype)

    def _base(self, array: np.ndarray, dtype: np.dtype) -> Any:
        """The image without the property, as floats.  ``dtype`` is the type of the image."""
        return 0.0


@with_image_docs
class AdjustBrightness(_Enhance):
    """Between black (0), the image as it is (1), and beyond (2: twice as bright).

    Args:
        brightness_factor: number from 0.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.AdjustBrightness(2.0)(x)[0, 0]
    array([0, 2, 4], dtype=uint8)
    """

    channels = (1, 3)
    _property = "Brightness"

    def __init__(self, brightness_factor):
        super().__init__(brightness_factor=brightness_factor)


@with_image_docs
class AdjustContrast(_Enhance):
    """Between all of the mean grey (0), the image as it is (1), and beyond.

    Args:
        contrast_factor: number from 0.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.AdjustContrast(1.0)(x)[0, 0]
    array([0, 1, 2], dtype=uint8)
    """

    channels, types = (3,), "uint8 uint16 float32"
    _property = "Contrast"

    def __init__(self, contrast_factor):
        super().__init__(contrast_factor=contrast_factor)

    def _base(self, array, dtype):
        mean = rounded(array @ _GREY, dtype).mean()
        return np.floor(mean + 0.5) if dtype.kind in "iu" else mean


@with_image_docs
class AdjustSaturation(_Enhance):
    """Between grey (0), the image as it is (1), and beyond.

    Args:
        saturation_factor: number from 0.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.AdjustSaturation(0.0)(np.full((1, 1, 3), (255, 0, 0), np.uint8))
    array([[[76, 76, 76]]], dtype=uint8)
    """

    channels, types = (3,), "uint8 uint16 float32 bool"
    _property = "Color"

    def __init__(self, saturation_factor):
        super().__init__(saturation_factor=saturation_factor)

    def _base(self, array, dtype):
        return (array @ _GREY)[..., None]


@with_image_docs
class AdjustSharpness(_Enhance):
    """Between smoothed (0), the image as it is (1), and sharpened (2).

    Args:
        sharpness_factor: number from 0.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.AdjustSharpness(1.0)(x)[0, 0]
    array([0, 1, 2], dtype=uint8)
    """

    types, keeps_pil = "uint8 uint16 int16 float32 float64 bool", False
    _property, _image_first = "Sharpness", True

    def __init__(self, sharpness_factor):
        super().__init__(sharpness_factor=sharpness_factor)

    def _base(self, array, dtype):
        made = array.copy()
        height, width = array.shape[:2]
        around = sum(array[y : y + height - 2, x : x + width - 2] for y in range(3) for x in range(3))
        made[1:-1, 1:-1] = (around + 4 * array[1:-1, 1:-1]) / 13
        return made


@with_image_docs
class AdjustHue(PillowTransform):
    """Turns the hues by a share of the circle.

    Args:
        hue_factor: number in [-0.5, 0.5].

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.AdjustHue(0.5)(np.full((1, 1, 3), (255, 0, 0), np.uint8)).shape
    (1, 1, 3)
    """

    channels, types = (3,), "uint8 float32"

    def __init__(self, hue_factor):
        checks.within("AdjustHue", "[-0.5, 0.5]", hue_factor=hue_factor)
        self.factor = hue_factor

    def __call__(self, image):
        array = self._checked(image)
        if is_pil(image):
            return self._change(image)
        hue, saturation, value = hsv_of_bytes(rounded(array, np.dtype(np.uint8)))
        turned = (hue + int(self.factor * 255)) % 256
        return bytes_of_hsv(turned, saturation, value).astype(array.dtype, copy=False)

    def _change(self, image):
        if image.mode in ("L", "1", "I", "F"):
            return image
        hue, saturation, value = image.convert("HSV").split()
        turned = (np.asarray(hue, np.int16) + int(self.factor * 255)).astype(np.uint8)
        Image = pillow("AdjustHue")
        return Image.merge("HSV", (Image.fromarray(turned), saturation, value)).convert(image.mode)


@with_image_docs
class AdjustGamma(PillowTransform):
    """``255 * gain * (pixel / 255) ** gamma``.

    Args:
        gamma: number from 0.
        gain: number.  Default: 1.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.AdjustGamma(1.0, gain=0.5)(np.full((1, 1), 100, np.uint8))
    array([[50]], dtype=uint8)
    """

    channels, arrays_by_pillow = (1, 3), False

    def __init__(self, gamma, gain=1):
        checks.within("AdjustGamma", "[0, 16777216]", gamma=gamma)
        checks.within("AdjustGamma", "[-16777216, 16777216]", gain=gain)
        self.gamma, self.gain = gamma, gain

    def _change(self, image):
        table = np.clip(255 * self.gain * (np.arange(256) / 255) ** self.gamma, 0, 255).astype(np.uint8)
        return image.point(table.tolist() * len(image.getbands()))

    def _on_array(self, array):
        if array.dtype.kind != "f":  # a table of 256 values, cut off
            return np.clip(255.999 * self.gain * (array / 255) ** self.gamma, 0, 255).astype(array.dtype)
        return np.clip((self.gain * np.maximum(array, 0)) ** self.gamma, 0, 1).astype(np.float32)


class _Ops(PillowTransform):
    """A function of PIL.ImageOps."""

    _name: str
    _options: dict[str, Any] = {}

    def _change(self, image):
        from PIL import ImageOps

        return getattr(ImageOps, self._name)(image, **self._options)


@with_image_docs
class AutoContrast(_Ops):
    """Stretches the values of each channel to 0..255.

    Args:
        cutoff: number in [0, 50), percent left out at both ends.  Default: 0.0.
        ignore: value or list of them that do not count.  Default: None.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.AutoContrast()(np.array([[10, 20]], np.uint8))
    array([[  0, 255]], dtype=uint8)
    """

    channels, types = (1, 3), "uint8 bool"
    _name = "autocontrast"

    def __init__(self, cutoff=0.0, ignore=None):
        checks.within("AutoContrast", "[0, 49.999999]", cutoff=cutoff)
        if ignore is not None:
            checks.instance("AutoContrast", (int, list, tuple), ignore=ignore)
            for value in [ignore] if isinstance(ignore, int) else ignore:
                whole("AutoContrast", "[0, 255]", ignore=value)
        self._options = {"cutoff": cutoff, "ignore": ignore}

    def __call__(self, image):
        array = self._checked(image)
        if is_pil(image):
            return self._change(image)
        planes = array[..., None] if array.ndim == 2 else array
        made = [self._stretched(planes[..., at].astype(np.uint8)) for at in range(planes.shape[2])]
        return np.stack(made, -1).reshape(array.shape)

    def _stretched(self, plane: np.ndarray) -> np.ndarray:
        """By a table in float32, cut off; that of Pillow is in float64."""
        counts = np.bincount(plane.ravel(), minlength=256)
        counts[self._options["ignore"] if self._options["ignore"] is not None else []] = 0
        left_out = int(counts.sum() * self._options["cutoff"] // 100)
        below, above = np.cumsum(counts), np.cumsum(counts[::-1])[::-1]
        kept = np.flatnonzero((counts > 0) & (below > left_out) & (above > left_out))
        if len(kept) == 0 or kept[0] == kept[-1]:
            return plane
        scale = np.float32(255.0) / np.float32(kept[-1] - kept[0])
        table = np.arange(256, dtype=np.float32) * scale - np.float32(kept[0]) * scale
        return np.clip(np.trunc(table), 0, 255).astype(np.uint8)[plane]


@with_image_docs
class Equalize(_Ops):
    """Equalizes the histogram of each channel.

    {image}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Equalize()(np.zeros((2, 2), np.uint8))
    array([[0, 0],
           [0, 0]], dtype=uint8)
    """

    channels, types = (1, 3), "uint8 bool"
    _name = "equalize"

    def __call__(self, image):
        array = self._checked(image)
        if is_pil(image):
            return self._change(image)
        planes = array[..., None] if array.ndim == 2 else array
        made = [_equalized(planes[..., at]) for at in range(planes.shape[2])]
        return np.stack(made, -1).reshape(array.shape)


def _equalized(plane: np.ndarray) -> np.ndarray:
    """The table that OpenCV makes of a histogram; Pillow's differs by what it leaves out at the ends."""
    counts = np.bincount(plane.astype(np.uint8).ravel(), minlength=256)
    first = int(np.flatnonzero(counts)[0])
    if counts[first] == plane.size:
        return plane.astype(np.uint8)
    scale = np.float32(255.0 / (plane.size - counts[first]))
    sums = np.concatenate([np.zeros(first + 1), np.cumsum(counts[first + 1 :])])
    return np.rint(sums.astype(np.float32) * scale).astype(np.uint8)[plane.astype(np.uint8)]


@with_image_docs
class Posterize(_Ops):
    """Keeps the first bits of each value.

    Args:
        bits: int from 0 to 8.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Posterize(1)(np.array([[100, 200]], np.uint8))
    array([[  0, 128]], dtype=uint8)
    """

    types, keeps_pil = "uint8 int8 bool", False
    _name = "posterize"

    def __init__(self, bits):
        whole("Posterize", "[0, 8]", bits=bits)
        self._options = {"bits": bits}

    def _change(self, image):
        return super()._change(image) if self._options["bits"] else image.point(lambda value: 0)


@with_image_docs
class Invert(BlockTransform):
    """255 - the image.

    {image}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Invert()(np.array([[[0, 100, 255]]], np.uint8))
    array([[[255, 155,   0]]], dtype=uint8)
    """

    channels = (3,)
    types = "uint8 uint16 uint32 uint64 int8 int16 int32 int64 float32 float64 bool"
    ranks = (2, 3)

    def _apply(self, array):
        return (255 - array).astype(array.dtype, copy=False)


@with_image_docs
class Solarize(BlockTransform):
    """Inverts the values within two bounds.

    Args:
        threshold: (low, high), or a number for (threshold, 255), as two equal ones are.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Solarize(100)(np.array([[50, 200]], np.uint8))
    array([[50, 55]], dtype=uint8)
    """

    channels = (1, 3)
    types = "uint8 uint16 uint32 uint64 int8 int16 int32 int64 float32 float64 bool"
    ranks = (2, 3)

    keeps_pil = False

    def __init__(self, threshold):
        pair = threshold if isinstance(threshold, (tuple, list)) else (threshold, threshold)
        low, high = check_range("Solarize", "threshold", pair, 0, 255)
        self.threshold = low, 255 if low == high else high

    def _apply(self, array):
        low, high = self.threshold
        return np.where((array >= low) & (array <= high), 255 - array, array).astype(array.dtype, copy=False)


class Grayscale(PillowTransform):
    """Grey, in 1 or 3 equal channels.

    Args:
        num_output_channels: 1 (the default) or 3.

    Inputs:
        image: Pillow image.

    Returns:
        Pillow image.

    Raises:
        TypeError: ``num_output_channels`` is no int, or the input is no Pillow image.
        ValueError: ``num_output_channels`` is neither.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Grayscale()(vision.ToPIL()(np.zeros((2, 2, 3), np.uint8))).mode
    'L'
    """

    pil_only = True

    def __init__(self, num_output_channels=1):
        checks.integer("Grayscale", num_output_channels=num_output_channels)
        if num_output_channels not in (1, 3):
            raise fail(
                ValueError, f"For 'Grayscale', 'num_output_channels' must be 1 or 3, but got {num_output_channels}."
            )
        self.mode = "L" if num_output_channels == 1 else "RGB"

    def _change(self, image):
        return image.convert("L").convert(self.mode)


class RgbToHsv(ImageTransform):
    """RGB to hue, saturation and value.

    Args:
        is_hwc: bool, whether the channels are last.  Default: False.

    Inputs:
        image: array (3, H, W), (H, W, 3) or a batch of them.

    Returns:
        array of float64 of the same shape: hue and saturation in 0..1, the value as large as the pixels are.

    Raises:
        TypeError: the image does not have 3 channels.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RgbToHsv(is_hwc=True)(np.full((1, 1, 3), (0, 255, 0), np.uint8)).round(3)
    array([[[  0.333,   1.   , 255.   ]]])
    """

    ranks = (1, 2, 3, 4)
    keeps_pil = False

    def __init__(self, is_hwc=False):
        checks.boolean(type(self).__name__, is_hwc=is_hwc)
        self.is_hwc = is_hwc

    def _apply(self, array):
        axis = -1 if self.is_hwc else -3
        if array.ndim not in (3, 4) or array.shape[axis] != 3:
            raise fail(
                TypeError,
                f"For '{type(self).__name__}', the image must have 3 channels, but got the shape {array.shape}.",
            )
        return np.stack(self._channels(*np.moveaxis(array.astype(np.float64), axis, 0)), axis)

    def _channels(self, red, green, blue):
        value = np.maximum(np.maximum(red, green), blue)
        spread = value - np.minimum(np.minimum(red, green), blue)
        safe = np.where(spread == 0, 1, spread)
        hue = np.where(
            value == red,
            (green - blue) / safe,
            np.where(value == green, 2 + (blue - red) / safe, 4 + (red - green) / safe),
        )
        return hue / 6 % 1 * (spread != 0), spread / np.where(value == 0, 1, value), value


class HsvToRgb(RgbToHsv):
    """Hue, saturation and value to RGB: the inverse of ``RgbToHsv``.

    Args:
        is_hwc: bool, whether the channels are last.  Default: False.

    Inputs:
        image: array (3, H, W), (H, W, 3) or a batch of them, in 0..1.

    Returns:
        array of floats in 0..1, of the same shape.

    Raises:
        TypeError: the image does not have 3 channels.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.HsvToRgb(is_hwc=True)(np.array([[[0.0, 1.0, 1.0]]]))
    array([[[1., 0., 0.]]])
    """

    def _channels(self, hue, saturation, value):
        parts = [(offset + hue * 6) % 6 for offset in (5, 3, 1)]
        return [value - value * saturation * np.clip(np.minimum(part, 4 - part), 0, 1) for part in parts]


@with_image_docs
class GaussianBlur(ImageTransform):
    """A convolution with a Gaussian.  The border is mirrored.

    Args:
        kernel_size: odd int, or (x, y), the pixels of the Gaussian.
        sigma: number, or (x, y).  Default: None, for ``0.3 ((x - 1) / 2 - 1) + 0.8`` with x of ``kernel_size`` for both.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.GaussianBlur(3)(np.full((3, 3), 7, np.uint8))[1]
    array([7, 7, 7], dtype=uint8)
    """

    types = "uint8 uint16 int16 float32 float64 bool"

    keeps_pil = False

    def __init__(self, kernel_size, sigma=None):
        sizes = check_square("GaussianBlur", kernel_size, "kernel_size")
        if any(size % 2 == 0 for size in sizes):
            raise fail(ValueError, f"For 'GaussianBlur', 'kernel_size' must be odd, but got {kernel_size}.")
        if sigma is None:
            sigma = _sigma(sizes[0])  # also along y, as in MindSpore
        sigmas = sigma if isinstance(sigma, (tuple, list)) else (sigma, sigma)
        if len(sigmas) != 2:
            raise fail(TypeError, f"For 'GaussianBlur', 'sigma' must be a number or two, but got {sigma!r}.")
        self.kernels = [_gaussian(size, width) for size, width in zip(sizes, sigmas)]

    def _apply(self, array):
        bits = 8 * array.dtype.itemsize if array.dtype.kind in "ub" else 0
        made = array.astype(np.int64 if bits else np.float64)
        for axis, kernel in zip((1, 0), self.kernels):
            kernel = whole_weights(kernel, bits) if bits else kernel
            reach = len(kernel) // 2
            widths = [(0, 0)] * array.ndim
            widths[axis] = (reach, reach)
            padded, total = np.pad(made, widths, "reflect"), 0
            for at, weight in enumerate(kernel):
                total = total + weight * np.take(padded, np.arange(at, at + array.shape[axis]), axis)
            made = total
        return rounded((made + (1 << 2 * bits - 1)) >> 2 * bits if bits else made, array.dtype)


def _sigma(size: int) -> float:
    return 0.3 * ((size - 1) * 0.5 - 1) + 0.8


def _gaussian(size: int, sigma: float | None) -> np.ndarray:
    if sigma is None or sigma == 0:
        sigma = _sigma(size)
    checks.within("GaussianBlur", "[0, 16777216]", sigma=sigma)
    weights = np.exp(-((np.arange(size) - size // 2) ** 2) / (2 * sigma**2))
    return weights / weights.sum()
