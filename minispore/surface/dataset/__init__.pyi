# Written by tools/stubs from minispore.surface.dataset: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
