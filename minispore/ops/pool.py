"""Pooling over windows of the last two axes: maximum with its position, and sums (averages are sums divided by counts).

``max_pool`` gives values and positions.  Its gradient ``max_pool_gradient`` adds ``g`` at the positions, and the gradient
of that, ``max_pool_gather``, reads at the positions: they are transposes of each other, so every order of derivative
exists.  ``sum_pool`` and ``sum_pool_gradient`` are transposes of each other in the same way.
"""

import math

import numpy as np

from ..core.dtype import float32, float64, int32
from ..core.errors import fail
from ..core.op import as_tensor, fixed, library, to
from ..core.samples import f
from ..core.sizes import array_from, counted, decided, greater, index as length, settled, whole
from .batch import into_first_axis
from .movement import expand_dims, reshape, squeeze
from .pool_kernels import (
    max_pool_2x2_kernel,
    max_pool_gather_kernel,
    max_pool_gradient_kernel,
    max_pool_kernel,
    pool_kernel,
    sum_pool_gradient_kernel,
    wide_pool_kernel,
)
from .reduction import _sum
from .tiled_rows import table

LONG_ROW, LONG_LINE = (
    100,
    48,
)  # columns from which the rows of an image, and those of a line, are long enough as they lie
FRAME = 4096  # elements of the planes that are padded at once, to stay in the first cache


# ---------------------------------------------------------------- ops
def _windows(size, kernel, stride, pad, dilation):
    return tuple(
        (size[a] + pad[2 * a] + pad[2 * a + 1] - dilation[a] * (kernel[a] - 1) - 1) // stride[a] + 1 for a in (0, 1)
    )


def _taps(x_shape, out_hw, kernel, stride, pad, dilation):
    """For each position in the window: (the outputs it belongs to, the inputs it reads) as pairs of slices."""
    for a in range(kernel[0]):
        for b in range(kernel[1]):
            pair = []
            for axis, k in ((0, a), (1, b)):
                offset = k * dilation[axis] - pad[2 * axis]
                first = max(-(offset // stride[axis]) if offset < 0 else 0, 0)
                last = min((x_shape[2 + axis] - 1 - offset) // stride[axis] + 1, out_hw[axis])
                last = max(last, first)
                begin = first * stride[axis] + offset
                pair.append(
                    (
                        slice(first, last),
                        slice(begin, begin + (last - first) * stride[axis] if last > first else begin, stride[axis]),
                    )
                )
            yield (pair[0][0], pair[1][0]), (pair[0][1], pair[1][1])


def _max_numpy(x, kernel, stride, pad, dilation, out_hw):
    n, c, height, width = x.shape
    out = np.full((n, c, *out_hw), -np.inf, x.dtype)
    corner = [np.clip(np.arange(out_hw[a]) * stride[a] - pad[2 * a], 0, x.shape[2 + a] - 1) for a in (0, 1)]
    index = np.empty(out.shape, np.int32)
    index[...] = corner[0][:, None] * width + corner[1]
    flat = np.arange(height * width, dtype=np.int32).reshape(height, width)
    for (r, q), (y, z) in _taps(x.shape, out_hw, kernel, stride, pad, dilation):
        v, at = x[:, :, y, z], flat[y, z]
        best, where_best = out[:, :, r, q], index[:, :, r, q]
        take = (v > best) | np.isnan(v)
        out[:, :, r, q] = np.where(take, v, best)
        index[:, :, r, q] = np.where(take, at, where_best)
    return out, index


def _max_infer(x, kernel, stride, pad, dilation, out_hw):
    shape = (*x.shape[:2], *out_hw)
    return [(shape, x.dtype), (shape, int32)]


class _Frame:
    """Where windows lie in the padded planes that the kernels make, for a node of pooling."""

    def __init__(self, build, x, kernel, stride, pad, out_hw, dilation=(1, 1), apart=1):
        shape, out_hw, pad = settled((x.shape, out_hw, pad))
        self.planes, self.hw, self.out_hw, self.kernel, self.stride = (
            shape[0] * shape[1],
            shape[2:],
            out_hw,
            kernel,
            stride,
        )
        (step_y, self.stride_x), (self.dy, self.dx) = stride, dilation
        step_x = self.stride_x if self.stride_x <= apart else 1
        self.steps, self.step_out = (step_y, step_x), self.stride_x // step_x
        self.lines = out_hw[0] + (kernel[0] - 1) * self.dy // step_y
        wide = (out_hw[1] - 1) * self.step_out + 1 + (kernel[1] - 1) * self.dx // step_x
        self.wide = -(-wide // self.step_out) * self.step_out  # so that rows begin at columns that are taken
        self.bunch = max(1, min(FRAME // max(step_y * step_x * self.lines * self.wide, 1), self.planes))
        self.cost = self.planes * math.prod(out_hw) * sum(kernel)
        self.workers = max(1, min(build.workers, self.planes // self.bunch)) if self.cost >= 16384 else 1
        self.plane = self.bunch * self.lines * self.wide
        self.spare = self.wide + 64  # loops run on to whole vectors
        self.size = step_y * step_x * self.plane + self.spare + (step_x + 1) * (self.plane + self.spare)
        self.before = pad[0], pad[2]

    def has_long_rows(self) -> bool:
        """Whether loops over single rows take less time than those over the rows of a frame."""
        if self.kernel[0] == 1:
            return self.hw[1] >= LONG_LINE
        return self.hw[1] >= LONG_ROW and self.stride_x <= 2

    def arguments(self) -> tuple[int, ...]:
        """What the kernels have in common, from ``planes`` to ``step_out``."""
        return (
            self.planes,
            self.bunch,
            *self.hw,
            *self.steps,
            *self.before,
            self.lines,
            self.wide,
            *self.out_hw,
            self.step_out,
        )

    def rows(self) -> list[int]:
        """The offset of each row of a window."""
        (step_y, step_x), at = self.steps, [a * self.dy for a in range(self.kernel[0])]
        return [y % step_y * step_x * self.plane + y // step_y * self.wide for y in at]

    def columns(self, apart: int) -> list[int]:
        """The offset of each column; those of the two phases are ``apart``."""
        step = self.steps[1]
        return [x % step * apart + x // step for x in (b * self.dx for b in range(self.kernel[1]))]

    def places(self) -> list[int]:
        """For each place of a window, row by row, its offset and its distance from the first in the plane."""
        pairs = []
        for a, down in enumerate(self.rows()):
            for b, right in enumerate(self.columns(self.plane)):
                pairs += [down + right, a * self.dy * self.hw[1] + b * self.dx]
        return pairs


def _pool(build, node, frame: _Frame, sums: int) -> None:
    """The largest of each window, or its sum."""
    x, out = node.inputs[0], build.output(node)
    if frame.has_long_rows():
        _wide_pool(build, node, frame, sums)
        return
    scratch = build.temp((frame.workers, frame.size), x.dtype)
    places = table([*frame.rows(), *frame.columns(frame.plane + frame.spare)])
    build.call(
        pool_kernel.bind(T=build.storage(x.dtype)), node,
        [build.dense(x), out, scratch, build.operand(places), sums, *frame.arguments(), *frame.kernel, frame.size, frame.workers],
        extent=frame.workers, writes=[out, scratch], cost=frame.cost,
    )  # fmt: skip


def _wide_pool(build, node, frame: _Frame, sums: int) -> None:
    """The same for planes with long rows."""
    x, out = node.inputs[0], build.output(node)
    size = 4 * (
        64
        + max(
            frame.before[1] + frame.hw[1], (frame.out_hw[1] - 1) * frame.stride_x + (frame.kernel[1] - 1) * frame.dx + 1
        )
    )
    workers = min(build.workers, frame.planes * frame.out_hw[0]) if frame.cost >= 16384 else 1
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        wide_pool_kernel.bind(T=build.storage(x.dtype), STEP=str(frame.stride_x if frame.stride_x <= 4 else 0)), node,
        [build.dense(x), out, scratch, sums, frame.planes, *frame.hw, frame.steps[0], frame.stride_x, *frame.before, *frame.out_hw,
         *frame.kernel, frame.dy, frame.dx, size, workers],
        extent=workers, writes=[out, scratch], cost=frame.cost,
    )  # fmt: skip


def _max_lower(build, node):
    x, at = node.inputs[0], node.attrs
    planes = x.shape[0] * x.shape[1]
    if (at["kernel"], at["stride"], at["pad"], at["dilation"]) == ((2, 2), (2, 2), (0, 0, 0, 0), (1, 1)):
        out, index = build.output(node), build.output(node, 1)
        build.call(
            max_pool_2x2_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), out, index, *x.shape[2:], *at["out_hw"]],
            extent=planes, writes=[out, index], cost=x.size,
        )  # fmt: skip
        return
    read = id(node.outs[1]) in build.read
    frame = _Frame(build, x, **at, apart=2 if read else 1)
    if not read:
        _pool(build, node, frame, 0)
        return
    out, index = build.output(node), build.output(node, 1)
    scratch, places = (
        build.temp((frame.workers, n), t) for n, t in ((frame.size, x.dtype), (frame.plane + frame.spare, int32))
    )
    build.call(
        max_pool_kernel.bind(T=build.storage(x.dtype)), node,
        [build.dense(x), out, index, scratch, places, build.operand(table(frame.places())), *frame.arguments(), frame.stride_x,
         math.prod(frame.kernel), frame.size, frame.workers],
        extent=frame.workers, writes=[out, index, scratch, places], cost=out.size * math.prod(frame.kernel),
    )  # fmt: skip


max_pool = library(
    "max_pool", _max_numpy, _max_infer, _max_lower, smooth=False, batch=into_first_axis, planned_by=2,
    vjp=(lambda g, out, x, **at: max_pool_gradient(g[0], out[1], hw=x.shape[2:]) if g[0] is not None else None,),
    samples=[(f(2, 3, 4, 4), {"kernel": (2, 2), "stride": (2, 2), "pad": (0, 0, 0, 0), "dilation": (1, 1), "out_hw": (2, 2)}),
             (f(1, 2, 5, 4), {"kernel": (3, 2), "stride": (2, 1), "pad": (1, 1, 0, 1), "dilation": (1, 1), "out_hw": (3, 4)}),
             (f(1, 1, 6, 6), {"kernel": (2, 2), "stride": (1, 2), "pad": (0, 0, 0, 0), "dilation": (2, 3), "out_hw": (4, 2)})],
)  # fmt: skip


def _flat(x):
    return x.reshape(*x.shape[:2], math.prod(x.shape[2:]))  # not -1: there may be no elements


def _spread_numpy(g, index, hw):
    out = np.zeros((*g.shape[:2], math.prod(hw)), g.dtype)
    n, c = np.ogrid[: g.shape[0], : g.shape[1]]
    np.add.at(out, (n[..., None], c[..., None], _flat(index)), _flat(g))
    return (out.reshape(*g.shape[:2], *hw),)


def _at_lower(template, area_of):
    def lower(build, node):
        x, index = node.inputs
        out = build.output(node)
        planes = x.shape[0] * x.shape[1]
        build.call(
            template.bind(T=build.storage(x.dtype)), node,
            [build.dense(x), build.dense(index), out, math.prod(index.shape[2:]), area_of(node)],
            extent=planes, writes=[out], cost=x.size + out.size,
        )  # fmt: skip

    return lower


max_pool_gradient = library(
    "max_pool_gradient", _spread_numpy, lambda g, index, hw: [((*g.shape[:2], *hw), g.dtype)],
    _at_lower(max_pool_gradient_kernel, lambda node: math.prod(node.attrs["hw"])),
    vjp=(lambda g, out, x, index, hw: max_pool_gather(g, index), None), batch=into_first_axis,
)  # fmt: skip
max_pool_gather = library(
    "max_pool_gather", lambda x, index: (np.take_along_axis(_flat(x), _flat(index), -1).reshape(index.shape),),
    lambda x, index: [(index.shape, x.dtype)],
    _at_lower(max_pool_gather_kernel, lambda node: math.prod(node.inputs[0].shape[2:])),
    vjp=(lambda g, out, x, index: max_pool_gradient(g, index, hw=x.shape[2:]), None), batch=into_first_axis,
)  # fmt: skip


def _sum_numpy(x, kernel, stride, pad, hw):
    out = np.zeros((*x.shape[:2], *hw), x.dtype)
    for (r, q), (y, z) in _taps(x.shape, hw, kernel, stride, pad, (1, 1)):
        out[:, :, r, q] += x[:, :, y, z]
    return (out,)


def _back_numpy(g, kernel, stride, pad, hw):
    out = np.zeros((*g.shape[:2], *hw), g.dtype)
    for (r, q), (y, z) in _taps(out.shape, g.shape[2:], kernel, stride, pad, (1, 1)):
        out[:, :, y, z] += g[:, :, r, q]
    return (out,)


def _sum_lower(build, node):
    x, at = node.inputs[0], node.attrs
    _pool(build, node, _Frame(build, x, at["kernel"], at["stride"], at["pad"], at["hw"]), 1)


def _back_lower(build, node):
    g, at = node.inputs[0], node.attrs
    out = build.output(node)
    step = (
        at["stride"][1] if at["stride"][1] <= 2 else 0
    )  # the usual steps are compiled in: loads at a known small stride vectorise
    build.call(
        sum_pool_gradient_kernel.bind(T=build.storage(g.dtype), STEP=str(step)), node,
        [out, build.dense(g), *out.shape[2:], *g.shape[2:], *at["kernel"], *at["stride"], at["pad"][0], at["pad"][2]],
        extent=g.shape[0] * g.shape[1], writes=[out], cost=g.size * math.prod(at["kernel"]),
    )  # fmt: skip


def _hw_infer(x, kernel, stride, pad, hw):
    return [((*x.shape[:2], *hw), x.dtype)]


sum_pool = library(
    "sum_pool", _sum_numpy, _hw_infer, _sum_lower, batch=into_first_axis, planned_by=2,
    vjp=lambda needs, g, outs, inputs, kernel, stride, pad, hw: [
        sum_pool_gradient(g[0], kernel=kernel, stride=stride, pad=pad, hw=inputs[0].shape[2:])],
    samples=[(f(2, 3, 4, 4), {"kernel": (2, 2), "stride": (2, 2), "pad": (0, 0, 0, 0), "hw": (2, 2)}),
             (f(1, 2, 5, 4), {"kernel": (3, 2), "stride": (2, 1), "pad": (1, 1, 0, 1), "hw": (3, 4)})],
)  # fmt: skip
sum_pool_gradient = library(
    "sum_pool_gradient", _back_numpy, _hw_infer, _back_lower, batch=into_first_axis,
    vjp=lambda needs, g, outs, inputs, kernel, stride, pad, hw: [
        sum_pool(g[0], kernel=kernel, stride=stride, pad=pad, hw=inputs[0].shape[2:])],
    samples=[(f(2, 3, 2, 2), {"kernel": (2, 2), "stride": (2, 2), "pad": (0, 0, 0, 0), "hw": (4, 4)})],
)  # fmt: skip


# ---------------------------------------------------------------- functions
def pair(name: str, what: str, given, least=1) -> tuple[int, int]:
    """(vertical, horizontal) from an int or a pair; raises as MindSpore does."""
    values = tuple(given) if isinstance(given, (tuple, list)) else (given, given)
    if len(values) == 4:  # MindSpore's (1, 1, h, w)
        values = values[2:]
    if len(values) == 1:
        values = values * 2
    if len(values) != 2 or any(isinstance(v, bool) or not isinstance(v, (int, np.integer)) for v in values):
        raise fail(TypeError, f"For '{name}', '{what}' must be an int or a tuple of 2 ints, but got {given!r}.")
    if any(v < least for v in values):
        raise fail(ValueError, f"For '{name}', '{what}' must be at least {least}, but got {given!r}.")
    return whole(values[0]), whole(values[1])


def geometry(name, x, kernel, stride, pad_mode, padding, dilation=(1, 1), ceil_mode=False):
    """(pad of the four sides, output height and width); the far padding grows for ceil_mode."""
    if x.ndim != 4:
        raise fail(ValueError, f"For '{name}', the input must have 4 axes (N, C, H, W), but its shape is {x.shape}.")
    size = x.shape[2:]
    mode = pad_mode.lower()
    if mode == "same":
        out = [-(-size[a] // stride[a]) for a in (0, 1)]
        extra = [greater((out[a] - 1) * stride[a] + dilation[a] * (kernel[a] - 1) + 1 - size[a], 0) for a in (0, 1)]
        return (extra[0] // 2, extra[0] - extra[0] // 2, extra[1] // 2, extra[1] - extra[1] // 2), tuple(out)
    if mode not in ("valid", "pad"):
        raise fail(ValueError, f"For '{name}', 'pad_mode' must be 'same', 'valid' or 'pad', but got {pad_mode!r}.")
    p = pair(name, "padding", padding, 0) if mode == "pad" else (0, 0)
    pad = [p[0], p[0], p[1], p[1]]
    out = list(_windows(size, kernel, stride, pad, dilation))
    if ceil_mode:
        for a in (0, 1):
            span = size[a] + 2 * p[a] - dilation[a] * (kernel[a] - 1) - 1
            n = -(-span // stride[a]) + 1
            if (n - 1) * stride[a] >= size[a] + p[a]:  # a window must begin inside the input or its near padding
                n -= 1
            out[a] = n
    if any(d < 1 for d in out):
        raise fail(
            ValueError, f"For '{name}', a window of {kernel} with padding {p} does not fit an input of shape {x.shape}."
        )
    return tuple(pad), (length(out[0]), length(out[1]))


def wide(x):
    """What the kernels take: float32 or float64."""
    return x if x.dtype in (float32, float64) else to(x, float32)


def max_pool_with(x, kernel, stride, pad_mode="valid", padding=0, dilation=1, ceil_mode=False, name="MaxPool2d"):
    """(values, positions in the flattened plane): what the functions and the cells share."""
    kernel, stride, dilation = (
        pair(name, "kernel_size", kernel),
        pair(name, "stride", stride),
        pair(name, "dilation", dilation),
    )
    pad, out = geometry(name, x, kernel, stride, pad_mode, padding, dilation, ceil_mode)
    values, index = max_pool(wide(x), kernel=kernel, stride=stride, pad=pad, dilation=dilation, out_hw=out)
    return to(values, x.dtype), index


def avg_pool_with(
    x,
    kernel,
    stride,
    pad_mode="valid",
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor=None,
    name="AvgPool2d",
):
    """Averages; the divisor counts padding only with ``pad_mode="pad"`` and ``count_include_pad``."""
    kernel, stride = pair(name, "kernel_size", kernel), pair(name, "stride", stride)
    pad, out = geometry(name, x, kernel, stride, pad_mode, padding, (1, 1), ceil_mode)
    if wide(x) is not x:
        return to(
            avg_pool_with(wide(x), kernel, stride, pad_mode, padding, ceil_mode, count_include_pad, divisor, name),
            x.dtype,
        )
    sums = _window_sums(x, kernel, stride, pad, out)
    if divisor:
        return sums / divisor
    include_pad = bool(count_include_pad and pad_mode == "pad")
    axes = [(x.shape[2 + a], kernel[a], stride[a], pad[2 * a], pad[2 * a + 1], out[a], include_pad) for a in (0, 1)]
    if _is_even(*axes):
        return sums / _count(*axes)
    return sums / fixed(array_from(_divisors, *axes, x.dtype.np, shape=tuple(out)))


WIDE_WINDOW = 4  # columns from which sums along rows take less time than sums of shifted rows


def _window_sums(x, kernel, stride, pad, out):
    """``sum_pool``; plain sums where wide windows part the image."""
    n, c, height, width = x.shape
    parts = kernel == stride and not any(pad) and (height, width) == (out[0] * kernel[0], out[1] * kernel[1])
    if not parts or kernel[1] < WIDE_WINDOW:
        return sum_pool(x, kernel=kernel, stride=stride, pad=pad, hw=out)
    if out == (1, 1):
        return _sum(x, (2, 3))
    rows = _sum(reshape(x, (n, c, out[0], kernel[0], width)), (3,))
    return reshape(_sum(reshape(rows, (n, c, *out, kernel[1])), (4,)), (n, c, *out))


def _counts(size, kernel, stride, before, after, out, include_pad):
    """How many elements each window along an axis averages."""
    start = np.arange(out) * stride - before
    low, high = (-before, size + after) if include_pad else (0, size)
    return np.minimum(start + kernel, high) - np.maximum(start, low)


@decided
def _is_even(*axes) -> bool:
    """Whether all windows average as many elements."""
    return all(bool((c == c[0]).all()) for c in (_counts(*axis) for axis in axes))


@counted
def _count(*axes) -> int:
    """How many elements the first window averages."""
    return math.prod(int(_counts(*axis)[0]) for axis in axes)


def _divisors(rows, columns, dtype) -> np.ndarray:
    """How many elements each window averages."""
    return np.outer(_counts(*rows), _counts(*columns)).astype(dtype)


def max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False):
    """The maximum of each window of a plane.

    Args:
        x (Tensor): shape (N, C, H, W); numbers.
        kernel_size (int | tuple[int]): the window: height and width.
        stride (int | tuple[int] | None): how far apart windows begin. Default: None, the size of the window.
        padding (int | tuple[int]): how many elements surround each side; they are never the maximum. Default: 0.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
        return_indices (bool): whether the positions of the maxima are given too. Default: False.
        ceil_mode (bool): whether windows may reach over the end, so that nothing is left out. Default: False.

    Returns:
        Tensor of shape (N, C, H', W') and the type of ``x``, ``H'`` being
        ``(H + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1`` rounded down, or up with ``ceil_mode``;
        with ``return_indices`` a tuple of it and an int64 Tensor of positions in the flattened planes.

    Raises:
        TypeError: a size is not an int or two ints.
        ValueError: ``x`` has not 4 axes, a size is out of range, or the window does not fit.

    >>> import minispore as ms
    >>> x = ms.ops.arange(16.0).reshape(1, 1, 4, 4)
    >>> print(max_pool2d(x, 2).reshape(-1))
    [ 5.  7. 13. 15.]
    """
    stride = kernel_size if stride is None else stride
    values, index = max_pool_with(as_tensor(x), kernel_size, stride, "pad", padding, dilation, ceil_mode, "max_pool2d")
    return (values, index.long()) if return_indices else values


def avg_pool2d(
    input_x, kernel_size=1, stride=1, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=0
):
    """The average of each window of a plane.

    Args:
        input_x (Tensor): shape (N, C, H, W); floats.
        kernel_size (int | tuple[int]): the window: height and width. Default: 1.
        stride (int | tuple[int]): how far apart windows begin. Default: 1.
        padding (int | tuple[int]): how many zeros surround each side. Default: 0.
        ceil_mode (bool): whether windows may reach over the end, so that nothing is left out. Default: False.
        count_include_pad (bool): whether the zeros of the padding count as elements. Default: True.
        divisor_override (int): what the sums are divided by; 0: the number of elements. Default: 0.

    Returns:
        Tensor of shape (N, C, H', W') and the type of ``input_x``; ``H' = (H + 2 * padding - kernel) / stride + 1``,
        rounded down, or up with ``ceil_mode``.

    Raises:
        TypeError: a size is not an int or two ints.
        ValueError: ``input_x`` has not 4 axes, a size is out of range, or the window does not fit.

    >>> import minispore as ms
    >>> x = ms.ops.arange(16.0).reshape(1, 1, 4, 4)
    >>> print(avg_pool2d(x, 2, 2).reshape(-1))
    [ 2.5  4.5 10.5 12.5]
    """
    return avg_pool_with(
        as_tensor(input_x),
        kernel_size,
        stride,
        "pad",
        padding,
        ceil_mode,
        count_include_pad,
        divisor_override,
        "avg_pool2d",
    )


def _as_plane(function):
    """The one-dimensional form: axis -2 of length 1 is put in and taken out."""

    def pooled(x, kernel, stride, pad_mode="valid", padding=0, *rest, **more):
        p = padding[0] if isinstance(padding, (tuple, list)) else padding
        out = function(expand_dims(x, -2), (1, kernel), (1, stride), pad_mode, (0, p), *rest, **more)
        return tuple(squeeze(o, -2) for o in out) if isinstance(out, tuple) else squeeze(out, -2)

    return pooled


max_pool1d_with = _as_plane(max_pool_with)
avg_pool1d_with = _as_plane(avg_pool_with)


def avg_pool1d(input_x, kernel_size=1, stride=1, padding=0, ceil_mode=False, count_include_pad=True):
    """The average of each window of a line.

    Args:
        input_x (Tensor): shape (N, C, L); floats.
        kernel_size (int): the length of the window. Default: 1.
        stride (int): how far apart windows begin. Default: 1.
        padding (int | tuple[int]): how many zeros surround each side; an int or a tuple of one. Default: 0.
        ceil_mode (bool): whether windows may reach over the end, so that nothing is left out. Default: False.
        count_include_pad (bool): whether the zeros of the padding count as elements. Default: True.

    Returns:
        Tensor of shape (N, C, L') and the type of ``input_x``; ``L' = (L + 2 * padding - kernel_size) / stride + 1``,
        rounded down, or up with ``ceil_mode``.

    Raises:
        TypeError: a size is not an int.
        ValueError: ``input_x`` has not 3 axes, a size is out of range, or the window does not fit.

    >>> import minispore as ms
    >>> print(avg_pool1d(ms.Tensor([[[1.0, 3.0, 5.0, 9.0]]]), 2, 2))
    [[[2. 7.]]]
    """
    return avg_pool1d_with(as_tensor(input_x), kernel_size, stride, "pad", padding, ceil_mode, count_include_pad)


def max_pool1d(input, kernel_size, stride=None, padding=0):
    """The maximum of each window along the last axis of (N, C, L)."""
    return max_pool1d_with(as_tensor(input), kernel_size, stride or kernel_size, "pad", padding)[0]


__all__ = ["avg_pool1d", "avg_pool2d", "max_pool2d"]
