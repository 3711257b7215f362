# Written by tools/stubs from minispore.dataset.text.strings: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.dataset.transforms.array import tensor_of as tensor_of

__all__ = ['tensor_of']
