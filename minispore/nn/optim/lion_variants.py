"""Relatives of Lion: Tiger, with one coefficient, and Refined Lion, with a smooth sign.  Cautious Lion: nn.Cautious(nn.Lion(...))."""

import math

from ...core import checks
from ...ops import assign, atan, sign
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class Tiger(Optimizer):
    """Lion with ``b1 = b2``: the least state an optimizer with momentum can have (Su, 2023, kexue.fm/archives/9512).

        m = b m + (1 - b) g
        w -= lr (sign(m) + weight_decay w)

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta: a float inside (0, 1).
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m): 1 number per weight.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0, 1.0]), name="w")
    >>> _ = Tiger([w], 0.25)((ms.Tensor([3.0, -0.1]),))
    >>> print(w.asnumpy())
    [0.75 1.25]
    """

    def __init__(self, params, learning_rate=1e-3, beta=0.965, weight_decay=0.0, loss_scale=1.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("Tiger", beta=beta)
        (self.beta,) = numbers(beta)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        for w, g, lr, decay, m in zip(self.parameters, gradients, rates, decays, self.exp_avg):
            m_new = m * self.beta + g * (1.0 - self.beta)
            assign(m, m_new)
            step = sign(m_new)
            assign(w, w - (step if decay is None else step + w * decay) * lr)
        return self.done


@with_shared_docs
class RefinedLion(Optimizer):
    """Lion with an arc tangent in place of the sign (Rong et al., 2024, RLion).

        w -= lr (2 / pi arctan(alpha (b1 m + (1 - b1) g)) + weight_decay w)
        m = b2 m + (1 - b2) g

    Small numbers make small steps: near a minimum it comes to rest, where Lion goes on with steps of one size.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-4.
        alpha: how steep the arc tangent is, a positive float; the larger, the more like Lion.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m): 1 number per weight.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> _ = RefinedLion([w], 0.5, alpha=1.0, beta1=0.5)((ms.Tensor([2.0]),))
    >>> print(w.asnumpy())
    [0.75]
    """

    def __init__(
        self, params, learning_rate=1e-4, alpha=100.0, beta1=0.9, beta2=0.99, weight_decay=0.0, loss_scale=1.0
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("RefinedLion", beta1=beta1, beta2=beta2)
        checks.positive_float("RefinedLion", alpha=alpha)
        self.alpha, self.beta1, self.beta2 = numbers(alpha, beta1, beta2)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        b1, b2 = self.beta1, self.beta2
        for w, g, lr, decay, m in zip(self.parameters, gradients, rates, decays, self.exp_avg):
            step = atan((m * b1 + g * (1.0 - b1)) * self.alpha) * (2.0 / math.pi)
            assign(w, w - (step if decay is None else step + w * decay) * lr)
            assign(m, m * b2 + g * (1.0 - b2))
        return self.done
