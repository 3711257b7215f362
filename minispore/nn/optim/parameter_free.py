"""Adam that estimates its own learning rate: D-Adaptation and Prodigy.

Both bound the distance from the first weights to the solution from below, by what the gradients said on the way, and
use the bound, ``d``, as the rate.  ``learning_rate`` multiplies it: 1, or a schedule that ends at 0.
"""

from ... import ops
from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, maximum, pow as pow_, select, sqrt, square
from .optimizer import Optimizer, numbers, with_shared_docs


class _Estimating(Optimizer):
    """The common part of both optimizers: the moments, the sum s, and the estimate of the distance."""

    divisible = False

    def __init__(self, params, learning_rate, beta1, beta2, eps, weight_decay, d0, bias_correction, loss_scale):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float(self.cls_name, beta1=beta1, beta2=beta2)
        checks.positive_float(self.cls_name, eps=eps, d0=d0)
        checks.boolean(self.cls_name, bias_correction=bias_correction)
        self.beta1, self.beta2, self.eps, self.d0 = numbers(beta1, beta2, eps, d0)
        self.bias_correction = bias_correction
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")
        self.s = self.parameters.clone(prefix="s", init="zeros")
        self.d = Parameter(Tensor(d0, float32), name="d")
        self.d_numerator = Parameter(Tensor(0.0, float32), name="d_numerator")

    def factor(self):
        """d, times the bias correction of Adam if it is wanted."""
        if not self.bias_correction:
            return self.d * 1.0
        t = to(self.global_step, float32).reshape(())
        return self.d * (sqrt(1.0 - pow_(self.beta2, t)) / (1.0 - pow_(self.beta1, t)))

    def estimate(self, numerator, denominator):
        """The new d: none below the old one."""
        known = denominator > 0.0
        found = select(known, numerator / select(known, denominator, 1.0), 0.0)
        d = maximum(self.d, found)
        assign(self.d, d)
        return d


@with_shared_docs
class Prodigy(_Estimating):
    """Adam that finds its rate, fast (Mishchenko and Defazio, 2023, arXiv:2306.06101).

        r = d lr                                            b3 = sqrt(b2)
        n = b3 n + d / d0 r sum(g (w_0 - w))                sums are over all Parameters
        m = b1 m + (1 - b1) d g
        v = b2 v + (1 - b2) d^2 g^2
        s = b3 s + d / d0 r g
        d = max(d, d_coef n / sum(abs(s)))
        w -= r (m / (sqrt(v) + d eps) + weight_decay w)     r as above, of the d before

    Args:
        params: {params}
        learning_rate: multiplies d: 1, or a schedule that ends at 0.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        beta3: a float inside (0, 1), by default ``sqrt(beta2)``.
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        d0: where d begins, a positive float that is too small.
        d_coef: multiplies the estimate; 0.5 or 2 if the found rate is too large or too small.
        bias_correction: whether r has Adam's factor ``sqrt(1 - b2^t) / (1 - b1^t)``.
        safeguard_warmup: take d in place of r in s, for a rate that warms up.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v), ``s.*``, ``start.*`` (w_0): 4 numbers per weight; ``d``,
        ``d_numerator`` (n).

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = Prodigy([w])
    >>> for _ in range(60):
    ...     _ = opt((2.0 * w,))                           # the gradient of w^2
    >>> bool(abs(w.asnumpy()[0]) < 0.5), bool(opt.d.asnumpy() > 0.01)
    (True, True)
    """

    def __init__(
        self, params, learning_rate=1.0, beta1=0.9, beta2=0.999, beta3=None, eps=1e-8, weight_decay=0.0, d0=1e-6,
        d_coef=1.0, bias_correction=False, safeguard_warmup=False, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(params, learning_rate, beta1, beta2, eps, weight_decay, d0, bias_correction, loss_scale)
        beta3 = beta2**0.5 if beta3 is None else beta3
        checks.unit_float("Prodigy", beta3=beta3)
        checks.positive_float("Prodigy", d_coef=d_coef)
        checks.boolean("Prodigy", safeguard_warmup=safeguard_warmup)
        self.beta3, self.d_coef = numbers(beta3, d_coef)
        self.safeguard_warmup = safeguard_warmup
        self.start = self.parameters.clone(prefix="start", init="same")

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        b1, b2, b3 = self.beta1, self.beta2, self.beta3
        d, factor = self.d * 1.0, self.factor()
        share = d / self.d0
        rates = [factor * lr for lr in rates]
        numerator = self.d_numerator * b3
        denominator = 0.0
        for w, w0, g, r, s in zip(self.parameters, self.start, gradients, rates, self.s):
            numerator = numerator + (g * (w0 - w)).sum() * (share * r)
            s_new = s * b3 + g * (share * (d if self.safeguard_warmup else r))
            denominator = ops.abs(s_new).sum() + denominator
            assign(s, s_new)
        assign(self.d_numerator, numerator)
        d_new = self.estimate(numerator * self.d_coef, denominator)
        for w, g, r, decay, m, v in zip(self.parameters, gradients, rates, decays, self.exp_avg, self.exp_avg_sq):
            m_new = m * b1 + g * (d * (1.0 - b1))
            v_new = v * b2 + square(g) * (d * d * (1.0 - b2))
            assign(m, m_new)
            assign(v, v_new)
            step = m_new / (sqrt(v_new) + d_new * self.eps)
            assign(w, w - (step if decay is None else step + w * decay) * r)
        return self.done


@with_shared_docs
class DAdaptAdam(_Estimating):
    """Adam that finds its rate (Defazio and Mishchenko, 2023, Learning-rate-free learning by D-Adaptation).

        r = d lr                                            b = sqrt(b2)
        n = b n + (1 - b) r sum(g s / (sqrt(v) + eps))      v, s: those before; sums are over all Parameters
        m = b1 m + (1 - b1) r g
        v = b2 v + (1 - b2) g^2
        s = b s + (1 - b) r g
        d = max(d, n / ((1 - b) sum(abs(s))))
        w -= m / (sqrt(v) + eps) + r weight_decay w

    Args:
        params: {params}
        learning_rate: multiplies d: 1, or a schedule that ends at 0.
        beta1: a float inside (0, 1).
        beta2: a float inside (0, 1).
        eps: a positive float.
        weight_decay: {decay}  Default: 0.0.
        d0: where d begins, a positive float that is too small.
        bias_correction: whether r has Adam's factor ``sqrt(1 - b2^t) / (1 - b1^t)``.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v), ``s.*``: 3 numbers per weight; ``d``, ``d_numerator`` (n).

    {call}

    Raises:
        {raises}

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = DAdaptAdam([w])
    >>> for _ in range(60):
    ...     _ = opt((2.0 * w,))                           # the gradient of w^2
    >>> bool(opt.d.asnumpy() > 1e-4)
    True
    """

    def __init__(
        self, params, learning_rate=1.0, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, d0=1e-6,
        bias_correction=False, loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(params, learning_rate, beta1, beta2, eps, weight_decay, d0, bias_correction, loss_scale)

    def construct(self, gradients):
        gradients, rates, decays = self.prepared_decoupled(gradients)
        b1, b2, b = self.beta1, self.beta2, sqrt(self.beta2)
        factor = self.factor()
        rates = [factor * lr for lr in rates]
        moved, total = 0.0, 0.0
        for g, r, v, s in zip(gradients, rates, self.exp_avg_sq, self.s):
            moved = (g * s / (sqrt(v) + self.eps)).sum() * r + moved
            s_new = s * b + g * ((1.0 - b) * r)
            total = ops.abs(s_new).sum() + total
            assign(s, s_new)
        numerator = self.d_numerator * b + moved * (1.0 - b)
        assign(self.d_numerator, numerator)
        self.estimate(numerator, total * (1.0 - b))
        for w, g, r, decay, m, v in zip(self.parameters, gradients, rates, decays, self.exp_avg, self.exp_avg_sq):
            m_new = m * b1 + g * (r * (1.0 - b1))
            v_new = v * b2 + square(g) * (1.0 - b2)
            assign(m, m_new)
            assign(v, v_new)
            step = m_new / (sqrt(v_new) + self.eps)
            assign(w, w - (step if decay is None else step + w * (decay * r)))
        return self.done
