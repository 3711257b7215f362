"""Networks as scikit-learn estimators: for pipelines, cross validation and searches over hyperparameters.

They need scikit-learn: ``pip install 'minispore[examples]'``.
"""

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import nn
from ..core.errors import fail, not_installed
from ..core.random import get_rng_state, set_rng_state, set_seed
from ..core.tensor import Tensor
from ..transforms.jit import jit
from .model import Model

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data

    _MISSING = None
except ImportError as error:  # the module can be imported; its classes say what is missing
    BaseEstimator, ClassifierMixin, RegressorMixin = (
        type(name, (), {}) for name in ("Base", "Classifies", "Regresses")
    )
    _MISSING = error

__all__ = ["Classifier", "Regressor"]


class _Estimator(BaseEstimator):
    """What both estimators share: training with an optimizer in batches, one compiled call each."""

    def __init__(
        self,
        network: Any = None,
        *,
        epochs: int = 100,
        batch_size: int = 32,
        learning_rate: Any = 0.01,
        optimizer: Callable | None = None,
        random_state: Any = None,
    ):
        if _MISSING is not None:
            raise not_installed(f"'{type(self).__name__}'", "scikit-learn 1.6", "'minispore[examples]'") from _MISSING
        self.network, self.epochs, self.batch_size = network, epochs, batch_size
        self.learning_rate, self.optimizer, self.random_state = learning_rate, optimizer, random_state

    def _made_network(self, features: int, outputs: int) -> nn.Cell:
        if self.network is None:
            return nn.SequentialCell(nn.Dense(features, 64), nn.ReLU(), nn.Dense(64, outputs))
        made = copy.deepcopy(self.network) if isinstance(self.network, nn.Cell) else self.network(features, outputs)
        if not isinstance(made, nn.Cell):
            raise fail(
                TypeError,
                f"For '{type(self).__name__}', 'network' must be a Cell or a function (features, outputs) -> Cell, but got {type(made).__name__}.",
            )
        return made

    def _train(self, x: np.ndarray, y: np.ndarray, outputs: int, loss: nn.Cell) -> None:
        """Makes ``network_`` and trains it; the random state of the program stays as it was."""
        draws, before = check_random_state(self.random_state), get_rng_state()
        try:
            set_seed(int(draws.randint(2**31 - 1)))
            network = self._made_network(x.shape[1], outputs)
            params = network.trainable_params()
            optimizer = (self.optimizer or nn.Adam)(params, self.learning_rate)
            step = jit(nn.TrainOneStepCell(nn.WithLossCell(network, loss), optimizer).set_train())
            self.loss_curve_ = []
            for _ in range(self.epochs):
                order = draws.permutation(len(x))
                losses = [
                    float(step(Tensor(x[rows]), Tensor(y[rows]))) * len(rows)
                    for rows in np.split(order, range(self.batch_size, len(x), self.batch_size))
                ]
                self.loss_curve_.append(math.fsum(losses) / len(x))
        finally:
            set_rng_state(before)
        self.network_ = network.set_train(False)

    def _outputs(self, x) -> np.ndarray:
        """What the trained network gives, batch by batch."""
        check_is_fitted(self)
        x = validate_data(self, x, reset=False, dtype=np.float32)
        model, size = Model(self.network_), max(self.batch_size, 1024)
        return np.concatenate([model.predict(Tensor(x[k : k + size])).asnumpy() for k in range(0, len(x), size)])


class Classifier(ClassifierMixin, _Estimator):
    """A network that tells classes, as a scikit-learn estimator.

    Args:
        network (Cell | Callable | None): a network that gives a number for each class, of which ``fit`` trains a copy; or a function
            (number of features, number of classes) -> Cell. None: one hidden layer of 64.
        epochs (int): how often training goes through the data.
        batch_size (int): rows of a step.
        learning_rate (float | LearningRateSchedule): of the optimizer.
        optimizer (Callable | None): (parameters, learning rate) -> Optimizer. None: ``nn.Adam``.
        random_state (int | RandomState | None): of initial weights and the order of rows.

    Attributes:
        network_: the trained network.
        classes_: the labels, in the order of the outputs.
        loss_curve_: the mean loss of each epoch.

    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=(200, 2))
    >>> y = np.where(x[:, 0] * x[:, 1] > 0, "same", "other")
    >>> Classifier(random_state=0).fit(x, y).score(x, y) > 0.95
    True
    """

    def fit(self, X, y):
        """Trains on rows ``X`` of shape (N, features) with the labels ``y`` of shape (N,).  Returns self."""
        X, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
        self._train(X, labels.astype(np.int32), len(self.classes_), loss)
        return self

    def predict_proba(self, X) -> np.ndarray:
        """The probability of each class, (N, classes)."""
        given = self._outputs(X)
        powers = np.exp(given - given.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def predict(self, X) -> np.ndarray:
        """The most probable class of each row, (N,)."""
        best = self._outputs(X).argmax(axis=1)
        return self.classes_[best]


class Regressor(RegressorMixin, _Estimator):
    """A network that gives a number, as a scikit-learn estimator; the arguments are those of ``Classifier``.

    The mean squared error is minimised.  Features and target are taken as they are: put a scaler before it in a pipeline, and
    ``TransformedTargetRegressor`` around it, where they are far from unit size.

    Attributes:
        network_: the trained network.
        loss_curve_: the mean loss of each epoch.

    >>> import numpy as np
    >>> x = np.linspace(-2, 2, 200).reshape(-1, 1)
    >>> Regressor(random_state=0).fit(x, np.sin(x[:, 0])).score(x, np.sin(x[:, 0])) > 0.95
    True
    """

    def fit(self, X, y):
        """Trains on rows ``X`` of shape (N, features) with the numbers ``y`` of shape (N,).  Returns self."""
        X, y = validate_data(self, X, y, dtype=np.float32, y_numeric=True)
        self._train(X, y.astype(np.float32).reshape(-1, 1), 1, nn.MSELoss())
        return self

    def predict(self, X) -> np.ndarray:
        """The number for each row, (N,)."""
        return self._outputs(X)[:, 0]
