"""Sphinx's configuration; ``make docs`` runs it on the sources that build.py has put together in build/site."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import minispore

project = "minispore"
author = "the minispore authors"
copyright = author
release = version = minispore.__version__
extensions = ["myst_nb", "sphinx_copybutton", "sources"]
root_doc = "index"
exclude_patterns = ["examples/output/**"]

html_theme = "furo"
html_title = f"minispore {release}"
html_static_path = [str(Path(__file__).parent / "static"), str(Path(__file__).parents[2] / "docs" / "gallery")]
html_css_files = ["site.css"]
html_show_sourcelink = html_show_sphinx = False
html_copy_source = False

myst_heading_anchors = 4

nb_execution_mode = "off"
suppress_warnings = [
    "mystnb.unknown_mime_type",
    "myst.header",
]  # headings may begin at the second level in included pages
add_module_names = False
python_use_unqualified_type_names = True
toc_object_entries = False  # each page has a list of its names
highlight_language = "default"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
