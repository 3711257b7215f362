"""Distributions at values that they cannot give, against what MindSpore 2.10 gives there."""

import numpy as np
import pytest

import minispore as ms
import minispore.nn.probability.distribution as msd

OUTSIDE = [  # at -1, -0.5, 0.5 and 1.5
    ("LogNormal", "cdf", (0.0, 1.0), [0.0, 0.0, 0.2441086, 0.6574322]),
    ("HalfNormal", "prob", (0.0, 1.0), [0.0, 0.0, 0.7041306, 0.2590352]),
    ("HalfNormal", "prob", (-0.75, 1.2), [0.0, 0.0, 0.3864906, 0.1146436]),
    ("HalfNormal", "log_prob", (0.0, 1.0), [-np.inf, -np.inf, -0.3507913, -1.3507913]),
    ("Categorical", "prob", ([0.2, 0.8],), [np.nan, 0.2, 0.2, 0.8]),
    ("Categorical", "cdf", ([0.2, 0.8],), [0.0, 0.2, 0.2, 1.0]),
]


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
@pytest.mark.parametrize("name, function, arguments, expected", OUTSIDE)
def test_values_that_a_distribution_cannot_give(name, function, arguments, expected, mode):
    ms.set_context(mode=mode)
    found = getattr(getattr(msd, name)(*arguments), function)(ms.Tensor([-1.0, -0.5, 0.5, 1.5], ms.float32))
    assert np.allclose(found.asnumpy(), expected, rtol=1e-5, equal_nan=True)


def test_the_slope_of_a_log_normal_cdf_is_zero_below_zero():
    slope = ms.grad(msd.LogNormal(0.0, 1.0).cdf)(ms.Tensor([-1.0, 1.0], ms.float32))
    assert np.allclose(slope.asnumpy(), [0.0, 1 / np.sqrt(2 * np.pi)], rtol=1e-5)
