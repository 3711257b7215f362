"""Writes the API reference as reStructuredText: a page for each group of ``api.LAYOUT``."""

import inspect
from html import escape
from pathlib import Path

import api
import docstring
import sources


def _kind(item: object) -> str:
    return "class" if inspect.isclass(item) else "function" if callable(item) else "data"


def _source(item: object, name: str, used: set) -> str:
    at = api.place(item, name)
    if at is None:
        return ""
    used.add(at[0].as_posix())
    return f'<a class="from-source" href="../{sources.page_of(at[0])}.html#L-{at[1]}">source</a>'


def _raw(text: str) -> list[str]:
    return [".. raw:: html", "", *("   " + line for line in text.splitlines()), ""]


def _about(item: object) -> str:
    return (inspect.getdoc(item) or "") if callable(item) or isinstance(item, property) else ""


def _directive(entry: api.Entry, method: bool) -> str:
    item = entry.item
    if method:
        raw = isinstance(item, property)
        return f".. py:{'property' if raw else 'method'}:: {entry.path}{'' if raw else api.signature(item, True)}"
    kind = _kind(item)
    return f".. py:{kind}:: {entry.path}{'' if kind == 'data' else api.signature(item)}"


def entry_lines(entry: api.Entry, used: set, method: bool = False) -> list[str]:
    """One name: signature, source, text, members."""
    name, item = entry.path.rsplit(".", 1)[1], entry.item
    if entry.same_as:
        body = [f"The same as :py:obj:`{entry.same_as}`.", ""]
    elif not callable(item) and not isinstance(item, property):
        body = _raw(f"<p>Value: <code>{escape(repr(item))}</code></p>" if len(repr(item)) < 80 else "<p>An object.</p>")
    else:
        body = _raw(_source(item, name, used) + docstring.html(_about(item)))
        for member in entry.members:
            body += entry_lines(member, used, True)
    return [_directive(entry, method), "", *("   " + line if line else "" for line in body), ""]


def _list(entries: list[api.Entry]) -> list[str]:
    """The names of a page at a glance."""
    rows = [f'<a href="#{e.path}"><code>{e.path.rsplit(".", 1)[1]}</code></a>' for e in entries]
    return _raw(f'<p class="names">{"<br>".join(rows)}</p>')


def page(name: str, entries: list[api.Entry], used: set) -> str:
    title = api.TITLES[name]
    lines = [title, "=" * len(title), ""]
    groups: dict[str, list[api.Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.path.rsplit(".", 1)[0], []).append(entry)
    for module, group in groups.items():
        if len(groups) > 1:
            lines += [module, "-" * len(module), ""]
        lines += _list(group)
        for entry in group:
            lines += entry_lines(entry, used, name == "tensor-methods")
    return "\n".join(lines)


def write(folder: Path) -> None:
    """All pages, their index, and the list of the source files that they point to."""
    folder.mkdir(parents=True, exist_ok=True)
    used: set[str] = set()
    found = api.pages()
    for name, entries in found.items():
        (folder / f"{name}.rst").write_text(page(name, entries, used))
    number = sum(len(entries) for entries in found.values())
    lines = [
        "API reference",
        "=============",
        "",
        f"{number} public names, from their docstrings. Examples in the text are run by the tests.",
        "",
    ]
    for title, names in api.LAYOUT:
        lines += [
            title,
            "-" * len(title),
            "",
            ".. toctree::",
            "   :maxdepth: 1",
            "",
            *(f"   {name}" for name in names),
            "",
        ]
    (folder / "index.rst").write_text("\n".join(lines))
    (folder.parent / "sources.txt").write_text("\n".join(sorted(used)))
