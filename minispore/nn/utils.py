"""Helpers for making networks."""

from contextlib import contextmanager

from ..core.parameter import Parameter


@contextmanager
def no_init_parameters():
    """Parameters made inside have no values until they are used, loaded from a checkpoint, or ``init_parameters_data``.

    >>> import minispore as ms
    >>> with no_init_parameters():
    ...     net = ms.nn.Dense(2, 3)
    >>> net.weight.has_init
    True
    """
    before = Parameter.init_at_once
    Parameter.init_at_once = False
    try:
        yield
    finally:
        Parameter.init_at_once = before


__all__ = ["no_init_parameters"]
