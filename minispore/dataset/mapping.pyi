# Written by tools/stubs from minispore.dataset.mapping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore.dataset.columns import names as names, positions as positions, replaced as replaced
from minispore.dataset.dataset import Dataset as Dataset
from minispore.dataset.draws import Draws as Draws, _Current, derive as derive
from minispore.dataset.rows import Mapped as Mapped, as_value as as_value, stacked as stacked
from minispore.dataset.transforms.base import Compose as Compose, Transform as Transform
from typing import Any

__all__ = ['Block', 'Compose', 'Dataset', 'Draws', 'MapDataset', 'Mapped', 'Transform', 'as_value', 'current', 'derive', 'failed', 'names', 'positions', 'replaced', 'stacked']

Block: Any
current: _Current

class MapDataset(Dataset):
    def __init__(self, child: Dataset, operations: Callable[..., Any] | Sequence[Callable[..., Any]], input_columns: Sequence[str] | str, output_columns: Sequence[str] | str, num_parallel_workers: int, python_multiprocessing: Any = False, cache: Any = None, callbacks: Any = None, max_rowsize: Any = None, offload: Any = None) -> None: ...
    inputs: Any
    operations: Any
    outputs: Any

def failed(owner: str, function: Any, error: Any) -> Any: ...
