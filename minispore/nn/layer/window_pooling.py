"""Pooling.  Windows over three axes are pooled over two axes and then over the third, with the same result."""

import math

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.dtype import int64
from ...core.errors import fail
from ...ops.pool import avg_pool_with, max_pool_with
from ..cell import Cell


class _Pool(Cell):
    """The window, step and padding of pooling layers."""

    spatial = 2
    only_int = False
    format = "NCHW"

    def __init__(self, kernel_size, stride, pad_mode, data_format="NCHW"):
        super().__init__()
        name = type(self).__name__
        self.pad_mode = checks.one_of(
            name, ["VALID", "SAME", "PAD"], pad_mode=checks.string(name, pad_mode=pad_mode).upper()
        )
        checks.one_of(name, [self.format], data_format=data_format)
        self.kernel_size, self.stride = self._size("kernel_size", kernel_size), self._size("stride", stride)
        self.kernel, self.step = (
            v if isinstance(v, tuple) else (v,) * self.spatial for v in (self.kernel_size, self.stride)
        )

    def _size(self, what, given):
        """An int above 0, or a tuple of one for each axis."""
        name = type(self).__name__
        types = (int,) if self.only_int else (int, tuple)
        values = (given,) if isinstance(checks.instance(name, types, **{what: given}), int) else given
        if len(values) not in (1, self.spatial) or any(type(v) is not int or v <= 0 for v in values):
            raise fail(
                ValueError,
                f"For '{name}', the argument '{what}' must be a positive int or a tuple of {self.spatial}, but got "
                f"{given}.",
            )
        return values[0] if len(values) == 1 else values

    def _padding(self, given) -> tuple[int, ...]:
        name = type(self).__name__
        values = (given,) if isinstance(checks.instance(name, (int, tuple, list), padding=given), int) else tuple(given)
        for v in values:
            checks.non_negative_int(name, padding=v)
        if len(values) not in (1, self.spatial):
            raise fail(
                ValueError,
                f"For '{name}', the argument 'padding' must be an int or hold {self.spatial}, but got {given}.",
            )
        return values if len(values) == self.spatial else values * self.spatial

    def construct(self, x):
        name = type(self).__name__
        checks.rank(name, self.spatial + 1, self.spatial + 2, input=x)
        single = x.ndim == self.spatial + 1
        out = self._pooled(ops.expand_dims(x, 0) if single else x)
        if not single:
            return out
        return tuple(ops.squeeze(t, 0) for t in out) if isinstance(out, tuple) else ops.squeeze(out, 0)

    def _pooled(self, x):
        raise NotImplementedError

    def extend_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, pad_mode={self.pad_mode}"


def _of_axes(values, axes, neutral) -> tuple[int, ...]:
    """The values of these axes, ``neutral`` for an axis that is None."""
    return tuple(neutral if a is None else values[a] for a in axes)


def _merge_depth(x):
    """(N, C, D, H, W) -> (N, C * D, H, W)."""
    return ops.reshape(x, (x.shape[0], -1, *x.shape[3:]))


def index_in_volume(layer, inside, rows, columns, shape):
    """Positions in the flattened volume of ``shape``, from the positions within planes and along the depth."""
    flat, inside = (ops.reshape(t.astype(int64), (rows, -1)) for t in (layer, inside))
    return ops.floor_div(flat, columns) * math.prod(shape[-2:]) + ops.gather_elements(inside, 1, flat)


def _split_depth(x, like):
    """(N, C * D, H, W) -> (N, C, D, H * W), of the C and D of ``like``."""
    return ops.reshape(x, (*like.shape[:3], -1))


# ---------------------------------------------------------------- maximum
class _MaxPool(_Pool):
    def __init__(self, kernel_size=1, stride=1, pad_mode="valid", padding=0, dilation=1, return_indices=False,
                 ceil_mode=False, data_format="NCHW"):  # fmt: skip
        super().__init__(kernel_size, stride, pad_mode, data_format)
        name = type(self).__name__
        self.padding = self._padding(padding)
        self.dilation = self._size("dilation", dilation)
        self.dilate = self.dilation if isinstance(self.dilation, tuple) else (self.dilation,) * self.spatial
        self.return_indices = checks.boolean(name, return_indices=return_indices)
        self.ceil_mode = checks.boolean(name, ceil_mode=ceil_mode)
        if self.pad_mode != "PAD" and (any(self.padding) or max(self.dilate) > 1 or return_indices or ceil_mode):
            raise fail(
                ValueError,
                f"For '{name}', 'padding', 'dilation', 'return_indices' and 'ceil_mode' are possible with "
                "pad_mode='pad' only, but "
                f"got pad_mode={pad_mode!r}.",
            )

    def _pool_last_axes(self, x, axes):
        """(values, positions) of windows over the last two axes of 4-d ``x``, with the settings of ``axes``."""
        name, padding, kernel = type(self).__name__, _of_axes(self.padding, axes, 0), _of_axes(self.kernel, axes, 1)
        if any(2 * p > k for p, k in zip(padding, kernel)):
            raise fail(
                ValueError,
                f"For '{name}', 'padding' must be at most half the window, but got {self.padding} and "
                f"{self.kernel_size}.",
            )
        dilation = _of_axes(self.dilate, axes, 1)
        return max_pool_with(
            x, kernel, _of_axes(self.step, axes, 1), self.pad_mode, padding, dilation, self.ceil_mode, name
        )

    def _result(self, values, index):
        return (values, index.astype(int64)) if self.return_indices else values


_WINDOW = """kernel_size: {sizes}: the lengths of the window.  Default: 1.
stride: {sizes}: its steps.  Default: 1.
pad_mode: "valid" (no padding, the default), "same" (so much that the output is ``ceil(input / stride)`` long) or
    "pad" (as ``padding`` says).
padding: {sizes}: that much on both sides, with "pad" only.  Default: 0."""
_MAX_ARGS = (
    _WINDOW
    + """
dilation: {sizes}: the distance of the elements of a window; other than 1 with "pad" only.  Default: 1.
return_indices: bool, whether to give the positions of the maxima too, with "pad" only.  Default: False.
ceil_mode: bool, whether windows may end beyond the padding, with "pad" only.  Default: False."""
)
_AVG_ARGS = (
    _WINDOW
    + """
ceil_mode: bool, whether windows may end beyond the padding.  Default: False.
count_include_pad: bool, whether the padding counts as elements of the average.  Default: True."""
)
_DIVISOR = "divisor_override: int, divides the sums in place of the number of elements.  Default: None."
_MAX_RETURNS = """Tensor of shape {out} and the dtype of x; with ``return_indices`` a pair of it and the positions in the
    flattened {what}, int64, of the same shape.  Without N where x has none."""
_RETURNS = "Tensor of shape {out} and the dtype of x, without N where x has none."
_RAISES = """TypeError: an argument of the wrong type.
ValueError: an argument out of range, or an input too small or with other axes."""
_MAX = {"args": _MAX_ARGS, "returns": _MAX_RETURNS, "raises": _RAISES}
_AVG = {"args": _AVG_ARGS, "divisor": _DIVISOR, "returns": _RETURNS, "raises": _RAISES}
_LINE = {"in": "(N, C, L) or (C, L)", "out": "(N, C, L')", "what": "sequence", "sizes": "int"}
_PLANE = {
    "in": "(N, C, H, W) or (C, H, W)", "out": "(N, C, H', W')", "what": "image", "sizes": "int, or (height, width)"
}  # fmt: skip
_VOLUME = {
    "in": "(N, C, D, H, W) or (C, D, H, W)", "out": "(N, C, D', H', W')", "what": "volume",
    "sizes": "int, or (depth, height, width)",
}  # fmt: skip


@documented(**_MAX, **_PLANE)
class MaxPool2d(_MaxPool):
    """The maximum of each window of an image.

    Args:
        {args}
        data_format: "NCHW", the only choice.

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}
            ``padding`` is at most half the window.

    >>> from minispore import nn, ops
    >>> print(nn.MaxPool2d(2, stride=2)(ops.arange(16.0).reshape(1, 1, 4, 4)))
    [[[[ 5.  7.]
       [13. 15.]]]]
    """

    def _pooled(self, x):
        return self._result(*self._pool_last_axes(x, (0, 1)))


@documented(**_MAX, **_LINE)
class MaxPool1d(_MaxPool):
    """The maximum of each window of a sequence.

    Args:
        {args}

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.MaxPool1d(2, stride=2)(Tensor([[1.0, 3.0, 2.0, 0.0]])))
    [[3. 2.]]
    """

    spatial, only_int = 1, True

    def __init__(
        self, kernel_size=1, stride=1, pad_mode="valid", padding=0, dilation=1, return_indices=False, ceil_mode=False
    ):
        super().__init__(kernel_size, stride, pad_mode, padding, dilation, return_indices, ceil_mode)
        lead = (1, 1) if self.pad_mode == "PAD" else (1,)  # as MindSpore prints it
        self.kernel_size, self.stride = (*lead, kernel_size), (*lead, stride)

    def _pooled(self, x):
        return self._result(*(ops.squeeze(t, 2) for t in self._pool_last_axes(ops.expand_dims(x, 2), (None, 0))))


@documented(**_MAX, **_VOLUME)
class MaxPool3d(_MaxPool):
    """The maximum of each window of a volume.

    Args:
        {args}

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> print(nn.MaxPool3d(2)(ops.arange(8.0).reshape(1, 2, 2, 2)))
    [[[[7.]]]]
    """

    spatial = 3

    def __init__(
        self, kernel_size=1, stride=1, pad_mode="valid", padding=0, dilation=1, return_indices=False, ceil_mode=False
    ):
        super().__init__(kernel_size, stride, pad_mode, padding, dilation, return_indices, ceil_mode)

    def _pooled(self, x):
        planes, inside = self._pool_last_axes(_merge_depth(x), (1, 2))
        values, layer = self._pool_last_axes(_split_depth(planes, x), (0, None))
        shape = (*values.shape[:3], *planes.shape[2:])
        values = ops.reshape(values, shape)
        if not self.return_indices:
            return values
        index = index_in_volume(layer, inside, math.prod(shape[:2]), math.prod(shape[3:]), x.shape)
        return values, ops.reshape(index, shape)


# ---------------------------------------------------------------- average
class _AvgPool(_Pool):
    def __init__(self, kernel_size=1, stride=1, pad_mode="valid", padding=0, ceil_mode=False, count_include_pad=True,
                 divisor_override=None, data_format="NCHW"):  # fmt: skip
        super().__init__(kernel_size, stride, pad_mode, data_format)
        name = type(self).__name__
        self.padding = self._padding(padding)
        self.ceil_mode = checks.boolean(name, ceil_mode=ceil_mode)
        self.count_include_pad = checks.boolean(name, count_include_pad=count_include_pad)
        if divisor_override is not None and checks.integer(name, divisor_override=divisor_override) <= 0:
            raise fail(
                ValueError,
                f"For '{name}', the argument 'divisor_override' must be positive, but got {divisor_override}.",
            )
        self.divisor_override = divisor_override
        if self.pad_mode != "PAD" and any(self.padding):
            raise fail(
                ValueError,
                f"For '{name}', the argument 'padding' must be 0 when 'pad_mode' is not 'pad', but got {padding} "
                f"and {pad_mode!r}.",
            )

    def _pool_last_axes(self, x, axes, divisor):
        mode, name = self.pad_mode.lower(), type(self).__name__
        return avg_pool_with(
            x, _of_axes(self.kernel, axes, 1), _of_axes(self.step, axes, 1), mode, _of_axes(self.padding, axes, 0),
            self.ceil_mode,
            self.count_include_pad, divisor, name,
        )  # fmt: skip


@documented(**_AVG, **_PLANE)
class AvgPool2d(_AvgPool):
    """The average of each window of an image.  With "same" the padding never counts.

    Args:
        {args}
        {divisor}
        data_format: "NCHW", the only choice.

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> print(nn.AvgPool2d(2, stride=2)(ops.arange(16.0).reshape(1, 1, 4, 4)))
    [[[[ 2.5  4.5]
       [10.5 12.5]]]]
    """

    def _pooled(self, x):
        return self._pool_last_axes(x, (0, 1), self.divisor_override)


@documented(**_AVG, **_LINE)
class AvgPool1d(_AvgPool):
    """The average of each window of a sequence.

    Args:
        {args}

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.AvgPool1d(2, stride=2)(Tensor([[1.0, 3.0, 2.0, 0.0]])))
    [[2. 1.]]
    """

    spatial, only_int = 1, True

    def __init__(self, kernel_size=1, stride=1, pad_mode="valid", padding=0, ceil_mode=False, count_include_pad=True):
        super().__init__(kernel_size, stride, pad_mode, padding, ceil_mode, count_include_pad)
        if self.pad_mode != "PAD" and not ceil_mode and count_include_pad:  # as MindSpore prints it
            self.kernel_size, self.stride = (1, kernel_size), (1, stride)

    def _pooled(self, x):
        return ops.squeeze(self._pool_last_axes(ops.expand_dims(x, 2), (None, 0), None), 2)


@documented(**_AVG, **_VOLUME)
class AvgPool3d(_AvgPool):
    """The average of each window of a volume.  With "same" the padding counts too, unless ``count_include_pad`` is
    False.

    Args:
        {args}
        {divisor}

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> print(nn.AvgPool3d(2)(ops.arange(8.0).reshape(1, 2, 2, 2)))
    [[[[3.5]]]]
    """

    spatial = 3

    def __init__(
        self,
        kernel_size=1,
        stride=1,
        pad_mode="valid",
        padding=0,
        ceil_mode=False,
        count_include_pad=True,
        divisor_override=None,
    ):
        super().__init__(kernel_size, stride, pad_mode, padding, ceil_mode, count_include_pad, divisor_override)

    def _pooled(self, x):
        inner = outer = None
        if self.divisor_override is not None:
            inner, outer = 1, self.divisor_override
        elif self.pad_mode == "SAME" and self.count_include_pad:
            inner, outer = math.prod(self.kernel[1:]), self.kernel[0]
        planes = self._pool_last_axes(_merge_depth(x), (1, 2), inner)
        out = self._pool_last_axes(_split_depth(planes, x), (0, None), outer)
        return ops.reshape(out, (*out.shape[:3], *planes.shape[2:]))


class _LPPool(Cell):
    """``(sum of x ** norm_type over the window) ** (1 / norm_type)``."""

    spatial = 2

    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False):
        super().__init__()
        name = type(self).__name__
        self.norm_type = float(checks.number(name, norm_type=norm_type))
        if self.norm_type == 0:
            raise fail(ValueError, f"For '{name}', the argument 'norm_type' must not be 0.")
        self.kernel_size = checks.int_tuple(name, self.spatial, kernel_size=kernel_size)
        self.stride = self.kernel_size if stride is None else checks.int_tuple(name, self.spatial, stride=stride)
        self.ceil_mode = checks.boolean(name, ceil_mode=ceil_mode)

    def construct(self, x):
        name = type(self).__name__
        checks.rank(name, self.spatial + 1, self.spatial + 2, input=x)
        lead = (1,) * (2 - self.spatial)
        planes = ops.reshape(x, (1, -1, *lead, *x.shape[x.ndim - self.spatial :]))
        powers = ops.pow(planes, self.norm_type)
        sums = avg_pool_with(
            powers, lead + self.kernel_size, lead + self.stride, "pad", 0, self.ceil_mode, True, 1, name
        )
        out = ops.pow(ops.relu(sums), 1.0 / self.norm_type)
        return ops.reshape(out, (*x.shape[: x.ndim - self.spatial], *out.shape[4 - self.spatial :]))


_LP_ARGS = """norm_type: number other than 0, the power.
kernel_size: {sizes}: the lengths of the window.
stride: {sizes}: its steps.  None (the default): the window's size.
ceil_mode: bool, whether windows may end beyond the input.  Default: False."""
_LP = {"args": _LP_ARGS, "returns": _RETURNS, "raises": _RAISES}


@documented(**_LP, **_LINE)
class LPPool1d(_LPPool):
    """``(sum of x ** norm_type) ** (1 / norm_type)`` over each window of a sequence.

    Args:
        {args}

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.LPPool1d(2, 2)(Tensor([[3.0, 4.0, 0.0, 2.0]])))
    [[5. 2.]]
    """

    spatial = 1


@documented(**_LP, **_PLANE)
class LPPool2d(_LPPool):
    """``(sum of x ** norm_type) ** (1 / norm_type)`` over each window of an image.

    Args:
        {args}

    Inputs:
        x: Tensor of floats, shape {in}.

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.LPPool2d(1, 2)(Tensor([[[1.0, 2.0], [3.0, 4.0]]])))
    [[[10.]]]
    """


__all__ = ["AvgPool1d", "AvgPool2d", "AvgPool3d", "LPPool1d", "LPPool2d", "MaxPool1d", "MaxPool2d", "MaxPool3d"]
