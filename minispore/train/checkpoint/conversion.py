"""Conversion between the checkpoint formats."""

import os
import re

from ...core.errors import fail
from .files import read_file, write_file


def ckpt_to_safetensors(file_path, save_path=None, name_map=None, file_name_regex=None, processes_num=1):
    """Writes ``.ckpt`` files as ``.safetensors``.

    Args:
        file_path: a file; or a directory, of which the files in it and in its ``rank*`` directories are converted.
        save_path: the directory to write to.  Default: None, beside the original.
        name_map: dict, old name -> new name of a Parameter.  Default: None.
        file_name_regex: str, of a directory only names in which it is found.  Default: None.
        processes_num: accepted.

    Raises:
        ValueError: a path or argument of the wrong kind, nothing to convert, a damaged file.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.ckpt")
    >>> ms.save_checkpoint(ms.nn.Dense(3, 2), path)
    >>> ms.ckpt_to_safetensors(path)
    >>> sorted(os.listdir(os.path.dirname(path)))
    ['net.ckpt', 'net.safetensors']
    """
    _convert("ckpt_to_safetensors", file_path, save_path, name_map, file_name_regex, "ckpt", "safetensors")


def safetensors_to_ckpt(file_path, save_path=None, name_map=None, file_name_regex=None, processes_num=1):
    """Writes ``.safetensors`` files as MindSpore's ``.ckpt``.

    Args:
        file_path: a file; or a directory, of which the files in it and in its ``rank*`` directories are converted.
        save_path: the directory to write to.  Default: None, beside the original.
        name_map: dict, old name -> new name of a Parameter.  Default: None.
        file_name_regex: str, of a directory only names in which it is found.  Default: None.
        processes_num: accepted.

    Raises:
        ValueError: a path or argument of the wrong kind, nothing to convert, a damaged file.

    >>> import os, tempfile
    >>> import minispore as ms
    >>> path = os.path.join(tempfile.mkdtemp(), "net.safetensors")
    >>> ms.save_checkpoint(ms.nn.Dense(3, 2), path)
    >>> ms.safetensors_to_ckpt(path)
    >>> sorted(os.listdir(os.path.dirname(path)))
    ['net.ckpt', 'net.safetensors']
    """
    _convert("safetensors_to_ckpt", file_path, save_path, name_map, file_name_regex, "safetensors", "ckpt")


def _convert(owner, file_path, save_path, name_map, regex, source, target) -> None:
    if not os.path.exists(file_path):
        raise fail(ValueError, f"For '{owner}', 'file_path' must be a file or directory, but got {file_path!r}.")
    if save_path and os.path.splitext(save_path)[1]:
        raise fail(ValueError, f"For '{owner}', 'save_path' must be a directory, but got {save_path!r}.")
    if name_map is not None and not isinstance(name_map, dict):
        raise fail(ValueError, f"For '{owner}', 'name_map' must be a dict, but got {type(name_map).__name__}.")
    root = file_path if os.path.isdir(file_path) else os.path.dirname(file_path)
    paths = [
        path
        for path in (_below(file_path) if os.path.isdir(file_path) else [file_path])
        if path.endswith("." + source) and (regex is None or re.search(regex, os.path.basename(path)))
    ]
    if not paths:
        raise fail(ValueError, f"For '{owner}', there is no .{source} file to convert at {file_path!r}.")
    for path in paths:
        entries, _ = read_file(path)
        renamed = {(name_map or {}).get(name, name): data for name, data in entries.items()}
        made = path.removesuffix(source) + target
        if save_path:
            made = os.path.join(save_path, os.path.relpath(made, root or "."))
            os.makedirs(os.path.dirname(made), exist_ok=True)
        write_file(made, target, renamed)


def _below(directory) -> list[str]:
    """The files of a directory and of its ``rank*`` directories."""
    places = [directory] + [e.path for e in os.scandir(directory) if e.is_dir() and e.name.startswith("rank")]
    return [os.path.join(place, name) for place in places for name in sorted(os.listdir(place))]
