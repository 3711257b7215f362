"""Averaged stochastic gradient descent."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.parameter import Parameter, ParameterTuple
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class ASGD(Optimizer):
    """Descent with shrinking steps, and the average of the weights on the way (Polyak & Juditsky 1992).

        w = w (1 - lambd eta) - eta g           (eta = lr at step t = 1)
        ax += mu (w - ax)
        eta = lr / (1 + lambd lr t)^alpha
        mu = 1 / max(1, t - t0)

    ``ax`` is the average of w over the steps after ``t0``; before, it follows w.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 0.1.
        lambd: float, how w is drawn to 0.  Default: 1e-4.
        alpha: float, how ``eta`` shrinks.  Default: 0.75.
        t0: float, the step after which the average begins.  Default: 1e6.
        weight_decay: {decay}  Default: 0.0.

    State:
        ``mu_*``, ``eta_*`` (0-d), ``ax_.*``.

    Inputs:
        gradients: tuple of Tensors, one for each Parameter and of its shape.

    Returns:
        True; the Parameters have new values.

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.ASGD([w], 0.1, lambd=0.0)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.7  2.05]
    """

    def __init__(self, params, learning_rate=0.1, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay)
        checks.floating("ASGD", lambd=lambd, alpha=alpha, t0=t0)
        self.lambd, self.alpha, self.t0 = numbers(lambd, alpha, t0)
        self.mu = ParameterTuple(Parameter(Tensor(1.0, float32), name=f"mu_{p.name}") for p in self.parameters)
        self.eta = ParameterTuple(Parameter(Tensor(0.0, float32), name=f"eta_{p.name}") for p in self.parameters)
        self.ax = self.parameters.clone(prefix="ax_", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        t = to(self.global_step, float32).reshape(())
        later = to(t > 1.0, float32)
        for w, g, lr, mu, eta, ax in zip(self.parameters, gradients, rates, self.mu, self.eta, self.ax):
            eta_now = eta * later + lr * (1.0 - later)
            formulas.assign_each((w, ax), formulas.asgd(w, g, eta_now, ax, mu, self.lambd))
            formulas.assign_each((eta, mu), formulas.asgd_schedule(lr, t, self.lambd, self.alpha, self.t0))
        return True
