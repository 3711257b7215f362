"""Functions for kernel source besides plain Python: typed pointers, 16-bit floats, atomics, BLAS, libc.

Each takes the writer of a function (kernel_compiler.py) and the terms of a call, and appends LLVM instructions: a kernel
compiles to one self-contained object.  Imported only when a kernel is compiled.
"""

import math
import platform
from functools import cache, reduce
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

from . import blas, kernel_types as kt
from .kernel_types import BOOL, FLOAT32, FLOAT64, INT32, INT64, NUMBERS, STORAGE, Term, Type, convert

I8, I16, I32, I64 = ir.IntType(8), ir.IntType(16), ir.IntType(32), ir.IntType(64)
LINE = 64  # bytes of a cache line
ARGS = kt.pointer(INT64)
NAMES: dict[str, Any] = {"inf": kt.literal(math.inf)} | {t.name: t for t in NUMBERS}


def builtin(function):
    """Decorator: a function that kernel source calls by this name."""
    NAMES[function.__name__.strip("_")] = function
    return function


def llvm_function(w, name: str, *types, result=None):
    """A function of LLVM or C, declared once."""
    known = w.program.module.globals.get(name)
    kind = ir.FunctionType(result or ir.VoidType(), types)
    return ir.Function(w.program.module, kind, name) if known is None else known


# ---------------------------------------------------------------- memory
def _room(w, element: Type, count):
    """Room for a constant number of elements on the stack, which nothing else points to.

    It begins with a cache line, which makes LLVM align the stack: vectors that it keeps there lie in one line each.
    """
    room = w.room(ir.ArrayType(element.ir, count.literal))
    room.align = LINE
    return Term(kt.pointer(element), w.b.bitcast(room, element.ir.as_pointer()))


def _local_like(w, pointer, count):
    """Room for elements of the type that ``pointer`` points to, in functions that serve several types."""
    return _room(w, pointer.type.element, count)


NAMES["local_like"] = _local_like


def _memory_of(name: str, element: Type) -> None:
    def pointer_at(w, args, slot):
        """``args[slot]`` as a typed pointer: LLVM does not vectorise loops over addresses that are integers."""
        target = kt.pointer(element)
        where = w.b.bitcast(w.b.gep(args.ir, [slot.ir]), target.ir.as_pointer())
        return Term(target, w.b.load(where))

    def local(w, count):
        return _room(w, element, count)

    NAMES[f"{name}_pointer"], NAMES[f"local_{name}"] = pointer_at, local


for _name, _element in STORAGE.items():
    _memory_of(_name, _element)


def element_at(w, pointer, index):
    """The address of an element."""
    return w.b.gep(pointer.ir, [convert(w.b, index, INT64).ir])


@builtin
def shift(w, pointer, count):
    """``pointer + count`` elements."""
    return Term(pointer.type, element_at(w, pointer, count))


@builtin
def row_of(w, pointer, count):
    """``pointer + count`` elements, which LLVM takes for any address.

    Whether two arrays overlap it would ask once for all rows, and not at all where one has its rows backwards: it takes them for overlapping then.
    """
    where = element_at(w, pointer, count)
    unknown = ir.InlineAsm(ir.FunctionType(where.type, [where.type]), "", "=r,0")
    return Term(pointer.type, w.b.call(unknown, [where]))


@builtin
def address_of(w, pointer):
    return Term(INT64, w.b.ptrtoint(pointer.ir, I64))


@builtin
def pointer_from(w, address):
    """An integer address as ``int64 *``."""
    return Term(ARGS, w.b.inttoptr(convert(w.b, address, INT64).ir, ARGS.ir))


# ---------------------------------------------------------------- 16-bit floats
def _half_at(w, pointer, index):
    return w.b.bitcast(element_at(w, pointer, index), ir.HalfType().as_pointer())


@builtin
def load_float16(w, pointer, index):
    return Term(FLOAT32, w.b.fpext(w.b.load(_half_at(w, pointer, index)), FLOAT32.ir))


@builtin
def store_float16(w, pointer, index, value):
    w.b.store(w.b.fptrunc(convert(w.b, value, FLOAT32).ir, ir.HalfType()), _half_at(w, pointer, index))


@builtin
def round_float16(w, value):
    """The nearest float16, as float32: the result of storing and loading."""
    half = w.b.fptrunc(convert(w.b, value, FLOAT32).ir, ir.HalfType())
    return Term(FLOAT32, w.b.fpext(half, FLOAT32.ir))


@builtin
def load_bfloat16(w, pointer, index):
    bits = w.b.zext(w.b.load(element_at(w, pointer, index)), I32)
    return Term(FLOAT32, w.b.bitcast(w.b.shl(bits, I32(16)), FLOAT32.ir))


def _bfloat16_bits(b, value):
    """(the bits of a float32, those bits rounded to nearest even, whether it is NaN)."""
    bits = b.bitcast(value, I32)
    odd = b.and_(b.lshr(bits, I32(16)), I32(1))
    return bits, b.add(bits, b.add(odd, I32(0x7FFF))), b.fcmp_unordered("uno", value, value)


@builtin
def store_bfloat16(w, pointer, index, value):
    """Rounds to nearest even; a NaN stays a NaN."""
    _, rounded, nan = _bfloat16_bits(w.b, convert(w.b, value, FLOAT32).ir)
    half = w.b.trunc(w.b.select(nan, I32(0x7FC0), w.b.lshr(rounded, I32(16))), I16)
    w.b.store(half, element_at(w, pointer, index))


@builtin
def keep_bfloat16(w, pointer, index, value):
    """Stores what is a bfloat16 already."""
    bits = w.b.bitcast(convert(w.b, value, FLOAT32).ir, I32)
    w.b.store(w.b.trunc(w.b.lshr(bits, I32(16)), I16), element_at(w, pointer, index))


UPPER_HALF = I32(0xFFFF0000 - (1 << 32))


@builtin
def round_bfloat16(w, value):
    """The nearest bfloat16 to a result of arithmetic on bfloat16 numbers, as float32.

    If that is NaN, its lower half is 0, as those of its operands are, and rounding leaves it as it is.
    """
    _, rounded, _ = _bfloat16_bits(w.b, convert(w.b, value, FLOAT32).ir)
    return Term(FLOAT32, w.b.bitcast(w.b.and_(rounded, UPPER_HALF), FLOAT32.ir))


@builtin
def cast_bfloat16(w, value):
    """The nearest bfloat16 to any number, as float32; a NaN, which may have bits in the lower half alone, stays one."""
    bits, rounded, nan = _bfloat16_bits(w.b, convert(w.b, value, FLOAT32).ir)
    made = w.b.select(nan, w.b.or_(bits, I32(0x400000)), w.b.and_(rounded, UPPER_HALF))
    return Term(FLOAT32, w.b.bitcast(made, FLOAT32.ir))


# ---------------------------------------------------------------- calls by address, atomics, waiting
@builtin
def call_kernel(w, address, args, lo, hi):
    """Calls the kernel at ``address`` (return slot, exception slot, arguments)."""
    slot = I8.as_pointer()
    kind = ir.FunctionType(I32, [slot.as_pointer(), slot.as_pointer(), I64.as_pointer(), I64, I64])
    ret, exc = w.room(slot), w.room(slot)  # in the entry block: inside a loop the stack would grow
    w.b.call(w.b.inttoptr(address.ir, kind.as_pointer()), [ret, exc, args.ir, lo.ir, hi.ir])


@builtin
def atomic_add(w, pointer, index, value):
    """Adds and returns the old value."""
    where, number = element_at(w, pointer, index), convert(w.b, value, INT64).ir
    return Term(INT64, w.b.atomic_rmw("add", where, number, "seq_cst"))


@builtin
def atomic_load(w, pointer, index):
    return Term(INT64, w.b.load_atomic(element_at(w, pointer, index), "seq_cst", 8))


@builtin
def atomic_store(w, pointer, index, value):
    w.b.store_atomic(convert(w.b, value, INT64).ir, element_at(w, pointer, index), "seq_cst", 8)


@builtin
def atomic_swap(w, pointer, index, expected, new):
    """Writes ``new`` if the slot holds ``expected``; returns whether it did."""
    old_and_new = [convert(w.b, v, INT64).ir for v in (expected, new)]
    made = w.b.cmpxchg(element_at(w, pointer, index), *old_and_new, "seq_cst", "seq_cst")
    return Term(BOOL, w.b.extract_value(made, 1))


def _is_x86() -> bool:
    return platform.machine().lower() in ("x86_64", "amd64")


@builtin
def wide_vectors(w):
    """Lets LLVM use the longest vectors in this function: by default it keeps to half of them on processors that slow down for them.

    Those with AVX-512 made since about 2020 do not.
    """
    if _has_fast_long_vectors():
        set.add(w.function.attributes, '"prefer-vector-width"="512"')  # llvmlite's own add knows no such name


@cache
def _has_fast_long_vectors() -> bool:
    return bool(llvm.get_host_cpu_features().get("avx512vbmi2"))


@builtin
def relax(w):
    """The pause instruction of spin-wait loops; nothing on processors without one."""
    if _is_x86():
        w.b.call(llvm_function(w, "llvm.x86.sse2.pause"), [])


@builtin
def float_control(w):
    """The floating-point control register of this thread (MXCSR); 0 on processors without it."""
    if not _is_x86():
        return kt.literal(0)
    slot = w.room(I32)
    w.b.call(llvm_function(w, "llvm.x86.sse.stmxcsr", I8.as_pointer()), [w.b.bitcast(slot, I8.as_pointer())])
    return Term(INT64, w.b.zext(w.b.load(slot), I64))


@builtin
def set_float_control(w, value):
    if _is_x86():
        slot = w.room(I32)
        w.b.store(w.b.trunc(value.ir, I32), slot)
        w.b.call(llvm_function(w, "llvm.x86.sse.ldmxcsr", I8.as_pointer()), [w.b.bitcast(slot, I8.as_pointer())])


# ---------------------------------------------------------------- functions of C
def _external(name: str, symbol: str, result: Type | None, *parameters: Type) -> None:
    def call(w, *arguments):
        function = llvm_function(w, symbol, *[p.ir for p in parameters], result=result and result.ir)
        values = [convert(w.b, a, p).ir for a, p in zip(arguments, parameters, strict=True)]
        made = w.b.call(function, values)
        return None if result is None else Term(result, made)

    NAMES[name] = call


_order = (INT32,) * 6  # layout, transA, transB, m, n, k
for _name, _number in (("sgemm", FLOAT32), ("dgemm", FLOAT64)):
    _p = kt.pointer(_number)
    _external(f"cblas_{_name}", f"minispore_{_name}", None, *_order, _number, _p, INT32, _p, INT32, _number, _p, INT32)
for _name, _number in (("ssyrk", FLOAT32), ("dsyrk", FLOAT64)):
    _p = kt.pointer(_number)
    _external(f"cblas_{_name}", f"minispore_{_name}", None, *_order[1:], _number, _p, INT32, _number, _p, INT32)
    _external(f"cblas_{_name[0]}trsm", f"minispore_{_name[0]}trsm", None, *(INT32,) * 7, _number, _p, INT32, _p, INT32)


def _fortran(name: str, symbol: str, letters: int) -> None:
    """A subroutine of LAPACK: numbers are passed by address, and so are letters, as the number's first byte; their lengths follow."""

    def call(w, *arguments):
        values = []
        for a in arguments:
            if a.type.kind != "pointer":
                slot = w.room(I32)
                w.b.store(convert(w.b, a, INT32).ir, slot)
                values.append(slot)
            else:
                values.append(a.ir)
        values += [ir.Constant(I64, 1)] * letters
        w.b.call(llvm_function(w, symbol, *[v.type for v in values]), values)

    NAMES[name] = call


for _name, _letters in blas.FACTORISATIONS.items():
    for _type in "sd":
        _fortran(f"lapack_{_type}{_name}", f"minispore_{_type}{_name}", _letters)
_external("sched_yield", "sched_yield", INT32)
_external("usleep", "usleep", INT32, INT32)
for _name in ("isend", "irecv"):
    # buffer, count, type, rank, tag, communicator, request; addresses and handles are integers (distributed/native.py)
    _external(f"mpi_{_name}", f"minispore_mpi_{_name}", INT32, INT64, INT32, INT64, INT32, INT32, INT64, INT64)
_external("mpi_testall", "minispore_mpi_testall", INT32, INT32, INT64, INT64, INT64)
_external("realloc", "realloc", ARGS, ARGS, INT64)
_external("pthread_mutex_lock", "pthread_mutex_lock", INT32, ARGS)
_external("pthread_mutex_unlock", "pthread_mutex_unlock", INT32, ARGS)
_external("pthread_cond_wait", "pthread_cond_wait", INT32, ARGS, ARGS)
_external("pthread_cond_broadcast", "pthread_cond_broadcast", INT32, ARGS)


# ---------------------------------------------------------------- functions of expressions, for any number type
def _joined(w, x: Term, y: Term) -> tuple[Type, Any, Any]:
    """The common type of two values, and the values in it."""
    kind = kt.common(x.type, y.type)
    return kind, convert(w.b, x, kind).ir, convert(w.b, y, kind).ir


def _float_function(w, name: str, kind: Type, *values):
    """LLVM's function of floats."""
    declared = llvm_function(w, f"llvm.{name}.f{kind.bits}", *[kind.ir] * len(values), result=kind.ir)
    return w.b.call(declared, values)


def _kept_wide(w, kind: Type, value):
    """An operand of an extreme where float16 numbers have been read.

    LLVM would compute the extreme of two of them in their own type, for which most processors have no instruction, and then one after the
    other; ``canonicalize`` hides where the number is from.
    """
    return _float_function(w, "canonicalize", kind, value) if w.program.reads_halves else value


def _extreme(float_name: str, sign: str):
    """Maximum or minimum; NaN if an operand is NaN, unlike C's fmax.  LLVM vectorises it as a reduction without ``nnan``."""

    def extreme(w, x, y):
        kind, a, b = _joined(w, x, y)
        if kind.is_float:
            return Term(kind, _float_function(w, float_name, kind, a, _kept_wide(w, kind, b)))
        pick = (w.b.icmp_signed if kind.kind == "signed" else w.b.icmp_unsigned)(sign, a, b)
        return Term(kind, w.b.select(pick, a, b))

    return extreme


NAMES["maximum"], NAMES["minimum"] = _extreme("maximum", ">"), _extreme("minimum", "<")


def _number_extreme(sign: str):
    """The one of two numbers that is beyond the other; any number where one is NaN (``nan_where`` replaces it)."""

    def extreme(w, x, y):
        kind, a, b = _joined(w, x, y)
        if not kind.is_float:
            return Term(kind, w.b.select(kt.compare(w.b, sign, Term(kind, a), Term(kind, b)).ir, a, b))
        chosen = w.b.select(w.b.fcmp_ordered(sign, a, b, flags=["nnan", "nsz"]), a, b)
        chosen.flags = ["nnan", "nsz"]
        return Term(kind, chosen)

    return extreme


NAMES["greater_of"], NAMES["lesser_of"] = _number_extreme(">"), _number_extreme("<")


@builtin
def nan_where(w, condition, x):
    """NaN where the condition holds; numbers of types without it stay."""
    if not x.type.is_float:
        return x
    return Term(x.type, w.b.select(convert(w.b, condition, BOOL).ir, x.type.ir(math.nan), x.ir))


def _python_extreme(sign: str):
    """Python's max or min: the first one stays unless another one is beyond it."""

    def pair(w, x, y):
        kind, a, b = _joined(w, x, y)
        beyond = kt.compare(w.b, sign, Term(kind, b), Term(kind, a))
        return Term(kind, w.b.select(beyond.ir, b, a))

    return lambda w, *values: reduce(lambda x, y: pair(w, x, y), values)


NAMES["max"], NAMES["min"] = _python_extreme(">"), _python_extreme("<")


@builtin
def where(w, condition, x, y):
    """A select instruction: both values are computed."""
    return kt.chosen(w.b, convert(w.b, condition, BOOL).ir, x, y)


@builtin
def complex_(w, x, y):
    kind = kt.common(x.type, y.type)
    part = kind if kind.is_float else FLOAT64
    return kt.whole(w.b, convert(w.b, x, part), convert(w.b, y, part))


@builtin
def isnan(w, x):
    return Term(BOOL, w.b.fcmp_unordered("uno", x.ir, x.ir)) if x.type.is_float else kt.constant(BOOL, 0)


@builtin
def isinf(w, x):
    if not x.type.is_float:
        return kt.constant(BOOL, 0)
    size = _float_function(w, "fabs", x.type, x.ir)
    return Term(BOOL, w.b.fcmp_ordered("==", size, x.type.ir(math.inf)))


@builtin
def sign(w, x):
    """-1, 0 or 1; NaN stays NaN."""
    kind, v, b = x.type.ir, x.ir, w.b
    if x.type.is_float:
        up = b.select(b.fcmp_ordered(">", v, kind(0.0)), kind(1.0), v)
        return Term(x.type, b.select(b.fcmp_ordered("<", v, kind(0.0)), kind(-1.0), up))
    if x.type is BOOL:
        return x
    signed = x.type.kind == "signed"
    above = b.zext((b.icmp_signed if signed else b.icmp_unsigned)(">", v, kind(0)), kind)
    below = b.zext(b.icmp_signed("<", v, kind(0)), kind) if signed else kind(0)
    return Term(x.type, b.sub(above, below))


@builtin
def shift_left(w, x, y):
    """Zero where the distance is negative or all bits leave, as in NumPy; LLVM defines no result there."""
    a, b = x.ir, convert(w.b, y, x.type).ir
    inside = w.b.icmp_unsigned("<", b, b.type(b.type.width))
    return Term(x.type, w.b.select(inside, w.b.shl(a, b), a.type(0)))


@builtin
def shift_right(w, x, y):
    """As above; of signed numbers the sign stays."""
    a, b = x.ir, convert(w.b, y, x.type).ir
    inside = w.b.icmp_unsigned("<", b, b.type(b.type.width))
    if x.type.signed:
        return Term(x.type, w.b.ashr(a, w.b.select(inside, b, b.type(b.type.width - 1))))
    return Term(x.type, w.b.select(inside, w.b.lshr(a, b), a.type(0)))


@builtin
def invert(w, x):
    return Term(x.type, w.b.not_(x.ir))


NAMES["logical_not"] = invert


@builtin
def sqrt(w, x):
    return Term(x.type, _float_function(w, "sqrt", x.type, x.ir))


@builtin
def fabs(w, x):
    if x.type.is_float:
        return Term(x.type, _float_function(w, "fabs", x.type, x.ir))
    minus = kt.negative(w.b, x)
    return kt.chosen(w.b, kt.compare(w.b, "<", x, kt.literal(0)).ir, minus, x)


def _differs_in_sign(w, rest, y):
    """Whether a remainder is not 0 and its sign is not that of the divisor."""
    zero = rest.type(0.0)
    apart = w.b.xor(w.b.fcmp_ordered("<", rest, zero), w.b.fcmp_ordered("<", y, zero))
    some = w.b.or_(w.b.fcmp_ordered("<", rest, zero), w.b.fcmp_ordered(">", rest, zero))
    return w.b.and_(apart, some)


def _long_division(w, x: Term, y: Term):
    """(x / y to the nearest or one beside it, what is left) of int64 numbers by way of float64; None where vectors cannot convert these.

    The quotient of the rounded numbers is wrong by less than 5000.  What it leaves is therefore below that or |y| and divided once more:
    then less than 0.6 |y| is left.  Products and differences may overflow on the way, to the right bits.
    """
    kinds = {t.type for t in (x, y)}
    if kinds != {INT64} or y.literal is not None or not llvm.get_host_cpu_features().get("avx512dq"):
        return None
    b, most = w.b, FLOAT64.ir(9223372036854774784.0)
    divisor = b.select(b.icmp_signed("==", y.ir, I64(0)), I64(1), y.ir)
    below = b.sitofp(divisor, FLOAT64.ir)
    quotient, rest = I64(0), x.ir
    for _ in range(2):
        near = _float_function(w, "rint", FLOAT64, b.fdiv(b.sitofp(rest, FLOAT64.ir), below))
        near = b.select(b.fcmp_ordered("<", near, most), near, most)
        near = b.select(b.fcmp_ordered(">", near, b.fneg(most)), near, b.fneg(most))
        whole = b.fptosi(near, I64)
        quotient, rest = b.add(quotient, whole), b.sub(rest, b.mul(whole, divisor))
    undefined = b.or_(
        b.icmp_signed("==", y.ir, I64(0)),
        b.and_(b.icmp_signed("==", y.ir, I64(-1)), b.icmp_signed("==", x.ir, I64(-(1 << 63)))),
    )
    return quotient, rest, divisor, undefined


def _long_floor(w, x: Term, y: Term, want: str):
    """``kernel_types._divide`` of int64 numbers in vectors; None where it is not to be had."""
    made = _long_division(w, x, y)
    if made is None:
        return None
    b, (quotient, rest, divisor, undefined) = w.b, made
    below = b.and_(b.icmp_signed("!=", rest, I64(0)), b.icmp_signed("<", b.xor(rest, divisor), I64(0)))
    if want == "quotient":
        out = b.select(below, b.sub(quotient, I64(1)), quotient)
    else:
        out = b.select(below, b.add(rest, divisor), rest)
    return Term(INT64, b.select(undefined, I64(0), out))


@builtin
def floordiv(w, x, y):
    kind, a, b = _joined(w, x, y)
    if not kind.is_float:
        return _long_floor(w, x, y, "quotient") or kt.arithmetic(w.b, "//", x, y)
    q = _float_function(w, "floor", kind, w.b.fdiv(a, b))
    minus = kt.negative(w.b, Term(kind, q)).ir
    rest = _float_function(w, "fma", kind, minus, b, a)  # exact: shows whether rounding x / y crossed an integer
    return Term(kind, w.b.select(_differs_in_sign(w, rest, b), w.b.fsub(q, kind.ir(1.0)), q))


@builtin
def floormod(w, x, y):
    kind, a, b = _joined(w, x, y)
    if not kind.is_float:
        return _long_floor(w, x, y, "rest") or kt.arithmetic(w.b, "%", x, y)
    rest = w.b.frem(a, b)
    return Term(kind, w.b.select(_differs_in_sign(w, rest, b), w.b.fadd(rest, b), rest))


def _near_remainder(w, x, y, rounding):
    """x - n * y for n = x / y rounded, where that is below 2 to the number of bits: then the difference is exact, even if the quotient was rounded up to n."""
    kind, a, b = _joined(w, x, y)
    n = _float_function(w, rounding, kind, w.b.fdiv(a, b))
    return kind, a, b, _float_function(w, "fma", kind, kt.negative(w.b, Term(kind, n)).ir, b, a)


def _signed_where_zero(w, kind, rest, a):
    """``rest``; a 0 with the sign of ``a``, as the exact remainder has it."""
    zero = w.b.fcmp_ordered("==", rest, kind.ir(0.0))
    return Term(kind, w.b.select(zero, _float_function(w, "copysign", kind, rest, a), rest))


@builtin
def near_floormod(w, x, y):
    """``floormod`` where |x| is below 2**22 |y| (2**51 of float64), and y finite (graph/far_angles.py)."""
    kind, a, b, rest = _near_remainder(w, x, y, "floor")
    rest = w.b.select(_differs_in_sign(w, rest, b), w.b.fadd(rest, b), rest)
    return _signed_where_zero(w, kind, rest, a)


@builtin
def near_fmod(w, x, y):
    """``fmod`` on the same conditions."""
    kind, a, b, rest = _near_remainder(w, x, y, "trunc")
    more = w.b.fadd(rest, _float_function(w, "copysign", kind, b, a))
    return _signed_where_zero(w, kind, w.b.select(_differs_in_sign(w, rest, a), more, rest), a)


@builtin
def fmod(w, x, y):
    """C's fmod: exact, with the sign of ``x``."""
    kind, a, b = _joined(w, x, y)
    if kind.is_float:
        return Term(kind, w.b.frem(a, b))
    made = _long_division(w, x, y)
    if made is not None:
        b, (_, rest, divisor, undefined) = w.b, made
        apart = b.and_(b.icmp_signed("!=", rest, I64(0)), b.icmp_signed("<", b.xor(rest, x.ir), I64(0)))
        inward = b.select(b.icmp_signed("<", b.xor(divisor, x.ir), I64(0)), b.neg(divisor), divisor)
        return Term(INT64, b.select(undefined, I64(0), b.select(apart, b.add(rest, inward), rest)))
    rest, zero = kt.arithmetic(w.b, "%", x, y), kt.literal(0)
    apart = w.b.xor(kt.compare(w.b, "<", x, zero).ir, kt.compare(w.b, "<", y, zero).ir)
    wrong = w.b.and_(apart, kt.compare(w.b, "!=", rest, zero).ir)
    return kt.chosen(w.b, wrong, kt.arithmetic(w.b, "-", rest, y), rest)


@builtin
def integer_power(w, x, y):
    return w.device("power_of_int64", [convert(w.b, v, INT64) for v in (x, y)])[0]


# Functions that are easier to write as kernel source.
LIBRARY = """
def power_of_int64(base, exponent):
    result = 1
    if exponent < 0:  # 1 / base ** -exponent, truncated; 0 for base 0
        if base == 1 or base == -1:
            exponent = exponent & 1
        else:
            base, exponent = 0, 1
    while exponent > 0:
        if exponent & 1:
            result *= base
        base *= base
        exponent >>= 1
    return result
"""
