"""The base of sources: a sampler over rows that can be read by number."""

import glob
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..dataset import Dataset
from ..mapping import check_cache
from ..rows import Block, Reordered, Rows
from ..samplers import BlockSampler, DistributedSampler, Sampler, select


class Arrays(Rows):
    """Columns that are arrays, or lists of values."""

    def __init__(self, columns: Sequence[Any]):
        self._columns = columns
        self.size = len(columns[0])

    def prepare(self, index):
        index = index[index < self.size]
        return len(index), lambda: [
            c[index] if isinstance(c, np.ndarray) else [c[i] for i in index.tolist()] for c in self._columns
        ]


class Read(Rows):
    """Rows read by ``read(number) -> tuple``; ``serial``: in ``prepare``, and so in order."""

    def __init__(self, size: int, read: Callable[[int], tuple], serial: bool = False):
        self.size, self._read, self._serial = size, read, serial

    def prepare(self, index):
        numbers = index[index < self.size].tolist()
        if self._serial:
            block = self._block(numbers)
            return len(numbers), lambda: block
        return len(numbers), lambda: self._block(numbers)

    def _block(self, numbers: list[int]) -> Block:
        return [list(column) for column in zip(*[self._read(number) for number in numbers])]


class Source(Dataset):
    """The base of sources whose rows have numbers. A subclass has ``_load() -> Rows``, called when rows are first
    needed.

    Args:
        columns: list of str.
        num_samples: int, at most so many rows; None for all.
        num_parallel_workers: int, threads, or None.
        shuffle: bool, whether in random order; None for True unless there is a ``sampler``.
        sampler: Sampler, or row numbers, in place of the others; or None.
        num_shards: int, of how many shards this is one; or None.
        shard_id: int, which one; or None.
        cache: accepted.

    >>> import minispore.dataset as ds
    >>> isinstance(ds.NumpySlicesDataset([1, 2]), ds.MappableDataset)
    True
    """

    def __init__(self, columns, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache=None):
        super().__init__(num_parallel_workers=num_parallel_workers)
        self._names: list[str] = columns
        check_cache(type(self).__name__, cache)
        self._sampler: Sampler = select(type(self).__name__, num_samples, sampler, shuffle, num_shards, shard_id)
        if self._in_blocks and isinstance(self._sampler, DistributedSampler):
            self._sampler = BlockSampler(num_shards, shard_id, self._sampler.shuffle, num_samples)
        self._sharded = num_shards is not None
        self._loaded: Rows | None = None
        self._sampled: int | None = None

    def _load(self) -> Rows:
        raise NotImplementedError

    _labels: Any = None  # () -> the class of every row, for PKSampler
    _in_blocks = False  # whether a shard is a run of rows, not every n-th

    def _columns(self):
        return self._names

    def use_sampler(self, new_sampler):
        """Takes another sampler.

        Args:
            new_sampler: Sampler, or row numbers.
        """
        if new_sampler is None:
            raise fail(TypeError, "For 'use_sampler', 'new_sampler' must be a Sampler or row numbers, but got None.")
        self._sampler = select(type(self).__name__, None, new_sampler, None, None, None)
        self._sampled = None

    def add_sampler(self, new_sampler: Sampler) -> None:
        """Has another sampler choose among the rows of the present one.

        Args:
            new_sampler: Sampler.

        Raises:
            TypeError: it is not a Sampler.
        """
        checks.instance("add_sampler", Sampler, new_sampler=new_sampler).add_child(self._sampler)
        self.use_sampler(new_sampler)

    def _all(self) -> Rows:
        if self._loaded is None:
            rows = self._load()
            if not rows.size:
                raise fail(RuntimeError, f"For '{type(self).__name__}', there are no rows.")
            self._loaded = rows
        return self._loaded

    def _rows(self, epoch):
        rows = self._all()
        assert rows.size is not None
        return Reordered(rows, self._sampler.indices(rows.size, epoch, self._labels))

    def _size(self):
        if self._sampled is None:
            self._sampled = self._rows(self._first_epoch()).size
        return self._sampled


def check_decrypt(owner: str, decrypt: Any) -> Any:
    """Gives ``decrypt`` back, which must be a function or None.

    Args:
        owner: str, the source's name for the message.
        decrypt: function of a path, or None.
    """
    if decrypt is not None and not callable(decrypt):
        raise fail(TypeError, f"For '{owner}', 'decrypt' must be a function, but got {type(decrypt).__name__}.")
    return decrypt


def image_content(path: str, decrypt: Callable[[str], bytes] | None) -> np.ndarray:
    """The bytes of an image file, uint8.

    Args:
        path: str.
        decrypt: function of the path that returns the bytes; None, where they stand in the file.
    """
    return np.fromfile(path, np.uint8) if decrypt is None else np.frombuffer(decrypt(path), np.uint8).copy()


def folder(owner: str, path: Any) -> str:
    """The path of a folder that can be read.

    Args:
        owner: str, the source's name for the message.
        path: what was given.

    Returns:
        str.

    Raises:
        TypeError: it is not a path.
        ValueError: there is no such folder.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise fail(TypeError, f"For '{owner}', 'dataset_dir' must be a str, but got {type(path).__name__}.")
    if not os.path.isdir(path) or not os.access(path, os.R_OK):
        raise fail(
            ValueError, f"For '{owner}', the folder {path} does not exist, or is not a folder, or may not be read."
        )
    return os.fspath(path)


def matching_files(owner: str, patterns: Any) -> list[str]:
    """The files that a pattern or a list of patterns stand for.

    Args:
        owner: str, the source's name for the message.
        patterns: path, pattern or a list of them.

    Returns:
        list of str; the files of a pattern are sorted.

    Raises:
        TypeError: other types.
        ValueError: none given, or a pattern matches no file.
    """
    listed = [patterns] if isinstance(patterns, (str, os.PathLike)) else patterns
    if not isinstance(listed, (list, tuple)) or not all(isinstance(p, (str, os.PathLike)) for p in listed):
        raise fail(TypeError, f"For '{owner}', 'dataset_files' must be a str or a list of str, but got {patterns!r}.")
    if not listed:
        raise fail(ValueError, f"For '{owner}', 'dataset_files' must not be empty.")
    found, missing = [], []
    for pattern in map(os.fspath, listed):
        files = [pattern] if os.path.isfile(pattern) else sorted(glob.glob(pattern, recursive=True))
        found += files
        missing += [] if files else [pattern]
    if missing:
        raise fail(ValueError, f"For '{owner}', these patterns match no file: {missing}.")
    return found


def usage_of(owner: str, usage: Any, allowed: tuple[str, ...]) -> str:
    """Which part of the data is meant.

    Args:
        owner: str, the source's name for the message.
        usage: str or None.
        allowed: tuple of str.

    Returns:
        str; "all" for None.

    Raises:
        TypeError: other types.
        ValueError: another word.

    >>> usage_of("MnistDataset", None, ("train", "test", "all"))
    'all'
    """
    if usage is None:
        return "all"
    return checks.one_of(owner, list(allowed), usage=usage)
