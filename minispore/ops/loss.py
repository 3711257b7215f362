"""Losses: elementwise formulas and row reductions, then "mean", "sum" or "none" over the elements."""

import math

from ..core import checks, hints
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import apply, elementwise, to
from ..core.samples import f, i
from ..core.tensor import Tensor
from .activation import log_softmax, softmax, softplus_op
from .creation import positions
from .custom_gradient import with_gradient
from .effects import check_bounds, stop_gradient
from .elementwise import (
    abs as abs_,
    equal,
    greater,
    less,
    log,
    maximum,
    minimum,
    neg,
    not_equal,
    reciprocal,
    select,
    sqrt,
    square,
)
from .inputs import accumulation_type, float_input, sums_in_float32, warn_of_broadcast
from .large import as_piece
from .movement import reshape, squeeze
from .normalization import pairwise_distance
from .reduction import mean, reduce_sum_keep, sum as sum_


def _check(name, reduction, allowed=("none", "mean", "sum")):
    if reduction not in allowed:
        raise fail(ValueError, f"For '{name}', the 'reduction' must be in {list(allowed)}, but got {reduction!r}.")


def _reduced(loss, reduction):
    return mean(loss) if reduction == "mean" else sum_(loss) if reduction == "sum" else loss


def _pair(name, x, y, first="input", second="target"):
    for what, t in ((first, x), (second, y)):
        if not isinstance(t, Tensor):
            raise fail(TypeError, f"For '{name}', the '{what}' must be a Tensor, but got {type(t).__name__}.")
    return (x, y) if x.dtype.is_float or y.dtype.is_float else (to(x, float32), y)


# ---------------------------------------------------------------- regression
@as_piece
@sums_in_float32
def mse_loss(input, target, reduction="mean"):
    """Mean squared error: ``(input - target) ** 2``, reduced.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(mse_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.0, 4.0])))
    2.5
    """
    _check("mse_loss", reduction)
    x, y = _pair("mse_loss", input, target)
    warn_of_broadcast("mse_loss", input, target)
    return _reduced(square(x - y), reduction)


@as_piece
@sums_in_float32
def l1_loss(input, target, reduction="mean"):
    """Mean absolute error: ``|input - target|``, reduced.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(l1_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.0, 4.0])))
    1.5
    """
    _check("l1_loss", reduction)
    x, y = _pair("l1_loss", input, target)
    warn_of_broadcast("l1_loss", input, target)
    return _reduced(abs_(x - y), reduction)


@as_piece
@sums_in_float32
def smooth_l1_loss(input, target, beta=1.0, reduction="none"):
    """``d ** 2 / (2 * beta)`` where ``d = |input - target|`` is below ``beta``, else ``d - beta / 2``.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        beta (int | float): where the parabola ends, not negative; 0 gives ``l1_loss``. Default: 1.0.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "none".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, ``beta`` negative, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(smooth_l1_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.5, 4.0])))
    [0.125 1.5  ]
    """
    _check("smooth_l1_loss", reduction)
    if beta < 0:
        raise fail(ValueError, f"For 'smooth_l1_loss', 'beta' must not be negative, but got {beta}.")
    x, y = _pair("smooth_l1_loss", input, target)
    difference = x - y
    d = abs_(difference)
    if not beta:
        return _reduced(d, reduction)
    near = less(d, beta)
    return _reduced(select(near, square(select(near, difference, 0.0)) * (0.5 / beta), d - 0.5 * beta), reduction)


@as_piece
@sums_in_float32
def huber_loss(input, target, reduction="mean", delta=1.0):
    """Huber's loss: ``d ** 2 / 2`` where ``d = |input - target| < delta``, else ``delta * (d - delta / 2)``.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".
        delta (int | float): where the loss becomes linear, above 0. Default: 1.0.

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor, or ``delta`` not a number.
        ValueError: ``reduction`` is unknown, ``delta`` not above 0, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(huber_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.5, 4.0]), "none"))
    [0.125 1.5  ]
    """
    _check("huber_loss", reduction)
    checks.instance("huber_loss", (int, float), delta=delta)
    if delta <= 0:
        raise fail(ValueError, f"For 'huber_loss', 'delta' must be above 0, but got {delta}.")
    x, y = _pair("huber_loss", input, target)
    difference = x - y
    d = abs_(difference)
    near = less(d, delta)
    return _reduced(select(near, square(select(near, difference, 0.0)) * 0.5, (d - 0.5 * delta) * delta), reduction)


@as_piece
@sums_in_float32
def gaussian_nll_loss(x, target, var, full=False, eps=1e-06, reduction="mean"):
    """Negative log-likelihood of normal distributions: ``(log(v) + (x - target) ** 2 / v) / 2``, ``v = max(var, eps)``.

    Args:
        x (Tensor): any shape; numbers; the mean of the distribution.
        target (Tensor): a shape that broadcasts against ``x``; numbers; what was observed.
        var (Tensor): the shape of ``x``, one that broadcasts, or that of ``x`` without its last axis; the variance.
        full (bool): whether the constant ``log(2 * pi) / 2`` is added. Default: False.
        eps (float): the least variance, above 0. Default: 1e-06.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the inputs.

    Raises:
        TypeError: ``x`` or ``target`` is not a Tensor.
        ValueError: ``reduction`` is unknown, ``eps`` is not a positive float, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(gaussian_nll_loss(ms.Tensor([0.0, 2.0]), ms.Tensor([1.0, 2.0]), ms.Tensor([1.0, 1.0])))
    0.25
    """
    _check("gaussian_nll_loss", reduction)
    if not isinstance(eps, float) or eps <= 0:
        raise fail(ValueError, f"For 'gaussian_nll_loss', 'eps' must be a positive float, but got {eps!r}.")
    x, target = _pair("gaussian_nll_loss", x, target, "x")
    if x.shape != var.shape and x.shape[:-1] == var.shape:
        var = reshape(var, (*var.shape, 1))
    v = maximum(var, eps)
    loss = (log(v) + square(x - target) / v) * 0.5
    return _reduced(loss + 0.5 * math.log(2.0 * math.pi) if full else loss, reduction)


# ---------------------------------------------------------------- classification
# v where the position is the label, else 0.  The input x is not read: it is named so that the mask of v joins the loop
# over the rows of x, and the loss, the softmax and its gradient become one kernel.
_masked_op = elementwise(
    "masked", "where(p == l, v, 0)", "p l x v", vjp=(None, None, None, lambda g, out, p, l, x, v: _masked(p, l, x, g)),
    samples=[(i(1, 4, lo=0, hi=4), i(3, 1, lo=0, hi=4), f(3, 4), f(3, 4))],
)  # fmt: skip


def _masked(p, l, x, v):
    return apply(_masked_op.op, [p, l, x, v], {})[0]


def pick(x, label, axis):
    """``x[label]`` along ``axis``, kept with length 1, by a masked sum: no gather, it fuses with what makes ``x``.

    ``label`` has length 1 along ``axis`` and holds checked indices.
    """
    return reduce_sum_keep(_masked(positions(x.shape[axis], axis, x.ndim), label, x, x), (axis,))


@as_piece
def cross_entropy(input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """``-log(softmax(input))`` at the class ``target``, or its mean under the probabilities ``target``.

    Args:
        input (Tensor): shape (C,), (N, C) or (N, C, d1, ...); floats; the logits.
        target (Tensor): integers, class indices, of the shape of ``input`` without C; or floats, probabilities, of the
            shape of ``input``.
        weight (Tensor | None): shape (C,); a factor for each class. Default: None.
        ignore_index (int): a class index whose elements do not count. Default: -100.
        reduction (str): "mean", "sum" or "none"; "mean" divides by the sum of the weights of the elements that count,
            for probabilities by the number of elements. Default: "mean".
        label_smoothing (int | float): in [0, 1]; the share of the target that is spread evenly over the classes.
            Default: 0.0.

    Returns:
        Tensor of shape (), with "none" the shape of ``input`` without C; the type of ``input``.

    Raises:
        TypeError: an input is not a Tensor, or ``input`` does not hold floats.
        ValueError: the shapes do not fit, or ``reduction`` or ``label_smoothing`` is not one of its values.
        IndexOutOfRange: a class index is outside [0, C).

    >>> import minispore as ms
    >>> print(cross_entropy(ms.Tensor([[0.0, 0.0]]), ms.Tensor([1])))
    0.6931472
    """
    _check("cross_entropy", reduction)
    if (
        isinstance(label_smoothing, bool)
        or not isinstance(label_smoothing, (int, float))
        or not 0 <= label_smoothing <= 1
    ):
        raise fail(
            ValueError, f"For 'cross_entropy', 'label_smoothing' must be in [0, 1], but got {label_smoothing!r}."
        )
    x = float_input("cross_entropy", input)
    _pair("cross_entropy", x, target)
    if weight is not None:
        checks.instance("cross_entropy", Tensor, weight=weight)
    axis = 0 if x.ndim == 1 else 1
    given, x = x.dtype, accumulation_type(x)
    logp = log_softmax(x, axis)
    if not target.dtype.is_float:
        return to(_nll("cross_entropy", logp, target, weight, ignore_index, reduction, label_smoothing), given)
    checks.same_shape("cross_entropy", x, target)
    classes = x.shape[axis]
    if label_smoothing > 0:
        target = target * (1.0 - label_smoothing) + label_smoothing / classes
    part = logp * target
    if weight is not None:
        part = part * _by_class(weight, x.ndim, axis)
    loss = neg(reduce_sum_keep(part, (axis,)))
    if reduction == "none":
        return to(squeeze(loss, axis), given)
    total = sum_(loss)
    return to(total * (classes / x.size) if reduction == "mean" else total, given)


@as_piece
@sums_in_float32
def nll_loss(inputs, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """Negative log-likelihood: ``-inputs`` at the class ``target``, times the weight of the class.

    Args:
        inputs (Tensor): shape (C,), (N, C) or (N, C, d1, ...); floats; log-probabilities.
        target (Tensor): the shape of ``inputs`` without C; integers; class indices.
        weight (Tensor | None): shape (C,); a factor for each class. Default: None.
        ignore_index (int): a class index whose elements do not count. Default: -100.
        reduction (str): "mean", "sum" or "none"; "mean" divides by the sum of the weights of the elements that count.
            Default: "mean".
        label_smoothing (int | float): the share of the target that is spread evenly over the classes. Default: 0.0.

    Returns:
        Tensor of shape (), with "none" the shape of ``target``; the type of ``inputs``.

    Raises:
        TypeError: an input is not a Tensor, ``inputs`` does not hold floats, or ``target`` does.
        ValueError: the shapes do not fit, or ``reduction`` is unknown.
        IndexOutOfRange: a class index is outside [0, C).

    >>> import minispore as ms
    >>> print(nll_loss(ms.Tensor([[-0.5, -1.0], [-0.25, -2.0]]), ms.Tensor([0, 1])))
    1.25
    """
    _check("nll_loss", reduction)
    x = float_input("nll_loss", inputs, "inputs")
    _pair("nll_loss", x, target)
    return _nll("nll_loss", x, target, weight, ignore_index, reduction, label_smoothing)


def _by_class(weight, ndim, axis):
    return reshape(weight, tuple(-1 if a == axis else 1 for a in range(ndim)))


def _nll(name, logp, target, weight, ignore_index, reduction, smoothing):
    loss, share = nll_parts(name, logp, target, weight, ignore_index, smoothing)
    if reduction == "none":
        return squeeze(loss, 0 if logp.ndim == 1 else 1)
    # Divided before it is added up: the gradient then waits for the labels only, and joins the loop of the loss.
    return sum_(loss * reciprocal(sum_(share)) if reduction == "mean" else loss)


def nll_parts(name, logp, target, weight, ignore_index, smoothing=0.0):
    """(loss, weight) of each element, with length 1 along the axis of the classes."""
    ndim, axis = logp.ndim, 0 if logp.ndim == 1 else 1
    if target.shape != logp.shape[:axis] + logp.shape[axis + 1 :]:
        raise fail(
            ValueError,
            f"For '{name}', the target must have the shape {logp.shape[:axis] + logp.shape[axis + 1 :]} for an input "
            f"of the shape {logp.shape}, but got {target.shape}.",
        )
    if target.dtype.is_float:
        raise fail(TypeError, f"For '{name}', the target must hold class indices, but got {target.dtype}.")
    classes = logp.shape[axis]
    if weight is not None and weight.shape != (classes,):
        raise fail(ValueError, f"For '{name}', the weight must have the shape ({classes},), but got {weight.shape}.")
    label = reshape(target, logp.shape[:axis] + (1,) + logp.shape[axis + 1 :])
    counts = not_equal(label, ignore_index)
    label = check_bounds(select(counts, label, 0), classes, name)
    loss, share = neg(pick(logp, label, axis)), to(counts, logp.dtype)
    if weight is not None:
        by_class = _by_class(weight, ndim, axis)
        share = select(counts, pick(by_class, label, axis), 0.0)
        loss = loss * share
    loss = select(counts, loss, 0.0)  # not a product: where all are left out, the mean is NaN and its gradient 0
    if smoothing > 0:
        every = logp if weight is None else logp * by_class
        even = select(counts, neg(reduce_sum_keep(every, (axis,))), 0.0)
        loss = loss * (1.0 - smoothing) + even * (smoothing / classes)
    return loss, share


def softmax_cross_entropy_with_logits(logits, labels):
    """``-sum(labels * log_softmax(logits))`` of each row, (N, C) -> (N,), for probabilities ``labels``."""
    x, y = _pair("SoftmaxCrossEntropyWithLogits", logits, labels, "logits", "labels")
    checks.same_shape("SoftmaxCrossEntropyWithLogits", x, y)
    axis = x.ndim - 1
    loss = neg(squeeze(reduce_sum_keep(log_softmax(accumulation_type(x), axis) * y, (axis,)), axis))
    return with_gradient(to(stop_gradient(loss), x.dtype), [x, y], _of_probabilities)


def _of_probabilities(needs, grads, inputs):
    """The gradient as MindSpore has it: ``softmax - labels``, which is exact for labels that add up to 1, and none for the labels."""
    _, x, y = inputs
    g = reshape(grads[0], (*grads[0].shape, 1))
    return [None, to(g * softmax_minus_labels(x, y), x.dtype) if needs[1] else None, None]


def sparse_softmax_cross_entropy_with_logits(logits, labels):
    """``-log_softmax(logits)[label]`` of each row, (N, C) -> (N,), for class indices ``labels`` of shape (N,).

    Raises:
        IndexOutOfRange: a label outside [0, C).
    """
    name = "SoftmaxCrossEntropyWithLogits"
    x = float_input(name, logits, "logits")
    _pair(name, x, labels, "logits", "labels")
    if labels.dtype.is_float or labels.shape != x.shape[:-1]:
        raise fail(
            ValueError if not labels.dtype.is_float else TypeError,
            f"For '{name}', sparse labels must be integers of the shape {x.shape[:-1]} for logits of {x.shape}, "
            f"but got {labels.dtype} of the shape {labels.shape}."
            + (
                hints.integers("labels")
                if labels.shape == x.shape[:-1]
                else " For probabilities or one-hot labels: sparse=False." * (labels.shape == x.shape)
            ),
        )
    axis, classes = x.ndim - 1, x.shape[-1]
    label = check_bounds(reshape(labels, (*labels.shape, 1)), classes, name)
    return to(squeeze(neg(pick(log_softmax(accumulation_type(x), axis), label, axis)), axis), x.dtype)


def softmax_minus_labels(logits, labels):
    """``softmax(logits) - labels``: the gradient of the softmax cross entropy; class indices count as one-hot."""
    if not labels.dtype.is_float:
        labels = to(
            equal(positions(logits.shape[-1], logits.ndim - 1, logits.ndim), reshape(labels, (*labels.shape, 1))),
            logits.dtype,
        )
    return softmax(logits) - labels


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
    _check("binary_cross_entropy", reduction)
    p, y = float_input("binary_cross_entropy", logits, "logits"), float_input("binary_cross_entropy", labels, "labels")
    checks.same_shape("binary_cross_entropy", p, y)
    given, p, y = p.dtype, accumulation_type(p), accumulation_type(y)
    loss = neg(y * floored_log(p, 1e-12) + (1.0 - y) * floored_log(1.0 - p, 1e-12))
    return to(_reduced(loss if weight is None else loss * weight, reduction), given)


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
    _check(name, reduction)
    x, y = float_input(name, input), float_input(name, target, "target")
    checks.same_shape(name, x, y)
    if pos_weight is None:
        loss = softplus_op(x) - x * y
    else:
        loss = (1.0 - y) * x + ((pos_weight - 1.0) * y + 1.0) * softplus_op(neg(x))
    return _reduced(loss if weight is None else loss * weight, reduction)


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
    _check("kl_div", reduction, ("none", "mean", "batchmean", "sum"))
    x, y = float_input("kl_div", logits, "logits"), float_input("kl_div", labels, "labels")
    some = greater(y, 0)
    loss = select(some, y * (log(select(some, y, 1.0)) - x), 0.0)
    if reduction == "batchmean":
        return sum_(loss) * (1.0 / x.shape[0])
    return _reduced(loss, reduction)


# ---------------------------------------------------------------- margins
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
    _check("cosine_embedding_loss", reduction)
    x, y = _pair("cosine_embedding_loss", input1, input2, "input1", "input2")
    if not -1.0 <= margin <= 1.0:
        raise fail(ValueError, f"For 'cosine_embedding_loss', 'margin' must be in [-1, 1], but got {margin}.")
    cosine = sum_(x * y, 1) / (sqrt(sum_(square(x), 1)) * sqrt(sum_(square(y), 1)))
    loss = select(equal(target, 1), 1.0 - cosine, select(equal(target, -1), maximum(cosine - margin, 0.0), 0.0))
    return _reduced(loss, reduction)


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
    _check("margin_ranking_loss", reduction)
    x, y = _pair("margin_ranking_loss", input1, input2, "input1", "input2")
    z = neg(target) * (x - y) + margin
    return _reduced(select(z < 0, 0.0, z), reduction)


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
    _check("hinge_embedding_loss", reduction)
    x, y = _pair("hinge_embedding_loss", inputs, targets, "inputs", "targets")
    return _reduced(select(y > 0, x, select(y < 0, maximum(margin - x, 0.0), 0.0)), reduction)


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
    _check("soft_margin_loss", reduction)
    x, y = _pair("soft_margin_loss", input, target)
    checks.same_shape("soft_margin_loss", x, y)
    return _reduced(softplus_op(neg(x * y)), reduction)


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
    _check("multilabel_soft_margin_loss", reduction)
    x, y = _pair("multilabel_soft_margin_loss", input, target)
    loss = softplus_op(x) - x * y
    return _reduced(mean(loss if weight is None else loss * weight, x.ndim - 1), reduction)


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
    1.1666667
    """
    _check("multi_margin_loss", reduction)
    x = float_input("multi_margin_loss", input)
    if p not in (1, 2):
        raise fail(ValueError, f"For 'multi_margin_loss', 'p' must be 1 or 2, but got {p!r}.")
    axis, classes = x.ndim - 1, x.shape[-1]
    label = check_bounds(reshape(target, (*target.shape, 1)), classes, "multi_margin_loss")
    z = maximum(x - pick(x, label, axis) + float(margin), 0.0)
    z = square(z) if p == 2 else z
    if weight is not None:
        z = z * pick(reshape(weight, (1,) * axis + (classes,)), label, axis)
    loss = (reduce_sum_keep(z, (axis,)) - pick(z, label, axis)) * (1.0 / classes)
    return _reduced(squeeze(loss, axis), reduction)


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
    _check("triplet_margin_loss", reduction)
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    return _reduced(maximum(near - far + margin, 0.0), reduction)


__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cosine_embedding_loss", "cross_entropy",
    "gaussian_nll_loss", "hinge_embedding_loss", "huber_loss", "kl_div", "l1_loss", "margin_ranking_loss",
    "mse_loss", "multi_margin_loss", "multilabel_soft_margin_loss", "nll_loss", "smooth_l1_loss",
    "soft_margin_loss", "triplet_margin_loss",
]  # fmt: skip
