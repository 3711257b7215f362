"""Padding layers."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...ops.movement import pad_constant, slice_along
from ..cell import Cell


class Pad(Cell):
    """Elements before and after each axis.

    Args:
        paddings: a tuple of (before, after) for each axis.
        mode: "CONSTANT" (zeros), "REFLECT" (mirrored at the edge element) or "SYMMETRIC" (mirrored beside it).

    Raises:
        TypeError: ``paddings`` is not a tuple.
        ValueError: it does not hold pairs, or does not fit the input; an unknown mode.

    >>> import minispore as ms
    >>> print(Pad(((1, 2),), "REFLECT")(ms.Tensor([1, 2, 3])))
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


class ConstantPad1d(_ConstantPad):
    """``value`` around the last axis; ``padding`` is (left, right) or an int."""

    spatial, exact = 1, True


class ConstantPad2d(_ConstantPad):
    """``value`` around the last two axes; ``padding`` is (left, right, top, bottom) or an int."""

    spatial = 2


class ConstantPad3d(_ConstantPad):
    """``value`` around the last three axes; ``padding`` is (left, right, top, bottom, front, back) or an int."""

    spatial = 3


class ZeroPad2d(_PadNd):
    """Zeros around the last two axes; ``padding`` is (left, right, top, bottom) or an int."""

    spatial, value = 2, 0


class ReflectionPad1d(_PadNd):
    """The last axis mirrored at its ends; ``padding`` is (left, right) or an int."""

    spatial, mode = 1, "reflect"


class ReflectionPad2d(_PadNd):
    """The last two axes mirrored at their ends; ``padding`` is (left, right, top, bottom) or an int."""

    spatial, mode = 2, "reflect"


class ReflectionPad3d(_PadNd):
    """The last three axes mirrored at their ends; ``padding`` is (left, right, top, bottom, front, back) or an int."""

    spatial, mode = 3, "reflect"


class ReplicationPad1d(_PadNd):
    """The last axis continued by its end elements; ``padding`` is (left, right) or an int."""

    spatial, mode = 1, "replicate"


class ReplicationPad2d(_PadNd):
    """The last two axes continued by their end elements; ``padding`` is (left, right, top, bottom) or an int."""

    spatial, mode = 2, "replicate"


class ReplicationPad3d(_PadNd):
    """The last three axes continued by their end elements; ``padding`` has six ints, or is an int."""

    spatial, mode = 3, "replicate"


__all__ = [
    "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "Pad", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d",
    "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d", "ZeroPad2d",
]  # fmt: skip
