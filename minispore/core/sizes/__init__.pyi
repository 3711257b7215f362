# Written by tools/stubs from minispore.core.sizes: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
