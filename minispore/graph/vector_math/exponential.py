"""Exponential and hyperbolic functions, and the sigmoid."""

from .value import at_least, at_most, polynomial, select, vector_function

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


def round_with_bits(x, offset=0):
    """x rounded to an integer n, and an integer whose low bits hold n + offset (adding 1.5 * 2**mantissa shifts the fraction out of the mantissa)."""
    magic = 1.5 * 2**x.format.mantissa + offset
    shifted = x + magic
    return shifted - magic, shifted.bits()


def _reduce(x, offset, low=None):
    """r and n + offset as in `round_with_bits`, where x + low = n * log(2) + r."""
    n, biased = round_with_bits(x * LOG2_E, offset)
    ln2_high, ln2_low = x.pick(*LN2_SPLIT)
    rest = n * ln2_low if low is None else n * ln2_low - low
    return (x - n * ln2_high) - rest, biased


def expm1_reduced(r):
    return r + r * r * polynomial(r, r.pick(*EXP))


def power_of_two(biased):
    """2**n, given an integer whose low bits hold n + bias."""
    return (biased << biased.format.mantissa).from_bits()


def scale_by_power(x, biased):
    """x * 2**n, given n + 2 * bias: in two steps, as n may leave the exponent range on either side."""
    half = biased >> 1
    return x * power_of_two(half) * power_of_two(biased - half)


@vector_function
def exp(x):
    """Within 1 / 1 ulp."""
    smallest, largest = x.pick((-104.0, 89.0), (-746.0, 710.0))
    bounded = at_most(at_least(x, smallest), largest)
    r, biased = _reduce(bounded, 2 * x.format.bias)
    # below the range the result is set to 0: a product that underflows is slow on some CPUs
    return select(x < smallest, 0.0, scale_by_power(1.0 + expm1_reduced(r), biased))


@vector_function
def exp2(x):
    """Within 1.1 / 1.1 ulp; exact for integers."""
    smallest, largest = x.pick((-151.0, 129.0), (-1076.0, 1025.0))
    bounded = at_most(at_least(x, smallest), largest)
    n, biased = round_with_bits(bounded, 2 * x.format.bias)
    return select(x < smallest, 0.0, scale_by_power(1.0 + expm1_reduced((bounded - n) * LN2), biased))


@vector_function
def expm1(x):
    """Within 1.5 / 2 ulp."""
    smallest, largest, tiny = x.pick((-20.0, 89.0, 2.0**-25), (-40.0, 710.0, 2.0**-54))
    r, biased = _reduce(at_most(at_least(x, smallest), largest), x.format.bias - 1)
    half = power_of_two(biased)  # not 2**n, which may overflow where the result does not
    result = half * expm1_reduced(r) + (half - 0.5)
    return select(x.magnitude() < tiny, x, result + result)


def _half_expm1(a):
    """(e**a - 1) / 2 for 0 <= a, finite as long as sinh(a) is; and e**a / 2."""
    r, biased = _reduce(at_most(a, a.pick(89.5, 710.5)), a.format.bias - 2)
    quarter, power = power_of_two(biased), expm1_reduced(r)
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
    power = power_of_two(biased)
    half = power * expm1_reduced(r) + (power - 0.5)  # (exp(2 * a) - 1) / 2
    ratio = half / (half + 1.0)
    return select(a < 0.3, half - half * ratio, ratio).with_sign_of(x)  # equal, with fewer roundings


@vector_function
def sigmoid(x):
    """Within 2 / 2 ulp."""
    decay = exp(-x.magnitude())  # never overflows
    ratio = select(x < 0.0, decay, 1.0) / (1.0 + decay)
    return select(x < -1.0, decay - decay * ratio, ratio)  # equal, with fewer roundings
