"""The data of the page, ready for JSON."""

from __future__ import annotations

import linecache

from ..cost import flops
from ..view import GraphView, NodeView, type_of

AROUND = 2  # lines of source shown before and after a node's


def data(inspection, profile=None) -> dict:
    """All data of the page.

    Args:
        inspection: Inspection.
        profile: Profile.  Default: None.

    Returns:
        dict, ready for JSON.
    """
    kernels = inspection.kernels
    lines: dict[str, int] = {}  # {line of generated code: its index}: kernels share most lines
    nodes = list(_nodes(inspection.view, None))
    groups = update_groups(inspection)
    for n in nodes:
        if n["name"] in groups:
            n["group"] = groups[n["name"]]
    made = [
        {
            "name": k.name, "nodes": [n.name for n in k.nodes], "reads": k.reads, "writes": k.writes, "sizes": k.sizes,
            "flops": k.flops, "read": k.bytes_read, "written": k.bytes_written, "threads": k.threads,
            "origin": k.origin, "seconds": k.seconds, "section": (k.sections or ["copy"])[0],
            "code": [lines.setdefault(line, len(lines)) for line in k.source.splitlines()],
        }
        for k in kernels
    ]  # fmt: skip
    return {
        "name": inspection.name,
        "arguments": inspection.arguments,
        "stats": inspection.stats(),
        "nodes": nodes,
        "leaves": _leaves(inspection),
        "classes": {
            path: type(cell).__name__
            for scope, cell, _ in inspection.traced.calls
            if (path := inspection.traced.shown(scope))
        },
        "outputs": [inspection.view.name(v) for v in inspection.final.outputs],
        "updates": inspection.updates,
        "kernels": made,
        "code": list(lines),
        "sources": _sources(inspection.all_nodes),
        "memory": _memory(inspection.memory),
        "passes": [str(p) for p in inspection.passes],
        "profile": None if profile is None else _profile(profile),
    }


def _nodes(view: GraphView, outer: tuple[str, str] | None):
    """The nodes, each followed by those of its subgraphs; ``outer``: the node and subgraph that they are in."""
    for n in view.nodes:
        found: dict = {
            "name": n.name, "op": n.op, "types": n.types, "in": n.operands, "attrs": {k: str(v)[:300] for k, v in n.attrs.items()},
            "scope": n.scope, "file": n.file, "line": n.line, "section": n.section, "of": n.origin,
            "kernels": n.kernels, "flops": flops(n.node),
        }  # fmt: skip
        if outer:
            found["outer"], found["body"] = outer
        if n.graphs:
            found["bodies"] = {label: [inner.name(v) for v in inner.graph.inputs] for label, inner in n.graphs.items()}
        yield found
        for label, inner in n.graphs.items():
            yield from _nodes(inner, (n.name, label))


def _leaves(inspection) -> dict[str, dict]:
    view, graph = inspection.view, inspection.final
    parameters = {view.name(v) for _, v in graph.parameters}
    captures = {view.name(v) for _, v in graph.captures}
    return {
        name: {
            "type": type_of(v),
            "role": "parameter" if name in parameters else "capture" if name in captures else "input",
        }
        for name, v in view.leaves.items()
    }


def update_groups(inspection) -> dict[str, str]:
    """{node of the update section: Parameter}, where it serves the update of one Parameter (and its moments) only.

    Args:
        inspection: Inspection.

    Returns:
        dict from the name of a node to that of a Parameter.
    """
    names = sorted((p.name for p in inspection.parameters), key=len)
    by_name: dict[str, NodeView] = {n.name: n for n in inspection.view.nodes}
    reached: dict[str, set[str]] = {}
    for state, value in inspection.updates.items():
        owner = next((n for n in names if n == state or state.endswith("." + n)), state)  # moments.conv1.weight
        stack = [value.split(".")[0]]
        while stack:
            node = by_name.get(stack.pop())
            if node is None or node.section != "update" or owner in reached.setdefault(node.name, set()):
                continue
            reached[node.name].add(owner)
            stack += [o.split(".")[0] for o in node.operands if o.startswith("%")]
    return {name: next(iter(owners)) for name, owners in reached.items() if len(owners) == 1}


def _sources(nodes: list[NodeView]) -> dict[str, dict[int, str]]:
    """{file: {line: text}} of the source lines of nodes and a few around each."""
    found: dict[str, dict[int, str]] = {}
    for n in nodes:
        if n.file and n.line:
            lines = found.setdefault(n.file, {})
            for k in range(max(n.line - AROUND, 1), n.line + AROUND + 1):
                text = linecache.getline(n.file, k)
                if text:
                    lines[k] = text.rstrip()
    return found


def _memory(memory) -> dict:
    return {
        "arena": memory.arena_bytes, "unshared": memory.unshared_bytes, "peak": memory.peak, "peak_call": memory.peak_call,
        "live": memory.live, "parameters": memory.parameter_bytes, "inputs": memory.input_bytes,
        "outputs": memory.output_bytes, "constants": memory.constant_bytes, "in_place": memory.in_place,
        "buffers": [
            {"name": b.name, "bytes": b.nbytes, "offset": b.offset, "first": b.first, "last": b.last, "reuses": b.reuses}
            for b in memory.buffers
        ],
    }  # fmt: skip


def _profile(profile) -> dict:
    return {
        "steps": profile.steps, "step": profile.step_seconds, "kernels": [c.seconds for c in profile.kernels],
        "runs": [c.runs for c in profile.kernels], "overhead": profile.overhead, "empty": profile.timings.empty,
        "peak_flops": profile.peaks.flops, "peak_bytes": profile.peaks.bytes,
        "cells": [{"name": c.name, "seconds": c.seconds, "flops": c.flops, "bytes": c.bytes} for c in profile.cells],
    }  # fmt: skip
