"""Momentum: the heavy ball."""

from ...core import checks
from ...core.dtype import float32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer


class Momentum(Optimizer):
    """``v = momentum v + g``, ``w -= lr v``; Nesterov: ``w -= lr (g + momentum v)``.

    Args:
        params, learning_rate, weight_decay, loss_scale: as in Optimizer.
        momentum: a float, at least 0.
        use_nesterov: looks one step of the momentum ahead.

    State:
        ``moments.*`` (v); ``momentum`` is a Parameter and may be assigned between steps.

    Raises:
        TypeError, ValueError: as in Optimizer; ``momentum`` is not a float, or negative.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = Momentum([w], 0.1, 0.9)
    >>> for _ in range(2):
    ...     _ = opt((ms.Tensor([1.0]),))
    >>> print(w.asnumpy())
    [0.71]
    """

    def __init__(self, params, learning_rate, momentum, weight_decay=0.0, loss_scale=1.0, use_nesterov=False):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        checks.non_negative_float("Momentum", momentum=momentum)
        checks.boolean("Momentum", use_nesterov=use_nesterov)
        self.momentum = Parameter(Tensor(momentum, float32), name="momentum")
        self.use_nesterov = use_nesterov
        self.moments = self.parameters.clone(prefix="moments", init="zeros")

    def construct(self, gradients):
        gradients, rates = self.prepared(gradients)
        for w, g, lr, v in zip(self.parameters, gradients, rates, self.moments):
            formulas.assign_each((w, v), formulas.momentum(w, g, lr, v, self.momentum, self.use_nesterov))
        return self.done
