"""Integers that may be a Size: lengths, indices and slices of axes."""

import operator
from typing import Any

from .size import Size


def is_symbolic(x) -> bool:
    """Whether a number depends on sizes."""
    return type(x) is Size


def index(x) -> Any:
    """``operator.index(x)`` of a length, which may be a Size."""
    return x if type(x) is Size and type(x.value) is int else operator.index(x)


def whole(x) -> Any:
    """``int(x)`` of a number that may be a Size of ints."""
    return x if type(x) is Size and type(x.value) is int else int(x)


def window_of(given: slice, length: int) -> tuple[int, int, int]:
    """(first index, step, number of elements) of a slice of an axis; ``slice.indices`` where sizes may be symbolic."""
    if all(type(x) is not Size for x in (given.start, given.stop, given.step, length)):
        start, stop, step = given.indices(length)
        return start, step, len(range(start, stop, step))
    step = 1 if given.step is None else operator.index(given.step)
    if step == 0:
        raise ValueError("slice step cannot be zero")
    low, high = (0, length) if step > 0 else (-1, length - 1)

    def inside(x, otherwise):
        if x is None:
            return otherwise
        x = index(x)
        return max(x + length, low) if x < 0 else min(x, high)

    start, stop = inside(given.start, low if step > 0 else high), inside(given.stop, high if step > 0 else low)
    count = -(-(stop - start) // step) if step > 0 else -(-(start - stop) // -step)
    return start, step, count if count > 0 else 0


def depend_on_sizes(attrs: dict) -> bool:
    """Whether attributes of an op hold a Size."""
    return any(type(y) is Size for x in attrs.values() for y in (x if type(x) is tuple else (x,)))
