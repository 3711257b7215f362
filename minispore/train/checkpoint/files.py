"""Checkpoint files of both formats: names, writing (also in the background), reading."""

import io
import os
import threading
from collections.abc import Callable

from ...core.errors import fail
from . import encryption, mindspore_format, safetensors_format, sharded
from .atomic import atomic_file

FORMATS = {"ckpt": mindspore_format, "safetensors": safetensors_format}
DEFAULT = "ckpt"
FOREIGN = {
    b"PK\x03\x04": "a PyTorch or NumPy archive; from PyTorch save with safetensors.torch.save_file",
    b"\x80": "a pickle, which could run any code when it is read; save as safetensors",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUM": "a NumPy array",
}


_saves = 0  # by this process


def saves(more: int = 0) -> int:
    """How many checkpoints this process has begun to save; ``more`` are counted first.

    >>> saves(1) - saves()
    0
    """
    global _saves
    _saves += more
    return _saves


def path_and_format(name: str, given: str | None) -> tuple[str, str]:
    """(path, format) of a save: a given format adds its file name extension where it is missing; else the extension decides.

    Args:
        name: str, the path as given.
        given: "ckpt", "safetensors" or None.

    Returns:
        tuple (path, format).

    >>> path_and_format("/tmp/net.ckpt", None)[1]
    'ckpt'
    """
    if given is None:
        given = next((f for f in FORMATS if name.endswith("." + f)), DEFAULT)
    path = name if name.endswith(given) else f"{name}.{given}"
    return os.path.realpath(path), given


def write_file(path: str, kind: str, entries: dict, key: bytes | None = None, mode: str = "AES-GCM") -> None:
    """Writes a file of one of the formats.

    Args:
        path: str.
        kind: "ckpt" or "safetensors".
        entries: dict name -> NumPy array or str.
        key: bytes with which it is encrypted.  Default: None, it is not.
        mode: str, how.  Default: "AES-GCM".
    """
    with atomic_file(path) as file:
        if key is None:
            FORMATS[kind].write(file, entries)
            return
        plain = io.BytesIO()
        FORMATS[kind].write(plain, entries)
        file.write(encryption.encrypted(plain.getvalue(), key, mode))


def read_file(path: str, key: bytes | None = None, mode: str = "AES-GCM") -> tuple[dict, bool]:
    """({name: NumPy array or str}, whether the file has a checksum).  The format is recognised by the content.

    Args:
        path: str.
        key: bytes with which it is encrypted.  Default: None, it is not.
        mode: str, how.  Default: "AES-GCM".

    Returns:
        tuple (dict name -> NumPy array or str, whether a checksum was there).

    Raises:
        ValueError: the file is empty, damaged, cut off, or of another kind.
    """
    wait_for_saving()
    with open(path, "rb") as file:
        data = file.read()
    if not data:
        raise fail(ValueError, f"For 'load_checkpoint', the file {path} is empty.")
    if data.startswith(sharded.START):
        parts = [read_file(p, key, mode) for p in sharded.files_of(path, data)]
        return {k: v for found, _ in parts for k, v in found.items()}, all(known for _, known in parts)
    if key is not None:
        try:
            data = encryption.decrypted(data, key, mode)
        except ValueError as error:
            raise fail(
                ValueError,
                f"For 'load_checkpoint', the file {path} cannot be decrypted with 'dec_key' and {mode}: {error}.",
            ) from None
    elif encryption.looks_encrypted(data):
        raise fail(ValueError, f"For 'load_checkpoint', the file {path} is encrypted: give 'dec_key' (and 'dec_mode').")
    for module in (safetensors_format, mindspore_format):
        if module.looks_like(data):
            try:
                return module.read(data)
            except ValueError as error:
                raise fail(
                    ValueError,
                    f"For 'load_checkpoint', the file {path} is damaged, cut off, or no checkpoint: {error}. "
                    "Take another copy of it.",
                ) from None
    kind = next((text for start, text in FOREIGN.items() if data.startswith(start)), None)
    raise fail(
        ValueError,
        f"For 'load_checkpoint', the file {path} is neither safetensors nor MindSpore's .ckpt"
        + (f"; it is {kind}." if kind else ": it is damaged, encrypted or something else."),
    )


# ---------------------------------------------------------------- in the background
class _Saving(threading.Thread):
    """A save in a thread; the interpreter waits for it at exit."""

    def __init__(self, work: Callable[[], None]):
        super().__init__(name="save_checkpoint")
        self.work = work
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.work()
        except BaseException as error:
            self.error = error


_saving: _Saving | None = None


def save_in_background(work: Callable[[], None]) -> None:
    """Runs a save in a thread, after the save before it.

    Args:
        work: function without arguments.
    """
    global _saving
    wait_for_saving()
    _saving = _Saving(work)
    _saving.start()


def wait_for_saving() -> None:
    """Waits until the save in the background is done; raises what it raised."""
    global _saving
    done, _saving = _saving, None
    if done is not None:
        done.join()
        if done.error is not None:
            raise done.error


def saving_now() -> bool:
    """Whether a save in the background is going on.

    Returns:
        bool.
    """
    return _saving is not None and _saving.is_alive()
