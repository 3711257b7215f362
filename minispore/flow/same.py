"""Which values are the same on all ranks: a branch or loop with a collective inside must go one way on all of them."""

from ..core.errors import located
from ..core.ir import Graph
from ..core.record import Node
from ..distributed import WORLD
from ..ops.collective import KINDS
from .cond_op import CondSignature
from .loop_op import LoopSignature


class _Same:
    """Goes through a graph.  ``same``: ids of values that are equal on all ranks, as far as the program says."""

    def __init__(self):
        self.same: set[int] = set()

    def knows(self, v) -> bool:
        return v.kind in ("constant", "parameter") or id(v) in self.same

    def go_through(self, nodes) -> None:
        for node in nodes:
            outs = self.outs_of(node)
            self.same.update(id(v) for v, same in zip(node.outs, outs) if same)

    def outs_of(self, node: Node) -> list[bool]:
        name, a = node.op.name, node.attrs
        if name == "collective":
            return [KINDS[a["what"]].same] * len(node.outs)
        if name == "cond":
            return self._cond(node)
        if name == "loop":
            return self._loop(node)
        same = name != "random_bits" and all(map(self.knows, node.inputs))
        return [same] * len(node.outs)

    def _inside(self, graph: Graph, flags) -> list[bool]:
        self.same -= {id(v) for v in graph.inputs}
        self.same -= {id(v) for n in graph.nodes for v in n.outs}
        self.same.update(id(v) for v, same in zip(graph.inputs, flags) if same)
        self.go_through(graph.nodes)
        return [self.knows(v) for v in graph.outputs]

    def _cond(self, node: Node) -> list[bool]:
        cond = CondSignature(**node.attrs)
        index, operands = cond.inputs(node.inputs)
        if not self.knows(index):
            _refuse(node, "branch")
        flags = [self.knows(v) for v in operands]
        results = [self._inside(branch, flags) for branch in cond.branches]
        outs = [self.knows(index) and all(r[k] for r in results) for k in range(len(results[0]))]
        return outs + [False] * (len(node.outs) - len(outs))

    def _loop(self, node: Node) -> list[bool]:
        loop = LoopSignature(**node.attrs)
        state, xs, count, consts = loop.inputs([self.knows(v) for v in node.inputs])
        while True:
            outs = self._inside(loop.body, [*state, *xs, *consts])
            after = [x and y for x, y in zip(state, outs[: loop.carried])]
            if after == list(state):
                break
            state = after
        turns = count is None or count
        if loop.condition is not None:
            turns = self._inside(loop.condition, [*state, *consts])[0]
        if not turns:
            _refuse(node, "loop")
        found = [turns and s for s in [*state, *outs[loop.carried :], True]]
        return found + [False] * (len(node.outs) - len(found))


def _refuse(node: Node, what: str) -> None:
    """An error if there is a collective in a branch or loop whose way may differ between ranks."""
    inner = _first_collective(node)
    if inner is not None:
        why = "its condition" if what == "branch" else "how often it turns"
        raise located(
            RuntimeError,
            f"A collective ({inner.attrs['what']}) stands in a {what}, and {why} may differ between ranks: those that do not "
            "come to it would keep the others waiting. Take it out, or make the condition equal on all ranks by a "
            "collective of its own (ops.AllReduce).",
            inner.location or node.location,
        )


def _first_collective(node: Node) -> Node | None:
    if node.op.name == "collective":
        return node
    for value in node.attrs.values():
        for graph in value if isinstance(value, tuple) else (value,):
            for inner in getattr(graph, "nodes", ()):
                found = _first_collective(inner) if inner.ordered else None
                if found is not None:
                    return found
    return None


def check_collectives(graph: Graph) -> list:
    """Raises for a collective inside a branch or loop that some ranks may go through and others not.

    Parameters count as equal on all ranks, as training keeps them; arguments of the call and random numbers do not.

    Returns:
        list of the Parameters that the graph gives a value that it computes from results of collectives over all ranks, the
        same on each: they are to agree.

    Raises:
        RuntimeError: it names the line of the collective.
    """
    if not any(node.ordered for node in graph.nodes):
        return []
    if any(node.ordered and node.op.name != "collective" for node in graph.nodes):
        _Same().go_through(graph.nodes)
    found = _Same()
    found.same.update(id(v) for _, v in graph.captures)  # such as constants of an optimizer
    found.go_through(graph.nodes)
    given = _from_all_ranks(graph)
    return [p for p, v in graph.updates if id(v) in given and found.knows(v)]


def _from_all_ranks(graph: Graph) -> set[int]:
    """Ids of the values that depend on a collective over all ranks."""
    found: set[int] = set()
    for node in graph.nodes:
        whole = node.op.name == "collective" and len(node.attrs["ranks"]) == WORLD.size
        if whole or any(id(v) in found for v in node.inputs):
            found.update(id(v) for v in node.outs)
    return found
