"""Values that units compute again in place of reading them from memory.

Normalisation subtracts a mean, and the gradient needs the difference again. Stored, it is written once and read once, as large as the
input; computed again, the input is read in its place. A node is then in several units: one to which it belongs, and those
that list it in ``again``. What is worth it: a few cheap operations on what is in memory anyway, if that moves fewer bytes
and keeps no more of them alive. Nothing depends on the sizes of axes, so another batch has the same kernels.
"""

import re
from functools import cache

from ..core.ir import Graph, view_source
from ..core.layout import same_shape
from ..core.record import Node, Value

MOST = 6  # nodes: a value that takes more is stored
STORE = 2  # a store costs as much as this many loads: the cache line is fetched first
CHEAP = {"maximum", "minimum", "where", "fabs", "sign"}


@cache
def is_cheap(expression: str) -> bool:
    """Whether it takes a few instructions without a call."""
    return set(re.findall(r"(\w+)\(", expression)) <= CHEAP


def _width(v: Value) -> int:
    return v.dtype.itemsize


def _may_repeat(node: Node) -> bool:
    return node.op.kind == "elementwise" and node.op.types != "bits" and is_cheap(node.op.expression)


class Recompute:
    def __init__(self, graph: Graph, fuser):
        self.fuser = fuser
        self.roots = {id(view_source(v)) for v in graph.roots()}
        self.users: dict[int, list[Node]] = {}  # id(Value) -> nodes that read it or a view of it
        self.viewed: set[int] = set()  # ids of values that are read through a view, and so must be in memory
        for node in graph.nodes:
            for v in dict.fromkeys(node.inputs):
                source = view_source(v)
                self.users.setdefault(id(source), []).append(node)
                if source is not v or node.op.kind == "view":
                    self.viewed.add(id(source))
        self.compared = {id(v) for v in fuser.compared.values()}
        self.last = {key: max(n.id for n in nodes) for key, nodes in self.users.items()}

    def run(self) -> None:
        for unit in [u for u in self.fuser.units if u.alive and u.space is not None]:
            for node in list(unit.nodes):
                if node.id not in unit.again and same_shape(node.outs[0].shape, unit.space):
                    self._value(unit, node)

    def _value(self, unit, node: Node) -> None:
        """Moves the computation of a value to those that read it, if that is better."""
        v = node.outs[0]
        if id(v) in self.roots or id(v) in self.viewed or id(v) in self.compared or not _may_repeat(node):
            return
        readers = [n for n in self.users.get(id(v), ()) if not self._inside(n, unit)]
        units = list(dict.fromkeys(self.fuser.unit_of[n.id] for n in readers))
        if not units or any(not same_shape(u.space, v.shape) for u in units):
            return
        needed = self._needed(unit, node)
        if needed is None:
            return
        nodes, leaves = needed
        moves = not any(n is not node and v in n.inputs for n in unit.nodes)
        kept = sum(_width(x) for x in leaves if not self._alive(x, min(n.id for n in readers)))
        if not self._moves_fewer_bytes(unit, node, units, leaves, moves) or kept > _width(v):
            return
        if not all(self.fuser.has_room(u, nodes) for u in units):
            return
        for u in units:
            new = [n for n in nodes if n.id not in u.again]
            u.nodes = sorted(u.nodes + new, key=lambda n: n.id)
            u.reads += sum(len(n.inputs) for n in new)
            u.again |= {n.id for n in new}
            u.levels.update({id(n.outs[0]): 0 for n in new})
        for x in map(view_source, leaves):
            self.last[id(x)] = max(self.last[id(x)], max(n.id for n in readers))
        if moves:
            unit.nodes.remove(node)
            units[0].again.discard(node.id)
            self.fuser.unit_of[node.id] = units[0]

    def _moves_fewer_bytes(self, unit, node: Node, units, leaves, moves: bool) -> bool:
        """Whether to compute the value again in ``units`` reads and writes fewer bytes an element.

        ``moves``: nothing else in ``unit`` reads the value, so that what only ``node`` reads is not read there any more.
        For ``y = x - mean`` in float32, read by two units that read ``x`` too: without it 4 * (2 + 2) bytes, with it none.
        """
        before = _width(node.outs[0]) * (STORE + len(units))
        if moves:
            others = {id(x) for n in unit.nodes if n is not node for x in n.inputs}
            before += sum(_width(x) for x in leaves if x in node.inputs and id(x) not in others)
        after = sum(_width(x) for u in units for x in leaves if not self._reads(u, x))
        return after < before

    def _inside(self, node: Node, unit) -> bool:
        return self.fuser.unit_of.get(node.id) is unit

    def _needed(self, unit, node: Node) -> tuple[list[Node], list[Value]] | None:
        """(nodes that compute a value, the large values that they read), None if they are too many."""
        nodes: dict[int, Node] = {}
        leaves: dict[int, Value] = {}
        stack = [node]
        while stack:
            n = stack.pop()
            nodes[n.id] = n
            for x in n.inputs:
                maker = x.node
                if (
                    maker is not None
                    and maker.id not in nodes
                    and same_shape(x.shape, unit.space)
                    and maker in unit.nodes
                ):
                    if id(x) in self.compared or not _may_repeat(maker):
                        return None
                    stack.append(maker)
                elif same_shape(x.shape, unit.space) and (maker is None or maker.id not in nodes):
                    leaves[id(x)] = x
            if len(nodes) > MOST:
                return None
        return sorted(nodes.values(), key=lambda n: n.id), list(leaves.values())

    def _reads(self, unit, v: Value) -> bool:
        return any(x is v for n in unit.nodes for x in n.inputs)

    def _alive(self, v: Value, position: int) -> bool:
        """Whether ``v`` is in memory anyway when the node ``position`` runs."""
        source = view_source(v)
        return source.node is None or id(source) in self.roots or self.last[id(source)] >= position
