"""The loss, and errors of regressions."""

import numpy as np

from .metric import MeanMetric, rearrange_inputs


class Loss(MeanMetric):
    """The mean of the losses of the batches; every batch counts the same.

    Inputs:
        loss: Tensor, whose mean is taken.

    Returns:
        float.

    Raises:
        ValueError: not one input.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> metric = nn.Loss()
    >>> for value in (1.0, 2.0):
    ...     metric.update(Tensor(value))
    >>> metric.eval()
    1.5
    """

    @rearrange_inputs
    def update(self, *inputs):
        self._count(inputs, 1, "loss")
        self._sum += float(self._convert_data(inputs[0]).mean())
        self._total += 1


class _Error(MeanMetric):
    """The sum of an error over all elements, divided by the number of samples (the first axis)."""

    @staticmethod
    def _error(difference):
        raise NotImplementedError

    @rearrange_inputs
    def update(self, *inputs):
        prediction, label = self._pair(inputs)
        self._sum += float(self._error(label.reshape(prediction.shape) - prediction).sum())
        self._total += label.shape[0]


class MAE(_Error):
    """Mean absolute error: ``sum(|label - prediction|) / N``, where N counts samples (the first axis), not elements.

    Inputs:
        prediction: Tensor, list or array of numbers.
        label: of the same shape.

    Returns:
        float.

    Raises:
        ValueError: not two inputs, or shapes that do not fit.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor, nn
    >>> round(nn.MAE()(Tensor([0.1, 0.2]), Tensor([0.1, 0.4])), 6)
    0.1
    """

    _error = staticmethod(np.abs)


class MSE(_Error):
    """Mean squared error: ``sum((label - prediction)^2) / N``, where N counts samples (the first axis), not elements.

    Inputs:
        prediction: Tensor, list or array of numbers.
        label: of the same shape.

    Returns:
        float.

    Raises:
        ValueError: not two inputs, or shapes that do not fit.
        RuntimeError: ``eval`` before ``update``.

    >>> from minispore import Tensor
    >>> from minispore.train import MSE
    >>> round(MSE()(Tensor([0.1, 0.2]), Tensor([0.1, 0.4])), 6)
    0.02
    """

    _error = staticmethod(np.square)
