# Written by tools/stubs from minispore.dataset.pipeline: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate as accumulate
from minispore.dataset.dataset import Dataset as Dataset, names as names, positions as positions
from minispore.dataset.draws import Draws as Draws, _Current, derive as derive, generator as generator
from minispore.dataset.rows import Chained as Chained, Epoch as Epoch, Forward as Forward, Mapped as Mapped, Reordered as Reordered, Rows as Rows, Window as Window, Zipped as Zipped, as_value as as_value, blocks as blocks, row_tasks as row_tasks, stacked as stacked
from minispore.dataset.samplers import Sampler, check_count as check_count
from minispore.dataset.transforms.base import Compose as Compose, Transform as Transform
from numpy.typing import NDArray
from typing import Any

__all__ = ['BatchDataset', 'BatchInfo', 'Block', 'BucketBatchByLengthDataset', 'Chained', 'Compose', 'ConcatDataset', 'Dataset', 'Draws', 'Epoch', 'FilterDataset', 'FlatMapDataset', 'Forward', 'MapDataset', 'Mapped', 'ProjectDataset', 'RenameDataset', 'Reordered', 'RepeatDataset', 'Rows', 'ShuffleDataset', 'Transform', 'Window', 'WindowDataset', 'ZipDataset', 'Zipped', 'accumulate', 'as_value', 'blocks', 'check_count', 'current', 'derive', 'failed', 'generator', 'names', 'pad', 'positions', 'row_tasks', 'split', 'stacked']

Block: Any
current: _Current

class BatchDataset(Dataset):
    def __init__(self, child: Dataset, batch_size: Any, drop_remainder: bool = False, num_parallel_workers: int | None = None, per_batch_map: Callable[..., Any] | None = None, input_columns: Sequence[str] | str | None = None, output_columns: Sequence[str] | str | None = None, pad_info: Mapping[Any, Any] | None = None, python_multiprocessing: Any = False, max_rowsize: Any = None) -> None: ...
    def get_batch_size(self) -> int: ...
    batch_size: Any
    children: Any
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
    def __init__(self, child: Dataset, column_names: Any, bucket_boundaries: Sequence[int], bucket_batch_sizes: Sequence[int], element_length_function: Callable[..., Any], pad_info: Mapping[Any, Any], pad_to_bucket_boundary: bool, drop_remainder: bool) -> None: ...
    boundaries: Any
    children: Any
    columns: Any
    drop: Any
    length: Any
    pad_info: Any
    sizes: Any
    to_boundary: Any

class ConcatDataset(Dataset):
    def __init__(self, datasets: Sequence[Any]) -> None: ...
    def use_sampler(self, new_sampler: Sampler) -> None: ...
    children: Any

class FilterDataset(Dataset):
    def __init__(self, child: Dataset, predicate: Callable[..., Any], input_columns: Sequence[str] | str, num_parallel_workers: int) -> None: ...
    children: Any
    predicate: Any

class FlatMapDataset(Dataset):
    def __init__(self, child: Dataset, func: Callable[..., Any]) -> None: ...
    children: Any
    func: Any

class MapDataset(Dataset):
    def __init__(self, child: Dataset, operations: Any, input_columns: Sequence[str] | str, output_columns: Sequence[str] | str, num_parallel_workers: int, python_multiprocessing: Any = False, cache: Any = None, callbacks: Any = None, max_rowsize: Any = None, offload: Any = None) -> None: ...
    children: Any
    inputs: Any
    operations: Any
    outputs: Any

class ProjectDataset(Dataset):
    def __init__(self, child: Dataset, columns: Sequence[str] | str) -> None: ...
    children: Any
    columns: Any

class RenameDataset(Dataset):
    def __init__(self, child: Dataset, input_columns: Sequence[str] | str, output_columns: Sequence[str] | str) -> None: ...
    children: Any

class RepeatDataset(Dataset):
    def __init__(self, child: Dataset, count: int | None) -> None: ...
    def get_dataset_size(self) -> int: ...
    def get_repeat_count(self) -> int: ...
    children: Any
    count: Any

class ShuffleDataset(Dataset):
    def __init__(self, child: Dataset, buffer_size: int) -> None: ...
    buffer_size: Any
    children: Any

class WindowDataset(Dataset):
    def __init__(self, child: Dataset, start: int, count: int) -> None: ...
    children: Any
    count: Any
    start: Any

class ZipDataset(Dataset):
    def __init__(self, datasets: Sequence[Any]) -> None: ...
    children: Any

def failed(owner: str, function: Any, error: Any) -> Any: ...

def pad(column: Sequence[Any], shape: Sequence[int], value: Any = None) -> list[NDArray[Any]]: ...

def split(dataset: Dataset, sizes: Sequence[int] | float, randomize: bool) -> list[Dataset]: ...
