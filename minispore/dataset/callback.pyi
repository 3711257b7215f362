# Written by tools/stubs from minispore.dataset.callback: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterator as Iterator
from contextlib import AbstractContextManager, contextmanager as contextmanager
from minispore._types import Items
from minispore.core import checks as checks
from minispore.core.errors import fail as fail
from minispore.dataset import callback as ds_callback
from typing import Any as Any, NamedTuple as NamedTuple

__all__ = ['Any', 'DSCallback', 'DSRunContext', 'Iterator', 'NamedTuple', 'around_row', 'check_callbacks', 'checks', 'contextmanager', 'ds_callback', 'fail']

class DSCallback:
    def __init__(self, step_size: int = 1) -> None: ...
    def ds_begin(self, ds_run_context: Any) -> None: ...
    def ds_epoch_begin(self, ds_run_context: Any) -> None: ...
    def ds_epoch_end(self, ds_run_context: Any) -> None: ...
    def ds_step_begin(self, ds_run_context: Any) -> None: ...
    def ds_step_end(self, ds_run_context: Any) -> None: ...
    step_size: Any

class DSRunContext(NamedTuple):
    cur_epoch_num: int
    cur_step_num_in_epoch: int
    cur_step_num: int

def around_row(callbacks: list[DSCallback], epoch: int, row: int, size: int | None) -> AbstractContextManager[None]: ...

def check_callbacks(owner: str, callbacks: Items | None) -> list[DSCallback]: ...
