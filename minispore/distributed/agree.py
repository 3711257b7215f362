"""Ranks that train one network keep equal weights: comparisons, by checksums."""

import os
import weakref
import zlib

import numpy as np

from ..core.errors import fail
from ..core.record import user_location
from .groups import members
from .world import WORLD

_steps: dict[int, tuple] = {}  # id of the first Parameter of a kind of step -> (reference to it, steps so far)


def checks_every() -> int:
    """After how many steps weights are compared: ``MINISPORE_CHECK_WEIGHTS_EVERY``, 100 by default; 0: never."""
    return int(os.environ.get("MINISPORE_CHECK_WEIGHTS_EVERY", 100))


def check_equal(parameters, when: str = "") -> None:
    """Compares Parameters over all ranks.

    Raises:
        RuntimeError: on all ranks: some differ; the first of them is named, with the ranks.
    """
    kept = [p for p in parameters if not getattr(p, "layerwise_parallel", False)]
    sums = np.array(
        [zlib.crc32(np.ascontiguousarray(p._array()).view(np.uint8).reshape(-1).data) for p in kept], np.int64
    )
    place, ranks = user_location() or "a check of weights", members(None, "check_equal")
    digests = WORLD.gather(zlib.crc32(sums.tobytes()), place, ranks)
    if len(set(digests)) == 1:
        return
    rows = WORLD.gather([(p.name, int(s)) for p, s in zip(kept, sums)], place)
    for k, (name, first) in enumerate(rows[0]):
        apart = [r for r in ranks if k >= len(rows[r]) or rows[r][k] != (name, first)]
        if apart:
            raise fail(
                RuntimeError,
                f"Ranks 0 and {apart[0]} part at {name}{when}: its values differ, so the ranks no longer train one "
                "network. Give all ranks the same seed (mindspore.set_seed) or start with "
                "set_auto_parallel_context(parameter_broadcast=True), and let all update alike.",
            )


def after_step(parameters) -> None:
    """Compares what a step has given the same values on all ranks: after the first step, and every so many."""
    every = checks_every()
    if not every or WORLD.compares or not parameters:
        return
    first = parameters[0]
    known, steps = _steps.get(id(first), (None, 0))
    steps = steps + 1 if known is not None and known() is first else 1
    _steps[id(first)] = weakref.ref(first), steps
    if steps == 1 or steps % every == 0:
        check_equal(parameters, f" after {steps} step{'s' if steps > 1 else ''}")
