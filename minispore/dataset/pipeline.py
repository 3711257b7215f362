"""The operations of a pipeline that choose, order and join rows: nodes that compute an epoch from those of their children."""

from collections.abc import Sequence
from itertools import accumulate, islice
from typing import Any

import numpy as np

from ..core.errors import fail
from . import checks
from .columns import distinct, names, positions, replaced
from .dataset import Dataset
from .draws import generator
from .mapping import failed
from .node import PipelineNode
from .rows import Chained, Epoch, Forward, Mapped, Reordered, Rows, Window, Zipped, blocks, in_rows, row_tasks
from .samplers import DistributedSampler, RandomSampler, Sampler, check_count, select


def _sampled(rows: Rows, sampler: Sampler, epoch: Epoch) -> Rows:
    """The rows that a sampler chooses; those that cannot be reached by position are prepared all."""
    if rows.size is not None:
        return Reordered(rows, sampler.indices(rows.size, epoch))
    tasks = list(row_tasks(rows))
    return Forward(tasks[at] for at in sampler.indices(len(tasks), epoch))


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
        if child._conditions():
            raise fail(RuntimeError, "For 'shuffle': No shuffle after sync operators, because it reads rows ahead.")
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


class TransferDataset(Dataset):
    """What ``Dataset.device_que`` makes: the rows as a device would get them. There is none, so nobody reads them here.

    Args:
        child: Dataset.
        send_epoch_end: bool, accepted.
        create_data_info_queue: bool, accepted.
        queue_name: str, by which MindSpore's operations find the rows.

    >>> import minispore.dataset as ds
    >>> ds.NumpySlicesDataset({"x": [1, 2]}).device_que().get_dataset_size()
    2
    """

    def __init__(self, child, send_epoch_end=True, create_data_info_queue=False, queue_name=""):
        super().__init__(child)
        checks.boolean("device_que", send_epoch_end=send_epoch_end, create_data_info_queue=create_data_info_queue)
        self.queue_name = checks.string("device_que", queue_name=queue_name)

    def _rows(self, epoch):
        return self.children[0]._rows(epoch)

    def _unread(self, *args, **kwargs):
        raise fail(
            RuntimeError, "TransferDataset has no rows to read: use the dataset that 'device_que' was called of."
        )

    create_dict_iterator = create_tuple_iterator = output_shapes = output_types = __iter__ = _unread


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
        return self.children[0].get_repeat_count() if self.count == 1 else self.count

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
        passes = [child._rows(epoch.repeated(self.count, number)) for number in range(self.count)]
        return _chained(passes)


def _endless(child: PipelineNode, epoch: Epoch):
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
            for row in zip(*map(in_rows, task())):
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
        if columns is None:
            raise fail(TypeError, "For 'project', 'columns' must be a str or a list of str, but got None.")
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
        if input_columns is None or output_columns is None:
            raise fail(
                TypeError, "For 'rename', 'input_columns' and 'output_columns' must be str or lists, but got None."
            )
        old = names("rename", "input_columns", input_columns) or []
        new = names("rename", "output_columns", output_columns) or []
        if len(old) != len(new):
            raise fail(
                ValueError,
                f"For 'rename', as many new names as old ones are needed, but got {len(new)} for {len(old)}.",
            )
        columns = child._columns()
        at = positions("rename", old, columns)
        self._names = distinct("rename", replaced(columns, at, new, in_place=True))

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
        self._names = distinct("zip", [name for child in datasets for name in child._columns()])

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

    Raises:
        TypeError: something is not a dataset.
        RuntimeError: there is one only, or the columns differ; when it is read: in type or number of axes.

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
        if len(datasets) < 2:
            raise fail(RuntimeError, "For 'concat', at least two datasets are needed, but got one.")
        super().__init__(*datasets)
        self._sampler: Any = None

    def use_sampler(self, new_sampler):
        """Takes a sampler for the rows of all parts together.

        Args:
            new_sampler: RandomSampler without ``replacement`` and ``num_samples``, or DistributedSampler without ``shuffle``
                and ``num_samples``, whose shards are then rows shard_id, shard_id + num_shards, ..., none of them twice.

        Raises:
            TypeError: another sampler, or the parts are batches.
            ValueError: a sampler with ``shuffle``, ``replacement`` or ``num_samples``.
        """
        if any(child.get_batch_size() != 1 for child in self.children):
            raise fail(TypeError, "For 'concat', batches cannot be sampled: give the sampler before 'batch'.")
        if isinstance(new_sampler, DistributedSampler):
            if new_sampler.shuffle or new_sampler.num_samples is not None:
                raise fail(
                    ValueError, "For 'concat', a DistributedSampler must have shuffle=False and no 'num_samples'."
                )
        elif not isinstance(new_sampler, RandomSampler):
            raise fail(
                TypeError,
                f"For 'concat', the sampler must be a DistributedSampler or RandomSampler, but got {new_sampler!r}.",
            )
        elif new_sampler.replacement or new_sampler.num_samples is not None:
            raise fail(ValueError, "For 'concat', a RandomSampler must have replacement=False and no 'num_samples'.")
        self._sampler, self._counted = new_sampler, None

    def _size(self):
        sizes = [child._size() for child in self.children]
        counted = [size for size in sizes if size is not None]
        if len(counted) < len(sizes):
            return None
        if self._sampler is None:
            return -1 if min(counted) < 0 else sum(counted)
        return self._rows(self._first_epoch()).size

    def _rows(self, epoch):
        kinds: list[tuple] = []

        def check(block: list, index: np.ndarray) -> list:
            found = [(getattr(c[0], "dtype", None), np.ndim(c[0])) for c in block]
            found = [("str" if dtype is not None and dtype.kind in "US" else dtype, rank) for dtype, rank in found]
            kinds.append(tuple(found))
            if kinds[0] != kinds[-1]:
                raise fail(
                    RuntimeError,
                    f"For 'concat', the columns {self._columns()} must have one type and number of axes in all parts, but "
                    f"got {found} and {list(kinds[0])}.",
                )
            del kinds[1:]
            return block

        rows = _chained([Mapped(child._rows(epoch), check) for child in self.children])
        if self._sampler is None:
            return rows
        if isinstance(self._sampler, DistributedSampler):
            first, step = self._sampler.shard_id, self._sampler.num_shards
            if rows.size is None:
                return Forward(islice(row_tasks(rows), first, None, step))
            return Reordered(rows, np.arange(first, rows.size, step))
        return _sampled(rows, self._sampler, epoch)


class _SubsetDataset(Dataset):
    """A part of a ``split``: the same rows in every epoch; all parts use one seed, so they are disjoint."""

    def __init__(self, child, start, stop, seed):
        super().__init__(child)
        self.start, self.stop, self.seed = start, stop, seed
        self._sampler: Any = None

    def use_sampler(self, new_sampler):
        self._sampler = select("split", None, new_sampler, None, None, None)

    def _size(self):
        return self.stop - self.start if self._sampler is None else self._rows(self._first_epoch()).size

    def _rows(self, epoch):
        rows = self._part(epoch)
        return rows if self._sampler is None else _sampled(rows, self._sampler, epoch)

    def _part(self, epoch):
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
    if not checks.instance("split", list, sizes=sizes):
        raise fail(ValueError, "For 'split', 'sizes' must be a list of ints or floats, but got [].")
    checks.boolean("split", randomize=randomize)
    if any(getattr(node, "_sharded", False) for node in dataset._nodes()):
        raise fail(RuntimeError, "For 'split', the dataset must not be sharded: give the parts a DistributedSampler.")
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
        counts = [round(size * total) for size in sizes]
        left = total - sum(counts)  # by rounding; missing rows go to the first part, or leave the first that has more
        takes = next((k for k, count in enumerate(counts) if count + left > 0), None)
        if min(counts) <= 0 or takes is None:
            raise fail(RuntimeError, f"For 'split', {total} rows are too few for {list(sizes)}.")
        counts[takes] += left
    else:
        raise fail(ValueError, f"For 'split', 'sizes' must be all ints or all floats, but got {list(sizes)}.")
    seed = dataset._seed() if randomize else None
    ends = list(accumulate(counts))
    return [_SubsetDataset(dataset, stop - count, stop, seed) for count, stop in zip(counts, ends)]
