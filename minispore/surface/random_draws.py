"""Draws from gamma and Poisson distributions: functions of ``ops``, with counter-based numbers like the other random ops.

A fixed number of candidates is drawn for each element, and the first that its rejection method accepts is taken: no loop, so both
modes draw the same numbers.  That none is accepted happens less often than the 24 bits of a uniform draw can show.
"""

from typing import Any

import numpy as np

from .. import ops
from ..core import checks
from ..core.dtype import float32, float64, int32, int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, fixed, to
from ..core.tensor import Tensor
from ..ops.random import uniform01

o: Any = ops


def _first(candidates, accepted):
    """Of the candidates along the last axis the first that is accepted."""
    return o.squeeze(o.gather_elements(candidates, -1, o.expand_dims(o.argmax(to(accepted, int32), -1), -1)), -1)


def _gamma(shape, alpha, seed):
    """Marsaglia and Tsang (2000); below 1 the draw for alpha + 1 times u^(1/alpha).  At least 95 % of the candidates are accepted."""
    alpha = o.broadcast_to(to(o.stop_gradient(alpha), float64), shape)
    small = alpha < 1.0
    d = o.expand_dims(o.select(small, alpha + 1.0, alpha), -1) - 1 / 3
    tries = (*shape, 8)
    x = o.standard_normal(tries, seed, float64)
    cube = 1.0 + x / o.sqrt(9.0 * d)
    v = o.select(cube > 0.0, cube, 1.0) ** 3
    u = 1.0 - uniform01(tries, float64, seed)
    accepted = o.logical_and(cube > 0.0, o.log(u) < 0.5 * o.square(x) + d * (1.0 - v + o.log(v)))
    made = _first(d * v, accepted)
    boost = o.log(1.0 - uniform01(shape, float64, seed)) / o.select(o.logical_and(small, alpha > 0.0), alpha, 1.0)
    made = o.select(small, made * o.exp(boost), made)
    return o.select(alpha > 0.0, made, o.select(o.equal(alpha, 0.0), 0.0, float("nan")))


_FEW = 10.0
_COUNTS = np.arange(48)
_FACTORIALS = np.cumprod(np.maximum(_COUNTS, 1).astype(np.float64))


def _poisson(shape, rate, seed):
    """Below 10 by inversion, above by the transformed rejection of Hoermann (1993), which accepts at least 3 of 4 candidates."""
    rate = o.broadcast_to(to(o.stop_gradient(rate), float64), shape)
    valid = o.logical_and(rate > 0.0, rate < float("inf"))
    few = rate < _FEW
    low = o.expand_dims(o.select(o.logical_and(valid, few), rate, 1.0), -1)
    mu = o.expand_dims(o.select(o.logical_and(valid, o.logical_not(few)), rate, _FEW), -1)
    below = o.cumsum(o.exp(-low) * low ** fixed(_COUNTS.astype(np.float64)) / fixed(_FACTORIALS), -1)
    u = uniform01(shape, float64, seed) + uniform01(shape, float64, seed) * 2.0**-24
    by_inversion = o.sum(to(o.expand_dims(u, -1) > below, float64), -1)

    tries = (*shape, 16)
    root = o.sqrt(mu)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    v = 1.0 - uniform01(tries, float64, seed)
    centred = uniform01(tries, float64, seed) - 0.5 + 2.0**-25
    space = 0.5 - o.abs(centred)
    k = o.floor((2 * a / space + b) * centred + mu + 0.43)
    known = o.maximum(k, 0.0)
    bound = known * o.log(mu) - mu - o.lgamma(known + 1.0)
    ratio = o.log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / o.square(space) + b))
    accepted = o.logical_and(k >= 0.0, ratio <= bound)
    made = o.select(few, by_inversion, _first(known, accepted))
    return o.select(valid, made, o.select(rate <= 0.0, 0.0, rate))


def _sizes(name, shape) -> tuple[int, ...]:
    """The shape that a Tensor of whole numbers holds."""
    if not isinstance(shape, Tensor) or shape.dtype not in (int32, int64):
        raise fail(TypeError, f"For '{name}', 'shape' must be a Tensor of int32 or int64, but got {shape!r}.")
    if shape.ndim != 1:
        raise fail(ValueError, f"For '{name}', 'shape' must have one axis, but has the shape {shape.shape}.")
    return tuple(int(n) for n in shape.asnumpy())


def _floats(name, allowed, **given):
    for argument, value in given.items():
        if not isinstance(value, Tensor) or value.dtype not in allowed:
            raise fail(TypeError, f"For '{name}', '{argument}' must be a Tensor of {allowed}, but got {value!r}.")


def _seed(name, seed):
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0):
        raise fail(ValueError, f"For '{name}', the 'seed' must be int and must >= 0, but got '{seed}'.")
    return seed


def random_gamma(shape, alpha, seed=None):
    """Draws from gamma distributions with the scale 1: of the shape ``shape + alpha.shape``, in the type of ``alpha``.

    Nothing flows back to ``alpha``.
    """
    if not isinstance(alpha, Tensor) or not alpha.dtype.is_float:
        raise fail(TypeError, f"For 'random_gamma', 'alpha' must be a Tensor of floats, but got {alpha!r}.")
    sizes = _sizes("random_gamma", shape)
    return to(_gamma((*sizes, *alpha.shape), alpha, _seed("random_gamma", seed)), alpha.dtype)


def gamma(shape, alpha, beta, seed=None):
    """Draws from gamma distributions with the density ``beta^alpha x^(alpha - 1) exp(-beta x) / gamma(alpha)``; float32.

    ``shape`` and the shapes of ``alpha`` and ``beta`` broadcast.  Nothing flows back to ``alpha``.
    """
    checks.instance("gamma", tuple, shape=shape)
    _floats("gamma", (float32,), alpha=alpha, beta=beta)
    shape = np.broadcast_shapes(shape, alpha.shape, beta.shape)
    return to(_gamma(shape, alpha, _seed("gamma", seed)), float32) / beta


def random_poisson(shape, rate, seed=None, dtype=float32):
    """Draws from Poisson distributions with the mean ``rate``: of the shape ``shape + rate.shape``; 0 where it is not positive."""
    rate, dtype = as_tensor(rate), to_dtype(dtype)
    if dtype.name not in ("int64", "int32", "float16", "float32", "float64"):
        raise fail(TypeError, f"For 'random_poisson', 'dtype' must be int32, int64 or a float type, but got {dtype}.")
    sizes = _sizes("random_poisson", shape)
    return to(_poisson((*sizes, *rate.shape), rate, _seed("random_poisson", seed)), dtype)


def poisson(shape, mean, seed=None):
    """Draws from Poisson distributions; float32, in the shape to which ``shape`` and that of ``mean`` broadcast."""
    checks.instance("poisson", tuple, shape=shape)
    _floats("poisson", (float32,), mean=mean)
    return to(_poisson(np.broadcast_shapes(shape, mean.shape), mean, _seed("poisson", seed)), float32)


__all__ = ["gamma", "poisson", "random_gamma", "random_poisson"]
