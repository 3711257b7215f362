"""Interrupted steps: ``make fuzz-interrupts`` tries many, and first compilations."""

import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from minispore.autodiff import recording
from minispore.core.record import STATE, Recorder, all_or_nothing
from minispore.graph.executable import Executable
from minispore.graph.runtime import Pool

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


# functions before whose first line an interrupt can come, among them the ends of blocks
PLACES = {
    "a recording begins": lambda: recording.__enter__, "its recorder is made": lambda: Recorder.__init__,
    "a recording ends": lambda: recording.__exit__, "it is closed": lambda: recording.end, "Parameters are stored": lambda: Recorder.store_outside,
    "a step begins": lambda: all_or_nothing.__enter__, "a step ends": lambda: all_or_nothing.__exit__,
    "before a native call": lambda: Pool.run, "before its arguments": lambda: Executable.run,
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("style", fuzz_interrupts.STYLES)
def test_an_interrupt_before_the_first_line_of_a_function(place, style):
    """Each time that the function is called in a step: what the step changes is old or all new, and nothing is left open."""
    code, skip, came = PLACES[place]().__code__, 0, True
    calls, changed = fuzz_interrupts.training("PYNATIVE", style)
    [call() for call in calls.values()]
    while came and skip < 6:
        before, came, left = {n: [p.asnumpy() for p in ps] for n, ps in changed.items()}, False, skip

        def watch(frame, event, argument):
            nonlocal left
            if event == "call" and frame.f_code is code:
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt

        try:
            sys.setprofile(watch)
            [call() for call in calls.values()]
        except KeyboardInterrupt:
            came = True
        finally:
            sys.setprofile(None)
        assert STATE.recorder is None and STATE.undo is None and not STATE.in_native_call and not STATE.through_updates
        for name, ps in changed.items():
            new = {not np.array_equal(p.asnumpy(), old) for p, old in zip(ps, before[name])}
            assert len(new) == 1, (place, skip, name)
        [call() for call in calls.values()]
        skip += 1
