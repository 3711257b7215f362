# Written by tools/stubs from minispore.surface: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
