# Written by tools/stubs from minispore.dataset.sources.python: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterable, Sequence
from minispore._types import DTypeLike, Number
from minispore.dataset.samplers import Sampler
from minispore.dataset.sources.base import Source
from typing import Any

__all__ = ['GeneratorDataset', 'NumpySlicesDataset', 'PaddedDataset']

class GeneratorDataset(Source):
    def __init__(self, source: Iterable[Any] | Callable[..., Any] | Sequence[Any] | int | float, column_names: Sequence[str] | str | None = None, column_types: DTypeLike | Sequence[Any] | None = None, schema: Any = None, num_samples: int | None = None, num_parallel_workers: int = 1, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, python_multiprocessing: Any = True, max_rowsize: Any = None, batch_sampler: Iterable[Any] | None = None, collate_fn: Callable[..., Any] | None = None) -> None: ...
    num_samples: Any
    source: Any

class NumpySlicesDataset(Source):
    def __init__(self, data: Sequence[Any], column_names: Sequence[str] | str | None = None, num_samples: int | None = None, num_parallel_workers: int = 1, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None) -> None: ...

class PaddedDataset(Source):
    def __init__(self, padded_samples: Sequence[Any]) -> None: ...
    padded_samples: Any
