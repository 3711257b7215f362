"""Rows of datasets for train loops written by hand."""

from ..core import checks
from ..core.errors import fail


class DatasetHelper:
    """Iterates over the rows of a dataset, as tuples of Tensors; each ``for`` is one epoch.

    Args:
        dataset: has ``create_tuple_iterator`` and ``get_dataset_size``.
        dataset_sink_mode: bool, accepted: it is about devices.
        sink_size: int, accepted: it is about devices.
        epoch_num: int, how many times it will be iterated over.  Default: 1.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a ``sink_size`` of 0 or below -1.

    >>> import minispore as ms
    >>> from minispore.dataset import NumpySlicesDataset
    >>> for (x,) in ms.DatasetHelper(NumpySlicesDataset([1, 2], shuffle=False)):
    ...     print(x)
    1
    2
    """

    def __init__(self, dataset, dataset_sink_mode=True, sink_size=-1, epoch_num=1):
        checks.boolean("DatasetHelper", dataset_sink_mode=dataset_sink_mode)
        checks.integer("DatasetHelper", sink_size=sink_size)
        if sink_size < -1 or sink_size == 0:
            raise fail(ValueError, f"For 'DatasetHelper', 'sink_size' must be -1 or positive, but got {sink_size}.")
        self.dataset = dataset
        self.iter = dataset.create_tuple_iterator(num_epochs=epoch_num)

    def __iter__(self):
        return iter(self.iter)

    def sink_size(self) -> int:
        """1: each iteration of a loop is one step.

        Returns:
            1.
        """
        return 1

    def stop_send(self) -> None:
        """Accepted: nothing is sent."""

    def release(self) -> None:
        """Accepted: nothing is held."""

    def continue_send(self) -> None:
        """Accepted: nothing is sent."""

    def types_shapes(self):
        """The types and shapes of a row.

        Returns:
            tuple (list of types, list of shapes).
        """
        return self.dataset.output_types(), self.dataset.output_shapes()

    def dynamic_min_max_shapes(self):
        """The bounds of dynamic shapes: there are none.

        Returns:
            tuple (None, None).
        """
        return None, None


def connect_network_with_dataset(network, dataset_helper):
    """Gives the network back: rows are passed as arguments, nothing is sent to a device.

    Args:
        network: Cell.
        dataset_helper: ignored.

    Returns:
        ``network``.

    >>> from minispore import nn
    >>> from minispore.train import connect_network_with_dataset
    >>> net = nn.Dense(2, 3)
    >>> connect_network_with_dataset(net, None) is net
    True
    """
    return network


def data_sink(fn, dataset, sink_size=1, jit_config=None, input_signature=None):
    """A function without arguments that calls ``fn`` with the next rows of a dataset; at its end it begins anew.

    Args:
        fn: function of the columns of a row.
        dataset: has ``create_tuple_iterator``.
        sink_size: int, how many rows a call takes.  Default: 1.
        jit_config: accepted.
        input_signature: accepted.

    Returns:
        function that returns the last result of its rows.

    Raises:
        ValueError: the dataset is empty (at the call).

    >>> import minispore as ms
    >>> from minispore.dataset import NumpySlicesDataset
    >>> step = ms.data_sink(lambda x: x * 10, NumpySlicesDataset([1, 2, 3], shuffle=False), sink_size=2)
    >>> print(step(), step())
    20 10
    """

    def rows():
        while True:
            empty = True
            for row in dataset.create_tuple_iterator(num_epochs=1):
                empty = False
                yield row
            if empty:
                raise fail(ValueError, "For 'data_sink', the dataset is empty.")

    endless = rows()

    def sink_process(*args, **kwargs):
        result = None
        for _ in range(sink_size):
            result = fn(*next(endless))
        return result

    return sink_process


__all__ = ["DatasetHelper", "connect_network_with_dataset", "data_sink"]

from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
