"""The base classes of transforms, and combinations of transforms."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..draws import Draws, draws
from ..remembered import Remembered


class Transform(Remembered):
    """An operation of ``map``: a function of one value (or several).

    Transforms draw random numbers only from ``draws()``, so they may run in any thread and order. One with
    ``takes_block`` can also do all rows of a block at once, with the same result.
    """

    takes_block = False
    random = True  # False: it draws no random numbers and needs no keys

    def block(self, column: np.ndarray, drawn: Draws) -> np.ndarray | None:
        """The result for all rows, or None if they have to be transformed one by one.

        Args:
            column: array of the rows' values.
            drawn: the random numbers of the rows.

        Returns:
            array, or None if the rows must be done one by one.
        """
        return None


class Elementwise(Transform):
    """A transform that treats additional leading axes as a batch, so that a block needs one call."""

    takes_block = True
    random = False
    rank: tuple[int, ...] | None = None  # numbers of axes of a row for which this holds; None: any

    def __call__(self, value: Any) -> Any:
        raise NotImplementedError

    def block(self, column, drawn):
        """The result for all rows, at once.

        Args:
            column: array of the rows' values.
            drawn: ignored.

        Returns:
            array, or None for values of other dimensions than ``rank``.
        """
        return self(column) if self.rank is None or column.ndim - 1 in self.rank else None


def check_transforms(owner: str, transforms: Any) -> list[Callable]:
    """A list of functions that is not empty, checked.

    Args:
        owner: str, the transform's name for the message.
        transforms: what was given.

    Returns:
        list of functions.

    Raises:
        TypeError: not a list, or something in it is not callable.
        ValueError: it is empty.
    """
    checks.instance(owner, (list, tuple), transforms=transforms)
    if not transforms:
        raise fail(ValueError, f"For '{owner}', 'transforms' must not be empty.")
    for at, transform in enumerate(transforms):
        if not callable(transform):
            raise fail(
                TypeError, f"For '{owner}', 'transforms[{at}]' must be callable, but got {type(transform).__name__}."
            )
    return list(transforms)


def apply_all(transforms: Sequence[Callable], values: tuple) -> Any:
    """Transforms one after the other.

    Args:
        transforms: list of functions.
        values: tuple, the arguments of the first.

    Returns:
        what the last gives.
    """
    for transform in transforms:
        result = transform(*values)
        values = result if isinstance(result, tuple) else (result,)
    return values if len(values) > 1 else values[0]


class Compose(Transform):
    """Several transforms as one, each on the result of the one before.

    Args:
        transforms: list of functions.

    Inputs:
        *values: the arguments of the first.

    Returns:
        what the last gives.

    Raises:
        TypeError: not a list, or something in it is not callable.
        ValueError: it is empty.

    >>> import numpy as np
    >>> from minispore.dataset import transforms, vision
    >>> both = transforms.Compose([vision.Rescale(2.0, 1.0), vision.HWC2CHW()])
    >>> both(np.ones((4, 5, 3), np.uint8)).shape
    (3, 4, 5)
    """

    def __init__(self, transforms):
        self.transforms = check_transforms("Compose", transforms)

    def flat(self) -> list[Callable]:
        """The transforms, with those of inner ones in their place.

        Returns:
            list of functions.
        """
        return [part for t in self.transforms for part in (t.flat() if isinstance(t, Compose) else [t])]

    def __call__(self, *values):
        return apply_all(self.transforms, values)


class RandomApply(Transform):
    """All of the transforms, or none, at random.

    Args:
        transforms: list of functions.
        prob: float in [0, 1], how often.  Default: 0.5.

    Inputs:
        *values: the arguments of the first.

    Returns:
        what the last gives, or the values.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an empty list, or ``prob`` out of range.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.RandomApply([lambda x: x + 1], 1.0)(np.array([1]))
    array([2])
    """

    def __init__(self, transforms, prob=0.5):
        self.transforms = check_transforms("RandomApply", transforms)
        checks.within("RandomApply", "[0, 1]", prob=prob)
        self.prob = prob

    def __call__(self, *values):
        if draws().uniform() < self.prob:
            return apply_all(self.transforms, values)
        return values if len(values) > 1 else values[0]


class RandomChoice(Transform):
    """One of the transforms, chosen anew for every row.

    Args:
        transforms: list of functions.

    Inputs:
        *values: the arguments of each.

    Returns:
        what the chosen one gives.

    Raises:
        TypeError: not a list, or something in it is not callable.
        ValueError: it is empty.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.RandomChoice([lambda x: x + 1])(np.array([1]))
    array([2])
    """

    def __init__(self, transforms):
        self.transforms = check_transforms("RandomChoice", transforms)

    def __call__(self, *values):
        return self.transforms[draws().below(len(self.transforms))](*values)


class RandomOrder(Transform):
    """All of the transforms, in random order.

    Args:
        transforms: list of functions.

    Inputs:
        *values: the arguments of the first.

    Returns:
        what the last gives.

    Raises:
        TypeError: not a list, or something in it is not callable.
        ValueError: it is empty.

    >>> import numpy as np
    >>> from minispore.dataset import transforms
    >>> transforms.RandomOrder([lambda x: x + 1, lambda x: x + 2])(np.array([1]))
    array([4])
    """

    def __init__(self, transforms):
        self.transforms = check_transforms("RandomOrder", transforms)

    def __call__(self, *values):
        order = draws().generator().permutation(len(self.transforms))
        return apply_all([self.transforms[at] for at in order], values)
