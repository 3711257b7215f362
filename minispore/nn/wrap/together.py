"""Ranks that train one network stay together: equal Parameters at the start, and checks that they remain equal."""

import os
import zlib

import numpy as np

from ...core.context import get_auto_parallel_context
from ...core.errors import fail
from ...core.record import user_location
from ...core.tensor import Tensor
from ...distributed import WORLD
from ...distributed.groups import members
from ...ops.collective import collective


def checks_every() -> int:
    """After how many steps weights are compared: ``MINISPORE_CHECK_WEIGHTS_EVERY``, 100 by default; 0: never."""
    return int(os.environ.get("MINISPORE_CHECK_WEIGHTS_EVERY", 100))


def broadcast_parameters(parameters, root: int = 0) -> None:
    """Gives Parameters the values that they have on one rank."""
    ranks = members(None, "broadcast_parameters")
    for p in parameters:
        p.set_data(collective("broadcast", [Tensor(p.asnumpy())], ranks, root=root, label="Parameters")[0])


def check_equal(parameters, when: str = "") -> None:
    """Compares Parameters over all ranks, by checksums.

    Raises:
        RuntimeError: on all ranks: some differ; the first of them is named, with the ranks.
    """
    kept = [p for p in parameters if not getattr(p, "layerwise_parallel", False)]
    sums = np.array(
        [zlib.crc32(np.ascontiguousarray(p._array()).view(np.uint8).reshape(-1).data) for p in kept], np.int64
    )
    whole = np.array([zlib.crc32(sums.tobytes())], np.int64)
    ranks = members(None, "check_equal")
    digests = collective("all_gather", [Tensor(whole)], ranks, label="checksums")[0].asnumpy()
    if (digests == digests[0]).all():
        return
    rows = WORLD.gather([(p.name, int(s)) for p, s in zip(kept, sums)], user_location() or "a check of weights")
    for k, (name, first) in enumerate(rows[0]):
        apart = [r for r in ranks if k >= len(rows[r]) or rows[r][k] != (name, first)]
        if apart:
            raise fail(
                RuntimeError,
                f"Ranks 0 and {apart[0]} part at {name}{when}: its values differ, so the ranks no longer train one "
                "network. Give all ranks the same seed (mindspore.set_seed) or start with "
                "set_auto_parallel_context(parameter_broadcast=True), and let all update alike.",
            )


class Together:
    """What a train step does around its calls where there are several ranks."""

    def __init__(self, cell):
        self.cell, self.steps = cell, 0

    def before(self) -> None:
        """At the first step: Parameters as on rank 0 where that is asked for, else a comparison."""
        if self.steps == 0:
            if get_auto_parallel_context("parameter_broadcast"):
                broadcast_parameters(self.cell.get_parameters())
            if checks_every():
                check_equal(self.cell.weights, " before the first step")

    def after(self) -> None:
        self.steps += 1
        every = checks_every()
        if every and self.steps % every == 0:
            check_equal(self.cell.weights, f" after {self.steps} steps")

    def at_checkpoint(self) -> None:
        """Where a rank has saved a checkpoint: a comparison."""
        if checks_every():
            check_equal(self.cell.weights, f" at the checkpoint after {self.steps} steps")
