"""Pieces of HTML for what notebooks show of objects (``_repr_html_``)."""

import sys
from collections.abc import Iterable, Sequence
from html import escape


def shell():
    """The running IPython, or None; that of a notebook has a ``kernel``."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


_CELL = "padding:2px 10px;vertical-align:top;text-align:"


def text(content: str) -> str:
    """Preformatted text."""
    return f'<pre style="margin:2px 0">{escape(content)}</pre>'


def line(content: str) -> str:
    return f'<div style="margin:2px 0">{escape(content)}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence], left: int = 1) -> str:
    """A table; its first ``left`` columns and the last one, if it is text, are aligned left."""

    def cells(tag: str, row: Sequence) -> str:
        sides = ("left" if k < left else "right" for k in range(len(row)))
        return "".join(
            f'<{tag} style="{_CELL}{side};white-space:pre">{escape(str(c))}</{tag}>' for side, c in zip(sides, row)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{cells('th', heads)}</tr></thead><tbody>{body}</tbody></table>"


def folding(title: str, body: str, is_open: bool = True) -> str:
    """A title on which a click folds and unfolds ``body`` (HTML)."""
    shown = " open" if is_open else ""
    return f'<details{shown}><summary style="cursor:pointer">{escape(title)}</summary><div style="margin-left:1.4em">{body}</div></details>'
