"""Kernel source -> address of machine code: from memory, from the disk cache, or through the compiler.

The compiler (machine_code.py) is imported only when something must be compiled; loading a cached object needs llvmlite alone.
"""

import ctypes
import hashlib
import math
import os
import threading
import time
from collections import deque
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from ..core.heap import HEAP
from ..core.kernel import ENTRY, KernelSource
from ..core.record import STATE
from ..core.sizes import fixed_at
from . import blas, cache as disk
from .interrupts import interrupts_wait
from .stats import STATS, phase
from .waiting import Waiting

INTERPRETED = os.environ.get("MINISPORE_JIT") == "0"  # kernels run as Python, to debug them (python_kernels.py)
COMPILER = ("kernel_compiler.py", "kernel_types.py", "intrinsics.py", "scans.py", "tiles.py", "lane_tiles.py", "pair_tiles.py", "plane_tiles.py", "fourier_tiles.py", "zero_tiles.py", "llvm_work.py",
            "../core/philox.py", "complex_math.py")  # fmt: skip
_addresses: dict[str, int] = {}
_lock = threading.RLock()
ORIGINS: dict[str, tuple[str, float]] = {}  # digest -> ("compiled" or "loaded" from disk, seconds)
_host: dict[str, tuple] = {}  # digest -> (HostCall, its native form): kernels that are functions of Python
_engines: list = []  # MCJIT engines own the code: kept for the life of the process


@cache
def _target_machine():
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine()


@interrupts_wait()
@cache
def _salted():
    """The hash of what machine code depends on besides its own source: versions of the tools, processor, functions inlined into it."""
    import llvmlite
    import llvmlite.binding as llvm

    here = Path(__file__).parent
    parts = [llvmlite.__version__, llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()]
    parts += [(here / name).read_text() for name in COMPILER]
    parts += [file.read_text() for file in sorted((here / "vector_math").glob("*.py"))]
    return hashlib.sha256("\0".join(parts).encode())


def _key(source: KernelSource) -> str:
    salted = _salted().copy()
    salted.update(source.text.encode())
    return salted.hexdigest()


def address_of(source: KernelSource) -> int:
    """Address of the compiled kernel: ``int32 f(void **ret, void **exc, int64 *args, int64 lo, int64 hi)``."""
    address = _addresses.get(source.digest)
    if address is None:
        if INTERPRETED:
            from . import python_kernels

            ORIGINS[source.digest] = "Python", 0.0
            return python_kernels.address_of(source)
        prepare([source])
        address = _addresses[source.digest]
    return address


def on_disk(source: KernelSource) -> bool:
    """Whether the cache holds its machine code."""
    return disk.has(_key(source))


def host_kernel(call, types) -> KernelSource:
    """A kernel that calls back to Python, ``call(arrays)``; ``types``: (shape, dtype) of the arrays."""
    types = fixed_at(types)
    params = (*[(f"x{k}", "uint8*") for k in range(len(types))], ("before", "int64*"), ("after", "int64*"))
    source = KernelSource(
        f"host_{call.name.split()[0]}", params, f"    pass  # Python: {call.name}, number {call.number}, {types}"
    )
    with _lock:
        if source.digest not in _host:

            def run(ret, exc, args, lo, hi):
                slots = (ctypes.c_int64 * len(types)).from_address(args)
                _called_back(call, [_array_at(address, *t) for address, t in zip(slots, types)])
                return 0

            native = ENTRY(run)
            _host[source.digest] = call, native  # kept for the life of the process, as machine code is
            _addresses[source.digest] = ctypes.cast(native, ctypes.c_void_p).value or 0
            ORIGINS[source.digest] = "Python", 0.0
    return source


def foreign_kernel(call, types, outputs) -> KernelSource:
    """A kernel that calls a user's function, compiled by numba or not, which fills arrays; see ops/custom.py."""
    types, outputs = fixed_at(types), fixed_at(outputs)
    named = [*types, *outputs]
    params = tuple((f"x{k}", "uint8*") for k in range(len(named)))
    source = KernelSource(f"custom_{call.name}", params, f"    pass  # {call.name}, number {call.number}, {named}")
    with _lock:
        if source.digest not in _host:
            native, where = call.compiled(types, outputs)
            if native is None:

                def run(ret, exc, args, lo, hi):
                    slots = (ctypes.c_int64 * len(named)).from_address(args)
                    arrays = [_view_at(address, *t) for address, t in zip(slots, named)]
                    _called_back(call.fill, arrays[: len(types)], arrays[len(types) :])
                    return 0

                native = ENTRY(run)
                where = ctypes.cast(native, ctypes.c_void_p).value or 0
            _host[source.digest] = call, native
            _addresses[source.digest] = where
            ORIGINS[source.digest] = "user's", 0.0
    return source


def _called_back(function, *args) -> None:
    """Runs Python from inside a native call, on whichever thread; it cannot wait for another one."""
    before, STATE.in_native_call = STATE.in_native_call, True
    try:
        function(*args)
    finally:
        STATE.in_native_call = before


def _view_at(address: int, shape, dtype) -> np.ndarray:
    size = math.prod(shape) * dtype.itemsize
    return np.frombuffer((ctypes.c_uint8 * size).from_address(address), dtype.np).reshape(shape)


def _array_at(address: int, shape, dtype) -> np.ndarray:
    """A copy of the array at an address."""
    size = math.prod(shape) * dtype.itemsize
    return np.frombuffer(ctypes.string_at(address, size), dtype.np).reshape(shape)


def expect_to_compile(source: KernelSource) -> None:
    """Starts the processes that help to compile early if ``source``, a kernel that every process needs, is not in the cache."""
    if not INTERPRETED and source.digest not in _addresses and not on_disk(source):
        from . import compile_process

        compile_process.start_early()


def prepare(sources: Iterable[KernelSource]) -> None:
    """Loads the kernels that the disk cache has and compiles the others, in several processes if they are many."""
    if INTERPRETED:
        return
    with _lock:
        missing: dict[str, KernelSource] = {}
        found: dict[str, tuple[str, bytes]] = {}  # digest -> symbol, machine code
        started = time.perf_counter()
        with phase("load"):
            for source in sources:
                if source.digest in _addresses or source.digest in missing or source.digest in found:
                    continue
                if "cblas_" in source.text or "lapack_" in source.text:
                    blas.load()
                code = disk.load(_key(source))
                if code is None:
                    missing[source.digest] = source
                else:
                    found[source.digest] = code
            _link(found)
        for digest in found:
            STATS.loaded += 1
            ORIGINS[digest] = "loaded", (time.perf_counter() - started) / len(found)
        if not missing:
            return
        started = time.perf_counter()
        with phase("compile"):
            made: dict[str, tuple[str, bytes]] = {}
            for source, (symbol, code, seconds) in _compile_all(list(missing.values())):
                STATS.compiled += 1
                ORIGINS[source.digest] = "compiled", seconds
                disk.store(_key(source), symbol, code)
                made[source.digest] = symbol, code
            _link(made)
            HEAP.trim()
        STATS.compile_seconds += time.perf_counter() - started


def _compile_all(sources: list[KernelSource]):
    """(source, (symbol, code, seconds)) for each: by this process and the ones that help it, the longest first."""
    from . import compile_process

    todo, waiting = deque(sorted(sources, key=lambda s: -len(s.text))), Waiting(len(sources))
    done = []
    try:
        compile_process.assist(todo)
        with phase("import compiler"):
            from .machine_code import compile_kernel
        while todo:
            try:
                source = todo.popleft()
            except IndexError:  # another process took the last one
                break
            waiting.look()
            done.append((source, compile_kernel(source)))
        for source, result in compile_process.finish():
            done.append((source, compile_kernel(source) if result is None else result))
    except BaseException:
        compile_process.abandon()
        raise
    waiting.end()
    return done


@interrupts_wait()
def _link(found: dict[str, tuple[str, bytes]]) -> None:
    """Brings machine code into this process and notes its addresses: ``found`` has by digest (symbol, object code).

    An engine costs much more than what it links, so they share engines, each of which has a symbol once.
    """
    import llvmlite.binding as llvm

    rest = found
    while rest:
        together = {symbol: digest for digest, (symbol, _) in rest.items()}
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
        for digest in together.values():
            engine.add_object_file(llvm.ObjectFileRef.from_data(rest[digest][1]))
        engine.finalize_object()
        _engines.append(engine)
        for symbol, digest in together.items():
            address = engine.get_function_address(symbol)
            assert address, symbol
            _addresses[digest] = address
        rest = {digest: code for digest, code in rest.items() if digest not in _addresses}
