# Written by tools/stubs from minispore.nn.metrics: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore.nn.metrics.classification import Accuracy as Accuracy, F1 as F1, Fbeta as Fbeta, Precision as Precision, Recall as Recall, Top1CategoricalAccuracy as Top1CategoricalAccuracy, Top5CategoricalAccuracy as Top5CategoricalAccuracy, TopKCategoricalAccuracy as TopKCategoricalAccuracy
from minispore.nn.metrics.confusion import ConfusionMatrix as ConfusionMatrix, ConfusionMatrixMetric as ConfusionMatrixMetric
from minispore.nn.metrics.curve import ROC as ROC, auc as auc
from minispore.nn.metrics.error import Loss as Loss, MAE as MAE, MSE as MSE
from minispore.nn.metrics.metric import Metric as Metric, rearrange_inputs as rearrange_inputs
from minispore.nn.metrics.occlusion import OcclusionSensitivity as OcclusionSensitivity
from minispore.nn.metrics.similarity import CosineSimilarity as CosineSimilarity, Dice as Dice
from minispore.nn.metrics.surface import HausdorffDistance as HausdorffDistance, MeanSurfaceDistance as MeanSurfaceDistance, RootMeanSquareDistance as RootMeanSquareDistance
from minispore.nn.metrics.text import BleuScore as BleuScore, Perplexity as Perplexity
from typing import Any

__all__ = ['Accuracy', 'BleuScore', 'ConfusionMatrix', 'ConfusionMatrixMetric', 'CosineSimilarity', 'Dice', 'F1', 'Fbeta', 'HausdorffDistance', 'Loss', 'MAE', 'MSE', 'MeanSurfaceDistance', 'Metric', 'OcclusionSensitivity', 'Perplexity', 'Precision', 'ROC', 'Recall', 'RootMeanSquareDistance', 'Top1CategoricalAccuracy', 'Top5CategoricalAccuracy', 'TopKCategoricalAccuracy', 'auc', 'get_metric_fn', 'names', 'rearrange_inputs']

def get_metric_fn(name: str, *args: Any, **kwargs: Any) -> Any: ...

def get_metrics(metrics: set[str] | Mapping[Any, Any] | None) -> dict[str, Any]: ...

def names() -> list[str]: ...
