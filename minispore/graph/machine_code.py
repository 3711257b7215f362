"""Kernel source -> machine code.  KeyboardInterrupt is delayed until LLVM has returned."""

import threading
import time
from functools import cache

from ..core.kernel import KernelSource
from . import (
    fourier_tiles,
    intrinsics,
    lane_tiles,
    llvm_work,
    pair_tiles,
    plane_tiles,
    scans,
    tiles,
    vector_math,
    zero_tiles,
)
from .interrupts import interrupts_wait
from .kernel_compiler import Program

_writing = threading.Lock()  # Python 3.11's ``ast`` fails where two threads parse at once


@cache
def _names() -> dict:
    """What names in kernel source stand for."""
    names = (
        intrinsics.NAMES
        | scans.NAMES
        | tiles.NAMES
        | lane_tiles.NAMES
        | pair_tiles.NAMES
        | plane_tiles.NAMES
        | fourier_tiles.NAMES
        | zero_tiles.NAMES
        | {"philox_uint32": vector_math.philox_uint32}
    )
    for name, functions in (vector_math.FUNCTIONS | vector_math.FAR).items():
        names.update({f"{name}_{dtype}": function for dtype, function in functions.items()})
    return names


def llvm_text(source: KernelSource) -> tuple[str, str]:
    """(symbol, LLVM IR) of a kernel, not optimised."""
    with _writing:
        program = Program(source.text, source.name, source.fastmath, _names())
        return program.symbol, program.end()


@interrupts_wait()
def compile_kernel(source: KernelSource) -> tuple[str, bytes, float]:
    """(symbol, object code, seconds of compilation).  The code is not linked into this process."""
    started = time.perf_counter()
    symbol, text = llvm_text(source)
    code = llvm_work.object_code(text)
    return symbol, code, time.perf_counter() - started


@interrupts_wait()
def listing(source: KernelSource) -> tuple[str, str]:
    """(optimised LLVM IR, assembly) of a kernel, which is compiled for this call."""
    module = llvm_work.optimised(llvm_text(source)[1])
    return str(module), llvm_work.target().emit_assembly(module)
