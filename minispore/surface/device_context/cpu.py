"""MindSpore's module ``device_context.cpu``."""

import sys

from .settings import accepted


def device_count() -> int:
    """The number of CPUs that a program sees.

    Returns:
        1.

    >>> import minispore as ms
    >>> ms.device_context.cpu.device_count()
    1
    """
    return 1


def is_available() -> bool:
    """Whether programs can run on the CPU.

    Returns:
        True.

    >>> import minispore as ms
    >>> ms.device_context.cpu.is_available()
    True
    """
    return True


_SET = ("threads_num",)
globals().update(accepted("device_context.cpu", *_SET))

device = op_tuning = sys.modules[__name__]  # files of MindSpore's

__all__ = ["device_count", "is_available", *_SET]
