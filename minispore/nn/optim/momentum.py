"""Momentum: the heavy ball."""

from ...core import checks
from ...core.dtype import float32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import optimizer_formulas as formulas
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class Momentum(Optimizer):
    """The heavy ball: ``v = momentum v + g``, ``w -= lr v``; Nesterov: ``w -= lr (g + momentum v)`` (Sutskever et al.
    2013).

    Args:
        params: {params}
        learning_rate: {rate}
        momentum: float from 0.
        weight_decay: {decay}  Default: 0.0.
        loss_scale: {scale}
        use_nesterov: bool, whether to look one step of the momentum ahead.  Default: False.

    State:
        ``moments.*`` (v); ``momentum`` is a Parameter and may be assigned between steps.

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor, nn
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> opt = nn.Momentum([w], 0.1, 0.9)
    >>> for _ in range(2):
    ...     _ = opt((Tensor([1.0, 0.0]),))
    >>> print(w.asnumpy())
    [0.71 2.  ]
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
