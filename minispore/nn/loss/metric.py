"""Losses of distances, rankings and margins between inputs."""

from ... import ops
from ...core import checks
from ...ops.normalization import lp_norm
from .base import LossBase


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
        checks.same_shape("CosineEmbeddingLoss", logits_x1, logits_x2)
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
    "CosineEmbeddingLoss", "HingeEmbeddingLoss", "MarginRankingLoss", "SoftMarginLoss", "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
]  # fmt: skip
