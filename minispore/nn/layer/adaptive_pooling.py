"""Pooling to a given size, whatever the size of the input."""

import math

from ... import ops
from ...core import checks
from ...core.dtype import int32
from ...core.errors import fail
from ..cell import Cell
from .window_pooling import index_in_volume


class _AdaptivePool1d(Cell):
    def __init__(self, output_size):
        super().__init__()
        self.output_size = checks.positive_int(type(self).__name__, output_size=output_size)

    def construct(self, x):
        name, n = type(self).__name__, self.output_size
        checks.rank(name, 3, input=x)
        if x.shape[2] % n or x.shape[2] < n:
            raise fail(
                ValueError,
                f"For '{name}', the last axis must be a multiple of 'output_size' = {n}, but the shape is {x.shape}.",
            )
        return self._pool_as_2d(ops.reshape(x, (*x.shape[:2], n, -1)))

    def _pool_as_2d(self, x):
        raise NotImplementedError


class AdaptiveAvgPool1d(_AdaptivePool1d):
    """The averages of ``output_size`` equal parts of a sequence.

    Args:
        output_size: int above 0, how many parts.

    Inputs:
        x: Tensor of floats, shape (N, C, L); L a multiple of ``output_size``.

    Returns:
        Tensor of shape (N, C, output_size) and the dtype of x.

    Raises:
        TypeError: ``output_size`` is not an int.
        ValueError: it is not positive, or x has other axes or an L that it does not divide.

    >>> from minispore import Tensor, nn
    >>> print(nn.AdaptiveAvgPool1d(2)(Tensor([[[1.0, 3.0, 2.0, 0.0]]])))
    [[[2. 1.]]]
    """

    def _pool_as_2d(self, x):
        return ops.mean(x, -1)


class AdaptiveMaxPool1d(_AdaptivePool1d):
    """The maxima of ``output_size`` equal parts of a sequence.

    Args:
        output_size: int above 0, how many parts.

    Inputs:
        x: Tensor of floats, shape (N, C, L); L a multiple of ``output_size``.

    Returns:
        Tensor of shape (N, C, output_size) and the dtype of x.

    Raises:
        TypeError: ``output_size`` is not an int.
        ValueError: it is not positive, or x has other axes or an L that it does not divide.

    >>> from minispore import Tensor, nn
    >>> print(nn.AdaptiveMaxPool1d(2)(Tensor([[[1.0, 3.0, 2.0, 0.0]]])))
    [[[3. 2.]]]
    """

    def _pool_as_2d(self, x):
        return ops.amax(x, -1)


def _output_size(owner, given, n):
    """``n`` lengths, None for that of the input."""
    values = given if isinstance(checks.instance(owner, (int, tuple), output_size=given), tuple) else (given,) * n
    if len(values) != n or any(v is not None and (type(v) is not int or v < 0) for v in values):
        raise fail(
            ValueError,
            f"For '{owner}', the argument 'output_size' must be an int or a tuple of {n} ints or None, but got "
            f"{given}.",
        )
    return values


class AdaptiveAvgPool2d(Cell):
    """The averages of windows chosen so that the output has a given size.

    Args:
        output_size: int, or (height, width); None in it keeps the length of the input.

    Inputs:
        input: Tensor of floats, shape (N, C, H, W) or (C, H, W).

    Returns:
        Tensor of shape (N, C, height, width) and the dtype of the input, without N where the input has none.

    Raises:
        TypeError: ``output_size`` is neither an int nor a tuple.
        ValueError: ``output_size`` does not hold two lengths, or the input has other axes.

    >>> from minispore import Tensor, nn
    >>> print(nn.AdaptiveAvgPool2d((1, None))(Tensor([[[1.0, 2.0], [3.0, 4.0]]])))
    [[[2. 3.]]]
    """

    def __init__(self, output_size):
        super().__init__()
        self.output_size = _output_size("AdaptiveAvgPool2d", output_size, 2)

    def construct(self, input):
        checks.rank("AdaptiveAvgPool2d", 3, 4, input=input)
        return ops.adaptive_avg_pool2d(input, self.output_size)


class AdaptiveMaxPool2d(Cell):
    """The maxima of windows chosen so that the output has a given size.

    Args:
        output_size: int, or (height, width); None in it keeps the length of the input.
        return_indices: bool, whether to give the positions of the maxima too.  Default: False.

    Inputs:
        input: Tensor of floats, shape (N, C, H, W) or (C, H, W).

    Returns:
        Tensor of shape (N, C, height, width) and the dtype of the input, without N where the input has none; with
        ``return_indices`` a pair of it and the positions in the flattened image (ints, the same shape).

    Raises:
        TypeError: ``output_size`` is neither an int nor a tuple.
        ValueError: ``output_size`` does not hold two lengths, or the input has other axes.

    >>> from minispore import Tensor, nn
    >>> values, at = nn.AdaptiveMaxPool2d(1, return_indices=True)(Tensor([[[1.0, 2.0], [4.0, 3.0]]]))
    >>> print(values, at)
    [[[4.]]] [[[2]]]
    """

    def __init__(self, output_size, return_indices=False):
        super().__init__()
        self.output_size = _output_size("AdaptiveMaxPool2d", output_size, 2)
        self.return_indices = checks.boolean("AdaptiveMaxPool2d", return_indices=return_indices)

    def construct(self, input):
        checks.rank("AdaptiveMaxPool2d", 3, 4, input=input)
        return ops.adaptive_max_pool2d(input, self.output_size, self.return_indices)


class AdaptiveAvgPool3d(Cell):
    """The averages of windows chosen so that the output has a given size.

    Args:
        output_size: int, or (depth, height, width); None in it keeps the length of the input.

    Inputs:
        input: Tensor of floats, shape (N, C, D, H, W) or (C, D, H, W).

    Returns:
        Tensor of shape (N, C, depth, height, width) and the dtype of the input, without N where the input has none.

    Raises:
        TypeError: ``output_size`` is neither an int nor a tuple.
        ValueError: ``output_size`` does not hold three lengths, or the input has other axes.

    >>> from minispore import nn, ops
    >>> print(nn.AdaptiveAvgPool3d(1)(ops.arange(8.0).reshape(1, 2, 2, 2)))
    [[[[3.5]]]]
    """

    def __init__(self, output_size):
        super().__init__()
        self.output_size = _output_size("AdaptiveAvgPool3d", output_size, 3)

    def construct(self, input):
        checks.rank("AdaptiveAvgPool3d", 4, 5, input=input)
        return _adaptive3d(input, self.output_size, ops.adaptive_avg_pool2d)


class AdaptiveMaxPool3d(Cell):
    """The maxima of windows chosen so that the output has a given size.

    Args:
        output_size: int, or (depth, height, width); None in it keeps the length of the input.
        return_indices: bool, whether to give the positions of the maxima too.  Default: False.

    Inputs:
        input: Tensor of floats, shape (N, C, D, H, W) or (C, D, H, W).

    Returns:
        Tensor of shape (N, C, depth, height, width) and the dtype of the input, without N where the input has none;
        with ``return_indices`` a pair of it and the positions in the flattened volume (int32, the same shape).

    Raises:
        TypeError: ``output_size`` is neither an int nor a tuple.
        ValueError: ``output_size`` does not hold three lengths, or the input has other axes.

    >>> from minispore import nn, ops
    >>> print(nn.AdaptiveMaxPool3d(1)(ops.arange(8.0).reshape(1, 2, 2, 2)))
    [[[[7.]]]]
    """

    def __init__(self, output_size, return_indices=False):
        super().__init__()
        self.output_size = _output_size("AdaptiveMaxPool3d", output_size, 3)
        self.return_indices = checks.boolean("AdaptiveMaxPool3d", return_indices=return_indices)

    def construct(self, input):
        checks.rank("AdaptiveMaxPool3d", 4, 5, input=input)
        if not self.return_indices:
            return _adaptive3d(input, self.output_size, ops.adaptive_max_pool2d)
        insides = []

        def pool(x, sizes):
            values, index = ops.adaptive_max_pool2d(x, sizes, True)
            insides.append(index)
            return values

        values = _adaptive3d(input, self.output_size, pool)
        inside, layer = insides
        rows, columns = values.size // math.prod(values.shape[-3:]), math.prod(values.shape[-2:])
        index = index_in_volume(layer, inside, rows, columns, input.shape)
        return values, ops.reshape(index, values.shape).astype(int32)


def _adaptive3d(x, sizes, pool):
    """Adaptive pooling over the last two axes, then over the depth."""
    lead, depth = x.shape[:-3], x.shape[-3]
    planes = pool(ops.reshape(x, (1, -1, *x.shape[-2:])), sizes[1:])
    shape = planes.shape[2:]
    out = pool(ops.reshape(planes, (1, -1, depth, math.prod(shape))), (sizes[0], None))
    return ops.reshape(out, (*lead, out.shape[2], *shape))


__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
]
