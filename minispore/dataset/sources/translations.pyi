# Written by tools/stubs from minispore.dataset.sources.translations: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Path
from minispore.core.docstrings import documented as documented
from minispore.dataset.rows import Rows as Rows
from minispore.dataset.samplers import Shuffle as Shuffle
from minispore.dataset.sources.base import Arrays as Arrays, Source as Source, folder as folder, usage_of as usage_of
from minispore.dataset.sources.text import read_text as read_text
from typing import Any

__all__ = ['Arrays', 'IWSLT2016Dataset', 'IWSLT2017Dataset', 'Multi30kDataset', 'Rows', 'Shuffle', 'Source', 'documented', 'folder', 'read_text', 'usage_of']

class _Translated(Source):
    def __init__(self, dataset_dir: Any, usage: Any, pair: Any, pairs: Any, num_samples: Any, shuffle: Any, num_shards: Any, shard_id: Any, workers: Any, cache: Any) -> None: ...
    dataset_dir: Any
    pair: Any
    usage: Any

class IWSLT2016Dataset(_Translated):
    def __init__(self, dataset_dir: Path, usage: str | None = None, language_pair: Any = None, valid_set: str | None = None, test_set: str | None = None, num_samples: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, num_parallel_workers: int | None = None, cache: Any = None) -> None: ...
    sets: Any

class IWSLT2017Dataset(_Translated):
    def __init__(self, dataset_dir: Path, usage: str | None = None, language_pair: Any = None, num_samples: int | None = None, shuffle: bool = ..., num_shards: int | None = None, shard_id: int | None = None, num_parallel_workers: int | None = None, cache: Any = None) -> None: ...

class Multi30kDataset(_Translated):
    def __init__(self, dataset_dir: Path, usage: str | None = None, language_pair: Any = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
