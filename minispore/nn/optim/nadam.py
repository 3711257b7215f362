"""NAdam: Adam with Nesterov's momentum."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, optimizer_formulas as formulas, pow as pow_
from .adam import _AdamBase
from .optimizer import with_shared_docs


@with_shared_docs
class NAdam(_AdamBase):
    """Adam with Nesterov's momentum (Dozat 2016, Incorporating Nesterov Momentum into Adam).

        m and v as in Adam,  mu_t = b1 (1 - 0.96^(t momentum_decay) / 2),  M_t = mu_1 ... mu_t
        w -= lr (mu_{t+1} / (1 - M_{t+1}) m + (1 - mu_t) / (1 - M_t) g) / (sqrt(v / (1 - b2^t)) + eps)

    Args:
        params: {params}
        learning_rate: {rate}  Default: 2e-3.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        momentum_decay: float from 0.  Default: 4e-3.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``mu_product`` (M), ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.NAdam([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.8944 2.1056]
    """

    def __init__(
        self, params, learning_rate=2e-3, beta1=0.9, beta2=0.999, eps=1e-8, momentum_decay=4e-3, weight_decay=0.0,
        loss_scale=1.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale)
        checks.non_negative_float("NAdam", momentum_decay=momentum_decay)
        self.momentum_decay = Tensor(momentum_decay, float32)
        self.mu_product = Parameter(Tensor(1.0, float32), name="mu_product")
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        t, (beta1, beta2) = to(self.global_step, float32).reshape(()), formulas.with_complement(self.beta1, self.beta2)
        c2 = 1.0 - pow_(self.beta2, t)
        mu, mu_next, product = formulas.nadam_schedule(self.mu_product, self.beta1, t, self.momentum_decay)
        assign(self.mu_product, product)
        of_m, of_g = mu_next / (1.0 - product * mu_next), (1.0 - mu) / (1.0 - product)
        for w, g, lr, m, v in zip(self.parameters, gradients, rates, self.exp_avg, self.exp_avg_sq):
            new = formulas.nadam(w, g, lr, m, v, beta1, beta2, of_m, of_g, c2, self.eps)
            formulas.assign_each((w, m, v), new)
        return self.done
