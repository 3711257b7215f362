"""Random ops: drawn from a counter-based generator (see minispore/random.py), so compiled and eager draws agree."""

import math
import threading

import numpy as np

from ..core import checks, random as state
from ..core.dtype import float32, int32, int64, to_dtype
from ..core.errors import fail
from ..core.op import LOOPS_IN_PYTHON, elementwise, to
from ..core.parameter import Parameter
from ..core.samples import i
from ..core.sizes import whole
from ..distributed import WORLD
from .creation import flat_index, ones
from .effects import assign
from .elementwise import cos, floor, log, neg, select, sqrt
from .methods import method
from .movement import reshape, shape_of
from .slicing import zeros_of

RANKS_APART = 0x9E3779B97F4A7C15 >> 2  # between the seeds of two ranks, which draw different numbers
_philox = elementwise(
    "random_bits", "philox(x, seed, counter)", "x seed counter", types="bits", samples=[], compiled_from=LOOPS_IN_PYTHON
)


class Stream:
    """The random numbers of an object with seeds of its own: they follow from these and from how often it has drawn, alone."""

    def __init__(self, *seeds: int):
        self.key = 0
        for seed in seeds:
            self.key = (self.key * 6364136223846793005 + int(seed) * 2862933555777941757 + 3037000493) % 2**62
        self.counter = Parameter(0, name="random_counter", requires_grad=False)


class _Own(threading.local):
    stream: Stream | None = None


_OWN = _Own()


def drawn_from(stream: Stream | None, function, *args, **kwargs):
    """``function(*args, **kwargs)``, in which random ops draw from ``stream``; None: as everywhere."""
    before = _OWN.stream
    try:
        _OWN.stream = stream
        return function(*args, **kwargs)
    finally:
        _OWN.stream = before


def random_bits(shape, seed=None):
    """uint32 random bits; advances the counter by one.  Ranks draw different ones.

    ``seed``: of an op's own; the bits then follow from it and what was given to ``set_seed``, if anything was.
    """
    own = _OWN.stream
    if own is not None:
        return _philox(flat_index(shape=tuple(shape)), own.key, assign(own.counter, own.counter + 1))
    if state._user_seed is None and int(state.COUNTER._data) == 0:
        state.host_generator()
    counter = assign(state.COUNTER, state.COUNTER + 1)
    key = state.SEED if seed is None else _own_key(seed)
    key = key + WORLD.rank * RANKS_APART % 2**61 if WORLD.rank else key
    return _philox(flat_index(shape=tuple(shape)), key, counter)


def _own_key(seed):
    checks.instance("a random op", (int, np.integer), seed=seed)
    return state.GIVEN * 6364136223846793005 + (int(seed) * 2862933555777941757 + 3037000493) % 2**62


def uniform01(shape, dtype=float32, seed=None):
    """Uniform in [0, 1), with 24 random bits."""
    return to(random_bits(shape, seed) >> 8, dtype) * 2.0**-24


def uniform(shape, minval, maxval, seed=None, dtype=float32):
    """Uniform random numbers in [minval, maxval).

    Args:
        shape (tuple[int] | Tensor): shape of the result.
        minval (number | Tensor): the lower bound; broadcasts against ``shape``; one integer for an integer ``dtype``.
        maxval (number | Tensor): the upper bound, likewise; not drawn.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.
        dtype (dtype): type of the result; an integer type gives whole numbers. Default: float32.

    Returns:
        Tensor of shape ``shape``; ``dtype``.

    Raises:
        ValueError: whole numbers, and ``minval`` is not below ``maxval``.

    >>> import minispore as ms
    >>> x = uniform((2, 3), ms.Tensor(1.0), ms.Tensor(2.0))
    >>> print(x.shape, bool((x >= 1).all()), bool((x < 2).all()))
    (2, 3) True True
    """
    dtype = to_dtype(dtype)
    if not dtype.is_float:
        return randint(int(minval), int(maxval), shape, seed, dtype=dtype)
    return uniform01(shape_of(shape), dtype, seed) * (maxval - minval) + minval


def standard_normal(shape, seed=None, dtype=float32):
    """Normal random numbers of mean 0 and standard deviation 1, by the transform of Box and Muller (1958).

    Args:
        shape (tuple[int] | Tensor): shape of the result.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.
        dtype (dtype): type of the result, a float type. Default: float32.

    Returns:
        Tensor of shape ``shape``; ``dtype``.

    >>> import minispore as ms
    >>> standard_normal((2, 3)).shape
    (2, 3)
    """
    shape = shape_of(shape)
    radius = sqrt(log(1.0 - uniform01(shape, seed=seed)) * -2.0)
    return to(radius * cos(uniform01(shape, seed=seed) * (2.0 * math.pi)), dtype)


def normal(shape, mean, stddev, seed=None):
    """Normal random numbers: ``mean + stddev * standard_normal(shape)``.

    Args:
        shape (tuple[int] | Tensor): shape of the draws.
        mean (number | Tensor): the mean; a shape that broadcasts.
        stddev (number | Tensor): the standard deviation; a shape that broadcasts.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.

    Returns:
        Tensor of the broadcast shape of ``shape``, ``mean`` and ``stddev``; float32, or the common type with these.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> normal((2, 3), 1.0, 0.5).shape
    (2, 3)
    """
    return standard_normal(shape, seed) * stddev + mean


def _lengths(size: tuple):
    """The shape in ``*size``: a tuple of lengths, behind which MindSpore reads nothing, or the lengths themselves."""
    return size[0] if len(size) == 1 or (size and isinstance(size[0], (tuple, list))) else size


def rand(*size, seed=None, dtype=None):
    """Uniform random numbers in [0, 1).

    Args:
        *size (int | tuple[int]): lengths of the axes, or one tuple of them.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.
        dtype (dtype): type of the result, a float type; None for float32. Default: None.

    Returns:
        Tensor of shape ``size``; ``dtype``.

    >>> import minispore as ms
    >>> rand(2, 3).shape
    (2, 3)
    """
    return uniform01(shape_of(_lengths(size)), to_dtype(dtype or float32), seed)


def randn(*size, seed=None, dtype=None):
    """Normal random numbers of mean 0 and standard deviation 1.

    Args:
        *size (int | tuple[int]): lengths of the axes, or one tuple of them.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.
        dtype (dtype): type of the result, a float type; None for float32. Default: None.

    Returns:
        Tensor of shape ``size``; ``dtype``.

    >>> import minispore as ms
    >>> randn(2, 3).shape
    (2, 3)
    """
    dtype = to_dtype(dtype or float32)
    if not dtype.is_float:
        raise fail(ValueError, f"For 'randn', 'dtype' must be a float type, but got {dtype}.")
    return standard_normal(_lengths(size), seed, dtype=dtype)


def rand_like(input, seed=None, *, dtype=None):
    """Uniform random numbers in [0, 1), in the shape of a Tensor.

    Args:
        input (Tensor): any shape; its values are not read.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.
        dtype (dtype): type of the result, a float type; None for the type of ``input``. Default: None.

    Returns:
        Tensor of the shape of ``input``; ``dtype``, else the type of ``input``, float32 for integers.

    >>> import minispore as ms
    >>> rand_like(ms.Tensor([1.0, 2.0])).shape
    (2,)
    """
    return rand(input.shape, seed=seed, dtype=dtype or input.dtype)


def randn_like(input, seed=None, *, dtype=None):
    """Normal random numbers of mean 0 and standard deviation 1, in the shape of a Tensor.

    Args:
        input (Tensor): any shape; its values are not read.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.
        dtype (dtype): type of the result, a float type; None for the type of ``input``. Default: None.

    Returns:
        Tensor of the shape of ``input``; ``dtype``, else the type of ``input``.

    >>> import minispore as ms
    >>> randn_like(ms.Tensor([1.0, 2.0])).shape
    (2,)
    """
    return randn(input.shape, seed=seed, dtype=dtype or input.dtype)


def randint(low, high, size, seed=None, *, dtype=None):
    """Whole random numbers in [low, high).

    Args:
        low (int): the smallest number.
        high (int): the end; not drawn.
        size (tuple[int]): shape of the result.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.
        dtype (dtype): type of the result; None for int64. Default: None.

    Returns:
        Tensor of shape ``size``; ``dtype``.

    Raises:
        ValueError: ``low`` is not below ``high``.

    >>> import minispore as ms
    >>> x = randint(3, 6, (4,))
    >>> print(x.shape, bool((x >= 3).all()), bool((x < 6).all()))
    (4,) True True
    """
    if high <= low:
        raise fail(ValueError, f"For 'randint', 'low' must be below 'high', but got {low} and {high}.")
    drawn = floor(to(uniform01(shape_of(size), seed=seed), to_dtype("float64")) * float(high - low))
    return to(drawn, to_dtype(dtype or int64)) + low


def randperm(n, seed=0, offset=0, dtype=int64):
    """Random order of 0, 1, ..., n - 1.

    Args:
        n (int): number of elements.
        seed (int): of the op: the order follows from it and ``ms.set_seed``; 0 for the latter alone. Default: 0.
        offset (int): makes another order of a ``seed``. Default: 0.
        dtype (dtype): type of the result. Default: int64.

    Returns:
        Tensor of shape (n,); ``dtype``.

    >>> import minispore as ms
    >>> sorted(randperm(4).tolist())
    [0, 1, 2, 3]
    """
    from .sorting import argsort

    own = seed + offset * 1000003 if seed or offset else None
    return to(argsort(random_bits((whole(n),), own)), to_dtype(dtype))


def dropout(input, p=0.5, training=True, seed=None):
    """Dropout: each element is zeroed with probability ``p``, the others are divided by ``1 - p``.

    Srivastava et al., 2014, Journal of Machine Learning Research 15.

    Args:
        input (Tensor): any shape; floats.
        p (float): the probability. Default: 0.5.
        training (bool): whether elements are dropped, else ``input`` is returned. Default: True.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``p`` is not a number.
        ValueError: ``p`` is not in [0, 1].

    >>> import minispore as ms
    >>> print(dropout(ms.Tensor([1.0, 2.0]), p=0.3, training=False), dropout(ms.Tensor([1.0, 2.0]), p=1.0))
    [1. 2.] [0. 0.]
    """
    checks.instance("dropout", (int, float), p=p)
    if not 0.0 <= p <= 1.0:
        raise fail(ValueError, f"For 'dropout', 'p' must be in [0, 1], but got {p}.")
    if not training or p == 0:
        return input
    if p == 1:
        return zeros_of(input, input.shape)
    keep = random_bits(input.shape, seed) >= int(p * 2.0**32)
    return select(keep, input * (1.0 / (1.0 - p)), 0.0)


def _channel_dropout(axes):
    def dropout(input, p=0.5, training=True):
        if input.ndim < 2:
            raise fail(ValueError, f"For 'dropout{axes}d', (N, C, ...) is needed, but got the shape {input.shape}.")
        keep = _dropout(ones(input.shape[:2] + (1,) * (input.ndim - 2), input.dtype), p, training)
        return input * keep

    dropout.__name__ = dropout.__qualname__ = f"dropout{axes}d"
    dropout.__doc__ = f"""Dropout of whole channels: each is zeroed with probability ``p``, the others are divided by ``1 - p``.

    Tompson et al., 2015, arXiv:1411.4280.

    Args:
        input (Tensor): shape (N, C, ...); floats; the first two axes name the channels.
        p (float): the probability. Default: 0.5.
        training (bool): whether channels are dropped, else ``input`` is returned. Default: True.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``p`` is not a number.
        ValueError: ``p`` is not in [0, 1], or ``input`` has fewer than two axes.

    >>> import minispore as ms
    >>> dropout{axes}d(ms.ops.ones((2, 3{", 4" * axes})), p=0.2).shape
    (2, 3{", 4" * axes})
    """
    return dropout


_dropout = dropout
dropout1d, dropout2d, dropout3d = (_channel_dropout(n) for n in (1, 2, 3))


def bernoulli(input, p=0.5, seed=None):
    """Random numbers that are 1 with probability ``p``, else 0.

    Args:
        input (Tensor): any shape; its values are not read.
        p (float | Tensor): the probability; a shape that broadcasts to that of ``input``. Default: 0.5.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(bernoulli(ms.Tensor([5, 6]), 1.0))
    [1 1]
    """
    return to(uniform01(input.shape, seed=seed) < p, input.dtype)


def multinomial(input, num_samples, replacement=True, seed=None):
    """Random indices drawn with the weights ``input``.

    Args:
        input (Tensor): shape (n,) or (*, n); floats, not negative; they need not sum to 1.
        num_samples (int): how many are drawn of each row.
        replacement (bool): whether an index can be drawn several times; if not, indices of weight 0 come last.
            Default: True.
        seed (int): of the op: numbers follow from it and ``ms.set_seed``; None for the latter alone. Default: None.

    Returns:
        Tensor of shape (*, num_samples); int32.

    Raises:
        ValueError: more than n indices are asked for without replacement.

    >>> import minispore as ms
    >>> print(multinomial(ms.Tensor([0.0, 1.0, 0.0]), 3))
    [1 1 1]
    """
    from .cumulative import cumsum

    if not replacement:
        return _without_replacement(input, num_samples, seed)
    total = cumsum(input, -1)
    draws = uniform01((*input.shape[:-1], num_samples), seed=seed) * total[..., -1:]
    below = reshape(total, (*input.shape[:-1], 1, input.shape[-1])) <= reshape(draws, (*draws.shape, 1))
    return to(below.astype(int64).sum(-1), int32)


def _without_replacement(weights, n, seed):
    """The ``n`` first of a race in which each index arrives after an exponential time of rate ``weights``."""
    from .sorting import argsort

    if n > weights.shape[-1]:
        raise fail(
            ValueError,
            f"For 'multinomial', 'num_samples' must be at most {weights.shape[-1]} without replacement, but got {n}.",
        )
    w = to(weights, float32)
    some = w > 0
    times = select(some, log(1.0 - uniform01(weights.shape, seed=seed)) / select(some, neg(w), 1.0), math.inf)
    return to(argsort(times)[..., :n], int32)


bitwise_right_shift = method(operator="rshift")(
    elementwise("bitwise_right_shift", "shift_right(x, y)", "x y", parameters="input other", doc="Bits moved to the right by ``other`` places", types="shift",
                samples=[(i(3, lo=0, hi=90), i(3, lo=0, hi=5))])
)  # fmt: skip
bitwise_left_shift = method(operator="lshift")(
    elementwise("bitwise_left_shift", "shift_left(x, y)", "x y", parameters="input other", doc="Bits moved to the left by ``other`` places", types="shift",
                samples=[(i(3, lo=0, hi=90), i(3, lo=0, hi=5))])
)  # fmt: skip


__all__ = [
    "bernoulli", "bitwise_left_shift", "bitwise_right_shift", "dropout", "dropout1d", "dropout2d", "dropout3d",
    "multinomial", "normal", "rand", "rand_like", "randint", "randn", "randn_like", "randperm", "standard_normal",
    "uniform",
]  # fmt: skip
