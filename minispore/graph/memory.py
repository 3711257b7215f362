"""Buffers, the operands that show them, and the plan that lets temporary buffers share memory."""

import math
from dataclasses import dataclass, field

import numpy as np

from ..core.dtype import DType
from ..core.layout import dense_strides

ALIGN = 64


@dataclass(eq=False)
class Buffer:
    """A piece of memory of a step.

    ``kind``: "temporary" (in the arena), "input" / "output" (an array of the caller, ``index`` among them),
    "fixed" (an array that lives as long as the executable, such as a Parameter's storage or a constant), "row" and
    "stack" (see ``Row``, ``Stack``).
    """

    kind: str
    nbytes: int
    index: int = 0
    array: np.ndarray | None = None
    offset: int = -1  # in the arena
    label: str = ""


@dataclass(eq=False)
class Stack(Buffer):
    """Rows whose number is not known before the step runs: memory that grows while a loop fills it."""


@dataclass(eq=False)
class Loop:
    """What the turns of one loop share: the counter, and the order in which stacks are gone through."""

    turn: np.ndarray  # one int64
    count: "Operand | None" = None  # the number of turns, where rows are gone through from the last to the first
    stacks: list[Stack] = field(default_factory=list)  # what it fills


@dataclass(eq=False)
class Row(Buffer):
    """A row of ``parent`` that moves with the turns of ``loop``; ``lag`` 1 is the next one."""

    parent: Buffer = None  # type: ignore[assignment]
    start: int = 0  # bytes from the begin of parent to its first row
    loop: Loop = None  # type: ignore[assignment]
    lag: int = 0
    ring: int = 0  # rows there are, which are used again and again; 0: one for every turn


def root(buffer: Buffer) -> Buffer:
    """The memory that a row is part of."""
    while isinstance(buffer, Row):
        buffer = buffer.parent
    return buffer


@dataclass(frozen=True)
class Operand:
    """A strided window on a buffer; strides and offset count elements.  No buffer: the flat position itself."""

    buffer: Buffer | None
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: DType

    @property
    def is_index(self) -> bool:
        return self.buffer is None

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def is_dense(self) -> bool:
        step = 1
        for d, s in zip(reversed(self.shape), reversed(self.strides)):
            if d != 1 and s != step:
                return self.size == 0
            step *= d
        return self.buffer is not None

    def sliced(self, begin, step, size) -> "Operand":
        """The part that starts at ``begin`` and takes ``size`` elements every ``step`` along each axis."""
        offset = self.offset + sum(b * s for b, s in zip(begin, self.strides))
        strides = tuple(st * s for st, s in zip(step, self.strides))
        return Operand(self.buffer, offset, tuple(size), strides, self.dtype)

    def reshaped(self, shape) -> "Operand":
        """A dense operand in another shape."""
        return Operand(self.buffer, self.offset, tuple(shape), dense_strides(shape), self.dtype)


def plan_arena(calls, buffers: list[Buffer], spans=()) -> int:
    """Gives every temporary buffer an offset; buffers that are not alive together share memory.  Returns the size.

    Largest first, each at the lowest offset where no buffer alive at the same time lies.  What is made before a loop
    (``spans``: first and last position of each) and read in it, or made in it and read after, is alive in all its turns.
    """
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for position, call in enumerate(calls):
        for operand in (*call.reads, *call.writes):
            if operand.buffer is not None:
                key = id(root(operand.buffer))
                first.setdefault(key, position)
                last[key] = position
    for start, end in spans:
        for key, begin in first.items():
            if begin < start <= last[key] < end:
                last[key] = end
            elif start <= begin <= end < last[key]:
                first[key] = start
    alive = [b for b in buffers if id(b) in first]
    placed: list[Buffer] = []
    size = 0
    for b in sorted(alive, key=lambda b: (-b.nbytes, first[id(b)])):
        rivals = sorted(
            (o for o in placed if first[id(o)] <= last[id(b)] and first[id(b)] <= last[id(o)]), key=lambda o: o.offset
        )
        offset = 0
        for o in rivals:
            if offset + b.nbytes <= o.offset:
                break
            offset = max(offset, _up(o.offset + o.nbytes))
        b.offset = offset
        placed.append(b)
        size = max(size, _up(offset + b.nbytes))
    return size


def _up(n: int) -> int:
    return -(-n // ALIGN) * ALIGN
