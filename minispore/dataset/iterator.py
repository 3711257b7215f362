"""Iterators: run a pipeline with prefetching, and yield its rows as Tensors or arrays."""

import threading
import time
import weakref
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.errors import fail
from ..core.tensor import Tensor
from . import checks, config
from .rows import Block, Epoch, Rows
from .samplers import check_count

if TYPE_CHECKING:
    from .node import PipelineNode

_CHEAP = 2e-4  # seconds: cheaper rows are computed on demand, because passing them between threads would cost as much
_CHUNK_ROWS, _CHUNK_BYTES = 32, 1 << 20  # limits of the rows that are passed between threads together


class _Ahead:
    """A prefetching thread: goes through the rows of an epoch with a bounded number of blocks ready or in progress."""

    def __init__(self, rows: Rows, position: int, size: int, workers: int, limit: int):
        self._rows, self._position, self._size = rows, position, size
        self._pool = ThreadPoolExecutor(workers, "minispore-data") if workers > 1 else None
        self._limit = limit
        self._ready: deque = deque()
        self._change = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._walk, name="minispore-data", daemon=True)
        self._thread.start()

    def _walk(self) -> None:
        try:
            while True:
                count, task = self._rows.prepare(np.arange(self._position, self._position + self._size))
                if not count:
                    self._put((0, None))
                    return
                self._position += count
                work: Any = self._pool.submit(task) if self._pool is not None else task()
                if not self._put((count, work)):
                    return
        except RuntimeError as error:
            if not self._stopped:  # a pool that was shut down accepts no more tasks
                self._put((-1, error))
        except BaseException as error:
            self._put((-1, error))

    def _put(self, item: tuple) -> bool:
        with self._change:
            while len(self._ready) >= self._limit and not self._stopped:
                self._change.wait()
            self._ready.append(item)
            self._change.notify_all()
            return not self._stopped

    def next(self) -> tuple[int, Block | None]:
        with self._change:
            while not self._ready:
                self._change.wait()
            count, work = self._ready.popleft()
            self._change.notify_all()
        if count < 0:
            raise work
        return count, work.result() if isinstance(work, Future) else work

    def stop(self) -> None:
        with self._change:
            self._stopped = True
            self._ready.clear()
            self._change.notify_all()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


class _Run:
    """The blocks of one epoch: computed on demand while that is cheap, else prefetched by threads."""

    def __init__(self, rows: Rows, position: int, workers: int, waits: bool = False):
        self._rows, self._position, self._workers = rows, position, workers
        self._waits = waits  # for the training between rows: none is computed before it is asked for
        self._size = 1
        self._ahead: _Ahead | None = None

    def next(self) -> tuple[int, Block | None]:
        if self._ahead is not None:
            return self._ahead.next()
        start = time.perf_counter()
        count, task = self._rows.prepare(np.arange(self._position, self._position + self._size))
        if not count:
            return 0, None
        block = task()
        self._position += count
        if self._waits:
            return count, block
        took = time.perf_counter() - start
        if self._size == 1:  # after the first row: choose the number of rows per block
            bytes_ = sum(column[0].nbytes for column in block if isinstance(column[0], np.ndarray))
            self._size = max(1, min(_CHUNK_ROWS, _CHUNK_BYTES // (bytes_ + 1)))
        elif took > _CHEAP:
            self._go_ahead()
        if took > _CHEAP * self._size:
            self._go_ahead()
        return count, block

    def _go_ahead(self) -> None:
        if self._ahead is None:
            limit = max(1, min(-(-config.get_prefetch_size() // self._size), self._workers + 1))
            self._ahead = _Ahead(self._rows, self._position, self._size, self._workers, limit)

    def stop(self) -> None:
        if self._ahead is not None:
            self._ahead.stop()
            self._ahead = None


def _own(array: Any) -> Any:
    """A contiguous array with memory of its own, which the user may change."""
    if isinstance(array, dict):
        return {key: _own(part) for key, part in array.items()}
    array = np.asarray(array)
    return array if array.flags.owndata and array.flags.c_contiguous else array.copy()


def _tensor(array: Any) -> Any:
    if isinstance(array, dict):
        return {key: _tensor(part) for key, part in array.items()}
    return array if array.dtype.kind in "USO" else Tensor.from_numpy(array)


class Iterator:
    """Runs a pipeline. Each ``for`` is one epoch; after the last of ``num_epochs`` a further one is an error.

    Rows are made ahead of their use, by threads that end with the epoch or with the iterator.

    Args:
        dataset: Dataset.
        num_epochs: int; -1 (the default): as many as are asked for.
        output_numpy: bool, whether to give NumPy arrays in place of Tensors.  Default: False.
        do_copy: bool, accepted.  Default: None.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``num_epochs`` is 0 or below -1.
        RuntimeError: more epochs are asked for than were announced.
    """

    def __init__(
        self, dataset: "PipelineNode", num_epochs: int = -1, output_numpy: bool = False, do_copy: bool | None = None
    ):
        check_count(type(self).__name__, "num_epochs", num_epochs, -1, none=False)
        if num_epochs == 0:
            raise fail(RuntimeError, "For 'create_dict_iterator', 'num_epochs' must be -1 or positive, but got 0.")
        output_numpy, do_copy = bool(output_numpy) if output_numpy is None else output_numpy, do_copy or False
        checks.boolean("create_dict_iterator", output_numpy=output_numpy, do_copy=do_copy)
        self.dataset, self.num_epochs, self.output_numpy = dataset, num_epochs, output_numpy
        names = dataset.get_col_names()
        self._shown = [
            k for k, name in enumerate(names) if not name.startswith("_meta-")
        ]  # those others only in pipelines
        self._names = [names[k] for k in self._shown]
        self._seed = dataset._seed()
        self._workers = dataset._workers()
        self._waits = bool(dataset._conditions()) or any(getattr(node, "callbacks", None) for node in dataset._nodes())
        init_step = max((node._init_step for node in dataset._nodes()), default=0)
        size = (dataset._size() or dataset.get_dataset_size()) if init_step else 1
        self._epoch: int = init_step // size if size > 0 else 0
        self._start: int = init_step - self._epoch * max(size, 0)
        self._run: _Run | None = None
        self._row = self._count = 0
        self._block: Any = None
        self._finalizer: Any = None

    def __iter__(self):
        return self

    def __next__(self):
        if self._row >= self._count:
            self._advance()
        row = self._row
        values = []
        for k in self._shown:
            column = self._block[k]
            value = _own(column[row])
            if isinstance(column, list):
                column[row] = None  # drop our reference: the row belongs to the caller
            values.append(value if self.output_numpy else _tensor(value))
        self._row += 1
        return self._form(values)

    def _advance(self) -> None:
        if self._run is None:
            if self.num_epochs >= 0 and self._epoch >= self.num_epochs:
                raise fail(
                    RuntimeError,
                    f"The iterator was made for {self.num_epochs} epochs and has given them all: make a new one, or with "
                    "num_epochs=-1.",
                )
            rows = self.dataset._rows(Epoch(self._seed, self._epoch))
            self._run = _Run(rows, self._start, self._workers, self._waits)
            self._finalizer = weakref.finalize(self, self._run.stop)
            self._start = 0
        self._block = None
        self._row = self._count = 0
        try:
            self._count, self._block = self._run.next()
        except BaseException:
            self.stop()
            raise
        if not self._count:
            self.stop()
            self._epoch += 1
            raise StopIteration

    def _form(self, values: list) -> Any:
        raise NotImplementedError

    def get_col_names(self) -> list[str]:
        """The names of the columns that the rows have.

        Returns:
            list of str.

        >>> import minispore.dataset as ds
        >>> ds.NumpySlicesDataset({"x": [1, 2]}).create_tuple_iterator().get_col_names()
        ['x']
        """
        return list(self._names)

    def get_next(self):
        """The next row.

        Returns:
            a row, as a dict or a list.

        Raises:
            StopIteration: there is none in this epoch.

        >>> import minispore.dataset as ds
        >>> ds.NumpySlicesDataset({"x": [1]}).create_dict_iterator(output_numpy=True).get_next()["x"].tolist()
        1
        """
        return next(self)

    def stop(self) -> None:
        """Ends the epoch being read, and its threads. The next row would be the first of that epoch again."""
        if self._finalizer is not None:
            self._finalizer()
        self._run = self._block = self._finalizer = None
        self._row = self._count = 0

    release = stop


class DictIterator(Iterator):
    """Rows as dicts {column: value}; ``Dataset.create_dict_iterator`` makes it.

    Args:
        dataset: Dataset.
        num_epochs: int; -1 (the default): as many as are asked for.
        output_numpy: bool.  Default: False.
        do_copy: bool, accepted.  Default: None.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2]}, shuffle=False)
    >>> next(data.create_dict_iterator(num_epochs=1))
    {'x': Tensor(shape=[], dtype=Int64, value= 1)}
    """

    def _form(self, values):
        return dict(zip(self._names, values))


class TupleIterator(Iterator):
    """Rows as lists of values; ``Dataset.create_tuple_iterator`` makes it.

    Args:
        dataset: Dataset.
        num_epochs: int; -1 (the default): as many as are asked for.
        output_numpy: bool.  Default: False.
        do_copy: bool, accepted.  Default: None.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2]}, shuffle=False)
    >>> next(data.create_tuple_iterator(num_epochs=1))
    [Tensor(shape=[], dtype=Int64, value= 1)]
    """

    def _form(self, values):
        return values
