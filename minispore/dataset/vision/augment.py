"""Augmentation: erasing, mixing images, and random choices of transforms."""

import numpy as np

from ...core import checks
from ...core.errors import fail
from ..draws import draws
from ..transforms.base import Transform, check_transforms
from .base import ImageTransform, check_range
from .utils import ImageBatchFormat


class RandomErasing(Transform):
    """Replaces a random rectangle of an array (C, H, W), as ``ToTensor`` gives it.

    Args:
        prob: probability that anything is erased.
        scale, ratio: share of the area, and height / width, of the rectangle.
        value: a number, one for each channel, or "random" for normal noise.
        inplace: change the input itself.
        max_attempts: after so many rectangles that do not fit, nothing is erased.
    """

    def __init__(self, prob=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0, inplace=False, max_attempts=10):
        checks.within("RandomErasing", "[0, 1]", prob=prob)
        self.scale = check_range("RandomErasing", "scale", scale, 0)
        self.ratio = check_range("RandomErasing", "ratio", ratio, 0)
        if self.ratio[0] <= 0:
            raise fail(ValueError, f"For 'RandomErasing', 'ratio' must be positive, but got {ratio}.")
        if isinstance(value, str) and value != "random":
            raise fail(ValueError, f"For 'RandomErasing', 'value' must be numbers or 'random', but got '{value}'.")
        self.prob, self.value, self.inplace, self.attempts = prob, value, inplace, max_attempts

    def __call__(self, image):
        if not isinstance(image, np.ndarray):
            raise fail(
                TypeError,
                f"For 'RandomErasing', the input must be an array, but got {type(image).__name__}: use ToTensor.",
            )
        if image.ndim != 3:
            raise fail(
                ValueError, f"For 'RandomErasing', the image must be (C, H, W), but got the shape {image.shape}."
            )
        drawn = draws()
        made = image if self.inplace else image.copy()
        if drawn.uniform() >= self.prob:
            return made
        channels, height, width = image.shape
        for _ in range(self.attempts):
            area = height * width * drawn.uniform(*self.scale)
            shape = np.exp(drawn.uniform(*np.log(self.ratio)))
            h, w = round(np.sqrt(area * shape)), round(np.sqrt(area / shape))
            if h < height and w < width:
                top, left = drawn.below(height - h + 1), drawn.below(width - w + 1)
                if isinstance(self.value, str):
                    fill = drawn.generator().standard_normal((channels, h, w))
                else:
                    fill = np.reshape(self.value, (-1, 1, 1))
                made[:, top : top + h, left : left + w] = fill
                break
        return made


class Erase(ImageTransform):
    """The rectangle at (top, left) of (height, width) becomes ``value``."""

    keeps_pil = False

    def __init__(self, top, left, height, width, value=0, inplace=False):
        self.place = (slice(top, top + height), slice(left, left + width))
        self.value, self.inplace = value, inplace

    def _apply(self, array):
        made = array if self.inplace else array.copy()
        made[self.place] = self.value
        return made


class CutOut(ImageTransform):
    """``num_patches`` squares with sides of ``length`` pixels become 0; their middles are anywhere in the image."""

    ranks = (3,)
    keeps_pil = False

    def __init__(self, length, num_patches=1, is_hwc=True):
        checks.within("CutOut", "[1, inf)", length=length)
        checks.within("CutOut", "[1, inf)", num_patches=num_patches)
        self.length, self.patches, self.is_hwc = length, num_patches, is_hwc

    def _apply(self, array):
        made, drawn = array.copy(), draws()
        image = made if self.is_hwc else np.moveaxis(made, 0, -1)
        for _ in range(self.patches):
            top, left = (drawn.below(length) - self.length // 2 for length in image.shape[:2])
            image[max(top, 0) : max(top + self.length, 0), max(left, 0) : max(left + self.length, 0)] = 0
        return made


class RandomSelectSubpolicy(Transform):
    """One of several lists of (transform, probability), chosen anew for every row."""

    def __init__(self, policy):
        checks.instance("RandomSelectSubpolicy", list, policy=policy)
        if not policy:
            raise fail(ValueError, "For 'RandomSelectSubpolicy', 'policy' must not be empty.")
        for part in policy:
            if not isinstance(part, list) or not part:
                raise fail(
                    TypeError,
                    "For 'RandomSelectSubpolicy', 'policy' must be a list of lists of (transform, probability).",
                )
            for pair in part:
                if not isinstance(pair, tuple) or len(pair) != 2 or not callable(pair[0]):
                    raise fail(
                        TypeError, "For 'RandomSelectSubpolicy', a list must hold tuples (transform, probability)."
                    )
                checks.within("RandomSelectSubpolicy", "[0, 1]", prob=pair[1])
        self.policy = policy

    def __call__(self, image):
        drawn = draws()
        for transform, prob in self.policy[drawn.below(len(self.policy))]:
            if drawn.uniform() < prob:
                image = transform(image)
        return image


class UniformAugment(Transform):
    """``num_ops`` different ones of the transforms, chosen at random, each then applied with probability 1/2."""

    def __init__(self, transforms, num_ops=2):
        self.transforms = check_transforms("UniformAugment", transforms)
        checks.within("UniformAugment", f"[1, {len(self.transforms)}]", num_ops=num_ops)
        self.count = num_ops

    def __call__(self, image):
        drawn = draws()
        for at in drawn.generator().permutation(len(self.transforms))[: self.count]:
            if drawn.uniform() < 0.5:
                image = self.transforms[at](image)
        return image


class _MixedBatch(Transform):
    """Mixes the images and one-hot labels of a batch with those of the batch in another order."""

    def __init__(self, alpha):
        checks.within(type(self).__name__, "(0, inf)", alpha=alpha)
        self.alpha = alpha

    def _drawn(self, images, labels):
        if images.ndim != 4:
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}', images must be a batch of 4 dimensions, but got {images.shape}.",
            )
        if labels.ndim < 2:
            raise fail(
                RuntimeError, f"For '{type(self).__name__}', labels must be one-hot, but got the shape {labels.shape}."
            )
        rng = draws().generator()
        return rng.beta(self.alpha, self.alpha), rng.permutation(len(images)), rng


class MixUpBatch(_MixedBatch):
    """For ``map`` after ``batch``: images and one-hot labels lambda x + (1 - lambda) x', lambda from Beta(alpha, alpha).

    Zhang et al., mixup: Beyond Empirical Risk Minimization, 2018.
    """

    def __init__(self, alpha=1.0):
        super().__init__(alpha)

    def __call__(self, images, labels):
        share, order, _ = self._drawn(images, labels)
        mix = [(share * part + (1 - share) * part[order]).astype(np.float32) for part in (images, labels)]
        return tuple(mix)


class CutMixBatch(_MixedBatch):
    """For ``map`` after ``batch``: a rectangle comes from another image, labels mix by area. Yun et al., CutMix, 2019."""

    def __init__(self, image_batch_format, alpha=1.0, prob=1.0):
        checks.instance("CutMixBatch", ImageBatchFormat, image_batch_format=image_batch_format)
        super().__init__(alpha)
        checks.within("CutMixBatch", "[0, 1]", prob=prob)
        self.format, self.prob = image_batch_format, prob

    def __call__(self, images, labels):
        share, order, rng = self._drawn(images, labels)
        labels = labels.astype(np.float32)
        if rng.random() >= self.prob:
            return images, labels
        made = images.copy()
        view = made if self.format == ImageBatchFormat.NHWC else np.moveaxis(made, 1, -1)
        other = view[order]
        height, width = view.shape[1:3]
        h, w = int(height * np.sqrt(1 - share)), int(width * np.sqrt(1 - share))
        y, x = int(rng.integers(height)), int(rng.integers(width))
        rows, columns = (
            slice(max(at - n // 2, 0), min(at + n // 2, end)) for at, n, end in ((y, h, height), (x, w, width))
        )
        view[:, rows, columns] = other[:, rows, columns]
        share = 1 - (rows.stop - rows.start) * (columns.stop - columns.start) / (height * width)
        return made, (share * labels + (1 - share) * labels[order]).astype(np.float32)
