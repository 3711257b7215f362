"""Encrypted checkpoints: files of the real MindSpore 2.10 are read, its modes and errors are the same; needs the package cryptography."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor

pytest.importorskip("cryptography")
KEY = b"0123456789abcdef"
# save_checkpoint([{"name": "a", "data": <arange(6), float32>}], ..., enc_key=KEY, enc_mode=...) of MindSpore 2.10
WRITTEN = {
    "AES-GCM": "d85e3a7fe68b75779488613dfa86e52748ff640544000000100000001fad4d973eb49628c6b22267a49a1ab22c0000003a9231131f16de334bc53f250236ddde603c7b63b46f86b9cd5430da4d9d217070e3f57665becf12573bcc8d",
    "AES-CBC": "d95e3a7f480000001000000005ac6d47f990d5dabd7239c2339f822e30000000a6e4f3294d5d6524983ab602afa2d19a0d69495a698dc872f499dd4d497b699c584ec915c7bf7f9ec76965f66c55c490",
    "SM4-CBC": "da5e3a7f4800000010000000c5204b5d5c5922fb9a06eafc03fd37d3300000000ed48ccb15dfbee618ae95303dbae4fc29f51c2ad86af8fa8fc89a42b1136ed6657b8479b45e4855cc688cdbbfd0a09d",
}


@pytest.mark.parametrize("mode", WRITTEN)
def test_files_of_mindspore_are_read(tmp_path, mode):
    path = tmp_path / "a.ckpt"
    path.write_bytes(bytes.fromhex(WRITTEN[mode]))
    found = ms.load_checkpoint(str(path), dec_key=KEY, dec_mode=mode)
    np.testing.assert_array_equal(found["a"].asnumpy(), np.arange(6, dtype=np.float32))


@pytest.mark.parametrize(("mode", "size"), [("AES-GCM", 16), ("AES-GCM", 24), ("AES-CBC", 32), ("SM4-CBC", 16)])
def test_what_is_written_is_read(tmp_path, mode, size, monkeypatch):
    from minispore.train.checkpoint import encryption

    monkeypatch.setattr(encryption, "BLOCK", 100)  # several blocks
    path, key = str(tmp_path / "net.ckpt"), bytes(range(size))
    net = ms.nn.Dense(8, 5)
    ms.save_checkpoint(net, path, enc_key=key, enc_mode=mode, append_dict={"epoch": 3})
    assert b"weight" not in (tmp_path / "net.ckpt").read_bytes()
    found = ms.load_checkpoint(path, dec_key=key, dec_mode=mode)
    np.testing.assert_array_equal(found["weight"].asnumpy(), net.weight.asnumpy())
    assert int(found["epoch"].asnumpy()) == 3


def test_wrong_keys_modes_and_bytes_are_errors(tmp_path):
    path = tmp_path / "net.ckpt"
    ms.save_checkpoint({"w": Tensor([1.0, 2.0])}, str(path), enc_key=KEY)
    whole = path.read_bytes()
    for arguments in ({}, {"dec_key": b"x" * 16}, {"dec_key": KEY, "dec_mode": "AES-CBC"}):
        with pytest.raises(ValueError, match="net.ckpt"):
            ms.load_checkpoint(str(path), **arguments)
    for damaged in (whole[:-3], whole[:30], whole[:-1] + bytes([whole[-1] ^ 1]), whole + b"more"):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="net.ckpt"):
            ms.load_checkpoint(str(path), dec_key=KEY)
    ms.save_checkpoint({"w": Tensor([1.0])}, str(path))
    with pytest.raises(ValueError, match="net.ckpt"):
        ms.load_checkpoint(str(path), dec_key=KEY)
    with pytest.raises(ValueError, match="ckpt"):
        ms.save_checkpoint({"w": Tensor([1.0])}, str(tmp_path / "w.safetensors"), enc_key=KEY)


def test_the_missing_package_is_named(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)
    with pytest.raises(ImportError, match=r"minispore\[encryption\]"):
        ms.save_checkpoint({"w": Tensor([1.0])}, str(tmp_path / "w.ckpt"), enc_key=KEY)
    assert not (tmp_path / "w.ckpt").exists()


@pytest.mark.parametrize("mode", WRITTEN)
def test_an_exported_model_is_encrypted(tmp_path, mode):
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    net, x, path = ms.nn.Dense(3, 2), Tensor(np.ones((1, 3), np.float32)), str(tmp_path / "net.mindir")
    ms.export(net, x, file_name=path, file_format="MINDIR", enc_key=KEY, enc_mode=mode)
    assert b"weight" not in (tmp_path / "net.mindir").read_bytes()
    np.testing.assert_allclose(ms.load(path, dec_key=KEY, dec_mode=mode)(x).asnumpy(), net(x).asnumpy(), rtol=1e-6)
    with pytest.raises(ValueError, match="dec_key"):
        ms.load(path)
    with pytest.raises(ValueError, match="cannot be decrypted"):
        ms.load(path, dec_key=b"another key 1234", dec_mode=mode)


def test_a_function_encrypts_an_exported_onnx_file_and_a_mode_is_refused(tmp_path):
    pytest.importorskip("onnx")
    net, x, path = ms.nn.Dense(3, 2), Tensor(np.ones((1, 3), np.float32)), tmp_path / "net.onnx"
    with pytest.raises(ValueError, match="enc_mode"):
        ms.export(net, x, file_name=str(path), file_format="ONNX", enc_key=KEY)
    assert not path.exists()
    ms.export(
        net, x, file_name=str(path), file_format="ONNX", enc_key=KEY, enc_mode=lambda model, key: key + model[::-1]
    )
    assert path.read_bytes().startswith(KEY)


@pytest.mark.parametrize("option", ["custom_func", "obf_func"])
def test_options_that_change_the_exported_model_are_refused(tmp_path, option):
    with pytest.raises(NotImplementedError, match=option):
        ms.export(ms.nn.ReLU(), Tensor([1.0]), file_name=str(tmp_path / "a"), file_format="MINDIR", **{option: print})
