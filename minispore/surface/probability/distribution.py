"""``mindspore.nn.probability.distribution``: a class gives the formulas of one distribution, ``Distribution`` what follows from them.

>>> import minispore as ms
>>> import minispore.nn.probability.distribution as msd
>>> print(msd.Normal(0.0, 1.0).prob(ms.Tensor([0.0])))
[0.3989423]
"""

import math
from typing import Any, ClassVar

import numpy as np

from ... import nn, ops
from ...core import checks
from ...core.dtype import DType, float32, int32, to_dtype
from ...core.errors import fail
from ...core.op import as_tensor
from ...core.tensor import Tensor

o: Any = ops  # functions that modules of ops put there by name
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
_EULER = 0.5772156649015329


class Distribution(nn.Cell):
    """Base of the distributions.

    Parameters are given when it is made, or with each call after the value; those of a call come first.  ``FORMULAS`` of a
    subclass has ``log_prob(value, *parameters)``, ``cdf``, ``mean``, ``sd``, ``mode``, ``entropy``, ``kl`` (of the parameters of
    two distributions of the class) and ``sample(shape, *parameters)`` as far as there are such.
    Calling it with the name of a method calls that: ``normal("prob", value)``.

    Args:
        seed (int): accepted; draws follow the seed of the program.
        dtype (mindspore.dtype): of what is drawn.
        name (str): in messages.
        param (dict): the parameters by name; None where they come with each call.

    Raises:
        TypeError: ``dtype`` is no dtype.
    """

    PARAMETERS: ClassVar[tuple[str, ...]] = ()
    FORMULAS: ClassVar[dict[str, Any]] = {}
    ARRAYS_ONLY: ClassVar[bool] = False  # whether plain numbers are refused as parameters, as in MindSpore
    ABSENT: ClassVar[type[Exception]] = NotImplementedError  # raised for what it has not

    def __init__(self, seed=None, dtype=float32, name=None, param=None):
        super().__init__()
        self._seed, self._name = seed, name or type(self).__name__
        self.dtype, self.parameter_type = to_dtype(dtype), to_dtype(dtype) if to_dtype(dtype).is_float else float32
        given = {key: value for key, value in (param or {}).items() if key in self.PARAMETERS}
        for key, value in given.items():
            if self.ARRAYS_ONLY and isinstance(value, (int, float)):
                raise fail(
                    TypeError, f"For '{self._name}', '{key}' must be a Tensor, a list or an array, but got {value!r}."
                )
            given[key] = None if value is None else self._parameter(value)
        self._given = tuple(given.get(key) for key in self.PARAMETERS)
        self._batch_shape = np.broadcast_shapes(*(p.shape for p in self._given if p is not None))

    batch_shape = property(lambda self: self._batch_shape)
    is_scalar_batch = property(lambda self: not self._batch_shape)
    name = property(lambda self: self._name)

    def _parameter(self, value) -> Tensor:
        value = as_tensor(value)
        return value if value.dtype.is_float else value.astype(self.parameter_type)

    def _parameters(self, given) -> list[Any]:
        """The parameters of a call: those that it names, else those of the distribution."""
        given = [*given, *[None] * (len(self.PARAMETERS) - len(given))]
        found = [own if p is None else self._parameter(p) for p, own in zip(given, self._given, strict=True)]
        for key, value in zip(self.PARAMETERS, found, strict=True):
            if value is None:
                raise fail(ValueError, f"For '{self._name}', '{key}' must be given: when it is made or with this call.")
        return found

    def _formula(self, name: str):
        formula = self.FORMULAS.get(name)
        if formula is None:
            raise fail(self.ABSENT, f"'{self._name}' has no '{name}'.")
        return formula

    def _of_value(self, name: str, value, given, **named):
        given = [*given, *(named[key] for key in self.PARAMETERS if key in named)] if named else given
        return self._formula(name)(self._parameter(value), *self._parameters(given))

    def log_prob(self, value, *args, **kwargs):
        """The logarithm of the density or of the probability at ``value``."""
        return self._of_value("log_prob", value, args, **kwargs)

    def prob(self, value, *args, **kwargs):
        """The density or the probability at ``value``."""
        return o.exp(self.log_prob(value, *args, **kwargs))

    def cdf(self, value, *args, **kwargs):
        """The probability of at most ``value``."""
        return self._of_value("cdf", value, args, **kwargs)

    def log_cdf(self, value, *args, **kwargs):
        """The logarithm of ``cdf``."""
        return o.log(self.cdf(value, *args, **kwargs))

    def survival_function(self, value, *args, **kwargs):
        """The probability of more than ``value``."""
        return 1.0 - self.cdf(value, *args, **kwargs)

    def log_survival(self, value, *args, **kwargs):
        """The logarithm of ``survival_function``."""
        return o.log(self.survival_function(value, *args, **kwargs))

    def mean(self, *args):
        """The mean."""
        return self._formula("mean")(*self._parameters(args))

    def sd(self, *args):
        """The standard deviation."""
        return self._formula("sd")(*self._parameters(args))

    def var(self, *args):
        """The variance."""
        return self.sd(*args) ** 2

    def mode(self, *args):
        """The most likely value."""
        return self._formula("mode")(*self._parameters(args))

    def entropy(self, *args):
        """The entropy in nats."""
        return self._formula("entropy")(*self._parameters(args))

    def kl_loss(self, dist, *args):
        """The Kullback-Leibler divergence to the distribution of the same class with the parameters that follow ``dist``."""
        if dist != type(self).__name__:
            raise fail(ValueError, f"For '{self._name}', 'dist' must be '{type(self).__name__}', but got {dist!r}.")
        size = len(self.PARAMETERS)
        other = [self._parameter(p) for p in args[:size]]
        return self._formula("kl")(*self._parameters(args[size:]), *other)

    def cross_entropy(self, dist, *args):
        """The entropy plus the divergence, with the arguments of ``kl_loss``."""
        return self.entropy(*args[len(self.PARAMETERS) :]) + self.kl_loss(dist, *args)

    def sample(self, shape=(), *args):
        """Draws of ``shape`` for each element of the parameters."""
        parameters = self._parameters(args)
        full = tuple(shape) + np.broadcast_shapes(*(p.shape for p in parameters))
        return self._formula("sample")(full, *parameters).astype(self.dtype)

    def get_dist_args(self, *args):
        """The parameters of a call."""
        return tuple(self._parameters(args))

    def construct(self, name, *args, **kwargs):
        """Calls the method ``name``."""
        return getattr(self, name)(*args, **kwargs)


class TransformedDistribution(Distribution):
    """What a bijector makes of a random variable: the density is that of the inverse, times its derivative.

    Args:
        bijector (Bijector): the function.
        distribution (Distribution): of floats.
        seed (int): accepted.
        name (str): in messages.

    Raises:
        TypeError: an argument of another type, or a distribution of integers.

    >>> import minispore as ms
    >>> import minispore.nn.probability.bijector as msb
    >>> log_normal = TransformedDistribution(msb.Exp(), Normal(0.0, 1.0))
    >>> print(log_normal.cdf(ms.Tensor([1.0])))
    [0.5]
    """

    def __init__(self, bijector, distribution, seed=None, name="transformed_distribution"):
        checks.instance("TransformedDistribution", Distribution, distribution=distribution)
        if not hasattr(bijector, "inverse_log_jacobian"):
            raise fail(
                TypeError,
                f"For 'TransformedDistribution', 'bijector' must be a Bijector, but got {type(bijector).__name__}.",
            )
        if not distribution.dtype.is_float:
            raise fail(
                TypeError, f"For 'TransformedDistribution', a distribution of {distribution.dtype} has no densities."
            )
        super().__init__(seed, distribution.dtype, name)
        self._bijector, self._distribution = bijector, distribution
        self._batch_shape = distribution.batch_shape
        self._is_scalar_batch = distribution.is_scalar_batch and bijector.is_scalar_batch

    bijector = property(lambda self: self._bijector)
    distribution = property(lambda self: self._distribution)
    is_scalar_batch = property(lambda self: self._is_scalar_batch)
    is_linear_transformation = property(lambda self: self._bijector.is_constant_jacobian)

    def log_prob(self, value, *args, **kwargs):
        """The logarithm of the density at ``value``."""
        before = self._distribution.log_prob(self._bijector.inverse(value), *args, **kwargs)
        return o.where(before == -math.inf, before, before + self._bijector.inverse_log_jacobian(value))

    def cdf(self, value, *args, **kwargs):
        """The probability of at most ``value``."""
        return self._distribution.cdf(self._bijector.inverse(value), *args, **kwargs)

    def mean(self, *args):
        """The mean, where the bijector is linear."""
        if not self.is_linear_transformation:
            raise fail(ValueError, f"'{self._name}' has no 'mean': its bijector is not linear.")
        return self._bijector.forward(self._distribution.mean(*args))

    def sample(self, shape=(), *args):
        """Draws of ``shape`` for each element of the parameters."""
        return self._bijector.forward(self._distribution.sample(shape, *args))


def _define(name: str, parameters: tuple[str, ...], doc: str, dtype: DType = float32, **formulas):
    """A distribution class with these parameters, in this order, and these formulas."""
    names = ", ".join(f"{p}=None" for p in parameters)
    scope: dict[str, Any] = {"Distribution": Distribution, "default": dtype}
    exec(  # a signature that tools can show
        f"def __init__(self, {names}, seed=None, dtype=default, name={name!r}):\n"
        f"    Distribution.__init__(self, seed, dtype, name, dict({', '.join(f'{p}={p}' for p in parameters)}))\n"
        + "".join(f"    self._{p} = self._given[{i}]\n" for i, p in enumerate(parameters)),
        scope,
    )
    members = {
        "__doc__": doc,
        "__module__": __name__,
        "PARAMETERS": parameters,
        "FORMULAS": formulas,
        "__init__": scope["__init__"],
    }
    return type(name, (Distribution,), members)


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
    log_prob=lambda x, m, s: Normal.FORMULAS["log_prob"](o.log(x), m, s) - o.log(x),
    cdf=lambda x, m, s: Normal.FORMULAS["cdf"](o.log(x), m, s),
    mean=lambda m, s: o.exp(m + 0.5 * s * s), sd=_log_normal_sd, mode=lambda m, s: o.exp(m - s * s),
    entropy=lambda m, s: m + Normal.FORMULAS["entropy"](m, s), kl=Normal.FORMULAS["kl"],
    sample=lambda shape, m, s: o.exp(Normal.FORMULAS["sample"](shape, m, s)),
)  # fmt: skip
Uniform = _define(
    "Uniform", ("low", "high"), "The uniform distribution between two numbers.",
    log_prob=lambda x, a, b: o.log(o.where(o.logical_and(x >= a, x <= b), 1.0 / (b - a), 0.0)),
    cdf=lambda x, a, b: o.clamp((x - a) / (b - a), 0.0, 1.0),
    mean=lambda a, b: 0.5 * (a + b), sd=lambda a, b: (b - a) / math.sqrt(12.0),
    entropy=lambda a, b: o.log(b - a),
    kl=lambda a, b, c, d: o.where(o.logical_and(a >= c, b <= d), o.log((d - c) / (b - a)), math.inf),
    sample=lambda shape, a, b: a + (b - a) * (o.rand(*shape) if shape else o.rand(1).reshape(())),
)  # fmt: skip
Exponential = _define(
    "Exponential", ("rate",), "The exponential distribution.",
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
    log_prob=lambda x, m, s: -(x - m) / s - o.exp(-(x - m) / s) - o.log(s),
    cdf=lambda x, m, s: o.exp(-o.exp(-(x - m) / s)),
    mean=lambda m, s: m + s * _EULER, sd=lambda m, s: _like(s * (math.pi / math.sqrt(6.0)), m), mode=lambda m, s: _like(m, s),
    entropy=lambda m, s: _like(1.0 + o.log(s) + _EULER, m), kl=_gumbel_kl,
    sample=lambda shape, m, s: m - s * o.log(-o.log(_open_uniform(shape))),
)  # fmt: skip
Logistic = _define(
    "Logistic", ("loc", "scale"), "The logistic distribution.",
    log_prob=lambda x, m, s: -(x - m) / s - 2.0 * o.softplus(-(x - m) / s) - o.log(s),
    cdf=lambda x, m, s: o.sigmoid((x - m) / s),
    mean=lambda m, s: _like(m, s), sd=lambda m, s: _like(s * (math.pi / math.sqrt(3.0)), m), mode=lambda m, s: _like(m, s),
    entropy=lambda m, s: _like(o.log(s) + 2.0, m),
    sample=lambda shape, m, s: m + s * o.logit(_open_uniform(shape)),
)  # fmt: skip
Cauchy = _define(
    "Cauchy", ("loc", "scale"), "The Cauchy distribution; it has no mean.",
    log_prob=lambda x, m, s: -math.log(math.pi) - o.log(s) - o.log1p(((x - m) / s) ** 2),
    cdf=lambda x, m, s: o.atan((x - m) / s) / math.pi + 0.5,
    mode=lambda m, s: _like(m, s), entropy=lambda m, s: _like(math.log(4.0 * math.pi) + o.log(s), m),
    kl=lambda m, s, n, t: o.log((s + t) ** 2 + (m - n) ** 2) - math.log(4.0) - o.log(s) - o.log(t),
    sample=lambda shape, m, s: m + s * o.tan(math.pi * (_open_uniform(shape) - 0.5)),
)  # fmt: skip
Cauchy.ABSENT = ValueError
Laplace = _define(
    "Laplace", ("mean", "sd"), "The Laplace distribution; ``sd`` is its scale.",
    log_prob=lambda x, m, s: -o.abs(x - m) / s - o.log(2.0 * s),
)  # fmt: skip
HalfNormal = _define(
    "HalfNormal", ("mean", "sd"), "The upper half of a normal distribution; as in MindSpore not cut off below ``mean``.",
    log_prob=lambda x, m, s: Normal.FORMULAS["log_prob"](x, m, s) + math.log(2.0),
)  # fmt: skip
StudentT = _define(
    "StudentT", ("df", "mean", "sd"), "Student's t.",
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
    log_prob=lambda x, p: _xlogy(x, p) + _xlogy(1.0 - x, 1.0 - p),
    cdf=lambda x, p: o.where(x < 0.0, 0.0, o.where(x < 1.0, 1.0 - p, 1.0)),
    mean=lambda p: p, sd=lambda p: o.sqrt(p * (1.0 - p)), mode=lambda p: (p > 0.5).astype(p.dtype),
    entropy=lambda p: -_xlogy(p, p) - _xlogy(1.0 - p, 1.0 - p),
    kl=lambda p, q: p * o.log(p / q) + (1.0 - p) * o.log((1.0 - p) / (1.0 - q)),
    sample=lambda shape, p: (o.rand(*shape) if shape else o.rand(1).reshape(())) < p,
)  # fmt: skip
Geometric = _define(
    "Geometric", ("probs",), "The failures before the first success.", int32,
    log_prob=lambda x, p: o.where(x >= 0.0, o.floor(x) * o.log1p(-p) + o.log(p), -math.inf),
    cdf=lambda x, p: o.where(x >= 0.0, 1.0 - (1.0 - p) ** (o.floor(x) + 1.0), 0.0),
    mean=lambda p: (1.0 - p) / p, sd=lambda p: o.sqrt(1.0 - p) / p, mode=lambda p: o.zeros_like(p).astype(int32),
    entropy=lambda p: (-_xlogy(p, p) - _xlogy(1.0 - p, 1.0 - p)) / p,
    kl=lambda p, q: o.log(p / q) + (1.0 - p) / p * o.log((1.0 - p) / (1.0 - q)),
    sample=lambda shape, p: o.floor(o.log(_open_uniform(shape)) / o.log1p(-p)),
)  # fmt: skip
Poisson = _define(
    "Poisson", ("rate",), "The Poisson distribution.",
    log_prob=lambda x, r: o.where(x >= 0.0, x * o.log(r) - r - o.lgamma(x + 1.0), -math.inf),
    cdf=lambda x, r: o.where(x >= 0.0, 1.0 - o.igamma(o.floor(x) + 1.0, r), 0.0),
    mean=lambda r: r, sd=o.sqrt, mode=o.floor,
    sample=lambda shape, r: o.random_poisson(Tensor(shape[: len(shape) - r.ndim], int32), r),
)  # fmt: skip


def _log_of_category(x, p):
    rows = o.broadcast_to(p, (*x.shape, p.shape[-1])) if p.ndim == 1 else p
    return o.log(o.gather_elements(rows, -1, o.expand_dims(x.astype(int32), -1)).squeeze(-1))


def _drawn_category(shape, p):
    shape = shape[:-1]  # the last axis of the parameters holds the categories
    noise = -o.log(-o.log(_open_uniform((*shape, p.shape[-1]))))
    return o.argmax(o.log(p) + noise, -1)


Categorical = _define(
    "Categorical", ("probs",), "One of the categories of the last axis, with their probabilities.", int32,
    log_prob=_log_of_category,
    cdf=lambda x, p: o.where(o.arange(p.shape[-1]) <= o.expand_dims(x, -1), p, 0.0).sum(-1),
    mean=lambda p: (o.arange(p.shape[-1]) * p).sum(-1),
    sd=lambda p: o.sqrt((o.arange(p.shape[-1]) ** 2 * p).sum(-1) - (o.arange(p.shape[-1]) * p).sum(-1) ** 2),
    mode=lambda p: o.argmax(p, -1).astype(int32),
    entropy=lambda p: -_xlogy(p, p).sum(-1), kl=lambda p, q: (p * o.log(p / q)).sum(-1), sample=_drawn_category,
)  # fmt: skip
for _of_arrays in (Gamma, Beta, Poisson):
    _of_arrays.ARRAYS_ONLY = True

__all__ = [
    "Bernoulli", "Beta", "Categorical", "Cauchy", "Distribution", "Exponential", "Gamma", "Geometric", "Gumbel", "HalfNormal", "Laplace",
    "LogNormal", "Logistic", "Normal", "Poisson", "StudentT", "TransformedDistribution", "Uniform",
]  # fmt: skip
