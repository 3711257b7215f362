# Written by tools/stubs from minispore.core: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
