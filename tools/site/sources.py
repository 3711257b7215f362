"""A Sphinx extension: a page for each source file of the package that the reference points to, with an anchor for each line.

The pages are plain, without the theme's navigation, which would take most of the time of a build.
"""

from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).parents[2]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title><link rel="stylesheet" href="{up}_static/code.css"></head>
<body><p><a href="{up}index.html">minispore</a> / <a href="{up}api/index.html">API reference</a> / {name}</p>{code}</body></html>
"""
STYLE = """body {{ margin: 1rem; font: 0.95rem/1.4 sans-serif; }} pre {{ font-size: 0.82rem; line-height: 1.4; }}
.linenos {{ user-select: none; padding-right: 1em; }} a {{ color: inherit; }} :target {{ outline: 2px solid #4a90d9; }}
{light}
@media (prefers-color-scheme: dark) {{ body {{ background: #131416; color: #ccc; }}
{dark} .highlight {{ background: #131416; }} .linenos {{ background: none !important; color: #777 !important; }} }}
"""


def page_of(file: Path) -> str:
    return f"source/{file.with_suffix('').as_posix()}"


def write(app, exception):
    """Pages of the files named in build/site/sources.txt, which the writer of the reference leaves there."""
    if exception:
        return
    form = HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True)
    for name in (Path(app.srcdir) / "sources.txt").read_text().split():
        at = Path(app.outdir) / f"{page_of(Path(name))}.html"
        at.parent.mkdir(parents=True, exist_ok=True)
        code = highlight((ROOT / name).read_text(), PythonLexer(), form)
        at.write_text(PAGE.format(name=name, up="../" * (len(Path(name).parts)), code=code))
    styles = {
        key: HtmlFormatter(style=style).get_style_defs(".highlight")
        for key, style in (("light", "tango"), ("dark", "monokai"))
    }
    (Path(app.outdir) / "_static" / "code.css").write_text(STYLE.format(**styles))


def setup(app):
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
