"""See what a call compiles to: the graph, the passes, the kernels, the memory, and why it was compiled.

``net.graph(x)``, ``jitted.graph(x)``, ``grad_fn.graph(x)`` and ``inspect.graph(f, x)`` give an ``Inspection``.

>>> import minispore as ms
>>> g = ms.nn.Dense(3, 2).graph(ms.Tensor([[1.0, 2.0, 3.0]]))
>>> [(n.op, n.types) for n in g.find("matmul")]
[('matmul', ['Float32[1, 2]'])]
"""

from ..graph.history import OBSERVERS, Compilation
from .explain import assert_max_compiles, compilations
from .inspection import Inspection, graph
from .profile import profiling

__all__ = ["OBSERVERS", "Compilation", "Inspection", "assert_max_compiles", "compilations", "graph", "profiling"]
