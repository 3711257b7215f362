"""TFRecord files: a frame of lengths around records, each a protobuf message ``Example`` of named lists.

Both formats take a page, TensorFlow takes a gigabyte: they are read here.  The layout of an ``Example`` is
``features: {name: bytes_list | float_list | int64_list}``, each list with its values in field 1, packed or not.
"""

import gzip
import itertools
import os
import struct
import zlib
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..columns import names
from ..rows import Rows
from ..samplers import Shuffle, select
from .base import Read, Source, matching_files
from .schema import Schema

_KINDS = {1: "bytes", 2: "float", 3: "int64"}
_OPENERS: dict[str | None, Any] = {None: open, "": open, "GZIP": gzip.open}


# ---------------------------------------------------------------- protobuf
def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than ten bytes")


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """(number, content) of the fields of a message: bytes, or an int."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError(f"a field of the wire type {wire}")
        if at + size > len(data):
            raise ValueError("a field that ends after the record")
        yield key >> 3, data[at : at + size]
        at += size


def _numbers(parts: list) -> np.ndarray:
    values: list[int] = []
    for part in parts:
        if isinstance(part, int):
            values.append(part)
            continue
        at = 0
        while at < len(part):
            value, at = _varint(part, at)
            values.append(value)
    return np.array(values, np.uint64).astype(np.int64)


def _feature(data: bytes) -> tuple[str, Any]:
    """(kind, values) of a feature: bytes as a list, numbers as an array."""
    for number, content in _fields(data):
        parts = [value for field, value in _fields(content) if field == 1]
        kind = _KINDS.get(number)
        if kind == "bytes":
            return kind, parts
        if kind == "float":
            return kind, np.frombuffer(b"".join(parts), "<f4")
        if kind == "int64":
            return kind, _numbers(parts)
    return "bytes", []


def example(data: bytes) -> dict[str, tuple[str, Any]]:
    """The features of a record.

    Args:
        data: bytes of the message ``Example``.

    Returns:
        dict {name: (kind, values)}; kind is "bytes" (a list of bytes), "float" (float32) or "int64" (int64).

    Raises:
        ValueError: it is no such message.
        IndexError: it ends too early.

    >>> example(bytes.fromhex("0a0d 0a0b 0a0178 1206 1a04 0a020507"))
    {'x': ('int64', array([5, 7]))}
    """
    found = {}
    for features in (content for number, content in _fields(data) if number == 1):
        for entry in (content for number, content in _fields(features) if number == 1):
            pair = dict(_fields(entry))
            found[pair.get(1, b"").decode()] = _feature(pair.get(2, b""))
    return found


# ---------------------------------------------------------------- frames
class _File:
    """A file of records: where each begins, and the bytes of each."""

    def __init__(self, path: str, opener):
        self.path = path
        try:
            with opener(path, "rb") as file:
                self.content = file.read()
        except (OSError, EOFError, zlib.error) as error:
            raise fail(RuntimeError, f"The file {path} cannot be read: {error}") from None
        self.places: list[tuple[int, int]] = []
        at = 0
        while at < len(self.content):  # length, its checksum, the record, its checksum
            if at + 12 > len(self.content):
                raise self.damaged()
            (size,) = struct.unpack_from("<Q", self.content, at)
            if at + 16 + size > len(self.content):
                raise self.damaged()
            self.places.append((at + 12, at + 12 + size))
            at += 16 + size

    def damaged(self, why: str = "a record ends after the file") -> Exception:
        return fail(RuntimeError, f"The file {self.path} is not a valid TFRecord file: {why}.")

    def read(self, number: int) -> dict[str, tuple[str, Any]]:
        begin, end = self.places[number]
        try:
            return example(self.content[begin:end])
        except (ValueError, IndexError, TypeError, AttributeError) as error:
            raise self.damaged(f"record {number} is no Example: {error}") from None


def _in_turn(places: list[tuple[int, int]], workers: int) -> list[tuple[int, int]]:
    """(file, record) of so many files in turn, the next file after one that ends, as MindSpore's workers read them."""
    waiting = deque(deque(group) for _, group in itertools.groupby(places, lambda place: place[0]))
    reading = [waiting.popleft() for _ in range(min(workers, len(waiting)))]
    order = []
    while reading:
        for records in reading:
            order.append(records.popleft())
        following = [records or (waiting.popleft() if waiting else None) for records in reading]
        reading = [records for records in following if records]
    return order


def _value(kind: str, values: Any, column: dict | None) -> np.ndarray:
    """The array of a feature, of the type and shape that the column is declared to have."""
    wanted = column["type"] if column else {"bytes": "uint8", "float": "float32", "int64": "int64"}[kind]
    if kind == "bytes" and wanted == "string":
        array = np.array([value.decode() for value in values])
    elif kind == "bytes":  # several values are padded to one length with blanks
        longest = max(map(len, values), default=0)
        array = np.frombuffer(b"".join(value.ljust(longest) for value in values), np.uint8)
        array = array.astype(wanted)
    else:
        array = values.astype(wanted)
    shape = column.get("shape") if column else None
    return array.copy() if shape is None else array.reshape(shape)


class TFRecordDataset(Source):
    """The records of TFRecord files, which are messages ``Example``.

    Args:
        dataset_files: path, pattern as "data/*.tfrecord", or a list of them.
        schema: Schema, or the path of a JSON file, with the types and shapes of the columns.  Default: None, for those of
            the first record: int64, float32, and uint8 for bytes; each of one dimension.
        columns_list: list of the columns wanted, in this order.  Default: None, for all, sorted by name or as in
            ``schema``.
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: None.
        shuffle: bool or Shuffle, whether in random order; without, one row of each file in turn.  Default: Shuffle.GLOBAL.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        shard_equal_rows: bool, whether shards are rows, as many for each, in place of whole files.  Default: False.
        cache: accepted.
        compression_type: "", "GZIP" or "ZLIB".  Default: None, as "".

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: no files, a pattern matches none, or an unknown ``compression_type``.
        RuntimeError: when it is read: a damaged file, a missing column, or values that do not fit ``schema``.

    >>> import os, struct, tempfile
    >>> import minispore.dataset as ds
    >>> record = bytes.fromhex("0a0d 0a0b 0a0178 1206 1a04 0a020507")  # an Example {"x": [5, 7]}
    >>> path = os.path.join(tempfile.mkdtemp(), "a.tfrecord")
    >>> with open(path, "wb") as file:
    ...     _ = file.write(struct.pack("<Q", len(record)) + bytes(4) + record + bytes(4))
    >>> [row["x"].tolist() for row in ds.TFRecordDataset(path).create_dict_iterator(num_epochs=1)]
    [[5, 7]]
    """

    def __init__(self, dataset_files, schema=None, columns_list=None, num_samples=None, num_parallel_workers=None,
                 shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None, shard_equal_rows=False, cache=None,
                 compression_type=None):  # fmt: skip
        owner = "TFRecordDataset"
        self.dataset_files = sorted(matching_files(owner, dataset_files))
        if compression_type not in (None, "", "GZIP", "ZLIB"):
            raise fail(ValueError, f"For '{owner}', 'compression_type' must be '', 'GZIP' or 'ZLIB', but got {compression_type!r}.")  # fmt: skip
        checks.boolean(owner, shard_equal_rows=shard_equal_rows)
        if schema is not None and not isinstance(schema, Schema):
            if not os.path.isfile(checks.string(owner, schema=schema)):
                raise fail(ValueError, f"For '{owner}', there is no file {schema}.")
            schema = Schema(schema)
            schema.columns.sort(key=lambda column: column["name"])  # as MindSpore, which keeps a Schema's own order
        if columns_list is not None:
            checks.instance(owner, list, columns_list=columns_list)
        self.schema, self.columns_list = schema, names(owner, "columns_list", columns_list or None)
        self.compression_type, self.shard_equal_rows = compression_type, shard_equal_rows
        select(owner, num_samples, None, shuffle, num_shards, shard_id)  # checks them
        self._shard = None if num_shards is None else (num_shards, shard_id)
        if num_samples is None and schema is not None and schema.num_rows:
            num_samples = schema.num_rows
        super().__init__(self.columns_list or [], num_samples, num_parallel_workers, shuffle, None, None, None, cache)
        self._files: list[_File] = []

    def _columns(self):
        self._all()
        return self._names

    def _load(self) -> Rows:
        self._files = [_File(path, self._opener) for path in self.dataset_files]
        places = [(k, number) for k, file in enumerate(self._files) for number in range(len(file.places))]
        if not places:
            raise fail(RuntimeError, f"For 'TFRecordDataset', there are no records in {self.dataset_files}.")
        declared = {column["name"]: column for column in self.schema.columns} if self.schema else {}
        self._names = self._wanted(list(declared) or sorted(self._files[places[0][0]].read(places[0][1])))
        order = _in_turn(self._of_shard(places), self.num_parallel_workers or len(self._files))
        return Read(len(order), lambda k: self._row(*order[k], declared))

    def _opener(self, path: str, mode: str):
        if self.compression_type == "ZLIB":
            return _Inflated(path)
        return _OPENERS[self.compression_type](path, mode)

    def _wanted(self, there: list[str]) -> list[str]:
        missing = [name for name in self.columns_list or () if name not in there]
        if missing:
            raise fail(RuntimeError, f"For 'TFRecordDataset', there are no columns {missing}: the columns are {there}.")
        return self.columns_list or there

    def _of_shard(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if self._shard is None:
            return places
        shards, number = self._shard
        if self.shard_equal_rows:
            count = -(-len(places) // shards)
            return [places[(number * count + k) % len(places)] for k in range(count)]
        if shards > len(self.dataset_files):
            raise fail(
                RuntimeError,
                f"For 'TFRecordDataset', {shards} shards need as many files, but got {len(self.dataset_files)}: see "
                "'shard_equal_rows'.",
            )
        return [place for place in places if place[0] % shards == number]

    def _row(self, file: int, number: int, declared: dict) -> tuple:
        features = self._files[file].read(number)
        row = []
        for name in self._names:
            if name not in features:
                raise self._files[file].damaged(f"record {number} has no column '{name}'")
            try:
                row.append(_value(*features[name], declared.get(name)))
            except ValueError as error:
                raise self._files[file].damaged(f"column '{name}' of record {number} does not fit the schema: {error}") from None  # fmt: skip
        return tuple(row)


class _Inflated:
    """A file in the ZLIB format, read as a whole."""

    def __init__(self, path: str):
        self._path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read(self) -> bytes:
        with open(self._path, "rb") as file:
            return zlib.decompress(file.read())


__all__ = ["TFRecordDataset"]
