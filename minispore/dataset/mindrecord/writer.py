"""``FileWriter``: records into files, after a schema."""

import os
import re
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from .errors import ERRORS
from .file import TYPES, RecordFile, check_name, opened, values_of
from .shard import Shard
from .values import pack_ints, pack_map


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
        check_name("FileWriter", file_name)
        name = os.fspath(file_name)
        if not isinstance(shard_num, int) or not 1 <= shard_num <= 1000:
            raise fail(
                ERRORS["ParamValueError"],
                f"For 'FileWriter', 'shard_num' must be an int in [1, 1000], but got {shard_num!r}.",
            )
        if not isinstance(overwrite, bool):
            raise fail(
                ERRORS["ParamValueError"], f"For 'FileWriter', 'overwrite' must be a bool, but got {overwrite!r}."
            )
        paths = [name] if shard_num == 1 else [f"{name}{k:0{len(str(shard_num - 1))}d}" for k in range(shard_num)]
        self._overwrite, self._appends, self._committed = overwrite, False, False
        self._paths, self._desc = paths, ""
        self._schema: dict[str, dict] = {}
        self._shards: list[Shard] = []
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
        >>> from minispore.mindrecord import FileReader, FileWriter
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
        writer._shards = [Shard(p, **writer._sizes) for p in writer._paths]
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
            raise fail(
                RuntimeError,
                f"For 'FileWriter', '{name}' must be in [{least}, {most}], and a multiple of 4, but got {size}.",
            )
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
                ERRORS["MRMInvalidSchemaError"],
                f"For 'FileWriter', the schema must be a dict of columns, but got {content!r}.",
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
                ERRORS["ParamTypeError"],
                f"For 'FileWriter', 'index_fields' must be a list of str, but got {index_fields!r}.",
            )
        if not self._schema:
            raise fail(ERRORS["MRMGetMetaError"], "For 'FileWriter', add_schema must come before add_index.")
        if arrays := sorted(set(index_fields) & set(self._blobs())):
            raise fail(
                ERRORS["MRMDefineIndexError"],
                f"For 'FileWriter', {arrays} are no numbers or strings, which an index has.",
            )
        unknown = [n for n in index_fields if n not in self._schema]
        if unknown or len(set(index_fields)) < len(index_fields):
            raise fail(
                RuntimeError,
                f"For 'FileWriter', the index {unknown or index_fields} must hold columns of the schema, each once.",
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
        self._shards = [Shard(path, **self._sizes) for path in self._paths]

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
        raise fail(
            ERRORS["MRMBuildSchemaError"], f"For 'FileWriter', one size of a shape may be -1, but '{name}' has {shape}."
        )


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


_OF_KIND: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "int32": (int, np.integer),
    "int64": (int, np.integer),
    "float32": (float, np.float32),
    "float64": (float,),
}


def _number(kind: str, value: Any):
    taken: Any = _OF_KIND[kind]
    if not isinstance(value, taken) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{kind} is needed, but got {type(value).__name__}.")
    if kind == "string":
        return str(value)
    if kind.startswith("float"):
        return float(value)
    number, most = int(value), np.iinfo(kind).max
    if not -most - 1 <= number <= most:
        raise ValueError(f"{number} is no {kind}.")
    return number
