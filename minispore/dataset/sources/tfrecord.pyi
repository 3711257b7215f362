# Written by tools/stubs from minispore.dataset.sources.tfrecord: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items, Path
from minispore.dataset.sources.base import Source
from minispore.dataset.sources.schema import Schema
from typing import Any

__all__ = ['TFRecordDataset']

class TFRecordDataset(Source):
    def __init__(self, dataset_files: Path | Sequence[Path] | str, schema: Schema | Path | None = None, columns_list: Items | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, shard_equal_rows: bool = False, cache: Any = None, compression_type: str | None = None) -> None: ...
    columns_list: Any
    compression_type: Any
    dataset_files: Any
    schema: Any
    shard_equal_rows: Any
