"""Transforms of samples, and filters of them.  Formulas are those of SoX and of its users."""

import numpy as np

from .base import transform


# ---------------------------------------------------------------- samples
@transform(axes=2, last=2)
def Angle(x):
    """The angles of complex numbers (..., 2)."""
    return np.arctan2(x[..., 1], x[..., 0])


@transform(axes=2, last=2)
def ComplexNorm(x, power=1.0):
    """The absolute values of complex numbers (..., 2), to a power."""
    return (x[..., 0] ** 2 + x[..., 1] ** 2) ** (power / 2)


@transform(axes=2, last=2)
def Magphase(x, power=1.0):
    """The absolute values to a power, and the angles, of complex numbers (..., 2)."""
    return (x[..., 0] ** 2 + x[..., 1] ** 2) ** (power / 2), np.arctan2(x[..., 1], x[..., 0])


@transform
def DBToAmplitude(x, ref, power):
    """``ref * 10 ** (x / 10) ** power``."""
    return ref * (10 ** (0.1 * x)) ** power


@transform
def Contrast(x, enhancement_amount=75.0):
    """Quiet samples made louder."""
    angle = x * np.pi / 2
    return np.sin(angle + enhancement_amount / 750 * np.sin(4 * angle))


@transform
def DCShift(x, shift, limiter_gain=None):
    """Samples shifted; with a limiter, those beyond its threshold are pressed below it."""
    if limiter_gain is None:
        return np.clip(x + shift, -1, 1)
    limit, sign = 1 - (abs(shift) - limiter_gain), 1 if shift > 0 else -1
    pressed = limit + (x - sign * limit) * limiter_gain / (1 - limit) + shift
    pressed = np.minimum(pressed, limit) if shift > 0 else np.maximum(pressed, -limit)
    return np.where(sign * x > limit, pressed, np.clip(x + shift, -1, 1))


@transform
def Gain(x, gain_db=1.0):
    """Samples amplified by decibels."""
    return x * 10 ** (gain_db / 20)


@transform
def MuLawEncoding(x, quantization_channels=256):
    """Samples in [-1, 1] as numbers of channels, finer around 0."""
    top = quantization_channels - 1
    return np.floor((np.sign(x) * np.log1p(top * np.abs(x)) / np.log1p(top) + 1) / 2 * top + 0.5).astype(np.int32)


@transform
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


@transform(floats=True)
def LFilter(x, a_coeffs, b_coeffs, clamp=True):
    """A filter by the coefficients of its difference equation."""
    return _filtered(x, a_coeffs, b_coeffs, clamp)


@transform(floats=True)
def Filtfilt(x, a_coeffs, b_coeffs, clamp=True):
    """A filter applied forwards and backwards."""
    forth = _filtered(x, a_coeffs, b_coeffs, False)
    return _filtered(forth[..., ::-1], a_coeffs, b_coeffs, clamp)[..., ::-1]


@transform(floats=True)
def Biquad(x, b0, b1, b2, a0, a1, a2):
    """A filter of second order."""
    return _filtered(x, (a0, a1, a2), (b0, b1, b2))


def _angle(sample_rate, frequency, q):
    angle = 2 * np.pi * frequency / sample_rate
    return np.cos(angle), np.sin(angle) / 2 / q


@transform(floats=True)
def AllpassBiquad(x, sample_rate, central_freq, Q=0.707):
    """A filter that changes phases alone."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _filtered(x, (1 + s, -2 * c, 1 - s), (1 - s, -2 * c, 1 + s))


@transform(floats=True)
def BandBiquad(x, sample_rate, central_freq, Q=0.707, noise=False):
    """A band around a frequency."""
    c, _ = _angle(sample_rate, central_freq, Q)
    a2 = np.exp(-2 * np.pi * central_freq / Q / sample_rate)
    a1 = -4 * a2 / (1 + a2) * c
    b0 = np.sqrt(1 - a1 * a1 / (4 * a2)) * (1 - a2)
    return _filtered(x, (1, a1, a2), (np.sqrt(((1 + a2) ** 2 - a1 * a1) * (1 - a2) / (1 + a2)) if noise else b0, 0, 0))


@transform(floats=True)
def BandpassBiquad(x, sample_rate, central_freq, Q=0.707, const_skirt_gain=False):
    """What lies within a band."""
    c, s = _angle(sample_rate, central_freq, Q)
    gain = s * Q if const_skirt_gain else s
    return _filtered(x, (1 + s, -2 * c, 1 - s), (gain, 0, -gain))


@transform(floats=True)
def BandrejectBiquad(x, sample_rate, central_freq, Q=0.707):
    """What lies outside of a band."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _filtered(x, (1 + s, -2 * c, 1 - s), (1, -2 * c, 1))


@transform(floats=True)
def EqualizerBiquad(x, sample_rate, center_freq, gain, Q=0.707):
    """A band amplified by decibels."""
    (c, s), a = _angle(sample_rate, center_freq, Q), 10 ** (gain / 40)
    return _filtered(x, (1 + s / a, -2 * c, 1 - s / a), (1 + s * a, -2 * c, 1 - s * a))


@transform(floats=True)
def HighpassBiquad(x, sample_rate, cutoff_freq, Q=0.707):
    """What lies above a frequency."""
    c, s = _angle(sample_rate, cutoff_freq, Q)
    return _filtered(x, (1 + s, -2 * c, 1 - s), ((1 + c) / 2, -1 - c, (1 + c) / 2))


@transform(floats=True)
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


@transform(floats=True)
def BassBiquad(x, sample_rate, gain, central_freq=100.0, Q=0.707):
    """Low frequencies amplified by decibels."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _shelf(x, 10 ** (gain / 40), c, s, -1)


@transform(floats=True)
def TrebleBiquad(x, sample_rate, gain, central_freq=3000, Q=0.707):
    """High frequencies amplified by decibels."""
    c, s = _angle(sample_rate, central_freq, Q)
    return _shelf(x, 10 ** (gain / 40), c, s, 1)


@transform(floats=True)
def DeemphBiquad(x, sample_rate):
    """The de-emphasis of compact discs, of 44100 or 48000 samples a second."""
    frequency, slope, gain = {44100: (5283, 0.4845, -9.477), 48000: (5356, 0.479, -9.62)}[sample_rate]
    (c, s), a = _angle(sample_rate, frequency, 1), 10 ** (gain / 40)
    return _shelf(x, a, c, s * np.sqrt((a + 1 / a) * (1 / slope - 1) + 2), 1)


@transform(floats=True)
def RiaaBiquad(x, sample_rate):
    """The equalisation of vinyl records, of 44100, 48000, 88200 or 96000 samples a second."""
    zeros, poles = {
        44100: ((-0.2014898, 0.9233820), (0.7083149, 0.9924091)), 48000: ((-0.1766069, 0.9321590), (0.7396325, 0.9931330)),
        88200: ((-0.1168735, 0.9648312), (0.8590646, 0.9964002)), 96000: ((-0.1141486, 0.9676817), (0.8699137, 0.9966946)),
    }[sample_rate]  # fmt: skip
    b, a = np.poly(zeros), np.poly(poles)
    at = np.exp(-2j * np.pi * 1000 / sample_rate * np.arange(3))
    return _filtered(x, a, b / abs((b * at).sum() / (a * at).sum()))
