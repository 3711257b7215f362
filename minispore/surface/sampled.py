"""Functions of ``ops`` that take samples of their input: deformable convolution, spectra of windows, transforms by settings.

``minispore.ops`` finds them here when they are first asked for (``BEHIND`` in ``surface/__init__.py``).
"""

from typing import Any

import numpy as np

from .. import ops
from ..core.errors import fail
from ..core.op import fixed
from ..core.tensor import Tensor
from ..ops.sampling import between

o: Any = ops  # functions that modules of ops put there by name


def _deformed(x, offsets, kernel_size, strides, padding, dilations, groups):
    """The samples of ``x`` (N, C, H, W) for each window, side by side: (N, C, H' kh, W' kw)."""
    (n, c, h, w), (kh, kw), (dh, dw) = x.shape, kernel_size, dilations[2:]
    out_h = (h + padding[0] + padding[1] - (kh - 1) * dh - 1) // strides[2] + 1
    out_w = (w + padding[2] + padding[3] - (kw - 1) * dw - 1) // strides[3] + 1
    taps = kh * kw
    if offsets.shape != (n, 3 * groups * taps, out_h, out_w):
        raise fail(
            ValueError,
            f"For 'deformable_conv2d', 'offsets' must have the shape {(n, 3 * groups * taps, out_h, out_w)}, but got "
            f"{offsets.shape}.",
        )
    if c % groups:
        raise fail(ValueError, f"For 'deformable_conv2d', {c} channels cannot be divided into {groups} groups.")
    moved = o.reshape(offsets, (n, 3, groups, taps, out_h, out_w))
    row, column = np.divmod(np.arange(taps), kw)
    rows = (np.arange(out_h) * strides[2] - padding[0])[:, None] + (row * dh)[:, None, None]
    columns = (np.arange(out_w) * strides[3] - padding[2])[None, :] + (column * dw)[:, None, None]
    flat = (n * groups, taps * out_h * out_w)
    xs, ys = (
        o.reshape(moved[:, k] + fixed(at.astype(x.dtype.np)), flat)
        for k, at in ((0, columns), (1, rows))
    )  # fmt: skip
    found = between(o.reshape(x, (n * groups, c // groups, h, w)), xs, ys)
    found = o.reshape(found, (n, groups, c // groups, kh, kw, out_h, out_w)) * o.reshape(
        moved[:, 2], (n, groups, 1, kh, kw, out_h, out_w)
    )
    side_by_side = o.transpose(o.reshape(found, (n, c, kh, kw, out_h, out_w)), (0, 1, 4, 2, 5, 3))
    return o.reshape(side_by_side, (n, c, out_h * kh, out_w * kw))


def deformable_conv2d(x, weight, offsets, kernel_size, strides, padding, bias=None, dilations=(1, 1, 1, 1), groups=1,
                      deformable_groups=1, modulated=True):  # fmt: skip
    """A convolution whose windows are bent by offsets (Zhu et al., Deformable ConvNets v2, 2019).

    ``offsets`` (N, 3 * deformable_groups * kh * kw, H', W') holds the horizontal ones, the vertical ones, and the factors.
    """
    if not modulated:
        raise fail(ValueError, "For 'deformable_conv2d', 'modulated' must be True.")
    for name, value, count in (("kernel_size", kernel_size, 2), ("strides", strides, 4), ("padding", padding, 4), ("dilations", dilations, 4)):  # fmt: skip
        if len(value) != count:
            raise fail(ValueError, f"For 'deformable_conv2d', '{name}' must have {count} numbers, but got {value}.")
    samples = _deformed(x, offsets, kernel_size, strides, padding, dilations, deformable_groups)
    out = o.conv2d(samples, weight, None, tuple(kernel_size), "valid", 0, 1, groups)
    return out if bias is None else out + o.reshape(bias, (1, -1, 1, 1))


def stft(x, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode="REFLECT", normalized=False,
         onesided=None, return_complex=None):  # fmt: skip
    """The spectra of windows of signals (L,) or (B, L): (*, frequencies, windows), with real and imaginary part along a last
    axis unless ``return_complex``."""
    hop = n_fft // 4 if hop_length is None else hop_length
    length = n_fft if win_length is None else win_length
    if x.ndim not in (1, 2):
        raise fail(ValueError, f"For 'stft', the signals must have one or two axes, but got {x.shape}.")
    if not 0 < length <= n_fft or hop <= 0:
        raise fail(ValueError, f"For 'stft', a window of {length} and steps of {hop} do not fit 'n_fft' {n_fft}.")
    window = o.ones((length,), x.dtype) if window is None else window
    before = (n_fft - length) // 2
    window = o.pad(window, (before, n_fft - length - before)) if length < n_fft else window
    signals = x if x.ndim == 2 else o.expand_dims(x, 0)
    if center:
        signals = o.pad(signals, (n_fft // 2, n_fft // 2), mode=pad_mode.lower())
    count = (signals.shape[1] - n_fft) // hop + 1
    places = fixed((np.arange(count) * hop)[:, None] + np.arange(n_fft))
    frames = o.gather(signals, places, 1) * window
    is_real = not x.dtype.is_complex
    half = is_real if onesided is None else onesided
    found = o.swapaxes((o.rfft if half else o.fft)(frames, norm="ortho" if normalized else None), -1, -2)
    found = found if return_complex else o.view_as_real(found)
    return found if x.ndim == 2 else o.squeeze(found, 0)


def fft_with_size(x, signal_ndim, inverse, real, norm="backward", onesided=True, signal_sizes=()):
    """The Fourier transform along the last ``signal_ndim`` axes that the settings name."""
    axes = tuple(range(-signal_ndim, 0))
    if not real:
        return (o.ifftn if inverse else o.fftn)(x, None, axes, norm)
    if not inverse:
        return (o.rfftn if onesided else o.fftn)(x, None, axes, norm)
    if onesided:
        if signal_sizes and x.shape[-1] != signal_sizes[-1] // 2 + 1:
            raise fail(
                ValueError,
                f"For 'FFTWithSize', the last axis must have {signal_sizes[-1] // 2 + 1} elements for 'signal_sizes' "
                f"{signal_sizes}, but has {x.shape[-1]}.",
            )
        return o.irfftn(x, tuple(signal_sizes) or None, axes, norm)
    return o.real(o.ifftn(x, None, axes, norm))


# ---------------------------------------------------------------- methods of Tensor as functions
def _as_function(name: str):
    def function(input, *args, **kwargs):
        return getattr(input, name)(*args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"``input.{name}(...)``: changes ``input`` in place and returns it."
    return function


IN_PLACE = {
    name: _as_function(name)
    for name in "bernoulli_ clamp_ erfinv_ exponential_ normal_ put_ random_ tanh_ uniform_ zero_".split()
    if hasattr(Tensor, name)
}  # fmt: skip
globals().update(IN_PLACE)


def baddbmm_ext(input, batch1, batch2, *, beta=1, alpha=1):
    """``ops.baddbmm``."""
    return o.baddbmm(input, batch1, batch2, beta, alpha)


def diff_ext(input, n=1, dim=-1, prepend=None, append=None):
    """``ops.diff`` along ``dim``."""
    return o.diff(input, n, dim, prepend, append)


def einsum_ext(equation, *operands):
    """``ops.einsum``."""
    return o.einsum(equation, *operands)


def isnan_ext(tensor):
    """``ops.isnan``."""
    return o.isnan(tensor)


def float_power_ext(input, exponent):
    """``ops.float_power``."""
    return o.float_power(input, exponent)


def mse_loss_ext(input, target, reduction="mean"):
    """``ops.mse_loss``."""
    return o.mse_loss(input, target, reduction)


def mirror_pad(input_x, paddings, mode):
    """``ops.operations.MirrorPad(mode)``."""
    return o.MirrorPad(mode)(input_x, paddings)


def reshape_(input, shape):
    """``ops.reshape``."""
    return o.reshape(input, shape)


def shape_(x):
    """``ops.shape``."""
    return x.shape


def pows(input, exponent):
    """``ops.pow``."""
    return o.pow(input, exponent)


__all__ = sorted({
    *IN_PLACE,
    *(n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and n[0] != "_"),
} - {"fft_with_size", "between"})  # fmt: skip
