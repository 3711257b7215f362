"""Many calls in a child process that may crash or hang: it says what it does, and is started again after the call it died in."""

import json
import os
import resource
import select
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

LIMIT = 10.0  # seconds for one call
START = 900.0  # seconds until the first
MEMORY = 6 << 30


class Found(NamedTuple):
    """A fault: what was called, with what, and what happened."""

    name: str
    call: str
    fault: str


def watch(script: str, arguments: list[str]) -> tuple[int, list[Found]]:
    """Runs ``script --serve N ...`` from the call after number N on, until it is done: (number of calls, the faults).

    The child prints JSON: ``{"number", "name", "call"}`` before each call, ``{"fault"}`` for a wrong answer, and ``{"done"}``.
    """
    faults: list[Found] = []
    done, last = 0, ("", "")
    while True:
        command, before, ended = [sys.executable, script, "--serve", str(done), *arguments], done, ""
        with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as child:
            for message in _messages(child):
                if "number" in message:
                    done, last = message["number"], (message["name"], message["call"])
                elif "fault" in message:
                    faults.append(Found(*last, message["fault"]))
                elif "done" in message:
                    return message["done"], faults
                else:
                    ended = message["ended"]
            child.kill()
            child.wait()
            said.seek(0)
            error = said.read().decode(errors="replace")
        if done == before:
            raise RuntimeError(f"no call could be made: {ended} {error[-2000:]}")
        faults.append(Found(*last, ended or f"the process ended with {child.returncode}: {error[-200:]}"))


def _messages(child) -> Iterator[dict]:
    """What the child says; ``ended`` if it says nothing for too long."""
    kept, limit = b"", START
    while True:
        ready, _, _ = select.select([child.stdout], [], [], limit)
        if not ready:
            yield {"ended": f"no answer in {limit:.0f} seconds"}
            return
        read = os.read(child.stdout.fileno(), 1 << 16)
        if not read:
            return
        limit = LIMIT
        *lines, kept = (kept + read).split(b"\n")
        yield from map(json.loads, lines)


def begin_child() -> Callable[..., None]:
    """Prepares the child: little memory, a new directory, no output but that of the function that it returns."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(600)
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.chdir(tempfile.mkdtemp())
    return lambda **message: out.write(json.dumps(message) + "\n") and None


def report(made: int, faults: list[Found], seed: int) -> None:
    """Prints the faults and how many there are of each kind; ends the process, with 1 if there are any."""
    for fault in faults:
        print(f"{fault.name}{fault.call}\n    {fault.fault}")
    print(f"\n{made} calls, {len(faults)} faults, seed {seed}")
    for kind, count in Counter(f.fault.partition(": ")[0].partition(" with ")[0] for f in faults).most_common():
        print(f"  {count:6} {kind}: {len({f.name for f in faults if f.fault.startswith(kind)})} names")
    sys.exit(bool(faults))
