"""Layers that rearrange or crop images."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...ops.image import resize_bilinear
from ...ops.slicing import slice_along
from ..cell import Cell


class PixelShuffle(Cell):
    """Channels moved into space: (..., C r^2, H, W) to (..., C, H r, W r) (Shi et al. 2016, arXiv 1609.05158).

    Args:
        upscale_factor: int, r.

    Inputs:
        input: Tensor of shape (..., C r^2, H, W).

    Returns:
        Tensor of shape (..., C, H r, W r) and the dtype of the input.

    Raises:
        ValueError: the channels are not a multiple of r^2, or fewer than 3 axes.

    >>> from minispore import nn, ops
    >>> print(nn.PixelShuffle(2)(ops.arange(4).reshape(1, 4, 1, 1)))
    [[[[0 1]
       [2 3]]]]
    """

    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def construct(self, input):
        return ops.pixel_shuffle(input, self.upscale_factor)


class PixelUnshuffle(Cell):
    """Space moved into channels: (..., C, H r, W r) to (..., C r^2, H, W), the inverse of ``PixelShuffle``.

    Args:
        downscale_factor: int, r.

    Inputs:
        input: Tensor of shape (..., C, H r, W r).

    Returns:
        Tensor of shape (..., C r^2, H, W) and the dtype of the input.

    Raises:
        ValueError: height or width are not multiples of r, or fewer than 3 axes.

    >>> from minispore import nn, ops
    >>> nn.PixelUnshuffle(2)(ops.zeros((1, 1, 4, 6))).shape
    (1, 4, 2, 3)
    """

    def __init__(self, downscale_factor):
        super().__init__()
        self.downscale_factor = downscale_factor

    def construct(self, input):
        return ops.pixel_unshuffle(input, self.downscale_factor)


class ChannelShuffle(Cell):
    """The channels in another order: the first of each of ``groups`` groups, then the second of each, and so on
    (Zhang et al. 2017, arXiv 1707.01083).

    Args:
        groups: int above 0, a divisor of the channels.

    Inputs:
        x: Tensor of shape (N, C, ...).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: ``groups`` is not an int.
        ValueError: ``groups`` is not positive, or does not divide the channels.

    >>> from minispore import nn, ops
    >>> print(nn.ChannelShuffle(2)(ops.arange(4).reshape(1, 4, 1, 1)).reshape(-1))
    [0 2 1 3]
    """

    def __init__(self, groups):
        super().__init__()
        self.groups = checks.positive_int("ChannelShuffle", groups=groups)

    def construct(self, x):
        return ops.channel_shuffle(x, self.groups)


class CentralCrop(Cell):
    """The middle of images.

    Args:
        central_fraction: float in (0, 1], which share of height and width to keep.

    Inputs:
        image: Tensor of shape (C, H, W) or (N, C, H, W).

    Returns:
        Tensor of the dtype of the image, whose last two axes are cut.

    Raises:
        TypeError: ``central_fraction`` is not a float.
        ValueError: it is out of range, or the image has other axes.

    >>> from minispore import nn, ops
    >>> nn.CentralCrop(0.5)(ops.zeros((3, 8, 8))).shape
    (3, 4, 4)
    """

    def __init__(self, central_fraction):
        super().__init__()
        checks.floating("CentralCrop", central_fraction=central_fraction)
        checks.within("CentralCrop", "(0, 1]", central_fraction=central_fraction)
        self.central_fraction = central_fraction

    def construct(self, image):
        checks.rank("CentralCrop", 3, 4, input=image)
        for axis in (image.ndim - 2, image.ndim - 1):
            n = image.shape[axis]
            begin = int((n - n * self.central_fraction) / 2)
            image = slice_along(image, axis, begin, n - 2 * begin)
        return image


class ResizeBilinear(Cell):
    """Images in another size, interpolated between the four pixels around; MindSpore 1's layer.

    Args:
        half_pixel_centers: bool, whether pixels lie at the middle of their squares.  Default: False.

    Inputs:
        x: Tensor of floats, shape (N, C, H, W).
        size: (height, width), the new size.  Default: None.
        scale_factor: int, the new size as a multiple of the old; one of the two is given.  Default: None.
        align_corners: bool, whether the corner pixels keep their places.  Default: False.

    Returns:
        Tensor of shape (N, C, height, width).

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: both or neither of ``size`` and ``scale_factor`` are given, or they are not positive.

    >>> from minispore import Tensor, nn
    >>> print(nn.ResizeBilinear()(Tensor([[[[0.0, 2.0]]]]), size=(1, 4)))
    [[[[0. 1. 2. 2.]]]]
    """

    def __init__(self, half_pixel_centers=False):
        super().__init__()
        self.half_pixel_centers = checks.boolean("ResizeBilinear", half_pixel_centers=half_pixel_centers)

    def construct(self, x, size=None, scale_factor=None, align_corners=False):
        checks.rank("ResizeBilinear", 4, input=x)
        if (size is None) == (scale_factor is None):
            raise fail(ValueError, "For 'ResizeBilinear', one of 'size' and 'scale_factor' must be given.")
        if size is None:
            factor = checks.positive_int("ResizeBilinear", scale_factor=scale_factor)
            size = tuple(n * factor for n in x.shape[2:])
        size = checks.int_tuple("ResizeBilinear", 2, size=tuple(size))
        return resize_bilinear(x, size, align_corners, self.half_pixel_centers)


__all__ = ["CentralCrop", "ChannelShuffle", "PixelShuffle", "PixelUnshuffle", "ResizeBilinear"]
