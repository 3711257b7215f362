"""Averaged stochastic gradient descent."""

import numpy as np

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class ASGD(Optimizer):
    """Descent with shrinking steps, and the average of the weights on the way (Polyak & Juditsky 1992).

        w = w (1 - lambd eta) - eta g           (eta = lr at step t = 1)
        ax += mu (w - ax)
        eta = lr / (1 + lambd lr t)^alpha
        mu = 1 / max(1, t - t0)

    Args:
        params: {params}
        lr: {lr}  Default: 1e-2.
        lambd: float, how w is drawn to 0.  Default: 1e-4.
        alpha: number, how ``eta`` shrinks.  Default: 0.75.
        t0: float, the step after which the average begins.  Default: 1e6.
        weight_decay: {decay}  Default: 0.0.
        {maximize}

    State:
        ``ax.*`` (the average of w after step ``t0``), ``step_t``.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.ASGD([w], lr=0.1, lambd=0.0)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.7  2.05]
    """

    def __init__(self, params, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0.0, maximize=False):
        checks.above("ASGD", 0.0, lr=lr)
        checks.at_least("ASGD", 0.0, weight_decay=weight_decay)
        checks.floating("ASGD", lambd=lambd, t0=t0)
        super().__init__(params, {
            "lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay, "maximize": maximize,
        })  # fmt: skip
        self.keep(ax="zeros")
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")

    def add_param_group(self, param_group):
        """Adds a group; its averages and step sizes start anew.

        Args:
            param_group: dict with "params" and any argument of the optimizer by name.

        Raises:
            TypeError: it is not a dict, or holds other than Parameters.
            KeyError: it has no "params".
            ValueError: a Parameter is in two groups.
        """
        super().add_param_group(param_group)
        for name, start in (("mu", 1.0), ("eta", 0.0)):
            made = Parameter(Tensor(start, float32), name=f"{name}_{len(self.param_groups) - 1}")
            self.__dict__.setdefault(name, []).append(made)

    def construct(self, gradients):
        t = self.count(self.step_t)
        later = to(t > 1.0, float32)
        for mu, eta, (group, members) in zip(self.mu, self.eta, self.groups(gradients, self.ax)):
            lr, lambd = group.number("lr"), group.number("lambd")
            eta_now, mu_now = eta * later + lr * (1.0 - later), mu + 0.0
            for w, g, ax in members:
                formulas.assign_each((w, ax), formulas.asgd(w, g, eta_now, ax, mu_now, lambd))
            schedule = formulas.asgd_schedule(lr, t, lambd, group.number("alpha"), group.number("t0"))
            formulas.assign_each((eta, mu), schedule)
        return True
