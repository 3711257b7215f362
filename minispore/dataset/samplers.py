"""Samplers: which rows of a source an epoch has, and in which order."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import numpy as np

from ..core import checks
from ..core.errors import fail
from .rows import Epoch


class Shuffle(str, Enum):
    """How far a source shuffles. Files and rows are both shuffled for GLOBAL; FILES and INFILE are taken as it."""

    GLOBAL = "global"
    PARTIAL = "partial"
    FILES = "files"
    INFILE = "infile"
    ADAPTIVE = "adaptive"
    FALSE = "false"


def check_count(owner: str, name: str, value: Any, low: int = 0, none: bool = True) -> None:
    """Checks that ``value`` is an int of at least ``low``, or None where that is allowed."""
    if value is None and none:
        return
    checks.at_least(owner, low, **{name: checks.instance(owner, (int, np.integer), **{name: value})})


class Sampler:
    """Base of samplers written by users: a subclass has ``__iter__``, which yields row numbers.

    ``self.dataset_size`` and ``self.num_samples`` are set before it is called, once for every epoch.

    >>> import minispore.dataset as ds
    >>> class Backwards(ds.Sampler):
    ...     def __iter__(self):
    ...         yield from range(self.dataset_size - 1, -1, -1)
    >>> data = ds.NumpySlicesDataset([1, 2, 3], ["x"], sampler=Backwards())
    >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1, output_numpy=True)]
    [3, 2, 1]
    """

    def __init__(self, num_samples: int | None = None):
        check_count(type(self).__name__, "num_samples", num_samples)
        self.num_samples = num_samples
        self.dataset_size = 0
        self.child_sampler: Sampler | None = None

    def __iter__(self):
        raise fail(
            NotImplementedError, f"Sampler {type(self).__name__} needs a method '__iter__' that yields row numbers."
        )

    def add_child(self, sampler: "Sampler") -> None:
        """Puts a sampler before this one: this one chooses among the rows that ``sampler`` gives."""
        checks.instance("add_child", Sampler, sampler=sampler)
        self.child_sampler = sampler

    def get_child(self) -> "Sampler | None":
        return self.child_sampler

    def get_num_samples(self) -> int | None:
        return self.num_samples

    def count(self, size: int) -> int | None:
        """How many rows an epoch has, if that is known without asking for them."""
        return None

    def choose(self, size: int, epoch: Epoch, labels: Any) -> np.ndarray:
        self.dataset_size = size
        return np.fromiter((int(i) for i in self), np.int64)

    def indices(self, size: int, epoch: Epoch, labels: Any = None) -> np.ndarray:
        """The row numbers of an epoch over ``size`` rows. ``labels()`` gives each row's class.

        Raises:
            RuntimeError: a row number is out of bounds.
        """
        if self.child_sampler is not None:
            inner = self.child_sampler.indices(size, epoch, labels)
            return inner[self._checked(len(inner), epoch, labels)]
        return self._checked(size, epoch, labels)

    def _checked(self, size: int, epoch: Epoch, labels: Any) -> np.ndarray:
        chosen = self.choose(size, epoch, labels)
        if self.num_samples:
            chosen = chosen[: self.num_samples]
        wrong = chosen[(chosen < 0) | (chosen >= size)]
        if len(wrong):
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}', row numbers must be in [0, {size - 1}], but got {wrong[0]}.",
            )
        return chosen


class SequentialSampler(Sampler):
    """Rows in order, from ``start_index`` (default 0) on, at most ``num_samples``."""

    def __init__(self, start_index: int | None = None, num_samples: int | None = None):
        super().__init__(num_samples)
        check_count("SequentialSampler", "start_index", start_index)
        self.start_index = start_index or 0

    def choose(self, size, epoch, labels):
        if size and self.start_index >= size:
            raise fail(
                RuntimeError,
                f"For 'SequentialSampler', 'start_index' must be below the number of rows, {size}, but got {self.start_index}.",
            )
        return np.arange(self.start_index, size)


class RandomSampler(Sampler):
    """Rows in random order; with ``replacement``, each drawn from all."""

    def __init__(self, replacement: bool = False, num_samples: int | None = None, shuffle: Any = Shuffle.GLOBAL):
        super().__init__(num_samples)
        checks.boolean("RandomSampler", replacement=replacement)
        self.replacement = replacement

    def choose(self, size, epoch, labels):
        rng = epoch.generator(0)
        if self.replacement:
            return rng.integers(0, size, min(self.num_samples or size, size))
        return rng.permutation(size)


class DistributedSampler(Sampler):
    """The share of one of several processes: rows shard_id, shard_id + num_shards, ... of an order common to all.

    Every shard has ceil(rows / num_shards) rows, the last ones taken from the beginning again; with ``offset`` >= 0 the
    shards are shifted by so many rows, and nothing is repeated.
    """

    def __init__(
        self, num_shards: int, shard_id: int, shuffle: bool = True, num_samples: int | None = None, offset: int = -1
    ):
        super().__init__(num_samples)
        check_count("DistributedSampler", "num_shards", num_shards, 1, none=False)
        check_count("DistributedSampler", "shard_id", shard_id, 0, none=False)
        if shard_id >= num_shards:
            raise fail(
                ValueError,
                f"For 'DistributedSampler', 'shard_id' must be in [0, {num_shards - 1}], but got {shard_id}.",
            )
        checks.boolean("DistributedSampler", shuffle=shuffle)
        if offset > num_shards:
            raise fail(
                RuntimeError,
                f"For 'DistributedSampler', 'offset' must be at most 'num_shards', {num_shards}, but got {offset}.",
            )
        self.num_shards, self.shard_id, self.shuffle, self.offset = num_shards, shard_id, shuffle, offset

    def choose(self, size, epoch, labels):
        shift = max(self.offset, 0)
        places = np.arange(self.shard_id - shift, size + self.num_shards - 1 - shift, self.num_shards)
        places = places[: -(-(size + shift) // self.num_shards)]
        places = places % size if self.offset < 0 else places[(places >= 0) & (places < size)]
        return epoch.generator(0).permutation(size)[places] if self.shuffle else places


class SubsetSampler(Sampler):
    """The rows at ``indices``, in that order."""

    def __init__(self, indices: Iterable[int], num_samples: int | None = None):
        super().__init__(num_samples)
        given = [indices] if isinstance(indices, (int, np.integer)) else list(indices)
        for index in given:
            if isinstance(index, bool) or not isinstance(index, (int, np.integer)):
                raise fail(
                    TypeError, f"For '{type(self).__name__}', 'indices' must be ints, but got {type(index).__name__}."
                )
        self.given = np.array(given, np.int64)

    def choose(self, size, epoch, labels):
        return self.given


class SubsetRandomSampler(SubsetSampler):
    """The rows at ``indices``, in random order."""

    def choose(self, size, epoch, labels):
        return epoch.generator(0).permutation(self.given)


class WeightedRandomSampler(Sampler):
    """Rows drawn with probabilities proportional to ``weights``: one for each row."""

    def __init__(self, weights: Sequence[float], num_samples: int | None = None, replacement: bool = True):
        super().__init__(num_samples)
        checks.instance("WeightedRandomSampler", (list, tuple, np.ndarray), weights=weights)
        if any(isinstance(w, (str, bytes)) for w in weights):
            raise fail(TypeError, "For 'WeightedRandomSampler', 'weights' must be numbers, but got str.")
        checks.boolean("WeightedRandomSampler", replacement=replacement)
        self.weights = np.asarray(weights, np.float64)
        self.replacement = replacement

    def choose(self, size, epoch, labels):
        weights = self.weights
        total = weights.sum()
        if len(weights) > size or not len(weights) or (weights < 0).any() or not 0 < total < np.inf:
            raise fail(
                RuntimeError,
                f"For 'WeightedRandomSampler', 'weights' must be at most {size} numbers (one a row), none negative, not all "
                f"zero, but got {len(weights)} with the sum {total}.",
            )
        rng = epoch.generator(0)
        count = self.num_samples or len(weights)
        if self.replacement:
            return rng.choice(len(weights), count, p=weights / total)
        # sorted exponential variates are a weighted draw without replacement; rows of weight zero come last
        with np.errstate(divide="ignore"):
            times = rng.standard_exponential(len(weights)) / weights
        return np.argsort(times, kind="stable")[:count]


class PKSampler(Sampler):
    """``num_val`` rows of every class, class after class; for sources with labels.

    ``shuffle`` draws both the order of the classes and the rows within one.

    Raises:
        NotImplementedError: ``num_class`` is given (MindSpore has it not either).
    """

    def __init__(self, num_val, num_class=None, shuffle=False, class_column="label", num_samples=None):
        super().__init__(num_samples)
        check_count("PKSampler", "num_val", num_val, 1, none=False)
        if num_class is not None:
            raise fail(NotImplementedError, "For 'PKSampler', 'num_class' is not supported: leave it out.")
        checks.boolean("PKSampler", shuffle=shuffle)
        self.num_val, self.shuffle, self.class_column = num_val, shuffle, class_column

    def choose(self, size, epoch, labels):
        if labels is None:
            raise fail(
                RuntimeError, "For 'PKSampler', the source must have labels: use MnistDataset, ImageFolderDataset ..."
            )
        values = np.asarray(labels())
        rng = epoch.generator(0)
        classes = np.unique(values)
        if self.shuffle:
            classes = rng.permutation(classes)
        chosen = []
        for number in classes:
            rows = np.flatnonzero(values == number)
            chosen.append((rng.permutation(rows) if self.shuffle else rows)[: self.num_val])
        return np.concatenate(chosen)


class IterSampler(Sampler):
    """The row numbers that any iterable yields."""

    def __init__(self, sampler: Iterable[int], num_samples: int | None = None):
        super().__init__(num_samples)
        if not hasattr(sampler, "__iter__"):
            raise fail(TypeError, f"For 'IterSampler', 'sampler' must be iterable, but got {type(sampler).__name__}.")
        self.sampler = sampler

    def __iter__(self):
        return iter(self.sampler)


BuiltinSampler = Sampler


def select(owner: str, num_samples, sampler, shuffle, num_shards, shard_id) -> Sampler:
    """The sampler that the usual arguments of a source describe.

    Raises:
        RuntimeError: arguments that exclude each other, or one of ``num_shards`` and ``shard_id`` alone.
    """
    check_count(owner, "num_samples", num_samples)
    check_count(owner, "num_shards", num_shards, 1)
    check_count(owner, "shard_id", shard_id)
    if shuffle is not None and not isinstance(shuffle, (bool, Shuffle)):
        raise fail(TypeError, f"For '{owner}', 'shuffle' must be a bool, but got {type(shuffle).__name__}.")
    if (num_shards is None) != (shard_id is None):
        raise fail(RuntimeError, f"For '{owner}', 'num_shards' and 'shard_id' must be given together.")
    if num_shards is not None and shard_id >= num_shards:
        raise fail(ValueError, f"For '{owner}', 'shard_id' must be in [0, {num_shards - 1}], but got {shard_id}.")
    if sampler is not None:
        for name, value in (("shuffle", shuffle), ("num_shards", num_shards), ("num_samples", num_samples)):
            if value is not None:
                raise fail(RuntimeError, f"For '{owner}', 'sampler' and '{name}' cannot be given at the same time.")
        if isinstance(sampler, Sampler):
            return sampler
        if isinstance(sampler, (list, tuple, int)) or isinstance(sampler, np.ndarray):
            return SubsetSampler(sampler)  # type: ignore[arg-type]
        return IterSampler(sampler)
    random = shuffle is None or (shuffle is not False and shuffle != Shuffle.FALSE)
    if num_shards is not None:
        return DistributedSampler(num_shards, shard_id, shuffle=random, num_samples=num_samples)
    return RandomSampler(num_samples=num_samples) if random else SequentialSampler(num_samples=num_samples)
