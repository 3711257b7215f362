# Written by tools/stubs from minispore.graph: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.graph.stats import compile_stats as compile_stats

__all__ = ['compile_stats']
