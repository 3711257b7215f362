"""Bessel functions of ops and their gradients against values of 40 digits (tests/records/bessel.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

RECORDED = json.loads((Path(__file__).parent / "records" / "bessel.json").read_text())
POINTS = np.array(RECORDED.pop("points"))


def off(name, found, wanted) -> np.ndarray:
    """The differences in units of what the function reaches near each point: J and Y swing through 0."""
    size = np.abs(wanted)
    if name[7] in "jy":
        size = np.maximum(size, np.sqrt(2 / np.pi / np.maximum(POINTS, 1)))
    with np.errstate(invalid="ignore"):
        return np.where(found == wanted, 0, np.abs(found - wanted) / np.where(size > 1e-300, size, 1))


@pytest.mark.parametrize("name", RECORDED)
def test_values_and_gradients(name, mode):
    function = getattr(ops, name)
    value, slope = np.array(RECORDED[name]).T
    assert off(name, function(Tensor(POINTS)).asnumpy(), value).max() < 1e-14
    found = ms.grad(lambda x: function(x).sum())(Tensor(POINTS)).asnumpy()
    scaled = name[-1] == "e"  # the difference of two nearly equal terms: absolute there
    assert (np.abs(found - slope).max() if scaled and name[7] == "i" else off(name, found, slope)[:-1].max()) < 2e-14


@pytest.mark.parametrize("name", RECORDED)
def test_float32_is_right_to_the_last_bit_or_two_and_keeps_its_type(name):
    x = POINTS.astype(np.float32)
    found = getattr(ops, name)(Tensor(x))
    wide = getattr(ops, name)(Tensor(x.astype(np.float64))).asnumpy()
    assert found.dtype is ms.float32
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(found.asnumpy(), wide.astype(np.float32))
    assert getattr(ops, name)(Tensor([1.0], ms.float16)).dtype is ms.float16
    with pytest.raises(TypeError):
        getattr(ops, name)(Tensor([1, 2]))


def test_ends_of_the_domain(mode):
    """0 and negative numbers as in MindSpore 2.10 (whose y1(0) is NaN and whose j0(inf) is); infinity by the limit."""
    x = Tensor([-2.0, 0.0, np.inf, np.nan])
    ends = {
        "j0": [0.22389078, 1, 0, np.nan], "j1": [-0.57672483, 0, 0, np.nan], "y0": [-np.inf, -np.inf, 0, np.nan],
        "y1": [-np.inf, -np.inf, 0, np.nan], "k0": [np.inf, np.inf, 0, np.nan], "k1e": [np.inf, np.inf, 0, np.nan],
        "i1": [-1.59063685, 0, np.inf, np.nan], "i0e": [0.30850833, 1, 0, np.nan],
    }  # fmt: skip
    for name, wanted in ends.items():
        np.testing.assert_allclose(getattr(ops, f"bessel_{name}")(x).asnumpy(), wanted, 1e-7, err_msg=name)


def test_slopes_at_zero(mode):
    """j1'(0) = i1'(0) = 1/2, j0'(0) = i0'(0) = 0; j1'''(0) = -3/8."""
    for name, wanted in {"j0": 0, "j1": 0.5, "i0": 0, "i1": 0.5}.items():
        slope = ms.grad(lambda x, f=getattr(ops, f"bessel_{name}"): f(x).sum())(Tensor([0.0], ms.float64))
        assert abs(float(slope[0]) - wanted) < 1e-15
    third = ops.bessel_j1
    for _ in range(3):
        third = ms.grad(lambda x, f=third: f(x).sum())
    assert abs(float(third(Tensor([0.0], ms.float64))[0]) + 0.375) < 1e-14


def test_primitives_are_the_functions():
    x = Tensor([0.5, 3.0, 40.0])
    for name in RECORDED:
        primitive = getattr(ops, f"Bessel{name[7:].capitalize()}")()
        np.testing.assert_array_equal(primitive(x).asnumpy(), getattr(ops, name)(x).asnumpy())
