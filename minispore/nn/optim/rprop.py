"""Rprop: each weight has its own step size, which follows the sign of the gradient alone."""

from ...core import checks
from ...core.errors import fail
from ...ops import equal, optimizer_formulas as formulas
from .optimizer import Optimizer, numbers, with_shared_docs


@with_shared_docs
class Rprop(Optimizer):
    """A step size of each weight, which follows the sign of the gradient alone (Riedmiller & Braun 1993):
    ``step *= etaplus`` where the gradient keeps its sign, ``etaminus`` where it turns; ``w -= sign(g) step``.

    The steps start at lr and are kept inside ``step_sizes``.  Where the gradient turned it counts as 0: w does not
    move, and the next step size stays.

    Args:
        params: {params}
        learning_rate: {rate}  Default: 0.1.
        etas: tuple (etaminus, etaplus) of floats, inside (0, 1) and above 1.  Default: (0.5, 1.2).
        step_sizes: tuple (smallest, largest) of floats.  Default: (1e-6, 50.0).
        weight_decay: {decay}  Default: 0.0.

    State:
        ``prev.*`` (the gradient before), ``step_size.*``.

    Inputs:
        gradients: tuple of Tensors, one for each Parameter and of its shape.

    Returns:
        True; the Parameters have new values.

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.Rprop([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.9 2.1]
    """

    def __init__(self, params, learning_rate=0.1, etas=(0.5, 1.2), step_sizes=(1e-6, 50.0), weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay)
        for name, pair in (("etas", etas), ("step_sizes", step_sizes)):
            checks.instance("Rprop", tuple, **{name: pair})
            if len(pair) != 2:
                raise fail(ValueError, f"For 'Rprop', '{name}' must have two elements, but got {len(pair)}.")
        if step_sizes[0] > step_sizes[1]:
            raise fail(ValueError, f"For 'Rprop', the smallest step must not exceed the largest, but got {step_sizes}.")
        checks.unit_float("Rprop", etaminus=etas[0])
        checks.floating("Rprop", etaplus=etas[1], min_step_size=step_sizes[0], max_step_size=step_sizes[1])
        checks.above("Rprop", 1.0, etaplus=etas[1])
        self.etaminus, self.etaplus = numbers(*etas)
        self.step_size_min, self.step_size_max = numbers(*step_sizes)
        self.prev = self.parameters.clone(prefix="prev", init="zeros")
        self.step_size = self.parameters.clone(prefix="step_size", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        first = equal(self.global_step, 1).reshape(())
        limits = self.etaminus, self.etaplus, self.step_size_min, self.step_size_max
        for w, g, lr, prev, step in zip(self.parameters, gradients, rates, self.prev, self.step_size):
            formulas.assign_each((w, prev, step), formulas.rprop(w, g, lr, prev, step, first, *limits))
        return True
