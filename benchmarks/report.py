"""Tables: on the screen, as JSON and as Markdown in benchmarks/results/."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import machine

RESULTS = Path(__file__).with_name("results")


@dataclass
class Table:
    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def failed(self, name: str, reason: str) -> None:
        self.rows.append([name, "failed"] + [""] * (len(self.columns) - 2))
        self.notes.append(f"{name}: {reason}")

    def plain(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows)]
        lines = [self.columns, ["-" * width for width in widths], *self.rows]
        body = ["  ".join(cell.rjust(width) if index else cell.ljust(width)
                for index, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines]  # fmt: skip
        return "\n".join([self.title, *body, *self.notes])

    def markdown(self) -> str:
        line = lambda cells: f"| {' | '.join(cells)} |"
        rule = line(["---"] + ["---:"] * (len(self.columns) - 1))
        notes = [f"\n{note}" for note in self.notes]
        return "\n".join([f"### {self.title}\n", line(self.columns), rule, *map(line, self.rows), *notes, ""])

    def show(self) -> None:
        try:
            from rich import box
            from rich.console import Console
            from rich.table import Table as RichTable
        except ImportError:
            print(self.plain(), end="\n\n", flush=True)
            return
        table = RichTable(title=self.title, box=box.SIMPLE_HEAD, title_justify="left")
        for index, column in enumerate(self.columns):
            table.add_column(column, justify="right" if index else "left", no_wrap=True)
        for row in self.rows:
            table.add_row(*row)
        console = Console() if sys.stdout.isatty() else Console(width=200)
        console.print(table)
        for note in self.notes:
            console.print(note, markup=False)


def duration(seconds: float) -> str:
    """With three digits, in the unit that suits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds / 1e-6)} us"


def digits(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def save(name: str, heading: str, tables: list[Table], data: dict[str, Any]) -> None:
    """One JSON and one Markdown file for each benchmark, and all the Markdown together in latest.md."""
    RESULTS.mkdir(exist_ok=True)
    about = {"when": datetime.now(timezone.utc).isoformat(timespec="seconds"), **machine.describe()}
    record = {"benchmark": name, **about, **data, "tables": [asdict(table) for table in tables]}
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n")
    versions = ", ".join(f"{key} {value}" for key, value in data.get("versions", {}).items())
    facts = f"{about['when']}, {about['processor']}, {about['cores']} cores, load {about['load']}. {versions}."
    text = "\n".join([f"## {heading}\n", facts, "", *(table.markdown() for table in tables)])
    (RESULTS / f"{name}.md").write_text(text)
    parts = [path.read_text() for path in sorted(RESULTS.glob("*.md")) if path.name != "latest.md"]
    (RESULTS / "latest.md").write_text("# The latest results\n\n" + "\n".join(parts))
    print(f"saved: {RESULTS.name}/{name}.json, {name}.md, latest.md", flush=True)
