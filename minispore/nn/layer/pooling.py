"""Pooling.  Windows over three axes are taken over two of them and then over the third, which gives the same."""

import math

from ... import ops
from ...errors import fail
from ...ops.pool import avg_pool_with, max_pool_with
from ..cell import Cell
from . import check


class _Pool(Cell):
    """What pooling layers share: window, step and padding."""

    spatial = 2
    only_int = False
    format = "NCHW"

    def __init__(self, kernel_size, stride, pad_mode, data_format="NCHW"):
        super().__init__()
        name = type(self).__name__
        self.pad_mode = check.one_of(name, "pad_mode", check.instance(name, "pad_mode", pad_mode, str).upper(), ["VALID", "SAME", "PAD"])
        check.one_of(name, "data_format", data_format, [self.format])
        self.kernel_size, self.stride = self._size("kernel_size", kernel_size), self._size("stride", stride)
        self.kernel, self.step = (v if isinstance(v, tuple) else (v,) * self.spatial for v in (self.kernel_size, self.stride))

    def _size(self, what, given):
        """An int above 0, or a tuple of one for each axis."""
        name = type(self).__name__
        types = (int,) if self.only_int else (int, tuple)
        values = (given,) if isinstance(check.instance(name, what, given, *types), int) else given
        if len(values) not in (1, self.spatial) or any(type(v) is not int or v <= 0 for v in values):
            raise fail(ValueError, f"For '{name}', the argument '{what}' must be a positive int or a tuple of {self.spatial}, but got {given}.")
        return values[0] if len(values) == 1 else values

    def _padding(self, given) -> tuple[int, ...]:
        name = type(self).__name__
        values = (given,) if isinstance(check.instance(name, "padding", given, int, tuple, list), int) else tuple(given)
        for v in values:
            check.non_negative_int(name, "padding", v)
        if len(values) not in (1, self.spatial):
            raise fail(ValueError, f"For '{name}', the argument 'padding' must be an int or hold {self.spatial}, but got {given}.")
        return values if len(values) == self.spatial else values * self.spatial

    def construct(self, x):
        name = type(self).__name__
        check.rank(name, x, self.spatial + 1, self.spatial + 2)
        single = x.ndim == self.spatial + 1
        out = self._pooled(ops.expand_dims(x, 0) if single else x)
        if not single:
            return out
        return tuple(ops.squeeze(t, 0) for t in out) if isinstance(out, tuple) else ops.squeeze(out, 0)

    def _pooled(self, x):
        raise NotImplementedError

    def extend_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, pad_mode={self.pad_mode}"


def _planes(x):
    """(N, C, H, W) views for two poolings of (N, C, [D, [H,]] W): one over the last two axes, one over the depth."""
    if x.ndim == 3:
        return ops.expand_dims(x, 2)
    return ops.reshape(x, (x.shape[0], -1, *x.shape[-2:]))


# ---------------------------------------------------------------- maximum
class _MaxPool(_Pool):
    def __init__(self, kernel_size=1, stride=1, pad_mode="valid", padding=0, dilation=1, return_indices=False, ceil_mode=False,
                 data_format="NCHW"):  # fmt: skip
        super().__init__(kernel_size, stride, pad_mode, data_format)
        name = type(self).__name__
        self.padding = self._padding(padding)
        self.dilation = self._size("dilation", dilation)
        self.dilate = self.dilation if isinstance(self.dilation, tuple) else (self.dilation,) * self.spatial
        self.return_indices = check.boolean(name, "return_indices", return_indices)
        self.ceil_mode = check.boolean(name, "ceil_mode", ceil_mode)
        if self.pad_mode != "PAD" and (any(self.padding) or max(self.dilate) > 1 or return_indices or ceil_mode):
            raise fail(
                ValueError,
                f"For '{name}', 'padding', 'dilation', 'return_indices' and 'ceil_mode' are possible with pad_mode='pad' only, but "
                f"got pad_mode={pad_mode!r}.",
            )

    def _over(self, x, axes):
        """(values, positions) of windows over the last axes of 4-d ``x`` in the sizes given for ``axes``."""
        kernel, step, padding, dilate = (tuple(v[a] for a in axes) for v in (self.kernel, self.step, self.padding, self.dilate))
        if any(2 * p > k for p, k in zip(padding, kernel)):
            raise fail(ValueError, f"For '{type(self).__name__}', 'padding' must be at most half the window, but got {self.padding} and {self.kernel_size}.")
        lead = (1,) * (2 - len(axes))
        nothing = (0,) * (2 - len(axes))
        return max_pool_with(x, lead + kernel, lead + step, self.pad_mode, nothing + padding, lead + dilate, self.ceil_mode, type(self).__name__)

    def _result(self, values, index):
        return (values, index.astype(ops.int64)) if self.return_indices else values


class MaxPool2d(_MaxPool):
    """The maximum of each window of (N, C, H, W) or (C, H, W).

    Args:
        kernel_size, stride: an int, or (height, width); both 1 by default.
        pad_mode: "valid" (no padding), "same" (an output of ``ceil(input / stride)``), or "pad" (as ``padding`` says).
        padding: an int, or (height, width): that much on both sides; at most half the window.
        dilation: the distance of the elements of a window.
        return_indices: also give the positions of the maxima in the flattened image (int64).
        ceil_mode: windows may end beyond the padding.
            These four with "pad" only.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range, or an input too small or with other axes.

    >>> import minispore as ms
    >>> print(MaxPool2d(2, stride=2)(ms.ops.arange(16.0).reshape(1, 1, 4, 4)))
    [[[[ 5.  7.]
       [13. 15.]]]]
    """

    def _pooled(self, x):
        return self._result(*self._over(x, (0, 1)))


class MaxPool1d(_MaxPool):
    """The maximum of each window of (N, C, L) or (C, L); the arguments are those of ``MaxPool2d``, as ints."""

    spatial, only_int = 1, True

    def __init__(self, kernel_size=1, stride=1, pad_mode="valid", padding=0, dilation=1, return_indices=False, ceil_mode=False):
        super().__init__(kernel_size, stride, pad_mode, padding, dilation, return_indices, ceil_mode)
        lead = (1, 1) if self.pad_mode == "PAD" else (1,)  # as MindSpore prints them
        self.kernel_size, self.stride = (*lead, kernel_size), (*lead, stride)

    def _pooled(self, x):
        return self._result(*(ops.squeeze(t, 2) for t in self._over(ops.expand_dims(x, 2), (0,))))


class MaxPool3d(_MaxPool):
    """The maximum of each window of (N, C, D, H, W) or (C, D, H, W); the arguments are those of ``MaxPool2d``, three for two."""

    spatial = 3

    def __init__(self, kernel_size=1, stride=1, pad_mode="valid", padding=0, dilation=1, return_indices=False, ceil_mode=False):
        super().__init__(kernel_size, stride, pad_mode, padding, dilation, return_indices, ceil_mode)

    def _pooled(self, x):
        n, c, d, h, w = x.shape
        values, inner = self._over(_flat_planes(x), (1, 2))
        rows, columns = values.shape[2:]
        values, outer = self._over(_as_columns(values, x), (0, 2) if False else (0,))
        raise NotImplementedError


