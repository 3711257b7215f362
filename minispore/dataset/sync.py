"""Pipelines that wait for the training: what happens between two steps changes the rows that follow."""

from typing import Any

from ..core.errors import fail
from . import checks
from .dataset import Dataset


class SyncWaitDataset(Dataset):
    """What ``Dataset.sync_wait`` makes: its rows are computed when they are asked for, never ahead.

    So a row is computed after all calls of ``sync_update`` before it, and there is nothing that could wait too long.

    Args:
        child: Dataset.
        condition_name: str, by which ``sync_update`` names it.
        num_batch: int, accepted: no batch runs ahead.
        callback: function of the ``data`` of ``sync_update``, or None.
    """

    def __init__(self, child, condition_name, num_batch=1, callback=None):
        super().__init__(child)
        checks.string("sync_wait", condition_name=condition_name)
        checks.positive_int("sync_wait", num_batch=num_batch)
        if callback is not None and not callable(callback):
            raise fail(TypeError, f"For 'sync_wait', 'callback' must be callable, but got {type(callback).__name__}.")
        if condition_name in child._conditions():
            raise fail(RuntimeError, f"For 'sync_wait': Condition name is already in use: '{condition_name}'.")
        self.condition_name, self.num_batch, self.callback = condition_name, num_batch, callback

    def _rows(self, epoch):
        return self.children[0]._rows(epoch)

    def _conditions(self):
        return {self.condition_name: self, **super()._conditions()}


def update(dataset: Dataset, name: str, num_batch: Any, data: Any) -> None:
    """Tells a waiting node of the pipeline the ``data`` of a step; a RuntimeError where there is none of that name."""
    if num_batch is not None and (not isinstance(num_batch, int) or num_batch <= 0):
        raise fail(
            RuntimeError, f"For 'sync_update': Sync_update batch size can only be positive, but got {num_batch!r}."
        )
    found = dataset._conditions()
    if name not in found:
        raise fail(RuntimeError, f"For 'sync_update': Condition name not found: '{name}'. The names are {list(found)}.")
    if found[name].callback is not None:
        found[name].callback(data)
