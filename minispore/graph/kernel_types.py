"""Types of kernel source and the arithmetic on them: what numba makes of the same text.

A value of a kernel is a ``Term``: an LLVM value with its type.  Python's numbers are int64 and float64.  Arithmetic on
integers is done in 64 bits, unsigned if both operands are; float32 meets small integers in float32 and others in float64.
A complex number is a struct of two floats, as in memory, and meets real ones by the rules of its parts.
"""

import ctypes
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from llvmlite import ir

BIT = ir.IntType(1)
INT32_BITS = ir.IntType(32)


class _BFloat(ir.Type):
    """LLVM's bfloat, which llvmlite's types lack."""

    def _to_string(self):
        return "bfloat"

    def __eq__(self, other):
        return isinstance(other, _BFloat)

    def __hash__(self):
        return hash(_BFloat)


BFLOAT = _BFloat()


@dataclass(frozen=True)
class Type:
    name: str
    kind: str  # "bool", "signed", "unsigned", "float", "complex", "pointer", "none"
    bits: int
    ir: Any = field(compare=False)
    element: "Type | None" = None

    @property
    def is_float(self) -> bool:
        return self.kind == "float"

    @property
    def is_complex(self) -> bool:
        return self.kind == "complex"

    @property
    def is_integer(self) -> bool:
        return self.kind in ("signed", "unsigned")

    @property
    def part(self) -> "Type":
        """The type of a complex number's parts; of a real number, its own."""
        return {64: FLOAT32, 128: FLOAT64}[self.bits] if self.is_complex else self

    @property
    def signed(self) -> bool:
        return self.kind in ("signed", "bool")


class Term(NamedTuple):
    """A value while a kernel is compiled; ``literal``: the number, where the text has one."""

    type: Type
    ir: Any
    literal: Any = None


BOOL = Type("bool", "bool", 1, BIT)
NONE = Type("none", "none", 0, ir.VoidType())
INT8, INT16, INT32, INT64 = (Type(f"int{n}", "signed", n, ir.IntType(n)) for n in (8, 16, 32, 64))
UINT8, UINT16, UINT32, UINT64 = (Type(f"uint{n}", "unsigned", n, ir.IntType(n)) for n in (8, 16, 32, 64))
FLOAT32, FLOAT64 = Type("float32", "float", 32, ir.FloatType()), Type("float64", "float", 64, ir.DoubleType())
COMPLEX64, COMPLEX128 = (
    Type(f"complex{2 * t.bits}", "complex", 2 * t.bits, ir.LiteralStructType([t.ir, t.ir])) for t in (FLOAT32, FLOAT64)
)
WHOLE = {FLOAT32: COMPLEX64, FLOAT64: COMPLEX128}
NUMBERS = (BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128)
SIGNED = {t.bits: t for t in NUMBERS if t.kind == "signed"}
# Element types in memory.  bool is a byte; the 16-bit floats are integers that load_... and store_... convert.
STORAGE = {t.name: t for t in NUMBERS} | {"bool": UINT8, "float16": UINT16, "bfloat16": UINT16}
_WHOLE = ("bool", "signed", "unsigned")
_EXACT_IN_FLOAT32 = (BOOL, INT8, INT16, UINT8, FLOAT32)


def pointer(element: Type) -> Type:
    return Type(f"{element.name}*", "pointer", 64, element.ir.as_pointer(), element)


def constant(type_: Type, number) -> Term:
    """A number of the program's text as a value of a type."""
    if type_.is_complex:
        pair = [constant(type_.part, part).ir for part in (number.real, number.imag)]
        return Term(type_, ir.Constant(type_.ir, pair))
    if type_.is_float:
        value = float(number)
        return Term(type_, ir.Constant(type_.ir, ctypes.c_float(value).value if type_ is FLOAT32 else value), number)
    if type_ is BOOL:
        return Term(type_, ir.Constant(BIT, int(bool(number))), number)
    half = 1 << type_.bits - 1
    return Term(type_, ir.Constant(type_.ir, (int(number) + half) % (2 * half) - half), number)


def literal(number) -> Term:
    if isinstance(number, bool):
        return constant(BOOL, number)
    if isinstance(number, int):
        return constant(INT64 if number < 1 << 63 else UINT64, number)
    return constant(COMPLEX128 if isinstance(number, complex) else FLOAT64, number)


# ---------------------------------------------------------------- which type
def unify(x: Type, y: Type) -> Type | None:
    """The type that holds values of both; None where there is none."""
    if x == y:
        return x
    if "pointer" in (x.kind, y.kind) or "none" in (x.kind, y.kind):
        return None
    if x is BOOL or y is BOOL:
        return y if x is BOOL else x
    if x.is_complex or y.is_complex:
        return WHOLE[common(x.part, y.part)]
    if x.is_float or y.is_float:
        single = all(t is FLOAT32 or (t.is_integer and t.bits <= 16) for t in (x, y))
        return FLOAT32 if single else FLOAT64
    if x.kind == y.kind:
        return x if x.bits >= y.bits else y
    signed, other = (x, y) if x.kind == "signed" else (y, x)
    bits = max(signed.bits, 2 * other.bits) if other.bits >= signed.bits else signed.bits
    return SIGNED[bits] if bits <= 64 else FLOAT64


def common(first: Type, *others: Type) -> Type:
    """The type that holds values of all.

    Raises:
        TypeError: there is none.
    """
    for other in others:
        found = unify(first, other)
        if found is None:
            raise TypeError(f"{first.name} or {other.name}")
        first = found
    return first


def of_arithmetic(x: Type, y: Type) -> Type:
    """The type in which numbers are added."""
    if x.is_complex or y.is_complex:
        return WHOLE[of_arithmetic(x.part, y.part)]
    if x.is_float or y.is_float:
        return FLOAT32 if x in _EXACT_IN_FLOAT32 and y in _EXACT_IN_FLOAT32 else FLOAT64
    return INT64 if x.signed or y.signed else UINT64


def _of_comparison(x: Type, y: Type) -> Type:
    if x.kind != y.kind and {"float", "complex"} & {x.kind, y.kind}:
        return of_arithmetic(x, y)
    return common(x, y)


# ---------------------------------------------------------------- conversion
def convert(b: ir.IRBuilder, x: Term, to: Type) -> Term:
    """``x`` as C converts it."""
    kind = x.type
    if kind == to:
        return x
    if x.literal is not None and not (isinstance(x.literal, float) and not to.is_float):
        return constant(to, x.literal)
    if "pointer" in (kind.kind, to.kind) or NONE in (kind, to):
        raise TypeError(f"{kind.name} cannot become {to.name}")
    if to.is_complex:
        return whole(b, *[convert(b, part, to.part) for part in parts(b, x)])
    if kind.is_complex:
        if to is BOOL:
            return compare(b, "!=", x, constant(kind, 0))
        raise TypeError(f"{kind.name} cannot become {to.name}")
    if to is BOOL:
        zero = ir.Constant(kind.ir, 0)
        return Term(to, b.fcmp_unordered("!=", x.ir, zero) if kind.is_float else b.icmp_signed("!=", x.ir, zero))
    if kind is BOOL:
        return convert(b, Term(INT32, b.zext(x.ir, INT32_BITS)), to)
    if kind.is_float and to.is_float:
        return Term(to, (b.fpext if to is FLOAT64 else b.fptrunc)(x.ir, to.ir))
    if kind.is_float:
        return Term(to, (b.fptosi if to.signed else b.fptoui)(x.ir, to.ir))
    if to.is_float:
        return Term(to, (b.sitofp if kind.signed else b.uitofp)(x.ir, to.ir))
    if to.bits == kind.bits:
        return Term(to, x.ir)
    if to.bits < kind.bits:
        return Term(to, b.trunc(x.ir, to.ir))
    return Term(to, (b.sext if kind.signed else b.zext)(x.ir, to.ir))


def parts(b: ir.IRBuilder, x: Term) -> tuple[Term, Term]:
    """The real and the imaginary part of a number."""
    if not x.type.is_complex:
        return x, constant(x.type, 0)
    real, imaginary = (Term(x.type.part, b.extract_value(x.ir, k)) for k in (0, 1))
    return real, imaginary


def whole(b: ir.IRBuilder, real: Term, imaginary: Term) -> Term:
    """The complex number with two floats of one type as its parts."""
    kind = WHOLE[real.type]
    made = b.insert_value(ir.Constant(kind.ir, ir.Undefined), real.ir, 0)
    return Term(kind, b.insert_value(made, imaginary.ir, 1))


# ---------------------------------------------------------------- operators
def _no_wrap(kind: Type) -> tuple[str, ...]:
    """Sums of signed numbers are taken not to overflow: LLVM then knows that indices grow."""
    return ("nsw",) if kind.signed else ()


def _divide(b, kind: Type, x, y: Term, want: str):
    """Floor division of integers; 0 where it is not defined (division by 0, the least number by -1)."""
    zero, one = kind.ir(0), kind.ir(1)
    if not kind.signed:
        bad = b.icmp_unsigned("==", y.ir, zero)
        made = (b.udiv if want == "quotient" else b.urem)(x, b.select(bad, one, y.ir))
        return b.select(bad, zero, made)
    if y.literal is not None and y.literal > 0:
        bad, divisor = None, y.ir
    else:
        least = b.icmp_signed("==", x, kind.ir(-(1 << kind.bits - 1)))
        overflow = b.and_(least, b.icmp_signed("==", y.ir, kind.ir(-1)))
        bad = b.or_(overflow, b.icmp_signed("==", y.ir, zero))
        divisor = b.select(bad, one, y.ir)
    rest = b.srem(x, divisor)
    inexact = b.and_(b.icmp_signed("!=", rest, zero), b.icmp_signed("<", b.xor(divisor, rest), zero))
    if want == "quotient":
        made = b.sdiv(x, divisor)
        made = b.select(inexact, b.sub(made, one), made)
    else:
        made = b.select(inexact, b.add(rest, divisor), rest)
    return made if bad is None else b.select(bad, zero, made)


def _divide_short(b, kind: Type, x: Term, y: Term, want: str):
    """The same for numbers of at most 32 bits, by way of float64, of which vectors hold several: the rounded quotient has the same floor.

    It is 1 / y away from the next whole number, or more, and rounded by less.
    """
    bad = b.icmp_signed("==", y.ir, y.type.ir(0))
    divisor = Term(y.type, b.select(bad, y.type.ir(1), y.ir))
    above, below = (convert(b, t, FLOAT64).ir for t in (x, divisor))
    floor = b.module.declare_intrinsic("llvm.floor", [FLOAT64.ir], ir.FunctionType(FLOAT64.ir, [FLOAT64.ir]))
    made = b.call(floor, [b.fdiv(above, below)])
    if want == "rest":
        made = b.fsub(above, b.fmul(made, below))  # of whole numbers below 2**34
    return b.select(bad, kind.ir(0), convert(b, Term(FLOAT64, made), kind).ir)


def arithmetic(b: ir.IRBuilder, sign: str, x: Term, y: Term) -> Term:
    """``x sign y`` with one of + - * / // % & | ^ << >>; a quotient of complex numbers is a function of complex_math.py."""
    kinds = {x.type.kind, y.type.kind}
    allowed = ("+", "-", "*") if "complex" in kinds else _OF_FLOATS
    if "pointer" in kinds or (kinds & {"float", "complex"} and sign not in allowed):
        raise TypeError(f"{x.type.name} {sign} {y.type.name}")
    if "complex" in kinds:
        return _complex_arithmetic(b, sign, *[convert(b, t, of_arithmetic(x.type, y.type)) for t in (x, y)])
    if sign in ("&", "|", "^") and x.type is BOOL and y.type is BOOL:
        kind = BOOL
    elif sign in ("<<", ">>"):
        kind = INT64 if x.type.signed else UINT64
    else:
        kind = of_arithmetic(x.type, y.type)
    if sign == "/" and not kind.is_float:
        whole = [convert(b, convert(b, t, INT64 if t.type.signed else UINT64), FLOAT64).ir for t in (x, y)]
        return Term(FLOAT64, b.fdiv(*whole))
    right = convert(b, y, kind)
    left, right_ir = convert(b, x, kind).ir, right.ir
    if kind.is_float:
        return Term(kind, getattr(b, _OF_FLOATS[sign])(left, right_ir))
    if sign in ("//", "%"):
        want = "quotient" if sign == "//" else "rest"
        if y.literal is None and all(t.type.kind in ("signed", "unsigned") and t.type.bits <= 32 for t in (x, y)):
            return Term(kind, _divide_short(b, kind, x, y, want))
        return Term(kind, _divide(b, kind, left, right, want))
    if sign in ("+", "-", "*"):
        return Term(kind, getattr(b, _OF_INTEGERS[sign])(left, right_ir, flags=_no_wrap(kind)))
    if sign == ">>":
        return Term(kind, (b.ashr if kind.signed else b.lshr)(left, right_ir))
    return Term(kind, getattr(b, _OF_INTEGERS[sign])(left, right_ir))


def narrow(b: ir.IRBuilder, sign: str, x: Term, y: Term, to: Type) -> Term | None:
    """``x sign y`` as the integer type ``to``, computed in that type where it is as long as both: the same bits, but LLVM does not always
    find out, and leaves a loop that sums them as it is.  None: it has to be computed as it stands."""
    fits = all(t.type.kind in _WHOLE and (t.type.bits <= to.bits or t.literal is not None) for t in (x, y))
    if sign not in ("+", "-", "*") or not to.is_integer or to.bits == 64 or not fits:
        return None
    return Term(to, getattr(b, _OF_INTEGERS[sign])(*(convert(b, t, to).ir for t in (x, y))))


def _complex_arithmetic(b, sign: str, x: Term, y: Term) -> Term:
    (a, c), (d, e) = parts(b, x), parts(b, y)
    if sign != "*":
        return whole(b, arithmetic(b, sign, a, d), arithmetic(b, sign, c, e))
    ad, ce, ae, cd = (arithmetic(b, "*", p, q) for p, q in ((a, d), (c, e), (a, e), (c, d)))
    return whole(b, arithmetic(b, "-", ad, ce), arithmetic(b, "+", ae, cd))


_OF_FLOATS = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}
_OF_INTEGERS = {"+": "add", "-": "sub", "*": "mul", "&": "and_", "|": "or_", "^": "xor", "<<": "shl"}


def compare(b: ir.IRBuilder, sign: str, x: Term, y: Term) -> Term:
    """``x sign y`` with one of < <= > >= == !=."""
    kind = _of_comparison(x.type, y.type)
    if kind.is_complex:
        if sign not in ("==", "!="):
            raise TypeError(f"{x.type.name} {sign} {y.type.name}")
        same = [compare(b, sign, p, q).ir for p, q in zip(*[parts(b, convert(b, t, kind)) for t in (x, y)])]
        return Term(BOOL, (b.and_ if sign == "==" else b.or_)(*same))
    left, right = convert(b, x, kind).ir, convert(b, y, kind).ir
    if kind.is_float:
        return Term(BOOL, (b.fcmp_unordered if sign == "!=" else b.fcmp_ordered)(sign, left, right))
    signed = kind.kind == "signed"
    return Term(BOOL, (b.icmp_signed if signed else b.icmp_unsigned)(sign, left, right))


def negative(b: ir.IRBuilder, x: Term) -> Term:
    if x.type.is_complex:
        return whole(b, *[negative(b, part) for part in parts(b, x)])
    if x.literal is not None and x.type is not BOOL:
        return constant(x.type, -float(x.literal)) if x.type.is_float else literal(-x.literal)
    if x.type.is_float:
        return Term(x.type, b.fsub(ir.Constant(x.type.ir, -0.0), x.ir))
    kind = INT64 if x.type.signed else UINT64
    return Term(kind, b.neg(convert(b, x, kind).ir))


def inverted(b: ir.IRBuilder, x: Term) -> Term:
    """``~x``; of a bool, not x."""
    if x.type.is_float or x.type.is_complex:
        raise TypeError(f"~{x.type.name}")
    kind = BOOL if x.type is BOOL else INT64 if x.type.signed else UINT64
    return Term(kind, b.not_(convert(b, x, kind).ir))


def chosen(b: ir.IRBuilder, condition, x: Term, y: Term) -> Term:
    """A select instruction over a condition in LLVM: both values are computed."""
    kind = common(x.type, y.type)
    if kind.is_complex:  # LLVM vectorises no select of structs
        pairs = zip(*[parts(b, convert(b, t, kind)) for t in (x, y)])
        return whole(b, *[chosen(b, condition, p, q) for p, q in pairs])
    return Term(kind, b.select(condition, convert(b, x, kind).ir, convert(b, y, kind).ir))
