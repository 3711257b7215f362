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

from ..core import checks
from ..core.errors import fail
from .mindrecord_errors import ERRORS

SUCCESS, FAILED = "SUCCESS", "FAILED"
TYPES = {"int32": np.int32, "int64": np.int64, "float32": np.float32, "float64": np.float64}
PLACES = "PAGE_ID_BLOB, PAGE_OFFSET_BLOB, PAGE_OFFSET_BLOB_END, PAGE_ID_RAW, PAGE_OFFSET_RAW, PAGE_OFFSET_RAW_END"


# ---------------------------------------------------------------- values
def pack_ints(values: np.ndarray) -> bytes:
    """Packs integers: their number (big-endian), two bits for the width of each (1, 2, 4 or 8 bytes), then each in its width.

    Args:
        values: array of ints.

    Returns:
        bytes.

    >>> pack_ints(np.array([1])).hex()
    '000000010001'
    """
    flat = values.reshape(-1).astype(np.int64)
    widths = sum((flat < -(1 << bits)) | (flat >= 1 << bits) for bits in (7, 15, 31)).astype(np.uint8)
    pairs = np.pad(widths, (0, -len(widths) % 4)).reshape(-1, 4) << np.array([6, 4, 2, 0], np.uint8)
    packed = b"".join(int(v).to_bytes(1 << w, "little", signed=True) for v, w in zip(flat, widths))
    return len(flat).to_bytes(4, "big") + pairs.sum(1).astype(np.uint8).tobytes() + packed


def unpack_ints(data: bytes) -> np.ndarray:
    """The int64 values in the output of ``pack_ints``.

    Args:
        data: bytes.

    Returns:
        array of int64, shape (n,).

    >>> unpack_ints(pack_ints(np.array([1, -300, 2**40]))).tolist()
    [1, -300, 1099511627776]
    """
    count = int.from_bytes(data[:4], "big")
    bits = np.frombuffer(data, np.uint8, -(-count // 4), 4)
    widths = 1 << (bits[:, None] >> np.array([6, 4, 2, 0], np.uint8) & 3).reshape(-1)[:count].astype(np.int64)
    starts = 4 + len(bits) + np.cumsum(widths) - widths
    source, out = np.frombuffer(data, np.uint8), np.empty(count, np.int64)
    for width in (1, 2, 4, 8):
        chosen = np.flatnonzero(widths == width)
        places = starts[chosen][:, None] + np.arange(width)
        out[chosen] = source[places].view(f"<i{width}").reshape(-1) if len(chosen) else 0
    return out


_SCALARS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
_LENGTHS = {0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xDE: ">H", 0xDF: ">I"}


def unpack_map(data: bytes) -> dict:
    """Decodes a MessagePack map of numbers and strings.

    Args:
        data: bytes.

    Returns:
        dict.

    Raises:
        ValueError: it is no map, or holds values of other kinds.

    >>> unpack_map(pack_map({"a": 1}))
    {'a': 1}
    """
    value, end = _unpacked(data, 0)
    if not isinstance(value, dict) or end != len(data):
        raise ValueError("a record is no map")
    return value


def _unpacked(data: bytes, at: int) -> tuple[Any, int]:
    kind, at = data[at], at + 1
    if kind < 0x80 or kind >= 0xE0:
        return (kind if kind < 0x80 else kind - 0x100), at
    if kind in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[kind], at
    if kind in _SCALARS:
        return struct.unpack_from(_SCALARS[kind], data, at)[0], at + struct.calcsize(_SCALARS[kind])
    if kind in _LENGTHS:
        count, at = struct.unpack_from(_LENGTHS[kind], data, at)[0], at + struct.calcsize(_LENGTHS[kind])
    elif kind >> 4 == 8 or kind >> 5 == 5:
        count = kind & (0x0F if kind >> 4 == 8 else 0x1F)
    else:
        raise ValueError(f"a record has a value of an unknown kind (0x{kind:x})")
    if kind >> 4 != 8 and kind not in (0xDE, 0xDF):
        return data[at : at + count].decode(), at + count
    made = {}
    for _ in range(count):
        key, at = _unpacked(data, at)
        made[key], at = _unpacked(data, at)
    return made, at


def pack_map(values: dict) -> bytes:
    """A dict as a MessagePack map.

    Args:
        values: dict from str to int, float or str.

    Returns:
        bytes.
    """
    return struct.pack(">BH", 0xDE, len(values)) + b"".join(_packed(k) + _packed(v) for k, v in values.items())


def _packed(value) -> bytes:
    if isinstance(value, str):
        text = value.encode()
        return struct.pack(">BI", 0xDB, len(text)) + text
    return struct.pack(">Bd", 0xCB, value) if isinstance(value, float) else struct.pack(">Bq", 0xD3, value)


# ---------------------------------------------------------------- reading
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
    _check_name(owner, *(file_name if isinstance(file_name, list) else [file_name]))
    checks_out = isinstance(num_consumer, int) and not isinstance(num_consumer, bool)
    if not checks_out or not 1 <= num_consumer <= max(os.cpu_count() or 1, 4):
        raise fail(
            ERRORS["ParamValueError"],
            f"For '{owner}', 'num_consumer' must be an int from 1 to the number of processors, but got {num_consumer!r}.",
        )


def _check_name(owner: str, *paths: Any) -> None:
    for path in paths:
        wrong = not path or not isinstance(path, (str, os.PathLike)) or re.search(r'[?*:"<>|]', os.path.basename(os.fspath(path)))
        if wrong:
            raise fail(ERRORS["ParamValueError"], f"For '{owner}', 'file_name' must be the path of a file, but got {path!r}.")


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


class FileReader:
    """The records of a file, or of a list of files, one dict after the other.

    Args:
        file_name: path, or a list of them.
        num_consumer: accepted.
        columns: list of the columns wanted.  Default: None, for all.
        operator: accepted.

    Raises:
        ParamValueError: another type of argument.
        RuntimeError: a file does not exist, or is damaged.

    >>> import tempfile
    >>> from minispore.mindrecord import FileReader, FileWriter
    >>> path = tempfile.mkdtemp() + "/a.mindrecord"
    >>> writer = FileWriter(path)
    >>> _ = writer.add_schema({"label": {"type": "int32"}})
    >>> _ = writer.write_raw_data([{"label": 3}])
    >>> _ = writer.commit()
    >>> [int(row["label"]) for row in FileReader(path).get_next()]
    [3]
    """

    def __init__(self, file_name, num_consumer=4, columns=None, operator=None):
        check_reading("FileReader", file_name, num_consumer)
        if columns is not None and not isinstance(columns, list):
            raise fail(ERRORS["ParamTypeError"], f"For 'FileReader', 'columns' must be a list, but got {columns!r}.")
        self._files = opened("FileReader", file_name)
        unknown = sorted(set(columns or ()) - set(self._files[0].schema))
        if unknown:
            raise fail(RuntimeError, f"For 'FileReader', there are no columns {unknown}, but {self._files[0].columns()}.")
        self._columns = columns
        self._left = self._records()

    def _records(self):
        for file in self._files:
            for number in range(len(file)):
                row = values_of(file.schema, file.read(number))
                yield {name: row[name] for name in self._columns or row}

    def get_next(self):
        """The records that are left: none after the last one, or after ``close``.

        Yields:
            dict {column: str, int, float, bytes or array}.
        """
        while (row := next(self._left, None)) is not None:
            yield row

    def schema(self) -> dict:
        """The columns, as ``FileWriter.add_schema`` took them.

        Returns:
            dict.
        """
        return self._files[0].schema

    def len(self) -> int:
        """The number of records.

        Returns:
            int.
        """
        return sum(len(file) for file in self._files)

    def close(self) -> None:
        """Ends the reading."""
        self._left = iter(())


# ---------------------------------------------------------------- writing
class FileWriter:
    """Writes records to ``file_name``, or to ``file_name0``, ``file_name1``, ... for several shards.

    The files take their names in ``commit``: until then nothing is replaced.

    Args:
        file_name: path.
        shard_num: int from 1 to 1000, how many files.  Default: 1.
        overwrite: bool, whether to replace files that are there.  Default: False.

    Raises:
        RuntimeError: a file is there already, or a step comes in the wrong order.
        ValueError: a schema or a record that does not fit.

    >>> import tempfile
    >>> import numpy as np
    >>> import minispore.dataset as ds
    >>> from minispore.mindrecord import FileWriter
    >>> path = tempfile.mkdtemp() + "/a.mindrecord"
    >>> writer = FileWriter(path)
    >>> _ = writer.add_schema({"label": {"type": "int32"}, "x": {"type": "float32", "shape": [-1]}})
    >>> _ = writer.write_raw_data([{"label": k, "x": np.full(2, k, np.float32)} for k in range(2)])
    >>> _ = writer.commit()
    >>> [row["x"].tolist() for row in ds.MindDataset(path, shuffle=False).create_dict_iterator(output_numpy=True)]
    [[0.0, 0.0], [1.0, 1.0]]
    """

    def __init__(self, file_name, shard_num=1, overwrite=False):
        _check_name("FileWriter", file_name)
        name = os.fspath(file_name)
        if not isinstance(shard_num, int) or not 1 <= shard_num <= 1000:
            raise fail(
                ERRORS["ParamValueError"], f"For 'FileWriter', 'shard_num' must be an int in [1, 1000], but got {shard_num!r}."
            )
        if not isinstance(overwrite, bool):
            raise fail(ERRORS["ParamValueError"], f"For 'FileWriter', 'overwrite' must be a bool, but got {overwrite!r}.")
        paths = [name] if shard_num == 1 else [f"{name}{k:0{len(str(shard_num - 1))}d}" for k in range(shard_num)]
        self._overwrite, self._appends, self._committed = overwrite, False, False
        self._paths, self._desc = paths, ""
        self._schema: dict[str, dict] = {}
        self._shards: list[_Shard] = []
        self._sizes = {"header_size": 1 << 24, "page_size": 1 << 25}
        self._index: list[str] = []

    @classmethod
    def open_for_append(cls, file_name):
        """A writer for more records of files that are there; ``commit`` replaces them by files with the old and the new ones.

        Args:
            file_name: path of the file, or of the first one of several shards.

        Returns:
            FileWriter, with the schema and the index of the files.

        Raises:
            ValueError: there is no such file.
            RuntimeError: it is damaged, or something else.

        >>> import tempfile
        >>> from minispore.mindrecord import FileWriter
        >>> path = tempfile.mkdtemp() + "/a.mindrecord"
        >>> writer = FileWriter(path)
        >>> _ = writer.add_schema({"label": {"type": "int32"}})
        >>> _ = writer.write_raw_data([{"label": 1}])
        >>> _ = writer.commit()
        >>> more = FileWriter.open_for_append(path)
        >>> _ = more.write_raw_data([{"label": 2}])
        >>> _ = more.commit()
        >>> FileReader(path).len()
        2
        """
        path = os.fspath(file_name)
        (first, *_) = opened("FileWriter", [path])
        writer = cls(path, overwrite=True)
        writer._appends = True
        writer._paths = [os.path.join(os.path.dirname(path), shard) for shard in first.shards]
        writer._schema, writer._desc, writer._index = first.schema, first.desc, first.index
        writer._sizes = {"header_size": first._begin, "page_size": first._page}
        writer._shards = [_Shard(p, **writer._sizes) for p in writer._paths]
        for shard in writer._shards:
            there = RecordFile(shard.path)
            for number in range(len(there)):
                shard.add(*writer._encoded(values_of(there.schema, there.read(number))))
        return writer

    def set_header_size(self, header_size):
        """Sets the bytes kept for the header.

        Args:
            header_size: int.
        """
        self._set_size("header_size", header_size, 16384, 2**28 - 1)

    def set_page_size(self, page_size):
        """Sets the bytes of a page: a record must fit into one.

        Args:
            page_size: int.
        """
        self._set_size("page_size", page_size, 32768, 2**28)

    def _set_size(self, name, size, least, most):
        checks.integer("FileWriter", **{name: size})
        if not least <= size <= most or size % 4:
            raise fail(RuntimeError, f"For 'FileWriter', '{name}' must be in [{least}, {most}], and a multiple of 4, but got {size}.")
        self._sizes[name] = size

    def add_schema(self, content, desc=None):
        """Says which columns there are.

        Args:
            content: dict {name: {"type": ..., "shape": ...}} with the types int32, int64, float32, float64 (each with a
                shape for arrays), "string" and "bytes".
            desc: str, a description.  Default: None.

        Raises:
            ValueError: there is no column, or one has no known type, or a name with other characters than those of words.
        """
        if not isinstance(content, dict) or not content:
            raise fail(
                ERRORS["MRMInvalidSchemaError"], f"For 'FileWriter', the schema must be a dict of columns, but got {content!r}."
            )
        for name, field in content.items():
            _check_field(name, field)
        if self._schema:
            raise fail(ERRORS["MRMAddSchemaError"], "For 'FileWriter', there is a schema already.")
        if desc is not None:
            checks.string("FileWriter", desc=desc)
        self._schema, self._desc = content, desc or ""

    def add_index(self, index_fields):
        """Says by which columns of numbers and strings MindSpore can look up records.

        Args:
            index_fields: list of str.

        Raises:
            ValueError: there is no such column.
        """
        if not index_fields or not isinstance(index_fields, list) or not all(isinstance(n, str) for n in index_fields):
            raise fail(
                ERRORS["ParamTypeError"], f"For 'FileWriter', 'index_fields' must be a list of str, but got {index_fields!r}."
            )
        if not self._schema:
            raise fail(ERRORS["MRMGetMetaError"], "For 'FileWriter', add_schema must come before add_index.")
        if arrays := sorted(set(index_fields) & set(self._blobs())):
            raise fail(ERRORS["MRMDefineIndexError"], f"For 'FileWriter', {arrays} are no numbers or strings, which an index has.")
        unknown = [n for n in index_fields if n not in self._schema]
        if unknown or len(set(index_fields)) < len(index_fields):
            raise fail(
                RuntimeError, f"For 'FileWriter', the index {unknown or index_fields} must hold columns of the schema, each once."
            )
        self._index = list(index_fields)

    def write_raw_data(self, raw_data, parallel_writer=False):
        """Adds records.  They are spread over the shards.

        Args:
            raw_data: list of dicts of a value for each column, or one dict.
            parallel_writer: accepted.

        Raises:
            RuntimeError: there is no schema yet, or a record does not fit it.
            ValueError: a record does not fit into a page.
        """
        checks.boolean("FileWriter", parallel_writer=parallel_writer)
        if not self._schema:
            raise fail(RuntimeError, "For 'FileWriter', add_schema must come before write_raw_data.")
        if not isinstance(raw_data, list) or not all(isinstance(row, dict) for row in raw_data):
            raise fail(
                ERRORS["ParamTypeError"],
                f"For 'FileWriter', 'raw_data' must be a list of dicts, but got {type(raw_data).__name__}.",
            )
        if self._committed and not self._appends:
            raise fail(RuntimeError, "For 'FileWriter', nothing can be written after commit: use open_for_append.")
        if not raw_data:
            raise fail(RuntimeError, "For 'FileWriter', 'raw_data' holds no record.")
        rows = raw_data
        encoded = [self._encoded(row) for row in rows]
        self._open()
        count = len(self._shards)
        for k, shard in enumerate(self._shards):
            for part in encoded[len(rows) * k // count : len(rows) * (k + 1) // count]:
                shard.add(*part)

    def _open(self) -> None:
        if self._shards:
            return
        there = [p for path in self._paths for p in (path, f"{path}.db") if os.path.exists(p)]
        if there and not self._overwrite:
            raise fail(RuntimeError, f"For 'FileWriter', {there} exist already: remove them or pass overwrite=True.")
        self._shards = [_Shard(path, **self._sizes) for path in self._paths]

    def _blobs(self) -> list[str]:
        return [n for n, f in sorted(self._schema.items()) if "shape" in f or f["type"] == "bytes"]

    def _encoded(self, row: dict) -> tuple[bytes, bytes, list]:
        """The RAW and BLOB parts of a record, and its entry in the index."""
        lacking = [n for n in self._schema if n not in row]
        if lacking:
            raise fail(RuntimeError, f"For 'FileWriter', a record has no column {lacking}, but {sorted(row)}.")
        blobs = self._blobs()
        try:
            parts = [_blob(self._schema[n], row[n]) for n in blobs]
            raw = {n: _number(self._schema[n]["type"], row[n]) for n in sorted(self._schema) if n not in blobs}
        except (TypeError, ValueError) as error:
            raise fail(RuntimeError, f"For 'FileWriter', a record does not fit the schema: {error}") from None
        blob = parts[0] if len(parts) == 1 else b"".join(len(p).to_bytes(8, "big") + p for p in parts)
        return blob, pack_map(raw or {"id": 0}), [raw.get(n) for n in self._index]

    def commit(self):
        """Writes the headers and renames the files to their final names.

        Raises:
            RuntimeError: there are no records yet.
        """
        if not self._schema:
            raise fail(RuntimeError, "For 'FileWriter', add_schema must come before commit.")
        self._open()
        self._committed = True
        schema = {"blob_fields": self._blobs(), "desc": self._desc, "schema": self._schema}
        for k, shard in enumerate(self._shards):
            shard.finish({
                "index_fields": [{"index_field": n, "schema_id": 0} for n in self._index], "schema": [schema],
                "shard_addresses": [os.path.basename(p) for p in self._paths], "shard_id": k, "statistics": None,
                "compression_size": 0, "version": "3.0", **self._sizes,
            }, {n: "TEXT" if self._schema[n]["type"] == "string" else "NUMERIC" for n in self._index})  # fmt: skip
        for shard in self._shards:
            os.replace(shard.part, shard.path)
            os.replace(f"{shard.part}.db", f"{shard.path}.db")
        self._shards = []


def _check_field(name: Any, field: Any) -> None:
    if not isinstance(name, str):
        raise fail(TypeError, f"For 'FileWriter', a column's name must be a str, but got {name!r}.")
    wrong, kind = ERRORS["MRMInvalidSchemaError"], field.get("type") if isinstance(field, dict) else None
    if not re.fullmatch(r"[0-9a-zA-Z_]+", name):
        raise fail(wrong, f"For 'FileWriter', a column's name has letters, digits and _, but got {name!r}.")
    shape = field.get("shape") if isinstance(field, dict) else None
    fits = kind in TYPES if shape is not None else kind in (*TYPES, "string", "bytes")
    if not fits or set(field) - {"type", "shape"} or not isinstance(shape, (list, type(None))):
        raise fail(wrong, f"For 'FileWriter', column '{name}' has no type and shape that are known, but got {field!r}.")
    if shape is not None and shape.count(-1) > 1:
        raise fail(ERRORS["MRMBuildSchemaError"], f"For 'FileWriter', one size of a shape may be -1, but '{name}' has {shape}.")


def _blob(field: dict, value) -> bytes:
    kind = field["type"]
    if kind == "bytes":
        if not isinstance(value, bytes):
            raise TypeError(f"bytes are needed, but got {type(value).__name__}.")
        return value
    if not isinstance(value, np.ndarray) or value.dtype != TYPES[kind]:
        raise TypeError(f"an array of {kind} is needed, but got {getattr(value, 'dtype', type(value).__name__)}.")
    array = np.ascontiguousarray(value)
    array.reshape(field["shape"])  # raises an error if the shape does not fit
    return pack_ints(array) if kind in ("int32", "int64") else array.tobytes()


_OF_KIND: dict[str, tuple[type, ...]] = {"string": (str,), "int32": (int, np.integer), "int64": (int, np.integer), "float32": (float, np.float32), "float64": (float,)}


def _number(kind: str, value):
    if not isinstance(value, _OF_KIND[kind]) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{kind} is needed, but got {type(value).__name__}.")
    if kind == "string":
        return str(value)
    if kind.startswith("float"):
        return float(value)
    number, most = int(value), np.iinfo(kind).max
    if not -most - 1 <= number <= most:
        raise ValueError(f"{number} is no {kind}.")
    return number


class _Shard:
    """A file being written: a BLOB page and a RAW page in turn, each pair one group of rows."""

    def __init__(self, path: str, header_size: int, page_size: int):
        self.path, self.part = path, f"{path}.part"
        self.header_size, self.page_size = header_size, page_size
        self.file = open(self.part, "wb")
        self.pages: list[dict] = []
        self.index: list[tuple] = []
        self.buffers = bytearray(), bytearray()

    def add(self, blob: bytes, raw: bytes, index: list) -> None:
        framed = [len(part).to_bytes(8, "little") + part for part in (blob, raw)]
        if max(map(len, framed)) > self.page_size:
            raise fail(
                ValueError,
                f"For 'FileWriter', a record is longer than a page of {self.page_size} bytes: set_page_size.",
            )
        if any(len(buffer) + len(part) > self.page_size for buffer, part in zip(self.buffers, framed)):
            self._flush()
        places = []
        for k, (buffer, part) in enumerate(zip(self.buffers, framed)):
            places += [len(self.pages) + k, len(buffer), len(buffer) + len(part)]
            buffer += part
        self.index.append((len(self.index), len(self.pages) // 2, *places, *index))

    def _flush(self) -> None:
        group = len(self.pages) // 2
        first = self.pages[-2]["end_row_id"] if self.pages else 0
        for buffer, kind, rows in zip(self.buffers, ("BLOB_DATA", "RAW_DATA"), ((first, len(self.index)), (0, 0))):
            self.file.seek(self.header_size + len(self.pages) * self.page_size)
            self.file.write(buffer)
            self.pages.append({
                "page_id": len(self.pages), "page_type": kind, "page_type_id": group, "page_size": len(buffer), "shard_id": 0,
                "start_row_id": rows[0], "end_row_id": rows[1], "row_group_ids": [{"id": group, "offset": 0}],
            })  # fmt: skip
            buffer.clear()

    def finish(self, header: dict, index_types: dict) -> None:
        self._flush()
        for page in self.pages:
            page["shard_id"] = header["shard_id"]
        text = json.dumps({**header, "page": self.pages}).encode()
        if len(text) + 8 > self.header_size:
            raise fail(ValueError, f"For 'FileWriter', the header needs {len(text) + 8} bytes: set_header_size.")
        self.file.seek(0)
        self.file.write(len(text).to_bytes(8, "little") + text)
        self.file.close()
        Path(f"{self.part}.db").unlink(missing_ok=True)
        columns = [f"INC_{k} INT, {name}_0 {kind}" for k, (name, kind) in enumerate(index_types.items())]
        with contextlib.closing(sqlite3.connect(f"{self.part}.db")) as database, database:
            places = ", ".join(f"{name} INT NOT NULL" for name in PLACES.split(", "))
            database.execute(f"CREATE TABLE INDEXES (ROW_ID INT NOT NULL PRIMARY KEY, ROW_GROUP_ID INT NOT NULL, "
                             f"{', '.join([places, *columns])})")  # fmt: skip
            database.execute("CREATE TABLE SHARD_NAME (NAME TEXT NOT NULL)")
            database.execute("INSERT INTO SHARD_NAME VALUES (?)", (os.path.basename(self.path),))
            for row in self.index:
                values = [*row[:8], *(v for value in row[8:] for v in (0, value))]
                database.execute(f"INSERT INTO INDEXES VALUES ({', '.join('?' * len(values))})", values)


globals().update(ERRORS)
__all__ = ["FAILED", "SUCCESS", "FileReader", "FileWriter", *ERRORS]

from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
