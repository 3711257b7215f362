"""The page: an Inspection as one self-contained HTML file."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from pathlib import Path

from .data import data

SCRIPTS = ("layout.js", "scene.js", "canvas.js", "minimap.js", "charts.js", "panel.js", "page.js")


def to_html(inspection, path=None, profile=None) -> str:
    """``Inspection.to_html``.

    Args:
        inspection: Inspection.
        path: a file to write it to, too.  Default: None.
        profile: Profile.  Default: None.

    Returns:
        str.
    """
    here = files(__package__)
    fill = {
        "TITLE": escape(inspection.name),
        "STYLE": (here / "page.css").read_text(encoding="utf-8"),
        "SCRIPT": "\n".join((here / name).read_text(encoding="utf-8") for name in SCRIPTS),
        # escape what could end a script element: "</" and "<!--"
        "DATA": json.dumps(data(inspection, profile), separators=(",", ":")).replace("<", "\\u003c"),
    }
    parts = (here / "page.html").read_text(encoding="utf-8").split("@@")
    html = "".join(fill[part] if k % 2 else part for k, part in enumerate(parts))
    if path is not None:
        Path(path).write_text(html, encoding="utf-8")
    return html


def frame(html: str, height: int = 640) -> str:
    """The page in an iframe, for notebooks.

    Args:
        html: str.
        height: int, pixels.  Default: 640.

    Returns:
        str.
    """
    return (
        f'<iframe srcdoc="{escape(html)}" sandbox="allow-scripts" title="compiled graph" '
        f'style="width:100%;height:{height}px;border:1px solid #8884;border-radius:6px"></iframe>'
    )
