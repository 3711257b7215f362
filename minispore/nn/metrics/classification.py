"""Accuracy, precision, recall, F1, top-k accuracy."""

import sys

import numpy as np

from ...core import checks
from .metric import EvaluationBase, MeanMetric, Metric, class_numbers, one_hot, rearrange_inputs

TINY = sys.float_info.min  # added to denominators, so that 0 / 0 is 0


class Accuracy(EvaluationBase):
    """The share of samples whose prediction is right: the largest of C values, or, for "multilabel", all labels.

    Args:
        eval_type: "classification" (one class for each sample, the default) or "multilabel" (any number of them).

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C, ...); "multilabel": of 0 and 1.
        label: class numbers, shape (N, ...), or one-hot (N, C, ...); "multilabel": of 0 and 1, shape (N, C, ...).

    Returns:
        float, the share.

    Raises:
        TypeError: ``eval_type`` is neither "classification" nor "multilabel".
        ValueError: shapes that do not fit, or another number of classes than before.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> nn.Accuracy()(Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), Tensor([1, 0, 1]))
    0.6666666666666666
    """

    def __init__(self, eval_type="classification"):
        super().__init__(eval_type)
        self.clear()

    def clear(self):
        self._right = self._total = self._classes = 0

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._samples(inputs)
        self._classes = self._same_classes(self._classes, prediction)
        if self._type == "classification":
            right = prediction.argmax(axis=1) == label
        else:
            rows = [np.moveaxis(a, 1, -1).reshape(-1, self._classes) for a in (prediction, label)]
            right = (rows[0] == rows[1]).all(axis=1)
        self._right += int(right.sum())
        self._total += right.size

    def eval(self):
        self._require(self._total)
        return self._right / self._total


class _Ratio(EvaluationBase):
    """True positives divided by a count, for each class; "multilabel": for each sample."""

    def __init__(self, eval_type="classification"):
        super().__init__(eval_type)
        self.clear()

    def clear(self):
        self._classes = 0
        self._hits = self._all = np.zeros(0)

    @staticmethod
    def _denominator(prediction, label):
        raise NotImplementedError

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._samples(inputs)
        classes = self._same_classes(self._classes, prediction)
        if self._type == "classification":
            prediction, label = one_hot(type(self).__name__, prediction, label)
        else:
            prediction, label = (a.swapaxes(0, 1).reshape(classes, -1) for a in (prediction, label))
        hits, total = (prediction * label).sum(axis=0), self._denominator(prediction, label).sum(axis=0)
        if self._type == "classification" and self._classes:
            hits, total = self._hits + hits, self._all + total
        elif self._type == "multilabel":
            hits, total = np.concatenate([self._hits, hits]), np.concatenate([self._all, total])
        self._classes, self._hits, self._all = classes, hits, total

    def eval(self, average=False):
        """The result for what was seen since ``clear``.

        Args:
            average: bool, whether to give the mean.  Default: False.

        Returns:
            array of one element for each class ("multilabel": for each sample); with ``average`` a float.

        Raises:
            TypeError: ``average`` is not a bool.
            RuntimeError: nothing was seen.
        """
        self._require(self._classes)
        checks.boolean(type(self).__name__, average=average)
        each = self._hits / (self._all + TINY)
        return float(each.mean()) if average else each


class Precision(_Ratio):
    """``true positives / (true positives + false positives)`` of each class; 0 for a class never predicted.

    Args:
        eval_type: "classification" (one class for each sample, the default) or "multilabel" (any number of them).

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C, ...); "multilabel": of 0 and 1.
        label: class numbers, shape (N, ...), or one-hot (N, C, ...); "multilabel": of 0 and 1, shape (N, C, ...).

    Returns:
        array of one element for each class ("multilabel": for each sample); with ``eval(average=True)`` their mean.

    Raises:
        TypeError: ``eval_type`` is neither "classification" nor "multilabel".
        ValueError: shapes that do not fit, or another number of classes than before.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> print(nn.Precision()(Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), Tensor([1, 0, 1])))
    [0.5 1. ]
    """

    @staticmethod
    def _denominator(prediction, label):
        return prediction


class Recall(_Ratio):
    """``true positives / (true positives + false negatives)`` of each class; 0 for a class that does not occur.

    Args:
        eval_type: "classification" (one class for each sample, the default) or "multilabel" (any number of them).

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C, ...); "multilabel": of 0 and 1.
        label: class numbers, shape (N, ...), or one-hot (N, C, ...); "multilabel": of 0 and 1, shape (N, C, ...).

    Returns:
        array of one element for each class ("multilabel": for each sample); with ``eval(average=True)`` their mean.

    Raises:
        TypeError: ``eval_type`` is neither "classification" nor "multilabel".
        ValueError: shapes that do not fit, or another number of classes than before.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> print(nn.Recall()(Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), Tensor([1, 0, 1])))
    [1.  0.5]
    """

    @staticmethod
    def _denominator(prediction, label):
        return label


class Fbeta(Metric):
    """``(1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP)`` of each class.

    Args:
        beta: number above 0, the weight of the recall.

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C).
        label: class numbers, shape (N,), or one-hot (N, C).

    Returns:
        array of shape (C,); with ``eval(average=True)`` its mean.

    Raises:
        ValueError: ``beta`` is not positive; another number of classes than before; a label out of range.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> print(nn.Fbeta(1)(Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), Tensor([1, 0, 1])))
    [0.66666667 0.66666667]
    """

    def __init__(self, beta):
        super().__init__()
        checks.above(type(self).__name__, 0, beta=beta)
        self.beta = beta
        self.clear()

    def clear(self):
        self._classes = 0
        self._hits = self._predicted = self._actual = 0.0

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._pair(inputs)
        classes = self._same_classes(self._classes, prediction)
        prediction, label = one_hot(type(self).__name__, prediction, class_numbers(prediction, label))
        self._classes = classes
        self._hits = self._hits + (prediction * label).sum(axis=0)
        self._predicted = self._predicted + prediction.sum(axis=0)
        self._actual = self._actual + label.sum(axis=0)

    def eval(self, average=False):
        """The result for what was seen since ``clear``.

        Args:
            average: bool, whether to give the mean.  Default: False.

        Returns:
            array of shape (C,); with ``average`` a float.

        Raises:
            TypeError: ``average`` is not a bool.
            RuntimeError: nothing was seen.
        """
        checks.boolean(type(self).__name__, average=average)
        self._require(self._classes)
        square = self.beta**2
        each = (1.0 + square) * self._hits / (square * self._actual + self._predicted + TINY)
        return float(each.mean()) if average else each


class F1(Fbeta):
    """``2 TP / (2 TP + FN + FP)`` of each class: ``Fbeta(1)``.

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C).
        label: class numbers, shape (N,), or one-hot (N, C).

    Returns:
        array of shape (C,); with ``eval(average=True)`` its mean.

    Raises:
        ValueError: shapes that do not fit, or another number of classes than before.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> print(nn.F1()(Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), Tensor([1, 0, 1])))
    [0.66666667 0.66666667]
    """

    def __init__(self):
        super().__init__(1.0)


class TopKCategoricalAccuracy(MeanMetric):
    """The share of samples whose class is among the ``k`` largest predictions; 1 where there are only k classes.

    Args:
        k: int above 0.

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C).
        label: class numbers, shape (N,), or one-hot (N, C).

    Returns:
        float, the share.

    Raises:
        TypeError: ``k`` is not an int.
        ValueError: ``k`` is below 1.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> nn.TopKCategoricalAccuracy(2)(Tensor([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]), Tensor([2, 1]))
    0.5
    """

    def __init__(self, k):
        super().__init__()
        checks.instance("TopKCategoricalAccuracy", (int, bool), k=k)
        checks.at_least("TopKCategoricalAccuracy", 1, k=k)
        self.k = k

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._pair(inputs)
        label = class_numbers(prediction, label).reshape(-1, 1)
        best = np.argsort(-prediction, axis=1)[:, : self.k]
        self._sum += int((best == label).sum())
        self._total += len(label)


class Top1CategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of samples whose class has the largest prediction: ``TopKCategoricalAccuracy(1)``.

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C).
        label: class numbers, shape (N,), or one-hot (N, C).

    Returns:
        float, the share.

    Raises:
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> nn.Top1CategoricalAccuracy()(Tensor([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]), Tensor([2, 2]))
    0.5
    """

    def __init__(self):
        super().__init__(1)


class Top5CategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of samples whose class is among the 5 largest predictions: ``TopKCategoricalAccuracy(5)``.

    Inputs:
        prediction: Tensor, list or array of scores, shape (N, C).
        label: class numbers, shape (N,), or one-hot (N, C).

    Returns:
        float, the share.

    Raises:
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> nn.Top5CategoricalAccuracy()(Tensor([[0.1, 0.3, 0.2, 0.4, 0.5, 0.6]]), Tensor([0]))
    0.0
    """

    def __init__(self):
        super().__init__(5)
