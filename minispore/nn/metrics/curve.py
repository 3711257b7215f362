"""Receiver operating characteristic, and the area under a curve."""

import numpy as np

from ...core import checks
from ...core.errors import fail
from .metric import Metric, rearrange_inputs


class ROC(Metric):
    """Receiver operating characteristic: false and true positive rates at each threshold, from the highest down.

    Unlike MindSpore, batches add up; there the last one alone counts.

    Args:
        class_num: int, C, for several classes.  Default: None.
        pos_label: int, the label that counts as positive, for two classes.  Default: None, for 1.

    Inputs:
        prediction: scores of the labels' shape (two classes), or (N, C, ...) (one curve for each class).
        label: class numbers, shape (N, ...).

    Returns:
        tuple of arrays (false positive rates, true positive rates, thresholds); for several classes of lists of them.

    Raises:
        TypeError: an argument is not an int.
        ValueError: arguments that do not fit the shapes; no positive or no negative sample.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> fpr, tpr, _ = nn.ROC()(Tensor([0.1, 0.4, 0.35, 0.8]), Tensor([0, 0, 1, 1]))
    >>> print(fpr, tpr)
    [0.  0.  0.5 0.5 1. ] [0.  0.5 0.5 1.  1. ]
    """

    def __init__(self, class_num=None, pos_label=None):
        super().__init__()
        for name, value in (("class_num", class_num), ("pos_label", pos_label)):
            checks.instance("ROC", (int, type(None)), **{name: value})
        self.class_num, self.pos_label = class_num, pos_label
        self.clear()

    def clear(self):
        self._scores: list = []
        self._labels: list = []

    @rearrange_inputs
    def update(self, *inputs):
        scores, label = self._pair(inputs)
        if scores.ndim == label.ndim:
            if self.class_num not in (None, 1):
                raise fail(
                    ValueError,
                    f"For 'ROC', scores and labels of one shape mean two classes, but got class_num={self.class_num}.",
                )
            scores = scores.reshape(1, -1)
        elif scores.ndim == label.ndim + 1:
            if self.pos_label is not None:
                raise fail(
                    ValueError, f"For 'ROC' of several classes, 'pos_label' must be None, but got {self.pos_label}."
                )
            if self.class_num != scores.shape[1]:
                raise fail(
                    ValueError,
                    f"For 'ROC', 'class_num' must be {scores.shape[1]}, as the scores, but got {self.class_num}.",
                )
            scores = np.moveaxis(scores, 1, 0).reshape(self.class_num, -1)
        else:
            raise fail(
                ValueError, f"For 'ROC', scores of shape {scores.shape} do not fit labels of shape {label.shape}."
            )
        self._scores.append(scores)
        self._labels.append(label.reshape(-1))

    def eval(self):
        self._require(self._scores)
        scores, label = np.concatenate(self._scores, axis=1), np.concatenate(self._labels)
        if self.class_num in (None, 1):
            return _curve(scores[0], label == (1 if self.pos_label is None else self.pos_label))
        curves = [_curve(row, label == k) for k, row in enumerate(scores)]
        return tuple(list(part) for part in zip(*curves))


def _curve(scores, positive):
    order = np.argsort(-scores, kind="stable")
    scores, positive = scores[order], positive[order]
    last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)  # the last sample of each distinct score
    hits = np.cumsum(positive)[last]
    misses = 1 + last - hits
    if not misses[-1] or not hits[-1]:
        raise fail(ValueError, f"For 'ROC.eval', there is no {'positive' if misses[-1] else 'negative'} sample.")
    thresholds = scores[last]
    start = np.append(thresholds[:1] + 1, thresholds)
    return np.append(0.0, misses / misses[-1]), np.append(0.0, hits / hits[-1]), start


def auc(x, y, reorder=False):
    """The area under a curve, by trapezoids.

    Args:
        x: 1-d array of at least 2 numbers that rises or falls throughout.
        y: 1-d array of the same length.
        reorder: bool, whether to sort the points by x first.  Default: False.

    Returns:
        numpy float.

    Raises:
        TypeError: not arrays.
        ValueError: shapes that do not fit; x neither rises nor falls.

    >>> import numpy as np
    >>> from minispore import nn
    >>> float(nn.auc(np.array([0.0, 0.5, 0.5, 1.0]), np.array([0.0, 0.5, 1.0, 1.0])))
    0.625
    """
    if not isinstance(x, np.ndarray) or not isinstance(y, np.ndarray):
        raise fail(
            TypeError, f"For 'auc', 'x' and 'y' must be numpy.ndarray, but got {type(x).__name__}, {type(y).__name__}."
        )
    for a in (x, y):
        if not (a.ndim == 1 or (a.ndim == 2 and a.shape[1] == 1)):
            raise fail(ValueError, f"For 'auc', 'x' and 'y' must have one axis, but got shape {a.shape}.")
    x, y = x.ravel(), y.ravel()
    if len(x) != len(y) or len(x) < 2:
        raise fail(
            ValueError, f"For 'auc', 'x' and 'y' must have one length of at least 2, but got {len(x)} and {len(y)}."
        )
    if reorder:
        order = np.lexsort((y, x))
        x, y = x[order], y[order]
    steps = np.diff(x)
    if (steps < 0).any() and (steps > 0).any():
        raise fail(ValueError, "For 'auc', 'x' must rise or fall throughout; reorder=True sorts the points.")
    area = (steps * (y[1:] + y[:-1]) / 2).sum()
    return -area if (steps < 0).any() else area
