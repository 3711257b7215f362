"""MindSpore's record files: written by ``FileWriter``, read by ``dataset.MindDataset`` and ``FileReader``.

    file      8 bytes: length of the header; the header, JSON; zeros up to ``header_size``; pages of ``page_size``
    BLOB page  rows: 8 bytes of length, then the arrays and bytes of the row, each after its own length (big-endian) if
               there are several; integers packed (see ``pack_ints``)
    RAW page   rows: 8 bytes of length, then the numbers and strings of the row as a MessagePack map
    file.db    SQLite: table INDEXES, one row for each record with the pages and offsets of its two parts

Numbers are little-endian where nothing else is said.
"""

import contextlib
import json
import os
import re
import sqlite3
import struct
import threading
from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import fail
from .errors import ERRORS
from .values import unpack_ints, unpack_map

TYPES = {"int32": np.int32, "int64": np.int64, "float32": np.float32, "float64": np.float64}
PLACES = "PAGE_ID_BLOB, PAGE_OFFSET_BLOB, PAGE_OFFSET_BLOB_END, PAGE_ID_RAW, PAGE_OFFSET_RAW, PAGE_OFFSET_RAW_END"


_DAMAGE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, struct.error, sqlite3.Error,
)  # fmt: skip


class RecordFile:
    """One record file and the offsets of its records.

    Args:
        path: str.

    Raises:
        ValueError: the file does not exist.
        RuntimeError: its ``.db`` does not, or one of them is damaged or something else.
    """

    def __init__(self, path: str):
        self.path, self._lock = path, threading.Lock()
        for needed in (path, f"{path}.db"):
            if not os.path.isfile(needed):
                raise fail(
                    ValueError if needed == path else RuntimeError,
                    f"The file {needed} does not exist, or may not be read.",
                )
        with self._damage_seen():
            self._file = open(path, "rb")
            header = json.loads(self._bytes(8, int.from_bytes(self._bytes(0, 8), "little")))
            self.shards: list[str] = header["shard_addresses"]
            self.schema: dict[str, dict] = header["schema"][0]["schema"]
            self.blobs: list[str] = header["schema"][0].get("blob_fields", [])
            self.desc: str = header["schema"][0].get("desc", "")
            self.index: list[str] = [field["index_field"] for field in header.get("index_fields", [])]
            self._begin, self._page = int(header["header_size"]), int(header["page_size"])
            self._check_header()
            database = sqlite3.connect(f"{Path(path + '.db').absolute().as_uri()}?mode=ro", uri=True)
            with contextlib.closing(database):
                found = database.execute(f"SELECT {PLACES} FROM INDEXES ORDER BY ROW_ID").fetchall()
            self.places = np.array(found, np.int64).reshape(-1, 6)

    @contextlib.contextmanager
    def _damage_seen(self):
        try:
            yield
        except _DAMAGE as error:
            raise fail(RuntimeError, f"The record file {self.path} is damaged, or something else: {error}.") from None

    def _check_header(self) -> None:
        for name, field in self.schema.items():
            if field["type"] not in (*TYPES, "string", "bytes"):
                raise ValueError(f"column {name!r} is of the type {field['type']!r}")
        for name in self.shards:
            if os.path.basename(name) != name:
                raise ValueError(f"it belongs to a file in another folder, {name!r}")

    def _bytes(self, at: int, size: int) -> bytes:
        """A part of the file, which is read and not mapped: it may become shorter meanwhile."""
        number = self._file.fileno()
        if not 0 <= at <= at + size <= os.fstat(number).st_size:
            raise ValueError("it ends before a record does")
        if hasattr(os, "pread"):
            found = os.pread(number, size, at)
        else:
            with self._lock:
                self._file.seek(at)
                found = self._file.read(size)
        if len(found) != size:
            raise ValueError("it ends before a record does")
        return found

    def __len__(self) -> int:
        return len(self.places)

    def columns(self) -> list[str]:
        """The names of the columns.

        Returns:
            sorted list of str.
        """
        return sorted(self.schema)

    def read(self, number: int) -> dict[str, np.ndarray]:
        """The values of a record; bytes are uint8 arrays.

        Args:
            number: int.

        Returns:
            dict {column: array}.

        Raises:
            RuntimeError: the file is damaged.
        """
        with self._damage_seen():
            blob_page, blob, blob_end, raw_page, raw, raw_end = self.places[number].tolist()
            values = unpack_map(self._part(raw_page, raw, raw_end))
            row = {n: np.array(values[n], TYPES.get(s["type"])) for n, s in self.schema.items() if n not in self.blobs}
            if self.blobs:
                data = self._part(blob_page, blob, blob_end)
                for name, part in zip(self.blobs, [data] if len(self.blobs) == 1 else _split(data, len(self.blobs))):
                    row[name] = self._array(self.schema[name], part)
            return row

    def _part(self, page: int, begin: int, end: int) -> bytes:
        at = self._begin + page * self._page
        if int.from_bytes(self._bytes(at + begin, 8), "little") != end - begin - 8:
            raise ValueError("a record is not where it should be")
        return self._bytes(at + begin + 8, end - begin - 8)

    def _array(self, field: dict, data: bytes) -> np.ndarray:
        kind = field["type"]
        if kind == "bytes":
            return np.frombuffer(data, np.uint8).copy()
        packed = kind in ("int32", "int64")
        flat = unpack_ints(data).astype(TYPES[kind]) if packed else np.frombuffer(data, TYPES[kind]).copy()
        return flat.reshape(field["shape"])


def _split(data: bytes, count: int) -> list[bytes]:
    parts, at = [], 0
    for _ in range(count):
        size = int.from_bytes(data[at : at + 8], "big")
        parts.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    if at != len(data):
        raise ValueError("a record has another length than its parts")
    return parts


def record_files(given) -> list[RecordFile]:
    """The files of a list; or a file and those that were written with it.

    Args:
        given: path, or a list of them.

    Returns:
        list of RecordFile.
    """
    if isinstance(given, (list, tuple)):
        return [RecordFile(os.fspath(path)) for path in given]
    first = RecordFile(os.fspath(given))
    folder = os.path.dirname(first.path)
    return [RecordFile(os.path.join(folder, name)) for name in first.shards] if len(first.shards) > 1 else [first]


def check_reading(owner: str, file_name: Any, num_consumer: Any) -> None:
    """Checks what readers are given.

    Args:
        owner: str, the reader's name for the message.
        file_name: path, or a list of them.
        num_consumer: int from 1 to the number of processors, or a little more.

    Raises:
        ParamValueError: something else.
    """
    check_name(owner, *(file_name if isinstance(file_name, list) else [file_name]))
    checks_out = isinstance(num_consumer, int) and not isinstance(num_consumer, bool)
    if not checks_out or not 1 <= num_consumer <= max(os.cpu_count() or 1, 4):
        raise fail(
            ERRORS["ParamValueError"],
            f"For '{owner}', 'num_consumer' must be an int from 1 to the number of processors, but got {num_consumer!r}.",
        )


def check_name(owner: str, *paths: Any) -> None:
    for path in paths:
        wrong = (
            not path
            or not isinstance(path, (str, os.PathLike))
            or re.search(r'[?*:"<>|]', os.path.basename(os.fspath(path)))
        )
        if wrong:
            raise fail(
                ERRORS["ParamValueError"], f"For '{owner}', 'file_name' must be the path of a file, but got {path!r}."
            )


def opened(owner: str, file_name: Any) -> list[RecordFile]:
    """The files of a name; all shards of the first.

    Args:
        owner: str, the reader's name for the message.
        file_name: path, or a list of them.

    Returns:
        list of RecordFile.

    Raises:
        RuntimeError: a file does not exist, or is damaged.
    """
    try:
        return record_files(file_name)
    except ValueError as error:
        raise fail(RuntimeError, f"For '{owner}', {error}") from None


def values_of(schema: dict, row: dict) -> dict[str, Any]:
    """A record as ``FileWriter`` takes it.

    Args:
        schema: dict, the columns.
        row: dict of arrays.

    Returns:
        dict {column: str, int, float, bytes or array}.
    """
    plain = {name: "shape" not in field for name, field in schema.items()}
    return {
        name: value.tobytes() if schema[name]["type"] == "bytes" else value.item() if plain[name] else value
        for name, value in row.items()
    }
