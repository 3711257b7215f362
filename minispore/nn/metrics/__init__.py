"""Metrics: what ``Model.eval`` measures."""

from collections.abc import Callable

from ...core import hints
from ...core.errors import fail
from .classification import (
    F1,
    Accuracy,
    Fbeta,
    Precision,
    Recall,
    Top1CategoricalAccuracy,
    Top5CategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from .confusion import ConfusionMatrix, ConfusionMatrixMetric
from .curve import ROC, auc
from .error import MAE, MSE, Loss
from .metric import EvaluationBase, Metric, rearrange_inputs
from .occlusion import OcclusionSensitivity
from .similarity import CosineSimilarity, Dice
from .surface import HausdorffDistance, MeanSurfaceDistance, RootMeanSquareDistance
from .text import BleuScore, Perplexity

_BY_NAME: dict[str, Callable] = {
    "accuracy": Accuracy, "acc": Accuracy, "precision": Precision, "recall": Recall, "F1": F1, "dice": Dice,
    "roc": ROC, "auc": auc, "bleu_score": BleuScore, "cosine_similarity": CosineSimilarity,
    "occlusion_sensitivity": OcclusionSensitivity, "topk": TopKCategoricalAccuracy,
    "hausdorff_distance": HausdorffDistance, "top_1_accuracy": Top1CategoricalAccuracy,
    "top_5_accuracy": Top5CategoricalAccuracy, "mae": MAE, "mse": MSE, "loss": Loss,
    "mean_surface_distance": MeanSurfaceDistance, "root_mean_square_distance": RootMeanSquareDistance,
    "perplexity": Perplexity, "confusion_matrix": ConfusionMatrix, "confusion_matrix_metric": ConfusionMatrixMetric,
}  # fmt: skip


def names() -> list[str]:
    """The names that ``get_metric_fn`` and ``Model(metrics={...})`` take.

    Returns:
        sorted list of str.

    >>> "accuracy" in names()
    True
    """
    return sorted(_BY_NAME)


def get_metric_fn(name, *args, **kwargs):
    """The metric of a name, constructed with the other arguments.

    Args:
        name: str such as "accuracy".
        *args: arguments of the metric.
        **kwargs: arguments of the metric by name.

    Returns:
        Metric.

    Raises:
        KeyError: there is none of that name.

    >>> from minispore.train import get_metric_fn
    >>> type(get_metric_fn("topk", 3)).__name__
    'TopKCategoricalAccuracy'
    """
    if name not in _BY_NAME:
        raise fail(
            KeyError,
            f"For 'get_metric_fn', there is no metric '{name}'; known: {', '.join(names())}.{hints.close(name, names())}",
        )
    return _BY_NAME[name](*args, **kwargs)


def get_metrics(metrics):
    """Metrics by name, as ``Model`` takes them.

    Args:
        metrics: set of names, dict from names to Metrics, or None.

    Returns:
        dict {name: Metric}; None for None.

    Raises:
        TypeError: neither a set nor a dict, or a dict with something else in it.
        KeyError: an unknown name.

    >>> sorted(get_metrics({"accuracy", "loss"}))
    ['accuracy', 'loss']
    """
    if metrics is None:
        return None
    if isinstance(metrics, set):
        return {name: get_metric_fn(name) for name in metrics}
    if not isinstance(metrics, dict):
        names_only = isinstance(metrics, (list, tuple)) and metrics and all(isinstance(m, str) for m in metrics)
        advice = f" Write {{{', '.join(map(repr, metrics))}}}." if names_only else ""
        raise fail(
            TypeError,
            f"For 'Model', 'metrics' must be a dict, a set or None, but got {type(metrics).__name__}: {metrics!r:.60}.{advice}",
        )
    for name, metric in metrics.items():
        if not isinstance(name, str) or not isinstance(metric, Metric):
            raise fail(
                TypeError,
                f"For 'Model', a dict of metrics maps names to Metric objects, but got {name!r}: {type(metric).__name__}.",
            )
    return metrics


__all__ = [
    "F1", "MAE", "MSE", "ROC", "Accuracy", "BleuScore", "ConfusionMatrix", "ConfusionMatrixMetric", "CosineSimilarity",
    "Dice", "Fbeta", "HausdorffDistance", "Loss", "MeanSurfaceDistance", "Metric", "OcclusionSensitivity", "Perplexity",
    "Precision", "Recall", "RootMeanSquareDistance", "Top1CategoricalAccuracy", "Top5CategoricalAccuracy",
    "TopKCategoricalAccuracy", "auc", "get_metric_fn", "names", "rearrange_inputs",
]  # fmt: skip

from ...core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
