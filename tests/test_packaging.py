"""What is shipped: the wheel and the sdist, and bounds and versions that stand in several files."""

import os
import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import minispore as ms
from minispore.core.deprecated import deprecated
from minispore.graph import blas

ROOT = Path(__file__).parent.parent
PROJECT = (ROOT / "pyproject.toml").read_text()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """{path in the wheel: bytes}"""
    builders = pytest.importorskip("hatchling.builders.wheel")
    (file,) = builders.WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"]
    )
    assert Path(file).stat().st_size < 3_000_000
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    assert {name.split("/")[0] for name in wheel} == {"minispore", f"minispore-{ms.__version__}.dist-info"}
    written = {
        p.relative_to(ROOT).as_posix() for p in (ROOT / "minispore").rglob("*") if p.is_file() and p.suffix != ".pyc"
    }
    assert {
        name for name in wheel if name.startswith("minispore/")
    } == written  # stubs, the page's parts and tables of names too
    assert {"minispore/py.typed", "minispore/inspect/page/page.js", "minispore/common/initializer.pyi"} <= set(wheel)
    assert not [name for name in wheel if "test" in Path(name).name]


def test_metadata_names_no_file_of_this_machine(wheel):
    text = wheel[f"minispore-{ms.__version__}.dist-info/METADATA"].decode()
    head = text.split("\n\n")[0]
    assert (
        f"Version: {ms.__version__}" in head and "License-Expression: Apache-2.0" in head and "Requires-Python" in head
    )
    assert "file://" not in text and str(ROOT) not in text and "localhost" not in text
    assert b"minispore = minispore.cli:main" in wheel[f"minispore-{ms.__version__}.dist-info/entry_points.txt"]


def test_the_sdist_has_what_its_tests_need(tmp_path):
    builders = pytest.importorskip("hatchling.builders.sdist")
    (file,) = builders.SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(file) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("tests", "examples", "docs", "benchmarks", "tools", "conda", "minispore", ".github", ".ci")
    skipped = {"__pycache__", "output"}
    for folder in folders:
        files = {
            p.relative_to(ROOT).as_posix()
            for p in (ROOT / folder).rglob("*")
            if p.is_file() and not skipped & set(p.parts)
        }
        assert files <= held, (folder, sorted(files - held)[:5])
    assert {
        "README.md",
        "README.zh.md",
        "LICENSE",
        "Makefile",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "RELEASING.md",
        "pyproject.toml",
    } <= held


def test_versions_and_bounds_agree():
    recipe, workflow = (
        (ROOT / "conda" / "recipe.yaml").read_text(),
        (ROOT / ".github" / "workflows" / "tests.yml").read_text(),
    )
    assert f'version = "{ms.__version__}"' in PROJECT and f'version: "{ms.__version__}"' in recipe
    lowest, above = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', PROJECT).groups()
    assert f"python >=3.{lowest},<3.{above}" in recipe
    versions = [f"3.{minor}" for minor in range(int(lowest), int(above))]
    assert re.findall(r'"(3\.\d+)"', re.search(r"python: \[(.*)\]", workflow)[1]) == versions
    assert re.findall(r"Python :: (3\.\d+)", PROJECT) == versions
    assert f"(3, {lowest}) <= sys.version_info[:2] < (3, {above})" in (ROOT / "Makefile").read_text()
    required = re.search(r"^dependencies = \[(.*?)^\]", PROJECT, re.M | re.S)[1]
    for name, bounds in re.findall(r'"([\w-]+)([><=.,\d]+)"', required):
        if name != "scipy-openblas32":  # conda-forge does not have it
            assert f"- {name} {bounds}" in recipe, name
    assert "- libopenblas " in recipe


def test_an_openblas_of_the_environment_serves_where_the_package_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy_openblas32", None)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(blas.ctypes.util, "find_library", lambda name: None)
    with pytest.raises(ImportError, match="pip install scipy-openblas32, or conda install libopenblas"):
        blas.found()
    file = tmp_path / "lib" / "libopenblas.so.0"
    if os.name != "nt":
        file.parent.mkdir()
        file.touch()
        assert blas.found() == (str(file), "")
    monkeypatch.setattr(blas.ctypes.util, "find_library", lambda name: "libopenblas.so.0")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "other"))
    assert blas.found() == ("libopenblas.so.0", "")


@pytest.mark.parametrize("file", ["conda/recipe.yaml", ".github/workflows/tests.yml"])
def test_commands_in_yaml_are_text(file):
    yaml = pytest.importorskip("yaml")
    commands = []

    def look(node):
        if isinstance(node, dict):
            for key, value in node.items():
                commands.extend(
                    ([value] if isinstance(value, str) else value) if key in ("run", "script") else look(value) or []
                )
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(yaml.safe_load((ROOT / file).read_text()))
    texts = [c for c in commands if " " in str(c) and ("make" in str(c) or "python" in str(c) or "minispore" in str(c))]
    assert texts and all(isinstance(c, str) for c in texts), texts  # a ": " without quotes is read as a mapping
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    called = {name for text in texts for name in re.findall(r"\bmake ([a-z-]+)", text)}
    assert called <= targets, called - targets


def test_a_deprecated_name_works_and_warns_at_the_users_line():
    @deprecated("new", since="0.2", removed="0.4")
    def old(x):
        return x + 1

    with pytest.warns(
        DeprecationWarning, match=r"'old' is deprecated since minispore 0\.2 .* 0\.4\. Use 'new'"
    ) as seen:
        assert old(1) == 2
    assert seen[0].filename == __file__

    weight = ms.Parameter(ms.Tensor([1.0]), name="w")
    optimizer = ms.nn.SGD([weight], 0.1)
    with pytest.warns(DeprecationWarning, match="prepared_decoupled"):
        gradients, rates, decays = optimizer.prepared_apart((ms.Tensor([1.0]),))
    assert len(gradients) == len(rates) == 1 and decays == (None,)
