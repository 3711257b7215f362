"""Dropout of elements and of channels."""

from ... import ops
from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ..cell import Cell


class Dropout(Cell):
    """In training each element is zeroed with probability ``p`` and the others divided by ``1 - p``; else the input
    (Srivastava et al. 2014).

    Args:
        keep_prob: float in (0, 1], the probability to keep an element, used when ``p`` is not given.  Default: 0.5.
        p: number in [0, 1), the probability to zero it.  Default: None.
        dtype: accepted as MindSpore accepts it; the result has the dtype of the input.

    Inputs:
        x: Tensor of floats, any shape.

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: ``keep_prob`` is not a float, or ``p`` not a number.
        ValueError: they are out of range.

    >>> from minispore import Tensor, nn, ops
    >>> layer = nn.Dropout(p=0.5)
    >>> print(layer(Tensor([1.0, 2.0])))
    [1. 2.]
    >>> sorted(set(layer.set_train()(ops.ones(100)).asnumpy().tolist()))
    [0.0, 2.0]
    """

    def __init__(self, keep_prob=0.5, p=None, dtype=float32):
        super().__init__()
        if p is None:
            checks.within("Dropout", "(0, 1]", keep_prob=checks.floating("Dropout", keep_prob=keep_prob))
        else:
            checks.number("Dropout", p=p)
            if not 0 <= p < 1:
                raise fail(ValueError, f"For 'Dropout', the argument 'p' must be in [0, 1), but got {p}.")
        self.p, self.keep_prob = p, keep_prob

    def construct(self, x):
        return ops.dropout(x, float(1.0 - self.keep_prob if self.p is None else self.p), self.training)

    def extend_repr(self):
        return f"keep_prob={self.keep_prob}" if self.p is None else f"p={self.p}"


class DropoutExt(Cell):
    """``Dropout`` with PyTorch's arguments.

    Args:
        p: float in [0, 1], the probability to zero an element in training.  Default: 0.5.
        inplace: bool, whether the result becomes the value of the input, which is returned.  Default: False.

    Inputs:
        input: Tensor of floats, any shape.

    Returns:
        Tensor of the shape and dtype of the input.

    Raises:
        ValueError: ``p`` is out of range.

    >>> from minispore import Tensor, nn
    >>> print(nn.DropoutExt(p=0.5).set_train(False)(Tensor([1.0, 2.0])))
    [1. 2.]
    """

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        self.p, self.inplace = p, inplace

    def construct(self, input):
        if not self.training or self.p == 0:
            return input
        made = self._dropped(input)
        return input.copy_(made) if self.inplace else made

    def _dropped(self, input):
        return ops.dropout(input, self.p)


class _ChannelDropout(Cell):
    """In training whole channels are zeroed with probability ``p`` and the others divided by ``1 - p``."""

    spatial = 0  # number of axes after the channels; with ``unbatched`` the batch axis may be missing
    unbatched = False

    def __init__(self, p=0.5):
        super().__init__()
        checks.floating(type(self).__name__, p=p)
        checks.within(type(self).__name__, "[0, 1]", p=p)
        self.p = p

    def construct(self, x):
        name = type(self).__name__
        ranks = (self.spatial + 1, self.spatial + 2) if self.unbatched else (self.spatial + 2,)
        checks.rank(name, *ranks, input=x)
        if not self.training or self.p == 0:
            return x
        lead = x.shape[: x.ndim - self.spatial]
        return x * ops.dropout(ops.ones(lead + (1,) * self.spatial, x.dtype), self.p)


class Dropout1d(_ChannelDropout):
    """In training each channel is zeroed with probability ``p``, the others divided by ``1 - p``; else the input.

    Args:
        p: float in [0, 1].  Default: 0.5.

    Inputs:
        x: Tensor of floats, shape (N, C, L) or (C, L).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: ``p`` is not a float.
        ValueError: ``p`` is out of range, or x has other axes.

    >>> from minispore import nn, ops
    >>> out = nn.Dropout1d(p=0.5).set_train()(ops.ones((4, 8, 3)))
    >>> print((out == out[..., :1]).all())  # a channel is kept or zeroed as a whole
    True
    """

    spatial, unbatched = 1, True


class Dropout2d(_ChannelDropout):
    """In training each channel is zeroed with probability ``p``, the others divided by ``1 - p``; else the input.

    Args:
        p: float in [0, 1].  Default: 0.5.

    Inputs:
        x: Tensor of floats, shape (N, C, H, W).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: ``p`` is not a float.
        ValueError: ``p`` is out of range, or x has other axes.

    >>> from minispore import nn, ops
    >>> out = nn.Dropout2d(p=0.5).set_train()(ops.ones((4, 8, 3, 3)))
    >>> print((out == out[..., :1, :1]).all())  # a channel is kept or zeroed as a whole
    True
    """

    spatial = 2

    def extend_repr(self):
        return f"p={1.0 - self.p}"  # MindSpore prints the probability to keep an element


class Dropout3d(Dropout2d):
    """In training each channel is zeroed with probability ``p``, the others divided by ``1 - p``; else the input.

    Args:
        p: float in [0, 1].  Default: 0.5.

    Inputs:
        x: Tensor of floats, shape (N, C, D, H, W).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: ``p`` is not a float.
        ValueError: ``p`` is out of range, or x has other axes.

    >>> from minispore import nn, ops
    >>> out = nn.Dropout3d(p=0.5).set_train()(ops.ones((4, 8, 2, 3, 3)))
    >>> print((out == out[..., :1, :1, :1]).all())  # a channel is kept or zeroed as a whole
    True
    """

    spatial = 3


class Dropout2dExt(DropoutExt):
    """``Dropout2d`` with PyTorch's arguments; the batch axis may be missing.

    Args:
        p: float in [0, 1], the probability to zero a channel in training.  Default: 0.5.
        inplace: bool, whether the result becomes the value of the input, which is returned.  Default: False.

    Inputs:
        input: Tensor of floats, shape (N, C, H, W) or (C, H, W).

    Returns:
        Tensor of the shape and dtype of the input.

    >>> from minispore import nn, ops
    >>> out = nn.Dropout2dExt(p=0.5)(ops.ones((4, 8, 3, 3)))
    >>> print((out == out[..., :1, :1]).all())  # a channel is kept or zeroed as a whole
    True
    """

    def _dropped(self, input):
        return input * ops.dropout(ops.ones(input.shape[:-2] + (1, 1), input.dtype), self.p)


__all__ = [
    "Dropout", "Dropout1d", "Dropout2d", "Dropout2dExt", "Dropout3d", "DropoutExt",
]  # fmt: skip
