"""Activations of elements, and activations by name: each class calls one function of ``ops`` with its arguments."""

from collections.abc import Callable

import numpy as np

from ... import ops
from ...core import checks, hints
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ..cell import Cell
from .activation_cell import Activation, of
from .softmax import GLU, LRN, LogSoftmax, LogSoftmaxExt, Softmax, Softmax2d, Softmin
from .weights import cast_like


# ---------------------------------------------------------------- without arguments
class ReLU(Activation):
    """``max(x, 0)`` of each element.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.ReLU()(Tensor([-1.0, 2.0])))
    [0. 2.]
    """

    function = of(ops.relu)


class ReLU6(Activation):
    """``min(max(x, 0), 6)`` of each element.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.ReLU6()(Tensor([-1.0, 2.0, 8.0])))
    [0. 2. 6.]
    """

    function = of(ops.relu6)


class Sigmoid(Activation):
    """``1 / (1 + exp(-x))`` of each element.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.Sigmoid()(Tensor([0.0, 100.0])))
    [0.5 1. ]
    """

    function = of(ops.sigmoid)


class Tanh(Activation):
    """The hyperbolic tangent of each element.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.Tanh()(Tensor([0.0, 1.0])))
    [0.        0.7615942]
    """

    function = of(ops.tanh)


class SiLU(Activation):
    """``x * sigmoid(x)`` of each element (Elfwing et al. 2017, arXiv 1702.03118).

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.SiLU()(Tensor([0.0, 1.0])))
    [0.        0.7310586]
    """

    function = of(ops.silu)


class SeLU(Activation):
    """``scale * (max(x, 0) + min(alpha * (exp(x) - 1), 0))`` of each element, with ``scale = 1.0507...`` and
    ``alpha = 1.6732...`` (Klambauer et al. 2017, arXiv 1706.02515).

    Unlike MindSpore, the gradient below 0 is that of the formula on a CPU too.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.SeLU()(Tensor([0.0, 1.0])))
    [0.       1.050701]
    """

    function = of(ops.selu)


class FastGelu(Activation):
    """``x * sigmoid(1.702 x)`` of each element: an approximation of ``GELU``.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.FastGelu()(Tensor([0.0, 1.0])))
    [0.        0.8457958]
    """

    function = of(ops.fast_gelu)


class Mish(Activation):
    """``x * tanh(log(1 + exp(x)))`` of each element (Misra 2019, arXiv 1908.08681).

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.Mish()(Tensor([0.0, 1.0])))
    [0.        0.8650984]
    """

    function = of(ops.mish)


class Softsign(Activation):
    """``x / (1 + |x|)`` of each element.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.Softsign()(Tensor([-1.0, 3.0])))
    [-0.5   0.75]
    """

    function = of(ops.softsign)


class Tanhshrink(Activation):
    """``x - tanh(x)`` of each element.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.Tanhshrink()(Tensor([0.0, 1.0])))
    [0.         0.23840582]
    """

    function = of(ops.tanhshrink)


class HSigmoid(Activation):
    """``min(max(x / 6 + 1/2, 0), 1)`` of each element: ``Sigmoid`` in straight lines.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.HSigmoid()(Tensor([-4.0, 0.0, 1.5])))
    [0.   0.5  0.75]
    """

    function = of(ops.hardsigmoid)


class HSwish(Activation):
    """``x * hsigmoid(x)`` of each element (Howard et al. 2019, arXiv 1905.02244).

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.HSwish()(Tensor([-4.0, 3.0])))
    [0. 3.]
    """

    function = of(ops.hardswish)


class LogSigmoid(Activation):
    """``log(1 / (1 + exp(-x)))`` of each element.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.LogSigmoid()(Tensor([0.0])))
    [-0.6931472]
    """

    function = of(ops.logsigmoid)


# ---------------------------------------------------------------- with arguments
class LeakyReLU(Activation):
    """``x`` where positive, ``alpha * x`` elsewhere.

    Args:
        alpha: number, the slope below 0.  Default: 0.2.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.LeakyReLU(0.5)(Tensor([-1.0, 2.0])))
    [-0.5  2. ]
    """

    function = of(ops.leaky_relu)

    def __init__(self, alpha=0.2):
        super().__init__()
        self.alpha, self.arguments = alpha, (alpha,)


class ELU(Activation):
    """``x`` where positive, ``alpha * (exp(x) - 1)`` elsewhere (Clevert et al. 2015, arXiv 1511.07289).

    Args:
        alpha: number, minus the limit for large negative x.  Default: 1.0.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.ELU()(Tensor([-1.0, 2.0])))
    [-0.63212055  2.        ]
    """

    function = of(ops.elu)

    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha, self.arguments = alpha, (alpha,)


class CELU(Activation):
    """``max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0)`` of each element (Barron 2017, arXiv 1704.07483).

    Args:
        alpha: float other than 0.  Default: 1.0.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.CELU(2.0)(Tensor([-2.0, 2.0])))
    [-1.2642411  2.       ]
    """

    function = of(ops.celu)

    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha, self.arguments = alpha, (alpha,)


class GELU(Activation):
    """``x * Phi(x)`` with the normal distribution function ``Phi`` (Hendrycks & Gimpel 2016, arXiv 1606.08415).

    Args:
        approximate: bool, whether to use the approximation by tanh.  Default: True.

    {inputs}

    Raises:
        TypeError: ``approximate`` is not a bool, or x not a Tensor.

    >>> from minispore import Tensor, nn
    >>> print(nn.GELU(approximate=False)(Tensor([0.0, 1.0])))
    [0.        0.8413447]
    """

    function = of(ops.gelu)

    def __init__(self, approximate=True):
        super().__init__()
        checks.boolean("GELU", approximate=approximate)
        self.approximate = "tanh" if approximate else "none"
        self.arguments = (self.approximate,)


class Hardtanh(Activation):
    """``min(max(x, min_val), max_val)`` of each element.

    Args:
        min_val: number, the lower bound.  Default: -1.0.
        max_val: number, the upper bound.  Default: 1.0.

    {inputs}

    Raises:
        TypeError: a bound is not a number, or x not a Tensor.
        ValueError: ``min_val`` is not below ``max_val``.

    >>> from minispore import Tensor, nn
    >>> print(nn.Hardtanh()(Tensor([-3.0, 0.5, 2.0])))
    [-1.   0.5  1. ]
    """

    function = of(ops.hardtanh)

    def __init__(self, min_val=-1.0, max_val=1.0):
        super().__init__()
        for name, value in (("min_val", min_val), ("max_val", max_val)):
            checks.number("Hardtanh", **{name: value})
        if min_val >= max_val:
            raise fail(
                ValueError, f"For 'Hardtanh', 'min_val' must be below 'max_val', but got {min_val} and {max_val}."
            )
        self.min_val, self.max_val, self.arguments = min_val, max_val, (min_val, max_val)


class HShrink(Activation):
    """``x`` where ``|x| > lambd``, 0 elsewhere.

    Args:
        lambd: number, the bound.  Default: 0.5.

    {inputs}

    Raises:
        TypeError: ``lambd`` is not a number, or x not a Tensor.

    >>> from minispore import Tensor, nn
    >>> print(nn.HShrink()(Tensor([-1.0, 0.4, 2.0])))
    [-1.  0.  2.]
    """

    function = of(ops.hardshrink)

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = checks.number("HShrink", lambd=lambd)
        self.arguments = (lambd,)


class SoftShrink(Activation):
    """``x - lambd`` where ``x > lambd``, ``x + lambd`` where ``x < -lambd``, 0 elsewhere.

    Args:
        lambd: number, how far elements move towards 0.  Default: 0.5.

    {inputs}

    Raises:
        TypeError: ``lambd`` is not a number, or x not a Tensor.

    >>> from minispore import Tensor, nn
    >>> print(nn.SoftShrink()(Tensor([-1.0, 0.4, 2.0])))
    [-0.5  0.   1.5]
    """

    function = of(ops.softshrink)

    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = checks.number("SoftShrink", lambd=lambd)
        self.arguments = (lambd,)


class Threshold(Activation):
    """``x`` where it is above ``threshold``, ``value`` elsewhere.

    Args:
        threshold: number, the bound.
        value: number, what replaces elements that are not above it.

    {elementwise}

    >>> from minispore import Tensor, nn
    >>> print(nn.Threshold(1.0, -1.0)(Tensor([0.5, 2.0])))
    [-1.  2.]
    """

    function = of(ops.threshold)

    def __init__(self, threshold, value):
        super().__init__()
        self.threshold, self.value, self.arguments = threshold, value, (threshold, value)


class RReLU(Activation):
    """``x`` where not negative, ``a * x`` elsewhere, with a slope ``a`` drawn anew for each element from [lower, upper)
    (Xu et al. 2015, arXiv 1505.00853).

    Args:
        lower: number, the least slope.  Default: 1/8.
        upper: number, the largest slope.  Default: 1/3.

    {inputs}

    Raises:
        TypeError: a slope is not a number, or x not a Tensor.
        ValueError: ``lower`` is above ``upper``.

    >>> from minispore import Tensor, nn
    >>> print(nn.RReLU(0.5, 0.5)(Tensor([-1.0, 2.0])))
    [-0.5  2. ]
    """

    function = of(ops.rrelu)

    def __init__(self, lower=1 / 8, upper=1 / 3):
        super().__init__()
        for name, value in (("upper", upper), ("lower", lower)):
            checks.number("RReLU", **{name: value})
        if lower > upper:
            raise fail(ValueError, f"For 'RReLU', 'upper' must not be below 'lower', but got {upper} and {lower}.")
        self.lower, self.upper, self.arguments = lower, upper, (lower, upper)


class PReLU(Cell):
    """``x`` where positive, ``a * x`` elsewhere, with trained slopes ``a`` (He et al. 2015, arXiv 1502.01852).

    Args:
        channel: int, how many slopes: 1, or one for each channel (axis 1).  Default: 1.
        w: their initial value: a float, a list of ``channel`` floats, or a Tensor of shape (channel,).  Default: 0.25.

    Inputs:
        x: Tensor of floats, shape (N, channel, ...).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: ``channel`` is not an int, or ``w`` none of these.
        ValueError: ``channel`` is not positive, or ``w`` does not hold ``channel`` floats.

    >>> from minispore import Tensor, nn
    >>> print(nn.PReLU()(Tensor([[-1.0, 2.0]])))
    [[-0.25  2.  ]]
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
    """``PReLU`` with PyTorch's arguments; its Parameter is called ``weight``.

    Args:
        num_parameters: int, how many slopes: 1, or one for each channel (axis 1).  Default: 1.
        init: float, their initial value.  Default: 0.25.
        dtype: the type of the Parameter; None for float32.

    Inputs:
        input: Tensor of floats, shape (N, num_parameters, ...).

    Returns:
        Tensor of the shape and dtype of the input.

    >>> from minispore import Tensor, nn
    >>> print(nn.PReLUExt()(Tensor([[-1.0, 2.0]])))
    [[-0.25  2.  ]]
    """

    def __init__(self, num_parameters=1, init=0.25, dtype=None):
        super().__init__()
        self.weight = Parameter(Tensor(np.full(num_parameters, init, np.float32), dtype), name="weight")

    def construct(self, input):
        return ops.prelu(input, self.weight)


# ---------------------------------------------------------------- by name
_BY_NAME = {
    "softmin": Softmin, "softmax": Softmax, "softmax2d": Softmax2d, "logsoftmax": LogSoftmax,
    "logsoftmaxExt": LogSoftmaxExt, "relu": ReLU, "relu6": ReLU6, "rrelu": RReLU, "silu": SiLU, "tanh": Tanh,
    "tanhshrink": Tanhshrink, "hardtanh": Hardtanh, "gelu": GELU, "fast_gelu": FastGelu, "elu": ELU,
    "sigmoid": Sigmoid, "softsign": Softsign, "prelu": PReLU, "preluExt": PReLUExt, "leakyrelu": LeakyReLU,
    "hswish": HSwish, "hsigmoid": HSigmoid, "logsigmoid": LogSigmoid, "softshrink": SoftShrink, "hshrink": HShrink,
"threshold": Threshold, "mish": Mish, }  # fmt: skip


def get_activation(name, prim_name=None):
    """The activation cell of a name, made without arguments.

    Args:
        name: str such as "relu", or None.
        prim_name: str, whose activation it is: named in the error.  Default: None.

    Returns:
        Cell; None for the name None.

    Raises:
        KeyError: there is no such activation.

    >>> from minispore import nn
    >>> nn.get_activation("sigmoid")
    Sigmoid()
    """
    if name is None:
        return None
    if name not in _BY_NAME:
        owner = f"For '{prim_name}', the" if prim_name else "The"
        raise fail(
            KeyError,
            f"{owner} activation must be one of {', '.join(_BY_NAME)}, but got {name!r}.{hints.close(str(name), _BY_NAME)}",
        )
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
    "CELU", "ELU", "GELU", "GLU", "LRN", "FastGelu", "HShrink", "HSigmoid", "HSwish", "Hardtanh", "LeakyReLU",
    "LogSigmoid", "LogSoftmax", "LogSoftmaxExt", "Mish", "PReLU", "PReLUExt", "RReLU", "ReLU", "ReLU6", "SeLU",
    "SiLU", "Sigmoid", "SoftShrink", "Softmax", "Softmax2d", "Softmin", "Softsign", "Tanh", "Tanhshrink",
    "Threshold", "get_activation",
]  # fmt: skip
