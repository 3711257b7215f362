"""Activations: each class calls one function of ``ops`` with the arguments of its constructor."""

from collections.abc import Callable

import numpy as np

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ..cell import Cell
from .weights import cast_like


class _Activation(Cell):
    """``function(x, *arguments)`` with the arguments of the constructor."""

    is_piece = True

    function: Callable
    arguments: tuple = ()

    def __init__(self):
        super().__init__()

    def construct(self, x):
        return self.function(checks.tensor(type(self).__name__, input=x), *self.arguments)


def _of(function):
    """``function`` as a static method."""
    return staticmethod(function)


# ---------------------------------------------------------------- without arguments
class ReLU(_Activation):
    """``max(x, 0)``.

    >>> import minispore as ms
    >>> print(ReLU()(ms.Tensor([-1.0, 2.0])))
    [0. 2.]
    """

    function = _of(ops.relu)


class ReLU6(_Activation):
    """``min(max(x, 0), 6)``."""

    function = _of(ops.relu6)


class Sigmoid(_Activation):
    """``1 / (1 + exp(-x))``."""

    function = _of(ops.sigmoid)


class Tanh(_Activation):
    """The hyperbolic tangent."""

    function = _of(ops.tanh)


class SiLU(_Activation):
    """``x * sigmoid(x)``."""

    function = _of(ops.silu)


class SeLU(_Activation):
    """``scale * (max(x, 0) + min(alpha * (exp(x) - 1), 0))`` (Klambauer et al. 2017).

    Unlike MindSpore, the gradient below 0 is that of the formula on a CPU too.
    """

    function = _of(ops.selu)


class FastGelu(_Activation):
    """``x * sigmoid(1.702 x)``."""

    function = _of(ops.fast_gelu)


class Mish(_Activation):
    """``x * tanh(log(1 + exp(x)))``."""

    function = _of(ops.mish)


class Softsign(_Activation):
    """``x / (1 + |x|)``."""

    function = _of(ops.softsign)


class Tanhshrink(_Activation):
    """``x - tanh(x)``."""

    function = _of(ops.tanhshrink)


class HSigmoid(_Activation):
    """``min(max(x / 6 + 1/2, 0), 1)``."""

    function = _of(ops.hardsigmoid)


class HSwish(_Activation):
    """``x * hsigmoid(x)``."""

    function = _of(ops.hardswish)


class LogSigmoid(_Activation):
    """``log(1 / (1 + exp(-x)))``."""

    function = _of(ops.logsigmoid)


# ---------------------------------------------------------------- with arguments
class LeakyReLU(_Activation):
    """``x`` where positive, ``alpha * x`` elsewhere."""

    function = _of(ops.leaky_relu)

    def __init__(self, alpha=0.2):
        super().__init__()
        self.alpha, self.arguments = alpha, (alpha,)


class ELU(_Activation):
    """``x`` where positive, ``alpha * (exp(x) - 1)`` elsewhere."""

    function = _of(ops.elu)

    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha, self.arguments = alpha, (alpha,)


class CELU(_Activation):
    """``max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0)``."""

    function = _of(ops.celu)

    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha, self.arguments = alpha, (alpha,)


class GELU(_Activation):
    """``x * Phi(x)`` with the normal distribution ``Phi``, by its tanh approximation unless ``approximate`` is False.

    >>> import minispore as ms
    >>> print(GELU(approximate=False)(ms.Tensor([0.0, 1.0])))
    [0.        0.8413447]
    """

    function = _of(ops.gelu)

    def __init__(self, approximate=True):
        super().__init__()
        checks.boolean("GELU", approximate=approximate)
        self.approximate = "tanh" if approximate else "none"
        self.arguments = (self.approximate,)


class Hardtanh(_Activation):
    """``x`` kept inside [min_val, max_val]."""

    function = _of(ops.hardtanh)

    def __init__(self, min_val=-1.0, max_val=1.0):
        super().__init__()
        for name, value in (("min_val", min_val), ("max_val", max_val)):
            checks.number("Hardtanh", **{name: value})
        if min_val >= max_val:
            raise fail(
                ValueError, f"For 'Hardtanh', 'min_val' must be below 'max_val', but got {min_val} and {max_val}."
            )
        self.min_val, self.max_val, self.arguments = min_val, max_val, (min_val, max_val)


class HShrink(_Activation):
    """``x`` where ``|x| > lambd``, 0 elsewhere."""

    function = _of(ops.hardshrink)

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = checks.number("HShrink", lambd=lambd)
        self.arguments = (lambd,)


class SoftShrink(_Activation):
    """``x`` moved towards 0 by ``lambd``, 0 where ``|x| <= lambd``."""

    function = _of(ops.softshrink)

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = checks.number("SoftShrink", lambd=lambd)
        self.arguments = (lambd,)


class Threshold(_Activation):
    """``x`` where it is above ``threshold``, ``value`` elsewhere."""

    function = _of(ops.threshold)

    def __init__(self, threshold, value):
        super().__init__()
        self.threshold, self.value, self.arguments = threshold, value, (threshold, value)


class RReLU(_Activation):
    """``x`` where not negative, elsewhere ``x`` times a slope drawn anew for each element from [lower, upper)."""

    function = _of(ops.rrelu)

    def __init__(self, lower=1 / 8, upper=1 / 3):
        super().__init__()
        for name, value in (("upper", upper), ("lower", lower)):
            checks.number("RReLU", **{name: value})
        if lower > upper:
            raise fail(ValueError, f"For 'RReLU', 'upper' must not be below 'lower', but got {upper} and {lower}.")
        self.lower, self.upper, self.arguments = lower, upper, (lower, upper)


class PReLU(Cell):
    """``x`` where positive, ``a * x`` elsewhere, with the Parameter ``a``: one slope, or one for each channel (axis 1).

    Args:
        channel: how many slopes.
        w: their initial value: a float, a list of floats, or a Tensor of shape (channel,).

    Raises:
        TypeError: ``channel`` is not an int, or ``w`` none of these.
        ValueError: ``w`` does not have ``channel`` floats.
    """

    def __init__(self, channel=1, w=0.25):
        super().__init__()
        checks.positive_int("PReLU", channel=channel)
        checks.instance("PReLU", (float, np.float32, list, Tensor), w=w)
        if isinstance(w, list) and not all(isinstance(i, (float, np.float32)) for i in w):
            raise fail(ValueError, f"For 'PReLU', the elements of 'w' must be floats, but got {w!r:.60}.")
        slopes = (
            w if isinstance(w, Tensor) else Tensor(np.array(w if isinstance(w, list) else [w] * channel, np.float32))
        )
        if not slopes.dtype.is_float or slopes.shape != (channel,):
            raise fail(
                ValueError,
                f"For 'PReLU', 'w' must hold {channel} floats, one for each channel, but got {slopes.dtype} of the "
                f"shape {slopes.shape}.",
            )
        self.w = Parameter(slopes, name="a")

    def construct(self, x):
        return ops.prelu(x, cast_like(self.w, x))


class PReLUExt(Cell):
    """``PReLU`` with PyTorch's arguments; the Parameter is ``weight``."""

    def __init__(self, num_parameters=1, init=0.25, dtype=None):
        super().__init__()
        self.weight = Parameter(Tensor(np.full(num_parameters, init, np.float32), dtype), name="weight")

    def construct(self, input):
        return ops.prelu(input, self.weight)


# ---------------------------------------------------------------- over an axis
class Softmax(_Activation):
    """``exp(x) / sum(exp(x))`` along ``axis``, safe from overflow.

    >>> import minispore as ms
    >>> print(Softmax()(ms.Tensor([[0.0, 0.0], [1000.0, 0.0]])))
    [[0.5 0.5]
     [1.  0. ]]
    """

    function = _of(ops.softmax)

    def __init__(self, axis=-1):
        super().__init__()
        if isinstance(axis, tuple) and len(axis) == 1:
            axis = axis[0]
        self.axis = checks.integer("Softmax", axis=axis)
        self.arguments = (axis,)


class LogSoftmax(_Activation):
    """``x - log(sum(exp(x)))`` along ``axis``, safe from overflow."""

    function = _of(ops.log_softmax)

    def __init__(self, axis=-1):
        super().__init__()
        self.axis = checks.integer("LogSoftmax", axis=axis)
        self.arguments = (axis,)


class LogSoftmaxExt(Cell):
    """``LogSoftmax`` with PyTorch's arguments; without ``dim``, the axis 0 of 0, 1 or 3 axes, else 1."""

    is_piece = True

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def construct(self, x):
        return ops.log_softmax(x, (0 if x.ndim in (0, 1, 3) else 1) if self.dim is None else self.dim)


class Softmin(_Activation):
    """``softmax(-x)`` along ``axis``."""

    function = _of(ops.softmin)

    def __init__(self, axis=-1):
        super().__init__()
        self.axis, self.arguments = axis, (axis,)


class Softmax2d(Cell):
    """``softmax`` over the channels of (N, C, H, W) or (C, H, W)."""

    is_piece = True

    def construct(self, x):
        checks.rank("Softmax2d", 3, 4, input=x)
        return ops.softmax(x, -3)


class GLU(_Activation):
    """``a * sigmoid(b)`` for the halves ``a, b`` of ``axis``."""

    function = _of(ops.glu)

    def __init__(self, axis=-1):
        super().__init__()
        self.axis, self.arguments = axis, (axis,)


class LRN(Cell):
    """``x / (bias + alpha * sum of squares over the 2 depth_radius + 1 nearest channels) ** beta``, for (N, C, H,
    W)."""

    def __init__(self, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region="ACROSS_CHANNELS"):
        super().__init__()
        checks.non_negative_int("LRN", depth_radius=depth_radius)
        for name, value in (("bias", bias), ("alpha", alpha), ("beta", beta)):
            checks.floating("LRN", **{name: value})
        checks.one_of("LRN", ["ACROSS_CHANNELS"], norm_region=norm_region)
        self.arguments = (depth_radius, bias, alpha, beta)

    def construct(self, input_x):
        return ops.lrn(input_x, *self.arguments)


# ---------------------------------------------------------------- by name
_BY_NAME = {
    "softmin": Softmin, "softmax": Softmax, "softmax2d": Softmax2d, "logsoftmax": LogSoftmax,
    "logsoftmaxExt": LogSoftmaxExt, "relu": ReLU, "relu6": ReLU6, "rrelu": RReLU, "silu": SiLU, "tanh": Tanh,
    "tanhshrink": Tanhshrink, "hardtanh": Hardtanh, "gelu": GELU, "fast_gelu": FastGelu, "elu": ELU,
    "sigmoid": Sigmoid, "softsign": Softsign, "prelu": PReLU, "preluExt": PReLUExt, "leakyrelu": LeakyReLU,
    "hswish": HSwish, "hsigmoid": HSigmoid, "logsigmoid": LogSigmoid, "softshrink": SoftShrink, "hshrink": HShrink,
"threshold": Threshold, "mish": Mish, }  # fmt: skip


def get_activation(name, prim_name=None):
    """The activation cell of this name, made without arguments; None for None.

    Raises:
        KeyError: there is no such activation.

    >>> get_activation("sigmoid")
    Sigmoid()
    """
    if name is None:
        return None
    if name not in _BY_NAME:
        owner = f"For '{prim_name}', the" if prim_name else "The"
        raise fail(KeyError, f"{owner} activation must be one of {', '.join(_BY_NAME)}, but got {name!r}.")
    return _BY_NAME[name]()


def activation_of(owner: str, given) -> Callable | None:
    """What ``activation=`` of a layer stands for: a name, a cell, a primitive or a function; None for none."""
    if isinstance(given, str):
        return get_activation(given, owner)
    if given is not None and (isinstance(given, type) or not callable(given)):
        shown = (
            f"the class {given.__name__}; make one: {given.__name__}()"
            if isinstance(given, type)
            else type(given).__name__
        )
        raise fail(
            TypeError, f"For '{owner}', the argument 'activation' must be a str, a Cell or a function, but got {shown}."
        )
    return given


__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "LRN",
    "FastGelu",
    "HShrink",
    "HSigmoid",
    "HSwish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "LogSoftmaxExt",
    "Mish",
    "PReLU",
    "PReLUExt",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SeLU",
    "SiLU",
    "Sigmoid",
    "SoftShrink",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
    "get_activation",
]  # fmt: skip
