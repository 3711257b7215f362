"""Types as a checker sees them: the programs of tests/typed run, and words of docstrings become types.  That the stubs are current, and
that mypy and pyright find the mistakes and nothing else, is a part of ``make lint`` (tools/check_types.py)."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"
needs_tools = pytest.mark.skipif(not TOOLS.is_dir(), reason="the tools are not part of the sdist")


@pytest.mark.slow
def test_the_typed_program_runs(tmp_path, monkeypatch):
    """What checkers accept is a program that works: losses of three ways to train, gradients, transforms."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "typed")
    import program

    results = program.main(tmp_path)
    assert len(results) == 12 and all(isinstance(value, float) for value in results)


@pytest.mark.slow
def test_other_typed_programs_run(tmp_path, monkeypatch):
    """Images with Model and callbacks, sequences in a written loop, derivatives and scikit-learn."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "typed")
    import classify
    import science
    import sequences

    assert 0.0 <= classify.main(tmp_path) <= 1.0 and len(list(tmp_path.glob("small*.ckpt"))) == 1
    losses = sequences.run()
    assert losses[-1] < losses[0]
    total, mean, variance, rows, shapes, score = science.summary()
    assert total == pytest.approx(6.0 - 2 * 0.25**4) and (rows, shapes) == (3.0, 5.0)
    assert mean == pytest.approx(0.0, abs=1e-6) and variance == pytest.approx(0.5) and score > 0.5


@needs_tools
def test_types_in_words(monkeypatch):
    """The phrases of docstrings that the stubs are made of."""
    import doctest

    monkeypatch.syspath_prepend(TOOLS / "stubs")
    import phrases

    assert doctest.testmod(phrases).failed == 0 and doctest.testmod(phrases).attempted > 5
