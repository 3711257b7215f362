"""Random ops: drawn from a counter-based generator (see minispore/random.py), so compiled and eager draws agree."""

import math

from ..core import checks, random as state
from ..core.dtype import float32, int64, to_dtype
from ..core.errors import fail
from ..core.op import elementwise, to
from .creation import flat_index, ones
from .effects import assign
from .elementwise import cos, floor, log, select, sqrt
from .methods import method
from .movement import reshape, shape_of

_philox = elementwise("random_bits", "philox(x, seed, counter)", "x seed counter", types="bits", samples=[])


def random_bits(shape):
    """uint32 random bits; advances the counter by one."""
    if state._user_seed is None and int(state.COUNTER._data) == 0:
        state.host_generator()
    counter = assign(state.COUNTER, state.COUNTER + 1)
    return _philox(flat_index(shape=tuple(shape)), state.SEED, counter)


def uniform01(shape, dtype=float32):
    """Uniform in [0, 1), with 24 random bits."""
    return to(random_bits(shape) >> 8, dtype) * 2.0**-24


def uniform(shape, minval, maxval, seed=None, dtype=float32):
    """Uniform in [minval, maxval).

    >>> import minispore as ms
    >>> ms.ops.uniform((2, 3), ms.Tensor(0.0), ms.Tensor(1.0)).shape
    (2, 3)
    """
    dtype = to_dtype(dtype)
    if not dtype.is_float:
        return randint(int(minval), int(maxval), shape, dtype=dtype)
    return uniform01(shape_of(shape), dtype) * (maxval - minval) + minval


def standard_normal(shape, seed=None, dtype=float32):
    """Standard normal numbers by Box and Muller's transform of two uniform draws."""
    shape = shape_of(shape)
    radius = sqrt(log(1.0 - uniform01(shape)) * -2.0)
    return to(radius * cos(uniform01(shape) * (2.0 * math.pi)), dtype)


def normal(shape, mean, stddev, seed=None):
    """Normal numbers of the given mean and standard deviation (numbers or Tensors that broadcast)."""
    return standard_normal(shape) * stddev + mean


def rand(*size, seed=None, dtype=None):
    """Uniform in [0, 1)."""
    return uniform01(shape_of(size[0] if len(size) == 1 else size), to_dtype(dtype or float32))


def randn(*size, seed=None, dtype=None):
    """Standard normal numbers."""
    return standard_normal(size[0] if len(size) == 1 else size, dtype=to_dtype(dtype or float32))


def rand_like(input, seed=None, *, dtype=None):
    return rand(input.shape, dtype=dtype or input.dtype)


def randn_like(input, seed=None, *, dtype=None):
    return randn(input.shape, dtype=dtype or input.dtype)


def randint(low, high, size, seed=None, *, dtype=None):
    """Whole numbers in [low, high)."""
    if high <= low:
        raise fail(ValueError, f"For 'randint', 'low' must be below 'high', but got {low} and {high}.")
    drawn = floor(to(uniform01(shape_of(size)), to_dtype("float64")) * float(high - low))
    return to(drawn, to_dtype(dtype or int64)) + low


def randperm(n, seed=0, offset=0, dtype=int64):
    """A random order of 0..n-1."""
    from .sorting import argsort

    return to(argsort(random_bits((int(n),))), to_dtype(dtype))


def dropout(input, p=0.5, training=True, seed=None):
    """``input`` with each element zeroed with probability ``p``, the others divided by ``1 - p``.

    Raises:
        ValueError: ``p`` is not in [0, 1].
    """
    checks.instance("dropout", (int, float), p=p)
    if not 0.0 <= p <= 1.0:
        raise fail(ValueError, f"For 'dropout', 'p' must be in [0, 1], but got {p}.")
    if not training or p == 0:
        return input
    if p == 1:
        return input * 0.0
    keep = random_bits(input.shape) >= int(p * 2.0**32)
    return select(keep, input * (1.0 / (1.0 - p)), 0.0)


def _channel_dropout(axes):
    def dropout(input, p=0.5, training=True):
        if input.ndim < 2:
            raise fail(ValueError, f"For 'dropout{axes}d', (N, C, ...) is needed, but got the shape {input.shape}.")
        keep = _dropout(ones(input.shape[:2] + (1,) * (input.ndim - 2), input.dtype), p, training)
        return input * keep

    dropout.__name__ = dropout.__qualname__ = f"dropout{axes}d"
    dropout.__doc__ = "Whole channels (the first two axes) zeroed with probability ``p``, the others divided by 1 - p."
    return dropout


_dropout = dropout
dropout1d, dropout2d, dropout3d = (_channel_dropout(n) for n in (1, 2, 3))


def bernoulli(input, p=0.5, seed=None):
    """1 with probability ``p``, else 0, in the shape of ``input``."""
    return to(uniform01(input.shape) < p, input.dtype)


def multinomial(input, num_samples, replacement=True, seed=None):
    """Indices drawn with the weights ``input`` (along its last axis), with replacement, by inverting the sums."""
    from .cumulative import cumsum

    total = cumsum(input, -1)
    draws = uniform01((*input.shape[:-1], num_samples)) * total[..., -1:]
    below = reshape(total, (*input.shape[:-1], 1, input.shape[-1])) <= reshape(draws, (*draws.shape, 1))
    return to(below.astype(int64).sum(-1), int64)


_shift_right = elementwise("shift_right", "shift_right(x, y)", "x y", types="int", samples=[])
method(operator="rshift")(_shift_right)
_shift_left = elementwise("shift_left", "shift_left(x, y)", "x y", types="int", samples=[])
method(operator="lshift")(_shift_left)
bitwise_right_shift, bitwise_left_shift = _shift_right, _shift_left


__all__ = [
    "bernoulli", "bitwise_left_shift", "bitwise_right_shift", "dropout", "dropout1d", "dropout2d", "dropout3d",
    "multinomial", "normal", "rand", "rand_like", "randint", "randn", "randn_like", "randperm", "standard_normal",
    "uniform",
]  # fmt: skip
