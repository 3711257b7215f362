"""Compiles kernels of complex numbers with numba, whose types the kernel compiler does not have yet (kernel_compiler.py)."""

import time
from functools import cache
from typing import Any

from ..core.kernel import KernelSource
from .interrupts import interrupts_wait


@interrupts_wait()
@cache
def _compiler():
    """(global names of kernel source, function that compiles, decorator of device functions), made once."""
    from numba import njit, types
    from numba.core import compiler, cpu
    from numba.core.registry import cpu_target

    from . import numba_intrinsics, vector_math

    def device(fastmath):
        decorate: Any = njit
        return decorate(fastmath=set(fastmath), error_model="numpy", no_cpython_wrapper=True)

    names = numba_intrinsics.namespace()
    for name, functions in (vector_math.FUNCTIONS | vector_math.FAR).items():
        names.update(
            {f"{name}_{d}": _as_intrinsic(f"{name}_{d}", f.emit, getattr(types, d)) for d, f in functions.items()}
        )
    signature = (types.CPointer(types.int64), types.int64, types.int64)

    def compile_function(function, fastmath):
        flags: Any = compiler.Flags()  # numba adds its attributes at run time
        flags.nrt = False
        flags.error_model = "numpy"
        flags.no_cpython_wrapper = True
        flags.no_cfunc_wrapper = True
        flags.no_rewrites = True
        flags.fastmath = cpu.FastMathOptions(set(fastmath))
        return compiler.compile_extra(
            cpu_target.typing_context, cpu_target.target_context, function, signature, types.none, flags, {}
        )

    return names, compile_function, device


def _as_intrinsic(name, emit, number):
    """A function of vector_math for numba."""
    from numba.extending import intrinsic

    from .vector_math.value import Value

    def codegen(context, builder, signature, values):
        return emit(*[Value(builder, value) for value in values]).ir

    rule = number(*[number] * emit.__code__.co_argcount), codegen
    typing = {1: lambda typingctx, x: rule, 2: lambda typingctx, x, y: rule}[
        emit.__code__.co_argcount
    ]  # numba counts them
    typing.__name__ = typing.__qualname__ = name
    return intrinsic(typing)


@interrupts_wait()
@cache
def _complex_functions() -> dict:
    """Those of complex_math, made when the first kernel needs them."""
    from . import complex_math

    names, _, device = _compiler()
    return complex_math.functions(names, device(("contract",)))


@interrupts_wait()
def compile_kernel(source: KernelSource) -> tuple[str, bytes, float]:
    """(symbol, object code, seconds of compilation).  The code is not linked into this process."""
    started = time.perf_counter()
    result = _compiled(source)
    code = result.library._get_compiled_object()
    return result.fndesc.llvm_func_name, code, time.perf_counter() - started


@interrupts_wait()
def listing(source: KernelSource) -> tuple[str, str]:
    """(optimised LLVM IR, assembly) of a kernel, which is compiled for this call."""
    library = _compiled(source).library
    return library.get_llvm_str(), library.get_asm_str()


def _compiled(source: KernelSource):
    names, compile_function, device = _compiler()
    scope = dict(names, device=device(source.fastmath), __name__="minispore_kernel")
    if "complex" in source.text:
        scope.update(_complex_functions())
    exec(compile(source.text, f"<kernel {source.name}>", "exec"), scope)
    result = compile_function(scope[source.name], source.fastmath)
    result.library.get_pointer_to_function(result.fndesc.llvm_func_name)  # forces code generation
    return result
