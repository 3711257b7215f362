"""Initial values of Parameters: classes by MindSpore's names, and ``initializer``."""

import math

import numpy as np

from . import checks
from .dtype import float32, to_dtype
from .errors import fail
from .random import host_generator
from .registry import supplies
from .tensor import Tensor

_AT_ONCE = 1 << 14  # values: they stay in the cache until they are written down


class Initializer:
    """The base of initializers: called with an array, fills it in place.  Subclasses write ``_initialize(self, arr)``.

    Args:
        **kwargs: kept, for MindSpore's sake.

    Raises:
        NotImplementedError: the subclass has no ``_initialize`` (at the call).

    >>> from minispore.common.initializer import Initializer, initializer
    >>> class Half(Initializer):
    ...     def _initialize(self, arr):
    ...         arr[...] = 0.5
    >>> print(initializer(Half(), (2,)).init_data())
    [0.5 0.5]
    """

    def __init__(self, **kwargs):
        self._kwargs = kwargs

    def __call__(self, arr):
        return self._initialize(arr)

    def _initialize(self, arr):
        raise NotImplementedError("An initializer must implement _initialize(arr).")

    def _draw(self, arr, values) -> None:
        arr[...] = values.astype(arr.dtype) if hasattr(values, "astype") else values

    def _fill(self, arr, draw) -> None:
        """``draw(count)``: the next values, in float64.  They are drawn a few at a time, which gives the same values as all at once, so
        that beside a large array there is not another one of twice its size."""
        if not arr.flags.c_contiguous:
            self._draw(arr, draw(arr.size).reshape(arr.shape))
            return
        flat = arr.reshape(-1)
        for first in range(0, flat.size, _AT_ONCE):
            part = flat[first : first + _AT_ONCE]
            part[...] = draw(part.size)


class Constant(Initializer):
    """One value everywhere.

    Args:
        value: number.

    >>> from minispore.common.initializer import Constant, initializer
    >>> print(initializer(Constant(3), (2,)).init_data())
    [3. 3.]
    """

    def __init__(self, value):
        super().__init__(value=value)
        self.value = value

    def _initialize(self, arr):
        arr[...] = self.value


class Zero(Initializer):
    """Zeros; "zeros" by name.

    Args:
        **kwargs: kept, for MindSpore's sake.

    >>> from minispore.common.initializer import initializer
    >>> print(initializer("zeros", (2,)).init_data())
    [0. 0.]
    """

    def _initialize(self, arr):
        arr[...] = 0


class One(Initializer):
    """Ones; "ones" by name.

    Args:
        **kwargs: kept, for MindSpore's sake.

    >>> from minispore.common.initializer import initializer
    >>> print(initializer("ones", (2,)).init_data())
    [1. 1.]
    """

    def _initialize(self, arr):
        arr[...] = 1


class Normal(Initializer):
    """Normal numbers of mean ``mean`` and standard deviation ``sigma``; "normal" by name.

    Args:
        sigma: float.  Default: 0.01.
        mean: float.  Default: 0.0.

    >>> from minispore.common.initializer import Normal, initializer
    >>> x = initializer(Normal(1.0, mean=5.0), (100, 100)).init_data()
    >>> bool(abs(x.mean() - 5) < 0.1), bool(abs(x.std() - 1) < 0.1)
    (True, True)
    """

    def __init__(self, sigma=0.01, mean=0.0):
        super().__init__(sigma=sigma, mean=mean)
        self.sigma, self.mean = sigma, mean

    def _initialize(self, arr):
        rng = host_generator()
        self._fill(arr, lambda n: rng.normal(self.mean, self.sigma, n))


class Uniform(Initializer):
    """Uniform numbers in [-scale, scale]; "uniform" by name.

    Args:
        scale: float.  Default: 0.07.

    >>> from minispore.common.initializer import Uniform, initializer
    >>> bool(initializer(Uniform(0.5), (100,)).init_data().abs().max() <= 0.5)
    True
    """

    def __init__(self, scale=0.07):
        super().__init__(scale=scale)
        self.scale = scale

    def _initialize(self, arr):
        rng = host_generator()
        self._fill(arr, lambda n: rng.uniform(-self.scale, self.scale, n))


class TruncatedNormal(Initializer):
    """Normal numbers cut at the values ``a`` and ``b`` (values, not multiples of ``sigma``), drawn anew outside.

    Args:
        sigma: float, the standard deviation before the cut.  Default: 0.01.
        mean: float.  Default: 0.0.
        a: float, the lowest value.  Default: -2.0.
        b: float, the highest value.  Default: 2.0.

    >>> from minispore.common.initializer import TruncatedNormal, initializer
    >>> x = initializer(TruncatedNormal(1.0, a=-1.0, b=1.0), (100,)).init_data()
    >>> bool(x.abs().max() <= 1)
    True
    """

    def __init__(self, sigma=0.01, mean=0.0, a=-2.0, b=2.0):
        super().__init__(sigma=sigma, mean=mean, a=a, b=b)
        self.sigma, self.mean, self.a, self.b = sigma, mean, a, b

    def _initialize(self, arr):
        rng, outside, first = host_generator(), [], 0

        def draw(n):
            nonlocal first
            out = rng.normal(self.mean, self.sigma, n)
            outside.append(first + np.flatnonzero((out < self.a) | (out > self.b)))
            first += n
            return np.clip(out, self.a, self.b)

        self._fill(arr, draw)
        places = np.concatenate(outside or [np.empty(0, np.int64)])
        again = np.empty(places.size)
        bad = np.ones(places.size, bool)
        for _ in range(1000):
            if not bad.any():
                break
            again[bad] = rng.normal(self.mean, self.sigma, int(bad.sum()))
            bad = (again < self.a) | (again > self.b)
        arr.flat[places] = np.clip(again, self.a, self.b).astype(arr.dtype)


def _fans(shape) -> tuple[int, int]:
    """(fan in, fan out) of a weight of this shape: axis 0 is the output, axis 1 the input, the rest the kernel."""
    if len(shape) < 2:
        raise fail(ValueError, f"Fan in and fan out need a shape of at least 2 axes, but got {tuple(shape)}.")
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def _gain(nonlinearity, slope) -> float:
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1 + slope**2))
    table = {
        "linear": 1.0,
        "conv1d": 1.0,
        "conv2d": 1.0,
        "conv3d": 1.0,
        "sigmoid": 1.0,
        "tanh": 5.0 / 3,
        "relu": math.sqrt(2.0),
        "selu": 0.75,
    }
    if nonlinearity not in table:
        raise fail(
            ValueError, f"'nonlinearity' must be one of {sorted([*table, 'leaky_relu'])}, but got {nonlinearity!r}."
        )
    return table[nonlinearity]


class _He(Initializer):
    def __init__(self, negative_slope=0, mode="fan_in", nonlinearity="leaky_relu"):
        super().__init__(negative_slope=negative_slope, mode=mode, nonlinearity=nonlinearity)
        self.negative_slope, self.mode, self.nonlinearity = negative_slope, mode, nonlinearity
        if mode not in ("fan_in", "fan_out"):
            raise fail(ValueError, f"'mode' must be 'fan_in' or 'fan_out', but got {mode!r}.")

    def _std(self, arr):
        return _gain(self.nonlinearity, self.negative_slope) / math.sqrt(_fans(arr.shape)[self.mode == "fan_out"])


class HeUniform(_He):
    """Uniform in +-gain * sqrt(3 / fan) (He et al. 2015, arXiv 1502.01852); "he_uniform" by name.

    Args:
        negative_slope: number, the slope of a leaky ReLU below 0.  Default: 0.
        mode: "fan_in" (the default) or "fan_out": which number of connections is the fan.
        nonlinearity: str, what follows the layer and sets the gain: "leaky_relu" (the default), "relu", "tanh", "selu",
            "sigmoid", "linear".

    Raises:
        ValueError: another ``mode``; at the call another ``nonlinearity``, or a shape of fewer than 2 axes.

    >>> from minispore.common.initializer import initializer
    >>> bool(initializer("he_uniform", (8, 6)).init_data().abs().max() <= 1)
    True
    """

    def _initialize(self, arr):
        bound = math.sqrt(3.0) * self._std(arr)
        rng = host_generator()
        self._fill(arr, lambda n: rng.uniform(-bound, bound, n))


class HeNormal(_He):
    """Normal with standard deviation gain / sqrt(fan) (He et al. 2015, arXiv 1502.01852); "he_normal" by name.

    Args:
        negative_slope: number, the slope of a leaky ReLU below 0.  Default: 0.
        mode: "fan_in" (the default) or "fan_out": which number of connections is the fan.
        nonlinearity: str, what follows the layer and sets the gain, as in HeUniform.  Default: "leaky_relu".

    Raises:
        ValueError: another ``mode``; at the call another ``nonlinearity``, or a shape of fewer than 2 axes.

    >>> from minispore.common.initializer import initializer
    >>> x = initializer("he_normal", (100, 200)).init_data()  # a deviation of sqrt(2 / 200)
    >>> bool(abs(x.std() - 0.1) < 0.01)
    True
    """

    def _initialize(self, arr):
        rng, std = host_generator(), self._std(arr)
        self._fill(arr, lambda n: rng.normal(0, std, n))


class XavierUniform(Initializer):
    """Uniform in +-gain * sqrt(6 / (fan in + fan out)) (Glorot & Bengio 2010); "xavier_uniform" by name.

    Args:
        gain: number.  Default: 1.

    Raises:
        ValueError: a shape of fewer than 2 axes (at the call).

    >>> from minispore.common.initializer import initializer
    >>> bool(initializer("xavier_uniform", (2, 4)).init_data().abs().max() <= 1)
    True
    """

    def __init__(self, gain=1):
        super().__init__(gain=gain)
        self.gain = gain

    def _initialize(self, arr):
        bound = self.gain * math.sqrt(6.0 / sum(_fans(arr.shape)))
        rng = host_generator()
        self._fill(arr, lambda n: rng.uniform(-bound, bound, n))


class XavierNormal(Initializer):
    """Normal with standard deviation gain * sqrt(2 / (fan in + fan out)) (Glorot & Bengio 2010); "xavier_normal" by
    name.

    Args:
        gain: number.  Default: 1.

    Raises:
        ValueError: a shape of fewer than 2 axes (at the call).

    >>> from minispore.common.initializer import initializer
    >>> x = initializer("xavier_normal", (100, 100)).init_data()  # a deviation of 0.1
    >>> bool(abs(x.std() - 0.1) < 0.01)
    True
    """

    def __init__(self, gain=1):
        super().__init__(gain=gain)
        self.gain = gain

    def _initialize(self, arr):
        rng, std = host_generator(), self.gain * math.sqrt(2.0 / sum(_fans(arr.shape)))
        self._fill(arr, lambda n: rng.normal(0, std, n))


class Orthogonal(Initializer):
    """A random (semi-)orthogonal matrix times ``gain``; axes after the first count as columns (Saxe et al. 2013, arXiv
    1312.6120).

    Args:
        gain: number.  Default: 1.0.

    Raises:
        ValueError: a shape of fewer than 2 axes (at the call).

    >>> from minispore.common.initializer import initializer
    >>> q = initializer("orthogonal", (3, 3)).init_data().asnumpy()
    >>> print(abs(q @ q.T).round(4))
    [[1. 0. 0.]
     [0. 1. 0.]
     [0. 0. 1.]]
    """

    def __init__(self, gain=1.0):
        super().__init__(gain=gain)
        self.gain = gain

    def _initialize(self, arr):
        if arr.ndim < 2:
            raise fail(ValueError, f"For 'Orthogonal', at least 2 axes are needed, but got the shape {arr.shape}.")
        rows, columns = arr.shape[0], arr.size // arr.shape[0]
        q, r = np.linalg.qr(host_generator().normal(size=(max(rows, columns), min(rows, columns))))
        q = q * np.sign(np.diag(r))
        self._draw(arr, self.gain * (q if rows >= columns else q.T).reshape(arr.shape))


class Identity(Initializer):
    """The identity matrix; "identity" by name.

    Args:
        **kwargs: kept, for MindSpore's sake.

    Raises:
        ValueError: a shape of other than 2 axes (at the call).

    >>> from minispore.common.initializer import initializer
    >>> print(initializer("identity", (2, 2)).init_data())
    [[1. 0.]
     [0. 1.]]
    """

    def _initialize(self, arr):
        if arr.ndim != 2:
            raise fail(ValueError, f"For 'Identity', 2 axes are needed, but got the shape {arr.shape}.")
        arr[...] = np.eye(*arr.shape)


class Dirac(Initializer):
    """A convolution kernel that passes its input on, by groups; "dirac" by name.

    Args:
        groups: int, those of the convolution.  Default: 1.

    Raises:
        ValueError: a shape of other than 3 to 5 axes (at the call).

    >>> from minispore.common.initializer import initializer
    >>> print(initializer("dirac", (1, 1, 3)).init_data())
    [[[0. 1. 0.]]]
    """

    def __init__(self, groups=1):
        super().__init__(groups=groups)
        self.groups = groups

    def _initialize(self, arr):
        if not 3 <= arr.ndim <= 5:
            raise fail(ValueError, f"For 'Dirac', 3 to 5 axes are needed, but got the shape {arr.shape}.")
        arr[...] = 0
        per_group = arr.shape[0] // self.groups
        centre = tuple(d // 2 for d in arr.shape[2:])
        for g in range(self.groups):
            for k in range(min(per_group, arr.shape[1])):
                at = (g * per_group + k, k, *centre)
                arr[at] = 1


class Sparse(Initializer):
    """Normal numbers of mean 0 with a share of zeros in each column.

    Args:
        sparsity: float in [0, 1], the share.
        sigma: float, the standard deviation.  Default: 0.01.

    >>> from minispore.common.initializer import Sparse, initializer
    >>> x = initializer(Sparse(0.5), (4, 3)).init_data()
    >>> print((x == 0).astype("int32").sum(0))
    [2 2 2]
    """

    def __init__(self, sparsity, sigma=0.01):
        super().__init__(sparsity=sparsity, sigma=sigma)
        self.sparsity, self.sigma = sparsity, sigma

    def _initialize(self, arr):
        rng = host_generator()
        out = rng.normal(0, self.sigma, arr.shape)
        zeros = math.ceil(self.sparsity * arr.shape[0])
        for column in range(arr.shape[1]):
            out[rng.permutation(arr.shape[0])[:zeros], column] = 0
        self._draw(arr, out)


class VarianceScaling(Initializer):
    """Numbers of variance ``scale / fan``; "variancescaling" by name.

    Args:
        scale: float.  Default: 1.0.
        mode: "fan_in" (the default), "fan_out" or "fan_avg".
        distribution: "truncated_normal" (the default; cut at two deviations), "untruncated_normal" or "uniform".

    Raises:
        TypeError: ``scale`` is no number, or ``mode`` or ``distribution`` no string.
        ValueError: ``scale`` is not positive, ``mode`` or ``distribution`` is unknown; a shape of fewer than 2 axes (at
            the call).

    >>> from minispore.common.initializer import VarianceScaling, initializer
    >>> x = initializer(VarianceScaling(), (100, 100)).init_data()
    >>> bool(abs(x.std() - 0.1) < 0.01)
    True
    """

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal"):
        super().__init__(scale=scale, mode=mode, distribution=distribution)
        owner = "VarianceScaling"
        checks.above(owner, 0, scale=checks.number(owner, scale=scale))
        checks.one_of(owner, ("fan_in", "fan_out", "fan_avg"), mode=mode)
        checks.one_of(owner, ("uniform", "truncated_normal", "untruncated_normal"), distribution=distribution)
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def _initialize(self, arr):
        fan_in, fan_out = _fans(arr.shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        std = math.sqrt(self.scale / max(1.0, fan))
        rng = host_generator()
        if self.distribution == "uniform":
            self._fill(arr, lambda n: rng.uniform(-math.sqrt(3) * std, math.sqrt(3) * std, n))
        elif self.distribution == "untruncated_normal":
            self._fill(arr, lambda n: rng.normal(0, std, n))
        else:  # the variance that is lost by cutting at two sigmas is put back
            TruncatedNormal(std / 0.87962566, 0.0, -2 * std / 0.87962566, 2 * std / 0.87962566)(arr)


_ALIASES = {
    "zeros": Zero, "zero": Zero, "ones": One, "one": One, "normal": Normal, "uniform": Uniform, "truncatednormal": TruncatedNormal,
    "truncated_normal": TruncatedNormal, "heuniform": HeUniform, "he_uniform": HeUniform, "henormal": HeNormal, "he_normal": HeNormal,
    "xavieruniform": XavierUniform, "xavier_uniform": XavierUniform, "xaviernormal": XavierNormal, "xavier_normal": XavierNormal,
    "orthogonal": Orthogonal, "identity": Identity, "dirac": Dirac, "variancescaling": VarianceScaling,
}  # fmt: skip


@supplies("initial values")
def initializer(init, shape=None, dtype=float32) -> Tensor:
    """A Tensor whose values an initializer makes, at ``init_data()`` or at first use.

    Args:
        init: an Initializer, a name such as "zeros" or "he_uniform", a number, or a Tensor, which is returned.
        shape: int, or tuple of ints.  Default: None, for ().
        dtype: its type.  Default: float32.

    Returns:
        Tensor of ``shape`` and ``dtype``.

    Raises:
        ValueError: an unknown name, a Tensor of another shape, a length that is no positive int, or no ``dtype``.
        TypeError: ``init`` is none of these.

    >>> from minispore.common.initializer import initializer
    >>> initializer("ones", (2,)).init_data().asnumpy().tolist()
    [1.0, 1.0]
    """
    if isinstance(init, Tensor):
        wanted = (shape,) if isinstance(shape, (int, np.integer)) else shape
        if wanted is not None and tuple(wanted) != init.shape:
            raise fail(
                ValueError, f"For 'initializer', the Tensor has the shape {init.shape}, but {tuple(wanted)} is wanted."
            )
        return init
    if shape is None:
        shape = ()
    shape = (shape,) if isinstance(shape, (int, np.integer)) else shape
    if not isinstance(shape, (tuple, list)) or not all(isinstance(d, (int, np.integer)) and d > 0 for d in shape):
        raise fail(ValueError, f"For 'initializer', 'shape' must be a tuple of positive ints, but got {shape!r:.60}.")
    if dtype is None:
        raise fail(ValueError, "For 'initializer', 'dtype' must be given.")
    shape = tuple(int(d) for d in shape)
    if isinstance(init, str):
        if init.lower() not in _ALIASES:
            raise fail(ValueError, f"For 'initializer', {init!r} is not known; names: {', '.join(sorted(_ALIASES))}.")
        init = _ALIASES[init.lower()]()
    elif isinstance(init, (int, float)):
        init = Constant(init)
    elif not isinstance(init, Initializer):
        raise fail(
            TypeError,
            f"For 'initializer', 'init' must be a Tensor, Initializer, str or number, but got {type(init).__name__}.",
        )
    return Tensor(shape=shape, dtype=to_dtype(dtype), init=init)


# ---------------------------------------------------------------- what own initializers import in MindSpore
_calculate_fan_in_and_fan_out = _fans


def _calculate_correct_fan(shape, mode) -> int:
    """The fan that ``mode`` names: "fan_in" or "fan_out"."""
    if mode not in ("fan_in", "fan_out"):
        raise fail(ValueError, f"'mode' must be 'fan_in' or 'fan_out', but got {mode!r}.")
    return _fans(shape)[mode == "fan_out"]


def _calculate_gain(nonlinearity, param=None) -> float:
    """The factor of He's and Glorot's initial values that goes with a nonlinearity."""
    return _gain(nonlinearity, 0.01 if param is None else param)


def _assignment(arr, num):
    """Fills ``arr`` with the values ``num``; returns it."""
    arr[...] = np.reshape(num, arr.shape) if np.shape(num) else num
    return arr


def _init_random_normal(mean, sigma, shape):
    return host_generator().normal(mean, sigma, shape)


def _init_random_uniform(a, b, shape):
    return host_generator().uniform(a, b, shape)


def _register(*aliases):
    """Decorates an Initializer: ``initializer`` then knows it by its name and these."""

    def registered(cls):
        _ALIASES.update((name.lower(), cls) for name in (cls.__name__, *aliases))
        return cls

    return registered


from .registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
