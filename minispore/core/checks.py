"""Checks of arguments, in one form: ``positive_int("Dense", in_channels=in_channels)``.

A check takes the name of the function or class that was called, and the arguments by name.  It raises a TypeError for a
value of the wrong type and a ValueError for a wrong value, and returns the value; of several values, a tuple.

>>> positive_int("Dense", in_channels=3)
3
>>> non_negative_int("Dense", in_channels=-1)
Traceback (most recent call last):
ValueError: For 'Dense', the argument 'in_channels' must not be negative, but got -1...
"""

import os
from numbers import Real
from typing import Any

import numpy as np

from . import hints
from .boundary import short
from .errors import fail, graph_break
from .tensor import Tensor


def refused(
    error: type[Exception], owner: str | None, name: str | None, wanted: str, value, advice: str = ""
) -> Exception:
    """The exception to raise for an argument: ``For 'owner', the argument 'name' must <wanted>, but got <value>.``"""
    if isinstance(value, Tensor) and value.is_number and value._data is None:
        return graph_break(
            TypeError, f"For '{owner}', the number '{name}' is not known while the graph is traced: it is mutable."
        )
    of = (f"For '{owner}', " if owner else "") + (f"the argument '{name}'" if name else "the value")
    got = f"{type(value).__name__}: {value!r:.60}" if error is TypeError else f"{value!r:.80}"
    if isinstance(value, Tensor):
        got = f"a Tensor of the shape {value.shape} and the type {value.dtype}"
    if error is TypeError and type(value) in (tuple, list) and value:
        got = f"a {type(value).__name__} of {len(value)}: {short(value)}"
    if wanted == "be a Tensor" and (
        isinstance(value, (tuple, list, Real)) or hasattr(value, "__array__") or hasattr(value, "__dlpack__")
    ):
        pair = isinstance(value, tuple)
        got += (
            ": take one of its elements, as in output, state = lstm(x)"
            if pair
            else hints.foreign(value) or ": wrap it, Tensor(...)"
        )
    if isinstance(value, type):
        got = f"the class {value.__name__}, not an object of it: {value.__name__}()"
    if value is None:
        got += " (which a construct or function without 'return' gives)"
    return fail(error, f"{of} must {wanted}, but got {got}.{advice}")


def _result(given: dict) -> Any:
    values = tuple(given.values())
    return values[0] if len(values) == 1 else values


_WORDS = {type(None): "None", Real: "number", np.integer: "NumPy integer"}


def said(types: tuple) -> str:
    """``an int or tuple``."""
    names = [_WORDS.get(t, t.__name__) for t in types]
    article = "" if names[0] == "None" else "an " if names[0][0] in "aeioAEIO" else "a "
    return article + " or ".join(names)


def contains(interval: str, value) -> bool:
    """Whether a number is in an interval that is written as in mathematics."""
    low, high = (float(x) for x in interval[1:-1].split(","))
    above_low = value >= low if interval[0] == "[" else value > low
    return above_low and (value <= high if interval[-1] == "]" else value < high)


class Checks:
    """The checks with the sentences of one part of the package; another part has a subclass.

    ``wrong``: the class of exceptions for values of the wrong type.
    """

    numbers: tuple = (Real, Tensor)  # what ``within`` takes

    def __init__(self, wrong: type[Exception] = TypeError):
        self.wrong = wrong

    def wrong_type(self, owner: str, name: str, value, types) -> Exception:
        """The exception for an argument, with the types that it may have."""
        return refused(self.wrong, owner, name, f"be {said(types)}", value)

    def outside(self, owner: str, name: str, value, interval: str) -> Exception:
        """The ValueError for a number, with the interval that it must be in."""
        return refused(ValueError, owner, name, f"be in {interval}", value)

    def not_among(self, owner: str, name: str, value, allowed) -> Exception:
        """The ValueError for a string, with those that are allowed."""
        return refused(ValueError, owner, name, f"be one of {list(allowed)}", value, hints.close(value, allowed))

    # ---------------------------------------------------------------- types
    def instance(self, owner: str, types, /, **given) -> Any:
        """Values of the type, or of one of a tuple of types; a bool counts as an int only where bool is among them."""
        types = types if isinstance(types, tuple) else (types,)
        for name, value in given.items():
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                raise self.wrong_type(owner, name, value, types)
        return _result(given)

    def boolean(self, owner: str, /, **given) -> Any:
        return self.instance(owner, bool, **given)

    def integer(self, owner: str, /, **given) -> Any:
        return self.instance(owner, int, **given)

    def floating(self, owner: str, /, **given) -> Any:
        """Floats: an int is a TypeError, as in MindSpore."""
        return self.instance(owner, float, **given)

    def number(self, owner: str, /, **given) -> Any:
        """Ints and floats, those of NumPy too."""
        return self.instance(owner, Real, **given)

    def string(self, owner: str, /, **given) -> Any:
        return self.instance(owner, str, **given)

    def tensor(self, owner: str, /, **given) -> Any:
        return self.instance(owner, Tensor, **given)

    def int_tuple(self, owner: str, n: int, least: int = 1, /, **given) -> Any:
        """``n`` ints, none below ``least``; an int stands for ``n`` of them."""
        made = {}
        for name, value in given.items():
            values = (value,) * n if type(value) is int else value
            if not isinstance(values, tuple) or len(values) != n or not all(type(v) is int for v in values):
                raise refused(TypeError, owner, name, f"be an int or a tuple of {n} ints", value)
            if min(values) < least:
                raise refused(ValueError, owner, name, f"hold ints of at least {least}", value)
            made[name] = values
        return _result(made)

    # ---------------------------------------------------------------- values
    def at_least(self, owner: str, low, /, wanted="be at least {}", **given) -> Any:
        """Numbers, or Tensors of one element, of at least ``low``."""
        return self._satisfying(owner, lambda value: value >= low, wanted.format(low), given)

    def above(self, owner: str, low, /, wanted="be greater than {}", **given) -> Any:
        """Numbers, or Tensors of one element, greater than ``low``."""
        return self._satisfying(owner, lambda value: value > low, wanted.format(low), given)

    def _satisfying(self, owner: str, holds, wanted: str, given: dict) -> Any:
        self.instance(owner, (Real, Tensor, bool), **given)
        for name, value in given.items():
            if not holds(value):
                raise refused(ValueError, owner, name, wanted, value)
        return _result(given)

    def within(self, owner: str, interval: str, /, **given) -> Any:
        """Numbers in an interval that is written as in mathematics: ``"[0, 1)"`` contains 0 and not 1."""
        self.instance(owner, self.numbers, **given)
        for name, value in given.items():
            if not contains(interval, value):
                raise self.outside(owner, name, value, interval)
        return _result(given)

    def one_of(self, owner: str, allowed, /, **given) -> Any:
        """Strings among the allowed ones."""
        for name, value in given.items():
            if self.string(owner, **{name: value}) not in allowed:
                raise self.not_among(owner, name, value, allowed)
        return _result(given)

    def rank(self, owner: str, /, *allowed: int, **given) -> Any:
        """Tensors with one of these numbers of axes."""
        for name, value in given.items():
            if self.tensor(owner, **{name: value}).ndim not in allowed:
                wanted = " or ".join(map(str, allowed))
                raise fail(
                    ValueError,
                    f"For '{owner}', the argument '{name}' must have {wanted} axes, but got {value.ndim}: its shape is "
                    f"{value.shape}.",
                )
        return _result(given)

    # ---------------------------------------------------------------- types and values
    def positive_int(self, owner: str, /, **given) -> Any:
        self.integer(owner, **given)
        return self.above(owner, 0, wanted="be a positive int", **given)

    def non_negative_int(self, owner: str, /, **given) -> Any:
        self.integer(owner, **given)
        return self.at_least(owner, 0, wanted="not be negative", **given)

    def positive_float(self, owner: str, /, **given) -> Any:
        self.floating(owner, **given)
        return self.above(owner, 0, wanted="be a float greater than 0", **given)

    def non_negative_float(self, owner: str, /, **given) -> Any:
        self.floating(owner, **given)
        return self.at_least(owner, 0, wanted="be a float of at least 0", **given)

    def unit_float(self, owner: str, /, **given) -> Any:
        """Floats in the open interval (0, 1)."""
        self.floating(owner, **given)
        return self.within(owner, "(0.0, 1.0)", **given)


_OF_OPS = Checks()
by_value = Checks(ValueError)  # for the places where MindSpore raises ValueErrors for types, too
instance, one_of, within, rank = _OF_OPS.instance, _OF_OPS.one_of, _OF_OPS.within, _OF_OPS.rank
boolean, string, tensor = _OF_OPS.boolean, _OF_OPS.string, _OF_OPS.tensor
number, at_least, above = _OF_OPS.number, _OF_OPS.at_least, _OF_OPS.above
integer, positive_int, non_negative_int = _OF_OPS.integer, _OF_OPS.positive_int, _OF_OPS.non_negative_int
floating, positive_float, non_negative_float = _OF_OPS.floating, _OF_OPS.positive_float, _OF_OPS.non_negative_float
int_tuple, unit_float = _OF_OPS.int_tuple, _OF_OPS.unit_float


def same_shape(owner: str, x, y) -> None:
    """Two Tensors of one shape."""
    if x.shape != y.shape:
        raise fail(ValueError, f"For '{owner}', the inputs must have equal shapes, but got {x.shape} and {y.shape}.")


# ---------------------------------------------------------------- memory
def held_in_memory(owner: str, each: int, /, **given: int) -> Any:
    """Counts of items of ``each`` bytes that the memory of the machine can hold; without it, a list of so many items
    is filled for hours before it fails."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name, count in given.items():
        if count * each > total:
            raise fail(
                ValueError,
                f"For '{owner}', the argument '{name}' asks for {count} items, which take {_amount(count * each)} of memory; "
                f"the machine has {_amount(total)}.",
            )
    return _result(given)


def _amount(nbytes: int) -> str:
    """``1.5 GiB``."""
    power = min((max(nbytes, 1).bit_length() - 1) // 10, 8)
    return (
        f"{nbytes / 2 ** (10 * power):.3g} {('bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB')[power]}"
    )
