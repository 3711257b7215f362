"""Arithmetic on bools and casts of floats out of range: one answer for all sizes and both modes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.graph import python_kernels

FLOATS = [
    np.inf,
    -np.inf,
    np.nan,
    1e30,
    -1e30,
    -1.5,
    3e9,
    2.0**63,
    1.8e19,
    300.0,
    -300.0,
    2.0**31,
    -(2.0**31),
    2.0**32,
    -(2.0**63),
    0.0,
]
LONG = 4096


def forms(function, *arrays):
    """By NumPy, compiled, and by the kernels for large arrays."""
    short = [Tensor(a) for a in arrays]
    long = [Tensor(np.tile(a, LONG)) for a in arrays]
    return [
        function(*short).asnumpy(),
        ms.jit(function)(*short).asnumpy(),
        function(*long).asnumpy()[-len(arrays[0]) :],
    ]


@pytest.mark.parametrize("source", ["float16", "float32", "float64"])
@pytest.mark.parametrize("target", ["uint8", "int8", "int32", "uint32", "int64", "uint64"])
@pytest.mark.slow
def test_casts(source, target):
    with np.errstate(all="ignore"):
        a = np.array(FLOATS).astype(source)
        found = forms(lambda x: x.astype(getattr(ms, target)), a)
        for other in found[1:]:
            np.testing.assert_array_equal(other, found[0])
        inside = (a > -2.0) & (a < 250.0) if "u" not in target else (a >= 0.0) & (a < 250.0)
        np.testing.assert_array_equal(found[0][inside], a[inside].astype(target))


def test_a_cast_to_uint64():
    """What MindSpore 2.10 gives on x86."""
    found = Tensor(np.array(FLOATS[:6])).astype(ms.uint64).asnumpy().tolist()
    assert found == [0, 2**63, 2**63, 0, 2**63, 2**64 - 1]


BOOLS = {
    "+": (lambda a, b: a + b, np.logical_or), "-": (lambda a, b: a - b, np.logical_xor), "*": (lambda a, b: a * b, np.logical_and),
    "neg": (lambda a, b: -a, lambda a, b: a), "sign": (lambda a, b: ops.sign(a), lambda a, b: a),
    "abs": (lambda a, b: ops.abs(a), lambda a, b: a), "square": (lambda a, b: ops.square(a), lambda a, b: a),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOLS)
@pytest.mark.slow
def test_bools(name):
    a, b = np.array([True, False, True, False] * 4), np.array([True, True, False, False] * 4)
    function, by_numpy = BOOLS[name]
    for found in forms(function, a, b):
        assert found.dtype == bool and set(found.view(np.uint8).tolist()) <= {0, 1}
        np.testing.assert_array_equal(found, by_numpy(a, b))


def test_the_sign_of_bools_where_python_runs_the_kernels():
    sign = python_kernels.namespace()["sign"]  # NumPy has none of bools
    assert [sign(x) for x in (False, True, np.bool_(True))] == [False, True, True]
