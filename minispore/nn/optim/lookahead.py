"""Lookahead: slow weights that follow where another optimizer goes."""

from ... import ops
from ...core import checks
from ...core.dtype import int32
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, select
from .averaging import Averaging
from .optimizer import numbers
from .wrapping import Wrapping


class Lookahead(Wrapping, Averaging):
    """Every k steps the slow weights go towards the fast ones, which go on from there (Zhang et al., 2019,
    arXiv:1907.08610).

        w: k steps of the optimizer
        s += alpha (w - s);  w = s

    ``optimizer.eval()`` puts the slow weights into the network, ``optimizer.train()`` the fast ones.

    Args:
        optimizer: Optimizer, the one that trains.
        k: a positive int.
        alpha: a float inside (0, 1).

    State:
        ``slow.*`` (s), starting at w: 1 number per weight; ``lookahead_calls``.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0]), name="w")
    >>> opt = Lookahead(ms.nn.SGD([w], 0.25), k=2, alpha=0.5)
    >>> for _ in range(2):
    ...     _ = opt((ms.Tensor([1.0]),))
    ...     print(w.asnumpy())
    [0.75]
    [0.75]
    """

    def __init__(self, optimizer, k=5, alpha=0.5):
        super().__init__(optimizer)
        checks.positive_int("Lookahead", k=k)
        checks.unit_float("Lookahead", alpha=alpha)
        self.k = k
        (self.alpha,) = numbers(alpha)
        self.slow = self.parameters.clone(prefix="slow", init="same")
        self.lookahead_calls = Parameter(Tensor(0, int32), name="lookahead_calls")
        self.begin_averaging()

    def construct(self, gradients):
        self.expect_training()
        done = self.opt(gradients)
        calls = self.lookahead_calls + 1
        due = ops.equal(calls, self.k)
        assign(self.lookahead_calls, select(due, 0, calls))
        for w, s in zip(self.parameters, self.slow):
            new = s + (w - s) * self.alpha
            assign(s, select(due, new, s))
            assign(w, select(due, new, w))
        return done

    def to_average(self):
        self.exchange(self.slow)

    to_training = to_average
