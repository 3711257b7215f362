"""Spectra of windows, and their frequencies on other scales."""

from collections.abc import Callable

import numpy as np

from ....core.errors import fail
from ....dataset.draws import draws
from .base import BorderType, MelType, NormMode, NormType, ScaleType, WindowType, checked, table, transform


@table
def create_dct(n_mfcc, n_mels, norm=NormMode.NONE) -> np.ndarray:
    """The matrix (n_mels, n_mfcc) of a cosine transform of the second type."""
    table = np.cos(np.pi / n_mels * (np.arange(n_mels)[:, None] + 0.5) * np.arange(n_mfcc))
    if norm is NormMode.NONE:
        return 2 * table
    table[:, 0] *= np.sqrt(0.5)
    return table * np.sqrt(2 / n_mels)


def _mel(hertz, kind):
    if kind is MelType.HTK:
        return 2595 * np.log10(1 + np.asarray(hertz) / 700)
    above = np.maximum(hertz, 1000)
    return np.where(np.asarray(hertz) < 1000, np.asarray(hertz) * 3 / 200, 15 + 27 * np.log(above / 1000) / np.log(6.4))


def _hertz(mel, kind):
    if kind is MelType.HTK:
        return 700 * (10 ** (mel / 2595) - 1)
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (mel - 15)))


def _triangles(points, n_freqs, sample_rate):
    there, width = np.linspace(0, sample_rate / 2, n_freqs), np.diff(points)
    slopes = points - there[:, None]
    return np.maximum(0, np.minimum(-slopes[:, :-2] / width[:-1], slopes[:, 2:] / width[1:]))


@table
def linear_fbanks(n_freqs, f_min, f_max, n_filter, sample_rate) -> np.ndarray:
    """The matrix (n_freqs, n_filter) of triangles at equal distances."""
    return _triangles(np.linspace(f_min, f_max, n_filter + 2), n_freqs, sample_rate)


@table
def melscale_fbanks(n_freqs, f_min, f_max, n_mels, sample_rate, norm=NormType.NONE, mel_type=MelType.HTK) -> np.ndarray:
    """The matrix (n_freqs, n_mels) of triangles at equal distances in mel."""
    points = _hertz(np.linspace(_mel(f_min, mel_type), _mel(f_max, mel_type), n_mels + 2), mel_type)
    table = _triangles(points, n_freqs, sample_rate)
    return table * 2 / (points[2:] - points[:-2]) if norm is NormType.SLANEY else table


def window_of(kind, n):
    """The periodic form of a window."""
    shapes: dict[str, Callable] = {
        "bartlett": np.bartlett, "blackman": np.blackman, "hamming": np.hamming, "hann": np.hanning, "kaiser": lambda m: np.kaiser(m, 12.0),
    }  # fmt: skip
    return shapes[kind.value](n + 1)[:-1]


def spectrum(x, n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided):
    length = win_length or n_fft
    hop, shape = hop_length or length // 2, np.zeros(n_fft)
    begin = (n_fft - length) // 2
    shape[begin : begin + length] = window_of(window, length)
    ends = [(0, 0)] * (x.ndim - 1)
    x = np.pad(x, [*ends, (pad, pad)])
    if center:
        x = np.pad(x, [*ends, (n_fft // 2, n_fft // 2)], pad_mode.value)
    frames = np.lib.stride_tricks.sliding_window_view(x, n_fft, -1)[..., ::hop, :] * shape
    found = np.swapaxes(np.fft.rfft(frames) if onesided else np.fft.fft(frames), -1, -2)
    found = found / np.sqrt((shape**2).sum()) if normalized else found
    return np.abs(found) ** power if power else np.stack((found.real, found.imag), -1)


@transform
def Spectrogram(x, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN, power=2.0, normalized=False,
                center=True, pad_mode=BorderType.REFLECT, onesided=True):  # fmt: skip
    """The spectra of windows (..., frequency, time); complex numbers (..., 2) for the power 0."""
    return spectrum(x, n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided)


def _in_mel(x, n_mels, sample_rate, f_min, f_max, n_stft, norm, mel_type):
    top = f_max if f_max is not None else sample_rate // 2
    return np.swapaxes(
        np.swapaxes(x, -1, -2) @ melscale_fbanks(n_stft, f_min, top, n_mels, sample_rate, norm, mel_type), -1, -2
    )


@transform(axes=2)
def MelScale(
    x, n_mels=128, sample_rate=16000, f_min=0.0, f_max=None, n_stft=201, norm=NormType.NONE, mel_type=MelType.HTK
):
    """A spectrogram with frequencies in mel."""
    return _in_mel(x, n_mels, sample_rate, f_min, f_max, n_stft, norm, mel_type)


@transform
def MelSpectrogram(x, sample_rate=16000, n_fft=400, win_length=None, hop_length=None, f_min=0.0, f_max=None, pad=0, n_mels=128,
                   window=WindowType.HANN, power=2.0, normalized=False, center=True, pad_mode=BorderType.REFLECT, onesided=True,
                   norm=NormType.NONE, mel_scale=MelType.HTK):  # fmt: skip
    """The spectra of windows with frequencies in mel."""
    found = spectrum(x, n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided)
    return _in_mel(found, n_mels, sample_rate, f_min, f_max, found.shape[-2], norm, mel_scale)


@transform
def SpectralCentroid(x, sample_rate, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN):
    """The mean frequency of each window, (..., 1, time)."""
    found = spectrum(x, n_fft, win_length, hop_length, pad, window, 1.0, False, True, BorderType.REFLECT, True)
    there = np.linspace(0, sample_rate // 2, found.shape[-2])[:, None]
    return (there * found).sum(-2, keepdims=True) / found.sum(-2, keepdims=True)


@transform(axes=2)
def ComputeDeltas(x, win_length=5, pad_mode=BorderType.EDGE):
    """The slope of a spectrogram over time, within windows."""
    n = (win_length - 1) // 2
    wide = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(n, n)], pad_mode.value)
    return (
        np.lib.stride_tricks.sliding_window_view(wide, 2 * n + 1, -1)
        @ np.arange(-n, n + 1)
        * 3
        / (n * (n + 1) * (2 * n + 1))
    )


def _masked(x, axis, iid, width, start, value):
    """A copy with a band of one axis filled, of a random width below ``width`` at a random place where ``iid``."""
    size = x.shape[axis]
    if width > size or (not iid and start + width > size):
        raise fail(
            RuntimeError, f"A mask of {start} to {start + width} must lie within the axis, which has the length {size}."
        )
    if iid:
        drawn = draws()
        width = int(drawn.uniform(0, 1) * width)
        start = int(drawn.uniform(0, 1) * (size - width))
    found = x.copy()
    np.moveaxis(found, axis, 0)[start : start + width] = value
    return found


@transform(axes=2)
def FrequencyMasking(x, iid_masks=False, freq_mask_param=0, mask_start=0, mask_value=0.0):
    """A band of frequencies filled with a value."""
    return _masked(x, -2, iid_masks, freq_mask_param, mask_start, mask_value)


@transform(axes=2)
def TimeMasking(x, iid_masks=False, time_mask_param=0, mask_start=0, mask_value=0.0):
    """A stretch of time filled with a value."""
    return _masked(x, -1, iid_masks, time_mask_param, mask_start, mask_value)


def in_decibels(x, stype, ref_value, amin, top_db):
    """Decibels relative to a value, none more than ``top_db`` below the largest of its spectrogram."""
    factor = 10 if stype is ScaleType.POWER else 20
    found = factor * (np.log10(np.maximum(x, amin)) - np.log10(max(amin, ref_value)))
    axes = tuple(range(max(x.ndim - 3, 0), x.ndim))
    return np.maximum(found, found.max(axes, keepdims=True) - top_db)


@transform(axes=2)
def AmplitudeToDB(x, stype=ScaleType.POWER, ref_value=1.0, amin=1e-10, top_db=80.0):
    """Decibels relative to ``ref_value``, none more than ``top_db`` below the largest."""
    return in_decibels(x, stype, ref_value, amin, top_db)


# ---------------------------------------------------------------- coefficients of cosine transforms
def _in_cosines(x, n, norm, logarithm):
    """The first ``n`` cosine coefficients over the frequencies, of logarithms or of decibels."""
    x = np.log(x + 1e-6) if logarithm else in_decibels(x, ScaleType.POWER, 1.0, 1e-10, 80.0)
    return np.swapaxes(np.swapaxes(x, -1, -2) @ create_dct(n, x.shape[-2], norm), -1, -2)


_WINDOWS = dict(
    n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN, power=2.0, normalized=False, center=True,
    pad_mode=BorderType.REFLECT, onesided=True,
)  # fmt: skip
_MEL = dict(f_min=0.0, f_max=None, n_mels=128, norm=NormType.NONE, mel_type=MelType.HTK)


def _check_mfcc(given):
    options = {**_WINDOWS, **_MEL, **(given["melkwargs"] or {})}
    options["mel_type"] = options.pop("mel_scale", options["mel_type"])
    checked("MFCC", {**_WINDOWS, **_MEL}, options)
    if given["melkwargs"] and options["n_mels"] < given["n_mfcc"]:
        raise fail(
            ValueError,
            f"For 'MFCC', 'n_mels' must be at least 'n_mfcc', but got {options['n_mels']} and {given['n_mfcc']}.",
        )
    given["melkwargs"] = options


@transform(prepare=_check_mfcc)
def MFCC(x, sample_rate=16000, n_mfcc=40, dct_type=2, norm=NormMode.ORTHO, log_mels=False, melkwargs=None):
    """Cosine coefficients of spectra in mel."""
    found = spectrum(x, *(melkwargs[name] for name in _WINDOWS))
    n_mels, low, high, scaled, kind = (melkwargs[name] for name in ("n_mels", "f_min", "f_max", "norm", "mel_type"))
    found = _in_mel(found, n_mels, sample_rate, low, high, found.shape[-2], scaled, kind)
    return _in_cosines(found, n_mfcc, norm, log_mels)


def _check_lfcc(given):
    options = {**_WINDOWS, **(given["speckwargs"] or {})}
    checked("LFCC", _WINDOWS, options)
    if options["n_fft"] < given["n_lfcc"]:
        raise fail(
            ValueError,
            f"For 'LFCC', 'n_fft' must be at least 'n_lfcc', but got {options['n_fft']} and {given['n_lfcc']}.",
        )
    given["speckwargs"] = options


@transform(prepare=_check_lfcc)
def LFCC(x, sample_rate=16000, n_filter=128, n_lfcc=40, f_min=0.0, f_max=None, dct_type=2, norm=NormMode.ORTHO, log_lf=False,
         speckwargs=None):  # fmt: skip
    """Cosine coefficients of spectra in bands of equal width."""
    found = spectrum(x, *(speckwargs[name] for name in _WINDOWS))
    top = sample_rate // 2 if f_max is None else f_max
    bands = linear_fbanks(found.shape[-2], f_min, top, n_filter, sample_rate)
    return _in_cosines(np.swapaxes(np.swapaxes(found, -1, -2) @ bands, -1, -2), n_lfcc, norm, log_lf)


def _check_axis(given):
    given["axis"] -= 3


@transform(axes=2, prepare=_check_axis)
def MaskAlongAxis(x, mask_start, mask_width, mask_value, axis):
    """A band of one axis (1: frequency, 2: time) filled with a value."""
    return _masked(x, axis, False, mask_width, mask_start, mask_value)


@transform(axes=2, prepare=_check_axis)
def MaskAlongAxisIID(x, mask_param, mask_value, axis):
    """A band of one axis (1: frequency, 2: time) of each channel, of random width and place, filled with a value."""
    planes = x.reshape(-1, *x.shape[-2:])
    return np.stack([_masked(plane, axis, True, mask_param, 0, mask_value) for plane in planes]).reshape(x.shape)


@transform(axes=2)
def SlidingWindowCmn(x, cmn_window=600, min_cmn_window=100, center=False, norm_vars=False):
    """Spectra (..., time, frequency) less their means, and over their deviations, within a window around each."""
    count, found = x.shape[-2], np.empty_like(x)
    for t in range(count):
        begin = t - cmn_window // 2 if center else t - cmn_window
        end = begin + cmn_window if center else t + 1
        if begin < 0:
            begin, end = 0, end - begin
        if not center:
            end = max(t + 1, min_cmn_window) if end > t else end
        if end > count:
            begin, end = max(begin - (end - count), 0), count
        part = x[..., begin:end, :]
        found[..., t, :] = x[..., t, :] - part.mean(-2)
        if norm_vars:
            found[..., t, :] = 0 if end - begin == 1 else found[..., t, :] / part.std(-2)
    return found
