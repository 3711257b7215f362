"""Adadelta: steps scaled by the ratio of the running means of squared updates and squared gradients."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class Adadelta(Optimizer):
    """Steps in units of past steps (Zeiler 2012, arXiv 1212.5701).

        a = rho a + (1 - rho) g^2
        d = sqrt(u + eps) / sqrt(a + eps) g
        u = rho u + (1 - rho) d^2
        w -= lr d

    Args:
        params: {params}
        learning_rate: {rate}  Default: 1.0.
        rho: float in [0, 1].  Default: 0.9.
        epsilon: float from 0, eps.  Default: 1e-6.
        loss_scale: {scale}
        weight_decay: {decay}  Default: 0.0.

    State:
        ``accum.*`` (a), ``accum_update.*`` (u).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.Adadelta([w], epsilon=1.0)((Tensor([0.0, 3.0]),))
    >>> print(w.asnumpy())
    [ 1.         -0.17642856]
    """

    def __init__(self, params, learning_rate=1.0, rho=0.9, epsilon=1e-6, loss_scale=1.0, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.within("Adadelta", "[0.0, 1.0]", rho=checks.floating("Adadelta", rho=rho))
        checks.non_negative_float("Adadelta", epsilon=epsilon)
        self.rho, self.epsilon = numbers(rho, epsilon)
        self.accum = self.parameters.clone(prefix="accum", init="zeros")
        self.accum_update = self.parameters.clone(prefix="accum_update", init="zeros")

    def construct(self, grads):
        gradients, rates = self.prepared(grads)
        (rho,) = formulas.with_complement(self.rho)
        for w, g, lr, a, u in zip(self.parameters, gradients, rates, self.accum, self.accum_update):
            formulas.assign_each((w, a, u), formulas.adadelta(w, g, lr, a, u, rho, self.epsilon))
        return self.done
