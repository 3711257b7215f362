"""Other names of functions, and functions whose result is simple because there is one device."""

from ..core import checks
from ..core.dtype import to_dtype
from ..core.forwarding import forwards
from ..core.tensor import Tensor
from . import elementwise as e
from .creation import full_like
from .movement import reshape
from .quotients import div, fmod, trunc_quotient
from .special import bessel_i0

tensor_add, tensor_sub, tensor_mul = e.add, e.sub, e.mul
tensor_pow, tensor_mod, tensor_exp, tensor_expm1, power = e.pow, e.floor_mod, e.exp, e.expm1, e.pow
tensor_lt, tensor_le, tensor_gt, tensor_ge = e.less, e.less_equal, e.greater, e.greater_equal
floormod, truncate_div = e.floor_mod, trunc_quotient
neg_tensor, tensor_neg = e.neg, e.neg


# ---------------------------------------------------------------- with MindSpore's names of the arguments
@forwards(e.asin)
def arcsin(x):
    """The arc sine: ``asin``."""
    return e.asin(x)


@forwards(e.reciprocal)
def inv(x):
    """``1 / x``: ``reciprocal``."""
    return e.reciprocal(x)


@forwards(e.floor_div)
def floor_divide(input, other):
    """The quotient, rounded down."""
    return e.floor_div(input, other)


floordiv = tensor_floordiv = floor_divide


@forwards(e.floor_mod)
def remainder(input, other):
    """What a division that rounds down leaves, with the sign of ``other``."""
    return e.floor_mod(input, other)


@forwards(fmod)
def truncate_mod(x, y):
    """What a division that rounds toward zero leaves, with the sign of ``x``."""
    return fmod(x, y)


@forwards(div, named={"rounding_mode": ""})
def tensor_div(x, y):
    """The quotient.

    >>> import minispore as ms
    >>> print(tensor_div(ms.Tensor([1.0]), 2.0))
    [0.5]
    """
    return div(x, y)


@forwards(bessel_i0)
def i0(input):
    """Modified Bessel function of the first kind of order 0."""
    return bessel_i0(input)


@forwards(e.relu, args={"inplace": "(bool): whether ``input`` takes the result. Default: False."})
def relu(input, inplace=False):
    """``max(input, 0)``."""
    out = e.relu(input)
    return input.copy_(out) if inplace else out


def scalar_cast(input_x, input_y):
    """Converts a Python number as a type would: ``int32`` cuts off what is after the point.

    Args:
        input_x (number): what is converted.
        input_y (dtype): the type.

    Returns:
        number: an int, a float or a bool, after the type.

    >>> import minispore as ms
    >>> scalar_cast(2.7, ms.int32)
    2
    """
    return to_dtype(input_y).np.type(input_x).item()


def control_depend(depend_src, depend_dst, depend_mode=0):
    """Returns ``depend_dst``; kept from MindSpore, where it orders effects.

    Args:
        depend_src (object): accepted, without effect: what is written first happens first.
        depend_dst (object): what is returned.
        depend_mode (int): accepted, without effect, likewise. Default: 0.

    Returns:
        ``depend_dst``.

    >>> import minispore as ms
    >>> control_depend(1, 2)
    2
    """
    return depend_dst


def approximate_equal(x, y, tolerance=1e-05):
    """Where two Tensors differ by less than ``tolerance``: ``|x - y| < tolerance``.

    Args:
        x (Tensor): any shape; numbers.
        y (Tensor): a shape that broadcasts; numbers.
        tolerance (float): the largest difference, itself not included. Default: 1e-05.

    Returns:
        Tensor of the broadcast shape; bool.

    Raises:
        TypeError: ``tolerance`` is not a float.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(approximate_equal(ms.Tensor([1.0, 2.0]), ms.Tensor([1.0, 2.1])))
    [ True False]
    """
    return e.abs(x - y) < checks.floating("approximate_equal", tolerance=tolerance)


def bias_add(input_x, bias):
    """Adds a bias to the channels, which axis 1 names.

    Args:
        input_x (Tensor): shape (N, C, ...); numbers.
        bias (Tensor): shape (C,); numbers.

    Returns:
        Tensor of the shape of ``input_x``; the common type of the inputs.

    Raises:
        ValueError: the shapes do not fit.

    >>> import minispore as ms
    >>> print(bias_add(ms.Tensor([[1.0, 2.0]]), ms.Tensor([10.0, 20.0])))
    [[11. 22.]]
    """
    return input_x + reshape(bias, (-1,) + (1,) * (input_x.ndim - 2))


def fills(x, value):
    """A Tensor of one value in the shape and type of another.

    Args:
        x (Tensor): any shape and type; its values are not read.
        value (number | Tensor): a number or a 0-d Tensor.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> print(fills(ms.Tensor([1.0, 2.0]), 3))
    [3. 3.]
    """
    return full_like(x, value)


def typeof(x):
    """Type of a value: the number type of a Tensor, else its Python type.

    Args:
        x (object): the value.

    Returns:
        dtype or type.

    >>> import minispore as ms
    >>> typeof(1)
    <class 'int'>
    """
    return x.dtype if isinstance(x, Tensor) else type(x)


__all__ = [
    "approximate_equal", "arcsin", "bias_add", "control_depend", "fills", "floor_divide", "floordiv", "floormod", "i0", "inv",
    "neg_tensor", "power", "relu", "remainder", "scalar_cast", "tensor_add", "tensor_div", "tensor_exp", "tensor_expm1",
    "tensor_floordiv", "tensor_ge", "tensor_gt", "tensor_le", "tensor_lt", "tensor_mod", "tensor_mul", "tensor_neg",
    "tensor_pow", "tensor_sub", "truncate_div", "truncate_mod", "typeof",
]  # fmt: skip
