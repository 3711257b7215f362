"""Record files as a source of rows."""

import itertools

import numpy as np

from ...core.errors import fail
from ..mindrecord import record_files
from .base import Read, Source


class MindDataset(Source):
    """The records of MindSpore's ``.mindrecord`` files; ``mindrecord.FileWriter`` writes them.

    Unlike MindSpore, bytes are uint8 arrays, as ``vision.Decode`` takes them.

    Args:
        dataset_files: a file, which stands for all that were written with it; or a list of files.
        columns_list: the columns wanted, in this order; default: all, sorted by name.
        padded_sample, num_padded: a dict, and how often it follows after the last record (to make shards equal).
        num_samples, shuffle, sampler, num_shards, shard_id: which rows and in which order; shuffled by default.

    Raises:
        ValueError: a file does not exist. RuntimeError: one is damaged, or a column does not exist.
    """

    def __init__(self, dataset_files, columns_list=None, num_parallel_workers=None, shuffle=None, num_shards=None,
                 shard_id=None, sampler=None, padded_sample=None, num_padded=None, num_samples=None, cache=None):  # fmt: skip
        self.dataset_files, self._files = dataset_files, record_files(dataset_files)
        there = self._files[0].columns()
        wanted = [columns_list] if isinstance(columns_list, str) else list(columns_list or there)
        unknown = [name for name in wanted if name not in there]
        if unknown:
            raise fail(RuntimeError, f"For 'MindDataset', there are no columns {unknown}: the columns are {there}.")
        if (padded_sample is None) != (not num_padded):
            raise fail(RuntimeError, "For 'MindDataset', 'padded_sample' and 'num_padded' must be given together.")
        self._padding = [np.array(padded_sample[name]) for name in wanted] if padded_sample else []
        self.num_padded = num_padded or 0
        super().__init__(wanted, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _load(self):
        ends = list(itertools.accumulate(len(file) for file in self._files))
        total = ends[-1]

        def read(number: int) -> tuple:
            if number >= total:
                return tuple(self._padding)
            which = int(np.searchsorted(ends, number, side="right"))
            row = self._files[which].read(number - ends[which] + len(self._files[which]))
            return tuple(row[name] for name in self._names)

        return Read(total + self.num_padded, read)


__all__ = ["MindDataset"]
