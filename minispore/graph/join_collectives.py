"""A pass: sums of gradients that the program writes one by one travel together, as those of the library's reducer do.

``ops.AllReduce()(g)`` for each gradient, ``HyperMap`` of it, or a reducer for each Parameter become sums of buckets, in the
order in which the backward pass makes the gradients.  Each element is summed over the ranks in the same order as before,
so the bits stay.
"""

from ..core.context import get_auto_parallel_context
from ..core.ir import Graph, view_source
from ..core.record import Node, Value
from ..ops.collective import GRADIENTS, as_additions, buckets, sums_to_compute


def join_collectives(graph: Graph, record) -> Graph:
    """Joins sums of gradients that do not depend on each other and have no other collective between them."""
    record.became.update((id(v), v) for node in graph.nodes for v in node.outs)
    runs = _runs(graph)
    if not runs or get_auto_parallel_context("all_reduce_fusion_config"):  # the user says what is joined
        return graph
    made_at = {n.id: k for k, n in enumerate(graph.nodes)}
    joined: dict[int, list[Node]] = {}  # id of a run's last node -> what takes the place of the run
    became: dict[int, Value] = {}
    for run in runs:
        nodes = []
        latest = sorted(run, key=lambda n: _made(n.inputs[0], made_at), reverse=True)
        for bucket in buckets([n.inputs[0] for n in latest]):
            members = [latest[k] for k in bucket]
            nodes.append(_sum_of(members))
            became.update((id(m.outs[0]), out) for m, out in zip(members, nodes[-1].outs))
            record.fired += [("join_collectives", m, out) for m, out in zip(members, nodes[-1].outs)]
        joined[run[-1].id] = nodes
    record.became.update(became)
    return _rebuilt(graph, {n.id for run in runs for n in run}, joined, became, record)


def sums_where_they_are_read(graph: Graph, record) -> Graph:
    """A pass: where ranks share memory, the sum of a gradient becomes an addition in the loop that reads it.

    Not so if it is reduced later, for a norm: the loops that reduce would be cut in another way, which changes the bits.
    """
    record.became.update((id(v), v) for node in graph.nodes for v in node.outs)
    joined: dict[int, list] = {}
    became: dict[int, Value] = {}
    sums = sums_to_compute(graph)
    loops = _Loops(graph) if sums else None
    for node in sums:
        if loops.reduce_later(node):
            continue
        rows, additions = as_additions(node)
        joined[node.id] = [rows, *(n for made in additions for n in made)]
        became.update((id(out), made[-1].outs[0]) for out, made in zip(node.outs, additions))
        record.fired += [("sums_where_they_are_read", node, made[-1].outs[0]) for made in additions]
    if not joined:
        return graph
    record.became.update(became)
    return _rebuilt(graph, set(joined), joined, became, record)


class _Loops:
    """Which values reach a reduction through nodes that may be fused with it."""

    def __init__(self, graph: Graph):
        self.users: dict[int, list[Node]] = {}
        self.reduced: set[int] = set()  # ids of nodes
        for node in graph.nodes:
            for v in node.inputs:
                self.users.setdefault(id(v), []).append(node)
        for node in reversed(graph.nodes):
            users = [u for v in node.outs for u in self.users.get(id(v), ())]
            if any(u.op.kind == "reduction" or (_fuses(u) and u.id in self.reduced) for u in users):
                self.reduced.add(node.id)

    def reduce_later(self, node: Node) -> bool:
        """Whether what is computed from a node's outputs, or another part of it, is reduced."""
        seen, stack = {node.id}, [node]
        while stack:
            node = stack.pop()
            if node.id in self.reduced or any(
                v.node is not None and v.node.id in self.reduced for v in node.inputs if _fuses(node)
            ):
                return True
            for u in (u for v in node.outs for u in self.users.get(id(v), ())):
                if _fuses(u) and u.id not in seen:
                    seen.add(u.id)
                    stack.append(u)
        return False


def _fuses(node: Node) -> bool:
    return node.op.kind in ("elementwise", "view", "index")


def _made(v: Value, made_at) -> int:
    node = view_source(v).node
    return -1 if node is None else made_at[node.id]


def _sum_of(members: list[Node]) -> Node:
    first = members[0]
    lines = tuple(m.attrs["label"] or m.location or "" for m in members)
    attrs = {**first.attrs, "label": GRADIENTS, "lines": lines}
    types = [(m.outs[0].shape, m.outs[0].dtype) for m in members]
    inputs = tuple(m.inputs[0] for m in members)
    return Node(first.op, inputs, attrs, types, first.location, first.scope, first.forward)


def _runs(graph: Graph) -> list[list[Node]]:
    """Sums of gradients, neighbours among the collectives of the graph, none of which depends on another of its run."""
    if not any(n.op.name == "collective" for n in graph.nodes):
        return []
    depends: dict[int, int] = {}  # id of a value -> a bit for each sum it depends on; bit 0: on the backward pass
    runs: list[list[Node]] = []
    current: list[Node] = []
    bits, count = 0, 0  # of the current run; sums so far
    for node in graph.nodes:
        mask = int(node.forward is not None)
        for v in node.inputs:
            mask |= depends.get(id(v), 0)
        if node.ordered:
            joins = _is_sum_of_one(node) and mask & 1
            if current and (not joins or mask & bits or not _alike(node, current[0])):
                runs.append(current)
                current, bits = [], 0
            if joins:
                count += 1
                current.append(node)
                bits |= 1 << count
                mask |= 1 << count
        depends.update((id(v), mask) for v in node.outs)
    return [*runs, current] if current else runs


def _is_sum_of_one(node: Node) -> bool:
    a = node.attrs
    return (
        node.op.name == "collective" and len(node.inputs) == 1 and a["what"] == "all_reduce" and a["reduce"] == "sum"
        and a["label"] in ("", GRADIENTS) and len(a["ranks"]) > 1
    )  # fmt: skip


def _alike(a: Node, b: Node) -> bool:
    return a.attrs["ranks"] == b.attrs["ranks"]


def _rebuilt(graph: Graph, members: set[int], joined, became, record) -> Graph:
    """The graph with ``joined`` in place of ``members``; what reads a sum comes after the last of its run."""
    out: list[Node] = []
    waiting: list[Node] = []
    late: set[int] = set()  # values that are there after the end of the run

    def now(v: Value) -> Value:
        while id(v) in became:
            v = became[id(v)]
        return v

    def add(node: Node) -> None:
        inputs = tuple(map(now, node.inputs))
        if all(a is b for a, b in zip(inputs, node.inputs)):
            return out.append(node)
        new = node.reading(inputs)
        for a, b in zip(node.outs, new.outs):
            became[id(a)] = record.became[id(a)] = b
        out.append(new)

    for node in graph.nodes:
        if node.id in members:
            late.update(id(v) for v in node.outs)
            if node.id in joined:
                for ready in (*joined[node.id], *waiting):
                    add(ready)
                waiting, late = [], set()
        elif late and any(id(v) in late for v in node.inputs):
            waiting.append(node)
            late.update(id(v) for v in node.outs)
        else:
            add(node)
    return Graph(
        graph.inputs, graph.captures, graph.parameters, tuple(out), tuple(map(now, graph.outputs)),
        tuple((p, now(v)) for p, v in graph.updates), graph.calls,
    )  # fmt: skip
