"""Padding layers."""

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.errors import fail
from ...ops.padding import pad_constant
from ...ops.slicing import slice_along
from ..cell import Cell


class Pad(Cell):
    """Elements before and after each axis.

    Args:
        paddings: tuple of a pair of ints (before, after) for each axis, of 4 axes at most.
        mode: "CONSTANT" (zeros, the default), "REFLECT" (mirrored at the edge element) or "SYMMETRIC" (mirrored beside
            it).

    Inputs:
        x: Tensor with as many axes as there are pairs.

    Returns:
        Tensor of the dtype of x, each axis longer by ``before + after``.

    Raises:
        TypeError: ``paddings`` is not a tuple, or x not a Tensor.
        ValueError: ``paddings`` does not hold pairs of ints from 0, or does not fit the input; an unknown mode.

    >>> from minispore import Tensor, nn
    >>> print(nn.Pad(((1, 2),), "REFLECT")(Tensor([1, 2, 3])))
    [2 1 2 3 2 1]
    """

    def __init__(self, paddings, mode="CONSTANT"):
        super().__init__()
        self.mode = checks.one_of("Pad", ["CONSTANT", "REFLECT", "SYMMETRIC"], mode=mode)
        for pair in checks.instance("Pad", tuple, paddings=paddings):
            if len(checks.instance("Pad", (tuple, list), paddings=pair)) != 2 or min(pair) < 0:
                raise fail(
                    ValueError,
                    f"For 'Pad', 'paddings' must hold pairs of ints that are not negative, but got {paddings}.",
                )
        if len(paddings) > 4:
            raise fail(ValueError, f"For 'Pad', at most 4 axes are possible, but 'paddings' has {len(paddings)}.")
        self.paddings = paddings

    def construct(self, x):
        if len(self.paddings) != checks.tensor("Pad", input=x).ndim:
            raise fail(
                ValueError,
                f"For 'Pad', 'paddings' must have a pair for each axis, but got {self.paddings} for the shape "
                f"{x.shape}.",
            )
        if self.mode == "CONSTANT":
            return pad_constant(x, *zip(*self.paddings))
        for axis, (before, after) in enumerate(self.paddings):
            x = _mirrored(x, axis, before, after, 1 if self.mode == "REFLECT" else 0)
        return x


def _mirrored(x, axis, before, after, skip):
    n = x.shape[axis]
    if max(before, after) > n - skip:
        raise fail(
            ValueError,
            f"For 'Pad', at most {n - skip} elements can be mirrored at the axis {axis}, but got {(before, after)}.",
        )
    parts = [x]
    if before:
        parts.insert(0, ops.flip(slice_along(x, axis, skip, before), (axis,)))
    if after:
        parts.append(ops.flip(slice_along(x, axis, n - skip - after, after), (axis,)))
    return ops.concat(parts, axis) if len(parts) > 1 else x


class _PadNd(Cell):
    """``padding``: an int, or (left, right, top, bottom, front, back), two ints for each padded axis."""

    spatial = 0  # number of axes that may be padded, counted from the last
    exact = False  # whether a padding must be given for each of them
    mode = "constant"
    value: float | int | None = None

    def __init__(self, padding):
        super().__init__()
        name = type(self).__name__
        if isinstance(checks.instance(name, (int, tuple), padding=padding), int):
            padding = (padding,) * (2 * self.spatial)
        for p in padding:
            checks.integer(name, padding=p)
        if len(padding) % 2 or len(padding) > 2 * self.spatial or (self.exact and len(padding) != 2 * self.spatial):
            raise fail(
                ValueError,
                f"For '{name}', the argument 'padding' must hold {2 * self.spatial} ints, two for each axis, but "
                f"got {padding}.",
            )
        if self.mode == "reflect" and min(padding, default=0) < 0:
            raise fail(ValueError, f"For '{name}', the elements of 'padding' must not be negative, but got {padding}.")
        self.padding = padding

    def construct(self, x):
        return ops.pad(x, self.padding, self.mode, self.value)


class _ConstantPad(_PadNd):
    def __init__(self, padding, value):
        super().__init__(padding)
        self.value = checks.number(type(self).__name__, value=value)


_AROUND = """Args:
    padding: {form}.
{value}
Inputs:
    x: Tensor with at least {axes}.

Returns:
    Tensor of the dtype of x, each padded axis longer by the sum of its two ints.

Raises:
    TypeError: {argument} of a wrong type.
    ValueError: ``padding`` has a wrong number of ints, or does not fit the input."""
_VALUE = {"value": "    value: number, what the new elements are.\n", "argument": "an argument"}
_NO_VALUE = {"value": "", "argument": "``padding`` is"}
_LINE = {"form": "int, or (left, right)", "axes": "1 axis"}
_PLANE = {"form": "int, or (left, right, top, bottom)", "axes": "2 axes"}
_VOLUME = {"form": "int, or (left, right, top, bottom, front, back)", "axes": "3 axes"}


@documented(around=_AROUND, **_VALUE, **_LINE)
class ConstantPad1d(_ConstantPad):
    """``value`` around the last axis.

    {around}

    >>> from minispore import Tensor, nn
    >>> print(nn.ConstantPad1d((1, 2), 0.5)(Tensor([1.0, 2.0])))
    [0.5 1.  2.  0.5 0.5]
    """

    spatial, exact = 1, True


@documented(around=_AROUND, **_VALUE, **_PLANE)
class ConstantPad2d(_ConstantPad):
    """``value`` around the last two axes.

    {around}

    >>> from minispore import Tensor, nn
    >>> print(nn.ConstantPad2d(1, 9)(Tensor([[1, 2]])))
    [[9 9 9 9]
     [9 1 2 9]
     [9 9 9 9]]
    """

    spatial = 2


@documented(around=_AROUND, **_VALUE, **_VOLUME)
class ConstantPad3d(_ConstantPad):
    """``value`` around the last three axes.

    {around}

    >>> from minispore import nn, ops
    >>> nn.ConstantPad3d((1, 1, 0, 0, 2, 0), 9)(ops.zeros((2, 3, 4))).shape
    (4, 3, 6)
    """

    spatial = 3


@documented(around=_AROUND, **_NO_VALUE, **_PLANE)
class ZeroPad2d(_PadNd):
    """Zeros around the last two axes.

    {around}

    >>> from minispore import Tensor, nn
    >>> print(nn.ZeroPad2d((1, 0, 0, 1))(Tensor([[1, 2]])))
    [[0 1 2]
     [0 0 0]]
    """

    spatial, value = 2, 0


@documented(around=_AROUND, **_NO_VALUE, **_LINE)
class ReflectionPad1d(_PadNd):
    """The last axis mirrored at its end elements.

    {around}

    >>> from minispore import Tensor, nn
    >>> print(nn.ReflectionPad1d((1, 2))(Tensor([[1, 2, 3]])))
    [[2 1 2 3 2 1]]
    """

    spatial, mode = 1, "reflect"


@documented(around=_AROUND, **_NO_VALUE, **_PLANE)
class ReflectionPad2d(_PadNd):
    """The last two axes mirrored at their end elements.

    {around}

    >>> from minispore import Tensor, nn
    >>> print(nn.ReflectionPad2d((1, 0, 0, 1))(Tensor([[[1, 2], [3, 4]]])))
    [[[2 1 2]
      [4 3 4]
      [2 1 2]]]
    """

    spatial, mode = 2, "reflect"


@documented(around=_AROUND, **_NO_VALUE, **_VOLUME)
class ReflectionPad3d(_PadNd):
    """The last three axes mirrored at their end elements.

    {around}

    >>> from minispore import nn, ops
    >>> nn.ReflectionPad3d(1)(ops.zeros((1, 2, 3, 4))).shape
    (1, 4, 5, 6)
    """

    spatial, mode = 3, "reflect"


@documented(around=_AROUND, **_NO_VALUE, **_LINE)
class ReplicationPad1d(_PadNd):
    """The last axis continued by its end elements.

    {around}

    >>> from minispore import Tensor, nn
    >>> print(nn.ReplicationPad1d((1, 2))(Tensor([[1, 2, 3]])))
    [[1 1 2 3 3 3]]
    """

    spatial, mode = 1, "replicate"


@documented(around=_AROUND, **_NO_VALUE, **_PLANE)
class ReplicationPad2d(_PadNd):
    """The last two axes continued by their end elements.

    {around}

    >>> from minispore import Tensor, nn
    >>> print(nn.ReplicationPad2d((1, 0, 0, 1))(Tensor([[[1, 2], [3, 4]]])))
    [[[1 1 2]
      [3 3 4]
      [3 3 4]]]
    """

    spatial, mode = 2, "replicate"


@documented(around=_AROUND, **_NO_VALUE, **_VOLUME)
class ReplicationPad3d(_PadNd):
    """The last three axes continued by their end elements.

    {around}

    >>> from minispore import nn, ops
    >>> nn.ReplicationPad3d(1)(ops.zeros((1, 2, 3, 4))).shape
    (1, 4, 5, 6)
    """

    spatial, mode = 3, "replicate"


__all__ = [
    "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "Pad", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d",
    "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d", "ZeroPad2d",
]  # fmt: skip
