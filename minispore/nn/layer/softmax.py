"""Activations over an axis: softmax and its relatives, gated linear units, local response normalisation."""

from ... import ops
from ...core import checks
from ..cell import Cell
from .activation_cell import Activation, of


class Softmax(Activation):
    """``exp(x) / sum(exp(x))`` along ``axis``, safe from overflow.

    Args:
        axis: int, the axis that sums to 1.  Default: -1.

    Inputs:
        x: Tensor of floats, any shape with that axis.

    Returns:
        Tensor of the shape and dtype of x, in [0, 1].

    Raises:
        TypeError: ``axis`` is not an int, or x not a Tensor.
        ValueError: x has no such axis.

    >>> from minispore import Tensor, nn
    >>> print(nn.Softmax()(Tensor([[0.0, 0.0], [1000.0, 0.0]])))
    [[0.5 0.5]
     [1.  0. ]]
    """

    function = of(ops.softmax)

    def __init__(self, axis=-1):
        super().__init__()
        if isinstance(axis, tuple) and len(axis) == 1:
            axis = axis[0]
        self.axis = checks.integer("Softmax", axis=axis)
        self.arguments = (axis,)


class LogSoftmax(Activation):
    """``x - log(sum(exp(x)))`` along ``axis``, safe from overflow.

    Args:
        axis: int, the axis to sum over.  Default: -1.

    Inputs:
        x: Tensor of floats, any shape with that axis.

    Returns:
        Tensor of the shape and dtype of x, at most 0.

    Raises:
        TypeError: ``axis`` is not an int, or x not a Tensor.
        ValueError: x has no such axis.

    >>> from minispore import Tensor, nn
    >>> print(nn.LogSoftmax()(Tensor([[0.0, 0.0]])))
    [[-0.6931472 -0.6931472]]
    """

    function = of(ops.log_softmax)

    def __init__(self, axis=-1):
        super().__init__()
        self.axis = checks.integer("LogSoftmax", axis=axis)
        self.arguments = (axis,)


class LogSoftmaxExt(Cell):
    """``LogSoftmax`` with PyTorch's argument.

    Args:
        dim: int, the axis to sum over.  None (the default): axis 0 of an x with 0, 1 or 3 axes, axis 1 of others.

    Inputs:
        x: Tensor of floats, any shape with that axis.

    Returns:
        Tensor of the shape and dtype of x, at most 0.

    >>> from minispore import Tensor, nn
    >>> print(nn.LogSoftmaxExt()(Tensor([[0.0, 0.0]])))
    [[-0.6931472 -0.6931472]]
    """

    is_piece = True

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def construct(self, x):
        return ops.log_softmax(x, (0 if x.ndim in (0, 1, 3) else 1) if self.dim is None else self.dim)


class Softmin(Activation):
    """``softmax(-x)`` along ``axis``.

    Args:
        axis: int, the axis that sums to 1.  Default: -1.

    Inputs:
        x: Tensor of floats, any shape with that axis.

    Returns:
        Tensor of the shape and dtype of x, in [0, 1].

    Raises:
        TypeError: x is not a Tensor.
        ValueError: x has no such axis.

    >>> from minispore import Tensor, nn
    >>> print(nn.Softmin()(Tensor([0.0, 1000.0])))
    [1. 0.]
    """

    function = of(ops.softmin)

    def __init__(self, axis=-1):
        super().__init__()
        self.axis, self.arguments = axis, (axis,)


class Softmax2d(Cell):
    """``softmax`` over the channels of each pixel.

    Inputs:
        x: Tensor of floats, shape (N, C, H, W) or (C, H, W).

    Returns:
        Tensor of the shape and dtype of x; its channels sum to 1.

    Raises:
        TypeError: x is not a Tensor.
        ValueError: x has other than 3 or 4 axes.

    >>> from minispore import Tensor, nn
    >>> print(nn.Softmax2d()(Tensor([[[0.0]], [[0.0]]])))
    [[[0.5]]
    <BLANKLINE>
     [[0.5]]]
    """

    is_piece = True

    def construct(self, x):
        checks.rank("Softmax2d", 3, 4, input=x)
        return ops.softmax(x, -3)


class GLU(Activation):
    """``a * sigmoid(b)`` with the halves ``a, b`` of x along ``axis`` (Dauphin et al. 2016, arXiv 1612.08083).

    Args:
        axis: int, the axis to halve.  Default: -1.

    Inputs:
        x: Tensor of floats, an even number of elements along ``axis``.

    Returns:
        Tensor of the dtype of x and half its length along ``axis``.

    Raises:
        TypeError: x is not a Tensor.
        ValueError: the axis has an odd number of elements.

    >>> from minispore import Tensor, nn
    >>> print(nn.GLU()(Tensor([1.0, 2.0, 0.0, 0.0])))
    [0.5 1. ]
    """

    function = of(ops.glu)

    def __init__(self, axis=-1):
        super().__init__()
        self.axis, self.arguments = axis, (axis,)


class LRN(Cell):
    """Local response normalisation: ``x / (bias + alpha * s) ** beta``, where ``s`` is the sum of squares over the
    ``2 * depth_radius + 1`` nearest channels (Krizhevsky et al. 2012).

    Args:
        depth_radius: int, how many channels on each side.  Default: 5.
        bias: float.  Default: 1.0.
        alpha: float.  Default: 1.0.
        beta: float.  Default: 0.5.
        norm_region: "ACROSS_CHANNELS", the only choice.

    Inputs:
        input_x: Tensor of floats, shape (N, C, H, W).

    Returns:
        Tensor of the shape and dtype of the input.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``depth_radius`` is negative, or another ``norm_region``.

    >>> from minispore import Tensor, nn
    >>> print(nn.LRN(depth_radius=0)(Tensor([[[[0.0, 1.0]]]])))
    [[[[0.         0.70710677]]]]
    """

    def __init__(self, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region="ACROSS_CHANNELS"):
        super().__init__()
        checks.non_negative_int("LRN", depth_radius=depth_radius)
        for name, value in (("bias", bias), ("alpha", alpha), ("beta", beta)):
            checks.floating("LRN", **{name: value})
        checks.one_of("LRN", ["ACROSS_CHANNELS"], norm_region=norm_region)
        self.arguments = (depth_radius, bias, alpha, beta)

    def construct(self, input_x):
        return ops.lrn(input_x, *self.arguments)


__all__ = [
    "GLU", "LRN", "LogSoftmax", "LogSoftmaxExt", "Softmax", "Softmax2d", "Softmin",
]  # fmt: skip
