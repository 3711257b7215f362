"""Interrupts training steps and first compilations at random moments, as Ctrl-C does, and says what was torn or broke.

    python tools/fuzz_interrupts.py --number 500       steps of each kind in each mode; a tenth as many first compilations

A step is one call of a TrainOneStepCell, or in functional style two calls: the gradient function, which changes the statistics of
BatchNorm, and the optimizer.  Of each call everything that it changes must be old or all new, KeyboardInterrupt must arrive
as such, and the next step must work.  A first compilation runs in a new process with an empty cache.
"""

import argparse
import ctypes
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
STYLES = ("cell", "functional")
MODES = ("PYNATIVE", "GRAPH")

FIRST_STEP = """
import os, signal, sys, threading
import numpy as np
import minispore as ms
from minispore import Tensor, nn
signal.signal(signal.SIGINT, signal.default_int_handler)
ms.set_context(mode=ms.GRAPH_MODE if sys.argv[1] == "GRAPH" else ms.PYNATIVE_MODE)
net = nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dense(4, 1))
step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Adam(net.trainable_params(), 0.01))
step.set_train()
x, y = Tensor(np.ones((4, 3), np.float32)), Tensor(np.ones((4, 1), np.float32))
timer = threading.Timer(float(sys.argv[2]), os.kill, (os.getpid(), signal.SIGINT))
said = "not interrupted"
try:
    timer.start()
    step(x, y)
    timer.cancel()
    timer.join()
except KeyboardInterrupt:
    said = "interrupted"
print(said, float(step(x, y)) >= 0.0, float(step(x, y)) >= 0.0)
"""


class _Event(ctypes.Structure):
    _fields_ = [("value", ctypes.c_void_p), ("signal", ctypes.c_int), ("notify", ctypes.c_int), ("rest", ctypes.c_char * 48)]  # fmt: skip


class Interrupter:
    """A timer of the system that sends SIGINT after a delay: a thread of Python would have to wait until another one lets it run,
    which a step of less than a few milliseconds never does."""

    def __init__(self):
        self.library, self.timer = ctypes.CDLL(None, use_errno=True), ctypes.c_void_p()
        event = _Event(signal=signal.SIGINT, notify=0)
        if self.library.timer_create(time.CLOCK_MONOTONIC, ctypes.byref(event), ctypes.byref(self.timer)):
            raise OSError(ctypes.get_errno(), "timer_create")

    def after(self, delay: float) -> None:
        nanoseconds = max(int(delay * 1e9), 1)
        when = (ctypes.c_long * 4)(0, 0, *divmod(nanoseconds, 10**9))
        if self.library.timer_settime(self.timer, 0, when, None):
            raise OSError(ctypes.get_errno(), "timer_settime")

    def wait(self) -> None:
        """Until the signal was sent, and its handler had time to run."""
        left = (ctypes.c_long * 4)(0, 0, 1, 0)
        while left[2] or left[3]:
            self.library.timer_gettime(self.timer, left)
        for _ in range(100):  # the handler runs between two instructions
            pass


def training(mode: str, style: str):
    """(calls of a step by name, what each of them changes: lists of Parameters by the same names)"""
    import numpy as np

    import minispore as ms
    from minispore import Tensor, nn

    ms.set_context(mode=ms.GRAPH_MODE if mode == "GRAPH" else ms.PYNATIVE_MODE)
    net = nn.SequentialCell(nn.Dense(6, 8, has_bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Dense(8, 1))
    net.set_train()
    loss = nn.MSELoss()
    optimizer = nn.Adam(net.trainable_params(), 0.01, beta1=0.99)  # its power stays above 0
    statistics = [p for p in net.get_parameters() if "moving" in p.name]
    rest = [p for p in optimizer.get_parameters() if p.name != "learning_rate"]
    numbers = np.random.default_rng(0)

    def batch():
        return [Tensor(numbers.normal(size=s).astype(np.float32)) for s in ((16, 6), (16, 1))]

    if style == "cell":
        step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
        step.set_train()
        return {"step": lambda: step(*batch())}, {"step": statistics + rest}
    gradient = ms.value_and_grad(lambda x, y: loss(net(x), y), None, optimizer.parameters)
    held: list = []
    calls = {
        "gradient": lambda: held.__setitem__(slice(None), [gradient(*batch())[1]]),
        "update": lambda: optimizer(held[0]),
    }
    return calls, {"gradient": statistics, "update": rest}


def steps(mode: str, style: str, number: int, seed: int = 0) -> tuple[int, list[str]]:
    """(how many of so many steps an interrupt ended, what was wrong)"""
    import numpy as np

    calls, changed = training(mode, style)
    rng, interrupter, faults = random.Random(f"{seed} {mode} {style}"), Interrupter(), []
    ended, times = 0, [1.0]
    for call in calls.values():
        call()
    for k in range(number):
        before = {name: [p.asnumpy() for p in ps] for name, ps in changed.items()}
        came = inside = False
        try:
            interrupter.after(rng.random() * 1.3 * min(times))
            inside = True
            for call in calls.values():
                call()
            inside = False
            interrupter.wait()
        except KeyboardInterrupt:
            came, ended = True, ended + inside
        except Exception as error:
            faults.append(f"{mode} {style} {k}: {type(error).__name__}: {error}")
        try:
            interrupter.wait()
        except KeyboardInterrupt:
            came = True
        if not came:
            faults.append(f"{mode} {style} {k}: the interrupt did not arrive")
        for name, ps in changed.items():
            new = [not np.array_equal(p.asnumpy(), old) for p, old in zip(ps, before[name])]
            if any(new) and not all(new):
                faults.append(f"{mode} {style} {k}: {name}: old are {[p.name for p, n in zip(ps, new) if not n]}")
        started = time.perf_counter()
        try:
            for call in calls.values():
                call()
            times = [*times[-4:], time.perf_counter() - started]
        except Exception as error:
            faults.append(f"{mode} {style} {k}: the next step: {type(error).__name__}: {error}")
    return ended, faults


def first_compilation(mode: str, delay: float) -> str | None:
    """What is wrong after an interrupt of the first step of a process without a cache."""
    with tempfile.TemporaryDirectory() as cache:
        env = dict(os.environ, MINISPORE_CACHE_DIR=cache, PYTHONPATH=str(ROOT))
        found = subprocess.run(
            [sys.executable, "-c", FIRST_STEP, mode, str(delay)], env=env, capture_output=True, text=True, timeout=600
        )
    if found.returncode or "True True" not in found.stdout:
        return f"{mode}, after {delay:.3f} s: {found.stdout[-200:]} {found.stderr[-600:]}"
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=500, help="steps of each style in each mode")
    parser.add_argument("--compilations", type=int, help="first compilations; default: a tenth of the number")
    parser.add_argument(
        "--longest", type=float, default=6.0, help="seconds within which a first compilation is interrupted"
    )
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faults: list[str] = []
    for mode in MODES:
        for style in STYLES if given.number else ():
            ended, found = steps(mode, style, given.number, given.seed)
            print(f"{mode}, {style}: {given.number} interrupts, {ended} ended a step, {len(found)} faults", flush=True)
            faults += found
    rng, compilations = (
        random.Random(given.seed),
        given.number // 10 if given.compilations is None else given.compilations,
    )
    for k in range(compilations):
        fault = first_compilation(MODES[k % 2], rng.random() * given.longest)
        faults += [fault] if fault else []
    print(f"{compilations} interrupted first compilations")
    print(*faults, f"{len(faults)} faults", sep="\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
