"""The error function and its complement."""

from .exponential import _reduce, expm1_reduced, power_of_two, scale_by_power
from .value import at_most, polynomial, select, vector_function

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
    power = power_of_two(biased)
    far = (1.0 - power) - power * expm1_reduced(r)
    return select(a < 1.0, _erf_near(a), far).with_sign_of(x)


@vector_function
def erfc(x):
    """Within 4 / 4 ulp."""
    near = 1.0 - _erf_near(x)
    a, k = at_most(x.magnitude(), x.pick(10.1, 27.3)), x.pick(*ERFCX_K)
    scaled = polynomial((a - k) / (a + k), x.pick(*ERFCX)) / (a + k)
    high = a.leading_half()  # a**2 to more than working precision
    r, biased = _reduce(-(high * high), 2 * x.format.bias, -((a - high) * (a + high)))
    result = scale_by_power(scaled + scaled * expm1_reduced(r), biased)
    return select(x.magnitude() < 1.0, near, select(x < 0.0, 2.0 - result, result))
