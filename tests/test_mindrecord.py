"""Record files: what MindSpore wrote is read, what is written is what it writes, and damage is seen."""

import gzip
import json
import sqlite3
import struct

import numpy as np
import pytest

import minispore.dataset as ds
from minispore import mindrecord
from minispore.dataset import vision
from minispore.dataset.mindrecord import FileReader, FileWriter
from minispore.dataset.mindrecord.values import pack_ints, pack_map, unpack_ints, unpack_map

SCHEMA = {
    "name": {"type": "string"}, "label": {"type": "int32"}, "f": {"type": "float64"}, "data": {"type": "bytes"},
    "ids": {"type": "int64", "shape": [2, 3]}, "vec": {"type": "float32", "shape": [-1]},
}  # fmt: skip
# What FileWriter of MindSpore 2.10 wrote for this schema and {"name": "n1.jpg", "label": 1, "f": 1 / 7,
# "data": b"\1\1", "vec": [0, 1], "ids": [[1, 2, 3], [4, 5, 6]]}
BLOB = (
    "2e00000000000000 0000000000000002 0101 000000000000000c 00000006 0000 010203040506 "
    "0000000000000008 00000000 0000803f"
)
RAW = "22 00000000000000 83a166cb3fc2492492492492 a46e616d65 a66e312e6a7067 a56c6162656c 01"


def file_of_theirs(path):
    blob, raw = bytes.fromhex(BLOB), bytearray.fromhex(RAW)
    raw[0] = len(raw) - 8
    header = {
        "header_size": 1024, "page_size": 512, "shard_addresses": [path.name], "page": [],
        "schema": [{"blob_fields": ["data", "ids", "vec"], "desc": "", "schema": SCHEMA}],
    }  # fmt: skip
    text = json.dumps(header).encode()
    path.write_bytes((len(text).to_bytes(8, "little") + text).ljust(1024, b"\0") + blob.ljust(512, b"\0") + raw)
    with sqlite3.connect(f"{path}.db") as database:
        database.execute(
            "CREATE TABLE INDEXES (ROW_ID INT, PAGE_ID_RAW INT, PAGE_OFFSET_RAW INT, PAGE_OFFSET_RAW_END INT, "
            "ROW_GROUP_ID INT, PAGE_ID_BLOB INT, PAGE_OFFSET_BLOB INT, PAGE_OFFSET_BLOB_END INT)"
        )
        database.execute("INSERT INTO INDEXES VALUES (0, 1, 0, ?, 0, 0, 0, ?)", (len(raw), len(blob)))
    return str(path)


def rows_of(data):
    return list(data.create_dict_iterator(num_epochs=1, output_numpy=True))


def test_a_record_as_mindspore_writes_it(tmp_path):
    (row,) = rows_of(ds.MindDataset(file_of_theirs(tmp_path / "a.mindrecord")))
    assert list(row) == sorted(SCHEMA)
    assert str(row["name"]) == "n1.jpg" and row["f"] == 1 / 7 and row["label"] == 1
    assert [row[n].dtype.name for n in ("label", "f", "data", "ids", "vec")] == [
        "int32",
        "float64",
        "uint8",
        "int64",
        "float32",
    ]
    assert row["ids"].tolist() == [[1, 2, 3], [4, 5, 6]] and row["vec"].tolist() == [0, 1]
    assert row["data"].tobytes() == b"\1\1"


def test_integers_are_packed_as_mindspore_packs_them():
    values = np.array([-1, 127, 128, -129, 32767, 32768, -(2**31), 2**31, 2**62])
    theirs = "00000009 056bc0 ff 7f 8000 7fff ff7f 00800000 00000080 0000008000000000 0000000000000040"
    assert pack_ints(values) == bytes.fromhex(theirs)
    assert unpack_ints(bytes.fromhex(theirs)).tolist() == values.tolist()
    assert unpack_ints(pack_ints(np.zeros(0, np.int64))).tolist() == []


def test_maps_are_messagepack():
    kinds = "85 a161 fb a162 cc ff a163 d1 fed4 a164 da 0003 616263 a165 ca 3fc00000"  # written out by the standard
    assert unpack_map(bytes.fromhex(kinds)) == {"a": -5, "b": 255, "c": -300, "d": "abc", "e": 1.5}
    values = {"ä": -(2**40), "text": "x" * 300, "f": 0.1}
    assert unpack_map(pack_map(values)) == values
    for bad in ("81", "81 a161 c1", "01", "81 a161 01 02"):
        with pytest.raises((ValueError, IndexError)):
            unpack_map(bytes.fromhex(bad))


def written(path, rows, shards=1, page=1 << 15):
    writer = FileWriter(str(path), shards)
    writer.set_page_size(page)
    writer.set_header_size(1 << 14)
    writer.add_schema(SCHEMA, "a test")
    writer.add_index(["label", "name"])
    writer.write_raw_data(rows[: len(rows) // 2])
    writer.write_raw_data(rows[len(rows) // 2 :])
    writer.commit()
    return str(path) if shards == 1 else f"{path}0"


def samples(n):
    draw = np.random.RandomState(0)
    return [
        {"name": f"é{k}", "label": k - 3, "f": k / 7, "data": draw.bytes(30 * k), "ids": draw.randint(-(2**40), 2**40, (2, 3)),
         "vec": draw.rand(k % 5).astype(np.float32)}
        for k in range(n)
    ]  # fmt: skip


def same(row, expected):
    assert str(row["name"]) == expected["name"] and row["data"].tobytes() == expected["data"]
    for name in ("label", "f", "ids", "vec"):
        np.testing.assert_array_equal(row[name], expected[name])


@pytest.mark.parametrize("shards", [1, 3])
def test_what_is_written_is_read(tmp_path, shards):
    rows = samples(100)
    first = written(tmp_path / "a.mindrecord", rows, shards)
    got = rows_of(ds.MindDataset(first, shuffle=False, num_parallel_workers=2))
    assert len(got) == 100
    for row in got:
        same(row, rows[int(row["label"]) + 3])
    if shards == 1:
        assert [int(r["label"]) for r in got] == list(range(-3, 97))
    assert FileReader(first).len() == 100
    assert [list(r) for r in FileReader(first, columns=["f"]).get_next()] == [["f"]] * 100
    assert sorted(p.suffix for p in tmp_path.iterdir() if p.name.endswith(".part")) == []


def test_columns_shards_and_padding(tmp_path):
    path = written(tmp_path / "a.mindrecord", samples(5))
    data = ds.MindDataset(path, ["label", "f"], shuffle=False)
    assert data.get_col_names() == ["label", "f"] and data.get_dataset_size() == 5
    padding = {"label": np.int32(9), "f": 0.5}
    part = ds.MindDataset(
        [path], ["label"], shuffle=False, num_shards=3, shard_id=2, padded_sample=padding, num_padded=1
    )
    assert [int(r["label"]) for r in rows_of(part)] == [-1, 9]
    assert sorted(int(r["label"]) for r in rows_of(ds.MindDataset(path, ["label"]))) == [-3, -2, -1, 0, 1]
    with pytest.raises(RuntimeError, match="no columns \\['zz'\\]"):
        ds.MindDataset(path, ["zz"])


def test_files_that_are_none(tmp_path):
    path = tmp_path / "a.mindrecord"
    with pytest.raises(ValueError, match="does not exist"):
        ds.MindDataset(str(path))
    whole = written(path, samples(4))
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], content[:20], b"x" * 100, b""):
        path.write_bytes(damaged)
        with pytest.raises(RuntimeError, match="damaged"):
            rows_of(ds.MindDataset(whole))
    path.write_bytes(content)
    (tmp_path / "a.mindrecord.db").write_bytes(b"no database, but some text" * 100)
    with pytest.raises(RuntimeError, match="damaged"):
        ds.MindDataset(whole)


def test_a_writer_refuses_and_replaces_nothing_before_commit(tmp_path):
    path = tmp_path / "a.mindrecord"
    written(path, samples(2))
    before = path.read_bytes()
    second = FileWriter(str(path))
    second.add_schema(SCHEMA)
    with pytest.raises(RuntimeError, match="exist already"):
        second.write_raw_data(samples(1))
    writer = FileWriter(str(path), overwrite=True)
    with pytest.raises(RuntimeError, match="add_schema"):
        writer.write_raw_data(samples(1))
    with pytest.raises(ValueError, match="no type"):
        writer.add_schema({"x": {"type": "complex64"}})
    writer.add_schema(SCHEMA)
    good = samples(1)[0]
    for wrong in ({"vec": np.zeros(2)}, {"ids": np.zeros((2, 2), np.int64)}, {"label": "x"}, {"label": 2**40}):
        with pytest.raises(RuntimeError, match="does not fit the schema"):
            writer.write_raw_data([good, {**good, **wrong}])
    with pytest.raises(RuntimeError, match="no column"):
        writer.write_raw_data([{"label": 1}])
    writer.write_raw_data(samples(3))
    assert path.read_bytes() == before
    writer.commit()
    assert ds.MindDataset(str(path)).get_dataset_size() == 3


def test_records_are_read_by_category(tmp_path):
    path = str(tmp_path / "a.mindrecord")
    writer = FileWriter(path, 2)
    writer.add_schema({"name": {"type": "string"}, "label": {"type": "int64"}, "data": {"type": "bytes"}})
    rows = [{"name": f"{k}.jpg", "label": (5, 30, 5, 12)[k % 4], "data": bytes([k])} for k in range(8)]
    writer.write_raw_data(rows)
    writer.commit()
    pages = mindrecord.MindPage(f"{path}0")
    assert pages.candidate_fields == ["label", "name"]
    with pytest.raises(RuntimeError, match="category_field"):
        pages.read_category_info()
    pages.category_field = "label"
    assert json.loads(pages.read_category_info())["categories"] == [
        {"count": 4, "id": 0, "name": "5"},
        {"count": 2, "id": 1, "name": "12"},
        {"count": 2, "id": 2, "name": "30"},
    ]
    assert pages.read_at_page_by_id(0, 1, 3) == [rows[6]]
    assert pages.read_at_page_by_name("30", 0, 10) == [rows[1], rows[5]]
    with pytest.raises(RuntimeError, match="category_id"):
        pages.read_at_page_by_id(3, 0, 1)
    with pytest.raises(mindrecord.ParamValueError, match="num_row"):
        pages.read_at_page_by_id(0, 0, "1")
    with pytest.raises(mindrecord.MRMDefineCategoryError, match="label"):
        pages.category_field = "data"


def test_tables_and_digits_become_records(tmp_path):
    table, out = tmp_path / "t.csv", str(tmp_path / "t.mindrecord")
    table.write_text("name,age,height\nann,3,1.5\nbob,-4,2\n", encoding="utf-8")
    mindrecord.CsvToMR(str(table), out).transform()
    assert list(FileReader(out).get_next()) == [
        {"name": "ann", "age": 3, "height": 1.5},
        {"name": "bob", "age": -4, "height": 2.0},
    ]
    mindrecord.CsvToMR(str(table), out + "2", ["age"]).transform()
    assert list(FileReader(out + "2").get_next()) == [{"age": 3}, {"age": -4}]
    images = np.repeat(np.arange(0, 90, 30, dtype=np.uint8), 784).tobytes()
    for part in ("train", "t10k"):
        with gzip.open(tmp_path / f"{part}-images-idx3-ubyte.gz", "wb") as file:
            file.write(struct.pack(">4i", 2051, 3, 28, 28) + images)
        with gzip.open(tmp_path / f"{part}-labels-idx1-ubyte.gz", "wb") as file:
            file.write(struct.pack(">2i", 2049, 3) + bytes([7, 8, 9]))
    mindrecord.MnistToMR(str(tmp_path), str(tmp_path / "m")).transform()
    data = ds.MindDataset(str(tmp_path / "m_test.mindrecord"), shuffle=False).map(vision.Decode(), ["data"])
    assert [(int(r["label"]), r["data"].shape, int(r["data"].mean())) for r in rows_of(data)] == [
        (7 + k, (28, 28, 3), 30 * k) for k in range(3)
    ]


def test_errors_have_the_classes_of_mindspore(tmp_path):
    writer = FileWriter(str(tmp_path / "a"))
    with pytest.raises(mindrecord.MRMGetMetaError, match="add_schema"):
        writer.add_index(["label"])
    for wrong in ({"x": {"type": "str"}}, {"x": {"type": "int32", "shape": 3}}, {"x-y": {"type": "int32"}}, {}):
        with pytest.raises(mindrecord.MRMInvalidSchemaError):
            writer.add_schema(wrong)
    writer.add_schema({"label": {"type": "int32"}, "v": {"type": "float32", "shape": [-1]}})
    with pytest.raises(mindrecord.MRMDefineIndexError, match="'v'"):
        writer.add_index(["v"])
    with pytest.raises(mindrecord.ParamTypeError, match="list of dicts"):
        writer.write_raw_data({"label": 1})
    with pytest.raises(RuntimeError, match="multiple of 4"):
        writer.set_page_size(1001)
    writer.write_raw_data([{"label": 1, "v": np.ones(2, np.float32)}])
    writer.commit()
    with pytest.raises(RuntimeError, match="open_for_append"):
        writer.write_raw_data([{"label": 1, "v": np.ones(2, np.float32)}])
    with pytest.raises(mindrecord.ParamValueError, match="num_consumer"):
        FileReader(str(tmp_path / "a"), "2")
    reader = FileReader(str(tmp_path / "a"))
    assert len(list(reader.get_next())) == 1 and list(reader.get_next()) == []
    assert issubclass(mindrecord.MRMGetMetaError, mindrecord.errors.MindRecordException)
