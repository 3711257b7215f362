"""Access to the rows of an epoch: by position, one block at a time, in two steps.

``Rows.prepare(index)`` returns the number of rows that exist at these positions and a task that computes them.  What has to
happen in order (a user's generator, an open file) happens in ``prepare``, in one thread; the task may run in any thread, at
any time.  A block is a list of columns; a column is an array with the rows along its first axis, or a
list of the rows' values where they differ in shape or are not yet arrays.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ..core.errors import fail
from ..core.tensor import Tensor
from . import draws

Block = list[Any]
Task = Callable[[], Block]


@dataclass(frozen=True)
class Epoch:
    """The number of a pass over the data; all random numbers of the pass are a function of the seed and this number."""

    seed: int
    number: int
    laps: int = 1  # the passes that a "repeat" above makes one epoch of
    quiet: bool = False  # for what is asked about the pipeline before it runs: callbacks are not called

    def repeated(self, count: int, number: int) -> "Epoch":
        """One of ``count`` passes over what is below."""
        return replace(self, number=self.number * count + number, laps=self.laps * count)

    def key(self, salt: int) -> int:
        return draws.derive(draws.derive(self.seed, self.number), salt)

    def generator(self, salt: int) -> np.random.Generator:
        return draws.generator(self.key(salt))


class Rows:
    """The rows of one epoch.  ``size`` is None if it is not known in advance; positions may then only increase."""

    size: int | None = None

    def prepare(self, index: np.ndarray) -> tuple[int, Task]:
        raise NotImplementedError


class Forward(Rows):
    """Rows of an iterator, which can only be read in order; each is a task of its own."""

    def __init__(self, tasks: Iterator[Callable[[], tuple]]):
        self._tasks = tasks
        self._position = 0

    def prepare(self, index):
        ready = []
        for position in index:
            task = None  # as at the end for a row that was read already: what asked for it had too few, and asks again
            while self._position <= position:
                task = next(self._tasks, None)
                if task is None:
                    break
                self._position += 1
            if task is None:
                break
            ready.append(task)
        return len(ready), lambda: join([task() for task in ready])


class Mapped(Rows):
    """Applies ``change(block, index)`` to each block; ``serial``: in ``prepare``, and so in order."""

    def __init__(self, rows: Rows, change: Callable[[Block, np.ndarray], Block], serial: bool = False):
        self._rows, self._change, self._serial = rows, change, serial
        self.size = rows.size

    def prepare(self, index):
        count, task = self._rows.prepare(index)
        if count < len(index):
            index = index[:count]
        if not count:
            return 0, task
        if self._serial:
            block = self._change(task(), index)
            return count, lambda: block
        return count, lambda: self._change(task(), index)


def _within(index: np.ndarray, size: Any) -> np.ndarray:
    """The positions that exist, without those beyond the end."""
    inside = index < size
    return index if inside.all() else index[inside]


class Reordered(Rows):
    """The rows at ``order``, in that order."""

    def __init__(self, rows: Rows, order: np.ndarray):
        self._rows, self._order = rows, order
        self.size = len(order)

    def prepare(self, index):
        return self._rows.prepare(self._order[_within(index, self.size)])


class Window(Rows):
    """At most ``count`` rows (None: all) from ``start`` on."""

    def __init__(self, rows: Rows, start: int, count: int | None = None):
        self._rows, self._start, self._count = rows, start, count
        if rows.size is not None:
            left = max(rows.size - start, 0)
            self.size = left if count is None else min(count, left)

    def prepare(self, index):
        if self._count is not None:
            index = _within(index, self._count)
        return self._rows.prepare(index + self._start)


class Chained(Rows):
    """Concatenated rows of known sizes."""

    def __init__(self, parts: Sequence[Rows]):
        self._parts = parts
        self._ends = np.cumsum([part.size for part in parts])
        self.size = int(self._ends[-1])

    def prepare(self, index):
        index = _within(index, self.size)
        which = np.searchsorted(self._ends, index, side="right")
        cuts = [0, *(np.flatnonzero(np.diff(which)) + 1), len(index)]
        count, tasks = 0, []
        for lo, hi in zip(cuts, cuts[1:]):
            if lo == hi:
                continue
            part = which[lo]
            begin = self._ends[part - 1] if part else 0
            got, task = self._parts[part].prepare(index[lo:hi] - begin)
            count += got
            tasks.append(task)
        if len(tasks) == 1:
            return count, tasks[0]
        return count, lambda: [_append(columns) for columns in zip(*[task() for task in tasks])]


class Zipped(Rows):
    """The columns of several rows side by side, as many rows as the shortest has."""

    def __init__(self, parts: Sequence[Rows]):
        self._parts = parts
        sizes = [part.size for part in parts]
        self.size = None if None in sizes else min(sizes)  # type: ignore[type-var]

    def prepare(self, index):
        if self.size is not None:
            index = _within(index, self.size)
        ready = [part.prepare(index) for part in self._parts]
        count = min(got for got, _ in ready)
        return count, lambda: [column[:count] for _, task in ready for column in task()]


def row_tasks(rows: Rows) -> Iterator[Callable[[], tuple]]:
    """One task for each row."""
    position = 0
    while True:
        count, task = rows.prepare(np.arange(position, position + 1))
        if not count:
            return
        yield partial(_only_row, task)
        position += 1


def _only_row(task: Task) -> tuple:
    return tuple(in_rows(column)[0] for column in task())


def in_rows(column: Any) -> Any:
    """The values of a column; those without axes as arrays, not as NumPy's scalars: so MindSpore's functions get them."""
    if isinstance(column, np.ndarray) and column.ndim == 1:
        return [np.asarray(value) for value in column]
    return column


def blocks(rows: Rows, start: int = 0, size: int = 16) -> Iterator[tuple[int, Task]]:
    """Consecutive blocks up to the end."""
    while True:
        count, task = rows.prepare(np.arange(start, start + size))
        if not count:
            return
        yield count, task
        start += count


def join(values: Sequence[tuple]) -> Block:
    """One block from several rows: a list of values for each column."""
    return [list(column) for column in zip(*values)]


def _append(columns: Sequence[Any]) -> Any:
    if all(isinstance(c, np.ndarray) for c in columns):
        if len({(c.dtype, c.shape[1:]) for c in columns}) == 1:
            return np.concatenate(columns)
    return [value for column in columns for value in in_rows(column)]


def as_value(value: Any, where: str) -> Any:
    """A value that a Python function returned for a column, as an array."""
    if isinstance(value, np.ndarray):
        array = value
    elif isinstance(value, Tensor):
        array = value.asnumpy()
    elif value is None:
        raise fail(RuntimeError, f"For '{where}', a column must be a number, string or array, but got None.")
    elif isinstance(value, dict):
        return {key: as_value(part, where) for key, part in value.items()}
    else:
        try:
            array = np.asarray(value)
        except ValueError as error:
            raise fail(
                RuntimeError, f"For '{where}', a column must be an array, but got a ragged list: {error}"
            ) from None
    if array.dtype.kind not in "biufUS" or (array.itemsize > 8 and array.dtype.kind == "f"):
        raise fail(
            RuntimeError,
            f"For '{where}', a column must be a number, string or array of one type, but got {type(value).__name__} "
            f"({array.dtype}).",
        )
    return array


def stacked(column: Any) -> np.ndarray | None:
    """The column as one array, or None where the rows differ in shape or type."""
    if isinstance(column, np.ndarray):
        return column
    first = column[0]
    if not isinstance(first, np.ndarray):
        return None
    if first.dtype.kind in "US":
        if any(v.shape != first.shape or v.dtype.kind != first.dtype.kind for v in column):
            return None
    elif any(type(v) is not np.ndarray or v.shape != first.shape or v.dtype != first.dtype for v in column):
        return None
    return np.stack(column)
