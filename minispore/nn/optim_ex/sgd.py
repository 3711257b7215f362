"""Stochastic gradient descent, with momentum if wanted."""

import math

from ...core import checks
from ...core.errors import fail
from ...core.tensor import Tensor
from ...ops import assign, optimizer_formulas as formulas
from ...ops.first_step import is_first, passed
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class SGD(Optimizer):
    """Plain descent, or a heavy ball.

        v = momentum v + (1 - dampening) g      (v = g at the first step)
        w -= lr v                               Nesterov: w -= lr (g + momentum v)

    Args:
        params: {params}
        lr: {lr}
        momentum: number from 0.  Default: 0.
        dampening: number, how much less a gradient counts than the ones before.  Default: 0.
        weight_decay: {decay}  Default: 0.0.
        nesterov: bool, whether to look one step of the momentum ahead; needs ``momentum`` and no ``dampening``.
            Default: False.
        {maximize}

    State:
        ``accum.*`` (v), and ``stat.*``: 1 before the first step, then 0.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.SGD([w], lr=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.7  2.05]
    """

    def __init__(self, params, lr, momentum=0, dampening=0, weight_decay=0.0, nesterov=False, *, maximize=False):
        for name, value in (("lr", lr), ("momentum", momentum), ("dampening", dampening)):
            if isinstance(value, bool) or (name != "lr" and isinstance(value, Tensor)):
                raise fail(TypeError, f"For 'SGD', '{name}' must be a number, but got {type(value).__name__}.")
        checks.at_least("SGD", 0.0, lr=lr, momentum=momentum)
        checks.at_least("SGD", -math.inf, dampening=dampening)
        checks.boolean("SGD", nesterov=nesterov, maximize=maximize)
        if nesterov and (momentum <= 0.0 or dampening != 0.0):
            raise fail(
                ValueError,
                f"For 'SGD', 'nesterov' needs 'momentum' and no 'dampening', but got {momentum} and {dampening}.",
            )
        super().__init__(params, {
            "lr": lr, "momentum": float(momentum), "dampening": float(dampening), "weight_decay": weight_decay,
            "nesterov": nesterov, "maximize": maximize, "grad_centralization": False,
        })  # fmt: skip
        self.keep(accum="zeros", stat="ones")

    def construct(self, gradients):
        for group, members in self.groups(gradients, self.accum, self.stat):
            lr, mu, undamped = group.number("lr"), group.number("momentum"), group.rest("dampening")
            for w, g, v, stat in members:
                if group.nonzero("momentum"):
                    new = formulas.sgd(w, g, lr, v, is_first(stat), mu, undamped, group["nesterov"])
                    formulas.assign_each((w, v, stat), (*new, passed(stat)))
                else:
                    assign(w, w - g * lr)
        return True
