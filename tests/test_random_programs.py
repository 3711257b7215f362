"""Random programs and trainings in both modes against a reference on NumPy arrays: ``make fuzz`` tries any number."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import fuzz_programs
import random_programs

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, 1000])
def test_programs(first):
    """Kernels are interpreted, so that a program takes milliseconds."""
    code = f"import fuzz_programs as f; print(f.fuzz(1000, 1, {first})[1:])"
    env = dict(os.environ, MINISPORE_JIT="0", PYTHONPATH=os.pathsep.join([str(ROOT / "tools"), str(ROOT)]))
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr[-3000:]
    told, faults = eval(found.stdout)
    assert not faults, "\n".join(text for _, _, text in faults)
    assert told > 700


def case(source: str, **changes):
    data = {
        n: np.arange(1.0, 1 + 3 * r).reshape(s)
        for n, r, s in zip("xywbo", (2, 1, 2, 1, 2), ((2, 3), (3,), (2, 3), (3,), (2, 3)))
    }
    return fuzz_programs.Case(source, "float64", data, (("PYNATIVE",), ("PYNATIVE",)), False)._replace(**changes)


def test_a_fault_is_found_and_made_small(monkeypatch):
    wrong = lambda self, x, axes: random_programs.Ref(x.a.copy())
    monkeypatch.setattr(random_programs.RefOps, "flip", wrong)  # the reference is wrong here, which is the same
    failing = case(
        "def program(x, y):\n    m1 = x + w\n    if flag:\n        m1[0] = ops.flip(y * 2.0, (0,))\n    return m1 * 1.0, y.sum()\n"
    )
    fault = fuzz_programs.fault_of(failing)
    assert fault is not None and fault.startswith("PYNATIVE: m is")
    small = fuzz_programs.shrunk(failing, fault)
    assert "ops.flip" in small.source and len(small.source.splitlines()) <= 4 < len(failing.source.splitlines())
    text = fuzz_programs.reproduction(small, fault)
    compile(text, "reproduction", "exec")
    assert small.source in text


def test_a_stale_name_says_nothing():
    """What a view shows after a write to its base depends on the mode."""
    assert (
        fuzz_programs.fault_of(case("def program(x, y):\n    v = x[0]\n    x[0, 1] = 7.0\n    return x, v.sum()\n"))
        == "skipped"
    )


def test_the_same_seed_gives_the_same_programs():
    assert [fuzz_programs.case_of(3, k).source for k in range(20)] == [
        fuzz_programs.case_of(3, k).source for k in range(20)
    ]
    rng = [random_programs.Writer(random.Random(k), "f", 2, False).source() for k in range(20)]
    assert len(set(rng)) == 20
