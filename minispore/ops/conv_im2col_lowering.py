"""From a convolution of few channels and filters to the calls of the kernels of conv_im2col.py."""

import math

from .conv_im2col import im2col_convolution, permute_weights

PLANES = 96 * 1024  # elements of planes that stay in the second cache


def _by_group(w, groups):
    """(groups, filters, channels, rows, columns) of a weight operand."""
    o, *rest = w.shape
    return type(w)(
        w.buffer, w.offset, (groups, o // groups, *rest), (w.strides[0] * (o // groups), *w.strides), w.dtype
    )


def _permuted(build, node, view, parts=1, part=0, out=None):
    """A dense copy of a 5-d operand (or itself), the sum of ``parts`` of them ``part`` elements apart."""
    if parts == 1 and out is None and view.is_dense:
        return view
    made = out = build.temp(view.shape, view.dtype) if out is None else out
    order = [0, 2, 1, 3, 4] if view.shape[1] < view.shape[2] else [0, 1, 2, 3, 4]  # what shares cache lines: near
    if view.shape[3] > view.shape[4]:
        order[3:] = 4, 3
    view, out = view.permuted(order), out.permuted(order)
    build.call(
        permute_weights.bind(T=build.storage(view.dtype)), node,
        [view, out, parts, part, *view.shape[1:], *view.strides, *out.strides],
        extent=math.prod(view.shape[:3]), writes=[out], cost=view.size * parts,
    )  # fmt: skip
    return made


def im2col_forward(build, node, s, x, w, y) -> None:
    """y = w * x."""
    taps = _permuted(build, node, _by_group(w, s.groups).permuted((0, 3, 1, 2, 4)))
    _convolve(build, node, s, 0, x, taps, y)


def im2col_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights: each worker's sums over its images, then the sum of those."""
    kh, kw = s.kernel_height, s.kernel_width
    shape = kh, s.filters, s.channels, kw
    sums = build.temp((s.groups, s.workers(build), *shape), x.dtype)
    _convolve(build, node, s, 1, x, sums, g)
    first = sums.sliced((0,) * 6, (1,) * 6, (s.groups, 1, *shape))
    _permuted(
        build,
        node,
        first.permuted((0, 3, 4, 2, 5)),
        parts=sums.shape[1],
        part=sums.strides[1],
        out=_by_group(out, s.groups),
    )


def _convolve(build, node, s, task, x, taps, y):
    depth = s.channels * s.kernel_width
    reach = (s.kernel_height - 1) * s.dilation[0]
    strip = min(s.out_height, max(1, PLANES // (depth * s.out_width) - reach))
    strips = max(-(-s.out_height // strip), min(s.out_height, s.parts_wanted()))
    strip = -(-s.out_height // strips)
    strips = -(-s.out_height // strip)
    tall = strip + reach
    pitch = -(-tall * s.out_width // 16) * 16
    pixels = strip * s.out_width
    if task == 0:
        pixels = min(pixels, 256)
    piece = min(strip, max(1, pixels // s.out_width))
    skip, begin, count, wide = s.row()
    size = depth * pitch + (tall + 1) * wide
    workers = s.workers(build)
    shared = s.kernel_height * s.filters * depth  # taps: read by all workers, or a share for each
    per_worker, per_group = (shared, workers * shared) if task else (0, shared)
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        im2col_convolution.bind(T=build.storage(x.dtype)), node,
        [x, taps, y, scratch, task, s.images * s.groups * strips, s.channels, s.height, s.width, s.filters,
         s.out_height, s.out_width, s.area, s.kernel_height, s.kernel_width, *s.dilation, s.top, skip, begin, count, wide,
         s.groups, strips, strip, pitch, piece, depth, per_group, per_worker, size, workers],
        extent=workers, writes=[taps if task else y, scratch], cost=s.cost,
    )  # fmt: skip


__all__ = ["im2col_forward", "im2col_weight_gradient"]
