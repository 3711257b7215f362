"""Exact counters of the work that compilation did in this process."""

import time
from dataclasses import asdict, dataclass


@dataclass
class CompileStats:
    """Counters since the process started (or since ``reset``)."""

    executables: int = 0  # kinds of calls that were compiled: one trace, one table of kernels each
    resized: int = 0  # executables made from what an earlier trace left, for other sizes
    traces: int = 0  # a construct or function was run on symbolic Tensors
    compiled: int = 0  # kernels that were compiled
    loaded: int = 0  # kernels taken from the disk cache
    compile_seconds: float = 0.0
    pieces: int = 0  # parts of functions that cannot be one graph, among the executables
    breaks: int = 0  # places at which such functions need a value in Python

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]

    def as_dict(self) -> dict:
        return asdict(self)


STATS = CompileStats()
PHASES = ("trace", "passes", "fuse", "lower", "plan", "import compiler", "compile", "load", "table")  # of a compilation
SECONDS = dict.fromkeys(PHASES, 0.0)  # spent in each by this process


class phase:
    """``with phase("fuse"):`` adds the time inside to ``SECONDS``; of a phase within another only to the inner one."""

    def __init__(self, name: str):
        self.name = name

    def __enter__(self) -> None:
        self.before, self.started = sum(SECONDS.values()), time.perf_counter()

    def __exit__(self, *error) -> None:
        spent = time.perf_counter() - self.started
        SECONDS[self.name] += spent - (sum(SECONDS.values()) - self.before)


def compile_stats() -> dict:
    """Counters of this process: ``executables``, ``traces``, ``compiled``, ``loaded``, ``compile_seconds``,
    ``pieces``, ``breaks``, ``resized``.

    Returns:
        dict {name: int, or float for the seconds}.

    >>> from minispore.graph import compile_stats
    >>> sorted(compile_stats())
    ['breaks', 'compile_seconds', 'compiled', 'executables', 'loaded', 'pieces', 'resized', 'traces']
    """
    return STATS.as_dict()
