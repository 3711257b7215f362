"""A Graph for readers: names of values, and for each node its section, source line and forward node."""

from __future__ import annotations

import linecache
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..core.ir import Graph
from ..core.record import Node, Value, needed_nodes
from ..flow.control import UNKNOWN

SECTIONS = ("forward", "backward", "update")
SHOWN = 4  # the most output types printed for one node


@dataclass(repr=False)
class NodeView:
    """One node of a graph."""

    name: str  # "%12"
    op: str
    operands: list[str]  # names of nodes ("%11", "%7.1" for a second output), leaves, or numbers
    types: list[str]  # "Float32[8, 16]" of each output
    attrs: dict
    scope: str  # Cell path below the outermost one: "network/fc1"
    file: str | None
    line: int | None
    section: str  # "forward", "backward", "update"
    origin: str | None  # of a backward node: its forward node
    node: Node
    graphs: dict[str, GraphView] = field(default_factory=dict)  # bodies of control flow
    kernels: list[int] = field(default_factory=list)  # indices of the kernel calls that compute it

    @property
    def source(self) -> str:
        """The text of the user's line: a str, "" where it is not known."""
        return linecache.getline(self.file, self.line).strip() if self.file and self.line else ""

    @property
    def where(self) -> str:
        """The file and line, ``file.py:12``: a str, "" where it is not known."""
        return f"{os.path.basename(self.file)}:{self.line}" if self.file else ""

    @property
    def expression(self) -> str:
        """The op with its operands and attributes: a str."""
        attrs = {k: v for k, v in self.attrs.items() if not self.graphs or v not in (None, False, 0, UNKNOWN)}
        return f"{self.op}({', '.join([*self.operands, *(f'{k}={v}' for k, v in attrs.items())])})"

    @property
    def type(self) -> str:
        """The output types as text, the first few of a node with many outputs."""
        rest = len(self.types) - SHOWN
        return ", ".join(self.types[:SHOWN] if rest > 0 else self.types) + (f", {rest} more" if rest > 0 else "")

    def __str__(self) -> str:
        return f"{self.name}: {self.type} = {self.expression}"

    __repr__ = __str__


def _graphs(attrs: dict) -> Iterator[tuple[str, Graph]]:
    """Graphs among the attributes of a node."""
    for name, x in attrs.items():
        if isinstance(x, Graph):
            yield name, x
        elif isinstance(x, tuple) and x and all(isinstance(g, Graph) for g in x):
            yield from ((f"{name}[{k}]", g) for k, g in enumerate(x))


def number(v: Value) -> str:
    """A constant as text.

    Args:
        v: Value.

    Returns:
        str.
    """
    if v.data is None:
        return f"const{list(v.shape)}"
    if v.size == 1:
        x = v.data.reshape(()).item()
        return f"{x:g}" if isinstance(x, float) else str(x)
    return f"const{list(v.shape)}"


def type_of(v) -> str:
    """A type as text, such as "Float32[8, 16]".

    Args:
        v: Value or Tensor.

    Returns:
        str.
    """
    return f"{v.dtype}{list(v.shape)}"


class GraphView:
    """Names and nodes of one graph.

    Args:
        graph: any Graph, before or after passes.
        input_names: list of str, names of its inputs, as the user wrote them.  Default: None.
        became: dict, id(node as traced) -> the node in ``graph`` that stands for it, to find forward nodes.  Default:
            None.
        prefix: str before the numbers of nodes.  Default: "%".
        section: str, of all nodes.  Default: None, found from the gradient.
        outer: GraphView of the graph around this one.  Default: None.
    """

    def __init__(
        self,
        graph: Graph,
        input_names=None,
        became: dict[int, Node] | None = None,
        prefix="%",
        section=None,
        outer: GraphView | None = None,
    ):
        self.graph, self.prefix, self.outer = graph, prefix, outer
        self.became = became if became is not None else outer.became if outer is not None else {}
        self.given: list[str] = []  # in a subgraph: the outer name of each input
        self.names: dict[int, str] = {}
        self.leaves: dict[str, Value] = {}
        inputs = list(input_names or ())
        inputs += [f"input{k}" for k in range(len(inputs), len(graph.inputs))]
        for name, v in zip(inputs, graph.inputs):
            self._leaf(name, v)
        for k, (_, v) in enumerate(graph.captures):
            self._leaf(self.shown(v.name) or f"capture{k}", v)
        for p, v in graph.parameters:
            self._leaf(p.name, v)
        sections = {n.id: section for n in graph.nodes} if section else _sections(graph)
        self.by_id: dict[int, NodeView] = {}
        self.nodes: list[NodeView] = []
        for k, node in enumerate(graph.nodes):
            for v in node.outs:
                self.names[id(v)] = f"{prefix}{k}" + (f".{v.index}" if len(node.outs) > 1 else "")
            name = f"{prefix}{k}"
            graphs = dict(_graphs(node.attrs))
            origin = self._origin(node)
            file, _, line = (node.location or "").rpartition(":")
            view = NodeView(
                name, node.op.name, [self.name(v) for v in node.inputs], [type_of(v) for v in node.outs],
                {a: x for a, x in node.attrs.items() if not any(True for _ in _graphs({a: x}))}, self.shown(node.scope),
                file or None, int(line) if line else None, sections[node.id], origin, node,
            )  # fmt: skip
            self.nodes.append(view)
            self.by_id[node.id] = view
            for number, (label, inner) in enumerate(graphs.items()):
                inside = f"{name}{chr(ord('a') + number)}/"
                view.graphs[label] = GraphView(inner, prefix=inside, section=view.section, outer=self)
                view.graphs[label].given = _given(view, label)
                self.by_id.update(view.graphs[label].by_id)

    def shown(self, scope: str) -> str:
        """The path of a Cell for a reader.

        Args:
            scope: str, of a node of the graph.

        Returns:
            str.
        """
        return self.graph.shown(scope) if self.outer is None else self.outer.shown(scope)

    def _leaf(self, name: str, v: Value) -> None:
        while name in self.leaves:
            name += "'"
        self.names[id(v)] = name
        self.leaves[name] = v

    def _origin(self, node: Node) -> str | None:
        source = node.forward
        if source is None:
            return None
        now = self.became.get(source.id, source)
        place: GraphView | None = self
        while place is not None:
            if now.id in place.by_id:
                return place.by_id[now.id].name
            place = place.outer
        return source.op.name

    def set_bodies(self, bodies: dict[tuple, Graph]) -> None:
        """Replaces subgraphs by their compiled form; ``bodies``: {ids of their inputs: graph}.

        Args:
            bodies: dict of Graphs by the ids of their inputs.
        """
        for node in self.nodes:
            for label, inner in node.graphs.items():
                graph = bodies.get(tuple(map(id, inner.graph.inputs)))
                if graph is not None:
                    node.graphs[label] = inner = GraphView(graph, prefix=inner.prefix, section=node.section, outer=self)
                    inner.set_bodies(bodies)
                    inner.given = _given(node, label)
                    self.by_id.update(inner.by_id)

    def source(self, operand: str) -> str:
        """The leaf or node, in this graph or an outer one, that an operand comes from: "%7" for "%7.1".

        Args:
            operand: str.

        Returns:
            str.
        """
        if operand not in self.leaves:
            return operand.split(".")[0]
        if not self.given:
            return operand
        assert self.outer is not None
        given = self.given[list(self.leaves).index(operand)].split(", later ")[0].removeprefix("a row of ")
        return self.outer.source(given)

    def walk(self) -> Iterator[NodeView]:
        """The nodes, each followed by those of its subgraphs.

        Yields:
            NodeView.
        """
        for node in self.nodes:
            yield node
            for inner in node.graphs.values():
                yield from inner.walk()

    def name(self, v: Value) -> str:
        """The name of a value.

        Args:
            v: Value.

        Returns:
            str.
        """
        return self.names.get(id(v)) or number(v)

    def section(self, name: str) -> list[NodeView]:
        """The nodes of a section.

        Args:
            name: "forward", "backward" or "update".

        Returns:
            list of NodeView.
        """
        return [n for n in self.nodes if n.section == name]


def _given(node: NodeView, label: str) -> list[str]:
    """What the inputs of a graph inside ``node`` are, in the words of the graph around it."""
    signature = node.node.op.signature(**node.node.attrs)
    results = {name: [g.name(v) for v in g.graph.outputs] for name, g in node.graphs.items()}
    return signature.inner_inputs(label, node.operands, results)


def _sections(graph: Graph) -> dict[int, str]:
    """{id of a node: section}.  The update is what depends on gradients, and what only the new values of Parameters need."""
    after: set[int] = set()  # nodes that depend on a gradient without being a part of it
    for node in graph.nodes:
        if node.forward is None and any(
            v.node is not None and (v.node.forward is not None or v.node.id in after) for v in node.inputs
        ):
            after.add(node.id)
    returned = needed_nodes(graph.outputs, [n for n in graph.nodes if n.forward is not None])
    return {
        n.id: "backward" if n.forward is not None
        else "update" if n.id in after or (n.id not in returned and graph.updates) else "forward"
        for n in graph.nodes
    }  # fmt: skip
