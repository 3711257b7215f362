"""Sources in memory: Python objects with rows, arrays, and padding rows."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np

from ...core.dtype import to_dtype
from ...core.errors import fail, not_installed
from ...core.tensor import Tensor
from .. import checks
from ..columns import names
from ..mapping import check_workers, failed
from ..rows import Forward, Rows, Window, as_value
from ..samplers import PKSampler
from .base import Arrays, Read, Source
from .schema import Schema


class GeneratorDataset(Source):
    """Rows from a Python object.

    Args:
        source: an object with ``__getitem__`` and ``__len__`` (rows by number), an iterable, or a callable that returns
            an iterator. A row is a tuple of values, one for each column, or a single value. Python ints become int64,
            floats float64.
        column_names: str or list of str.  Default: None, where a ``schema`` has them.
        column_types: type or list of types that the values must have.  Default: None, for any.
        schema: Schema, or path of one, whose names and types of columns replace those of the two arguments; its shapes
            are not compared.  Default: None.
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads. With 1 (the default) rows are read one after the other, in order; with more,
            ``__getitem__`` is called by several threads.
        shuffle: bool, whether in random order; only with rows by number, like the next three.  Default: None, as True.
        sampler: Sampler, or row numbers.  Default: None.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        python_multiprocessing: accepted.
        max_rowsize: accepted.
        batch_sampler: iterable of lists of row numbers, each a batch.  Default: None.
        collate_fn: function that makes a batch of a list of rows.  Default: None, for stacking.

    Raises:
        TypeError: ``source`` gives no rows.
        ValueError: column names are missing, or a sampler without rows by number.
        RuntimeError: when it is read: the source raised, or rows do not fit the columns.

    >>> import minispore.dataset as ds
    >>> data = ds.GeneratorDataset([(1, 1.5), (2, 2.5)], ["number", "value"], shuffle=False)
    >>> for row in data.create_dict_iterator(num_epochs=1):
    ...     print(row["number"], row["value"])
    1 1.5
    2 2.5
    """

    def __init__(self, source, column_names=None, column_types=None, schema=None, num_samples=None,
                 num_parallel_workers=1, shuffle=None, sampler=None, num_shards=None, shard_id=None,
                 python_multiprocessing=True, max_rowsize=None, batch_sampler=None, collate_fn=None):  # fmt: skip
        if schema is not None:
            if not isinstance(schema, (str, Schema)):
                raise fail(
                    ValueError, f"For 'GeneratorDataset', 'schema' must be a Schema or a path, but got {schema!r}."
                )
            described = (Schema(schema) if isinstance(schema, str) else schema).columns
            column_names = [column["name"] for column in described]
            column_types = ["String" if column["type"] == "string" else column["type"] for column in described]
        if column_names is None:
            raise fail(ValueError, "For 'GeneratorDataset', 'column_names' (or a 'schema') is missing.")
        columns = names("GeneratorDataset", "column_names", column_names)
        source = list(source) if isinstance(source, zip) else source  # an epoch would use it up
        self._by_number = hasattr(source, "__getitem__") and hasattr(source, "__len__")
        if not (self._by_number or callable(source) or hasattr(source, "__iter__") or hasattr(source, "__next__")):
            raise fail(
                RuntimeError if hasattr(source, "__getitem__") else TypeError,
                "For 'GeneratorDataset', 'source' must have __getitem__ and __len__, or be iterable, or a callable that "
                f"returns an iterator, but got {type(source).__name__}.",
            )
        if not self._by_number:
            for name, value in (("sampler", sampler), ("num_shards", num_shards), ("shard_id", shard_id)):
                if value is not None:
                    raise fail(
                        ValueError, f"For 'GeneratorDataset', '{name}' needs a source with __getitem__ and __len__."
                    )
        check_workers("GeneratorDataset", python_multiprocessing, max_rowsize)
        if isinstance(sampler, PKSampler):
            raise fail(ValueError, "For 'GeneratorDataset', PKSampler is not supported: the source has no labels.")
        if batch_sampler is not None:
            others = (sampler, num_samples, shuffle, num_shards, shard_id)
            if not self._by_number or any(other is not None for other in others):
                raise fail(
                    ValueError,
                    "For 'GeneratorDataset', 'batch_sampler' needs rows by number, and excludes 'sampler', 'num_samples', "
                    "'shuffle', 'num_shards' and 'shard_id'.",
                )
            if not hasattr(batch_sampler, "__iter__") and not hasattr(batch_sampler, "__getitem__"):
                raise fail(
                    TypeError, f"For 'GeneratorDataset', 'batch_sampler' must be iterable, not {batch_sampler!r}."
                )
        if collate_fn is not None and batch_sampler is None:
            raise fail(ValueError, "For 'GeneratorDataset', 'collate_fn' needs 'batch_sampler'.")
        if collate_fn is not None and not callable(collate_fn):
            raise fail(TypeError, f"For 'GeneratorDataset', 'collate_fn' must be callable, but got {collate_fn!r}.")
        super().__init__(columns, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)
        self.source, self.num_samples = source, num_samples
        self._batch_sampler, self._collate = batch_sampler, collate_fn
        types = column_types if isinstance(column_types, (list, tuple)) else [column_types] * len(self._names)
        self._types = [None if t is None else np.dtype(str) if str(t) == "String" else to_dtype(t).np for t in types]
        if len(self._types) != len(self._names):
            raise fail(
                ValueError,
                f"For 'GeneratorDataset', {len(self._names)} 'column_types' are needed, but got {len(self._types)}.",
            )

    def _load(self):
        return Read(len(self.source), self._read, serial=(self.num_parallel_workers or 1) == 1)

    def _read(self, number: int) -> tuple:
        try:
            row = self.source[number]
        except Exception as error:
            raise failed("GeneratorDataset", self.source, error) from error
        return self._row(row)

    def _row(self, row: Any) -> tuple:
        values = tuple(row) if isinstance(row, (tuple, list, Generator)) else (row,)
        if len(values) != len(self._names):
            raise fail(
                RuntimeError,
                f"For 'GeneratorDataset', 'source' must give one value for each column {self._names}, but got {len(values)}.",
            )
        made = []
        for value, dtype in zip(values, self._types):
            array = as_value(value, "GeneratorDataset")
            if not isinstance(array, dict):
                array = np.array(array)  # a copy, so that changes do not reach the source
                if dtype is not None and array.dtype != dtype and not array.dtype.kind == dtype.kind == "U":
                    raise fail(
                        RuntimeError,
                        f"For 'GeneratorDataset', type of returned data should be same with specified column_types: "
                        f"'source' gave {array.dtype}, specified column type: {dtype}. Convert the value in 'source'.",
                    )
            made.append(array)
        return tuple(made)

    def _iterate(self) -> Iterator[Any]:
        try:
            made = self.source() if callable(self.source) else self.source
            for row in made:
                values = self._row(row)
                yield lambda values=values: values
        except RuntimeError:
            raise
        except Exception as error:
            raise failed("GeneratorDataset", self.source, error) from error

    def _batches(self) -> Iterator[Any]:
        for chosen in self._batch_sampler:

            def batch(chosen=chosen) -> tuple:
                rows = [self._read(int(number)) for number in chosen]
                if self._collate is None:
                    return tuple(np.stack(column) for column in zip(*rows))
                try:
                    made = self._collate(rows)
                except Exception as error:
                    raise failed("GeneratorDataset", self._collate, error) from error
                return self._row(made)

            yield batch

    def _rows(self, epoch) -> Rows:
        if self._batch_sampler is not None:
            return Forward(self._batches())
        if self._by_number:
            return super()._rows(epoch)
        return Window(Forward(self._iterate()), 0, self.num_samples or None)

    def _size(self):
        if self._batch_sampler is not None:
            return len(self._batch_sampler) if hasattr(self._batch_sampler, "__len__") else None
        return super()._size() if self._by_number else None


class NumpySlicesDataset(Source):
    """The rows of arrays in memory: the slices along their first axis.

    Args:
        data: an array or a list: one column; a tuple of them or a dict {name: values}, a pandas DataFrame or an Arrow
            table: several.
        column_names: str or list of str.  Default: None, for "column_0", "column_1" ... or the keys.
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: 1.
        shuffle: bool, whether in random order.  Default: None, as True unless there is a ``sampler``.
        sampler: Sampler, or row numbers, in place of the others.  Default: None.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.

    Raises:
        TypeError: ``data`` is none of these.
        ValueError: it is empty, or columns differ in length or number of names.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [[1, 2], [3, 4]], "y": [0, 1]}, shuffle=False)
    >>> [row["x"].tolist() for row in data.create_dict_iterator(num_epochs=1)]
    [[1, 2], [3, 4]]
    """

    def __init__(self, data, column_names=None, num_samples=None, num_parallel_workers=1, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None):  # fmt: skip
        data = columns_of(data)
        if not isinstance(data, (list, tuple, dict, np.ndarray)):
            raise fail(
                TypeError,
                "For 'NumpySlicesDataset', 'data' must be a list, tuple, dict or array, a DataFrame or an Arrow table, but "
                f"got {type(data).__name__}.",
            )
        if not len(data):
            raise fail(ValueError, "For 'NumpySlicesDataset', 'data' must not be empty.")
        columns = list(data.values()) if isinstance(data, dict) else list(data) if isinstance(data, tuple) else [data]
        default = list(data) if isinstance(data, dict) else [f"column_{number}" for number in range(len(columns))]
        chosen = names("NumpySlicesDataset", "column_names", column_names) or default
        if len(chosen) != len(columns):
            raise fail(
                ValueError,
                f"For 'NumpySlicesDataset', {len(columns)} 'column_names' are needed, but got {len(chosen)}.",
            )
        self._data = [_column(column) for column in columns]
        if len({len(column) for column in self._data}) != 1:
            lengths = [len(column) for column in self._data]
            raise fail(ValueError, f"For 'NumpySlicesDataset', columns must have one length, but got {lengths}.")
        super().__init__(chosen, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)

    def _load(self):
        return Arrays(self._data)


def columns_of(table: Any) -> Any:
    """The columns of an Arrow table or pandas DataFrame as a dict; anything else as it is.

    Args:
        table: known by its methods, so that neither library is imported.

    Returns:
        dict {name: array or list}, or ``table``.
    """
    if hasattr(table, "column_names") and hasattr(table, "to_pydict"):  # Arrow; a column of lists becomes one of rows
        nested = {
            name: str(table.schema.field(name).type).startswith(("list", "fixed_size", "large_list"))
            for name in table.column_names
        }
        return {
            name: table[name].to_pylist() if nested[name] else table[name].to_numpy() for name in table.column_names
        }
    if hasattr(table, "columns") and hasattr(table, "iloc"):
        return {str(name): table[name].to_numpy() for name in table.columns}
    return table


class ParquetDataset(NumpySlicesDataset):
    """The rows of Parquet files, read by pyarrow when the dataset is made.

    Args:
        dataset_files: path, or a list of paths, read one after the other; a directory stands for the files in it.
        columns_list: list of str, the columns to read.  Default: None, for all.
        num_samples: int, at most so many rows.  Default: None, for all.
        num_parallel_workers: int, threads.  Default: 1.
        shuffle: bool, whether in random order.  Default: None, as True unless there is a ``sampler``.
        sampler: Sampler, or row numbers, in place of the others.  Default: None.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.

    Raises:
        ImportError: pyarrow is not installed.
        ValueError: there is no such file, or a file has no such column or no rows.

    >>> import minispore.dataset as ds
    >>> ds.ParquetDataset("no_such_file.parquet")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ValueError: For 'ParquetDataset', there is no file 'no_such_file.parquet'.
    """

    def __init__(self, dataset_files, columns_list=None, num_samples=None, num_parallel_workers=1, shuffle=None,
                 sampler=None, num_shards=None, shard_id=None):  # fmt: skip
        given = dataset_files if isinstance(dataset_files, (list, tuple)) else [dataset_files]
        for path in given:
            checks.instance("ParquetDataset", (str, os.PathLike), dataset_files=path)
            if not os.path.exists(path):
                raise fail(ValueError, f"For 'ParquetDataset', there is no file '{os.fspath(path)}'.")
        try:
            from pyarrow import concat_tables, parquet
        except ImportError as error:
            raise not_installed("'ParquetDataset'", "pyarrow", "pyarrow") from error
        chosen = names("ParquetDataset", "columns_list", columns_list)
        tables = [parquet.read_table(path) for path in given]
        for path, table in zip(given, tables):
            missing = [name for name in chosen or () if name not in table.column_names]
            if missing:
                raise fail(
                    ValueError,
                    f"For 'ParquetDataset', '{os.fspath(path)}' has no column {missing[0]!r}, but {table.column_names}.",
                )
        table = concat_tables([t.select(chosen) if chosen else t for t in tables])
        super().__init__(table, None, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)


def _column(values: Any) -> Any:
    if isinstance(values, Tensor):
        return values.asnumpy()
    if isinstance(values, np.ndarray):
        if values.ndim and values.dtype != object:
            return values
    elif not isinstance(values, (list, tuple)):
        raise fail(
            TypeError,
            f"For 'NumpySlicesDataset', a column must be a list or an array, but got {type(values).__name__}.",
        )
    try:
        array = np.asarray(list(values))
        if array.dtype != object:
            return array
    except ValueError:
        pass  # rows of different lengths
    return [np.array(as_value(value, "NumpySlicesDataset")) for value in values]


class PaddedDataset(Source):
    """Rows to be put behind others with ``+``, so that their number suits the shards.

    Args:
        padded_samples: list of dicts {column: array} with the same keys.

    Raises:
        TypeError: it is not a list, or holds something else.
        ValueError: it is empty.
        RuntimeError: when it is read: a sample lacks a column.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
    >>> padding = ds.PaddedDataset([{"x": 0}])
    >>> made = data + padding
    >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
    [1, 2, 3, 4, 5, 0]
    """

    def __init__(self, padded_samples):
        checks.instance("PaddedDataset", list, padded_samples=padded_samples)
        if not padded_samples:
            raise fail(ValueError, "For 'PaddedDataset', 'padded_samples' must hold at least one dict.")
        for sample in padded_samples:
            checks.instance("PaddedDataset", dict, padded_samples=sample)
        super().__init__(list(padded_samples[0]), None, None, False, None, None, None)
        self._samples = padded_samples
        self.padded_samples = padded_samples

    def _load(self):
        try:
            rows = [[np.array(sample[name]) for sample in self._samples] for name in self._names]
        except KeyError as error:
            raise fail(RuntimeError, f"For 'PaddedDataset', a sample has no column {error}.") from None
        return Arrays(rows)
