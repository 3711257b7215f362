"""What all metrics share: ``clear``, ``update`` once per batch, ``eval`` at the end."""

import functools
from abc import ABCMeta, abstractmethod

import numpy as np

from ...core.errors import fail
from ...core.tensor import Tensor


def rearrange_inputs(func):
    """Decorates ``update`` so that ``set_indexes`` chooses and orders its inputs.

    Args:
        func: the method ``update(self, *inputs)``.

    Returns:
        function, the method with chosen inputs.

    >>> from minispore.train import Metric, rearrange_inputs
    >>> class Pair(Metric):
    ...     clear = eval = lambda self: None
    ...     @rearrange_inputs
    ...     def update(self, *inputs):
    ...         return inputs
    >>> Pair().set_indexes([2, 0]).update("loss", "output", "label")
    ('label', 'loss')
    """

    @functools.wraps(func)
    def wrapper(self, *inputs):
        indexes = self.indexes
        return func(self, *([inputs[i] for i in indexes] if indexes else inputs))

    return wrapper


class Metric(metaclass=ABCMeta):
    """The base of metrics.  A subclass has ``clear()``, ``update(*inputs)`` and ``eval()``.

    ``Model.eval`` calls ``clear``, then ``update(output, label)`` for each batch, then ``eval``.  A metric called with
    inputs does all three.  In the documentation of each metric "Inputs" are those of ``update``, "Returns" is of
    ``eval``.

    >>> from minispore import Tensor
    >>> from minispore.train import Metric
    >>> class Largest(Metric):
    ...     def clear(self):
    ...         self.value = 0.0
    ...     def update(self, *inputs):
    ...         self.value = max(self.value, float(inputs[0].max()))
    ...     def eval(self):
    ...         return self.value
    >>> Largest()(Tensor([1.0, 3.0]))
    3.0
    """

    def __init__(self):
        self._indexes = None

    @abstractmethod
    def clear(self):
        """Forgets what was seen."""

    @abstractmethod
    def update(self, *inputs):
        """Takes one batch in.

        Args:
            *inputs: Tensors, lists or arrays; which ones the metric's documentation says.

        Raises:
            ValueError: another number of inputs, or shapes that do not fit.
            TypeError: an input is none of these.
        """

    @abstractmethod
    def eval(self):
        """The result for what was seen since ``clear``.

        Returns:
            a number or an array, as the metric's documentation says.

        Raises:
            RuntimeError: nothing was seen.
        """

    def __call__(self, *inputs):
        """The result for these inputs alone."""
        self.clear()
        self.update(*inputs)
        return self.eval()

    @property
    def indexes(self):
        """Which inputs ``update`` takes, in which order: a list of ints; None for all."""
        return getattr(self, "_indexes", None)

    def set_indexes(self, indexes):
        """Sets which inputs ``update`` takes, in which order.

        Args:
            indexes: list of ints.

        Returns:
            the Metric itself.

        Raises:
            ValueError: not a list of ints.

        >>> from minispore import Tensor, nn
        >>> nn.MAE().set_indexes([0, 2])(Tensor([1.0]), "not used", Tensor([3.0]))
        2.0
        """
        if not isinstance(indexes, list) or not all(isinstance(i, int) for i in indexes):
            raise fail(ValueError, f"For 'set_indexes', 'indexes' must be a list of ints, but got {indexes!r:.60}.")
        self._indexes = indexes
        return self

    def _convert_data(self, data) -> np.ndarray:
        if isinstance(data, Tensor):
            return data.asnumpy()
        if isinstance(data, (list, np.ndarray)):
            return np.asarray(data)
        raise fail(
            TypeError,
            f"For '{type(self).__name__}', an input must be a Tensor, list or numpy.ndarray, but got {type(data).__name__}.",
        )

    # ------------------------------------------------------------ for the metrics of this package
    def _count(self, inputs, count: int, meaning: str) -> None:
        if len(inputs) != count:
            raise fail(
                ValueError,
                f"For '{type(self).__name__}.update', {count} inputs are needed ({meaning}), but got {len(inputs)}.",
            )

    def _pair(self, inputs) -> tuple[np.ndarray, np.ndarray]:
        self._count(inputs, 2, "prediction, label")
        return self._convert_data(inputs[0]), self._convert_data(inputs[1])

    def _require(self, seen) -> None:
        if not seen:
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}.eval', there were no samples: call 'update' before 'eval'.",
            )

    def _same_classes(self, known: int, prediction) -> int:
        """The number of classes, which must not change between batches."""
        classes = prediction.shape[1]
        if known and known != classes:
            raise fail(
                ValueError,
                f"For '{type(self).__name__}.update', the prediction had {known} classes before, but has {classes} now.",
            )
        return classes


class MeanMetric(Metric):
    """The base of metrics that are a sum over the samples, divided by their number."""

    def __init__(self):
        super().__init__()
        self.clear()

    def clear(self):
        self._sum, self._total = 0.0, 0

    def eval(self):
        self._require(self._total)
        return self._sum / self._total


class EvaluationBase(Metric):
    """The base of metrics for "classification" (one class for each sample) and "multilabel" (any number of them).

    Args:
        eval_type: "classification" or "multilabel".

    Raises:
        TypeError: ``eval_type`` is neither.
    """

    def __init__(self, eval_type):
        super().__init__()
        if eval_type not in ("classification", "multilabel"):
            raise fail(
                TypeError,
                f"For '{type(self).__name__}', 'eval_type' must be 'classification' or 'multilabel', but got {eval_type!r}.",
            )
        self._type = eval_type

    def _samples(self, inputs):
        """(prediction, label) of one batch, checked; labels of a classification as class numbers."""
        prediction, label = self._pair(inputs)
        if self._type == "classification":
            label = class_numbers(prediction, label)
            if label.shape != prediction.shape[:1] + prediction.shape[2:] or prediction.ndim < 2:
                raise fail(
                    ValueError,
                    f"For '{type(self).__name__}', a prediction of shape (N, C, ...) needs labels of shape (N, ...) or one-hot "
                    f"labels, but got {prediction.shape} and {label.shape}.",
                )
        elif prediction.shape != label.shape:
            raise fail(
                ValueError,
                f"For '{type(self).__name__}', multilabel prediction and label must have one shape, but got {prediction.shape} "
                f"and {label.shape}.",
            )
        elif not (np.isin(prediction, (0, 1)).all() and np.isin(label, (0, 1)).all()):
            raise fail(
                ValueError,
                f"For '{type(self).__name__}', multilabel prediction and label must hold only 0 and 1.",
            )
        return prediction, label


def class_numbers(prediction, label) -> np.ndarray:
    """Labels as class numbers, where they are one-hot.

    Args:
        prediction: array of shape (N, C, ...).
        label: array of shape (N, ...) or (N, C, ...).

    Returns:
        array of shape (N, ...), or the labels as they are.

    >>> import numpy as np
    >>> class_numbers(np.zeros((1, 3)), np.array([[0, 0, 1]])).tolist()
    [2]
    """
    if label.ndim == prediction.ndim and label.ndim > 1:
        if np.isin(label, (0, 1)).all() and (label.sum(axis=1) == 1).all():
            return label.argmax(axis=1)
    return label


def one_hot(owner: str, prediction, label):
    """Prediction and label in one-hot form; the prediction's class is its largest value.

    Args:
        owner: str, the metric's name for the message.
        prediction: array of shape (N, C, ...).
        label: array of class numbers, shape (N, ...).

    Returns:
        tuple of two arrays of shape (samples, C).

    Raises:
        ValueError: a label is not below C.

    >>> import numpy as np
    >>> [a.tolist() for a in one_hot("Recall", np.array([[0.2, 0.8]]), np.array([0]))]
    [[[0.0, 1.0]], [[1.0, 0.0]]]
    """
    classes = prediction.shape[1]
    if label.max() + 1 > classes:
        raise fail(
            ValueError,
            f"For '{owner}.update', a prediction of {classes} classes cannot have the label {int(label.max())}.",
        )
    eye = np.eye(classes)
    return eye[prediction.argmax(axis=1).reshape(-1)], eye[label.reshape(-1).astype(int)]
