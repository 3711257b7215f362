"""MindSpore's module ``device_context.gpu``: there is no such device."""

import sys

from ...core.errors import fail
from .settings import accepted


def device_count() -> int:
    """The number of such devices.

    Returns:
        int, where there is one.

    Raises:
        RuntimeError: always.

    >>> import minispore as ms
    >>> ms.device_context.gpu.device_count()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    RuntimeError: Device_target GPU not exist: minispore runs on the CPU. is_available() says whether there is one...
    """
    raise fail(
        RuntimeError,
        "Device_target GPU not exist: minispore runs on the CPU. is_available() says whether there is one.",
    )


def is_available() -> bool:
    """Whether there is such a device.

    Returns:
        False.

    >>> import minispore as ms
    >>> ms.device_context.gpu.is_available()
    False
    """
    return False


_SET = (
    "matmul_allow_tf32", "conv_allow_tf32", "conv_fprop_algo", "conv_wgrad_algo", "conv_dgrad_algo"
)  # fmt: skip
globals().update(accepted("device_context.gpu", *_SET))

device = op_precision = op_tuning = sys.modules[__name__]  # files of MindSpore's

__all__ = ["device_count", "is_available", *_SET]
