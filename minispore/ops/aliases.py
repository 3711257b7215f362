"""Other names of functions, and functions whose result is simple because Tensors are real and there is one device."""

from ..core.dtype import to_dtype
from ..core.tensor import Tensor
from . import elementwise as e
from .arithmetic import fmod, trunc_quotient
from .creation import full_like
from .movement import reshape

tensor_add, tensor_sub, tensor_mul, tensor_div, tensor_floordiv = e.add, e.sub, e.mul, e.div, e.floor_div
tensor_pow, tensor_mod, tensor_exp, tensor_expm1, power = e.pow, e.floor_mod, e.exp, e.expm1, e.pow
tensor_lt, tensor_le, tensor_gt, tensor_ge = e.less, e.less_equal, e.greater, e.greater_equal
floordiv, floormod, truncate_div, truncate_mod = e.floor_div, e.floor_mod, trunc_quotient, fmod


neg_tensor, tensor_neg = e.neg, e.neg


def scalar_cast(input_x, input_y):
    """The number ``input_x`` as one of the type ``input_y``."""
    return to_dtype(input_y).np.type(input_x).item()


def control_depend(depend_src, depend_dst, depend_mode=0):
    """Accepted: what has effects happens in the order in which it is written.  Returns ``depend_dst``."""
    return depend_dst


def real(input):
    """``input``: Tensors are real."""
    return input


conj = real


def imag(input):
    """Zeros: Tensors are real."""
    return full_like(input, 0)


def isreal(input):
    """True everywhere: Tensors are real."""
    return full_like(input, True, dtype=bool)


def approximate_equal(x, y, tolerance=1e-05):
    """Where ``|x - y| < tolerance``."""
    return e.abs(x - y) < tolerance


def bias_add(input_x, bias):
    """``bias`` added to the channels (axis 1)."""
    return input_x + reshape(bias, (-1,) + (1,) * (input_x.ndim - 2))


def fills(x, value):
    """``value`` in the shape and type of ``x``."""
    return full_like(x, value)


def typeof(x):
    """The type of ``x``."""
    return x.dtype if isinstance(x, Tensor) else type(x)


__all__ = [
    "approximate_equal", "bias_add", "conj", "control_depend", "fills", "floordiv", "floormod", "imag", "isreal",
    "neg_tensor", "power", "real", "scalar_cast", "tensor_add", "tensor_div", "tensor_exp", "tensor_expm1",
    "tensor_floordiv", "tensor_ge", "tensor_gt", "tensor_le", "tensor_lt", "tensor_mod", "tensor_mul", "tensor_neg",
    "tensor_pow", "tensor_sub", "truncate_div", "truncate_mod", "typeof",
]  # fmt: skip
