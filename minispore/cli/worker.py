"""One process of ``minispore launch``: it learns its rank from MPI's starter, tells the script, and runs it."""

from __future__ import annotations

import io
import os
import sys

from ..distributed.launcher import launched


def main(arguments: list[str]) -> None:
    told = launched()
    os.environ["MINISPORE_LAUNCHED"] = "1"
    os.environ.update(RANK_ID=str(told.rank), RANK_SIZE=str(max(told.size, 1)), DEVICE_ID=str(told.local_rank))
    if arguments[:1] == ["--log-dir"]:
        _write_to(os.path.join(arguments[1], f"worker_{told.rank}.log"))
        arguments = arguments[2:]
    for stream in (sys.stdout, sys.stderr):  # whole lines, so that those of ranks do not mix
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True, write_through=False)
    module = arguments[0] == "-m"
    target, *rest = arguments[1:]
    from .script import run

    sys.exit(run(target, rest, module))


def _write_to(path: str) -> None:
    """Lets all output of this process, that of libraries too, go to a file; after a restart it follows on what is there."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    again = os.environ.get("MINISPORE_RESTART", "0") != "0"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | (os.O_APPEND if again else os.O_TRUNC), 0o644)
    sys.stdout.flush()
    for number in (1, 2):
        os.dup2(file, number)
    os.close(file)


if __name__ == "__main__":
    main(sys.argv[1:])
