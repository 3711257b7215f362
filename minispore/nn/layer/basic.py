"""Reshaping and other basic layers; dense ones stand in dense.py."""

import math

from ... import ops
from ...core import checks
from ...core.dtype import float32, to_dtype
from ...core.errors import fail
from ...core.tensor import Tensor
from ...ops.movement import axis_of
from ...ops.padding import pad_constant
from ...ops.reduction import axes_of, reduce_sum_keep
from ...ops.slicing import slice_along
from ..cell import Cell
from .dense import BiDense, Dense, Linear  # MindSpore has them in this module
from .dropout import (
    Dropout,
    Dropout1d,
    Dropout2d,
    Dropout2dExt,
    Dropout3d,
    DropoutExt,
)


class Flatten(Cell):
    """The axes from ``start_dim`` to ``end_dim`` made into one.

    Args:
        start_dim: int, the first of them.  Default: 1.
        end_dim: int, the last of them.  Default: -1.

    Inputs:
        x: Tensor of any shape.

    Returns:
        Tensor of the dtype of x; by default of shape (N, product of the other lengths).

    Raises:
        TypeError: x is not a Tensor.
        ValueError: there are no such axes, or ``end_dim`` is before ``start_dim``.

    >>> from minispore import nn, ops
    >>> nn.Flatten()(ops.zeros((2, 3, 4))).shape
    (2, 12)
    """

    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def construct(self, x):
        checks.tensor("Flatten", input=x)
        n = max(x.ndim, 1)
        for name, axis in (("start_dim", self.start_dim), ("end_dim", self.end_dim)):
            if not -n <= axis < n:
                raise fail(
                    ValueError,
                    f"For 'Flatten', '{name}' must be in [{-n}, {n}) for an input of the shape {x.shape}, but got "
                    f"{axis}.",
                )
        return ops.flatten(x, start_dim=self.start_dim, end_dim=self.end_dim)


class Unflatten(Cell):
    """One axis made into several: the counterpart of ``Flatten``.

    Args:
        axis: int, the axis to split.
        unflattened_size: tuple or list of ints, the new lengths, whose product is the length of the axis.

    Inputs:
        input_x: Tensor with that axis.

    Returns:
        Tensor of the dtype of the input, with ``unflattened_size`` in the place of the axis.

    Raises:
        TypeError: ``axis`` is not an int, or ``unflattened_size`` neither tuple nor list.
        ValueError: there is no such axis, or the lengths do not multiply to its length.

    >>> from minispore import nn, ops
    >>> nn.Unflatten(1, (2, 3))(ops.zeros((4, 6))).shape
    (4, 2, 3)
    """

    def __init__(self, axis, unflattened_size):
        super().__init__()
        self.axis = checks.integer("Unflatten", axis=axis)
        self.unflattened_size = tuple(checks.instance("Unflatten", (list, tuple), unflattened_size=unflattened_size))

    def construct(self, input_x):
        a = axis_of("Unflatten", input_x.ndim, self.axis)
        return input_x.reshape(input_x.shape[:a] + self.unflattened_size + input_x.shape[a + 1 :])


class Identity(Cell):
    """Gives its input back.

    Args:
        *args: ignored.
        **kwargs: ignored.

    Inputs:
        input: anything.

    Returns:
        the input.

    >>> from minispore import Tensor, nn
    >>> print(nn.Identity()(Tensor([1, 2])))
    [1 2]
    """

    def __init__(self, *args, **kwargs):
        super().__init__()

    def construct(self, input):
        return input


class Upsample(Cell):
    """The input in another size, by ``ops.interpolate``.

    Args:
        size: int, or a tuple of one int for each spatial axis: the new lengths.  Default: None.
        scale_factor: float, or a tuple of them: the new lengths as multiples of the old ones.  Exactly one of ``size``
            and ``scale_factor`` is given.  Default: None.
        mode: "nearest" (the default), "nearest-exact", "linear" (3 axes), "bilinear" or "bicubic" (4), "trilinear" (5),
            "area".
        align_corners: bool, whether the corner elements keep their places; with the linear and cubic modes only.
            Default: None, as False.
        recompute_scale_factor: bool, whether ``size`` is computed from ``scale_factor`` first, which most modes need.
            Default: None.

    Inputs:
        x: Tensor of floats, shape (N, C, L), (N, C, H, W) or (N, C, D, H, W), as the mode demands.

    Returns:
        Tensor of shape (N, C, *new lengths) and the dtype of x.

    Raises:
        ValueError: both or neither of ``size`` and ``scale_factor``, or a mode that does not fit the input.

    >>> from minispore import Tensor, nn
    >>> print(nn.Upsample(size=(2, 4))(Tensor([[[[1.0, 2.0]]]])))
    [[[[1. 1. 2. 2.]
       [1. 1. 2. 2.]]]]
    """

    def __init__(self, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None):
        super().__init__()
        self.size, self.scale_factor, self.mode = size, scale_factor, mode
        self.align_corners, self.recompute_scale_factor = align_corners, recompute_scale_factor

    def construct(self, x):
        return ops.interpolate(
            x, self.size, self.scale_factor, self.mode, self.align_corners, self.recompute_scale_factor
        )


class OneHot(Cell):
    """``on_value`` at the given index along a new axis, ``off_value`` elsewhere.

    Args:
        axis: int, where the new axis lies; -1 (the default): last.
        depth: int, its length.  Default: 1.
        on_value: number.  Default: 1.0.
        off_value: number.  Default: 0.0.
        dtype: the type of the result.  Default: float32.

    Inputs:
        indices: Tensor of ints, any shape; an index outside [0, depth) gives ``off_value`` only.

    Returns:
        Tensor of ``dtype``, with the axis of length ``depth`` added to the shape of the indices.

    Raises:
        TypeError: ``depth`` is not an int.
        ValueError: ``depth`` is negative.

    >>> from minispore import Tensor, nn
    >>> print(nn.OneHot(depth=3)(Tensor([2, 0])))
    [[0. 0. 1.]
     [1. 0. 0.]]
    """

    def __init__(self, axis=-1, depth=1, on_value=1.0, off_value=0.0, dtype=float32):
        super().__init__()
        self.axis, self.depth = axis, checks.non_negative_int("OneHot", depth=depth)
        self.on_value, self.off_value, self.dtype = on_value, off_value, to_dtype(dtype)

    def construct(self, indices):
        on, off = (ops.cast(v, self.dtype) for v in (self.on_value, self.off_value))
        return ops.one_hot(indices, self.depth, on, off, self.axis)


class ClipByNorm(Cell):
    """``x * clip_norm / max(norm(x), clip_norm)`` with the Euclidean norm over ``axis``: scaled down where it is too
    long.

    Args:
        axis: int or tuple of ints; None (the default): all axes.

    Inputs:
        x: Tensor of floats, any shape.
        clip_norm: number, or Tensor that broadcasts to the norms: the largest norm.

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: ``axis`` is neither an int nor a tuple.

    >>> from minispore import Tensor, nn
    >>> print(nn.ClipByNorm()(Tensor([3.0, 4.0]), 1.0))
    [0.6 0.8]
    """

    def __init__(self, axis=None):
        super().__init__()
        if axis is not None:
            checks.instance("ClipByNorm", (int, tuple), axis=axis)
        self.axis = axis

    def construct(self, x, clip_norm):
        bound = clip_norm if isinstance(clip_norm, Tensor) else float(clip_norm)
        total = reduce_sum_keep(ops.square(x), axes_of("ClipByNorm", x.ndim, self.axis))
        length = ops.sqrt(ops.select(total > 0, total, 1.0))  # 1 in place of 0, where the root has no gradient
        return x * (bound / ops.maximum(length, bound))


class Norm(Cell):
    """The Euclidean norm ``sqrt(sum(x ** 2))`` over ``axis``.

    Args:
        axis: int or tuple of ints; () (the default): all axes.
        keep_dims: bool, whether the axes stay, with length 1.  Default: False.

    Inputs:
        x: Tensor of floats, any shape.

    Returns:
        Tensor of the dtype of x, without the axes summed over unless ``keep_dims``.

    Raises:
        TypeError: ``keep_dims`` is not a bool.

    >>> from minispore import Tensor, nn
    >>> print(nn.Norm(axis=1)(Tensor([[3.0, 4.0], [0.0, 2.0]])))
    [5. 2.]
    """

    def __init__(self, axis=(), keep_dims=False):
        super().__init__()
        self.axis, self.keep_dims = axis, checks.boolean("Norm", keep_dims=keep_dims)

    def construct(self, x):
        return ops.sqrt(ops.sum(ops.square(x), None if self.axis == () else self.axis, self.keep_dims))

    def extend_repr(self):
        return f"axis={self.axis}, keep_dims={self.keep_dims}"


class L1Regularizer(Cell):
    """``scale * sum(|weights|)``: a penalty to add to a loss.

    Args:
        scale: number, positive and finite.

    Inputs:
        weights: Tensor of floats, any shape.

    Returns:
        Tensor of shape () and the dtype of the weights.

    Raises:
        TypeError: ``scale`` is not a number.
        ValueError: ``scale`` is not positive and finite.

    >>> from minispore import Tensor, nn
    >>> print(nn.L1Regularizer(0.5)(Tensor([-1.0, 3.0])))
    2.0
    """

    def __init__(self, scale):
        super().__init__()
        checks.number("L1Regularizer", scale=scale)
        if not 0 < scale < math.inf:
            raise fail(
                ValueError, f"For 'L1Regularizer', the argument 'scale' must be positive and finite, but got {scale}."
            )
        self.scale = float(scale)

    def construct(self, weights):
        return ops.sum(ops.abs(weights)) * self.scale


class Tril(Cell):
    """The lower triangle of the last two axes, zeros elsewhere.

    Inputs:
        x: Tensor with at least 2 axes.
        k: int, the highest diagonal to keep: 0 (the default) the main one, 1 that above it.

    Returns:
        Tensor of the shape and dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.Tril()(Tensor([[1, 2], [3, 4]])))
    [[1 0]
     [3 4]]
    """

    def construct(self, x, k=0):
        return ops.tril(x, k)


class Triu(Cell):
    """The upper triangle of the last two axes, zeros elsewhere.

    Inputs:
        x: Tensor with at least 2 axes.
        k: int, the lowest diagonal to keep: 0 (the default) the main one, 1 that above it.

    Returns:
        Tensor of the shape and dtype of x.

    >>> from minispore import Tensor, nn
    >>> print(nn.Triu()(Tensor([[1, 2], [3, 4]])))
    [[1 2]
     [0 4]]
    """

    def construct(self, x, k=0):
        return ops.triu(x, k)


class Roll(Cell):
    """Elements moved along axes; those that leave at the end come back at the beginning.

    Args:
        shift: int, or a tuple or list of them: how many places.
        axis: int, or a tuple or list of as many: along which axes.

    Inputs:
        input_x: Tensor with these axes.

    Returns:
        Tensor of the shape and dtype of the input.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``shift`` and ``axis`` have different lengths, or there is no such axis.

    >>> from minispore import Tensor, nn
    >>> print(nn.Roll(1, 0)(Tensor([1, 2, 3])))
    [3 1 2]
    """

    def __init__(self, shift, axis):
        super().__init__()
        for name, value in (("shift", shift), ("axis", axis)):
            checks.instance("Roll", (int, tuple, list), **{name: value})
        self.shift, self.axis = ((v,) if isinstance(v, int) else tuple(v) for v in (shift, axis))
        if len(self.shift) != len(self.axis):
            raise fail(
                ValueError, f"For 'Roll', 'shift' and 'axis' must have equal lengths, but got {shift} and {axis}."
            )

    def construct(self, input_x):
        return ops.roll(input_x, self.shift, self.axis)


class Unfold(Cell):
    """Patches of images, each laid out along the channels.

    Args:
        ksizes: [1, rows, columns, 1] (tuple or list of ints), the size of a patch.
        strides: [1, rows, columns, 1], the steps between patches.
        rates: [1, rows, columns, 1], the steps between the elements of one patch.
        padding: "valid" (none, the default) or "same" (zeros, so that there are ``ceil(input / stride)`` patches).

    Inputs:
        input_x: Tensor of shape (N, C, H, W).

    Returns:
        Tensor of shape (N, rows * columns * C, H', W') and the dtype of the input; its channels are ordered by the
        place in the patch first.

    Raises:
        TypeError: a size is neither a tuple nor a list.
        ValueError: a size is not of this form, or another ``padding``.

    >>> from minispore import nn, ops
    >>> layer = nn.Unfold(ksizes=[1, 2, 2, 1], strides=[1, 1, 1, 1], rates=[1, 1, 1, 1])
    >>> layer(ops.ones((1, 3, 4, 4))).shape
    (1, 12, 3, 3)
    """

    def __init__(self, ksizes, strides, rates, padding="valid"):
        super().__init__()
        for name, value in (("ksizes", ksizes), ("strides", strides), ("rates", rates)):
            checks.instance("Unfold", (tuple, list), **{name: value})
            if (
                len(value) != 4
                or value[0] != 1
                or value[3] != 1
                or not all(type(v) is int and v > 0 for v in value[1:3])
            ):
                raise fail(
                    ValueError,
                    f"For 'Unfold', '{name}' must be [1, row, column, 1] with positive ints, but got {value}.",
                )
        self.kernel, self.stride, self.rate = (tuple(v[1:3]) for v in (ksizes, strides, rates))
        self.padding = checks.one_of("Unfold", ["same", "valid"], padding=padding.lower())

    def construct(self, input_x):
        checks.rank("Unfold", 4, input=input_x)
        counts, before, after = [], [0, 0], [0, 0]
        for a, n in enumerate(input_x.shape[2:]):
            span = (self.kernel[a] - 1) * self.rate[a] + 1
            count = -(-n // self.stride[a]) if self.padding == "same" else (n - span) // self.stride[a] + 1
            missing = max((count - 1) * self.stride[a] + span - n, 0)
            before[a], after[a] = missing // 2, missing - missing // 2
            counts.append(count)
        x = pad_constant(input_x, (0, 0, *before), (0, 0, *after))
        patches = []
        for i in range(self.kernel[0]):
            rows = slice_along(x, 2, i * self.rate[0], counts[0], self.stride[0])
            patches += [
                slice_along(rows, 3, j * self.rate[1], counts[1], self.stride[1]) for j in range(self.kernel[1])
            ]
        return ops.concat(patches, 1)  # (N, kh * kw * C, ...): the channel changes fastest


def check_dense_input_shape(x, prim_name=None) -> None:
    """Raises unless a shape has at least two axes; layers written for MindSpore 1 call it.

    Args:
        x: tuple of ints, the shape of an input.
        prim_name: str, the layer's name for the message.  Default: None.

    Raises:
        ValueError: fewer than two axes.

    >>> check_dense_input_shape((2, 3), "Dense")
    """
    if len(x) < 2:
        raise fail(ValueError, f"For '{prim_name}', the input must have at least 2 axes, but its shape is {x}.")


__all__ = [
    "BiDense", "ClipByNorm", "Dense", "Dropout", "Dropout1d", "Dropout2d", "Dropout2dExt", "Dropout3d",
    "DropoutExt", "Flatten", "Identity", "L1Regularizer", "Linear", "Norm", "OneHot", "Roll", "Tril", "Triu",
    "Unflatten", "Unfold", "Upsample",
]  # fmt: skip
