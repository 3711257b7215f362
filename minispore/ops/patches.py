"""Images as patches and samples: unfold and fold, sampling on a grid, the inverse of max pooling."""

import math

import numpy as np

from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import as_tensor, fixed, to
from ..core.sizes import array_from
from .adaptive_pool import adaptive_avg_pool2d, adaptive_max_pool2d
from .clipping import clamp
from .concatenation import stack
from .effects import check_bounds
from .elementwise import (
    abs as abs_,
    floor,
    logical_and,
    maximum,
    minimum,
    norm_of,
    pow as pow_,
    rint,
    select,
    trunc,
)
from .methods import method
from .movement import expand_dims, reshape, swapaxes
from .padding import pad_constant
from .pool import avg_pool_with, pair
from .products import matmul
from .sampling import between, picked
from .slicing import basic_slice, slice_update, zeros_of


def _taps(name, size, kernel_size, dilation, padding, stride):
    """(kernel, dilation, padding, stride, number of windows along each axis)."""
    kernel, dilation, stride = (
        pair(name, what, given)
        for what, given in (("kernel_size", kernel_size), ("dilation", dilation), ("stride", stride))
    )
    padding = pair(name, "padding", padding, 0)
    counts = tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, d, p, s in zip(size, kernel, dilation, padding, stride)
    )
    if min(counts) < 1:
        raise fail(ValueError, f"For '{name}', a kernel of {kernel} does not fit an image of {tuple(size)}.")
    return kernel, dilation, padding, stride, counts


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """The windows of a convolution as columns (im2col).

    Args:
        input (Tensor): shape (N, C, H, W) or (C, H, W).
        kernel_size (int | tuple[int]): the window: height kh and width kw.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
        padding (int | tuple[int]): how many zeros surround each side. Default: 0.
        stride (int | tuple[int]): how far apart windows begin. Default: 1.

    Returns:
        Tensor of shape (N, C * kh * kw, L) or (C * kh * kw, L) for L windows; the type of ``input``.

    Raises:
        TypeError: a size is not an int or two ints.
        ValueError: ``input`` has not 3 or 4 axes, a size is out of range, or the window does not fit.

    >>> import minispore as ms
    >>> unfold(ms.ops.ones((1, 2, 4, 4)), 2, stride=2).shape
    (1, 8, 4)
    """
    if input.ndim not in (3, 4):
        raise fail(ValueError, f"For 'unfold', the input must be (N, C, H, W) or (C, H, W), but got {input.shape}.")
    x = input if input.ndim == 4 else expand_dims(input, 0)
    kernel, dilation, p, stride, counts = _taps("unfold", x.shape[2:], kernel_size, dilation, padding, stride)
    n, c = x.shape[:2]
    x = pad_constant(x, (0, 0, *p), (0, 0, *p)) if any(p) else x
    taps = [
        basic_slice(x, (0, 0, i * dilation[0], j * dilation[1]), (1, 1, *stride), (n, c, *counts))
        for i in range(kernel[0]) for j in range(kernel[1])
    ]  # fmt: skip
    out = reshape(stack(taps, 2), (n, c * kernel[0] * kernel[1], counts[0] * counts[1]))
    return out if input.ndim == 4 else reshape(out, out.shape[1:])


@method("unfold")
def _tensor_unfold(self, kernel_size, dilation=1, padding=0, stride=1):
    """The windows of a convolution as columns: ``ops.unfold``.

    Args:
        kernel_size (int | tuple[int]): the window: height kh and width kw.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
        padding (int | tuple[int]): how many zeros surround each side. Default: 0.
        stride (int | tuple[int]): how far apart windows begin. Default: 1.

    Returns:
        Tensor of shape (N, C * kh * kw, L) or (C * kh * kw, L) for L windows; the type of the Tensor.

    Raises:
        TypeError: a size is not an int or two ints.
        ValueError: the Tensor has not 3 or 4 axes, a size is out of range, or the window does not fit.

    >>> import minispore as ms
    >>> ms.ops.ones((1, 2, 4, 4)).unfold(2, stride=2).shape
    (1, 8, 4)
    """
    return unfold(self, kernel_size, dilation, padding, stride)


@method("fold")
def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """The sum of windows put back to their places: the transpose of ``unfold``.

    Args:
        input (Tensor): shape (N, C * kh * kw, L) or (C * kh * kw, L), for L windows.
        output_size (int | tuple[int] | Tensor): height H and width W of the result.
        kernel_size (int | tuple[int]): the window: height kh and width kw.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
        padding (int | tuple[int]): how many elements are cut from each side. Default: 0.
        stride (int | tuple[int]): how far apart windows begin. Default: 1.

    Returns:
        Tensor of shape (N, C, H, W) or (C, H, W); the type of ``input``.

    Raises:
        TypeError: a size is not an int or two ints.
        ValueError: a size is out of range, or ``input`` does not hold the windows of such an output.

    >>> import minispore as ms
    >>> print(fold(ms.ops.ones((1, 4, 2)), (2, 3), 2))
    [[[[1. 2. 1.]
       [1. 2. 1.]]]]
    """
    if input.ndim not in (2, 3):
        raise fail(ValueError, f"For 'fold', the input must be (N, C * kh * kw, L), but got {input.shape}.")
    x = input if input.ndim == 3 else expand_dims(input, 0)
    if hasattr(output_size, "tolist"):
        output_size = tuple(output_size.tolist())
    size = pair("fold", "output_size", output_size)
    kernel, dilation, p, stride, counts = _taps("fold", size, kernel_size, dilation, padding, stride)
    area = kernel[0] * kernel[1]
    if x.shape[1] % area or x.shape[2] != counts[0] * counts[1]:
        raise fail(ValueError, f"For 'fold', windows {x.shape} do not fit {size} with a kernel of {kernel}.")
    n, c = x.shape[0], x.shape[1] // area
    taps = reshape(x, (n, c, area, *counts))
    wide = tuple(d + 2 * q for d, q in zip(size, p))
    total = None
    for k in range(area):
        i, j = divmod(k, kernel[1])
        tap = reshape(basic_slice(taps, (0, 0, k, 0, 0), (1,) * 5, (n, c, 1, *counts)), (n, c, *counts))
        part = slice_update(zeros_of(x, (n, c, *wide)), tap, begin=(0, 0, i * dilation[0], j * dilation[1]),
                          step=(1, 1, *stride))  # fmt: skip
        total = part if total is None else total + part
    out = basic_slice(total, (0, 0, *p), (1,) * 4, (n, c, *size))
    return out if input.ndim == 3 else reshape(out, out.shape[1:])


# ---------------------------------------------------------------- sampling
def affine_grid(theta, size, align_corners=False):
    """The positions that affine maps send the elements of a grid to, for ``grid_sample``.

    Args:
        theta (Tensor): shape (N, 2, 3); floats; the maps.
        size (tuple[int]): (N, C, H, W), the shape that sampling is to have.
        align_corners (bool): whether -1 and 1 are the middles of the outermost elements, not their edges.
            Default: False.

    Returns:
        Tensor of shape (N, H, W, 2), positions (x, y); the type of ``theta``.

    Raises:
        ValueError: ``theta`` or ``size`` is not of that form.

    >>> import minispore as ms
    >>> print(affine_grid(ms.Tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]), (1, 1, 1, 2)))
    [[[[-0.5  0. ]
       [ 0.5  0. ]]]]
    """
    if theta.ndim != 3 or len(size) != 4 or theta.shape[1:] != (2, 3):
        raise fail(
            ValueError, f"For 'affine_grid', (N, 2, 3) and a size of 4 are needed, but got {theta.shape}, {size}."
        )
    n, _, h, w = size
    base = fixed(array_from(_places_in_plane, h, w, bool(align_corners), theta.dtype.np, shape=(h * w, 3)))
    return reshape(matmul(base, swapaxes(theta, 1, 2)), (n, h, w, 2))


def _places_in_plane(h, w, align_corners, dtype) -> np.ndarray:
    """(x, y, 1) of each pixel, from -1 to 1."""

    def line(count):
        at = np.linspace(-1, 1, count) if align_corners else (2 * np.arange(count) + 1) / count - 1
        return at if count > 1 or not align_corners else np.zeros(1)

    y, x = np.meshgrid(line(h), line(w), indexing="ij")
    return np.stack([x, y, np.ones_like(x)], -1).reshape(h * w, 3).astype(dtype)


def _reflected(x, low, high):
    """``x`` mirrored at ``low`` and ``high`` until it is between them."""
    if high <= low:
        return x * 0.0
    span = float(high - low)
    far = abs_(x - low)
    rest = far - floor(far * (0.5 / span)) * (2.0 * span)
    return minimum(rest, 2.0 * span - rest) + low


def _unnormalised(t, size, corners, padding_mode):
    x = (t + 1.0) * (0.5 * (size - 1)) if corners else ((t + 1.0) * size - 1.0) * 0.5
    if padding_mode == "reflection":
        x = _reflected(x, 0.0, size - 1.0) if corners else _reflected(x, -0.5, size - 0.5)
    return x if padding_mode == "zeros" else clamp(x, 0.0, size - 1.0)


def grid_sample(input, grid, mode="bilinear", padding_mode="zeros", align_corners=None):
    """``input`` read at the positions of a grid.

    Args:
        input (Tensor): shape (N, C, H, W); floats.
        grid (Tensor): shape (N, H', W', 2); floats; positions (x, y), from -1 to 1 inside ``input``.
        mode (str): "bilinear" or "nearest". Default: "bilinear".
        padding_mode (str): what is outside: "zeros", "border" (the nearest element) or "reflection". Default: "zeros".
        align_corners (bool | None): whether -1 and 1 are the middles of the outermost elements, not their edges.
            Default: None, which is False.

    Returns:
        Tensor of shape (N, C, H', W'); floats.

    Raises:
        ValueError: the shapes do not fit, or a mode is unknown.

    >>> import minispore as ms
    >>> print(grid_sample(ms.Tensor([[[[1.0, 3.0]]]]), ms.Tensor([[[[0.0, 0.0]]]])))
    [[[[2.]]]]
    """
    if input.ndim != 4 or grid.ndim != 4 or grid.shape[3] != 2 or input.shape[0] != grid.shape[0]:
        raise fail(
            ValueError,
            f"For 'grid_sample', (N, C, H, W) and (N, H', W', 2) are needed, but got {input.shape}, {grid.shape}.",
        )
    if mode not in ("bilinear", "nearest") or padding_mode not in ("zeros", "border", "reflection"):
        raise fail(ValueError, f"For 'grid_sample', mode {mode!r} with padding_mode {padding_mode!r} is not possible.")
    (n, c, h, w), out = input.shape, grid.shape[1:3]
    flat = reshape(grid, (n, -1, 2))
    x, y = (
        _unnormalised(flat[:, :, k], size, bool(align_corners), padding_mode) for k, size in ((0, w), (1, h))
    )  # (N, H' W')
    if mode == "nearest":
        return reshape(picked(input, rint(x), rint(y)), (n, c, *out))
    return reshape(between(input, x, y), (n, c, *out))


def crop_and_resize(image, boxes, box_indices, crop_size, method="bilinear", extrapolation_value=0.0):
    """Boxes cut from images and resized to one size.

    Args:
        image (Tensor): shape (N, H, W, C); numbers.
        boxes (Tensor): shape (n, 4); floats; (y1, x1, y2, x2), where 0 and 1 are the first and the last row or column.
        box_indices (Tensor): shape (n,); integers; the image of each box.
        crop_size (tuple[int]): height and width of the results.
        method (str): "bilinear", "nearest", or "bilinear_v2" (pixels are areas, as half-pixel resizing has it).
            Default: "bilinear".
        extrapolation_value (float): what is outside an image. Default: 0.0.

    Returns:
        Tensor of shape (n, crop height, crop width, C); float32.

    Raises:
        TypeError: ``box_indices`` does not hold integers.
        ValueError: ``method`` is unknown, or ``image`` or ``boxes`` is of another shape.
        IndexError: there is no such image.

    >>> import minispore as ms
    >>> image = ms.ops.arange(9.0).reshape(1, 3, 3, 1)
    >>> print(crop_and_resize(image, ms.Tensor([[0.0, 0.0, 1.0, 0.5]]), ms.Tensor([0]), (2, 2)).reshape(2, 2))
    [[0. 1.]
     [6. 7.]]
    """
    if method not in ("bilinear", "nearest", "bilinear_v2"):
        raise fail(
            ValueError,
            f"For 'crop_and_resize', 'method' must be 'bilinear', 'nearest' or 'bilinear_v2', but got {method!r}.",
        )
    if image.ndim != 4 or boxes.ndim != 2 or boxes.shape[1] != 4:
        raise fail(
            ValueError,
            f"For 'crop_and_resize', (N, H, W, C) and (n, 4) are needed, but got {image.shape}, {boxes.shape}.",
        )
    from .gathering import gather

    _, h, w, c = image.shape
    rows, columns = crop_size

    def line(k, count, size):
        low, high = boxes[:, k : k + 1], boxes[:, k + 2 : k + 3]
        steps = fixed(np.arange(count, dtype=np.float32).reshape(1, -1))
        if method == "bilinear_v2":  # the box in whole pixels, which are areas
            first, last = trunc(low * float(size)), trunc(high * float(size))
            length = maximum(last - first + 1.0, 1.0)
            return first + minimum(maximum((steps + 0.5) * length * (1.0 / count) - 0.5, 0.0), length - 1.0)
        if count == 1:
            return (low + high) * (0.5 * (size - 1))
        return (low + (high - low) * steps * (1.0 / (count - 1))) * float(size - 1)

    y, x = line(0, rows, h), line(1, columns, w)
    n = boxes.shape[0]
    shape = (n, rows, columns)
    y, x = (reshape(expand_dims(t, a).broadcast_to(shape), (n, -1)) for t, a in ((y, 2), (x, 1)))
    inside = logical_and(logical_and(y >= 0.0, y <= h - 1.0), logical_and(x >= 0.0, x <= w - 1.0))
    y, x = clamp(y, 0.0, h - 1.0), clamp(x, 0.0, w - 1.0)
    planes = gather(to(image, float32).transpose(0, 3, 1, 2), box_indices, 0)
    if method == "nearest":
        out = picked(planes, floor(x + 0.5), floor(y + 0.5))
    else:
        out = between(planes, x, y)
    out = select(expand_dims(inside, 1), out, float(extrapolation_value))
    return reshape(swapaxes(out, 1, 2), (n, rows, columns, c))


# ---------------------------------------------------------------- pooling of other kinds
def max_unpool2d(x, indices, kernel_size, stride=None, padding=0, output_size=None):
    """The values of ``max_pool2d`` put back to where they were, zeros elsewhere.

    Args:
        x (Tensor): shape (N, C, H, W) or (C, H, W); numbers.
        indices (Tensor): the shape of ``x``; integers; positions in the flattened planes of the result.
        kernel_size (int | tuple[int]): the window of the pooling.
        stride (int | tuple[int] | None): how far apart windows began. Default: None, the size of the window.
        padding (int | tuple[int]): the padding of the pooling. Default: 0.
        output_size (tuple[int] | None): the shape of the result, of which the last two lengths are read.
            Default: None, ``(H - 1) * stride - 2 * padding + kernel_size``.

    Returns:
        Tensor of shape (N, C, H', W') or (C, H', W'); the type of ``x``.

    Raises:
        TypeError: a size is not an int or two ints.
        ValueError: the shapes differ or have not 3 or 4 axes, or a size is out of range.

    >>> import minispore as ms
    >>> print(max_unpool2d(ms.Tensor([[[5.0]]]), ms.Tensor([[[2]]]), 2))
    [[[0. 0.]
      [5. 0.]]]
    """
    kernel = pair("max_unpool2d", "kernel_size", kernel_size)
    stride = kernel if stride in (None, 0) else pair("max_unpool2d", "stride", stride)
    pads = pair("max_unpool2d", "padding", padding, 0)
    if x.ndim not in (3, 4) or x.shape != indices.shape:
        raise fail(
            ValueError, f"For 'max_unpool2d', two Tensors of one shape are needed, but got {x.shape}, {indices.shape}."
        )
    size = tuple((d - 1) * s - 2 * p + k for d, s, p, k in zip(x.shape[-2:], stride, pads, kernel))
    if output_size:
        size = tuple(output_size)[-2:]
    return unpooled("max_unpool2d", x, indices, size)


def unpooled(name, x, indices, size):
    """Planes of ``size`` that are zero but for ``x`` at the positions ``indices``, counted from 0 in each plane."""
    from .scattering import tensor_scatter_elements

    lead = x.shape[: x.ndim - len(size)]
    rows, at = (reshape(t, (math.prod(lead), -1)) for t in (x, indices))
    planes = zeros_of(rows, (rows.shape[0], math.prod(size)))
    at = check_bounds(at, math.prod(size), name)
    return reshape(tensor_scatter_elements(planes, at, rows, 1), (*lead, *size))


def _lp_pool(x, norm_type, kernel, stride, ceil_mode, name):
    if isinstance(norm_type, bool) or not isinstance(norm_type, (int, float)) or norm_type == 0:
        raise fail(ValueError, f"For '{name}', 'norm_type' must be a number other than 0, but got {norm_type!r}.")
    sums = avg_pool_with(pow_(x, float(norm_type)), kernel, stride, "pad", 0, ceil_mode, True, 1, name)
    return norm_of(maximum(sums, 0.0), norm_type)


def lp_pool1d(x, norm_type, kernel_size, stride=None, ceil_mode=False):
    """``sum(x ** norm_type) ** (1 / norm_type)`` over each window of a line; negative sums count as 0.

    Args:
        x (Tensor): shape (N, C, L) or (C, L); floats.
        norm_type (int | float): the exponent, not 0.
        kernel_size (int): the length of the window.
        stride (int | None): how far apart windows begin. Default: None, the length of the window.
        ceil_mode (bool): whether windows may reach over the end, so that nothing is left out. Default: False.

    Returns:
        Tensor of the shape of ``x`` with the last axis ``(L - kernel_size) / stride + 1`` long, rounded down, or up
        with ``ceil_mode``; the type of ``x``.

    Raises:
        TypeError: a size is not an int.
        ValueError: ``norm_type`` is 0 or no number, a size is out of range, or the window does not fit.

    >>> import minispore as ms
    >>> print(lp_pool1d(ms.Tensor([[3.0, 4.0, 0.0, 2.0]]), 2, 2))
    [[5. 2.]]
    """
    plane = reshape(x, (1, -1, 1, x.shape[-1]))
    out = _lp_pool(plane, norm_type, (1, kernel_size), (1, stride or kernel_size), ceil_mode, "lp_pool1d")
    return reshape(out, (*x.shape[:-1], out.shape[-1]))


def lp_pool2d(x, norm_type, kernel_size, stride=None, ceil_mode=False):
    """``sum(x ** norm_type) ** (1 / norm_type)`` over each window of a plane; negative sums count as 0.

    Args:
        x (Tensor): shape (N, C, H, W); floats.
        norm_type (int | float): the exponent, not 0.
        kernel_size (int | tuple[int]): the window: height and width.
        stride (int | tuple[int] | None): how far apart windows begin. Default: None, the size of the window.
        ceil_mode (bool): whether windows may reach over the end, so that nothing is left out. Default: False.

    Returns:
        Tensor of shape (N, C, H', W') with ``H' = (H - kernel_size) / stride + 1``, rounded down, or up with
        ``ceil_mode``; the type of ``x``.

    Raises:
        TypeError: a size is not an int or two ints.
        ValueError: ``norm_type`` is 0 or no number, ``x`` has not 4 axes, or the window does not fit.

    >>> import minispore as ms
    >>> print(lp_pool2d(ms.Tensor([[[[3.0, 0.0], [0.0, 4.0]]]]), 2, 2))
    [[[[5.]]]]
    """
    kernel = pair("lp_pool2d", "kernel_size", kernel_size)
    return _lp_pool(x, norm_type, kernel, kernel if stride is None else stride, ceil_mode, "lp_pool2d")


def _adaptive1d(function):
    def adaptive(input, output_size, *more):
        x = as_tensor(input)
        if x.ndim not in (2, 3):
            raise fail(ValueError, f"For '{function.__name__}', (N, C, L) or (C, L) is needed, but got {x.shape}.")
        return function(reshape(x, (*x.shape[:-1], 1, x.shape[-1])), (1, output_size), *more)

    return adaptive


def adaptive_avg_pool1d(input, output_size):
    """Averages of windows chosen so that the result has a given length.

    Window k of m goes from ``floor(k * L / m)`` to ``ceil((k + 1) * L / m)``.

    Args:
        input (Tensor): shape (N, C, L) or (C, L); floats.
        output_size (int): the length of the result.

    Returns:
        Tensor of shape (N, C, output_size) or (C, output_size); the type of ``input``.

    Raises:
        ValueError: ``input`` has not 2 or 3 axes.

    >>> import minispore as ms
    >>> print(adaptive_avg_pool1d(ms.Tensor([[1.0, 3.0, 5.0]]), 2))
    [[2. 4.]]
    """
    return reshape(_adaptive1d(adaptive_avg_pool2d)(input, output_size), (*input.shape[:-1], output_size))


def adaptive_max_pool1d(input, output_size, return_indices=False):
    """Maxima of windows chosen so that the result has a given length.

    Window k of m goes from ``floor(k * L / m)`` to ``ceil((k + 1) * L / m)``.

    Args:
        input (Tensor): shape (N, C, L) or (C, L); numbers.
        output_size (int): the length of the result.
        return_indices (bool): whether the positions of the maxima are given too. Default: False.

    Returns:
        Tensor of shape (N, C, output_size) or (C, output_size), of the type of ``input``; with ``return_indices`` a
        tuple of it and an int64 Tensor of positions along the last axis.

    Raises:
        ValueError: ``input`` has not 2 or 3 axes.

    >>> import minispore as ms
    >>> print(adaptive_max_pool1d(ms.Tensor([[1.0, 3.0, 5.0]]), 2))
    [[3. 5.]]
    """
    out = _adaptive1d(adaptive_max_pool2d)(input, output_size, return_indices)
    shape = (*input.shape[:-1], output_size)
    return tuple(reshape(t, shape) for t in out) if return_indices else reshape(out, shape)


__all__ = [
    "adaptive_avg_pool1d", "adaptive_max_pool1d", "affine_grid", "crop_and_resize", "fold", "grid_sample",
    "lp_pool1d", "lp_pool2d", "max_unpool2d", "unfold",
]  # fmt: skip
