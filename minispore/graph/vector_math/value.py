"""Values of a loop that is being compiled, and the functions of them that kernels may call."""

import math
from typing import NamedTuple

from llvmlite import ir

from ..kernel_types import STORAGE, Term, convert

FLAGS = ("contract",)


INF, NAN = math.inf, math.nan


class Format(NamedTuple):
    """The layout of a floating-point format."""

    name: str
    float_type: ir.Type
    int_type: ir.IntType
    mantissa: int  # stored bits of the mantissa
    bias: int  # of the exponent


FLOAT32 = Format("float32", ir.FloatType(), ir.IntType(32), 23, 127)


FLOAT64 = Format("float64", ir.DoubleType(), ir.IntType(64), 52, 1023)


FORMATS = (FLOAT32, FLOAT64)


class Value:
    """A value in the loop that is compiled.  Operators append instructions; a Python number becomes a constant of the type."""

    __slots__ = ("builder", "ir")

    def __init__(self, builder, value):
        self.builder, self.ir = builder, value

    @property
    def format(self):
        return FLOAT64 if self.ir.type in (FLOAT64.float_type, FLOAT64.int_type) else FLOAT32

    @property
    def is_float(self):
        return not isinstance(self.ir.type, ir.IntType)

    def pick(self, float32, float64):
        return float32 if self.format is FLOAT32 else float64

    def constant(self, number):
        ir_type = self.ir.type
        if isinstance(ir_type, ir.IntType):  # llvmlite prints constants as signed integers
            number = (number + (1 << ir_type.width - 1)) % (1 << ir_type.width) - (1 << ir_type.width - 1)
        return Value(self.builder, ir.Constant(ir_type, number))

    def _lift(self, other):
        return other if isinstance(other, Value) else self.constant(other)

    def _apply(self, name, *others, **keywords):
        operands = [self._lift(other).ir for other in others]
        return Value(self.builder, getattr(self.builder, name)(self.ir, *operands, **keywords))

    def _arithmetic(self, name, other):
        return self._apply("f" + name, other, flags=FLAGS) if self.is_float else self._apply(name, other)

    def _compare(self, sign, other):
        if self.is_float:
            other = self._lift(other).ir
            return Value(self.builder, self.builder.fcmp_ordered(sign, self.ir, other, flags=FLAGS))
        return Value(self.builder, self.builder.icmp_signed(sign, self.ir, self._lift(other).ir))

    def __add__(self, other):
        return self._arithmetic("add", other)

    def __sub__(self, other):
        return self._arithmetic("sub", other)

    def __mul__(self, other):
        return self._arithmetic("mul", other)

    def __truediv__(self, other):
        return self._arithmetic("div", other)

    def __radd__(self, other):
        return self._lift(other) + self

    def __rsub__(self, other):
        return self._lift(other) - self

    def __rmul__(self, other):
        return self._lift(other) * self

    def __rtruediv__(self, other):
        return self._lift(other) / self

    def __neg__(self):
        return self._apply("fneg", flags=FLAGS)

    def __lt__(self, other):
        return self._compare("<", other)

    def __gt__(self, other):
        return self._compare(">", other)

    def equals(self, other):
        return self._compare("==", other)

    def __and__(self, other):
        return self._apply("and_", other)

    def __or__(self, other):
        return self._apply("or_", other)

    def __xor__(self, other):
        return self._apply("xor", other)

    def __invert__(self):
        return self._apply("not_")

    def __lshift__(self, other):
        return self._apply("shl", other)

    def __rshift__(self, other):
        return self._apply("lshr", other)

    def unordered(self, other):
        """Whether one of the two is NaN."""
        return Value(self.builder, self.builder.fcmp_unordered("uno", self.ir, other.ir, flags=FLAGS))

    def call(self, name, *others):
        """An LLVM intrinsic of this type, such as llvm.sqrt."""
        function = self.builder.module.declare_intrinsic(f"llvm.{name}", [self.ir.type])
        return Value(self.builder, self.builder.call(function, [self.ir] + [other.ir for other in others]))

    def bits(self):
        return Value(self.builder, self.builder.bitcast(self.ir, self.format.int_type))

    def from_bits(self):
        return Value(self.builder, self.builder.bitcast(self.ir, self.format.float_type))

    def to_float64(self):
        return self if self.format is FLOAT64 else Value(self.builder, self.builder.fpext(self.ir, FLOAT64.float_type))

    def to(self, form):
        return self if self.format is form else Value(self.builder, self.builder.fptrunc(self.ir, form.float_type))

    def low_word(self):
        return Value(self.builder, self.builder.trunc(self.ir, FLOAT32.int_type))

    def sign_bit(self):
        return self.bits() & (1 << self.format.int_type.width - 1)

    def magnitude(self):
        return (self.bits() & ((1 << self.format.int_type.width - 1) - 1)).from_bits()

    def with_sign_of(self, other):
        return (self.magnitude().bits() | other.sign_bit()).from_bits()

    def flipped_by(self, sign):
        """The value with its sign bit XORed with an integer."""
        return (self.bits() ^ sign).from_bits()

    def leading_half(self):
        """The value with the low half of its mantissa cleared: the product of two such values is exact."""
        return (self.bits() & -(1 << self.pick(12, 27))).from_bits()


def select(condition, if_true, if_false):
    """LLVM's select.  A Python number among the two becomes a constant of the other one's type."""
    like = if_true if isinstance(if_true, Value) else if_false
    chosen = condition.builder.select(condition.ir, like._lift(if_true).ir, like._lift(if_false).ir)
    return Value(condition.builder, chosen)


def at_most(x, limit):
    return select(x > limit, limit, x)


def at_least(x, limit):
    return select(x < limit, limit, x)


def polynomial(x, coefficients):
    result = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        result = x * result + coefficient
    return result


FUNCTIONS: dict[str, dict] = {}


def as_builtin(parameters, result, emit):
    """A function that kernel source calls (graph/intrinsics.py); arguments of other types are converted."""

    def call(w, *arguments):
        values = [Value(w.b, convert(w.b, a, p).ir) for a, p in zip(arguments, parameters, strict=True)]
        return Term(result, emit(*values).ir)

    call.__doc__ = emit.__doc__
    return call


def in_both_formats(emit) -> dict:
    """A function of Values for both formats, by their names."""
    numbers = {form.name: STORAGE[form.name] for form in FORMATS}
    return {name: as_builtin([number] * emit.__code__.co_argcount, number, emit) for name, number in numbers.items()}


def vector_function(emit):
    """Decorator: enters a function of Values in FUNCTIONS."""
    FUNCTIONS[emit.__name__] = in_both_formats(emit)
    return emit
