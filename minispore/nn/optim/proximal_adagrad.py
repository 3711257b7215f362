"""Proximal Adagrad: Adagrad, then a pull towards 0."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from ...ops.sparse import used_rows
from .optimizer import Optimizer, numbers


class ProximalAdagrad(Optimizer):
    """``a += g^2``, ``r = lr / sqrt(a)``, ``q = w - r g``, ``w = sign(q) max(|q| - r l1, 0) / (1 + r l2)``.

    A gradient that comes as rows (see LazyAdam) changes those rows only.

    Args:
        params, learning_rate, weight_decay, loss_scale: as in Optimizer.
        accum: where a starts, at least 0.
        l1, l2: floats, at least 0.
        use_locking: accepted.

    State:
        ``accum.*`` (a).
    """

    takes_rows = True

    def __init__(
        self, params, accum=0.1, learning_rate=0.001, l1=0.0, l2=0.0, use_locking=False, loss_scale=1.0,
        weight_decay=0.0,
    ):  # fmt: skip
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.non_negative_float("ProximalAdagrad", accum=accum, l1=l1, l2=l2)
        checks.boolean("ProximalAdagrad", use_locking=use_locking)
        self.l1, self.l2 = numbers(l1, l2)
        self.accum = self.parameters.clone(prefix="accum", init=accum)

    def construct(self, grads):
        gradients, rates = self.prepared(grads)
        for w, g, lr, a in zip(self.parameters, gradients, rates, self.accum):
            g, w, a = used_rows(g, w, a)
            formulas.assign_each((w, a), formulas.proximal_adagrad(w, g, lr, a, self.l1, self.l2))
        return self.done
