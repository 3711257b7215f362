"""Losses that ask for a margin between scores, or between distances."""

from ..core import checks
from ..core.errors import fail
from .activation import softplus_op
from .effects import check_bounds
from .elementwise import (
    equal,
    maximum,
    minimum,
    neg,
    select,
    sqrt,
    square,
)
from .inputs import float_input, sums_in_float32
from .large import as_piece
from .loss import check_reduction, float_pair, reduced
from .loss_classification import pick
from .movement import reshape, squeeze
from .normalization import pairwise_distance
from .reduction import mean, reduce_sum_keep, sum as sum_


@sums_in_float32
def cosine_embedding_loss(input1, input2, target, margin=0.0, reduction="mean"):
    """``1 - cos`` where ``target`` is 1, ``max(cos - margin, 0)`` where it is -1; ``cos`` is taken over axis 1.

    Args:
        input1 (Tensor): at least two axes; numbers.
        input2 (Tensor): a shape that broadcasts against ``input1``; numbers.
        target (Tensor): the shape of ``input1`` without axis 1; 1 for pairs that are alike, -1 for others.
        margin (int | float): in [-1, 1]; how small a cosine is small enough. Default: 0.0.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the shape of ``target``; floats, the common type of the first two.

    Raises:
        TypeError: ``input1`` or ``input2`` is not a Tensor.
        ValueError: ``reduction`` is unknown, ``margin`` outside [-1, 1], or the shapes do not fit.

    >>> import minispore as ms
    >>> x, y = ms.Tensor([[1.0, 0.0], [1.0, 0.0]]), ms.Tensor([[0.0, 2.0], [2.0, 0.0]])
    >>> print(cosine_embedding_loss(x, y, ms.Tensor([1, -1]), reduction="none"))
    [1. 1.]
    """
    check_reduction("cosine_embedding_loss", reduction)
    x, y = float_pair("cosine_embedding_loss", input1, input2, "input1", "input2")
    if not -1.0 <= margin <= 1.0:
        raise fail(ValueError, f"For 'cosine_embedding_loss', 'margin' must be in [-1, 1], but got {margin}.")
    cosine = sum_(x * y, 1) / (sqrt(sum_(square(x), 1)) * sqrt(sum_(square(y), 1)))
    loss = select(equal(target, 1), 1.0 - cosine, select(equal(target, -1), maximum(cosine - margin, 0.0), 0.0))
    return reduced(loss, reduction)


@sums_in_float32
def margin_ranking_loss(input1, input2, target, margin=0.0, reduction="mean"):
    """``max(-target * (input1 - input2) + margin, 0)``: where ``target`` is 1 the first input should be larger.

    Args:
        input1 (Tensor): any shape; numbers.
        input2 (Tensor): a shape that broadcasts against ``input1``; numbers.
        target (Tensor): a shape that broadcasts against them; 1 or -1.
        margin (int | float): how far apart is far enough. Default: 0.0.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the inputs.

    Raises:
        TypeError: ``input1`` or ``input2`` is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(margin_ranking_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([2.0, 4.0]), ms.Tensor([1, -1]), reduction="none"))
    [1. 0.]
    """
    check_reduction("margin_ranking_loss", reduction)
    x, y = float_pair("margin_ranking_loss", input1, input2, "input1", "input2")
    z = neg(target) * (x - y) + margin
    return reduced(select(z < 0, 0.0, z), reduction)


@as_piece
@sums_in_float32
def hinge_embedding_loss(inputs, targets, margin=1.0, reduction="mean"):
    """``inputs`` where ``targets`` is positive, ``max(margin - inputs, 0)`` where it is negative.

    Args:
        inputs (Tensor): any shape; numbers; distances.
        targets (Tensor): a shape that broadcasts against ``inputs``; 1 or -1 (0 gives 0).
        margin (int | float): how far apart is far enough. Default: 1.0.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(hinge_embedding_loss(ms.Tensor([0.5, 0.25]), ms.Tensor([1, -1]), reduction="none"))
    [0.5  0.75]
    """
    check_reduction("hinge_embedding_loss", reduction)
    x, y = float_pair("hinge_embedding_loss", inputs, targets, "inputs", "targets")
    return reduced(select(y > 0, x, select(y < 0, maximum(margin - x, 0.0), 0.0)), reduction)


@as_piece
@sums_in_float32
def soft_margin_loss(input, target, reduction="mean"):
    """``log(1 + exp(-target * input))``, safe from overflow.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): the shape of ``input``; 1 or -1.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" the shape of ``input``; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes differ.

    >>> import minispore as ms
    >>> print(soft_margin_loss(ms.Tensor([0.0, 100.0]), ms.Tensor([1.0, -1.0]), "none"))
    [  0.6931472 100.       ]
    """
    check_reduction("soft_margin_loss", reduction)
    x, y = float_pair("soft_margin_loss", input, target)
    checks.same_shape("soft_margin_loss", x, y)
    return reduced(softplus_op(neg(x * y)), reduction)


@as_piece
@sums_in_float32
def multilabel_soft_margin_loss(input, target, weight=None, reduction="mean"):
    """The binary cross entropy of ``sigmoid(input)``, its mean over the classes: for examples of several classes at once.

    Args:
        input (Tensor): shape (N, C); numbers; the logits.
        target (Tensor): the shape of ``input``; 1 for the classes of the example, 0 for others.
        weight (Tensor | None): shape (C,); factors of the classes. Default: None.
        reduction (str): "mean" or "sum" over the examples, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" (N,); floats, the common type of the inputs.

    Raises:
        TypeError: ``input`` or ``target`` is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(multilabel_soft_margin_loss(ms.Tensor([[0.0, 100.0]]), ms.Tensor([[1.0, 1.0]])))
    0.3465736
    """
    check_reduction("multilabel_soft_margin_loss", reduction)
    x, y = float_pair("multilabel_soft_margin_loss", input, target)
    loss = softplus_op(x) - x * y
    return reduced(mean(loss if weight is None else loss * weight, x.ndim - 1), reduction)


@sums_in_float32
def multi_margin_loss(input, target, p=1, margin=1, weight=None, reduction="mean"):
    """``sum(max(margin - x[target] + x[i], 0) ** p) / C`` over the classes ``i`` other than ``target``.

    Args:
        input (Tensor): shape (N, C) or (C,); floats; ``x`` is one row of it.
        target (Tensor): shape (N,) or (); integers; class indices.
        p (int): the exponent, 1 or 2. Default: 1.
        margin (int | float): how far apart is far enough. Default: 1.
        weight (Tensor | None): shape (C,); a factor for each class. Default: None.
        reduction (str): "mean" or "sum" over the examples, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" the shape of ``target``; the type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats, or ``target`` does not hold integers.
        ValueError: ``reduction`` is unknown, or ``p`` neither 1 nor 2.
        IndexOutOfRange: a class index is outside [0, C).

    >>> import minispore as ms
    >>> print(multi_margin_loss(ms.Tensor([[1.0, 0.5, 3.0]]), ms.Tensor([0])))
    1.1666666
    """
    check_reduction("multi_margin_loss", reduction)
    x = float_input("multi_margin_loss", input)
    if p not in (1, 2):
        raise fail(ValueError, f"For 'multi_margin_loss', 'p' must be 1 or 2, but got {p!r}.")
    axis, classes = x.ndim - 1, x.shape[-1]
    label = check_bounds(reshape(target, (*target.shape, 1)), classes, "multi_margin_loss")
    z = maximum(x - pick(x, label, axis) + float(margin), 0.0)
    z = square(z) if p == 2 else z
    if weight is not None:
        z = z * pick(reshape(weight, (1,) * axis + (classes,)), label, axis)
    loss = (reduce_sum_keep(z, (axis,)) - pick(z, label, axis)) / classes
    return reduced(squeeze(loss, axis), reduction)


@sums_in_float32
def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, reduction="mean"):
    """``max(d(anchor, positive) - d(anchor, negative) + margin, 0)`` with ``d(x, y)``, the p-norm of ``x - y + eps``.

    Schroff et al., "FaceNet" (2015), use it with p = 2.

    Args:
        anchor (Tensor): shape (..., D); floats.
        positive (Tensor): the same shape; what should be near.
        negative (Tensor): the same shape; what should be far.
        margin (int | float): how much farther is far enough. Default: 1.0.
        p (int | float): the order of the norm over the last axis. Default: 2.
        eps (float): keeps the norm away from 0. Default: 1e-06.
        swap (bool): whether ``d(positive, negative)`` counts instead where it is smaller. Default: False.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the shape without the last axis; the common type of the inputs.

    Raises:
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> a, p, n = ms.Tensor([[0.0, 0.0]]), ms.Tensor([[3.0, 4.0]]), ms.Tensor([[0.0, 2.0]])
    >>> print(triplet_margin_loss(a, p, n, eps=0.0))
    4.0
    """
    check_reduction("triplet_margin_loss", reduction)
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced(maximum(near - far + margin, 0.0), reduction)


__all__ = [
    "cosine_embedding_loss",
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "multi_margin_loss",
    "multilabel_soft_margin_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
]
