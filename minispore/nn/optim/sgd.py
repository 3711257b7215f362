"""Stochastic gradient descent, with momentum if wanted."""

from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, not_equal, optimizer_formulas as formulas, select
from ...ops.first_step import is_first, passed
from ..cell import Cell
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class SGD(Optimizer):
    """Plain descent, or a heavy ball.

        v = momentum v + (1 - dampening) g      (v = g at the first step)
        w -= lr v                               Nesterov: w -= lr (g + momentum v)

    Args:
        params: {params}
        learning_rate: {rate}  Default: 0.1.
        momentum: number from 0; 0.0 (the default) for plain descent, ``w -= lr g``, until ``optimizer.momentum`` is
            assigned.
        dampening: number from 0, how much less a gradient counts than the ones before.  Default: 0.0.
        weight_decay: number from 0.  Default: 0.0.
        nesterov: bool, whether to look one step of the momentum ahead; needs ``momentum`` and no ``dampening``.
            Default: False.
        loss_scale: {scale}

    State:
        ``accum.*`` (v), and ``stat.*``: 1 before the first step, then 0; the first number of each counts.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = nn.SGD([w], 0.1)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy())
    [0.7  2.05]
    """

    def __init__(
        self, params, learning_rate=0.1, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, loss_scale=1.0
    ):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        if isinstance(momentum, int):
            momentum = float(momentum)
        if isinstance(dampening, int):
            dampening = float(dampening)
        checks.non_negative_float("SGD", momentum=momentum, dampening=dampening)
        checks.boolean("SGD", nesterov=nesterov)
        if nesterov and (momentum == 0.0 or dampening != 0.0):
            raise fail(
                ValueError,
                f"For 'SGD', 'nesterov' needs 'momentum' and no 'dampening', but got {momentum} and {dampening}.",
            )
        if self.dynamic_weight_decay:
            raise fail(TypeError, f"For 'SGD', 'weight_decay' must be a number, but got a {Cell.__name__}.")
        self.momentum = Parameter(Tensor(momentum, float32), name="momentum")
        self.dampening, self.nesterov, self.has_momentum = dampening, nesterov, momentum != 0.0
        self.accum = self.parameters.clone(prefix="accum", init="zeros")
        self.stat = self.parameters.clone(prefix="stat", init="ones")

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name == "momentum" and "has_momentum" in self.__dict__:
            has = float(self.momentum) != 0.0 or isinstance(value, Parameter)  # that is a variable, whatever it is
            if has != self.has_momentum:
                self.has_momentum = has

    @property
    def target(self) -> str:
        """The device of the update: "CPU".  It cannot be assigned: that raises a NotImplementedError, as in MindSpore."""
        return "CPU"

    @target.setter
    def target(self, value) -> None:
        raise fail(NotImplementedError, "For 'SGD', 'target' cannot be assigned.")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        undamped = 1.0
        if type(self.dampening) is not float or self.dampening:  # a Tensor where it differs between copies
            undamped = select(not_equal(self.momentum, 0.0), 1.0 - self.dampening, 1.0)
        for w, g, lr, v, stat in zip(self.parameters, gradients, rates, self.accum, self.stat):
            if self.has_momentum:
                new = formulas.sgd(w, g, lr, v, is_first(stat), self.momentum, undamped, self.nesterov)
                formulas.assign_each((w, v, stat), (*new, passed(stat)))
            else:
                assign(w, w - g * lr)
        return self.done
