"""The operations of a pipeline: nodes that compute the rows of an epoch from those of their children."""

import traceback
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from ..core import checks
from ..core.errors import fail
from .dataset import Dataset, names, positions
from .draws import Draws, current, derive, generator
from .rows import (
    Block,
    Chained,
    Epoch,
    Forward,
    Mapped,
    Reordered,
    Rows,
    Window,
    Zipped,
    as_value,
    blocks,
    row_tasks,
    stacked,
)
from .samplers import check_count
from .transforms.base import Compose, Transform


def failed(owner: str, function: Any, error: Exception) -> Exception:
    """The RuntimeError for an exception in a user's function: the original is its cause, and its traceback is in the message.

    Args:
        owner: str, the operation's name for the message.
        function: the user's function.
        error: Exception.

    Returns:
        Exception.
    """
    if hasattr(error, "user_function"):
        return error  # converted already, by a node below
    name = getattr(function, "__name__", type(function).__name__)
    trace = "".join(traceback.format_exception(error))
    made = RuntimeError(f"For '{owner}', '{name}' raised {type(error).__name__}: {error}\n{trace}")
    made.user_function = function  # type: ignore[attr-defined]
    return made


class MapDataset(Dataset):
    """What ``Dataset.map`` makes.

    Args:
        child: Dataset.
        operations: as in ``Dataset.map``, like all that follow.
        input_columns: str or list of str.
        output_columns: str or list of str.
        num_parallel_workers: int.
        python_multiprocessing: accepted.
        cache: accepted.
        callbacks: accepted.
        max_rowsize: accepted.
        offload: accepted.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, shuffle=False).map(lambda x: x * 10, "x")
    >>> isinstance(data, ds.MapDataset), [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    (True, [10, 20, 30])
    """

    def __init__(self, child, operations, input_columns, output_columns, num_parallel_workers,
                 python_multiprocessing=False, cache=None, callbacks=None, max_rowsize=None, offload=None):  # fmt: skip
        super().__init__(child, num_parallel_workers=num_parallel_workers)
        listed = (
            list(operations) if isinstance(operations, (list, tuple)) else [] if operations is None else [operations]
        )
        self.operations: list[Any] = []
        for operation in listed:
            if not callable(operation):
                raise fail(ValueError, f"For 'map', 'operations' must be callable, but got {operation!r}.")
            self.operations += operation.flat() if isinstance(operation, Compose) else [operation]
        columns = child._columns()
        self.inputs = names("map", "input_columns", input_columns) or columns[:1]
        self.outputs = names("map", "output_columns", output_columns) or self.inputs
        self._at = positions("map", self.inputs, columns)
        if len(self.inputs) == len(self.outputs):  # the outputs take the places of the inputs
            renamed = dict(zip(self.inputs, self.outputs))
            self._names = [renamed.get(name, name) for name in columns]
        else:
            self._names = self.outputs + [name for name in columns if name not in self.inputs]
        if len(set(self._names)) != len(self._names):
            raise fail(RuntimeError, f"For 'map', the columns of the result must differ, but got {self._names}.")
        own = any(not isinstance(operation, Transform) for operation in self.operations)
        self._random = any(getattr(operation, "random", True) for operation in self.operations)
        self._serial = own and (num_parallel_workers or 1) == 1

    def _columns(self):
        return self._names

    def _rows(self, epoch):
        key = epoch.key(self._depth)

        def change(block: Block, index: np.ndarray) -> Block:
            index = index.astype(np.uint64)
            return self._apply(block, derive(key, index) if self._random else index)

        return Mapped(self.children[0]._rows(epoch), change, self._serial)

    def _apply(self, block: Block, keys: np.ndarray) -> Block:
        columns = [block[at] for at in self._at]
        for number, operation in enumerate(self.operations):
            own = derive(keys, number) if getattr(operation, "random", True) else keys
            at_once = len(columns) == 1 and isinstance(operation, Transform) and operation.takes_block
            column = stacked(columns[0]) if at_once else None
            done = None if column is None else operation.block(column, Draws(own))
            columns = self._by_row(operation, columns, own) if done is None else [done]
        if len(columns) != len(self.outputs):
            raise fail(
                RuntimeError,
                f"For 'map', the operations must return one value for each of {self.outputs}, but got {len(columns)}.",
            )
        columns = [c if isinstance(c, np.ndarray) else [as_value(v, "map") for v in c] for c in columns]
        if len(self.inputs) == len(self.outputs):
            block = list(block)
            for at, column in zip(self._at, columns):
                block[at] = column
            return block
        return columns + [column for at, column in enumerate(block) if at not in self._at]

    def _by_row(self, operation: Callable, columns: Block, keys: np.ndarray) -> Block:
        results = []
        try:
            for key, *values in zip(keys.tolist(), *columns):
                current.draws = Draws(key)
                results.append(operation(*values))
        except Exception as error:
            raise failed("map", operation, error) from error
        finally:
            current.draws = None
        if isinstance(results[0], tuple):
            widths = {len(r) if isinstance(r, tuple) else 1 for r in results}
            if len(widths) > 1:
                raise fail(
                    RuntimeError, f"For 'map', an operation returned {sorted(widths)} values for different rows."
                )
            return [list(column) for column in zip(*results)]
        return [results]


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
        if not callable(batch_size):
            if isinstance(batch_size, bool) or not isinstance(batch_size, (int, np.integer)):
                raise fail(
                    TypeError, f"For 'batch', 'batch_size' must be an int or a callable, but got {batch_size!r}."
                )
            check_count("batch", "batch_size", batch_size, 1)
        checks.boolean("batch", drop_remainder=drop_remainder)
        if per_batch_map is not None and not callable(per_batch_map):
            raise fail(TypeError, "For 'batch', 'per_batch_map' must be callable.")
        self.batch_size, self.drop_remainder = batch_size, drop_remainder
        self.per_batch_map, self.pad_info = per_batch_map, pad_info
        columns = child._columns()
        self.inputs = names("batch", "input_columns", input_columns) or (columns if per_batch_map else [])
        self.outputs = names("batch", "output_columns", output_columns) or self.inputs
        self._at = positions("batch", self.inputs, columns)
        if pad_info:
            positions("batch", list(pad_info), columns)
        if len(self.inputs) == len(self.outputs):
            renamed = dict(zip(self.inputs, self.outputs))
            self._names = [renamed.get(name, name) for name in columns]
        else:
            self._names = self.outputs + [name for name in columns if name not in self.inputs]

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
                starts.append(starts[-1] + int(self.batch_size(BatchInfo(epoch.number, len(starts) - 1))))
            return starts[number], starts[number + 1]

        def collate(block: Block, number: int) -> Block:
            if self.per_batch_map is not None:
                block = self._change(block, BatchInfo(epoch.number, number))
            return [self._stack(name, column) for name, column in zip(self._names, block)]

        rows = self.children[0]._rows(epoch)
        size = None
        if rows.size is not None and not callable(self.batch_size):
            size = rows.size // self.batch_size if self.drop_remainder else -(-rows.size // self.batch_size)
        return _Batched(rows, size, bounds, self.drop_remainder, collate)

    def _change(self, block: Block, info: BatchInfo) -> Block:
        assert self.per_batch_map is not None
        try:
            results = self.per_batch_map(*[list(block[at]) for at in self._at], info)
        except Exception as error:
            raise failed("batch", self.per_batch_map, error) from error
        results = results if isinstance(results, tuple) else (results,)
        if len(results) != len(self.outputs):
            raise fail(
                RuntimeError,
                f"For 'batch', 'per_batch_map' must return one list for each of {self.outputs}, but got {len(results)}.",
            )
        made = [list(map(lambda v: as_value(v, "batch"), result)) for result in results]
        if len(self.inputs) == len(self.outputs):
            block = list(block)
            for at, column in zip(self._at, made):
                block[at] = column
            return block
        return made + [column for at, column in enumerate(block) if at not in self._at]

    def _stack(self, name: str, column: Any) -> Any:
        if self.pad_info is not None and (name in self.pad_info or not self.pad_info):
            column = pad(column, *(self.pad_info.get(name) or (None, 0)))
        made = stacked(column)
        if made is None:
            if isinstance(column[0], dict):
                return {key: self._stack(name, [row[key] for row in column]) for key in column[0]}
            kinds = sorted({f"{v.dtype} {v.shape}" for v in column})[:3]
            raise fail(
                RuntimeError,
                f"For 'batch', the rows of a batch must have one shape and type, but column '{name}' has {', '.join(kinds)}. "
                "Use padded_batch, or drop_remainder and Resize.",
            )
        return made


def pad(column: Any, shape: Sequence | None, value: Any = None) -> list[np.ndarray]:
    """The values of a column, truncated or padded to one shape.

    Args:
        column: list of arrays.
        shape: list of ints and None, for the longest; None for the longest along every axis.
        value: what fills.  Default: None, for 0 or "".

    Returns:
        list of arrays.

    Raises:
        RuntimeError: a shape of other dimensions.

    >>> [a.tolist() for a in pad([np.array([1]), np.array([2, 3])], None)]
    [[1, 0], [2, 3]]
    """
    longest = [max(lengths) for lengths in zip(*[v.shape for v in column])]
    if shape is not None and len(shape) != len(longest):
        raise fail(
            RuntimeError,
            f"For 'padded_batch', the shape must have {len(longest)} dimensions as the column, but got {list(shape)}.",
        )
    wanted = [n if w is None else int(w) for n, w in zip(longest, shape or [None] * len(longest))]
    result = []
    for v in column:
        filled = np.full(wanted, ("" if v.dtype.kind == "U" else 0) if value is None else value, v.dtype)
        common = tuple(slice(min(n, w)) for n, w in zip(v.shape, wanted))
        filled[common] = v[common]
        result.append(filled)
    return result


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
            length = len(values[0]) if self.length is None else int(self.length(*values))
            number = int(np.searchsorted(self.boundaries, length, side="right"))
            buckets[number].append(row)
            if len(buckets[number]) == self.sizes[number]:
                yield self._batch(buckets[number], number)
                buckets[number] = []
        if not self.drop:
            for number, bucket in enumerate(buckets):
                if bucket:
                    yield self._batch(bucket, number)

    def _batch(self, rows, number):
        def run() -> tuple:
            made = []
            for name, column in zip(self._columns(), zip(*rows)):
                shape, value = self.pad_info.get(name) or (None, 0)
                if self.to_boundary and name in self.columns and number < len(self.boundaries):
                    shape = [self.boundaries[number] - 1, *column[0].shape[1:]]
                made.append(np.stack(pad(column, shape, value)))
            return tuple(made)

        return run


class ShuffleDataset(Dataset):
    """What ``Dataset.shuffle`` makes.

    Args:
        child: Dataset.
        buffer_size: int, at least 2.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, shuffle=False).shuffle(3)
    >>> isinstance(data, ds.ShuffleDataset), sorted(int(row["x"]) for row in data.create_dict_iterator(num_epochs=1))
    (True, [1, 2, 3])
    """

    def __init__(self, child, buffer_size):
        super().__init__(child)
        check_count("shuffle", "buffer_size", buffer_size, 2, none=False)
        self.buffer_size = buffer_size

    def _rows(self, epoch):
        rows, rng = self.children[0]._rows(epoch), epoch.generator(self._depth)
        if rows.size is None:
            return Forward(self._drawn(row_tasks(rows), rng))
        if self.buffer_size >= rows.size:
            return Reordered(rows, rng.permutation(rows.size))
        return Reordered(rows, np.fromiter(self._drawn(iter(range(rows.size)), rng), np.int64, rows.size))

    def _drawn(self, items, rng):
        """Shuffles items with a buffer of limited size: each is drawn from the buffer, which is then refilled."""
        buffer = []
        for item in items:
            buffer.append(item)
            if len(buffer) == self.buffer_size:
                at = int(rng.integers(len(buffer)))
                buffer[at], buffer[-1] = buffer[-1], buffer[at]
                yield buffer.pop()
        for at in rng.permutation(len(buffer)):
            yield buffer[at]


class RepeatDataset(Dataset):
    """What ``Dataset.repeat`` makes.

    Args:
        child: Dataset.
        count: int or None.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2]}, shuffle=False).repeat(2)
    >>> isinstance(data, ds.RepeatDataset), [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    (True, [1, 2, 1, 2])
    """

    def __init__(self, child, count):
        super().__init__(child)
        check_count("repeat", "count", count, -1)
        if count == 0:
            raise fail(ValueError, "For 'repeat', 'count' must be -1 or positive, but got 0.")
        self.count = -1 if count is None else count

    def get_repeat_count(self):
        return self.count

    def get_dataset_size(self):
        """The number of rows of all passes; of one pass if they have no end.

        Returns:
            int.
        """
        return self.children[0].get_dataset_size() if self.count < 0 else super().get_dataset_size()

    def _size(self):
        rows = self.children[0]._size()
        return -1 if self.count < 0 else None if rows is None else rows if rows < 0 else rows * self.count

    def _rows(self, epoch):
        child = self.children[0]
        if self.count < 0:
            return Forward(_endless(child, epoch))
        passes = [child._rows(Epoch(epoch.seed, epoch.number * self.count + number)) for number in range(self.count)]
        return _chained(passes)


def _endless(child: Dataset, epoch: Epoch):
    number = 0
    while True:
        empty = True
        for task in row_tasks(child._rows(Epoch(epoch.seed, number))):
            empty = False
            yield task
        if empty:
            return
        number += 1


def _chained(parts: list[Rows]) -> Rows:
    if all(part.size is not None for part in parts):
        return Chained(parts)
    return Forward(task for part in parts for task in row_tasks(part))


class WindowDataset(Dataset):
    """What ``Dataset.take`` and ``Dataset.skip`` make.

    Args:
        child: Dataset.
        start: int, the first row.
        count: int, how many; None for all that follow.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, shuffle=False).skip(1)
    >>> isinstance(data, ds.SkipDataset), [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    (True, [2, 3])
    """

    def __init__(self, child, start, count):
        super().__init__(child)
        self.start, self.count = start, count

    def _size(self):
        rows = self.children[0]._size()
        if rows is None or rows < 0:
            return self.count if rows is not None and self.count is not None else rows
        left = max(rows - self.start, 0)
        return left if self.count is None else min(left, self.count)

    def _rows(self, epoch):
        return Window(self.children[0]._rows(epoch), self.start, self.count)


class FilterDataset(Dataset):
    """What ``Dataset.filter`` makes.

    Args:
        child: Dataset.
        predicate: function.
        input_columns: str or list of str.
        num_parallel_workers: int.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, shuffle=False).filter(lambda x: x != 2)
    >>> isinstance(data, ds.FilterDataset), [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    (True, [1, 3])
    """

    def __init__(self, child, predicate, input_columns, num_parallel_workers):
        super().__init__(child, num_parallel_workers=num_parallel_workers)
        if not callable(predicate):
            raise fail(TypeError, f"For 'filter', 'predicate' must be callable, but got {type(predicate).__name__}.")
        self.predicate = predicate
        self._at = positions(
            "filter", names("filter", "input_columns", input_columns) or child._columns(), child._columns()
        )

    def _size(self):
        return None

    def _rows(self, epoch):
        return Forward(self._filtered(epoch))

    def _filtered(self, epoch):
        for _, task in blocks(self.children[0]._rows(epoch)):
            for row in zip(*task()):
                try:
                    keep = bool(self.predicate(*[row[at] for at in self._at]))
                except Exception as error:
                    raise failed("filter", self.predicate, error) from error
                if keep:
                    yield lambda row=row: row


class FlatMapDataset(Dataset):
    """What ``Dataset.flat_map`` makes.

    Args:
        child: Dataset.
        func: function.
    """

    def __init__(self, child, func):
        super().__init__(child)
        if not callable(func):
            raise fail(TypeError, f"For 'flat_map', 'func' must be callable, but got {type(func).__name__}.")
        self.func = func
        self._known: list[str] | None = None

    def _size(self):
        return None

    def _columns(self):
        if self._known is None:
            row = next(row_tasks(self.children[0]._rows(self._first_epoch())))()
            self._known = self.func(*row)._columns()
        return self._known

    def _rows(self, epoch):
        return Forward(
            task
            for row in row_tasks(self.children[0]._rows(epoch))
            for task in row_tasks(self.func(*row())._rows(epoch))
        )


class ProjectDataset(Dataset):
    """What ``Dataset.project`` makes.

    Args:
        child: Dataset.
        columns: str or list of str.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1], "y": [2]}).project("y")
    >>> isinstance(data, ds.ProjectDataset), data.get_col_names()
    (True, ['y'])
    """

    def __init__(self, child, columns):
        super().__init__(child)
        self.columns = names("project", "columns", columns) or []
        self._at = positions("project", self.columns, child._columns())

    def _columns(self):
        return self.columns

    def _rows(self, epoch):
        return Mapped(self.children[0]._rows(epoch), lambda block, index: [block[at] for at in self._at])


class RenameDataset(Dataset):
    """What ``Dataset.rename`` makes.

    Args:
        child: Dataset.
        input_columns: str or list of str.
        output_columns: str or list of str.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1], "y": [2]}).rename("y", "z")
    >>> isinstance(data, ds.RenameDataset), data.get_col_names()
    (True, ['x', 'z'])
    """

    def __init__(self, child, input_columns, output_columns):
        super().__init__(child)
        old = names("rename", "input_columns", input_columns) or []
        new = names("rename", "output_columns", output_columns) or []
        if len(old) != len(new):
            raise fail(
                ValueError,
                f"For 'rename', as many new names as old ones are needed, but got {len(new)} for {len(old)}.",
            )
        positions("rename", old, child._columns())
        renamed = dict(zip(old, new))
        self._names = [renamed.get(name, name) for name in child._columns()]
        if len(set(self._names)) != len(self._names):
            raise fail(RuntimeError, f"For 'rename', the columns must differ, but got {self._names}.")

    def _columns(self):
        return self._names

    def _rows(self, epoch):
        return self.children[0]._rows(epoch)


class ZipDataset(Dataset):
    """Datasets side by side: what ``minispore.dataset.zip`` and ``Dataset.zip`` make.

    Args:
        datasets: tuple of datasets.

    >>> import minispore.dataset as ds
    >>> a, b = (ds.NumpySlicesDataset({name: [1, 2]}, shuffle=False) for name in "xy")
    >>> isinstance(ds.zip((a, b)), ds.ZipDataset), ds.zip((a, b)).get_col_names()
    (True, ['x', 'y'])
    """

    def __init__(self, datasets):
        checks.instance("zip", tuple, datasets=datasets)
        if len(datasets) < 2:
            raise fail(ValueError, f"For 'zip', at least two datasets are needed, but got {len(datasets)}.")
        for dataset in datasets:
            if not isinstance(dataset, Dataset):
                raise fail(TypeError, f"For 'zip', 'datasets' must hold datasets, but got {type(dataset).__name__}.")
        super().__init__(*datasets)
        self._names = [name for child in datasets for name in child._columns()]
        if len(set(self._names)) != len(self._names):
            raise fail(RuntimeError, f"For 'zip', the columns must differ, but got {self._names}: rename some.")

    def _columns(self):
        return self._names

    def _size(self):
        sizes = [child._size() for child in self.children]
        if None in sizes:
            return None
        return min((size for size in sizes if size is not None and size >= 0), default=-1)

    def _rows(self, epoch):
        return Zipped([child._rows(epoch) for child in self.children])


class ConcatDataset(Dataset):
    """Datasets one after the other: what ``Dataset.concat`` and ``+`` make.

    Args:
        datasets: list of datasets.

    >>> import minispore.dataset as ds
    >>> a, b = (ds.NumpySlicesDataset({"x": x}, shuffle=False) for x in ([1, 2], [3]))
    >>> isinstance(a + b, ds.ConcatDataset), (a + b).get_dataset_size()
    (True, 3)
    """

    def __init__(self, datasets):
        for dataset in datasets:
            if not isinstance(dataset, Dataset):
                raise fail(TypeError, f"For 'concat', 'datasets' must hold datasets, but got {type(dataset).__name__}.")
            if dataset._columns() != datasets[0]._columns():
                raise fail(
                    RuntimeError,
                    f"For 'concat', the columns must be the same, but got {datasets[0]._columns()} and {dataset._columns()}.",
                )
        super().__init__(*datasets)
        self._sampler: Any = None

    def use_sampler(self, new_sampler):
        """Takes a sampler for the rows of all parts together.

        Args:
            new_sampler: Sampler.
        """
        self._sampler = new_sampler

    def _size(self):
        if self._sampler is not None:
            return self._rows(self._first_epoch()).size
        sizes = [child._size() for child in self.children]
        counted = [size for size in sizes if size is not None]
        if len(counted) < len(sizes):
            return None
        return -1 if min(counted) < 0 else sum(counted)

    def _rows(self, epoch):
        rows = _chained([child._rows(epoch) for child in self.children])
        if self._sampler is None:
            return rows
        if rows.size is None:
            raise fail(RuntimeError, "For 'concat', a sampler needs parts whose rows can be reached by position.")
        return Reordered(rows, self._sampler.indices(rows.size, epoch))


class _SubsetDataset(Dataset):
    """A part of a ``split``: the same rows in every epoch; all parts use one seed, so they are disjoint."""

    def __init__(self, child, start, stop, seed):
        super().__init__(child)
        self.start, self.stop, self.seed = start, stop, seed

    def _size(self):
        return self.stop - self.start

    def _rows(self, epoch):
        rows = self.children[0]._rows(epoch if self.seed is None else Epoch(epoch.seed, 0))
        if self.seed is None:
            return Window(rows, self.start, self.stop - self.start)
        tasks = list(row_tasks(rows)) if rows.size is None else []
        order = generator(self.seed).permutation(rows.size or len(tasks))[self.start : self.stop]
        return Reordered(rows, order) if rows.size is not None else Forward(tasks[at] for at in order)


def split(dataset: Dataset, sizes: Sequence, randomize: bool) -> list[Dataset]:
    """Parts of a dataset that share no row: ``Dataset.split``.

    Args:
        dataset: Dataset.
        sizes: list of ints, or of floats that sum to 1.
        randomize: bool, whether the rows are dealt out at random.

    Returns:
        list of datasets.
    """
    if not isinstance(sizes, (list, tuple)) or not sizes:
        raise fail(TypeError, f"For 'split', 'sizes' must be a list of ints or floats, but got {sizes!r}.")
    total = dataset.get_dataset_size()
    if total <= 0:
        raise fail(RuntimeError, "For 'split', the dataset must have rows, and an end.")
    if all(isinstance(size, int) and not isinstance(size, bool) for size in sizes):
        counts = list(sizes)
        if min(counts) <= 0:
            raise fail(ValueError, f"For 'split', 'sizes' must be positive, but got {counts}.")
        if sum(counts) != total:
            raise fail(
                RuntimeError, f"For 'split', 'sizes' must sum to the number of rows, {total}, but got {sum(counts)}."
            )
    elif all(isinstance(size, float) for size in sizes):
        if min(sizes) <= 0 or abs(sum(sizes) - 1) > 1e-9:
            raise fail(ValueError, f"For 'split', fractions must be positive and sum to 1, but got {list(sizes)}.")
        counts = [max(round(size * total), 1) for size in sizes]
        for number in range(abs(total - sum(counts))):  # the first parts absorb the rounding difference
            counts[number % len(counts)] += 1 if sum(counts) < total else -1
        if min(counts) <= 0:
            raise fail(RuntimeError, f"For 'split', {total} rows are too few for {list(sizes)}.")
    else:
        raise fail(TypeError, f"For 'split', 'sizes' must be all ints or all floats, but got {list(sizes)}.")
    seed = dataset._seed() if randomize else None
    ends = list(accumulate(counts))
    return [_SubsetDataset(dataset, stop - count, stop, seed) for count, stop in zip(counts, ends)]
