"""Why a call was compiled, a list of all compilations, and a guard against too many of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..core.errors import fail
from ..graph import history
from ..graph.history import Compilation
from ..graph.stats import STATS
from .traced import target_of


def explain(inspection) -> str:
    """Why the call of an Inspection was compiled or, if it was not yet, why it would be.

    Args:
        inspection: Inspection.

    Returns:
        str.
    """
    past = compilations(inspection._function) if inspection._function is not None else []
    if not past:
        return f"{inspection.name} has not been called in GRAPH mode: its first call will compile."
    same = [r for r in past if r.arguments == inspection.arguments]
    lines = []
    if same:
        lines.append(f"{inspection.name}: a call like this was compiled {len(same)} time{'s' * (len(same) > 1)}.")
        lines += [f"  {_line(r)}" for r in same]
    else:
        present = replace(past[-1], arguments=inspection.arguments)
        nearest = min(reversed(past), key=lambda old: len(history.differences(present, old)))
        lines.append(
            f"{inspection.name}: no call like this yet; it would compile. The nearest earlier call is number {nearest.number}:"
        )
        lines += [f"  {cause}" for cause in history.differences(present, nearest)]
    others = [r for r in past if r not in same]
    if others:
        lines.append("other compilations:")
        lines += [f"  {_line(r)}" for r in others]
    return "\n".join(lines)


def _line(record: Compilation) -> str:
    return f"number {record.number}, {record.seconds:.3f} s ({record.spent}): {record.reason}"


def compilations(function=None) -> list[Compilation]:
    """The compilations in this process, oldest first: of ``function`` (a Cell or compiled function), or all.

    Those of the pieces of a function whose calls cannot be one graph come last.

    Args:
        function: Cell or compiled function.  Default: None, for all of them.

    Returns:
        list of Compilation.

    >>> import minispore as ms
    >>> f = ms.jit(lambda x: x + 1.0)
    >>> _ = f(ms.Tensor([1.0])), f(ms.Tensor([1.0, 2.0]))
    >>> print(ms.inspect.compilations(f)[1].reason)
    the argument 'x' is Float32[2], was Float32[1]
    """
    if function is None:
        return list(history.LOG)
    compilable = target_of(function)[2]
    if compilable is None or not compilable.compiled:
        return []
    return [*compilable.compiled.history, *compilable.compiled.parts]


@contextmanager
def assert_max_compiles(n: int) -> Iterator[None]:
    """``with assert_max_compiles(1):`` fails if more than ``n`` calls are compiled inside, and says why each was.

    Args:
        n: int from 0.

    Yields:
        None.

    Raises:
        AssertionError: more were compiled.
        ValueError: ``n`` is no such int.

    >>> import minispore as ms
    >>> f = ms.jit(lambda x: x * 2.0)
    >>> with ms.debug.assert_max_compiles(1):
    ...     for _ in range(3):
    ...         _ = f(ms.Tensor([1.0]))
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 0:
        raise fail(ValueError, f"For 'assert_max_compiles', 'n' must be an int that is not negative, but got {n!r}.")
    before = STATS.executables
    seen: list[Compilation] = []

    def observer(record, graph, executable):
        seen.append(record)

    history.OBSERVERS.append(observer)
    try:
        yield
    finally:
        history.OBSERVERS.remove(observer)
    count = STATS.executables - before
    if count > n:
        raise AssertionError(
            f"at most {n} compilations were expected, but there were {count}:\n" + "\n".join(f"  {r}" for r in seen)
        )
