"""What every framework gives the worker, and how a block of steps is timed: the same few lines for all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Runner:
    """A model ready to train. `step` starts one training step on the next batch and returns the framework's loss."""

    step: Callable[[], Any]
    read: Callable[[Any], float]  # waits for the step that made this loss
    graph: Callable[[], Any] | None = None  # minispore: what the step is compiled to

    def losses(self, steps: int) -> list[float]:
        return [self.read(self.step()) for _ in range(steps)]

    def seconds(self, steps: int) -> float:
        """Wall time of a block of steps, waiting only for the last: a framework may run ahead, as for its users."""
        step = self.step
        start = perf_counter()
        for _ in range(steps):
            loss = step()
        self.read(loss)
        return perf_counter() - start


@dataclass(frozen=True)
class Add:
    """Two small tensors to add, one operator at a time."""

    left: Any
    right: Any
    wait: Callable[[Any], Any]

    def seconds(self, count: int) -> float:
        left, right = self.left, self.right
        start = perf_counter()
        for _ in range(count):
            result = left + right
        self.wait(result)
        return perf_counter() - start


@dataclass(frozen=True)
class Operation:
    """One operation on Tensors that exist; each framework is done when the call returns."""

    call: Callable[[], Any]

    def seconds(self, count: int) -> float:
        call = self.call
        start = perf_counter()
        for _ in range(count):
            call()
        return perf_counter() - start
