"""A pass: what reductions of transposed arrays need is computed in the order in which the elements lie.

``sum(exp(x.T), -1)`` becomes ``sum(exp(x), 0).T``: whole rows of ``x`` are added, where the sum along a row of ``x.T`` would fetch a
cache line for each of its elements.  Operands that are broadcast are views in the other order.  What takes more than a few
instructions and is read elsewhere too, such as the exponentials of softmax, is computed in that order alone, and read there
through a view.  (The rule ``reduction_of_transpose`` does this where the reduced value is the transposed array itself.)
"""

from ..core.ir import Graph, make
from ..core.layout import same_shape
from ..core.op import REGISTRY
from ..core.record import Node, Value
from ..core.sizes import decided
from .recompute import is_cheap

SHORTEST_ROW = 16  # elements that lie side by side: fewer fill no vector


@decided
def _gains(shape, perm) -> bool:
    """Whether the elements of an array of ``shape`` that is shown as ``perm`` lie along another axis than the last, and are many."""
    long = [a for a, d in enumerate(shape) if d != 1]
    shown = [p for p in perm if shape[p] != 1]
    return bool(long) and long[-1] != shown[-1] and shape[long[-1]] >= SHORTEST_ROW


def turn_reductions(graph: Graph, record) -> Graph:
    turner = _Turner(record)
    wanted = turner.wanted(graph)
    if not wanted:
        record.became.update([(id(v), v) for node in graph.nodes for v in node.outs])
        return graph
    for node in graph.nodes:
        turner.add(node, node.id in wanted)
    current = turner.current
    return Graph(
        graph.inputs, graph.captures, graph.parameters, tuple(turner.nodes), tuple(map(current, graph.outputs)),
        tuple((p, current(v)) for p, v in graph.updates), graph.calls,
    )  # fmt: skip


class _Turner:
    def __init__(self, record):
        self.record = record
        self.perms: dict[int, tuple[int, ...]] = {}  # id(value) -> how what lies in memory is shown
        self.turned: dict[int, Value] = {}  # id(value) -> the same in the order of the memory
        self.nodes: list[Node] = []

    def current(self, v: Value) -> Value:
        return self.record.became.get(id(v), v)

    # ------------------------------------------------------------ which nodes
    def wanted(self, graph: Graph) -> set[int]:
        """Ids of the reductions, and of the nodes behind them, that are computed in the other order."""
        if not any(node.op.name == "transpose" for node in graph.nodes):
            return set()
        for node in graph.nodes:
            perm = self._perm(node)
            if perm is not None:
                self.perms[id(node.outs[0])] = perm
        found: set[int] = set()
        for node in graph.nodes:
            if node.op.kind == "reduction" and self._reduces_computed(node):
                stack = [node]
                while stack:
                    n = stack.pop()
                    found.add(n.id)
                    stack += [v.node for v in self._full(n) if v.node.id not in found and v.node.op.name != "transpose"]
        return found

    def _perm(self, node: Node) -> tuple[int, ...] | None:
        if node.op.name == "transpose":
            return node.attrs["perm"]
        if node.op.kind not in ("elementwise", "reduction") or len(node.outs) != 1 or not node.op.may_be_dropped:
            return None
        found = {self.perms.get(id(v)) for v in self._full(node)}
        return found.pop() if len(found) == 1 else None

    def _full(self, node: Node) -> list[Value]:
        """The inputs with an element for each position."""
        if node.op.kind == "reduction":
            return [node.inputs[0]]
        return [v for v in node.inputs if v.size != 1 and same_shape(v.shape, node.outs[0].shape)]

    def _reduces_computed(self, node: Node) -> bool:
        x = node.inputs[0]
        perm = self.perms.get(id(x))
        if perm is None or x.node is None or x.node.op.kind != "elementwise" or len(node.outs) != 1:
            return False
        return _gains(tuple(x.shape[perm.index(a)] for a in range(len(perm))), perm)

    # ------------------------------------------------------------ the new graph
    def add(self, node: Node, turned: bool) -> None:
        became = self.record.became
        if turned:
            self.turned[id(node.outs[0])] = out = self._computed(node)
            if node.op.kind == "reduction" or not is_cheap(node.op.expression):
                shown = make(REGISTRY["transpose"], (out,), {"perm": self.perms[id(node.outs[0])]}, node)
                became[id(node.outs[0])] = self._kept(shown)
                self.record.fired.append(("turn_reductions", node, shown))
                return
        inputs = tuple(map(self.current, node.inputs))
        new = node if inputs == node.inputs else node.reading(inputs)
        self.nodes.append(new)
        became.update((id(a), b) for a, b in zip(node.outs, new.outs))

    def _computed(self, node: Node) -> Value:
        perm = self.perms[id(node.outs[0])]
        inputs = tuple(self._in_order(v, perm, node) for v in node.inputs)
        attrs = node.attrs
        if node.op.kind == "reduction":
            attrs = {**attrs, "axis": tuple(sorted(perm[a] for a in attrs["axis"]))}
        return self._kept(make(node.op, inputs, attrs, node))

    def _in_order(self, v: Value, perm: tuple[int, ...], node: Node) -> Value:
        """An operand in the order of the memory."""
        if id(v) in self.turned:
            return self.turned[id(v)]
        v = self.current(v)
        if v.shape == ():
            return v
        if v.node is not None and v.node.op.name == "transpose" and v.node.attrs["perm"] == perm:
            return v.node.inputs[0]
        if len(v.shape) < len(perm):
            shape = (1,) * (len(perm) - len(v.shape)) + tuple(v.shape)
            v = self._kept(make(REGISTRY["reshape"], (v,), {"shape": shape}, node))
        back = tuple(perm.index(a) for a in range(len(perm)))
        return self._kept(make(REGISTRY["transpose"], (v,), {"perm": back}, node))

    def _kept(self, v: Value) -> Value:
        self.nodes.append(v.node)
        return v
