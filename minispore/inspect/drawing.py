"""Graphs in the formats of other tools: networkx, graphviz, SVG."""

from __future__ import annotations

import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import fail
from .view import NodeView, type_of

if TYPE_CHECKING:
    from .inspection import Inspection

COLOURS = {"forward": "#cfe3ff", "backward": "#ffd9c7", "update": "#d5f0d0", "leaf": "#eeeeee"}
WIDTH, HEIGHT, GAP_X, GAP_Y = 150, 34, 18, 34


def to_networkx(inspection: Inspection):
    """``Inspection.to_networkx``.

    Args:
        inspection: Inspection.

    Returns:
        networkx.MultiDiGraph.
    """
    import networkx

    out = networkx.MultiDiGraph(name=inspection.name)
    roles = _roles(inspection)
    for name, v in inspection.view.leaves.items():
        out.add_node(name, kind=roles.get(name, "input"), op="", type=type_of(v), section="leaf")
    _ = inspection.nodes  # sets the kernels of the nodes
    _nodes(out, inspection.view, "", "")
    for k, v in enumerate(inspection.final.outputs):
        _result(out, inspection, f"output{k}", "output", v)
    for p, v in inspection.final.updates:
        _result(out, inspection, f"{p.name} (new)", "update", v)
    return out


def _nodes(out, view, outer: str, body: str) -> None:
    """The nodes of a graph and of its subgraphs; ``outer``, ``body``: the branch or loop node that the graph belongs to.

    An output of a subgraph has an edge to its branch or loop node; a value that a loop carries to the next iteration has none.
    """
    for node in view.nodes:
        out.add_node(
            node.name, kind="node", op=node.op, type=", ".join(node.types), section=node.section, scope=node.scope,
            file=node.file or "", line=node.line or 0, source=node.source, origin=node.origin or "", outer=outer, body=body,
            attrs={k: str(v) for k, v in node.attrs.items()}, kernels=list(node.kernels),
        )  # fmt: skip
        for position, (operand, v) in enumerate(zip(node.operands, node.node.inputs)):
            source = view.source(operand)
            if v.kind != "constant" and source in out:
                out.add_edge(source, node.name, value=operand, type=type_of(v), position=position)
        for label, inner in node.graphs.items():
            _nodes(out, inner, node.name, label)
            for v in inner.graph.outputs:
                if v.node is not None:
                    out.add_edge(
                        inner.source(inner.name(v)), node.name, value=inner.name(v), type=type_of(v), position=-1
                    )


def _result(out, inspection, name, kind, v) -> None:
    out.add_node(name, kind=kind, op="", type=type_of(v), section="leaf")
    source = inspection.view.name(v)
    if v.kind != "constant":
        owner = source if source in inspection.view.leaves else source.split(".")[0]
        out.add_edge(owner, name, value=source, type=type_of(v), position=0)


def _roles(inspection) -> dict[str, str]:
    view, graph = inspection.view, inspection.final
    roles = {view.name(v): "parameter" for _, v in graph.parameters}
    roles.update({view.name(v): "capture" for _, v in graph.captures})
    return roles


# ---------------------------------------------------------------- graphviz
def to_dot(inspection: Inspection) -> str:
    """``Inspection.to_dot``.

    Args:
        inspection: Inspection.

    Returns:
        str.
    """
    graph = to_networkx(inspection)
    lines = [
        f"digraph {_quoted(inspection.name)} {{",
        "  rankdir=TB; node [shape=box, style=filled, fontname=sans, fontsize=10];",
    ]
    tree: dict = {}
    for node in inspection.all_nodes:
        place = tree
        held = graph.nodes[node.name]
        inside = [f"{held['outer']} {held['body']}"] if held["outer"] else []
        while inside and graph.nodes[inside[0].split()[0]]["outer"]:
            held = graph.nodes[inside[0].split()[0]]
            inside.insert(0, f"{held['outer']} {held['body']}")
        for part in [*inside, *filter(None, node.scope.split("/"))]:
            place = place.setdefault(part, {})
        place.setdefault("", []).append(node)
    lines += _cluster(tree, "", 1)
    for name, data in graph.nodes(data=True):
        if data["section"] == "leaf":
            label = f"{name}\\n{data['type']}"
            lines.append(
                f"  {_quoted(name)} [label={_quoted(label)}, shape=ellipse, fillcolor={_quoted(COLOURS['leaf'])}];"
            )
    for a, b, data in graph.edges(data=True):
        lines.append(f"  {_quoted(a)} -> {_quoted(b)} [tooltip={_quoted(data['type'])}];")
    return "\n".join([*lines, "}"]) + "\n"


def _cluster(tree: dict, path: str, depth: int) -> list[str]:
    pad = "  " * depth
    lines = [pad + _dot_node(node) for node in tree.get("", ())]
    for name, inner in tree.items():
        if name:
            full = f"{path}/{name}"
            lines += [f"{pad}subgraph {_quoted('cluster_' + full)} {{", f"{pad}  label={_quoted(name)}; color=gray;"]
            lines += [*_cluster(inner, full, depth + 1), f"{pad}}}"]
    return lines


def _dot_node(node: NodeView) -> str:
    label = f"{node.name} {node.op}\\n{node.type}"
    about = f"{node.expression}  {node.scope} {node.where}"
    return f"{_quoted(node.name)} [label={_quoted(label)}, tooltip={_quoted(about)}, fillcolor={_quoted(COLOURS[node.section])}];"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _graphviz(inspection, form: str) -> bytes | None:
    """The output of graphviz's ``dot``; None where it is not installed."""
    program = shutil.which("dot")
    if program is None:
        return None
    done = subprocess.run([program, f"-T{form}"], input=to_dot(inspection).encode(), capture_output=True, check=False)
    if done.returncode:
        raise fail(RuntimeError, f"graphviz's dot failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def to_svg(inspection: Inspection, path=None) -> str:
    """``Inspection.to_svg``.

    Args:
        inspection: Inspection.
        path: a file to write.  Default: None.

    Returns:
        str.
    """
    drawn = _graphviz(inspection, "svg")
    text = drawn.decode() if drawn is not None else _own_svg(inspection)
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text


def to_png(inspection: Inspection, path) -> None:
    """``Inspection.to_png``.

    Args:
        inspection: Inspection.
        path: the file to write.

    Raises:
        RuntimeError: graphviz's ``dot`` is not installed.
    """
    drawn = _graphviz(inspection, "png")
    if drawn is None:
        raise fail(
            RuntimeError,
            "For 'to_png', graphviz's program 'dot' is needed and was not found: install graphviz, or use to_svg or to_html, which need nothing.",
        )
    Path(path).write_bytes(drawn)


# ---------------------------------------------------------------- a layout of our own
def layers(graph) -> dict[str, tuple[float, float]]:
    """(x, y) of each node: y is the length of the longest path to it, x the mean of its inputs (barycentre method, two sweeps).

    Args:
        graph: networkx.MultiDiGraph.

    Returns:
        dict {node: (x, y)}.
    """
    import networkx

    depth: dict[str, int] = {}
    order = list(networkx.topological_sort(graph))
    for name in order:
        depth[name] = max((depth[p] + 1 for p in graph.predecessors(name)), default=0)
    for name in reversed(order):  # leaves move down to the layer above their first reader
        if not graph.in_degree(name) and graph.out_degree(name):
            depth[name] = min(depth[s] for s in graph.successors(name)) - 1
    rows: dict[int, list[str]] = {}
    for name in order:
        rows.setdefault(depth[name], []).append(name)
    place = {name: float(k) for row in rows.values() for k, name in enumerate(row)}
    for neighbours, levels in ((graph.predecessors, sorted(rows)), (graph.successors, sorted(rows, reverse=True))):
        for level in levels:
            wanted = {}
            for name in rows[level]:
                near = [place[n] for n in neighbours(name)]
                wanted[name] = sum(near) / len(near) if near else place[name]
            rows[level].sort(key=lambda n: wanted[n])
            left = -1.0
            for name in rows[level]:
                place[name] = left = max(left + 1, wanted[name])
    top = min(rows, default=0)
    least = min(place.values(), default=0.0)
    return {n: ((place[n] - least) * (WIDTH + GAP_X), (depth[n] - top) * (HEIGHT + GAP_Y)) for n in order}


def _own_svg(inspection: Inspection) -> str:
    graph = to_networkx(inspection)
    at = layers(graph)
    width = max((x for x, _ in at.values()), default=0) + WIDTH + 20
    height = max((y for _, y in at.values()), default=0) + HEIGHT + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="-10 -10 {width:.0f} {height:.0f}" '
        'font-family="sans-serif" font-size="10">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#888"/></marker></defs>',
    ]
    for a, b, data in graph.edges(data=True):
        x1, y1, x2, y2 = at[a][0] + WIDTH / 2, at[a][1] + HEIGHT, at[b][0] + WIDTH / 2, at[b][1]
        bend = max(20.0, (y2 - y1) / 2)
        parts.append(
            f'<path d="M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}" fill="none" '
            f'stroke="#888" marker-end="url(#tip)"><title>{escape(data["value"])}: {escape(data["type"])}</title></path>'
        )
    views = {n.name: n for n in inspection.all_nodes}
    for name, (x, y) in at.items():
        data, view = graph.nodes[name], views.get(name)
        head = f"{name} {data['op']}".strip()
        about = f"{view}\n{view.scope}\n{view.where}  {view.source}" if view else f"{data['kind']} {name}"
        parts.append(
            f'<g><title>{escape(about)}</title><rect x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="{4 if view else 16}" '
            f'fill="{COLOURS[data["section"]]}" stroke="#666"/>'
            f'<text x="{x + WIDTH / 2:.0f}" y="{y + 14:.0f}" text-anchor="middle">{escape(head[-26:])}</text>'
            f'<text x="{x + WIDTH / 2:.0f}" y="{y + 27:.0f}" text-anchor="middle" fill="#555">{escape(data["type"][:28])}</text></g>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
