# Written by tools/stubs from minispore.train.estimators: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from numpy.typing import NDArray
from typing import Any
from typing_extensions import Self

__all__ = ['Classifier', 'Regressor']

class _Estimator:
    def __init__(
        self,
        network: Cell | Callable[..., Any] | None = None,
        *,
        epochs: int = 100,
        batch_size: int = 32,
        learning_rate: float | LearningRateSchedule = ...,
        optimizer: Callable[..., Any] | None = None,
        random_state: Any = None,
    ) -> None: ...
    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float: ...
    def get_params(self, deep: bool = True) -> dict[str, Any]: ...
    def set_params(self, **params: Any) -> Self: ...
    batch_size: Any
    epochs: Any
    learning_rate: Any
    loss_curve_: Any
    network: Any
    network_: Any
    optimizer: Any
    random_state: Any

class Classifier(_Estimator):
    def __init__(self, network: Cell | Callable[..., Any] | None = None, *, epochs: int = 100, batch_size: int = 32, learning_rate: float | LearningRateSchedule = ..., optimizer: Callable[..., Any] | None = None, random_state: Any = None) -> None: ...
    def fit(self, X: Any, y: Any) -> Self: ...
    def predict(self, X: Any) -> NDArray[Any]: ...
    def predict_proba(self, X: Any) -> NDArray[Any]: ...
    classes_: Any
    set_score_request: Any

class Regressor(_Estimator):
    def fit(self, X: Any, y: Any) -> Self: ...
    def predict(self, X: Any) -> NDArray[Any]: ...
    set_score_request: Any
