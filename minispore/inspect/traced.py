"""What is asked about, a Cell, a compiled function or any other, and the trace of a call of it, which no counter shows."""

from __future__ import annotations

from ..core.errors import fail
from ..core.ir import Graph
from ..graph.stats import STATS
from ..graph.trace import trace
from ..transforms.jit import Compilable


def target_of(anything):
    """(function to trace, its name, its Compilable or None).

    Args:
        anything: Cell or function.

    Returns:
        tuple.

    Raises:
        TypeError: it cannot be called.
    """
    if hasattr(anything, "construct") and hasattr(anything, "_run"):
        return anything._run, type(anything).__name__, anything._compiled
    compilable = anything if isinstance(anything, Compilable) else getattr(anything, "compilable", None)
    if compilable is not None:
        return compilable.function, compilable.name, compilable
    if not callable(anything):
        raise fail(TypeError, f"For 'graph', a Cell or function is needed, but got {type(anything).__name__}.")
    return anything, getattr(anything, "__name__", type(anything).__name__), None


def traced(function, args, kwargs) -> Graph:
    """The graph of a call as it is recorded.

    Args:
        function: the first that ``target_of`` gives.
        args: tuple of arguments.
        kwargs: dict of arguments.

    Returns:
        Graph.

    Raises:
        GraphBreak: a line needs the value of a Tensor.
    """
    traces = STATS.traces
    try:
        return trace(function, args, kwargs, may_break=True)[0]
    finally:
        STATS.traces = traces
