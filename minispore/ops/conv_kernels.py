# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Kernels beside the products of a convolution: im2col of all images, sums of what threads found."""

from ..core.kernel import device, kernel
from .row_copies import copy_every


# ---------------------------------------------------------------- kernels
@kernel
def sum_of_parts(source: "T*", out: "T*", parts: int, part: int, lo, hi):
    """``out[i]`` = sum of source[i] and what lies ``part`` elements apart."""
    for i in range(lo, hi):
        out[i] = source[i]
    for k in range(1, parts):
        more = shift(source, k * part)
        for i in range(lo, hi):
            out[i] += more[i]


@device
def inside(k, dilation, pad, stride, size, count):
    """Of the ``count`` windows along an axis, those whose element ``k`` lies inside the image: first, end."""
    at = k * dilation - pad  # the element that window 0 sees
    first = max(0, (stride - 1 - at) // stride)
    return min(first, count), max(min(first, count), min(count, (size - at + stride - 1) // stride))


@kernel
def image_columns(x: "T*", columns: "T*", images: int, channels: int, height: int, width: int, out_height: int,
                  out_width: int, kernel_height: int, kernel_width: int, stride_y: int, stride_x: int, dilation_y: int,
                  dilation_x: int, top: int, left: int, lo, hi):  # fmt: skip
    """im2col of all images: ``columns[c, u, v, n, p]`` is what window p of image n has at (u, v); [lo, hi) are channels."""
    area = out_height * out_width
    for c in range(lo, hi):
        for u in range(kernel_height):
            first_row, rows_end = inside(u, dilation_y, top, stride_y, height, out_height)
            for v in range(kernel_width):
                first, end = inside(v, dilation_x, left, stride_x, width, out_width)
                for n in range(images):
                    target = shift(columns, (((c * kernel_height + u) * kernel_width + v) * images + n) * area)
                    image = shift(
                        x, ((n * channels + c) * height + u * dilation_y - top) * width + v * dilation_x - left
                    )
                    for q in range(out_height):
                        row, source = shift(target, q * out_width), shift(image, q * stride_y * width)
                        if q < first_row or q >= rows_end:
                            for i in range(out_width):
                                row[i] = 0
                            continue
                        for i in range(first):
                            row[i] = 0
                        copy_every(shift(source, first * stride_x), shift(row, first), end - first, stride_x)
                        for i in range(end, out_width):
                            row[i] = 0


__all__ = ["image_columns", "inside", "sum_of_parts"]
