# Written by tools/stubs from minispore.dataset.sources.annotated: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping
from minispore._types import Items, Number, Path
from minispore.dataset.samplers import Sampler
from minispore.dataset.sources.base import Source
from typing import Any

__all__ = ['CelebADataset', 'CityscapesDataset', 'CocoDataset', 'ManifestDataset', 'VOCDataset']

class _Annotated(Source):
    decode: Any
    decrypt: Any
    extra_metadata: Any

class CelebADataset(_Annotated):
    def __init__(self, dataset_dir: Path, num_parallel_workers: int | None = None, shuffle: bool | None = None, usage: str = 'all', sampler: Sampler | Number | None = None, decode: bool = False, extensions: Items | None = None, num_samples: int | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None, decrypt: Callable[..., Any] | None = None) -> None: ...
    dataset_dir: Any
    extensions: Any
    usage: Any

class CityscapesDataset(_Annotated):
    def __init__(self, dataset_dir: Path, usage: str = 'train', quality_mode: str = 'fine', task: str = 'instance', num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, decode: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    dataset_dir: Any
    quality_mode: Any
    task: Any
    usage: Any

class CocoDataset(_Annotated):
    def __init__(self, dataset_dir: Path, annotation_file: Path, task: str = 'Detection', num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, decode: bool = False, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None, extra_metadata: bool = False, decrypt: Callable[..., Any] | None = None) -> None: ...
    def get_class_indexing(self) -> dict[str, Any]: ...
    annotation_file: Any
    dataset_dir: Any
    task: Any

class ManifestDataset(_Annotated):
    def __init__(self, dataset_file: Path, usage: str = 'train', num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, class_indexing: Mapping[Any, Any] | None = None, decode: bool = False, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...
    def get_class_indexing(self) -> dict[str, Any]: ...
    class_indexing: Any
    dataset_file: Any
    usage: Any

class VOCDataset(_Annotated):
    def __init__(self, dataset_dir: Path, task: str = 'Segmentation', usage: str = 'train', class_indexing: Mapping[Any, Any] | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, decode: bool = False, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None, extra_metadata: bool = False, decrypt: Callable[..., Any] | None = None) -> None: ...
    def get_class_indexing(self) -> dict[str, Any]: ...
    class_indexing: Any
    dataset_dir: Any
    task: Any
    usage: Any
