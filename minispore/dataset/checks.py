"""Checks of the arguments of data sets: those of ``core.checks``, with the sentences of MindSpore's data sets.

Its data sets say what is wrong in two fixed forms, which scripts and tests search for, unlike those of its layers and ops.

>>> positive_int("FakeImageDataset", num_images=0)
Traceback (most recent call last):
ValueError: For 'FakeImageDataset': Input num_images is not within the required interval of [1, 2147483647]. It is 0...
"""

from numbers import Real
from typing import Any

from ..core import hints
from ..core.checks import Checks, at_least
from ..core.errors import fail

__all__ = [
    "at_least", "boolean", "floating", "instance", "integer", "non_negative_int", "number", "one_of", "positive_int", "string", "within",
]  # fmt: skip

_MAX = 2147483647


class _OfDataSets(Checks):
    numbers = (Real,)

    def wrong_type(self, owner, name, value, types):
        shown = '""' if isinstance(value, str) and not value else f"{value!s:.200}"
        types = [float, int] if types == (Real,) else [t for t in types if t.__module__ != "numpy"] or list(types)
        kinds = tuple(types) if isinstance(value, bool) and int in types else types  # as MindSpore writes them
        return fail(
            TypeError,
            f"For '{owner}': Argument {name} with value {shown} is not of type {kinds}, but got {type(value)}.",
        )

    def outside(self, owner, name, value, interval):
        return fail(
            ValueError,
            f"For '{owner}': Input {name} is not within the required interval of {interval}. It is {value!r:.80}.",
        )

    def not_among(self, owner, name, value, allowed):
        return fail(
            ValueError,
            f"For '{owner}': Input {name} is not within the valid set of {list(allowed)}. It is {value!r:.80}."
            f"{hints.close(value, allowed)}",
        )

    def positive_int(self, owner: str, /, **given) -> Any:
        self.integer(owner, **given)
        return self.within(owner, f"[1, {_MAX}]", **given)

    def non_negative_int(self, owner: str, /, **given) -> Any:
        self.integer(owner, **given)
        return self.within(owner, f"[0, {_MAX}]", **given)


_CHECKS = _OfDataSets()
wrong_type, outside = _CHECKS.wrong_type, _CHECKS.outside
within, one_of = _CHECKS.within, _CHECKS.one_of
instance, string, boolean = _CHECKS.instance, _CHECKS.string, _CHECKS.boolean
number, integer, floating = _CHECKS.number, _CHECKS.integer, _CHECKS.floating
positive_int, non_negative_int = _CHECKS.positive_int, _CHECKS.non_negative_int
