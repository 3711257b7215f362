"""Kernel source -> address of machine code: from memory, from the disk cache, or through numba.

numba is imported only when something must be compiled; loading a cached object needs llvmlite alone.
"""

import hashlib
import threading
import time
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ..kernel import KernelSource
from . import blas, cache as disk
from .stats import STATS

_addresses: dict[str, int] = {}
_lock = threading.RLock()
_engines: list = []  # MCJIT engines own the code: kept for the life of the process


@cache
def _target_machine():
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine()


@cache
def _salt() -> bytes:
    """What machine code depends on besides its own source: tools, processor, and the functions pasted into it."""
    import llvmlite.binding as llvm

    here = Path(__file__).parent
    parts = [version("numba"), version("llvmlite"), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()]
    parts += [(here / name).read_text() for name in ("intrinsics.py", "vector_math.py", "compile.py", "../philox.py")]
    return "\0".join(parts).encode()


def _key(source: KernelSource) -> str:
    return hashlib.sha256(_salt() + source.text.encode()).hexdigest()


def address_of(source: KernelSource) -> int:
    """Address of the compiled kernel: ``int32 f(void **ret, void **exc, int64 *args, int64 lo, int64 hi)``."""
    address = _addresses.get(source.digest)
    if address is not None:
        return address
    with _lock:
        if source.digest in _addresses:
            return _addresses[source.digest]
        if "cblas" in source.text:
            blas.load()
        key = _key(source)
        found = disk.load(key)
        if found is None:
            started = time.perf_counter()
            symbol, code = _compile(source)
            STATS.compiled += 1
            STATS.compile_seconds += time.perf_counter() - started
            disk.store(key, symbol, code)
        else:
            symbol, code = found
            STATS.loaded += 1
        _addresses[source.digest] = address = _link(symbol, code)
        return address


def _link(symbol: str, code: bytes) -> int:
    import llvmlite.binding as llvm

    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return engine.get_function_address(symbol)


@cache
def _compiler():
    """Everything that needs numba, made once: (namespace of kernels, compile function)."""
    from numba import njit, types
    from numba.core import compiler, cpu
    from numba.core.registry import cpu_target

    from . import intrinsics, vector_math

    names = intrinsics.namespace()
    for name, functions in vector_math.FUNCTIONS.items():
        names.update({f"{name}_{dtype}": function for dtype, function in functions.items()})
    names["philox_uint32"] = vector_math.philox_uint32
    signature = (types.CPointer(types.int64), types.int64, types.int64)

    def compile_function(function, fastmath):
        flags = compiler.Flags()
        flags.nrt = False
        flags.error_model = "numpy"
        flags.no_cpython_wrapper = True
        flags.no_cfunc_wrapper = True
        flags.fastmath = cpu.FastMathOptions(set(fastmath))
        return compiler.compile_extra(
            cpu_target.typing_context, cpu_target.target_context, function, signature, types.none, flags, {}
        )

    def device(fastmath):
        return njit(fastmath=set(fastmath), error_model="numpy", no_cpython_wrapper=True)

    return names, compile_function, device


def _compile(source: KernelSource) -> tuple[str, bytes]:
    names, compile_function, device = _compiler()
    scope = dict(names, device=device(source.fastmath), __name__="minispore_kernel")
    exec(compile(source.text, f"<kernel {source.name}>", "exec"), scope)
    result = compile_function(scope[source.name], source.fastmath)
    result.library.get_pointer_to_function(result.fndesc.llvm_func_name)  # forces code generation
    return result.fndesc.llvm_func_name, result.library._get_compiled_object()
