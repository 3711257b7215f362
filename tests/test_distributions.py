"""``nn.probability.distribution``: values that the real MindSpore 2.10 gave (its draws fail there for some), and moments of draws."""

import json
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
import minispore.nn.probability.bijector as msb
import minispore.nn.probability.distribution as msd
from minispore import Tensor, nn

RECORDED = json.loads((Path(__file__).parent / "records" / "distributions.json").read_text())
P, Q = np.array([0.2, 0.3, 0.5], np.float32), np.array([0.1, 0.6, 0.3], np.float32)
GIVEN = {  # the parameters of a distribution, and of another one
    "Normal": [(1.0, 2.0), (0.5, 1.5)], "LogNormal": [(0.2, 0.5), (0.1, 0.7)], "Uniform": [(0.0, 2.0), (-1.0, 3.0)],
    "Exponential": [(1.5,), (0.7,)], "Gamma": [([2.0], [1.5]), ([3.0], [0.8])], "Beta": [([2.0], [3.0]), ([1.5], [2.0])],
    "Bernoulli": [(0.3,), (0.6,)], "Geometric": [(0.3,), (0.6,)], "Poisson": [([1.5],), ([2.0],)],
    "Categorical": [(Tensor(P),), (Tensor(Q),)], "StudentT": [(3.0, 0.3, 1.2), (3.0, 0.1, 0.8)],
    **{key: [(0.3, 1.2), (0.1, 0.8)] for key in ("Gumbel", "Logistic", "Cauchy", "Laplace", "HalfNormal")},
}  # fmt: skip
VALUES = {"Poisson": [0.0, 1.0, 3.0], **{key: [0.0, 1.0, 1.0] for key in ("Bernoulli", "Geometric", "Categorical")}}


@pytest.mark.parametrize("name", GIVEN)
def test_values_equal_the_recorded_ones(name):
    own, other = GIVEN[name]
    distribution = getattr(msd, name)(*own)
    value = Tensor(VALUES.get(name, [0.25, 0.5, 0.75]), ms.int32 if name == "Categorical" else ms.float32)
    other = [p if isinstance(p, Tensor) else Tensor(p, ms.float32) for p in other]
    assert RECORDED[name]
    for method, expected in RECORDED[name].items():
        if method in ("kl_loss", "cross_entropy"):
            result = getattr(distribution, method)(name, *other)
        elif method == "calls":
            result = distribution("prob", value, *other)
        else:
            result = getattr(distribution, method)(
                *([] if method in ("mean", "sd", "var", "mode", "entropy") else [value])
            )
        assert np.allclose(np.ravel(result.asnumpy()), expected, rtol=1e-3, atol=2e-4), method


@pytest.mark.parametrize("name", sorted({*GIVEN} - {"Cauchy", "Laplace", "HalfNormal", "StudentT"}))
def test_draws_have_the_mean(name):
    ms.set_seed(1)
    distribution = getattr(msd, name)(*GIVEN[name][0])
    drawn = distribution.sample((8000,)).asnumpy()
    assert drawn.shape[0] == 8000
    assert abs(drawn.mean() - distribution.mean().asnumpy()).max() < 5 * distribution.sd().asnumpy().max() / np.sqrt(
        8000
    )


def test_a_sample_and_its_density_train_in_a_graph():
    class Policy(nn.Cell):
        def __init__(self):
            super().__init__()
            self.mean = ms.Parameter(Tensor([0.5]))
            self.normal = msd.Normal(dtype=ms.float32)

        def construct(self, x):
            return self.normal.log_prob(x, self.mean, Tensor([2.0])).sum()

    ms.set_context(mode=ms.GRAPH_MODE)
    net = Policy()
    _, gradients = ms.value_and_grad(net, None, net.trainable_params())(Tensor([1.0, 2.0]))
    assert np.allclose(gradients[0].asnumpy(), ((1.0 - 0.5) + (2.0 - 0.5)) / 4)


def test_what_is_missing_is_said():
    with pytest.raises(TypeError, match="'mean' must be given"):
        msd.Normal().prob(Tensor([1.0]))
    with pytest.raises(ValueError, match="'dist' must be 'Normal'"):
        msd.Normal(0.0, 1.0).kl_loss("Uniform", 0.0, 1.0)
    with pytest.raises(TypeError, match="concentration"):
        msd.Gamma(2.0, 1.0)
    with pytest.raises(NotImplementedError):
        msd.Laplace(0.0, 1.0).cdf(Tensor([1.0]))


@pytest.mark.parametrize(
    ("bijector", "values"),
    [
        (msb.Exp(), [1.6487215, 7.38906]), (msb.PowerTransform(0.5), [1.5625, 4.0]), (msb.ScalarAffine(2.0, 1.0), [2.0, 5.0]),
        (msb.Softplus(2.0), [0.6566306, 2.0090754]), (msb.GumbelCDF(0.5, 2.0), [0.36787882, 0.6235248]),
        (msb.Invert(msb.ScalarAffine(2.0, 1.0)), [-0.25, 0.5]),
    ],
)  # fmt: skip
def test_bijectors(mode, bijector, values):
    x = Tensor([0.5, 2.0])
    y = bijector("forward", x)
    np.testing.assert_allclose(y.asnumpy(), values, rtol=1e-5)  # MindSpore's
    np.testing.assert_allclose(bijector.inverse(y).asnumpy(), x.asnumpy(), rtol=1e-5)
    slope = ms.grad(lambda v: bijector.forward(v).sum())(x).asnumpy()
    np.testing.assert_allclose(np.exp(bijector.forward_log_jacobian(x).asnumpy()) * np.ones(2), slope, rtol=1e-4)
    np.testing.assert_allclose(np.exp(-bijector.inverse_log_jacobian(y).asnumpy()) * np.ones(2), slope, rtol=1e-4)


def test_a_transformed_distribution_is_the_known_one():
    made, known, y = msb.Exp()(msd.Normal(0.2, 0.5)), msd.LogNormal(0.2, 0.5), Tensor([0.3, 0.8])
    for method in ("prob", "log_prob", "cdf", "survival_function"):
        np.testing.assert_allclose(made(method, y).asnumpy(), known(method, y).asnumpy(), rtol=1e-5)
    assert made.sample((3, 2)).shape == (3, 2) and not made.is_linear_transformation
    assert msd.TransformedDistribution(msb.ScalarAffine(2.0, 1.0), msd.Normal(3.0, 1.0)).mean().item() == 7


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: msb.ScalarAffine(2, 1.0), TypeError), (lambda: msb.ScalarAffine(None, 1.0), TypeError),
        (lambda: msb.PowerTransform(-1.0), ValueError), (lambda: msb.GumbelCDF(0.0, 0.0), ValueError),
        (lambda: msb.Exp().forward(Tensor([1])), TypeError), (lambda: msb.Invert(3), TypeError),
        (lambda: msd.TransformedDistribution(msb.Exp(), msd.Bernoulli(0.5)), TypeError),
        (lambda: msb.Exp()(msd.Normal(0.0, 1.0)).mean(), ValueError),
    ],
)  # fmt: skip
def test_wrong_bijectors(call, error):
    with pytest.raises(error):
        call()


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: msd.Bernoulli(0.5), {"probs": 0.5, "batch_shape": (), "broadcast_shape": (), "is_scalar_batch": True}),
        (
            lambda: msd.Categorical([0.25, 0.75]),
            {"probs": [0.25, 0.75], "broadcast_shape": (), "is_scalar_batch": True},
        ),
        (lambda: msd.Beta([1.0], [2.0]), {"concentration1": [1.0], "concentration0": [2.0], "is_scalar_batch": False}),
        (lambda: msd.LogNormal(0.5, 1.0), {"loc": 0.5, "scale": 1.0, "broadcast_shape": ()}),
        (lambda: msd.Uniform(0.0, 1.0), {"low": 0.0, "high": 1.0}),
        (lambda: msd.Exponential(), {"rate": None}),
    ],
)
def test_the_parameters_are_read(made, expected):
    distribution = made()
    for name, value in expected.items():
        found = getattr(distribution, name)
        assert (found.asnumpy().tolist() if isinstance(found, Tensor) else found) == value, name


def test_the_parameters_are_read_in_a_graph(mode):
    class Drawn(nn.Cell):
        def __init__(self, probs):
            super().__init__()
            self.drawn = msd.Bernoulli(probs)

        def construct(self, p):
            return self.drawn.probs, self.drawn.mean(p)

    assert Drawn(None)(Tensor(0.25)) == (None, Tensor(0.25))
    assert float(Drawn(0.5)(Tensor(0.25))[0]) == 0.5
