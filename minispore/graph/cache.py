"""The compile cache on disk: one file per kernel, named by the hash of everything its machine code depends on.

A file is a JSON line (symbol, checksum) and the object code.  It is written to a temporary name and renamed, so
any number of processes may share a directory.  A file that does not check out is deleted and compiled anew.
"""

import hashlib
import json
import os
import tempfile
import warnings
from functools import cache
from importlib.metadata import version
from pathlib import Path

SIZE_BOUND = 256 << 20  # bytes; the least recently used files go first


def directory() -> Path | None:
    """Where objects are kept: ``MINISPORE_CACHE_DIR``, else the user's cache directory; None when switched off."""
    named = os.environ.get("MINISPORE_CACHE_DIR")
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "minispore"


_warned = False


def _warn_once(folder, error) -> None:
    global _warned
    if not _warned:
        _warned = True
        warnings.warn(
            f"minispore cannot keep compiled kernels in {folder} ({error}); every process will compile again. "
            "Set MINISPORE_CACHE_DIR to a writable directory, or to an empty string to switch the cache off.",
            RuntimeWarning,
            stacklevel=2,
        )


@cache
def compiler() -> str:
    """What makes the machine code, with versions; noted in each file for ``minispore cache info``."""
    return f"numba {version('numba')}, llvmlite {version('llvmlite')}"


def has(key: str) -> bool:
    """Whether there is a file for ``key``, sound or not."""
    folder = directory()
    return folder is not None and (folder / key[:2] / f"{key}.o").exists()


def load(key: str) -> tuple[str, bytes] | None:
    """(symbol, object code) of ``key``, or None."""
    folder = directory()
    if folder is None:
        return None
    path = folder / key[:2] / f"{key}.o"
    try:
        data = path.read_bytes()
    except OSError:
        return None
    try:
        header, code = data.split(b"\n", 1)
        meta = json.loads(header)
        if meta["key"] == key and meta["sha256"] == hashlib.sha256(code).hexdigest():
            return meta["symbol"], code
    except (ValueError, KeyError, TypeError):
        code = b""
    path.unlink(missing_ok=True)  # damaged: compile it again
    return None


def store(key: str, symbol: str, code: bytes) -> None:
    folder = directory()
    if folder is None:
        return
    meta = {"key": key, "symbol": symbol, "sha256": hashlib.sha256(code).hexdigest(), "compiler": compiler()}
    try:
        target = folder / key[:2]
        target.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(meta).encode() + b"\n" + code)
            os.replace(temporary, target / f"{key}.o")
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _bound_size(folder)
    except OSError as error:
        _warn_once(folder, error)


_since_check = 63  # the first store of a process looks at the size, then every 64th


def _bound_size(folder: Path) -> None:
    global _since_check
    _since_check += 1
    if _since_check < 64:
        return
    _since_check = 0
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
    for path in folder.glob("*/*.o") if folder else ():
        path.unlink(missing_ok=True)
