"""Files that are damaged, hostile, or change while they are read: errors that name the file; never a crash or an endless loop."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds
from minispore import Tensor, ops
from minispore.mindrecord import FileWriter

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import fuzz_files


def test_damaged_files():
    """Of each kind; `make fuzz-files N=...` reads any number."""
    pytest.importorskip("PIL")
    made, faults = fuzz_files.fuzz(420, seed=17)
    assert made == 420
    assert not [f"{f.name}{f.call}: {f.fault}" for f in faults]


def test_a_record_file_that_is_cut_while_it_is_read(tmp_path):
    path = str(tmp_path / "x.mindrecord")
    writer = FileWriter(path)
    writer.set_page_size(1 << 15)
    writer.add_schema({"x": {"type": "float32", "shape": [-1]}})
    writer.write_raw_data([{"x": np.full(1000, k, np.float32)} for k in range(50)])
    writer.commit()
    rows = ds.MindDataset(path, shuffle=False, num_parallel_workers=1).create_dict_iterator(
        output_numpy=True, num_epochs=1
    )
    assert (next(rows)["x"] == 0).all()
    os.truncate(path, 1 << 13)
    with pytest.raises(RuntimeError, match="x.mindrecord is damaged"):
        list(rows)


def test_texts_and_shapes_of_a_checkpoint_are_verified(tmp_path):
    path = str(tmp_path / "x.safetensors")
    ms.save_checkpoint({"w": Tensor(np.zeros((2, 3), np.float32))}, path, append_dict={"note": "before"})
    good = Path(path).read_bytes()
    for old, new in ((b"before", b"behind"), (b"[2,3]", b"[3,2]"), (b'"F32"', b'"I32"'), (b"text:note", b"text:nope")):
        assert old in good
        Path(path).write_bytes(good.replace(old, new))
        with pytest.raises(ValueError, match="checksum of its header"):
            ms.load_checkpoint(path)


@pytest.mark.parametrize("metadata", ["[]", "7", "null", '{"a":1}', '{"a":{"b":"c"}}', "[" * 5000 + "]" * 5000])
def test_metadata_of_a_wrong_type(tmp_path, metadata):
    text = b'{"__metadata__":' + metadata.encode() + b"}"
    path = tmp_path / "x.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text)
    with pytest.raises(ValueError, match="x.safetensors is damaged.*its header is not"):
        ms.load_checkpoint(str(path))


@pytest.mark.parametrize("text", ["a,b\n1,2\n3\n", "a,b\n1,2,3\n", "a,b\n1,99999999999\n", "a,b\n1,x\n"])
def test_records_of_another_length_or_kind(tmp_path, text):
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(RuntimeError, match="line [23] of .*x.csv"):
        list(ds.CSVDataset(str(path), column_defaults=[0, 0], shuffle=False).create_tuple_iterator(num_epochs=1))


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (0, 0, 3)])
def test_images_without_pixels(shape):
    for transform in (
        ds.vision.Resize(4),
        ds.vision.RandomResizedCrop(4),
        ds.vision.CutOut(2),
        ds.vision.CenterCrop(3),
    ):
        with pytest.raises(RuntimeError, match=f"'{type(transform).__name__}'.*is empty"):
            transform(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("n", [2, 5])
def test_singular_values_of_a_matrix_with_infinities(mode, bad, n):
    """They are NaN, those of the other matrices of the batch are not."""
    x = np.random.default_rng(n).normal(size=(2, n, n)).astype(np.float32)
    good = np.linalg.svd(x[1], compute_uv=False)
    x[0, 0, n - 1] = bad
    found = (
        ms.jit(lambda t: ops.svd(t, compute_uv=False))(Tensor(x))
        if mode == "graph"
        else ops.svd(Tensor(x), compute_uv=False)
    )
    assert np.isnan(found.asnumpy()[0]).all()
    np.testing.assert_allclose(found.asnumpy()[1], good, rtol=1e-4, atol=1e-5)
    for function in (ops.pinv, lambda t: ops.matrix_norm(t, 2), lambda t: ops.cond(t)):
        run = ms.jit(function) if mode == "graph" else function
        assert not np.isfinite(run(Tensor(x[0])).asnumpy()).any()
