"""Adadelta: steps scaled by the ratio of the running means of squared updates and squared gradients."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Adadelta(Optimizer):
    """Steps in units of past steps (Zeiler 2012, arXiv 1212.5701).

        a = rho a + (1 - rho) g^2
        d = sqrt(u + eps) / sqrt(a + eps) g
        u = rho u + (1 - rho) d^2
        w -= lr d

    Args:
        params: {params}
        lr: {lr}  Default: 1.0.
        rho: float in [0, 1].  Default: 0.9.
        eps: number above 0.  Default: 1e-6.
        weight_decay: {decay}  Default: 0.0.
        {maximize}

    State:
        ``accum.*`` (a), ``accum_update.*`` (u).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.Adadelta([w], eps=1.0)((Tensor([0.0, 3.0]),))
    >>> print(w.asnumpy().round(4))
    [ 1.     -0.1764]
    """

    def __init__(self, params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0.0, *, maximize=False):
        checks.above("Adadelta", 0.0, lr=lr, eps=eps)
        checks.at_least("Adadelta", 0.0, weight_decay=weight_decay)
        checks.within("Adadelta", "[0.0, 1.0]", rho=checks.floating("Adadelta", rho=rho))
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})
        self.keep(accum="zeros", accum_update="zeros")

    def construct(self, gradients):
        for group, members in self.groups(gradients, self.accum, self.accum_update):
            lr, rho, eps = group.number("lr"), group.with_complement("rho"), group.number("eps")
            for w, g, a, u in members:
                formulas.assign_each((w, a, u), formulas.adadelta(w, g, lr, a, u, rho, eps))
        return True
