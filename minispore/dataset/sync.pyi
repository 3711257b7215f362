# Written by tools/stubs from minispore.dataset.sync: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.dataset.dataset import Dataset as Dataset
from minispore.dataset.node import PipelineNode as PipelineNode
from typing import Any

__all__ = ['Dataset', 'PipelineNode', 'SyncWaitDataset', 'conditions', 'update']

class SyncWaitDataset(Dataset):
    def __init__(self, child: Dataset, condition_name: str, num_batch: Any = 1, callback: Callable[..., Any] | None = None) -> None: ...
    callback: Any
    condition_name: Any
    num_batch: Any

def conditions(dataset: PipelineNode) -> dict[str, Any]: ...

def update(dataset: Dataset, name: str, num_batch: Any, data: Any) -> None: ...
