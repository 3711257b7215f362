"""AdaBelief: Adam whose second moment is the variance of the gradient around its mean."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...ops import assign, pow as pow_, sqrt, square
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class AdaBelief(Optimizer):
    """Steps that are long where the gradient is as expected (Zhuang et al., 2020, arXiv:2010.07468).

        m = b1 m + (1 - b1) g
        s = b2 s + (1 - b2) (g - m)^2 + eps
        w -= lr (m / (1 - b1^t) / (sqrt(s / (1 - b2^t)) + eps) + weight_decay w)

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_var.*`` (s): 2 numbers per weight.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> _ = AdaBelief([w], 0.1, beta1=0.5)((ms.Tensor([4.0]),))
    >>> print(w.asnumpy())
    [0.8]
    """

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-16, weight_decay=0.0, loss_scale=1.0
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("AdaBelief", beta1=beta1, beta2=beta2)
        checks.positive_float("AdaBelief", eps=eps)
        self.beta1, self.beta2, self.eps = numbers(beta1, beta2, eps)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_var = self.parameters.clone(prefix="exp_avg_var", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        t, b1, b2 = to(self.global_step, float32).reshape(()), self.beta1, self.beta2
        c1, c2 = 1.0 - pow_(b1, t), 1.0 - pow_(b2, t)
        states = zip(self.exp_avg, self.exp_avg_var)
        for w, g, lr, decay, (m, s) in zip(self.parameters, gradients, rates, decays, states):
            m_new = m * b1 + g * (1.0 - b1)
            s_new = s * b2 + square(g - m_new) * (1.0 - b2) + self.eps
            step = m_new / c1 / (sqrt(s_new / c2) + self.eps)
            assign(m, m_new)
            assign(s, s_new)
            assign(w, w - (step if decay is None else step + w * decay) * lr)
        return self.done
