"""Kernel source means what it means in Python, and its types are numba's."""

import gc
import itertools
import math
import operator

import numpy as np
import pytest

from minispore.core.kernel import ENTRY, KernelSource, device
from minispore.graph import kernel_types as kt, python_kernels
from minispore.graph.compile import address_of
from minispore.graph.kernel_compiler import KernelError
from minispore.graph.machine_code import llvm_text

NUMBERS = [t.name for t in kt.NUMBERS]
PAIRS = list(itertools.product(NUMBERS, NUMBERS))
ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
              "/": operator.truediv, "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift,
              ">>": operator.rshift}  # fmt: skip


def _builder():
    from llvmlite import ir

    function = ir.Function(ir.Module(), ir.FunctionType(ir.VoidType(), [t.ir for t in kt.NUMBERS]), "f")
    terms = {t.name: kt.Term(t, value) for t, value in zip(kt.NUMBERS, function.args)}
    return ir.IRBuilder(function.append_basic_block()), terms


@pytest.mark.quick
def test_types_are_those_of_numba():
    from numba import types
    from numba.core.registry import cpu_target

    context = cpu_target.typing_context
    context.refresh()
    numba = {name: types.boolean if name == "bool" else getattr(types, name) for name in NUMBERS}
    names = {t: name for name, t in numba.items()}
    b, terms = _builder()
    for x, y in PAIRS:
        found = kt.unify(terms[x].type, terms[y].type)
        assert found.name == names[context.unify_types(numba[x], numba[y])], (x, y)
        for sign, function in ARITHMETIC.items():
            allowed = (
                "+-*" if "complex" in x + y else "+-*/"
            )  # other ones of floats and complex numbers are functions here
            if ("float" in x + y or "complex" in x + y) and sign not in allowed:
                with pytest.raises(TypeError):
                    kt.arithmetic(b, sign, terms[x], terms[y])
                continue
            want = context.resolve_function_type(function, (numba[x], numba[y]), {}).return_type
            assert kt.arithmetic(b, sign, terms[x], terms[y]).type.name == names[want], (x, sign, y)
    for x in NUMBERS:
        want = context.resolve_function_type(operator.neg, (numba[x],), {}).return_type
        assert kt.negative(b, terms[x]).type.name == names[want], x


def both(body, params, arrays, count, **names):
    """What a kernel leaves in its arrays: compiled, and run by Python."""
    source = KernelSource("tried", params, body, **names)
    results = []
    for entry in (ENTRY(address_of(source)), python_kernels.entry(source)):
        given = [a.copy() for a in arrays]
        slots = np.array([a.ctypes.data for a in given], np.int64)
        entry(None, None, slots.ctypes.data, 0, count)
        results.append(given)
    return results


def check(body, params, *arrays, count=1, **names):
    for compiled, interpreted in zip(*both(body, params, arrays, count, **names)):
        np.testing.assert_array_equal(compiled, interpreted)
    return both(body, params, arrays, count, **names)[0]


INTEGERS = np.array([0, 1, -1, 2, 7, -7, 100, 2**62, -(2**63), 2**63 - 1], np.int64)


def test_integer_operators_give_what_python_gives():
    x, y = (a.ravel().copy() for a in np.meshgrid(INTEGERS, INTEGERS))
    signs = ["+", "-", "*", "//", "%", "&", "|", "^"]
    lines = [f"        out[{len(signs)} * i + {k}] = x[i] {sign} y[i]" for k, sign in enumerate(signs)]
    out = np.zeros((len(x), len(signs)), np.int64)
    params = ("x", "int64*"), ("y", "int64*"), ("out", "int64*")
    source = KernelSource("operators", params, "\n".join(["    for i in range(lo, hi):", *lines]))
    slots = np.array([a.ctypes.data for a in (x, y, out)], np.int64)
    ENTRY(address_of(source))(None, None, slots.ctypes.data, 0, len(x))
    for a, b, row in zip(x.tolist(), y.tolist(), out.tolist()):
        for sign, got in zip(signs, row):
            defined = b != 0 and not (a == -(2**63) and b == -1)
            if sign in ("//", "%") and not defined:
                assert got == 0, (a, sign, b)
                continue
            want = ARITHMETIC[sign](a, b)
            if sign in ("//", "%", "&", "|", "^") or abs(want) < 2**63:  # sums that overflow are not defined
                assert got == want, (a, sign, b)


CONTROL = """
    total, last = 0, -1
    for i in range(lo, hi):
        if x[i] < 0:
            continue
        if x[i] == 99:
            break
        k = 0
        while True:
            k += 1
            if k > x[i] or k * k > 50:
                break
        low, high = sorted2(k, last)
        out[i] = low * 100 + high
        total += k if 1 < k <= 5 and not k == 3 or k > 7 else -k
        last = i
    for i in range(hi - 1, lo - 1, -2):
        total = total * 3 + i
    out[hi] = total
    out[hi + 1] = last
"""


def test_loops_branches_and_functions_do_what_they_do_in_python():
    device(sorted2)
    x = np.array([3, -1, 0, 12, 5, -4, 2, 99, 1, 1], np.int32)
    params = ("x", "int32*"), ("out", "int64*")
    _, out = check(CONTROL, params, x, np.zeros(12, np.int64), count=10, devices=("sorted2",))
    assert out[11] == 6 and out[0] == -1 * 100 + 4


def sorted2(a, b):
    if a < b:
        return a, b
    return b, a


def test_a_name_may_have_another_type_in_another_place():
    body = """
    for i in range(lo, hi):
        v = x[i] > 2
        out[i] = 10 if v else 20
    for i in range(lo, hi):
        v = x[i]
        out[i] += v * v
    v = 0
    for i in range(lo, hi):
        v = v + x[i]
    out[hi] = v
"""
    x = np.array([1.5, 2.5, 16777216.0, 1.0], np.float32)
    params = ("x", "float32*"), ("out", "float64*")
    compiled, _ = both(body, params, [x, np.zeros(5)], 4)
    np.testing.assert_array_equal(compiled[1], [22.25, 16.25, 10 + 2.0**48, 21, 16777221])


@pytest.mark.parametrize(
    "body, said",
    [
        ("    with x: pass", "With"),
        ("    y = x.real", "no real"),
        ("    y = complex64(1) < x[0]", "complex64 < float32"),
        ("    x[0] = complex(x[0], x[1])", "complex64 cannot become float32"),
        ("    y = unknown(x[0])", "no function unknown"),
        ("    y = z", "z has no value"),
        ("    lo[0] = 1", "not a pointer"),
        ("    y = x[0] // x[1]", "float32 // float32"),
    ],
)
def test_what_kernels_cannot_say_is_an_error_that_names_it(body, said):
    with pytest.raises(KernelError, match=said):
        llvm_text(KernelSource("wrong", (("x", "float32*"),), body))


def test_the_negative_of_a_number_in_the_text_keeps_its_type():
    b, _ = _builder()
    for kind in (kt.FLOAT32, kt.FLOAT64):
        found = kt.negative(b, kt.constant(kind, 0))
        assert found.type is kind and math.copysign(1, found.ir.constant) == -1


COMPLEX = """
    room = local_complex64(4)
    for i in range(lo, hi):
        z, w = x[i], y[i]
        out[12 * i] = z + w
        out[12 * i + 1] = z - w
        out[12 * i + 2] = z * w
        out[12 * i + 3] = z / w
        out[12 * i + 4] = -z
        out[12 * i + 5] = complex(z.imag, w.real)
        out[12 * i + 6] = where(z == w, z, complex64(1))
        out[12 * i + 7] = z if z != w else complex64(float32(2))
        room[i & 3] = z * float32(2)
        room[i & 3] /= float32(4)
        out[12 * i + 8] = room[i & 3]
        out[12 * i + 9] = float32(3) / z
        out[12 * i + 10] = z * r[i]
        out[12 * i + 11] = complex64(2) if z else complex64(3)
"""


def test_complex_numbers_are_those_of_python():
    """Sums of products may be rounded once less; quotients by zero are those of NumPy."""
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal((2, 9)) + 1j * rng.standard_normal((2, 9))).astype(np.complex64)
    y[1], y[2:5] = x[1], [1e30 + 1e30j, 2, -3j]
    x[5:7], y[6:8] = [0, complex("inf-infj")], 0
    r = np.array([1, -2, 3, 0, 5, 6, 7, 8, 9], np.int8)
    params = ("x", "complex64*"), ("y", "complex64*"), ("r", "int8*"), ("out", "complex128*")
    compiled, interpreted = (
        found[-1] for found in both(COMPLEX, params, [x, y, r, np.zeros((9, 12), np.complex128)], 9)
    )
    np.testing.assert_allclose(compiled, interpreted, 1e-6)
    assert compiled[5, 11] == 3
    for z, w, n, row in zip(x.tolist(), y.tolist(), r.tolist(), compiled):
        if not w or not z:  # an error in Python
            continue
        wanted = [z + w, z - w, z * w, z / w, -z, complex(z.imag, w.real), z if z == w else 1, 2 if z == w else z, z / 2, 3 / z,
                  z * n, 2]  # fmt: skip
        np.testing.assert_allclose(row, wanted, 1e-6)


def test_accumulators_and_functions_of_complex_numbers():
    device(quarter_turned)
    body = """
    total, last = 1, complex64(0)
    for i in range(lo, hi):
        last, size = quarter_turned(x[i], last)
        total = total * x[i] + size
        out[i] = last
    out[hi] = total
"""
    x = np.array([1 + 2j, -1j, 0.5, 3 - 1j], np.complex64)
    params = ("x", "complex64*"), ("out", "complex128*")
    _, out = both(body, params, [x, np.zeros(5, np.complex128)], 4, devices=("quarter_turned",))[0]
    total, last = 1, 0
    for z, found in zip(x.tolist(), out):
        last, size = quarter_turned(z, last)
        total = total * z + size
        np.testing.assert_allclose(found, last, 1e-6)
    np.testing.assert_allclose(out[4], total, 1e-6)


def quarter_turned(z, last):
    if z.real < 0 or z == 1:
        return z, 1
    return complex(-z.imag, z.real) + last, z.real


def test_sums_that_become_a_shorter_integer_wrap_as_when_they_are_computed_long():
    """``int32(a + b)`` keeps the last bits of the sum in int64, whatever a and b are."""
    kinds = ["int8", "uint8", "int16", "int32", "uint32"]
    rng = np.random.default_rng(0)
    given = [rng.integers(np.iinfo(k).min, np.iinfo(k).max, 40, k, endpoint=True) for k in kinds]
    cases = list(itertools.product(kinds, kinds, "+-*"))
    lines = [f"        out[{n} * 40 + i] = TO({x}_[i] {sign} {y}_[39 - i])" for n, (x, y, sign) in enumerate(cases)]
    for to in ("int8", "int32", "uint32"):
        body = "\n".join(["    for i in range(lo, hi):", *lines]).replace("TO(", f"{to}(")
        source = KernelSource("shorter", (*((f"{k}_", f"{k}*") for k in kinds), ("out", f"{to}*")), body)
        out = np.zeros((len(cases), 40), to)
        slots = np.array([a.ctypes.data for a in (*given, out)])
        ENTRY(address_of(source))(None, None, slots.ctypes.data, 0, 40)
        wide = {k: a.astype(np.int64) for k, a in zip(kinds, given)}
        for found, (x, y, sign) in zip(out, cases):
            np.testing.assert_array_equal(
                found, ARITHMETIC[sign](wide[x], wide[y][::-1]).astype(to), f"{to} {x} {sign} {y}"
            )


def test_what_a_kernel_was_written_with_is_freed_without_the_collector_of_garbage():
    from llvmlite import ir

    body = "    x = 0\n    for i in range(hi):\n        x = x * 0.5 if x > 3 else x + i\n    args[0] = int64(x)"
    source = KernelSource("freed", (("x0", "int64*"),), body)
    llvm_text(source)  # what is made once and kept

    def count():
        return sum(
            issubclass(type(o), (ir.Instruction, ir.Block, ir.Function)) for o in gc.get_objects()
        )  # a weak proxy has no class any more

    gc.collect()
    before = count()
    gc.disable()
    try:
        llvm_text(source)
        assert count() == before
    finally:
        gc.enable()


def test_two_modules_cannot_give_kernels_different_functions_of_one_name():
    def is_finite(x):
        return x

    is_finite.__module__ = "another_module"
    with pytest.raises(ValueError, match="'is_finite' needs another name: minispore"):
        device(is_finite)
