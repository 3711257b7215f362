# Written by tools/stubs from minispore.dataset.sources.mindrecord: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore._types import Items, Number, Path
from minispore.dataset.samplers import Sampler
from minispore.dataset.sources.base import Source
from typing import Any

__all__ = ['MindDataset']

class MindDataset(Source):
    def __init__(self, dataset_files: Path | Items, columns_list: Items | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, num_shards: int | None = None, shard_id: int | None = None, sampler: Sampler | Number | None = None, padded_sample: Mapping[Any, Any] | None = None, num_padded: int | None = None, num_samples: int | None = None, cache: Any = None) -> None: ...
    dataset_files: Any
    num_padded: Any
