"""Transforms of sounds (``mindspore.dataset.audio``) against NumPy and values of the real MindSpore."""

import numpy as np
import pytest

import minispore as ms
from minispore.dataset import NumpySlicesDataset
from minispore.surface.dataset import audio

DRAW = np.random.RandomState(0)
WAVE = DRAW.uniform(-0.9, 0.9, (2, 60))


def impulse_response(transform, length=4096):
    """The gain of a filter by frequency, of samples small enough that nothing is cut."""
    pulse = np.zeros(length)
    pulse[0] = 1e-3
    return np.abs(np.fft.rfft(transform(pulse))) * 1e3


def decibels(x):
    return 20 * np.log10(np.maximum(x, 1e-12))


@pytest.mark.parametrize(
    ("transform", "low", "middle", "high"),
    [  # what the filters do at 0, at 2000 Hz and at the highest frequency, in decibels; None: little
        (audio.LowpassBiquad(16000, 2000.0), 0, decibels(0.707), None),
        (audio.HighpassBiquad(16000, 2000.0), None, decibels(0.707), 0),
        (audio.BandpassBiquad(16000, 2000.0), None, 0, None),
        (audio.BandrejectBiquad(16000, 2000.0), 0, None, 0),
        (audio.AllpassBiquad(16000, 2000.0), 0, 0, 0),
        (audio.EqualizerBiquad(16000, 2000.0, 6.0), 0, 6, 0),
        (audio.BassBiquad(16000, 6.0, 2000.0), 6, 3, 0),
        (audio.TrebleBiquad(16000, -6.0, 2000.0), 0, -3, -6),
    ],
    ids=lambda x: type(x).__name__ if isinstance(x, audio.Transform) else None,
)
def test_filters_pass_what_they_are_for(transform, low, middle, high):
    gains = decibels(impulse_response(transform))
    for found, wanted in zip((gains[0], gains[512], gains[-1]), (low, middle, high), strict=True):
        assert found < -60 if wanted is None else abs(found - wanted) < 0.05


def test_a_filter_is_its_difference_equation_and_is_cut():
    a, b = [2.0, 0.4, 0.2], [1.0, 0.6, 0.4]
    y = np.zeros_like(WAVE)
    for t in range(WAVE.shape[1]):
        past = lambda z, k, t=t: z[:, t - k] if t >= k else 0
        y[:, t] = (
            sum(c * past(WAVE, k) for k, c in enumerate(b)) - sum(c * past(y, k) for k, c in enumerate(a) if k)
        ) / a[0]
    np.testing.assert_allclose(audio.LFilter(a, b)(WAVE), np.clip(y, -1, 1), rtol=1e-12)
    assert np.abs(audio.Biquad(9.0, 0.0, 0.0, 1.0, 0.0, 0.0)(WAVE)).max() == 1
    np.testing.assert_allclose(audio.Filtfilt([1.0, 0.0], [0.5, 0.5])(WAVE)[:, 1:-1],
                               (WAVE[:, :-2] + 2 * WAVE[:, 1:-1] + WAVE[:, 2:]) / 4, rtol=1e-12)  # fmt: skip


def test_a_spectrogram_holds_the_spectra_of_windows():
    found = audio.Spectrogram(n_fft=16, hop_length=4, center=False, power=1.0)(WAVE)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(16) / 16)
    expected = np.stack([np.abs(np.fft.rfft(WAVE[:, k : k + 16] * hann)) for k in range(0, 45, 4)], -1)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert audio.Spectrogram(n_fft=16, power=0.0)(WAVE).shape == (2, 9, 8, 2)
    tone = np.cos(2 * np.pi * 1000 * np.arange(800) / 8000)
    assert np.all(np.abs(audio.SpectralCentroid(8000, n_fft=80)(tone)[0, 3:-3] - 1000) < 5)


def test_mel_spectra_are_those_of_mindspore():
    """Recorded from MindSpore 2.10 for the same float32 samples."""
    found = audio.MelSpectrogram(sample_rate=8000, n_fft=16, n_mels=4)(WAVE.astype(np.float32))
    expected = [[0.5736986, 1.5841655, 2.2427635], [0.58954865, 1.4381789, 7.5958967],
                [0.18393199, 1.5762265, 8.1034775], [0.31501877, 3.8168783, 2.7343383]]  # fmt: skip
    np.testing.assert_allclose(found[0, :, :3], expected, rtol=1e-4)
    assert found.dtype == np.float32


def test_the_cosine_transform_has_orthogonal_columns():
    table = audio.create_dct(5, 8, audio.NormMode.ORTHO)
    np.testing.assert_allclose(table.T @ table, np.eye(5), atol=1e-6)


def test_small_transforms():
    pairs = DRAW.standard_normal((3, 2))
    size, angle = audio.Magphase()(pairs)
    np.testing.assert_allclose(size * np.exp(1j * angle), pairs[:, 0] + 1j * pairs[:, 1], rtol=1e-12)
    np.testing.assert_allclose(audio.ComplexNorm(2.0)(pairs), (pairs**2).sum(-1), rtol=1e-12)
    np.testing.assert_allclose(audio.Angle()(pairs), angle)
    np.testing.assert_allclose(audio.MuLawDecoding()(audio.MuLawEncoding()(WAVE)), WAVE, atol=0.03)
    np.testing.assert_allclose(audio.AmplitudeToDB(top_db=20.0)(np.array([[[1.0, 10.0, 1e-9]]])), [[[0, 10, -10]]])
    np.testing.assert_allclose(audio.DBToAmplitude(1.0, 1.0)(np.array([10.0])), [10])
    np.testing.assert_allclose(audio.Gain(20.0)(np.array([0.1])), [1.0])
    np.testing.assert_allclose(audio.DCShift(0.5)(np.array([0.1, 0.9])), [0.6, 1.0])
    np.testing.assert_allclose(audio.DCShift(-0.5, 0.1)(np.array([-0.7721351])), [0.05696625], atol=1e-6)
    np.testing.assert_allclose(audio.ComputeDeltas()(2.0 * np.arange(9)[None])[:, 2:-2], 2.0)
    filled = audio.TimeMasking(time_mask_param=2, mask_start=1, mask_value=7.0)(np.zeros((3, 5)))
    assert filled.tolist() == [[0, 7, 7, 0, 0]] * 3


def test_sounds_in_a_pipeline():
    ms.set_seed(3)
    data = NumpySlicesDataset({"audio": WAVE.astype(np.float32)}, shuffle=False)
    data = data.map(
        [audio.LowpassBiquad(16000, 2000.0), audio.Spectrogram(n_fft=16), audio.FrequencyMasking(True, 5)], "audio"
    )
    rows = [row["audio"] for row in data.create_dict_iterator(output_numpy=True, num_epochs=1)]
    assert [row.shape for row in rows] == [(9, 8)] * 2
    assert all(int((row == 0).all(1).sum()) <= 5 for row in rows)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: audio.Contrast(200.0), ValueError), (lambda: audio.LowpassBiquad("a", 1.0), TypeError),
        (lambda: audio.LowpassBiquad(0, 1.0), ValueError), (lambda: audio.Spectrogram(n_fft=0), ValueError),
        (lambda: audio.Gain(1.0, 2.0), TypeError), (lambda: audio.Gain()(np.array(["a"])), RuntimeError),
    ],
)  # fmt: skip
def test_wrong_arguments(make, error):
    with pytest.raises(error):
        make()


# ---------------------------------------------------------------- effects, and what goes by way of spectra
SOUND = np.round(np.sin(np.arange(48) * 0.7) * 0.8, 3).astype(np.float32)
PAIR = np.stack([SOUND, SOUND[::-1]])
SPECTRA = np.stack([np.cos(np.arange(60.0)).reshape(5, 12), np.sin(2 * np.arange(60.0)).reshape(5, 12)], -1)
SIZES = np.abs(SPECTRA[..., 0])
WINDOWS = {
    "n_fft": 16, "win_length": 16, "hop_length": 8, "pad": 0, "power": 2.0, "normalized": False, "center": True, "onesided": True,
    "window": audio.WindowType.HANN, "pad_mode": audio.BorderType.REFLECT,
}  # fmt: skip
MEL = {"f_min": 0.0, "f_max": 2000.0, "norm": audio.NormType.NONE, "mel_scale": audio.MelType.HTK, "n_mels": 4}
CASES = {
    "Fade": (audio.Fade(4, 5, audio.FadeShape.HALF_SINE), SOUND),
    "Fade log": (audio.Fade(4, 5, audio.FadeShape.LOGARITHMIC), SOUND),
    "Vol": (audio.Vol(4.0, audio.GainType.POWER), SOUND),
    "Overdrive": (audio.Overdrive(), SOUND),
    "Phaser": (audio.Phaser(1000, delay_ms=4.0), SOUND),
    "Flanger": (audio.Flanger(1000, speed=5.0, regen=30.0, interpolation=audio.Interpolation.QUADRATIC), PAIR),
    "Dither": (audio.Dither(noise_shaping=True), SOUND),
    "DetectPitchFrequency": (audio.DetectPitchFrequency(60, 0.1, 3, 5, 25), SOUND),
    "MFCC": (audio.MFCC(4000, 3, melkwargs=WINDOWS | MEL), SOUND),
    "LFCC": (audio.LFCC(4000, 5, 3, log_lf=True, speckwargs=WINDOWS), SOUND),
    "PhaseVocoder": (audio.PhaseVocoder(1.3, np.linspace(0, np.pi * 4, 5)[:, None]), SPECTRA),
    "TimeStretch": (audio.TimeStretch(4, 5, 0.8), SPECTRA),
    "InverseSpectrogram": (audio.InverseSpectrogram(n_fft=8), SPECTRA),
    "GriffinLim": (audio.GriffinLim(8, 3, rand_init=False), SIZES),
    "Resample": (audio.Resample(4, 3, audio.ResampleMethod.KAISER_WINDOW), SOUND),
    "PitchShift": (audio.PitchShift(8000, 3, 12, 16), SOUND),
    "SlidingWindowCmn": (audio.SlidingWindowCmn(4, 2, True, True), SIZES),
    "MaskAlongAxis": (audio.MaskAlongAxis(1, 2, 0.5, 2), SIZES),
}
RECORDED = {  # by MindSpore 2.10: the shape, and seven of the values
    "Fade": [[48], [0.0, -0.697, 0.684, 0.027, -0.71, 0.669, 0.054]],
    "Fade log": [[48], [0.0, -0.697, 0.684, 0.027, -0.71, 0.669, 0.054]],
    "Vol": [[48], [0.0, -1.0, 1.0, 0.054, -1.0, 1.0, 0.108]],
    "Overdrive": [[48], [0.07475, -0.8562, 0.836, 0.2776, -0.8644, 0.826, 0.4383]],
    "Phaser": [[48], [0.0, -0.2063, 0.3142, -0.1012, -0.2149, 0.3117, -0.09082]],
    "Flanger": [[2, 48], [0.0, 0.3219, -0.5334, 0.6356, -0.508, 0.3161, -0.136]],
    "Dither": [[48], [0.0, -0.6969, 0.6839, 0.02707, -0.7099, 0.669, 0.05405]],
    "DetectPitchFrequency": [[7], [6.667, 6.667, 6.667, 6.667, 6.667, 6.667, 6.667]],
    "MFCC": [[3, 7], [5.532, -6.178, -4.538, 24.99, 24.72, -15.24, -15.14]],
    "LFCC": [[3, 7], [-0.2854, -6.753, -4.55, 10.73, 10.72, -2.057, -2.104]],
    "PhaseVocoder": [[5, 10, 2], [1.0, 0.4233, -0.62, 1.036, -0.4646, -0.9342, 1.045]],
    "TimeStretch": [[5, 15, 2], [1.0, 0.2885, -0.635, -0.2548, 0.5429, -0.9022, -0.9639]],
    "InverseSpectrogram": [[44], [-0.02795, 0.2749, 0.01925, 0.5786, -0.01016, -0.1242, 0.0008747]],
    "GriffinLim": [[44], [-0.00239, -0.7994, -0.2329, -1.115, 0.1332, -1.098, 0.2]],
    "Resample": [[36], [0.04392, -0.799, 0.07295, 0.7923, -0.1457, -0.7789, 0.217]],
    "PitchShift": [[48], [0.03017, -0.425, -0.3162, -0.2121, 0.1904, 0.313, -0.02031]],
    "SlidingWindowCmn": [[5, 12], [1.166, -1.334, 0.983, -0.5083, 0.7012, -0.06329, 0.494]],
    "MaskAlongAxis": [[5, 12], [1.0, 0.1455, 0.9577, 0.4242, 0.8342, 0.6669, 0.6401]],
}


@pytest.mark.parametrize("name", CASES)
def test_effects_are_those_of_mindspore(name):
    transform, value = CASES[name]
    found = transform(value)
    shape, values = RECORDED[name]
    assert list(found.shape) == shape
    np.testing.assert_allclose(found.ravel()[:: max(1, found.size // 7)][:7], values, rtol=2e-3, atol=2e-3)


def test_a_sound_comes_back_from_its_spectra():
    spectra = audio.Spectrogram(n_fft=16, hop_length=4, power=0.0)(WAVE)
    np.testing.assert_allclose(audio.InverseSpectrogram(60, 16, hop_length=4)(spectra), WAVE, atol=1e-9)
    sizes = audio.Spectrogram(n_fft=16, hop_length=4, power=1.0)(WAVE)
    again = audio.GriffinLim(16, 60, hop_length=4, power=1.0, length=60)(sizes)
    assert np.abs(audio.Spectrogram(n_fft=16, hop_length=4, power=1.0)(again) - sizes).mean() < 0.25 * sizes.mean()
    bands = audio.MelScale(8, 8000, n_stft=9)(sizes)
    again = audio.InverseMelScale(9, 8, 8000, max_iter=300)(bands)
    np.testing.assert_allclose(audio.MelScale(8, 8000, n_stft=9)(again), bands, atol=0.02 * bands.max())


def test_the_start_of_speech():
    """Silence, then a tone with overtones: what is left begins near the tone."""
    time = np.arange(8000) / 4000
    loud = sum(np.sin(2 * np.pi * 200 * k * time) for k in range(1, 5)) * (time > 1) * 0.2
    noise = DRAW.standard_normal(8000) * 1e-4
    left = audio.Vad(4000, trigger_level=5.0)(loud + noise)
    assert 3000 <= len(left) <= 5500 and np.array_equal(left, (loud + noise)[-len(left) :])


def test_masks_at_random_places():
    ms.set_seed(1)
    filled = audio.MaskAlongAxisIID(4, 9.0, 2)(np.zeros((3, 5, 20)))
    widths = (filled == 9).all(1).sum(-1)
    assert widths.max() <= 4 and ((filled == 9).any(1).sum(-1) == widths).all()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: audio.Flanger(0), ValueError), (lambda: audio.Flanger(44100, delay="0"), TypeError),
        (lambda: audio.Flanger(44100, modulation="test"), TypeError), (lambda: audio.Phaser(44100, decay=1.0), ValueError),
        (lambda: audio.MFCC(melkwargs={}), KeyError), (lambda: audio.MFCC(dct_type=3), ValueError),
        (lambda: audio.Vad(16000, noise_up_time=0.001), ValueError), (lambda: audio.MaskAlongAxis(0, 0, 1.0, 1), ValueError),
        (lambda: audio.MaskAlongAxis(0, 9, 1.0, 1)(np.zeros((2, 3, 4))), RuntimeError), (lambda: audio.Fade(9)(np.zeros(3)), RuntimeError),
        (lambda: audio.Fade(True), TypeError), (lambda: audio.LFCC(f_min=-1.0), ValueError),
        (lambda: audio.LowpassBiquad(16000, 100.0)(np.ones(3, int)), RuntimeError), (lambda: audio.Angle()(np.zeros((3, 3))), RuntimeError),
        (lambda: audio.Vol(-1.0), ValueError), (lambda: audio.Vol(1.0)([1.0]), TypeError), (lambda: audio.Resample(rolloff=1), TypeError),
    ],
)  # fmt: skip
def test_wrong_arguments_of_effects(make, error):
    with pytest.raises(error):
        make()
