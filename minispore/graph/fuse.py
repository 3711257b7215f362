"""Fusion: which nodes share a loop nest.

A unit is a library node, or a group of elementwise nodes and reductions over one iteration space.  A group without
reductions is one loop nest.  A group with reductions has outer axes, which remain, and inner axes, which are reduced:
when the innermost axis is reduced, each outer position runs through several inner loops (softmax, normalisation);
when it remains, rows of accumulators are summed over the other axes (the gradient of a bias).
"""

import heapq
import math
from dataclasses import dataclass, field

from ..core.ir import Graph, view_source
from ..core.record import Node, Value
from ..core.sizes import decided
from ..flow.control import Control
from .passes import FEW_RESULTS, LONGEST_SERIAL_LOOP
from .recompute import Recompute

MOST_NODES = 48
MOST_OPERANDS = 20
LARGE_UPDATE = 1 << 18  # bytes of a Parameter whose update does not wait for the end of the step


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
    alive: bool = True

    @property
    def own(self) -> list[Node]:
        return [n for n in self.nodes if n.id not in self.again]

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


class Fuser:
    def __init__(self, graph: Graph):
        self.graph = graph
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
        self._join_reductions()
        return [u for u in self.units if u.alive and u.own]

    # ------------------------------------------------------------ placing
    def _new(self, space, axes=None) -> Unit:
        unit = Unit(len(self.units), [], space, axes)
        self.units.append(unit)
        return unit

    def _producer(self, v: Value) -> Unit | None:
        v = view_source(v)
        return self.unit_of.get(v.node.id) if v.node is not None else None

    def _place(self, node: Node, level: int | None, unit: Unit) -> None:
        unit.nodes.append(node)
        self.unit_of[node.id] = unit
        if level is not None:
            unit.levels[id(node.outs[0])] = level
        gained = 0
        producers = self._producers(unit, [node])
        if node.ordered:
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
        nodes = [*unit.nodes, *more]
        if sum([len(n.inputs) for n in nodes]) <= MOST_OPERANDS:
            return True
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
            if not self._fits(node, unit, shape):
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

    def _node_level(self, node: Node, unit: Unit) -> int:
        return max((self._level(unit, v) for v in node.inputs), default=0)

    def _fits(self, node: Node, unit: Unit, shape) -> bool:
        if unit.axes is None:
            return unit.space == shape
        if shape == unit.space and shape != unit.outer_shape:
            return unit.is_row or self._node_level(node, unit) == 0
        return shape == unit.outer_shape

    def _reduction(self, node: Node) -> None:
        x = node.inputs[0]
        axes = tuple(a for a in node.attrs["axis"] if x.shape[a] != 1)
        if not axes:  # all reduced axes have length 1: a copy
            unit = self._new(x.shape, ())
            self._place(node, 1, unit)
            return
        for unit in self._candidates(node):
            if unit.space != x.shape or not self._may_join(node, unit):
                continue
            level = self._level(unit, x)
            if unit.axes is None:
                if _is_serial(x.shape, axes):
                    continue
                if any(out.shape != unit.space for m in unit.nodes for out in m.outs):
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
        if a is b or a.space != b.space or a.axes is not None or b.axes is not None or not b.alive:
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

    def _join_reductions(self) -> None:
        """One unit from two that reduce the same axes of something that both read, such as a layer's gradients of scale and bias."""
        readers: dict[tuple, list[Unit]] = {}
        for b in [u for u in self.units if u.alive and u.axes]:
            keys = {(b.axes, id(v)): None for n in b.nodes for v in n.inputs if v.shape == b.space}
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


def _dependencies(units: list[Unit]) -> dict[int, set[int]]:
    """{id of a unit: ids of the units that run before it}: those whose results it reads; collectives stay in order."""
    unit_of = {n.id: u for u in units for n in u.own}
    found: dict[int, set[int]] = {u.id: set() for u in units}
    for u in units:
        for v in [v for n in u.nodes for v in n.inputs]:
            source = view_source(v).node
            computed_again = source is not None and v is source.outs[0] and source.id in u.again
            if source is not None and source.id in unit_of and unit_of[source.id] is not u and not computed_again:
                found[u.id].add(unit_of[source.id].id)
    ordered = [u for u in units if u.nodes[0].ordered]
    for before, after in zip(ordered, ordered[1:]):
        found[after.id].add(before.id)
    return found


def _overwriters(units: list[Unit], graph: Graph, last: set[int]) -> dict[int, set[int]]:
    """{id of a unit that only updates large Parameters: ids of the units that have to run before it}.

    These are the ones that read the old values, and all that may fail, as a step that fails leaves Parameters as they were.
    """
    unit_of = {n.id: u.id for u in units for n in u.own}
    old_values = {id(p): v for p, v in graph.parameters}
    changed: dict[int, list[Value]] = {}  # id of a unit -> the old values that it may write over
    for p, v in graph.updates:
        node = view_source(v).node
        if node is not None and unit_of.get(node.id) in last and v.nbytes >= LARGE_UPDATE:
            changed.setdefault(unit_of[node.id], []).extend([old_values[id(p)]] if id(p) in old_values else [])
    if not changed:
        return {}
    readers: dict[int, set[int]] = {id(v): set() for values in changed.values() for v in values}
    failing: set[int] = set()
    for u in units:
        if any(n.may_raise or n.ordered or isinstance(n.op, Control) for n in u.nodes):
            failing.add(u.id)
        for v in [view_source(v) for n in u.nodes for v in n.inputs]:
            if id(v) in readers:
                readers[id(v)].add(u.id)
    return {k: failing.union(*(readers[id(v)] for v in values)) - {k} for k, values in changed.items()}


def order(units: list[Unit], graph: Graph) -> list[Unit]:
    """A topological order of the units: the original order, with those that only update Parameters last.

    Those of large Parameters run as soon as nothing reads the old values any more: the gradient is in the cache then, and its
    memory serves for the next one.
    """
    waiting = _dependencies(units)
    by_id = {u.id: u for u in units}
    used = set().union(*waiting.values()) if waiting else set()
    updates = {view_source(v).node.id for _, v in graph.updates if view_source(v).node is not None}
    last = {u.id for u in units if u.id not in used and any(n.id in updates for n in u.own)}
    early = _overwriters(units, graph, last)
    key = {u.id: (u.id in last, min(n.id for n in u.own)) for u in units}
    for uid, sources in early.items():
        waiting[uid] |= sources
        key[uid] = False, -1
    for u in units:
        if u.nodes[0].ordered and u.nodes[0].op.overlaps(u.nodes[0].attrs):
            key[u.id] = False, -1  # as soon as it is ready
    users: dict[int, list[int]] = {u.id: [] for u in units}
    for uid, sources in waiting.items():
        for source in sources:
            users[source].append(uid)
    ready = [(key[u.id], u.id) for u in units if not waiting[u.id]]
    heapq.heapify(ready)
    out = []
    while ready:
        _, uid = heapq.heappop(ready)
        out.append(by_id[uid])
        for user in users[uid]:
            waiting[user].discard(uid)
            if not waiting[user]:
                heapq.heappush(ready, (key[user], user))
    if len(out) != len(units):
        raise AssertionError("fusion made a cycle of units")
    return out


def fuse(graph: Graph) -> list[Unit]:
    return order(Fuser(graph).run(), graph)
