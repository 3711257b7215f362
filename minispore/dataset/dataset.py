"""Dataset: a node of the data pipeline whose methods add further nodes."""

from collections.abc import Callable, Sequence

from ..core.errors import fail
from .node import PipelineNode
from .samplers import check_count


class Dataset(PipelineNode):
    """A source of rows, or an operation on those of other datasets.

    Rows are tuples of named columns. An epoch is one pass over the rows; its order and all its random transforms
    are a function of (seed, number of the epoch), see ``config.set_seed``.

    Resuming: ``set_init_step(step)`` before an iterator is made starts it where an uninterrupted one would be after
    ``step`` steps. Nothing that lies before is read or decoded, except from sources that only go forward (generators,
    and whatever follows ``filter``).

    Args:
        *children: the datasets that this one is an operation on.
        num_parallel_workers: int, threads.  Default: None.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False).map(lambda x: 10 * x, ["x"]).batch(2)
    >>> [row["x"].tolist() for row in data.create_dict_iterator(num_epochs=1)]
    [[10, 20], [30, 40], [50]]
    >>> data.get_dataset_size()
    3
    """

    def map(
        self, operations, input_columns=None, output_columns=None, num_parallel_workers=None, **kwargs
    ) -> "Dataset":
        """Applies operations to columns, one after the other.

        Args:
            operations: function or a list of them; each gets the columns and returns as many values as it makes.
            input_columns: str or list of str.  Default: None, for the first column.
            output_columns: str or list of str, names of the results.  Default: None, for the input's.
            num_parallel_workers: int, threads. Functions of your own run in parallel only if this is more than 1.
                Default: None.
            **kwargs: ``column_order``: the columns of the result, as ``project``; ``python_multiprocessing``,
                ``cache``, ``callbacks``, ``max_rowsize``, ``offload``: accepted; the work is done in threads.

        Returns:
            Dataset.

        Raises:
            ValueError: an operation is not callable.
            RuntimeError: a column is missing; an operation raised, or returned another number of values than there are
                output columns.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> made = data.map(lambda x: x * x, "x")
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [1, 4, 9, 16, 25]
        """
        order = kwargs.pop("column_order", None)
        made: Dataset = mapping.MapDataset(
            self, operations, input_columns, output_columns, num_parallel_workers, **kwargs
        )
        return made if order is None else made.project(order)

    def batch(self, batch_size, drop_remainder=False, num_parallel_workers=None, **kwargs) -> "Dataset":
        """Stacks rows: every column gets a first axis of ``batch_size``.

        Args:
            batch_size: int above 0, or ``f(BatchInfo) -> int``.
            drop_remainder: bool, whether to leave out a last batch that is not full.  Default: False.
            num_parallel_workers: int, threads.  Default: None.
            **kwargs: ``per_batch_map``: ``f(column, ..., BatchInfo) -> (list, ...)`` on the lists of values of
                ``input_columns``; ``output_columns``, ``column_order``: as in ``map``; ``pad_info``: see
                ``padded_batch``.

        Returns:
            Dataset.

        Raises:
            TypeError: an argument of the wrong type.
            ValueError: ``batch_size`` is not positive.
            RuntimeError: rows differ in shape or type.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> made = data.batch(2, drop_remainder=True)
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [[1, 2], [3, 4]]
        """
        order = kwargs.pop("column_order", None)
        made: Dataset = batching.BatchDataset(self, batch_size, drop_remainder, num_parallel_workers, **kwargs)
        return made if order is None else made.project(order)

    def padded_batch(self, batch_size, drop_remainder=False, num_parallel_workers=None, pad_info=None) -> "Dataset":
        """As ``batch``, with columns that are cut or filled up to a shape.

        Args:
            batch_size: int above 0, or ``f(BatchInfo) -> int``.
            drop_remainder: bool, whether to leave out a last batch that is not full.  Default: False.
            num_parallel_workers: int, threads.  Default: None.
            pad_info: dict {name: (shape, value)}. A None in the shape, or for it, means the longest of the batch; an
                empty dict pads every column so, with 0.  Default: None, for no padding.

        Returns:
            Dataset.

        Raises:
            TypeError: an argument of the wrong type.
            ValueError: ``batch_size`` is not positive.
            RuntimeError: rows differ in shape or type, or a shape does not fit.

        >>> import minispore.dataset as ds
        >>> data = ds.GeneratorDataset([([1],), ([2, 3],)], ["x"], shuffle=False)
        >>> made = data.padded_batch(2, pad_info={})
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [[[1, 0], [2, 3]]]
        """
        return batching.BatchDataset(self, batch_size, drop_remainder, num_parallel_workers, pad_info=pad_info)

    def bucket_batch_by_length(
        self, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function=None, pad_info=None,
        pad_to_bucket_boundary=False, drop_remainder=False,
    ) -> "Dataset":  # fmt: skip
        """Batches of rows of similar length: bucket i holds lengths below ``bucket_boundaries[i]``, the last the rest.

        Args:
            column_names: list of str, of the columns whose length counts.
            bucket_boundaries: list of increasing ints.
            bucket_batch_sizes: list of ints, one more than boundaries.
            element_length_function: function of the columns that gives the length.  Default: None, for the first
                dimension.
            pad_info: dict as in ``padded_batch``.  Default: None.
            pad_to_bucket_boundary: bool, whether to pad to the bucket's boundary - 1.  Default: False.
            drop_remainder: bool, whether to leave out batches that are not full.  Default: False.

        Returns:
            Dataset.

        Raises:
            ValueError: boundaries that do not increase, or arguments that do not fit.
            RuntimeError: there is no such column.

        >>> import minispore.dataset as ds
        >>> data = ds.GeneratorDataset([([1],), ([2, 3],), ([4],)], ["x"], shuffle=False)
        >>> made = data.bucket_batch_by_length(["x"], [2], [2, 1])
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [[[2, 3]], [[1], [4]]]
        """
        return batching.BucketBatchByLengthDataset(
            self, column_names, bucket_boundaries, bucket_batch_sizes, element_length_function, pad_info,
            pad_to_bucket_boundary, drop_remainder,
        )  # fmt: skip

    def sync_wait(self, condition_name, num_batch=1, callback=None) -> "Dataset":
        """Rows that are computed only when they are asked for, so that the training can change how.

        Args:
            condition_name: str, by which ``sync_update`` names it.
            num_batch: int, accepted: no batch runs ahead.  Default: 1.
            callback: function of the ``data`` of ``sync_update``.  Default: None.

        Returns:
            Dataset.

        Raises:
            TypeError: an argument of the wrong type.
            RuntimeError: there is a condition of this name already.

        >>> import minispore.dataset as ds
        >>> scale = {"by": 1}
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3]}, shuffle=False)
        >>> data = data.sync_wait("step", callback=scale.update).map(lambda x: x * scale["by"], "x")
        >>> for row in data.create_dict_iterator(num_epochs=1):
        ...     print(row["x"])
        ...     data.sync_update("step", data={"by": 10})
        1
        20
        30
        """
        from .sync import SyncWaitDataset

        return SyncWaitDataset(self, condition_name, num_batch, callback)

    def sync_update(self, condition_name, num_batch=None, data=None) -> None:
        """Calls the callback of ``sync_wait``.

        Args:
            condition_name: str, the name that was given there.
            num_batch: int above 0, accepted: no batch runs ahead.  Default: None.
            data: what the callback gets.  Default: None.

        Raises:
            TypeError: an argument of the wrong type.
            RuntimeError: there is no such condition.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1]}).sync_wait("step", callback=print)
        >>> data.sync_update("step", data=0.5)
        0.5
        """
        from .sync import update

        update(self, condition_name, num_batch, data)

    def disable_sync(self) -> None:
        """Accepted: rows do not wait here for ``sync_update``."""

    def shuffle(self, buffer_size: int) -> "Dataset":
        """Draws each row at random from a buffer of the next ``buffer_size`` ones.

        Args:
            buffer_size: int, at least 2.

        Returns:
            Dataset.

        Raises:
            TypeError: it is not an int.
            ValueError: it is less than 2.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> sorted(int(row["x"]) for row in data.shuffle(3).create_dict_iterator(num_epochs=1))
        [1, 2, 3, 4, 5]
        """
        return pipeline.ShuffleDataset(self, buffer_size)

    def repeat(self, count: int | None = None) -> "Dataset":
        """Makes an epoch several passes. Each pass is shuffled anew.

        Args:
            count: int, how many; None (the default) or -1: without end.

        Returns:
            Dataset.

        Raises:
            TypeError: it is not an int.
            ValueError: it is 0 or below -1.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.repeat(3).get_dataset_size()
        15
        """
        return pipeline.RepeatDataset(self, count)

    def take(self, count: int = -1) -> "Dataset":
        """The first rows.

        Args:
            count: int, how many; -1 (the default): all.

        Returns:
            Dataset.

        Raises:
            TypeError: it is not an int.
            ValueError: it is 0 or below -1.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> made = data.take(2)
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [1, 2]
        """
        check_count("take", "count", count, -1, none=False)
        if count == 0:
            raise fail(ValueError, "For 'take', 'count' must be -1 or positive, but got 0.")
        return self if count == -1 else pipeline.WindowDataset(self, 0, count)

    def skip(self, count: int) -> "Dataset":
        """The rows after the first ones; those are not made where positions are known.

        Args:
            count: int from 0, how many are left out.

        Returns:
            Dataset.

        Raises:
            TypeError: it is not an int.
            ValueError: it is negative.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> made = data.skip(3)
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [4, 5]
        """
        check_count("skip", "count", count, none=False)
        return pipeline.WindowDataset(self, count, None)

    def filter(self, predicate: Callable, input_columns=None, num_parallel_workers=None) -> "Dataset":
        """The rows for which ``predicate(columns...)`` is true.

        Args:
            predicate: function of columns.
            input_columns: str or list of str.  Default: None, for all.
            num_parallel_workers: int, threads.  Default: None.

        Returns:
            Dataset.

        Raises:
            TypeError: ``predicate`` is not callable.
            RuntimeError: a column is missing; ``predicate`` raised.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> made = data.filter(lambda x: x > 3)
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [4, 5]
        """
        return pipeline.FilterDataset(self, predicate, input_columns, num_parallel_workers)

    def flat_map(self, func: Callable) -> "Dataset":
        """The rows of the datasets that ``func(columns...)`` gives for each row.

        Args:
            func: function of the columns that gives a Dataset.

        Returns:
            Dataset.

        Raises:
            TypeError: ``func`` is not callable.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> made = data.take(2).flat_map(lambda x: ds.NumpySlicesDataset({"x": [int(x), -int(x)]}, shuffle=False))
        >>> [row["x"].tolist() for row in made.create_dict_iterator(num_epochs=1)]
        [1, -1, 2, -2]
        """
        return pipeline.FlatMapDataset(self, func)

    def project(self, columns) -> "Dataset":
        """Some columns, in this order.

        Args:
            columns: str or list of str.

        Returns:
            Dataset.

        Raises:
            RuntimeError: there is no such column.

        >>> import minispore.dataset as ds
        >>> ds.NumpySlicesDataset({"x": [1], "y": [2]}).project("y").get_col_names()
        ['y']
        """
        return pipeline.ProjectDataset(self, columns)

    def rename(self, input_columns, output_columns) -> "Dataset":
        """Other names for columns.

        Args:
            input_columns: str or list of str.
            output_columns: str or list of as many.

        Returns:
            Dataset.

        Raises:
            ValueError: not as many names.
            RuntimeError: there is no such column, or two have one name.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.rename("x", "y").get_col_names()
        ['y']
        """
        return pipeline.RenameDataset(self, input_columns, output_columns)

    def zip(self, datasets) -> "Dataset":
        """The columns of this and other datasets side by side, as many rows as the shortest has.

        Args:
            datasets: Dataset or tuple of datasets.

        Returns:
            Dataset.

        Raises:
            TypeError: something is not a dataset.
            RuntimeError: two columns have one name.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.zip(data.rename("x", "y")).get_col_names()
        ['x', 'y']
        """
        others = datasets if isinstance(datasets, tuple) else (datasets,)
        return pipeline.ZipDataset((self, *others))

    def concat(self, datasets) -> "Dataset":
        """The rows of this and then of other datasets with the same columns. ``+`` does it too.

        Args:
            datasets: Dataset or list of datasets.

        Returns:
            Dataset.

        Raises:
            TypeError: something is not a dataset.
            RuntimeError: the columns differ.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> (data + data).get_dataset_size()
        10
        """
        others = datasets if isinstance(datasets, list) else [datasets]
        return pipeline.ConcatDataset([self, *others])

    def __add__(self, other: "Dataset") -> "Dataset":
        return self.concat(other)

    def split(self, sizes: Sequence, randomize: bool = True) -> "list[Dataset]":
        """Parts that share no row.

        Args:
            sizes: list of ints, the numbers of rows, or list of floats that sum to 1.
            randomize: bool, whether the rows are dealt out at random, by the seed, the same way in every epoch.
                Default: True.

        Returns:
            list of datasets.

        Raises:
            TypeError: ``sizes`` is no such list.
            ValueError: fractions that do not sum to 1, or sizes that are not positive.
            RuntimeError: sizes that do not sum to the number of rows.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> [part.get_dataset_size() for part in data.split([0.8, 0.2])]
        [4, 1]
        """
        return pipeline.split(self, sizes, randomize)

    def apply(self, apply_func: Callable[["Dataset"], "Dataset"]) -> "Dataset":
        """``apply_func(self)``, which must give a dataset.

        Args:
            apply_func: function of a Dataset.

        Returns:
            Dataset.

        Raises:
            TypeError: ``apply_func`` is not callable, or gives something else.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.apply(lambda data: data.batch(2)).get_dataset_size()
        3
        """
        if not callable(apply_func):
            raise fail(TypeError, "For 'apply', 'apply_func' must be callable.")
        made = apply_func(self)
        if not isinstance(made, Dataset):
            raise fail(TypeError, f"For 'apply', 'apply_func' must return a dataset, but got {type(made).__name__}.")
        return made

    def save(self, file_name, num_files=1, file_type="mindrecord") -> None:
        """Writes the rows of one epoch as MindRecord files, which ``MindDataset`` reads.

        Bool and integers of up to 32 bits become int32, others int64; float16 becomes float32.

        Args:
            file_name: path of the file; of several, a number is appended.
            num_files: int from 1 to 1000, how many files the rows are spread over.  Default: 1.
            file_type: "mindrecord", the only value.

        Raises:
            TypeError: an argument of the wrong type, or a column that such files do not hold.
            ValueError: ``num_files`` is out of range, ``file_type`` unknown, or a row does not fit the first one.
            RuntimeError: a file is there already, or there are no rows.

        >>> import os, tempfile
        >>> from minispore.dataset import MindDataset, NumpySlicesDataset
        >>> path = os.path.join(tempfile.mkdtemp(), "squares.mindrecord")
        >>> NumpySlicesDataset({"x": [1, 4, 9]}, shuffle=False).save(path)
        >>> [int(row["x"]) for row in MindDataset(path, shuffle=False).create_dict_iterator()]
        [1, 4, 9]
        """
        from .saving import save

        save(self, file_name, num_files, file_type)

    def device_que(
        self, send_epoch_end: bool = True, create_data_info_queue: bool = False, queue_name: str = ""
    ) -> "Dataset":
        """The rows as they would be sent to a device.  There is one CPU: they have names and a number, and are not read.

        Args:
            send_epoch_end: accepted.
            create_data_info_queue: accepted.
            queue_name: str, the name of the queue.  Default: "".

        Returns:
            Dataset that cannot be iterated over.

        Raises:
            TypeError: an argument of the wrong type.

        >>> from minispore.dataset import NumpySlicesDataset
        >>> NumpySlicesDataset({"x": [1, 4, 9]}).device_que().get_col_names()
        ['x']
        """
        return pipeline.TransferDataset(self, send_epoch_end, create_data_info_queue, queue_name)

    def to_device(self, *args, **kwargs) -> "Dataset":
        """Gives the dataset back: there is one CPU.

        Args:
            *args: ignored.
            **kwargs: ignored.

        Returns:
            the Dataset itself.
        """
        return self


from . import batching, mapping, pipeline  # noqa: E402  (their classes derive from Dataset)
