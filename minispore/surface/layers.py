"""Layers of ``mint.nn`` that few scripts use."""

from ..nn.layer.padding import _PadNd


class ZeroPad1d(_PadNd):
    """Zeros around the last axis.

    Args:
        padding (int | tuple[int]): elements before and after; one int for both.

    Inputs:
        x (Tensor): (N, C, L) or (C, L).

    Returns:
        Tensor of the type of ``x``.

    >>> import minispore as ms
    >>> print(ms.mint.nn.ZeroPad1d((1, 2))(ms.Tensor([[1, 2]])))
    [[0 1 2 0 0]]
    """

    spatial, value = 1, 0


class ZeroPad3d(_PadNd):
    """Zeros around the last three axes.

    Args:
        padding (int | tuple[int]): elements before and after each axis, the last axis first; one int for all.

    Inputs:
        x (Tensor): (N, C, D, H, W) or (C, D, H, W).

    Returns:
        Tensor of the type of ``x``.

    >>> import minispore as ms
    >>> ms.mint.nn.ZeroPad3d((1, 0, 0, 2, 0, 0))(ms.ops.ones((1, 1, 1, 1))).shape
    (1, 1, 3, 2)
    """

    spatial, value = 3, 0
