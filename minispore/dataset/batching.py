"""``batch`` and its kin: rows put together, also padded and by length."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import fail
from . import checks
from .columns import distinct, names, positions, replaced
from .dataset import Dataset
from .mapping import check_workers, failed
from .padding import pad
from .rows import Block, Forward, Rows, as_value, in_rows, row_tasks, stacked
from .samplers import check_count


class BatchInfo:
    """The argument of ``per_batch_map`` and of a callable batch size.

    Args:
        epoch: int, the number of the epoch.
        number: int, the number of the batch.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, shuffle=False).batch(lambda info: info.get_batch_num() + 1)
    >>> [row["x"].tolist() for row in data.create_dict_iterator(num_epochs=1)]
    [[1], [2, 3]]
    """

    def __init__(self, epoch: int, number: int):
        self._epoch, self._number = epoch, number

    def get_batch_num(self) -> int:
        """The number of the batch in its epoch.

        Returns:
            int from 0.
        """
        return self._number

    def get_epoch_num(self) -> int:
        """The number of the epoch.

        Returns:
            int from 0.
        """
        return self._epoch


def _takes(function: Callable, count: int) -> bool:
    """Whether a function can be called with so many arguments; True where it does not say."""
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:
        pass
    return True


class _Batched(Rows):
    """Batches of rows; ``bounds(b)`` gives (first row, end) of batch b."""

    def __init__(self, rows: Rows, size: int | None, bounds: Callable, drop: bool, collate: Callable):
        self._rows, self._bounds, self._drop, self._collate = rows, bounds, drop, collate
        self.size = size

    def prepare(self, index):
        ready = []
        for number in index.tolist():
            lo, hi = self._bounds(number)
            count, task = self._rows.prepare(np.arange(lo, hi))
            if not count or (self._drop and count < hi - lo):
                break
            ready.append((number, task))

        def run() -> Block:
            return [list(column) for column in zip(*[self._collate(task(), number) for number, task in ready])]

        return len(ready), run


class BatchDataset(Dataset):
    """What ``Dataset.batch`` and ``Dataset.padded_batch`` make.

    Args:
        child: Dataset.
        batch_size: as in ``Dataset.batch``, like all that follow.
        drop_remainder: bool.
        num_parallel_workers: int.
        per_batch_map: function.
        input_columns: str or list of str.
        output_columns: str or list of str.
        pad_info: dict.
        python_multiprocessing: accepted.
        max_rowsize: accepted.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, shuffle=False).batch(2)
    >>> isinstance(data, ds.BatchDataset), [row["x"].tolist() for row in data.create_dict_iterator(num_epochs=1)]
    (True, [[1, 2], [3]])
    """

    def __init__(self, child, batch_size, drop_remainder=False, num_parallel_workers=None, per_batch_map=None,
                 input_columns=None, output_columns=None, pad_info=None, python_multiprocessing=False, max_rowsize=None):  # fmt: skip
        super().__init__(child, num_parallel_workers=num_parallel_workers)
        check_workers("batch", python_multiprocessing, max_rowsize)
        if pad_info is not None:
            check_pad_info("padded_batch", pad_info)
        if per_batch_map is None and input_columns is not None:
            raise fail(ValueError, "For 'batch', 'input_columns' needs 'per_batch_map'.")
        if not callable(batch_size):
            if not isinstance(batch_size, (int, np.integer)):
                raise fail(
                    TypeError, f"For 'batch', 'batch_size' must be an int or a callable, but got {batch_size!r}."
                )
            batch_size = int(batch_size)  # True is a batch of one row
            check_count("batch", "batch_size", batch_size, 1)
        elif not _takes(batch_size, 1):
            raise fail(ValueError, "For 'batch', a callable 'batch_size' must take one argument, a BatchInfo.")
        checks.boolean("batch", drop_remainder=drop_remainder)
        if per_batch_map is not None and not callable(per_batch_map):
            raise fail(ValueError, f"For 'batch', 'per_batch_map' must be callable, but got {per_batch_map!r}.")
        self.batch_size, self.drop_remainder = batch_size, drop_remainder
        self.per_batch_map, self.pad_info = per_batch_map, pad_info
        columns = child._columns()
        self.inputs = names("batch", "input_columns", input_columns) or (columns if per_batch_map else [])
        self.outputs = (names("batch", "output_columns", output_columns) if per_batch_map else None) or self.inputs
        if per_batch_map is not None and input_columns is not None and not _takes(per_batch_map, len(self.inputs) + 1):
            raise fail(
                ValueError,
                f"For 'batch', 'per_batch_map' must take {len(self.inputs) + 1} arguments: one for each of {self.inputs} "
                "('input_columns'), and a BatchInfo.",
            )
        self._at = positions("batch", self.inputs, columns)
        if pad_info:
            positions("batch", list(pad_info), columns)
        in_place = len(self.inputs) == len(self.outputs)
        self._names = distinct("batch", replaced(columns, self._at, self.outputs, in_place))

    def _columns(self):
        return self._names

    def get_batch_size(self):
        return -1 if callable(self.batch_size) else int(self.batch_size)

    def _size(self):
        rows = self.children[0]._size()
        if rows is None or callable(self.batch_size):
            return None
        return rows if rows < 0 else rows // self.batch_size if self.drop_remainder else -(-rows // self.batch_size)

    def _rows(self, epoch):
        starts = [0]

        def bounds(number: int) -> tuple[int, int]:
            if not callable(self.batch_size):
                return number * self.batch_size, (number + 1) * self.batch_size
            while len(starts) < number + 2:
                starts.append(starts[-1] + self._next_size(BatchInfo(epoch.number // epoch.laps, len(starts) - 1)))
            return starts[number], starts[number + 1]

        def collate(block: Block, number: int) -> Block:
            if self.per_batch_map is not None:
                block = self._change(block, BatchInfo(epoch.number // epoch.laps, number))
            return [self._stack(name, column) for name, column in zip(self._names, block)]

        rows = self.children[0]._rows(epoch)
        size = None
        if rows.size is not None and not callable(self.batch_size):
            size = rows.size // self.batch_size if self.drop_remainder else -(-rows.size // self.batch_size)
        return _Batched(rows, size, bounds, self.drop_remainder, collate)

    def _next_size(self, info: BatchInfo) -> int:
        try:
            size = self.batch_size(info)
        except Exception as error:
            raise failed("batch", self.batch_size, error) from error
        if not isinstance(size, (int, np.integer)) or size <= 0:
            raise fail(RuntimeError, f"For 'batch', 'batch_size' must return a positive int, but returned {size!r}.")
        return int(size)

    def _change(self, block: Block, info: BatchInfo) -> Block:
        assert self.per_batch_map is not None
        try:
            results = self.per_batch_map(*[list(in_rows(block[at])) for at in self._at], info)
        except Exception as error:
            raise failed("batch", self.per_batch_map, error) from error
        results = results if isinstance(results, tuple) else (results,)
        if len(results) != len(self.outputs):
            raise fail(
                RuntimeError,
                f"For 'batch', 'per_batch_map' must return one list for each of {self.outputs}, but got {len(results)}.",
            )
        if any(
            not isinstance(result, (list, tuple, np.ndarray)) or len(result) != len(results[0]) for result in results
        ):
            raise fail(RuntimeError, "For 'batch', 'per_batch_map' must return lists of one length, one for a column.")
        made = [list(map(lambda v: as_value(v, "batch"), result)) for result in results]
        if len(made[0]) != len(block[0]):
            raise fail(
                RuntimeError,
                f"For 'batch', 'per_batch_map' must return as many rows as it gets, {len(block[0])}, but got {len(made[0])}.",
            )
        return replaced(block, self._at, made, len(self.inputs) == len(self.outputs))

    def _stack(self, name: str, column: Any) -> Any:
        if self.pad_info is not None and (name in self.pad_info or not self.pad_info):
            column = pad(column, *(self.pad_info.get(name) or (None, None)))
        return _together("batch", name, column)


def _together(owner: str, name: str, column: Any) -> Any:
    """A column of a batch as one array, or a dict of such."""
    made = stacked(column)
    if made is None:
        if isinstance(column[0], dict):
            return {key: _together(owner, name, [row[key] for row in column]) for key in column[0]}
        kinds = sorted({f"{v.dtype} {v.shape}" for v in column})[:3]
        raise fail(
            RuntimeError,
            f"For '{owner}', the rows of a batch must have one shape and type, but column '{name}' has {', '.join(kinds)}. "
            "Use padded_batch, or drop_remainder and Resize.",
        )
    return made


def check_pad_info(owner: str, pad_info: Any) -> None:
    """Checks ``{column: (shape, value)}``.

    Args:
        owner: str, the operation's name for the message.
        pad_info: dict of tuples.

    Raises:
        TypeError: something else.
        ValueError: a tuple of another length, or a length of 0.
    """
    checks.instance(owner, dict, pad_info=pad_info)
    for name, pair in pad_info.items():
        checks.string(owner, pad_info=name)
        if pair is None:
            continue
        if not isinstance(pair, tuple):
            raise fail(TypeError, f"For '{owner}', 'pad_info' must hold tuples (shape, value), but got {pair!r}.")
        if len(pair) != 2:
            raise fail(ValueError, f"For '{owner}', 'pad_info' must hold tuples (shape, value), but got {pair!r}.")
        for length in checks.instance(owner, (list, type(None)), pad_info=pair[0]) or ():
            check_count(owner, "pad_info", length, 1)
        checks.instance(owner, (int, float, str, bytes, type(None)), pad_info=pair[1])


class BucketBatchByLengthDataset(Dataset):
    """What ``Dataset.bucket_batch_by_length`` makes.

    Args:
        child: Dataset.
        column_names: as in ``Dataset.bucket_batch_by_length``, like all that follow.
        bucket_boundaries: list of ints.
        bucket_batch_sizes: list of ints.
        element_length_function: function.
        pad_info: dict.
        pad_to_bucket_boundary: bool.
        drop_remainder: bool.

    >>> import minispore.dataset as ds
    >>> data = ds.GeneratorDataset([([1],), ([1, 2, 3],), ([4],)], "x", shuffle=False)
    >>> made = data.bucket_batch_by_length(["x"], [2], [2, 1], len)
    >>> isinstance(made, ds.BucketBatchByLengthDataset)
    True
    >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
    [[[1, 2, 3]], [[1], [4]]]
    """

    def __init__(self, child, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function, pad_info,
                 pad_to_bucket_boundary, drop_remainder):  # fmt: skip
        super().__init__(child)
        owner = "bucket_batch_by_length"
        checks.instance(owner, list, column_names=column_names)
        for name, given in (("bucket_boundaries", bucket_boundaries), ("bucket_batch_sizes", bucket_batch_sizes)):
            for number in checks.instance(owner, list, **{name: given}):
                checks.positive_int(owner, **{name: number})
        if pad_info is not None:
            check_pad_info(owner, pad_info)
        checks.boolean(owner, pad_to_bucket_boundary=pad_to_bucket_boundary, drop_remainder=drop_remainder)
        self.columns = names("bucket_batch_by_length", "column_names", column_names) or []
        self._at = positions("bucket_batch_by_length", self.columns, child._columns())
        if list(bucket_boundaries) != sorted(set(bucket_boundaries)) or not bucket_boundaries:
            raise fail(ValueError, "For 'bucket_batch_by_length', 'bucket_boundaries' must increase strictly.")
        if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
            raise fail(
                ValueError,
                "For 'bucket_batch_by_length', 'bucket_batch_sizes' must have one more element than the boundaries.",
            )
        if element_length_function is None and len(self.columns) != 1:
            raise fail(
                ValueError,
                "For 'bucket_batch_by_length', 'element_length_function' is needed unless there is one column.",
            )
        if element_length_function is not None and not callable(element_length_function):
            raise fail(
                TypeError,
                f"For '{owner}', 'element_length_function' must be callable, but got {element_length_function!r}.",
            )
        self.boundaries, self.sizes, self.length = (
            list(bucket_boundaries),
            list(bucket_batch_sizes),
            element_length_function,
        )
        self.pad_info, self.to_boundary, self.drop = pad_info or {}, pad_to_bucket_boundary, drop_remainder

    def _size(self):
        return None

    def _rows(self, epoch):
        return Forward(self._batches(epoch))

    def _batches(self, epoch):
        buckets: list[list[tuple]] = [[] for _ in self.sizes]
        for task in row_tasks(self.children[0]._rows(epoch)):
            row = task()
            values = [row[at] for at in self._at]
            length = len(values[0]) if self.length is None else self._measured(values)
            number = int(np.searchsorted(self.boundaries, length, side="right"))
            buckets[number].append(row)
            if len(buckets[number]) == self.sizes[number]:
                yield self._batch(buckets[number], number)
                buckets[number] = []
        if not self.drop:
            for number, bucket in enumerate(buckets):
                if bucket:
                    yield self._batch(bucket, number)

    def _measured(self, values: list) -> int:
        try:
            length = self.length(*values)
        except Exception as error:
            raise failed("bucket_batch_by_length", self.length, error) from error
        if np.ndim(length) or not isinstance(length, (int, np.integer, np.ndarray)) or length < 0:
            raise fail(
                RuntimeError,
                f"For 'bucket_batch_by_length', 'element_length_function' must return an int from 0, but returned {length!r}.",
            )
        return int(length)

    def _batch(self, rows, number):
        def run() -> tuple:
            made = []
            for name, column in zip(self._columns(), zip(*rows)):
                if name in self.pad_info or not self.pad_info:
                    shape, value = self.pad_info.get(name) or (None, None)
                    column = tuple(pad(column, self._to_boundary(shape, number), value))
                made.append(_together("bucket_batch_by_length", name, column))
            return tuple(made)

        return run

    def _to_boundary(self, shape: Sequence | None, number: int) -> Sequence | None:
        if not self.to_boundary or shape is None or None not in shape:
            return shape
        if number == len(self.boundaries):
            raise fail(
                RuntimeError,
                "For 'bucket_batch_by_length', 'pad_to_bucket_boundary' needs all lengths below the last of "
                f"'bucket_boundaries', {self.boundaries[-1]}.",
            )
        return [self.boundaries[number] - 1 if length is None else length for length in shape]
