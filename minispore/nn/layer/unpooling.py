"""Max unpooling and fractional max pooling."""

import math

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.dtype import float32, int64
from ...core.errors import fail
from ...core.op import to
from ...ops.patches import unpooled
from ..cell import Cell


class _MaxUnpool(Cell):
    """Places values at their positions in the input of the pooling, with zeros elsewhere."""

    spatial = 2

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        name, n = type(self).__name__, self.spatial
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        self.kernel, self.step = (
            checks.int_tuple(name, n, kernel_size=kernel_size),
            checks.int_tuple(name, n, stride=self.stride),
        )
        self.pads = checks.int_tuple(name, n, 0, padding=padding)

    def construct(self, x, indices, output_size=None):
        name, n = type(self).__name__, self.spatial
        checks.rank(name, n + 1, n + 2, input=x)
        if checks.tensor(name, indices=indices).shape != x.shape:
            raise fail(ValueError, f"For '{name}', 'indices' must have the shape {x.shape}, but has {indices.shape}.")
        sizes = self._sizes(x.shape[-n:])
        if output_size:
            wanted = tuple(output_size)[-n:]
            if len(wanted) != n or any(abs(w - s) >= t for w, s, t in zip(wanted, sizes, self.step)):
                raise fail(
                    ValueError,
                    f"For '{name}', 'output_size' must be less than {self.step} from {sizes}, but got {output_size}.",
                )
            sizes = wanted
        return unpooled(name, x, indices, sizes)

    def _sizes(self, pooled) -> tuple[int, ...]:
        return tuple((d - 1) * s - 2 * p + k for d, s, p, k in zip(pooled, self.step, self.pads, self.kernel))


_UNPOOL = """Args:
    kernel_size: {sizes}: the window of the pooling.
    stride: {sizes}: its steps.  None (the default): the window's size.
    padding: {sizes}: its padding.  Default: 0.

Inputs:
    x: Tensor of floats, shape {shapes}, the maxima.
    indices: Tensor of ints of the same shape: their positions in the flattened {what}.
    output_size: tuple, the shape of the result where several fit.  Default: None, for
        ``(length - 1) * stride - 2 * padding + kernel_size`` along each axis.

Returns:
    Tensor of the dtype of x, with the new lengths in the place of the last {axes}.

Raises:
    TypeError: an argument or input of the wrong type.
    ValueError: shapes or ``output_size`` do not fit.
    IndexError: a position outside the {what}."""
_LINE = {"sizes": "int", "shapes": "(N, C, L) or (C, L)", "what": "sequence", "axes": "axis"}
_PLANE = {
    "sizes": "int, or (height, width)", "shapes": "(N, C, H, W) or (C, H, W)", "what": "image", "axes": "two axes"
}  # fmt: skip
_VOLUME = {
    "sizes": "int, or (depth, height, width)", "shapes": "(N, C, D, H, W) or (C, D, H, W)", "what": "volume",
    "axes": "three axes",
}  # fmt: skip


@documented(rest=_UNPOOL, **_LINE)
class MaxUnpool1d(_MaxUnpool):
    """The maxima of ``MaxPool1d(..., return_indices=True)`` put back to where they were, zeros elsewhere.

    {rest}

    >>> from minispore import Tensor, nn
    >>> print(nn.MaxUnpool1d(2)(Tensor([[2.0, 4.0]]), Tensor([[1, 2]])))
    [[0. 2. 4. 0.]]
    """

    spatial = 1


@documented(rest=_UNPOOL, **_PLANE)
class MaxUnpool2d(_MaxUnpool):
    """The maxima of ``MaxPool2d(..., return_indices=True)`` put back to where they were, zeros elsewhere.

    {rest}

    >>> from minispore import Tensor, nn
    >>> print(nn.MaxUnpool2d(2)(Tensor([[[4.0]]]), Tensor([[[2]]])))
    [[[0. 0.]
      [4. 0.]]]
    """


@documented(rest=_UNPOOL, **_VOLUME)
class MaxUnpool3d(_MaxUnpool):
    """The maxima of ``MaxPool3d(..., return_indices=True)`` put back to where they were, zeros elsewhere.

    {rest}

    >>> from minispore import Tensor, nn
    >>> print(nn.MaxUnpool3d(2)(Tensor([[[[4.0]]]]), Tensor([[[[7]]]])).reshape(-1))
    [0. 0. 0. 0. 0. 0. 0. 4.]
    """

    spatial = 3


class _FractionalMaxPool(Cell):
    """Maxima of windows at random positions; the number of windows gives the output size."""

    spatial = 2
    orders: tuple[int, ...] = (1, 0)  # index of the random number that shifts the windows, for each axis

    def __init__(self, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None):
        super().__init__()
        name, n = type(self).__name__, self.spatial
        self.kernel_size, self.output_size, self.output_ratio = kernel_size, output_size, output_ratio
        self.kernel = checks.int_tuple(name, n, kernel_size=kernel_size)
        self.return_indices = checks.boolean(name, return_indices=return_indices)
        self._random_samples = _random_samples
        if output_size is not None:
            checks.int_tuple(name, n, output_size=output_size)
        elif output_ratio is None:
            raise fail(ValueError, f"For '{name}', 'output_size' or 'output_ratio' must be given.")
        else:
            ratios = output_ratio if isinstance(output_ratio, tuple) else (output_ratio,) * n
            if len(ratios) != n or not all(0 < r < 1 for r in ratios):
                raise fail(ValueError, f"For '{name}', 'output_ratio' must be in (0, 1), but got {output_ratio}.")
            self.ratios = ratios

    def construct(self, input):
        return self.pooled(input, self._random_samples)

    def pooled(self, input, samples):
        """The maxima of the windows that ``samples`` places; None: random ones."""
        name, n = type(self).__name__, self.spatial
        checks.rank(name, n + 1, n + 2, input=input)
        x = input if input.ndim == n + 2 else ops.expand_dims(input, 0)
        batch, channels, *sizes = x.shape
        given = self.output_size
        wanted = checks.int_tuple(name, n, output_size=given) if given is not None else tuple(
            max(int(s * r), 1) for s, r in zip(sizes, self.ratios)
        )  # fmt: skip
        samples = ops.rand(batch, channels, n) if samples is None else samples
        if samples.ndim != 3 or samples.shape[0] not in (1, batch) or samples.shape[1:] != (channels, n):
            raise fail(
                ValueError,
                f"For '{name}', '_random_samples' must have the shape {(batch, channels, n)}, but got {samples.shape}.",
            )
        samples = ops.broadcast_to(to(samples, float32), (batch, channels, n))
        flat, stride = 0, 1  # flat positions of the elements of all windows: (N, C, out..., kernel...)
        for a in reversed(range(n)):
            size, out, window = sizes[a], wanted[a], self.kernel[a]
            if out + window - 1 > size:
                raise fail(
                    ValueError, f"For '{name}', {out} windows of {window} do not fit into the length {size} (axis {a})."
                )
            at = ops.expand_dims(self._starts(samples[:, :, self.orders[a]], size, out, window), -1)
            at = at + ops.arange(window)  # (N, C, out, window)
            inner = [1] * (2 * n)
            inner[a], inner[n + a] = out, window
            flat, stride = flat + ops.reshape(at, (batch, channels, *inner)) * stride, stride * size
        windows = (batch, channels, math.prod(wanted), math.prod(self.kernel))
        flat = ops.reshape(flat, (batch, channels, -1))
        picked = ops.gather_elements(ops.reshape(x, (batch, channels, -1)), 2, flat)
        best = ops.argmax(ops.reshape(picked, windows), -1, True)
        values, index = (ops.squeeze(ops.gather_elements(ops.reshape(t, windows), 3, best), 3) for t in (picked, flat))
        shape = (*input.shape[:-n], *wanted)
        values = ops.reshape(values, shape)
        return (values, ops.reshape(index, shape)) if self.return_indices else values

    @staticmethod
    def _starts(u, size, out, window):
        """The starts of ``out`` windows: multiples of (size - window) / (out - 1), shifted by ``u`` and truncated."""
        last = ops.full((*u.shape, 1), size - window, dtype=int64)
        if out == 1:
            return last
        step, u = (size - window) / (out - 1), ops.expand_dims(u, -1)
        inner = to((ops.arange(out - 1) + u) * step, int64) - to(u * step, int64)
        return ops.concat([inner, last], -1)


_FRACTIONAL = """Args:
    kernel_size: {sizes}: the lengths of the windows.
    output_size: {sizes}: the lengths of the output.  Default: None.
    output_ratio: float in (0, 1), or a tuple of them: the lengths as a share of the input, where ``output_size`` is
        not given.  Default: None.
    return_indices: bool, whether to give the positions of the maxima too.  Default: False.
    _random_samples: Tensor of floats in [0, 1), shape (N or 1, C, {n}), that places the windows; drawn at each call
        without it.

Inputs:
    input: Tensor of floats, shape {shapes}.

Returns:
    Tensor of the dtype of the input, with the output's lengths in the place of the last {axes}; with
    ``return_indices`` a pair of it and the positions in the flattened {what} (int64, the same shape).

Raises:
    TypeError: an argument of the wrong type.
    ValueError: no size is given, or the windows do not fit."""


@documented(rest=_FRACTIONAL, n="2", **_PLANE)
class FractionalMaxPool2d(_FractionalMaxPool):
    """The maxima of windows at random places of an image, so chosen that the output has a given size (Graham 2014,
    arXiv 1412.6071).

    {rest}

    >>> from minispore import nn, ops
    >>> x, u = ops.arange(16.0).reshape(1, 1, 4, 4), ops.zeros((1, 1, 2))
    >>> print(nn.FractionalMaxPool2d(2, output_size=2, _random_samples=u)(x))
    [[[[ 5.  7.]
       [13. 15.]]]]
    """


@documented(rest=_FRACTIONAL, n="3", **_VOLUME)
class FractionalMaxPool3d(_FractionalMaxPool):
    """The maxima of windows at random places of a volume, so chosen that the output has a given size (Graham 2014,
    arXiv 1412.6071).

    {rest}

    >>> from minispore import nn, ops
    >>> nn.FractionalMaxPool3d(2, output_ratio=0.5)(ops.ones((1, 1, 4, 4, 4))).shape
    (1, 1, 2, 2, 2)
    """

    spatial, orders = 3, (0, 1, 2)


__all__ = ["FractionalMaxPool2d", "FractionalMaxPool3d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"]
