"""ADOPT: Adam whose gradients are divided by what was known before them."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...ops import assign, equal, maximum, minimum, pow as pow_, select, sqrt, square
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class ADOPT(Optimizer):
    """Converges for every beta2 (Taniguchi et al., 2024, arXiv:2411.02853).

        u = g / max(sqrt(v), eps), clipped to (t - 1)^(1/4)         v: of the steps before
        m = b1 m + (1 - b1) u
        w -= lr (m + weight_decay w)
        v = b2 v + (1 - b2) g^2

    The first step only sets ``v = g^2``.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        clip: whether u is clipped.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v): 2 numbers per weight.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = ADOPT([w], 0.5, beta1=0.5)
    >>> for _ in range(2):
    ...     _ = opt((ms.Tensor([4.0]),))
    >>> print(w.asnumpy())
    [0.75]
    """

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.9, beta2=0.9999, eps=1e-6, weight_decay=0.0, clip=True, loss_scale=1.0
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("ADOPT", beta1=beta1, beta2=beta2)
        checks.positive_float("ADOPT", eps=eps)
        checks.boolean("ADOPT", clip=clip)
        self.beta1, self.beta2, self.eps = numbers(beta1, beta2, eps)
        self.clip = clip
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        t, b1, b2 = to(self.global_step, float32).reshape(()), self.beta1, self.beta2
        first = equal(t, 1.0)
        bound = pow_(t - 1.0, 0.25)
        b2_now = select(first, 0.0, b2)
        for w, g, lr, decay, m, v in zip(self.parameters, gradients, rates, decays, self.exp_avg, self.exp_avg_sq):
            u = g / maximum(sqrt(v), self.eps)
            if self.clip:
                u = maximum(minimum(u, bound), -bound)
            m_new = select(first, m, m * b1 + u * (1.0 - b1))
            assign(m, m_new)
            assign(v, v * b2_now + square(g) * (1.0 - b2_now))
            step = m_new if decay is None else m_new + w * decay
            assign(w, w - step * select(first, 0.0, lr))
        return self.done
