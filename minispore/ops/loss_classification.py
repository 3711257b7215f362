"""Losses of classes: cross entropies of class indices and of probabilities."""

from ..core import checks, hints
from ..core.errors import fail
from ..core.op import apply, elementwise, to
from ..core.samples import f, i
from ..core.tensor import Tensor
from .creation import positions
from .custom_gradient import with_gradient
from .effects import check_bounds, stop_gradient
from .elementwise import (
    equal,
    neg,
    not_equal,
    reciprocal,
    select,
)
from .inputs import accumulation_type, float_input, sums_in_float32
from .large import as_piece
from .loss import check_reduction, float_pair
from .movement import reshape, squeeze
from .reduction import reduce_sum_keep, sum as sum_
from .softmax import log_softmax, softmax

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
    check_reduction("cross_entropy", reduction)
    if (
        isinstance(label_smoothing, bool)
        or not isinstance(label_smoothing, (int, float))
        or not 0 <= label_smoothing <= 1
    ):
        raise fail(
            ValueError, f"For 'cross_entropy', 'label_smoothing' must be in [0, 1], but got {label_smoothing!r}."
        )
    x = float_input("cross_entropy", input)
    float_pair("cross_entropy", x, target)
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
    check_reduction("nll_loss", reduction)
    x = float_input("nll_loss", inputs, "inputs")
    float_pair("nll_loss", x, target)
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
    x, y = float_pair("SoftmaxCrossEntropyWithLogits", logits, labels, "logits", "labels")
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
    float_pair(name, x, labels, "logits", "labels")
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


__all__ = ["cross_entropy", "nll_loss"]
