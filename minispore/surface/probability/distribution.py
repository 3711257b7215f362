"""``mindspore.nn.probability.distribution``: a class gives the formulas of one distribution, ``Distribution`` what follows from them.

>>> import minispore as ms
>>> import minispore.nn.probability.distribution as msd
>>> print(msd.Normal(0.0, 1.0).prob(ms.Tensor([0.0])))
[0.3989423]
"""

import math
from typing import Any

from ... import ops
from ...core.dtype import int32
from ...core.tensor import Tensor
from .base import Distribution, define as _define
from .transformed import TransformedDistribution

o: Any = ops  # functions that modules of ops put there by name
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
_EULER = 0.5772156649015329


def _open_uniform(shape):
    """Uniform draws that are neither 0 nor 1, so that logarithms of them are finite."""
    return o.clamp(o.rand(*shape) if shape else o.rand(1).reshape(()), 1e-7, 1 - 1e-7)


def _normal_draws(shape):
    return o.randn(*shape) if shape else o.randn(1).reshape(())


def _like(value, *others):
    """``value`` with the shape of all operands."""
    return value + sum(0.0 * x for x in others)


# ---------------------------------------------------------------- on the line
Normal = _define(
    "Normal", ("mean", "sd"), "The normal distribution.",
    ranges={"sd": "positive"},
    log_prob=lambda x, m, s: -0.5 * ((x - m) / s) ** 2 - o.log(s) - _HALF_LOG_2PI,
    cdf=lambda x, m, s: 0.5 * (1.0 + o.erf((x - m) / (s * math.sqrt(2.0)))),
    mean=lambda m, s: _like(m, s), sd=lambda m, s: _like(s, m), mode=lambda m, s: _like(m, s),
    entropy=lambda m, s: o.log(s) + 0.5 + _HALF_LOG_2PI,
    kl=lambda m, s, n, t: 0.5 * (((m - n) / t) ** 2 + (s / t) ** 2 - 1.0) - o.log(s / t),
    sample=lambda shape, m, s: m + s * _normal_draws(shape),
)  # fmt: skip


def _log_normal_sd(m, s):
    return o.sqrt(o.expm1(s * s)) * o.exp(m + 0.5 * s * s)


LogNormal = _define(
    "LogNormal", ("loc", "scale"), "The distribution of exp(x) for a normal x.",
    ranges={"scale": "positive"},
    log_prob=lambda x, m, s: Normal.FORMULAS["log_prob"](o.log(x), m, s) - o.log(x),
    cdf=lambda x, m, s: o.where(x > 0.0, Normal.FORMULAS["cdf"](o.log(o.where(x > 0.0, x, 1.0)), m, s), 0.0),
    mean=lambda m, s: o.exp(m + 0.5 * s * s), sd=_log_normal_sd, mode=lambda m, s: o.exp(m - s * s),
    entropy=lambda m, s: m + Normal.FORMULAS["entropy"](m, s), kl=Normal.FORMULAS["kl"],
    sample=lambda shape, m, s: o.exp(Normal.FORMULAS["sample"](shape, m, s)),
)  # fmt: skip
Uniform = _define(
    "Uniform", ("low", "high"), "The uniform distribution between two numbers.",
    ranges={"high": "above"},
    log_prob=lambda x, a, b: o.log(o.where(o.logical_and(x >= a, x <= b), 1.0 / (b - a), 0.0)),
    cdf=lambda x, a, b: o.clamp((x - a) / (b - a), 0.0, 1.0),
    mean=lambda a, b: 0.5 * (a + b), sd=lambda a, b: (b - a) / math.sqrt(12.0),
    entropy=lambda a, b: o.log(b - a),
    kl=lambda a, b, c, d: o.where(o.logical_and(a >= c, b <= d), o.log((d - c) / (b - a)), math.inf),
    sample=lambda shape, a, b: a + (b - a) * (o.rand(*shape) if shape else o.rand(1).reshape(())),
)  # fmt: skip
Exponential = _define(
    "Exponential", ("rate",), "The exponential distribution.",
    ranges={"rate": "positive"},
    log_prob=lambda x, r: o.where(x >= 0.0, o.log(r) - r * x, -math.inf),
    cdf=lambda x, r: o.where(x >= 0.0, -o.expm1(-r * x), 0.0),
    mean=lambda r: 1.0 / r, sd=lambda r: 1.0 / r, mode=lambda r: o.zeros_like(r), entropy=lambda r: 1.0 - o.log(r),
    kl=lambda r, q: o.log(r / q) + q / r - 1.0,
    sample=lambda shape, r: -o.log(_open_uniform(shape)) / r,
)  # fmt: skip


def _gumbel_kl(m, s, n, t):
    return o.log(t / s) + _EULER * (s / t - 1.0) + (m - n) / t + o.expm1((n - m) / t + o.lgamma(1.0 + s / t))


Gumbel = _define(
    "Gumbel", ("loc", "scale"), "The Gumbel distribution.",
    ranges={"scale": "positive"},
    log_prob=lambda x, m, s: -(x - m) / s - o.exp(-(x - m) / s) - o.log(s),
    cdf=lambda x, m, s: o.exp(-o.exp(-(x - m) / s)),
    mean=lambda m, s: m + s * _EULER, sd=lambda m, s: _like(s * (math.pi / math.sqrt(6.0)), m), mode=lambda m, s: _like(m, s),
    entropy=lambda m, s: _like(1.0 + o.log(s) + _EULER, m), kl=_gumbel_kl,
    sample=lambda shape, m, s: m - s * o.log(-o.log(_open_uniform(shape))),
)  # fmt: skip
Logistic = _define(
    "Logistic", ("loc", "scale"), "The logistic distribution.",
    ranges={"scale": "positive"},
    log_prob=lambda x, m, s: -(x - m) / s - 2.0 * o.softplus(-(x - m) / s) - o.log(s),
    cdf=lambda x, m, s: o.sigmoid((x - m) / s),
    mean=lambda m, s: _like(m, s), sd=lambda m, s: _like(s * (math.pi / math.sqrt(3.0)), m), mode=lambda m, s: _like(m, s),
    entropy=lambda m, s: _like(o.log(s) + 2.0, m),
    sample=lambda shape, m, s: m + s * o.logit(_open_uniform(shape)),
)  # fmt: skip
Cauchy = _define(
    "Cauchy", ("loc", "scale"), "The Cauchy distribution; it has no mean.",
    ranges={"scale": "positive"},
    log_prob=lambda x, m, s: -math.log(math.pi) - o.log(s) - o.log1p(((x - m) / s) ** 2),
    cdf=lambda x, m, s: o.atan((x - m) / s) / math.pi + 0.5,
    mode=lambda m, s: _like(m, s), entropy=lambda m, s: _like(math.log(4.0 * math.pi) + o.log(s), m),
    kl=lambda m, s, n, t: o.log((s + t) ** 2 + (m - n) ** 2) - math.log(4.0) - o.log(s) - o.log(t),
    sample=lambda shape, m, s: m + s * o.tan(math.pi * (_open_uniform(shape) - 0.5)),
)  # fmt: skip
Cauchy.ABSENT = ValueError
Laplace = _define(
    "Laplace", ("mean", "sd"), "The Laplace distribution; ``sd`` is its scale.",
    ranges={"sd": "positive"},
    log_prob=lambda x, m, s: -o.abs(x - m) / s - o.log(2.0 * s),
)  # fmt: skip
HalfNormal = _define(
    "HalfNormal", ("mean", "sd"), "The upper half of a normal distribution; as in MindSpore it ends at 0, whatever the mean is.",
    ranges={"sd": "positive"},
    log_prob=lambda x, m, s: o.where(x >= 0.0, Normal.FORMULAS["log_prob"](x, m, s) + math.log(2.0), -math.inf),
)  # fmt: skip
StudentT = _define(
    "StudentT", ("df", "mean", "sd"), "Student's t.",
    ranges={"df": "positive", "sd": "positive"},
    log_prob=lambda x, d, m, s: o.lgamma(0.5 * (d + 1.0)) - o.lgamma(0.5 * d) - 0.5 * o.log(d * math.pi) - o.log(s)
    - 0.5 * (d + 1.0) * o.log1p(((x - m) / s) ** 2 / d),
)  # fmt: skip


# ---------------------------------------------------------------- gamma and beta
def _gamma_draws(shape, a, whole):
    """Draws of gamma(a, 1); ``shape`` ends with that of ``whole``."""
    a = o.broadcast_to(a, whole.shape)
    return o.random_gamma(Tensor(shape[: len(shape) - a.ndim], int32), a)


def _gamma_kl(a, b, c, d):
    return (a - c) * o.digamma(a) + o.lgamma(c) - o.lgamma(a) + c * (o.log(b) - o.log(d)) + a * (d / b - 1.0)


Gamma = _define(
    "Gamma", ("concentration", "rate"), "The gamma distribution.",
    ranges={"concentration": "positive", "rate": "positive"},
    log_prob=lambda x, a, b: a * o.log(b) + (a - 1.0) * o.log(x) - b * x - o.lgamma(a),
    cdf=lambda x, a, b: o.igamma(a, b * x),
    mean=lambda a, b: a / b, sd=lambda a, b: o.sqrt(a) / b, mode=lambda a, b: o.where(a > 1.0, (a - 1.0) / b, math.nan),
    entropy=lambda a, b: a - o.log(b) + o.lgamma(a) + (1.0 - a) * o.digamma(a), kl=_gamma_kl,
    sample=lambda shape, a, b: _gamma_draws(shape, a, a + b) / b,
)  # fmt: skip


def _log_beta(a, b):
    return o.lgamma(a) + o.lgamma(b) - o.lgamma(a + b)


def _beta_entropy(a, b):
    return _log_beta(a, b) - (a - 1.0) * o.digamma(a) - (b - 1.0) * o.digamma(b) + (a + b - 2.0) * o.digamma(a + b)


def _beta_kl(a, b, c, d):
    return (
        _log_beta(c, d) - _log_beta(a, b) + (a - c) * o.digamma(a) + (b - d) * o.digamma(b) + (c - a + d - b) * o.digamma(a + b)
    )  # fmt: skip


def _beta_draws(shape, a, b):
    x, y = _gamma_draws(shape, a, a + b), _gamma_draws(shape, b, a + b)
    return x / (x + y)


Beta = _define(
    "Beta", ("concentration1", "concentration0"), "The beta distribution.",
    ranges={"concentration1": "positive", "concentration0": "positive"},
    log_prob=lambda x, a, b: (a - 1.0) * o.log(x) + (b - 1.0) * o.log1p(-x) - _log_beta(a, b),
    mean=lambda a, b: a / (a + b), sd=lambda a, b: o.sqrt(a * b / (a + b + 1.0)) / (a + b),
    mode=lambda a, b: o.where(o.logical_and(a > 1.0, b > 1.0), (a - 1.0) / (a + b - 2.0), math.nan),
    entropy=_beta_entropy, kl=_beta_kl, sample=_beta_draws,
)  # fmt: skip


# ---------------------------------------------------------------- counts
def _xlogy(x, y):
    return o.where(x == 0.0, 0.0, x * o.log(o.where(x == 0.0, 1.0, y)))


Bernoulli = _define(
    "Bernoulli", ("probs",), "1 with a probability, else 0.", int32,
    ranges={"probs": "probability"},
    log_prob=lambda x, p: _xlogy(x, p) + _xlogy(1.0 - x, 1.0 - p),
    cdf=lambda x, p: o.where(x < 0.0, 0.0, o.where(x < 1.0, 1.0 - p, 1.0)),
    mean=lambda p: p, sd=lambda p: o.sqrt(p * (1.0 - p)), mode=lambda p: (p > 0.5).astype(p.dtype),
    entropy=lambda p: -_xlogy(p, p) - _xlogy(1.0 - p, 1.0 - p),
    kl=lambda p, q: p * o.log(p / q) + (1.0 - p) * o.log((1.0 - p) / (1.0 - q)),
    sample=lambda shape, p: (o.rand(*shape) if shape else o.rand(1).reshape(())) < p,
)  # fmt: skip
Geometric = _define(
    "Geometric", ("probs",), "The failures before the first success.", int32,
    ranges={"probs": "probability"},
    log_prob=lambda x, p: o.where(x >= 0.0, o.floor(x) * o.log1p(-p) + o.log(p), -math.inf),
    cdf=lambda x, p: o.where(x >= 0.0, 1.0 - (1.0 - p) ** (o.floor(x) + 1.0), 0.0),
    mean=lambda p: (1.0 - p) / p, sd=lambda p: o.sqrt(1.0 - p) / p, mode=lambda p: o.zeros_like(p).astype(int32),
    entropy=lambda p: (-_xlogy(p, p) - _xlogy(1.0 - p, 1.0 - p)) / p,
    kl=lambda p, q: o.log(p / q) + (1.0 - p) / p * o.log((1.0 - p) / (1.0 - q)),
    sample=lambda shape, p: o.floor(o.log(_open_uniform(shape)) / o.log1p(-p)),
)  # fmt: skip
Poisson = _define(
    "Poisson", ("rate",), "The Poisson distribution.",
    ranges={"rate": "positive"},
    log_prob=lambda x, r: o.where(x >= 0.0, x * o.log(r) - r - o.lgamma(x + 1.0), -math.inf),
    cdf=lambda x, r: o.where(x >= 0.0, 1.0 - o.igamma(o.floor(x) + 1.0, r), 0.0),
    mean=lambda r: r, sd=o.sqrt, mode=o.floor,
    sample=lambda shape, r: o.random_poisson(Tensor(shape[: len(shape) - r.ndim], int32), r),
)  # fmt: skip


def _log_of_category(x, p):
    rows = o.broadcast_to(p, (*x.shape, p.shape[-1])) if p.ndim == 1 else p
    at = x.astype(int32)
    there = o.logical_and(at >= 0, at < p.shape[-1])
    found = o.log(o.gather_elements(rows, -1, o.expand_dims(o.where(there, at, 0), -1)).squeeze(-1))
    return o.where(there, found, math.nan)


def _drawn_category(shape, p):
    shape = shape[:-1]  # the last axis of the parameters holds the categories
    noise = -o.log(-o.log(_open_uniform((*shape, p.shape[-1]))))
    return o.argmax(o.log(p) + noise, -1)


Categorical = _define(
    "Categorical", ("probs",), "One of the categories of the last axis, with their probabilities.", int32,
    ranges={"probs": "categories"},
    log_prob=_log_of_category,
    cdf=lambda x, p: o.where(o.arange(p.shape[-1]) <= o.expand_dims(o.where(x > -1.0, o.trunc(x), x), -1), p, 0.0).sum(-1),
    mean=lambda p: (o.arange(p.shape[-1]) * p).sum(-1),
    sd=lambda p: o.sqrt((o.arange(p.shape[-1]) ** 2 * p).sum(-1) - (o.arange(p.shape[-1]) * p).sum(-1) ** 2),
    mode=lambda p: o.argmax(p, -1).astype(int32),
    entropy=lambda p: -_xlogy(p, p).sum(-1), kl=lambda p, q: (p * o.log(p / q)).sum(-1), sample=_drawn_category,
)  # fmt: skip
Categorical.broadcast_shape = property(lambda self: self._batch_shape[:-1])  # the last axis holds the categories
Gumbel.NEEDED = True
for _of_arrays in (Gamma, Beta, Poisson):
    _of_arrays.ARRAYS_ONLY = True

__all__ = [
    "Bernoulli", "Beta", "Categorical", "Cauchy", "Distribution", "Exponential", "Gamma", "Geometric", "Gumbel", "HalfNormal", "Laplace",
    "LogNormal", "Logistic", "Normal", "Poisson", "StudentT", "TransformedDistribution", "Uniform",
]  # fmt: skip
