"""Values as MindSpore prints them."""

from typing import Any

import numpy as np
from numpy import ndarray


def shown_complex(value) -> str:
    """``1+2j``, each part with six digits."""
    return f"{value.real:g}{'' if str(value.imag).startswith('-') else '+'}{value.imag:g}j"


def shown(array: ndarray) -> str:
    """The value as MindSpore prints it: floats in scientific notation with 8 decimals (float16: 4)."""
    if array.ndim == 0:
        value = array.item()
        if array.dtype.kind == "f" and np.isfinite(value):
            return " " + str(array[()]).removesuffix(".0")
        if array.dtype.kind == "c":
            return " " + shown_complex(value)
        return f" {value}"
    if array.size == 0:
        return " " if array.ndim == 1 else "\n"
    formats: Any = {}
    if array.dtype.kind == "f":
        digits = 4 if array.itemsize == 2 else 8
        formats = {"float_kind": lambda v: f"{v: {digits + 7}.{digits}e}"}
    elif array.dtype.kind == "c":
        formats = {"complex_kind": shown_complex}
    elif array.dtype.kind in "iu":
        width = max(len(str(array.max())), len(str(array.min())))
        formats = {"int_kind": lambda v: f"{v:{width}d}"}
    elif array.dtype.kind == "b":
        width = 5 if not array.all() else 4
        formats = {"bool": lambda v: f"{v!s:>{width}}"}
    text = np.array2string(array, separator=", ", formatter=formats, threshold=1000, max_line_width=120)
    return (" " if array.ndim == 1 else "\n") + text
