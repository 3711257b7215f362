"""Passes: plain functions (Graph, Record) -> Graph, and the walk that applies the rewrite rules."""

import os
from collections import Counter
from collections.abc import Callable
from functools import cache

from ..core.ir import Graph, verify
from ..core.op import Op
from ..core.record import Node, Value, needed_nodes
from ..core.sizes import SizedData
from ..distributed import WORLD
from ..flow.watch import exactly
from . import rules_of_masks, rules_of_products, rules_of_reductions, rules_of_regions  # noqa: F401  (they register their rules)
from .join_collectives import join_collectives, sums_where_they_are_read
from .join_products import join_products
from .rules import ELEMENTWISE, LAST, RULES, if_same_type
from .turned_reductions import turn_reductions

VERIFY = os.environ.get("MINISPORE_VERIFY") == "1"  # check the graph after each pass, as the tests do


class Record:
    """The changes that one pass made, for inspection (see ``optimise``)."""

    def __init__(self, name: str, before: Graph):
        self.name, self.before, self.after = name, before, before
        self.fired: list[tuple[str, Node, Value]] = []  # (rule, node it was applied to, value in its place)
        self.became: dict[int, Value] = {}  # id(value before) -> value after
        self.is_simplified = (
            False  # whether ``before`` is what ``simplify`` gave: no two nodes are equal, and all are needed
        )


def simplify(graph: Graph, record: Record) -> Graph:
    """Applies the rules, merges equal nodes, drops what nothing needs."""
    return _simplified(graph, _Rewriter(graph, record, is_last=False))


def simplify_last(graph: Graph, record: Record) -> Graph:
    """The same with the rules of the last pass."""
    return _simplified(graph, _Rewriter(graph, record, is_last=True))


def _simplified(graph: Graph, rewriter: "_Rewriter") -> Graph:
    if rewriter.record.is_simplified:
        first = rewriter.skip_unchanged(graph.nodes)
        if first == len(graph.nodes):
            return graph
        for node in graph.nodes[first:]:
            rewriter.add(node)
    else:
        live = _live(graph)
        for node in graph.nodes:
            if node.id in live:
                rewriter.add(node)
    current = rewriter.current
    out = Graph(
        graph.inputs, graph.captures, graph.parameters, tuple(rewriter.nodes),
        tuple(current(v) for v in graph.outputs), tuple((p, current(v)) for p, v in graph.updates), graph.calls,
    )  # fmt: skip
    live = _live(out)
    used = {id(v) for n in out.nodes if n.id in live for v in n.inputs} | {id(v) for v in out.roots()}
    updated = {id(p) for p, _ in out.updates}
    return Graph(
        out.inputs, tuple(c for c in out.captures if id(c[1]) in used),
        tuple(p for p in out.parameters if id(p[1]) in used or id(p[0]) in updated),
        tuple(n for n in out.nodes if n.id in live), out.outputs, out.updates, out.calls,
    )  # fmt: skip


@cache
def _rules_of(name: str, kind: str, is_last: bool) -> tuple[Callable, ...]:
    """The rules for an op."""
    names = (name, ELEMENTWISE) if kind == "elementwise" else (name,)
    return tuple(
        [f for rules in ((RULES, LAST) if is_last else (RULES,)) for each in names for f in rules.get(each, ())]
    )


class _Rewriter:
    """Builds the list of nodes that replaces that of a graph."""

    def __init__(self, graph: Graph, record: Record, is_last: bool):
        self.record, self.is_last = record, is_last
        self._rules: dict[Op, tuple[Callable, ...]] = {}
        self.nodes: list[Node] = []  # of the new graph, in order
        self._by_key: dict[tuple, Node] = {}  # what a node computes -> the node of ``nodes`` that computes it
        self._added: set[int] = set()  # id(node) of ``nodes``
        read = [id(v) for n in graph.nodes for v in n.inputs] + [id(v) for v in graph.roots()]
        self._uses: dict[int, int] = Counter(read)  # id(value) -> how often it is read

    def uses(self, v: Value) -> int:
        return self._uses.get(id(v), 1)

    def current(self, v: Value) -> Value:
        """The value of the new graph in place of one of the old graph."""
        return self.record.became.get(id(v), v)

    def skip_unchanged(self, nodes: tuple[Node, ...]) -> int:
        """How many of the nodes, of which no two are equal, stay as they are; these are added."""
        fired = (k for k, node in enumerate(nodes) if self._rewritten(node, node.inputs) is not None)
        count = next(fired, len(nodes))
        self.record.fired.clear()  # the node at which this ends is added again
        kept = nodes[:count]
        self.record.became.update([(id(v), v) for node in kept for v in node.outs])
        if count < len(nodes):
            for node in kept:
                self._merged(node)
        return count

    def add(self, node: Node) -> None:
        """A node of the old graph, or what the rules put in its place."""
        became = self.record.became
        inputs = tuple([became.get(id(v), v) for v in node.inputs])
        result = self._rewritten(node, inputs)
        if result is not None:
            became[id(node.outs[0])] = self._insert(result)
            return
        new = self._merged(_reading(node, inputs))
        for old, v in zip(node.outs, new.outs):
            became[id(old)] = v
            self._uses[id(v)] = self.uses(old)

    def _rewritten(self, node: Node, inputs) -> Value | None:
        op = node.op
        rules = self._rules.get(op)
        if rules is None:
            rules = self._rules[op] = _rules_of(op.name, op.kind, self.is_last)
        for function in rules:
            result = function(node, inputs, self.uses)
            if result is not None and if_same_type(node, result):  # one that broadcasts has to stay
                self.record.fired.append((function.__name__, node, result))
                return result
        return None

    def _insert(self, value: Value) -> Value:
        """Adds the nodes that a rule made, those of their inputs first, or equal ones that are there already."""
        node = value.node
        if node is None or id(node) in self._added:
            return value
        inputs = tuple(map(self._insert, node.inputs))
        result = self._rewritten(node, inputs)
        if result is not None:
            return self._insert(result)
        return self._merged(_reading(node, inputs)).outs[value.index]

    def _merged(self, node: Node) -> Node:
        """The node of the new graph that computes the same; ``node`` itself, added, if there is none."""
        if not node.op.may_be_dropped and node.ordered:
            self._added.add(id(node))
            self.nodes.append(node)
            return node
        attrs = node.attrs
        key = (
            node.op.name,
            tuple([_identity(v) for v in node.inputs]),
            tuple([(name, exactly(attrs[name])) for name in sorted(attrs)]) if attrs else (),
        )
        if key not in self._by_key:
            self._by_key[key] = node
            self._added.add(id(node))
            self.nodes.append(node)
        return self._by_key[key]


def _reading(node: Node, inputs) -> Node:
    """``node`` with these inputs."""
    return node if inputs == node.inputs else node.reading(inputs)


def _identity(v: Value):
    if v.kind == "constant" and v.size == 1:
        data = v.data.key() if type(v.data) is SizedData else v.data.tobytes()
        return ("constant", data, v.dtype, v.shape)
    return id(v)


def _live(graph: Graph) -> set[int]:
    """Ids of the nodes that an output or update needs, and of those that may raise or that other processes wait for."""
    staying = [n for n in graph.nodes if not n.op.may_be_dropped and (n.may_raise or n.ordered)]
    return set(needed_nodes(graph.roots(), staying))


PASSES: list[Callable[[Graph, Record], Graph]] = [simplify, turn_reductions, join_products, simplify_last]


def optimise(graph: Graph, records: list[Record] | None = None) -> Graph:
    """All passes; a ``Record`` of each is added to ``records``."""
    simplified = None
    for function in [*PASSES, join_collectives, sums_where_they_are_read] if WORLD.size > 1 else PASSES:
        record = Record(function.__name__, graph)
        record.is_simplified = graph is simplified
        graph = record.after = function(graph, record)
        if function is simplify:
            simplified = graph
        if VERIFY:
            verify(graph)
        if records is not None:
            records.append(record)
    return graph
