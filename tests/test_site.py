"""The documentation site: what its reference holds, and how docstrings become pages.  Building it all is ``make docs``."""

import importlib.util
import sys
from importlib import import_module
from pathlib import Path

import pytest

import minispore as ms

ROOT = Path(__file__).parent.parent
SITE = ROOT / "tools" / "site"


def tool(name: str):
    """A module of tools/site."""
    spec = importlib.util.spec_from_file_location(f"site_{name}", SITE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_every_public_name_is_in_the_reference_and_points_to_its_source():
    api = tool("api")
    described = {entry.path: entry for entries in api.pages().values() for entry in entries}
    for module in ("", "nn", "ops", "mint", "numpy", "dataset", "train", "communication", "extend", "inspect"):
        path = f"minispore.{module}".rstrip(".")
        home = import_module(path)
        names = getattr(home, "__all__", None) or [name for name in dir(home) if not name.startswith("_")]
        missing = {
            name for name in names
            if f"{path}.{name}" not in described and getattr(getattr(home, name), "__module__", "").startswith("minispore")
        }  # fmt: skip
        assert not missing, (path, missing)
    assert all(f"minispore.Tensor.{name}" in described for name in ("reshape", "dtype", "sum", "register_hook"))
    families = {entry.path.rpartition(".")[2] for entry in api.pages()["ops-more"]}
    assert not families & {
        name for name in families if name.startswith("scatter") or name in ("max", "stack", "svd", "norm")
    }
    file, line = api.place(ms.nn.Dense, "Dense")
    assert (ROOT / file).read_text().splitlines()[line - 1].startswith("class Dense(")
    file, line = api.place(ms.ops.tanh, "tanh")  # made by ``elementwise``: the line that defines it
    assert "tanh" in (ROOT / file).read_text().splitlines()[line - 1] and file.name == "elementwise.py"
    assert described["minispore.Model"].same_as == "minispore.train.Model" or described["minispore.train.Model"].same_as


def test_a_docstring_becomes_text_fields_and_code():
    page = tool("docstring").html(
        "Adds ``a < b`` & more.\n\n- one\n- two\n\nArgs:\n    x (Tensor): any\n        shape.\n    *rest: others.\n\n"
        "Returns:\n    Tensor.\n\n>>> 1 + 1\n2"
    )
    assert "<code>a &lt; b</code> &amp; more." in page and "<li>one</li><li>two</li>" in page
    assert "<strong>x</strong> <em>(Tensor)</em>: any shape." in page and "<strong>*rest</strong>: others." in page
    assert "<dt>Returns</dt><dd><p>Tensor.</p></dd>" in page and 'class="highlight' in page and "Args" not in page


def test_links_that_lead_nowhere_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="here"></p><a href="b.html#there">x</a><a href="c.html">y</a><a href="#here">z</a>'
    )
    (tmp_path / "b.html").write_text(
        '<a href="a.html#here">x</a><a href="https://example.org/none">y</a><img src="/etc/picture.png">'
    )
    assert tool("links").broken(tmp_path) == [
        "a.html: b.html#there (no such anchor)",
        "a.html: c.html",
        "b.html: /etc/picture.png",
    ]


def test_the_gallery_shows_every_example_and_its_pictures_exist(tmp_path):
    gallery = tool("gallery")
    gallery.write(ROOT / "examples", tmp_path, ROOT / "docs" / "gallery")
    text = (tmp_path / "README.md").read_text()
    for example in (p for p in (ROOT / "examples").iterdir() if p.name[0].isdigit()):
        assert f'href="{example.stem}.html"' in text
    assert {p.name for p in (ROOT / "docs" / "gallery").glob("*.png")} <= set(gallery.PICTURES.values())
    assert text.count('class="picture"') == len(list((ROOT / "docs" / "gallery").glob("*.png")))
