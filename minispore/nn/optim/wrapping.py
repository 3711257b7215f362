"""Optimizers that wrap another one.  What they add is part of the same compiled step; the train cell does not change.

They may be nested: ``ExponentialMovingAverage(GradientAccumulation(GradientClipping(opt, 1.0), 4))``.
"""

from ... import ops
from ...core import checks
from ...core.dtype import float32, int32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, select, square
from ..wrap.loss_scale import update_unless
from .around import Wrapping
from .averaging import Averaging
from .optimizer import numbers, with_shared_docs


@with_shared_docs
class GradientClipping(Wrapping):
    """The optimizer inside gets gradients of bounded length.

        g *= max_norm / max(|g|, max_norm)          |g|: the root of the sum of squares over all gradients
        g = min(max(g, -max_value), max_value)

    Both bounds are for gradients of the loss itself: the optimizer's ``loss_scale`` is taken into account.

    Args:
        optimizer: Optimizer, the one inside.
        max_norm: float above 0, or None (the default) for no such bound; may be changed by attribute.
        max_value: float above 0, or None (the default) for no such bound; may be changed by attribute.

    {call}

    Raises:
        TypeError: ``optimizer`` is not an Optimizer, or a bound not a float.
        ValueError: a bound that is not positive.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([0.0, 0.0]), name="w")
    >>> _ = nn.GradientClipping(nn.SGD([w], 1.0), max_norm=1.0)((Tensor([3.0, 4.0]),))
    >>> print(w.asnumpy())
    [-0.6 -0.8]
    """

    def __init__(self, optimizer, max_norm=None, max_value=None):
        super().__init__(optimizer)
        for name, bound in (("max_norm", max_norm), ("max_value", max_value)):
            if bound is not None:
                checks.positive_float("GradientClipping", **{name: bound})
            setattr(self, name, None if bound is None else Tensor(bound, float32))

    def construct(self, gradients):
        gradients, scale = self.checked(gradients), self.opt.loss_scale
        if self.max_norm is not None:
            bound = self.max_norm * scale
            factor = bound / ops.maximum(ops.sqrt(sum(square(g).sum() for g in gradients)), bound)
            gradients = tuple(g * factor for g in gradients)
        if self.max_value is not None:
            bound = self.max_value * scale
            gradients = tuple(ops.minimum(ops.maximum(g, -bound), bound) for g in gradients)
        return self.opt(gradients)


@with_shared_docs
class GradientAccumulation(Wrapping):
    """The optimizer inside makes one step for every ``steps`` calls, with the mean of their gradients.

    Between its steps neither weights nor state change; ``global_step`` counts its steps, not the calls.

    Args:
        optimizer: Optimizer, the one inside.
        steps: int above 0.
        mean: bool; False for the sum of the gradients.  Default: True.

    State:
        ``accumulated.*``, ``accumulated_calls``.

    {call}

    Raises:
        TypeError: ``optimizer`` is not an Optimizer, or ``steps`` not an int.
        ValueError: ``steps`` is not positive.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([0.0]), name="w")
    >>> opt = nn.GradientAccumulation(nn.SGD([w], 1.0), steps=2)
    >>> for g in (1.0, 3.0):
    ...     _ = opt((Tensor([g]),))
    ...     print(w.asnumpy())
    [0.]
    [-2.]
    """

    def __init__(self, optimizer, steps, mean=True):
        super().__init__(optimizer)
        checks.positive_int("GradientAccumulation", steps=steps)
        self.steps, self.mean = steps, mean
        self.accumulated = self.parameters.clone(prefix="accumulated", init="zeros")
        self.accumulated_calls = Parameter(Tensor(0, int32), name="accumulated_calls")

    def construct(self, gradients):
        share = 1.0 / self.steps if self.mean else 1.0
        totals = tuple(a + g * share for a, g in zip(self.accumulated, self.checked(gradients)))
        calls = self.accumulated_calls + 1
        due = ops.equal(calls, self.steps)
        update_unless(ops.logical_not(due), self.opt, totals)
        assign(self.accumulated_calls, select(due, 0, calls))
        for a, total in zip(self.accumulated, totals):
            assign(a, select(due, 0.0, total))
        return self.opt.done


@with_shared_docs
class ExponentialMovingAverage(Wrapping, Averaging):
    """A running mean of the weights beside those that are trained: ``e = decay e + (1 - decay) w`` after each step.

    ``optimizer.eval()`` exchanges the two in the network, ``optimizer.train()`` exchanges them back.

    Args:
        optimizer: Optimizer, the one that trains.
        decay: float inside (0, 1), which may be changed by attribute.  Default: 0.999.

    State:
        ``ema.*`` (e), starting at w.

    {call}

    Raises:
        TypeError: ``optimizer`` is not an Optimizer, or ``decay`` not a float.
        ValueError: ``decay`` is out of range.
        RuntimeError: a step after ``eval()``.

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0]), name="w")
    >>> opt = nn.ExponentialMovingAverage(nn.SGD([w], 0.5), decay=0.75)
    >>> _ = opt((Tensor([1.0]),))
    >>> print(w.asnumpy(), opt.eval().parameters[0].asnumpy(), opt.train().parameters[0].asnumpy())
    [0.5] [0.875] [0.5]
    """

    def __init__(self, optimizer, decay=0.999):
        super().__init__(optimizer)
        checks.unit_float("ExponentialMovingAverage", decay=decay)
        (self.decay,) = numbers(decay)
        self.ema = self.parameters.clone(prefix="ema", init="same")
        self.begin_averaging()

    def construct(self, gradients):
        self.expect_training()
        done = self.opt(gradients)
        for w, e in zip(self.parameters, self.ema):
            assign(e, e + (w - e) * (1.0 - self.decay))
        return done

    def to_average(self):
        """Exchanges the trained weights and their average; ``eval()`` and ``train()`` call it."""
        self.exchange(self.ema)

    to_training = to_average
