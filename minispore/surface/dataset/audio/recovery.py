"""From spectra back to samples, and what is made by way of spectra: other speeds, pitches and rates."""

import math

import numpy as np

from ....core.errors import fail
from ....dataset.draws import draws
from .base import BorderType, MelType, NormType, ResampleMethod, WindowType, transform
from .spectra import melscale_fbanks, spectrum, window_of


def _framing(n_fft, win_length, hop_length, window):
    length = win_length or n_fft
    shape = np.zeros(n_fft)
    begin = (n_fft - length) // 2
    shape[begin : begin + length] = window_of(window, length)
    return shape, hop_length or length // 2


def _samples(spectra, shape, hop, center=True, onesided=True, length=None):
    """The samples whose windows' spectra (..., frequency, time) are nearest to these complex numbers (Griffin and Lim 1984)."""
    n_fft = len(shape)
    frames = np.swapaxes(spectra, -1, -2)
    frames = (np.fft.irfft(frames, n_fft) if onesided else np.fft.ifft(frames).real) * shape
    total = n_fft + hop * (frames.shape[-2] - 1)
    found, weight = np.zeros((*frames.shape[:-2], total)), np.zeros(total)
    for k in range(frames.shape[-2]):
        found[..., k * hop : k * hop + n_fft] += frames[..., k, :]
        weight[k * hop : k * hop + n_fft] += shape**2
    begin = n_fft // 2 if center else 0
    end = begin + length if length is not None else total - begin
    found, weight = found[..., begin:end], weight[begin:end]
    found = np.divide(found, weight, out=found.copy(), where=weight > 1e-11)
    missing = 0 if length is None else max(length - found.shape[-1], 0)
    return np.pad(found, [(0, 0)] * (found.ndim - 1) + [(0, missing)])


def _complex(x):
    return x[..., 0] + 1j * x[..., 1]


def _as_pairs(x):
    return np.stack((x.real, x.imag), -1)


@transform(axes=3, last=2)
def InverseSpectrogram(x, length=None, n_fft=400, win_length=None, hop_length=None, pad=0, window=WindowType.HANN, normalized=False,
                       center=True, pad_mode=BorderType.REFLECT, onesided=True):  # fmt: skip
    """The samples of complex spectra (..., frequency, time, 2)."""
    shape, hop = _framing(n_fft, win_length, hop_length, window)
    spectra = _complex(x) * (np.sqrt((shape**2).sum()) if normalized else 1)
    wanted = (n_fft // 2 + 1) if onesided else n_fft
    if spectra.shape[-2] != wanted:
        raise fail(
            RuntimeError, f"For 'InverseSpectrogram', there must be {wanted} frequencies, but got {spectra.shape[-2]}."
        )
    found = _samples(spectra, shape, hop, center, onesided, None if length is None else length + 2 * pad)
    return found[..., pad : found.shape[-1] - pad] if length is not None and pad else found


@transform(axes=2)
def GriffinLim(x, n_fft=400, n_iter=32, win_length=None, hop_length=None, window_type=WindowType.HANN, power=2.0, momentum=0.99,
               length=None, rand_init=True):  # fmt: skip
    """Samples whose spectra have these absolute values, by the fast algorithm of Griffin and Lim (Perraudin et al. 2013)."""
    if x.shape[-2] != n_fft // 2 + 1:
        raise fail(
            RuntimeError, f"For 'GriffinLim', there must be {n_fft // 2 + 1} frequencies, but got {x.shape[-2]}."
        )
    shape, hop = _framing(n_fft, win_length, hop_length, window_type)
    x = x.reshape(-1, *x.shape[-2:]) if x.ndim > 3 else x
    sizes, push = x ** (1 / power), momentum / (1 + 2 * momentum)  # as MindSpore has it
    turns = np.ones(x.shape, complex)
    if rand_init:
        drawn = draws().generator().uniform(size=(*x.shape, 2))
        turns = _complex(drawn)
    before = np.zeros_like(turns)
    for _ in range(n_iter):
        wave = _samples(sizes * turns, shape, hop, length=length)
        again = _complex(
            spectrum(wave, n_fft, win_length, hop, 0, window_type, 0, False, True, BorderType.REFLECT, True)
        )
        turns = again - before * push
        turns /= np.abs(turns) + 1e-16
        before = again
    return _samples(sizes * turns, shape, hop, length=length)


def _check_descent(given):
    given["sgdargs"] = given["sgdargs"] or {"sgd_lr": 0.1, "sgd_momentum": 0.9}
    for name, value in given["sgdargs"].items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise fail(TypeError, f"For 'InverseMelScale', '{name}' must be a number, but got {type(value).__name__}.")
        if value < 0:
            raise fail(ValueError, f"For 'InverseMelScale', '{name}' must not be negative, but got {value}.")


@transform(axes=2, prepare=_check_descent)
def InverseMelScale(x, n_stft, n_mels=128, sample_rate=16000, f_min=0.0, f_max=None, max_iter=100000, tolerance_loss=1e-5,
                    tolerance_change=1e-8, sgdargs=None, norm=NormType.NONE, mel_type=MelType.HTK):  # fmt: skip
    """Spectra whose values in mel are these, by gradient descent from random ones."""
    if x.shape[-2] != n_mels:
        raise fail(RuntimeError, f"For 'InverseMelScale', there must be {n_mels} bands, but got {x.shape[-2]}.")
    bands = melscale_fbanks(
        n_stft, f_min, sample_rate // 2 if f_max is None else f_max, n_mels, sample_rate, norm, mel_type
    )
    wanted = np.swapaxes(x.reshape(-1, *x.shape[-2:]), -1, -2)
    found, speed, loss = draws().generator().uniform(size=(*wanted.shape[:2], n_stft)), 0.0, np.inf
    for _ in range(max_iter):
        off = wanted - found @ bands
        before, loss = loss, (off**2).sum(-1).mean()
        speed = sgdargs["sgd_momentum"] * speed - 2 * off @ bands.T / math.prod(off.shape[:2])
        found = np.maximum(found - sgdargs["sgd_lr"] * speed, 0)
        if loss < tolerance_loss or abs(before - loss) < tolerance_change:
            break
    return np.swapaxes(found, -1, -2).reshape(*x.shape[:-2], n_stft, x.shape[-1])


# ---------------------------------------------------------------- speed, pitch and rate
def _at_rate(spectra, rate, advance):
    """Complex spectra (..., frequency, time) at another speed: sizes between neighbours, and phases that go on (Flanagan and Golden 1966)."""
    if rate == 1:
        return spectra.reshape(-1, *spectra.shape[-2:])
    steps = np.arange(0, spectra.shape[-1], rate)
    at, part = steps.astype(int), steps % 1
    wide = np.pad(spectra, [(0, 0)] * (spectra.ndim - 1) + [(0, 2)])
    here, there = wide[..., at], wide[..., at + 1]
    turn = np.angle(there) - np.angle(here) - advance
    turn += advance - 2 * np.pi * np.round(turn / (2 * np.pi))
    phase = np.cumsum(np.concatenate([np.angle(spectra[..., :1]), turn[..., :-1]], -1), -1)
    return (part * np.abs(there) + (1 - part) * np.abs(here)) * np.exp(1j * phase)


@transform(axes=3, last=2)
def PhaseVocoder(x, rate, phase_advance):
    """Complex spectra (..., frequency, time, 2) at another speed, with the pitch that they had."""
    if phase_advance.ndim != 2 or phase_advance.shape != (x.shape[-3], 1):
        raise fail(
            RuntimeError,
            f"For 'PhaseVocoder', 'phase_advance' must have the shape ({x.shape[-3]}, 1), but got {phase_advance.shape}.",
        )
    return _as_pairs(_at_rate(_complex(x), rate, phase_advance))


@transform(axes=3, last=2)
def TimeStretch(x, hop_length=None, n_freq=201, fixed_rate=None):
    """Complex spectra (..., frequency, time, 2) at another speed, with the pitch that they had."""
    hop = n_freq - 1 if hop_length is None else hop_length
    advance = np.linspace(0, np.pi * hop, x.shape[-3])[:, None]
    return _as_pairs(_at_rate(_complex(x), 1 if fixed_rate is None else fixed_rate, advance))


def _resampled(x, old, new, method, width, rolloff, beta):
    """Samples at another rate, by windowed sinc functions."""
    divisor = math.gcd(int(old), int(new))
    old, new = int(old) // divisor, int(new) // divisor
    if old == new:
        return x
    base = min(old, new) * rolloff
    reach = math.ceil(width * old / base)
    frame, phase = np.divmod(np.arange(math.ceil(new * x.shape[-1] / old)), new)
    taps = (phase * old // new)[:, None] + np.arange(2 * reach + 2)  # beyond these the window is 0
    t = np.clip(((taps - reach) / old - phase[:, None] / new) * base, -width, width)
    if method is ResampleMethod.SINC_INTERPOLATION:
        shape = np.cos(t * np.pi / width / 2) ** 2
    else:
        beta = 14.769656459379492 if beta is None else beta
        shape = np.i0(beta * np.sqrt(1 - (t / width) ** 2)) / np.i0(beta)
    wide = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(reach, reach + old)])
    return (wide[..., frame[:, None] * old + taps] * np.sinc(t) * shape).sum(-1) * base / old


@transform
def Resample(x, orig_freq=16000, new_freq=16000, resample_method=ResampleMethod.SINC_INTERPOLATION, lowpass_filter_width=6,
             rolloff=0.99, beta=None):  # fmt: skip
    """Samples at another rate."""
    return _resampled(x, orig_freq, new_freq, resample_method, lowpass_filter_width, rolloff, beta)


@transform
def PitchShift(
    x, sample_rate, n_steps, bins_per_octave=12, n_fft=512, win_length=None, hop_length=None, window=WindowType.HANN
):
    """Samples with another pitch, and the length that they had."""
    length, rate = x.shape[-1], 2 ** (-n_steps / bins_per_octave)
    shape, _ = _framing(n_fft, win_length, hop_length, window)
    hop = hop_length or (win_length or n_fft) // 4
    spectra = _complex(spectrum(x, n_fft, win_length, hop, 0, window, 0, False, True, BorderType.REFLECT, True))
    slow = _at_rate(spectra, rate, np.linspace(0, np.pi * hop, spectra.shape[-2])[:, None])
    slow = _samples(slow, shape, hop, length=round(length / rate))
    found = _resampled(slow, int(sample_rate / rate), sample_rate, ResampleMethod.SINC_INTERPOLATION, 6, 0.99, None)[
        ..., :length
    ]
    return np.pad(found, [(0, 0)] * (x.ndim - 1) + [(0, length - found.shape[-1])])
