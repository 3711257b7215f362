"""Record files as a source of rows."""

import itertools

import numpy as np

from ...core.errors import fail
from ..mindrecord.file import record_files
from ..samplers import WeightedRandomSampler, check_count
from .base import Read, Source


class MindDataset(Source):
    """The records of MindSpore's ``.mindrecord`` files; ``mindrecord.FileWriter`` writes them.

    Unlike MindSpore, bytes are uint8 arrays, as ``vision.Decode`` takes them.

    Args:
        dataset_files: path of a file, which stands for all that were written with it; or a list of files.
        columns_list: list of the columns wanted, in this order.  Default: None, for all, sorted by name.
        num_parallel_workers: int, threads.  Default: None.
        shuffle: bool, whether in random order.  Default: None, as True unless there is a ``sampler``.
        num_shards: int, of how many shards this is one.  Default: None.
        shard_id: int, which one.  Default: None.
        sampler: Sampler, or row numbers, in place of the others.  Default: None.
        padded_sample: dict, a row that follows after the last record, to make shards equal.  Default: None.
        num_padded: int, how often it follows.  Default: None.
        num_samples: int, at most so many rows.  Default: None, for all.
        cache: accepted.

    Raises:
        ValueError: a file does not exist, ``num_padded`` is negative, or a sampler that record files do not take.
        RuntimeError: one is damaged, or a column does not exist.

    >>> import os, tempfile
    >>> import minispore.dataset as ds
    >>> from minispore.mindrecord import FileWriter
    >>> path = os.path.join(tempfile.mkdtemp(), "a.mindrecord")
    >>> writer = FileWriter(path)
    >>> _ = writer.add_schema({"label": {"type": "int32"}})
    >>> _ = writer.write_raw_data([{"label": 3}, {"label": 4}])
    >>> _ = writer.commit()
    >>> [int(row["label"]) for row in ds.MindDataset(path, shuffle=False).create_dict_iterator(num_epochs=1)]
    [3, 4]
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
        check_count("MindDataset", "num_padded", num_padded)
        if isinstance(sampler, (int, str, WeightedRandomSampler)):
            raise fail(ValueError, f"For 'MindDataset', the sampler is not supported: {sampler!r}.")
        self._padding = [self._padded(name, padded_sample) for name in wanted] if padded_sample else []
        self.num_padded = num_padded or 0
        super().__init__(wanted, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache)

    def _padded(self, name: str, sample: dict) -> np.ndarray:
        field = self._files[0].schema[name]
        return np.array(sample[name], None if field["type"] in ("string", "bytes") else field["type"])

    def _labels(self):
        name = getattr(self._sampler, "class_column", "label")
        there = [file.read(number) for file in self._files for number in range(len(file))]
        if name not in there[0]:
            raise fail(
                RuntimeError, f"For 'MindDataset', there is no column '{name}' for PKSampler: {sorted(there[0])}."
            )
        return [row[name] for row in there]

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
