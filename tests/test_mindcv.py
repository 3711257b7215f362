"""mindcv's models, unchanged; skipped where mindcv is not installed (tools/check_mindcv.py runs all of them)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tools" / "check_mindcv.py"


def installed() -> bool:
    import importlib.util

    return "MINDCV" in os.environ or importlib.util.find_spec("mindcv") is not None


@pytest.mark.slow
@pytest.mark.skipif(not installed(), reason="needs mindcv")
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("--models", ["resnet18", "regnet_x_200mf", "swin_tiny", "crossvit_9", "pit_ti", "edgenext_xx_small"]),
        ("--families", ["squeezenet1_1"]),
        ("--forward", ["cmt_tiny", "squeezenet1_0"]),
        ("--training", []),
    ],
)
def test_models_of_mindcv_equal_the_real_ones(kind, names):
    """In a process of its own, in which ``mindspore`` is minispore: Parameters by their hash, losses of two steps."""
    done = subprocess.run([sys.executable, str(TOOL), kind, *names], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not installed(), reason="needs mindcv")
@pytest.mark.parametrize("mode", [[], ["--graph"]])
def test_trainer_optimizers_losses_and_callbacks_of_mindcv_give_what_the_real_ones_give(mode):
    """Averages of weights, clipping, half precision, four optimizers of its own, losses, schedules, StateMonitor, augmentations."""
    tool = TOOL.with_name("check_mindcv_training.py")
    done = subprocess.run([sys.executable, str(tool), *mode], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_was_recorded_of_mindcv_is_whole():
    recorded = json.loads((ROOT / "tests" / "records" / "mindcv.json").read_text())
    assert len(recorded["models"]) == 275 and all(recorded["models"].values())
    assert all(name in recorded["models"] and len(losses) == 2 for name, losses in recorded["losses"].items())
