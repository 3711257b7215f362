"""Augmentation: erasing, mixing images, and random choices of transforms."""

import numpy as np

from ...core.errors import fail
from .. import checks
from ..draws import draws
from ..transforms.base import Transform, check_transforms
from .base import ImageTransform, check_range, whole, with_image_docs
from .utils import ImageBatchFormat


class RandomErasing(Transform):
    """Replaces a random rectangle (Zhong et al. 2017, arXiv 1708.04896).

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.
        scale: (low, high), the rectangle's share of the area.  Default: (0.02, 0.33).
        ratio: (low, high), its height / width.  Default: (0.3, 3.3).
        value: number, one for each channel, or "random" for normal noise.  Default: 0.
        inplace: bool, whether to change the input itself.  Default: False.
        max_attempts: int; after so many rectangles that do not fit, nothing is erased.  Default: 10.

    Inputs:
        image: array (C, H, W), as ``ToTensor`` gives it.

    Returns:
        array of the same shape and dtype.

    Raises:
        TypeError: an argument of the wrong type, or the input is not an array.
        ValueError: an argument out of range, or an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> image = np.ones((3, 32, 32), np.float32)
    >>> bool((vision.RandomErasing(1.0)(image) == 0).any())
    True
    """

    def __init__(self, prob=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0, inplace=False, max_attempts=10):
        checks.within("RandomErasing", "[0, 1]", prob=prob)
        self.scale = check_range("RandomErasing", "scale", scale, 0)
        self.ratio = check_range("RandomErasing", "ratio", ratio, 0)
        if self.ratio[0] <= 0:
            raise fail(ValueError, f"For 'RandomErasing', 'ratio' must be positive, but got {ratio}.")
        checks.instance("RandomErasing", (int, str, tuple, list), value=value)
        if value != "random":
            for part in (value,) if isinstance(value, int) else value if len(value) == 3 else "a":
                if isinstance(part, str):
                    raise fail(
                        ValueError,
                        f"For 'RandomErasing', 'value' must be an int, 3 ints or 'random', but got {value!r}.",
                    )
                whole("RandomErasing", "[0, 255]", value=part)
        checks.boolean("RandomErasing", inplace=inplace)
        whole("RandomErasing", "[1, 16777216]", max_attempts=max_attempts)
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
    """A rectangle with another value.

    Args:
        top: int.
        left: int.
        height: int.
        width: int.
        value: number, or one for each channel.  Default: 0.
        inplace: bool, whether to change the input itself.  Default: False.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Erase(0, 0, 1, 1, value=9)(np.ones((2, 2, 3), np.uint8))[..., 0]
    array([[9, 1],
           [1, 1]], dtype=uint8)
    """

    channels = (3,)
    keeps_pil = False

    def __init__(self, top, left, height, width, value=0, inplace=False):
        whole("Erase", "[0, 2147483647]", top=top, left=left)
        whole("Erase", "[1, 2147483647]", height=height, width=width)
        if isinstance(value, tuple) and len(value) != 3:
            raise fail(TypeError, f"For 'Erase', 'value' must be a number or a tuple of 3, but got {value!r}.")
        for at, number in enumerate(
            checks.instance("Erase", (float, int, tuple), value=value) if isinstance(value, tuple) else (value,)
        ):
            checks.within("Erase", "[0, 255]", **{f"value[{at}]": number})
        checks.boolean("Erase", inplace=inplace)
        self.place = (slice(top, top + height), slice(left, left + width))
        self.size, self.value, self.inplace = (height, width), value, inplace

    def _apply(self, array):
        _check_box("Erase", self.size, array.shape[:2])
        made = array if self.inplace else array.copy()
        made[self.place] = self.value
        return made


@with_image_docs
class CutOut(ImageTransform):
    """Squares of the image become 0; their middles are anywhere (DeVries & Taylor 2017, arXiv 1708.04552).

    Args:
        length: int above 0, pixels of a side.
        num_patches: int above 0.  Default: 1.
        is_hwc: bool, whether the channels are last.  Default: True.

    Inputs:
        image: array (H, W, C) or (C, H, W).

    Returns:
        array of the same shape and dtype.

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> bool((vision.CutOut(4)(np.ones((8, 8, 3), np.uint8)) == 0).any())
    True
    """

    ranks = (3,)
    keeps_pil = False

    def __init__(self, length, num_patches=1, is_hwc=True):
        whole("CutOut", "[1, 16777216]", length=length, num_patches=num_patches)
        checks.boolean("CutOut", is_hwc=is_hwc)
        self.length, self.patches, self.is_hwc = length, num_patches, is_hwc

    def _apply(self, array):
        made, drawn = array.copy(), draws()
        image = made if self.is_hwc else np.moveaxis(made, 0, -1)
        _check_box("CutOut", (self.length, self.length), image.shape[:2])
        for _ in range(self.patches):
            top, left = (drawn.below(length) - self.length // 2 for length in image.shape[:2])
            image[max(top, 0) : max(top + self.length, 0), max(left, 0) : max(left + self.length, 0)] = 0
        return made


def _check_box(owner: str, box: tuple[int, int], image: tuple[int, ...]) -> None:
    if any(length > had for length, had in zip(box, image)):
        raise fail(RuntimeError, f"For '{owner}', the box {box} must not be larger than the image {image}.")


class RandomSelectSubpolicy(Transform):
    """One of several lists of transforms, chosen anew for every row.

    Args:
        policy: list of lists of (transform, probability).

    Inputs:
        image: what the transforms take.

    Returns:
        what the last transform of the list gives.

    Raises:
        TypeError: ``policy`` is no such list.
        ValueError: ``policy`` is empty, or a probability not in [0, 1].

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> pick = vision.RandomSelectSubpolicy([[(vision.Invert(), 1.0)]])
    >>> pick(np.array([[[0, 100, 255]]], np.uint8))
    array([[[255, 155,   0]]], dtype=uint8)
    """

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
    """Different transforms chosen at random, each then applied with probability 1/2 (LingChen et al. 2020, arXiv
    2003.14348).

    Args:
        transforms: list of transforms.
        num_ops: int above 0, how many of them.  Default: 2.

    Inputs:
        image: what the transforms take.

    Returns:
        what the last one gives.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an empty list, or ``num_ops`` out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.UniformAugment([vision.Invert(), vision.Equalize()])(np.zeros((2, 2, 3), np.uint8)).shape
    (2, 2, 3)
    """

    def __init__(self, transforms, num_ops=2):
        checks.instance("UniformAugment", (list, tuple), transforms=transforms)
        checks.positive_int("UniformAugment", num_ops=num_ops)
        if transforms:
            checks.within("UniformAugment", f"[1, {len(transforms)}]", num_ops=num_ops)
        self.transforms = check_transforms("UniformAugment", transforms)
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
        checks.within(type(self).__name__, "(0, 16777216]", alpha=alpha)
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


@with_image_docs
class MixUpBatch(_MixedBatch):
    """Images and labels mixed with those of the batch in another order: ``lambda x + (1 - lambda) x'`` with lambda from
    Beta(alpha, alpha) (Zhang et al. 2018, arXiv 1710.09412).  For ``map`` after ``batch``.

    Args:
        alpha: number above 0.  Default: 1.0.

    Inputs:
        images: array (N, H, W, C) or (N, C, H, W).
        labels: one-hot array (N, classes).

    Returns:
        tuple of two arrays of float32, of the same shapes.

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> images, labels = vision.MixUpBatch()(np.zeros((2, 4, 4, 3), np.uint8), np.eye(2))
    >>> labels.sum(1).round(3)
    array([1., 1.], dtype=float32)
    """

    def __init__(self, alpha=1.0):
        super().__init__(alpha)

    def __call__(self, images, labels):
        share, order, _ = self._drawn(images, labels)
        mix = [(share * part + (1 - share) * part[order]).astype(np.float32) for part in (images, labels)]
        return tuple(mix)


@with_image_docs
class CutMixBatch(_MixedBatch):
    """A rectangle of each image comes from another one, labels mix by area (Yun et al. 2019, arXiv 1905.04899).  For
    ``map`` after ``batch``.

    Args:
        image_batch_format: ImageBatchFormat.
        alpha: number above 0, of Beta(alpha, alpha).  Default: 1.0.
        prob: float in [0, 1], how often.  Default: 1.0.

    Inputs:
        images: array (N, H, W, C) or (N, C, H, W).
        labels: one-hot array (N, classes).

    Returns:
        tuple of two arrays of the same shapes; the labels in float32.

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> mix = vision.CutMixBatch(vision.ImageBatchFormat.NHWC)
    >>> images, labels = mix(np.zeros((2, 4, 4, 3), np.uint8), np.eye(2))
    >>> labels.sum(1).round(3)
    array([1., 1.], dtype=float32)
    """

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


class MixUp(Transform):
    """Mixes each image of a batch with the next one, or with that of the batch before, by a share drawn from Beta(alpha,
    alpha), and so their one-hot labels.

    Args:
        batch_size: int.
        alpha: number above 0.
        is_single: bool, whether with the next of the batch, not of the batch before.  Default: True.

    Inputs:
        image: array (N, H, W, C).
        label: array (N, classes).

    Returns:
        tuple of two arrays of floats.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.MixUp(2, 1.0)(np.ones((2, 4, 4, 3)), np.eye(2))[0].shape
    (2, 4, 4, 3)
    """

    def __init__(self, batch_size, alpha, is_single=True):
        whole("MixUp", "[1, 2147483647]", batch_size=batch_size)
        checks.within("MixUp", "(0, 16777216]", alpha=alpha)
        checks.boolean("MixUp", is_single=is_single)
        self.batch_size, self.alpha, self.is_single = batch_size, alpha, is_single
        self._before: tuple | None = None

    def __call__(self, image, label):
        share = draws().generator().beta(self.alpha, self.alpha, self.batch_size)
        others = [np.roll(part, -1, 0) for part in (image, label)] if self.is_single else self._before or (image, label)
        made = tuple(
            share.reshape(-1, *[1] * (part.ndim - 1)) * part + (1 - share.reshape(-1, *[1] * (part.ndim - 1))) * other
            for part, other in zip((image, label), others)
        )
        self._before = made
        return made
