"""Powers: x ** y."""

from .exponential import EXP, LN2, LOG2_E, expm1_reduced, power_of_two, round_with_bits, scale_by_power
from .logarithm import LOG, split_exponent
from .value import FLOAT32, FLOAT64, INF, NAN, at_least, at_most, polynomial, select, vector_function

LOG2_E_SPLIT = (1.4426950514316559, -1.0542692476429138e-08)  # 26 bits and the rest


# coefficients as LOG[0], relative error 2**-35: precise enough for every float32 power, and without a division
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
    e, f, _ = split_exponent(a.to_float64(), denormals=False)
    log1p_f = f + f * f * (f * polynomial(f, LOG_LONG) - 0.5)
    exponent = y.to_float64() * (e + log1p_f * LOG2_E)
    exponent = at_most(at_least(exponent, -200.0), 200.0)
    n, biased = round_with_bits(exponent, FLOAT64.bias)
    r = (exponent - n) * LN2
    return ((1.0 + (r + r * r * polynomial(r, EXP[0]))) * power_of_two(biased)).to(FLOAT32)


def _power_float64(a, y):
    """a**y for 0 < a < inf, with log2(a) and its product with y as unevaluated sums of two numbers."""
    e, f, _ = split_exponent(a)
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
    n, biased = round_with_bits(whole + part, 2 * FLOAT64.bias)
    return scale_by_power(1.0 + expm1_reduced(((whole - n) + part) * LN2), biased)


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
