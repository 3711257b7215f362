"""Adamax: Adam with the largest gradient in place of the root mean square."""

import numpy as np

from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import abs as abs_, assign, maximum, pow as pow_
from .optimizer import Optimizer, above, at_least, check_betas


class Adamax(Optimizer):
    """``m = b1 m + (1 - b1) g``, ``u = max(b2 u, |g| + eps)``, ``w -= lr / (1 - b1^t) m / u``.

    State: ``step_t``, ``exp_avg.*`` (m), ``exp_inf.*`` (u).
    """

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, *, maximize=False):
        above(0.0, "Adamax", lr=lr, eps=eps)
        at_least(0.0, "Adamax", weight_decay=weight_decay)
        check_betas("Adamax", betas)
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        )
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")
        self.keep(exp_avg="zeros", exp_inf="zeros")

    def construct(self, gradients):
        t = self.count(self.step_t)
        for group, members in self.groups(gradients, self.exp_avg, self.exp_inf):
            b1, a1, b2, eps = (
                group.number("betas", 0),
                group.rest("betas", 0),
                group.number("betas", 1),
                group.number("eps"),
            )
            lr = group.number("lr") / (1.0 - pow_(b1, t))
            for w, g, m, u in members:
                m_new = m * b1 + g * a1
                u_new = maximum(u * b2, abs_(g) + eps)
                assign(m, m_new)
                assign(u, u_new)
                assign(w, w - m_new * lr / u_new)
        return True
