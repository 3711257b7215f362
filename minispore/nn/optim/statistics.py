"""What each weight's update is like: numbers that the compiled step computes beside the update."""

import numpy as np

from ... import ops
from ...core import checks
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...flow.forms import cond
from ...ops import assign, sqrt, square
from .wrapping import Wrapping

NAMES = ("gradient_norm", "weight_norm", "update_norm", "update_ratio", "second_moment")
SECOND_MOMENTS = (
    "exp_avg_sq", "moment2", "adam_v", "lamb_v", "mean_square", "exp_avg_var", "hessian",
)  # fmt: skip


class UpdateStatistics(Wrapping):
    """The optimizer inside, and for each Parameter the norms of what it gets and does.

        gradient_norm = |g|, weight_norm = |w|, update_norm = |w_new - w|, update_ratio = |w_new - w| / |w|
        second_moment: the mean of what the optimizer keeps of g^2, NaN if it keeps nothing

    The numbers are computed in the step's one call, at the first step and every ``every`` steps; ``read()`` gives the last.
    A healthy ratio lies about 1e-3: much less is no training, much more is noise.

    Args:
        optimizer: Optimizer, the one inside.
        every: a positive int.

    State:
        ``statistics`` (Parameters, 5).

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([3.0, 4.0]), name="w")
    >>> opt = UpdateStatistics(ms.nn.SGD([w], 0.5))
    >>> _ = opt((ms.Tensor([0.0, 2.0]),))
    >>> {name: round(x, 3) for name, x in opt.read()["w"].items()}
    {'gradient_norm': 2.0, 'weight_norm': 5.0, 'update_norm': 1.0, 'update_ratio': 0.2, 'second_moment': nan}
    """

    def __init__(self, optimizer, every=1):
        super().__init__(optimizer)
        checks.positive_int("UpdateStatistics", every=every)
        self.every = every
        table = np.full((len(self.parameters), len(NAMES)), np.nan, np.float32)
        self.statistics = Parameter(Tensor(table), name="statistics", requires_grad=False)

    def construct(self, gradients):
        gradients = self.checked(gradients)
        due = ops.equal(self.innermost.global_step.reshape(()) % self.every, 0)
        before = [w + 0.0 for w in self.parameters]
        done = self.opt(gradients)
        after = [w + 0.0 for w in self.parameters]
        known = self.statistics + 0.0

        def measured():
            return ops.stack([self._row(*each) for each in zip(gradients, before, after, self._second_moments())])

        assign(self.statistics, cond(due, measured, lambda: known + 0.0))
        return done

    def _second_moments(self):
        """What the optimizer keeps of squares of gradients, None where it keeps nothing."""
        inside = self.innermost
        name = next((name for name in SECOND_MOMENTS if name in inside._params_list), None)
        # where ranks share the state out, only some of the Parameters have one here
        found = {} if name is None else {id(w): v for w, v in zip(inside.parameters, inside._params_list[name])}
        return [
            v if v is not None and v.shape == w.shape else None for w in self.parameters for v in (found.get(id(w)),)
        ]

    @staticmethod
    def _row(g, w, new, v):
        size = sqrt(square(w).sum())
        step = sqrt(square(new - w).sum())
        moment = Tensor(float("nan")) if v is None else v.mean()
        return ops.stack([sqrt(square(g).sum()), size, step, step / ops.maximum(size, 1e-30), moment.reshape(())])

    def read(self) -> dict[str, dict[str, float]]:
        """{name of the Parameter: {name of the number: its last value}}; NaN before the first step."""
        table = self.statistics.asnumpy()
        return {p.name: dict(zip(NAMES, map(float, row))) for p, row in zip(self.parameters, table)}
