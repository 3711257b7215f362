"""What is measured on, and what else runs on it."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np

COPIED, COPIES = 256 << 20, 10  # bytes of the array that is copied, and how often


def describe() -> dict[str, object]:
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    info = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return f"{info.get('model name', platform.machine())} (family {info.get('cpu family')}, model {info.get('model')})"


def busy_seconds() -> float | None:
    """Processor time that the whole machine has spent so far, its neighbours' theft included; None where unknown."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return None
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(field) for field in fields)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def copy_bandwidth(clock: Callable[[], float] = perf_counter) -> float:
    """Bytes that one thread reads and writes in a second while it copies more than the caches hold."""
    source = np.ones(COPIED // 8)
    target, best = np.empty_like(source), float("inf")
    for _ in range(COPIES):
        started = clock()
        np.copyto(target, source)
        best = min(best, clock() - started)
    return 2 * source.nbytes / best


def timed(call, count: int) -> float:
    """Seconds that one of ``count`` calls takes."""
    start = perf_counter()
    for _ in range(count):
        call()
    return (perf_counter() - start) / count
