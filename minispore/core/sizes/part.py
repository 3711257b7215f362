"""What one stage of the work on a trace has noted of its sizes, and a function made of it."""

from __future__ import annotations

import functools
from types import CodeType
from typing import Any

LEAST = 2  # a length that may change is at least this: of 0 or 1, programs do something else


class Part:
    """The lines that one stage of the work on a trace has noted: definitions of atoms, and conditions in their order."""

    def __init__(self):
        self.lines: list[str] = []
        self.conditions: dict[str, bool] = {}
        self.defined: set[str] = set()  # atoms and arrays


def code_of(part: Part, results: list[str]) -> CodeType:
    """Of a function of a space that has the symbols, which adds the atoms of the part to it.

    It returns None where a condition gives another answer, else the results.
    """
    body = [f"global {', '.join(sorted(part.defined))}"] if part.defined else []
    return _compiled("\n    ".join([*body, *part.lines, f"return ({''.join([r + ', ' for r in results])})"]))


@functools.lru_cache(2048)
def _compiled(body: str) -> CodeType:
    space: dict[str, Any] = {}
    exec(compile(f"def results():\n    {body}", "<sizes>", "exec"), space)
    return space["results"].__code__
