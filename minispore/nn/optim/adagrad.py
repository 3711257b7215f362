"""Adagrad: steps divided by the root of the sum of all squared gradients."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer


class Adagrad(Optimizer):
    """``a += g^2``, ``w -= lr g / sqrt(a)``.

    Args:
        params, learning_rate, weight_decay, loss_scale: as in Optimizer.
        accum: where a starts, at least 0.
        update_slots: whether a changes.

    State:
        ``accum.*`` (a).
    """

    def __init__(self, params, accum=0.1, learning_rate=0.001, update_slots=True, loss_scale=1.0, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.non_negative_float("Adagrad", accum=accum)
        checks.boolean("Adagrad", update_slots=update_slots)
        self.update_slots = update_slots
        self.accum = self.parameters.clone(prefix="accum", init=accum)

    def construct(self, grads):
        gradients, rates = self.prepared(grads)
        for w, g, lr, a in zip(self.parameters, gradients, rates, self.accum):
            formulas.assign_each((w, a), formulas.adagrad(w, g, lr, a, update=self.update_slots))
        return self.done
