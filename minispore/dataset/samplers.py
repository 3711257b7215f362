"""Samplers: which rows of a source an epoch has, and in which order."""

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import islice
from typing import Any

import numpy as np

from ..core.errors import fail
from . import checks
from .remembered import Remembered
from .rows import Epoch


class Shuffle(str, Enum):
    """How far a source shuffles: rows and files are both shuffled for GLOBAL; FILES and INFILE are taken as it; FALSE:
    not.

    >>> import minispore.dataset as ds
    >>> ds.Shuffle.FILES.value
    'files'
    """

    GLOBAL = "global"
    PARTIAL = "partial"
    FILES = "files"
    INFILE = "infile"
    ADAPTIVE = "adaptive"
    FALSE = "false"


def check_count(owner: str, name: str, value: Any, low: int = 0, none: bool = True) -> None:
    """Checks that ``value`` is an int32 of at least ``low``, or None where that is allowed.

    Args:
        owner: str, the operation's name for the message.
        name: str, of the argument.
        value: what was given.
        low: int.  Default: 0.
        none: bool, whether None is allowed.  Default: True.

    Raises:
        TypeError: it is not an int.
        ValueError: it is too small, or no int32.
    """
    if value is None and none:
        return
    checks.within(owner, f"[{low}, 2147483647]", **{name: checks.instance(owner, (int, np.integer), **{name: value})})


class Sampler(Remembered):
    """The base of samplers: a subclass written by a user has ``__iter__``, which yields row numbers.

    ``self.dataset_size`` and ``self.num_samples`` are set before it is called, once for every epoch.

    Args:
        num_samples: int, at most so many rows.  Default: None, for all.

    Raises:
        TypeError: ``num_samples`` is not an int.
        NotImplementedError: the subclass has no ``__iter__``.

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
        """Puts a sampler before this one: this one chooses among the rows that ``sampler`` gives.

        Args:
            sampler: Sampler.

        Raises:
            TypeError: it is not a Sampler.
            RuntimeError: there is one already.

        >>> import minispore.dataset as ds
        >>> sampler = ds.SequentialSampler(num_samples=2)
        >>> sampler.add_child(ds.SubsetSampler([4, 3, 2]))
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, sampler=sampler)
        >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
        [5, 4]
        """
        checks.instance("add_child", Sampler, sampler=sampler)
        if self.child_sampler is not None:
            raise fail(RuntimeError, f"For 'add_child', this {type(self).__name__} has a child already.")
        self.child_sampler = sampler

    def get_child(self) -> "Sampler | None":
        """The sampler before this one.

        Returns:
            Sampler or None.
        """
        return self.child_sampler

    def get_num_samples(self) -> int | None:
        """The most rows of an epoch, as given to this sampler and the one before it.

        Returns:
            int or None.
        """
        before = self.child_sampler.get_num_samples() if self.child_sampler is not None else None
        given = [count for count in (self.num_samples, before) if count is not None]
        return min(given, default=None)

    _shuffles = False  # whether the order is random, whatever comes before

    def is_shuffled(self) -> bool:
        """Whether the order of the rows is random.

        Returns:
            bool.
        """
        return self._shuffles or (self.child_sampler is not None and self.child_sampler.is_shuffled())

    def is_sharded(self) -> bool:
        """Whether the rows are those of one of several shards.

        Returns:
            bool.
        """
        return self.child_sampler is not None and self.child_sampler.is_sharded()

    def reset(self) -> None:
        """Called before each epoch but the first; for subclasses."""

    def count(self, size: int) -> int | None:
        """How many rows an epoch has, if that is known without asking for them.

        Args:
            size: int, the rows of the source.

        Returns:
            int or None.
        """
        return None

    def choose(self, size: int, epoch: Epoch, labels: Any) -> np.ndarray:
        """The row numbers of an epoch, before ``num_samples`` and the checks.

        Args:
            size: int, the rows of the source.
            epoch: Epoch.
            labels: function that gives each row's class.

        Returns:
            array of int64.
        """
        self.dataset_size = size
        if epoch.number > self._epoch:
            self.reset()
        self._epoch = epoch.number
        try:
            return np.fromiter((int(i) for i in islice(self, self.num_samples or None)), np.int64)
        except (TypeError, ValueError) as error:
            raise fail(RuntimeError, f"For '{type(self).__name__}', row numbers must be ints: {error}") from error

    _epoch = 0  # the last one that was asked for

    def indices(self, size: int, epoch: Epoch, labels: Any = None) -> np.ndarray:
        """The row numbers of an epoch.

        Args:
            size: int, the rows of the source.
            epoch: Epoch.
            labels: function that gives each row's class.  Default: None.

        Returns:
            array of int64.

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
    """Rows in order.

    Args:
        start_index: int from 0, the first.  Default: None, for 0.
        num_samples: int, at most so many.  Default: None, for all.

    Raises:
        TypeError: an argument is not an int.
        ValueError: an argument is negative.
        RuntimeError: when it is read: ``start_index`` is beyond the rows.

    >>> import minispore.dataset as ds
    >>> sampler = ds.SequentialSampler(start_index=2)
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, sampler=sampler)
    >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    [3, 4, 5]
    """

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
    """Rows in random order.

    Args:
        replacement: bool, whether each is drawn from all.  Default: False.
        num_samples: int, at most so many.  Default: None, for all.
        shuffle: accepted.

    Raises:
        TypeError: an argument of the wrong type.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, sampler=ds.RandomSampler())
    >>> sorted(int(row["x"]) for row in data.create_dict_iterator(num_epochs=1))
    [1, 2, 3]
    """

    def __init__(self, replacement: bool = False, num_samples: int | None = None, shuffle: Any = Shuffle.GLOBAL):
        super().__init__(num_samples)
        checks.boolean("RandomSampler", replacement=replacement)
        self.replacement = replacement

    _shuffles = True

    def choose(self, size, epoch, labels):
        rng = epoch.generator(0)
        if self.replacement:
            return rng.integers(0, size, min(self.num_samples or size, size))
        return rng.permutation(size)


class DistributedSampler(Sampler):
    """The share of one of several processes: rows shard_id, shard_id + num_shards, ... of an order common to all.

    Every shard has ceil(rows / num_shards) rows, the last ones taken from the beginning again; with ``offset`` >= 0 the
    shards are shifted by so many rows, and nothing is repeated.

    Args:
        num_shards: int above 0.
        shard_id: int below it.
        shuffle: bool, whether that order is random.  Default: True.
        num_samples: int, at most so many.  Default: None, for all.
        offset: int.  Default: -1.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: ``num_shards`` or ``shard_id`` is out of range, or ``offset`` above ``num_shards``.

    >>> import minispore.dataset as ds
    >>> sampler = ds.DistributedSampler(2, 1, shuffle=False)
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, sampler=sampler)
    >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    [2, 4, 1]
    """

    def __init__(
        self, num_shards: int, shard_id: int, shuffle: bool = True, num_samples: int | None = None, offset: int = -1
    ):
        super().__init__(num_samples)
        checks.instance("DistributedSampler", (int, np.integer), num_shards=num_shards, shard_id=shard_id)
        if not 0 <= shard_id < num_shards:
            raise fail(
                RuntimeError,
                "For 'DistributedSampler', 'num_shards' must be positive and 'shard_id' below it and not negative, but got "
                f"{num_shards} and {shard_id}.",
            )
        checks.boolean("DistributedSampler", shuffle=shuffle)
        checks.instance("DistributedSampler", (int, np.integer), offset=offset)
        if offset > num_shards:
            raise fail(
                RuntimeError,
                f"For 'DistributedSampler', 'offset' must be at most 'num_shards', {num_shards}, but got {offset}.",
            )
        self.num_shards, self.shard_id, self.shuffle, self.offset = num_shards, shard_id, shuffle, offset
        self._shuffles = shuffle

    def is_sharded(self):
        """Whether there are several shards, here or before.

        Returns:
            bool.
        """
        return self.num_shards > 1 if self.child_sampler is None else super().is_sharded()

    def choose(self, size, epoch, labels):
        shift = max(self.offset, 0)
        places = np.arange(self.shard_id - shift, size + self.num_shards - 1 - shift, self.num_shards)
        places = places[: -(-(size + shift) // self.num_shards)]
        places = places % size if self.offset < 0 else places[(places >= 0) & (places < size)]
        return epoch.generator(0).permutation(size)[places] if self.shuffle else places


class BlockSampler(DistributedSampler):
    """``DistributedSampler`` for sources that MindSpore reads from the front: a shard is a run of rows, all shards of one
    length; the last ones begin again at the first row.

    Args:
        num_shards: int, how many.
        shard_id: int, which one.
        shuffle: bool, whether its rows are in random order.  Default: True.
        num_samples: int, at most so many rows.  Default: None.

    >>> from minispore.dataset.rows import Epoch
    >>> [BlockSampler(2, k, False).indices(3, Epoch(0, 0)).tolist() for k in (0, 1)]
    [[0, 1], [2, 0]]
    """

    def choose(self, size, epoch, labels):
        """The rows of the shard.

        Args:
            size: int.
            epoch: Epoch.
            labels: ignored.

        Returns:
            array of ints.
        """
        count = -(-size // self.num_shards)
        places = np.arange(self.shard_id * count, (self.shard_id + 1) * count) % size
        return epoch.generator(0).permutation(places) if self.shuffle else places


class SubsetSampler(Sampler):
    """The rows at some numbers, in that order.

    Args:
        indices: int or iterable of ints.
        num_samples: int, at most so many.  Default: None, for all.

    Raises:
        TypeError: an index is not an int.
        RuntimeError: when it is read: one is out of bounds.

    >>> import minispore.dataset as ds
    >>> sampler = ds.SubsetSampler([4, 0])
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, sampler=sampler)
    >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    [5, 1]
    """

    def __init__(self, indices: Iterable[int], num_samples: int | None = None):
        given = [indices] if isinstance(indices, (int, np.integer, str)) else list(indices)
        super().__init__(len(given) if num_samples is None else num_samples)
        for index in given:
            if isinstance(index, bool) or not isinstance(index, (int, np.integer)):
                raise fail(
                    TypeError, f"For '{type(self).__name__}', 'indices' must be ints, but got {type(index).__name__}."
                )
        self.given = np.array(given, np.int64)

    def choose(self, size, epoch, labels):
        return self.given


class SubsetRandomSampler(SubsetSampler):
    """The rows at some numbers, in random order.

    Args:
        indices: int or iterable of ints.
        num_samples: int, at most so many.  Default: None, for all.

    Raises:
        TypeError: an index is not an int.
        RuntimeError: when it is read: one is out of bounds.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, sampler=ds.SubsetRandomSampler([0, 2]))
    >>> sorted(int(row["x"]) for row in data.create_dict_iterator(num_epochs=1))
    [1, 3]
    """

    _shuffles = True

    def choose(self, size, epoch, labels):
        return epoch.generator(0).permutation(self.given)


class WeightedRandomSampler(Sampler):
    """Rows drawn with probabilities proportional to weights.

    Args:
        weights: list, tuple or array of numbers, one for each row.
        num_samples: int, how many, at most all rows.  Default: None, for as many as there are rows.
        replacement: bool, whether each is drawn from all.  Default: True.

    Raises:
        TypeError: an argument of the wrong type.
        RuntimeError: when it is read: more weights than rows, negative ones, or all zero; without replacement: fewer
            weights than samples.

    >>> import minispore.dataset as ds
    >>> sampler = ds.WeightedRandomSampler([0, 0, 1, 0, 0], num_samples=2)
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, sampler=sampler)
    >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    [3, 3]
    """

    def __init__(self, weights: Sequence[float], num_samples: int | None = None, replacement: bool = True):
        super().__init__(num_samples)
        checks.instance("WeightedRandomSampler", (list, tuple, np.ndarray), weights=weights)
        if any(isinstance(w, (str, bytes)) for w in weights):
            raise fail(TypeError, "For 'WeightedRandomSampler', 'weights' must be numbers, but got str.")
        checks.boolean("WeightedRandomSampler", replacement=replacement)
        self.weights = np.asarray(weights, np.float64)
        self.replacement = replacement

    _shuffles = True

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
        count = min(self.num_samples or size, size)
        if self.replacement:
            return rng.choice(len(weights), count, p=weights / total)
        if count > len(weights):
            raise fail(
                RuntimeError,
                f"For 'WeightedRandomSampler' without replacement, 'weights' must be at least 'num_samples', {count}, but got "
                f"{len(weights)}.",
            )
        # sorted exponential variates are a weighted draw without replacement; rows of weight zero come last
        with np.errstate(divide="ignore"):
            times = rng.standard_exponential(len(weights)) / weights
        return np.argsort(times, kind="stable")[:count]


class PKSampler(Sampler):
    """``num_val`` rows of every class, class after class; for sources with labels.

    Args:
        num_val: int above 0.
        num_class: None.
        shuffle: bool, whether the order of the classes and the rows within one are random.  Default: False.
        class_column: accepted.
        num_samples: int, at most so many.  Default: None, for all.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``num_val`` is not positive.
        NotImplementedError: ``num_class`` is given (MindSpore has it not either).
        RuntimeError: when it is read: the source has no labels.

    >>> from minispore.dataset.rows import Epoch
    >>> PKSampler(1).indices(4, Epoch(0, 0), lambda: [7, 7, 3, 3]).tolist()
    [2, 0]
    """

    def __init__(self, num_val, num_class=None, shuffle=False, class_column="label", num_samples=None):
        super().__init__(num_samples)
        check_count("PKSampler", "num_val", num_val, 1, none=False)
        if num_class is not None:
            raise fail(NotImplementedError, "For 'PKSampler', 'num_class' is not supported: leave it out.")
        checks.boolean("PKSampler", shuffle=shuffle)
        checks.string("PKSampler", class_column=class_column)
        self.num_val, self.shuffle, self.class_column = num_val, shuffle, class_column
        self._shuffles = shuffle

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
    """The row numbers that any iterable yields.

    Args:
        sampler: iterable of ints.
        num_samples: int, at most so many.  Default: None, for all.

    Raises:
        TypeError: ``sampler`` is not iterable.

    >>> import minispore.dataset as ds
    >>> sampler = ds.IterSampler(range(0, 5, 2))
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, sampler=sampler)
    >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
    [1, 3, 5]
    """

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

    Args:
        owner: str, the source's name for the message.
        num_samples: int or None.
        sampler: Sampler, row numbers or None.
        shuffle: bool, Shuffle or None.
        num_shards: int or None.
        shard_id: int or None.

    Returns:
        Sampler.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: arguments that exclude each other, or one of ``num_shards`` and ``shard_id`` alone.
    """
    check_count(owner, "num_samples", num_samples)
    check_count(owner, "num_shards", num_shards, 1)
    check_count(owner, "shard_id", shard_id)
    if shuffle is not None and not isinstance(shuffle, (bool, Shuffle)):
        raise checks.wrong_type(owner, "shuffle", shuffle, [bool])
    in_memory = owner in ("GeneratorDataset", "NumpySlicesDataset")  # MindSpore's classes of errors differ
    if (num_shards is None) != (shard_id is None):
        given, other = ("shard_id", "num_shards") if num_shards is None else ("num_shards", "shard_id")
        needs = "but num_shards is not" if num_shards is None else "and currently requires shard_id as well"
        raise fail(
            ValueError if in_memory else RuntimeError,
            f"For '{owner}', {given} is specified {needs}: give '{other}', too.",
        )
    if num_shards is not None and shard_id >= num_shards:
        raise checks.outside(owner, "shard_id", shard_id, f"[0, {num_shards - 1}]")
    if sampler is not None:
        if isinstance(sampler, int) and not in_memory:
            sampler = [sampler]
        if isinstance(sampler, (str, int)) or not (isinstance(sampler, Sampler) or hasattr(sampler, "__iter__")):
            raise fail(TypeError, f"For '{owner}', 'sampler' must be a Sampler or row numbers, but got {sampler!r}.")
        whole = isinstance(sampler, Sampler)
        for name, value in (("shuffle", shuffle), ("num_shards", num_shards), ("num_samples", num_samples)):
            if value is not None and (whole or not in_memory):
                wrong = ValueError if in_memory else RuntimeError
                other = "sharding" if name == "num_shards" else name
                raise fail(wrong, f"For '{owner}', sampler and {other} cannot be specified at the same time.")
        if whole:
            return sampler
        if isinstance(sampler, (list, tuple, np.ndarray)):
            return SubsetSampler(sampler, num_samples)
        return IterSampler(sampler, num_samples)
    random = shuffle is None or (shuffle is not False and shuffle != Shuffle.FALSE)
    if num_shards is not None:
        return DistributedSampler(num_shards, shard_id, shuffle=random, num_samples=num_samples)
    return RandomSampler(num_samples=num_samples) if random else SequentialSampler(num_samples=num_samples)
