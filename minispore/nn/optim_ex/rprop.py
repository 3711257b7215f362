"""Rprop: each weight has its own step size, which follows the sign of the gradient alone."""

import numpy as np

from ...core import checks
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import equal, optimizer_formulas as formulas
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Rprop(Optimizer):
    """A step size of each weight, which follows the sign of the gradient alone (Riedmiller & Braun 1993):
    ``step *= etas[1]`` where the gradient keeps its sign, ``etas[0]`` where it turns; ``w -= sign(g) step``.

    The steps start at lr and stay inside ``step_sizes``.  Where the gradient turned it counts as 0.

    Args:
        params: {params}
        lr: {lr}  Default: 1e-2.
        etas: pair of floats, inside (0, 1) and above 1.  Default: (0.5, 1.2).
        step_sizes: pair (smallest, largest).  Default: (1e-6, 50).
        {maximize}

    State:
        ``prev.*`` (the gradient before), ``step_size.*``, ``step_t``.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.Rprop([w], lr=0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.9 2.1]
    """

    def __init__(self, params, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50), *, maximize=False):
        checks.above("Rprop", 0.0, lr=lr)
        checks.above("Rprop", 1.0, **{"etas[1]": etas[1]})
        checks.within("Rprop", "(0.0, 1.0)", **{"etas[0]": etas[0]})
        super().__init__(params, {"lr": lr, "etas": etas, "step_sizes": step_sizes, "maximize": maximize})
        self.keep(prev="zeros", step_size="zeros")
        self.step_t = Parameter(Tensor(0, np.int32), name="step_t")

    def construct(self, gradients):
        first = equal(self.count(self.step_t), 1.0)
        for group, members in self.groups(gradients, self.prev, self.step_size):
            lr, limits = group.number("lr"), [group.number(name, k) for name in ("etas", "step_sizes") for k in (0, 1)]
            for w, g, prev, step in members:
                formulas.assign_each((w, prev, step), formulas.rprop(w, g, lr, prev, step, first, *limits))
        return True
