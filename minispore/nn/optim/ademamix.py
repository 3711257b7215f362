"""AdEMAMix: AdamW with a second, very slow mean of the gradients."""

from ... import ops
from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...ops import assign, minimum, pow as pow_, sqrt, square
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class AdEMAMix(Optimizer):
    """AdamW that remembers tens of thousands of gradients (Pagliardini et al., 2024, arXiv:2409.03137).

        m = b1 m + (1 - b1) g
        s = b3_t s + (1 - b3_t) g
        v = b2 v + (1 - b2) g^2
        w -= lr ((m / (1 - b1^t) + alpha_t s) / (sqrt(v / (1 - b2^t)) + eps) + weight_decay w)

    ``alpha_t`` is alpha and ``b3_t`` is b3; with ``warmup_steps`` T, alpha_t grows in a line from 0 to alpha, and b3_t from
    b1 to b3 so that the half-life grows in a line: ``b3_t = exp(ln b1 ln b3 / ((1 - t/T) ln b3 + t/T ln b1))``.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        beta3: a float inside (0, 1).
        alpha: a float, at least 0.
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        warmup_steps: None, or a positive int, in practice the number of all steps.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_slow.*`` (s), ``exp_avg_sq.*`` (v): 3 numbers per weight.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> _ = AdEMAMix([w], 0.5, alpha=5.0, beta3=0.9)((ms.Tensor([4.0]),))
    >>> print(w.asnumpy().round(4))
    [0.25]
    """

    def __init__(
        self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, beta3=0.9999, alpha=5.0, eps=1e-8, weight_decay=0.0,
        warmup_steps=None, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("AdEMAMix", beta1=beta1, beta2=beta2, beta3=beta3)
        checks.non_negative_float("AdEMAMix", alpha=alpha)
        checks.positive_float("AdEMAMix", eps=eps)
        if warmup_steps is not None:
            checks.positive_int("AdEMAMix", warmup_steps=warmup_steps)
        self.beta1, self.beta2, self.beta3, self.alpha, self.eps = numbers(beta1, beta2, beta3, alpha, eps)
        self.warmup_steps = warmup_steps
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_slow = self.parameters.clone(prefix="exp_avg_slow", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")

    def _slow(self, t):
        """(alpha, b3) of step t."""
        if self.warmup_steps is None:
            return self.alpha, self.beta3
        part = minimum(t / self.warmup_steps, 1.0)
        fast, last = ops.log(self.beta1), ops.log(self.beta3)
        return self.alpha * part, minimum(ops.exp(fast * last / (last * (1.0 - part) + fast * part)), self.beta3)

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        t, b1, b2 = to(self.global_step, float32).reshape(()), self.beta1, self.beta2
        alpha, b3 = self._slow(t)
        c1, c2 = 1.0 - pow_(b1, t), sqrt(1.0 - pow_(b2, t))
        states = zip(self.exp_avg, self.exp_avg_slow, self.exp_avg_sq)
        for w, g, lr, decay, (m, s, v) in zip(self.parameters, gradients, rates, decays, states):
            m_new = m * b1 + g * (1.0 - b1)
            s_new = s * b3 + g * (1.0 - b3)
            v_new = v * b2 + square(g) * (1.0 - b2)
            step = (m_new / c1 + s_new * alpha) / (sqrt(v_new) / c2 + self.eps)
            for state, new in zip((m, s, v), (m_new, s_new, v_new)):
                assign(state, new)
            assign(w, w - (step if decay is None else step + w * decay) * lr)
        return self.done
