"""Dataset: a node of the data pipeline.  Its methods add further nodes; iterators run the pipeline."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import fail
from . import config
from .draws import fresh_seed
from .rows import Epoch, Rows, blocks
from .samplers import check_count


def names(owner: str, argument: str, value: Any) -> list[str] | None:
    """A column name or several, as a list."""
    if value is None:
        return None
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple)) or not all(isinstance(name, str) for name in listed):
        raise fail(TypeError, f"For '{owner}', '{argument}' must be a str or a list of str, but got {value!r}.")
    if len(set(listed)) != len(listed):
        raise fail(ValueError, f"For '{owner}', '{argument}' must not name a column twice, but got {list(listed)}.")
    return list(listed)


def positions(owner: str, wanted: Sequence[str], columns: list[str]) -> list[int]:
    """The indices of these columns."""
    for name in wanted:
        if name not in columns:
            raise fail(RuntimeError, f"For '{owner}', column '{name}' does not exist: the columns are {columns}.")
    return [columns.index(name) for name in wanted]


class Dataset:
    """A source of rows, or an operation on those of other datasets.

    Rows are tuples of named columns. An epoch is one pass over the rows; its order and all its random transforms
    are a function of (seed, number of the epoch), see ``config.set_seed``.

    Resuming: ``set_init_step(step)`` before an iterator is made starts it where an uninterrupted one would be after
    ``step`` steps. Nothing that lies before is read or decoded, except from sources that only go forward (generators,
    and whatever follows ``filter``).

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False).map(lambda x: 10 * x, ["x"]).batch(2)
    >>> [row["x"].tolist() for row in data.create_dict_iterator(num_epochs=1)]
    [[10, 20], [30, 40], [50]]
    >>> data.get_dataset_size()
    3
    """

    def __init__(self, *children: "Dataset", num_parallel_workers: int | None = None):
        check_count(type(self).__name__, "num_parallel_workers", num_parallel_workers, 1)
        self.children = list(children)
        self.num_parallel_workers = num_parallel_workers
        self._depth: int = 1 + max((child._depth for child in children), default=-1)
        self._counted: int | None = None
        self._init_step = 0

    # ------------------------------------------------------------ what a node defines
    def _rows(self, epoch: Epoch) -> Rows:
        """The rows of an epoch."""
        raise NotImplementedError

    def _size(self) -> int | None:
        """The number of rows of an epoch, or None if only running it can tell."""
        return self.children[0]._size()

    def _columns(self) -> list[str]:
        return self.children[0]._columns()

    # ------------------------------------------------------------ operations
    def map(
        self, operations, input_columns=None, output_columns=None, num_parallel_workers=None, **kwargs
    ) -> "Dataset":
        """Applies operations to columns, one after the other.

        Args:
            operations: a callable or a list of them; each gets the columns and returns as many values as it makes.
            input_columns: names of the columns (default: the first).
            output_columns: names of the results (default: the input's).
            num_parallel_workers: threads. Functions of your own run in parallel only if this is more than 1.
            column_order: the columns of the result, as ``project``; python_multiprocessing, cache, callbacks, max_rowsize,
                offload: accepted; the work is done in threads.

        Raises:
            ValueError: an operation is not callable. RuntimeError: a column is missing; an operation raised, or returned
                another number of values than there are output columns.
        """
        order = kwargs.pop("column_order", None)
        made: Dataset = pipeline.MapDataset(
            self, operations, input_columns, output_columns, num_parallel_workers, **kwargs
        )
        return made if order is None else made.project(order)

    def batch(self, batch_size, drop_remainder=False, num_parallel_workers=None, **kwargs) -> "Dataset":
        """Stacks rows: every column gets a first axis of ``batch_size``.

        Args:
            batch_size: an int, or ``f(BatchInfo) -> int``.
            drop_remainder: leave out a last batch that is not full.
            per_batch_map: ``f(column, ..., BatchInfo) -> (list, ...)`` on the lists of values of ``input_columns``.
            output_columns, column_order: as in ``map``. pad_info: see ``padded_batch``.

        Raises:
            TypeError, ValueError: ``batch_size`` is no positive int. RuntimeError: rows differ in shape or type.
        """
        order = kwargs.pop("column_order", None)
        made: Dataset = pipeline.BatchDataset(self, batch_size, drop_remainder, num_parallel_workers, **kwargs)
        return made if order is None else made.project(order)

    def padded_batch(self, batch_size, drop_remainder=False, num_parallel_workers=None, pad_info=None) -> "Dataset":
        """As ``batch``; columns of ``pad_info`` {name: (shape, value)} are cut or filled up to the shape.

        A None in the shape, or for it, means the longest of the batch; an empty ``pad_info`` pads every column so, with 0.
        """
        return pipeline.BatchDataset(self, batch_size, drop_remainder, num_parallel_workers, pad_info=pad_info)

    def bucket_batch_by_length(
        self, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function=None, pad_info=None,
        pad_to_bucket_boundary=False, drop_remainder=False,
    ) -> "Dataset":  # fmt: skip
        """Batches of rows of similar length: bucket i holds lengths below ``bucket_boundaries[i]``, the last the rest.

        The length is the first dimension of the column, or what ``element_length_function`` says of the columns.
        """
        return pipeline.BucketBatchByLengthDataset(
            self, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function, pad_info,
            pad_to_bucket_boundary, drop_remainder,
        )  # fmt: skip

    def shuffle(self, buffer_size: int) -> "Dataset":
        """Draws each row at random from a buffer of the next ``buffer_size`` ones (at least 2)."""
        return pipeline.ShuffleDataset(self, buffer_size)

    def repeat(self, count: int | None = None) -> "Dataset":
        """Makes an epoch ``count`` passes; None or -1: without end. Each pass is shuffled anew."""
        return pipeline.RepeatDataset(self, count)

    def take(self, count: int = -1) -> "Dataset":
        """The first ``count`` rows; -1: all."""
        check_count("take", "count", count, -1, none=False)
        if count == 0:
            raise fail(ValueError, "For 'take', 'count' must be -1 or positive, but got 0.")
        return self if count == -1 else pipeline.WindowDataset(self, 0, count)

    def skip(self, count: int) -> "Dataset":
        """The rows after the first ``count``; those are not made where positions are known."""
        check_count("skip", "count", count, none=False)
        return pipeline.WindowDataset(self, count, None)

    def filter(self, predicate: Callable, input_columns=None, num_parallel_workers=None) -> "Dataset":
        """The rows for which ``predicate(columns...)`` is true."""
        return pipeline.FilterDataset(self, predicate, input_columns, num_parallel_workers)

    def flat_map(self, func: Callable) -> "Dataset":
        """The rows of the datasets that ``func(columns...)`` gives for each row."""
        return pipeline.FlatMapDataset(self, func)

    def project(self, columns) -> "Dataset":
        """These columns, in this order."""
        return pipeline.ProjectDataset(self, columns)

    def rename(self, input_columns, output_columns) -> "Dataset":
        """Other names for columns."""
        return pipeline.RenameDataset(self, input_columns, output_columns)

    def zip(self, datasets) -> "Dataset":
        """The columns of this and other datasets side by side, as many rows as the shortest has."""
        others = datasets if isinstance(datasets, tuple) else (datasets,)
        return pipeline.ZipDataset((self, *others))

    def concat(self, datasets) -> "Dataset":
        """The rows of this and then of other datasets with the same columns. ``+`` does it too."""
        others = datasets if isinstance(datasets, list) else [datasets]
        return pipeline.ConcatDataset([self, *others])

    def __add__(self, other: "Dataset") -> "Dataset":
        return self.concat(other)

    def split(self, sizes: Sequence, randomize: bool = True) -> "list[Dataset]":
        """Parts that share no row: ``sizes`` are numbers of rows, or fractions that sum to 1.

        With ``randomize`` the rows are dealt out at random, by the seed, the same way in every epoch.

        Raises:
            ValueError: fractions that do not sum to 1. RuntimeError: sizes that do not sum to the number of rows.
        """
        return pipeline.split(self, sizes, randomize)

    def apply(self, apply_func: Callable[["Dataset"], "Dataset"]) -> "Dataset":
        """``apply_func(self)``, which must give a dataset."""
        if not callable(apply_func):
            raise fail(TypeError, "For 'apply', 'apply_func' must be callable.")
        made = apply_func(self)
        if not isinstance(made, Dataset):
            raise fail(TypeError, f"For 'apply', 'apply_func' must return a dataset, but got {type(made).__name__}.")
        return made

    def use_sampler(self, new_sampler) -> None:
        """Another sampler for the source below."""
        for child in self.children:
            child.use_sampler(new_sampler)

    def save(self, file_name, num_files=1, file_type="mindrecord") -> None:
        """Not supported: MindRecord files cannot be written.

        Raises:
            NotImplementedError: always; numpy.savez keeps arrays, NumpySlicesDataset reads them.
        """
        raise fail(
            NotImplementedError,
            "For 'save', MindRecord files are not supported: keep columns with numpy.savez, read with NumpySlicesDataset.",
        )

    def to_device(self, *args, **kwargs) -> "Dataset":
        return self

    # ------------------------------------------------------------ iterators
    def create_dict_iterator(self, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False):
        """Rows as dicts {column: Tensor}, or NumPy arrays if ``output_numpy``. Strings are NumPy arrays always.

        Each ``for`` over the iterator is one epoch; ``num_epochs`` -1: as many as are asked for.
        """
        from .iterator import DictIterator

        return DictIterator(self, num_epochs, output_numpy)

    def create_tuple_iterator(
        self, columns=None, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False
    ):
        """Rows as lists of the columns, or of those in ``columns``; see ``create_dict_iterator``."""
        from .iterator import TupleIterator

        chosen = names("create_tuple_iterator", "columns", columns)
        return TupleIterator(self if chosen is None else self.project(chosen), num_epochs, output_numpy)

    def __iter__(self):
        return self.create_tuple_iterator(num_epochs=1)

    def set_init_step(self, init_step: int) -> None:
        """The next iterators start after so many steps: epoch init_step // size, row init_step % size."""
        check_count("set_init_step", "init_step", init_step, none=False)
        self._init_step = init_step

    def get_init_step(self) -> int:
        """What ``set_init_step`` was given."""
        return self._init_step

    def reset(self) -> None:
        """Iterators made from now on start at the first row again."""
        self._init_step = 0

    # ------------------------------------------------------------ what it looks like
    def get_dataset_size(self) -> int:
        """The number of rows (or batches) of an epoch; -1 if it has no end.

        Where it is not known it is counted, by running one epoch.
        """
        size = self._size()
        if size is None:
            if self._counted is None:
                self._counted = sum(count for count, _ in blocks(self._rows(self._first_epoch())))
            size = self._counted
        return size

    def __len__(self) -> int:
        return max(self.get_dataset_size(), 0)

    def __bool__(self) -> bool:
        return True

    def get_col_names(self) -> list[str]:
        """The names of the columns."""
        return list(self._columns())

    def get_batch_size(self) -> int:
        """The size of the batches, 1 before ``batch``."""
        return self.children[0].get_batch_size() if self.children else 1

    def get_repeat_count(self) -> int:
        """The passes of the last ``repeat``, 1 without it."""
        return self.children[0].get_repeat_count() if self.children else 1

    def get_class_indexing(self) -> dict[str, int]:
        """{class name: label} of sources with named classes, else {}."""
        return self.children[0].get_class_indexing() if self.children else {}

    def num_classes(self) -> int | None:
        """The number of classes of sources that know it, else None."""
        return len(self.get_class_indexing()) or None

    def output_types(self) -> list:
        """The NumPy types of the columns, those of the first row."""
        return [np.dtype("<U") if a.dtype.kind == "U" else a.dtype for a in self._first_row("output_types")]

    def output_shapes(self, estimate: bool = False) -> list[list]:
        """The shapes of the columns, those of the first row; with ``estimate``, None where rows differ."""
        shapes: list[list] = [list(array.shape) for array in self._first_row("output_shapes")]
        if estimate:
            for count, task in blocks(self._rows(self._first_epoch())):
                for column, shape in zip(task(), shapes):
                    for row in range(count):
                        for axis, length in enumerate(np.shape(column[row])):
                            if shape[axis] != length:
                                shape[axis] = None
        return shapes

    def _first_epoch(self) -> Epoch:
        return Epoch(self._seed(), 0)

    def _seed(self) -> int:
        seed = config.given_seed()
        return fresh_seed() if seed is None else seed

    def _first_row(self, owner: str) -> list[np.ndarray]:
        count, task = self._rows(self._first_epoch()).prepare(np.arange(1))
        if not count:
            raise fail(RuntimeError, f"For '{owner}', the dataset is empty.")
        return [np.asarray(column[0]) for column in task()]

    def _workers(self) -> int:
        """Threads for the pipeline: the most that any node asks for, or the default."""
        requested = [node.num_parallel_workers for node in self._nodes() if node.num_parallel_workers]
        return max(requested) if requested and max(requested) > 1 else config.get_num_parallel_workers()

    def _nodes(self):
        yield self
        for child in self.children:
            yield from child._nodes()


from . import pipeline  # noqa: E402  (its classes derive from Dataset)
