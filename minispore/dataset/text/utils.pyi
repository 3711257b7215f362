# Written by tools/stubs from minispore.dataset.text.utils: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from enum import IntEnum as IntEnum
from numpy.typing import NDArray
from typing import Any

__all__ = ['IntEnum', 'NormalizeForm', 'to_bytes', 'to_str']

class NormalizeForm(IntEnum):
    NONE = 0
    NFC = 1
    NFKC = 2
    NFD = 3
    NFKD = 4

def to_bytes(array: NDArray[Any], encoding: str = 'utf8') -> NDArray[Any]: ...

def to_str(array: NDArray[Any], encoding: str = 'utf8') -> NDArray[Any]: ...
