"""Softmax losses over a sample of many classes."""

from ... import ops
from ...core import checks
from ...core.dtype import float32, int64
from ...core.errors import fail
from ...core.op import to
from .base import LossBase


class SampledSoftmaxLoss(LossBase):
    """The cross entropy of the true classes among ``num_sampled`` drawn ones, for layers with very many classes
    (Jean et al. 2015, arXiv 1412.2007).

    Args:
        num_sampled: int, how many classes are drawn.
        num_classes: int, of how many.
        num_true: int, true classes of each sample.  Default: 1.
        sampled_values: a list or tuple of three Tensors: the drawn classes (num_sampled,), the expected counts of the
            true classes (N, num_true) and of the drawn ones (num_sampled,).  None (the default): ``num_sampled``
            different classes are drawn uniformly at each call.
        remove_accidental_hits: bool, whether true classes that were drawn do not count as false ones; without effect on
            given ``sampled_values``, as in MindSpore.  Default: True.
        seed: int, accepted; the draw follows ``set_seed``.  Default: 0.
        reduction: "none" (the default), "mean" or "sum".

    Inputs:
        weights: Tensor of floats, shape (num_classes, D).
        biases: Tensor of floats, shape (num_classes,).
        labels: Tensor of ints, shape (N, num_true) or (N,).
        logits: Tensor of floats, shape (N, D): the inputs of the layer.

    Returns:
        Tensor of shape (N,), reduced (), and the dtype of the logits.

    Raises:
        TypeError: ``sampled_values`` is no list or tuple, or an input not a Tensor.
        ValueError: numbers that do not fit.

    >>> from minispore import Tensor, nn, ops
    >>> loss = nn.SampledSoftmaxLoss(num_sampled=4, num_classes=4)  # all classes: the cross entropy
    >>> print(loss(ops.zeros((4, 2)), ops.zeros(4), Tensor([1]), ops.ones((1, 2))))
    [1.3862944]
    """

    def __init__(self, num_sampled, num_classes, num_true=1, sampled_values=None, remove_accidental_hits=True, seed=0,
                 reduction="none"):  # fmt: skip
        super().__init__(reduction)
        name = type(self).__name__
        if num_true < 1 or max(num_sampled, num_true) > num_classes or seed < 0:
            raise fail(
                ValueError,
                f"For '{name}', 'num_true' must be positive, 'num_sampled' and 'num_true' at most 'num_classes', 'seed' not "
                f"negative, but got {num_true}, {num_sampled}, {num_classes} and {seed}.",
            )
        if sampled_values is not None and len(checks.instance(name, (list, tuple), sampled_values=sampled_values)) != 3:
            raise fail(
                ValueError, f"For '{name}', 'sampled_values' must hold 3 Tensors, but has {len(sampled_values)}."
            )
        self.num_sampled, self.num_classes, self.num_true = num_sampled, num_classes, num_true
        self.sampled_values, self.remove_accidental_hits, self.seed = sampled_values, remove_accidental_hits, seed

    def construct(self, weights, biases, labels, logits):
        self._tensors(weights=weights, biases=biases, labels=labels, logits=logits)
        labels = ops.reshape(to(labels, int64), (-1, self.num_true))
        if self.sampled_values is not None:
            drawn, true_count, count = self.sampled_values
        else:
            drawn = ops.topk(ops.rand(self.num_classes), self.num_sampled)[1]
            true_count = count = self.num_sampled / self.num_classes * ops.ones((1,), float32)
        true = ops.sum(ops.expand_dims(logits, 1) * ops.gather(weights, labels, 0), -1) + ops.gather(biases, labels, 0)
        others = ops.matmul(logits, ops.swapaxes(ops.gather(weights, drawn, 0), 0, 1)) + ops.gather(biases, drawn, 0)
        true, others = true - ops.log(true_count), others - ops.log(count)
        if self.sampled_values is None and self.remove_accidental_hits:
            hit = ops.any(ops.expand_dims(labels, -1) == drawn, 1)
            others = ops.select(hit, -1e30, others)
        shares = ops.softmax(ops.concat([true, others], 1), 1)[:, : self.num_true]
        return self.get_loss(-ops.mean(ops.log(shares + 1e-20), 1))


__all__ = ["SampledSoftmaxLoss"]
