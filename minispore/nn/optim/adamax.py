"""AdaMax: Adam with the largest gradient in place of the root mean square."""

import numpy as np

from ...core import checks
from ...core.dtype import float32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, optimizer_formulas as formulas
from .optimizer import Optimizer, map_distinct, with_shared_docs


@with_shared_docs
class AdaMax(Optimizer):
    """Adam with the largest gradient in place of the root mean square (Kingma & Ba 2014, arXiv 1412.6980):
    ``m = b1 m + (1 - b1) g``, ``u = max(b2 u, |g|)``, ``w -= lr / (1 - b1^t) m / (u + eps)``.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 0.001.
        beta1: float inside (0, 1), b1.  Default: 0.9.
        beta2: float inside (0, 1), b2.  Default: 0.999.
        eps: float above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}

    State:
        ``beta1_power`` (b1^t), ``moment1.*`` (m), ``moment2.*`` (u).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.AdaMax([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.9 2.1]
    """

    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, loss_scale=1.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.unit_float("AdaMax", beta1=beta1, beta2=beta2)
        checks.positive_float("AdaMax", eps=eps)
        self.beta1, self.beta2, self.eps = (Tensor(x, float32) for x in (beta1, beta2, eps))
        self.beta1_power = Parameter(Tensor(np.ones(1, np.float32)), name="beta1_power")
        self.moment1 = self.parameters.clone(prefix="moment1", init="zeros")
        self.moment2 = self.parameters.clone(prefix="moment2", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        assign(self.beta1_power, self.beta1_power * self.beta1)
        correction = (1.0 - self.beta1_power).reshape(())
        rates = map_distinct(lambda lr: lr / correction, rates)
        (beta1,) = formulas.with_complement(self.beta1)
        for w, g, lr, m, u in zip(self.parameters, gradients, rates, self.moment1, self.moment2):
            formulas.assign_each((w, m, u), formulas.adamax(w, g, lr, m, u, beta1, self.beta2, self.eps))
        return self.done
