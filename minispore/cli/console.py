"""The console of the commands: coloured on a terminal, plain in a pipe or with NO_COLOR."""

from __future__ import annotations

import sys


def console(file=None):
    """A rich Console on ``file`` (stdout); in a pipe lines are not cut at 80 columns."""
    from rich.console import Console

    found = Console(file=file or sys.stdout, highlight=False)
    return found if found.is_terminal else Console(file=file or sys.stdout, highlight=False, width=160)


def size(count: float) -> str:
    """A number of bytes with a unit.

    >>> size(999), size(2_500_000)
    ('999 B', '2.5 MB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError
