"""Losses between scores and classes: cross entropy and its kin, several labels, sequences."""

from ... import ops
from ...core import checks
from ...core.dtype import int64
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter
from ...ops.loss_classification import softmax_cross_entropy_with_logits, sparse_softmax_cross_entropy_with_logits
from ..layer.softmax import LogSoftmax
from .base import LossBase, class_weight


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
        self.weight = class_weight(name, weight)
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
        self.weight = class_weight("NLLLoss", weight)
        self.ignore_index = checks.integer("NLLLoss", ignore_index=ignore_index)

    def construct(self, logits, labels):
        return ops.nll_loss(logits, labels, self.weight, self.ignore_index, self.reduction)


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
        checks.same_shape("MultilabelMarginLoss", x, target)
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


__all__ = [
    "BCELoss", "BCEWithLogitsLoss", "CTCLoss", "CrossEntropyLoss", "FocalLoss", "KLDivLoss",
    "MultiLabelSoftMarginLoss", "MultiMarginLoss", "MultilabelMarginLoss", "NLLLoss",
    "SoftmaxCrossEntropyWithLogits",
]  # fmt: skip
