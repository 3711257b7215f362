"""The data pipeline: sources in memory, operations, samplers, iterators, resuming.

Expected values with the remark "MindSpore" were printed by MindSpore 2.10 for the same calls.
"""

import gc
import threading
import time

import numpy as np
import pytest

import minispore as ms
import minispore.dataset as ds
from minispore.dataset import transforms, vision


def rows(data, **options):
    return [[c.tolist() for c in row] for row in data.create_tuple_iterator(num_epochs=1, output_numpy=True, **options)]


def numbers(data):
    return [row[0] for row in rows(data)]


def count(n=10, **options):
    return ds.NumpySlicesDataset({"a": np.arange(n)}, **options)


def pairs(n=5, **options):
    return ds.GeneratorDataset([(i, float(i)) for i in range(n)], ["a", "b"], **{"shuffle": False, **options})


class Slow:
    """Rows by number, the even ones late."""

    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        time.sleep(0.003 if index % 2 == 0 else 0)
        return (np.array(index),)


# ---------------------------------------------------------------- sources
@pytest.mark.quick
def test_types_of_generated_columns():
    """Names and types as MindSpore: int64, float64, str, bool, and arrays as they are."""
    source = [(1, 1.5, np.float32(2), [1, 2], "ab", True, np.ones(2, np.float16))]
    data = ds.GeneratorDataset(source, list("abcdefg"))
    assert data.output_types() == [np.dtype(t) for t in ("i8", "f8", "f4", "i8", "<U", "?", "f2")]
    assert data.output_shapes() == [[], [], [], [2], [], [], [2]]
    row = next(data.create_dict_iterator(num_epochs=1))
    assert isinstance(row["a"], ms.Tensor) and row["a"].dtype == ms.int64
    assert isinstance(row["e"], np.ndarray) and row["e"] == "ab"
    numpy_row = next(data.create_dict_iterator(num_epochs=1, output_numpy=True))
    assert isinstance(numpy_row["a"], np.ndarray)


def generated():
    yield from ((np.array(i),) for i in range(3))


class Iterable:
    def __iter__(self):
        return iter([(0,), (1,), (2,)])


@pytest.mark.parametrize("source", [generated, Iterable(), [(0,), (1,), (2,)], [0, 1, 2]])
def test_kinds_of_sources(source):
    data = ds.GeneratorDataset(source, ["x"], shuffle=False)
    assert numbers(data) == [0, 1, 2]
    assert data.dataset_size is None  # until it is asked for, as in MindSpore
    assert data.get_dataset_size() == data.dataset_size == 3
    assert numbers(data.repeat(2)) == [0, 1, 2, 0, 1, 2]


def test_slices():
    assert ds.NumpySlicesDataset(([1, 2], [3, 4])).get_col_names() == ["column_0", "column_1"]
    assert rows(ds.NumpySlicesDataset([[1, 2], [3, 4]], shuffle=False)) == [[[1, 2]], [[3, 4]]]
    ragged = ds.NumpySlicesDataset([[1], [2, 3]], ["x"], shuffle=False)
    assert rows(ragged) == [[[1]], [[2, 3]]]


def test_rows_handed_out_may_be_changed():
    array = np.zeros((2, 3), np.float32)
    for row in ds.NumpySlicesDataset(array, ["x"]).create_dict_iterator(num_epochs=1):
        row["x"] += 1
        row["x"].asnumpy()[...] = 7
    for row in ds.GeneratorDataset([array[0], array[1]], ["x"]).create_dict_iterator(num_epochs=1, output_numpy=True):
        row["x"][...] = 7
    assert (array == 0).all()


def test_padded_rows_complete_the_shards():
    data = pairs(3).project("a") + ds.PaddedDataset([{"a": np.array(-1)}])
    data.use_sampler(ds.DistributedSampler(2, 1, shuffle=False))
    assert numbers(data) == [1, -1]


# ---------------------------------------------------------------- operations
@pytest.mark.quick
def test_batch():
    assert rows(pairs().batch(2)) == [[[0, 1], [0.0, 1.0]], [[2, 3], [2.0, 3.0]], [[4], [4.0]]]
    assert rows(pairs().batch(2, drop_remainder=True))[-1] == [[2, 3], [2.0, 3.0]]
    assert pairs().batch(2).get_dataset_size() == 3 and pairs().batch(2, True).get_dataset_size() == 2
    assert rows(pairs().batch(7, True)) == [] and pairs().batch(7, True).get_dataset_size() == 0
    assert rows(pairs(3).repeat(2).batch(2)) == [[[0, 1], [0.0, 1.0]], [[2, 0], [2.0, 0.0]], [[1, 2], [1.0, 2.0]]]
    assert numbers(pairs().batch(lambda info: info.get_batch_num() + 1)) == [[0], [1, 2], [3, 4]]


def test_per_batch_map():
    """MindSpore: [[0, 0], ...], [[2, 3], ...], [[8], ...]."""

    def change(column, info):
        return ([x * info.get_batch_num() for x in column],)

    assert rows(pairs().batch(2, input_columns=["a"], per_batch_map=change)) == [
        [[0, 0], [0.0, 1.0]],
        [[2, 3], [2.0, 3.0]],
        [[8], [4.0]],
    ]
    more = pairs().batch(2, input_columns=["a"], output_columns=["x", "y"], per_batch_map=lambda a, info: (a, a))
    assert more.get_col_names() == ["x", "y", "b"]


def test_padded_batch():
    data = ds.GeneratorDataset([np.ones(n) for n in (1, 2, 3)], ["x"], shuffle=False)
    assert numbers(data.padded_batch(2, pad_info={"x": ([2], -1)})) == [[[1, -1], [1, 1]], [[1, 1]]]
    assert numbers(data.padded_batch(2, pad_info={})) == [[[1, 0], [1, 1]], [[1, 1, 1]]]
    with pytest.raises(RuntimeError, match="column 'x' has float64"):
        rows(data.batch(2))


def test_bucket_batch_by_length():
    """MindSpore: the buckets of lengths 1, 2; then 3, 4; then 5, 6, each padded to its longest."""
    data = ds.GeneratorDataset([np.zeros(n + 1) for n in range(6)], ["x"], shuffle=False)
    shapes = [b[0].shape for b in data.bucket_batch_by_length(["x"], [3], [2, 2]).create_tuple_iterator(num_epochs=1)]
    assert shapes == [(2, 2), (2, 4), (2, 6)]


def test_map_columns():
    """Order of columns as MindSpore: in place for as many as there were, else the new ones first."""
    assert rows(pairs(2).map(lambda x: x + 10)) == [[10, 0.0], [11, 1.0]]
    assert pairs().map(lambda x: (x, x + 1), ["a"], ["p", "q"]).get_col_names() == ["p", "q", "b"]
    assert pairs().map(lambda b, a: b, ["b", "a"], ["p"]).get_col_names() == ["p"]
    assert rows(pairs(1).map([lambda a, b: (a, b + 5), lambda a, b: a + b], ["a", "b"], ["s"])) == [[5.0]]
    assert pairs().map(lambda x: x, input_columns=["a"], column_order=["b", "a"]).get_col_names() == ["b", "a"]


def test_map_of_batches():
    data = pairs(4).batch(2).map(lambda x: x.sum(), ["a"])
    assert numbers(data) == [1, 5]


@pytest.mark.quick
def test_shuffle_skip_take_concat_zip_rename_project_filter():
    shuffled = numbers(count(100, shuffle=False).shuffle(10))
    assert sorted(shuffled) == list(range(100)) and shuffled != list(range(100))
    assert all(value < place + 10 for place, value in enumerate(shuffled))  # nothing comes before it is in the buffer
    streamed = numbers(ds.GeneratorDataset(lambda: ((i,) for i in range(100)), ["a"]).shuffle(10))
    assert sorted(streamed) == list(range(100)) and all(v < p + 10 for p, v in enumerate(streamed))
    assert numbers(pairs().skip(1).take(3)) == [1, 2, 3]
    assert numbers(pairs(2) + pairs(3)) == [0, 1, 0, 1, 2]
    assert numbers((pairs(2) + pairs(3)).shuffle(5).batch(5))[0] != []
    zipped = ds.zip((pairs(3).project(["a"]), pairs(2).project("b")))
    assert rows(zipped) == [[0, 0.0], [1, 1.0]] and zipped.get_dataset_size() == 2
    assert pairs().rename(["a"], ["z"]).get_col_names() == ["z", "b"]
    assert rows(pairs(2).project(["b", "a"])) == [[0.0, 0], [1.0, 1]]
    kept = pairs().filter(lambda a: a % 2 == 0, input_columns=["a"])
    assert numbers(kept) == [0, 2, 4] and kept.get_dataset_size() == 3
    assert numbers(kept.batch(2)) == [[0, 2], [4]]


def test_split():
    """Sizes as MindSpore: [7, 3], [3, 2], [4, 3, 3]."""
    assert [part.get_dataset_size() for part in pairs(10).split([0.7, 0.3])] == [7, 3]
    assert [part.get_dataset_size() for part in pairs(5).split([0.5, 0.5])] == [3, 2]
    assert [part.get_dataset_size() for part in pairs(10).split([0.33, 0.33, 0.34])] == [4, 3, 3]
    assert [numbers(part) for part in pairs().split([3, 2], randomize=False)] == [[0, 1, 2], [3, 4]]
    one, two = count(20).split([15, 5])
    epochs = [[int(r["a"]) for r in one.create_dict_iterator()] for _ in range(2)]
    assert epochs[0] == epochs[1] and sorted(epochs[0] + numbers(two)) == list(range(20))


def test_counts():
    data = pairs(6)
    assert data.batch(2).repeat(3).get_batch_size() == 2
    assert data.repeat(2).batch(4).get_repeat_count() == 2
    assert data.repeat().get_dataset_size() == 6  # MindSpore counts one pass of an endless repeat
    assert numbers(data.repeat().take(8)) == [0, 1, 2, 3, 4, 5, 0, 1]


# ---------------------------------------------------------------- samplers
def chosen(sampler, n=10):
    return numbers(count(n, sampler=sampler))


def test_samplers():
    """As MindSpore, all of these."""
    assert chosen(ds.SequentialSampler(3, 4)) == [3, 4, 5, 6]
    assert chosen(ds.SubsetSampler([3, 1, 1])) == [3, 1, 1]
    assert sorted(chosen(ds.SubsetRandomSampler([3, 1, 2]))) == [1, 2, 3]
    assert chosen([1, 3, 5]) == [1, 3, 5]
    assert chosen(ds.IterSampler(sampler=[3, 4, 1], num_samples=2)) == [3, 4]
    assert [chosen(ds.DistributedSampler(3, i, shuffle=False)) for i in range(3)] == [
        [0, 3, 6, 9],
        [1, 4, 7, 0],
        [2, 5, 8, 1],
    ]
    assert [chosen(ds.DistributedSampler(3, i, shuffle=False, offset=1)) for i in range(3)] == [
        [2, 5, 8],
        [0, 3, 6, 9],
        [1, 4, 7],
    ]
    parent = ds.SequentialSampler()
    parent.add_child(ds.SubsetSampler([4, 5, 6]))
    assert chosen(parent) == [4, 5, 6]


def test_random_samplers():
    assert sorted(chosen(ds.RandomSampler())) == list(range(10))
    assert len(set(chosen(ds.RandomSampler(num_samples=3)))) == 3
    shards = [chosen(ds.DistributedSampler(2, i)) for i in range(2)]
    assert sorted(shards[0] + shards[1]) == list(range(10))
    assert set(chosen(ds.WeightedRandomSampler([0, 0, 1, 1, 0, 0, 0, 0, 0, 0], 8))) == {2, 3}
    assert set(chosen(ds.WeightedRandomSampler([0, 0, 1, 1, 0, 0, 0, 0, 0, 0], 4, replacement=False))[:2]) == {2, 3}
    drawn = chosen(ds.WeightedRandomSampler([3.0, 1.0]), 8000)
    assert abs(drawn.count(0) / 8000 - 0.75) < 0.03  # six standard deviations


def test_own_sampler():
    class Backwards(ds.Sampler):
        def __iter__(self):
            yield from range(self.dataset_size - 1, -1, -1)

    assert chosen(Backwards(), 4) == [3, 2, 1, 0]
    assert chosen(Backwards(2), 4) == [3, 2]

    class Waiting(ds.Sampler):
        """Another row in each epoch."""

        row = 0

        def __iter__(self):
            while True:
                yield self.row

        def reset(self):
            self.row += 1

    assert numbers(count(3, sampler=Waiting(2)).repeat(3)) == [0, 0, 1, 1, 2, 2]


def test_samplers_of_what_is_made_of_others():
    """MindSpore: shards of joined data hold each row once; those of a part are of its rows."""
    shards = []
    for shard in range(3):
        joined = count(3, shuffle=False) + count(4, shuffle=False).map(lambda a: a + 3, "a")
        joined.use_sampler(ds.DistributedSampler(3, shard, shuffle=False))
        shards.append(numbers(joined))
    assert shards == [[0, 3, 6], [1, 4], [2, 5]]
    joined = ds.GeneratorDataset(lambda: iter([0, 1]), ["a"]) + ds.GeneratorDataset(lambda: iter([2]), ["a"])
    joined.use_sampler(ds.DistributedSampler(2, 0, shuffle=False))
    assert numbers(joined) == [0, 2] and joined.get_dataset_size() == 2
    joined.use_sampler(ds.RandomSampler())
    assert sorted(numbers(joined)) == [0, 1, 2] and joined.get_dataset_size() == 3
    for refused in (ds.RandomSampler(replacement=True), ds.RandomSampler(num_samples=2)):
        with pytest.raises(ValueError, match="RandomSampler"):
            joined.use_sampler(refused)
    part = count(6, shuffle=False).split([4, 2], randomize=False)[0]
    part.use_sampler(ds.DistributedSampler(2, 1, shuffle=False))
    assert numbers(part) == [1, 3] and part.get_dataset_size() == 2
    data = count(10, shuffle=False)
    data.use_sampler(ds.SequentialSampler(2, 5))
    data.add_sampler(ds.DistributedSampler(2, 1, shuffle=False))
    assert numbers(data) == [3, 5, 2]


def lists(*rows):
    return ds.GeneratorDataset([(row,) for row in rows or ([1], [1, 2], [3])], ["a"], shuffle=False)


def test_padding():
    """MindSpore: a longer text than the column's fills it whole; an axis that has a length keeps it in buckets."""
    words = lists(["a"], ["b", "c"])
    assert rows(words.padded_batch(2, pad_info={"a": ([3], "<pad>")})) == [
        [[["a", "<pad>", "<pad>"], ["b", "c", "<pad>"]]]
    ]
    for shape, wanted in ([None], [[1, 0, 0], [1, 2, 0]]), ([2], [[1, 0], [1, 2]]):
        made = lists([1], [1, 2]).bucket_batch_by_length(["a"], [4], [2, 1], len, {"a": (shape, 0)}, True)
        assert rows(made) == [[wanted]]


def test_sizes_of_batches_by_epoch_and_what_remains():
    """MindSpore: the passes of "repeat" are one epoch; a source that goes forward may end within a batch."""

    def generated(n):
        return ds.GeneratorDataset(lambda: iter(range(n)), ["a"])

    data = generated(2).batch(lambda info: info.get_epoch_num() + 1).repeat(2).create_tuple_iterator(num_epochs=2)
    assert [[x.tolist() for (x,) in data] for _ in range(2)] == [[[0], [1]] * 2, [[0, 1]] * 2]
    assert rows(generated(7).batch(lambda info: info.get_batch_num() + 1, True)) == [[[0]], [[1, 2]], [[3, 4, 5]]]
    zipped = ds.zip((generated(3), generated(5).rename("a", "b"))).batch(2)
    assert rows(zipped) == [[[0, 1], [0, 1]], [[2], [2]]]


def test_joined_sources_of_several_kinds_make_one_batch():
    joined = count(3, shuffle=False) + ds.GeneratorDataset([0, 1], ["a"], shuffle=False)
    assert rows(joined.batch(4)) == [[[0, 1, 2, 0]], [[1]]]
    assert (joined.batch(4) + joined.batch(4)).get_batch_size() == 1  # MindSpore
    assert joined.repeat(2).repeat(1).get_repeat_count() == 2  # MindSpore


def test_functions_get_arrays():
    """MindSpore: numbers and words are arrays without axes, not NumPy's scalars."""
    seen = []
    data = ds.NumpySlicesDataset({"a": [1], "b": ["x"]}).map(lambda a, b: seen.extend((a, b)) or (a, b), ["a", "b"])
    data = data.filter(lambda a, b: not seen.extend((a, b)))
    rows(data.batch(1, per_batch_map=lambda a, info: seen.extend(a) or (a,), input_columns=["a"]))
    assert len(seen) == 5 and all(type(value) is np.ndarray for value in seen)


def test_a_source_that_is_a_zip_has_as_many_epochs_as_others():
    steps = ds.GeneratorDataset(zip([1, 2], [3, 4]), ["a", "b"], shuffle=False).create_tuple_iterator(num_epochs=2)
    assert [len(list(steps)) for _ in range(2)] == [2, 2]


def test_callbacks_over_the_passes_of_repeat():
    """MindSpore: the passes of "repeat" are one epoch; asking about the pipeline calls nothing."""

    class Steps(ds.DSCallback):
        def __init__(self):
            super().__init__(step_size=2)
            self.seen = []

        def ds_epoch_begin(self, context):
            self.seen.append(tuple(context))

        def ds_step_end(self, context):
            self.seen.append(tuple(context))

        ds_epoch_end = ds_step_end

    steps = Steps()
    data = count(2, shuffle=False).map(lambda a: a, callbacks=steps).repeat(3)
    data.output_shapes()
    assert not steps.seen
    epochs = data.create_tuple_iterator(num_epochs=2)
    assert [len(list(epochs)) for _ in range(2)] == [6, 6]
    one = [(1, 0, 0), (1, 1, 1), (1, 3, 3), (1, 5, 5), (1, 6, 6)]
    assert steps.seen == one + [(2, step, step + 6) for _, step, _ in one]


# ---------------------------------------------------------------- seeds, workers, resuming
def random_pipeline(workers, images=None):
    images = np.random.RandomState(0).randint(0, 256, (24, 6, 6, 3)).astype(np.uint8) if images is None else images
    data = ds.NumpySlicesDataset({"x": images})
    steps = [
        vision.RandomCrop(6, 2),
        vision.RandomHorizontalFlip(),
        vision.RandomRotation(20),
        vision.Rescale(1 / 255, 0.0),
    ]
    return data.map(steps, ["x"], num_parallel_workers=workers).batch(4)


def epochs(data, n):
    iterator = data.create_tuple_iterator(num_epochs=n, output_numpy=True)
    return [[row[0] for row in iterator] for _ in range(n)]


def test_random_transforms_do_not_depend_on_workers():
    ds.config.set_seed(5)
    one, four = epochs(random_pipeline(1), 2), epochs(random_pipeline(4), 2)
    assert np.array_equal(one, four)
    assert not np.array_equal(one[0], one[1])


def test_blocks_and_single_rows_get_the_same_random_transforms():
    ds.config.set_seed(5)
    images = np.random.RandomState(0).randint(0, 256, (8, 6, 6, 3)).astype(np.uint8)
    steps = [
        vision.RandomCrop(6, 2),
        vision.RandomHorizontalFlip(),
        vision.RandomVerticalFlip(),
        vision.Normalize([1, 2, 3], [4, 5, 6]),
    ]

    class Row(transforms.RandomApply):  # anything that is not known to take a block: row by row
        def __call__(self, image):
            return self.transforms[0](image)

    data = ds.NumpySlicesDataset({"x": images}, shuffle=False)
    block = data.map(steps, ["x"]).batch(8)
    single = data.map([Row([step], 1.0) for step in steps], ["x"]).batch(8)
    assert np.array_equal(epochs(block, 1), epochs(single, 1))


def test_seed():
    ms.set_seed(11)
    assert ds.config.get_seed() == 11
    first, again = epochs(count(30), 3), epochs(count(30), 3)
    assert first == again and first[0] != first[1]
    ds.config.set_seed(12)
    assert ds.config.get_seed() == 12 and epochs(count(30), 1)[0] != first[0]
    ms.set_seed(13)
    assert ds.config.get_seed() == 13


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("step", [0, 1, 4, 6, 13])
def test_resumed_equals_uninterrupted(step, workers):
    ds.config.set_seed(5)
    whole = [batch for epoch in epochs(random_pipeline(1), 3) for batch in epoch]
    data = random_pipeline(workers)
    data.set_init_step(step)
    iterator = data.create_tuple_iterator(num_epochs=3, output_numpy=True)
    rest = [row[0] for _ in range(3 - step // 6) for row in iterator]
    assert np.array_equal(rest, whole[step:])


def test_resuming_reads_nothing_before():
    seen = []

    class Noted:
        def __len__(self):
            return 100

        def __getitem__(self, index):
            seen.append(index)
            return (index,)

    data = ds.GeneratorDataset(Noted(), ["x"], shuffle=False).batch(10)
    data.set_init_step(9)
    assert numbers(data) == [list(range(90, 100))]
    assert min(seen) == 90


def test_order_of_slow_rows():
    data = ds.GeneratorDataset(Slow(40), ["x"], shuffle=False, num_parallel_workers=4)
    assert numbers(data.batch(3)) == [list(range(i, min(i + 3, 40))) for i in range(0, 40, 3)]
    assert numbers(data) == list(range(40))


def test_rows_of_one_worker_are_read_in_order():
    seen = []

    class Noted(Slow):
        def __getitem__(self, index):
            seen.append((index, threading.get_ident()))
            return super().__getitem__(index)

    data = ds.GeneratorDataset(Noted(30), ["x"], shuffle=False).map(vision.Rescale(2.0, 0.0), num_parallel_workers=4)
    list(data.batch(2).create_tuple_iterator(num_epochs=1))
    assert [index for index, _ in seen] == list(range(30))


def test_work_goes_on_ahead():
    """The rows of the next batches are read while the caller does something else, but not all of them."""
    seen = []

    class Noted(Slow):
        def __getitem__(self, index):
            seen.append(index)
            return super().__getitem__(index)

    iterator = ds.GeneratorDataset(Noted(500), ["x"], shuffle=False).batch(2).create_tuple_iterator(num_epochs=1)
    next(iterator), next(iterator)
    deadline = time.perf_counter() + 60
    while len(seen) < 8 and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert len(seen) >= 8
    time.sleep(0.1)
    assert len(seen) < 500
    iterator.stop()


def test_threads_end_with_the_iterator():
    before = threading.active_count()  # threads of earlier tests may end meanwhile
    for _ in range(3):
        iterator = ds.GeneratorDataset(Slow(1000), ["x"], num_parallel_workers=2).create_tuple_iterator()
        for _ in range(3):
            next(iterator)
        del iterator
    gc.collect()
    deadline = time.perf_counter() + 60
    while threading.active_count() > before and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before


# ---------------------------------------------------------------- iterators
def test_epochs_of_an_iterator():
    iterator = pairs(2).create_dict_iterator(num_epochs=2)
    assert [len(list(iterator)) for _ in range(2)] == [2, 2]
    with pytest.raises(RuntimeError, match="2 epochs"):
        next(iterator)
    endless = pairs(2).create_dict_iterator()
    assert [len(list(endless)) for _ in range(4)] == [2] * 4
    assert int(endless.get_next()["a"]) == 0
    assert rows(pairs(2), columns=["b"]) == [[0.0], [1.0]]
    assert len(list(pairs(3))) == 3


# ---------------------------------------------------------------- errors
class Broken(Slow):
    def __getitem__(self, index):
        if index == 3:
            raise KeyError("no such row")
        return super().__getitem__(index)


@pytest.mark.parametrize("workers", [1, 3])
def test_errors_in_user_functions_tell_where(workers):
    data = ds.GeneratorDataset(Broken(6), ["x"], shuffle=False, num_parallel_workers=workers)
    with pytest.raises(RuntimeError, match="KeyError: 'no such row'") as caught:
        rows(data.batch(2))
    assert isinstance(caught.value.__cause__, KeyError) and "__getitem__" in str(caught.value)

    def divide(x):
        return 1 // (int(x) - 3)

    data = ds.GeneratorDataset(Slow(6), ["x"], shuffle=False).map(divide, ["x"], num_parallel_workers=workers)
    with pytest.raises(RuntimeError, match="'divide' raised ZeroDivisionError") as caught:
        rows(data)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize(
    "kind, make",
    [
        (ValueError, lambda: ds.GeneratorDataset([1])),
        (TypeError, lambda: ds.GeneratorDataset(3, ["a"])),
        (RuntimeError, lambda: rows(ds.GeneratorDataset([(1, 2)], ["a"]))),
        (RuntimeError, lambda: rows(ds.GeneratorDataset([], ["a"]))),
        (RuntimeError, lambda: rows(ds.GeneratorDataset([(None,)], ["a"]))),
        (ValueError, lambda: ds.GeneratorDataset(generated, ["a"], sampler=ds.SequentialSampler())),
        (ValueError, lambda: ds.NumpySlicesDataset([])),
        (TypeError, lambda: ds.NumpySlicesDataset(3)),
        (ValueError, lambda: ds.NumpySlicesDataset(([1, 2], [3, 4]), ["a"])),
        (ValueError, lambda: ds.NumpySlicesDataset(([1, 2], [3, 4, 5]))),
        (ValueError, lambda: count(num_shards=2)),
        (ValueError, lambda: count(shard_id=0)),
        (ValueError, lambda: count(num_shards=2, shard_id=2)),
        (ValueError, lambda: count(shuffle=True, sampler=ds.SequentialSampler())),
        (RuntimeError, lambda: chosen(ds.SubsetSampler([30]))),
        (RuntimeError, lambda: chosen(ds.SequentialSampler(30))),
        (RuntimeError, lambda: chosen(ds.WeightedRandomSampler([1.0] * 12, 4))),
        (NotImplementedError, lambda: ds.PKSampler(1, 2)),
        (ValueError, lambda: pairs().batch(0)),
        (TypeError, lambda: pairs().batch(1.0)),
        (ValueError, lambda: pairs().batch(lambda: 2)),
        (RuntimeError, lambda: rows(pairs().batch(lambda info: 0))),
        (ValueError, lambda: pairs().batch(2, input_columns=["a"])),
        (ValueError, lambda: pairs().batch(2, per_batch_map=lambda a: (a,), input_columns=["a"])),
        (RuntimeError, lambda: rows(pairs().batch(2, per_batch_map=lambda a, info: (a[:1],), input_columns=["a"]))),
        (
            RuntimeError,
            lambda: pairs().batch(2, per_batch_map=lambda a, i: (a,), input_columns="a", output_columns="b"),
        ),
        (TypeError, lambda: pairs().padded_batch(2, pad_info={"a": ((2,), 0)})),
        (ValueError, lambda: pairs().padded_batch(2, pad_info={"a": ([0], 0)})),
        (RuntimeError, lambda: rows(lists().padded_batch(2, pad_info={"a": ([3], "x")}))),
        (RuntimeError, lambda: rows(lists().bucket_batch_by_length(["a"], [2], [1, 1], lambda a: -1))),
        (TypeError, lambda: lists().bucket_batch_by_length(["a"], [2], [1, 1], 3)),
        (ValueError, lambda: count(num_parallel_workers=256)),
        (RuntimeError, lambda: ds.DistributedSampler(2, 2)),
        (RuntimeError, lambda: chosen(ds.WeightedRandomSampler([1.0], 3, replacement=False))),
        (TypeError, lambda: (pairs() + pairs()).use_sampler(ds.SequentialSampler())),
        (TypeError, lambda: (pairs().batch(2) + pairs()).use_sampler(ds.DistributedSampler(2, 0, False))),
        (ValueError, lambda: (pairs() + pairs()).use_sampler(ds.DistributedSampler(2, 0))),
        (RuntimeError, lambda: rows(count() + count().batch(2))),
        (RuntimeError, lambda: rows(count() + count().map(transforms.TypeCast(ms.float32), "a"))),
        (RuntimeError, lambda: count(num_shards=2, shard_id=0).split([3, 2])),
        (RuntimeError, lambda: count().sync_wait("step").shuffle(4)),
        (RuntimeError, lambda: count().sync_wait("step").sync_update("step", num_batch=-1)),
        (AttributeError, lambda: count().map(lambda a: a, callbacks=type("No", (ds.DSCallback,), {})())),
        (ValueError, lambda: ds.GeneratorDataset([1], ["a"], batch_sampler=[[0]], shuffle=False)),
        (RuntimeError, lambda: rows(ds.GeneratorDataset([1j], ["a"]))),
        (ValueError, lambda: ds.DatasetCache(0)),
        (RuntimeError, lambda: rows(pairs().map(lambda x: x, ["zz"]))),
        (RuntimeError, lambda: rows(pairs().map(lambda x: (x, x), ["b"], ["p"]))),
        (RuntimeError, lambda: rows(pairs().map(lambda x: None, ["b"]))),
        (ValueError, lambda: pairs().map(3, ["b"])),
        (RuntimeError, lambda: pairs().rename(["k"], ["z"])),
        (RuntimeError, lambda: pairs().rename(["a"], ["b"])),
        (ValueError, lambda: pairs().rename(["a"], ["b", "c"])),
        (RuntimeError, lambda: pairs().project(["k"])),
        (ValueError, lambda: pairs().take(0)),
        (ValueError, lambda: pairs().skip(-1)),
        (ValueError, lambda: pairs().repeat(0)),
        (ValueError, lambda: pairs().shuffle(1)),
        (RuntimeError, lambda: ds.zip((pairs(), pairs()))),
        (TypeError, lambda: ds.zip([pairs(), pairs()])),
        (ValueError, lambda: ds.zip((pairs(),))),
        (RuntimeError, lambda: pairs() + pairs().rename("a", "c")),
        (ValueError, lambda: pairs(10).split([0.7, 0.2])),
        (RuntimeError, lambda: pairs(10).split([7, 5])),
        (ValueError, lambda: ds.config.set_seed(-1)),
        (TypeError, lambda: ds.config.set_seed("a")),
        (ValueError, lambda: ds.config.set_num_parallel_workers(0)),
        (ValueError, lambda: ds.MindDataset("x.mindrecord")),
    ],
)
def test_errors(kind, make):
    """The exception types of MindSpore, each."""
    with pytest.raises(kind):
        make()


def test_old_module_names():
    import minispore.dataset.engine as de
    import minispore.dataset.transforms.c_transforms as C
    import minispore.dataset.transforms.vision.c_transforms as CV0
    import minispore.dataset.vision.c_transforms as CV
    import minispore.dataset.vision.py_transforms as PV
    from minispore.dataset.transforms import py_transforms
    from minispore.dataset.transforms.vision import Inter
    from minispore.dataset.vision.utils import Inter as Inter2

    assert CV.Resize is CV0.Resize is vision.Resize and Inter is Inter2 and Inter.LINEAR == Inter.BILINEAR
    assert C.TypeCast is transforms.TypeCast and py_transforms.Compose is transforms.Compose
    assert de.MnistDataset is ds.MnistDataset and de.samplers.RandomSampler is ds.RandomSampler
    image = np.full((3, 2, 2), 0.5, np.float32)  # py_transforms: after ToTensor, channels first
    assert np.allclose(PV.Normalize((0.5, 0.25, 0.0), (1.0, 1.0, 1.0))(image)[:, 0, 0], [0, 0.25, 0.5])
