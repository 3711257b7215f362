"""See what a call compiles to: the graph, the passes, the kernels, the memory, and why it was compiled.

``net.graph(x)``, ``jitted.graph(x)``, ``grad_fn.graph(x)`` and ``inspect.graph(f, x)`` give an ``Inspection``.

>>> import minispore as ms
>>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
>>> [(n.op, n.types) for n in g.find("matmul")]
[('matmul', ['Float32[4, 2]'])]
"""

from typing import TYPE_CHECKING

from ..core import context
from ..core.registry import supplies
from ..graph import history

if TYPE_CHECKING:
    from ..graph.history import OBSERVERS, Compilation
    from .as_text import show
    from .explain import assert_max_compiles, compilations
    from .images import picture
    from .inspection import Inspection, graph
    from .layers import Summary, summary
    from .watching import profiling

__all__ = [
    "OBSERVERS",
    "Compilation",
    "Inspection",
    "Summary",
    "assert_max_compiles",
    "compilations",
    "graph",
    "picture",
    "profiling",
    "show",
    "summary",
]

_HOMES = {"OBSERVERS": "..graph.history", "Compilation": "..graph.history", "assert_max_compiles": ".explain",
          "compilations": ".explain", "Inspection": ".inspection", "graph": ".inspection", "profiling": ".watching",
          "show": ".as_text", "picture": ".images", "Summary": ".layers", "summary": ".layers"}  # fmt: skip


def __getattr__(name: str):  # submodules are imported at their first use
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__():
    return sorted({*globals(), *__all__})


# ---------------------------------------------------------------- what the compiler asks for by name
@supplies("inspection")
def _inspection(function, *args, **kwargs):
    from .inspection import graph

    return graph(function, *args, **kwargs)


@supplies("text of a graph")
def _text(graph) -> str:
    from .text import graph_text
    from .view import GraphView

    return graph_text(GraphView(graph))


@supplies("report")
def _report(record, graph) -> None:
    from .report import compiled

    compiled(record, graph)


@supplies("executable class")
def _executable_class():
    """The Executable class for ``check_nan`` or MINISPORE_DEBUG=5; None for the usual one."""
    if context._settings["check_nan"]:
        from .nan import CheckedExecutable

        return CheckedExecutable
    if history.DEBUG >= 5:
        from .timing import PrintingExecutable

        return PrintingExecutable
    return None
