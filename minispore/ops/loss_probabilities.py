"""Losses of probabilities: binary cross entropies and the Kullback-Leibler divergence."""

from ..core import checks
from ..core.op import elementwise, to
from .activation import softplus_op
from .elementwise import (
    greater,
    log,
    maximum,
    neg,
    select,
)
from .inputs import accumulation_type, float_input, sums_in_float32
from .large import as_piece
from .loss import check_reduction, reduced
from .reduction import sum as sum_

# log(max(x, y)) with the gradient 1 / max(x, y): saturated probabilities still learn, and certain ones stay (MindSpore).
floored_log = elementwise(
    "floored_log", "log(maximum(x, y))", "x y", types="float",
    vjp=(lambda g, out, x, y: select(x < 1.0, g / maximum(x, y), 0.0), None), samples=[],
)  # fmt: skip


@as_piece
def binary_cross_entropy(logits, labels, weight=None, reduction="mean"):
    """``-(labels * log(p) + (1 - labels) * log(1 - p)) * weight`` for probabilities ``p = logits``.

    Probabilities are held at 1e-12 or more inside the logarithms.

    Args:
        logits (Tensor): any shape; floats in [0, 1].
        labels (Tensor): the shape of ``logits``; floats in [0, 1].
        weight (Tensor | None): a shape that broadcasts against ``logits``; factors of the elements. Default: None.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" the shape of ``logits``; the type of ``logits``.

    Raises:
        TypeError: ``logits`` or ``labels`` is not a Tensor of floats.
        ValueError: ``reduction`` is unknown, or the shapes differ.

    >>> import minispore as ms
    >>> print(binary_cross_entropy(ms.Tensor([0.5]), ms.Tensor([1.0])))
    0.6931472
    """
    check_reduction("binary_cross_entropy", reduction)
    p, y = float_input("binary_cross_entropy", logits, "logits"), float_input("binary_cross_entropy", labels, "labels")
    checks.same_shape("binary_cross_entropy", p, y)
    given, p, y = p.dtype, accumulation_type(p), accumulation_type(y)
    loss = neg(y * floored_log(p, 1e-12) + (1.0 - y) * floored_log(1.0 - p, 1e-12))
    return to(reduced(loss if weight is None else loss * weight, reduction), given)


@as_piece
@sums_in_float32
def binary_cross_entropy_with_logits(input, target, weight=None, pos_weight=None, reduction="mean"):
    """The binary cross entropy of ``p = sigmoid(input)``, safe from overflow.

    ``-(pos_weight * target * log(p) + (1 - target) * log(1 - p)) * weight``.

    Args:
        input (Tensor): any shape; floats.
        target (Tensor): the shape of ``input``; floats in [0, 1].
        weight (Tensor | None): a shape that broadcasts against ``input``; factors of the elements. Default: None.
        pos_weight (Tensor | None): a shape that broadcasts against ``input``; factors of the positive part.
            Default: None.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" the shape of ``input``; the common type of the inputs.

    Raises:
        TypeError: ``input`` or ``target`` is not a Tensor of floats.
        ValueError: ``reduction`` is unknown, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(binary_cross_entropy_with_logits(ms.Tensor([0.0, 100.0]), ms.Tensor([1.0, 1.0]), reduction="sum"))
    0.6931472
    """
    name = "binary_cross_entropy_with_logits"
    check_reduction(name, reduction)
    x, y = float_input(name, input), float_input(name, target, "target")
    checks.same_shape(name, x, y)
    if pos_weight is None:
        loss = softplus_op(x) - x * y
    else:
        loss = (1.0 - y) * x + ((pos_weight - 1.0) * y + 1.0) * softplus_op(neg(x))
    return reduced(loss if weight is None else loss * weight, reduction)


@as_piece
@sums_in_float32
def kl_div(logits, labels, reduction="mean"):
    """The Kullback-Leibler divergence ``labels * (log(labels) - logits)``; 0 where ``labels`` is not positive.

    Args:
        logits (Tensor): any shape; floats; log-probabilities.
        labels (Tensor): a shape that broadcasts against ``logits``; floats; probabilities.
        reduction (str): "mean" or "sum" over all elements, "batchmean" (the sum divided by the length of the first
            axis) or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; the common type of the two.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(kl_div(ms.Tensor([[-0.5, -1.0]]), ms.Tensor([[1.0, 0.0]]), "batchmean"))
    0.5
    """
    check_reduction("kl_div", reduction, ("none", "mean", "batchmean", "sum"))
    x, y = float_input("kl_div", logits, "logits"), float_input("kl_div", labels, "labels")
    some = greater(y, 0)
    loss = select(some, y * (log(select(some, y, 1.0)) - x), 0.0)
    if reduction == "batchmean":
        return sum_(loss) / x.shape[0]
    return reduced(loss, reduction)


__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div"]
