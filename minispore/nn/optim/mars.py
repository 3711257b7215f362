"""MARS: adaptive steps from gradients whose noise is reduced by the gradient before."""

from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.op import to
from ...ops import assign, maximum, pow as pow_, sign, sqrt, square
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class MARS(Optimizer):
    """AdamW or Lion of variance-reduced gradients (Yuan et al., 2024, arXiv:2411.10438, the approximate form).

        c = g + gamma b1 / (1 - b1) (g - (the gradient before))     0 before the first step
        c = c / max(1, |c|)                                         |c|: over one Parameter
        m = b1 m + (1 - b1) c
        v = b2 v + (1 - b2) c^2
        u = m / (1 - b1^t) sqrt(1 - b2^t) / (sqrt(v) + eps)         "adamw";  "lion": u = sign(m)
        w -= lr (u + weight_decay w)

    Parameters with fewer than two axes get AdamW with coefficients of their own; ``optimize_1d`` treats them as the others.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 3e-3.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        gamma: a float, at least 0: how much of the difference.
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        mars_type: "adamw" or "lion".
        optimize_1d: as above.
        lr_1d_factor: multiplies the rate of those that get AdamW.
        beta1_1d: a float inside (0, 1), theirs.
        beta2_1d: a float inside (0, 1), theirs.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v), ``previous.*`` (the gradient before): 3 numbers per weight.

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([[1.0]]), name="w")
    >>> _ = MARS([w], 0.5)((ms.Tensor([[4.0]]),))
    >>> print(w.asnumpy())
    [[0.5]]
    """

    def __init__(
        self, params, learning_rate=3e-3, beta1=0.95, beta2=0.99, gamma=0.025, eps=1e-8, weight_decay=0.0,
        mars_type="adamw", optimize_1d=False, lr_1d_factor=1.0, beta1_1d=0.9, beta2_1d=0.95, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("MARS", beta1=beta1, beta2=beta2, beta1_1d=beta1_1d, beta2_1d=beta2_1d)
        checks.non_negative_float("MARS", gamma=gamma)
        checks.positive_float("MARS", eps=eps, lr_1d_factor=lr_1d_factor)
        checks.boolean("MARS", optimize_1d=optimize_1d)
        if mars_type not in ("adamw", "lion"):
            raise fail(ValueError, f"For 'MARS', 'mars_type' must be 'adamw' or 'lion', but got {mars_type!r}.")
        self.beta1, self.beta2, self.gamma, self.eps = numbers(beta1, beta2, gamma, eps)
        self.beta1_1d, self.beta2_1d, self.lr_1d_factor = numbers(beta1_1d, beta2_1d, lr_1d_factor)
        self.mars_type, self.optimize_1d = mars_type, optimize_1d
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")
        self.previous = self.parameters.clone(prefix="previous", init="zeros")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        t = to(self.global_step, float32).reshape(())
        states = zip(self.exp_avg, self.exp_avg_sq, self.previous)
        for w, g, lr, decay, (m, v, before) in zip(self.parameters, gradients, rates, decays, states):
            reduced = self.optimize_1d or w.ndim > 1
            b1, b2 = (self.beta1, self.beta2) if reduced else (self.beta1_1d, self.beta2_1d)
            lr = lr if reduced else lr * self.lr_1d_factor
            c = self._corrected(g, before) if reduced else g
            m_new = m * b1 + c * (1.0 - b1)
            assign(m, m_new)
            if reduced and self.mars_type == "lion":
                step = sign(m_new)
            else:
                v_new = v * b2 + square(c) * (1.0 - b2)
                assign(v, v_new)
                factor = sqrt(1.0 - pow_(b2, t)) / (1.0 - pow_(b1, t))
                step = m_new / (sqrt(v_new) + self.eps) * factor
            assign(before, g)
            assign(w, w - (step if decay is None else step + w * decay) * lr)
        return self.done

    def _corrected(self, g, before):
        c = g + (g - before) * (self.gamma * self.beta1 / (1.0 - self.beta1))
        return c / maximum(sqrt(square(c).sum()), 1.0)
