# Written by tools/stubs from minispore.inspect: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import compare as compare, cost as cost, debug as debug, explain as explain, inspection as inspection, kernels as kernels, machine as machine, memory as memory, nan as nan, profile as profile, replay as replay, rewrites as rewrites, text as text, timing as timing, traced as traced, view as view, watching as watching
from minispore.core import context as context
from minispore.core.registry import supplies as supplies
from minispore.graph import history as history
from minispore.graph.history import Compilation as Compilation
from minispore.inspect.as_text import show as show
from minispore.inspect.explain import assert_max_compiles as assert_max_compiles, compilations as compilations
from minispore.inspect.images import picture as picture
from minispore.inspect.inspection import Inspection as Inspection, graph as graph
from minispore.inspect.layers import Summary as Summary, summary as summary
from minispore.inspect.watching import profiling as profiling
from typing import Any

__all__ = ['Compilation', 'Inspection', 'OBSERVERS', 'Summary', 'TYPE_CHECKING', 'assert_max_compiles', 'compare', 'compilations', 'context', 'cost', 'debug', 'explain', 'graph', 'history', 'inspection', 'kernels', 'machine', 'memory', 'nan', 'picture', 'profile', 'profiling', 'replay', 'rewrites', 'show', 'summary', 'supplies', 'text', 'timing', 'traced', 'view', 'watching']

OBSERVERS: Any
TYPE_CHECKING: bool
