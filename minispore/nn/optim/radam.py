"""RAdam: Adam whose step is corrected for how little the first second moments tell."""

from ...core.dtype import float32, float64
from ...core.op import to
from ...ops import assign, pow as pow_, select, sqrt, square
from .adam import _AdamBase


class RAdam(_AdamBase):
    """Adam once its second moments tell enough, before that momentum alone (Liu et al., 2020, arXiv:1908.03265).

        m and v as in Adam,  rho = 2 / (1 - b2) - 1,  rho_t = rho - 2 t b2^t / (1 - b2^t)
        r = sqrt((rho_t - 4) (rho_t - 2) rho / ((rho - 4) (rho - 2) rho_t))
        w -= lr m / (1 - b1^t) r sqrt(1 - b2^t) / (sqrt(v) + eps)        while rho_t > 5
        w -= lr m / (1 - b1^t)                                           else

    Args:
        params, learning_rate, weight_decay, loss_scale: as in Optimizer.
        beta1, beta2: floats inside (0, 1).
        eps: a positive float.

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v).
    """

    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, loss_scale=1.0):
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        b1, b2 = self.beta1, self.beta2
        a1, a2, (c1, rectified, factor) = 1.0 - b1, 1.0 - b2, self.rectification()
        for w, g, lr, m, v in zip(self.parameters, gradients, rates, self.exp_avg, self.exp_avg_sq):
            m_new = m * b1 + g * a1
            v_new = v * b2 + square(g) * a2
            assign(m, m_new)
            assign(v, v_new)
            assign(w, w - m_new * (lr / c1) * select(rectified, factor / (sqrt(v_new) + self.eps), 1.0))
        return self.done

    def rectification(self):
        """``1 - b1^t``, whether ``rho_t > 5``, and ``r sqrt(1 - b2^t)``."""
        # in float64: small differences of large numbers
        b2, t = to(self.beta2, float64), to(self.global_step, float64).reshape(())
        power = pow_(b2, t)
        rho = 2.0 / (1.0 - b2) - 1.0
        rho_t = rho - t * power * 2.0 / (1.0 - power)
        r = sqrt((rho_t - 4.0) * (rho_t - 2.0) * rho / ((rho - 4.0) * (rho - 2.0) * rho_t))
        c1 = 1.0 - pow_(to(self.beta1, float64), t)
        return to(c1, float32), rho_t > 5.0, to(r * sqrt(1.0 - power), float32)
