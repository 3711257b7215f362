"""Transforms of uint8 images give MindSpore's values to the bit; encrypted images are read."""

import zlib

import numpy as np
import pytest

import minispore.dataset as ds
from minispore.dataset import vision
from minispore.dataset.vision import Inter

IMAGE = np.random.RandomState(0).randint(0, 256, (33, 20, 3)).astype(np.uint8)
VALUES = {  # MindSpore 2.10: zlib.crc32 of vision.<call>(IMAGE)
    "AutoContrast()": 2354229074,
    "AutoContrast(5.0)": 2501976963,
    "AutoContrast(20.0, [100, 101])": 128785990,
    "GaussianBlur(3)": 4247306567,
    "GaussianBlur(7, 1.5)": 1199770277,
    "GaussianBlur((3, 5))": 3927027023,
    "GaussianBlur((3, 5), (1.0, 2.0))": 3661134915,
    "AdjustHue(0.25)": 1439687207,
    "AdjustHue(-0.3)": 152421110,
    "AdjustSaturation(1.7)": 388724882,
    "AdjustSaturation(0.3)": 3291582641,
    "AdjustContrast(1.7)": 983765019,
    "AdjustSharpness(1.7)": 2246901861,
    "Resize((20, 31), Inter.AREA)": 829175416,
    "Resize((40, 31), Inter.BICUBIC)": 2486460403,
}  # fmt: skip


@pytest.mark.parametrize("call", VALUES)
def test_the_values_of_bytes_are_mindspores_to_the_bit(call):
    made = eval(f"vision.{call}", {"vision": vision, "Inter": Inter})(IMAGE)
    assert zlib.crc32(np.ascontiguousarray(made).tobytes()) == VALUES[call]


def _hidden(path):
    with open(path, "rb") as file:
        return bytes(255 - byte for byte in file.read())


def test_images_are_decrypted_by_the_function_given(tmp_path):
    from PIL import Image

    (tmp_path / "cat").mkdir()
    Image.fromarray(IMAGE).save(tmp_path / "plain.png")
    (tmp_path / "cat" / "a.png").write_bytes(_hidden(tmp_path / "plain.png"))
    data = ds.ImageFolderDataset(str(tmp_path), class_indexing={"cat": 0}, decode=True, decrypt=_hidden)
    (row,) = data.create_dict_iterator(num_epochs=1, output_numpy=True)
    np.testing.assert_array_equal(row["image"], IMAGE)
    with pytest.raises(TypeError, match="decrypt"):
        ds.ImageFolderDataset(str(tmp_path), decrypt=b"key")


def test_annotated_images_are_decrypted_too(tmp_path):
    from PIL import Image

    Image.fromarray(IMAGE).save(tmp_path / "plain.png")
    (tmp_path / "7.png").write_bytes(_hidden(tmp_path / "plain.png"))
    box = '{"image_id": 7, "category_id": 2, "bbox": [0, 1, 2, 3], "iscrowd": 0}'
    images = '[{"id": 7, "file_name": "7.png"}]'
    (tmp_path / "boxes.json").write_text(f'{{"images": {images}, "annotations": [{box}], "categories": []}}')
    data = ds.CocoDataset(str(tmp_path), str(tmp_path / "boxes.json"), decode=True, decrypt=_hidden)
    (row,) = data.create_dict_iterator(num_epochs=1, output_numpy=True)
    np.testing.assert_array_equal(row["image"], IMAGE)


def test_a_schema_names_and_types_the_columns_of_a_generator():
    schema = ds.Schema()
    schema.add_column("a", "float32", [2])
    schema.add_column("b", "int32", [])
    rows = [(np.zeros(2, np.float32), np.array(3, np.int32))]
    assert ds.GeneratorDataset(rows, schema=schema).get_col_names() == ["a", "b"]
    assert ds.GeneratorDataset(rows, ["x"], schema=schema).get_col_names() == ["a", "b"]
    wrong = ds.GeneratorDataset([(np.zeros(2), np.array(3, np.int32))], schema=schema)
    with pytest.raises(RuntimeError, match="float64"):
        list(wrong.create_tuple_iterator(num_epochs=1))
