"""The base classes of transforms, and combinations of transforms."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core import checks
from ...core.errors import fail
from ..draws import Draws, draws


class Transform:
    """An operation of ``map``: a function of one value (or several).

    Transforms draw random numbers only from ``draws()``, so they may run in any thread and order.  One with
    ``takes_block`` can also transform all rows of a block at once, with the same result.
    """

    takes_block = False
    random = True  # False: it draws no random numbers and needs no keys

    def block(self, column: np.ndarray, drawn: Draws) -> np.ndarray | None:
        """The result for all rows, or None if they have to be transformed one by one."""
        return None


class Elementwise(Transform):
    """A transform that treats additional leading axes as a batch, so that a block needs one call."""

    takes_block = True
    random = False
    rank: tuple[int, ...] | None = None  # numbers of axes of a row for which this holds; None: any

    def __call__(self, value: Any) -> Any:
        raise NotImplementedError

    def block(self, column, drawn):
        return self(column) if self.rank is None or column.ndim - 1 in self.rank else None


def check_transforms(owner: str, transforms: Any) -> list[Callable]:
    checks.instance(owner, (list, tuple), transforms=transforms)
    if not transforms:
        raise fail(ValueError, f"For '{owner}', 'transforms' must not be empty.")
    for transform in transforms:
        if not callable(transform):
            raise fail(
                TypeError, f"For '{owner}', every transform must be callable, but got {type(transform).__name__}."
            )
    return list(transforms)


def apply_all(transforms: Sequence[Callable], values: tuple) -> Any:
    for transform in transforms:
        result = transform(*values)
        values = result if isinstance(result, tuple) else (result,)
    return values if len(values) > 1 else values[0]


class Compose(Transform):
    """Several transforms as one, each on the result of the one before.

    >>> import numpy as np
    >>> from minispore.dataset import transforms, vision
    >>> both = transforms.Compose([vision.Rescale(2.0, 1.0), vision.HWC2CHW()])
    >>> both(np.ones((4, 5, 3), np.uint8)).shape
    (3, 4, 5)
    """

    def __init__(self, transforms):
        self.transforms = check_transforms("Compose", transforms)

    def flat(self) -> list[Callable]:
        return [part for t in self.transforms for part in (t.flat() if isinstance(t, Compose) else [t])]

    def __call__(self, *values):
        return apply_all(self.transforms, values)


class RandomApply(Transform):
    """All of the transforms with probability ``prob``, else none."""

    def __init__(self, transforms, prob=0.5):
        self.transforms = check_transforms("RandomApply", transforms)
        checks.within("RandomApply", "[0, 1]", prob=prob)
        self.prob = prob

    def __call__(self, *values):
        if draws().uniform() < self.prob:
            return apply_all(self.transforms, values)
        return values if len(values) > 1 else values[0]


class RandomChoice(Transform):
    """One of the transforms, chosen anew for every row."""

    def __init__(self, transforms):
        self.transforms = check_transforms("RandomChoice", transforms)

    def __call__(self, *values):
        return self.transforms[draws().below(len(self.transforms))](*values)


class RandomOrder(Transform):
    """All of the transforms, in random order."""

    def __init__(self, transforms):
        self.transforms = check_transforms("RandomOrder", transforms)

    def __call__(self, *values):
        order = draws().generator().permutation(len(self.transforms))
        return apply_all([self.transforms[at] for at in order], values)
