"""MindSpore's module ``device_context.ascend``: there is no such device."""

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
    >>> ms.device_context.ascend.device_count()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    RuntimeError: Device Ascend not exist: minispore runs on the CPU. is_available() says whether there is one...
    """
    raise fail(
        RuntimeError, "Device Ascend not exist: minispore runs on the CPU. is_available() says whether there is one."
    )


def is_available() -> bool:
    """Whether there is such a device.

    Returns:
        False.

    >>> import minispore as ms
    >>> ms.device_context.ascend.is_available()
    False
    """
    return False


_SET = (
    "execute_timeout", "debug_option", "aclinit_config", "precision_mode", "op_precision_mode", "matmul_allow_hf32", "conv_allow_hf32",
    "op_compile", "aoe_tune_mode", "aoe_job_type", "aclnn_cache",
)  # fmt: skip
globals().update(accepted("device_context.ascend", *_SET))

device = op_debug = op_precision = op_tuning = sys.modules[__name__]  # files of MindSpore's

__all__ = ["device_count", "is_available", *_SET]
