"""Callbacks of a pipeline: what a user's object does before and after the rows of ``map``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..core import checks
from ..core.errors import fail

__all__ = ["DSCallback", "DSRunContext"]


class DSRunContext(NamedTuple):
    """Where a pipeline is; all count from 1.

    >>> DSRunContext(1, 2, 2).cur_step_num
    2
    """

    cur_epoch_num: int
    cur_step_num_in_epoch: int
    cur_step_num: int


class DSCallback:
    """The base of callbacks for ``map(..., callbacks=...)``: a subclass has some of the methods ``ds_begin``,
    ``ds_epoch_begin``, ``ds_epoch_end``, ``ds_step_begin`` and ``ds_step_end``, which are called with a context that has
    ``cur_epoch_num``, ``cur_step_num_in_epoch`` and ``cur_step_num``. A step is a row that reaches ``map``.

    Args:
        step_size: int, after how many steps those for steps are called again.  Default: 1.

    Raises:
        TypeError: ``step_size`` is no int.
        ValueError: it is not positive.

    >>> import minispore.dataset as ds
    >>> class Show(ds.DSCallback):
    ...     def ds_step_begin(self, ds_run_context):
    ...         print(ds_run_context.cur_step_num, end=" ")
    >>> data = ds.NumpySlicesDataset([5, 6], shuffle=False).map(lambda x: x, callbacks=Show())
    >>> len(list(data.create_tuple_iterator(num_epochs=1)))
    1 2 2
    """

    def __init__(self, step_size: int = 1):
        checks.positive_int("DSCallback", step_size=step_size)
        self.step_size = step_size

    def ds_begin(self, ds_run_context: Any) -> None:
        """Before the first row."""

    def ds_epoch_begin(self, ds_run_context: Any) -> None:
        """Before an epoch."""

    def ds_epoch_end(self, ds_run_context: Any) -> None:
        """After an epoch."""

    def ds_step_begin(self, ds_run_context: Any) -> None:
        """Before a row."""

    def ds_step_end(self, ds_run_context: Any) -> None:
        """After a row."""


def check_callbacks(owner: str, callbacks: Any) -> list[DSCallback]:
    """Callbacks as a list, checked.

    Args:
        owner: str, the operation's name for the message.
        callbacks: DSCallback, a list of them, or None.

    Returns:
        list.

    Raises:
        TypeError: something else.
    """
    listed = callbacks if isinstance(callbacks, list) else [] if callbacks is None else [callbacks]
    for callback in listed:
        if not isinstance(callback, DSCallback):
            raise fail(TypeError, f"For '{owner}', 'callbacks' must be DSCallbacks, but got {type(callback).__name__}.")
    return listed


@contextmanager
def around_row(callbacks: list[DSCallback], epoch: int, row: int, size: int | None) -> Iterator[None]:
    """Calls what belongs before and after a row.

    Args:
        callbacks: list of DSCallback.
        epoch: int from 0.
        row: int from 0.
        size: int, the rows of an epoch, or None where that is not known: then the end of an epoch is not told.
    """
    context = DSRunContext(epoch + 1, row + 1, epoch * (size or 0) + row + 1)
    for callback in callbacks:
        if row == 0 and epoch == 0:
            callback.ds_begin(context._replace(cur_epoch_num=0, cur_step_num_in_epoch=0, cur_step_num=0))
        if row == 0:
            callback.ds_epoch_begin(context._replace(cur_step_num_in_epoch=0, cur_step_num=context.cur_step_num - 1))
        if row % callback.step_size == 0:
            callback.ds_step_begin(context)
    yield
    for callback in callbacks:
        if row % callback.step_size == 0:
            callback.ds_step_end(context)
        if size is not None and row + 1 == size:
            callback.ds_epoch_end(context)
