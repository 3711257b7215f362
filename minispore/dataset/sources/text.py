"""Sources of text: lines, and comma-separated values. The files are read as a whole when rows are first needed."""

import csv
import io
import re

import numpy as np

from ...core.errors import fail
from .. import checks
from ..columns import names
from ..samplers import Shuffle
from .base import Arrays, Source, matching_files


def read_text(owner: str, path: str) -> str:
    """The content of a file in UTF-8; a RuntimeError that names it where there is none."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise fail(RuntimeError, f"For '{owner}', the file {path} cannot be read as text: {error}") from None


class TextFileDataset(Source):
    r"""The lines of text files (UTF-8) that are not empty, without their ends: one column "text".

    Args:
        dataset_files: path, pattern as "data/*.txt", or a list of them.
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: None.
        shuffle: bool or Shuffle, whether in random order.  Default: Shuffle.GLOBAL.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        cache: accepted.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: no files, or a pattern matches none.
        RuntimeError: a file is not UTF-8.

    >>> import os, tempfile
    >>> import minispore.dataset as ds
    >>> path = os.path.join(tempfile.mkdtemp(), "a.txt")
    >>> with open(path, "w") as file:
    ...     _ = file.write("one\ntwo\n")
    >>> data = ds.TextFileDataset(path, shuffle=False)
    >>> [str(row["text"]) for row in data.create_dict_iterator(num_epochs=1)]
    ['one', 'two']
    """

    _in_blocks = True

    def __init__(self, dataset_files, num_samples=None, num_parallel_workers=None, shuffle=Shuffle.GLOBAL,
                 num_shards=None, shard_id=None, cache=None):  # fmt: skip
        self.dataset_files = sorted(matching_files("TextFileDataset", dataset_files))
        super().__init__(["text"], num_samples, num_parallel_workers, shuffle, None, num_shards, shard_id, cache)

    def _load(self):
        lines = [
            np.array(line) for path in self.dataset_files for line in _lines(read_text("TextFileDataset", path)) if line
        ]
        return Arrays([lines])


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


class CSVDataset(Source):
    r"""The records of comma-separated files.

    Args:
        dataset_files: path, pattern, or a list of them.
        field_delim: str, the one character between fields.  Default: ",".
        column_defaults: list of one value for each column, of the type that it is to have: int (int32), float
            (float32), str; further columns are str.  Default: None, for all str.
        column_names: list of str.  Default: None, for the fields of the first line, which then is no record.
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: None.
        shuffle: bool or Shuffle, whether in random order.  Default: Shuffle.GLOBAL.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        cache: accepted.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: no files, or a pattern matches none.
        RuntimeError: when it is read: a record has another number of fields than there are columns, or no number
            where one must be.

    >>> import os, tempfile
    >>> import minispore.dataset as ds
    >>> path = os.path.join(tempfile.mkdtemp(), "a.txt")
    >>> with open(path, "w") as file:
    ...     _ = file.write("name,age\nAda,36\n")
    >>> row = next(ds.CSVDataset(path, column_defaults=["", 0]).create_dict_iterator(output_numpy=True))
    >>> str(row["name"]), int(row["age"])
    ('Ada', 36)
    """

    _in_blocks = True

    def __init__(self, dataset_files, field_delim=",", column_defaults=None, column_names=None, num_samples=None,
                 num_parallel_workers=None, shuffle=Shuffle.GLOBAL, num_shards=None, shard_id=None, cache=None):  # fmt: skip
        self.dataset_files = sorted(matching_files("CSVDataset", dataset_files))
        checks.string("CSVDataset", field_delim=field_delim)
        if not isinstance(field_delim, str) or len(field_delim) != 1 or field_delim in '"\r\n':
            raise fail(ValueError, f"For 'CSVDataset', 'field_delim' must be one character, but got {field_delim!r}.")
        for default in checks.instance("CSVDataset", (list, type(None)), column_defaults=column_defaults) or ():
            checks.instance("CSVDataset", (int, float, str), column_defaults=default)
        self.field_delim, self.column_defaults = field_delim, column_defaults
        self._header = not column_names
        columns = names("CSVDataset", "column_names", column_names or None)
        if columns is None:
            first = read_text("CSVDataset", self.dataset_files[0]).split("\n", 1)[0]
            columns = next(_records(self.dataset_files[0], first, field_delim), [])
        super().__init__(columns, num_samples, num_parallel_workers, shuffle, None, num_shards, shard_id, cache)
        if column_defaults is not None and len(column_defaults) > len(columns):
            raise fail(
                RuntimeError,
                f"For 'CSVDataset', there are {len(columns)} columns, but {len(column_defaults)} 'column_defaults'.",
            )

    def _load(self):
        columns: list[list] = [[] for _ in self._names]
        defaults = [*(self.column_defaults or ()), *[""] * len(columns)]
        for path in self.dataset_files:
            records = _records(path, read_text("CSVDataset", path), self.field_delim)
            for number, record in enumerate(records, 1):
                if not record or (number == 1 and self._header):
                    continue
                if len(record) != len(columns):
                    raise fail(
                        RuntimeError,
                        f"For 'CSVDataset', line {number} of {path} must have {len(columns)} fields, but got {len(record)}.",
                    )
                for column, field, default in zip(columns, record, defaults):
                    try:
                        column.append(_field(field, default))
                    except (ValueError, OverflowError):
                        raise fail(
                            RuntimeError,
                            f"For 'CSVDataset', line {number} of {path} must have a number like {default!r}, but got '{field}'.",
                        ) from None
        return Arrays(columns)


def _records(path: str, text: str, delimiter: str):
    try:
        if '"' in text:  # Python's reader takes quotation marks within a field
            other = f'[^"\\r\\n{re.escape(delimiter)}]*'
            field = f'(?:"(?:[^"]|"")*"|{other})'
            if not re.fullmatch(f"{field}(?:(?:{re.escape(delimiter)}|\\r?\\n){field})*", text):
                raise csv.Error("a quotation mark must be at the beginning or end of a field, or doubled within")
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise fail(RuntimeError, f"For 'CSVDataset', the file {path} is damaged, or no such file: {error}.") from None


def _field(text: str, default):
    return np.array(type(default)(text), {int: np.int32, float: np.float32}.get(type(default)))
