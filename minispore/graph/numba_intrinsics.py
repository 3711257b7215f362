"""Functions for kernel source besides plain Python: typed pointers, 16-bit floats, atomics, BLAS, libc.

Imported only when a kernel is compiled, because it imports numba.  Everything here is inlined LLVM IR, so a kernel
compiles to one self-contained object that a later process loads without numba.
"""

import platform
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

I8, I16, I32, I64 = ir.IntType(8), ir.IntType(16), ir.IntType(32), ir.IntType(64)
F32 = ir.FloatType()
ARGS = types.CPointer(types.int64)

# Element types in memory.  bool is a byte; the 16-bit floats are integers that load_... and store_... convert.
STORAGE = {
    "bool": types.uint8, "int8": types.int8, "uint8": types.uint8, "int16": types.int16, "uint16": types.uint16,
    "int32": types.int32, "uint32": types.uint32, "int64": types.int64, "uint64": types.uint64,
    "float16": types.uint16, "bfloat16": types.uint16, "float32": types.float32, "float64": types.float64,
    "complex64": types.complex64, "complex128": types.complex128,
}  # fmt: skip


def _pointer_loader(element):
    @intrinsic
    def pointer_at(typingctx, args, slot):
        """``args[slot]`` as a typed pointer: LLVM does not vectorise loops over addresses that are integers."""

        def codegen(context, builder, signature, values):
            target = context.get_data_type(element).as_pointer()
            where = builder.bitcast(builder.gep(values[0], [values[1]]), target.as_pointer())
            return builder.load(where)

        return types.CPointer(element)(ARGS, types.intp), codegen

    return pointer_at


POINTERS = {f"{name}_pointer": _pointer_loader(element) for name, element in STORAGE.items()}


def _local_array(element):
    @intrinsic
    def local(typingctx, count):
        """Room for a constant number of elements on the stack, which nothing else points to."""

        def codegen(context, builder, signature, values):
            kind = ir.ArrayType(context.get_data_type(element), signature.args[0].literal_value)
            return builder.bitcast(cgutils.alloca_once(builder, kind), kind.element.as_pointer())

        if isinstance(count, types.IntegerLiteral):
            return types.CPointer(element)(count), codegen

    return local


LOCALS = {f"local_{name}": _local_array(element) for name, element in STORAGE.items()}


@intrinsic
def shift(typingctx, pointer, count):
    """``pointer + count`` elements."""

    def codegen(context, builder, signature, values):
        return builder.gep(values[0], [values[1]])

    return pointer(pointer, types.intp), codegen


@intrinsic
def address_of(typingctx, pointer):
    def codegen(context, builder, signature, values):
        return builder.ptrtoint(values[0], I64)

    return types.int64(pointer), codegen


@intrinsic
def pointer_from(typingctx, address):
    """An integer address as ``int64 *``."""

    def codegen(context, builder, signature, values):
        return builder.inttoptr(values[0], I64.as_pointer())

    return ARGS(types.int64), codegen


@intrinsic
def load_float16(typingctx, pointer, index):
    def codegen(context, builder, signature, values):
        where = builder.bitcast(builder.gep(values[0], [values[1]]), ir.HalfType().as_pointer())
        return builder.fpext(builder.load(where), F32)

    return types.float32(pointer, types.intp), codegen


@intrinsic
def store_float16(typingctx, pointer, index, value):
    def codegen(context, builder, signature, values):
        where = builder.bitcast(builder.gep(values[0], [values[1]]), ir.HalfType().as_pointer())
        builder.store(builder.fptrunc(values[2], ir.HalfType()), where)
        return context.get_dummy_value()

    return types.void(pointer, types.intp, types.float32), codegen


@intrinsic
def load_bfloat16(typingctx, pointer, index):
    def codegen(context, builder, signature, values):
        bits = builder.zext(builder.load(builder.gep(values[0], [values[1]])), I32)
        return builder.bitcast(builder.shl(bits, I32(16)), F32)

    return types.float32(pointer, types.intp), codegen


@intrinsic
def store_bfloat16(typingctx, pointer, index, value):
    """Rounds to nearest even; a NaN stays a NaN."""

    def codegen(context, builder, signature, values):
        bits = builder.bitcast(values[2], I32)
        odd = builder.and_(builder.lshr(bits, I32(16)), I32(1))
        rounded = builder.lshr(builder.add(bits, builder.add(odd, I32(0x7FFF))), I32(16))
        nan = builder.fcmp_unordered("uno", values[2], values[2])
        half = builder.trunc(builder.select(nan, I32(0x7FC0), rounded), I16)
        builder.store(half, builder.gep(values[0], [values[1]]))
        return context.get_dummy_value()

    return types.void(pointer, types.intp, types.float32), codegen


@intrinsic
def round_float16(typingctx, value):
    """The nearest float16, as float32: the result of storing and loading."""

    def codegen(context, builder, signature, values):
        return builder.fpext(builder.fptrunc(values[0], ir.HalfType()), F32)

    return types.float32(types.float32), codegen


@intrinsic
def round_bfloat16(typingctx, value):
    """The nearest bfloat16, as float32."""

    def codegen(context, builder, signature, values):
        bits = builder.bitcast(values[0], I32)
        odd = builder.and_(builder.lshr(bits, I32(16)), I32(1))
        rounded = builder.and_(builder.add(bits, builder.add(odd, I32(0x7FFF))), I32(0xFFFF0000))
        nan = builder.fcmp_unordered("uno", values[0], values[0])
        return builder.bitcast(builder.select(nan, bits, rounded), F32)

    return types.float32(types.float32), codegen


# ---------------------------------------------------------------- calls by address, atomics, waiting
@intrinsic
def call_kernel(typingctx, address, args, lo, hi):
    """Calls the kernel at ``address``; kernels follow numba's convention (return slot, exception slot, arguments)."""

    def codegen(context, builder, signature, values):
        slot = I8.as_pointer().as_pointer()
        fnty = ir.FunctionType(I32, [slot, slot, I64.as_pointer(), I64, I64])
        ret = cgutils.alloca_once(builder, I8.as_pointer())  # in the entry block: inside a loop the stack would grow
        exc = cgutils.alloca_once(builder, I8.as_pointer())
        builder.call(builder.inttoptr(values[0], fnty.as_pointer()), [ret, exc, *values[1:]])
        return context.get_dummy_value()

    return types.void(types.int64, ARGS, types.int64, types.int64), codegen


@intrinsic
def atomic_add(typingctx, pointer, index, value):
    """Adds and returns the old value."""

    def codegen(context, builder, signature, values):
        return builder.atomic_rmw("add", builder.gep(values[0], [values[1]]), values[2], "seq_cst")

    return types.int64(ARGS, types.intp, types.int64), codegen


@intrinsic
def atomic_load(typingctx, pointer, index):
    def codegen(context, builder, signature, values):
        return builder.load_atomic(builder.gep(values[0], [values[1]]), "seq_cst", 8)

    return types.int64(ARGS, types.intp), codegen


@intrinsic
def atomic_store(typingctx, pointer, index, value):
    def codegen(context, builder, signature, values):
        builder.store_atomic(values[2], builder.gep(values[0], [values[1]]), "seq_cst", 8)
        return context.get_dummy_value()

    return types.void(ARGS, types.intp, types.int64), codegen


@intrinsic
def atomic_swap(typingctx, pointer, index, expected, new):
    """Writes ``new`` if the slot holds ``expected``; returns whether it did."""

    def codegen(context, builder, signature, values):
        where = builder.gep(values[0], [values[1]])
        return builder.extract_value(builder.cmpxchg(where, values[2], values[3], "seq_cst", "seq_cst"), 1)

    return types.boolean(ARGS, types.intp, types.int64, types.int64), codegen


@intrinsic
def wide_vectors(typingctx):
    """Lets LLVM use the longest vectors in this function: by default it keeps to half of them on processors that slow down for them.

    Those with AVX-512 made since about 2020 do not.
    """

    def codegen(context, builder, signature, values):
        if "avx512vbmi2" in {name for name, on in llvm.get_host_cpu_features().items() if on}:
            set.add(builder.function.attributes, '"prefer-vector-width"="512"')  # llvmlite's own add knows no such name
        return context.get_dummy_value()

    return types.void(), codegen


@intrinsic
def relax(typingctx):
    """The pause instruction of spin-wait loops; nothing on processors without one."""

    def codegen(context, builder, signature, values):
        if _is_x86():
            pause = cgutils.get_or_insert_function(
                builder.module, ir.FunctionType(ir.VoidType(), []), "llvm.x86.sse2.pause"
            )
            builder.call(pause, [])
        return context.get_dummy_value()

    return types.void(), codegen


def _is_x86() -> bool:
    return platform.machine().lower() in ("x86_64", "amd64")


@intrinsic
def float_control(typingctx):
    """The floating-point control register of this thread (MXCSR); 0 on processors without it."""

    def codegen(context, builder, signature, values):
        if not _is_x86():
            return I64(0)
        slot = cgutils.alloca_once(builder, I32)
        fnty = ir.FunctionType(ir.VoidType(), [I8.as_pointer()])
        store = cgutils.get_or_insert_function(builder.module, fnty, "llvm.x86.sse.stmxcsr")
        builder.call(store, [builder.bitcast(slot, I8.as_pointer())])
        return builder.zext(builder.load(slot), I64)

    return types.int64(), codegen


@intrinsic
def set_float_control(typingctx, value):
    def codegen(context, builder, signature, values):
        if _is_x86():
            slot = cgutils.alloca_once(builder, I32)
            builder.store(builder.trunc(values[0], I32), slot)
            fnty = ir.FunctionType(ir.VoidType(), [I8.as_pointer()])
            load = cgutils.get_or_insert_function(builder.module, fnty, "llvm.x86.sse.ldmxcsr")
            builder.call(load, [builder.bitcast(slot, I8.as_pointer())])
        return context.get_dummy_value()

    return types.void(types.int64), codegen


_i32, _f32, _f64, _p32, _p64 = types.int32, types.float32, types.float64, types.CPointer(types.float32), types.CPointer(types.float64)  # fmt: skip
_order = (_i32,) * 6  # layout, transA, transB, m, n, k
# buffer, count, type, rank, tag, communicator, request; addresses and handles are integers (distributed/native.py)
_message = types.int32(types.int64, _i32, types.int64, _i32, _i32, types.int64, types.int64)
EXTERNALS = {
    "cblas_sgemm": types.ExternalFunction("minispore_sgemm", types.void(*_order, _f32, _p32, _i32, _p32, _i32, _f32, _p32, _i32)),
    "cblas_dgemm": types.ExternalFunction("minispore_dgemm", types.void(*_order, _f64, _p64, _i32, _p64, _i32, _f64, _p64, _i32)),
    "cblas_ssyrk": types.ExternalFunction("minispore_ssyrk", types.void(*(_i32,) * 5, _f32, _p32, _i32, _f32, _p32, _i32)),
    "cblas_dsyrk": types.ExternalFunction("minispore_dsyrk", types.void(*(_i32,) * 5, _f64, _p64, _i32, _f64, _p64, _i32)),
    "sched_yield": types.ExternalFunction("sched_yield", types.int32()),
    "usleep": types.ExternalFunction("usleep", types.int32(_i32)),
    "mpi_isend": types.ExternalFunction("minispore_mpi_isend", _message),
    "mpi_irecv": types.ExternalFunction("minispore_mpi_irecv", _message),
    "mpi_testall": types.ExternalFunction("minispore_mpi_testall", types.int32(_i32, types.int64, types.int64, types.int64)),
    "realloc": types.ExternalFunction("realloc", ARGS(ARGS, types.int64)),
    "pthread_mutex_lock": types.ExternalFunction("pthread_mutex_lock", types.int32(ARGS)),
    "pthread_mutex_unlock": types.ExternalFunction("pthread_mutex_unlock", types.int32(ARGS)),
    "pthread_cond_wait": types.ExternalFunction("pthread_cond_wait", types.int32(ARGS, ARGS)),
    "pthread_cond_broadcast": types.ExternalFunction("pthread_cond_broadcast", types.int32(ARGS)),
}  # fmt: skip


# ---------------------------------------------------------------- functions of expressions, for any number type
def _is_float(number) -> bool:
    return isinstance(number, types.Float)


def _extreme(float_name: str, comparison: str):
    """Maximum or minimum; NaN if an operand is NaN, unlike C's fmax.  LLVM vectorises it as a reduction without ``nnan``."""

    @intrinsic
    def extreme(typingctx, x, y):
        result = typingctx.unify_types(x, y)

        def codegen(context, builder, signature, values):
            a, b = values
            if _is_float(result):
                kind = context.get_value_type(result)
                suffix = "f32" if result == types.float32 else "f64"
                fnty = ir.FunctionType(kind, [kind, kind])
                fn = builder.module.declare_intrinsic(f"llvm.{float_name}.{suffix}", (), fnty)
                return builder.call(fn, [a, b])
            if result == types.boolean or not result.signed:
                pick = builder.icmp_unsigned(comparison, a, b)
            else:
                pick = builder.icmp_signed(comparison, a, b)
            return builder.select(pick, a, b)

        return result(result, result), codegen

    return extreme


@intrinsic
def where(typingctx, condition, x, y):
    """A select instruction: both values are computed."""
    result = typingctx.unify_types(x, y)

    def codegen(context, builder, signature, values):
        return builder.select(values[0], values[1], values[2])

    return result(types.boolean, result, result), codegen


def _float_intrinsic(name: str):
    @intrinsic
    def function(typingctx, x):
        def codegen(context, builder, signature, values):
            kind = context.get_value_type(x)
            suffix = "f32" if x == types.float32 else "f64"
            fn = builder.module.declare_intrinsic(f"llvm.{name}.{suffix}", (), ir.FunctionType(kind, [kind]))
            return builder.call(fn, [values[0]])

        return (x(x), codegen) if _is_float(x) else None

    return function


def _multiply_add(typingctx, x, y, z):
    """x * y + z, rounded once."""

    def codegen(context, builder, signature, values):
        kind = context.get_value_type(x)
        suffix = "f32" if x == types.float32 else "f64"
        fn = builder.module.declare_intrinsic(f"llvm.fma.{suffix}", (), ir.FunctionType(kind, [kind] * 3))
        return builder.call(fn, values)

    return (x(x, y, z), codegen) if _is_float(x) else None


_fused_multiply_add: Any = intrinsic(_multiply_add)
_llvm_fabs = _float_intrinsic("fabs")
_llvm_floor = _float_intrinsic("floor")


@intrinsic
def isnan(typingctx, x):
    def codegen(context, builder, signature, values):
        return builder.fcmp_unordered("uno", values[0], values[0]) if _is_float(x) else ir.IntType(1)(0)

    return types.boolean(x), codegen


@intrinsic
def isinf(typingctx, x):
    def codegen(context, builder, signature, values):
        if not _is_float(x):
            return ir.IntType(1)(0)
        kind = context.get_value_type(x)
        suffix = "f32" if x == types.float32 else "f64"
        fabs = builder.module.declare_intrinsic(f"llvm.fabs.{suffix}", (), ir.FunctionType(kind, [kind]))
        return builder.fcmp_ordered("==", builder.call(fabs, [values[0]]), kind(float("inf")))

    return types.boolean(x), codegen


@intrinsic
def sign(typingctx, x):
    """-1, 0 or 1; NaN stays NaN."""

    def codegen(context, builder, signature, values):
        kind, v = context.get_value_type(x), values[0]
        if _is_float(x):
            up = builder.select(builder.fcmp_ordered(">", v, kind(0.0)), kind(1.0), v)
            return builder.select(builder.fcmp_ordered("<", v, kind(0.0)), kind(-1.0), up)
        if x == types.boolean:
            return v
        above = builder.zext(
            builder.icmp_signed(">", v, kind(0)) if x.signed else builder.icmp_unsigned(">", v, kind(0)), kind
        )
        below = builder.zext(builder.icmp_signed("<", v, kind(0)), kind) if x.signed else kind(0)
        return builder.sub(above, below)

    return x(x), codegen


def _bitwise(emit):
    @intrinsic
    def function(typingctx, x, y):
        def codegen(context, builder, signature, values):
            return emit(builder, x, *values)

        return x(x, x), codegen

    return function


def _shift_left(builder, x, a, b):
    """Zero where the distance is negative or all bits leave, as in NumPy; LLVM defines no result there."""
    return builder.select(builder.icmp_unsigned("<", b, b.type(b.type.width)), builder.shl(a, b), a.type(0))


def _shift_right(builder, x, a, b):
    """As above; of signed numbers the sign stays."""
    inside = builder.icmp_unsigned("<", b, b.type(b.type.width))
    if x.signed:
        return builder.ashr(a, builder.select(inside, b, b.type(b.type.width - 1)))
    return builder.select(inside, builder.lshr(a, b), a.type(0))


shift_left, shift_right = _bitwise(_shift_left), _bitwise(_shift_right)


@intrinsic
def _remainder(typingctx, x, y):
    """C's fmod: exact, with the sign of ``x``."""

    def codegen(context, builder, signature, values):
        return builder.frem(*values)

    return x(x, y), codegen


@intrinsic
def invert(typingctx, x):
    def codegen(context, builder, signature, values):
        return builder.not_(values[0])

    return x(x), codegen


logical_not = invert


def vocabulary() -> dict:
    """Names of op expressions that take any number type (see graph/expression.py)."""
    import math

    import numpy as np
    from numba.extending import overload

    names = {
        "maximum": _extreme("maximum", ">"), "minimum": _extreme("minimum", "<"), "where": where, "isnan": isnan,
        "isinf": isinf, "sign": sign, "shift_left": shift_left, "shift_right": shift_right, "invert": invert,
        "logical_not": logical_not, "inf": math.inf,
    }  # fmt: skip

    pick: Any = where
    remainder: Any = _remainder

    def fabs(x): ...

    def floordiv(x, y): ...

    def floormod(x, y): ...

    def fmod(x, y): ...

    def integer_power(x, y): ...

    def sqrt(x): ...

    @overload(fabs)
    def _fabs(x):
        return (lambda x: _llvm_fabs(x)) if _is_float(x) else (lambda x: -x if x < 0 else x)

    @overload(floordiv)
    def _floordiv(x, y):
        one = np.float32(1) if x == types.float32 else 1.0

        def quotient(x, y):
            q = _llvm_floor(x / y)
            rest = _fused_multiply_add(-q, y, x)  # exact: shows whether rounding x / y crossed an integer
            return pick((rest < 0) != (y < 0) and (rest < 0 or rest > 0), q - one, q)

        return quotient if _is_float(x) else (lambda x, y: x // y)

    @overload(floormod)
    def _floormod(x, y):
        def rest_of(x, y):
            rest = remainder(x, y)
            return pick((rest < 0) != (y < 0) and (rest < 0 or rest > 0), rest + y, rest)

        return rest_of if _is_float(x) else (lambda x, y: x % y)

    @overload(fmod)
    def _fmod(x, y):
        def whole(x, y):
            rest = x % y
            return rest - y if rest != 0 and (x < 0) != (y < 0) else rest

        return (lambda x, y: remainder(x, y)) if _is_float(x) else whole

    @overload(integer_power)
    def _integer_power(x, y):
        def power(x, y):
            base, exponent, result = np.int64(x), np.int64(y), np.int64(1)
            if exponent < 0:  # 1 / base ** -exponent, truncated; 0 for base 0
                base, exponent = (base, exponent & 1) if base == 1 or base == -1 else (np.int64(0), np.int64(1))
            while exponent > 0:
                if exponent & 1:
                    result *= base
                base *= base
                exponent >>= 1
            return result

        return power

    names.update(fabs=fabs, floordiv=floordiv, floormod=floormod, fmod=fmod, integer_power=integer_power,
                 sqrt=_float_intrinsic("sqrt"))  # fmt: skip
    return names


def namespace() -> dict:
    """The global names of kernel source."""
    import numpy as np

    names = {**POINTERS, **LOCALS}
    names.update(EXTERNALS)
    names.update(vocabulary())
    for function in (shift, address_of, pointer_from, load_float16, store_float16, load_bfloat16, store_bfloat16,
                     round_float16, round_bfloat16, call_kernel, atomic_add, atomic_load, atomic_store, atomic_swap, relax, wide_vectors, float_control,
                     set_float_control):  # fmt: skip
        names[function.__name__ if hasattr(function, "__name__") else function._name] = function
    for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
                 "complex64", "complex128"):  # fmt: skip
        names[name] = getattr(np, name)
    return names
