"""Losses: each class checks its arguments and calls the function of ``ops`` that computes it."""

import math

from ... import ops
from ...core import checks
from ...core.dtype import float32, float64, int64
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops.inputs import sums_in_float32
from ...ops.loss import softmax_cross_entropy_with_logits, sparse_softmax_cross_entropy_with_logits
from ...ops.normalization import lp_norm
from ..cell import Cell
from ..layer.activation import LogSoftmax, activation_of

_REDUCTIONS = ("mean", "sum", "none")


class LossBase(Cell):
    """The base of losses: ``get_loss`` reduces what ``construct`` computed for each element.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Raises:
        ValueError: another ``reduction``.

    >>> from minispore import Tensor, nn, ops
    >>> class Absolute(nn.LossBase):
    ...     def construct(self, base, target):
    ...         return self.get_loss(ops.abs(base - target))
    >>> print(Absolute("sum")(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    3.0
    """

    is_piece = True

    reduce_mean, reduce_sum = staticmethod(ops.mean), staticmethod(ops.sum)
    mul, cast = staticmethod(ops.mul), staticmethod(ops.cast)

    def __init__(self, reduction="mean"):
        super().__init__()
        if reduction not in _REDUCTIONS:
            name = type(self).__name__
            raise fail(
                ValueError,
                f"For '{name}', the argument 'reduction' must be in {list(_REDUCTIONS)}, but got {reduction!r}.",
            )
        self.reduction = reduction
        self.reduce, self.average = reduction != "none", reduction != "sum"

    def get_axis(self, x) -> tuple[int, ...]:
        """All axes of a Tensor.

        Args:
            x: Tensor.

        Returns:
            tuple of ints, ``(0, ..., x.ndim - 1)``.

        >>> from minispore import nn, ops
        >>> nn.LossBase().get_axis(ops.zeros((2, 3)))
        (0, 1)
        """
        return tuple(range(x.ndim))

    def get_loss(self, x, weights=1.0):
        """``x * weights``, reduced; computed in float32 (float64 for float64).

        Args:
            x: Tensor of floats, the loss of each element.
            weights: number, or Tensor that broadcasts with x.  Default: 1.0.

        Returns:
            Tensor of the dtype of x: of shape (), or with "none" of that of the elements.

        >>> from minispore import Tensor, nn
        >>> print(nn.LossBase().get_loss(Tensor([1.0, 3.0]), weights=2.0))
        4.0
        """
        given = x.dtype
        x = x if given is float64 else to(x, float32)
        if isinstance(weights, Tensor) or weights != 1.0:
            x = x * weights
        if self.reduce:
            x = ops.mean(x) if self.average else ops.sum(x)
        return to(x, given)

    def construct(self, *args, **kwargs):
        raise NotImplementedError(f"'{type(self).__name__}' does not define construct(logits, labels).")

    def _tensors(self, **inputs) -> None:
        for name, x in inputs.items():
            checks.tensor(type(self).__name__, **{name: x})


_Loss = LossBase


# ---------------------------------------------------------------- regression
class MSELoss(LossBase):
    """``(logits - labels) ** 2``, reduced.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.MSELoss()(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    2.5
    """

    @sums_in_float32
    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        return self.get_loss(ops.square(logits - labels))


class RMSELoss(LossBase):
    """The root of the mean squared error: ``sqrt(mean((logits - label) ** 2))``.

    Inputs:
        logits: Tensor of floats, any shape.
        label: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of shape () and the dtype of the logits.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: the shapes do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.RMSELoss()(Tensor([1.0, 2.0]), Tensor([4.0, 5.0])))
    3.0
    """

    def __init__(self):
        super().__init__()
        self.MSELoss = MSELoss()

    @sums_in_float32
    def construct(self, logits, label):
        return ops.sqrt(self.MSELoss(logits, label))


class MAELoss(LossBase):
    """``|logits - label|``, reduced.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape.
        label: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.MAELoss()(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    1.5
    """

    def construct(self, logits, label):
        self._tensors(logits=logits, labels=label)
        return self.get_loss(ops.abs(logits - label))


class L1Loss(LossBase):
    """``|logits - labels|``, reduced.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.L1Loss("none")(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    [1. 2.]
    """

    def construct(self, logits, labels):
        return ops.l1_loss(logits, labels, self.reduction)


class L1LossExt(L1Loss):
    """``|logits - labels|``, reduced: the same as ``L1Loss``.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.L1LossExt("sum")(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    3.0
    """


class SmoothL1Loss(LossBase):
    """``d ** 2 / (2 beta)`` where ``d = |logits - labels|`` is below ``beta``, else ``d - beta / 2``.

    Args:
        beta: number above 0, where the square ends.  Default: 1.0.
        reduction: "none" (the default), "mean" or "sum".

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of the same shape.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: ``beta`` is not a number, or an input not a Tensor.
        ValueError: an argument out of range, or different shapes.

    >>> from minispore import Tensor, nn
    >>> print(nn.SmoothL1Loss()(Tensor([1.0, 2.0]), Tensor([0.5, 4.0])))
    [0.125 1.5  ]
    """

    def __init__(self, beta=1.0, reduction="none"):
        super().__init__(reduction)
        self.beta = checks.number("SmoothL1Loss", beta=beta)

    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        _same_shape("SmoothL1Loss", logits, labels)
        return ops.smooth_l1_loss(logits, labels, self.beta, self.reduction)


class HuberLoss(LossBase):
    """``d ** 2 / 2`` where ``d = |logits - labels|`` is below ``delta``, else ``delta * (d - delta / 2)``.

    Args:
        reduction: "mean" (the default), "sum" or "none".
        delta: number above 0, where the square ends.  Default: 1.0.

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.HuberLoss("none")(Tensor([1.0, 2.0]), Tensor([0.5, 4.0])))
    [0.125 1.5  ]
    """

    def __init__(self, reduction="mean", delta=1.0):
        super().__init__(reduction)
        self.delta = delta

    def construct(self, logits, labels):
        return ops.huber_loss(logits, labels, self.reduction, self.delta)


class PoissonNLLLoss(LossBase):
    """``exp(input) - target * input``: the negative log-likelihood of a Poisson distribution of the rate
    ``exp(input)``.

    Args:
        log_input: bool; False: the input is the rate, the loss ``input - target * log(input + eps)``.  Default: True.
        full: bool, whether to add Stirling's approximation of ``log(target!)`` where the target is above 1.  Default:
            False.
        eps: float, keeps the logarithm finite.  Default: 1e-8.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        input: Tensor of floats, any shape.
        target: Tensor that broadcasts with it.

    Returns:
        Tensor of the dtype of the input: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> loss = nn.PoissonNLLLoss()(Tensor([0.0, 1.0]), Tensor([1.0, 2.0]))
    >>> print(round(float(loss), 4))
    0.8591
    """

    def __init__(self, log_input=True, full=False, eps=1e-08, reduction="mean"):
        super().__init__(reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def construct(self, input, target):
        self._tensors(input=input, target=target)
        target = to(target, input.dtype)
        loss = ops.exp(input) - target * input if self.log_input else input - target * ops.log(input + self.eps)
        if self.full:
            n = ops.maximum(target, 1.0)
            stirling = (n + 0.5) * ops.log(n) - n + 0.5 * math.log(2 * math.pi)
            loss = loss + ops.select(target > 1, stirling, 0.0)
        return self.get_loss(loss)


class GaussianNLLLoss(LossBase):
    """``(log(v) + (logits - labels) ** 2 / v) / 2`` with ``v = max(var, eps)``: the negative log-likelihood of a normal
    distribution.

    Args:
        full: bool, whether to add ``log(2 pi) / 2``.  Default: False.
        eps: number above 0, the least variance.  Default: 1e-6.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape, the means.
        labels: Tensor that broadcasts with it.
        var: Tensor of the shape of the logits, of that with 1 in place of the last length, or without the last axis;
            not negative.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.GaussianNLLLoss()(Tensor([1.0, 2.0]), Tensor([0.0, 2.0]), Tensor([1.0, 1.0])))
    0.25
    """

    def __init__(self, *, full=False, eps=1e-6, reduction="mean"):
        super().__init__(reduction)
        self.full = checks.boolean("GaussianNLLLoss", full=full)
        checks.above("GaussianNLLLoss", 0, eps=checks.number("GaussianNLLLoss", eps=eps))
        self.eps = float(eps)

    def construct(self, logits, labels, var):
        self._tensors(logits=logits, labels=labels, var=var)
        return ops.gaussian_nll_loss(logits, labels, var, self.full, self.eps, self.reduction)


# ---------------------------------------------------------------- classification
class SoftmaxCrossEntropyWithLogits(LossBase):
    """``-sum(labels * log_softmax(logits))`` of each row.

    Args:
        sparse: bool, whether labels are class indices in place of probabilities.  Default: False.
        reduction: "none" (the default), "mean" or "sum".
        is_grad: accepted, without effect: an argument of MindSpore 1.

    Inputs:
        logits: Tensor of floats, shape (N, C).
        labels: Tensor of floats, shape (N, C), or with ``sparse`` of ints, shape (N,).

    Returns:
        Tensor of the dtype of the logits, of shape (N,), reduced ().

    Raises:
        TypeError: labels of the wrong type.
        ValueError: shapes that do not fit.
        IndexError: a label outside [0, C).

    >>> from minispore import Tensor, nn
    >>> loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    >>> print(loss(Tensor([[0.0, 0.0]]), Tensor([1])))
    0.6931472
    """

    def __init__(self, sparse=False, reduction="none", is_grad=None):
        super().__init__(reduction)
        self.sparse = checks.boolean("SoftmaxCrossEntropyWithLogits", sparse=sparse)

    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        if self.sparse:
            return self.get_loss(sparse_softmax_cross_entropy_with_logits(logits, labels))
        name = "SoftmaxCrossEntropyWithLogits"
        if not labels.dtype.is_float:
            raise fail(
                TypeError,
                f"For '{name}', the labels must be floats (probabilities), but got {labels.dtype}; for class "
                "indices, sparse=True.",
            )
        if logits.ndim != 2:
            raise fail(ValueError, f"For '{name}', the logits must have 2 axes, but their shape is {logits.shape}.")
        return self.get_loss(softmax_cross_entropy_with_logits(logits, labels))


class CrossEntropyLoss(LossBase):
    """``-log(softmax(logits))`` at the class ``labels``, or its mean under the probabilities ``labels``.

    Args:
        weight: Tensor of floats, shape (C,), a factor for each class.  Default: None.
        ignore_index: int, a class whose elements do not count.  Default: -100.
        reduction: "mean" (the default; divides by the sum of the weights of the elements that count), "sum" or "none".
        label_smoothing: float in [0, 1], the share of the target that is spread evenly over the classes.  Default: 0.0.

    Inputs:
        logits: Tensor of floats, shape (C,), (N, C) or (N, C, d1, ...).
        labels: Tensor of ints of that shape without C, or of floats of that shape.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the logits without C.

    Raises:
        TypeError: an argument or labels of the wrong type.
        ValueError: an argument out of range, or shapes that do not fit.
        IndexError: a label outside [0, C).

    >>> from minispore import Tensor, nn
    >>> print(nn.CrossEntropyLoss()(Tensor([[0.0, 0.0]]), Tensor([1])))
    0.6931472
    """

    def __init__(self, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
        super().__init__(reduction)
        name = "CrossEntropyLoss"
        self.weight = _class_weight(name, weight)
        self.ignore_index = checks.integer(name, ignore_index=ignore_index)
        checks.floating(name, label_smoothing=label_smoothing)
        self.label_smoothing = checks.within(name, "[0, 1]", label_smoothing=label_smoothing)

    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        if labels.ndim in (logits.ndim, logits.ndim - 1) and labels.dtype.is_float != (labels.ndim == logits.ndim):
            raise fail(
                TypeError,
                "For 'CrossEntropyLoss', the labels must be floats of the shape of the logits (probabilities) or "
                "integers of that shape "
                f"without the classes, but got {labels.dtype} of the shape {labels.shape} for logits of the shape "
                f"{logits.shape}.",
            )
        return ops.cross_entropy(logits, labels, self.weight, self.ignore_index, self.reduction, self.label_smoothing)


class NLLLoss(LossBase):
    """``-logits`` (log-probabilities) at the class ``labels``.

    Args:
        weight: Tensor of floats, shape (C,), a factor for each class.  Default: None.
        ignore_index: int, a class whose elements do not count.  Default: -100.
        reduction: "mean" (the default; divides by the sum of the weights of the elements that count), "sum" or "none".

    Inputs:
        logits: Tensor of floats, shape (C,), (N, C) or (N, C, d1, ...).
        labels: Tensor of ints of that shape without C.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the labels.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: another ``reduction``, or shapes that do not fit.
        IndexError: a label outside [0, C).

    >>> from minispore import Tensor, nn
    >>> print(nn.NLLLoss()(Tensor([[-0.5, -2.0]]), Tensor([1])))
    2.0
    """

    def __init__(self, weight=None, ignore_index=-100, reduction="mean"):
        super().__init__(reduction)
        self.weight = _class_weight("NLLLoss", weight)
        self.ignore_index = checks.integer("NLLLoss", ignore_index=ignore_index)

    def construct(self, logits, labels):
        return ops.nll_loss(logits, labels, self.weight, self.ignore_index, self.reduction)


def _class_weight(owner, weight):
    if weight is not None and not checks.tensor(owner, weight=weight).dtype.is_float:
        raise fail(
            TypeError, f"For '{owner}', the argument 'weight' must be a Tensor of floats, but got {weight.dtype}."
        )
    return weight


def _same_shape(owner, x, y) -> None:
    if x.shape != y.shape:
        raise fail(ValueError, f"For '{owner}', the inputs must have equal shapes, but got {x.shape} and {y.shape}.")


class BCELoss(LossBase):
    """``-(labels * log(p) + (1 - labels) * log(1 - p)) * weight`` for probabilities ``p = logits``.

    Args:
        weight: Tensor that broadcasts with the labels.  Default: None.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats in [0, 1], any shape.
        labels: Tensor of floats of the same shape.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input of the wrong type.
        ValueError: another ``reduction``, or different shapes.

    >>> from minispore import Tensor, nn
    >>> print(nn.BCELoss()(Tensor([0.5, 0.5]), Tensor([1.0, 0.0])))
    0.6931472
    """

    def __init__(self, weight=None, reduction="mean"):
        super().__init__(reduction)
        self.weight = weight

    def construct(self, logits, labels):
        return ops.binary_cross_entropy(logits, labels, self.weight, self.reduction)


class BCEWithLogitsLoss(LossBase):
    """``BCELoss`` of ``sigmoid(input)``, safe from overflow.

    Args:
        reduction: "mean" (the default), "sum" or "none".
        weight: Tensor that broadcasts with the target, multiplies the elements.  Default: None.
        pos_weight: Tensor that broadcasts with the target, multiplies the part of the positive ones.  Default: None.

    Inputs:
        input: Tensor of floats, any shape.
        target: Tensor of floats of the same shape.

    Returns:
        Tensor of the dtype of the input: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: a weight is a Parameter, or an input not a Tensor.
        ValueError: another ``reduction``, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.BCEWithLogitsLoss()(Tensor([0.0, 0.0]), Tensor([1.0, 0.0])))
    0.6931472
    """

    def __init__(self, reduction="mean", weight=None, pos_weight=None):
        super().__init__(reduction)
        for name, value in (("weight", weight), ("pos_weight", pos_weight)):
            if isinstance(value, Parameter):
                raise fail(TypeError, f"For 'BCEWithLogitsLoss', the argument '{name}' must not be a Parameter.")
        self.weight, self.pos_weight = weight, pos_weight

    def construct(self, input, target):
        self._tensors(input=input, target=target)
        return ops.binary_cross_entropy_with_logits(input, target, self.weight, self.pos_weight, self.reduction)


class KLDivLoss(LossBase):
    """``labels * (log(labels) - logits)`` for log-probabilities ``logits``.

    Args:
        reduction: "mean" (the default), "sum", "none" or "batchmean": the sum divided by the length of the first axis.

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of floats of the same shape, the probabilities.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction`` (at the call), or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.KLDivLoss("sum")(Tensor([-1.0, -1.0]), Tensor([0.5, 0.5])))
    0.30685282
    """

    def __init__(self, reduction="mean"):
        super().__init__()
        self.reduction = reduction

    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        return ops.kl_div(logits, labels, self.reduction)


class FocalLoss(LossBase):
    """``-(1 - p) ** gamma * log(p)`` with the probability ``p = softmax(logits)`` of the class, averaged over the image
    (Lin et al. 2017, arXiv 1708.02002).

    Args:
        weight: Tensor of shape (C,), a factor for each class.  Default: None.
        gamma: float, how much less well classified elements count.  Default: 2.0.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, shape (N, C), (N, C, L) or (N, C, H, W), C at least 2.
        labels: Tensor of that shape, with class indices and 1 in place of C, or with C probabilities.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" (N,) for indices and (N, C) for probabilities.

    Raises:
        TypeError: an argument of the wrong type, or an input that is not a Tensor.
        ValueError: an argument or input of another shape.

    >>> from minispore import Tensor, nn
    >>> print(nn.FocalLoss()(Tensor([[0.0, 0.0]]), Tensor([[1]])))
    0.1732868
    """

    def __init__(self, weight=None, gamma=2.0, reduction="mean"):
        super().__init__(reduction)
        self.gamma = checks.floating("FocalLoss", gamma=gamma)
        if weight is not None and checks.tensor("FocalLoss", weight=weight).ndim != 1:
            raise fail(
                ValueError,
                f"For 'FocalLoss', the argument 'weight' must have one axis, but its shape is {weight.shape}.",
            )
        self.weight = weight
        self.logsoftmax = LogSoftmax(1)

    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        classes = logits.shape[1] if logits.ndim > 1 else 0
        if (
            logits.ndim not in (2, 3, 4)
            or labels.ndim != logits.ndim
            or classes == 1
            or labels.shape[1] not in (1, classes)
        ):
            raise fail(
                ValueError,
                "For 'FocalLoss', the inputs must have the same 2 to 4 axes, the logits at least 2 classes, and "
                "the labels 1 or as many, "
                f"but got the shapes {logits.shape} and {labels.shape}.",
            )
        logp = self.logsoftmax(ops.reshape(logits, (*logits.shape[:2], -1)))
        labels = ops.reshape(labels, (*labels.shape[:2], -1))
        p = ops.exp(logp)
        if self.weight is not None:
            logp = logp * ops.reshape(self.weight, (1, -1, 1))
        loss = ops.pow(1.0 - p, self.gamma) * logp * -1.0
        if labels.shape[1] == classes:
            return self.get_loss(ops.mean(loss * labels, 2))
        picked = ops.squeeze(ops.gather_elements(loss, 1, to(labels, int64)), 1)
        return self.get_loss(ops.mean(picked, 1))


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
        _same_shape("DiceLoss", logits, label)
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
        _same_shape(name, logits, label)
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


class MultiLabelSoftMarginLoss(LossBase):
    """The mean over the classes of the binary cross entropy of ``sigmoid(x)``.

    Args:
        weight: Tensor of shape (C,), a factor for each class.  Default: None.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        x: Tensor of floats, shape (N, C).
        target: Tensor of the same shape, 1 for the classes of a sample and 0 for the others.

    Returns:
        Tensor of the dtype of x: of shape (), or with "none" (N,).

    Raises:
        ValueError: another ``reduction``, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.MultiLabelSoftMarginLoss()(Tensor([[0.0, 0.0]]), Tensor([[1.0, 0.0]])))
    0.6931472
    """

    def __init__(self, weight=None, reduction="mean"):
        super().__init__(reduction)
        self.weight = weight

    def construct(self, x, target):
        return ops.multilabel_soft_margin_loss(x, target, self.weight, self.reduction)


class MultiMarginLoss(LossBase):
    """The mean over the classes i other than ``target`` of ``max(margin - x[target] + x[i], 0) ** p``.

    Args:
        p: 1 (the default) or 2.
        margin: number.  Default: 1.0.
        reduction: "mean" (the default), "sum" or "none".
        weight: Tensor of shape (C,), a factor for the class of each target.  Default: None.

    Inputs:
        x: Tensor of floats, shape (N, C).
        target: Tensor of ints, shape (N,).
        weight: Tensor of shape (C,), where the layer was made without.  Default: None.

    Returns:
        Tensor of the dtype of x: of shape (), or with "none" (N,).

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.MultiMarginLoss()(Tensor([[1.0, 0.5]]), Tensor([0])))
    0.25
    """

    def __init__(self, p=1, margin=1.0, reduction="mean", weight=None):
        super().__init__(reduction)
        if checks.integer("MultiMarginLoss", p=p) not in (1, 2):
            raise fail(ValueError, f"For 'MultiMarginLoss', the argument 'p' must be 1 or 2, but got {p}.")
        self.p, self.margin, self.weight = p, checks.number("MultiMarginLoss", margin=margin), weight

    def construct(self, x, target, weight=None):
        self._tensors(x=x, target=target)
        weight = weight if self.weight is None else self.weight
        return ops.multi_margin_loss(x, target, self.p, self.margin, weight, self.reduction)


class MultilabelMarginLoss(LossBase):
    """The sum of ``max(0, 1 - (x[j] - x[i])) / C`` over each target class j and each class i that is no target.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        x: Tensor of floats, shape (N, C) or (C,).
        target: Tensor of ints of the same shape: the target classes, then -1.

    Returns:
        Tensor of the dtype of x: of shape (), or with "none" one number for each sample.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or different shapes.

    >>> from minispore import Tensor, nn
    >>> print(nn.MultilabelMarginLoss()(Tensor([[1.0, 0.5, 0.0]]), Tensor([[0, -1, -1]])))
    0.16666667
    """

    def construct(self, x, target):
        self._tensors(x=x, target=target)
        _same_shape("MultilabelMarginLoss", x, target)
        classes = x.shape[-1]
        counts = ops.cumprod(to(target >= 0, x.dtype), -1)  # the classes before the first -1
        at = ops.maximum(target, 0)
        hit = ops.expand_dims(counts, -1) * (ops.expand_dims(at, -1) == ops.arange(classes))
        others = 1.0 - ops.minimum(ops.sum(hit, -2), 1.0)
        wanted = ops.gather_elements(x, -1, at)
        short = ops.relu(1.0 - (ops.expand_dims(wanted, -1) - ops.expand_dims(x, -2)))
        parts = short * ops.expand_dims(counts, -1) * ops.expand_dims(others, -2)
        return self.get_loss(ops.sum(parts, (-2, -1)) / classes)


class CTCLoss(LossBase):
    """Connectionist temporal classification (Graves et al. 2006): ``-log`` of the probability that the steps of a
    sequence spell its target, with blanks and repetitions taken out.

    Args:
        blank: int, the class that stands for no output.  Default: 0.
        reduction: "mean" (the default; over the batch of each loss divided by the length of its target), "sum" or
            "none".
        zero_infinity: bool, whether the loss and gradient of a target that cannot be spelled are 0.  Default: False.

    Inputs:
        log_probs: Tensor of floats, shape (T, N, C) or (T, C).
        target: Tensor of ints, shape (N, S) or (S,).
        input_lengths: Tensor or tuple of ints, (N,): the steps of each sequence.
        target_lengths: Tensor or tuple of ints, (N,): the length of each target.

    Returns:
        Tensor of the dtype of log_probs: of shape (), or with "none" (N,).

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range, or shapes that do not fit.

    >>> from minispore import Tensor, nn, ops
    >>> steps = ops.log(Tensor([[[0.5, 0.5]], [[0.5, 0.5]]]))  # "1 1", "0 1" and "1 0" spell the target 1
    >>> print(nn.CTCLoss()(steps, Tensor([[1]]), Tensor([2]), Tensor([1])).exp())
    1.3333334
    """

    def __init__(self, blank=0, reduction="mean", zero_infinity=False):
        super().__init__(reduction)
        self.blank, self.zero_infinity = blank, checks.boolean("CTCLoss", zero_infinity=zero_infinity)

    def construct(self, log_probs, target, input_lengths, target_lengths):
        single = log_probs.ndim == 2
        if single:
            log_probs, target = ops.expand_dims(log_probs, 1), ops.expand_dims(target, 0)
        loss = ops.ctc_loss(
            log_probs, target, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )[0]
        return ops.squeeze(loss, 0) if single and loss.ndim else loss


# ---------------------------------------------------------------- margins and distances
class CosineEmbeddingLoss(LossBase):
    """``1 - cos`` where ``labels`` is 1, ``max(cos - margin, 0)`` where it is -1, with ``cos`` of the vectors along
    axis 1.

    Args:
        margin: float in [-1, 1].  Default: 0.0.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits_x1: Tensor of floats, shape (N, D, ...).
        logits_x2: Tensor of the same shape.
        labels: Tensor of 1 and -1, of that shape without D.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the labels.

    Raises:
        TypeError: ``margin`` is not a float, or an input not a Tensor.
        ValueError: an argument out of range, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> loss = nn.CosineEmbeddingLoss()
    >>> print(loss(Tensor([[3.0, 4.0]]), Tensor([[1.0, 0.0]]), Tensor([1])))
    0.39999998
    """

    def __init__(self, margin=0.0, reduction="mean"):
        super().__init__(reduction)
        checks.floating("CosineEmbeddingLoss", margin=margin)
        self.margin = checks.within("CosineEmbeddingLoss", "[-1, 1]", margin=margin)

    def construct(self, logits_x1, logits_x2, labels):
        self._tensors(logits_x1=logits_x1, logits_x2=logits_x2, labels=labels)
        _same_shape("CosineEmbeddingLoss", logits_x1, logits_x2)
        return ops.cosine_embedding_loss(logits_x1, logits_x2, labels, self.margin, self.reduction)


class MarginRankingLoss(LossBase):
    """``max(-target * (input1 - input2) + margin, 0)``.

    Args:
        margin: number.  Default: 0.0.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        input1: Tensor of floats, any shape.
        input2: Tensor of the same shape.
        target: Tensor of 1 (the first shall be larger) and -1, of the same shape.

    Returns:
        Tensor of the dtype of the inputs: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: ``margin`` is not a number.
        ValueError: another ``reduction``, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.MarginRankingLoss()(Tensor([1.0, 2.0]), Tensor([3.0, 0.0]), Tensor([1.0, 1.0])))
    1.0
    """

    def __init__(self, margin=0.0, reduction="mean"):
        super().__init__(reduction)
        self.margin = checks.number("MarginRankingLoss", margin=margin)

    def construct(self, input1, input2, target):
        return ops.margin_ranking_loss(input1, input2, target, self.margin, self.reduction)


class HingeEmbeddingLoss(LossBase):
    """``logits`` where ``labels`` is 1, ``max(margin - logits, 0)`` where it is -1.

    Args:
        margin: number.  Default: 1.0.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of 1 and -1, of the same shape.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: ``margin`` is not a number.
        ValueError: another ``reduction``, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.HingeEmbeddingLoss(reduction="none")(Tensor([0.5, 0.25]), Tensor([1.0, -1.0])))
    [0.5  0.75]
    """

    def __init__(self, margin=1.0, reduction="mean"):
        super().__init__(reduction)
        self.margin = checks.number("HingeEmbeddingLoss", margin=margin)

    def construct(self, logits, labels):
        return ops.hinge_embedding_loss(logits, labels, self.margin, self.reduction)


class SoftMarginLoss(LossBase):
    """``log(1 + exp(-labels * logits))``.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of 1 and -1, of the same shape.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        ValueError: another ``reduction``, or different shapes.

    >>> from minispore import Tensor, nn
    >>> print(nn.SoftMarginLoss()(Tensor([0.0, 0.0]), Tensor([1.0, -1.0])))
    0.6931472
    """

    def construct(self, logits, labels):
        return ops.soft_margin_loss(logits, labels, self.reduction)


class TripletMarginLoss(LossBase):
    """``max(d(x, positive) - d(x, negative) + margin, 0)`` with p-norms ``d``.

    Args:
        p: int, the order of the norm.  Default: 2.
        swap: bool, whether d(positive, negative) replaces d(x, negative) where it is smaller.  Default: False.
        eps: float, added to the differences.  Default: 1e-6.
        reduction: "mean" (the default), "sum" or "none".
        margin: number.  Default: 1.0.

    Inputs:
        x: Tensor of floats, shape (N, D).
        positive: Tensor that broadcasts with it.
        negative: Tensor that broadcasts with it.
        margin: number, used where the layer was made with the default.  Default: 1.0.

    Returns:
        Tensor of the dtype of x: of shape (), or with "none" (N,).

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: another ``reduction``, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> x, positive, negative = Tensor([[1.0, 2.0]]), Tensor([[1.0, 2.0]]), Tensor([[1.5, 2.0]])
    >>> print(nn.TripletMarginLoss()(x, positive, negative))
    0.5000024
    """

    def __init__(self, p=2, swap=False, eps=1e-06, reduction="mean", margin=1.0):
        super().__init__(reduction)
        self.p, self.swap, self.eps, self.margin = p, swap, eps, margin

    def construct(self, x, positive, negative, margin=1.0):
        margin = self.margin if self.margin != 1.0 else margin
        return ops.triplet_margin_loss(x, positive, negative, margin, self.p, self.eps, self.swap, self.reduction)


class TripletMarginWithDistanceLoss(LossBase):
    """``max(d(x, positive) - d(x, negative) + margin, 0)`` with any distance ``d``.

    Args:
        distance_function: function of two Tensors.  None (the default): the Euclidean norm of the difference over axis
            1.
        swap: bool, whether d(positive, negative) replaces d(x, negative) where it is smaller.  Default: False.
        reduction: "mean" (the default), "sum" or "none".
        margin: float.  Default: 1.0.

    Inputs:
        x: Tensor of floats, shape (N, D, ...).
        positive: Tensor of the same shape.
        negative: Tensor of the same shape.

    Returns:
        Tensor of the dtype of x: of shape (), or with "none" of that of the distances.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: another ``reduction``, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> loss = nn.TripletMarginWithDistanceLoss(lambda a, b: (a - b).abs().sum(1))
    >>> print(loss(Tensor([[1.0, 2.0]]), Tensor([[1.0, 2.0]]), Tensor([[1.5, 2.0]])))
    0.5
    """

    def __init__(self, distance_function=None, swap=False, reduction="mean", margin=1.0):
        super().__init__(reduction)
        self.margin = checks.floating("TripletMarginWithDistanceLoss", margin=margin)
        self.swap = checks.boolean("TripletMarginWithDistanceLoss", swap=swap)
        self.distance_function = _euclidean if distance_function is None else distance_function

    def construct(self, x, positive, negative):
        self._tensors(x=x, positive=positive, negative=negative)
        near, far = self.distance_function(x, positive), self.distance_function(x, negative)
        if self.swap:
            far = ops.minimum(far, self.distance_function(positive, negative))
        return self.get_loss(ops.maximum(near - far + self.margin, 0.0))


def _euclidean(x, y):
    return lp_norm(x - y, 1, 2)


__all__ = [
    "BCELoss", "BCEWithLogitsLoss", "CTCLoss", "CosineEmbeddingLoss", "CrossEntropyLoss", "DiceLoss", "FocalLoss",
    "GaussianNLLLoss", "HingeEmbeddingLoss", "HuberLoss", "KLDivLoss", "L1Loss", "L1LossExt", "LossBase", "MAELoss",
    "MSELoss", "MarginRankingLoss", "MultiClassDiceLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss", "MultilabelMarginLoss", "NLLLoss",
    "PoissonNLLLoss", "RMSELoss", "SmoothL1Loss", "SoftMarginLoss", "SoftmaxCrossEntropyWithLogits",
    "TripletMarginLoss", "TripletMarginWithDistanceLoss",
]  # fmt: skip
