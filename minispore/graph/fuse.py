"""Fusion: which nodes share a loop nest.

A unit is a library node, or a group of elementwise nodes and reductions over one iteration space.  A group without
reductions is one loop nest.  A group with reductions has outer axes, which remain, and inner axes, which are reduced:
when the innermost axis is reduced, each outer position runs through several inner loops (softmax, normalisation);
when it remains, rows of accumulators are summed over the other axes (the gradient of a bias).
"""

import math
from dataclasses import dataclass, field

from ..core.ir import Graph, view_source
from ..core.layout import same_shape
from ..core.record import Node, Value
from ..core.sizes import decided
from .epilogues import with_epilogues
from .recompute import Recompute
from .rules_of_reductions import FEW_RESULTS, LONGEST_SERIAL_LOOP
from .unit_order import order

MOST_NODES = 48
MOST_OPERANDS = 20


@dataclass(eq=False)
class Unit:
    id: int
    nodes: list[Node]
    space: tuple[int, ...] | None = None  # None: a library node
    axes: tuple[int, ...] | None = None  # the reduced axes; None: no reductions
    ancestors: int = 0  # the units that this one depends on, as a bit set of ids (those merged into others included)
    users: set["Unit"] = field(default_factory=set)  # the units that read what this one computes
    levels: dict[int, int] = field(default_factory=dict)  # id(Value) -> number of inner loops before it is complete
    again: set[int] = field(default_factory=set)  # ids of nodes of other units that are computed here too
    product: Node | None = None  # whose result the group takes part by part, where its kernel can (see epilogues.py)
    alive: bool = True
    reads: int = 0  # how often its nodes read a value, at most

    @property
    def own(self) -> list[Node]:
        return [n for n in self.nodes if n.id not in self.again] if self.again else self.nodes

    @property
    def is_row(self) -> bool:
        """Whether the innermost axis that is longer than 1 is reduced."""
        long = [a for a, d in enumerate(self.space) if d != 1]  # type: ignore[arg-type]
        return not long or not self.axes or long[-1] in self.axes

    @property
    def outer_shape(self) -> tuple[int, ...]:
        return tuple(1 if a in self.axes else d for a, d in enumerate(self.space))  # type: ignore[arg-type, operator]


@decided
def _is_serial(shape, axes) -> bool:
    """Whether the sums over ``axes`` are long and few."""
    n = math.prod(shape)
    return n // max(1, math.prod(shape[a] for a in axes)) < FEW_RESULTS and n > LONGEST_SERIAL_LOOP


COMPARISONS = {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}
EXTREMES = {"reduce_max", "reduce_min"}


def compared_with_extremes(graph: Graph) -> dict[int, Value]:
    """By id of a comparison node the floats whose own largest or smallest one it finds, as the gradient of ``max`` does.

    Two loops that compute a value may round it differently (``contract`` and ``reassoc``), and none would be equal to the extreme
    then: the loop that compares has to read what the loop that reduces has seen.
    """
    found: dict[int, Value] = {}
    for node in graph.nodes:
        if node.op.name not in COMPARISONS:
            continue
        for x, other in (node.inputs, node.inputs[::-1]):
            maker = view_source(other).node
            if x.dtype.is_float and maker is not None and maker.op.name in EXTREMES and maker.inputs[0] is x:
                found[node.id] = x
    return found


class Fuser:
    def __init__(self, graph: Graph):
        self.graph = graph
        self.compared = compared_with_extremes(graph)
        self.units: list[Unit] = []
        self.unit_of: dict[int, Unit] = {}  # node id -> unit
        self.scalars: Unit | None = None
        self.last_ordered: Unit | None = None

    def run(self) -> list[Unit]:
        for node in self.graph.nodes:
            kind = node.op.kind
            if kind in ("view", "index"):
                continue
            if kind == "library":
                self._place(node, None, self._new(None))
            elif kind == "elementwise":
                self._elementwise(node)
            else:
                self._reduction(node)
        Recompute(self.graph, self).run()
        self._join_updates()
        self._join_reductions()
        return [u for u in self.units if u.alive and u.own]

    # ------------------------------------------------------------ placing
    def _new(self, space, axes=None) -> Unit:
        unit = Unit(len(self.units), [], space, axes)
        self.units.append(unit)
        return unit

    def _producer(self, v: Value) -> Unit | None:
        node = v.node if v.node is None or v.node.op.kind != "view" else view_source(v).node
        return None if node is None else self.unit_of.get(node.id)

    def _place(self, node: Node, level: int | None, unit: Unit) -> None:
        unit.nodes.append(node)
        unit.reads += len(node.inputs)
        self.unit_of[node.id] = unit
        if level is not None:
            unit.levels[id(node.outs[0])] = level
        gained = 0
        producers = self._producers(unit, [node])
        if not node.op.may_be_dropped and node.ordered:
            producers += [] if self.last_ordered is None else [self.last_ordered]
            self.last_ordered = unit
        for producer in producers:
            producer.users.add(unit)
            gained |= producer.ancestors | (1 << producer.id)
        self._gain(unit, gained)

    def _producers(self, unit: Unit, nodes) -> list[Unit]:
        """The other units that ``nodes`` of ``unit`` read."""
        found = [self._producer(v) for node in nodes for v in node.inputs]
        return [p for p in found if p is not None and p is not unit]

    def _gain(self, unit: Unit, gained: int) -> None:
        """``unit`` and what depends on it come to depend on the units in ``gained``, too."""
        changed = [(unit, gained)]
        while changed:
            unit, gained = changed.pop()
            if gained & ~unit.ancestors:
                unit.ancestors |= gained
                changed += [(user, unit.ancestors) for user in unit.users]

    def _may_join(self, node: Node, unit: Unit) -> bool:
        """Whether adding ``node`` to ``unit`` keeps the units acyclic, and the node reads no view of the unit's values."""
        if len(unit.nodes) >= MOST_NODES:
            return False
        for v in node.inputs:
            producer = self._producer(v)
            if producer is None:
                continue
            if producer is unit:
                if view_source(v) is not v:
                    return False
            elif producer.ancestors >> unit.id & 1:
                return False
        return self._has_few_operands(unit, [node])

    def _has_few_operands(self, unit: Unit, more: list[Node]) -> bool:
        """Whether the unit and ``more`` nodes read few arrays from outside of the unit."""
        if unit.reads + sum([len(n.inputs) for n in more]) <= MOST_OPERANDS:
            return True
        nodes = [*unit.nodes, *more]
        inside = {id(n) for n in unit.nodes}
        read = {id(v): v for n in nodes for v in n.inputs if id(v.node) not in inside}
        return len(read) <= MOST_OPERANDS or sum([v.size > 1 for v in read.values()]) <= MOST_OPERANDS

    def _level(self, unit: Unit, v: Value) -> int:
        return unit.levels.get(id(v), 0)

    def _candidates(self, node: Node) -> list[Unit]:
        """Fused units that compute an input of the node, not one seen through a view; the latest first."""
        found: list[Unit] = []
        for v in node.inputs:
            unit = self._producer(v)
            if unit is not None and unit.space is not None and view_source(v) is v and unit not in found:
                found.append(unit)
        return sorted(found, key=lambda u: -u.id)

    # ------------------------------------------------------------ the two kinds of fused nodes
    def _elementwise(self, node: Node) -> None:
        shape = node.outs[0].shape
        joined: Unit | None = None
        for unit in self._candidates(node):
            if not self._fits(node, unit, shape) or self._would_compare(node, unit):
                continue
            if joined is None:
                if self._may_join(node, unit):
                    self._place(node, self._node_level(node, unit), unit)
                    joined = unit
            else:
                joined = self._try_merge(joined, unit)
        if joined is None and shape == () and self.scalars is not None and self.scalars.alive:
            if self._may_join(node, self.scalars):
                joined = self.scalars
                self._place(node, 0, joined)
        if joined is None:
            joined = self._new(shape)
            self._place(node, 0, joined)
            if shape == ():
                self.scalars = joined

    def _would_compare(self, node: Node, unit: Unit) -> bool:
        """Whether the unit computes what ``node`` compares with its extreme: each of its loops would compute it."""
        x = self.compared.get(node.id)
        return x is not None and x.node is not None and self.unit_of.get(x.node.id) is unit

    def _node_level(self, node: Node, unit: Unit) -> int:
        return max((self._level(unit, v) for v in node.inputs), default=0)

    def _fits(self, node: Node, unit: Unit, shape) -> bool:
        if unit.axes is None:
            return same_shape(unit.space, shape)
        if same_shape(shape, unit.space) and shape != unit.outer_shape:
            return unit.is_row or self._node_level(node, unit) == 0
        return same_shape(shape, unit.outer_shape)

    def _reduction(self, node: Node) -> None:
        x = node.inputs[0]
        axes = tuple(a for a in node.attrs["axis"] if x.shape[a] != 1)
        if not axes:  # all reduced axes have length 1: a copy
            unit = self._new(x.shape, ())
            self._place(node, 1, unit)
            return
        for unit in self._candidates(node):
            if not same_shape(unit.space, x.shape) or not self._may_join(node, unit):
                continue
            level = self._level(unit, x)
            if unit.axes is None:
                if _is_serial(x.shape, axes):
                    continue
                if any(not same_shape(out.shape, unit.space) for m in unit.nodes for out in m.outs):
                    continue
                unit.axes = axes
                self._place(node, 1, unit)
                return
            if unit.axes == axes and (unit.is_row or level == 0) and level < 4:
                self._place(node, level + 1, unit)
                return
        unit = self._new(x.shape, axes)
        self._place(node, 1, unit)

    def _try_merge(self, a: Unit, b: Unit) -> Unit:
        """One unit from two of the same space that do not depend on each other through a third; else ``a``."""
        if a is b or not same_shape(a.space, b.space) or a.axes is not None or b.axes is not None or not b.alive:
            return a
        return self._merge(a, b)

    def _merge(self, a: Unit, b: Unit) -> Unit:
        if len(a.nodes) + len(b.nodes) > MOST_NODES:
            return a
        if self._depends_through_another(a, b) or self._depends_through_another(b, a):
            return a
        if not self._has_few_operands(a, b.nodes):
            return a
        if any(view_source(v) is not v and self._producer(v) in (a, b) for n in (*a.nodes, *b.nodes) for v in n.inputs):
            return a
        for n in b.own:
            self.unit_of[n.id] = a
        a.nodes = sorted({n.id: n for n in (*a.nodes, *b.nodes)}.values(), key=lambda n: n.id)
        a.reads += b.reads
        a.again = {n.id for n in a.nodes if self.unit_of[n.id] is not a}
        a.levels.update(b.levels)
        b.alive = False
        bits = 1 << a.id | 1 << b.id
        joint = (a.ancestors | b.ancestors) & ~bits
        a.ancestors = joint
        for producer in self._producers(a, b.nodes):
            producer.users.add(a)
        a.users = (a.users | b.users) - {a, b}
        for user in a.users:
            self._gain(user, joint | 1 << a.id)
        return a

    def _join_updates(self) -> None:
        """One unit from two that update Parameters from one gradient, such as a weight and its moment, where neither reads the other."""
        updates = {id(view_source(v)) for _, v in self.graph.updates}
        first: dict[int, Unit] = {}  # id of a library node's result -> the unit that takes it
        for unit in [u for u in self.units if u.alive and u.space is not None and u.axes is None and not u.users]:
            if not all(id(n.outs[0]) in updates or self._is_read_inside(n, unit) for n in unit.own):
                continue
            gradients = {id(v) for n in unit.nodes for v in n.inputs if self._is_gradient(v, unit)}
            others = [first[key] for key in gradients if key in first]
            if not others or self._try_merge(others[0], unit) is unit or unit.alive:
                first.update((key, unit) for key in gradients)

    def _is_gradient(self, v: Value, unit: Unit) -> bool:
        return v.node is not None and v.node.op.kind == "library" and v.shape == unit.space

    def _is_read_inside(self, node: Node, unit: Unit) -> bool:
        return any(node.outs[0] is v for n in unit.nodes for v in n.inputs)

    def _join_reductions(self) -> None:
        """One unit from two that reduce the same axes of something that both read, such as a layer's gradients of scale and bias."""
        readers: dict[tuple, list[Unit]] = {}
        for b in [u for u in self.units if u.alive and u.axes]:
            keys = {(b.axes, id(v)): None for n in b.nodes for v in n.inputs if same_shape(v.shape, b.space)}
            for a in dict.fromkeys(u for key in keys for u in readers.get(key, ())):
                if a.alive and not (a.ancestors >> b.id & 1 or b.ancestors >> a.id & 1):
                    self._merge(a, b)
                    if not b.alive:
                        b = a
                        break
            for key in keys:
                readers.setdefault(key, []).append(b)

    def has_room(self, unit: Unit, nodes: list[Node]) -> bool:
        """Whether ``nodes`` may be computed in the unit, too."""
        together = {n.id: n for n in (*unit.nodes, *nodes)}
        read = {
            id(v)
            for n in together.values()
            for v in n.inputs
            if v.size > 1 and getattr(v.node, "id", -1) not in together
        }
        return len(together) <= MOST_NODES and len(read) <= MOST_OPERANDS

    def _depends_through_another(self, a: Unit, b: Unit) -> bool:
        """Whether ``b`` depends on ``a`` through a third unit."""
        return any(p is not a and p.ancestors >> a.id & 1 for p in self._producers(b, b.nodes))


def fuse(graph: Graph) -> list[Unit]:
    return with_epilogues(order(Fuser(graph).run(), graph), graph)
