"""What data sets and their transforms say of arguments, and a few arguments that MindSpore takes."""

import io
import sys

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds
from minispore.dataset import audio, text, transforms, vision
from minispore.train import LossMonitor

# (call, exception, a part of the message): what MindSpore 2.10 says, recorded from calls of it
REFUSED = [
    (lambda: vision.AdjustBrightness(-1), ValueError, "Input brightness_factor is not within the required interval of [0, 16777216]"),
    (lambda: vision.AdjustHue("a"), TypeError, "Argument hue_factor with value a is not of type [<class 'float'>, <class 'int'>]"),
    (lambda: vision.AdjustSharpness(True), TypeError, "Argument sharpness_factor with value True is not of type (<class 'float'>, <class 'int'>)"),
    (lambda: vision.RandomAdjustSharpness(-1), ValueError, "Input degree is not within the required interval of [0, 16777216]"),
    (lambda: vision.RandomHorizontalFlip(1.5), ValueError, "Input prob is not within the required interval of [0.0, 1.0]"),
    (lambda: vision.GaussianBlur(-1), ValueError, "Input kernel_size is not within the required interval of [1, 16777216]"),
    (lambda: vision.Resize("a"), TypeError, "Argument size with value a is not of type [<class 'int'>, <class 'list'>, <class 'tuple'>]"),
    (lambda: vision.RandomPosterize("a"), TypeError, "Argument bits with value a is not of type [<class 'list'>, <class 'tuple'>"),
    (lambda: vision.RandomColor(1), TypeError, "degrees"),
    (lambda: vision.ResizedCrop(-1, 0, 2, 2, 2), ValueError, "Input top is not within the required interval of [0, 2147483647]"),
    (lambda: vision.Erase(0, 0, 1, 1, 999), ValueError, "Input value[0] is not within the required interval of [0, 255]"),
    (lambda: audio.AmplitudeToDB(ref_value="a"), TypeError, "Argument ref_value with value a is not of type [<class 'int'>, <class 'float'>]"),
    (lambda: audio.Gain("a"), TypeError, "Argument gain_db with value a is not of type [<class 'float'>, <class 'int'>]"),
    (lambda: audio.FrequencyMasking(mask_start=-1), ValueError, "Input mask_start is not within the required interval of [0, 16777216]"),
    (lambda: audio.Filtfilt(["a", 1.0], [1.0, 1.0]), TypeError, "Argument a_coeffs[0] with value a is not of type"),
    (lambda: transforms.Compose([np.abs, 1]), TypeError, "transforms[1]"),
    (lambda: text.Ngram([1, "a"]), TypeError, "Argument gram[1] with value a is not of type [<class 'int'>]"),
]  # fmt: skip


@pytest.mark.parametrize("call, error, said", REFUSED, ids=[said[:40] for _, _, said in REFUSED])
def test_a_refused_argument_is_named_as_in_mindspore(call, error, said):
    with pytest.raises(error) as refused:
        call()
    assert said in str(refused.value)


def test_each_length_of_ngrams_gives_an_element_where_the_words_are_too_few():
    assert text.Ngram([2, 3, 1], separator=" ")(np.array(["a", "b"])).tolist() == ["a b", "", "a", "b"]


def test_string_is_a_type_of_columns():
    schema = ds.Schema()
    schema.add_column("a", ms.string, [])
    assert schema.columns[0]["type"] == "string"

    def rows():
        yield (np.array("long"),)
        yield (np.array("s"),)

    data = ds.GeneratorDataset(rows, ["a"], column_types=[ms.string])
    assert [str(row["a"]) for row in data.create_dict_iterator(output_numpy=True)] == ["long", "s"]
    wrong = ds.GeneratorDataset(lambda: iter([(np.array([1]),)]), ["a"], column_types=[ms.string])
    with pytest.raises(RuntimeError):
        next(wrong.create_dict_iterator(output_numpy=True))


def test_mel_spectrogram_takes_mel_scale():
    wave = np.sin(np.arange(64, dtype=np.float32))
    made = [
        audio.MelSpectrogram(sample_rate=8000, n_fft=16, n_mels=4, mel_scale=scale)(wave)
        for scale in (audio.MelType.HTK, audio.MelType.SLANEY)
    ]
    assert made[0].shape == made[1].shape and not np.allclose(*made)


def test_export_takes_the_images_of_a_data_set(tmp_path):
    pytest.importorskip("onnx")
    images = np.ones((4, 3), np.float32)
    data = ds.NumpySlicesDataset({"image": images, "label": [0, 1, 2, 3]}, shuffle=False).batch(2)
    with pytest.warns(UserWarning, match="ONNX"):
        ms.export(ms.nn.Dense(3, 2), data, file_name=str(tmp_path / "net"), file_format="MINDIR")
    assert (tmp_path / "net.mindir").stat().st_size > 0
    with pytest.raises(RuntimeError, match="image"):
        other = ds.NumpySlicesDataset({"x": images}, shuffle=False)
        ms.export(ms.nn.Dense(3, 2), other, file_name=str(tmp_path / "other"), file_format="MINDIR")


def test_the_line_of_an_evaluation_is_not_flushed_away(monkeypatch):
    class Newest(io.StringIO):  # what scripts put in place of stdout to see the last lines
        def flush(self):
            self.seek(0)
            self.truncate()

    net = ms.nn.Dense(1, 1)
    data = ds.NumpySlicesDataset({"x": np.ones((4, 1), np.float32), "y": np.ones((4, 1), np.float32)}).batch(2)
    model = ms.Model(net, ms.nn.MSELoss(), ms.nn.SGD(net.trainable_params(), 0.1), metrics={"mse"})
    out = Newest()
    monkeypatch.setattr(sys, "stdout", out)
    model.fit(1, data, data, callbacks=[LossMonitor()])
    monkeypatch.undo()
    assert "Eval result: epoch 1" in out.getvalue()
