"""``save_checkpoint``: what of a net, a list or a dict is written to a file."""

import os
import warnings

import numpy as np

from ...core import checks
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.record import user_level
from ...core.tensor import Tensor
from ...distributed import WORLD
from ...nn.cell import Cell
from . import encryption, sharded
from .files import FORMATS, path_and_format, save_in_background, saves, saving_now, wait_for_saving, write_file


def save_checkpoint(
    save_obj, ckpt_file_name, integrated_save=True, async_save=False, append_dict=None, enc_key=None,
    enc_mode="AES-GCM", choice_func=None, crc_check=False, format=None, **kwargs,
):  # fmt: skip
    """Writes the values of Parameters to a file, which is complete or not changed at all.

    Args:
        save_obj: Cell (a net, an optimizer, a train step); list of Parameters or list of dicts ``{"name", "data"}``; or
            dict name -> Parameter, Tensor, array or str.
        ckpt_file_name: path.  ``.ckpt`` writes MindSpore's own format, ``.safetensors`` that one; another name
            gets the ending ``.ckpt``.
        integrated_save: bool, about state that ranks share out (``enable_parallel_optimizer``): gather all into this
            file; False: one file a rank beside it, and an index under this name.  All ranks call then.  Default: True.
        async_save: bool, "thread" or "process": whether the values are copied and written in the background.  Default:
            False.
        append_dict: dict of more entries: name -> int, float, bool, str, Tensor or Parameter.  Default: None.
        enc_key: bytes, 16, 24 or 32 of them, with which a ``.ckpt`` is encrypted as MindSpore does it; needs the package
            cryptography (``pip install minispore[encryption]``).  Default: None, nothing is encrypted.
        enc_mode: "AES-GCM", "AES-CBC" or "SM4-CBC" (16 bytes).
        choice_func: ``choice_func(name)`` says whether a Parameter of ``save_obj`` is written.  Default: None, for all.
        crc_check: bool, accepted; every file holds a checksum.
        format: "ckpt" or "safetensors", added to a name without it.  Default: None, the name decides.
        **kwargs: accepted.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an unknown format or ``async_save``, a wrong key or mode, a key for safetensors.
        IsADirectoryError: the path is a directory.
        OSError: the file cannot be written; an older one stays as it was.
        ImportError: a key without the package cryptography.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.ckpt")
    >>> ms.save_checkpoint(ms.nn.Dense(3, 2), path, append_dict={"epoch_num": 7})
    >>> ms.load_checkpoint(path)["epoch_num"].asnumpy().item()
    7
    """
    encryption.check("save_checkpoint", "enc", enc_key, enc_mode)
    path, kind = _checked_target(save_obj, ckpt_file_name, format)
    if enc_key is not None and kind != "ckpt":
        raise fail(ValueError, "For 'save_checkpoint', 'enc_key' encrypts .ckpt files only; give the format 'ckpt'.")
    checks.boolean("save_checkpoint", integrated_save=integrated_save)
    checks.by_value.boolean("save_checkpoint", crc_check=crc_check)
    checks.instance("save_checkpoint", (bool, str), async_save=async_save)
    if isinstance(async_save, str) and async_save not in ("process", "thread"):
        raise fail(
            ValueError, f"For 'save_checkpoint', 'async_save' must be 'process' or 'thread', but got {async_save!r}."
        )
    entries = {name: _content(data) for name, data in _chosen(save_obj, choice_func)}
    entries |= _appended(append_dict)
    saves(1)
    if not sharded.is_shared_out(save_obj):
        _write(path, kind, entries, async_save, enc_key, enc_mode)
    elif not integrated_save:
        sharded.write_set(path, lambda file, part: write_file(file, kind, part, enc_key, enc_mode), entries)
    else:
        gathered = sharded.gathered(entries)
        if WORLD.rank == 0:
            _write(path, kind, gathered, async_save, enc_key, enc_mode)


def _write(path: str, kind: str, entries: dict, async_save, key, mode) -> None:
    if async_save:
        entries = {name: data.copy() if isinstance(data, np.ndarray) else data for name, data in entries.items()}
        save_in_background(lambda: write_file(path, kind, entries, key, mode))
    else:
        wait_for_saving()
        write_file(path, kind, entries, key, mode)


def async_ckpt_thread_status() -> bool:
    """Whether a save in the background is going on.

    Returns:
        bool.

    >>> import minispore as ms
    >>> ms.async_ckpt_thread_status()
    False
    """
    return saving_now()


def _checked_target(save_obj, name, format) -> tuple[str, str]:
    if format is not None and format not in FORMATS:
        raise fail(ValueError, f"For 'save_checkpoint', 'format' must be 'safetensors' or 'ckpt', but got {format!r}.")
    checks.instance("save_checkpoint", (Cell, list, dict), save_obj=save_obj)
    if not isinstance(name, (str, os.PathLike)):
        raise fail(
            TypeError,
            f"For 'save_checkpoint', 'ckpt_file_name' must be a str, but got {type(name).__name__}: {name!r}.",
        )
    if os.path.isdir(os.path.abspath(name)):  # "" is the working directory, as in MindSpore
        raise fail(
            IsADirectoryError, f"For 'save_checkpoint', 'ckpt_file_name' {os.path.abspath(name)} is a directory."
        )
    path, kind = path_and_format(os.fspath(name), format)
    if not os.path.isdir(os.path.dirname(path)):
        raise fail(
            FileNotFoundError,
            f"For 'save_checkpoint', the directory {os.path.dirname(path)} does not exist; make it with os.makedirs.",
        )
    return path, kind


def _chosen(save_obj, choice_func):
    """(name, Parameter, Tensor, array or str) of each entry to save."""
    for name, data in _named(save_obj):
        if choice_func is None or choice_func(name):
            yield name, data


def _named(save_obj):
    if isinstance(save_obj, Cell):
        seen: set[str] = set()
        for _, p in save_obj.parameters_and_names():
            if p.name in seen:
                warnings.warn(
                    f"save_checkpoint: two Parameters have the name '{p.name}'; only the last is saved.",
                    UserWarning, stacklevel=user_level(),
                )  # fmt: skip
            seen.add(p.name)
            yield p.name, p
    elif isinstance(save_obj, dict):
        for name, data in save_obj.items():
            if not isinstance(name, str) or not isinstance(data, (Tensor, np.ndarray, str)):
                raise fail(
                    TypeError,
                    "For 'save_checkpoint', a dict must map str to Parameters, but got "
                    f"{type(name).__name__}: {type(data).__name__}.",
                )
            yield name, data
    else:
        for item in save_obj:
            if isinstance(item, Parameter):
                yield item.name, item
                continue
            if not isinstance(item, dict) or "name" not in item or "data" not in item:
                raise fail(
                    TypeError,
                    "For 'save_checkpoint', a list must hold Parameters, or dicts with the keys 'name' and 'data', but "
                    f"got {type(item).__name__}.",
                )
            if not isinstance(item["name"], str) or not isinstance(item["data"], Tensor):
                raise fail(
                    TypeError,
                    "For 'save_checkpoint', in a list of dicts 'name' must be a str and 'data' a Parameter or Tensor, but "
                    f"got {type(item['name']).__name__} and {type(item['data']).__name__}.",
                )
            yield item["name"], item["data"]


def _content(data):
    if isinstance(data, str):
        return data
    return data._array() if isinstance(data, Tensor) else Tensor(data)._array()


def _appended(append_dict) -> dict:
    if append_dict is None:
        return {}
    checks.instance("save_checkpoint", dict, append_dict=append_dict)
    for name, value in append_dict.items():
        if not isinstance(name, str) or not isinstance(value, (int, float, bool, str, Tensor, np.ndarray, np.generic)):
            raise fail(
                TypeError,
                "For 'save_checkpoint', 'append_dict' must map str to int, float, bool, str, Tensor or Parameter, but "
                f"got {type(name).__name__}: {type(value).__name__}.",
            )
    return {name: _content(value) for name, value in append_dict.items()}
