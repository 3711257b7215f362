"""Elementary functions that LLVM vectorises, in float32 and float64.

libm calls stop the loop vectoriser (np.tanh in a numba loop: 13 ns per element).  Here a function is a
straight line of multiplications, additions, bit casts and selects, so a loop over it becomes AVX code.

The functions are numba intrinsics: they write LLVM instructions into the loop that calls them, which
costs no compilation of their own (an inlined @njit function would cost 100-200 ms each).  `Value` makes
that read like ordinary Python: `x * y + 1` appends two instructions.  Each body is written once for both
formats; `x.pick(a, b)` is a where x is float32 and b where it is float64.

    FUNCTIONS["exp"]["float32"]        callable from nopython code, also named exp_float32 in this module

Three rules keep the results right whatever the caller's fast-math flags:
  - every arithmetic instruction carries exactly the flag `contract` (numba leaves flagged instructions
    alone), so it may become part of a fused multiply-add but is never reassociated;
  - products that must be exact are exact without FMA too: one factor has its low bits cleared;
  - no branch, and a NaN survives because `select(x < limit, ...)` is false for it.

Bounds in the docstrings are in units in the last place (ulp), float32 / float64, asserted over dense
samples in tests/test_vector_math.py; up to 2 more on a CPU without FMA.  Denormal results may be off by
one more step.  The polynomials are our own minimax (Remez) fits, coefficients in ascending order.
"""

import math
from typing import NamedTuple

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ..core import philox

FLAGS = ("contract",)
INF, NAN = math.inf, math.nan


class Format(NamedTuple):
    """What the code must know of a floating-point format."""

    name: str
    float_type: ir.Type
    int_type: ir.IntType
    mantissa: int  # stored bits of the mantissa
    bias: int  # of the exponent


FLOAT32 = Format("float32", ir.FloatType(), ir.IntType(32), 23, 127)
FLOAT64 = Format("float64", ir.DoubleType(), ir.IntType(64), 52, 1023)
FORMATS = (FLOAT32, FLOAT64)


class Value:
    """A value of the loop being compiled; operators append instructions.  Numbers take the other side's type."""

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
        if isinstance(ir_type, ir.IntType):  # LLVM reads signed integers
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
        """Whether this or the other is NaN."""
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
        """The value with half of its mantissa cleared: a product of two of those is exact."""
        return (self.bits() & -(1 << self.pick(12, 27))).from_bits()


def select(condition, if_true, if_false):
    """One or the other; the first of the two that is a Value gives the type to a plain number."""
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


# ---------------------------------------------------------------------------- making them callable
FUNCTIONS: dict[str, dict] = {}


def _intrinsic(name, arguments, result, emit):
    def codegen(context, builder, signature, values):
        return emit(*[Value(builder, value) for value in values]).ir

    rule = result(*arguments), codegen  # numba converts arguments of other types
    typing = {
        1: lambda typingctx, x: rule,  # numba counts the parameters, so *args will not do
        2: lambda typingctx, x, y: rule,
        3: lambda typingctx, x, y, z: rule,
    }[len(arguments)]
    typing.__name__ = typing.__qualname__ = name
    typing.__doc__ = emit.__doc__
    return intrinsic(typing)


def vector_function(emit):
    """Publish a function of Values as FUNCTIONS[name][format] and as name_format in this module."""
    name = emit.__name__
    FUNCTIONS[name] = {}
    for form in FORMATS:
        number = getattr(types, form.name)
        full_name = f"{name}_{form.name}"
        arguments = [number] * emit.__code__.co_argcount
        FUNCTIONS[name][form.name] = globals()[full_name] = _intrinsic(full_name, arguments, number, emit)
    return emit


# ---------------------------------------------------------------------------- rounding and signs
# numba's math.floor and math.ceil go through an integer; these are one instruction each.


@vector_function
def floor(x):
    """Exact."""
    return x.call("floor")


@vector_function
def ceil(x):
    """Exact."""
    return x.call("ceil")


@vector_function
def trunc(x):
    """Exact."""
    return x.call("trunc")


@vector_function
def rint(x):
    """Exact, half to even."""
    return x.call("nearbyint")


@vector_function
def copysign(x, y):
    """Exact."""
    return x.with_sign_of(y)


# ---------------------------------------------------------------------------- exponentials
# e**r - 1 = r + r**2 * EXP(r) for |r| <= log(2) / 2; relative error 2**-31 and 2**-60
EXP = (
    (0.5, 1.6666666e-01, 4.1666467e-02, 8.333644e-03, 1.3935089e-03, 1.9664055e-04),
    (
        0.5,
        0.16666666666666674,
        0.04166666666666667,
        0.008333333333322207,
        0.0013888888888880944,
        0.00019841269886591,
        2.4801587333953088e-05,
        2.7557242336680357e-06,
        2.755726431433642e-07,
        2.5110049895858716e-08,
        2.091813816945801e-09,
    ),
)
LOG2_E = 1.4426950408889634
LN2 = 0.6931471805599453
LN2_SPLIT = (
    (0.693145751953125, 1.428606765330187e-06),  # n * first part is exact
    (0.6931471805601177, -1.7239444525614835e-13),
)


def _round(x, offset=0):
    """x rounded to an integer n, and an integer whose low bits hold n + offset (adding 1.5 * 2**mantissa rounds)."""
    magic = 1.5 * 2**x.format.mantissa + offset
    shifted = x + magic
    return shifted - magic, shifted.bits()


def _reduce(x, offset, low=None):
    """r and n + offset as in `_round`, where x + low = n * log(2) + r."""
    n, biased = _round(x * LOG2_E, offset)
    ln2_high, ln2_low = x.pick(*LN2_SPLIT)
    rest = n * ln2_low if low is None else n * ln2_low - low
    return (x - n * ln2_high) - rest, biased


def _expm1_reduced(r):
    return r + r * r * polynomial(r, r.pick(*EXP))


def _power_of_two(biased):
    """2**n, given an integer whose low bits hold n + bias."""
    return (biased << biased.format.mantissa).from_bits()


def _scale(x, biased):
    """x * 2**n, given n + 2 * bias: in two steps, as n may leave the exponent range on either side."""
    half = biased >> 1
    return x * _power_of_two(half) * _power_of_two(biased - half)


@vector_function
def exp(x):
    """Within 1 / 1 ulp."""
    smallest, largest = x.pick((-104.0, 89.0), (-746.0, 710.0))
    bounded = at_most(at_least(x, smallest), largest)
    r, biased = _reduce(bounded, 2 * x.format.bias)
    # far below the range the answer is set to 0, as an underflowing product is slow on some CPUs
    return select(x < smallest, 0.0, _scale(1.0 + _expm1_reduced(r), biased))


@vector_function
def exp2(x):
    """Within 1.1 / 1.1 ulp; exact for integers."""
    smallest, largest = x.pick((-151.0, 129.0), (-1076.0, 1025.0))
    bounded = at_most(at_least(x, smallest), largest)
    n, biased = _round(bounded, 2 * x.format.bias)
    return select(x < smallest, 0.0, _scale(1.0 + _expm1_reduced((bounded - n) * LN2), biased))


@vector_function
def expm1(x):
    """Within 1.5 / 2 ulp."""
    smallest, largest, tiny = x.pick((-20.0, 89.0, 2.0**-25), (-40.0, 710.0, 2.0**-54))
    r, biased = _reduce(at_most(at_least(x, smallest), largest), x.format.bias - 1)
    half = _power_of_two(biased)  # not 2**n, which may overflow where the result does not
    result = half * _expm1_reduced(r) + (half - 0.5)
    return select(x.magnitude() < tiny, x, result + result)


def _half_expm1(a):
    """(e**a - 1) / 2 for 0 <= a, finite as long as sinh(a) is; and e**a / 2."""
    r, biased = _reduce(at_most(a, a.pick(89.5, 710.5)), a.format.bias - 2)
    quarter, power = _power_of_two(biased), _expm1_reduced(r)
    return 2.0 * (quarter * power + (quarter - 0.25)), 2.0 * (quarter * power + quarter)


@vector_function
def sinh(x):
    """Within 2.5 / 2.5 ulp."""
    a = x.magnitude()
    half, _ = _half_expm1(a)
    bounded = at_most(half, 1e10)  # inf / inf would be NaN
    result = half + bounded / (2.0 * bounded + 1.0)
    return select(a < x.pick(2.0**-13, 2.0**-27), x, result.with_sign_of(x))


@vector_function
def cosh(x):
    """Within 1.5 / 1.5 ulp."""
    _, half = _half_expm1(x.magnitude())
    return half + 0.25 / half


@vector_function
def tanh(x):
    """Within 2 / 2 ulp."""
    a = at_most(x.magnitude(), x.pick(10.0, 20.0))
    r, biased = _reduce(a + a, x.format.bias - 1)
    power = _power_of_two(biased)
    half = power * _expm1_reduced(r) + (power - 0.5)  # (exp(2 * a) - 1) / 2
    ratio = half / (half + 1.0)
    return select(a < 0.3, half - half * ratio, ratio).with_sign_of(x)  # the same, rounded less


@vector_function
def sigmoid(x):
    """Within 2 / 2 ulp."""
    decay = exp(-x.magnitude())  # never overflows
    ratio = select(x < 0.0, decay, 1.0) / (1.0 + decay)
    return select(x < -1.0, decay - decay * ratio, ratio)  # the same, rounded less


# ---------------------------------------------------------------------------- logarithms
# float32: log(1 + f) = f - f**2 / 2 + f**3 * LOG(f), relative error 2**-27
# float64: 2 * atanh(s) = 2 * s + s**3 * LOG(s**2) with s = f / (2 + f), relative error 2**-59
LOG = (
    (
        3.333333e-01,
        -2.5000826e-01,
        2.0001265e-01,
        -1.6623211e-01,
        1.4200671e-01,
        -1.3160613e-01,
        1.2770048e-01,
        -7.64409e-02,
    ),
    (
        0.6666666666666734,
        0.39999999999416824,
        0.2857142874197574,
        0.2222219861043797,
        0.18183562601841047,
        0.15314090028910643,
        0.14795595744275528,
    ),
)
LOG10_E = ((0.43408203125, 0.0002124506572727114), (0.4342944845557213, -2.6524694553078553e-09))
LOG10_2 = ((0.301025390625, 4.605039066518657e-06), (0.3010299956640665, -8.532344317057107e-14))
SQRT_HALF_BITS = (0x3F3504F3, 0x3FE6A09E667F3BCD)


def _split(x, denormals=True):
    """e and f of a positive x = 2**e * (1 + f), 1 + f in [sqrt(1/2), sqrt(2)); and e + bias as an integer."""
    form = x.format
    bias = form.bias
    if denormals:
        shift = form.mantissa + 1
        small = x < 2.0 ** (1 - form.bias)
        x = select(small, x * 2.0**shift, x)
        bias = select(small, x.constant(bias + shift), float(bias))
    root = x.pick(*SQRT_HALF_BITS)
    moved = x.bits() + ((form.bias << form.mantissa) - root)
    biased = moved >> form.mantissa
    f = ((moved & ((1 << form.mantissa) - 1)) + root).from_bits() - 1.0
    if form is FLOAT32:
        exponent = Value(x.builder, x.builder.sitofp(biased.ir, form.float_type))
    else:  # AVX2 has no conversion from int64
        exponent = (biased | x.constant(2.0**52).bits()).from_bits() - 2.0**52
    return exponent - bias, f, biased


def _log1p_reduced(f):
    """log(1 + f) - f for a reduced f."""
    if f.format is FLOAT32:
        return f * f * (f * polynomial(f, LOG[0]) - 0.5)
    s = f / (f + 2.0)
    z = s * s
    return s * (z * polynomial(z, LOG[1]) - f)


def _combine_log(e, f):
    high, low = f.pick(*LN2_SPLIT)
    return e * high + (f + (_log1p_reduced(f) + e * low))


def _log_edges(x, result):
    result = select(x < INF, result, x)  # inf and NaN
    return select(x < 0.0, NAN, select(x.equals(0.0), -INF, result))


@vector_function
def log(x):
    """Within 1 / 1 ulp."""
    e, f, _ = _split(x)
    return _log_edges(x, _combine_log(e, f))


@vector_function
def log2(x):
    """Within 1.5 / 1.5 ulp; exact for powers of 2."""
    e, f, _ = _split(x)
    tail, rest = _log1p_reduced(f), LOG2_E - 1.0
    return _log_edges(x, ((tail * rest + f * rest) + tail) + f + e)


@vector_function
def log10(x):
    """Within 1.1 / 1.1 ulp."""
    e, f, _ = _split(x)
    tail, (high, low), (e_high, e_low) = _log1p_reduced(f), x.pick(*LOG10_E), x.pick(*LOG10_2)
    small = (tail + f) * low + e * e_low + tail * high
    return _log_edges(x, (small + f * high) + e * e_high)


def _log1p(x):
    """log1p without the sign of a zero."""
    u = 1.0 + x
    lost = x - (u - 1.0)  # what 1 + x rounded away (does not matter for a big x)
    e, f, biased = _split(u, denormals=False)
    f = f + (lost * 0.5) * _power_of_two(2 * x.format.bias + 1 - biased)  # 0.5 * 2**(1 - e) never overflows
    return _log_edges(u, _combine_log(e, f))


@vector_function
def log1p(x):
    """Within 1.6 / 1.6 ulp."""
    return _log1p(x).with_sign_of(x)


@vector_function
def asinh(x):
    """Within 2 / 2 ulp."""
    a = x.magnitude()
    square = a * a
    big = a > x.pick(1e18, 1e150)  # the square overflows; asinh(a) = log(2 * a)
    argument = select(big, a, a + square / (1.0 + (square + 1.0).call("sqrt")))
    return (_log1p(argument) + select(big, a.constant(LN2), 0.0)).with_sign_of(x)


@vector_function
def acosh(x):
    """Within 2.5 / 2.6 ulp."""
    t = x - 1.0
    big = x > x.pick(1e18, 1e150)
    argument = select(big, x, t + (t * (t + 2.0)).call("sqrt"))
    return select(x < 1.0, NAN, _log1p(argument) + select(big, x.constant(LN2), 0.0))


@vector_function
def atanh(x):
    """Within 2.2 / 2.2 ulp."""
    a = x.magnitude()
    return (0.5 * _log1p((a + a) / (1.0 - a))).with_sign_of(x)


# ---------------------------------------------------------------------------- error function
# erf(x) = x + x * ERF(x**2) for |x| < 1
ERF = (
    (1.2837917e-01, -3.7612626e-01, 1.1283579e-01, -2.6853347e-02, 5.187162e-03, -7.997853e-04, 7.806903e-05),
    (
        0.12837916709551256,
        -0.37612638903183343,
        0.1128379167093695,
        -0.02686617064195919,
        0.005223977596737237,
        -0.0008548325485133505,
        0.00012055280503209179,
        -1.4924465823478577e-05,
        1.6444153569828918e-06,
        -1.618401982629069e-07,
        1.3616847489137835e-08,
        -7.608132945026369e-10,
    ),
)
# -log(1 - erf(a)) = ERF_TAIL(a - 2) from 1 up to where erf rounds to 1
ERF_TAIL = (
    (5.364941, 4.4181595, 9.237535e-01, 1.648791e-02, -3.5442235e-03, 7.111144e-04, -1.8637769e-04),
    (
        5.364941264616633,
        4.418160805994333,
        0.9237508418240395,
        0.01646511814058897,
        -0.003570756343715797,
        0.0007323993517993466,
        -0.0001353093811651033,
        2.0706542775305314e-05,
        -1.9520040680036508e-06,
        -2.0380570413390e-07,
        1.728768516079684e-07,
        -5.7660143473502956e-08,
        1.4232868843225185e-08,
        -2.6254116474253326e-09,
        1.5302490567982295e-10,
        8.528099208565063e-11,
        -1.7702080248642934e-11,
    ),
)
# exp(a**2) * erfc(a) = ERFCX(t) / (a + k), t = (a - k) / (a + k), until erfc underflows
ERFCX_K = (2.25, 3.4375)
ERFCX = (
    (
        1.0398927,
        -7.5195915e-01,
        3.7151793e-01,
        -1.0120672e-01,
        -3.6166708e-03,
        1.1629938e-02,
        -7.75953e-04,
        -1.5431072e-03,
        6.464889e-05,
        1.6166572e-04,
    ),
    (
        1.0856909730612523,
        -0.9319931980893306,
        0.6826333283387165,
        -0.4206866106008858,
        0.21228905041926627,
        -0.08296611467394238,
        0.021713066979602656,
        -0.0015351583686916373,
        -0.001513756444636336,
        0.000594148865704993,
        2.4675476738534426e-05,
        -7.637196280555786e-05,
        9.307678772388776e-06,
        9.161721106384516e-06,
        -2.177813510762251e-06,
        -1.2297062736864627e-06,
        3.721203529354529e-07,
        1.9151454493342424e-07,
        -5.269897121718375e-08,
        -3.000343839581641e-08,
        4.6504664053244574e-09,
        3.0720614774572197e-09,
    ),
)


def _erf_near(x):
    return x + x * polynomial(x * x, x.pick(*ERF))


@vector_function
def erf(x):
    """Within 1.1 / 1.6 ulp."""
    a = x.magnitude()
    exponent = polynomial(at_most(a, x.pick(4.0, 6.0)) - 2.0, x.pick(*ERF_TAIL))
    r, biased = _reduce(-exponent, x.format.bias)
    power = _power_of_two(biased)
    far = (1.0 - power) - power * _expm1_reduced(r)
    return select(a < 1.0, _erf_near(a), far).with_sign_of(x)


@vector_function
def erfc(x):
    """Within 4 / 4 ulp."""
    near = 1.0 - _erf_near(x)
    a, k = at_most(x.magnitude(), x.pick(10.1, 27.3)), x.pick(*ERFCX_K)
    scaled = polynomial((a - k) / (a + k), x.pick(*ERFCX)) / (a + k)
    high = a.leading_half()  # a**2 to more than working precision
    r, biased = _reduce(-(high * high), 2 * x.format.bias, -((a - high) * (a + high)))
    result = _scale(scaled + scaled * _expm1_reduced(r), biased)
    return select(x.magnitude() < 1.0, near, select(x < 0.0, 2.0 - result, result))


# ---------------------------------------------------------------------------- trigonometry
# sin(r) = r + r**3 * SIN(r**2), cos(r) = 1 - r**2 / 2 + r**4 * COS(r**2) for |r| <= pi / 4
SIN = (
    (-1.6666655e-01, 8.332189e-03, -1.9518285e-04),
    (
        -0.1666666666666663,
        0.00833333333332184,
        -0.0001984126982935855,
        2.755731353852935e-06,
        -2.5050734392669792e-08,
        1.5895433539101231e-10,
    ),
)
COS = (
    (4.1666646e-02, -1.388731e-03, 2.4432327e-05),
    (
        0.041666666666666595,
        -0.001388888888887334,
        2.4801587288999592e-05,
        -2.7557314216045704e-07,
        2.0875705229180913e-09,
        -1.135873916978064e-11,
    ),
)
# the first two parts are multiples of 2**-26 and 2**-53: taking them away rounds nothing; none is negative,
# so that -0 stays -0
HALF_PI_PARTS = (1.570796325802803, 9.920935184482005e-10, 6.123233932053594e-17, 6.36831716351095e-25)
# asin(x) = x + x**3 * ASIN(x**2) for |x| <= 1/2;  atan(x) = x + x**3 * ATAN(x**2) for |x| <= tan(pi / 8)
ASIN = (
    (1.6666752e-01, 7.4953064e-02, 4.5469772e-02, 2.4180772e-02, 4.2166423e-02),
    (
        0.16666666666665403,
        0.07500000000338593,
        0.04464285682693725,
        0.030381959197270204,
        0.02237175654481429,
        0.01735972825335448,
        0.013884996533359013,
        0.012170821667522461,
        0.00652084717605872,
        0.01954819486257186,
        -0.016256153452201407,
        0.03193454534249262,
    ),
)
ATAN = (
    (-3.3333316e-01, 1.9998528e-01, -1.424439e-01, 1.05991445e-01, -6.08996e-02),
    (
        -0.333333333333332,
        0.19999999999953652,
        -0.1428571428019638,
        0.11111110783298286,
        -0.09090897751143621,
        0.07692060085441729,
        -0.06663102566653104,
        0.058478789275404154,
        -0.05039261016821689,
        0.03806354730485263,
        -0.017906216991850868,
    ),
)
TAN_EIGHTH_PI = 0.41421356237309503
QUARTER_PI = ((0.7853981852531433, -2.1855694143368964e-08), (0.7853981633974483, 3.061616997868383e-17))
HALF_PI = ((1.5707963705062866, -4.371138828673793e-08), (1.5707963267948966, 6.123233995736766e-17))
PI = ((3.1415927410125732, -8.742277657347586e-08), (3.141592653589793, 1.2246467991473532e-16))


def _sin_cos(x):
    """sin and cos of r, and the quadrant q as an integer of the same width, where x = q * pi / 2 + r.

    The reduction is done in float64 for both formats.  It is exact while q fits in 26 bits (|x| < 1e8), with
    FMA far beyond; a huge x gives some r, bounded so that the result stays in [-1, 1].
    """
    wide = x.to_float64()
    q, quadrant = _round(wide * 0.6366197723675814)
    r = wide
    for part in HALF_PI_PARTS[: x.pick(3, 4)]:
        r = r - q * part
    r = at_most(at_least(r, -0.79), 0.79).to(x.format)
    z = r * r
    sine = (r + r * (z * polynomial(z, x.pick(*SIN)))).with_sign_of(r)
    cosine = 1.0 + z * (z * polynomial(z, x.pick(*COS)) - 0.5)
    return sine, cosine, quadrant.low_word() if x.format is FLOAT32 else quadrant


def _quadrant_sign(quadrant):
    """The sign bit set in quadrants 2 and 3."""
    return (quadrant & 2) << (quadrant.format.int_type.width - 2)


def _is_odd(quadrant):
    return (quadrant & 1).equals(1)


@vector_function
def sin(x):
    """Within 1.6 / 1.7 ulp for |x| < 1e8; in [-1, 1] beyond."""
    sine, cosine, quadrant = _sin_cos(x)
    return select(_is_odd(quadrant), cosine, sine).flipped_by(_quadrant_sign(quadrant))


@vector_function
def cos(x):
    """Within 1.6 / 2 ulp for |x| < 1e8; in [-1, 1] beyond."""
    sine, cosine, quadrant = _sin_cos(x)
    return select(_is_odd(quadrant), sine, cosine).flipped_by(_quadrant_sign(quadrant + 1))


@vector_function
def tan(x):
    """Within 3.2 / 3.2 ulp for |x| < 1e8."""
    sine, cosine, quadrant = _sin_cos(x)
    odd = _is_odd(quadrant)
    return select(odd, cosine, sine) / select(odd, -sine, cosine)


def _asin_parts(x):
    """Where |x| > 1/2: asin(sqrt((1 - |x|) / 2)), from which both asin and acos follow; else asin(|x|)."""
    a = x.magnitude()
    big = a > 0.5
    z = select(big, (1.0 - a) * 0.5, a * a)  # |x| > 1 gives sqrt(negative) = NaN
    y = select(big, z.call("sqrt"), a)
    return big, y + y * (z * polynomial(z, x.pick(*ASIN)))


@vector_function
def asin(x):
    """Within 2.5 / 2.5 ulp."""
    big, part = _asin_parts(x)
    high, low = x.pick(*HALF_PI)
    return select(big, high - (2.0 * part - low), part).with_sign_of(x)


@vector_function
def acos(x):
    """Within 1.3 / 1.3 ulp."""
    big, part = _asin_parts(x)
    (half_high, half_low), (high, low) = x.pick(*HALF_PI), x.pick(*PI)
    twice = part + part
    far = select(x < 0.0, high - (twice - low), twice)
    return select(big, far, half_high - (part.flipped_by(x.sign_bit()) - half_low))


def _atan_ratio(small, large):
    """atan(small / large) for 0 <= small <= large."""
    far = small > large * TAN_EIGHTH_PI  # then atan(q) = pi / 4 + atan((q - 1) / (q + 1))
    t = select(far, small - large, small) / select(far, small + large, large)
    z = t * t
    correction = t * (z * polynomial(z, t.pick(*ATAN)))
    high, low = t.pick(*QUARTER_PI)
    return select(far, high + (t + (correction + low)), t + correction)


@vector_function
def atan(x):
    """Within 2 / 2 ulp."""
    a = x.magnitude()
    steep = a > 1.0
    angle = _atan_ratio(select(steep, 1.0, a), select(steep, a, 1.0))
    high, low = x.pick(*HALF_PI)
    return select(steep, high - (angle - low), angle).with_sign_of(x)


@vector_function
def atan2(y, x):
    """Within 2 / 2 ulp; signed zeros and infinities as in C."""
    a, b = y.magnitude(), x.magnitude()
    steep = a > b
    small, large = select(steep, b, a), select(steep, a, b)
    same = small.equals(large)  # 0 / 0 and inf / inf too
    small = select(same, select(small > 0.0, small.constant(1.0), 0.0), small)
    large = select(same, 1.0, large)
    scale = select(large > 2.0 ** (x.format.bias - 1), x.constant(0.25), 1.0)  # small + large must not overflow
    angle = _atan_ratio(small * scale, large * scale)
    (half_high, half_low), (high, low) = x.pick(*HALF_PI), x.pick(*PI)
    angle = select(steep, half_high - (angle - half_low), angle)
    return select(x.bits() < 0, high - (angle - low), angle).with_sign_of(y)


# ---------------------------------------------------------------------------- power
LOG2_E_SPLIT = (1.4426950514316559, -1.0542692476429138e-08)  # 26 bits and the rest


# log(1 + f) as LOG[0], relative error 2**-35: enough for a float32 power of any size, and no division
LOG_LONG = (
    0.333333338931,
    -0.249999970737,
    0.199999111669,
    -0.16666855203,
    0.142901778126,
    -0.124982869158,
    0.110147406304,
    -0.0992449522827,
    0.0998873969038,
    -0.098634657692,
    0.0538676742332,
)


def _power_float32(a, y):
    """a**y for 0 < a < inf, through float64."""
    e, f, _ = _split(a.to_float64(), denormals=False)
    log1p_f = f + f * f * (f * polynomial(f, LOG_LONG) - 0.5)
    exponent = y.to_float64() * (e + log1p_f * LOG2_E)
    exponent = at_most(at_least(exponent, -200.0), 200.0)
    n, biased = _round(exponent, FLOAT64.bias)
    r = (exponent - n) * LN2
    return ((1.0 + (r + r * r * polynomial(r, EXP[0]))) * _power_of_two(biased)).to(FLOAT32)


def _power_float64(a, y):
    """a**y for 0 < a < inf, with log2(a) and its product with y as unevaluated sums of two numbers."""
    e, f, _ = _split(a)
    inverse = 1.0 / (f + 2.0)
    s = f * inverse  # log(1 + f) = 2 * atanh(s)
    s_high, d_high = s.leading_half(), (f + 2.0).leading_half()
    s_low = ((f - s_high * d_high) - s_high * (f - (d_high - 2.0))) * inverse
    z = s * s
    high = s_high + s_high
    rest = (s_low + s_low) + s * z * polynomial(z, LOG[1])
    product = high * LOG2_E_SPLIT[0]
    log2_a = e + product
    log2_rest = ((e - log2_a) + product) + (high * LOG2_E_SPLIT[1] + rest * LOG2_E)

    y_high, log2_high = y.leading_half(), log2_a.leading_half()
    whole = y_high * log2_high
    part = (y - y_high) * log2_high + y * ((log2_a - log2_high) + log2_rest)
    estimate, limit = y * log2_a, 1100.0
    outside = estimate.magnitude() > limit
    whole = select(outside, whole.constant(limit).with_sign_of(estimate), whole)
    part = select(outside, 0.0, part)
    n, biased = _round(whole + part, 2 * FLOAT64.bias)
    return _scale(1.0 + _expm1_reduced(((whole - n) + part) * LN2), biased)


@vector_function
def pow(x, y):
    """Within 1 ulp / 1e-14 relative; special values as in IEEE 754."""
    a = x.magnitude()
    zero, negative_y, one = a.equals(0.0), y < 0.0, a.equals(1.0)
    result = (_power_float32 if x.format is FLOAT32 else _power_float64)(a, y)
    result = select(zero | a.equals(INF), select(zero ^ negative_y, a.constant(0.0), INF), result)
    half = y * 0.5
    whole = y.call("floor").equals(y)
    odd = whole & ~half.call("floor").equals(half)
    result = select((x.bits() < 0) & odd, -result, result)
    result = select((x < 0.0) & (x > -INF) & ~whole, NAN, result)
    result = select(x.unordered(y), x + y, result)
    return select(y.equals(0.0) | x.equals(1.0) | (one & y.magnitude().equals(INF)), 1.0, result)


# ---------------------------------------------------------------------------- random bits


def _splitmix64(value):
    value = value + philox.GOLDEN
    for shift, factor in philox.MIX:
        value = (value ^ (value >> shift)) * factor
    return value ^ (value >> 31)


def _philox_uint32(index, seed, counter):
    """philox_uint32(index, seed, counter): the bits of `minispore.core.philox.philox_uint32_numpy`.

    Only the work that depends on `index` stays in the loop.  Words live in the low halves of 64-bit lanes,
    where the product of two is one instruction.
    """
    mask = philox.MASK32
    stream = _splitmix64(_splitmix64(seed) + counter * philox.GOLDEN)
    first, second, key = index & mask, (index >> 32) ^ (stream >> 32), stream & mask
    for _ in range(philox.ROUNDS):
        product = first * philox.MULTIPLIER
        first, second = ((product >> 32) ^ second ^ key) & mask, product & mask
        key = (key + philox.KEY_STEP) & mask
    return first.low_word()


philox_uint32 = _intrinsic("philox_uint32", [types.uint64] * 3, types.uint32, _philox_uint32)
