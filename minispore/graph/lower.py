"""Lowering: units in order -> kernel calls on operands.

``Builder`` is also what library ops see: their ``lower(build, node)`` asks it for operands and emits calls.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.context import get_context
from ..core.dtype import BY_NAME, DType
from ..core.ir import Graph, view_source
from ..core.kernel import KernelSource
from ..core.layout import dense_strides
from ..core.op import REGISTRY, extreme_of
from ..core.record import Node, Value
from .codegen import generate, needs_storage
from .compile import foreign_kernel, host_kernel
from .fuse import Unit, fuse
from .memory import ALIGN, Buffer, Loop, Operand
from .parts import is_pointwise, place_parts, reshape_source
from .passes import optimise

LOWERING: dict[str, Callable] = {}  # op name -> rule(build, node), for ops whose definition has none


def lowering(name: str) -> Callable:
    """Decorates the rule by which ``Builder`` lowers the op ``name``."""

    def register(rule):
        LOWERING[name] = rule
        return rule

    return register


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


@dataclass
class Call:
    """One row of the table: a kernel, its arguments, and what it touches."""

    source: KernelSource
    arguments: list  # Operand or int
    extent: int
    split: bool
    reads: list[Operand]
    writes: list[Operand]
    nodes: list[Node] = field(default_factory=list)
    commits: bool = False  # writes a Parameter: must not run if an earlier call has reported an error
    notes: dict[int, Node] = field(default_factory=dict)  # line of the source's body -> the node it computes


def _beginning(start: str, dtype):
    """What a reduction of no elements gives."""
    if start in ("lowest", "highest"):
        return extreme_of(np.dtype(dtype.np), start == "lowest")
    return int(start)


class Builder:
    host_kernel, foreign_kernel = staticmethod(host_kernel), staticmethod(foreign_kernel)

    def __init__(self, graph: Graph, units: list[Unit], threads: int, outer: "Builder | None" = None):
        self.graph, self.units, self.threads = graph, units, threads
        self.parts = parts_of_a_call(threads)
        self.splits = self.parts > 1
        self.workers = workers_of_a_call(threads)
        self.calls: list = []  # Call, Control, Label
        self.temporaries: list[Buffer] = []
        self.loops: list[tuple[Label, Label]] = []  # first and last position of each
        self.targets: list[Operand | None] = []  # of an inner graph: the operands that its outputs are written to
        self.uses = Counter(id(v) for n in graph.nodes for v in n.inputs)
        self.uses.update(id(v) for v in graph.roots())
        self.read = set(self.uses)
        self.operands: dict[int, Operand] = {}
        self.keep_alive: list[
            Value
        ] = []  # their ids are keys of ``operands``: the id of a freed one could be used again
        self.inner: list[Builder] = []  # of the graphs inside this one
        self.constants: dict[tuple, Buffer] = {}
        self.destination: dict[int, Operand] = {}
        self.node_outputs: dict[int, Operand] = {}
        self.current: Node | None = None
        self.messages: list[Node] = []  # code - 1 -> node whose check failed
        self.unit_of = {n.id: u for u in units for n in u.own}
        self.carried: list[tuple[Value, Value, Operand]] = []  # see ``inside``
        self.outer, self.collectives_seen = outer, False
        self.unfinished: list[tuple] = []  # of overlapping nodes, see ``finish_later``
        self.at_end: list[Callable[[], None]] = []  # emit the last calls
        self.shared: dict[int, int] = {}  # id of a collective -> where its inputs lie in memory that ranks share
        self.buckets: dict[int, Operand] = {}  # id of the first input -> where the inputs of a collective are written
        if outer is None:
            self.status = self.fixed(np.zeros(8, np.int64), "status")
            self._leaves()
        else:
            self.status, self.messages, self.constants = outer.status, outer.messages, outer.constants
            self.calls, self.temporaries, self.loops = outer.calls, outer.temporaries, outer.loops

    # ------------------------------------------------------------ memory
    def fixed(self, array: np.ndarray, label: str) -> Operand:
        """An array that lives as long as the executable."""
        buffer = Buffer("fixed", array.nbytes, array=array, label=label)
        return Operand(buffer, 0, array.shape, dense_strides(array.shape), BY_NAME[array.dtype.name])

    def flat_on(self, array: np.ndarray, dtype: DType, label: str) -> Operand:
        """All of an array of bytes, as values of a type that lie side by side."""
        buffer = Buffer("fixed", array.nbytes, array=array, label=label, in_parts=True)
        return Operand(buffer, 0, (array.nbytes // dtype.itemsize,), (1,), dtype)

    def _leaves(self) -> None:
        for k, v in enumerate(self.graph.inputs):
            self._leaf(v, Buffer("input", v.size * v.dtype.itemsize, index=k))
        count = len(self.graph.inputs)
        for k, (_, v) in enumerate(self.graph.captures):
            self._leaf(v, Buffer("input", v.size * v.dtype.itemsize, index=count + k))
        for p, v in self.graph.parameters:
            self._leaf(v, Buffer("fixed", v.size * v.dtype.itemsize, array=p._array(), label=p.name))

    def _leaf(self, v: Value, buffer: Buffer) -> None:
        self.operands[id(v)] = Operand(buffer, 0, v.shape, dense_strides(v.shape), v.dtype)

    def temp(self, shape, dtype: DType) -> Operand:
        """Scratch memory of this step."""
        shape = tuple(shape)
        n = math.prod(shape)
        buffer = Buffer("temporary", max(n * dtype.itemsize, ALIGN))
        self.temporaries.append(buffer)
        return Operand(buffer, 0, shape, dense_strides(shape), dtype)

    def place(self, v: Value) -> Operand:
        """Memory for a result: where the caller or a Parameter wants it, or a temporary."""
        operand = self.operands.get(id(v))
        if operand is None:
            operand = self.destination.get(id(v)) or self.temp(v.shape, v.dtype)
            self.operands[id(v)] = operand
            self.keep_alive.append(v)
        return operand

    def output(self, node: Node, k: int = 0) -> Operand:
        """The (dense) memory of output ``k`` of a library node."""
        return self.place(node.outs[k])

    def operand(self, v: Value) -> Operand:
        """The memory of ``v``, possibly strided."""
        found = self.operands.get(id(v))
        if found is None:
            found = self.operands[id(v)] = self._resolve(v)
            self.keep_alive.append(v)
        return found

    def _resolve(self, v: Value) -> Operand:
        if v.kind == "constant":
            return self._constant(v)
        node = v.node
        if node is None:
            raise AssertionError(f"{v} has no memory")
        if node.op.kind == "index":
            return Operand(None, 0, v.shape, dense_strides(v.shape), v.dtype)
        if node.op.kind != "view":
            raise AssertionError(f"{node} is used before it is computed")
        source = self.operand(node.inputs[0])
        found = node.op.strides(source.strides, source.shape, **node.attrs)
        if found is None:
            source = self.dense(node.inputs[0])
            found = node.op.strides(source.strides, source.shape, **node.attrs)
        offset, strides = found
        return Operand(source.buffer, source.offset + offset, v.shape, strides, v.dtype)

    def _constant(self, v: Value) -> Operand:
        data = np.ascontiguousarray(v.data)
        key = (data.tobytes(), data.dtype.name) if data.nbytes <= 64 else (id(v.data), data.dtype.name)
        buffer = self.constants.get(key)
        if buffer is None:
            buffer = self.constants[key] = Buffer("fixed", data.nbytes, array=data.copy(), label="constant")
        return Operand(buffer, 0, v.shape, dense_strides(v.shape), v.dtype)

    def dense(self, v: Value) -> Operand:
        """The memory of ``v`` as a contiguous operand; copied if it is strided."""
        operand = self.operand(v)
        if operand.is_dense:
            return operand
        made = self.temp(v.shape, v.dtype)
        self.copy(operand, made)
        if v.node is not None and v.node.op.kind in ("view", "index"):
            self.operands[id(v)] = made
            self.keep_alive.append(v)
        return made

    # ------------------------------------------------------------ several values in one piece of memory
    def side_by_side(self, values) -> Operand:
        """``values``, of one type, flat and one after the other.  What makes them writes there, where it can."""
        whole_of = self.buckets.get(id(values[0]))
        if whole_of is None and len(values) == 1:
            found = self.dense(values[0])
            return found.reshaped((found.size,))
        whole_of = whole_of or self.bucket(values)
        for v, place in zip(values, parts(whole_of, values)):
            made = self.operand(v)
            if not (made.buffer is place.buffer and made.offset == place.offset and made.is_dense):
                self.copy(made, place)
        return whole_of

    def outputs_side_by_side(self, node: Node, made: Operand | None = None) -> Operand:
        """The memory of all outputs of a library node, flat and one after the other; ``made``, if it is given."""
        if made is None and len(node.outs) == 1:
            found = self.output(node)
            return found.reshaped((found.size,))
        made = made or self.bucket(node.outs)
        self.lie_in(node.outs, made)
        return made

    def lie_in(self, values, made: Operand) -> None:
        """``values`` are what lies side by side in ``made``."""
        for v, place in zip(values, parts(made, values)):
            self.operands[id(v)] = place
            self.keep_alive.append(v)

    def bucket(self, values) -> Operand:
        """Scratch memory for ``values``, side by side."""
        made = self.temp((sum(v.size for v in values),), values[0].dtype)
        assert made.buffer is not None
        made.buffer.in_parts = True
        return made

    def _choose_buckets(self) -> None:
        """The values that make up several inputs of one collective are written into one buffer, side by side."""
        for node in [n for n in self.graph.nodes if n.op.ordered]:
            bucket = node.op.bucket(self, node)
            if bucket is None:
                continue
            self.buckets[id(node.inputs[0])] = bucket
            for v, place in zip(node.inputs, parts(bucket, node.inputs)):
                made = reshape_source(v)
                plain = made.node is not None and made.node.op.kind not in ("view", "index")
                if plain and not made.node.op.ordered and id(made) not in self.destination:
                    self.destination[id(made)] = place.reshaped(made.shape)

    # ------------------------------------------------------------ calls
    def storage(self, dtype: DType) -> str:
        """The name that a kernel's type variable is bound to."""
        return dtype.name

    def code(self, node: Node) -> int:
        """The error code by which a kernel reports that this node's check failed."""
        self.messages.append(node)
        return len(self.messages)

    def call(
        self, source: KernelSource, node: Node | None, arguments, extent: int, writes=(), split=True, cost=None
    ) -> None:
        """One kernel call; ``writes`` are the operands among ``arguments`` that it changes."""
        if extent <= 0:
            return
        written = list(writes) or [o for o in arguments if isinstance(o, Operand) and node is not None and o.buffer is not None
                                   and any(o.buffer is self.operands[id(v)].buffer for v in node.outs if id(v) in self.operands)]  # fmt: skip
        if cost is None:
            cost = sum(o.size for o in written)
        reads = [o for o in arguments if isinstance(o, Operand)]
        touched = [o for o in written if o.buffer is not None]
        self.calls.append(
            Call(source, list(arguments), extent, split and extent > 1 and cost >= SPLIT_COST and self.splits,
                 reads, touched, [node] if node is not None else [])
        )  # fmt: skip

    def copy(self, source: Operand, target: Operand, like: Node | None = None) -> None:
        """``target[...] = source``, broadcast; ``like``: the node that it is done for."""
        value = Value(target.shape, source.dtype, kind="input")
        where = (None, "") if like is None else (like.location, like.scope)
        node = Node(REGISTRY["identity"], (value,), {}, [(target.shape, target.dtype)], *where)
        lead = len(target.shape) - len(source.shape)
        strides = (0,) * lead + tuple(
            0 if d == 1 and n != 1 else s for d, s, n in zip(source.shape, source.strides, target.shape[lead:])
        )
        seen = Operand(source.buffer, source.offset, target.shape, strides, source.dtype)
        self._fused(Unit(-1, [node], target.shape, None, levels={id(node.outs[0]): 0}),
                    lambda v: seen, {id(node.outs[0]): target})  # fmt: skip

    def compute(self, sources: list[Operand], expression, target: Operand) -> None:
        """``target[...] = expression(sources)``, all of one shape; ``expression`` makes elementwise nodes of values."""
        leaves = [Value(o.shape, o.dtype, kind="input") for o in sources]
        at = {id(v): o for v, o in zip(leaves, sources)}
        result = expression(leaves)
        if result.node is None:
            return self.copy(at[id(result)], target)
        nodes: dict[int, Node] = {}
        stack = [result.node]
        while stack:
            node = stack.pop()
            nodes[node.id] = node
            stack += [v.node for v in node.inputs if v.node is not None]
        inside = [nodes[k] for k in sorted(nodes)]
        self._fused(Unit(-1, inside, target.shape, None, levels={id(n.outs[0]): 0 for n in inside}),
                    lambda v: at[id(v)], {id(result): target})  # fmt: skip

    def fill(self, target: Operand, number) -> None:
        """``target[...] = number``."""
        value = Value((), target.dtype, data=np.asarray(number, target.dtype.np), kind="constant")
        self.copy(self._constant(value), target)

    def _fused(self, unit: Unit, operand_of, outputs) -> None:
        made = generate(unit, operand_of, outputs, self.splits)
        self.calls.append(
            Call(made.source, made.arguments, made.extent,
                 made.extent > 1 and made.cost >= SPLIT_COST and self.splits, made.reads, made.writes, unit.nodes,
                 notes=made.notes)
        )  # fmt: skip

    # ------------------------------------------------------------ the whole graph
    def run(self) -> list[Call]:
        self._choose_destinations()
        needed = self._needed_outside()
        for unit in self.units:
            self._finish_what_is_read(unit)
            self._unit(unit, needed)
            for _, progress, *_ in self.unfinished if not unit.nodes[0].ordered else ():
                progress()
        self._finish_nodes(self.unfinished)
        self._finish()
        for emit in self.at_end:
            emit()
        return self.calls

    def _unit(self, unit: Unit, needed: set[int]) -> None:
        if unit.space is None:
            node = unit.nodes[0]
            if all(v.size == 0 for v in node.outs) and not node.may_raise:
                for v in node.outs:
                    self.place(v)
            else:
                (LOWERING.get(node.op.name) or node.op.lower)(self, node)
            return
        values = [n.outs[0] for n in unit.own if id(n.outs[0]) in needed]
        values += [v for v in needs_storage(unit) if id(v) not in needed]
        sources = {id(v): v for n in unit.nodes for v in n.inputs}
        inside = {id(n.outs[0]) for n in unit.nodes}
        for key, v in sources.items():  # views that need a copy are copied before the call
            if key not in inside:
                self.operand(v)
        if 0 in unit.space:
            self._without_elements(unit)
            return
        self._fused(unit, self.operand, {id(v): self.place(v) for v in values})

    def _without_elements(self, unit: Unit) -> None:
        """A unit whose loops have no turn: its reductions are what they begin with, and the rest follows from them."""
        for node in unit.nodes:
            v = node.outs[0]
            target = self.place(v)
            if not v.size:
                continue
            if node.op.kind == "reduction" and not node.inputs[0].size:
                self.fill(target, _beginning(node.op.start, v.dtype))
            else:
                self._fused(Unit(-1, [node], v.shape, None, levels={id(v): 0}), self.operand, {id(v): target})

    # ------------------------------------------------------------ nodes that overlap with what follows
    def finish_later(
        self, node: Node, progress: Callable[[], None], stages: list[Callable[[], None]], together: bool
    ) -> None:
        """The node has begun.  ``progress`` is emitted between the units that follow; ``stages``, in order, before the first
        that reads its outputs, or those of another of the nodes that are finished ``together``, stage by stage."""
        self.unfinished.append((node, progress, stages, together))

    def _finish_what_is_read(self, unit: Unit) -> None:
        if not self.unfinished:
            return
        if unit.id in self.overwriting:  # a message may still be read from there, or fail
            return self._finish_nodes(self.unfinished)
        read = {id(view_source(v)) for n in unit.nodes for v in n.inputs}
        now = [u for u in self.unfinished if any(id(v) in read for v in u[0].outs)]
        if any(together for *_, together in now):
            now = [u for u in self.unfinished if u in now or u[3]]
        self._finish_nodes(now)

    def _finish_nodes(self, nodes: list[tuple]) -> None:
        self.unfinished = [u for u in self.unfinished if u not in nodes]
        for k in range(max((len(stages) for _, _, stages, _ in nodes), default=0)):
            for _, _, stages, _ in nodes:
                if k < len(stages):
                    stages[k]()

    def _needed_outside(self) -> set[int]:
        """Values of fused units that something outside their unit reads."""
        needed = {id(view_source(v)) for v in self.graph.roots()}
        for node in self.graph.nodes:
            reader = self.unit_of.get(node.id)
            for v in node.inputs:
                source = view_source(v)
                if source.node is None:
                    continue
                repeated = reader is not None and source is v and source.node.id in reader.again
                if node.op.kind == "view" or (self.unit_of.get(source.node.id) is not reader and not repeated):
                    needed.add(id(source))
        for unit in self.units:
            inside = {id(n.outs[0]) for n in unit.nodes}
            again = [n for n in unit.nodes if n.id in unit.again]
            needed |= {id(view_source(v)) for n in again for v in n.inputs if id(v) not in inside}
        return needed

    def _choose_destinations(self) -> None:
        """Decides which results are computed where they are wanted, not in a temporary that is copied at the end.

        An output is computed in the caller's array.  The new value of a Parameter, or of a value that a loop carries, is
        written over the old one under these conditions:

        - The unit that computes it reads each element of the old value for the last time before it writes it: the unit is
          pointwise, or a library op that can work in place.
        - Nothing reads the old value later.
        - No later node can raise, if it is a Parameter: a failing step leaves all Parameters as they were.

        For ``m2 = 0.9 * m + g; w2 = w - 0.1 * m2``, one pointwise unit, both are updated in place.  If the step also
        returns the old ``w``, w2 is computed in a temporary, and ``_finish`` copies it after ``w`` has been copied out.
        """
        self._place_outputs()
        self._choose_buckets()
        self.position = {u.id: k for k, u in enumerate(self.units)}
        self.last_raising = max((k for k, u in enumerate(self.units) if any(n.may_raise for n in u.nodes)), default=-1)
        self.readers = self._readers()
        self.in_place: set[int] = set()
        self.overwriting: set[int] = set()  # ids of units that write over what has been read before
        old_values = {id(p): v for p, v in self.graph.parameters}
        for p, v in self.graph.updates:
            if self._may_overwrite_parameter(v, old_values.get(id(p))) and not self._is_read_through_a_view(p):
                made = reshape_source(v)
                self.destination[id(made)] = _dense(self._storage(p), made)
                self.in_place.add(id(v))
                self.overwriting.add(self.unit_of[made.node.id].id)
        for old, new, place in self.carried:
            if self._may_overwrite_carried(old, new):
                self.overwriting.add(self.unit_of[new.node.id].id)
                place.buffer.ring = 1  # one row in place of two
                place.buffer.parent.nbytes = max(new.size * new.dtype.itemsize, ALIGN)
                self.destination[id(new)] = place
                self.targets = [place if o is new else t for o, t in zip(self.graph.outputs, self.targets)]
        place_parts(self)

    def _place_outputs(self) -> None:
        if not self.targets:
            self.targets = [
                _dense(Buffer("output", v.size * v.dtype.itemsize, index=k), v)
                for k, v in enumerate(self.graph.outputs)
            ]
        for target, v in zip(self.targets, self.graph.outputs):
            made = reshape_source(v)
            computed = made.node is not None and made.node.op.kind not in ("view", "index")
            if computed and target is not None and target.is_dense and id(made) not in self.destination:
                self.destination[id(made)] = target if made is v else target.reshaped(made.shape)

    def _may_overwrite_parameter(self, new: Value, old: Value | None) -> bool:
        """``old``: the Parameter's value at the start, None if the graph does not read it."""
        made = reshape_source(new)
        unit = self.unit_of.get(made.node.id) if made.node is not None else None
        if unit is None or id(made) in self.destination or self.position[unit.id] <= self.last_raising:
            return False
        in_place = self._overwrites(made.node, old) if unit.space is None else made is new and is_pointwise(unit, new)
        return in_place and (old is None or self._only_read_before(old, unit))

    def _is_read_through_a_view(self, parameter) -> bool:
        """Whether the graph also reads a Tensor from outside that shares the memory of the Parameter."""
        memory = parameter._array()
        return any(np.may_share_memory(memory, tensor._array()) for tensor, _ in self.graph.captures)

    def _is_of_an_update(self, v: Value) -> bool:
        """Whether ``v`` lies in a Tensor from outside that shares the memory of a Parameter that changes."""
        source = view_source(v).source
        return source is not None and any(
            np.may_share_memory(p._array(), source._array()) for p, _ in self.graph.updates
        )

    def _may_overwrite_carried(self, old: Value, new: Value) -> bool:
        unit = self.unit_of.get(new.node.id) if new.node is not None else None
        if unit is None or not is_pointwise(unit, new) or sum(v is new for v in self.graph.outputs) > 1:
            return False
        return self._only_read_before(old, unit)

    @staticmethod
    def _overwrites(node: Node, old: Value | None) -> bool:
        """Whether a library node can change ``old`` in place: its first input, which it reads nowhere else."""
        first, *others = node.inputs
        return node.op.in_place and reshape_source(first) is old and all(view_source(v) is not old for v in others)

    def _storage(self, p) -> Buffer:
        for q, v in self.graph.parameters:
            if q is p:
                buffer = self.operands[id(v)].buffer
                assert buffer is not None
                return buffer
        array = p._array()
        return Buffer("fixed", array.nbytes, array=array, label=p.name)

    def _readers(self) -> dict[int, list[tuple]]:
        """id(leaf value) -> [(unit that reads its memory, whether it reads the value itself and not a view)]."""
        found: dict[int, list[tuple]] = {}
        for unit in self.units:
            for node in unit.nodes:
                for v in node.inputs:
                    source = view_source(v)
                    if source.node is None:
                        found.setdefault(id(source), []).append((unit, v is source))
        return found

    def _only_read_before(self, old: Value, unit: Unit) -> bool:
        """Whether all that read ``old`` run before ``unit``, or in it and at the position that it writes."""
        for reader, direct in self.readers.get(id(old), ()):
            if reader is unit:
                if unit.space is not None and (not direct or old.shape != unit.space):
                    return False
            elif self.position[reader.id] > self.position[unit.id]:
                return False
        return not any(view_source(v) is old for v in self.graph.roots())

    def _finish(self) -> None:
        """Copies outputs and updates that could not be computed in place.

        All updates are staged before the first Parameter is written, as one may read the old value of another.
        """
        staged = []
        for target, v in zip(self.targets, self.graph.outputs):
            if target is not None and v.size and not (made := self.operand(v)).is_same_place(target):
                self.copy(made, target)
        for p, v in self.graph.updates:
            if id(v) in self.in_place and self.destination[id(reshape_source(v))].buffer is self._storage_of(p):
                continue
            source = self.operand(v)
            if source.buffer is None or source.buffer.kind == "fixed" or self._is_of_an_update(v):
                # it may be another Parameter that changes too
                source = self.temp(v.shape, v.dtype)
                self.copy(self.operand(v), source)
            staged.append((source, p, v))
        for source, p, v in staged:
            storage = self._storage(p)
            if v.size:
                self.copy(source, Operand(storage, 0, v.shape, dense_strides(v.shape), v.dtype))
        owned = {id(p._data) for p, _ in self.graph.updates}
        for call in self.calls:
            if isinstance(call, Call):
                call.commits = any(o.buffer.kind == "fixed" and id(o.buffer.array) in owned for o in call.writes)

    def _storage_of(self, p) -> Buffer | None:
        for q, v in self.graph.parameters:
            if q is p:
                return self.operands[id(v)].buffer
        for operand in self.destination.values():
            if operand.buffer is not None and operand.buffer.array is p._data:
                return operand.buffer
        return None

    # ------------------------------------------------------------ graphs inside the graph
    def inside(self, graph: Graph, operands, targets, carried=()) -> None:
        """The calls of an inner graph: inputs lie at ``operands``, each output goes to its target (None: not needed).

        ``carried``: (input, output, operand of the input) of values that may be changed in place.
        """
        wanted = [(v, t) for v, t in zip(graph.outputs, targets) if t is not None]
        graph = optimise(replace(graph, outputs=tuple(v for v, _ in wanted)))
        made = Builder(graph, fuse(graph), self.threads, self)
        made.targets = [t for _, t in wanted]
        now = {id(t): v for t, v in zip(made.targets, graph.outputs)}
        made.carried = [(old, now[id(t)], place) for old, t, place in carried if id(t) in now]
        for v, operand in zip(graph.inputs, operands):
            made.operands[id(v)] = operand
        made.keep_alive += graph.inputs
        made.run()
        self.inner.append(made)

    # ------------------------------------------------------------ what some library ops share
    def matmul(self, node: Node, emit, batch, m: int, n: int, k: int, columns: bool = False) -> None:
        """Strided matrix products: each operand's rows or columns must be contiguous, else it is copied.

        ``emit`` makes the call (``emit_product`` of ops/products.py); ``columns``: the right one's rows must be.
        """
        x, y = (self.matrix(v) for v in node.inputs)
        if columns and y.strides[-1] != 1:
            y = self.dense(node.inputs[1])
        out = self.output(node)
        if k == 0:
            return self.fill(out, 0)
        (ox, ix, inner), (oy, iy, inner_y) = self._batch(x, batch), self._batch(y, batch)
        if inner is None or inner != inner_y:
            x, y = (self.dense(v) for v in node.inputs)
            (ox, ix, inner), (oy, iy, _) = self._batch(x, batch), self._batch(y, batch)
        row, column = x.strides[-2:]
        strides = (max(row, k) if m == 1 else row, column), y.strides[-2:]
        emit(self, node, x, y, out, (m, n, k), *strides, (inner, ox, ix, oy, iy), math.prod(batch))

    def matrix(self, v: Value) -> Operand:
        """``v`` with contiguous rows or columns, copied if it has neither."""
        o = self.operand(v)
        rows, columns = o.shape[-2:]
        row, column = o.strides[-2:]
        row = columns if rows == 1 else row
        column = 1 if columns == 1 and row >= 1 else column
        good = (column == 1 and row >= columns) or (row == 1 and column >= rows) or (rows == 1 and column == 1)
        if o.is_index or not good or any(s < 0 for s in o.strides):
            return self.dense(v)
        return Operand(o.buffer, o.offset, o.shape, (*o.strides[:-2], row, column), o.dtype)

    @staticmethod
    def _batch(o: Operand, batch):
        """(outer stride, inner stride, inner count) of two loops over the batch axes; count None if they need more loops."""
        sizes: list[int] = []
        steps: list[int] = []
        for d, s in zip(batch, o.strides):
            if d == 1:
                continue
            if sizes and steps[-1] == s * d:
                sizes[-1], steps[-1] = sizes[-1] * d, s
            else:
                sizes.append(d)
                steps.append(s)
        if not sizes:
            return 0, 0, 1
        if len(sizes) == 1:
            return steps[0] * _inner(batch), steps[0], _inner(batch)
        if len(sizes) == 2 and sizes[1] == _inner(batch):
            return steps[0], steps[1], sizes[1]
        return 0, 0, None


def parts(flat: Operand, values) -> list[Operand]:
    """The places of ``values``, one after the other in ``flat``."""
    found, at = [], flat.offset
    for v in values:
        found.append(Operand(flat.buffer, at, v.shape, dense_strides(v.shape), flat.dtype))
        at += v.size
    return found


def _dense(buffer: Buffer, v: Value) -> Operand:
    return Operand(buffer, 0, v.shape, dense_strides(v.shape), v.dtype)


def _inner(batch) -> int:
    """The last batch axis longer than 1."""
    for d in reversed(batch):
        if d != 1:
            return d
    return 1
