"""``minispore doctor``: checks that this installation works, and reports its components and speed."""

from __future__ import annotations

import contextlib
import io
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .. import __version__
from ..graph import cache
from .console import console, size
from .launch import starter_of_processes

PACKAGES = ("numpy", "numba", "llvmlite", "scipy-openblas32", "networkx", "pillow", "rich", "tqdm")
FEATURES = ("sse4.2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512vnni", "amx-tile", "neon", "sve")
# what OpenBLAS falls back to on a processor that it does not know
SLOW_CORES = ("prescott", "core2", "generic", "nehalem", "armv8")

Finding = tuple[str, str, str]  # (what was checked, the result, what to do about it: empty if nothing is wrong)


def doctor() -> int:
    """Prints the results, problems in red with a remedy; returns 1 if there are any."""
    from rich.text import Text

    out, problems = console(), 0
    for check in (_versions, _processor, _settings, _processes, _cache, _blas, _step, _speed):
        try:
            for what, found, remedy in check():
                problems += bool(remedy)
                out.print(Text.assemble(f"{what:<18}", (found, "red" if remedy else "")), soft_wrap=True)
                if remedy:
                    out.print(Text.assemble(" " * 18, ("-> " + remedy, "bold")), soft_wrap=True)
        except Exception as error:
            problems += 1
            text = f"{type(error).__name__}: {error}"
            out.print(Text.assemble(f"{check.__name__[1:]:<18}", (text, "red")), soft_wrap=True)
    if problems:
        out.print(f"[red]{problems} problem{'s' * (problems > 1)} found[/]")
    else:
        out.print("[green]no problems found[/]")
    return int(problems > 0)


def _versions() -> Iterator[Finding]:
    yield "minispore", f"{__version__} in {Path(__file__).parents[1]}", ""
    supported = (3, 10) <= sys.version_info[:2] < (3, 14)
    yield (
        "Python",
        f"{platform.python_version()} ({platform.system()} {platform.machine()})",
        "" if supported else "minispore needs Python 3.10 to 3.13",
    )
    for package in PACKAGES:
        try:
            yield package, version(package), ""
        except PackageNotFoundError:
            if package == "scipy-openblas32":  # the line of BLAS says whether there is another OpenBLAS
                yield package, "not installed: the environment's OpenBLAS serves", ""
            else:
                yield package, "not installed", f"pip install {package}"


def _processor() -> Iterator[Finding]:
    import llvmlite.binding as llvm

    on = {name for name, set_ in llvm.get_host_cpu_features().items() if set_}
    yield "processor", f"{_model()} ({llvm.get_host_cpu_name()})", ""
    yield "vectors", " ".join(f for f in FEATURES if f in on) or "none that matter", ""


def _model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _settings() -> Iterator[Finding]:
    from ..graph.build import threads

    here, able = os.cpu_count() or 1, threads()
    remedy = ""
    if able > here:
        remedy = f"MINISPORE_NUM_THREADS is more than there are processors; the threads will wait for each other: set it to {here}"
    yield "threads", f"{able} of {here} processors", remedy
    if os.environ.get("MINISPORE_JIT") == "0":
        yield "MINISPORE_JIT", "0", "kernels run as Python, which is for debugging only: unset MINISPORE_JIT"
    if os.environ.get("MINISPORE_DEBUG"):
        yield "MINISPORE_DEBUG", os.environ["MINISPORE_DEBUG"], ""


def _processes() -> Iterator[Finding]:
    try:
        starter = starter_of_processes() or "no mpiexec beside this Python or in PATH"
        yield "processes", f"several: mpi4py {version('mpi4py')}, {starter}", ""
    except PackageNotFoundError:
        yield "processes", "one; more of them need MPI: pip install 'minispore[mpi]'", ""


def _cache() -> Iterator[Finding]:
    folder = cache.directory()
    if folder is None:
        yield "cache", "switched off", "every process compiles again: unset MINISPORE_CACHE_DIR"
        return
    try:
        cache.make_folder(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield (
            "cache",
            f"{folder}: {error.strerror or error}",
            "set MINISPORE_CACHE_DIR to a directory that you may write to",
        )
        return
    sizes = [p.stat().st_size for p in folder.glob("*/*.o")]
    yield "cache", f"{folder}, {len(sizes)} entries, {size(sum(sizes))}", ""


def _blas() -> Iterator[Finding]:
    from ..graph import blas

    core = blas.core_name()
    slow = core.lower() in SLOW_CORES
    remedy = "OpenBLAS does not know this processor: set OPENBLAS_CORETYPE to a near one, Haswell say" if slow else ""
    yield "BLAS", f"OpenBLAS for {core}", remedy


def _step() -> Iterator[Finding]:
    import minispore

    try:
        with contextlib.redirect_stdout(io.StringIO()):
            minispore.run_check()
    except Exception as error:
        yield (
            "compiled step",
            f"{type(error).__name__}: {error}",
            "minispore cache clear; if it stays, reinstall numba and minispore",
        )
    else:
        yield "compiled step", "gives what NumPy gives", ""


def _speed() -> Iterator[Finding]:
    from ..inspect.machine import peaks

    best = peaks()
    yield "matrix product", f"{best.flops / 1e9:.0f} GFLOP/s (float32)", ""
    yield "memory", f"{best.bytes / 1e9:.1f} GB/s read and written", ""
