"""MindSpore's module ``dataset.audio``: transforms of waveforms and spectrograms, as functions that a table makes classes of.

A waveform has the shape (..., time), a spectrogram (..., frequency, time).  Formulas are those of SoX and of its users.
"""

import inspect
from collections.abc import Callable
from enum import Enum
from numbers import Real

import numpy as np

from ...core import checks
from ...core.errors import fail
from ...dataset.draws import draws
from ...dataset.transforms.base import Transform


def _names(name: str, **values: str):
    return Enum(name, values, type=str, module=__name__)


BorderType = _names("BorderType", CONSTANT="constant", EDGE="edge", REFLECT="reflect", SYMMETRIC="symmetric")
DensityFunction = _names("DensityFunction", TPDF="TPDF", RPDF="RPDF", GPDF="GPDF")
FadeShape = _names(
    "FadeShape", QUARTER_SINE="quarter_sine", HALF_SINE="half_sine", LINEAR="linear", LOGARITHMIC="logarithmic",
    EXPONENTIAL="exponential",
)  # fmt: skip
GainType = _names("GainType", AMPLITUDE="amplitude", POWER="power", DB="db")
Interpolation = _names("Interpolation", LINEAR="linear", QUADRATIC="quadratic")
MelType = _names("MelType", HTK="htk", SLANEY="slaney")
Modulation = _names("Modulation", SINUSOIDAL="sinusoidal", TRIANGULAR="triangular")
NormMode = _names("NormMode", ORTHO="ortho", NONE="none")
NormType = _names("NormType", SLANEY="slaney", NONE="none")
ResampleMethod = _names("ResampleMethod", SINC_INTERPOLATION="sinc_interpolation", KAISER_WINDOW="kaiser_window")
ScaleType = _names("ScaleType", POWER="power", MAGNITUDE="magnitude")
WindowType = _names(
    "WindowType", BARTLETT="bartlett", BLACKMAN="blackman", HAMMING="hamming", HANN="hann", KAISER="kaiser"
)


# ---------------------------------------------------------------- tables
def create_dct(n_mfcc, n_mels, norm=NormMode.NONE) -> np.ndarray:
    """The matrix (n_mels, n_mfcc) of a cosine transform of the second type."""
    table = np.cos(np.pi / n_mels * (np.arange(n_mels)[:, None] + 0.5) * np.arange(n_mfcc))
    if norm is NormMode.NONE:
        return (2 * table).astype(np.float32)
    table[:, 0] *= np.sqrt(0.5)
    return (table * np.sqrt(2 / n_mels)).astype(np.float32)


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
    there, width = np.linspace(0, sample_rate // 2, n_freqs), np.diff(points)
    slopes = points - there[:, None]
    return np.maximum(0, np.minimum(-slopes[:, :-2] / width[:-1], slopes[:, 2:] / width[1:]))


def linear_fbanks(n_freqs, f_min, f_max, n_filter, sample_rate) -> np.ndarray:
    """The matrix (n_freqs, n_filter) of triangles at equal distances."""
    return _triangles(np.linspace(f_min, f_max, n_filter + 2), n_freqs, sample_rate).astype(np.float32)


def melscale_fbanks(n_freqs, f_min, f_max, n_mels, sample_rate, norm=NormType.NONE, mel_type=MelType.HTK) -> np.ndarray:
    """The matrix (n_freqs, n_mels) of triangles at equal distances in mel."""
    points = _hertz(np.linspace(_mel(f_min, mel_type), _mel(f_max, mel_type), n_mels + 2), mel_type)
    table = _triangles(points, n_freqs, sample_rate)
    return (table * 2 / (points[2:] - points[:-2]) if norm is NormType.SLANEY else table).astype(np.float32)


def _window(kind, n):
    shapes: dict[str, Callable] = {
        "bartlett": np.bartlett, "blackman": np.blackman, "hamming": np.hamming, "hann": np.hanning, "kaiser": lambda m: np.kaiser(m, 12.0),
    }  # fmt: skip
    return shapes[kind.value](n + 1)[:-1]


# ---------------------------------------------------------------- classes of functions
NAMES: set[str] = set()
_LIMITS = {  # of arguments, in all transforms that have them
    "enhancement_amount": "[0, 100]", "Q": "(0, 1]", "shift": "[-2, 2]", "n_fft": "[1, inf]", "win_length": "[1, inf]",
    "hop_length": "[1, inf]", "pad": "[0, inf]", "n_mels": "[1, inf]", "n_stft": "[1, inf]", "f_min": "[0, inf]", "f_max": "[0, inf]",
    "power": "[0, inf]", "amin": "(0, inf]", "top_db": "[0, inf]", "ref_value": "(0, inf]", "quantization_channels": "[1, inf]",
    "mask_start": "[0, inf]", "freq_mask_param": "[0, inf]", "time_mask_param": "[0, inf]",
}  # fmt: skip
_NUMBERS = (
    "sample_rate",
    "central_freq",
    "center_freq",
    "cutoff_freq",
    "gain",
    "gain_db",
    "b0",
    "b1",
    "b2",
    "a0",
    "a1",
    "a2",
    "ref",
)


def _checked(owner: str, given: dict) -> dict:
    for name, value in given.items():
        if name in _NUMBERS:
            checks.instance(owner, Real, **{name: value})
        elif name in _LIMITS and value is not None:
            checks.within(owner, _LIMITS[name], **{name: value})
    if given.get("sample_rate") == 0 or given.get("a0") == 0:
        raise fail(ValueError, f"For '{owner}', 'sample_rate' and 'a0' must not be 0.")
    return given


def _transform(function):
    """A class whose objects call ``function`` with their value and the arguments they were made with."""
    signature = inspect.signature(function)
    taken = signature.replace(parameters=list(signature.parameters.values())[1:])

    def __init__(self, *args, **kwargs):
        try:
            bound = taken.bind(*args, **kwargs)
        except TypeError as error:
            raise fail(TypeError, f"For '{function.__name__}', the arguments do not fit: {error}.") from None
        bound.apply_defaults()
        self.given = _checked(function.__name__, dict(bound.arguments))

    def __call__(self, value):
        value = np.asarray(value)
        if value.dtype.kind not in "iuf" or not value.ndim:
            raise fail(
                TypeError, f"For '{function.__name__}', the input must be an array of numbers, but got {value.dtype}."
            )
        kept = np.float64 if value.dtype == np.float64 else np.float32
        found = function(value.astype(np.float64), **self.given)
        as_given = lambda x: x.astype(kept) if x.dtype.kind == "f" else x
        return tuple(map(as_given, found)) if isinstance(found, tuple) else as_given(found)

    members = {"__init__": __init__, "__call__": __call__, "__doc__": function.__doc__, "__module__": __name__}
    members["random"] = "iid_masks" in taken.parameters
    NAMES.add(function.__name__)
    return type(function.__name__, (Transform,), members)


# ---------------------------------------------------------------- samples
@_transform
def Angle(x):
    """The angles of complex numbers (..., 2)."""
    return np.arctan2(x[..., 1], x[..., 0])


@_transform
def ComplexNorm(x, power=1.0):
    """The absolute values of complex numbers (..., 2), to a power."""
    return (x[..., 0] ** 2 + x[..., 1] ** 2) ** (power / 2)


@_transform
def Magphase(x, power=1.0):
    """The absolute values to a power, and the angles, of complex numbers (..., 2)."""
    return (x[..., 0] ** 2 + x[..., 1] ** 2) ** (power / 2), np.arctan2(x[..., 1], x[..., 0])


@_transform
def AmplitudeToDB(x, stype=ScaleType.POWER, ref_value=1.0, amin=1e-10, top_db=80.0):
    """Decibels relative to ``ref_value``, none more than ``top_db`` below the largest."""
    factor = 10 if stype is ScaleType.POWER else 20
    found = factor * (np.log10(np.maximum(x, amin)) - np.log10(max(amin, ref_value)))
    axes = tuple(range(max(x.ndim - 3, 0), x.ndim))
    return np.maximum(found, found.max(axes, keepdims=True) - top_db)


@_transform
def DBToAmplitude(x, ref, power):
    """``ref * 10 ** (x / 10) ** power``."""
    return ref * (10 ** (0.1 * x)) ** power


@_transform
def Contrast(x, enhancement_amount=75.0):
    """Quiet samples made louder."""
    angle = x * np.pi / 2
    return np.sin(angle + enhancement_amount / 750 * np.sin(4 * angle))


@_transform
def DCShift(x, shift, limiter_gain=None):
    """Samples shifted; with a limiter, those beyond its threshold are pressed below it."""
    if limiter_gain is None:
        return np.clip(x + shift, -1, 1)
    limit, sign = 1 - (abs(shift) - limiter_gain), 1 if shift > 0 else -1
    pressed = limit + (x - sign * limit) * limiter_gain / (1 - limit) + shift
    pressed = np.minimum(pressed, limit) if shift > 0 else np.maximum(pressed, -limit)
    return np.where(sign * x > limit, pressed, np.clip(x + shift, -1, 1))


@_transform
def Gain(x, gain_db=1.0):
    """Samples amplified by decibels."""
    return x * 10 ** (gain_db / 20)


@_transform
def MuLawEncoding(x, quantization_channels=256):
    """Samples in [-1, 1] as numbers of channels, finer around 0."""
    top = quantization_channels - 1
    return np.floor((np.sign(x) * np.log1p(top * np.abs(x)) / np.log1p(top) + 1) / 2 * top + 0.5).astype(np.int32)


@_transform
def MuLawDecoding(x, quantization_channels=256):
    """Samples of the numbers that ``MuLawEncoding`` gives."""
    top = quantization_channels - 1
    x = x / top * 2 - 1
    return np.sign(x) * (np.exp(np.abs(x) * np.log1p(top)) - 1) / top


# ---------------------------------------------------------------- filters
def _filtered(x, a, b, clamp=True):
    """``a[0] y[t] = sum b[k] x[t - k] - sum a[k] y[t - k]``, cut to [-1, 1]."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    driven = sum(c * np.pad(x, [(0, 0)] * (x.ndim - 1) + [(k, 0)])[..., : x.shape[-1]] for k, c in enumerate(b)) / a[0]
    found, back = np.zeros_like(x), a[1:] / a[0]
    for t in range(x.shape[-1]):
        found[..., t] = driven[..., t] - sum(c * found[..., t - k] for k, c in enumerate(back, 1) if k <= t)
    return np.clip(found, -1, 1) if clamp else found


@_transform
def LFilter(x, a_coeffs, b_coeffs, clamp=True):
    """A filter by the coefficients of its difference equation."""
    return _filtered(x, a_coeffs, b_coeffs, clamp)


@_transform
def Filtfilt(x, a_coeffs, b_coeffs, clamp=True):
    """A filter applied forwards and backwards."""
    forth = _filtered(x, a_coeffs, b_coeffs, False)
    return _filtered(forth[..., ::-1], a_coeffs, b_coeffs, clamp)[..., ::-1]


@_transform
def Biquad(x, b0, b1, b2, a0, a1, a2):
    """A filter of second order."""
    return _filtered(x, (a0, a1, a2), (b0, b1, b2))


def _angle(sample_rate, frequency, q):
    angle = 2 * np.pi * frequency / sample_rate
    return np.cos(angle), np.sin(angle) / 2 / q


@_transform
def AllpassBiquad(x, sample_rate, central_freq, Q=0.707):
    """A filter that changes phases alone."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _filtered(x, (1 + s, -2 * c, 1 - s), (1 - s, -2 * c, 1 + s))


@_transform
def BandBiquad(x, sample_rate, central_freq, Q=0.707, noise=False):
    """A band around a frequency."""
    c, _ = _angle(sample_rate, central_freq, Q)
    a2 = np.exp(-2 * np.pi * central_freq / Q / sample_rate)
    a1 = -4 * a2 / (1 + a2) * c
    b0 = np.sqrt(1 - a1 * a1 / (4 * a2)) * (1 - a2)
    return _filtered(x, (1, a1, a2), (np.sqrt(((1 + a2) ** 2 - a1 * a1) * (1 - a2) / (1 + a2)) if noise else b0, 0, 0))


@_transform
def BandpassBiquad(x, sample_rate, central_freq, Q=0.707, const_skirt_gain=False):
    """What lies within a band."""
    c, s = _angle(sample_rate, central_freq, Q)
    gain = s * Q if const_skirt_gain else s
    return _filtered(x, (1 + s, -2 * c, 1 - s), (gain, 0, -gain))


@_transform
def BandrejectBiquad(x, sample_rate, central_freq, Q=0.707):
    """What lies outside of a band."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _filtered(x, (1 + s, -2 * c, 1 - s), (1, -2 * c, 1))


@_transform
def EqualizerBiquad(x, sample_rate, center_freq, gain, Q=0.707):
    """A band amplified by decibels."""
    (c, s), a = _angle(sample_rate, center_freq, Q), 10 ** (gain / 40)
    return _filtered(x, (1 + s / a, -2 * c, 1 - s / a), (1 + s * a, -2 * c, 1 - s * a))


@_transform
def HighpassBiquad(x, sample_rate, cutoff_freq, Q=0.707):
    """What lies above a frequency."""
    c, s = _angle(sample_rate, cutoff_freq, Q)
    return _filtered(x, (1 + s, -2 * c, 1 - s), ((1 + c) / 2, -1 - c, (1 + c) / 2))


@_transform
def LowpassBiquad(x, sample_rate, cutoff_freq, Q=0.707):
    """What lies below a frequency."""
    c, s = _angle(sample_rate, cutoff_freq, Q)
    return _filtered(x, (1 + s, -2 * c, 1 - s), ((1 - c) / 2, 1 - c, (1 - c) / 2))


def _shelf(x, a, c, s, side):
    """All above a frequency (side 1) or below it (-1) amplified."""
    t, u, v = 2 * np.sqrt(a) * s, side * (a - 1) * c, side * (a + 1) * c
    below = (a + 1 - u + t, side * 2 * (a - 1 - side * (a + 1) * c) if side > 0 else -2 * (a - 1 - v), a + 1 - u - t)
    above = (a * (a + 1 + u + t), -side * 2 * a * (a - 1 + v), a * (a + 1 + u - t))
    return _filtered(x, below, above)


@_transform
def BassBiquad(x, sample_rate, gain, central_freq=100.0, Q=0.707):
    """Low frequencies amplified by decibels."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _shelf(x, 10 ** (gain / 40), c, s, -1)


@_transform
def TrebleBiquad(x, sample_rate, gain, central_freq=3000, Q=0.707):
    """High frequencies amplified by decibels."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _shelf(x, 10 ** (gain / 40), c, s, 1)


@_transform
def DeemphBiquad(x, sample_rate):
    """The de-emphasis of compact discs, of 44100 or 48000 samples a second."""
    frequency, slope, gain = {44100: (5283, 0.4845, -9.477), 48000: (5356, 0.479, -9.62)}[sample_rate]
    (c, s), a = _angle(sample_rate, frequency, 1), 10 ** (gain / 40)
    return _shelf(x, a, c, s * np.sqrt((a + 1 / a) * (1 / slope - 1) + 2), 1)


@_transform
def RiaaBiquad(x, sample_rate):
    """The equalisation of vinyl records, of 44100, 48000, 88200 or 96000 samples a second."""
    zeros, poles = {
        44100: ((-0.2014898, 0.9233820), (0.7083149, 0.9924091)), 48000: ((-0.1766069, 0.9321590), (0.7396325, 0.9931330)),
        88200: ((-0.1168735, 0.9648312), (0.8590646, 0.9964002)), 96000: ((-0.1141486, 0.9676817), (0.8699137, 0.9966946)),
    }[sample_rate]  # fmt: skip
    b, a = np.poly(zeros), np.poly(poles)
    at = np.exp(-2j * np.pi * 1000 / sample_rate * np.arange(3))
    return _filtered(x, a, b / abs((b * at).sum() / (a * at).sum()))


# ---------------------------------------------------------------- spectra
def _spectrum(x, n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided):
    length = win_length or n_fft
    hop, shape = hop_length or length // 2, np.zeros(n_fft)
    begin = (n_fft - length) // 2
    shape[begin : begin + length] = _window(window, length)
    ends = [(0, 0)] * (x.ndim - 1)
    x = np.pad(x, [*ends, (pad, pad)])
    if center:
        x = np.pad(x, [*ends, (n_fft // 2, n_fft // 2)], pad_mode.value)
    frames = np.lib.stride_tricks.sliding_window_view(x, n_fft, -1)[..., ::hop, :] * shape
    found = np.swapaxes(np.fft.rfft(frames) if onesided else np.fft.fft(frames), -1, -2)
    found = found / np.sqrt((shape**2).sum()) if normalized else found
    return np.abs(found) ** power if power else np.stack((found.real, found.imag), -1)


@_transform
def Spectrogram(x, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN, power=2.0, normalized=False,
                center=True, pad_mode=BorderType.REFLECT, onesided=True):  # fmt: skip
    """The spectra of windows (..., frequency, time); complex numbers (..., 2) for the power 0."""
    return _spectrum(x, n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided)


def _in_mel(x, n_mels, sample_rate, f_min, f_max, n_stft, norm, mel_type):
    top = f_max if f_max is not None else sample_rate // 2
    return np.swapaxes(
        np.swapaxes(x, -1, -2) @ melscale_fbanks(n_stft, f_min, top, n_mels, sample_rate, norm, mel_type), -1, -2
    )


@_transform
def MelScale(
    x, n_mels=128, sample_rate=16000, f_min=0.0, f_max=None, n_stft=201, norm=NormType.NONE, mel_type=MelType.HTK
):
    """A spectrogram with frequencies in mel."""
    return _in_mel(x, n_mels, sample_rate, f_min, f_max, n_stft, norm, mel_type)


@_transform
def MelSpectrogram(x, sample_rate=16000, n_fft=400, win_length=None, hop_length=None, f_min=0.0, f_max=None, pad=0, n_mels=128,
                   window=WindowType.HANN, power=2.0, normalized=False, center=True, pad_mode=BorderType.REFLECT, onesided=True,
                   norm=NormType.NONE, mel_type=MelType.HTK):  # fmt: skip
    """The spectra of windows with frequencies in mel."""
    found = _spectrum(x, n_fft, win_length, hop_length, pad, window, power, normalized, center, pad_mode, onesided)
    return _in_mel(found, n_mels, sample_rate, f_min, f_max, found.shape[-2], norm, mel_type)


@_transform
def SpectralCentroid(x, sample_rate, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN):
    """The mean frequency of each window, (..., 1, time)."""
    found = _spectrum(x, n_fft, win_length, hop_length, pad, window, 1.0, False, True, BorderType.REFLECT, True)
    there = np.linspace(0, sample_rate // 2, found.shape[-2])[:, None]
    return (there * found).sum(-2, keepdims=True) / found.sum(-2, keepdims=True)


@_transform
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
    drawn = draws()
    if iid:
        width = int(drawn.uniform(0, 1) * width)
        start = int(drawn.uniform(0, 1) * (x.shape[axis] - width))
    found = x.copy()
    np.moveaxis(found, axis, 0)[start : start + width] = value
    return found


@_transform
def FrequencyMasking(x, iid_masks=False, freq_mask_param=0, mask_start=0, mask_value=0.0):
    """A band of frequencies filled with a value."""
    return _masked(x, -2, iid_masks, freq_mask_param, mask_start, mask_value)


@_transform
def TimeMasking(x, iid_masks=False, time_mask_param=0, mask_start=0, mask_value=0.0):
    """A stretch of time filled with a value."""
    return _masked(x, -1, iid_masks, time_mask_param, mask_start, mask_value)


__all__ = sorted(NAMES | {name for name, kind in globals().items() if isinstance(kind, type(Enum)) and name != "Enum"})
