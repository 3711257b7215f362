"""Similarity: cosine similarity, Dice coefficient."""

import numpy as np

from ...core import checks
from ...core.errors import fail
from .metric import Metric, rearrange_inputs


def one_of(owner: str, allowed, **given) -> None:
    """Every value is a str among ``allowed``."""
    for name, value in given.items():
        checks.string(owner, **{name: value})
        if value not in allowed:
            raise fail(ValueError, f"For '{owner}', '{name}' must be one of {list(allowed)}, but got {value!r}.")


class CosineSimilarity(Metric):
    """Similarities of the rows of a matrix (N, M): an (N, N) matrix, of the last ``update``.

    Args:
        similarity: "cosine", or "dot" for products without normalisation.
        reduction: "none", "sum" or "mean" over the last axis.
        zero_diagonal: the similarity of a row with itself is set to 0.

    >>> import numpy as np
    >>> print(CosineSimilarity()(np.array([[3.0, 4.0], [4.0, 3.0]])))
    [[0.   0.96]
     [0.96 0.  ]]
    """

    def __init__(self, similarity="cosine", reduction="none", zero_diagonal=True):
        super().__init__()
        one_of("CosineSimilarity", ("dot", "cosine"), similarity=similarity)
        one_of("CosineSimilarity", ("none", "sum", "mean"), reduction=reduction)
        checks.boolean("CosineSimilarity", zero_diagonal=zero_diagonal)
        self.similarity, self.reduction, self.zero_diagonal = similarity, reduction, zero_diagonal
        self.clear()

    def clear(self):
        self._rows = None

    @rearrange_inputs
    def update(self, inputs):
        rows = self._convert_data(inputs)
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True) if self.similarity == "cosine" else rows

    def eval(self):
        self._require(self._rows is not None)
        products = self._rows @ self._rows.T
        if self.zero_diagonal:
            np.fill_diagonal(products, 0)
        return products if self.reduction == "none" else getattr(products, self.reduction)(axis=-1)


class Dice(Metric):
    """``2 <p, y> / (<p, p> + <y, y> + smooth)``, summed over batches and divided by the number of samples.

    ``update(prediction, label)``: two of the same shape (N, ...).  (Dividing a batch's coefficient by its samples is
    MindSpore's definition.)

    Raises:
        TypeError, ValueError: ``smooth`` is not a positive float; shapes differ.
        RuntimeError: ``eval`` before ``update``.

    >>> import minispore as ms
    >>> round(Dice()(ms.Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), ms.Tensor([[0, 1], [1, 0], [0, 1]])), 6)
    0.204678
    """

    def __init__(self, smooth=1e-5):
        super().__init__()
        checks.positive_float("Dice", smooth=smooth)
        self.smooth = smooth
        self.clear()

    def clear(self):
        self._sum, self._total = 0.0, 0

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._pair(inputs)
        if prediction.shape != label.shape:
            raise fail(
                ValueError,
                f"For 'Dice.update', prediction and label must have one shape, but got {prediction.shape} and {label.shape}.",
            )
        p, y = prediction.ravel(), label.ravel()
        self._sum += 2 * float(p @ y) / float(p @ p + y @ y + self.smooth)
        self._total += label.shape[0]

    def eval(self):
        self._require(self._total)
        return self._sum / self._total
