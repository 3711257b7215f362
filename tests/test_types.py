"""Types as a checker sees them: stubs that say what the sources say, a program without an error, mistakes that are found."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"
needs_tools = pytest.mark.skipif(not TOOLS.is_dir(), reason="the tools are not part of the sdist")


@pytest.mark.slow
@needs_tools
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the stubs are written with Python 3.11")
def test_stubs_are_current():
    """``python tools/stubs`` writes them, from annotations, docstrings, defaults and definitions."""
    done = subprocess.run([sys.executable, TOOLS / "stubs", "--check"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_typed_program_runs(tmp_path, monkeypatch):
    """What checkers accept is a program that works: losses of three ways to train, gradients, transforms."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "typed")
    import program

    results = program.main(tmp_path)
    assert len(results) == 12 and all(isinstance(value, float) for value in results)


@pytest.mark.slow
@needs_tools
def test_checkers_find_the_mistakes_and_nothing_else(monkeypatch):
    """mypy --strict and, where it is installed, pyright's strict mode."""
    pytest.importorskip("mypy")
    monkeypatch.syspath_prepend(TOOLS)
    import check_types

    for checker, said in check_types.checkers().items():
        assert {place: said[place] for place in said.keys() - check_types.marked()} == {}, checker
        assert check_types.marked() - said.keys() == set(), checker


@needs_tools
def test_types_in_words(monkeypatch):
    """The phrases of docstrings that the stubs are made of."""
    import doctest

    monkeypatch.syspath_prepend(TOOLS / "stubs")
    import phrases

    assert doctest.testmod(phrases).failed == 0 and doctest.testmod(phrases).attempted > 5
