"""Adamax: Adam with the largest gradient in place of the root mean square."""

import numpy as np

from ...core import checks
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas, pow as pow_
from .optimizer import Optimizer, check_betas, with_shared_docs


@with_shared_docs
class Adamax(Optimizer):
    """Adam with the largest gradient in place of the root mean square (Kingma & Ba 2014, arXiv 1412.6980):
    ``m = b1 m + (1 - b1) g``, ``u = max(b2 u, |g| + eps)``, ``w -= lr / (1 - b1^t) m / u``.

    Args:
        params: {params}
        lr: {lr}  Default: 2e-3.
        betas: pair (b1, b2) of floats in [0, 1).  Default: (0.9, 0.999).
        eps: number above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        {maximize}

    State:
        ``step_t``, ``exp_avg.*`` (m), ``exp_inf.*`` (u).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.Adamax([w], lr=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.9 2.1]
    """

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, *, maximize=False):
        checks.above("Adamax", 0.0, lr=lr, eps=eps)
        checks.at_least("Adamax", 0.0, weight_decay=weight_decay)
        check_betas("Adamax", betas)
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        )
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")
        self.keep(exp_avg="zeros", exp_inf="zeros")

    def construct(self, gradients):
        t = self.count(self.step_t)
        for group, members in self.groups(gradients, self.exp_avg, self.exp_inf):
            beta1, b2, eps = group.with_complement("betas", 0), group.number("betas", 1), group.number("eps")
            lr = group.number("lr") / (1.0 - pow_(beta1[0], t))
            for w, g, m, u in members:
                new = formulas.adamax(w, g, lr, m, u, beta1, b2, eps, eps_in_norm=True)
                formulas.assign_each((w, m, u), new)
        return True
