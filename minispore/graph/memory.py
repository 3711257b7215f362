"""Buffers, the operands that show them, and the plan that lets temporary buffers share memory.

In a loop, a buffer may be one row of another that moves with the turns, the iterations.  For a parent of three rows of 8
bytes, the byte offsets in turns 0, 1, 2::

    Row(parent)                          0    8   16      this turn's row
    Row(parent, lag=1)                   8   16   24      the next turn's: the parent needs a fourth row
    Row(parent, ring=2), lag 0 and 1     0/8  8/0  0/8    two rows used in turn: read one, write the other
    Row(parent) in a reverse loop       16    8    0      from the last row to the first (``loop.count`` is set)
"""

import math
from dataclasses import dataclass, field

import numpy as np

from ..core.dtype import DType
from ..core.layout import dense_strides
from ..core.record import Value
from ..core.sizes import SizedData

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
    in_parts: bool = False  # several values lie side by side in it
    sized: SizedData | None = None  # what makes ``array``, if that depends on sizes
    _address: int = field(default=0, init=False)

    @property
    def address(self) -> int:
        """Where ``array`` begins."""
        if not self._address:
            assert self.array is not None
            self._address = self.array.ctypes.data
        return self._address


@dataclass(eq=False)
class Stack(Buffer):
    """Rows whose number is not known before the step runs: memory that grows while a loop fills it."""


@dataclass(eq=False)
class Loop:
    """State of one loop: the counter of its iterations, and the order in which they read and write the rows of stacks."""

    turn: np.ndarray  # one int64
    count: "Operand | None" = None  # the number of turns, if rows are taken from the last to the first
    stacks: list[Stack] = field(default_factory=list)  # what it fills


@dataclass(eq=False)
class Row(Buffer):
    """A row of ``parent`` that moves with the turns of ``loop``; ``lag`` 1 is the next turn's."""

    parent: Buffer = None  # type: ignore[assignment]
    start: int = 0  # bytes before the first row in parent
    loop: Loop = None  # type: ignore[assignment]
    lag: int = 0
    ring: int = 0  # number of rows, which are used again and again; 0: one for each turn


def root(buffer: Buffer) -> Buffer:
    """The memory that a row is part of."""
    while isinstance(buffer, Row):
        buffer = buffer.parent
    return buffer


def name_of(memory: Buffer) -> tuple:
    """The same for buffers that are the same memory, or may be."""
    if memory.array is not None:
        return "array", memory.address
    return (memory.kind, memory.index) if memory.kind in ("input", "output") else (memory.kind, id(memory))


@dataclass(slots=True)
class Operand:
    """A strided window on a buffer; strides and offset count elements.  No buffer: the flat position itself.

    Nothing changes it once it is made.
    """

    buffer: Buffer | None
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: DType

    def __hash__(self) -> int:
        return hash((self.buffer, self.dtype.name))

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

    def is_same_place(self, other: "Operand") -> bool:
        """Whether both show the same elements of one buffer in the same order."""
        steps, steps_of_other = ([s for d, s in zip(o.shape, o.strides) if d != 1] for o in (self, other))
        return (self.buffer is other.buffer and self.offset == other.offset and self.shape == other.shape
                and self.dtype == other.dtype and steps == steps_of_other)  # fmt: skip

    @property
    def span(self) -> int:
        """How many elements lie from its first to its last, where no stride is negative."""
        found = 1
        for d, s in zip(self.shape, self.strides):
            if not d:
                return 0
            found += (d - 1) * s
        return found

    def sliced(self, begin, step, size) -> "Operand":
        """The part that starts at ``begin`` and takes ``size`` elements every ``step`` along each axis."""
        offset = self.offset + sum(b * s for b, s in zip(begin, self.strides))
        strides = tuple(st * s for st, s in zip(step, self.strides))
        return Operand(self.buffer, offset, tuple(size), strides, self.dtype)

    def permuted(self, axes) -> "Operand":
        """The same elements with the axes in another order."""
        shape, strides = tuple(self.shape[a] for a in axes), tuple(self.strides[a] for a in axes)
        return Operand(self.buffer, self.offset, shape, strides, self.dtype)

    def reshaped(self, shape) -> "Operand":
        """A dense operand in another shape."""
        return Operand(self.buffer, self.offset, tuple(shape), dense_strides(shape), self.dtype)


def dense_operand(buffer: Buffer | None, v: Value, offset: int = 0) -> Operand:
    """``v`` as a contiguous operand that begins ``offset`` elements after the start of the buffer."""
    return Operand(buffer, offset, v.shape, dense_strides(v.shape), v.dtype)


def consecutive(flat: Operand, values) -> list[Operand]:
    """The places of ``values``, one after the other in ``flat``."""
    found, at = [], flat.offset
    for v in values:
        found.append(Operand(flat.buffer, at, v.shape, dense_strides(v.shape), flat.dtype))
        at += v.size
    return found
