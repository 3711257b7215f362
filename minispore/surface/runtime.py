"""MindSpore's module ``runtime`` of streams and memory: accepted, without effect on one CPU."""

from ..core.context import set_memory
from . import streams
from .accepted import empty_cache, launch_blocking, synchronize
from .device_context.settings import accepted
from .streams import *  # noqa: F403


def _no_memory_of_a_device() -> int:
    """The bytes on a device: 0, as for MindSpore's CPU, which does not count.

    Returns:
        0.

    >>> import minispore as ms
    >>> ms.runtime.memory_allocated()
    0
    """
    return 0


def memory_stats() -> dict:
    """The memory of a device: all 0, as for MindSpore's CPU, which does not count.

    Returns:
        dict from str to int or dict.

    >>> import minispore as ms
    >>> ms.runtime.memory_stats()["total_allocated_memory"]
    0
    """
    totals = ("reserved", "allocated", "idle", "eager_free")
    return {
        **{f"total_{kind}_memory": 0 for kind in totals},
        **dict.fromkeys(("max_reserved_memory", "max_allocated_memory"), 0),
        "common_mem_pool_stats": {"block_unit_size": 0, "block_counts": 0, "blocks_info": {}},
        "persistent_mem_pool_stats": {"block_counts": 0, "block_unit_size": 0, "blocks_info": {}},
    }  # fmt: skip


_COUNTED = ("max_memory_allocated", "max_memory_reserved", "memory_allocated", "memory_reserved")
_SET = (
    "dispatch_threads_num", "reset_max_memory_allocated", "reset_max_memory_reserved", "reset_peak_memory_stats", "reset_stream_limit",
    "set_cpu_affinity", "set_device_limit", "set_kernel_launch_capture", "set_kernel_launch_group", "set_stream_limit",
)  # fmt: skip
globals().update({**accepted("runtime", *_SET), **dict.fromkeys(_COUNTED, _no_memory_of_a_device)})

__all__ = [
    "empty_cache", "launch_blocking", "memory_stats", "set_memory", "synchronize", *streams.__all__, *_COUNTED, *_SET,
]  # fmt: skip
