"""Surface distances between two segmented regions, in any number of dimensions."""

import numpy as np

from ...core import checks
from ...core.docstrings import documented
from ...core.errors import fail
from .metric import Metric, rearrange_inputs
from .similarity import one_of

_with_shared_docs = documented(
    regions="""\
Inputs:
    prediction: Tensor, list or array; a region is where it equals ``label_idx``.
    label: of the same shape.
    label_idx: number.

Returns:
    float, of the last ``update``; infinite where one of the regions is empty.

Raises:
    TypeError: an argument of the wrong type.
    ValueError: an argument out of range, not three inputs, shapes that differ, or ``label_idx`` occurs in neither.
    RuntimeError: ``eval`` before ``update``.""",
)


LENGTHS = {  # norms over the last axis
    "euclidean": lambda d: np.sqrt(np.square(d.astype(float)).sum(axis=-1)),
    "chessboard": lambda d: np.abs(d).max(axis=-1),
    "taxicab": lambda d: np.abs(d).sum(axis=-1),
}
CHUNK = 1 << 20  # the most differences in memory at once


def border(region) -> np.ndarray:
    """The points of a region that have a neighbour (along one axis) outside; outside the array is outside.

    Args:
        region: bool array.

    Returns:
        bool array of the same shape.

    >>> import numpy as np
    >>> border(np.ones((3, 3), bool)).astype(int).tolist()
    [[1, 1, 1], [1, 0, 1], [1, 1, 1]]
    """
    padded = np.pad(region, 1)
    inside = region.copy()
    core = (slice(1, -1),) * region.ndim
    for axis in range(region.ndim):
        for shift in (1, -1):
            inside &= np.roll(padded, shift, axis)[core]
    return region & ~inside


def nearest(points, others, metric: str) -> np.ndarray:
    """The distance from each point to the nearest of others.

    Args:
        points: array of shape (n, axes).
        others: array of shape (m, axes).
        metric: "euclidean", "chessboard" or "taxicab".

    Returns:
        array of shape (n,); infinite if there are no others.

    >>> import numpy as np
    >>> nearest(np.array([[0, 0]]), np.array([[3, 4], [9, 9]]), "euclidean").tolist()
    [5.0]
    """
    if not len(others):
        return np.full(len(points), np.inf)
    step = max(1, CHUNK // len(others))
    parts = [
        LENGTHS[metric](points[i : i + step, None] - others[None]).min(axis=1) for i in range(0, len(points), step)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


class _Surface(Metric):
    """``update(prediction, label, label_idx)``: the regions are where each equals ``label_idx``.

    Only the last update counts.

    Raises:
        ValueError: not three inputs, shapes that differ, or ``label_idx`` occurs in neither.
        RuntimeError: ``eval`` before ``update``.
    """

    def __init__(self, distance_metric):
        super().__init__()
        one_of(type(self).__name__, LENGTHS, distance_metric=distance_metric)
        self.distance_metric = distance_metric
        self.clear()

    def clear(self):
        self._borders: tuple = ()

    @rearrange_inputs
    def update(self, *inputs):
        name = type(self).__name__
        self._count(inputs, 3, "prediction, label, label index")
        prediction, label, index = self._convert_data(inputs[0]), self._convert_data(inputs[1]), inputs[2]
        if not isinstance(index, (int, float)):
            raise fail(
                ValueError, f"For '{name}.update', the label index must be a number, but got {type(index).__name__}."
            )
        if prediction.size == 0 or prediction.shape != label.shape:
            raise fail(
                ValueError,
                f"For '{name}.update', prediction and label must have one shape, but got {prediction.shape} and {label.shape}.",
            )
        regions = [a if a.dtype == bool else a == index for a in (prediction, label)]
        if not (regions[0].any() or regions[1].any()):
            raise fail(ValueError, f"For '{name}.update', {index} is neither in the prediction nor in the label.")
        self._borders = tuple(np.argwhere(border(r)) for r in regions)

    def _distances(self, reverse=False) -> np.ndarray:
        """Distances from the prediction's border points to the label's border; ``reversed``: the other direction."""
        self._require(self._borders)
        first, second = reversed(self._borders) if reverse else self._borders
        return nearest(first, second, self.distance_metric)


@_with_shared_docs
class HausdorffDistance(_Surface):
    """The largest distance from a point of one region's border to the other's border.

    Args:
        distance_metric: "euclidean" (the default), "chessboard" or "taxicab".
        percentile: float from 0 to 100, of the distances, in place of the largest.  Default: None.
        directed: bool, only from the prediction to the label; else the larger of both ways.  Default: False.
        crop: bool, accepted; it changes no distance.  Default: True.

    {regions}

    >>> from minispore import Tensor
    >>> from minispore.train import HausdorffDistance, MeanSurfaceDistance, RootMeanSquareDistance
    >>> x = Tensor([[3, 0, 1], [1, 3, 0], [1, 0, 2]])
    >>> y = Tensor([[0, 2, 1], [1, 2, 1], [0, 0, 1]])
    >>> print(HausdorffDistance()(x, y, 0))
    1.4142135623730951
    """

    def __init__(self, distance_metric="euclidean", percentile=None, directed=False, crop=True):
        super().__init__(distance_metric)
        checks.instance("HausdorffDistance", (float, type(None)), percentile=percentile)
        if percentile is not None and not 0 <= percentile <= 100:
            raise fail(
                ValueError, f"For 'HausdorffDistance', 'percentile' must be from 0 to 100, but got {percentile}."
            )
        checks.boolean("HausdorffDistance", directed=directed, crop=crop)
        self.percentile, self.directed, self.crop = percentile, directed, crop

    def eval(self):
        ways = [self._distances()] if self.directed else [self._distances(), self._distances(reverse=True)]
        return max(self._reduced(d) for d in ways).item()

    def _reduced(self, distances):
        if not distances.size or np.isinf(distances).all():
            return np.float64(np.inf)
        return distances.max() if self.percentile is None else np.percentile(distances, self.percentile)


class _MeanOfSurface(_Surface):
    def __init__(self, symmetric=False, distance_metric="euclidean"):
        super().__init__(distance_metric)
        checks.boolean(type(self).__name__, symmetric=symmetric)
        self.symmetric = symmetric

    @staticmethod
    def _mean(distances):
        raise NotImplementedError

    def eval(self):
        ways = [self._distances(), self._distances(reverse=True)] if self.symmetric else [self._distances()]
        return float(self._both([self._mean(d) if d.size else np.inf for d in ways]))

    @staticmethod
    def _both(means):
        return np.mean(means)


@_with_shared_docs
class MeanSurfaceDistance(_MeanOfSurface):
    """The mean distance from the border of the prediction's region to the label's.

    Args:
        symmetric: bool, whether to take the mean of both ways.  Default: False.
        distance_metric: "euclidean" (the default), "chessboard" or "taxicab".

    {regions}

    >>> from minispore import Tensor
    >>> from minispore.train import HausdorffDistance, MeanSurfaceDistance, RootMeanSquareDistance
    >>> x = Tensor([[3, 0, 1], [1, 3, 0], [1, 0, 2]])
    >>> y = Tensor([[0, 2, 1], [1, 2, 1], [0, 0, 1]])
    >>> print(round(MeanSurfaceDistance()(x, y, 0), 6))
    0.804738
    """

    _mean = staticmethod(np.mean)


@_with_shared_docs
class RootMeanSquareDistance(_MeanOfSurface):
    """The root of the mean squared distance from the border of the prediction's region to the label's.

    Without ``symmetric`` MindSpore leaves out the root; here it is taken in both cases.

    Args:
        symmetric: bool, the root of the mean of both ways' mean squares.  Default: False.
        distance_metric: "euclidean" (the default), "chessboard" or "taxicab".

    {regions}

    >>> from minispore import Tensor
    >>> from minispore.train import HausdorffDistance, MeanSurfaceDistance, RootMeanSquareDistance
    >>> x = Tensor([[3, 0, 1], [1, 3, 0], [1, 0, 2]])
    >>> y = Tensor([[0, 2, 1], [1, 2, 1], [0, 0, 1]])
    >>> print(round(RootMeanSquareDistance()(x, y, 0), 6))
    1.0
    """

    @staticmethod
    def _mean(distances):
        return np.square(distances).mean()

    @staticmethod
    def _both(means):
        return np.sqrt(np.mean(means))
