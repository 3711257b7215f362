"""``map``: a pipeline's functions of rows, in this process, in threads or in worker processes."""

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.errors import fail
from . import checks
from .callback import around_row, check_callbacks
from .columns import distinct, names, positions, replaced
from .dataset import Dataset
from .draws import Draws, current, derive
from .rows import Block, Mapped, as_value, in_rows, stacked
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


def check_workers(owner: str, python_multiprocessing: Any, max_rowsize: Any) -> None:
    """Checks what MindSpore's worker processes take; there are none here.

    Args:
        owner: str, the operation's name for the message.
        python_multiprocessing: bool.
        max_rowsize: int from -1, a list of two, or None.
    """
    checks.boolean(owner, python_multiprocessing=python_multiprocessing)
    if max_rowsize is not None:
        sizes = checks.instance(owner, (int, list), max_rowsize=max_rowsize)
        for size in sizes if isinstance(sizes, list) else [sizes]:
            check_count(owner, "max_rowsize", size, -1, none=False)


def check_cache(owner: str, cache: Any) -> None:
    """Checks the ``cache`` of a node, which is without effect.

    Args:
        owner: str, the operation's name for the message.
        cache: DatasetCache or None.
    """
    if cache is not None and type(cache).__name__ != "DatasetCache":
        raise fail(TypeError, f"For '{owner}', 'cache' must be a DatasetCache, but got {type(cache).__name__}.")


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
        check_workers("map", python_multiprocessing, max_rowsize)
        if offload is not None:
            checks.boolean("map", offload=offload)
        check_cache("map", cache)
        self.callbacks = check_callbacks("map", callbacks)
        listed = list(operations) if isinstance(operations, (list, tuple)) else [operations]
        if operations is None or not listed:
            raise fail(RuntimeError, "For 'map', 'operations' must not be empty.")
        self.operations: list[Any] = []
        for operation in listed:
            if not callable(operation):
                raise fail(ValueError, f"For 'map', 'operations' must be callable, but got {operation!r}.")
            if isinstance(operation, type) and issubclass(operation, Transform):
                raise fail(
                    TypeError,
                    f"For 'map', an operation is the class {operation.__name__}: make one, {operation.__name__}(...).",
                )
            self.operations += operation.flat() if isinstance(operation, Compose) else [operation]
        columns = child._columns()
        self.inputs = names("map", "input_columns", input_columns) or columns[:1]
        self.outputs = names("map", "output_columns", output_columns) or self.inputs
        self._at = positions("map", self.inputs, columns)
        self._in_place = len(self.inputs) == len(self.outputs)
        made = replaced(columns, self._at, self.outputs, self._in_place)
        # a result takes the place of a column that has its name
        kept = [k for k, name in enumerate(columns) if k in self._at or name not in self.outputs]
        self._kept = kept if self._in_place else list(range(len(made)))
        self._names = distinct("map", [made[k] for k in self._kept])
        own = any(not isinstance(operation, Transform) for operation in self.operations)
        self._random = any(getattr(operation, "random", True) for operation in self.operations)
        self._serial = (own and (num_parallel_workers or 1) == 1) or bool(self.callbacks)

    def _columns(self):
        return self._names

    def _rows(self, epoch):
        key, rows = epoch.key(self._depth), self.children[0]._rows(epoch)

        def change(block: Block, index: np.ndarray) -> Block:
            index = index.astype(np.uint64)
            keys = derive(key, index) if self._random else index
            if not self.callbacks or epoch.quiet:
                return self._apply(block, keys)
            made = []
            for at, number in enumerate(index.tolist()):
                with around_row(self.callbacks, epoch, number, rows.size):
                    made.append(self._apply([column[at : at + 1] for column in block], keys[at : at + 1]))
            return [[value for column in columns for value in in_rows(column)] for columns in zip(*made)]

        return Mapped(rows, change, self._serial)

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
        made = replaced(block, self._at, columns, self._in_place)
        return [made[k] for k in self._kept]

    def _by_row(self, operation: Callable, columns: Block, keys: np.ndarray) -> Block:
        results = []
        try:
            for key, *values in zip(keys.tolist(), *map(in_rows, columns)):
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
