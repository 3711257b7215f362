"""Confusion matrices and the metrics computed from them."""

import numpy as np

from ...core import checks
from ...core.errors import fail
from .metric import Metric, rearrange_inputs
from .similarity import one_of


class ConfusionMatrix(Metric):
    """How often samples of class i (rows) were predicted as j (columns).

    Args:
        num_classes: int, how many classes.
        normalize: "no_norm" (the default), "target" (rows sum to 1), "prediction" (columns) or "all".
        threshold: float; scores (N, ...) of at least this mean class 1.  Default: 0.5.

    Inputs:
        prediction: class scores (N, C, ...) or, for two classes, scores or class numbers (N, ...).
        label: class numbers, shape (N, ...).

    Returns:
        array of shape (num_classes, num_classes), float64.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range, shapes that do not fit, or a class out of range.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> print(nn.ConfusionMatrix(2)(Tensor([1, 0, 1, 0]), Tensor([1, 0, 0, 1])))
    [[1. 1.]
     [1. 1.]]
    """

    def __init__(self, num_classes, normalize="no_norm", threshold=0.5):
        super().__init__()
        checks.integer("ConfusionMatrix", num_classes=num_classes)
        one_of("ConfusionMatrix", ("no_norm", "target", "prediction", "all"), normalize=normalize)
        checks.floating("ConfusionMatrix", threshold=threshold)
        self.num_classes, self.normalize, self.threshold = num_classes, normalize, threshold
        self.clear()

    def clear(self):
        self.confusion_matrix = np.zeros((self.num_classes, self.num_classes))
        self._seen = False

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._pair(inputs)
        if prediction.ndim == label.ndim + 1:
            prediction = prediction.argmax(axis=1)
        elif prediction.ndim != label.ndim:
            raise fail(
                ValueError,
                f"For 'ConfusionMatrix.update', a prediction of shape {prediction.shape} does not fit labels of shape {label.shape}.",
            )
        elif prediction.dtype.kind == "f":
            prediction = prediction >= self.threshold
        pairs = label.ravel().astype(int) * self.num_classes + prediction.ravel().astype(int)
        counts = np.bincount(pairs, minlength=self.num_classes**2)
        if counts.size > self.num_classes**2:
            raise fail(
                ValueError,
                f"For 'ConfusionMatrix.update', a class is out of range: there are {self.num_classes} classes.",
            )
        self.confusion_matrix += counts.reshape(self.num_classes, self.num_classes)
        self._seen = True

    def eval(self):
        self._require(self._seen)
        counts = self.confusion_matrix.copy()
        if self.normalize == "no_norm":
            return counts
        axis = {"target": 1, "prediction": 0, "all": None}[self.normalize]
        total = counts.sum(axis=axis, keepdims=True)
        return np.divide(counts, total, out=np.zeros_like(counts), where=total != 0)


def _ratio_or_nan(a, b):
    """``a / b``, NaN where b is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b != 0, np.divide(a, b), np.nan)


def _threshold(tp, fp, tn, fn):
    tpr, tnr = _ratio_or_nan(tp, tp + fn), _ratio_or_nan(tn, tn + fp)
    return _ratio_or_nan(np.sqrt(tpr * (1 - tnr)) + tnr - 1, tpr + tnr - 1)


RATES = {
    "tpr": lambda tp, fp, tn, fn: _ratio_or_nan(tp, tp + fn),
    "tnr": lambda tp, fp, tn, fn: _ratio_or_nan(tn, tn + fp),
    "ppv": lambda tp, fp, tn, fn: _ratio_or_nan(tp, tp + fp),
    "npv": lambda tp, fp, tn, fn: _ratio_or_nan(tn, tn + fn),
    "fnr": lambda tp, fp, tn, fn: _ratio_or_nan(fn, tp + fn),
    "fpr": lambda tp, fp, tn, fn: _ratio_or_nan(fp, tn + fp),
    "fdr": lambda tp, fp, tn, fn: _ratio_or_nan(fp, tp + fp),
    "for": lambda tp, fp, tn, fn: _ratio_or_nan(fn, tn + fn),
    "pt": _threshold,
    "ts": lambda tp, fp, tn, fn: _ratio_or_nan(tp, tp + fn + fp),
    "acc": lambda tp, fp, tn, fn: _ratio_or_nan(tp + tn, tp + tn + fp + fn),
    "ba": lambda tp, fp, tn, fn: (_ratio_or_nan(tp, tp + fn) + _ratio_or_nan(tn, tn + fp)) / 2,
    "f1": lambda tp, fp, tn, fn: _ratio_or_nan(2 * tp, 2 * tp + fn + fp),
    "mcc": lambda tp, fp, tn, fn: _ratio_or_nan(
        tp * tn - fp * fn, np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    ),
    "fm": lambda tp, fp, tn, fn: np.sqrt(_ratio_or_nan(tp, tp + fp) * _ratio_or_nan(tp, tp + fn)),
    "bm": lambda tp, fp, tn, fn: _ratio_or_nan(tp, tp + fn) + _ratio_or_nan(tn, tn + fp) - 1,
    "mk": lambda tp, fp, tn, fn: _ratio_or_nan(tp, tp + fp) + _ratio_or_nan(tn, tn + fn) - 1,
}
ALIASES = {
    "tpr": "sensitivity recall hit_rate true_positive_rate", "tnr": "specificity selectivity true_negative_rate",
    "ppv": "precision positive_predictive_value", "npv": "negative_predictive_value",
    "fnr": "miss_rate false_negative_rate", "fpr": "fall_out false_positive_rate", "fdr": "false_discovery_rate",
    "for": "false_omission_rate", "pt": "prevalence_threshold", "ts": "threat_score critical_success_index csi",
    "acc": "accuracy", "ba": "balanced_accuracy", "f1": "f1_score", "mcc": "matthews_correlation_coefficient",
    "fm": "fowlkes_mallows_index", "bm": "informedness bookmaker_informedness", "mk": "markedness deltap",
}  # fmt: skip
BY_NAME = {alias: short for short, aliases in ALIASES.items() for alias in (short, *aliases.split())}
DECREASES = ("none", "mean", "sum", "mean_batch", "sum_batch", "mean_channel", "sum_channel")


class ConfusionMatrixMetric(Metric):
    """A rate that follows from true and false positives and negatives, of one-hot predictions and labels.

    Args:
        skip_channel: bool; False leaves the first channel out.  (As in MindSpore, where True is "count all".)  Default:
            True.
        metric_name: "sensitivity" (the default), "specificity", "precision", "negative predictive value", "miss rate",
            "fall out", "false discovery rate", "false omission rate", "prevalence threshold", "threat score",
            "accuracy", "balanced accuracy", "f1 score", "matthews correlation coefficient", "fowlkes mallows index",
            "informedness", "markedness", or one of their usual other names.
        calculation_method: bool, whether to take the rate of each sample and channel (and then its mean), for inputs of
            at least 3 axes; False (the default): the rate of all together.
        decrease: with ``calculation_method``, how rates become one number for each batch: "mean" (the default) or
            "sum"; the others of MindSpore's list are accepted, and mean the same as "mean", since ``eval`` gives one
            number.

    Inputs:
        prediction: array of 0 and 1, shape (N, C, ...).
        label: array of 0 and 1 of the same shape.

    Returns:
        array of one element; with ``calculation_method`` a float.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range, labels other than 0 and 1, or shapes that differ.
        NotImplementedError: an unknown ``metric_name``, found by ``eval``.

    >>> from minispore import Tensor, nn
    >>> x = Tensor([[[0], [1]], [[1], [0]]])
    >>> y = Tensor([[[0], [1]], [[0], [1]]])
    >>> print(nn.ConfusionMatrixMetric(metric_name="tpr")(x, y))
    [0.5]
    """

    def __init__(self, skip_channel=True, metric_name="sensitivity", calculation_method=False, decrease="mean"):
        super().__init__()
        checks.boolean("ConfusionMatrixMetric", skip_channel=skip_channel, calculation_method=calculation_method)
        checks.string("ConfusionMatrixMetric", metric_name=metric_name)
        one_of("ConfusionMatrixMetric", DECREASES, decrease=decrease)
        self.skip_channel, self.metric_name = skip_channel, metric_name
        self.calculation_method, self.decrease = calculation_method, decrease
        self.clear()

    def clear(self):
        self._counts = np.zeros(4)
        self._sum = self._total = 0.0

    def _rate(self):
        short = BY_NAME.get(self.metric_name.replace(" ", "_").lower())
        if short is None:
            raise fail(
                NotImplementedError, f"For 'ConfusionMatrixMetric', there is no metric named '{self.metric_name}'."
            )
        return RATES[short]

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._pair(inputs)
        if prediction.shape != label.shape or prediction.ndim < 2:
            raise fail(
                ValueError,
                f"For 'ConfusionMatrixMetric.update', both inputs must have one shape (N, C, ...), but got {prediction.shape} "
                f"and {label.shape}.",
            )
        if not np.isin(label, (0, 1)).all():
            raise fail(ValueError, "For 'ConfusionMatrixMetric.update', the label must hold only 0 and 1.")
        by_sample = self.calculation_method and prediction.ndim > 2 and prediction.shape[2:] != (1,)
        if not self.skip_channel and label.shape[1] > 1:
            prediction, label = prediction[:, 1:], label[:, 1:]
        p, y = (a.reshape(*a.shape[:2], -1).astype(float) for a in (prediction, label))
        counts = [((p == a) & (y == b)).sum(axis=2).astype(float) for a, b in ((1, 1), (1, 0), (0, 0), (0, 1))]
        if by_sample:
            self._add_rates(self._rate()(*counts))
        self._counts += [c.sum() for c in counts]

    def _add_rates(self, rates) -> None:
        """Rates (N, C), NaN where undefined."""
        known = ~np.isnan(rates)
        if self.decrease == "sum":
            value, weight = np.nansum(rates), known.sum()
        else:
            weight = known.any(axis=1).sum()
            value = np.nanmean(rates[known.any(axis=1)], axis=1).mean() if weight else 0.0
        self._sum += value * weight
        self._total += weight

    def eval(self):
        rate = self._rate()
        if not self._counts.any():
            self._require(False)
        if self._total:
            return float(self._sum / self._total)
        return np.atleast_1d(rate(*self._counts))
