"""Pure functions of sizes that are asked as a whole: what they give is one condition, or an expression."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays import SizedData
from .size import OPEN, Size

if TYPE_CHECKING:
    from .conditions import Sizes

MOST_ANSWERS = 256  # of a function, kept


def sizes_in(x) -> Any:
    """The open Sizes of a number in ``x``, if there is one."""
    return _found_in(x) if OPEN else None


def _found_in(x) -> Any:
    if type(x) is Size or type(x) is SizedData:
        return x.of if x.of.is_open else None
    if isinstance(x, (tuple, list)):
        for y in x:
            found = _found_in(y)
            if found is not None:
                return found
    return _found_in((x.start, x.stop, x.step)) if type(x) is slice else None


def plain(x):
    """``x`` with the numbers of this call."""
    if type(x) is Size:
        return x.value
    if type(x) is SizedData:
        return x.array
    if type(x) is slice:
        return slice(plain(x.start), plain(x.stop), plain(x.step))
    if not isinstance(x, (tuple, list)):
        return x
    return type(x)(*map(plain, x)) if hasattr(x, "_fields") else type(x)(map(plain, x))


def fixed_at(x):
    """``x``, numbers in tuples and lists, as the plain numbers of this call, for which alone the trace is from now on: for what is kept, and
    read when a step runs."""
    if type(x) is Size or type(x) is SizedData:
        return x.fix()
    return type(x)(map(fixed_at, x)) if type(x) in (tuple, list) else x


def literal(of: Sizes, x) -> str:
    if type(x) is Size or type(x) is SizedData:
        return x.text
    if type(x) is list:
        return f"[{', '.join([literal(of, y) for y in x])}]"
    if isinstance(x, (tuple, list)):
        parts = "".join(literal(of, y) + ", " for y in x)
        return f"{of.name(type(x))}({parts})" if hasattr(x, "_fields") else f"({parts})"
    if type(x) is slice:
        return f"slice({literal(of, x.start)}, {literal(of, x.stop)}, {literal(of, x.step)})"
    is_written = type(x) in (int, bool, str, type(None)) or (type(x) is float and math.isfinite(x))
    return repr(x) if is_written else of.name(x)


def settled(x):
    """``x``, a number or tuples of them, as plain numbers once sizes are the numbers that they have."""
    return x if sizes_in(x) is not None else plain(x)


def decided(function: Callable) -> Callable:
    """Decorates a pure function of numbers, tuples of them, and other objects, that gives an answer: one condition instead of one for
    each comparison in it.  The condition is that the answer stays the same, so it serves all sizes that are treated alike."""
    return _applied(function, lambda of, text, value: of.answer(text, value))


def counted(function: Callable) -> Callable:
    """The same for a function that gives a number or a tuple of numbers: each becomes an expression, and there is no condition."""

    def results(of: Sizes, text: str, value):
        if type(value) is not tuple:
            return of.atom(text, value, 0 if type(value) is int and value >= 0 else None)
        return tuple([of.atom(f"{text}[{k}]", x) for k, x in enumerate(value)])

    return _applied(function, results)


def _applied(function: Callable, results: Callable) -> Callable:
    @functools.wraps(function)
    def apply(*args):
        of = next((found for x in args if (found := _found_in(x)) is not None), None) if OPEN else None
        if of is None:
            return function(*args)
        value = function(*map(plain, args))
        return results(of, f"{of.name(function)}({', '.join([literal(of, x) for x in args])})", value)

    return apply


def remembered(function: Callable) -> Callable:
    """Decorates a pure function of numbers, lists of them and functions of modules that takes long: its answers for plain numbers are
    kept, as the layers of a network ask the same again.  (What is made for a call, such as a closure, has a name that another may get.)"""
    answers: dict[str, Any] = {}

    @functools.wraps(function)
    def ask(*args):
        if sizes_in(args) is not None:
            return function(*args)
        key = repr(args)
        found = answers.get(key)
        if found is None:
            if len(answers) >= MOST_ANSWERS:
                answers.clear()
            given = plain(args)  # a length that is decided has the number of another call later
            found = answers[key] = function(*given)
        return found

    return ask


@counted
def greater(a: int, b: int) -> int:
    """``max(a, b)`` without a condition."""
    return max(a, b)


def array_from(function: Callable, *inputs, shape: tuple | None = None):
    """``function(*inputs)``, a pure function that gives an array, of numbers and arrays some of which may depend on sizes.

    ``shape``: that of the array in terms of these; None if it is the same for all sizes, which becomes a condition.
    """
    of = next((found for x in inputs if (found := sizes_in(x)) is not None), None)
    numbers = [plain(x) for x in inputs]
    if of is None:
        return function(*numbers)
    text = f"{of.name(function)}({', '.join([literal(of, x) for x in inputs])})"
    found, made = of.arrays.get(text), np.asarray(function(*numbers))
    if found is None:
        name = f"a{len(of.arrays)}"
        of.definitions[name] = f"{name} = {text}"
        found = of.arrays[text] = SizedData(of, made, name, made.shape if shape is None else shape)
    found.array = made
    of.define(found.text)
    if shape is None:
        of.answer(f"{found.text}.shape", made.shape)
    return found


def array_of(number, dtype):
    """``np.asarray(number, dtype)`` of a number that may be a Size."""
    return (
        array_from(np.asarray, number, np.dtype(dtype), shape=()) if type(number) is Size else np.asarray(number, dtype)
    )
