"""The compile cache on disk: one file per kernel, named by the hash of everything its machine code depends on.

A file is a JSON line (symbol, checksum) and the object code.  It is written to a temporary name and renamed, so
any number of processes may share a directory.  A file that does not check out is deleted and compiled anew; one that
somebody else could have written is not read (SECURITY.md).
"""

import hashlib
import json
import os
import stat
import tempfile
import time
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path

SIZE_BOUND = 256 << 20  # bytes; the least recently used files go first
LARGEST = 64 << 20  # bytes of one entry
LONGEST_HEADER = 4096  # bytes
ABANDONED = 3600  # seconds: a temporary file that is older was left by a process that was killed


def directory() -> Path | None:
    """Where objects are kept: ``MINISPORE_CACHE_DIR``, else the user's cache directory; None where there is none."""
    named = os.environ.get("MINISPORE_CACHE_DIR")
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "minispore"
    except RuntimeError as error:  # no HOME, and no entry for this user
        warn_once("the user's cache directory", error)
        return None


_warned = False


def warn_once(folder, error) -> None:
    """Says, once in the life of the process, why kernels are not kept."""
    global _warned
    if not _warned:
        _warned = True
        warnings.warn(
            f"minispore cannot keep compiled kernels in {folder} ({error}); every process will compile again. "
            "Set MINISPORE_CACHE_DIR to a directory of your own, or to an empty string to switch the cache off.",
            RuntimeWarning,
            stacklevel=2,
        )


@cache
def compiler() -> str:
    """The compiler with its version; noted in each file for ``minispore cache info``."""
    import llvmlite

    return f"llvmlite {llvmlite.__version__}"


# ---------------------------------------------------------------- trust
# What is loaded is run.  So it is read only from directories and files that belong to the user or root and that nobody
# else may write to; the check of a file is made on the open file, which cannot be exchanged any more.
class NotTrusted(OSError):
    """Somebody else could have written it."""


def _check_owner(what, info: os.stat_result) -> None:
    if os.name == "nt":  # there the user's cache directory is protected by its access list
        return
    if info.st_uid not in (os.geteuid(), 0):
        raise NotTrusted(f"{what} belongs to another user")
    if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise NotTrusted(f"{what} may be written to by others: chmod go-w {what}")


def _check_folder(folder: Path) -> None:
    info = os.stat(folder)
    if not stat.S_ISDIR(info.st_mode):
        raise NotADirectoryError(f"{folder} is not a directory")
    _check_owner(folder, info)


def make_folder(folder: Path) -> None:
    """Makes a directory that only the user may write to, or checks the one that is there.

    Raises:
        OSError: it cannot be made, or (NotTrusted) others may write to it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _check_folder(folder)


def read_trusted(path: Path, limit: int = LARGEST) -> bytes:
    """The bytes of a file in the cache directory.

    Raises:
        OSError: there is no such regular file, it has more than ``limit`` bytes, or (NotTrusted) others may write to it
            or to its directory.
    """
    for folder in (path.parent.parent, path.parent):
        _check_folder(folder)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise OSError(f"{path} is not a regular file")
        _check_owner(path, info)
        if info.st_size > limit:
            raise OSError(f"{path} has {info.st_size} bytes, which no entry has")
        return file.read(limit)


# ---------------------------------------------------------------- entries
def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.o"


def has(key: str) -> bool:
    """Whether there is a file for ``key``, sound or not."""
    folder = directory()
    return folder is not None and _path(folder, key).is_file()


def load(key: str) -> tuple[str, bytes] | None:
    """(symbol, object code) of ``key``, or None."""
    folder = directory()
    if folder is None:
        return None
    path = _path(folder, key)
    try:
        data = read_trusted(path)
    except NotTrusted as error:
        warn_once(folder, error)
        return None
    except OSError:  # ``store`` will warn of the reason, as it cannot write either
        return None
    header, _, code = data.partition(b"\n")
    meta = header_of(header)
    symbol = meta.get("symbol")
    if meta.get("key") == key and meta.get("sha256") == hashlib.sha256(code).hexdigest() and isinstance(symbol, str):
        return symbol, code
    with suppress(OSError):  # damaged: it is compiled again
        path.unlink(missing_ok=True)
    return None


def header_of(line: bytes) -> dict:
    """The first line of an entry; {} where it is damaged."""
    if len(line) > LONGEST_HEADER:
        return {}
    try:
        meta = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return meta if isinstance(meta, dict) else {}


def store(key: str, symbol: str, code: bytes) -> None:
    """Keeps machine code; where that is not possible, warns once in the life of the process."""
    folder = directory()
    if folder is None:
        return
    meta = {"key": key, "symbol": symbol, "sha256": hashlib.sha256(code).hexdigest(), "compiler": compiler()}
    target = _path(folder, key)
    try:
        make_folder(folder)
        make_folder(target.parent)
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".tmp")  # readable by the user alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(meta).encode() + b"\n" + code)
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _bound_size(folder)
    except OSError as error:
        warn_once(folder, error)


_since_check = 63  # the first store of a process looks at the size, then every 64th


def _bound_size(folder: Path) -> None:
    global _since_check
    _since_check += 1
    if _since_check < 64:
        return
    _since_check = 0
    _remove_abandoned(folder)
    files = []
    for path in folder.glob("*/*.o"):
        try:
            info = path.stat()
        except FileNotFoundError:  # another process was faster
            continue
        files.append((max(info.st_atime, info.st_mtime), info.st_size, path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files, key=lambda f: f[0]):
        if total <= SIZE_BOUND:
            break
        path.unlink(missing_ok=True)
        total -= size


def clear() -> None:
    """Removes every cached object."""
    folder = directory()
    if folder is not None:
        for path in folder.glob("*/*.o"):
            path.unlink(missing_ok=True)
        _remove_abandoned(folder)


def _remove_abandoned(folder: Path) -> None:
    for path in folder.glob("*/*.tmp"):
        with suppress(FileNotFoundError):  # its process, or another one, was faster
            if time.time() - path.stat().st_mtime > ABANDONED:
                path.unlink()
