"""Trigonometric functions and their inverses."""

from .exponential import round_with_bits
from .value import FLOAT32, at_least, at_most, in_both_formats, polynomial, select, vector_function

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


# the first two parts are multiples of 2**-26 and 2**-53, so that subtracting their products is exact; none is negative,
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
    FMA far beyond; a huge x gives some r, bounded so that the result stays in [-1, 1].  Kernels call libm for those
    (graph/far_angles.py).
    """
    wide = x.to_float64()
    q, quadrant = round_with_bits(wide * 0.6366197723675814)
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
    """Within 1.6 / 1.7 ulp for |x| < 1e8; beyond, see ``FAR``."""
    sine, cosine, quadrant = _sin_cos(x)
    return select(_is_odd(quadrant), cosine, sine).flipped_by(_quadrant_sign(quadrant))


@vector_function
def cos(x):
    """Within 1.6 / 2 ulp for |x| < 1e8; beyond, see ``FAR``."""
    sine, cosine, quadrant = _sin_cos(x)
    return select(_is_odd(quadrant), sine, cosine).flipped_by(_quadrant_sign(quadrant + 1))


@vector_function
def tan(x):
    """Within 3.2 / 3.2 ulp for |x| < 1e8."""
    sine, cosine, quadrant = _sin_cos(x)
    odd = _is_odd(quadrant)
    return select(odd, cosine, sine) / select(odd, -sine, cosine)


def _far(name, function):
    """libm's: right for every angle, but a call."""

    def emit(x):
        return function(x.to_float64()).to(x.format)

    emit.__name__ = f"far_{name}"
    return in_both_formats(emit)


FAR = {
    "far_sin": _far("sin", lambda x: x.call("sin")),
    "far_cos": _far("cos", lambda x: x.call("cos")),
    "far_tan": _far("tan", lambda x: x.call("sin") / x.call("cos")),
}


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
