"""A node of the data pipeline: what each kind defines, and what every node has: iterators, columns, sizes."""

from typing import Any

import numpy as np

from ..core import notebook
from ..core.errors import fail
from . import checks, config
from .columns import names
from .draws import fresh_seed
from .remembered import Remembered
from .rows import Epoch, Rows, blocks
from .samplers import check_count


class PipelineNode(Remembered):
    """A source of rows, or an operation on those of its children.

    Args:
        *children: the nodes that this one is an operation on.
        num_parallel_workers: int, threads.  Default: None.
    """

    def __init__(self, *children: "PipelineNode", num_parallel_workers: int | None = None):
        if num_parallel_workers is not None:
            owner, most = type(self).__name__, config._most_workers()
            if not 1 <= checks.integer(owner, num_parallel_workers=num_parallel_workers) <= most:
                raise fail(
                    ValueError,
                    f"For '{owner}', num_parallel_workers exceeds 1 to {most}: it is {num_parallel_workers}.",
                )
        self.children = list(children)
        self.num_parallel_workers = num_parallel_workers
        self._depth: int = 1 + max((child._depth for child in children), default=-1)
        self._counted: int | None = None
        self.dataset_size: int | None = None  # once get_dataset_size has been called, as MindSpore's
        self._init_step = 0
        self._input_indexs: Any = ()

    # ------------------------------------------------------------ what a node defines
    def _rows(self, epoch: Epoch) -> Rows:
        """The rows of an epoch."""
        raise NotImplementedError

    def _size(self) -> int | None:
        """The number of rows of an epoch, or None if only running it can tell."""
        return self.children[0]._size()

    def _columns(self) -> list[str]:
        return self.children[0]._columns()

    def use_sampler(self, new_sampler) -> None:
        """Gives another sampler to the source below.

        Args:
            new_sampler: Sampler, or row numbers.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.use_sampler([0, 4])
        >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
        [1, 5]
        """
        for child in self.children:
            child.use_sampler(new_sampler)

    # ------------------------------------------------------------ iterators
    def create_dict_iterator(self, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False):
        """Rows as dicts. Each ``for`` over the iterator is one epoch.

        Args:
            num_epochs: int, how many; -1 (the default): as many as are asked for.
            output_numpy: bool, whether to give NumPy arrays in place of Tensors; strings are NumPy arrays always.
                Default: False.
            do_copy: accepted.

        Returns:
            iterator of dicts {column: value}.

        Raises:
            TypeError: an argument of the wrong type.
            ValueError: ``num_epochs`` is 0 or below -1.
            RuntimeError: more epochs are asked for than were announced.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> [int(row["x"]) for row in data.create_dict_iterator(num_epochs=1)]
        [1, 2, 3, 4, 5]
        """
        from .iterator import DictIterator

        return DictIterator(self, num_epochs, output_numpy, do_copy)

    def create_tuple_iterator(
        self, columns=None, num_epochs: int = -1, output_numpy: bool = False, do_copy: bool = False
    ):
        """Rows as lists of the columns. Each ``for`` over the iterator is one epoch.

        Args:
            columns: str or list of str.  Default: None, for all.
            num_epochs: int, how many; -1 (the default): as many as are asked for.
            output_numpy: bool, whether to give NumPy arrays in place of Tensors.  Default: False.
            do_copy: accepted.

        Returns:
            iterator of lists.

        Raises:
            TypeError: an argument of the wrong type.
            ValueError: ``num_epochs`` is 0 or below -1.
            RuntimeError: there is no such column; more epochs are asked for than were announced.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> [int(x) for (x,) in data.create_tuple_iterator(num_epochs=1)]
        [1, 2, 3, 4, 5]
        """
        from .iterator import TupleIterator
        from .pipeline import ProjectDataset

        chosen = names("create_tuple_iterator", "columns", columns)
        return TupleIterator(
            self if chosen is None else ProjectDataset(self, chosen), num_epochs, output_numpy, do_copy
        )

    def __iter__(self):
        return self.create_tuple_iterator(num_epochs=1)

    def set_init_step(self, init_step: int) -> None:
        """Has the next iterators start after so many steps: epoch init_step // size, row init_step % size.

        Args:
            init_step: int from 0.

        Raises:
            TypeError: it is not an int.
            ValueError: it is negative.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.set_init_step(3)
        >>> [int(x) for (x,) in data.create_tuple_iterator(num_epochs=1)]
        [4, 5]
        """
        check_count("set_init_step", "init_step", init_step, none=False)
        self._init_step = init_step

    def get_init_step(self) -> int:
        """What ``set_init_step`` was given.

        Returns:
            int.
        """
        return self._init_step

    def reset(self) -> None:
        """Has iterators made from now on start at the first row again."""
        self._init_step = 0

    # ------------------------------------------------------------ what it looks like
    def _repr_html_(self) -> str:
        """What notebooks show: the columns, the length and the operations; no row is read."""
        nodes = [self]
        while len(nodes[-1].children) == 1:
            nodes += nodes[-1].children
        chain = [type(node).__name__.removesuffix("Dataset") for node in nodes]
        size = self._size()
        length = "as many rows as there are" if size is None else f"{size:,} rows"
        return notebook.line(f"{' > '.join(reversed(chain))}: {length} of {', '.join(self._columns())}")

    def get_dataset_size(self) -> int:
        """The number of rows (or batches) of an epoch.  Where it is not known it is counted, by running one epoch.

        Returns:
            int; -1 if it has no end.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.batch(2).get_dataset_size()
        3
        """
        size = self._size()
        if size is None:
            if self._counted is None:
                self._counted = sum(count for count, _ in blocks(self._rows(self._first_epoch())))
            size = self._counted
        self.dataset_size = size
        return size

    def __len__(self) -> int:
        return max(self.get_dataset_size(), 0)

    def __bool__(self) -> bool:
        return True

    def get_col_names(self) -> list[str]:
        """The names of the columns.

        Returns:
            list of str.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.get_col_names()
        ['x']
        """
        return list(self._columns())

    @property
    def input_indexs(self):
        """What was assigned to it, or to the first dataset below that has it; () before.  MindSpore's name; nothing here reads it."""
        below = (child.input_indexs for child in self.children)
        return self._input_indexs if self._input_indexs != () else next((found for found in below if found != ()), ())

    @input_indexs.setter
    def input_indexs(self, value):
        self._input_indexs = value

    def get_batch_size(self) -> int:
        """The size of the batches.

        Returns:
            int; 1 before ``batch``, and of joined datasets.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.batch(2).get_batch_size()
        2
        """
        return self.children[0].get_batch_size() if len(self.children) == 1 else 1

    def get_repeat_count(self) -> int:
        """The passes of the last ``repeat``.

        Returns:
            int; 1 without it, and of joined datasets.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.repeat(3).get_repeat_count()
        3
        """
        return self.children[0].get_repeat_count() if len(self.children) == 1 else 1

    def get_class_indexing(self) -> dict[str, int]:
        """The labels of sources with named classes.

        Returns:
            dict {class name: label}; empty for others.
        """
        return self.children[0].get_class_indexing() if self.children else {}

    def num_classes(self) -> int | None:
        """The number of classes.

        Returns:
            int; None of sources that do not know it.
        """
        return len(self.get_class_indexing()) or None

    def output_types(self) -> list:
        """The NumPy types of the columns, those of the first row.

        Returns:
            list of numpy.dtype.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.output_types()
        [dtype('int64')]
        """
        return [np.dtype("<U") if a.dtype.kind == "U" else a.dtype for a in self._first_row("output_types")]

    def output_shapes(self, estimate: bool = False) -> list[list]:
        """The shapes of the columns, those of the first row.

        Args:
            estimate: bool, whether to put None where rows differ, which runs an epoch.  Default: False.

        Returns:
            list of lists of ints.

        Raises:
            TypeError: ``estimate`` is not a bool.

        >>> import minispore.dataset as ds
        >>> data = ds.NumpySlicesDataset({"x": [1, 2, 3, 4, 5]}, shuffle=False)
        >>> data.batch(2).output_shapes(), data.batch(2).output_shapes(estimate=True)
        ([[2]], [[None]])
        """
        checks.boolean("output_shapes", estimate=estimate)
        shapes: list[list] = [list(array.shape) for array in self._first_row("output_shapes")]
        if estimate:
            for count, task in blocks(self._rows(self._first_epoch())):
                for column, shape in zip(task(), shapes):
                    for row in range(count):
                        for axis, length in enumerate(np.shape(column[row])):
                            if shape[axis] != length:
                                shape[axis] = None
        return shapes

    def _first_epoch(self) -> Epoch:
        return Epoch(self._seed(), 0, quiet=True)

    def _seed(self) -> int:
        seed = config.given_seed()
        return fresh_seed() if seed is None else seed

    def _first_row(self, owner: str) -> list[np.ndarray]:
        count, task = self._rows(self._first_epoch()).prepare(np.arange(1))
        if not count:
            raise fail(RuntimeError, f"For '{owner}', the dataset is empty.")
        return [np.asarray(column[0]) for column in task()]

    def _workers(self) -> int:
        """Threads for the pipeline: the most that any node asks for, or the default."""
        requested = [node.num_parallel_workers for node in self._nodes() if node.num_parallel_workers]
        return max(requested) if requested and max(requested) > 1 else config.get_num_parallel_workers()

    def _conditions(self) -> dict[str, Any]:
        """The nodes of the pipeline that wait for the training (sync.py), by name."""
        return {name: node for child in self.children for name, node in child._conditions().items()}

    def _nodes(self):
        yield self
        for child in self.children:
            yield from child._nodes()
