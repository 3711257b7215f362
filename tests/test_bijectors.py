"""Bijectors: inverses, derivatives against differences, distributions of what they give; parameters outside their range."""

import numpy as np
import pytest

import minispore as ms
import minispore.nn.probability.bijector as msb
import minispore.nn.probability.distribution as msd
from minispore import Tensor

BIJECTORS = {
    "exp": msb.Exp,
    "power 0": lambda: msb.PowerTransform(0.0),
    "power": lambda: msb.PowerTransform(1.5),
    "gumbel": lambda: msb.GumbelCDF(0.3, 2.0),
    "affine": lambda: msb.ScalarAffine(-2.0, 0.5),
    "softplus": lambda: msb.Softplus(3.0),
    "inverse": lambda: msb.Invert(msb.Exp()),
}


@pytest.mark.parametrize("name", BIJECTORS)
def test_inverse_and_derivatives(name):
    bijector = BIJECTORS[name]()
    at = np.array([0.2, 0.7, 1.3], np.float64)

    def value(method, x):
        return bijector(method, Tensor(x.astype(np.float32))).asnumpy().astype(np.float64)

    result = value("forward", at)
    np.testing.assert_allclose(value("inverse", result), at, rtol=1e-4)
    step = 1e-2
    slope = (value("forward", at + step) - value("forward", at - step)) / (2 * step)
    np.testing.assert_allclose(np.broadcast_to(value("forward_log_jacobian", at), 3), np.log(np.abs(slope)), atol=2e-3)
    back = np.broadcast_to(value("inverse_log_jacobian", result), 3)
    np.testing.assert_allclose(back, -value("forward_log_jacobian", at), atol=1e-4)


@pytest.mark.parametrize("mode", [ms.GRAPH_MODE, ms.PYNATIVE_MODE])
def test_the_exponential_of_a_normal_is_a_lognormal(mode):
    ms.set_context(mode=mode)
    made, known = msb.Exp()(msd.Normal(0.5, 2.0)), msd.LogNormal(0.5, 2.0)
    x = Tensor([0.3, 1.0, 4.0])
    for name in ("prob", "log_prob", "cdf", "log_cdf", "survival_function", "log_survival"):
        np.testing.assert_allclose(made(name, x).asnumpy(), known(name, x).asnumpy(), rtol=1e-4, atol=1e-6)
    with pytest.raises(ValueError, match="linear"):
        made.mean()
    assert float(msb.ScalarAffine(3.0, 1.0)(msd.Normal(2.0, 1.0)).mean()) == 7.0


@pytest.mark.parametrize(
    "call, error",
    [
        (lambda: msd.Normal(0.0, 0.0), ValueError),
        (lambda: msd.Uniform(2.0, 1.0), ValueError),
        (lambda: msd.Bernoulli(1.0), ValueError),
        (lambda: msd.Categorical([0.5, 0.6]), ValueError),
        (lambda: msd.Gumbel(0.0, None), TypeError),
        (lambda: msd.Normal(0.0, 1.0, dtype=ms.int32), TypeError),
        (lambda: msd.Normal(0.0, 1.0, name=1.0), TypeError),
        (lambda: msd.Normal(0.0, 1.0, seed="s"), TypeError),
        (lambda: msd.Normal(0.0, 1.0, seed=-1), ValueError),
        (lambda: msd.Normal().prob(Tensor([1.0])), TypeError),
        (lambda: msd.Normal(0.0, 1.0).prob(1.0), TypeError),
        (lambda: msd.Normal(0.0, 1.0)("nothing", Tensor([1.0])), NotImplementedError),
        (lambda: msb.GumbelCDF(0.0, -1.0), ValueError),
        (lambda: msb.Softplus("a"), TypeError),
        (lambda: msb.ScalarAffine(1, 2), TypeError),
        (lambda: msb.Exp().forward(1.0), TypeError),
        (lambda: msb.Invert(3), TypeError),
        (lambda: msd.TransformedDistribution(3, msd.Normal(0.0, 1.0)), TypeError),
    ],
)  # fmt: skip
def test_what_is_refused(call, error):
    with pytest.raises(error):
        call()
