"""The array of a constant that depends on sizes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .size import of_numpy

if TYPE_CHECKING:
    from .conditions import Sizes


class SizedData:
    """The array of a constant that depends on sizes: it has the value of this call and an expression that makes the array."""

    __slots__ = ("array", "of", "shape", "text")

    def __init__(self, of: Sizes, array: np.ndarray, text: str, shape: tuple):
        self.of, self.array, self.text, self.shape = of, array, text, shape

    dtype = property(lambda self: self.array.dtype)
    size = property(lambda self: math.prod(self.shape))
    ndim = property(lambda self: self.array.ndim)
    nbytes = property(lambda self: self.array.nbytes)

    def take(self, values: dict[str, Any]) -> str | None:
        self.array = values.get(self.text, self.array)
        return None if self.text in values else self.text

    def item(self):
        """The number, as a Size, of one element."""
        if not self.of.is_open:
            return self.array.item()
        return self.of.atom(f"{self.text}.item()", self.array.item())

    def any(self) -> bool:
        answer = bool(self.array.any())
        return self.of.condition(f"{self.text}.any()", answer) if self.of.is_open else answer

    def tobytes(self) -> bytes:
        """A key: what has the same one has the same elements."""
        return b"sized:" + self.text.encode() if self.of.is_open else self.array.tobytes()

    def fix(self) -> np.ndarray:
        if self.of.is_open:
            self.of.condition(f"{self.text}.tobytes() == {self.of.name(self.array.tobytes())}", True)
        return self.array

    def __array_ufunc__(self, ufunc, method: str, *inputs, **options):
        return of_numpy(ufunc, method, inputs, options)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.fix(), dtype)

    def __getattr__(self, name: str):
        return getattr(self.fix(), name)
