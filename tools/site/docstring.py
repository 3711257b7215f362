"""Docstrings of the package as HTML: sections become lists of fields, examples code blocks.

The form of the docstrings is held by tools/check_docstrings.py, so that a few rules suffice: sections are a line ``Args:`` with
indented items, examples begin with ``>>>``, code in the text stands between double backticks.  HTML, and not reStructuredText, because
the text of two thousand names would take docutils minutes.
"""

import re
import textwrap
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonConsoleLexer

SECTION = re.compile(r"^(Args|Inputs|Returns|Yields|Raises|State|Attributes|Gradients)\b([^`]*(``[^`]*``[^`]*)*):$")
ITEM = re.compile(r"^(\*{0,2}[\w.`*, ]+?)(?: \(([^()]*(?:\([^()]*\)[^()]*)*)\))?: (.*)$", re.S)
TITLES = {"Args": "Arguments"}
_LEXER, _FORM = PythonConsoleLexer(), HtmlFormatter()


def inline(text: str) -> str:
    """Plain text with code between double backticks, on one line."""
    parts = re.split(r"``(.+?)``", " ".join(text.split()))
    return "".join(f"<code>{escape(part)}</code>" if k % 2 else escape(part) for k, part in enumerate(parts))


def items(lines: list[str]) -> list[str]:
    """The items of a section: lines with the least indentation begin one."""
    found: list[list[str]] = []
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    for line in lines:
        if line.strip():
            if len(line) - len(line.lstrip()) == least or not found:
                found.append([])
            found[-1].append(line.strip())
    return [" ".join(item) for item in found]


def _item(text: str) -> str:
    match = ITEM.match(text)
    if not match:
        return f"<p>{inline(text)}</p>"
    name, kind, rest = match.groups()
    kind = f" <em>({inline(kind)})</em>" if kind else ""
    return f"<p><strong>{escape(name.strip('`'))}</strong>{kind}: {inline(rest)}</p>"


def _field(title: str, lines: list[str]) -> str:
    """One section."""
    text = f"<p>{inline(' '.join(lines))}</p>" if title in ("Returns", "Yields") else "".join(map(_item, items(lines)))
    return f"<dt>{inline(TITLES.get(title, title))}</dt><dd>{text}</dd>"


def _prose(lines: list[str]) -> str:
    """Paragraphs, lists and indented formulas."""
    out = []
    for block in re.split(r"\n\s*\n", "\n".join(lines).strip("\n")):
        if block.startswith("    "):
            out.append(f"<pre>{escape(textwrap.dedent(block))}</pre>")
        elif block.strip():
            first, *bullets = re.split(r"^- ", block, flags=re.M)
            out.append(f"<p>{inline(first)}</p>" if first.strip() else "")
            out.append("<ul>" + "".join(f"<li>{inline(b)}</li>" for b in bullets) + "</ul>" if bullets else "")
    return "".join(out)


def html(text: str) -> str:
    """A docstring, as ``inspect.getdoc`` gives it."""
    lines, k = text.expandtabs().splitlines(), 0
    prose: list[str] = []
    fields, examples = "", ""
    while k < len(lines):
        section, begin = SECTION.match(lines[k]), k
        if section and k + 1 < len(lines) and lines[k + 1].startswith(" "):
            begin = k = k + 1
            while k < len(lines) and (not lines[k].strip() or lines[k].startswith(" ")):
                k += 1
            fields += _field(section[1] + section[2], lines[begin:k])
        elif lines[k].lstrip().startswith(">>>"):
            while k < len(lines) and lines[k].strip():
                k += 1
            code = highlight(textwrap.dedent("\n".join(lines[begin:k])), _LEXER, _FORM)
            examples += f'<div class="highlight-pycon notranslate">{code}</div>'
        else:
            if lines[k].strip() not in ("Examples:", "Example:"):
                prose.append(lines[k])
            k += 1
    return _prose(prose) + (f'<dl class="field-list simple">{fields}</dl>' if fields else "") + examples
