# Written by tools/stubs from minispore.flow: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
