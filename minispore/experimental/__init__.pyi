# Written by tools/stubs from minispore.experimental: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn import optim_ex as optim

__all__ = ['optim']
