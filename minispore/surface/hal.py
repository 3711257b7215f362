"""MindSpore's module ``hal`` of devices, for one CPU."""

from .accepted import current_stream, empty_cache, synchronize


def device_count(device_target=None) -> int:
    """1 for the CPU, 0 for others."""
    return int(device_target in (None, "CPU"))


def is_available(device_target) -> bool:
    """Whether there is such a device: the CPU only."""
    return device_target == "CPU"


def is_initialized(device_target) -> bool:
    """True for the CPU."""
    return device_target == "CPU"


__all__ = ["current_stream", "device_count", "empty_cache", "is_available", "is_initialized", "synchronize"]
