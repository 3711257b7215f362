# Written by tools/stubs from minispore.dataset.batching: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping, Sequence
from minispore.dataset.columns import distinct as distinct, names as names, positions as positions, replaced as replaced
from minispore.dataset.dataset import Dataset as Dataset
from minispore.dataset.mapping import check_workers as check_workers, failed as failed
from minispore.dataset.padding import pad as pad
from minispore.dataset.rows import Forward as Forward, Rows as Rows, as_value as as_value, in_rows as in_rows, row_tasks as row_tasks, stacked as stacked
from minispore.dataset.samplers import check_count as check_count
from typing import Any

__all__ = ['BatchDataset', 'BatchInfo', 'Block', 'BucketBatchByLengthDataset', 'Dataset', 'Forward', 'Rows', 'as_value', 'check_count', 'check_pad_info', 'check_workers', 'distinct', 'failed', 'in_rows', 'names', 'pad', 'positions', 'replaced', 'row_tasks', 'stacked']

Block: Any

class BatchDataset(Dataset):
    def __init__(self, child: Dataset, batch_size: int, drop_remainder: bool = False, num_parallel_workers: int | None = None, per_batch_map: Callable[..., Any] | None = None, input_columns: Sequence[str] | str | None = None, output_columns: Sequence[str] | str | None = None, pad_info: Mapping[Any, Any] | None = None, python_multiprocessing: Any = False, max_rowsize: Any = None) -> None: ...
    def get_batch_size(self) -> int: ...
    batch_size: Any
    drop_remainder: Any
    inputs: Any
    outputs: Any
    pad_info: Any
    per_batch_map: Any

class BatchInfo:
    def __init__(self, epoch: int, number: int) -> None: ...
    def get_batch_num(self) -> int: ...
    def get_epoch_num(self) -> int: ...

class BucketBatchByLengthDataset(Dataset):
    def __init__(self, child: Dataset, column_names: Sequence[str], bucket_boundaries: Sequence[int], bucket_batch_sizes: Sequence[int], element_length_function: Callable[..., Any], pad_info: Mapping[Any, Any], pad_to_bucket_boundary: bool, drop_remainder: bool) -> None: ...
    boundaries: Any
    columns: Any
    drop: Any
    length: Any
    pad_info: Any
    sizes: Any
    to_boundary: Any

def check_pad_info(owner: str, pad_info: Mapping[Any, Any]) -> None: ...
