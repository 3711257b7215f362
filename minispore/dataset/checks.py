"""Checks of the arguments of data sets: the calls of ``core.checks``, with the sentences of MindSpore's data sets.

Its data sets say what is wrong in two fixed forms, which scripts and tests search for, unlike those of its layers and ops.

>>> positive_int("FakeImageDataset", num_images=0)
Traceback (most recent call last):
ValueError: For 'FakeImageDataset': Input num_images is not within the required interval of [1, 2147483647]. It is 0...
"""

from numbers import Real
from typing import Any

from ..core import hints
from ..core.checks import at_least, contains
from ..core.errors import fail

__all__ = [
    "at_least", "boolean", "floating", "instance", "integer", "non_negative_int", "number", "one_of", "positive_int", "string", "within",
]  # fmt: skip

_MAX = 2147483647


def _result(given: dict) -> Any:
    values = tuple(given.values())
    return values[0] if len(values) == 1 else values


def wrong_type(owner: str, name: str, value: Any, types: Any) -> Exception:
    """The TypeError for an argument, with the types that it may have."""
    shown = '""' if isinstance(value, str) and not value else f"{value!s:.200}"
    kinds = str(tuple(types) if isinstance(value, bool) and int in types else list(types))  # as MindSpore writes them
    return fail(
        TypeError, f"For '{owner}': Argument {name} with value {shown} is not of type {kinds}, but got {type(value)}."
    )


def outside(owner: str, name: str, value: Any, interval: str) -> Exception:
    """The ValueError for a number, with the interval that it must be in."""
    return fail(
        ValueError,
        f"For '{owner}': Input {name} is not within the required interval of {interval}. It is {value!r:.80}.",
    )


def instance(owner: str, types, /, **given) -> Any:
    """Values of the type, or of one of a tuple of types; a bool counts as an int only where bool is among them."""
    types = types if isinstance(types, tuple) else (types,)
    for name, value in given.items():
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise wrong_type(owner, name, value, [kind for kind in types if kind.__module__ != "numpy"] or types)
    return _result(given)


def boolean(owner: str, /, **given) -> Any:
    return instance(owner, bool, **given)


def integer(owner: str, /, **given) -> Any:
    return instance(owner, int, **given)


def floating(owner: str, /, **given) -> Any:
    return instance(owner, float, **given)


def number(owner: str, /, **given) -> Any:
    """Ints and floats, those of NumPy too."""
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, Real):
            raise wrong_type(owner, name, value, [float, int])
    return _result(given)


def string(owner: str, /, **given) -> Any:
    return instance(owner, str, **given)


def within(owner: str, interval: str, /, **given) -> Any:
    """Numbers in an interval that is written as in mathematics: ``"[0, 1)"`` contains 0 and not 1."""
    number(owner, **given)
    for name, value in given.items():
        if not contains(interval, value):
            raise outside(owner, name, value, interval)
    return _result(given)


def one_of(owner: str, allowed, /, **given) -> Any:
    """Strings among the allowed ones."""
    for name, value in given.items():
        if string(owner, **{name: value}) not in allowed:
            near = hints.close(value, allowed)
            raise fail(
                ValueError,
                f"For '{owner}': Input {name} is not within the valid set of {list(allowed)}. It is {value!r:.80}.{near}",
            )
    return _result(given)


def positive_int(owner: str, /, **given) -> Any:
    return within(owner, f"[1, {_MAX}]", **{name: integer(owner, **{name: value}) for name, value in given.items()})


def non_negative_int(owner: str, /, **given) -> Any:
    return within(owner, f"[0, {_MAX}]", **{name: integer(owner, **{name: value}) for name, value in given.items()})
