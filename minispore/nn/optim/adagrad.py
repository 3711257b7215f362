"""Adagrad: steps divided by the root of the sum of all squared gradients."""

from ...ops import assign, rsqrt, square
from ..checks import flags, non_negative
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
        non_negative("Adagrad", accum=accum)
        flags("Adagrad", update_slots=update_slots)
        self.update_slots = update_slots
        self.accum = self.parameters.clone(prefix="accum", init=accum)

    def construct(self, grads):
        gradients, rates = self.prepared(grads)
        for w, g, lr, a in zip(self.parameters, gradients, rates, self.accum):
            a_new = a + square(g) if self.update_slots else a
            assign(w, w - g * rsqrt(a_new) * lr)
            assign(a, a_new)
        return self.done
