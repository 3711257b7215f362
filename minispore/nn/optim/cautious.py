"""Cautious: an optimizer moves only the weights whose step agrees with the gradient."""

from ...core import checks
from ...ops import assign, maximum, select
from .optimizer import numbers
from .wrapping import Wrapping


class Cautious(Wrapping):
    """The step of the optimizer where it goes downhill, no step elsewhere (Liang et al., 2024, arXiv:2411.16085).

        d: what the optimizer adds to w, without decay of the weights
        a = 1 where -d g > 0, else 0
        w = w (1 - lr weight_decay) + d a / max(mean(a), floor)         the mean: over one Parameter

    ``Cautious(nn.AdamW(params))`` is C-AdamW, ``Cautious(nn.Lion(params))`` C-Lion.

    Args:
        optimizer: Optimizer, the one inside; where its formula decays the weights and not the gradients, that is done here.
        floor: a positive float: the steps that remain are made at most 1/floor times longer.

    State:
        none of its own.

    >>> import minispore as ms
    >>> w = ms.Parameter(ms.Tensor([1.0, 1.0]), name="w")
    >>> opt = Cautious(ms.nn.Momentum([w], 0.25, 0.5))
    >>> _ = opt((ms.Tensor([1.0, 1.0]),))
    >>> _ = opt((ms.Tensor([1.0, -0.25]),))                     # the momentum of the second still points the old way
    >>> print(w.asnumpy())
    [0.   0.75]
    """

    by_parameter = True

    def __init__(self, optimizer, floor=1e-3):
        super().__init__(optimizer)
        checks.positive_float("Cautious", floor=floor)
        (self.floor,) = numbers(floor)

    def construct(self, gradients):
        gradients = self.checked(gradients)
        before = [w + 0.0 for w in self.parameters]
        with self.innermost.decays_elsewhere() as found:
            done = self.opt(gradients)
        rates, decays = found or ((None,) * len(before),) * 2
        for w, g, start, lr, decay in zip(self.parameters, gradients, before, rates, decays):
            step = w - start
            agrees = select(step * g < 0.0, 1.0, 0.0)
            start = start if decay is None else start * (1.0 - lr * decay)
            assign(w, start + step * agrees / maximum(agrees.mean(), self.floor))
        return done
