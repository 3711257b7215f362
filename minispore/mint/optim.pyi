# Written by tools/stubs from minispore.mint.optim: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.optim_ex.adam import Adam as Adam, AdamW as AdamW, AdamW as FusedAdamW
from minispore.nn.optim_ex.sgd import SGD as SGD

__all__ = ['Adam', 'AdamW', 'FusedAdamW', 'SGD']
