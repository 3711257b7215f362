"""Transforms of colours.  Pillow computes them: arrays are converted to uint8 for it, and back to their type."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import checks
from ...core.errors import fail
from ..draws import draws
from .base import BlockTransform, ImageTransform, Sometimes, check_range, check_square, is_pil, pillow, rounded


class PillowTransform(ImageTransform):
    """Its subclasses have ``_change(image)``, of a Pillow image of mode L or RGB."""

    def __call__(self, image):
        array = self._checked(image)
        if is_pil(image):
            return self._change(image)
        single = array.ndim == 3 and array.shape[2] == 1
        pixels = np.ascontiguousarray(rounded(array[..., 0] if single else array, np.dtype(np.uint8)))
        if pixels.ndim == 3 and pixels.shape[2] != 3:
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}', the image must have 1 or 3 channels, but got the shape {array.shape}.",
            )
        made = np.array(self._change(pillow(type(self).__name__).fromarray(pixels)))
        return (made[..., None] if single and made.ndim == 2 else made).astype(array.dtype, copy=False)

    def _change(self, image: Any) -> Any:
        raise NotImplementedError


class _Enhance(PillowTransform):
    """Interpolates between an image without the property (factor 0) and the image itself (1), or extrapolates."""

    _property: str

    def __init__(self, factor):
        checks.within(type(self).__name__, "[0, inf)", factor=factor)
        self.factor = factor

    def _change(self, image):
        from PIL import ImageEnhance

        return getattr(ImageEnhance, self._property)(image).enhance(self.factor)


class AdjustBrightness(_Enhance):
    """0: black, 1: as it is, 2: twice as bright."""

    _property = "Brightness"

    def __init__(self, brightness_factor):
        super().__init__(brightness_factor)


class AdjustContrast(_Enhance):
    """0: all of the mean grey, 1: as it is."""

    _property = "Contrast"

    def __init__(self, contrast_factor):
        super().__init__(contrast_factor)


class AdjustSaturation(_Enhance):
    """0: grey, 1: as it is."""

    _property = "Color"

    def __init__(self, saturation_factor):
        super().__init__(saturation_factor)


class AdjustSharpness(_Enhance):
    """0: smoothed, 1: as it is, 2: sharpened."""

    _property = "Sharpness"

    def __init__(self, sharpness_factor):
        super().__init__(sharpness_factor)


class AdjustHue(PillowTransform):
    """Turns the hues by a share ``hue_factor`` of the circle, in [-0.5, 0.5]."""

    def __init__(self, hue_factor):
        checks.within("AdjustHue", "[-0.5, 0.5]", hue_factor=hue_factor)
        self.factor = hue_factor

    def _change(self, image):
        if image.mode in ("L", "1", "I", "F"):
            return image
        hue, saturation, value = image.convert("HSV").split()
        turned = (np.asarray(hue, np.int16) + int(self.factor * 255)).astype(np.uint8)
        Image = pillow("AdjustHue")
        return Image.merge("HSV", (Image.fromarray(turned), saturation, value)).convert(image.mode)


class AdjustGamma(PillowTransform):
    """``255 * gain * (pixel / 255) ** gamma``."""

    def __init__(self, gamma, gain=1):
        checks.within("AdjustGamma", "[0, inf)", gamma=gamma)
        checks.number("AdjustGamma", gain=gain)
        self.gamma, self.gain = gamma, gain

    def _change(self, image):
        table = np.clip(255 * self.gain * (np.arange(256) / 255) ** self.gamma, 0, 255).astype(np.uint8)
        return image.point(table.tolist() * len(image.getbands()))


class _Ops(PillowTransform):
    """A function of PIL.ImageOps."""

    _name: str
    _options: dict[str, Any] = {}

    def _change(self, image):
        from PIL import ImageOps

        return getattr(ImageOps, self._name)(image, **self._options)


class AutoContrast(_Ops):
    """Stretches the values of each channel to 0..255, without the ``cutoff`` percent at both ends."""

    _name = "autocontrast"

    def __init__(self, cutoff=0.0, ignore=None):
        checks.within("AutoContrast", "[0, 49.999999]", cutoff=cutoff)
        self._options = {"cutoff": cutoff, "ignore": ignore}


class Equalize(_Ops):
    """Equalizes the histogram of each channel."""

    _name = "equalize"


class Posterize(_Ops):
    """Keeps the first ``bits`` bits of each value."""

    _name = "posterize"

    def __init__(self, bits):
        checks.within("Posterize", "[0, 8]", bits=bits)
        self._options = {"bits": bits}


class Invert(BlockTransform):
    """255 - the image."""

    ranks = (2, 3)

    def _apply(self, array):
        return (255 - array).astype(array.dtype, copy=False)


class Solarize(BlockTransform):
    """Inverts the values within ``threshold`` = (low, high), or from a number on."""

    ranks = (2, 3)

    def __init__(self, threshold):
        pair = threshold if isinstance(threshold, (tuple, list)) else (threshold, 255)
        self.threshold = check_range("Solarize", "threshold", pair, 0, 255)

    def _apply(self, array):
        low, high = self.threshold
        return np.where((array >= low) & (array <= high), 255 - array, array).astype(array.dtype, copy=False)


class Grayscale(PillowTransform):
    """Grey, in 1 or 3 equal channels."""

    def __init__(self, num_output_channels=1):
        if num_output_channels not in (1, 3):
            raise fail(
                ValueError, f"For 'Grayscale', 'num_output_channels' must be 1 or 3, but got {num_output_channels}."
            )
        self.mode = "L" if num_output_channels == 1 else "RGB"

    def _change(self, image):
        return image.convert("L").convert(self.mode)


class RgbToHsv(ImageTransform):
    """RGB in 0..1 (uint8: 0..255) to hue, saturation and value in 0..1. ``is_hwc``: channels last."""

    ranks = (3, 4)
    keeps_pil = False

    def __init__(self, is_hwc=False):
        self.is_hwc = is_hwc

    def _apply(self, array):
        axis = -1 if self.is_hwc else -3
        if array.shape[axis] != 3:
            raise fail(
                TypeError,
                f"For '{type(self).__name__}', the image must have 3 channels, but got the shape {array.shape}.",
            )
        scaled = array / 255.0 if array.dtype == np.uint8 else array
        return np.stack(self._channels(*np.moveaxis(scaled, axis, 0)), axis)

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
    """The inverse of ``RgbToHsv``."""

    def _channels(self, hue, saturation, value):
        parts = [(offset + hue * 6) % 6 for offset in (5, 3, 1)]
        return [value - value * saturation * np.clip(np.minimum(part, 4 - part), 0, 1) for part in parts]


class GaussianBlur(ImageTransform):
    """A convolution with a Gaussian of ``kernel_size`` (odd) and ``sigma`` pixels, both (x, y) or one number.

    Default ``sigma``: 0.3 ((kernel_size - 1) / 2 - 1) + 0.8. The border is mirrored.
    """

    def __init__(self, kernel_size, sigma=None):
        sizes = check_square("GaussianBlur", kernel_size)
        if any(size % 2 == 0 for size in sizes):
            raise fail(ValueError, f"For 'GaussianBlur', 'kernel_size' must be odd, but got {kernel_size}.")
        sigmas = sigma if isinstance(sigma, (tuple, list)) else (sigma, sigma)
        self.kernels = [_gaussian(size, width) for size, width in zip(sizes, sigmas)]

    def _apply(self, array):
        made = array.astype(np.float64)
        for axis, kernel in zip((1, 0), self.kernels):
            reach = len(kernel) // 2
            widths = [(0, 0)] * array.ndim
            widths[axis] = (reach, reach)
            padded, total = np.pad(made, widths, "reflect"), 0
            for at, weight in enumerate(kernel):
                total = total + weight * np.take(padded, np.arange(at, at + array.shape[axis]), axis)
            made = total
        return rounded(made, array.dtype)


def _gaussian(size: int, sigma: float | None) -> np.ndarray:
    if sigma is None or sigma == 0:
        sigma = 0.3 * ((size - 1) * 0.5 - 1) + 0.8
    checks.within("GaussianBlur", "[0, inf)", sigma=sigma)
    weights = np.exp(-((np.arange(size) - size // 2) ** 2) / (2 * sigma**2))
    return weights / weights.sum()


# ------------------------------------------------------------ by random amounts
def _about(owner: str, name: str, value: Any, middle: float, low: float, high: float) -> tuple[float, float]:
    """(low, high); a number x stands for the range of x around the middle."""
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise fail(TypeError, f"For '{owner}', '{name}' must be a number or two, but got {value!r}.")
        return check_range(owner, name, value, low, high)
    checks.within(owner, "[0, inf)", **{name: value})
    return check_range(owner, name, (max(low, middle - value), middle + value), low, high)


class RandomColorAdjust(ImageTransform):
    """Brightness, contrast, saturation and hue by random factors.

    Each is (low, high), or a number x for (max(0, 1 - x), 1 + x); ``hue`` within [-0.5, 0.5], x for (-x, x).
    """

    ranks = (3,)

    def __init__(self, brightness=(1, 1), contrast=(1, 1), saturation=(1, 1), hue=(0, 0)):
        owner, factors = "RandomColorAdjust", {"brightness": brightness, "contrast": contrast, "saturation": saturation}
        self.factors = [_about(owner, name, value, 1, 0, np.inf) for name, value in factors.items()]
        self.hue = _about(owner, "hue", hue, 0, -0.5, 0.5)

    def __call__(self, image):
        self._checked(image)
        drawn = draws()
        steps: list[tuple[Callable, tuple[float, float], float]] = [
            *zip((AdjustBrightness, AdjustContrast, AdjustSaturation), self.factors, (1.0, 1.0, 1.0)),
            (AdjustHue, self.hue, 0.0),
        ]
        for adjust, between, unchanged in steps:
            factor = drawn.uniform(*between)
            if factor != unchanged:
                image = adjust(factor)(image)
        return image


class _RandomAmount(ImageTransform):
    """A transform with one amount, drawn from a range."""

    _made: Callable[[Any], ImageTransform]
    _limits = (0.0, np.inf)
    _whole = False

    def __init__(self, between):
        self.between = check_range(type(self).__name__, "range", between, *self._limits)

    def __call__(self, image):
        low, high = self.between
        amount = low + draws().below(int(high) - int(low) + 1) if self._whole else draws().uniform(low, high)
        return type(self)._made(amount)(image)


class RandomColor(_RandomAmount):
    """``AdjustSaturation`` by a factor from ``degrees``."""

    _made = AdjustSaturation

    def __init__(self, degrees=(0.1, 1.9)):
        super().__init__(degrees)


class RandomSharpness(_RandomAmount):
    """``AdjustSharpness`` by a factor from ``degrees``."""

    _made = AdjustSharpness

    def __init__(self, degrees=(0.1, 1.9)):
        super().__init__(degrees)


class RandomPosterize(_RandomAmount):
    """``Posterize`` to a number of bits from ``bits``."""

    _made, _limits, _whole = Posterize, (1, 8), True

    def __init__(self, bits=(8, 8)):
        super().__init__((bits, bits) if isinstance(bits, int) else bits)


class RandomSolarize(ImageTransform):
    """``Solarize`` of values within two numbers drawn from ``threshold`` = (low, high)."""

    def __init__(self, threshold=(0, 255)):
        low, high = check_range("RandomSolarize", "threshold", threshold, 0, 255)
        self.threshold = int(low), int(high)

    def __call__(self, image):
        drawn, low = draws(), self.threshold[0]
        ends = sorted(low + drawn.below(self.threshold[1] - low + 1) for _ in range(2))
        return Solarize(ends)(image)


class RandomInvert(Sometimes):
    """``Invert`` with probability ``prob``."""

    def __init__(self, prob=0.5):
        super().__init__(Invert(), prob)


class RandomEqualize(Sometimes):
    """``Equalize`` with probability ``prob``."""

    def __init__(self, prob=0.5):
        super().__init__(Equalize(), prob)


class RandomAutoContrast(Sometimes):
    """``AutoContrast`` with probability ``prob``."""

    def __init__(self, cutoff=0.0, ignore=None, prob=0.5):
        super().__init__(AutoContrast(cutoff, ignore), prob)


class RandomAdjustSharpness(Sometimes):
    """``AdjustSharpness`` by ``degree`` with probability ``prob``."""

    def __init__(self, degree, prob=0.5):
        super().__init__(AdjustSharpness(degree), prob)


class RandomGrayscale(Sometimes):
    """Grey, in as many channels as before, with probability ``prob``."""

    def __init__(self, prob=0.1):
        super().__init__(Grayscale(3), prob)


class RandomLighting(ImageTransform):
    """Noise along the principal colours of ImageNet, of standard deviation ``alpha`` (Krizhevsky et al. 2012)."""

    ranks = (3,)
    _values = np.array([55.46, 4.794, 1.148])
    _vectors = np.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])

    def __init__(self, alpha=0.05):
        checks.within("RandomLighting", "[0, inf)", alpha=alpha)
        self.alpha = alpha

    def _apply(self, array):
        noise = self._vectors @ (draws().generator().normal(0, self.alpha, 3) * self._values)
        return rounded(array + noise, array.dtype)
