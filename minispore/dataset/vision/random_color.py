"""Transforms of colours by random amounts, or applied at random."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..draws import draws
from .base import ImageTransform, Sometimes, check_range, is_pil, rounded, to_kind, with_image_docs
from .color import (
    AdjustBrightness,
    AdjustContrast,
    AdjustHue,
    AdjustSaturation,
    AdjustSharpness,
    AutoContrast,
    Equalize,
    Grayscale,
    Invert,
    Posterize,
    Solarize,
)


def _about(owner: str, name: str, value: Any, middle: float, low: float, high: float) -> tuple[float, float]:
    """(low, high); a number x stands for the range of x around the middle."""
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise fail(TypeError, f"For '{owner}', '{name}' must be a number or two, but got {value!r}.")
        return check_range(owner, name, value, low, high)
    checks.within(owner, "[0, 16777216]", **{name: value})
    return check_range(owner, name, (max(low, middle - value), middle + value), low, high)


@with_image_docs
class RandomColorAdjust(ImageTransform):
    """Brightness, contrast, saturation and hue by random factors.

    Args:
        brightness: (low, high), or a number x for (max(0, 1 - x), 1 + x).  Default: (1, 1).
        contrast: the same.  Default: (1, 1).
        saturation: the same.  Default: (1, 1).
        hue: (low, high) within [-0.5, 0.5], or a number x for (-x, x).  Default: (0, 0).

    Inputs:
        image: array (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.RandomColorAdjust(brightness=(2, 2))(x)[0, 0]
    array([0, 2, 4], dtype=uint8)
    """

    channels, types = (3,), "uint8 float32"
    ranks = (3,)

    def __init__(self, brightness=(1, 1), contrast=(1, 1), saturation=(1, 1), hue=(0, 0)):
        owner, factors = "RandomColorAdjust", {"brightness": brightness, "contrast": contrast, "saturation": saturation}
        self.factors = [_about(owner, name, value, 1, 0, 16777217) for name, value in factors.items()]
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

    def __init__(self, name, between):
        owner = type(self).__name__
        if len(checks.instance(owner, (list, tuple), **{name: between})) != 2:
            raise fail(
                TypeError if self._whole else ValueError,
                f"For '{owner}', '{name}' must be two numbers, but got {between!r}.",
            )
        if self._whole:
            for value in between:
                checks.integer(owner, **{name: value})
        self.between = check_range(owner, name, between, *self._limits)

    def __call__(self, image):
        low, high = self.between
        amount = low + draws().below(int(high) - int(low) + 1) if self._whole else draws().uniform(low, high)
        made = type(self)._made(amount)(image)
        if is_pil(made) or not self.keeps_pil:
            return made
        return to_kind(type(self).__name__, made, image)


@with_image_docs
class RandomColor(_RandomAmount):
    """``AdjustSaturation`` by a random factor.

    Args:
        degrees: (low, high).  Default: (0.1, 1.9).

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.RandomColor((1.0, 1.0))(x)[0, 0]
    array([0, 1, 2], dtype=uint8)
    """

    _made = AdjustSaturation

    def __init__(self, degrees=(0.1, 1.9)):
        super().__init__("degrees", (0.1, 1.9) if degrees is None else degrees)


@with_image_docs
class RandomSharpness(_RandomAmount):
    """``AdjustSharpness`` by a random factor.

    Args:
        degrees: (low, high).  Default: (0.1, 1.9).

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.RandomSharpness((1.0, 1.0))(x)[0, 0]
    array([0, 1, 2], dtype=uint8)
    """

    _made = AdjustSharpness

    def __init__(self, degrees=(0.1, 1.9)):
        super().__init__("degrees", (0.1, 1.9) if degrees is None else degrees)


@with_image_docs
class RandomPosterize(_RandomAmount):
    """``Posterize`` to a random number of bits.

    Args:
        bits: (low, high) from 1 to 8, or an int for both.  Default: (8, 8).

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomPosterize(1)(np.array([[100, 200]], np.uint8))
    array([[  0, 128]], dtype=uint8)
    """

    keeps_pil = False
    _made, _limits, _whole = Posterize, (1, 8), True

    def __init__(self, bits=(8, 8)):
        bits = (8, 8) if bits is None else bits
        super().__init__("bits", (bits, bits) if type(bits) is int else bits)


@with_image_docs
class RandomSolarize(ImageTransform):
    """``Solarize`` of values within two random bounds.

    Args:
        threshold: (low, high), from where they are drawn.  Default: (0, 255).

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomSolarize((255, 255))(np.array([[50, 200]], np.uint8))
    array([[ 50, 200]], dtype=uint8)
    """

    def __init__(self, threshold=(0, 255)):
        checks.instance("RandomSolarize", tuple, threshold=threshold)
        if len(threshold) != 2:
            raise fail(ValueError, f"For 'RandomSolarize', 'threshold' must be two ints, but got {threshold!r}.")
        for value in threshold:
            checks.integer("RandomSolarize", threshold=value)
        low, high = check_range("RandomSolarize", "threshold", threshold, 0, 255)
        self.threshold = int(low), int(high)

    def __call__(self, image):
        drawn, low = draws(), self.threshold[0]
        ends = sorted(low + drawn.below(self.threshold[1] - low + 1) for _ in range(2))
        return Solarize(ends)(image)


@with_image_docs
class RandomInvert(Sometimes):
    """``Invert``, at random.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomInvert(1.0)(np.array([[[0, 100, 255]]], np.uint8))
    array([[[255, 155,   0]]], dtype=uint8)
    """

    keeps_pil = False

    def __init__(self, prob=0.5):
        super().__init__(Invert(), prob)


@with_image_docs
class RandomEqualize(Sometimes):
    """``Equalize``, at random.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomEqualize(1.0)(np.zeros((1, 2), np.uint8))
    array([[0, 0]], dtype=uint8)
    """

    keeps_pil = False

    def __init__(self, prob=0.5):
        super().__init__(Equalize(), prob)


@with_image_docs
class RandomAutoContrast(Sometimes):
    """``AutoContrast``, at random.

    Args:
        cutoff: number in [0, 50), percent left out at both ends.  Default: 0.0.
        ignore: value or list of them that do not count.  Default: None.
        prob: float in [0, 1], how often.  Default: 0.5.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomAutoContrast(prob=1.0)(np.array([[10, 20]], np.uint8))
    array([[  0, 255]], dtype=uint8)
    """

    keeps_pil = False

    def __init__(self, cutoff=0.0, ignore=None, prob=0.5):
        super().__init__(AutoContrast(cutoff, ignore), prob)


@with_image_docs
class RandomAdjustSharpness(Sometimes):
    """``AdjustSharpness``, at random.

    Args:
        degree: number from 0, the factor.
        prob: float in [0, 1], how often.  Default: 0.5.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.RandomAdjustSharpness(1.0, 1.0)(x)[0, 0]
    array([0, 1, 2], dtype=uint8)
    """

    keeps_pil = False

    def __init__(self, degree, prob=0.5):
        checks.within("RandomAdjustSharpness", "[0, 16777216]", degree=degree)
        super().__init__(AdjustSharpness(degree), prob)


class _Grey(Grayscale):
    pil_only = False


@with_image_docs
class RandomGrayscale(Sometimes):
    """Grey, in as many channels as before, at random.

    Args:
        prob: float in [0, 1], how often.  Default: 0.1.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomGrayscale(1.0)(np.full((1, 1, 3), (255, 0, 0), np.uint8))
    array([[[76, 76, 76]]], dtype=uint8)
    """

    def __init__(self, prob=0.1):
        super().__init__(_Grey(3), prob)


@with_image_docs
class RandomLighting(ImageTransform):
    """Noise along the principal colours of ImageNet (Krizhevsky et al. 2012).

    Args:
        alpha: number from 0, the standard deviation.  Default: 0.05.

    Inputs:
        image: array (H, W, 3), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> x = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    >>> vision.RandomLighting(0.0)(x)[0, 0]
    array([0, 1, 2], dtype=uint8)
    """

    channels = (3,)
    ranks = (3,)
    _values = np.array([55.46, 4.794, 1.148])
    _vectors = np.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])

    def __init__(self, alpha=0.05):
        checks.within("RandomLighting", "[0, 16777216]", alpha=alpha)
        self.alpha = alpha

    def _apply(self, array):
        noise = self._vectors @ (draws().generator().normal(0, self.alpha, 3) * self._values)
        return rounded(array + noise, array.dtype)
