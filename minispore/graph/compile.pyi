# Written by tools/stubs from minispore.graph.compile: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.kernel import KernelSource

__all__ = ['on_disk']

def on_disk(source: KernelSource) -> bool: ...
