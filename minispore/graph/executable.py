"""Executable: a compiled step as data (a table of kernel calls, their arguments, an arena) and the call that runs it."""

import ctypes
import weakref

import numpy as np

from ..errors import IndexOutOfRange, located
from . import runtime
from .compile import address_of, prepare
from .ir import Graph
from .lower import Builder, Call
from .memory import ALIGN, Operand, plan_arena

ndarray = np.ndarray


def _key(operand: Operand):
    """Memory that two operands may share: arena ranges overlap, other buffers are the same or not."""
    b = operand.buffer
    if b.kind == "temporary":
        return None, b.offset, b.offset + b.nbytes
    return (b.kind, id(b.array) if b.kind == "fixed" else b.index), 0, 0


class _Touched:
    """What has been read or written since the last barrier, and by one thread or by all."""

    def __init__(self):
        self.entries: list[tuple] = []

    def conflicts(self, call: Call) -> bool:
        reads = [_key(o) for o in call.reads if o.buffer is not None]
        writes = [_key(o) for o in call.writes]
        for split, old_reads, old_writes in self.entries:
            if not split and not call.split:
                continue  # both on the first thread, in order
            if _overlap(reads, old_writes) or _overlap(writes, old_writes) or _overlap(writes, old_reads):
                return True
        return False

    def add(self, call: Call) -> None:
        self.entries.append(
            (call.split, [_key(o) for o in call.reads if o.buffer is not None], [_key(o) for o in call.writes])
        )


def _overlap(a, b) -> bool:
    for name, lo, hi in a:
        for other, lo2, hi2 in b:
            if name == other and (name is not None or (lo < hi2 and lo2 < hi)):
                return True
    return False


class Executable:
    """Runs one graph for one set of input types.  ``run`` may be called from any thread."""

    def __init__(self, graph: Graph, builder: Builder, calls: list[Call]):
        self.graph, self.calls, self.messages = graph, calls, builder.messages
        self.captures = [t for t, _ in graph.captures]
        self.captured: list[ndarray] = [np.empty(0)] * len(self.captures)
        self.parameters = list(
            {id(p): p for p in [p for p, _ in graph.parameters] + [p for p, _ in graph.updates]}.values()
        )
        self.storage = [p._data for p in self.parameters]
        self.input_types = [(v.shape, v.dtype.np) for v in graph.inputs]
        self.capture_types = [(v.shape, v.dtype.np) for _, v in graph.captures]
        self.output_types = [(v.shape, v.dtype.np) for v in graph.outputs]
        self.arena_bytes = plan_arena(calls, builder.temporaries)
        self.arena = np.empty(self.arena_bytes + ALIGN, np.uint8)
        self.base = -(-self.arena.ctypes.data // ALIGN) * ALIGN
        self.n_threads = builder.threads if any(c.split for c in calls) else 1
        prepare([*(c.source for c in calls), runtime.SOURCE])
        status = builder.status.buffer.array
        assert status is not None
        self.keep: list = [status]
        self.status = status
        self._tables(len(graph.inputs) + len(graph.captures))

    def _tables(self, n_inputs: int) -> None:
        arguments: list[int] = []
        moves: list[tuple[int, int, int]] = []
        phases: list[list[Call]] = []
        stops: list[bool] = []
        touched, committed = _Touched(), False
        first_argument: dict[int, int] = {}
        for call in self.calls:
            first_argument[id(call)] = len(arguments)
            stop = call.commits and not committed and bool(self.messages)
            if not phases or stop or touched.conflicts(call):
                touched = _Touched()
                phases.append([])
                stops.append(stop)
            touched.add(call)
            phases[-1].append(call)
            committed = committed or call.commits
            for argument in call.arguments:
                if isinstance(argument, Operand):
                    b = argument.buffer
                    assert b is not None
                    offset = argument.offset * argument.dtype.itemsize
                    if b.kind == "temporary":
                        arguments.append(self.base + b.offset + offset)
                    elif b.kind == "fixed":
                        self.keep.append(b.array)
                        arguments.append(b.array.ctypes.data + offset)
                    else:
                        moves.append((len(arguments), b.index + (n_inputs if b.kind == "output" else 0), offset))
                        arguments.append(0)
                else:
                    arguments.append(int(argument))
        calls: list[tuple] = []
        tasks: list[tuple] = []
        phase_rows: list[tuple] = []
        for members, stop in zip(phases, stops):
            first = len(tasks)
            for call in members:
                if call.split:
                    parts = min(call.extent, 2 * self.n_threads)
                    for k in range(parts):
                        lo, hi = call.extent * k // parts, call.extent * (k + 1) // parts
                        tasks.append((len(calls), len(calls) + 1))
                        calls.append((address_of(call.source), first_argument[id(call)], lo, hi))
            start = len(calls)
            calls += [(address_of(c.source), first_argument[id(c)], 0, c.extent) for c in members if not c.split]
            if len(calls) > start:  # in order, on one thread
                tasks.append((start, len(calls)))
            phase_rows.append((first, len(tasks), stop))
        self.phases = phases
        self.objects = (ctypes.c_int64 * max(n_inputs + len(self.output_types), 1))()
        self.table = [np.array(rows or [(0,) * 4], np.int64) for rows in (calls, tasks, phase_rows, moves)]
        self.arguments = np.array(arguments or [0], np.int64)
        self.counters = np.zeros(2 * len(phases) + 8, np.int64)
        at = [t.ctypes.data for t in self.table]
        self.job = np.array(
            [at[0], at[1], at[2], len(phases), self.arguments.ctypes.data, self.status.ctypes.data, at[3], len(moves),
             ctypes.addressof(self.objects), runtime.ARRAY_HEADER, self.counters.ctypes.data, len(calls), 0, 0, 0, 0],
            np.int64,
        )  # fmt: skip
        self.job_address = self.job.ctypes.data
        weakref.finalize(
            self,
            runtime.POOL.retire,
            [self.arena, self.keep, self.table, self.arguments, self.counters, self.job, self.objects],
        )

    def valid(self) -> bool:
        """Whether every Parameter still has the storage that the table points to."""
        return all(p._data is s for p, s in zip(self.parameters, self.storage))

    def run(self, arrays: list[ndarray]) -> list[ndarray]:
        """One step on contiguous input arrays of the expected types; fresh arrays for the outputs."""
        outputs = [np.empty(shape, dtype) for shape, dtype in self.output_types]
        if self.captures:
            arrays = arrays + self._captured()
        objects = self.objects
        pool = runtime.POOL
        with pool.lock:
            k = 0
            for a in arrays:
                objects[k] = id(a)
                k += 1
            for a in outputs:
                objects[k] = id(a)
                k += 1
            pool.run(self.job_address, self.n_threads)
            if self.messages and self.status[0]:
                self._raise()
        return outputs

    def _captured(self) -> list[ndarray]:
        """The arrays of the Tensors from outside, as they are now (changes in place are seen)."""
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
        self.captured = found  # a copy is not what its Tensor holds, and so is made anew each time
        return found

    def _raise(self) -> None:
        code, index, size = (int(x) for x in self.status[:3])
        self.status[:] = 0
        node = self.messages[code - 1]
        name = node.attrs.get("name", node.op.name)
        raise located(
            IndexOutOfRange, f"For '{name}', an index must be in [0, {size}), but got {index}.", node.location
        )


class StaleCapture(Exception):
    """A Tensor from outside changed its shape or type since the trace."""
