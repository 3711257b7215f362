"""Image gradients and measures of similarity between images."""

import numpy as np

from ... import ops
from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.op import to
from ...core.tensor import Tensor
from ..cell import Cell
from ..container import CellList
from .conv import Conv2d


class ImageGradients(Cell):
    """The differences of each pixel to the one below and to the one on the right.

    Inputs:
        images: Tensor of numbers, shape (N, C, H, W).

    Returns:
        tuple (dy, dx) of Tensors of the shape and dtype of the images; 0 in the last row (dy) or column (dx).

    Raises:
        TypeError: the images are not a Tensor.
        ValueError: they have other axes.

    >>> from minispore import Tensor, nn
    >>> dy, dx = nn.ImageGradients()(Tensor([[[[1, 2], [3, 5]]]]))
    >>> print(dy.asnumpy().tolist(), dx.asnumpy().tolist())
    [[[[2, 3], [0, 0]]]] [[[[1, 0], [2, 0]]]]
    """

    def construct(self, images):
        checks.rank("ImageGradients", 4, input=images)
        steps = []
        for axis in (2, 3):
            n = images.shape[axis]
            after = ops.narrow(images, axis, 1, n - 1) if n > 1 else None
            zeros = ops.zeros_like(ops.narrow(images, axis, 0, 1))
            steps.append(
                zeros if after is None else ops.concat([after - ops.narrow(images, axis, 0, n - 1), zeros], axis)
            )
        return tuple(steps)


class _Similarity(Cell):
    """The base of the measures: checks the pixel range and the shapes of the two images."""

    def __init__(self, max_val):
        super().__init__()
        name = type(self).__name__
        checks.above(name, 0, max_val=checks.number(name, max_val=max_val))
        self.max_val = max_val

    def _normalised(self, img1, img2):
        """(the largest value, both images) in float32; integers are divided by the largest number of their type."""
        name = type(self).__name__
        for x in (img1, img2):
            checks.rank(name, 4, input=x)
        if img1.dtype is not img2.dtype:
            raise fail(TypeError, f"For '{name}', two images of one type are needed, not {img1.dtype}, {img2.dtype}.")
        if img1.shape != img2.shape:
            raise fail(ValueError, f"For '{name}', two images of one shape are needed, not {img1.shape}, {img2.shape}.")
        top = 1.0 if img1.dtype.is_float else float(np.iinfo(img1.dtype.np).max)
        return self.max_val / top, to(img1, float32) / top, to(img2, float32) / top


class PSNR(_Similarity):
    """The peak signal-to-noise ratio ``10 log10(max_val^2 / mean squared difference)`` of each image, in decibels.

    Args:
        max_val: number above 0, the range of the pixels: 1.0 (the default), or 255 for uint8.

    Inputs:
        img1: Tensor of shape (N, C, H, W).
        img2: Tensor of the same shape and dtype.

    Returns:
        Tensor of shape (N,), float32; infinite for equal images.

    Raises:
        TypeError: ``max_val`` is not a number, or the images have different types.
        ValueError: ``max_val`` is not positive, or the images have other or different shapes.

    >>> from minispore import nn, ops
    >>> print(nn.PSNR()(ops.zeros((1, 1, 2, 2)), ops.full((1, 1, 2, 2), 0.1)).asnumpy().round(3))
    [20.]
    """

    def __init__(self, max_val=1.0):
        super().__init__(max_val)

    def construct(self, img1, img2):
        top, img1, img2 = self._normalised(img1, img2)
        error = ops.mean(ops.square(img1 - img2), (1, 2, 3))
        return ops.log(top**2 / error) * (10.0 / np.log(10.0).item())


class _Structural(_Similarity):
    """The local means and variances of ``SSIM``, under a Gaussian window."""

    def __init__(self, max_val, filter_size, filter_sigma, k1, k2):
        super().__init__(max_val)
        name = type(self).__name__
        self.filter_size = checks.positive_int(name, filter_size=filter_size)
        checks.positive_float(name, filter_sigma=filter_sigma)
        self.k1, self.k2 = checks.floating(name, k1=k1), checks.floating(name, k2=k2)
        axis = np.exp(-((np.arange(filter_size) - (filter_size - 1) / 2) ** 2) / (2 * filter_sigma**2))
        window = np.outer(axis, axis)
        self.window = (window / window.sum()).astype(np.float32)[None, None]

    def _average(self) -> Conv2d:
        conv = Conv2d(1, 1, self.filter_size, pad_mode="valid", weight_init=Tensor(self.window))
        conv.weight.requires_grad = False
        return conv

    def _compare(self, average, top, x, y):
        """(similarity, contrast and structure) of each channel, (N, C) each."""
        n, c = x.shape[:2]
        if any(d < self.filter_size for d in x.shape[2:]):
            raise fail(
                ValueError,
                f"For '{type(self).__name__}', images must not be smaller than the window of {self.filter_size}, but got {x.shape}.",
            )

        def mean(image):
            return average(ops.reshape(image, (n * c, 1, *image.shape[2:])))

        c1, c2 = (self.k1 * top) ** 2, (self.k2 * top) ** 2
        mx, my = mean(x), mean(y)
        products, squares = 2 * mx * my, mx * mx + my * my
        structure = (2 * mean(x * y) - products + c2) / (mean(x * x + y * y) - squares + c2)
        similarity = (products + c1) / (squares + c1) * structure
        return tuple(ops.reshape(ops.mean(t, (1, 2, 3)), (n, c)) for t in (similarity, structure))


class SSIM(_Structural):
    """The structural similarity (Wang et al. 2004) of each pair of images: the mean over pixels and channels of
    ``(2 mx my + c1) (2 cov + c2) / ((mx^2 + my^2 + c1) (vx + vy + c2))``, with means m, variances v and the covariance
    under a Gaussian window.

    Args:
        max_val: number above 0, the range of the pixels: 1.0 (the default), or 255 for uint8.
        filter_size: int above 0, the length of the window.  Default: 11.
        filter_sigma: float above 0, its deviation.  Default: 1.5.
        k1: float, ``c1 = (k1 max_val)^2``.  Default: 0.01.
        k2: float, ``c2 = (k2 max_val)^2``.  Default: 0.03.

    Inputs:
        img1: Tensor of shape (N, C, H, W), not smaller than the window.
        img2: Tensor of the same shape and dtype.

    Returns:
        Tensor of shape (N,), float32.

    Raises:
        TypeError: an argument of the wrong type, or images of different types.
        ValueError: an argument out of range, or images of other or different shapes.

    >>> from minispore import nn, ops
    >>> x = ops.ones((1, 3, 16, 16))
    >>> print(nn.SSIM()(x, x))
    [1.]
    """

    def __init__(self, max_val=1.0, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03):
        super().__init__(max_val, filter_size, filter_sigma, k1, k2)
        self.conv = self._average()

    def construct(self, img1, img2):
        top, img1, img2 = self._normalised(img1, img2)
        return ops.mean(self._compare(self.conv, top, img1, img2)[0], -1)


class MSSSIM(_Structural):
    """``SSIM`` over several scales (Wang et al. 2003): the product of contrast and structure at each scale and of the
    similarity at the last, with the powers ``power_factors``; images are halved in between.

    Args:
        max_val: number above 0, the range of the pixels: 1.0 (the default), or 255 for uint8.
        power_factors: tuple or list of floats, one for each scale.  Default: (0.0448, 0.2856, 0.3001, 0.2363, 0.1333).
        filter_size: int above 0, the length of the window.  Default: 11.
        filter_sigma: float above 0, its deviation.  Default: 1.5.
        k1: float, as in ``SSIM``.  Default: 0.01.
        k2: float, as in ``SSIM``.  Default: 0.03.

    Inputs:
        img1: Tensor of shape (N, C, H, W); not smaller than the window at the last scale either.
        img2: Tensor of the same shape and dtype.

    Returns:
        Tensor of shape (N,), float32.

    Raises:
        TypeError: an argument of the wrong type, or images of different types.
        ValueError: an argument out of range, or images of other or different shapes.

    >>> from minispore import nn, ops
    >>> x = ops.ones((1, 1, 8, 8))
    >>> print(nn.MSSSIM(power_factors=(0.5, 0.5), filter_size=3)(x, x))
    [1.]
    """

    def __init__(self, max_val=1.0, power_factors=(0.0448, 0.2856, 0.3001, 0.2363, 0.1333), filter_size=11,
                 filter_sigma=1.5, k1=0.01, k2=0.03):  # fmt: skip
        super().__init__(max_val, filter_size, filter_sigma, k1, k2)
        self.power_factors = tuple(checks.instance("MSSSIM", (tuple, list), power_factors=power_factors))
        self.multi_convs_list = CellList([self._average() for _ in self.power_factors])

    def construct(self, img1, img2):
        top, x, y = self._normalised(img1, img2)
        out = 1.0
        for k, (average, power) in enumerate(zip(self.multi_convs_list, self.power_factors)):
            if k:
                x, y = (ops.avg_pool2d(t, 2, 2) for t in (x, y))
            similarity, structure = self._compare(average, top, x, y)
            last = k == len(self.power_factors) - 1
            out = out * ops.pow(ops.relu(similarity if last else structure), power)
        return ops.mean(out, -1)


__all__ = ["MSSSIM", "PSNR", "SSIM", "ImageGradients"]
