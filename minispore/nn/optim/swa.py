"""Stochastic weight averaging: the mean of the weights that a training passes late."""

from ... import ops
from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, select
from .averaging import Averaging
from .wrapping import Wrapping


class StochasticWeightAverage(Wrapping, Averaging):
    """The plain mean of the weights from a step on (Izmailov et al., 2018, arXiv:1803.05407).

        after the steps start, start + every, start + 2 every, ...:    n += 1;  a += (w - a) / n

    ``optimizer.eval()`` exchanges the two in the network, ``optimizer.train()`` exchanges them back.  Moving statistics of
    BatchNorm belong to the trained weights: before the average is used, pass some batches through the network in
    training mode.

    Args:
        optimizer: Optimizer, the one that trains, in this phase at a constant or cyclic rate.
        start: a positive int.
        every: a positive int: how many steps lie between the weights that count.

    State:
        ``swa.*`` (a), starting at w: 1 number per weight; ``swa_count`` (n), ``averaged``.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([4.0]), name="w")
    >>> opt = StochasticWeightAverage(ms.nn.SGD([w], 1.0), start=2)
    >>> for _ in range(4):                                      # 3, 2, 1, 0: the mean of the last three
    ...     _ = opt((ms.Tensor([1.0]),))
    >>> print(w.asnumpy(), opt.eval().parameters[0].asnumpy())
    [0.] [1.]
    """

    def __init__(self, optimizer, start, every=1):
        super().__init__(optimizer)
        checks.positive_int("StochasticWeightAverage", start=start, every=every)
        if optimizer.needs_loss:
            raise fail(
                TypeError, f"For 'StochasticWeightAverage', put it inside {optimizer.cls_name}, which stands outermost."
            )
        self.start, self.every = start, every
        self.swa = self.parameters.clone(prefix="swa", init="same")
        self.swa_count = Parameter(Tensor(0.0, float32), name="swa_count")
        self.begin_averaging()

    def construct(self, gradients):
        self.expect_training()
        done = self.opt(gradients)
        past = self.innermost.global_step.reshape(()) - self.start
        due = ops.logical_and(past >= 0, ops.equal(past % self.every, 0))
        count = self.swa_count + to(due, float32)
        share = select(due, 1.0 / ops.maximum(count, 1.0), 0.0)
        before = past < 0  # until the first, the average is the weights
        assign(self.swa_count, count)
        for w, a in zip(self.parameters, self.swa):
            assign(a, select(before, w, a + (w - a) * share))
        return done

    def to_average(self):
        self.exchange(self.swa)

    to_training = to_average
