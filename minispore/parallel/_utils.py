"""What scripts ask before they write a train step for several devices: there is one."""

from ..context import get_auto_parallel_context


def _get_parallel_mode() -> str:
    return get_auto_parallel_context("parallel_mode")


def _get_device_num() -> int:
    return 1


def _get_global_rank() -> int:
    return 0


def _get_gradients_mean() -> bool:
    return get_auto_parallel_context("gradients_mean")


_get_mirror_mean = _get_gradients_mean  # its name in older versions


def _get_pipeline_stages() -> int:
    return 1


def _get_enable_parallel_optimizer() -> bool:
    return False
