# Written by tools/stubs from minispore.train.checkpoint.files: python tools/stubs.  Not to be edited.
# mypy: ignore-errors

__all__ = ['saves']

def saves(more: int = 0) -> int: ...
