"""Dense layers: products with a weight, of one input or of two."""

import math

from ... import ops
from ...core import checks
from ...core.dtype import float32, to_dtype
from ...core.errors import fail
from ...core.initializer import HeUniform, Uniform
from ..cell import Cell
from .activation import activation_of
from .weights import cast_like, parameter


class Dense(Cell):
    """``activation(x @ weight.T + bias)``: a fully connected layer.

    Args:
        in_channels: int, the length of the last axis of the input.
        out_channels: int, the length of the last axis of the output.
        weight_init: an initializer, its name, a number or a Tensor of shape (out_channels, in_channels).  None (the
            default): uniform in +-1/sqrt(in_channels).
        bias_init: the same for the bias of shape (out_channels,).
        has_bias: bool, whether to add a bias.  Default: True.
        activation: a name such as "relu", a Cell or a function.  Default: None.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (..., in_channels).

    Returns:
        Tensor of shape (..., out_channels) and the dtype of x.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number of channels that is not positive, or a Tensor or input of the wrong shape.

    >>> from minispore import Tensor, nn
    >>> net = nn.Dense(3, 4, weight_init="ones", bias_init=0.5)
    >>> print(net(Tensor([[1.0, 2.0, 3.0]])))
    [[6.5 6.5 6.5 6.5]]
    """

    is_piece = True

    def __init__(self, in_channels, out_channels, weight_init=None, bias_init=None, has_bias=True, activation=None,
                 dtype=float32):  # fmt: skip
        super().__init__()
        self.in_channels = checks.positive_int("Dense", in_channels=in_channels)
        self.out_channels = checks.positive_int("Dense", out_channels=out_channels)
        self.has_bias = checks.boolean("Dense", has_bias=has_bias)
        self.weight, self.bias = _affine("Dense", in_channels, out_channels, weight_init, bias_init, has_bias, dtype)
        self.activation = activation_of("Dense", activation)

    def construct(self, x):
        checks.tensor("Dense", input=x)
        if not x.shape or x.shape[-1] != self.in_channels:
            raise fail(
                ValueError,
                f"For 'Dense', the last axis of the input must have 'in_channels' = {self.in_channels} elements, "
                f"but its shape is {x.shape}.",
            )
        out = ops.dense(x, cast_like(self.weight, x), cast_like(self.bias, x))
        return out if self.activation is None else self.activation(out)

    def extend_repr(self):
        text = f"input_channels={self.in_channels}, output_channels={self.out_channels}"
        if self.has_bias:
            text += ", has_bias=True"
        return text if self.activation is None else f"{text}, activation={self.activation}"


def _affine(owner, fan_in, fan_out, weight_init, bias_init, has_bias, dtype):
    weight_init = HeUniform(math.sqrt(5)) if weight_init is None else weight_init
    weight = parameter(owner, "weight", weight_init, (fan_out, fan_in), dtype)
    if not has_bias:
        return weight, None
    return weight, parameter(
        owner, "bias", Uniform(1 / math.sqrt(fan_in)) if bias_init is None else bias_init, (fan_out,), dtype
    )


class Linear(Cell):
    """``x @ weight.T + bias``: ``Dense`` with PyTorch's arguments.

    Args:
        in_features: int, the length of the last axis of the input.
        out_features: int, the length of the last axis of the output.
        bias: bool, whether to add a bias.  Default: True.
        weight_init: an initializer, its name, a number or a Tensor of shape (out_features, in_features).  None (the
            default): uniform in +-1/sqrt(in_features).
        bias_init: the same for the bias of shape (out_features,).
        dtype: the type of the Parameters; None for float32.

    Inputs:
        x: Tensor of floats, shape (..., in_features).

    Returns:
        Tensor of shape (..., out_features) and the dtype of x.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number of features that is not positive, or a Tensor or input of the wrong shape.

    >>> from minispore import Tensor, nn
    >>> print(nn.Linear(3, 1, weight_init="ones", bias_init=0.5)(Tensor([[1.0, 2.0, 3.0]])))
    [[6.5]]
    """

    def __init__(self, in_features, out_features, bias=True, weight_init=None, bias_init=None, dtype=None):
        super().__init__()
        self.in_features = checks.positive_int("Linear", in_features=in_features)
        self.out_features = checks.positive_int("Linear", out_features=out_features)
        self.has_bias = checks.boolean("Linear", bias=bias)
        self.weight, self.bias = _affine(
            "Linear", in_features, out_features, weight_init, bias_init, bias, to_dtype(dtype or float32)
        )

    def construct(self, x):
        return ops.dense(x, cast_like(self.weight, x), cast_like(self.bias, x))

    def extend_repr(self):
        text = f"input_features={self.in_features}, output_features={self.out_features}"
        return f"{text}, has_bias=True" if self.has_bias else text


class BiDense(Cell):
    """``out[k] = x1 @ weight[k] @ x2 + bias[k]`` for each output channel ``k``: a bilinear layer.

    Args:
        in1_channels: int, the length of the last axis of the first input.
        in2_channels: int, the length of the last axis of the second input.
        out_channels: int, the length of the last axis of the output.
        weight_init: an initializer, its name, a number or a Tensor of shape (out_channels, in1_channels, in2_channels).
            None (the default): uniform in +-1/sqrt(in1_channels).
        bias_init: the same for the bias of shape (out_channels,).
        has_bias: bool, whether to add a bias.  Default: True.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        input1: Tensor of floats, shape (..., in1_channels).
        input2: Tensor of floats, shape (..., in2_channels).

    Returns:
        Tensor of shape (..., out_channels) and the dtype of input1.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number of channels that is not positive, or inputs whose shapes do not fit.

    >>> from minispore import Tensor, nn
    >>> net = nn.BiDense(2, 2, 1, weight_init="ones", bias_init="zeros")
    >>> print(net(Tensor([[1.0, 2.0]]), Tensor([[3.0, 4.0]])))
    [[21.]]
    """

    def __init__(
        self, in1_channels, in2_channels, out_channels, weight_init=None, bias_init=None, has_bias=True, dtype=float32
    ):
        super().__init__()
        self.in1_channels = checks.positive_int("BiDense", in1_channels=in1_channels)
        self.in2_channels = checks.positive_int("BiDense", in2_channels=in2_channels)
        self.out_channels = checks.positive_int("BiDense", out_channels=out_channels)
        self.has_bias = checks.boolean("BiDense", has_bias=has_bias)
        default = Uniform(1 / math.sqrt(in1_channels))
        shape = (out_channels, in1_channels, in2_channels)
        self.weight = parameter("BiDense", "weight", default if weight_init is None else weight_init, shape, dtype)
        self.bias = None
        if has_bias:
            self.bias = parameter(
                "BiDense", "bias", default if bias_init is None else bias_init, (out_channels,), dtype
            )

    def construct(self, input1, input2):
        for name, x, n in (("input1", input1, self.in1_channels), ("input2", input2, self.in2_channels)):
            if checks.tensor("BiDense", **{name: x}).shape[-1] != n:
                raise fail(
                    ValueError,
                    f"For 'BiDense', the last axis of '{name}' must have {n} elements, but its shape is {x.shape}.",
                )
        lead = input1.shape[:-1]
        if lead != input2.shape[:-1]:
            raise fail(
                ValueError,
                f"For 'BiDense', the inputs must agree in all axes but the last, but got {input1.shape} and "
                f"{input2.shape}.",
            )
        x, y = input1.reshape(-1, self.in1_channels), input2.reshape(-1, self.in2_channels)
        by_input = cast_like(self.weight, x).transpose(1, 0, 2).reshape(self.in1_channels, -1)
        products = ops.matmul(x, by_input).reshape(-1, self.out_channels, self.in2_channels)
        out = ops.sum(products * ops.expand_dims(y, 1), -1)
        return (out if self.bias is None else out + cast_like(self.bias, x)).reshape(*lead, self.out_channels)

    def extend_repr(self):
        text = (
            f"in1_channels={self.in1_channels}, in2_channels={self.in2_channels}, output_channels={self.out_channels}"
        )
        return f"{text}, has_bias=True" if self.has_bias else text
