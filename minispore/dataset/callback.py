"""Callbacks of a pipeline: what a user's object does before and after the rows of ``map``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..core.errors import fail
from . import checks
from .rows import Epoch

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


_METHODS = ("ds_begin", "ds_epoch_begin", "ds_epoch_end", "ds_step_begin", "ds_step_end")


def check_callbacks(owner: str, callbacks: Any) -> list[DSCallback]:
    """Callbacks as a list, checked.

    Args:
        owner: str, the operation's name for the message.
        callbacks: DSCallback, a list of them, or None.

    Returns:
        list.

    Raises:
        TypeError: something else.
        AttributeError: a callback that has none of the methods.
    """
    listed = callbacks if isinstance(callbacks, list) else [] if callbacks is None else [callbacks]
    for at, callback in enumerate(listed):
        checks.instance(owner, DSCallback, **{f"callbacks[{at}]" if listed is callbacks else "callbacks": callback})
        if all(getattr(type(callback), name) is getattr(DSCallback, name) for name in _METHODS):
            raise fail(
                AttributeError,
                f"For '{owner}', {type(callback).__name__} must have one of the methods {list(_METHODS)}.",
            )
    return listed


@contextmanager
def around_row(callbacks: list[DSCallback], epoch: Epoch, row: int, size: int | None) -> Iterator[None]:
    """Calls what belongs before and after a row.

    Args:
        callbacks: list of DSCallback.
        epoch: Epoch; the passes of a "repeat" after ``map`` are one epoch, whose steps go on.
        row: int from 0.
        size: int, the rows of an epoch, or None where that is not known: then the end of an epoch is not told.
    """
    whole, lap = divmod(epoch.number, epoch.laps)
    step = lap * (size or 0) + row
    context = DSRunContext(whole + 1, step + 1, epoch.number * (size or 0) + row + 1)
    try:
        for callback in callbacks:
            if step == 0 and whole == 0:
                callback.ds_begin(DSRunContext(0, 0, 0))
            if step == 0:
                callback.ds_epoch_begin(DSRunContext(whole + 1, 0, context.cur_step_num - 1))
            if step % callback.step_size == 0:
                callback.ds_step_begin(context)
        yield
        for callback in callbacks:
            if step % callback.step_size == 0:
                callback.ds_step_end(context)
            if size is not None and row + 1 == size and lap + 1 == epoch.laps:
                callback.ds_epoch_end(context)
    except RuntimeError:
        raise
    except Exception as error:
        raise RuntimeError(f"For 'map', a callback raised {type(error).__name__}: {error}") from error
