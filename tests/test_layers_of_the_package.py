"""The layers: the contract holds, the picture in docs/architecture.md is the contract, and the files it names exist."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text()


def layers_of_the_contract() -> list[set[str]]:
    """[names of each layer], highest first, as pyproject.toml has them."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        tomllib = pytest.importorskip("tomli")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = [c["layers"] for c in contracts if c["type"] == "layers"]
    return [set(re.split(r"\s*[:|]\s*", layer)) for layer in layers]


@pytest.mark.quick
def test_the_picture_is_the_contract():
    picture = re.search(r"## The layers.*?```\n(.*?)```", PAGE, re.DOTALL)
    drawn = [set(re.split(r"\s*[:|]\s*", line)) for line in picture[1].splitlines()]
    assert drawn == layers_of_the_contract()


@pytest.mark.quick
def test_every_module_is_in_a_layer():
    listed = set().union(*layers_of_the_contract())
    package = ROOT / "minispore"
    there = {p.stem for p in package.glob("*.py")} | {p.parent.name for p in package.glob("*/__init__.py")}
    assert there - {"__init__"} == listed


@pytest.mark.quick
def test_files_that_the_page_names_exist():
    """``graph/passes.py`` below the package, ``tests/...`` and ``pyproject.toml`` at the root; in a row of the table of
    layers, which begins with a folder, also ``passes.py``."""
    missing = []
    for line in PAGE.splitlines():
        folder = re.match(r"\| `(\w+)/`", line)
        places = [ROOT, ROOT / "minispore", *([ROOT / "minispore" / folder[1]] if folder else [])]
        for name in re.findall(r"`([\w/]+(?:\.py|\.toml|\.md|/))`", line):
            if not any((place / name).exists() for place in places):
                missing.append(name)
    assert not missing


@pytest.mark.quick
def test_imports_point_one_way(monkeypatch):
    use_cases = pytest.importorskip("importlinter.application.use_cases")
    configuration = pytest.importorskip("importlinter.configuration")
    configuration.configure()
    monkeypatch.chdir(ROOT)
    assert use_cases.lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
