"""Losses of overlapping regions (Dice), for segmentation."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...ops.inputs import sums_in_float32
from ..layer.activation import activation_of
from .base import LossBase


class DiceLoss(LossBase):
    """``1 - 2 sum(p * y) / (sum(p * p) + sum(y * y) + smooth)`` for ``p = logits``, ``y = label`` (Milletari et al.
    2016, arXiv 1606.04797).

    Args:
        smooth: float above 0, keeps the division finite.  Default: 1e-5.

    Inputs:
        logits: Tensor of floats, any shape.
        label: Tensor of the same shape.

    Returns:
        Tensor of shape () and the dtype of the logits.

    Raises:
        TypeError: ``smooth`` is not a float, or an input not a Tensor.
        ValueError: ``smooth`` is not positive, or the shapes differ.

    >>> from minispore import Tensor, nn
    >>> print(nn.DiceLoss()(Tensor([0.5, 0.5]), Tensor([1.0, 0.0])))
    0.33333778
    """

    def __init__(self, smooth=1e-5):
        super().__init__()
        checks.positive_float("DiceLoss", smooth=smooth)
        self.smooth = smooth

    @sums_in_float32
    def construct(self, logits, label):
        self._tensors(logits=logits, labels=label)
        checks.same_shape("DiceLoss", logits, label)
        return 1.0 - ops.sum(logits * label) * 2.0 / (
            ops.sum(ops.square(logits)) + ops.sum(ops.square(label)) + self.smooth
        )


class MultiClassDiceLoss(LossBase):
    """The mean of ``DiceLoss`` over the classes (axis 1), after ``activation``.

    Args:
        weights: Tensor of shape (C, 1), a factor for each class.  Default: None.
        ignore_indiex: int, a class that does not count in the sum; the name is MindSpore's.  Default: None.
        activation: "softmax" (the default), "logsoftmax", "relu", "relu6", "tanh", "sigmoid", a Cell, or None.

    Inputs:
        logits: Tensor of floats, shape (N, C, ...).
        label: Tensor of the same shape.

    Returns:
        Tensor of shape (), with ``weights`` (1,), and the dtype of the logits.

    Raises:
        TypeError: an argument of the wrong type, or an input that is not a Tensor.
        ValueError: shapes that do not fit, or an unknown activation.

    >>> from minispore import Tensor, nn
    >>> print(nn.MultiClassDiceLoss(activation=None)(Tensor([[1.0, 0.0]]), Tensor([[1.0, 0.0]])))
    0.5000025
    """

    def __init__(self, weights=None, ignore_indiex=None, activation="softmax"):
        super().__init__()
        name = "MultiClassDiceLoss"
        self.binarydiceloss = DiceLoss(smooth=1e-5)
        if weights is not None and checks.tensor(name, weights=weights).ndim != 2:
            raise fail(
                ValueError, f"For '{name}', the argument 'weights' must have 2 axes, but its shape is {weights.shape}."
            )
        if ignore_indiex is not None:
            checks.integer(name, ignore_indiex=ignore_indiex)
        if isinstance(activation, str):
            checks.one_of(name, ["softmax", "logsoftmax", "relu", "relu6", "tanh", "sigmoid"], activation=activation)
        self.weights, self.ignore_indiex, self.activation = weights, ignore_indiex, activation_of(name, activation)

    def construct(self, logits, label):
        name = "MultiClassDiceLoss"
        self._tensors(logits=logits, labels=label)
        checks.same_shape(name, logits, label)
        if logits.ndim < 2:
            raise fail(
                ValueError, f"For '{name}', the inputs must have at least 2 axes, but their shape is {logits.shape}."
            )
        classes = label.shape[1]
        if self.weights is not None and self.weights.shape[0] != classes:
            raise fail(
                ValueError,
                f"For '{name}', 'weights' must have {classes} rows, one for each class, but its shape is "
                f"{self.weights.shape}.",
            )
        if self.activation is not None:
            logits = self.activation(logits)
        total = 0.0
        for k in range(classes):
            if k != self.ignore_indiex:
                loss = self.binarydiceloss(logits[:, k], label[:, k])
                total = total + (loss if self.weights is None else loss * self.weights[k])
        return total / classes


__all__ = ["DiceLoss", "MultiClassDiceLoss"]
