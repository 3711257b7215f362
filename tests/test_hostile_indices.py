"""Functions that read or write where data say, with data far out of range: an error that says so, or a result without them; the
same in both modes, and never a read outside of an array."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

# what is out of range counts as nothing, is clipped, or is a place outside of an image: these have a value, which is compared
HAVE_VALUES = {
    "one_hot", "nn.OneHot", "sequence_mask", "grid_sample", "grid_sample, nearest", "crop_and_resize, boxes", "ROIAlign, places",
    "bincount", "mnp.take", "mnp.choose", "unravel_index", "Tensor.take", "switch_case", "tensor slice", "unsorted_segment_sum",
    "unsorted_segment_max", "unsorted_segment_min", "unsorted_segment_prod",
}  # fmt: skip
IN_RANGE = {
    ("take", -5),
    ("max_unpool2d", 7),
    ("nn.MaxUnpool2d", 7),
}  # negative ones count from the end; the place 7 of 16


@pytest.fixture(scope="module")
def outcomes():
    """(name, index) -> {mode: outcome}; the last call of a process that died has none."""
    root = Path(__file__).parent.parent
    command = [sys.executable, "-m", "tests.hostile_indices"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, env=os.environ, timeout=600)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"the process ended in {lines[-1]}: {done.stderr[-2000:]}"
    found = defaultdict(dict)
    for call, result in zip(lines[::2], lines[1::2]):
        found[call["name"], call["index"]][call["mode"]] = result["outcome"]
    return found


def test_hostile_indices(outcomes):
    """Both modes raise errors of one class, or have one value."""
    assert len(outcomes) > 250
    wrong = {}
    for (name, index), both in outcomes.items():
        failing = [o.partition(": ")[0].endswith("Error") for o in both.values()]
        agree = len({o.partition(": ")[0] if f else o for f, o in zip(failing, both.values())}) == 1
        if not agree or (not all(failing) and name not in HAVE_VALUES and (name, index) not in IN_RANGE):
            wrong[f"{name}, {index}"] = both
    assert not wrong


def test_errors_of_hostile_indices_tell_the_index(outcomes):
    for (name, index), both in outcomes.items():
        for outcome in both.values():
            if outcome.startswith("IndexError") and name != "ROIAlign":  # there it is a float32
                assert str(index) in outcome and ("must be in [0, " in outcome or "out of bounds" in outcome), name
