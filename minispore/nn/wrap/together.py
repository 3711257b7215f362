"""Ranks that train one network stay together: equal Parameters at the start, and checks that they remain equal."""

from ...core.context import get_auto_parallel_context
from ...core.tensor import Tensor
from ...distributed import WORLD
from ...distributed.agree import check_equal, checks_every
from ...distributed.groups import members
from ...ops.collective import collective


def broadcast_parameters(parameters, root: int = 0) -> None:
    """Gives Parameters the values that they have on one rank."""
    ranks = members(None, "broadcast_parameters")
    for p in parameters:
        p.set_data(collective("broadcast", [Tensor(p.asnumpy())], ranks, root=root, label="Parameters")[0])


class Together:
    """What a train step does around its calls where there are several ranks."""

    def __init__(self, cell):
        self.cell, self.steps = cell, 0

    def __call__(self, step):
        """The result of ``step``."""
        self._before()
        outer, WORLD.compares = WORLD.compares, True
        try:
            result = step()
        finally:
            WORLD.compares = outer
        self._after()
        return result

    def _before(self) -> None:
        """At the first step: Parameters as on rank 0 where that is asked for, else a comparison."""
        if self.steps == 0:
            if get_auto_parallel_context("parameter_broadcast"):
                broadcast_parameters(self.cell.get_parameters())
            if checks_every():
                check_equal(self.cell.weights, " before the first step")

    def _after(self) -> None:
        self.steps += 1
        every = checks_every()
        if every and self.steps % every == 0:
            check_equal(self.cell.weights, f" after {self.steps} steps")

    def at_checkpoint(self) -> None:
        """Where a rank has saved a checkpoint: a comparison."""
        if checks_every():
            check_equal(self.cell.weights, f" at the checkpoint after {self.steps} steps")
