"""RAdam: Adam whose step is corrected for how little the first second moments tell."""

from ...core.dtype import float64
from ...core.op import to
from ...ops import optimizer_formulas as formulas
from .adam import _AdamBase
from .optimizer import with_shared_docs


@with_shared_docs
class RAdam(_AdamBase):
    """Adam once its second moments tell enough, before that momentum alone (Liu et al. 2020, arXiv 1908.03265).

        m and v as in Adam,  rho = 2 / (1 - b2) - 1,  rho_t = rho - 2 t b2^t / (1 - b2^t)
        r = sqrt((rho_t - 4) (rho_t - 2) rho / ((rho - 4) (rho - 2) rho_t))
        w -= lr m / (1 - b1^t) r sqrt(1 - b2^t) / (sqrt(v) + eps)        while rho_t > 5
        w -= lr m / (1 - b1^t)                                           else

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1e-3.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.RAdam([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.7  2.05]
    """

    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, loss_scale=1.0):
        super().__init__(learning_rate, params, beta1, beta2, eps, weight_decay, loss_scale)
        self.exp_avg = self.parameters.clone(prefix="exp_avg", init="zeros")
        self.exp_avg_sq = self.parameters.clone(prefix="exp_avg_sq", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        t = to(self.global_step, float64).reshape(())
        beta1, beta2 = formulas.with_complement(self.beta1, self.beta2)
        c1, rectified, factor = formulas.radam_rectification(to(self.beta1, float64), to(self.beta2, float64), t)
        for w, g, lr, m, v in zip(self.parameters, gradients, rates, self.exp_avg, self.exp_avg_sq):
            new = formulas.radam(w, g, lr / c1, m, v, beta1, beta2, rectified, factor, self.eps)
            formulas.assign_each((w, m, v), new)
        return self.done
