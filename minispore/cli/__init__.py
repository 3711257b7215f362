"""The command ``minispore``: run and inspect scripts, manage the kernel cache, check the installation."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> None:
    """Runs a command line, ``sys.argv`` unless given, and ends the process with its exit code.

    0: done; 1: the script failed, or ``doctor`` found a problem; 2: the command line was wrong.
    """
    from .arguments import parse

    given = sys.argv[1:] if arguments is None else arguments
    options = parse(given)
    sys.exit(options.function(options))
