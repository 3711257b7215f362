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
    np.testing.assert_allclose(audio.ComputeDeltas()(2.0 * np.arange(9))[2:-2], 2.0)
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
        (lambda: audio.Gain(1.0, 2.0), TypeError), (lambda: audio.Gain()(np.array(["a"])), TypeError),
    ],
)  # fmt: skip
def test_wrong_arguments(make, error):
    with pytest.raises(error):
        make()
