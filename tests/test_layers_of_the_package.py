"""The layers: the contract holds, the picture in docs/architecture.md is the contract, the files it names exist, and inside
of a layer imports make no circles."""

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


# Imports that may close a circle inside of a package, each with its reason.
CIRCLES = {
    # the methods of a dataset make further nodes, and what they make has these methods: classes that derive from Dataset
    ("dataset.dataset", "dataset.batching"),
    ("dataset.dataset", "dataset.mapping"),
    ("dataset.dataset", "dataset.pipeline"),
    ("dataset.dataset", "dataset.sync"),
    ("dataset.node", "dataset.pipeline"),
}


def circles_in(graph, package: str) -> list[str]:
    """The circles of imports among what is directly in ``package``: its ``__init__``, its modules and its packages, each of
    these with all that is in it.  Imports inside functions count, those for types alone are not in ``graph``."""
    networkx = pytest.importorskip("networkx")
    arrows = networkx.DiGraph()
    for importer in (package, *graph.find_descendants(package)):
        for imported in graph.find_modules_directly_imported_by(importer):
            names = [name.removeprefix("minispore.") for name in (importer, imported)]
            if not f"{imported}.".startswith(f"{package}.") or tuple(names) in CIRCLES:
                continue
            a, b = (".".join(name.split(".")[: package.count(".") + 2]) for name in (importer, imported))
            if a != b:
                line = graph.get_import_details(importer=importer, imported=imported)[0]["line_number"]
                arrows.add_edge(a, b, where=f"{names[0]}, line {line}, imports {names[1]}")
    found = []
    for circle in networkx.strongly_connected_components(arrows):
        if len(circle) > 1:
            steps = networkx.find_cycle(arrows.subgraph(circle))
            found.append("; ".join(arrows.edges[step]["where"] for step in steps))
    return found


@pytest.mark.quick
def test_imports_inside_of_a_layer_make_no_circle():
    grimp = pytest.importorskip("grimp")
    graph = grimp.build_graph("minispore", exclude_type_checking_imports=True, cache_dir=None)
    packages = {module.rpartition(".")[0] for module in graph.modules} - {"", "minispore"}  # above them: the contract
    circles = [circle for package in sorted(packages) for circle in circles_in(graph, package)]
    assert not circles, "\n".join(circles)
    here = {(f"minispore.{a}", f"minispore.{b}") for a, b in CIRCLES}
    assert all(graph.direct_import_exists(importer=a, imported=b) for a, b in here)  # else an exception is too many
