# Written by tools/stubs from minispore.train.estimators: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from numpy.typing import NDArray
from typing import Any
from typing_extensions import Self

__all__ = ['Classifier', 'Regressor']

class _Estimator:
    def __init__(self, network: Any = None, *, epochs: int = 100, batch_size: int = 32, learning_rate: Any = ..., optimizer: Callable[..., Any] | None = None, random_state: Any = None) -> None: ...
    batch_size: Any
    epochs: Any
    learning_rate: Any
    loss_curve_: Any
    network: Any
    network_: Any
    optimizer: Any
    random_state: Any

class Classifier(_Estimator):
    def fit(self, X: Any, y: Any) -> Self: ...
    def predict(self, X: Any) -> NDArray[Any]: ...
    def predict_proba(self, X: Any) -> NDArray[Any]: ...
    classes_: Any
    set_score_request: Any

class Regressor(_Estimator):
    def fit(self, X: Any, y: Any) -> Self: ...
    def predict(self, X: Any) -> NDArray[Any]: ...
    set_score_request: Any
