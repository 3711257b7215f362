"""Reports on each compilation: messages (``MINISPORE_DEBUG``) and files (``set_context(save_graphs=...)``)."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

from ..core import context
from ..graph.history import DEBUG, Compilation
from .inspection import Inspection
from .text import graph_text
from .view import GraphView

_numbers = itertools.count()


def compiled(record: Compilation, graph) -> None:
    """Called after each compilation while messages or files are enabled.

    Args:
        record: Compilation.
        graph: Graph.
    """
    level = int(context._settings["save_graphs"])
    inspection = None
    if DEBUG > 1 or level > 0:
        inspection = Inspection(graph, record.name, record.arguments, record.input_names)
    if DEBUG:
        print(message(record, inspection, DEBUG), file=sys.stderr)
    if inspection is not None and level > 0:
        save(inspection, level, Path(context._settings["save_graphs_path"]))


def message(record: Compilation, inspection: Inspection | None, level: int) -> str:
    """What is told about a compilation.

    Args:
        record: Compilation.
        inspection: Inspection, or None for level 1.
        level: int; 1: what, how long, why; 2: the graph; 3: the rewrites; 4: the kernels' source.

    Returns:
        str.
    """
    given = ", ".join(f"{k}: {v}" for k, v in record.arguments.items())
    lines = [
        f"minispore: {record.name}({given}) compiled in {record.seconds:.3f} s "
        f"({record.spent}; {record.compiled} kernels compiled, {record.loaded} from the cache): {record.reason}"
    ]
    if inspection is None:
        return lines[0]
    lines.append(str(inspection))
    if level >= 3:
        for k, p in enumerate(inspection.passes, 1):
            lines += [f"pass {k}, {p}", *(f"  {r}" for r in p.rewrites)]
    if level >= 4:
        lines.append(sources(inspection))
    return "\n".join(lines)


def sources(inspection: Inspection) -> str:
    """The source of each distinct kernel once, with the nodes of its first call as comments.

    Args:
        inspection: Inspection.

    Returns:
        str.
    """
    parts: list[str] = []
    seen: dict[str, int] = {}
    for kernel in inspection.kernels:
        digest = kernel.call.source.digest
        if digest in seen:
            parts.append(f"# call {kernel.index}: as call {seen[digest]}")
        else:
            seen[digest] = kernel.index
            parts.append(f"# call {kernel.index}\n{kernel.source}")
    return "\n".join(parts)


def save(inspection: Inspection, level: int, folder: Path) -> Path:
    """Writes the graphs of a compilation into a new directory.

    1: the graph as traced and as compiled; 2: also after each pass, with the rewrites, the kernels' source and the
    memory plan; 3: also a drawing (SVG) and graphviz source.

    Args:
        inspection: Inspection.
        level: int.
        folder: Path, under which the directory is made.

    Returns:
        Path, the new directory.
    """
    while True:
        name = f"{next(_numbers):04d}_{re.sub(r'[^A-Za-z0-9_]+', '_', inspection.name)}"
        target = folder / name
        try:
            target.mkdir(parents=True, exist_ok=False)
            break
        except FileExistsError:  # written by an earlier process
            continue
    texts = {
        "00_traced.txt": graph_text(GraphView(inspection.traced, inspection.input_names)),
        "90_final.txt": inspection.text(),
    }
    if level >= 2:
        for k, p in enumerate(inspection.passes, 1):
            texts[f"{k:02d}_{p.name}.txt"] = p.text()
        texts["91_kernels.py"] = sources(inspection)
        texts["92_memory.txt"] = str(inspection.memory)
    if level >= 3:
        texts["93_graph.dot"] = inspection.to_dot()
        texts["93_graph.svg"] = inspection.to_svg()
    for name, text in texts.items():
        (target / name).write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    return target
