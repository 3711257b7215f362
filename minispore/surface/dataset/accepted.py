"""Classes for data sets that are arguments only: accepted, without effect."""

from ...dataset import checks


class DatasetCache:
    """Accepted and without effect: the ``cache`` of a source, which MindSpore keeps in a server of its own.

    Args:
        session_id (int): kept.
        size (int): kept. Default: 0.
        spilling (bool): kept. Default: False.
        hostname (str): kept. Default: None.
        port (int): kept. Default: None.
        num_connections (int): kept. Default: None.
        prefetch_size (int): kept. Default: None.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a number out of range.

    >>> import minispore.dataset as ds
    >>> data = ds.NumpySlicesDataset([1]).map(lambda x: x, cache=ds.DatasetCache(1))
    """

    def __init__(self, session_id, size=0, spilling=False, hostname=None, port=None, num_connections=None, prefetch_size=None):  # fmt: skip
        for name, value, interval in (
            ("session_id", session_id, "[1, 4294967295]"),
            ("size", size, "[0, 18446744073709551615]"),
            ("port", port, "[1025, 65535]"),
            ("num_connections", num_connections, "[1, 2147483647]"),
            ("prefetch_size", prefetch_size, "[1, 2147483647]"),
        ):
            if value is not None or name in ("session_id", "size"):
                checks.within("DatasetCache", interval, **{name: checks.integer("DatasetCache", **{name: value})})
        checks.boolean("DatasetCache", spilling=spilling)
        checks.instance("DatasetCache", (str, type(None)), hostname=hostname)
        self.session_id, self.size, self.spilling, self.hostname = session_id, size, spilling, hostname
        self.port, self.num_connections, self.prefetch_size = port, num_connections, prefetch_size


class DebugHook:
    """Accepted and without effect: a base class for hooks of MindSpore's debug mode.

    Args:
        prev_op_name (str): kept. Default: None.

    >>> import minispore.dataset as ds
    >>> class Show(ds.DebugHook):
    ...     def compute(self, *args):
    ...         return args
    """

    def __init__(self, prev_op_name=None):
        self.prev_op_name = prev_op_name

    def compute(self, *args):
        """What a subclass does with the columns of a row."""
        raise NotImplementedError("A subclass of DebugHook must have a method 'compute'.")
