"""Adan: Adam with the momentum of Nesterov, from differences of gradients."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...ops import equal, pow as pow_, select, sqrt
from ...ops.optimizer_formulas import assign_each, running_mean, running_square, with_complement
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class Adan(Optimizer):
    """Adaptive Nesterov momentum (Xie et al. 2022, arXiv 2208.06677).

        e = g - (the gradient before)                   0 at the first step
        m = b1 m + (1 - b1) g
        d = b2 d + (1 - b2) e
        n = b3 n + (1 - b3) (g + b2 e)^2
        w = (w - lr (m / (1 - b1^t) + b2 d / (1 - b2^t)) / (sqrt(n / (1 - b3^t)) + eps)) / (1 + lr weight_decay)

    The coefficients are 1 minus those of the paper, as in Adam.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: float inside (0, 1), b1.  Default: 0.98.
        beta2: float inside (0, 1), b2.  Default: 0.92.
        beta3: float inside (0, 1), b3.  Default: 0.99.
        eps: float above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_diff.*`` (d), ``exp_avg_sq.*`` (n), ``previous.*`` (the gradient before).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.Adan([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.9 2.1]
    """

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.98, beta2=0.92, beta3=0.99, eps=1e-8, weight_decay=0.0,
        loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("Adan", beta1=beta1, beta2=beta2, beta3=beta3)
        checks.positive_float("Adan", eps=eps)
        self.beta1, self.beta2, self.beta3, self.eps = numbers(beta1, beta2, beta3, eps)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_diff = self.parameters.clone(prefix="exp_avg_diff", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")
        self.previous = self.parameters.clone(prefix="previous", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        t = to(self.global_step, float32).reshape(())
        b1, b2, b3 = self.beta1, self.beta2, self.beta3
        beta1, beta2, beta3 = with_complement(b1, b2, b3)
        c1, c2, c3 = 1.0 - pow_(b1, t), 1.0 - pow_(b2, t), sqrt(1.0 - pow_(b3, t))
        first = equal(t, 1.0)
        states = zip(self.exp_avg, self.exp_avg_diff, self.exp_avg_sq, self.previous)
        for w, g, lr, decay, (m, d, n, before) in zip(self.parameters, gradients, rates, decays, states):
            e = select(first, 0.0, g - before)
            m_new, d_new = running_mean(m, g, beta1), running_mean(d, e, beta2)
            n_new = running_square(n, g + e * b2, beta3)
            w_new = w - (m_new / c1 + d_new * (b2 / c2)) * lr / (sqrt(n_new) / c3 + self.eps)
            w_new = w_new if decay is None else w_new / (1.0 + lr * decay)
            assign_each((w, m, d, n, before), (w_new, m_new, d_new, n_new, g))
        return self.done
