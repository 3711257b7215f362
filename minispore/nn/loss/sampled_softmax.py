"""Softmax losses over a sample of many classes."""

from ... import ops
from ...core import checks
from ...core.dtype import float32, int64
from ...core.errors import fail
from ...core.op import to
from .loss import LossBase


class SampledSoftmaxLoss(LossBase):
    """The cross entropy of the true classes among ``num_sampled`` drawn ones, for layers with very many classes
    (Jean et al., 2015).

    Args:
        num_sampled, num_classes: how many classes are drawn, and of how many.
        num_true: true classes of each sample.
        sampled_values: (classes (num_sampled,), expected counts of the true (N, num_true) and of the drawn classes
            (num_sampled,)); without it, ``num_sampled`` different classes are drawn uniformly at each call.
        remove_accidental_hits: true classes that were drawn do not count as false ones.  It has no effect on given
            ``sampled_values``, as in MindSpore.
        seed: accepted; the draw follows ``set_seed``.

    Inputs:
        weights (num_classes, D), biases (num_classes,), labels (N, num_true) or (N,), logits (N, D).

    Outputs:
        a Tensor (N,), or reduced as ``reduction`` says.

    Raises:
        ValueError: numbers that do not fit.  TypeError: ``sampled_values`` is no list or tuple.
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
