"""Graph: the intermediate representation that tracing produces and each pass transforms; immutable, typed, in SSA form."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .op import Op
from .parameter import Parameter
from .record import Node, Value
from .registry import supplied
from .tensor import Tensor


@dataclass(frozen=True)
class Graph:
    """A graph of ``nodes`` in topological order.

    No node has a side effect: ``updates`` are the values that are stored into Parameters after the last node.
    """

    inputs: tuple[Value, ...]
    captures: tuple[tuple[Tensor, Value], ...]
    parameters: tuple[tuple[Parameter, Value], ...]
    nodes: tuple[Node, ...]
    outputs: tuple[Value, ...]
    updates: tuple[tuple[Parameter, Value], ...]
    calls: tuple = ()  # as recorded: (scope, Cell, types of its outputs) of each call of a Cell

    def roots(self) -> Iterable[Value]:
        yield from self.outputs
        for _, value in self.updates:
            yield value

    # What a node that holds the graph is asked by each pass; the graph is looked through once, however deep such nodes lie in each other.
    @cached_property
    def may_raise(self) -> bool:
        """Whether a node of it may."""
        return any(node.may_raise for node in self.nodes)

    @cached_property
    def is_ordered(self) -> bool:
        """Whether a node of it is."""
        return any(node.ordered for node in self.nodes)

    @cached_property
    def folds(self) -> bool:
        """Whether all nodes of it may be computed while it is compiled, if their inputs are constants."""
        return all(node.op.folds(node.attrs) for node in self.nodes)

    def shown(self, scope: str) -> str:
        """The path of a Cell for a reader: without the name of the outermost one, unless there are several."""
        return scope if self._has_several_outermost else scope.partition("/")[2]

    @cached_property
    def _has_several_outermost(self) -> bool:
        return len({scope.partition("/")[0] for scope, *_ in self.calls}) > 1

    def __str__(self) -> str:
        return supplied("text of a graph")(self)


def make(op: Op, inputs, attrs, like: Node) -> Value:
    """The output of a new node with the location, scope and forward node of ``like``."""
    types = op.infer(*inputs, **attrs)
    return Node(op, tuple(inputs), attrs, types, like.location, like.scope, like.forward).outs[0]


def view_source(v: Value) -> Value:
    """The value whose memory the view ``v`` shows; ``v`` itself if it is no view."""
    while v.node is not None and v.node.op.kind == "view":
        v = v.node.inputs[0]
    return v


def verify(graph: Graph) -> None:
    """Raises AssertionError unless every value is defined once, before its use, with the type its op infers."""
    defined = {id(v) for v in graph.inputs}
    defined |= {id(v) for _, v in graph.captures} | {id(v) for _, v in graph.parameters}
    for node in graph.nodes:
        for v in node.inputs:
            assert v.kind == "constant" or id(v) in defined, f"{node} reads a value that is not defined yet: {v}"
        inferred = [(tuple(s), d) for s, d in node.op.infer(*node.inputs, **node.attrs)]
        assert inferred == [(v.shape, v.dtype) for v in node.outs], (
            f"{node} has type {node.outs}, its op says {inferred}"
        )
        for v in node.outs:
            assert id(v) not in defined, f"{v} is defined twice"
            defined.add(id(v))
    for v in graph.roots():
        assert v.kind == "constant" or id(v) in defined, f"the graph returns a value that is not defined: {v}"
    for p, v in graph.updates:
        assert v.shape == p.shape and v.dtype == p.dtype, f"update of {p.name} has type {v}"
