# Written by tools/stubs from minispore.distributed: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
