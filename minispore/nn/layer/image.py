"""Layers that rearrange or crop images."""

from ... import ops
from ...errors import fail
from ...ops.movement import slice_along
from ..cell import Cell
from . import check


class PixelShuffle(Cell):
    """(..., C r^2, H, W) -> (..., C, H r, W r)."""

    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def construct(self, input):
        return ops.pixel_shuffle(input, self.upscale_factor)


class PixelUnshuffle(Cell):
    """(..., C, H r, W r) -> (..., C r^2, H, W)."""

    def __init__(self, downscale_factor):
        super().__init__()
        self.downscale_factor = downscale_factor

    def construct(self, input):
        return ops.pixel_unshuffle(input, self.downscale_factor)


class ChannelShuffle(Cell):
    """The channels (axis 1) dealt out like cards: the first of each of ``groups`` groups, then the second of each,
    ..."""

    def __init__(self, groups):
        super().__init__()
        self.groups = check.positive_int("ChannelShuffle", "groups", groups)

    def construct(self, x):
        return ops.channel_shuffle(x, self.groups)


class CentralCrop(Cell):
    """The middle of images (C, H, W) or (N, C, H, W), with the share ``central_fraction`` of the height and width."""

    def __init__(self, central_fraction):
        super().__init__()
        if not 0 < check.instance("CentralCrop", "central_fraction", central_fraction, float) <= 1:
            raise fail(
                ValueError,
                f"For 'CentralCrop', the argument 'central_fraction' must be in (0, 1], but got {central_fraction}.",
            )
        self.central_fraction = central_fraction

    def construct(self, image):
        check.rank("CentralCrop", image, 3, 4)
        for axis in (image.ndim - 2, image.ndim - 1):
            n = image.shape[axis]
            begin = int((n - n * self.central_fraction) / 2)
            image = slice_along(image, axis, begin, n - 2 * begin)
        return image


__all__ = ["CentralCrop", "ChannelShuffle", "PixelShuffle", "PixelUnshuffle"]
