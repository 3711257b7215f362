"""Adagrad: steps divided by the root of the sum of all squared gradients."""

from ...core import checks
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Adagrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients (Duchi et al. 2011): ``a += g^2``,
    ``w -= lr g / sqrt(a)``.

    Args:
        params: {params}
        accum: float from 0, where a starts.  Default: 0.1.
        learning_rate: {rate}  Default: 0.001.
        update_slots: bool, whether a changes.  Default: True.
        loss_scale: {scale}
        weight_decay: {decay}  Default: 0.0.

    State:
        ``accum.*`` (a).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.Adagrad([w], 0.0, 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.9 2.1]
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
