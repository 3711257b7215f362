# Written by tools/stubs from minispore.inspect: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.graph.history import Compilation as Compilation
from minispore.inspect.as_text import show as show
from minispore.inspect.explain import assert_max_compiles as assert_max_compiles, compilations as compilations
from minispore.inspect.images import picture as picture
from minispore.inspect.inspection import Inspection as Inspection, graph as graph
from minispore.inspect.layers import Summary as Summary, summary as summary
from minispore.inspect.profile import profiling as profiling
from typing import Any

__all__ = ['Compilation', 'Inspection', 'OBSERVERS', 'Summary', 'assert_max_compiles', 'compilations', 'graph', 'picture', 'profiling', 'show', 'summary']

OBSERVERS: Any
