"""The strings that transforms of text are given, and the patterns in them."""

import re
from typing import Any

import numpy as np

from ...core.errors import fail
from ..transforms.array import tensor_of


def _string(owner: str, value: Any) -> str:
    array = tensor_of(owner, value, True)
    if array.dtype.kind != "U" or array.size != 1:
        raise fail(RuntimeError, f"For '{owner}', the input must be one string, but got {array.dtype} {array.shape}.")
    return array.item()


def _strings(owner: str, value: Any) -> np.ndarray:
    array = tensor_of(owner, value, True)
    if array.dtype.kind != "U":
        raise fail(RuntimeError, f"For '{owner}', the input must be strings, but got {array.dtype}.")
    return array


_CLASSES = {
    "Han": r"\u3400-\u9fff\uf900-\ufaff",
    "P": r"!-/:-@\[-`{-~\u2010-\u2027\u3000-\u303f\uff01-\uff0f\uff1a-\uff20",
}


def _pattern(owner: str, given: str) -> Any:
    """A regular expression as ICU writes it, with two of its classes of characters: Han, and P for punctuation."""
    text = re.sub(r"\\p\{(\w+)\}", lambda found: f"[{_CLASSES.get(found[1], found[0])}]", given)
    text = re.sub(r"\[\[([^\]]*)\]\]", r"[\1]", text)
    try:
        return re.compile(text)
    except re.error as error:
        return _Refused(owner, given, error)


class _Refused:
    """Stands for a pattern that is none: an error when it is used, as in MindSpore."""

    def __init__(self, owner, given, error):
        self._text = f"For '{owner}', {given!r} is no regular expression: {error}"

    def __getattr__(self, name):
        raise fail(RuntimeError, self._text)
