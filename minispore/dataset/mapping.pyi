# Written by tools/stubs from minispore.dataset.mapping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Items
from minispore.dataset.callback import around_row as around_row, check_callbacks as check_callbacks
from minispore.dataset.columns import distinct as distinct, names as names, positions as positions, replaced as replaced
from minispore.dataset.dataset import Dataset as Dataset
from minispore.dataset.draws import Draws as Draws, _Current, derive as derive
from minispore.dataset.rows import Mapped as Mapped, as_value as as_value, in_rows as in_rows, stacked as stacked
from minispore.dataset.samplers import check_count as check_count
from minispore.dataset.transforms.base import Compose as Compose, Transform as Transform
from typing import Any

__all__ = ['Block', 'Compose', 'Dataset', 'Draws', 'MapDataset', 'Mapped', 'Transform', 'around_row', 'as_value', 'check_cache', 'check_callbacks', 'check_count', 'check_workers', 'current', 'derive', 'distinct', 'failed', 'in_rows', 'names', 'positions', 'replaced', 'stacked']

Block: Any
current: _Current

class MapDataset(Dataset):
    def __init__(self, child: Dataset, operations: Callable[..., Any] | Sequence[Callable[..., Any]], input_columns: Sequence[str] | str, output_columns: Sequence[str] | str, num_parallel_workers: int, python_multiprocessing: Any = False, cache: Any = None, callbacks: Any = None, max_rowsize: Any = None, offload: Any = None) -> None: ...
    callbacks: Any
    inputs: Any
    operations: Any
    outputs: Any

def check_cache(owner: str, cache: Any) -> None: ...

def check_workers(owner: str, python_multiprocessing: bool, max_rowsize: int | Items | None) -> None: ...

def failed(owner: str, function: Any, error: Any) -> Any: ...
