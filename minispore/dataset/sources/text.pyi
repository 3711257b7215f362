# Written by tools/stubs from minispore.dataset.sources.text: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items, Path
from minispore.dataset.columns import names as names
from minispore.dataset.samplers import Shuffle as Shuffle
from minispore.dataset.sources.base import Arrays as Arrays, Source as Source, matching_files as matching_files
from typing import Any

__all__ = ['Arrays', 'CSVDataset', 'Shuffle', 'Source', 'TextFileDataset', 'matching_files', 'names', 'read_text']

class CSVDataset(Source):
    def __init__(self, dataset_files: Path | Sequence[Path], field_delim: str = ',', column_defaults: Items | None = None, column_names: Sequence[str] | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    column_defaults: Any
    dataset_files: Any
    field_delim: Any

class TextFileDataset(Source):
    def __init__(self, dataset_files: Path | Sequence[Path] | str, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    dataset_files: Any

def read_text(owner: str, path: str) -> str: ...
