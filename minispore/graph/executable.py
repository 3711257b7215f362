"""Executable: a compiled step as data (a table of kernel calls, their arguments, an arena) and the call that runs it."""

import ctypes
import weakref
from bisect import bisect_left
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import IndexOutOfRange, located
from ..core.heap import APART, HEAP, LARGE
from ..core.ir import Graph
from ..core.record import STATE, Node, user_location
from ..ops.effects import index_message
from . import runtime
from .arena import lifetimes, place
from .calls import Call, Control, Label
from .compile import prepare
from .memory import Operand
from .stats import phase
from .table import Table

empty = np.empty


_free = ctypes.CDLL(None).free
_free.argtypes = [ctypes.c_void_p]


def _release(memory: list, arguments: np.ndarray, stacks: list[int]) -> None:
    """Frees the stacks of an executable; its other memory is kept while a worker may still read it."""
    runtime.POOL.retire(memory)
    for slot in stacks:
        _free(int(arguments[slot]))


def plan(builder: Any, items: list) -> int:
    """Gives the temporary buffers their offsets in the arena; returns its size.

    ``builder``: a Builder, or what was made of one (graph/template.py), which knows how long its buffers live.
    """
    life = getattr(builder, "life", None)
    if life is None:
        first, last, _ = lifetimes_of(builder, items)
        life = [(first[id(b)], last[id(b)]) if id(b) in first else None for b in builder.temporaries]
    return place(builder.temporaries, life)


def lifetimes_of(builder: Any, items: list) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """The positions of the first and last call that touches each buffer, by its id, and those of the calls by theirs.

    What the calls of a chain touch is alive in all of it: some items may be at its begin while others are at its end. So they
    have one position.
    """
    touching: list = []
    at: dict[int, int] = {}
    for _, together in groupby(items, lambda item: id(getattr(item, "chain", None) or item)):
        calls = list(together)
        at.update((id(call), len(touching)) for call in calls)
        if isinstance(calls[0], Label):
            touching.append(Control(runtime.JUMP))
        elif len(calls) == 1:
            touching += calls
        else:
            touching.append(Touching([o for c in calls for o in c.reads], [o for c in calls for o in c.writes]))
    spans = [(at[id(begin)], at[id(end)]) for begin, end in builder.loops]
    return *lifetimes(touching, spans), at


class Touching(NamedTuple):
    """What several calls touch."""

    reads: list[Operand]
    writes: list[Operand]


_arena = np.empty(0, np.uint8)


def shared_arena(size: int) -> np.ndarray:
    """Memory for the temporaries of a step, at least ``size`` bytes.

    Nothing in it outlives a call, and one native call runs at a time (``Pool.lock``): so all executables use one block.  When a
    larger one is needed, those made before keep the smaller one, which is why it grows by at least half.
    """
    global _arena
    if _arena.size < size:
        _arena = np.empty(max(size, _arena.size * 3 // 2), np.uint8)
    return _arena


class Changing:
    """The memory of the Parameters that a step changes.

    A Tensor may be a view of one of them, as ``w[1:]`` is.  A step knows values by their names, and would read there what it has
    already changed.
    """

    def __init__(self, arrays: list[np.ndarray]):
        ranges = sorted((_address(a), _address(a) + a.nbytes) for a in arrays if a.nbytes)
        self.begins, self.ends = [begin for begin, _ in ranges], [end for _, end in ranges]
        owners = [_owner(a) for a in arrays]
        self.owners = {id(a) for a in owners}
        self.is_foreign = any(a.base is not None for a in owners)  # memory of which NumPy does not know whose it is

    def apart(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        """The arrays, with copies of those that lie in this memory."""
        found = arrays
        for k, a in enumerate(arrays):
            owner = a if a.base is None else _owner(a)
            if (id(owner) in self.owners or owner.base is not None or self.is_foreign) and self._holds(a):
                found = found.copy() if found is arrays else found
                found[k] = a.copy()
        return found

    def _holds(self, array: np.ndarray) -> bool:
        begin = _address(array)
        k = bisect_left(self.begins, begin + array.nbytes) - 1  # the last that begins before the array ends
        return k >= 0 and self.ends[k] > begin


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def _owner(array: np.ndarray) -> np.ndarray:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


class Executable:
    """Runs one graph for one set of input types.  ``run`` may be called from any thread."""

    one_call_per_phase = False  # so that each call can be timed or its results looked at
    pool: Any = runtime.POOL
    traced: Graph  # ``graph`` before the passes
    agreeing: list = []  # Parameters that a step gives the same values on all ranks
    record: Any = None  # the Compilation that it belongs to
    template: Any = None  # that it was made from (graph/template.py), for these ``lengths``
    lengths: tuple[int, ...] = ()

    def __init__(self, graph: Graph, builder: Any, items: list):
        self.graph, self.items, self.messages = graph, items, builder.messages
        self.temporaries, self.loops, self.threads = builder.temporaries, builder.loops, builder.threads
        self.called_at = user_location()  # the line of the call that it was made for
        self.calls = calls = [c for c in items if isinstance(c, Call)]
        self.captures = [t for t, _ in graph.captures]
        self.captured: list[np.ndarray] = [np.empty(0)] * len(self.captures)
        self.parameters = list(
            {id(p): p for p in [p for p, _ in graph.parameters] + [p for p, _ in graph.updates]}.values()
        )
        self.storage = [p._data for p in self.parameters]
        self.changing = Changing([p._data for p, _ in graph.updates]) if graph.updates else None
        self.input_types = [(v.shape, v.dtype.np) for v in graph.inputs]
        self.capture_types = [(v.shape, v.dtype.np) for _, v in graph.captures]
        self.output_shapes, self.output_dtypes = [v.shape for v in graph.outputs], [v.dtype.np for v in graph.outputs]
        self.has_large_outputs = any(v.size * v.dtype.itemsize >= LARGE for v in graph.outputs)
        with phase("plan"):
            self.arena_bytes = plan(builder, items)
        self.arena = shared_arena(self.arena_bytes + APART)
        self.base = -(-self.arena.ctypes.data // APART) * APART
        self.parts = builder.parts
        self.n_threads = builder.threads if any(c.split for c in calls) else 1
        self.can_end_early = bool(builder.messages) or any(
            isinstance(c, Control) and c.kind == runtime.TURN for c in items
        )
        prepare([*(source for c in calls for source in c.sources), runtime.SOURCE])
        status = builder.status.buffer.array
        assert status is not None
        self.keep: list = [status]
        self.status = status
        with phase("table"):
            self._tables(len(graph.inputs) + len(graph.captures))

    def _tables(self, n_inputs: int) -> None:
        table = Table(self, n_inputs)
        table.lay_out(self.items)
        self.phases, self.members = table.phases, table.members
        self.table = table.arrays()
        self.arguments = np.array(table.arguments or [0], np.int64)
        self.keep += table.keep
        self.job = np.zeros(runtime.JOB_SLOTS, np.int64)
        tables = [
            getattr(runtime, f"JOB_{name}") for name in ("CALLS", "TASKS", "PHASES", "MOVES", "PATCHES", "STACKS")
        ]
        self.job[tables] = [t.ctypes.data for t in self.table]
        self.job[runtime.JOB_PHASE_COUNT], self.job[runtime.JOB_MOVE_COUNT] = len(table.phases), len(table.moves)
        self.job[runtime.JOB_ARGUMENTS] = self.arguments.ctypes.data
        self.job[runtime.JOB_STATUS] = self.status.ctypes.data
        self.job[runtime.JOB_POOL] = runtime.POOL.address
        self.job[runtime.JOB_ARRAY_HEADER] = runtime.ARRAY_HEADER
        self.job_address = self.job.ctypes.data
        self.stacks = [slot for slot, *_ in table.stacks]
        self.can_fail = bool(self.messages or self.stacks)
        weakref.finalize(
            self,
            _release,
            [self.arena, self.keep, self.table, self.arguments, self.job],
            self.arguments,
            self.stacks,
        )

    def valid(self) -> bool:
        """Whether every Parameter still has the storage that the table points to."""
        return all(p._data is s for p, s in zip(self.parameters, self.storage))

    def run(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        """One step on contiguous input arrays of the expected types; fresh arrays for the outputs."""
        outputs = list(map(empty, self.output_shapes, self.output_dtypes))
        if self.has_large_outputs:
            HEAP.grown()
        if self.captures:
            arrays = arrays + self._captured()
        if self.changing is not None:
            arrays = self.changing.apart(arrays)
        pool = self.pool
        try:
            STATE.in_native_call = True
            with pool.lock:
                pool.run(self.job_address, self.n_threads, (*arrays, *outputs))
                if self.can_fail and self.status[0]:
                    self._raise()
        finally:
            STATE.in_native_call = False
        return outputs

    def expect_begin(self) -> None:
        """From here ``has_begun`` tells whether the native call was made."""
        self.job[runtime.JOB_FLOAT_BITS] = -1

    def has_begun(self) -> bool:
        """Whether an interrupt came after the native call: that call itself writes here, Python could be interrupted before it."""
        return bool(self.job[runtime.JOB_FLOAT_BITS] >= 0)

    def _captured(self) -> list[np.ndarray]:
        """The current arrays of the captured Tensors: changes in place are seen."""
        for t, a in zip(self.captures, self.captured):
            if t._data is not a:
                break
        else:
            return self.captured
        found = []
        for t, (shape, dtype) in zip(self.captures, self.capture_types):
            a = t._array()
            if a.shape != shape or a.dtype != dtype:
                raise StaleCapture
            found.append(a if a.flags.c_contiguous else np.ascontiguousarray(a))
        self.captured = (
            found  # an array that had to be copied differs from its Tensor's, so the next call copies it again
        )
        return found

    def _raise(self) -> None:
        code, index, size, position = (int(x) for x in self.status[:4])
        self.status[:] = 0
        if code == runtime.NO_MEMORY:
            raise MemoryError("minispore: no memory for what the turns of a loop keep for its gradient")
        node = self.message(code)
        failure = node.op.failure(node)
        if failure is not None:
            raise failure
        name = node.attrs.get("name", node.op.name)
        given = node.inputs[min(len(node.inputs), 2) - 1]  # the indices: alone, or after what they point to
        message = index_message(name, index, size, position, given.shape)
        raise located(IndexOutOfRange, message, self.place(node))

    def message(self, code: int) -> Node:
        """The node whose check reports this code."""
        if self.template is not None:
            return self.template.node(code - 1, self.lengths)
        return self.messages[code - 1]

    def place(self, node: Node) -> str | None:
        """Where a node comes from. One inside a layer or step of the library has the line of the call, which need not be the first one."""
        return (user_location() if node.location == self.called_at else None) or node.location


class StaleCapture(Exception):
    """A captured Tensor has another shape or type than when the function was traced."""
