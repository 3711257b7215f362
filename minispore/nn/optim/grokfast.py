"""Grokfast: what changes slowly in the gradients is made larger."""

from ...core import checks
from ...core.dtype import float32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, select
from .optimizer import numbers
from .wrapping import Wrapping


class Grokfast(Wrapping):
    """The optimizer inside gets gradients and their running mean (Lee et al., 2024, arXiv:2405.20233).

        m = alpha m + (1 - alpha) g                 the first m is the first g
        g += lamb m

    Args:
        optimizer: Optimizer, the one inside.
        alpha: a float inside (0, 1).
        lamb: how much of the mean is added, a float of at least 0.

    State:
        ``slow_gradient.*`` (m): 1 number per weight; ``grokfast_begun``.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> _ = Grokfast(ms.nn.SGD([w], 0.25), lamb=2.0)((ms.Tensor([1.0]),))
    >>> print(w.asnumpy())
    [0.25]
    """

    def __init__(self, optimizer, alpha=0.98, lamb=2.0):
        super().__init__(optimizer)
        checks.unit_float("Grokfast", alpha=alpha)
        checks.non_negative_float("Grokfast", lamb=lamb)
        self.alpha, self.lamb = numbers(alpha, lamb)
        self.slow_gradient = self.parameters.clone(prefix="slow_gradient", init="zeros")
        self.grokfast_begun = Parameter(Tensor(0.0, float32), name="grokfast_begun")

    def construct(self, gradients):
        gradients = self.checked(gradients)
        rest = select(self.grokfast_begun > 0.0, 1.0 - self.alpha, 1.0)
        raised = []
        for g, m in zip(gradients, self.slow_gradient):
            mean = m + (g - m) * rest
            assign(m, mean)
            raised.append(g + mean * self.lamb)
        assign(self.grokfast_begun, 1.0)
        return self.opt(tuple(raised))
