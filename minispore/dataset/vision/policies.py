"""Augmentation by learned or random policies: AutoAugment, RandAugment and TrivialAugment."""

from enum import Enum

import numpy as np

from ...core.docstrings import documented
from .. import checks
from ..draws import draws
from .base import ImageTransform, whole
from .color import (
    AdjustBrightness,
    AdjustContrast,
    AdjustSaturation,
    AdjustSharpness,
    AutoContrast,
    Equalize,
    Invert,
    Posterize,
    Solarize,
)
from .geometry import _check_fill
from .utils import Inter
from .warping import Affine, Rotate


class AutoAugmentPolicy(str, Enum):
    """The data sets that the policies of ``AutoAugment`` were learned on."""

    IMAGENET = "imagenet"
    CIFAR10 = "cifar10"
    SVHN = "svhn"


# Tables 9, 7 and 8 of Cubuk et al. 2019: two operations, each with its probability and, if it has one, its magnitude
_POLICIES = {
    "imagenet": """
        Posterize .4 8, Rotate .6 9; Solarize .6 5, AutoContrast .6; Equalize .8, Equalize .6; Posterize .6 7, Posterize .6 6;
        Equalize .4, Solarize .2 4; Equalize .4, Rotate .8 8; Solarize .6 3, Equalize .6; Posterize .8 5, Equalize 1;
        Rotate .2 3, Solarize .6 8; Equalize .6, Posterize .4 6; Rotate .8 8, Color .4 0; Rotate .4 9, Equalize .6;
        Equalize 0, Equalize .8; Invert .6, Equalize 1; Color .6 4, Contrast 1 8; Rotate .8 8, Color 1 2;
        Color .8 8, Solarize .8 7; Sharpness .4 7, Invert .6; ShearX .6 5, Equalize 1; Color .4 0, Equalize .6;
        Equalize .4, Solarize .2 4; Solarize .6 5, AutoContrast .6; Invert .6, Equalize 1; Color .6 4, Contrast 1 8;
        Equalize .8, Equalize .6""",
    "cifar10": """
        Invert .1, Contrast .2 6; Rotate .7 2, TranslateX .3 9; Sharpness .8 1, Sharpness .9 3; ShearY .5 8, TranslateY .7 9;
        AutoContrast .5, Equalize .9; ShearY .2 7, Posterize .3 7; Color .4 3, Brightness .6 7; Sharpness .3 9, Brightness .7 9;
        Equalize .6, Equalize .5; Contrast .6 7, Sharpness .6 5; Color .7 7, TranslateX .5 8; Equalize .3, AutoContrast .4;
        TranslateY .4 3, Sharpness .2 6; Brightness .9 6, Color .2 8; Solarize .5 2, Invert 0; Equalize .2, AutoContrast .6;
        Equalize .2, Equalize .6; Color .9 9, Equalize .6; AutoContrast .8, Solarize .2 8; Brightness .1 3, Color .7 0;
        Solarize .4 5, AutoContrast .9; TranslateY .9 9, TranslateY .7 9; AutoContrast .9, Solarize .8 3;
        Equalize .8, Invert .1; TranslateY .7 9, AutoContrast .9""",
    "svhn": """
        ShearX .9 4, Invert .2; ShearY .9 8, Invert .7; Equalize .6, Solarize .6 6; Invert .9, Equalize .6;
        Equalize .6, Rotate .9 3; ShearX .9 4, AutoContrast .8; ShearY .9 8, Invert .4; ShearY .9 5, Solarize .2 6;
        Invert .9, AutoContrast .8; Equalize .6, Rotate .9 3; ShearX .9 4, Solarize .3 3; ShearY .8 8, Invert .7;
        Equalize .9, TranslateY .6 6; Invert .9, Equalize .6; Contrast .3 3, Rotate .8 4; Invert .8, TranslateY 0 2;
        ShearY .7 6, Solarize .4 8; Invert .6, Rotate .8 4; ShearY .3 7, TranslateX .9 3; ShearX .1 6, Invert .6;
        Solarize .7 2, TranslateY .6 7; ShearY .8 4, Invert .8; ShearX .7 9, TranslateY .8 3; ShearY .8 5, AutoContrast .7;
        ShearX .7 2, Invert .1""",
}  # fmt: skip


def _parsed(text: str) -> list[list[tuple]]:
    return [
        [
            (name, float(prob), int(level[0]) if level else None)
            for name, prob, *level in map(str.split, pair.split(","))
        ]
        for pair in text.split(";")
    ]


# operation -> how far it goes at the highest level, in AutoAugment and RandAugment and in TrivialAugment
_STRENGTHS = {
    "ShearX": (0.3, 0.99), "ShearY": (0.3, 0.99), "TranslateX": (150 / 331, 32.0), "TranslateY": (150 / 331, 32.0),
    "Rotate": (30.0, 135.0), "Brightness": (0.9, 0.99), "Color": (0.9, 0.99), "Contrast": (0.9, 0.99),
    "Sharpness": (0.9, 0.99), "Posterize": (4.0, 6.0), "Solarize": (255.0, 255.0),
}  # fmt: skip
_PLAIN = {"AutoContrast": AutoContrast, "Equalize": Equalize, "Invert": Invert}
_FACTORS = {
    "Brightness": AdjustBrightness, "Color": AdjustSaturation, "Contrast": AdjustContrast, "Sharpness": AdjustSharpness,
}  # fmt: skip
_ALL = ("Identity", *_STRENGTHS, "AutoContrast", "Equalize")
_shared = documented(
    args="""interpolation: Inter, of turned and sheared images.  Default: Inter.NEAREST.
fill_value: int or tuple of 3 ints in [0, 255], of what is outside of the image then.  Default: 0.""",
    rest="""Inputs:
    image: array (H, W, 3) of uint8, or Pillow image.

Returns:
    array of the same shape and dtype, or Pillow image.

Raises:
    TypeError: an argument of the wrong type, or the input is no image.
    ValueError: an argument out of range.""",
)


class _Policy(ImageTransform):
    """Applies operations by name and level."""

    random = True
    channels, types, keeps_pil = (3,), "uint8", False

    def __init__(self, interpolation, fill_value):
        owner = type(self).__name__
        checks.instance(owner, Inter, interpolation=interpolation)
        self.inter, self.fill = interpolation, _check_fill(owner, fill_value)

    def _do(self, image, name: str, share: float, sign: float, wide: bool = False):
        """The image after an operation at ``share`` of its greatest strength."""
        if name == "Identity":
            return image
        if name in _PLAIN:
            return _PLAIN[name]()(image)
        amount = share * _STRENGTHS[name][wide]
        if name in _FACTORS:
            return _FACTORS[name](1 + sign * amount)(image)
        if name == "Posterize":
            return Posterize(8 - round(amount))(image)
        if name == "Solarize":
            return Solarize((255 - amount, 255.0))(image)
        if name == "Rotate":
            return Rotate(sign * amount, self.inter, fill_value=self.fill)(image)
        along = (1.0, 0.0) if name.endswith("X") else (0.0, 1.0)
        if name.startswith("Translate"):
            height, width = image.shape[:2]
            size = width if name == "TranslateX" else height
            part = min(int(amount) / size if wide else amount, 1.0)
            shift = tuple(sign * part * a for a in along)
            return Affine(0, shift, 1.0, 0.0, self.inter, self.fill)(image)
        shear = tuple(float(np.degrees(np.arctan(sign * amount * a))) for a in along)
        return Affine(0, (0.0, 0.0), 1.0, shear, self.inter, self.fill)(image)


def _sign(drawn) -> float:
    return 1.0 if drawn.uniform() < 0.5 else -1.0


@_shared
class AutoAugment(_Policy):
    """One of the pairs of operations of a learned policy (Cubuk et al. 2019, arXiv 1805.09501).

    Args:
        policy: AutoAugmentPolicy.  Default: AutoAugmentPolicy.IMAGENET.
        {args}

    {rest}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.AutoAugment()(np.zeros((8, 8, 3), np.uint8)).shape
    (8, 8, 3)
    """

    def __init__(self, policy=AutoAugmentPolicy.IMAGENET, interpolation=Inter.NEAREST, fill_value=0):
        checks.instance("AutoAugment", AutoAugmentPolicy, policy=policy)
        super().__init__(interpolation, fill_value)
        self.policy = policy
        self._pairs = _parsed(_POLICIES[policy.value])

    def _apply(self, array):
        drawn = draws()
        for name, prob, level in self._pairs[drawn.below(len(self._pairs))]:
            chance, sign = drawn.uniform(), _sign(drawn)
            if chance < prob:
                array = self._do(array, name, (level or 0) / 9, sign)
        return array


@_shared
class RandAugment(_Policy):
    """Operations chosen at random, all at one level (Cubuk et al. 2020, arXiv 1909.13719).

    Args:
        num_ops: int, how many, one after the other.  Default: 2.
        magnitude: int below ``num_magnitude_bins``, the level.  Default: 9.
        num_magnitude_bins: int above 1, the number of levels.  Default: 31.
        {args}

    {rest}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandAugment(1, 3)(np.zeros((8, 8, 3), np.uint8)).shape
    (8, 8, 3)
    """

    def __init__(self, num_ops=2, magnitude=9, num_magnitude_bins=31, interpolation=Inter.NEAREST, fill_value=0):
        whole("RandAugment", "[0, 16777216]", num_ops=num_ops)
        _check_bins("RandAugment", num_magnitude_bins)
        whole("RandAugment", f"[0, {num_magnitude_bins - 1}]", magnitude=magnitude)
        super().__init__(interpolation, fill_value)
        self.count, self.share = num_ops, magnitude / (num_magnitude_bins - 1)

    def _apply(self, array):
        drawn = draws()
        for _ in range(self.count):
            array = self._do(array, _ALL[drawn.below(len(_ALL))], self.share, _sign(drawn))
        return array


@_shared
class TrivialAugmentWide(_Policy):
    """One operation chosen at random, at a random level (Müller & Hutter 2021, arXiv 2103.10158).

    Args:
        num_magnitude_bins: int above 1, the number of levels.  Default: 31.
        {args}

    {rest}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.TrivialAugmentWide()(np.zeros((8, 8, 3), np.uint8)).shape
    (8, 8, 3)
    """

    def __init__(self, num_magnitude_bins=31, interpolation=Inter.NEAREST, fill_value=0):
        _check_bins("TrivialAugmentWide", num_magnitude_bins)
        super().__init__(interpolation, fill_value)
        self.bins = num_magnitude_bins

    def _apply(self, array):
        drawn = draws()
        name, level = _ALL[drawn.below(len(_ALL))], drawn.below(self.bins)
        return self._do(array, name, level / (self.bins - 1), _sign(drawn), wide=True)


def _check_bins(owner: str, bins) -> None:
    whole(owner, "[2, 16777216]", num_magnitude_bins=bins)
