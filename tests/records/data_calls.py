"""Calls of data transforms and pipelines; ``data_calls.json`` holds what MindSpore 2.10 gave for them on a CPU.

``python data_calls.py`` writes it, run with MindSpore. "values" are results; "arguments" has for each parameter one letter for each
value of ``POOL`` put in its place: o for accepted, T, V, R for a TypeError, ValueError or RuntimeError. Parameters for which
minispore knowingly accepts more or less are not in ``ARGUMENTS``.
"""

import json
import os
import struct
import sys
import tempfile
from pathlib import Path

import numpy as np

POOL = [
    None, -1, 0, 1, 300, 0.5, -0.5, 2.75, "a", [], [1], (1, 2), [1, 2, 3], [1, 2, 3, 4], (0.5, 0.2), [-1, 2], ["a", "b"],
    (1.0, 2.0, 3.0), {1: 2}, 3.0,
]  # fmt: skip
IMAGE = np.random.RandomState(0).randint(0, 256, (6, 7, 3)).astype(np.uint8)
BOXES = np.array([[1, 2, 3, 4], [0, 0, 7, 6]], np.float32)
TALK = "Welcome to Beijing! 北京 [CLS] ＡＢＣ making  mistakes"


def _vision(ds):
    v, Inter, Border = ds.vision, ds.vision.Inter, ds.vision.Border
    square = [[0, 0], [6, 0], [6, 5], [0, 5]]
    float_image = (IMAGE / 255).astype(np.float32)
    # fmt: off
    return {
        "Affine": lambda: v.Affine(20.0, [0.2, 0.1], 1.1, [10.0, 5.0], Inter.BILINEAR)(IMAGE),
        "Affine nearest": lambda: v.Affine(-30, [0.1, 0.0], 0.8, 12.0)(IMAGE),
        "Rotate": lambda: v.Rotate(30, Inter.BILINEAR, True, None, 5)(IMAGE),
        "Rotate about": lambda: v.Rotate(-50.5, Inter.NEAREST, True, (3, 4), 5)(IMAGE),
        "Rotate inside": lambda: v.Rotate(75, Inter.BICUBIC, False, (2, 1))(IMAGE),
        "Perspective": lambda: v.Perspective(square, [[1, 0], [5, 1], [6, 4], [0, 5]], Inter.BILINEAR)(IMAGE),
        "CenterCrop": lambda: v.CenterCrop((9, 5))(IMAGE),
        "Resize area": lambda: v.Resize((9, 4), Inter.AREA)(IMAGE),
        "Equalize": lambda: v.Equalize()(IMAGE),
        "AdjustBrightness": lambda: v.AdjustBrightness(1.5)(float_image),
        "AdjustContrast": lambda: v.AdjustContrast(1.5)(float_image),
        "AdjustSaturation": lambda: v.AdjustSaturation(1.5)(float_image),
        "AdjustSharpness": lambda: v.AdjustSharpness(1.5)(float_image),
        "AdjustGamma": lambda: v.AdjustGamma(2.0, 0.9)(float_image),
        "RgbToHsv": lambda: v.RgbToHsv(True)(IMAGE),
        "Erase": lambda: v.Erase(1, 2, 3, 2, (1, 2, 3))(IMAGE),
        "PadToSize": lambda: v.PadToSize((9, 10), (1, 2), 5, Border.EDGE)(IMAGE),
        "SlicePatches": lambda: v.SlicePatches(2, 3, ds.vision.SliceMode.PAD, 7)(IMAGE)[5],
        "ResizeWithBBox": lambda: v.ResizeWithBBox((12, 14))(IMAGE, BOXES.copy())[1],
        "RandomHorizontalFlipWithBBox": lambda: v.RandomHorizontalFlipWithBBox(1.0)(IMAGE, BOXES.copy())[1],
        "RandomVerticalFlipWithBBox": lambda: v.RandomVerticalFlipWithBBox(1.0)(IMAGE, BOXES.copy())[1],
        "BoundingBoxAugment": lambda: v.BoundingBoxAugment(v.VerticalFlip(), 1.0)(IMAGE, BOXES[:1].copy())[0],
        "encode_png": lambda: v.Decode()(v.encode_png(IMAGE)),
        "get_image_size": lambda: v.get_image_size(IMAGE),
        "no boxes": lambda: v.ResizeWithBBox(4)(IMAGE), "boxes outside": lambda: v.ResizeWithBBox(4)(IMAGE, BOXES + 1),
        "contrast of grey": lambda: v.AdjustContrast(1.5)(IMAGE[..., 0]), "equalize floats": lambda: v.Equalize()(float_image),
        "five of an array": lambda: v.FiveCrop(2)(IMAGE), "grey of an array": lambda: v.Grayscale()(IMAGE),
        "crop too large": lambda: v.CenterCrop(24)(IMAGE), "png of floats": lambda: v.encode_png(float_image),
        "resize int32": lambda: v.Resize(3)(IMAGE.astype(np.int32)), "no file": lambda: v.read_image("nothing.png"),
    }
    # fmt: on


def _arrays(ds):
    t, x = ds.transforms, ds.text
    words = x.Vocab.from_list(
        ["welcome", "to", "beijing", "!", "mak", "##ing", "mistake", "##s", "[CLS]", "[UNK]", "京"]
    )
    # fmt: off
    return {
        "Unique": lambda: t.Unique()(np.array([[3, 1], [3, 2]])), "Unique of one axis": lambda: t.Unique()(np.array([1, 1])),
        "Fill": lambda: t.Fill(300)(np.array([1, 2], np.uint8)), "Fill strings": lambda: t.Fill("b")(np.array(["a", "cc"])),
        "Mask strings": lambda: t.Mask(t.Relational.EQ, "b")(np.array(["a", "b"])), "Slice": lambda: t.Slice(5)(np.arange(4)),
        "Concatenate": lambda: t.Concatenate(0, np.array([1.5]))(np.array([1], np.int32)),
        "PadEnd": lambda: t.PadEnd([3, 3], 0)(np.array([["a", "b"]])), "None": lambda: t.OneHot(3)(None),
        "Bert": lambda: x.BertTokenizer(words, lower_case=True, with_offsets=True)("Welcome TO making ü mistakes!"),
        "Bert keeps": lambda: x.BertTokenizer(words, unknown_token="", keep_whitespace=True)(TALK),
        "Wordpiece": lambda: x.WordpieceTokenizer(words, with_offsets=True)(np.array(["making", "mistakes", "zz"])),
        "scripts": lambda: x.UnicodeScriptTokenizer(True, True)(np.array("To 北京 ひら a1!")),
        "Wikipedia": lambda: x.FilterWikipediaXML()("<page>Two</page> 3 Names [[a|b]] é"),
        "Basic": lambda: x.BasicTokenizer(True, True)(np.array("ＡＢＣ é\tx")),
        "regex": lambda: x.RegexTokenizer("[\\p{Han}]", "[\\p{Han}]")(np.array("To 北京 x")), "regex wrong": lambda: x.RegexTokenizer("(")(np.array("a")),
        "replace": lambda: x.RegexReplace("(\\w)o", "$1X")(np.array("foo")),
        "window": lambda: x.SlidingWindow(5)(np.array([1, 2])), "window of two axes": lambda: x.SlidingWindow(2)(np.ones((2, 2))),
        "tokens": lambda: words.tokens_to_ids(["to"]), "ids": lambda: words.ids_to_tokens([0.5]), "vocab": lambda: x.Vocab.from_dict({"a": "b"}),
    }
    # fmt: on


def _record(features: dict[str, bytes]) -> bytes:
    def field(number, content):
        return bytes([number << 3 | 2, len(content)]) + content

    example = field(
        1, b"".join(field(1, field(1, k.encode()) + field(2, field(1, field(1, v)))) for k, v in features.items())
    )
    length = struct.pack("<Q", len(example))
    return length + _checksum(length) + example + _checksum(example)


def _checksum(data: bytes) -> bytes:
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    value ^= 0xFFFFFFFF
    return struct.pack("<I", ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def _sources(ds):
    home = tempfile.mkdtemp()
    paths = {name: os.path.join(home, name) for name in ("b.txt", "a.txt", "t.tf", "s.json", "v.txt")}
    for name, content in {
        "b.txt": "\n".join(f"b{k}" for k in range(7)), "a.txt": "\n".join(f"a{k}" for k in range(5)),
        "s.json": json.dumps({"datasetType": "TF", "columns": {"x": {"type": "uint8", "rank": 1}, "a": {"type": "string", "rank": 1}}}),
        "v.txt": "3 2\nok 0.5 1.5\nno 1 2\n",
    }.items():  # fmt: skip
        Path(paths[name]).write_text(content)
    Path(paths["t.tf"]).write_bytes(b"".join(_record({"x": bytes(range(k + 2)), "a": b"w" * k}) for k in range(3)))
    for language in ("de", "en"):
        folder = os.path.join(home, "texts", "de", "en", "de-en")
        os.makedirs(folder, exist_ok=True)
        Path(folder, f"train.tags.de-en.{language}").write_text(f"<title>x</title>\n{language} one\n {language} two \n")

    def rows(data):
        return [
            {k: v.tolist() for k, v in row.items()}
            for row in data.create_dict_iterator(num_epochs=1, output_numpy=True)
        ]

    def text(**options):
        return rows(
            ds.TextFileDataset([paths["b.txt"], paths["a.txt"]], shuffle=False, num_parallel_workers=1, **options)
        )

    def vectors(**options):
        return ds.text.ToVectors(ds.text.Vectors.from_file(paths["v.txt"]), **options)

    slices = ds.NumpySlicesDataset({"x": np.arange(5)}, shuffle=False)
    return {
        "text": text, "text shard": lambda: text(num_shards=3, shard_id=2), "half a shard": lambda: text(num_shards=3),
        "schema": lambda: rows(ds.TFRecordDataset(paths["t.tf"], paths["s.json"], shuffle=False)),
        "schema missing": lambda: ds.TFRecordDataset(paths["t.tf"], "nothing.json"),
        "columns": lambda: ds.TFRecordDataset(paths["t.tf"], columns_list="x"),
        "talks": lambda: rows(ds.IWSLT2016Dataset(home, "train", shuffle=False)),
        "talks in no language": lambda: ds.IWSLT2016Dataset(home, "train", ("de", "fr")),
        "vectors": lambda: [vectors(unk_init=[7, 8], lower_case_backup=True)(word) for word in ("OK", "no", "zz")],
        "map of nothing": lambda: rows(slices.map([])), "offload": lambda: slices.map(abs, offload=1),
        "bucket": lambda: slices.bucket_batch_by_length(["x"], [1, 0], [1, 1, 1], lambda x: x),
        "split": lambda: slices.split([2, 0.5]), "project": lambda: slices.project([]), "take": lambda: slices.batch(2**31),
        "setting": lambda: ds.config.set_monitor_sampling_interval("a"), "settings": lambda: ds.config.load("nothing.json"),
        "callback": lambda: slices.map(abs, callbacks=[1]), "steps": lambda: ds.DSCallback(0),
    }  # fmt: skip


def _baselines(ds):
    v, t, x = ds.vision, ds.transforms, ds.text
    words = x.Vocab.from_list(["a"])
    # fmt: off
    return {
        v.Affine: {"scale": 1.0, "translate": [0, 0], "degrees": 1, "shear": 1, "fill_value": 0}, v.AutoContrast: {"cutoff": 1.0, "ignore": 1},
        v.Crop: {"coordinates": (1, 2), "size": 3}, v.CutOut: {"length": 1, "num_patches": 1, "is_hwc": True},
        v.Erase: {"top": 1, "left": 1, "height": 1, "width": 1, "value": 1, "inplace": False}, v.Grayscale: {"num_output_channels": 1},
        v.LinearTransformation: {"transformation_matrix": np.eye(2), "mean_vector": np.zeros(2)}, v.Normalize: {"mean": [1.0], "std": [1.0], "is_hwc": True},
        v.NormalizePad: {"dtype": "float32", "mean": [1.0], "std": [1.0]}, v.Pad: {"padding": 1, "fill_value": 0, "padding_mode": v.Border.EDGE},
        v.PadToSize: {"size": 9, "offset": 1, "fill_value": 0, "padding_mode": v.Border.EDGE}, v.Posterize: {"bits": 1},
        v.RandomCrop: {"size": 1, "padding": 1, "fill_value": 1, "padding_mode": v.Border.EDGE},
        v.RandomErasing: {"max_attempts": 1, "value": 1, "inplace": False}, v.RandomRotation: {"center": (1, 2), "expand": True, "fill_value": 1, "degrees": 1},
        v.RandomResizedCrop: {"size": 1, "scale": (0.1, 1), "ratio": (1, 2), "interpolation": v.Inter.AREA, "max_attempts": 1},
        v.RandomPerspective: {"distortion_scale": 0.5, "prob": 0.5}, v.RandomColor: {"degrees": (1, 2)}, v.RandomSharpness: {"degrees": (1, 2)},
        v.RandAugment: {"magnitude": 1, "num_ops": 1}, v.ResizedCrop: {"top": 1, "left": 1, "height": 1, "width": 1, "size": 1}, v.RgbToHsv: {"is_hwc": True},
        v.MixUp: {"batch_size": 1, "alpha": 1.0, "is_single": True}, v.RandomCropWithBBox: {"size": 1, "padding": 1}, v.RandomHorizontalFlipWithBBox: {"prob": 0.5},
        t.Concatenate: {"prepend": np.ones(1), "append": np.ones(1)}, t.Fill: {"fill_value": 1}, t.PadEnd: {"pad_value": 1}, t.OneHot: {"num_classes": 3, "smoothing_rate": 0.1},
        x.AddToken: {"token": "a", "begin": True}, x.BasicTokenizer: {"lower_case": True, "normalization_form": x.NormalizeForm.NFC},
        x.BertTokenizer: {"vocab": words, "suffix_indicator": "a", "max_bytes_per_token": 3, "unknown_token": "a", "lower_case": True}, x.Ngram: {"left_pad": ("", 0), "separator": ""},
        x.SlidingWindow: {"width": 1, "axis": 0}, x.Truncate: {"max_seq_len": 1}, x.RegexReplace: {"pattern": "a", "replace": "b"},
    }
    # fmt: on


REQUIRED = {
    "Affine": {"degrees": 1, "translate": [0, 0], "scale": 1.0, "shear": 1},
    "Crop": {"coordinates": (1, 2), "size": 3},
    "Erase": {"top": 1, "left": 1, "height": 1, "width": 1},
    "LinearTransformation": {"transformation_matrix": np.eye(2), "mean_vector": np.zeros(2)},
    "Normalize": {"mean": [1.0], "std": [1.0]},
    "ResizedCrop": {"top": 1, "left": 1, "height": 1, "width": 1, "size": 1},
    "MixUp": {"batch_size": 1, "alpha": 1.0},
    "OneHot": {"num_classes": 3},
    "PadEnd": {"pad_shape": [3]},
    "Ngram": {"n": 2},
    "RegexReplace": {"pattern": "a", "replace": "b"},
}
REQUIRED["NormalizePad"] = REQUIRED["Normalize"]
_OTHERS = {"Pad": "padding", "PadToSize": "size", "RandomCrop": "size", "RandomRotation": "degrees", "CutOut": "length", "Posterize": "bits",
           "RandomResizedCrop": "size", "RandomCropWithBBox": "size", "AddToken": "token", "BertTokenizer": "vocab"}  # fmt: skip


def _letter(make) -> str:
    try:
        make()
    except Exception as error:
        return {"TypeError": "T", "ValueError": "V", "RuntimeError": "R"}.get(type(error).__name__, "?")
    return "o"


def arguments(ds) -> dict[str, str]:
    """{"Class.parameter": letters}."""
    made = {}
    for kind, given in _baselines(ds).items():
        name = kind.__name__
        base = dict(REQUIRED.get(name, {}))
        if name in _OTHERS:
            base[_OTHERS[name]] = given[_OTHERS[name]]
        for parameter in given:
            made[f"{name}.{parameter}"] = "".join(_letter(lambda v=v: kind(**{**base, parameter: v})) for v in POOL)
    return made


def _plain(value):
    if isinstance(value, (np.ndarray, np.generic)):
        kind = np.asarray(value).dtype
        rounded = np.asarray(value).astype(np.float64).round(5) if kind.kind == "f" else np.asarray(value)
        return [kind.name if kind.kind not in "US" else "str", rounded.tolist()]
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def values(ds) -> dict[str, object]:
    """{name: the result, or the name of the error's class}."""
    made = {}
    for name, call in {**_vision(ds), **_arrays(ds), **_sources(ds)}.items():
        try:
            result = call()
            made[name] = _plain(result if isinstance(result, (tuple, list, np.ndarray, int, str)) else "made")
        except Exception as error:
            made[name] = f"{type(error).__name__}!"
    return made


if __name__ == "__main__":
    import mindspore.dataset

    mindspore.dataset.text.Vocab  # noqa: B018  (loads it)
    content = {"arguments": arguments(mindspore.dataset), "values": values(mindspore.dataset)}
    target = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).with_suffix(".json"))
    Path(target).write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
