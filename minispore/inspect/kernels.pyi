# Written by tools/stubs from minispore.inspect.kernels: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.inspect.text import Listed

__all__ = ['Kernels']

class Kernels(Listed):
    def vectors(self) -> Listed: ...
