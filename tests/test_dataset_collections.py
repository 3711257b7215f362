"""Data sets in the formats of others: TFRecord files, COCO, Pascal VOC, CelebA, manifests, corpora and recordings.

What is expected is what MindSpore 2.10 gave for the same files.
"""

import json
import struct
import wave
import zlib

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds


# ---------------------------------------------------------------- a writer of TFRecord files
def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def example(row):
    made = b""
    for name, values in row.items():
        if isinstance(values[0], bytes):
            feature = field(1, b"".join(field(1, v) for v in values))
        elif isinstance(values[0], float):
            feature = field(2, field(1, struct.pack(f"<{len(values)}f", *values)))
        else:
            feature = field(3, field(1, b"".join(map(varint, values))))
        made += field(1, field(1, name.encode()) + field(2, feature))
    return field(1, made)


def content(rows):
    return b"".join(struct.pack("<Q", len(e)) + bytes(4) + e + bytes(4) for e in map(example, rows))


ROWS = [
    {"label": [k], "image": [bytes([k]) * (k + 1)], "vec": [1.0 * k, 2.5], "names": [b"a", b"bcd"], "multi": [-1, 2, k]}
    for k in range(5)
]


@pytest.fixture
def records(tmp_path):
    for name, rows in (("a", ROWS), ("b", ROWS[:2])):
        (tmp_path / f"{name}.tfrecord").write_bytes(content(rows))
    return tmp_path


def rows_of(data):
    return list(data.create_dict_iterator(num_epochs=1, output_numpy=True))


def labels(data):
    return [int(row["label"][0]) for row in rows_of(data)]


def test_columns_of_records_without_a_schema(records):
    data = ds.TFRecordDataset(str(records / "a.tfrecord"), shuffle=False)
    assert data.get_col_names() == ["image", "label", "multi", "names", "vec"] and data.get_dataset_size() == 5
    row = rows_of(data)[1]
    assert {k: (v.dtype.name, v.tolist()) for k, v in row.items()} == {
        "image": ("uint8", [1, 1]),
        "label": ("int64", [1]),
        "multi": ("int64", [-1, 2, 1]),
        "names": ("uint8", list(b"a  bcd")),
        "vec": ("float32", [1.0, 2.5]),
    }


def test_a_schema_gives_types_and_shapes(records):
    schema = ds.Schema()
    schema.add_column("names", "string", [2])
    schema.add_column("vec", ms.float64, [2, 1])
    row = rows_of(ds.TFRecordDataset(str(records / "a.tfrecord"), schema, shuffle=False))[0]
    assert list(row) == ["names", "vec"]
    assert row["names"].tolist() == ["a", "bcd"] and row["vec"].dtype == np.float64 and row["vec"].shape == (2, 1)


def test_files_take_turns_and_shards_are_files_or_rows(records):
    files = [str(records / "a.tfrecord"), str(records / "b.tfrecord")]
    assert labels(ds.TFRecordDataset(files, shuffle=False)) == [0, 0, 1, 1, 2, 3, 4]
    assert labels(ds.TFRecordDataset(files, shuffle=False, num_shards=2, shard_id=1)) == [0, 1]
    equal = [ds.TFRecordDataset(files, shuffle=False, num_shards=2, shard_id=k, shard_equal_rows=True) for k in (0, 1)]
    assert [labels(data) for data in equal] == [[0, 1, 2, 3], [4, 0, 0, 1]]


def test_shuffled_records_are_all_there(records):
    assert sorted(labels(ds.TFRecordDataset(str(records / "*.tfrecord")))) == [0, 0, 1, 1, 2, 3, 4]


def test_compressed_records(records):
    import gzip

    plain = (records / "a.tfrecord").read_bytes()
    (records / "a.gz").write_bytes(gzip.compress(plain))
    (records / "a.z").write_bytes(zlib.compress(plain))
    for name, kind in (("a.gz", "GZIP"), ("a.z", "ZLIB")):
        assert labels(ds.TFRecordDataset(str(records / name), shuffle=False, compression_type=kind)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("cut", [3, 13, 20, -5])
def test_damaged_records_are_errors(tmp_path, cut):
    path = tmp_path / "bad.tfrecord"
    path.write_bytes(content(ROWS)[:cut])
    with pytest.raises(RuntimeError, match="not a valid TFRecord file"):
        rows_of(ds.TFRecordDataset(str(path), shuffle=False))


def test_a_record_that_is_no_example_is_an_error(tmp_path):
    path = tmp_path / "bad.tfrecord"
    path.write_bytes(struct.pack("<Q", 4) + bytes(4) + b"\xff\xff\xff\xff" + bytes(4))
    with pytest.raises(RuntimeError, match="record 0 is no Example"):
        rows_of(ds.TFRecordDataset(str(path), shuffle=False))


def test_a_missing_column_and_a_wrong_shape_are_errors(records):
    path = str(records / "a.tfrecord")
    with pytest.raises(RuntimeError, match="no columns"):
        rows_of(ds.TFRecordDataset(path, columns_list=["nothing"]))
    schema = ds.Schema()
    schema.add_column("multi", "int64", [2])
    with pytest.raises(RuntimeError, match="does not fit the schema"):
        rows_of(ds.TFRecordDataset(path, schema))


def test_a_schema_as_json(tmp_path):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps({"datasetType": "TF", "numRows": 3, "columns": {"a": {"type": "int8", "shape": [3]}}}))
    schema = ds.Schema(str(path))
    assert schema.columns == [{"name": "a", "type": "int8", "rank": 1, "shape": [3]}] and schema.num_rows == 3
    assert json.loads(schema.to_json())["columns"] == [{"name": "a", "rank": 1, "shape": [3], "type": "int8"}]
    with pytest.raises(TypeError):
        schema.add_column("b", "complex")


# ---------------------------------------------------------------- images with annotations
def image(path, value=1):
    pillow = pytest.importorskip("PIL.Image")
    path.parent.mkdir(parents=True, exist_ok=True)
    pillow.fromarray(np.full((4, 5, 3), value, np.uint8)).save(path)


@pytest.fixture
def coco(tmp_path):
    for k in (1, 2):
        image(tmp_path / f"{k}.png", k)
    boxes = [
        {"image_id": 10, "category_id": 7, "bbox": [1, 2, 3, 4], "iscrowd": 0, "segmentation": [[1, 2, 3, 4, 5, 6]],
         "keypoints": [1, 2, 2], "num_keypoints": 1},
        {"image_id": 10, "category_id": 3, "bbox": [0, 1, 1.5, 1], "iscrowd": 1, "segmentation": [[0, 0, 1, 1]],
         "keypoints": [3, 4, 1], "num_keypoints": 1},
    ]  # fmt: skip
    images = [{"id": 10 * k, "file_name": f"{k}.png"} for k in (1, 2)]
    categories = [{"id": 7, "name": "cat"}, {"id": 3, "name": "dog"}]
    path = tmp_path / "boxes.json"
    path.write_text(json.dumps({"images": images, "annotations": boxes, "categories": categories}))
    return tmp_path, path


COCO = {
    "Detection": {"bbox": [[1, 2, 3, 4], [0, 1, 1.5, 1]], "category_id": [[7], [3]], "iscrowd": [[0], [1]]},
    "Stuff": {"segmentation": [[1, 2, 3, 4, 5, 6], [0, 0, 1, 1, -1, -1]], "iscrowd": [[0], [1]]},
    "Keypoint": {"keypoints": [[1, 2, 2], [3, 4, 1]], "num_keypoints": [[1], [1]]},
}


@pytest.mark.parametrize("task", COCO)
def test_coco(coco, task):
    data = ds.CocoDataset(str(coco[0]), str(coco[1]), task, decode=True, extra_metadata=True, shuffle=False)
    (row,) = rows_of(data)  # an image without annotations is left out
    assert row.pop("image").shape == (4, 5, 3)
    assert {name: value.tolist() for name, value in row.items()} == COCO[task]
    assert data.get_col_names()[-1] == "_meta-filename"  # in the pipeline, not in rows


def test_coco_class_indexing(coco):
    assert ds.CocoDataset(str(coco[0]), str(coco[1])).get_class_indexing() == {"cat": [7], "dog": [3]}
    with pytest.raises(ValueError, match="task"):
        ds.CocoDataset(str(coco[0]), str(coco[1]), "Nothing")


def test_voc_detection(tmp_path):
    image(tmp_path / "JPEGImages" / "a.jpg")
    (tmp_path / "ImageSets" / "Main").mkdir(parents=True)
    (tmp_path / "ImageSets" / "Main" / "train.txt").write_text("a\n")
    (tmp_path / "Annotations").mkdir()
    item = "<object><name>{}</name><truncated>1</truncated><bndbox><xmin>{}</xmin><ymin>2</ymin><xmax>{}</xmax><ymax>6</ymax></bndbox></object>"
    text = "<annotation>" + item.format("dog", 1, 4) + item.format("cat", 3, 6) + "</annotation>"
    (tmp_path / "Annotations" / "a.xml").write_text(text)
    (row,) = rows_of(ds.VOCDataset(str(tmp_path), "Detection", decode=True))
    assert row["bbox"].tolist() == [[1, 2, 3, 4], [3, 2, 3, 4]] and row["label"].tolist() == [[1], [0]]
    assert row["truncate"].tolist() == [[1], [1]] and row["difficult"].tolist() == [[0], [0]]
    (row,) = rows_of(ds.VOCDataset(str(tmp_path), "Detection", class_indexing={"cat": 5}))
    assert row["label"].tolist() == [[5]]
    (tmp_path / "Annotations" / "a.xml").write_text("<annotation><object>")
    with pytest.raises(RuntimeError, match="damaged"):
        rows_of(ds.VOCDataset(str(tmp_path), "Detection"))


def test_celeba_parts(tmp_path):
    for k in (1, 2):
        image(tmp_path / f"00000{k}.jpg", k)
    (tmp_path / "list_attr_celeba.txt").write_text("2\nA B\n000001.jpg -1  1\n000002.jpg  1  1\n")
    (tmp_path / "list_eval_partition.txt").write_text("000001.jpg 0\n000002.jpg 2\n")
    found = {u: [r["attr"].tolist() for r in rows_of(ds.CelebADataset(str(tmp_path), usage=u, shuffle=False))] for u in ("all", "train", "test")}  # fmt: skip
    assert found == {"all": [[0, 1], [1, 1]], "train": [[0, 1]], "test": [[1, 1]]}


# ---------------------------------------------------------------- text and recordings
def test_squad_without_an_answer(tmp_path):
    asked = [{"question": "q", "answers": [{"text": "c", "answer_start": 0}, {"text": "tx", "answer_start": 1}]}, {"question": "p", "answers": []}]  # fmt: skip
    text = json.dumps({"data": [{"paragraphs": [{"context": "ctx", "qas": asked}]}]})
    (tmp_path / "train-v1.1.json").write_text(text)
    first, second = rows_of(ds.SQuADDataset(str(tmp_path), "train", shuffle=False))
    assert first["text"].tolist() == ["c", "tx"] and first["answer_start"].tolist() == [0, 1]
    assert second["text"].tolist() == [""] and second["answer_start"].tolist() == [2**32 - 1]


def test_damaged_corpora_are_errors(tmp_path):
    (tmp_path / "train.csv").write_text('"1","two"\n')
    with pytest.raises(RuntimeError, match="must have the fields"):
        rows_of(ds.AGNewsDataset(str(tmp_path), "train"))
    with pytest.raises(RuntimeError, match="none of these files"):
        rows_of(ds.WikiTextDataset(str(tmp_path), "train"))
    with pytest.raises(ValueError, match="usage"):
        ds.WikiTextDataset(str(tmp_path), "nothing")


def test_parts_of_speech_commands(tmp_path):
    for name, value in (("cat/b433_nohash_0.wav", 5), ("cat/5a33_nohash_1.wav", 7), ("dog/b433_nohash_0.wav", 8)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        with wave.open(str(tmp_path / name), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(struct.pack("<2h", value, 32767))
    (tmp_path / "testing_list.txt").write_text("cat/5a33_nohash_1.wav\n")
    (tmp_path / "validation_list.txt").write_text("dog/b433_nohash_0.wav\n")
    for usage, value in (("train", 5), ("test", 7), ("valid", 8)):
        (row,) = rows_of(ds.SpeechCommandsDataset(str(tmp_path), usage))
        np.testing.assert_allclose(row["waveform"], [[value / 32767, 1.0]], 1e-6)


# ---------------------------------------------------------------- sync_wait, policies
def test_sync_update_changes_the_next_row():
    seen, scale = [], {"by": 1}
    data = ds.NumpySlicesDataset({"x": np.arange(1, 9)}, shuffle=False).sync_wait("step", callback=scale.update)
    data = data.map(lambda x: x * scale["by"], "x").batch(2)
    for step, row in enumerate(data.create_dict_iterator(num_epochs=1, output_numpy=True)):
        seen.append(row["x"].tolist())
        data.sync_update("step", data={"by": 10 ** (step + 1)})
    assert seen == [[1, 2], [30, 40], [500, 600], [7000, 8000]]


def test_sync_names_are_checked():
    data = ds.NumpySlicesDataset([1]).sync_wait("step")
    with pytest.raises(RuntimeError, match="already"):
        data.sync_wait("step")
    with pytest.raises(RuntimeError, match="Condition name not found"):
        data.sync_update("other")


@pytest.mark.parametrize("policy", list(ds.vision.AutoAugmentPolicy))
def test_a_policy_does_every_operation_it_names(policy):
    """Each pair of the policy, applied for certain, gives an image of the same shape and type."""
    pytest.importorskip("PIL")
    transform = ds.vision.AutoAugment(policy)
    image = np.random.default_rng(0).integers(0, 256, (9, 8, 3), dtype=np.uint8)
    assert len(transform._pairs) == 25
    for pair in transform._pairs:
        for name, prob, level in pair:
            assert 0 <= prob <= 1
            made = transform._do(image, name, (level or 0) / 9, -1.0)
            assert made.shape == image.shape and made.dtype == np.uint8


def test_levels_of_operations():
    pytest.importorskip("PIL")
    image = np.random.default_rng(0).integers(0, 256, (331, 4, 3), dtype=np.uint8)
    transform = ds.vision.RandAugment()
    np.testing.assert_array_equal(transform._do(image, "Posterize", 1.0, 1.0), image & 0xF0)
    np.testing.assert_array_equal(transform._do(image, "Solarize", 1.0, 1.0), 255 - image)
    np.testing.assert_array_equal(transform._do(image, "TranslateY", 1.0, 1.0)[150:], image[:-150])
    np.testing.assert_array_equal(transform._do(image, "Identity", 1.0, 1.0), image)
