"""Adadelta: steps scaled by the ratio of the running means of squared updates and squared gradients."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer


class Adadelta(Optimizer):
    """Steps in units of past steps.

        a = rho a + (1 - rho) g^2
        d = sqrt(u + eps) / sqrt(a + eps) g
        u = rho u + (1 - rho) d^2
        w -= lr d

    State: ``accum.*`` (a), ``accum_update.*`` (u).
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
