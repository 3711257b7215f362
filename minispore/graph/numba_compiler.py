"""Compiles kernel source with numba, which no other module calls.  KeyboardInterrupt is delayed until numba has returned."""

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

    from . import intrinsics, tiles, vector_math

    def device(fastmath):
        decorate: Any = njit
        return decorate(fastmath=set(fastmath), error_model="numpy", no_cpython_wrapper=True)

    names = intrinsics.namespace() | tiles.NAMES
    for name, functions in (vector_math.FUNCTIONS | vector_math.FAR).items():
        names.update({f"{name}_{dtype}": function for dtype, function in functions.items()})
    names["philox_uint32"] = vector_math.philox_uint32
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


@interrupts_wait()
def native_function(function, types, outputs):
    """A C function for the table that calls a user's numba function of arrays.

    ``types``, ``outputs``: (shape, dtype) of the arrays, whose addresses are the arguments.  It runs without the GIL.
    """
    import numba

    n = len(types)
    lines = ["def entry(ret, exc, args, lo, hi):"]
    for k, (shape, dtype) in enumerate([*types, *outputs]):
        lines.append(f"    x{k} = carray(void(args[{k}]), {tuple(shape)!r}, {dtype.np.name})")
    lines.append(f"    found = function({', '.join(f'x{k}' for k in range(n))})")
    if len(outputs) == 1:
        lines.append(f"    x{n}[...] = found")
    else:
        lines += [f"    x{n + k}[...] = found[{k}]" for k in range(len(outputs))]
    lines.append("    return int32(0)")

    @numba.extending.intrinsic
    def void(typingctx, address):
        def codegen(context, builder, signature, values):
            return builder.inttoptr(values[0], context.get_value_type(numba.types.voidptr))

        return numba.types.voidptr(numba.types.int64), codegen

    scope = {"function": function, "carray": numba.carray, "void": void, "int32": numba.int32}
    scope.update({dtype.np.name: dtype.np.type for _, dtype in [*types, *outputs]})
    exec("\n".join(lines), scope)
    signature = numba.int32(
        numba.types.voidptr, numba.types.voidptr, numba.types.CPointer(numba.int64), numba.int64, numba.int64
    )
    return numba.cfunc(signature)(scope["entry"])
