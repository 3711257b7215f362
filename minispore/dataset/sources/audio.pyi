# Written by tools/stubs from minispore.dataset.sources.audio: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number, Path
from minispore.dataset.samplers import Sampler
from minispore.dataset.sources.base import Source
from typing import Any

__all__ = ['CMUArcticDataset', 'GTZANDataset', 'LJSpeechDataset', 'LibriTTSDataset', 'SpeechCommandsDataset', 'YesNoDataset']

class _Recordings(Source):
    def __init__(self, dataset_dir: Any, *usual: Any) -> None: ...
    dataset_dir: Any

class CMUArcticDataset(_Recordings):
    def __init__(self, dataset_dir: Path, name: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    name: Any

class GTZANDataset(_Recordings):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    usage: Any

class LJSpeechDataset(_Recordings):
    def __init__(self, dataset_dir: Path, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class LibriTTSDataset(_Recordings):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    usage: Any

class SpeechCommandsDataset(_Recordings):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    usage: Any

class TedliumDataset(Source):
    def __init__(self, dataset_dir: Path, release: str, usage: str | None = None, extensions: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    dataset_dir: Any
    parts: Any

class YesNoDataset(_Recordings):
    def __init__(self, dataset_dir: Path, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
