"""Kinds of arguments, each a letter: whether a value is of one of them, and their words.

T a Tensor, N a number, b a bool, i an int, f a float, s a str, d a dtype, I ints in a list or tuple, F floats, M numbers, L Tensors,
A an array of NumPy; "?": None too.  As in MindSpore, an int is no float, and a bool is no int.
"""

import functools
from typing import Any

import numpy as np

from ..core.call_plans import TENSORS
from ..core.dtype import DType
from ..core.tensor import Tensor

_WORDS = {
    "T": "a Tensor", "N": "a number", "b": "a bool", "i": "an int", "f": "a float", "s": "a str", "d": "a dtype", "I": "ints in a tuple",
    "F": "floats in a tuple", "M": "numbers in a tuple", "L": "Tensors in a tuple", "A": "an array", "?": "None",
}  # fmt: skip
_ITEMS = {"I": "i", "F": "f", "M": "Nbif", "L": "T"}  # of lists and tuples
_LOOKED_AT = (str, list, tuple, dict, set, np.ndarray, complex, type(None))  # other objects fit everywhere


@functools.cache
def plain(kinds: str) -> frozenset[type]:
    """The types of which every object is of one of the kinds: most arguments are found here, without ``fits``."""
    types = {
        "T": TENSORS, "N": (bool, int, float), "b": (bool,), "i": (int,), "f": (float,), "s": (str,), "d": (DType,), "?": (type(None),),
    }  # fmt: skip
    return frozenset(t for k in kinds for t in types.get(k, ()))


@functools.cache
def _of_items(kinds: str) -> tuple[str, frozenset[type]]:
    """The kinds of the items of lists and tuples, and the types that fit at once; "": no list fits."""
    items = "".join([_ITEMS[k] for k in kinds if k in _ITEMS])
    return items, plain(items) | {list, tuple, type(None)}


def fits(kinds: str, value: Any) -> bool:
    """Whether a value is of one of the kinds.

    >>> fits("Ti", 3), fits("Ti", 3.0), fits("I", (1, 2)), fits("I", (1, 2.0))
    (True, False, True, False)
    """
    if isinstance(value, (list, tuple)):
        items, known = _of_items(kinds)
        if not items or known.issuperset(map(type, value)):
            return items != ""
        return all([isinstance(x, (list, tuple, type(None))) or fits(items, x) for x in value])
    if isinstance(value, Tensor):
        return "T" in kinds or (value.size == 1 and _is_number_of(kinds, value.dtype.np.kind))
    if isinstance(value, (bool, np.bool_)):
        return "b" in kinds or "N" in kinds
    if isinstance(value, (int, float, np.integer, np.floating)):
        return _is_number_of(kinds, "i" if isinstance(value, (int, np.integer)) else "f")
    if isinstance(value, complex):
        return set("bif") <= set(kinds)
    if value is None:
        return "?" in kinds
    if isinstance(value, str):
        return "s" in kinds
    if isinstance(value, DType):
        return "d" in kinds
    if isinstance(value, np.ndarray):
        return "A" in kinds
    return not isinstance(value, _LOOKED_AT)


def _is_number_of(kinds: str, kind: str) -> bool:
    """``kind``: NumPy's letter of a type."""
    return "N" in kinds or {"b": "b", "f": "f", "i": "i", "u": "i"}.get(kind, "N") in kinds


def described(kinds: str) -> str:
    """``"Ti"`` -> "a Tensor or an int"."""
    return " or ".join(_WORDS[k] for k in kinds)


__all__ = ["described", "fits", "plain"]
