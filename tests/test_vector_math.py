"""The vectorised elementary functions: error bounds, special values, and that they do vectorise; random bits."""

import math
import re

import numpy as np
import pytest
from llvmlite import binding

import minispore as ms
from minispore.core import philox
from minispore.core.kernel import ENTRY, KernelSource
from minispore.graph.compile import address_of
from minispore.graph.machine_code import listing
from minispore.graph.vector_math import FUNCTIONS

DTYPES = ("float32", "float64")
BINARY = ("pow", "atan2", "copysign")
ROUNDING = ("floor", "ceil", "trunc", "rint", "copysign")
CASES = [(name, dtype) for name in FUNCTIONS for dtype in DTYPES]
FASTMATH = ("contract", "reassoc", "nsz")
CPU_FEATURES = binding.get_host_cpu_features().flatten()
HAS_FMA, HAS_AVX2 = "+fma," in CPU_FEATURES + ",", "+avx2," in CPU_FEATURES + ","
WIDE = np.longdouble
SAMPLES = 40_000


def loop_over(name, dtype, fastmath=FASTMATH):
    """A kernel that applies one function."""
    names = ("x", "y", "out") if name in BINARY else ("x", "out")
    call = ", ".join(f"{x}[i]" for x in names[:-1])
    body = f"    for i in range(lo, hi):\n        out[i] = {name}_{dtype}({call})"
    return KernelSource(f"each_{name}", tuple((x, f"{dtype}*") for x in names), body, (), fastmath)


def call(source, count, *arguments):
    """Runs a kernel from 0 to ``count`` over arrays and integers."""
    slots = np.array([a.ctypes.data if isinstance(a, np.ndarray) else a for a in arguments], np.int64)
    ENTRY(address_of(source))(None, None, slots.ctypes.data, 0, count)


def run(name, dtype, *arrays, **keywords):
    arrays = [np.ascontiguousarray(a, dtype) for a in arrays]
    out = np.empty_like(arrays[0])
    call(loop_over(name, dtype, **keywords), out.size, *arrays, out)
    return out


# ---------------------------------------------------------------------------- references
def exp_minus_square(x):
    high = x.astype(np.float32).astype(WIDE)  # high**2 is exact
    return np.exp(-(high * high)) * np.exp(-(x - high) * (x + high))


SQRT_PI = np.sqrt(WIDE(np.pi) + WIDE(1.2246467991473532e-16))


def erf_series(x):
    term, total = x.copy(), x.copy()
    for n in range(1, 80):
        term = term * (2 * x * x) / (2 * n + 1)
        total += term
    return 2 / SQRT_PI * total * exp_minus_square(x)


def erfc_fraction(x):
    fraction = x.copy()
    for k in range(150, 0, -1):
        fraction = x + WIDE(k) / 2 / fraction
    return exp_minus_square(x) / fraction / SQRT_PI


def reference_erf(x):
    a = np.abs(x)
    return np.copysign(np.where(a < 2, erf_series(np.minimum(a, 2)), 1 - erfc_fraction(np.maximum(a, 2))), x)


def reference_erfc(x):
    a = np.abs(x)
    tail = np.where(a < 2, 1 - erf_series(np.minimum(a, 2)), erfc_fraction(np.maximum(a, 2)))
    return np.where(x < 0, 2 - tail, tail)


def reference_sigmoid(x):
    decay = np.exp(-np.abs(x))
    return np.where(x < 0, decay, 1) / (1 + decay)


def reference(name, *arrays):
    function = {"erf": reference_erf, "erfc": reference_erfc, "sigmoid": reference_sigmoid}.get(name)
    with np.errstate(all="ignore"):
        return (function or getattr(np, name))(*[a.astype(WIDE) for a in arrays])


# ---------------------------------------------------------------------------- error bounds
def samples(name, dtype):
    """Arguments over the whole useful range, spread evenly and spread in magnitude."""
    single = dtype == "float32"
    random = np.random.default_rng(7)
    top, tiny = (88.7, 1e-37) if single else (709.7, 1e-300)
    step = 1e-7 if single else 1e-15

    def even(low, high):
        return random.uniform(low, high, SAMPLES)

    def spread(low, high, signs=(-1, 1)):
        return np.exp(random.uniform(math.log(low), math.log(high), SAMPLES)) * random.choice(signs, SAMPLES)

    positive = [spread(tiny, 1 / tiny, [1]), even(0.5, 2), 1 + spread(step, 0.3)]
    angles = [even(-10, 10), even(-1e5, 1e5), spread(tiny, 1e8), np.arange(1, SAMPLES) * (np.pi / 2)]
    growing = [even(-top, top), even(-2, 2), spread(tiny, 1)]
    unit = [even(-1, 1), spread(tiny, 1), 1 - spread(step, 0.3, [1])]
    table = {
        "exp": [even(1.5 - top, top), even(-1, 1)],
        "exp2": [even(-126, 127.9) if single else even(-1022, 1023.9), even(-1, 1)],
        "expm1": growing,
        "sinh": growing,
        "cosh": growing,
        "tanh": [even(-20, 20), even(-1, 1), spread(tiny, 1)],
        "sigmoid": [even(1.5 - top, 40), even(-3, 3), spread(tiny, 1)],
        "log": positive,
        "log2": positive,
        "log10": positive,
        "log1p": [spread(tiny, 1 / tiny, [1]), even(-1 + step, 2), spread(tiny, 0.999), spread(step, 0.3, [1]) - 1],
        "asinh": [spread(tiny, 1 / tiny), even(-3, 3)],
        "acosh": [spread(1, 1 / tiny, [1]), even(1, 3), 1 + spread(step, 0.3, [1])],
        "atanh": [even(-1, 1) * 0.999999, spread(tiny, 0.999999)],
        "erf": [even(-6, 6), even(-1.2, 1.2), spread(tiny, 1)],
        "erfc": [even(-6, 9.19 if single else 26.5), even(-1.2, 1.2), spread(tiny, 1)],
        "sin": angles,
        "cos": angles,
        "tan": angles,
        "asin": unit,
        "acos": unit,
        "atan": [even(-5, 5), spread(tiny, 1 / tiny)],
    }
    if name in table:
        return (np.concatenate(table[name]).astype(dtype),)
    if name == "atan2":
        y, x = [even(-3, 3), spread(1e-18, 1e18)], [even(-3, 3), spread(1e-18, 1e18)]
        return np.concatenate(y).astype(dtype), np.concatenate(x).astype(dtype)
    if name == "pow":  # results over the whole range
        bases = np.concatenate([even(0.01, 3), spread(tiny, 1 / tiny, [1]), 1 + spread(1e-5, 0.1)]).astype(dtype)
        exponents = np.concatenate([even(-1, 1) for _ in range(3)]) * (top - 2) / np.abs(np.log(bases.astype(float)))
        whole = random.integers(-8, 9, SAMPLES)
        return np.append(bases, even(-30, 30)).astype(dtype), np.append(exponents, whole).astype(dtype)
    halves = random.integers(-50, 50, SAMPLES) / 2
    return (np.concatenate([even(-1e4, 1e4), spread(tiny, 1 / tiny), halves]).astype(dtype),)


def stated_bound(name, dtype):
    """What the docstring promises, in ulp."""
    text = FUNCTIONS[name][dtype].__doc__
    single, double = re.search(r"Within ([\d.]+)(?: ulp)? / ([\d.e-]+)", text).groups()
    return float(single if dtype == "float32" else double)


@pytest.mark.slow
@pytest.mark.parametrize("name, dtype", [case for case in CASES if case[0] not in ROUNDING])
def test_error_is_within_the_stated_bound(name, dtype):
    if dtype == "float64" and np.finfo(WIDE).nmant < 60:
        pytest.skip("no long double to compare with")
    arguments = samples(name, dtype)
    exact, got = reference(name, *arguments), run(name, dtype, *arguments)
    info = np.finfo(dtype)
    normal = (np.abs(exact) >= info.tiny) & (np.abs(exact) <= info.max)
    assert normal.mean() > 0.9
    arguments, exact, got = [a[normal] for a in arguments], exact[normal], got[normal]
    error = np.abs(got - exact)
    if (name, dtype) == ("pow", "float64"):  # stated as a relative error
        error = error / np.abs(exact)
        limit = stated_bound(name, dtype)
    else:
        error = error / np.spacing(np.abs(exact.astype(dtype)))
        limit = stated_bound(name, dtype) + (0 if HAS_FMA else 2)
    worst = np.argmax(error)
    assert error[worst] <= limit, (
        f"{name}({[a[worst] for a in arguments]}) = {got[worst]}, exactly {exact[worst]}: {error[worst]} ulp"
    )


@pytest.mark.parametrize("name, dtype", [case for case in CASES if case[0] in ROUNDING])
def test_rounding_is_exact(name, dtype):
    x = samples("floor", dtype)[0]
    arguments = (x, x[::-1].copy()) if name in BINARY else (x,)
    np.testing.assert_array_equal(run(name, dtype, *arguments), getattr(np, name)(*arguments))


# ---------------------------------------------------------------------------- special values
def special_values(dtype):
    info = np.finfo(dtype)
    positive = [
        0,
        0.25,
        0.5,
        1,
        1.5,
        2,
        2.5,
        3,
        10,
        1000,
        2.0**25,
        1e8,
        np.pi / 2,
        np.pi,
        88,
        89,
        90,
        103,
        104,
        105,
        126,
        127,
        128,
        149,
        150,
        151,
        709,
        710,
        711,
        745,
        746,
        1022,
        1023,
        1024,
        1074,
        1076,
        info.eps,
        1 + info.eps,
        1 - info.epsneg,
        info.tiny,
        info.tiny / 2,
        info.smallest_subnormal * 4,
        info.max / 2,
        info.max,
        np.inf,
    ]
    return np.array(positive + [-value for value in positive] + [np.nan], dtype)


def check_like(got, exact, dtype, *arguments, ulp):
    """Same NaNs, infinities, zeros and signs; finite values within some ulp or denormal steps."""
    with np.errstate(over="ignore", invalid="ignore"):
        want = exact.astype(dtype)
        finite = np.isfinite(want)
        spacing = np.spacing(np.abs(np.where(finite, want, 1))).astype(WIDE)
        near = np.abs(got - np.where(finite, exact, 0)) <= ulp * spacing
    same_sign = np.signbit(want) == np.signbit(got)
    good = np.where(np.isnan(want), np.isnan(got), same_sign & np.where(finite, near, got == want))
    bad = np.flatnonzero(~good)
    assert not bad.size, [(tuple(a[i] for a in arguments), got[i], want[i]) for i in bad[:8]]


@pytest.mark.parametrize("name, dtype", CASES)
def test_special_values(name, dtype):
    x = special_values(dtype)
    if name in ("sin", "cos", "tan"):
        x = x[~(np.isfinite(x) & (np.abs(x) > 1e9))]  # the next test
    arguments = [a.ravel() for a in np.meshgrid(x, x)] if name in BINARY else [x]
    if name in ("erf", "erfc"):
        exact = np.array([getattr(math, name)(float(v)) for v in x], WIDE)
    else:
        exact = reference(name, *arguments)
    ulp = 50 if (name, dtype) == ("pow", "float64") else 5  # pow: 1e-14
    check_like(run(name, dtype, *arguments), exact, dtype, *arguments, ulp=ulp)


@pytest.mark.parametrize("name, dtype", [("sin", d) for d in DTYPES] + [("cos", d) for d in DTYPES])
def test_huge_angles_stay_bounded(name, dtype):
    x = np.geomspace(1e9, np.finfo(dtype).max / 2, 2001, dtype=np.float64).astype(dtype)
    out = run(name, dtype, np.append(x, -x))
    assert (np.abs(out) <= 1).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_values_that_should_be_exact(dtype):
    whole = np.arange(-120, 121)
    powers = 2.0**whole
    np.testing.assert_array_equal(run("exp2", dtype, whole), powers.astype(dtype))
    np.testing.assert_array_equal(run("log2", dtype, powers), whole.astype(dtype))
    np.testing.assert_array_equal(run("pow", dtype, np.full(241, 2.0), whole), powers.astype(dtype))
    small = np.arange(-300, 301)
    np.testing.assert_array_equal(run("pow", dtype, small, np.full(601, 2)), (small * small).astype(dtype))
    for name, argument, value in (
        ("exp", 0, 1),
        ("cos", 0, 1),
        ("cosh", 0, 1),
        ("log", 1, 0),
        ("acos", 1, 0),
        ("sigmoid", 0, 0.5),
        ("sigmoid", np.inf, 1),
        ("sigmoid", -np.inf, 0),
        ("tanh", np.inf, 1),
        ("erf", -np.inf, -1),
        ("erfc", 0, 1),
        ("erfc", -np.inf, 2),
    ):
        assert run(name, dtype, [argument])[0] == value, name


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_nan_payloads_survive(name, dtype):
    """A NaN whose payload is only the lowest bit becomes inf if its low bits are cleared."""
    bits = {"float32": np.uint32(0x7F800001), "float64": np.uint64(0x7FF0000000000001)}[dtype]
    nan, one = np.array([bits]).view(dtype), np.full(1, 0.5, dtype)
    for arguments in ([nan, one], [one, nan]) if name in BINARY else ([nan],):
        if name != "copysign" or arguments[0] is nan:
            assert np.isnan(run(name, dtype, *arguments))[0]


# ---------------------------------------------------------------------------- the code that comes out
@pytest.mark.parametrize(
    "name, dtype", [("pow", "float64"), ("log1p", "float32"), ("sin", "float32"), ("erfc", "float64")]
)
def test_reassociation_by_the_caller_does_not_reach_inside(name, dtype):
    arguments = samples(name, dtype)
    np.testing.assert_array_equal(run(name, dtype, *arguments), run(name, dtype, *arguments, fastmath=("contract",)))


@pytest.mark.skipif(not HAS_AVX2, reason="looks for AVX registers")
@pytest.mark.parametrize("name, dtype", CASES)
def test_loop_is_vectorised(name, dtype):
    blocks = re.split(r"\n(?=[.\w]+:)", listing(loop_over(name, dtype))[1])
    body = max(blocks, key=lambda block: len(re.findall("[yz]mm", block)))
    assert len(re.findall("[yz]mm", body)) > 3 and "call" not in body


def test_integers_and_other_floats_are_converted():
    params = ("i", "int64*"), ("x", "float32*"), ("out", "float64*")
    out = np.zeros(1)
    source = KernelSource("both", params, "    out[0] = exp_float64(i[0]) + exp_float64(x[0])")
    call(source, 1, np.zeros(1, np.int64), np.zeros(1, np.float32), out)
    assert out[0] == 2.0


# ---------------------------------------------------------------------------- random bits
FILL = KernelSource(
    "fill",
    (("out", "uint32*"), ("start", "int"), ("seed", "int"), ("counter", "int")),
    "    for i in range(lo, hi):\n        out[i] = philox_uint32(start + i, seed, counter)",
)


def draw(n, seed, counter, start=0):
    out = np.empty(n, np.uint32)
    call(FILL, n, out, start, seed, counter)
    return out


@pytest.mark.parametrize(
    "counter, key, expected",
    [  # known answers published with Random123
        ((0, 0), 0, (0xFF1DAE59, 0x6CD10DF2)),
        ((0xFFFFFFFF, 0xFFFFFFFF), 0xFFFFFFFF, (0x2C3F628B, 0xAB4FD7AD)),
        ((0x243F6A88, 0x85A308D3), 0x13198A2E, (0xDD7CE038, 0xF62A4C12)),
    ],
)
def test_philox_known_answers(counter, key, expected):
    first, second = philox.philox2x32(*[np.array([word], np.uint64) for word in counter], key)
    assert (first[0], second[0]) == expected


def test_splitmix64_known_answer():
    assert philox.splitmix64(0) == 0xE220A8397B1DCDAF  # first output of the generator seeded with 0


@pytest.mark.parametrize(
    "seed, counter, start",
    [(0, 0, 0), (1, 2, 3), (-1, 5, 0), (2**63 - 1, -(2**63), 77), (42, 10**12, 2**32 - 500), (42, 1, 2**45)],
)
def test_philox_same_bits_compiled_and_in_numpy(seed, counter, start):
    n = 20_001
    bits = philox.philox_uint32_numpy(start + np.arange(n), seed, counter)
    assert bits.dtype == np.uint32
    np.testing.assert_array_equal(draw(n, seed, counter, start), bits)


def test_philox_numpy_keeps_the_shape():
    flat = philox.philox_uint32_numpy(np.arange(24), 3, 4)
    np.testing.assert_array_equal(philox.philox_uint32_numpy(np.arange(24).reshape(2, 3, 4), 3, 4).ravel(), flat)
    assert philox.philox_uint32_numpy(5, 3, 4) == flat[5]
    assert philox.philox_uint32_numpy(np.zeros((0, 2), int), 3, 4).shape == (0, 2)


def test_philox_is_uniform():
    bits = draw(1 << 20, seed=1, counter=0)
    for byte in bits.view(np.uint8).reshape(-1, 4).T:
        counts = np.bincount(byte, minlength=256)
        chi_square = ((counts - bits.size / 256) ** 2).sum() / (bits.size / 256)
        assert 150 < chi_square < 370  # 255 +- 5 standard deviations
    uniform = bits / 2.0**32
    assert abs(uniform.mean() - 0.5) < 5 * math.sqrt(1 / 12 / bits.size)
    assert abs(uniform.var() - 1 / 12) < 5 * math.sqrt(1 / 180 / bits.size)


def test_philox_streams_are_independent():
    n = 1 << 18
    base = draw(n, seed=5, counter=100)
    others = {
        "next counter": draw(n, 5, 101),
        "previous counter": draw(n, 5, 99),
        "next seed": draw(n, 6, 100),
        "swapped": draw(n, 100, 5),
        "neighbours": np.roll(base, 1),
        "upper words": draw(n, 5, 100, start=2**32),
    }
    for what, other in others.items():
        correlation = np.corrcoef(base.astype(float), other.astype(float))[0, 1]
        assert abs(correlation) < 5 / math.sqrt(n), what
        flipped = np.unpackbits((base ^ other).view(np.uint8)).mean()
        assert abs(flipped - 0.5) < 5 * 0.5 / math.sqrt(32 * n), what
        assert np.mean(base == other) < 1e-4, what
    first = np.array([philox.philox_uint32_numpy(0, 5, counter) for counter in range(4096)], np.float64) / 2**32
    assert abs(first.mean() - 0.5) < 5 * math.sqrt(1 / 12 / first.size)
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 5 / math.sqrt(first.size)


def test_philox_counters_never_share_a_stream():
    streams = {philox.stream_of(9, counter) for counter in range(-5000, 5000)}
    assert len(streams) == 10_000


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floor_division_where_the_quotient_is_nearly_whole(dtype):
    x = np.round(np.random.RandomState(0).randn(4000) * 10, 1).astype(dtype)
    y = np.array([0.1, 0.2, -0.3, 0.7], dtype).repeat(1000)
    quotient, rest = ms.jit(lambda a, b: (a // b, a % b))(ms.Tensor(x), ms.Tensor(y))
    assert (quotient.asnumpy() == x // y).all()
    np.testing.assert_allclose(rest.asnumpy(), np.mod(x, y), rtol=1e-6, atol=1e-6)
