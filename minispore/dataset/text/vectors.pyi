# Written by tools/stubs from minispore.dataset.text.vectors: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.dataset.transforms.base import Transform as Transform
from numpy.typing import NDArray
from typing import Any

__all__ = ['CharNGram', 'FastText', 'GloVe', 'ToVectors', 'Transform', 'Vectors']

class Vectors:
    def __init__(self, table: dict[str, NDArray[Any]] | None = None) -> None: ...
    @classmethod
    def from_file(cls, file_path: str, max_vectors: int | None = None) -> Vectors: ...
    def lookup(self, word: str, lower: bool = False) -> NDArray[Any] | None: ...
    dim: Any
    table: Any

class CharNGram(Vectors):
    def lookup(self, word: str, lower: bool = False) -> NDArray[Any]: ...

class FastText(Vectors):
    ...

class GloVe(Vectors):
    ...

class ToVectors(Transform):
    def __call__(self, value: str | NDArray[Any]) -> NDArray[Any]: ...
    def __init__(self, vectors: Vectors, unk_init: Sequence[Number] | None = None, lower_case_backup: bool = False) -> None: ...
    lower: Any
    unknown: Any
    vectors: Any
