"""The calls that are compiled inside a ``with`` block: what each became, and its profile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..graph import history
from .inspection import Inspection
from .machine import peaks
from .profile import Profile
from .timing import record

if TYPE_CHECKING:
    from ..core.ir import Graph
    from ..graph.executable import Executable


@dataclass
class Seen:
    """A compiled call and the arrays of its last run."""

    compilation: history.Compilation
    graph: Graph
    arrays: list[np.ndarray] | None = None

    @cached_property
    def inspection(self) -> Inspection:
        """The Inspection of what was compiled."""
        c = self.compilation
        return Inspection(self.graph, c.name, c.arguments, c.input_names)

    def profile(self, steps: int) -> Profile | None:
        """The profile of the last run, repeated; None if there was none.

        Args:
            steps: int above 0.

        Returns:
            Profile; None if it did not run.
        """
        if self.arrays is None:
            return None
        self.inspection.measured = Profile(self.inspection, record(self.inspection, self.arrays, steps), peaks())
        return self.inspection.measured


@contextmanager
def watching() -> Iterator[list[Seen]]:
    """Lists the calls that are compiled inside the ``with`` block.

    Yields:
        list of Seen.
    """
    found: list[Seen] = []
    watched: list[Executable] = []

    def observer(compilation, graph, executable) -> None:
        seen = Seen(compilation, graph)
        executable = getattr(executable, "executable", executable)  # that of a piece (graph/piece.py)
        run = executable.run

        def noted(arrays):
            seen.arrays = arrays
            return run(arrays)

        executable.run = noted
        found.append(seen)
        watched.append(executable)

    history.OBSERVERS.append(observer)
    try:
        yield found
    finally:
        history.OBSERVERS.remove(observer)
        for executable in watched:
            del executable.run


@contextmanager
def profiling(steps: int = 20) -> Iterator[list[Profile]]:
    """``with profiling() as profiles:`` profiles, at its end, each call that was compiled inside, as it ran last.

    Nothing is trained by it; see ``Inspection.profile``.

    Args:
        steps: int above 0.  Default: 20.

    Yields:
        list, which holds Profiles at the end.

    >>> import minispore as ms
    >>> f = ms.jit(lambda x: ms.ops.relu(x * 2.0))
    >>> with ms.inspect.profiling(steps=2) as profiles:
    ...     _ = f(ms.ops.ones(8))
    >>> [k.name for k in profiles[0].kernels]
    ['fused_mul_relu']
    """
    profiles: list[Profile] = []
    with watching() as found:
        yield profiles
    profiles += [made for seen in found if (made := seen.profile(steps)) is not None]
