"""The cells of ``ops.jvp`` and ``ops.vjp``, kept from MindSpore's older API."""

from ..transforms import jvp, vjp
from .cell import Cell

__all__ = ["Jvp", "Vjp"]


class Jvp(Cell):
    """The value of a function and its derivative along ``v``: ``Jvp(fn)(*inputs, v)``.

    Args:
        fn: Cell or function of Tensors.

    Inputs:
        *args: the inputs of ``fn``, then v: a Tensor of the input's shape, for several inputs a tuple of them.

    Returns:
        tuple (value, derivative), both as ``fn`` returns.

    >>> from minispore import Tensor, nn, ops
    >>> value, change = nn.Jvp(ops.square)(Tensor([3.0]), Tensor([1.0]))
    >>> print(value, change)
    [9.] [6.]
    """

    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def construct(self, *args):
        *inputs, v = args
        return jvp(self.fn, tuple(inputs), v)


class Vjp(Cell):
    """The value of a function and the gradient of its inputs for the cotangent ``v``: ``Vjp(fn)(*inputs, v)``.

    Args:
        fn: Cell or function of Tensors.

    Inputs:
        *args: the inputs of ``fn``, then v: a Tensor of the output's shape, for several outputs a tuple of them.

    Returns:
        tuple (value, gradient), the gradient of several inputs a tuple.

    >>> from minispore import Tensor, nn, ops
    >>> value, gradient = nn.Vjp(ops.square)(Tensor([3.0]), Tensor([1.0]))
    >>> print(value, gradient)
    [9.] [6.]
    """

    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def construct(self, *args):
        *inputs, v = args
        value, pull = vjp(self.fn, *inputs)
        gradients = pull(v)
        return value, gradients[0] if len(inputs) == 1 else gradients
