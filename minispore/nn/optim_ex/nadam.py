"""NAdam: Adam with Nesterov's momentum."""

import numpy as np

from ...core import checks
from ...core.dtype import float32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, optimizer_formulas as formulas, pow as pow_
from .optimizer import Optimizer, check_betas, with_shared_docs


@with_shared_docs
class NAdam(Optimizer):
    """Adam with Nesterov's momentum (Dozat 2016): m and v as in Adam,
    ``w -= lr ((1 - mu_t) / (1 - M_t) g + mu_{t+1} / (1 - M_{t+1}) m) / (sqrt(v / (1 - b2^t)) + eps)``.

    ``mu_t = b1 (1 - 0.96^(t momentum_decay) / 2)`` and ``M_t`` is the product of ``mu_1 ... mu_t``.

    Args:
        params: {params}
        lr: {lr}  Default: 2e-3.
        betas: pair (b1, b2) of floats in [0, 1).  Default: (0.9, 0.999).
        eps: number above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        momentum_decay: number from 0.  Default: 4e-3.

    State:
        ``step_t``, ``exp_avg.*`` (m), ``exp_avg_sq.*`` (v).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.NAdam([w], lr=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.8944 2.1056]
    """

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, momentum_decay=4e-3):
        checks.above("NAdam", 0.0, lr=lr, eps=eps)
        checks.at_least("NAdam", 0.0, weight_decay=weight_decay, momentum_decay=momentum_decay)
        check_betas("NAdam", betas)
        super().__init__(params, {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "momentum_decay": momentum_decay,
        })  # fmt: skip
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")
        self.keep(exp_avg="zeros", exp_avg_sq="zeros")

    def add_param_group(self, param_group):
        """Adds a group; its product of momenta starts anew.

        Args:
            param_group: dict with "params" and any argument of the optimizer by name.

        Raises:
            TypeError: it is not a dict, or holds other than Parameters.
            KeyError: it has no "params".
            ValueError: a Parameter is in two groups.
        """
        super().add_param_group(param_group)
        product = Parameter(Tensor(1.0, float32), name=f"mu_product_{len(self.param_groups) - 1}")
        self.__dict__.setdefault("mu_product", []).append(product)

    def construct(self, gradients):
        t = self.count(self.step_t)
        for kept, (group, members) in zip(self.mu_product, self.groups(gradients, self.exp_avg, self.exp_avg_sq)):
            beta1, beta2 = group.with_complement("betas", 0), group.with_complement("betas", 1)
            lr, eps, c2 = group.number("lr"), group.number("eps"), 1.0 - pow_(beta2[0], t)
            mu, mu_next, product = formulas.nadam_schedule(kept, beta1[0], t, group.number("momentum_decay"))
            assign(kept, product)
            of_g, of_m = lr * (1.0 - mu) / (1.0 - product), lr * mu_next / (1.0 - product * mu_next)  # both include lr
            for w, g, m, v in members:
                formulas.assign_each((w, m, v), formulas.nadam(w, g, 1.0, m, v, beta1, beta2, of_m, of_g, c2, eps))
        return True
