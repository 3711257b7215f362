"""Where speech begins: the detector of SoX, by the power of cepstra."""

import math

import numpy as np

from ....core.errors import fail
from .base import transform


def _check_times(given):
    up, down = given["noise_up_time"], given["noise_down_time"]
    if up < down:
        raise fail(
            ValueError, f"For 'Vad', 'noise_up_time' must be at least 'noise_down_time', but got {up} and {down}."
        )


class _Listener:
    """The running spectra of one channel, of what is heard and of its noise."""

    def __init__(self, length, spectrum, cepstrum, decays, reduction):
        self.size = 16
        while self.size < length:
            self.size *= 2
        self.window = _hann(length)
        begin, end = (int(part * self.size + 0.5) for part in spectrum)
        self.band = slice(max(begin, 1), min(end, self.size // 2))
        self.quefrencies = slice(math.ceil(cepstrum[0]), min(math.floor(cepstrum[1]), self.size // 4))
        if self.quefrencies.stop <= self.quefrencies.start:
            raise fail(
                RuntimeError,
                "For 'Vad', 'lp_lifter_freq' must be so far above 'hp_lifter_freq' that a cepstrum lies between.",
            )
        width = self.band.stop - self.band.start
        self.heard, self.noise, self.shape = np.zeros(width), np.zeros(width), _hann(width)
        self.decays, self.reduction = decays, reduction

    def measure(self, samples, booting):
        up, down, smooth = self.decays
        keep = booting / (1 + booting) if booting >= 0 else smooth
        loud = np.abs(np.fft.rfft(samples * self.window, self.size))[self.band]
        self.heard = self.heard * keep + loud * (1 - keep)
        power = self.heard**2
        keep = 0 if booting >= 0 else np.where(power > self.noise, up, down)
        self.noise = self.noise * keep + power * (1 - keep)
        clear = np.zeros(self.size // 2)
        clear[self.band] = np.sqrt(np.maximum(power - self.reduction * self.noise, 0)) * self.shape
        found = (np.abs(np.fft.rfft(clear)[self.quefrencies]) ** 2).mean()
        return max(0.0, 21 + math.log(found)) if found > 0 else 0.0


def _hann(n):
    return 2 / math.sqrt(n) * np.hanning(n + 1)[:-1]


def _to_flush(measures, at, level, gap):
    """How many of the last measures belong to the speech that has been noticed."""
    n = len(measures)
    last = quiet = n
    for j in range(n):
        measure = measures[(at - j) % n]
        if measure >= level and j <= last + gap:
            quiet = last = j
        elif measure == 0 and last >= quiet:
            quiet = j
    return min(n - 1, quiet)


@transform(prepare=_check_times)
def Vad(x, sample_rate, trigger_level=7.0, trigger_time=0.25, search_time=1.0, allowed_gap=0.25, pre_trigger_time=0.0, boot_time=0.35,
        noise_up_time=0.1, noise_down_time=0.01, noise_reduction_amount=1.35, measure_freq=20.0, measure_duration=None,
        measure_smooth_time=0.4, hp_filter_freq=50.0, lp_filter_freq=6000.0, hp_lifter_freq=150.0, lp_lifter_freq=2000.0):  # fmt: skip
    """Samples from the first speech on; none where there is no speech."""
    length = int(sample_rate * (measure_duration or 2 / measure_freq) + 0.5)
    period, kept = int(sample_rate / measure_freq + 0.5), math.ceil(search_time * measure_freq)
    decay = lambda time: math.exp(-1 / (time * measure_freq)) if time else 0.0
    waves = x.reshape(-1, x.shape[-1])
    listeners = [
        _Listener(
            length, (hp_filter_freq / sample_rate, lp_filter_freq / sample_rate),
            (sample_rate / 2 / lp_lifter_freq, sample_rate / 2 / hp_lifter_freq),
            (decay(noise_up_time), decay(noise_down_time), decay(measure_smooth_time)), noise_reduction_amount,
        )
        for _ in waves
    ]  # fmt: skip
    measures, mean, slow = np.zeros((len(waves), kept)), np.zeros(len(waves)), decay(trigger_time)
    booting, booted, flush = 0, int(boot_time * measure_freq - 0.5), 0
    for number, at in enumerate(range(length, x.shape[-1], period)):
        noticed = False
        for channel, wave in enumerate(waves):
            measures[channel, number % kept] = found = listeners[channel].measure(wave[at - length : at], booting)
            mean[channel] = mean[channel] * slow + found * (1 - slow)
            noticed = noticed or mean[channel] >= trigger_level
            if noticed:
                flush = max(
                    flush,
                    _to_flush(measures[channel], number % kept, trigger_level, int(allowed_gap * measure_freq + 0.5)),
                )
        booting = booting + 1 if 0 <= booting != booted else -1
        if noticed:
            before = int(pre_trigger_time * sample_rate + 0.5) + kept * period + length
            return x[..., max(at - before + (kept - flush) * period, 0) :]
    return x[..., :0]
