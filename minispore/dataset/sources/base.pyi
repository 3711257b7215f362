# Written by tools/stubs from minispore.dataset.sources.base: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Number, Path
from minispore.dataset.dataset import Dataset as Dataset
from minispore.dataset.mapping import check_cache as check_cache
from minispore.dataset.rows import Reordered as Reordered, Rows as Rows
from minispore.dataset.samplers import BlockSampler as BlockSampler, DistributedSampler as DistributedSampler, Sampler as Sampler, select as select
from typing import Any

__all__ = ['Arrays', 'Block', 'BlockSampler', 'Dataset', 'DistributedSampler', 'Read', 'Reordered', 'Rows', 'Sampler', 'Source', 'check_cache', 'folder', 'matching_files', 'select', 'usage_of']

Block: Any

class Arrays(Rows):
    def __init__(self, columns: Sequence[Any]) -> None: ...
    def prepare(self, index: Any) -> tuple[int, Callable[..., Any]]: ...

class Read(Rows):
    def __init__(self, size: int, read: Callable[..., Any], serial: bool = False) -> None: ...
    def prepare(self, index: Any) -> tuple[int, Callable[..., Any]]: ...

class Source(Dataset):
    def __init__(self, columns: Sequence[str], num_samples: int, num_parallel_workers: int | None, shuffle: bool, sampler: Sampler | Number, num_shards: int, shard_id: int, cache: Any = None) -> None: ...
    def use_sampler(self, new_sampler: Sampler | Number) -> None: ...

def folder(owner: str, path: Any) -> str: ...

def matching_files(owner: str, patterns: Path | Sequence[Path]) -> list[str]: ...

def usage_of(owner: str, usage: str | None, allowed: tuple[str, ...]) -> str: ...
