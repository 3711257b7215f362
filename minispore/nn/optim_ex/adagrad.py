"""Adagrad: steps divided by the root of the sum of all squared gradients."""

import numpy as np

from ...core import checks
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign_add, optimizer_formulas as formulas
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Adagrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients (Duchi et al. 2011): ``a += g^2``,
    ``w -= lr / (1 + (t - 1) lr_decay) g / (sqrt(a) + eps)``.

    Args:
        params: {params}
        lr: {lr}  Default: 1e-2.
        lr_decay: number from 0.  Default: 0.0.
        weight_decay: {decay}  Default: 0.0.
        initial_accumulator_value: number from 0, where a starts.  Default: 0.0.
        eps: number above 0.  Default: 1e-10.
        {maximize}

    State:
        ``accum.*`` (a), ``step_t``.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.Adagrad([w], lr=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.9 2.1]
    """

    def __init__(
        self,
        params,
        lr=1e-2,
        lr_decay=0.0,
        weight_decay=0.0,
        initial_accumulator_value=0.0,
        eps=1e-10,
        *,
        maximize=False,
    ):
        checks.above("Adagrad", 0.0, lr=lr, eps=eps)
        checks.at_least(
            "Adagrad",
            0.0,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
        )
        super().__init__(params, {
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "maximize": maximize,
        })  # fmt: skip
        self.keep(accum=float(initial_accumulator_value))
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")

    def construct(self, gradients):
        before = self.step_t + 0.0
        for group, members in self.groups(gradients, self.accum):
            lr, eps = group.number("lr") / (before * group.number("lr_decay") + 1.0), group.number("eps")
            for w, g, a in members:
                formulas.assign_each((w, a), formulas.adagrad(w, g, lr, a, eps))
        assign_add(self.step_t, 1)
        return True
