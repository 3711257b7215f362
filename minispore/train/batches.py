"""Any iterable of batches as a dataset: lists, loaders of other libraries, generators."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..core.errors import fail
from ..core.tensor import Tensor


class Batches:
    """An iterable of batches with the two methods of a dataset that training asks for.

    A batch is one array or a tuple, list or dict of them: Tensors, NumPy arrays, or what NumPy can read, such as tensors of other
    libraries.  What has no length, a generator for example, is read into memory first.

    >>> [[column.shape for column in row] for row in Batches([([[1.0, 2.0]], [3])]).create_tuple_iterator()]
    [[(1, 2), (1,)]]
    """

    def __init__(self, iterable: Iterable):
        self.iterable: Any = iterable if hasattr(iterable, "__len__") else list(iterable)

    def get_dataset_size(self) -> int:
        """The number of batches."""
        return len(self.iterable)

    def create_tuple_iterator(self, num_epochs: int = 1) -> "_Rows":
        """An iterable that goes through the batches from the start each time."""
        return _Rows(self.iterable)


class _Rows:
    def __init__(self, iterable: Iterable):
        self.iterable = iterable

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        return map(_row, self.iterable)


def _row(batch) -> tuple[Tensor, ...]:
    parts = batch.values() if isinstance(batch, Mapping) else batch if isinstance(batch, (tuple, list)) else (batch,)
    return tuple(
        p if isinstance(p, Tensor) else Tensor(p if isinstance(p, (list, np.ndarray)) else np.asarray(p)) for p in parts
    )


def as_dataset(owner: str, name: str, given):
    """``given`` if it is a dataset, else its batches as one."""
    if hasattr(given, "create_tuple_iterator"):
        return given
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes, Tensor, np.ndarray, Mapping)):
        raise fail(
            AttributeError,
            f"For '{owner}', '{name}' must be a dataset or an iterable of batches, such as a list of (data, label), but got {type(given).__name__}.",
        )
    return Batches(given)
