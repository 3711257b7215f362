"""What each pass did: the graph before and after, and the rules that applied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..core.record import Node, Value
from ..graph.passes import Record
from .text import Listed, graph_text
from .view import GraphView


@dataclass(repr=False)
class Rewrite:
    """One application of a rule: ``rule`` replaced ``before`` by ``after``."""

    rule: str
    before: str
    after: str
    scope: str
    where: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.before}  ->  {self.after}" + (f"  ({self.where})" if self.where else "")

    __repr__ = __str__


class Pass:
    """One pass over the graph; ``Inspection.passes`` lists them.

    ``rewrites`` lists the applications of rules, ``counts`` their number by rule.  ``counts`` also has ``merge_equal``
    (common subexpression elimination) and ``drop_unneeded`` (dead code elimination), which each pass does besides.

    Args:
        record: Record of the pass.
        input_names: list of str, of the graph's inputs.  Default: None.
    """

    def __init__(self, record: Record, input_names=None):
        self.name, self.before, self.after = record.name, record.before, record.after
        self._before = GraphView(record.before, input_names)
        for node in record.before.nodes:  # a value that replaces another one keeps its name
            for v in node.outs:
                self._before.names.setdefault(id(record.became.get(id(v), v)), self._before.names[id(v)])
        self._names = input_names
        self.rewrites = Listed(
            self._rewrite(rule, node.outs[0], node, _made(self._before, node, result))
            for rule, node, result in record.fired
        )
        fired = {node.id for _, node, _ in record.fired}
        stays = {id(v) for n in record.after.nodes for v in n.outs}
        taken: set[int] = set()
        for node in record.before.nodes:
            became = [record.became.get(id(v), v) for v in node.outs]
            if id(node.outs[0]) not in record.became or not any(id(v) in stays for v in became):
                if node.id not in fired:
                    self.rewrites.append(self._rewrite("drop_unneeded", node.outs[0], node, "nothing reads it"))
            elif node.id not in fired:
                if id(became[0]) in taken:
                    self.rewrites.append(self._rewrite("merge_equal", node.outs[0], node, self._before.name(became[0])))
                taken.add(id(became[0]))
        self.counts = Counter(r.rule for r in self.rewrites)

    def _rewrite(self, rule: str, value: Value, node: Node, after: str) -> Rewrite:
        view = self._before.by_id.get(node.id)
        if view is not None:
            return Rewrite(rule, str(view), after, view.scope, view.where)
        return Rewrite(rule, _short(self._before, value), after, self._before.shown(node.scope), "")

    def text(self) -> str:
        """Counts, then each rewrite on a line, then the graph after the pass.

        Returns:
            str.
        """
        lines = [str(self), *(f"  {r}" for r in self.rewrites), graph_text(GraphView(self.after, self._names))]
        return "\n".join(lines)

    def __str__(self) -> str:
        fired = ", ".join(f"{name} {n}" for name, n in self.counts.most_common())
        return f"{self.name}: {len(self.before.nodes)} -> {len(self.after.nodes)} nodes; {fired or 'nothing fired'}"

    __repr__ = __str__


def _made(view: GraphView, node: Node, v: Value) -> str:
    """The nodes with which a rule replaced ``node``."""
    if v.node is None or view.names.get(id(v)) != view.names.get(id(node.outs[0])):
        return _short(view, v)
    return _expression(view, v, 3)


def _short(view: GraphView, v: Value, depth: int = 3) -> str:
    """The name of a value, or the op that computes it where it has none."""
    if id(v) in view.names or v.node is None:
        return view.name(v)
    return _expression(view, v, depth)


def _expression(view: GraphView, v: Value, depth: int) -> str:
    inside = [_short(view, x, depth - 1) if depth else "..." for x in v.node.inputs]
    return f"{v.node.op.name}({', '.join([*inside, *(f'{k}={x}' for k, x in v.node.attrs.items())])})"


def forward_map(records: list[Record]) -> dict[int, Node]:
    """{id of a traced node: the node that replaces it after all passes}.

    Args:
        records: list of Record.

    Returns:
        dict from the id of a traced node to a Node.
    """
    if not records:
        return {}
    found: dict[int, Node] = {}
    for node in records[0].before.nodes:
        value = node.outs[0]
        for record in records:
            value = record.became.get(id(value), value)
        if value.node is not None:
            found[node.id] = value.node
    return found
