"""The array of a constant that depends on sizes."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..registry import supplied
from .size import of_ufunc

if TYPE_CHECKING:
    from .conditions import Sizes

# Methods of arrays that change nothing.
METHODS = set(
    "astype reshape transpose swapaxes squeeze repeat cumsum sum mean max min copy flatten ravel round clip".split()
)


class SizedData(NDArrayOperatorsMixin):
    """The array of a constant that depends on sizes: it has the value of this call and an expression that makes the array.

    What NumPy makes of it is another one (pure.py); any other use is of the array, for these sizes alone.
    """

    __slots__ = ("array", "of", "shape", "text")

    def __init__(self, of: Sizes, array: np.ndarray, text: str, shape: tuple):
        self.of, self.array, self.text, self.shape = of, array, text, shape

    __hash__ = object.__hash__
    __class__ = property(lambda self: np.ndarray)
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

    def key(self) -> bytes:
        """What has the same one has the same elements."""
        return b"sized:" + self.text.encode() if self.of.is_open else self.array.tobytes()

    def fix(self) -> np.ndarray:
        """The array, which cannot be written to: what a function writes to has no expression."""
        if self.of.is_open:
            self.of.condition(f"{self.text}.tobytes() == {self.of.name(self.array.tobytes())}", True)
        view = self.array.view()
        view.setflags(write=False)
        return view

    def __array_ufunc__(self, ufunc, method: str, *inputs, **options):
        if method == "at":
            raise TypeError("an array that depends on sizes cannot be written to")
        return of_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function, types, args, kwargs):
        return supplied("function of sizes")(function, args, kwargs)

    def __getitem__(self, key):
        return supplied("function of sizes")(operator.getitem, (self, key), {})

    def __array__(self, dtype=None, copy=None):
        made = self.fix() if dtype is None else self.fix().astype(dtype, copy=False)
        return made.copy() if copy else made

    def __iter__(self):
        return iter(self.fix())

    def __contains__(self, x) -> bool:
        return x in self.fix()

    def __len__(self) -> int:
        return len(self.fix())

    def __bool__(self) -> bool:
        return bool(self.fix())

    def __int__(self) -> int:
        return int(self.fix())

    def __float__(self) -> float:
        return float(self.fix())

    def __index__(self) -> int:
        return operator.index(self.fix())

    def __getattr__(self, name: str):
        if name == "T":
            return supplied("function of sizes")(np.transpose, (self,), {})
        if name in METHODS:
            method = getattr(np.ndarray, name)
            return lambda *args, **kwargs: supplied("function of sizes")(method, (self, *args), kwargs)
        return getattr(self.fix(), name)
