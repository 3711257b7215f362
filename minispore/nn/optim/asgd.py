"""Averaged stochastic gradient descent."""

from ...core import checks
from ...core.dtype import float32
from ...core.op import to
from ...core.parameter import Parameter, ParameterTuple
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, numbers


class ASGD(Optimizer):
    """Descent with shrinking steps, and the average of the weights on the way.

        w = w (1 - lambd eta) - eta g           (eta = lr at step t = 1)
        ax += mu (w - ax)
        eta = lr / (1 + lambd lr t)^alpha
        mu = 1 / max(1, t - t0)

    ``ax`` is the average of w over the steps after ``t0``; before, it follows w.

    Args:
        params, learning_rate, weight_decay: as in Optimizer.
        lambd, alpha: floats: how w is drawn to 0, and how ``eta`` shrinks.
        t0: a float: the step after which the average begins.

    State:
        ``mu_*``, ``eta_*`` (0-d), ``ax_.*``.
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
