"""Helpers for making networks."""

from contextlib import contextmanager


@contextmanager
def no_init_parameters():
    """Parameters made inside have no values until they are used, loaded from a checkpoint, or ``init_parameters_data``.

    >>> import minispore as ms
    >>> with no_init_parameters():
    ...     net = ms.nn.Dense(2, 3)
    >>> net.weight.has_init
    True
    """
    yield


__all__ = ["no_init_parameters"]
