"""Checkpoints: exchanged with MindSpore, complete or untouched, and training that goes on as if never interrupted."""

import base64
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds
from minispore import Parameter, Tensor, nn
from minispore.train import serialization as io
from minispore.train.checkpoint import files, load_torch_state, safetensors_format, torch_name_map

# What MindSpore 2.10 wrote for OBJECTS: save_checkpoint(OBJECTS, "x.ckpt", append_dict=APPENDED, crc_check=True), and
# save_checkpoint(OBJECTS, "x.safetensors", append_dict={"epoch_num": 3}, format="safetensors").
OBJECTS = [
    {"name": "w", "data": Tensor(np.array([[1, -2.5, 3], [0.25, 1e-3, 7]], np.float32))},
    {"name": "half", "data": Tensor(np.array([1.5], np.float16))},
    {"name": "brain", "data": Tensor([1.5, -2.0], ms.bfloat16 if ms.bfloat16.np else ms.float32)},
    {"name": "mask", "data": Tensor(np.array([[True], [False]]))},
    {"name": "n", "data": Tensor(np.array(300, np.int64))},
]
APPENDED = {"epoch_num": 3, "lr": 0.5, "note": "héllo"}
THEIR_CKPT = base64.b64decode(
    "CiwKAXcSJwgCCAMSB0Zsb2F0MzIaGAAAgD8AACDAAABAQAAAgD5vEoM6AADgQAoXCgRoYWxmEg8IARIHRmxvYXQxNhoCAD4KGwoFYnJhaW4SEggC"
    "EghCRmxvYXQxNhoEwD8AwAoWCgRtYXNrEg4IAggBEgRCb29sGgIBAAoWCgFuEhESBUludDY0GggsAQAAAAAAAAoeCgllcG9jaF9udW0SERIFSW50"
    "NjQaCAMAAAAAAAAAChUKAmxyEg8SB0Zsb2F0MzIaBAAAAD8KJQoEbm90ZRIdCAASA3N0choUaAAAAOkAAABsAAAAbAAAAG8AAABjcmNfbnVtAAAA"
    "AAAAkZviFA=="
)
THEIR_SAFETENSORS = base64.b64decode(
    "gAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJtcyJ9LCJlcG9jaF9udW0iOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6W10sImRhdGFf"
    "b2Zmc2V0cyI6WzAsOF19LCJuIjp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls4LDE2XX0sInciOnsiZHR5cGUiOiJG"
    "MzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzE2LDQwXX0sImJyYWluIjp7ImR0eXBlIjoiQkYxNiIsInNoYXBlIjpbMl0sImRhdGFf"
    "b2Zmc2V0cyI6WzQwLDQ0XX0sImhhbGYiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOls0NCw0Nl19LCJtYXNrIjp7"
    "ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbMiwxXSwiZGF0YV9vZmZzZXRzIjpbNDYsNDhdfX0gICADAAAAAAAAACwBAAAAAAAAAACAPwAAIMAAAEBA"
    "AACAPm8SgzoAAOBAwD8AwAA+AQA="
)
ENDINGS = ("ckpt", "safetensors")
needs_bfloat16 = pytest.mark.skipif(ms.bfloat16.np is None, reason="needs ml_dtypes")


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(3, 2)
        self.bn = nn.BatchNorm1d(2)

    def construct(self, x):
        return self.bn(self.fc(x))


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def values(cell) -> dict:
    return {p.name: p.asnumpy() for p in cell.get_parameters()}


def assert_same(a: dict, b: dict) -> None:
    assert list(a) == list(b)
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)


# ---------------------------------------------------------------- MindSpore's files
@pytest.mark.quick
@needs_bfloat16
def test_our_ckpt_is_mindspores_byte_by_byte():
    io.save_checkpoint(OBJECTS, "x.ckpt", append_dict=APPENDED)
    assert open("x.ckpt", "rb").read() == THEIR_CKPT


@needs_bfloat16
@pytest.mark.parametrize(
    "content", [THEIR_CKPT, THEIR_CKPT[:-17], THEIR_SAFETENSORS], ids=["crc", "no crc", "safetensors"]
)
def test_mindspores_files_are_read(content):
    open("theirs.ckpt", "wb").write(content)
    got = io.load_checkpoint("theirs.ckpt")
    for item in OBJECTS:
        p = got[item["name"]]
        assert type(p) is Parameter and p.name == item["name"] and p.dtype == item["data"].dtype
        assert p.shape == item["data"].shape
        np.testing.assert_array_equal(p.asnumpy(), item["data"].asnumpy())
    assert got["epoch_num"].asnumpy() == 3 and got["epoch_num"].shape == ()
    if content is not THEIR_SAFETENSORS:
        assert got["note"] == "héllo"


def test_large_tensors_are_split_and_joined(monkeypatch):
    monkeypatch.setattr(files.FORMATS["ckpt"], "SLICE", 64)
    w = np.arange(70, dtype=np.float32).reshape(7, 10)
    io.save_checkpoint({"w": Tensor(w), "b": Tensor([1.0])}, "x.ckpt")
    assert open("x.ckpt", "rb").read().count(b"\x01w") == 5  # 280 bytes
    np.testing.assert_array_equal(io.load_checkpoint("x.ckpt")["w"].asnumpy(), w)


def test_the_safetensors_package_agrees():
    package = pytest.importorskip("safetensors.numpy")
    io.save_checkpoint(
        {"b": Tensor([True]), "w": Tensor(np.ones((2, 3))), "t": "text", "n": Tensor(3)}, "x.safetensors"
    )
    theirs = package.load_file("x.safetensors")
    assert sorted(theirs) == ["b", "n", "w"] and theirs["w"].dtype == np.float64 and theirs["n"] == 3
    package.save_file({"a": np.arange(3, dtype=np.int16), "e": np.zeros((0, 2))}, "y.safetensors")
    got = io.load_checkpoint("y.safetensors")
    assert got["a"].asnumpy().tolist() == [0, 1, 2] and got["a"].dtype == ms.int16 and got["e"].shape == (0, 2)


# ---------------------------------------------------------------- names and formats
@pytest.mark.parametrize("name, format, made, kind", [
    ("a.ckpt", None, "a.ckpt", "ckpt"),
    ("a.safetensors", None, "a.safetensors", "safetensors"),
    ("a", None, "a.ckpt", "ckpt"),
    ("a-1_10", "ckpt", "a-1_10.ckpt", "ckpt"),
    ("a.ckpt", "safetensors", "a.ckpt.safetensors", "safetensors"),  # as MindSpore names it
])  # fmt: skip
def test_the_name_or_the_format_decides(name, format, made, kind):
    net = Net()
    assert io.save_checkpoint(net, name, format=format) is None
    assert os.listdir(".") == [made]
    assert (open(made, "rb").read(1) == b"\n") == (kind == "ckpt")
    assert list(io.load_checkpoint(made)) == list(values(net))


def test_a_name_without_ending_is_found():
    io.save_checkpoint(Net(), "net")
    assert len(io.load_checkpoint("net")) == 6
    with pytest.warns(UserWarning, match=r"reading .*net\.ckpt"):
        assert len(io.load_checkpoint("net.safetensors")) == 6


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_can_be_saved(ending):
    net, opt = Net(), None
    opt = nn.Adam(net.trainable_params(), 1e-3)
    path = f"x.{ending}"
    io.save_checkpoint(opt, path)
    assert sorted(io.load_checkpoint(path)) == sorted(p.name for p in opt.get_parameters())
    io.save_checkpoint(net.trainable_params(), path, choice_func=lambda name: name.startswith("fc"))
    assert sorted(io.load_checkpoint(path)) == ["fc.bias", "fc.weight"]
    io.save_checkpoint(
        {"p": Parameter(Tensor([1.0]), name="q"), "a": np.ones(2, np.int8), "t": Tensor([2]), "s": "text"}, path,
        append_dict={"flag": True, "epoch_num": 3, "lr": 0.1, "empty": "", "none": Tensor(np.zeros((0, 3), np.float32))},
    )  # fmt: skip
    got = io.load_checkpoint(path)
    assert got["s"] == "text" and got["empty"] == "" and got["p"].name == "p"
    assert (got["epoch_num"].dtype, got["lr"].dtype, got["flag"].dtype) == (ms.int64, ms.float32, ms.bool_)
    assert got["a"].dtype == ms.int8 and got["none"].shape == (0, 3) and bool(got["flag"].asnumpy()) is True


def test_two_parameters_of_one_name_are_reported():
    a, b = Parameter(Tensor([1.0]), name="same"), Parameter(Tensor([2.0]), name="same")
    cell = nn.Cell()
    cell.insert_param_to_cell("a", a)
    cell.insert_param_to_cell("b", b)
    with pytest.warns(UserWarning, match="two Parameters have the name 'same'"):
        io.save_checkpoint(cell, "x.ckpt")


# exception types as MindSpore raises them for the same calls
@pytest.mark.parametrize("error, call", [
    (TypeError, lambda net: io.save_checkpoint(3, "x.ckpt")),
    (TypeError, lambda net: io.save_checkpoint((1,), "x.ckpt")),
    (TypeError, lambda net: io.save_checkpoint(net, 3)),
    (TypeError, lambda net: io.save_checkpoint([{"name": "w", "data": np.ones(2)}], "x.ckpt")),
    (TypeError, lambda net: io.save_checkpoint([{"nam": "w"}], "x.ckpt")),
    (TypeError, lambda net: io.save_checkpoint({1: Tensor(1)}, "x.ckpt")),
    (TypeError, lambda net: io.save_checkpoint(net, "x.ckpt", append_dict=[1])),
    (TypeError, lambda net: io.save_checkpoint(net, "x.ckpt", append_dict={"s": [1]})),
    (TypeError, lambda net: io.save_checkpoint(net, "x.ckpt", async_save=3)),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", async_save="zz")),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", format="pt")),
    (IsADirectoryError, lambda net: io.save_checkpoint(net, ".")),
    (IsADirectoryError, lambda net: io.save_checkpoint(net, "")),
    (FileNotFoundError, lambda net: io.save_checkpoint(net, "nodir/x.ckpt")),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", enc_key="0" * 16)),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", enc_key=b"0" * 5)),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", enc_key=b"0" * 24, enc_mode="SM4-CBC")),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", enc_key=b"0" * 16, enc_mode="ROT13")),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", enc_mode=3)),
    (ValueError, lambda net: io.load_checkpoint("a.ckpt", dec_key="0" * 16)),
    (TypeError, lambda net: io.load_checkpoint(3)),
    (ValueError, lambda net: io.load_checkpoint("missing.ckpt")),
    (ValueError, lambda net: io.load_checkpoint("a.ckpt", filter_prefix="")),
    (ValueError, lambda net: io.load_checkpoint("a.ckpt", filter_prefix=[])),
    (TypeError, lambda net: io.load_checkpoint("a.ckpt", specify_prefix=3)),
    (TypeError, lambda net: io.load_checkpoint("a.ckpt", specify_prefix=[3])),
    (ValueError, lambda net: io.load_checkpoint("a.ckpt", choice_func=lambda name: False)),
    (ValueError, lambda net: io.load_checkpoint("a.ckpt", format="pt")),
    (TypeError, lambda net: io.load_checkpoint("a.ckpt", net=3)),
    (TypeError, lambda net: io.load_param_into_net(3, {})),
    (TypeError, lambda net: io.load_param_into_net(net, [1])),
    (TypeError, lambda net: io.load_param_into_net(net, {"fc.bias": np.ones(2)})),
    (TypeError, lambda net: io.load_param_into_net(net, {}, 3)),
    (ValueError, lambda net: io.load_param_into_net(net, {}, remove_redundancy=True)),
    (ValueError, lambda net: io.load_checkpoint("a.ckpt", crc_check=3)),
    (ValueError, lambda net: io.load_checkpoint("a.ckpt", choice_func=3)),
    (ValueError, lambda net: io.save_checkpoint(net, "x.ckpt", crc_check=3)),
    (ValueError, lambda net: io.ckpt_to_safetensors("nowhere")),
    (ValueError, lambda net: io.load("net.mindir")),
    (ValueError, lambda net: io.export(net, file_name="x", file_format="AIR")),
])  # fmt: skip
def test_errors(error, call):
    net = Net()
    io.save_checkpoint(net, "a.ckpt")
    with pytest.raises(error):
        call(net)
    assert os.listdir(".") == ["a.ckpt"]


@pytest.mark.parametrize("choice, names", [
    ({"filter_prefix": "fc"}, ["bn.moving_mean", "bn.moving_variance", "bn.gamma", "bn.beta"]),
    ({"specify_prefix": ["fc", "bn.mov"]}, ["fc.weight", "fc.bias", "bn.moving_mean", "bn.moving_variance"]),
    ({"specify_prefix": "bn", "filter_prefix": ("bn.m", "bn.b")}, ["bn.gamma"]),
    ({"choice_func": lambda name: name == "fc.bias"}, ["fc.bias"]),
    ({"filter_prefix": "bn", "choice_func": lambda name: name == "fc.bias"}, ["fc.weight", "fc.bias"]),
])  # fmt: skip
def test_choosing_what_is_loaded(choice, names):
    io.save_checkpoint(Net(), "x.ckpt")
    assert list(io.load_checkpoint("x.ckpt", **choice)) == names


# ---------------------------------------------------------------- into a net
def as_params(cell, prefix="") -> dict:
    return {prefix + p.name: Parameter(p, name=p.name) for p in cell.get_parameters()}


def test_load_param_into_net_returns_what_was_left_over():
    net, given = Net(), as_params(Net())
    given["extra"] = Parameter(Tensor([1.0]))
    del given["fc.bias"]
    with pytest.warns(UserWarning, match="fc.bias"):
        assert io.load_param_into_net(net, given) == (["fc.bias"], ["extra"])
    np.testing.assert_array_equal(net.fc.weight.asnumpy(), given["fc.weight"].asnumpy())


def test_a_prefix_is_left_out_unless_strict():
    net, given = Net(), as_params(Net(), "network.")
    before = values(net)
    with pytest.warns(UserWarning):
        assert io.load_param_into_net(net, given, strict_load=True) == (list(before), list(given))
    assert_same(values(net), before)
    assert io.load_param_into_net(net, given) == ([], [])
    np.testing.assert_array_equal(net.fc.weight.asnumpy(), given["network.fc.weight"].asnumpy())


@pytest.mark.parametrize("bad, strict", [
    (np.ones(3, np.float32), False),
    (np.ones((1, 2), np.float32), False),
    (np.ones(2, np.int64), False),
    (np.ones(2, np.float64), True),
])  # fmt: skip
def test_what_does_not_fit_changes_nothing(bad, strict):
    net, given = Net(), as_params(Net())
    given["bn.beta"] = Parameter(Tensor(bad), name="bn.beta")  # the last one: all others would fit
    before = values(net)
    with pytest.raises(RuntimeError, match=r"'bn.beta'.*not changed"):
        io.load_param_into_net(net, given, strict_load=strict)
    assert_same(values(net), before)


def test_floats_become_the_nets_floats_and_trailing_ones_go():
    net, given = Net(), as_params(Net())
    given["fc.bias"] = Parameter(Tensor(np.array([1.5, 2.5])))
    given["bn.beta"] = Parameter(Tensor(np.array([[[3.0]], [[4.0]]], np.float32)))
    io.load_param_into_net(net, given)
    assert net.fc.bias.dtype == ms.float32 and net.fc.bias.asnumpy().tolist() == [1.5, 2.5]
    assert net.bn.beta.asnumpy().tolist() == [3.0, 4.0]


def test_a_compiled_net_uses_loaded_values_without_compiling(graph_mode):
    net, x = Net(), Tensor(np.ones((4, 3), np.float32))
    io.save_checkpoint(net, "x.safetensors")
    first = net(x).asnumpy()
    net.fc.weight.set_data(net.fc.weight * 2 + 1)
    assert not np.array_equal(net(x).asnumpy(), first)
    traces = ms.graph.compile_stats()["traces"]
    io.load_checkpoint("x.safetensors", net)
    np.testing.assert_array_equal(net(x).asnumpy(), first)
    assert ms.graph.compile_stats()["traces"] == traces


# ---------------------------------------------------------------- damage
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_cut_or_changed_file_is_refused(ending):
    """Every length, every byte.  What remains of a .ckpt cut between two entries is a valid file of fewer entries."""
    path = f"x.{ending}"
    io.save_checkpoint({"a": Tensor(np.arange(4, dtype=np.float32)), "b": Tensor([1, 2])}, path)
    good = open(path, "rb").read()
    whole = {k: v.asnumpy().tolist() for k, v in io.load_checkpoint(path).items()}
    net = nn.Cell()
    net.insert_param_to_cell("a", Parameter(Tensor(np.zeros(4, np.float32)), name="a"))
    boundaries = [good.index(b"\n", 20), len(good) - 17] if ending == "ckpt" else []
    for n in range(len(good)):
        if n not in boundaries:
            open(path, "wb").write(good[:n])
            with pytest.raises(ValueError):
                io.load_checkpoint(path, net)
    for n in range(len(good)):
        open(path, "wb").write(good[:n] + bytes([good[n] ^ 0x41]) + good[n + 1 :])
        try:
            got = io.load_checkpoint(path)
        except ValueError:
            continue
        assert 0 <= n - good.index(b"header_crc") < 10  # without its name nobody knows that there is this checksum
        assert {k: v.asnumpy().tolist() for k, v in got.items()} == whole
    assert not net.a.asnumpy().any()


@pytest.mark.parametrize("content, said", [
    (b"", "empty"), (b"hello world", "neither"), (b"PK\x03\x04....", "PyTorch"), (b"\x80\x04K\x01.", "pickle"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"), (os.urandom(3) * 0 + b"\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "too long"),
    (b"\xff" * 40, "neither"), ((10).to_bytes(8, "little") + b'{"a": nul}', "JSON"),
])  # fmt: skip
def test_foreign_files_are_named(content, said):
    open("x.ckpt", "wb").write(content)
    with pytest.raises(ValueError, match=said):
        io.load_checkpoint("x.ckpt")


@pytest.mark.parametrize("entry", [
    {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]},
    {"dtype": "F32", "shape": [-1], "data_offsets": [0, -4]},
    {"dtype": "F32", "shape": [1 << 62, 4], "data_offsets": [0, 8]},
    {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]},
    {"dtype": "F8_E4M3", "shape": [8], "data_offsets": [0, 8]},
    {"shape": [2], "data_offsets": [0, 8]},
    [1],
])  # fmt: skip
def test_a_safetensors_header_that_lies_is_refused(entry):
    import json

    text = json.dumps({"a": entry}).encode()
    with pytest.raises(ValueError):
        safetensors_format.read(len(text).to_bytes(8, "little") + text + bytes(8))


# ---------------------------------------------------------------- a save that does not come to its end
def killed_while_saving(path: str) -> None:
    """A process that writes the half of a checkpoint and is killed."""
    code = f"""
        import os, signal, numpy as np
        import minispore as ms
        from minispore.train import serialization as io
        from minispore.train.checkpoint import files
        format = files.FORMATS[{path.rpartition(".")[2]!r}]
        write = format.write
        class Dying:
            def __init__(self, file): self.file, self.left = file, 5000
            def write(self, data):
                self.file.write(data[: self.left])
                self.left -= len(data)
                if self.left < 0:
                    self.file.flush()
                    os.kill(os.getpid(), signal.SIGKILL)
        format.write = lambda file, entries: write(Dying(file), entries)
        io.save_checkpoint({{"w": ms.Tensor(np.zeros(5000, np.float32))}}, {path!r})
    """
    env = os.environ | {"PYTHONPATH": str(Path(ms.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env=env, capture_output=True, timeout=600)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_kill_in_the_middle_of_a_save_keeps_the_old_file(ending):
    path = f"x.{ending}"
    io.save_checkpoint({"w": Tensor(np.arange(5000, dtype=np.float32))}, path)
    killed_while_saving(path)
    left = [name for name in os.listdir(".") if name != path]
    assert len(left) == 1 and os.path.getsize(left[0]) == 5000
    np.testing.assert_array_equal(io.load_checkpoint(path)["w"].asnumpy(), np.arange(5000))
    io.save_checkpoint({"w": Tensor([1.0])}, path)
    assert os.listdir(".") == [path]
    assert io.load_checkpoint(path)["w"].asnumpy() == [1.0]


def test_a_failing_save_keeps_the_old_file(monkeypatch):
    io.save_checkpoint({"w": Tensor([1.0])}, "x.ckpt")

    def write(file, entries):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.FORMATS["ckpt"], "write", write)
    with pytest.raises(OSError, match="No space"):
        io.save_checkpoint({"w": Tensor([2.0])}, "x.ckpt")
    assert os.listdir(".") == ["x.ckpt"] and io.load_checkpoint("x.ckpt")["w"].asnumpy() == [1.0]


def test_many_savers_of_one_file():
    """Readers see one of the versions, whole; no temporary file stays."""
    io.save_checkpoint({"w": Tensor(np.zeros(3000, np.float32))}, "x.safetensors")
    errors: list = []

    def save(k):
        try:
            for _ in range(8):
                files.write_file(os.path.abspath("x.safetensors"), "safetensors", {"w": np.full(3000, k, np.float32)})
        except Exception as error:
            errors.append(error)

    savers = [threading.Thread(target=save, args=(k,)) for k in range(3)]
    for t in savers:
        t.start()
    while any(t.is_alive() for t in savers):
        assert len(set(io.load_checkpoint("x.safetensors")["w"].asnumpy().tolist())) == 1
    assert not errors and os.listdir(".") == ["x.safetensors"]


@pytest.mark.parametrize("how", [True, "thread", "process"])
def test_saving_in_the_background_takes_the_values_of_the_call(how, monkeypatch):
    net, write, may_write = Net(), files.FORMATS["ckpt"].write, threading.Event()
    monkeypatch.setattr(files.FORMATS["ckpt"], "write", lambda *a: (may_write.wait(60), write(*a)))
    before = values(net)
    io.save_checkpoint(net, "x.ckpt", async_save=how)
    assert io.async_ckpt_thread_status()
    net.fc.weight.set_data(net.fc.weight * 0)
    may_write.set()
    got = io.load_checkpoint("x.ckpt")  # waits
    assert not io.async_ckpt_thread_status()
    assert_same({k: v.asnumpy() for k, v in got.items()}, before)


def test_an_error_in_the_background_is_raised_later(monkeypatch):
    monkeypatch.setattr(files.FORMATS["ckpt"], "write", lambda *a: 1 / 0)
    io.save_checkpoint(Net(), "x.ckpt", async_save=True)
    with pytest.raises(ZeroDivisionError):
        io.load_checkpoint("x.ckpt")


# ---------------------------------------------------------------- training goes on
RATES = [0.1, 0.05, 0.02, 0.02, 0.01, 0.005]
DATA = np.random.default_rng(0).normal(size=(24, 5)).astype(np.float32)


class Classifier(nn.Cell):
    def __init__(self):
        super().__init__()
        self.body = nn.SequentialCell(nn.Dense(5, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(p=0.5))
        self.head = nn.Dense(8, 1)

    def construct(self, x):
        return self.head(self.body(x))


def new_step():
    net = Classifier()
    opt = nn.Adam(net.trainable_params(), learning_rate=RATES, weight_decay=0.01)
    return nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), opt).set_train()


def run(step, order, begin, end) -> list:
    """Steps ``begin`` to ``end``, each with the next four rows of ``order``."""
    rows = [order[4 * k : 4 * k + 4] for k in range(begin, end)]
    return [step(Tensor(DATA[r]), Tensor(DATA[r, :1])).asnumpy().item() for r in rows]


@pytest.mark.parametrize("ending", ENDINGS)
def test_resumed_training_equals_the_uninterrupted_one(mode, ending):
    ms.set_seed(5)
    step, order = new_step(), np.random.permutation(24)
    losses = run(step, order, 0, 3)
    io.save_checkpoint(step, f"x.{ending}", append_dict={
        "rng_state": ms.get_rng_state(), "order": Tensor(order), "step_num": 3,
    })  # fmt: skip
    losses += run(step, order, 3, 6)
    tail = np.random.rand()

    ms.set_seed(99)  # another process begins with other values everywhere
    fresh = new_step()
    state = io.load_checkpoint(f"x.{ending}")
    assert io.load_param_into_net(fresh, state, strict_load=True)[0] == []
    ms.set_rng_state(state["rng_state"])
    assert run(fresh, state["order"].asnumpy(), int(state["step_num"]), 6) == losses[3:]
    assert_same(values(fresh), values(step))
    assert np.random.rand() == tail
    assert fresh.optimizer.global_step.asnumpy().tolist() == [6]


def test_a_shuffled_dataset_goes_on_where_it_was():
    def shuffled():
        return ds.NumpySlicesDataset({"x": DATA[:, 0]}, shuffle=True).batch(4)  # 6 steps an epoch

    ms.set_seed(5)
    data = shuffled().create_tuple_iterator(num_epochs=2)
    first, second = ([x.asnumpy().tolist() for (x,) in data] for _ in range(2))
    io.save_checkpoint({}, "x.ckpt", append_dict={"rng_state": ms.get_rng_state(), "step_num": 8})

    ms.set_seed(99)
    state = io.load_checkpoint("x.ckpt")
    ms.set_rng_state(state["rng_state"])
    resumed = shuffled()
    resumed.set_init_step(int(state["step_num"]))
    left = [x.asnumpy().tolist() for (x,) in resumed.create_tuple_iterator(num_epochs=2)]
    assert left == second[2:] and first != second


def test_rng_state_must_be_one():
    for bad in (Tensor([1, 2]), 3, Tensor(np.zeros(629))):
        with pytest.raises(ValueError, match="get_rng_state"):
            ms.set_rng_state(bad)


# ---------------------------------------------------------------- conversions, several files
def test_from_one_format_to_the_other_and_back():
    os.makedirs("in/rank_0")
    io.save_checkpoint(Net(), "in/rank_0/a.ckpt", append_dict={"note": "text"})
    io.ckpt_to_safetensors("in", "out", name_map={"fc.bias": "fc.b"})
    assert os.listdir("out/rank_0") == ["a.safetensors"]
    io.safetensors_to_ckpt("out/rank_0/a.safetensors", "back", name_map={"fc.b": "fc.bias"})
    a, b = io.load_checkpoint("in/rank_0/a.ckpt"), io.load_checkpoint("back/a.ckpt")
    assert set(a) == set(b) and b["note"] == "text"
    np.testing.assert_array_equal(a["fc.bias"].asnumpy(), b["fc.bias"].asnumpy())


def test_several_files_make_one_net():
    net, other = Net(), Net()
    io.save_checkpoint(net, "a.ckpt", choice_func=lambda name: name.startswith("fc"))
    io.save_checkpoint(net, "b.safetensors", choice_func=lambda name: name.startswith("bn"))
    io.load_distributed_checkpoint(other, ["a.ckpt", "b.safetensors"])
    assert_same(values(other), values(net))
    with pytest.raises(ValueError, match="several"):
        io.load_distributed_checkpoint(other, ["a.ckpt", "a.ckpt"])
    with pytest.raises(TypeError, match="'unified_safetensors_dir' must be a str or PathLike"):
        io.load_distributed_checkpoint(other, unified_safetensors_dir=True)
    with pytest.raises(ValueError, match="'unified_safetensors_dir' must be a directory"):
        io.load_distributed_checkpoint(other, unified_safetensors_dir="a.ckpt")


def test_loading_in_a_thread():
    io.save_checkpoint(Net(), "a.ckpt")
    assert len(io.load_checkpoint_async("a.ckpt").result()) == 6
    with pytest.raises(ValueError, match="exist"):
        io.load_checkpoint_async("b.ckpt").result()


# ---------------------------------------------------------------- Cell.state_dict
class WithExtra(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(3, 2)
        self.epoch = 0

    def get_extra_state(self):
        return {"epoch": self.epoch}

    def set_extra_state(self, state):
        self.epoch = state["epoch"]


def test_state_dict_holds_the_parameters_and_extra_states():
    net = WithExtra()
    net.epoch = 4
    state = net.state_dict(prefix="p.")
    assert list(state) == ["p._extra_state", "p.fc.weight", "p.fc.bias"] and state["p.fc.bias"] is net.fc.bias
    into: dict = {}
    assert net.state_dict(destination=into) is into and net.state_dict({}, "q.") .keys() == {
        "q._extra_state", "q.fc.weight", "q.fc.bias",
    }  # fmt: skip
    other = WithExtra()
    assert str(other.load_state_dict(into)) == "<All keys matched successfully>"
    assert other.epoch == 4
    np.testing.assert_array_equal(other.fc.weight.asnumpy(), net.fc.weight.asnumpy())


def test_load_state_dict_sets_all_or_nothing():
    net = Net()
    before = values(net)
    for state, error in [
        (3, TypeError),
        ({"fc.bias": Tensor([1.0, 2.0])}, RuntimeError),
        (dict(net.state_dict()) | {"fc.weight": Tensor(np.ones((2, 3), np.float32)), "zz": Tensor(1)}, RuntimeError),
        ({"fc.weight": Tensor(np.ones((2, 3), np.float32)), "bn.beta": Tensor([1.0])}, RuntimeError),
        ({"fc.weight": np.ones((2, 3))}, RuntimeError),
    ]:
        with pytest.raises(error):
            net.load_state_dict(state)
        assert_same(values(net), before)
    missing, unexpected = net.load_state_dict({"fc.bias": Tensor(np.array([1.0, 2.0])), "zz": Tensor(1)}, strict=False)
    assert len(missing) == 5 and unexpected == ["zz"] and net.fc.bias.asnumpy().tolist() == [1.0, 2.0]
    with pytest.raises(RuntimeError):
        net.get_extra_state()


# ---------------------------------------------------------------- PyTorch
class Mixed(nn.Cell):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 8)
        self.norm = nn.LayerNorm((8,))
        self.block = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        self.rnn = nn.LSTM(8, 4, batch_first=True, bidirectional=True)
        self.conv = nn.Conv1d(8, 6, 3, pad_mode="pad", padding=1, has_bias=True)
        self.bn = nn.BatchNorm1d(6)
        self.act = nn.PReLU(6)
        self.out = nn.Dense(6, 3)

    def construct(self, ids):
        x, _ = self.rnn(self.block(self.norm(self.embed(ids))))
        return self.out(self.act(self.bn(self.conv(x.swapaxes(1, 2)).mean(2))))


def torch_twin():
    import torch

    class Twin(torch.nn.Module):
        def __init__(self):
            super().__init__()
            t = torch.nn
            self.embed, self.norm = t.Embedding(7, 8), t.LayerNorm(8)
            self.block = t.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
            self.rnn = t.LSTM(8, 4, batch_first=True, bidirectional=True)
            self.conv, self.bn = t.Conv1d(8, 6, 3, padding=1), t.BatchNorm1d(6)
            self.act, self.out = t.PReLU(6), t.Linear(6, 3)

        def forward(self, ids):
            x, _ = self.rnn(self.block(self.norm(self.embed(ids))))
            return self.out(self.act(self.bn(self.conv(x.transpose(1, 2)).mean(2))))

    torch.manual_seed(0)
    twin = Twin()
    with torch.no_grad():
        for p in twin.parameters():
            p.uniform_(-0.7, 0.7)
        twin.bn.running_mean.uniform_(-1, 1)
        twin.bn.running_var.uniform_(0.5, 2)
    return twin.eval()


@pytest.mark.parametrize("through", ["dict", "file"])
def test_weights_of_a_torch_model(through):
    torch = pytest.importorskip("torch")
    twin, net = torch_twin(), Mixed().set_train(False)
    state = twin.state_dict()
    if through == "file":
        pytest.importorskip("safetensors.torch").save_file(state, "twin.safetensors")
        state = "twin.safetensors"
    assert load_torch_state(net, state) == []
    ids = np.array([[1, 2, 3, 0], [6, 5, 4, 4]])
    expected = twin(torch.tensor(ids)).detach().numpy()
    np.testing.assert_allclose(net(Tensor(ids)).asnumpy(), expected, rtol=2e-5, atol=1e-5)


def test_a_torch_state_that_does_not_fit_changes_nothing():
    net = Net()
    before = values(net)
    names = torch_name_map(net)
    assert names["bn.moving_variance"] == "bn.running_var" and names["bn.gamma"] == "bn.weight"
    full = {names[p.name]: p.asnumpy() + 1 for p in net.get_parameters()}
    with pytest.raises(KeyError, match="bn.running_mean"):
        load_torch_state(net, {k: v for k, v in full.items() if k != "bn.running_mean"})
    with pytest.raises(RuntimeError, match="bn.beta"):
        load_torch_state(net, full | {"bn.bias": np.ones(3)})
    assert_same(values(net), before)
    renamed = {k.replace("fc", "linear"): v for k, v in full.items()} | {
        "bn.num_batches_tracked": np.array(3),
        "more": np.ones(1),
    }
    left = load_torch_state(net, renamed, name_map={"fc.weight": "linear.weight", "fc.bias": "linear.bias"})
    assert left == ["more"]
    np.testing.assert_array_equal(net.fc.bias.asnumpy(), before["fc.bias"] + 1)
