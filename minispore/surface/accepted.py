"""Functions of MindSpore for devices, clusters and its compiler: accepted, without effect on one CPU.

>>> import minispore as ms
>>> ms.synchronize()
"""

from ..core import checks
from ..core.errors import fail
from ..core.random import set_seed
from .streams import current_stream


def manual_seed(seed):
    """Accepted: the same as ``set_seed``.

    Args:
        seed: int from 0.

    Raises:
        TypeError: ``seed`` is not an int.
        ValueError: it is negative.

    >>> import minispore as ms
    >>> ms.manual_seed(1)
    """
    set_seed(seed)


def synchronize() -> None:
    """Accepted and without effect: a result is there when its call returns.

    >>> import minispore as ms
    >>> ms.runtime.synchronize()
    """


def launch_blocking() -> None:
    """Accepted and without effect: calls return when they are done.

    >>> import minispore as ms
    >>> ms.runtime.launch_blocking()
    """


def empty_cache() -> None:
    """Accepted and without effect: memory goes back when a Tensor goes.

    >>> import minispore as ms
    >>> ms.runtime.empty_cache()
    """


def ms_memory_recycle() -> None:
    """Accepted and without effect: memory goes back when a Tensor goes.

    >>> import minispore as ms
    >>> ms.ms_memory_recycle()
    """


class Symbol:
    """What is known of a length that changes, in the shape of a Tensor for ``set_inputs``, which holds each call against it.

    Args:
        max: int above 1; 0: any.  Default: 0.
        min: int above 0.  Default: 1.
        divisor: int above 0.  Default: 1.
        remainder: int from 0 to below ``divisor``.  Default: 0.
        unique: bool, whether it is the same length wherever it is used.  Default: False.
        **kwargs: ignored.

    Raises:
        TypeError: an argument of another type.
        ValueError: an argument out of its range.

    >>> import minispore as ms
    >>> ms.Symbol(max=8).max
    8
    >>> ms.Tensor(shape=[ms.Symbol(max=8), 2], dtype=ms.float32).shape
    (-1, 2)
    """

    def __init__(self, max=0, min=1, divisor=1, remainder=0, unique=False, **kwargs):
        checks.boolean("Symbol", unique=unique)
        checks.positive_int("Symbol", min=min, divisor=divisor)
        checks.non_negative_int("Symbol", max=max, remainder=remainder)
        if remainder >= divisor:
            raise fail(
                ValueError, f"For 'Symbol', 'remainder' must be below 'divisor', but got {remainder} and {divisor}."
            )
        self.max, self.min, self.divisor, self.remainder, self.unique = max, min, divisor, remainder, unique

    def __lt__(self, other):
        """A length that is not known is below any, as the -1 that stands for it in a shape."""
        return True

    def __index__(self):
        return -1

    def misfit(self, length, met):
        """What a length must be and is not, or None.

        Args:
            length: int.
            met: dict, the lengths of one call that unique Symbols stood for so far.

        >>> import minispore as ms
        >>> ms.Symbol(max=8).misfit(9, {})
        'is at most 8'
        """
        if self.unique and met.setdefault(self, length) != length:
            return f"is {met[self]} wherever its Symbol stands"
        if self.max and length > self.max:
            return f"is at most {self.max}"
        if length < self.min:
            return f"is at least {self.min}"
        if length % self.divisor != self.remainder:
            return f"leaves {self.remainder} when divided by {self.divisor}"
        return None


class JitConfig:
    """Accepted and without effect: how MindSpore is to compile.  What is given are attributes.

    Args:
        jit_level: str.  Default: "".
        exc_mode: str.  Default: "auto".
        jit_syntax_level: str.  Default: "".
        debug_level: str.  Default: "RELEASE".
        infer_boost: str.  Default: "off".
        **kwargs: further options.

    >>> import minispore as ms
    >>> ms.JitConfig(jit_level="O1").jit_level
    'O1'
    """

    def __init__(
        self, jit_level="", exc_mode="auto", jit_syntax_level="", debug_level="RELEASE", infer_boost="off", **kwargs
    ):
        self.jit_config_dict = {**locals(), **kwargs}
        for not_given in ("self", "kwargs"):
            del self.jit_config_dict[not_given]
        vars(self).update(self.jit_config_dict)


class ExitByRequest(Exception):
    """Accepted: MindSpore's clusters raise it to end a training; nothing raises it here."""


__all__ = [
    "ExitByRequest", "JitConfig", "Symbol", "current_stream", "empty_cache", "launch_blocking", "manual_seed", "ms_memory_recycle",
    "synchronize",
]  # fmt: skip
