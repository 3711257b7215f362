"""The cells of ``ops.jvp`` and ``ops.vjp``, kept from MindSpore's older API."""

from ..transforms import jvp, vjp
from .cell import Cell

__all__ = ["Jvp", "Vjp"]


class Jvp(Cell):
    """``Jvp(fn)(*inputs, v)``: the value of ``fn`` and its derivative along ``v`` (a tuple for several inputs).

    >>> import minispore as ms
    >>> value, change = Jvp(ms.ops.square)(ms.Tensor([3.0]), ms.Tensor([1.0]))
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
    """``Vjp(fn)(*inputs, v)``: the value of ``fn`` and the gradient of its inputs, of several as a tuple.

    >>> import minispore as ms
    >>> value, gradient = Vjp(ms.ops.square)(ms.Tensor([3.0]), ms.Tensor([1.0]))
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
