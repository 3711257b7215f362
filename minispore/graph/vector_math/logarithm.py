"""Logarithms and inverse hyperbolic functions."""

from .exponential import LN2, LN2_SPLIT, LOG2_E, power_of_two
from .value import FLOAT32, INF, NAN, Value, polynomial, select, vector_function

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


def split_exponent(x, denormals=True):
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


def log1p_reduced(f):
    """log(1 + f) - f for a reduced f."""
    if f.format is FLOAT32:
        return f * f * (f * polynomial(f, LOG[0]) - 0.5)
    s = f / (f + 2.0)
    z = s * s
    return s * (z * polynomial(z, LOG[1]) - f)


def _combine_log(e, f):
    high, low = f.pick(*LN2_SPLIT)
    return e * high + (f + (log1p_reduced(f) + e * low))


def _log_edges(x, result):
    result = select(x < INF, result, x)  # inf and NaN
    return select(x < 0.0, NAN, select(x.equals(0.0), -INF, result))


@vector_function
def log(x):
    """Within 1 / 1 ulp."""
    e, f, _ = split_exponent(x)
    return _log_edges(x, _combine_log(e, f))


@vector_function
def log2(x):
    """Within 1.5 / 1.5 ulp; exact for powers of 2."""
    e, f, _ = split_exponent(x)
    tail, rest = log1p_reduced(f), LOG2_E - 1.0
    return _log_edges(x, ((tail * rest + f * rest) + tail) + f + e)


@vector_function
def log10(x):
    """Within 1.1 / 1.1 ulp."""
    e, f, _ = split_exponent(x)
    tail, (high, low), (e_high, e_low) = log1p_reduced(f), x.pick(*LOG10_E), x.pick(*LOG10_2)
    small = (tail + f) * low + e * e_low + tail * high
    return _log_edges(x, (small + f * high) + e * e_high)


def _log1p(x):
    """log1p without the sign of a zero."""
    u = 1.0 + x
    lost = x - (u - 1.0)  # the rounding error of 1 + x; without effect for a large x
    e, f, biased = split_exponent(u, denormals=False)
    f = f + (lost * 0.5) * power_of_two(2 * x.format.bias + 1 - biased)  # 0.5 * 2**(1 - e) never overflows
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
