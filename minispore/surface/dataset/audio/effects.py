"""Effects on samples: echoes, distortion, fading, noise; the start of speech and the pitch.  Formulas are those of SoX and torchaudio."""

import math

import numpy as np

from ....core.errors import fail
from ....dataset.draws import draws
from .base import DensityFunction, FadeShape, GainType, Interpolation, Modulation, transform


def _oscillation(modulation, size, low, high, phase):
    """One period of a wave between two values."""
    point = (np.arange(size) + int(phase / math.pi / 2 * size + 0.5)) % size
    if modulation is Modulation.SINUSOIDAL:
        return (np.sin(point / size * 2 * np.pi) + 1) / 2 * (high - low) + low
    wave, quarter = point * 2 / size, 4 * point // size
    wave = np.select([quarter == 0, quarter == 3], [wave + 0.5, wave - 1.5], 1.5 - wave)
    return wave * (high - low) + low


@transform(axes=2, same_type=True)
def Flanger(x, sample_rate, delay=0.0, depth=2.0, regen=0.0, width=71.0, speed=0.5, phase=25.0,
            modulation=Modulation.SINUSOIDAL, interpolation=Interpolation.LINEAR):  # fmt: skip
    """Samples (..., channel, time) and an echo of them whose delay swings."""
    feedback, gain = regen / 100, width / 100
    gain_in, gain = 1 / (1 + gain), gain / (1 + gain) * (1 - abs(feedback))
    size = int((delay + depth) / 1000 * sample_rate + 0.5) + 2
    period = int(sample_rate / speed)
    swing = _oscillation(modulation, period, math.floor(delay / 1000 * sample_rate + 0.5), size - 2, 3 * math.pi / 2)
    waves = x.reshape(-1, *x.shape[-2:])
    channels = np.arange(waves.shape[1])
    ahead = (channels * period * phase / 100 + 0.5).astype(int)
    kept, last, found = np.zeros((*waves.shape[:2], size)), np.zeros(waves.shape[:2]), np.empty_like(waves)
    for t in range(waves.shape[-1]):
        at = -(t + 1) % size
        kept[..., at] = waves[..., t] + last * feedback
        part, whole = np.modf(swing[(t + ahead) % period])
        first, second, third = (kept[:, channels, (at + whole.astype(int) + k) % size] for k in range(3))
        if interpolation is Interpolation.LINEAR:
            last = first + (second - first) * part
        else:
            second, third = second - first, third - first
            last = first + ((third / 2 - second) * part + second * 2 - third / 2) * part
        found[..., t] = waves[..., t] * gain_in + last * gain
    return np.clip(found, -1, 1).reshape(x.shape)


@transform
def Phaser(x, sample_rate, gain_in=0.4, gain_out=0.74, delay_ms=3.0, decay=0.4, mod_speed=0.5, sinusoidal=True):
    """Samples and what is left of them after a delay that swings, again and again."""
    period, size = int(sample_rate / mod_speed + 0.5), int(delay_ms / 1000 * sample_rate + 0.5)
    kind = Modulation.SINUSOIDAL if sinusoidal else Modulation.TRIANGULAR
    swing = np.floor(_oscillation(kind, period, 1.0, size, math.pi / 2) + 0.5).astype(int)
    kept, found = np.zeros((*x.shape[:-1], size)), np.empty_like(x)
    for t in range(x.shape[-1]):
        found[..., t] = x[..., t] * gain_in + kept[..., (t + swing[t % period]) % size]
        kept[..., (t + 1) % size] = found[..., t] * decay
    return np.clip(found * gain_out, -1, 1)


@transform
def Overdrive(x, gain=20.0, color=20.0):
    """Samples amplified until they are bent."""
    bent = np.clip(x * 10 ** (gain / 20) + color / 200, -1, 1)
    bent = bent - bent**3 / 3
    before, last, found = np.zeros(x.shape[:-1]), np.zeros(x.shape[:-1]), np.empty_like(x)
    for t in range(x.shape[-1]):
        last = bent[..., t] - before + 0.995 * last
        before = bent[..., t]
        found[..., t] = x[..., t] / 2 + last * 0.75
    return np.clip(found, -1, 1)


_RISES = {
    FadeShape.LINEAR: lambda t: t, FadeShape.EXPONENTIAL: lambda t: 2 ** (t - 1) * t,
    FadeShape.LOGARITHMIC: lambda t: np.log10(0.1 + t) + 1, FadeShape.QUARTER_SINE: lambda t: np.sin(t * np.pi / 2),
    FadeShape.HALF_SINE: lambda t: np.sin(t * np.pi - np.pi / 2) / 2 + 0.5,
}  # fmt: skip


@transform
def Fade(x, fade_in_len=0, fade_out_len=0, fade_shape=FadeShape.LINEAR):
    """Samples that rise from silence and sink into it."""
    length = x.shape[-1]
    if max(fade_in_len, fade_out_len) > length:
        raise fail(
            RuntimeError,
            f"For 'Fade', 'fade_in_len' and 'fade_out_len' must be at most {length}, the number of samples.",
        )
    if not fade_in_len and not fade_out_len:
        return x
    shape = np.ones(length)
    shape[:fade_in_len] *= _RISES[fade_shape](np.linspace(0, 1, fade_in_len))
    shape[length - fade_out_len :] *= _RISES[fade_shape](np.linspace(1, 0, fade_out_len))
    return x * shape


def _check_gain(given):
    gain, kind = given["gain"], given["gain_type"]
    if (kind is GainType.AMPLITUDE and gain < 0) or (kind is GainType.POWER and gain <= 0):
        raise fail(ValueError, f"For 'Vol', 'gain' must be positive for {kind}, but got {gain}.")


@transform(prepare=_check_gain)
def Vol(x, gain, gain_type=GainType.AMPLITUDE):
    """Samples amplified, and cut to [-1, 1]."""
    factors = {
        GainType.AMPLITUDE: lambda: gain,
        GainType.POWER: lambda: np.sqrt(gain),
        GainType.DB: lambda: 10 ** (gain / 20),
    }
    return np.clip(x * factors[gain_type](), -1, 1)


@transform
def Dither(x, density_function=DensityFunction.TPDF, noise_shaping=False):
    """Samples rounded to 16 bits, after noise that hides the rounding."""
    waves = x.reshape(-1, x.shape[-1])
    if density_function is DensityFunction.TPDF:
        noise = np.bartlett(x.shape[-1] + 1)[:-1]
    else:
        drawn = draws()
        pick = lambda: waves[int(drawn.uniform(0, 1) * len(waves)), int(drawn.uniform(0, 1) * waves.shape[1])]
        noise = pick() - 0.5 if density_function is DensityFunction.RPDF else sum(pick() for _ in range(6))
    found = np.round(waves * (2**15 - 1) + noise) / 2**15
    if noise_shaping:
        found[:, 1:] += (found - waves)[:, :-1]
    return found.reshape(x.shape)


# ---------------------------------------------------------------- pitch
@transform
def DetectPitchFrequency(x, sample_rate, frame_time=0.01, win_length=30, freq_low=85, freq_high=3400):
    """The pitch of each frame: the lag at which the samples are most like themselves, smoothed by medians."""
    lags, size = math.ceil(sample_rate / freq_low), math.ceil(sample_rate * frame_time)
    frames = math.ceil(x.shape[-1] / size)
    waves = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, lags + frames * size - x.shape[-1])])
    framed = lambda lag: waves[..., lag : lag + frames * size].reshape(*x.shape[:-1], frames, size)
    power = lambda frame: (1e-9 + np.sqrt((frame**2).sum(-1))) ** 2
    alike = np.stack(
        [(framed(0) * framed(lag)).sum(-1) / power(framed(0)) / power(framed(lag)) for lag in range(1, lags + 1)], -1
    )
    least = math.ceil(sample_rate / freq_high)
    whole, half = alike[..., least:], alike[..., least : max(lags // 2, least + 1)]
    best = np.where(half.max(-1) > 0.99 * whole.max(-1), half.argmax(-1), whole.argmax(-1)) + least + 1
    ahead = (win_length - 1) // 2
    best = np.concatenate([np.repeat(best[..., :1], ahead, -1), best], -1)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(best, win_length, -1), -1)
    return (sample_rate / (1e-9 + windows[..., (win_length - 1) // 2])).astype(np.float32)
