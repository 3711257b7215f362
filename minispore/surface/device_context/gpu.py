"""MindSpore's module ``device_context.gpu``: there is no such device."""

import sys

from .settings import absent, accepted

_SET = (
    "matmul_allow_tf32", "conv_allow_tf32", "conv_fprop_algo", "conv_wgrad_algo", "conv_dgrad_algo"
)  # fmt: skip
_DEVICE = absent("device_context.gpu", "Device_target GPU not exist")
globals().update(_DEVICE | accepted("device_context.gpu", *_SET))

device = op_precision = op_tuning = sys.modules[__name__]  # files of MindSpore's

__all__ = [*_DEVICE, *_SET]
