"""RAdam: Adam whose step is corrected for how little the first second moments tell."""

import numpy as np

from ...core import checks
from ...core.dtype import float64
from ...core.op import to
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, check_betas, with_shared_docs


@with_shared_docs
class RAdam(Optimizer):
    """Adam once its second moments tell enough, before that momentum alone (Liu et al. 2020, arXiv 1908.03265).

        rho = 2 / (1 - b2) - 1
        rho_t = rho - 2 t b2^t / (1 - b2^t)
        r = sqrt((rho_t - 4) (rho_t - 2) rho / ((rho - 4) (rho - 2) rho_t))
        w -= lr m / (1 - b1^t) r sqrt(1 - b2^t) / (sqrt(v) + eps)        while rho_t > 5
        w -= lr m / (1 - b1^t)                                           else

    Args:
        params: {params}
        lr: {lr}  Default: 1e-3.
        betas: pair (b1, b2) of floats in [0, 1).  Default: (0.9, 0.999).
        eps: number above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.

    State:
        ``step_t``, ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.RAdam([w], lr=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.7  2.05]
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        checks.above("RAdam", 0.0, lr=lr, eps=eps)
        checks.at_least("RAdam", 0.0, weight_decay=weight_decay)
        check_betas("RAdam", betas)
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")
        self.keep(exp_avg="zeros", exp_avg_sq="zeros")

    def construct(self, gradients):
        t = to(self.count(self.step_t), float64)
        for group, members in self.groups(gradients, self.exp_avg, self.exp_avg_sq):
            beta1, beta2 = group.with_complement("betas", 0), group.with_complement("betas", 1)
            eps = group.number("eps")
            c1, rectified, factor = formulas.radam_rectification(group.exact("betas", 0), group.exact("betas", 1), t)
            lr = group.number("lr") / c1
            for w, g, m, v in members:
                new = formulas.radam(w, g, lr, m, v, beta1, beta2, rectified, factor, eps)
                formulas.assign_each((w, m, v), new)
        return True
