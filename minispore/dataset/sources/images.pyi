# Written by tools/stubs from minispore.dataset.sources.images: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping
from minispore._types import Items, Number, Path
from minispore.core.docstrings import documented as documented
from minispore.dataset.rows import Rows as Rows
from minispore.dataset.samplers import Sampler
from minispore.dataset.sources.base import Arrays as Arrays, Read as Read, Source as Source, check_decrypt as check_decrypt, folder as folder, image_content as image_content, usage_of as usage_of
from numpy.typing import NDArray
from typing import Any

__all__ = ['Arrays', 'Cifar100Dataset', 'Cifar10Dataset', 'FashionMnistDataset', 'ImageFolderDataset', 'KMnistDataset', 'MnistDataset', 'Read', 'Rows', 'Source', 'check_decrypt', 'documented', 'folder', 'image_content', 'read_idx', 'read_pickle', 'usage_of']

class _ImageLabel(Source):
    def __init__(self, dataset_dir: Any, usage: Any = None, num_samples: Any = None, num_parallel_workers: Any = None, shuffle: Any = None, sampler: Any = None, num_shards: Any = None, shard_id: Any = None, cache: Any = None) -> None: ...
    dataset_dir: Any
    usage: Any

class _Cifar(_ImageLabel):
    ...

class Cifar100Dataset(_Cifar):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class Cifar10Dataset(_Cifar):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class MnistDataset(_ImageLabel):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class FashionMnistDataset(MnistDataset):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

class ImageFolderDataset(Source):
    def __init__(self, dataset_dir: Path, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, extensions: Items | None = None, class_indexing: Mapping[Any, Any] | None = None, decode: bool = False, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None, decrypt: Callable[..., Any] | None = None) -> None: ...
    def get_class_indexing(self) -> dict[str, Any]: ...
    class_indexing: Any
    dataset_dir: Any
    decode: Any
    decrypt: Any
    extensions: Any

class KMnistDataset(MnistDataset):
    def __init__(self, dataset_dir: Path, usage: str | None = None, num_samples: int | None = None, num_parallel_workers: int | None = None, shuffle: bool | None = None, sampler: Sampler | Number | None = None, num_shards: int | None = None, shard_id: int | None = None, cache: Any = None) -> None: ...

def read_idx(path: str, magic: int) -> NDArray[Any]: ...

def read_pickle(path: str) -> dict[str, Any]: ...
