"""MindSpore's module ``device_context.ascend``: there is no such device."""

import sys

from .settings import absent, accepted

_SET = (
    "execute_timeout", "debug_option", "aclinit_config", "precision_mode", "op_precision_mode", "matmul_allow_hf32", "conv_allow_hf32",
    "op_compile", "aoe_tune_mode", "aoe_job_type", "aclnn_cache",
)  # fmt: skip
_DEVICE = absent("device_context.ascend", "Device Ascend not exist")
globals().update(_DEVICE | accepted("device_context.ascend", *_SET))

device = op_debug = op_precision = op_tuning = sys.modules[__name__]  # files of MindSpore's

__all__ = [*_DEVICE, *_SET]
