# Written by tools/stubs from minispore.dataset.sources.corpora: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number, Path
from minispore.dataset.samplers import Sampler
from minispore.dataset.sources.base import Source
from typing import Any

__all__ = ['AGNewsDataset', 'AmazonReviewDataset', 'CoNLL2000Dataset', 'DBpediaDataset', 'IMDBDataset', 'PennTreebankDataset', 'SQuADDataset', 'SogouNewsDataset', 'UDPOSDataset', 'WikiTextDataset', 'YahooAnswersDataset', 'YelpReviewDataset']

class Corpus(Source):
    def __init__(self, dataset_dir: Any, usage: Any = None, num_samples: Any = None, num_parallel_workers: Any = None, shuffle: Any = ..., num_shards: Any = None, shard_id: Any = None, cache: Any = None) -> None: ...
    dataset_dir: Any
    usage: Any

class AGNewsDataset(Corpus):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class AmazonReviewDataset(Corpus):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class _WorkersLast(Corpus):
    def __init__(self, dataset_dir: Any, usage: Any = None, num_samples: Any = None, shuffle: Any = ..., num_shards: Any = None, shard_id: Any = None, num_parallel_workers: Any = None, cache: Any = None) -> None: ...

class CoNLL2000Dataset(_WorkersLast):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, num_parallel_workers: int | None = None, cache: Any = None) -> None: ...

class DBpediaDataset(Corpus):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class IMDBDataset(Source):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    dataset_dir: Any
    usage: Any

class PennTreebankDataset(Corpus):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class SQuADDataset(Corpus):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class SogouNewsDataset(_WorkersLast):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, num_parallel_workers: int | None = None, cache: Any = None) -> None: ...

class UDPOSDataset(_WorkersLast):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, num_parallel_workers: int | None = None, cache: Any = None) -> None: ...

class WikiTextDataset(Corpus):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class YahooAnswersDataset(Corpus):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class YelpReviewDataset(_WorkersLast):
    def __init__(self, dataset_dir: Path, usage: Any = None, num_samples: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, num_parallel_workers: int | None = None, cache: Any = None) -> None: ...
