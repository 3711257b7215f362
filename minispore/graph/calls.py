"""What lowering makes: kernel calls, the phases of branches and loops, and the positions that they jump to."""

from dataclasses import dataclass, field

from ..core.context import get_context
from ..core.kernel import Items, KernelSource
from ..core.record import Node
from .memory import Loop, Operand

SPLIT_COST = 16384  # below this many element operations a call stays on one thread
PARTS = 8  # of a split call, where results must not depend on the number of threads
TASKS_PER_THREAD = 2  # of a split call elsewhere: a thread that is late leaves its second task to others


def workers_of_a_call(threads: int) -> int:
    """The number of partial results that an op may keep whose workers sum separately."""
    return PARTS if get_context("deterministic") == "ON" else threads


def parts_of_a_call(threads: int) -> int:
    """Into how many parts a long call is cut.  A product's bits may depend on where it is cut."""
    if get_context("deterministic") == "ON":
        return PARTS
    return TASKS_PER_THREAD * threads if threads > 1 else 1


@dataclass(eq=False)
class Label:
    """A position among the calls: the target of a jump."""


@dataclass(eq=False)
class Control:
    """A phase of a branch or loop (see runtime.py for the kinds)."""

    kind: int
    cell: Operand | None = None  # the int64 that it tests
    labels: tuple[Label, ...] = ()
    loop: Loop | None = None
    limit: int = -1
    nodes: list[Node] = field(default_factory=list)
    commits = False

    @property
    def reads(self) -> list[Operand]:
        return [o for o in (self.cell, self.loop.count if self.loop else None) if o is not None]

    writes = ()


@dataclass(eq=False)
class Chain:
    """Consecutive calls that are run for some items of a batch after the other, each for the same items (see chains.py)."""

    count: int  # items
    parts: int  # tasks
    commits: bool  # one of its calls writes a Parameter


@dataclass
class Call:
    """One row of the table: a kernel, its arguments, and what it touches.

    ``then``: a kernel that the first one calls for the parts of its result; its address and arguments follow those of the first.
    """

    source: KernelSource
    arguments: list  # Operand or int
    extent: int
    split: bool
    reads: list[Operand]
    writes: list[Operand]
    nodes: list[Node] = field(default_factory=list)
    items: Items | None = None
    chain: Chain | None = None
    commits: bool = False  # writes a Parameter: must not run if an earlier call has reported an error
    notes: dict[int, Node] = field(default_factory=dict)  # line of the source's body -> the node it computes
    then: KernelSource | None = None

    @property
    def sources(self) -> list[KernelSource]:
        return [self.source] if self.then is None else [self.source, self.then]
