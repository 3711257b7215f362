"""Atomic writing: a file is replaced as a whole or not at all.

The bytes go to a temporary file in the same directory, are flushed to the disk, and the file is renamed.  A process that is killed
in between leaves the old file unchanged and a temporary file, which the next save deletes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows: without locks, a left-over file cannot be told from one that is being written
    fcntl = None


@contextmanager
def atomic_file(path: str) -> Iterator[IO[bytes]]:
    """A binary file to write; it becomes ``path`` when the block ends without an exception.

    Args:
        path: str.

    Yields:
        a file object.

    Raises:
        OSError: the directory is missing or cannot be written to, the disk is full; ``path`` is as it was.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "x")
    >>> with atomic_file(path) as file:
    ...     _ = file.write(b"1")
    >>> os.path.getsize(path)
    1
    """
    directory, name = os.path.split(os.path.abspath(path))
    remove_leftovers(directory, name)
    temporary, file = _temporary(directory, name)
    try:
        with file:  # closing it also releases the lock, which shows that the writer is alive
            yield file
            file.flush()
            os.fsync(file.fileno())
            if fcntl is None:  # Windows cannot rename an open file
                file.close()
            os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    _sync_directory(directory)


def _temporary(directory: str, name: str) -> tuple[str, IO[bytes]]:
    while True:
        path = os.path.join(directory, f".{name}.{os.urandom(4).hex()}.tmp")
        file = open(path, "xb")
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        if os.path.exists(path):  # else another save deleted it before it was locked
            return path, file
        file.close()


def remove_leftovers(directory: str, name: str) -> None:
    """Deletes temporary files of ``name`` whose writer has died: their lock is free.

    Args:
        directory: str.
        name: str, the name that the file was to get.
    """
    if fcntl is None or not os.path.isdir(directory):
        return
    for entry in os.listdir(directory):
        if entry.startswith(f".{name}.") and entry.endswith(".tmp"):
            path = os.path.join(directory, entry)
            with suppress(OSError), open(path, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(path)


def _sync_directory(directory: str) -> None:
    """Flushes the directory, so that the new name survives a power failure."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
