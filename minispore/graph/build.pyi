# Written by tools/stubs from minispore.graph.build: python tools/stubs.  Not to be edited.
# mypy: ignore-errors

__all__ = ['threads']

def threads() -> int: ...
