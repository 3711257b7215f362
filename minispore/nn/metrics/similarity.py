"""Similarity: cosine similarity, Dice coefficient."""

import numpy as np

from ...core import checks
from ...core.errors import fail
from .metric import MeanMetric, Metric, rearrange_inputs


def one_of(owner: str, allowed, **given) -> None:
    """Raises unless every value is a str among those allowed.

    Args:
        owner: str, the metric's name for the message.
        allowed: container of str.
        **given: values by the names of their arguments.

    Raises:
        TypeError: a value is not a str.
        ValueError: a value is not among them.
    """
    for name, value in given.items():
        checks.string(owner, **{name: value})
        if value not in allowed:
            raise fail(ValueError, f"For '{owner}', '{name}' must be one of {list(allowed)}, but got {value!r}.")


class CosineSimilarity(Metric):
    """Similarities of the rows of a matrix, of the last ``update``.

    Args:
        similarity: "cosine" (the default), or "dot" for products without normalisation.
        reduction: "none" (the default), "sum" or "mean" over the last axis.
        zero_diagonal: bool, whether the similarity of a row with itself is set to 0.  Default: True.

    Inputs:
        inputs: Tensor, list or array of shape (N, M).

    Returns:
        array of shape (N, N), or reduced (N,).

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: ``eval`` before ``update``.

    >>> import numpy as np
    >>> from minispore.train import CosineSimilarity
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
        """Takes a matrix in.

        Args:
            inputs: Tensor, list or array of shape (N, M).
        """
        rows = self._convert_data(inputs)
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True) if self.similarity == "cosine" else rows

    def eval(self):
        self._require(self._rows is not None)
        products = self._rows @ self._rows.T
        if self.zero_diagonal:
            np.fill_diagonal(products, 0)
        return products if self.reduction == "none" else getattr(products, self.reduction)(axis=-1)


class Dice(MeanMetric):
    """``2 <p, y> / (<p, p> + <y, y> + smooth)``, summed over batches and divided by the number of samples.

    (Dividing a batch's coefficient by its samples is MindSpore's definition.)

    Args:
        smooth: float above 0, keeps the division finite.  Default: 1e-5.

    Inputs:
        prediction: Tensor, list or array p, shape (N, ...).
        label: y, of the same shape.

    Returns:
        float.

    Raises:
        TypeError: ``smooth`` is not a float.
        ValueError: ``smooth`` is not positive; shapes differ.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> dice = nn.Dice()(Tensor([[0.2, 0.5], [0.3, 0.1], [0.9, 0.6]]), Tensor([[0, 1], [1, 0], [0, 1]]))
    >>> round(dice, 6)
    0.204678
    """

    def __init__(self, smooth=1e-5):
        super().__init__()
        checks.positive_float("Dice", smooth=smooth)
        self.smooth = smooth

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
