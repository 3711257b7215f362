"""Helpers for making networks."""

from contextlib import contextmanager

from ..core.parameter import Parameter


@contextmanager
def no_init_parameters():
    """A context in which Parameters are made without values, until they are used, loaded from a checkpoint, or
    ``init_parameters_data`` is called.

    Yields:
        None.

    >>> from minispore import nn
    >>> with nn.utils.no_init_parameters():
    ...     net = nn.Dense(2, 3)
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
