"""RMSprop: steps divided by the root of a running mean of squared gradients."""

from ...core import checks
from ...ops import assign, sqrt, square
from ...ops.optimizer_formulas import running_mean, running_square
from .optimizer import Optimizer, with_shared_docs


@with_shared_docs
class RMSprop(Optimizer):
    """Steps divided by the root of a running mean of squared gradients (Tieleman & Hinton 2012):
    ``s = alpha s + (1 - alpha) g^2``, ``u = g / (sqrt(s) + eps)``, ``mom = momentum mom + u``, ``w -= lr mom``.

    Without ``momentum``, ``w -= lr u``.  Centered: ``sqrt(s - mg^2)`` with ``mg = alpha mg + (1 - alpha) g``.

    Args:
        params: {params}
        lr: {lr}  Default: 1e-2.
        alpha: number from 0.  Default: 0.99.
        eps: number above 0.  Default: 1e-8.
        weight_decay: {decay}  Default: 0.0.
        momentum: number from 0.  Default: 0.0.
        centered: bool.  Default: False.
        {maximize}

    State:
        ``mean_grad.*`` (mg), ``mean_square.*`` (s), ``moment.*`` (mom).

    {call}

    Raises:
        {raises}

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> w = Parameter(Tensor([1.0, 2.0]), name="w")
    >>> _ = optim.RMSprop([w], lr=0.1, alpha=0.0)((Tensor([3.0, -0.5]),))
    >>> print(w.asnumpy().round(4))
    [0.9 2.1]
    """

    def __init__(
        self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False, maximize=False
    ):
        checks.above("RMSprop", 0.0, lr=lr, eps=eps)
        checks.at_least("RMSprop", 0.0, alpha=alpha, momentum=momentum, weight_decay=weight_decay)
        super().__init__(params, {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
            "weight_decay": weight_decay, "maximize": maximize,
        })  # fmt: skip
        self.keep(mean_grad="zeros", mean_square="zeros", moment="zeros")

    def construct(self, gradients):
        for group, members in self.groups(gradients, self.mean_grad, self.mean_square, self.moment):
            lr, alpha, eps = group.number("lr"), group.with_complement("alpha"), group.number("eps")
            for w, g, mg, s, mom in members:
                s_new = running_square(s, g, alpha)
                assign(s, s_new)
                if group["centered"]:
                    mg_new = running_mean(mg, g, alpha)
                    assign(mg, mg_new)
                    s_new = s_new - square(mg_new)
                step = g / (sqrt(s_new) + eps)
                if group.nonzero("momentum"):
                    step = mom * group.number("momentum") + step
                    assign(mom, step)
                assign(w, w - step * lr)
        return True
