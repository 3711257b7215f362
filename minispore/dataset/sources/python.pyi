# Written by tools/stubs from minispore.dataset.sources.python: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterable, Mapping, Sequence
from minispore._types import Indexed, Number, Path
from minispore.core.dtype import to_dtype as to_dtype
from minispore.core.tensor import Tensor as Tensor
from minispore.dataset.columns import names as names
from minispore.dataset.mapping import check_workers as check_workers, failed as failed
from minispore.dataset.rows import Forward as Forward, Rows as Rows, Window as Window, as_value as as_value
from minispore.dataset.samplers import PKSampler as PKSampler, Sampler
from minispore.dataset.sources.base import Arrays as Arrays, Read as Read, Source as Source
from minispore.dataset.sources.schema import Schema as Schema
from typing import Any

__all__ = ['Arrays', 'Forward', 'GeneratorDataset', 'NumpySlicesDataset', 'PKSampler', 'PaddedDataset', 'ParquetDataset', 'Read', 'Rows', 'Schema', 'Source', 'Tensor', 'Window', 'as_value', 'check_workers', 'columns_of', 'failed', 'names', 'to_dtype']

class GeneratorDataset(Source):
    def __init__(
        self,
        source: Iterable[Any] | Callable[..., Any] | Indexed,
        column_names: str | Sequence[str] | None = None,
        column_types: Any = None,
        schema: Any = None,
        num_samples: int | None = None,
        num_parallel_workers: int = 1,
        shuffle: bool | None = None,
        sampler: Any = None,
        num_shards: int | None = None,
        shard_id: int | None = None,
        python_multiprocessing: bool = True,
        max_rowsize: Any = None,
        batch_sampler: Any = None,
        collate_fn: Callable[..., Any] | None = None,
    ) -> None: ...
    num_samples: Any
    source: Any

class NumpySlicesDataset(Source):
    def __init__(self, data: Any, column_names: Sequence[str] | str | None = None, num_samples: int | None = None, num_parallel_workers: int = 1, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None) -> None: ...

class PaddedDataset(Source):
    def __init__(self, padded_samples: Sequence[Mapping[Any, Any]]) -> None: ...
    padded_samples: Any

class ParquetDataset(NumpySlicesDataset):
    def __init__(self, dataset_files: Sequence[Path] | Path, columns_list: Sequence[str] | None = None, num_samples: int | None = None, num_parallel_workers: int = 1, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None) -> None: ...

def columns_of(table: Any) -> dict[str, Any] | Any: ...
