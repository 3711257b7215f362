"""Interrupted steps: ``make fuzz-interrupts`` tries many, and first compilations."""

import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import fuzz_interrupts


@pytest.mark.slow
@pytest.mark.parametrize("style", fuzz_interrupts.STYLES)
@pytest.mark.parametrize("mode", fuzz_interrupts.MODES)
def test_each_call_is_all_or_nothing(mode, style):
    """Wherever the interrupts land."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _, faults = fuzz_interrupts.steps(mode, style, 30)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not faults, faults
