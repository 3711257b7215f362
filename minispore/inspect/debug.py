"""Debugging of compiled steps while they run: taps, and the comparison of the two modes."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops.host import HostCall, call_host
from . import assert_max_compiles
from .compare import Comparison, compare_modes
from .nan import ranges

__all__ = ["Comparison", "Taps", "assert_max_compiles", "compare_modes", "tap", "taps"]


class Taps(dict):
    """{name of a tap: copies of the arrays that it saw}; ``order`` lists (name, array) of all taps in order.

    Attributes:
        order: list of (name, array) of all taps.
    """

    def __init__(self):
        super().__init__()
        self.order: list[tuple[str, np.ndarray]] = []

    def take(self, name: str, array: np.ndarray) -> None:
        """Notes an array.

        Args:
            name: str, of the tap.
            array: numpy.ndarray.
        """
        self.setdefault(name, []).append(array)
        self.order.append((name, array))


_open: list[Taps] = []


def tap(name: str, x: Tensor) -> Tensor:
    """Returns ``x`` and reports its value each time this line runs, in compiled steps too.

    Inside ``with taps() as seen:`` the values are collected; otherwise a line with type and range is printed.

    Args:
        name: str, what is printed before it.
        x: Tensor.

    Returns:
        Tensor, ``x``.

    Raises:
        TypeError: ``name`` is not a string, or ``x`` not a Tensor.

    >>> import minispore as ms
    >>> @ms.jit
    ... def f(x):
    ...     return ms.debug.tap("doubled", x * 2.0).sum()
    >>> _ = f(ms.Tensor([1.0, 2.0]))
    doubled: float32[2] from 2 to 4
    >>> with ms.debug.taps() as seen:
    ...     _ = f(ms.Tensor([3.0, 4.0]))
    >>> print(seen["doubled"][0])
    [6. 8.]
    """
    if not isinstance(name, str):
        raise fail(TypeError, f"For 'tap', 'name' must be a str, but got {type(name).__name__}.")
    if not isinstance(x, Tensor):
        raise fail(TypeError, f"For 'tap', 'x' must be a Tensor, but got {type(x).__name__}.")

    def show(arrays):
        if not _open:
            print(f"{name}: {ranges(arrays[0])}")
        for collector in _open:
            collector.take(name, np.array(arrays[0]))

    call_host(HostCall(f"tap {name}", show), [x])
    return x


@contextmanager
def taps() -> Iterator[Taps]:
    """Collects the values of the taps inside the ``with`` block; see ``tap``.

    Yields:
        Taps.

    >>> import minispore as ms
    >>> with ms.debug.taps() as seen:
    ...     _ = ms.debug.tap("x", ms.Tensor([3.0]))
    >>> print(seen["x"][0])
    [3.]
    """
    seen = Taps()
    _open.append(seen)
    try:
        yield seen
    finally:
        _open.remove(seen)
