"""``minispore inspect``: runs a script, then prints the graph of each compiled call, or writes a page for each."""

from __future__ import annotations

import html
import re
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from .console import console
from .script import run

if TYPE_CHECKING:
    from ..inspect.watching import Seen

STEPS = 20  # measured by --profile

NOTHING = (
    "Nothing was compiled: the script ran op by op (PYNATIVE mode). A step is compiled in GRAPH mode, "
    "ms.set_context(mode=ms.GRAPH_MODE), or in a function with @ms.jit."
)


def inspect(options) -> int:
    """Runs the script and shows what it compiled, also when it fails; the exit code is the script's."""
    from ..inspect.watching import watching

    with watching() as seen:
        try:
            return run(options.target, options.rest, options.module)
        finally:
            sys.stdout.flush()
            _show(list(seen), options)


def _show(seen: list[Seen], options) -> None:
    from ..inspect import Summary

    out = console()
    if not seen:
        console(sys.stderr).print(f"[yellow]minispore inspect:[/] {NOTHING}", soft_wrap=True)
        return
    largest = sorted(range(len(seen)), key=lambda k: -len(seen[k].graph.nodes))[: options.limit]
    pages = [(k, seen[k].compilation, seen[k].inspection) for k in sorted(largest)]
    if options.profile:
        for k, _, _ in pages:
            seen[k].profile(STEPS)
    _table(pages, len(seen), out)
    folder = options.html or (tempfile.mkdtemp(prefix="minispore-inspect-") if options.open else None)
    if folder is None:
        for _, record, inspection in pages:
            out.rule()
            if options.summary:
                out.print(str(Summary(inspection)), markup=False, soft_wrap=True)
                continue
            text = [str(inspection), f"kernels\n{inspection.kernels}", f"compiled because: {record.reason}"]
            out.print("\n".join([*text, f"in {record.seconds:.3f} s: {record.spent}"]), markup=False, soft_wrap=True)
            if inspection.measured is not None:
                out.print(inspection.measured, soft_wrap=True)
        return
    index = write(pages, Path(folder))
    out.print(f"pages: {index}", soft_wrap=True)
    if options.open and not webbrowser.open(index.resolve().as_uri()):
        console(sys.stderr).print("[yellow]minispore inspect:[/] there is no browser to open it with", soft_wrap=True)


def _table(pages: list[tuple], total: int, out) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    shown = f", of which these are the {len(pages)} largest" if len(pages) < total else ""
    out.print(f"[bold]{total} call{'s' * (total > 1)} compiled[/]{shown}")
    table = Table(box=SIMPLE_HEAD)
    for name in ("", "call", "nodes", "kernels", "us a step", "compiled in", "why"):
        table.add_column(name, justify="left" if name in ("call", "why") else "right", overflow="fold")
    for k, record, inspection in pages:
        table.add_row(
            str(k), _call(record), str(len(inspection.final.nodes)), str(len(inspection.kernels)),
            _time(inspection), f"{record.seconds:.2f} s", record.reason,
        )  # fmt: skip
    out.print(table)


def _time(inspection) -> str:
    measured = inspection.measured
    return "" if measured is None else f"{1e6 * measured.step_seconds:.0f}"


def _call(record) -> str:
    return f"{record.name}({', '.join(f'{k}: {v}' for k, v in record.arguments.items())})"


def write(pages: list[tuple], folder: Path) -> Path:
    """A page for each (number, Compilation, Inspection) in ``folder``, and ``index.html``, whose path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for k, record, inspection in pages:
        name = f"{k:03d}_{re.sub('[^A-Za-z0-9_]+', '_', record.name)}.html"
        inspection.to_html(folder / name)
        cells = [
            _call(record),
            len(inspection.final.nodes),
            len(inspection.kernels),
            _time(inspection),
            f"{record.seconds:.2f} s",
            record.reason,
        ]
        link, *others = (html.escape(str(c)) for c in cells)
        rows.append(f'<tr><td><a href="{name}">{link}</a>' + "".join(f"<td>{c}" for c in others))
    index = folder / "index.html"
    index.write_text(INDEX.replace("ROWS", "\n".join(rows)), encoding="utf-8")
    return index


INDEX = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What was compiled</title>
<style>
  body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
  table { border-collapse: collapse } td, th { padding: .3rem .8rem; text-align: left; vertical-align: top }
  tr + tr { border-top: 1px solid #8884 }
  @media (prefers-color-scheme: dark) { body { background: #16181d; color: #ddd } a { color: #7ab7ff } }
</style>
<h1>What was compiled</h1>
<table>
<tr><th>call<th>nodes<th>kernel calls<th>us a step<th>compiled in<th>why
ROWS
</table>
</html>
"""
