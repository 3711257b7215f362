"""Initial values of Parameters: classes by MindSpore's names, and ``initializer``."""

import math

import numpy as np

from .dtype import float32, to_dtype
from .errors import fail
from .random import host_generator
from .tensor import Tensor


class Initializer:
    """Fills an array in place: subclasses write ``_initialize(self, arr)``."""

    def __init__(self, **kwargs):
        self._kwargs = kwargs

    def __call__(self, arr):
        return self._initialize(arr)

    def _initialize(self, arr):
        raise NotImplementedError("An initializer must implement _initialize(arr).")

    def _draw(self, arr, values) -> None:
        arr[...] = values.astype(arr.dtype) if hasattr(values, "astype") else values


class Constant(Initializer):
    """``value`` everywhere."""

    def __init__(self, value):
        super().__init__(value=value)
        self.value = value

    def _initialize(self, arr):
        arr[...] = self.value


class Zero(Initializer):
    """Zeros."""

    def _initialize(self, arr):
        arr[...] = 0


class One(Initializer):
    """Ones."""

    def _initialize(self, arr):
        arr[...] = 1


class Normal(Initializer):
    """Normal numbers of mean ``mean`` and standard deviation ``sigma``."""

    def __init__(self, sigma=0.01, mean=0.0):
        super().__init__(sigma=sigma, mean=mean)
        self.sigma, self.mean = sigma, mean

    def _initialize(self, arr):
        self._draw(arr, host_generator().normal(self.mean, self.sigma, arr.shape))


class Uniform(Initializer):
    """Uniform in [-scale, scale]."""

    def __init__(self, scale=0.07):
        super().__init__(scale=scale)
        self.scale = scale

    def _initialize(self, arr):
        self._draw(arr, host_generator().uniform(-self.scale, self.scale, arr.shape))


class TruncatedNormal(Initializer):
    """Normal numbers cut at the values ``a`` and ``b`` (values, not multiples of ``sigma``), drawn anew outside."""

    def __init__(self, sigma=0.01, mean=0.0, a=-2.0, b=2.0):
        super().__init__(sigma=sigma, mean=mean, a=a, b=b)
        self.sigma, self.mean, self.a, self.b = sigma, mean, a, b

    def _initialize(self, arr):
        rng = host_generator()
        out = rng.normal(self.mean, self.sigma, arr.shape)
        for _ in range(1000):
            bad = (out < self.a) | (out > self.b)
            if not bad.any():
                break
            out[bad] = rng.normal(self.mean, self.sigma, int(bad.sum()))
        self._draw(arr, np.clip(out, self.a, self.b))


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
    """Uniform in +-gain * sqrt(3 / fan) (He et al. 2015, arXiv 1502.01852)."""

    def _initialize(self, arr):
        bound = math.sqrt(3.0) * self._std(arr)
        self._draw(arr, host_generator().uniform(-bound, bound, arr.shape))


class HeNormal(_He):
    """Normal with standard deviation gain / sqrt(fan) (He et al. 2015, arXiv 1502.01852)."""

    def _initialize(self, arr):
        self._draw(arr, host_generator().normal(0, self._std(arr), arr.shape))


class XavierUniform(Initializer):
    """Uniform in +-gain * sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010)."""

    def __init__(self, gain=1):
        super().__init__(gain=gain)
        self.gain = gain

    def _initialize(self, arr):
        bound = self.gain * math.sqrt(6.0 / sum(_fans(arr.shape)))
        self._draw(arr, host_generator().uniform(-bound, bound, arr.shape))


class XavierNormal(Initializer):
    """Normal with standard deviation gain * sqrt(2 / (fan in + fan out)) (Glorot and Bengio 2010)."""

    def __init__(self, gain=1):
        super().__init__(gain=gain)
        self.gain = gain

    def _initialize(self, arr):
        self._draw(arr, host_generator().normal(0, self.gain * math.sqrt(2.0 / sum(_fans(arr.shape))), arr.shape))


class Orthogonal(Initializer):
    """A random (semi-)orthogonal matrix times ``gain``; axes after the first count as columns (Saxe et al. 2013)."""

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
    """The identity matrix (2 axes)."""

    def _initialize(self, arr):
        if arr.ndim != 2:
            raise fail(ValueError, f"For 'Identity', 2 axes are needed, but got the shape {arr.shape}.")
        arr[...] = np.eye(*arr.shape)


class Dirac(Initializer):
    """A convolution kernel that passes its input on, per group."""

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
    """Normal numbers with a share ``sparsity`` of zeros in each column."""

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
    """Numbers of variance ``scale / fan``."""

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal"):
        super().__init__(scale=scale, mode=mode, distribution=distribution)
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def _initialize(self, arr):
        fan_in, fan_out = _fans(arr.shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        std = math.sqrt(self.scale / max(1.0, fan))
        rng = host_generator()
        if self.distribution == "uniform":
            self._draw(arr, rng.uniform(-math.sqrt(3) * std, math.sqrt(3) * std, arr.shape))
        elif self.distribution == "untruncated_normal":
            self._draw(arr, rng.normal(0, std, arr.shape))
        else:  # the variance that is lost by cutting at two sigmas is put back
            TruncatedNormal(std / 0.87962566, 0.0, -2 * std / 0.87962566, 2 * std / 0.87962566)(arr)


_ALIASES = {
    "zeros": Zero, "zero": Zero, "ones": One, "one": One, "normal": Normal, "uniform": Uniform, "truncatednormal": TruncatedNormal,
    "truncated_normal": TruncatedNormal, "heuniform": HeUniform, "he_uniform": HeUniform, "henormal": HeNormal, "he_normal": HeNormal,
    "xavieruniform": XavierUniform, "xavier_uniform": XavierUniform, "xaviernormal": XavierNormal, "xavier_normal": XavierNormal,
    "orthogonal": Orthogonal, "identity": Identity, "dirac": Dirac, "variancescaling": VarianceScaling,
}  # fmt: skip


def initializer(init, shape=None, dtype=float32) -> Tensor:
    """A Tensor of ``shape`` whose values ``init`` will make: an Initializer, a name, a number or a Tensor.

    The data are made at ``init_data()`` or at first use.

    Raises:
        ValueError: an unknown name, or a Tensor of another shape.
        TypeError: ``init`` is none of these.

    >>> initializer("ones", (2,)).init_data().asnumpy().tolist()
    [1.0, 1.0]
    """
    if isinstance(init, Tensor):
        if shape is not None and tuple(shape) != init.shape:
            raise fail(
                ValueError, f"For 'initializer', the Tensor has the shape {init.shape}, but {tuple(shape)} is wanted."
            )
        return init
    if shape is None:
        shape = ()
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(int(d) for d in shape)
    if any(d < 0 for d in shape):
        raise fail(ValueError, f"For 'initializer', the lengths of 'shape' must not be negative, but got {shape}.")
    if isinstance(init, str):
        if init.lower() not in _ALIASES:
            raise fail(ValueError, f"For 'initializer', {init!r} is not known; names: {', '.join(sorted(_ALIASES))}.")
        init = _ALIASES[init.lower()]()
    elif isinstance(init, (int, float)) and not isinstance(init, bool):
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
