"""Lowering: units in order -> kernel calls on operands.

``Builder`` is also what library ops see: their ``lower(build, node)`` asks it for operands and emits calls.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..core.dtype import DType
from ..core.ir import Graph, view_source
from ..core.kernel import KernelSource
from ..core.op import REGISTRY, extreme_of
from ..core.record import Node, Value, needed_nodes
from ..core.sizes import Size, counted, decided
from .calls import SPLIT_COST, Call, Label, parts_of_a_call, workers_of_a_call
from .chains import chained
from .codegen import generate, needs_storage
from .compile import foreign_kernel, host_kernel
from .destinations import Destinations
from .epilogue_source import Epilogue, epilogue_of, without_product
from .epilogues import pays
from .fuse import Unit, fuse
from .memory import Operand
from .parts import reshape_source
from .passes import optimise
from .placement import Part, Placement
from .turned_tiles import TILE, TYPES
from .written import Written

LOWERING: dict[str, Callable] = {}  # op name -> rule(build, node), for ops whose definition has none


LEAST_APART, OFTEN = 16, 8  # elements of an operand, and times that each is read, for which a copy pays
MANY_ACROSS = 1 << 11  # cache lines that a loop over a reduction passes before the first is due again


def lowering(name: str) -> Callable:
    """Decorates the rule by which ``Builder`` lowers the op ``name``."""

    def register(rule):
        LOWERING[name] = rule
        return rule

    return register


def _is_worth_a_copy(operand: Operand, unit: Unit) -> bool:
    """Whether a loop reads the elements of ``operand`` many times, along which they lie apart, or whole cache lines for each of many.

    (Registers turn the latter where nothing is reduced: turned_tiles.py.)
    """
    if operand.is_index:
        return False
    if unit.axes is None:
        return _is_read_often(operand.shape, operand.strides, unit.space)
    return operand.dtype.name in TYPES and _lies_across(operand.shape, operand.strides, unit.space, unit.axes)


@decided
def _lies_across(shape, strides, space, axes) -> bool:
    """Whether elements side by side are read so far apart in time that their cache line is fetched for each of them."""
    strides = (0,) * (len(space) - len(shape)) + tuple(0 if d == 1 else s for d, s in zip(shape, strides))
    side = [k for k, s in enumerate(strides) if s == 1]
    long = [k for k, d in enumerate(space) if d != 1]
    if not side or long[-1] in side or strides[long[-1]] == 0 or space[side[0]] < TILE:
        return False
    row, k = 1, long[-1]
    while k >= 0 and (space[k] == 1 or strides[k] == strides[long[-1]] * row):  # axes that a loop walks as one
        row, k = row * space[k], k - 1
    order = sorted(long, key=lambda k: (k > max(axes, default=-1), k in axes))  # of the loops
    return row >= TILE and math.prod(space[k] for k in order[order.index(side[0]) + 1 :]) >= MANY_ACROSS


@decided
def _is_read_often(shape, strides, space) -> bool:
    if not shape or shape[-1] != space[-1] or shape[-1] < LEAST_APART or strides[-1] in (0, 1):
        return False
    return math.prod(d for d, s in zip(shape, strides) if s) * OFTEN <= math.prod(space)


def _beginning(start: str, dtype):
    """What a reduction of no elements gives."""
    if start in ("lowest", "highest"):
        return extreme_of(np.dtype(dtype.np), start == "lowest")
    return int(start)


@counted
def _is_split(extent: int, cost: int) -> bool:
    return extent > 1 and cost >= SPLIT_COST


class Builder(Placement):
    """Lowers the units of a graph.  ``outer``: the builder of the graph around it, to whose calls it adds its own."""

    host_kernel, foreign_kernel = staticmethod(host_kernel), staticmethod(foreign_kernel)

    def __init__(self, graph: Graph, units: list[Unit], threads: int, outer: "Builder | None" = None):
        super().__init__(graph, outer)
        self.units, self.threads, self.outer = units, threads, outer
        self.parts = parts_of_a_call(threads)
        self.splits = self.parts > 1
        self.workers = workers_of_a_call(threads)
        self.targets: list[Operand | None] = []  # of an inner graph: the operands that its outputs are written to
        self.uses = Counter(id(v) for n in graph.nodes for v in n.inputs)
        self.uses.update(id(v) for v in graph.roots())
        self.read = set(self.uses)
        self.inner: list[Builder] = []  # of the graphs inside this one
        self.unit_of = {n.id: u for u in units for n in u.own}
        self.carried: list[tuple[Value, Value, Operand]] = []  # see ``inside``
        self.collectives_seen = False
        self.unfinished: list[tuple] = []  # of overlapping nodes, see ``finish_later``
        self.at_end: list[Callable[[], None]] = []  # emit the last calls
        self.shared: dict[int, int] = {}  # id of a collective -> where its inputs lie in memory that ranks share
        self.waiting: Unit | None = None  # a product's, whose elementwise nodes its kernel may take
        self.needed: set[int] = set()  # values of fused units that something outside their unit reads
        if outer is None:
            self.calls: list = []  # Call, Control, Label
            self.loops: list[tuple[Label, Label]] = []  # first and last position of each
            self.messages: list[Node] = []  # code - 1 -> node whose check failed
            self.codes: dict[tuple[int, int], int] = {}  # (id of a node, how many it had before in the part) -> code
            sized = any(type(d) is Size for v in graph.inputs for d in v.shape)
            self.written = None if sized else Written()  # with symbolic sizes to compare two units makes conditions
        else:
            self.calls, self.loops, self.messages, self.codes = outer.calls, outer.loops, outer.messages, outer.codes
            self.written = outer.written

    # ------------------------------------------------------------ calls
    def storage(self, dtype: DType) -> str:
        """The name that a kernel's type variable is bound to."""
        return dtype.name

    def code(self, node: Node) -> int:
        """The error code by which a kernel reports that this node's check failed."""
        count = self.of_part.count_of(node) if self.of_part is not None else 0
        if self.of_part is None or (id(node), count) not in self.codes:
            self.messages.append(node)
            self.codes[id(node), count] = len(self.messages)
        return self.codes[id(node), count]

    def call(
        self,
        source: KernelSource,
        node: Node | None,
        arguments,
        extent: int,
        writes=(),
        split=True,
        cost=None,
        items=None,
        then: Epilogue | None = None,
    ) -> None:
        """One kernel call; ``writes`` are the operands among ``arguments`` that it changes; ``items``: ``calls.Items``.

        ``then``: what the kernel calls for the parts of its result; its last two parameters say where the arguments begin and
        how many there are.
        """
        if extent <= 0:
            return
        written = list(writes)
        if not written and node is not None:
            memory = [o.buffer for o in map(self.known, node.outs) if o is not None and o.buffer is not None]
            written = [o for o in arguments if isinstance(o, Operand) and any(o.buffer is b for b in memory)]
        if cost is None:
            cost = sum(o.size for o in written)
        reads = [o for o in arguments if isinstance(o, Operand)]
        touched = [o for o in written if o.buffer is not None]
        call = Call(source, list(arguments), extent, self.splits and split and _is_split(extent, cost),
                    reads, touched, [node] if node is not None else [], items=items)  # fmt: skip
        if then is not None:
            self._add_epilogue(call, then)
        self.calls.append(call)

    def _add_epilogue(self, call: Call, then: Epilogue) -> None:
        call.then = then.source
        call.arguments += [0, *then.arguments]  # the first is the address
        call.reads += then.reads
        call.writes += then.writes
        call.nodes += then.nodes
        if call.items is not None:
            call.items.steps.update(then.steps)

    def epilogue(self, node: Node) -> Epilogue | None:
        """What the kernel of the product ``node`` shall call for the parts of its result; a kernel that can asks, and then has to."""
        unit, self.waiting = self.waiting, None
        if unit is None or unit.product is not node or not pays(node):
            self.waiting = unit
            return None
        rest = without_product(unit)
        found = epilogue_of(rest, node.outs[0], self.operand, self._results(rest))
        if found is None:
            self.waiting = unit
        return found

    def has_epilogue(self, node: Node) -> bool:
        """Whether something waits for the parts of the result of the product ``node``, if its kernel can hand them over."""
        return self.waiting is not None and self.waiting.product is node and pays(node)

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

    def copied_before_its_reshape(self, v: Value, place: Callable[[], Operand], like: Node | None = None) -> bool:
        """Copies ``v``, a reshaped form of what does not lie densely, in the form that this has: once in place of twice."""
        given = reshape_source(v)
        if given is v or v.size == 0 or self.known(v) is not None:
            return False
        source = self.operand(given)
        if source.is_dense or source.is_index:
            return False
        target = place()
        if target.dtype is source.dtype and target.is_dense:
            self.copy(source, target.reshaped(source.shape), like)
            return True
        return False

    def compute(self, sources: list[Operand], expression, target: Operand) -> None:
        """``target[...] = expression(sources)``, all of one shape; ``expression`` makes elementwise nodes of values."""
        leaves = [Value(o.shape, o.dtype, kind="input") for o in sources]
        at = {id(v): o for v, o in zip(leaves, sources)}
        result = expression(leaves)
        if result.node is None:
            return self.copy(at[id(result)], target)
        nodes = needed_nodes([result])
        inside = [nodes[k] for k in sorted(nodes)]
        self._fused(Unit(-1, inside, target.shape, None, levels={id(n.outs[0]): 0 for n in inside}),
                    lambda v: at[id(v)], {id(result): target})  # fmt: skip

    def fill(self, target: Operand, number) -> None:
        """``target[...] = number``."""
        value = Value((), target.dtype, data=np.asarray(number, target.dtype.np), kind="constant")
        self.copy(self._constant(value), target)

    def _fused(self, unit: Unit, operand_of, outputs) -> None:
        written = self.written.call if self.written is not None else generate
        made = written(unit, operand_of, outputs, self.splits)
        self.calls.append(
            Call(made.source, made.arguments, made.extent,
                 self.splits and _is_split(made.extent, made.cost), made.reads, made.writes, unit.nodes,
                 notes=made.notes, items=made.items)
        )  # fmt: skip

    # ------------------------------------------------------------ the whole graph
    def run(self) -> list:
        self.begin()
        for unit in self.units:
            self._finish_what_is_read(unit)
            self._unit(unit)
            for _, progress, *_ in self.unfinished if not unit.nodes[0].ordered else ():
                progress()
        self._finish_nodes(self.unfinished)
        self.destinations.copy_the_rest()
        if self.outer is None:
            self.destinations.mark_commits()
        for emit in self.at_end:
            emit()
        if self.outer is None:
            self.calls = chained(self.calls, self.threads, self.parts)
        return self.calls

    def begin(self) -> None:
        """What comes before all units."""
        self.destinations = Destinations(self)
        self.needed = self._needed_outside()

    def part(self, number: int, known: dict[int, Operand]) -> "Part":
        """What one unit becomes, or after the last what remains; ``known``: ``operands`` after what is before it."""
        self.operands, self.of_part = known, Part()
        self.views = {}  # where a view lies follows from sizes: each part has to ask about them itself
        self.calls, self.temporaries, self.loops = self.of_part.calls, self.of_part.temporaries, self.of_part.loops
        try:
            if number < len(self.units):
                self._unit(self.units[number])
            else:
                self.destinations.copy_the_rest()
            self.destinations.mark_commits()
            if self.unfinished or self.at_end:
                raise NotImplementedError("what overlaps with other units is no part of its own")
            return self.of_part
        finally:
            self.of_part = None

    def keep_places(self, number: int) -> None:
        """What a unit reads and writes lies at the same places, whatever sizes its part is for."""
        for node in self.units[number].nodes if number < len(self.units) else ():
            for v in node.outs:
                self.keep(v, is_copy=False)
            for v in node.inputs:
                if v.node is not None and v.node.op.kind == "view":
                    self.keep(v, is_copy=True)

    def _unit(self, unit: Unit) -> None:
        if unit.product is not None:
            self.waiting = unit
            self._library(unit.product)
            if self.waiting is not None:  # its kernel does not call others: the result is stored, and read again
                self.waiting = None
                self._fused_unit(without_product(unit))
        elif unit.space is None:
            self._library(unit.nodes[0])
        else:
            self._fused_unit(unit)

    def _library(self, node: Node) -> None:
        if all(v.size == 0 for v in node.outs) and not node.may_raise:
            for v in node.outs:
                self.place(v)
        else:
            (LOWERING.get(node.op.name) or node.op.lower)(self, node)

    def _fused_unit(self, unit: Unit) -> None:
        node = unit.nodes[0]
        if len(unit.nodes) == 1 and node.op.name == "identity":
            if self.copied_before_its_reshape(node.inputs[0], lambda: self.place(node.outs[0]), node):
                return
        sources = {id(v): v for n in unit.nodes for v in n.inputs}
        inside = {id(n.outs[0]) for n in unit.nodes}
        for key, v in sources.items():  # views that need a copy are copied before the call
            if key not in inside and _is_worth_a_copy(self.operand(v), unit):
                self.dense(v)
        if 0 in unit.space:  # type: ignore[operator]
            self._without_elements(unit)
            return
        self._fused(unit, self.operand, self._results(unit))

    def _results(self, unit: Unit) -> dict[int, Operand]:
        """The memory of what a unit stores."""
        values = [n.outs[0] for n in unit.own if id(n.outs[0]) in self.needed]
        values += [v for v in needs_storage(unit) if id(v) not in self.needed]
        return {id(v): self.place(v) for v in values}

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
        if unit.id in self.destinations.overwriting:  # a message may still be read from there, or fail
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
