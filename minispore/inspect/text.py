"""Graphs as text: a line a node, grouped by section and Cell."""

from __future__ import annotations

from .view import SECTIONS, GraphView, NodeView, type_of

COMPLETE = 160  # a graph of up to so many nodes is printed completely
LIMIT = 24  # of a larger one, the first nodes of each section are printed
ROWS = 40  # the most rows of the table of Cells


class Listed(list):
    """A list that prints an item per line."""

    def __getitem__(self, at):
        found = super().__getitem__(at)
        return type(self)(found) if isinstance(at, slice) else found

    def __str__(self) -> str:
        return "\n".join(map(str, self))

    def __repr__(self) -> str:
        return str(self)


def graph_text(view: GraphView, limit: int | None = None, indent: str = "") -> str:
    """The graph as text; ``limit``: at most so many nodes of each section.

    Args:
        view: GraphView.
        limit: int, at most so many nodes of each section.  Default: None, for all.
        indent: str before each line.  Default: "".

    Returns:
        str.
    """
    lines: list[str] = []
    graph = view.graph
    updated = {id(p) for p, _ in graph.updates}
    given = [f"= {x}" for x in view.given] or [""] * len(graph.inputs)
    rows = [(view.name(v), type_of(v), x) for v, x in zip(graph.inputs, given)]
    _table(lines, "inputs", rows, limit)
    read = {id(v) for n in graph.nodes for v in n.inputs} | {id(v) for v in graph.roots()}
    rows = []
    for p, v in graph.parameters:
        use = [word for word, so in (("read", id(v) in read), ("updated", id(p) in updated)) if so]
        rows.append((view.name(v), type_of(v), ", ".join(use)))
    _table(lines, "parameters", rows, limit)
    _table(lines, "captured", [(view.name(v), type_of(v), "read anew at each call") for _, v in graph.captures], limit)
    sections = [s for s in SECTIONS if view.section(s)]
    for section in sections:
        nodes = view.section(section)
        lines.append(f"{section} ({len(nodes)} nodes)")
        lines += node_lines(nodes, limit)
        if limit is not None and len(nodes) > limit:
            lines.append(
                f"  ... {len(nodes) - limit} more nodes: .text() writes all, .find('conv1') those of a Cell, op or line"
            )
    lines.append("returns " + (", ".join(view.name(v) for v in graph.outputs) or "nothing"))
    if graph.updates:
        _table(lines, "updates", [(p.name, "<-", view.name(v)) for p, v in graph.updates], limit)
    return "\n".join(indent + line for line in lines)


def cells_text(rows: list[dict]) -> str:
    """The table of ``Inspection.cells()``.

    Args:
        rows: list of dicts.

    Returns:
        str.
    """
    head = ("Cell", "forward", "backward", "update", "kernels", "FLOP")
    body = [
        (
            r["cell"] or "(itself)",
            *(str(r[k] or "") for k in ("forward", "backward", "update", "kernels")),
            count(r["flops"]),
        )
        for r in rows
    ]
    widths = [max(len(row[k]) for row in [head, *body]) for k in range(len(head))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:]))]).rstrip()
        for row in [head, *body]
    )


def count(n: float) -> str:
    """A number with a prefix of three digits.

    Args:
        n: number.

    Returns:
        str.

    >>> count(12300)
    '12.3 k'
    """
    for unit in ("", "k", "M", "G"):
        if n < 1000:
            return f"{n:.3g} {unit}"
        n /= 1000
    return f"{n:.3g} T"


def _table(lines: list[str], title: str, rows, limit) -> None:
    if not rows:
        return
    shown = rows if limit is None else rows[:limit]
    widths = [max(len(r[k]) for r in shown) for k in range(2)]
    lines.append(title)
    lines += [f"  {a:{widths[0]}}  {b:{widths[1]}}  {c}".rstrip() for a, b, c in shown]
    if len(rows) > len(shown):
        lines.append(f"  ... {len(rows) - len(shown)} more")


def node_lines(nodes: list[NodeView], limit: int | None = None) -> list[str]:
    """Aligned lines under headings with the Cell path; bodies of control flow follow their node, indented.

    Args:
        nodes: list of NodeView.
        limit: int, at most so many.  Default: None, for all.

    Returns:
        list of str.
    """
    shown = nodes if limit is None else nodes[:limit]
    name_width = max((len(n.name) for n in shown), default=0)
    type_width = min(max((len(n.type) for n in shown), default=0), 32)
    what = {id(n): n.expression for n in shown}
    what_width = min(max((len(t) for t in what.values()), default=0), 56)
    lines: list[str] = []
    scope: str | None = None
    for n in shown:
        if n.scope != scope:
            scope = n.scope
            if scope:
                lines.append(f"  {scope}")
        origin = f"  of {n.origin}" if n.origin else ""
        text = f"    {n.name:{name_width}}  {n.type:{type_width}} = {what[id(n)]:{what_width}}  {n.where}{origin}"
        lines.append(text.rstrip())
        for name, inner in n.graphs.items():
            lines.append(f"      {name}:")
            lines += graph_text(inner, indent="        ").splitlines()
    return lines
