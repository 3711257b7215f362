"""RAdam: Adam whose step is corrected for how little the first second moments tell."""

import numpy as np

from ...core.dtype import float32, float64
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, pow as pow_, select, sqrt, square
from .optimizer import Optimizer, above, at_least, check_betas


class RAdam(Optimizer):
    """Adam once its second moments tell enough, before that momentum alone.

        rho = 2 / (1 - b2) - 1
        rho_t = rho - 2 t b2^t / (1 - b2^t)
        r = sqrt((rho_t - 4) (rho_t - 2) rho / ((rho - 4) (rho - 2) rho_t))
        w -= lr m / (1 - b1^t) r sqrt(1 - b2^t) / (sqrt(v) + eps)        while rho_t > 5
        w -= lr m / (1 - b1^t)                                           else

    State: ``step_t``, ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v).
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        above(0.0, "RAdam", lr=lr, eps=eps)
        at_least(0.0, "RAdam", weight_decay=weight_decay)
        check_betas("RAdam", betas)
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")
        self.keep(exp_avg="zeros", exp_avg_sq="zeros")

    def construct(self, gradients):
        t = to(self.count(self.step_t), float64)
        for group, members in self.groups(gradients, self.exp_avg, self.exp_avg_sq):
            b1, b2, eps = group.number("betas", 0), group.number("betas", 1), group.number("eps")
            a1, a2 = group.rest("betas", 0), group.rest("betas", 1)
            power = pow_(
                group.exact("betas", 1), t
            )  # in float64: the next lines are small differences of large numbers
            rho = 2.0 / (1.0 - group.exact("betas", 1)) - 1.0
            rho_t = rho - t * power * 2.0 / (1.0 - power)
            r = sqrt((rho_t - 4.0) * (rho_t - 2.0) * rho / ((rho - 4.0) * (rho - 2.0) * rho_t))
            known, factor = rho_t > 5.0, to(r * sqrt(1.0 - power), float32)
            lr = group.number("lr") / to(1.0 - pow_(group.exact("betas", 0), t), float32)
            for w, g, m, v in members:
                m_new = m * b1 + g * a1
                v_new = v * b2 + square(g) * a2
                assign(m, m_new)
                assign(v, v_new)
                assign(w, w - m_new * lr * select(known, factor / (sqrt(v_new) + eps), 1.0))
        return True
