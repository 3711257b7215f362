# Written by tools/stubs from minispore.dataset.pipeline: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from itertools import accumulate as accumulate, islice as islice
from minispore.dataset.columns import distinct as distinct, names as names, positions as positions, replaced as replaced
from minispore.dataset.dataset import Dataset as Dataset
from minispore.dataset.draws import generator as generator
from minispore.dataset.mapping import failed as failed
from minispore.dataset.node import PipelineNode as PipelineNode
from minispore.dataset.rows import Chained as Chained, Epoch as Epoch, Forward as Forward, Mapped as Mapped, Reordered as Reordered, Rows as Rows, Window as Window, Zipped as Zipped, blocks as blocks, in_rows as in_rows, row_tasks as row_tasks
from minispore.dataset.samplers import DistributedSampler as DistributedSampler, RandomSampler as RandomSampler, Sampler as Sampler, check_count as check_count, select as select
from typing import Any

__all__ = ['Chained', 'ConcatDataset', 'Dataset', 'DistributedSampler', 'Epoch', 'FilterDataset', 'FlatMapDataset', 'Forward', 'Mapped', 'PipelineNode', 'ProjectDataset', 'RandomSampler', 'RenameDataset', 'Reordered', 'RepeatDataset', 'Rows', 'Sampler', 'ShuffleDataset', 'Window', 'WindowDataset', 'ZipDataset', 'Zipped', 'accumulate', 'blocks', 'check_count', 'distinct', 'failed', 'generator', 'in_rows', 'islice', 'names', 'positions', 'replaced', 'row_tasks', 'select', 'split']

class ConcatDataset(Dataset):
    def __init__(self, datasets: Sequence[Dataset]) -> None: ...
    def use_sampler(self, new_sampler: Any) -> None: ...

class FilterDataset(Dataset):
    def __init__(self, child: Dataset, predicate: Callable[..., Any], input_columns: Sequence[str] | str, num_parallel_workers: int) -> None: ...
    predicate: Any

class FlatMapDataset(Dataset):
    def __init__(self, child: Dataset, func: Callable[..., Any]) -> None: ...
    func: Any

class ProjectDataset(Dataset):
    def __init__(self, child: Dataset, columns: Sequence[str] | str) -> None: ...
    columns: Any

class RenameDataset(Dataset):
    def __init__(self, child: Dataset, input_columns: Sequence[str] | str, output_columns: Sequence[str] | str) -> None: ...

class RepeatDataset(Dataset):
    def __init__(self, child: Dataset, count: int | None) -> None: ...
    def get_dataset_size(self) -> int: ...
    def get_repeat_count(self) -> int: ...
    count: Any

class ShuffleDataset(Dataset):
    def __init__(self, child: Dataset, buffer_size: int) -> None: ...
    buffer_size: Any

class WindowDataset(Dataset):
    def __init__(self, child: Dataset, start: int, count: int) -> None: ...
    count: Any
    start: Any

class ZipDataset(Dataset):
    def __init__(self, datasets: Sequence[Dataset]) -> None: ...

def split(dataset: Dataset, sizes: Sequence[int] | float, randomize: bool) -> list[Dataset]: ...
