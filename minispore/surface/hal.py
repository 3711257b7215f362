"""MindSpore's module ``hal`` of devices, for one CPU."""

from .accepted import current_stream, empty_cache, synchronize


def device_count(device_target=None) -> int:
    """The number of devices.

    Args:
        device_target: str.  Default: None, for "CPU".

    Returns:
        1 for the CPU, 0 for others.

    >>> import minispore as ms
    >>> ms.hal.device_count()
    1
    """
    return int(device_target in (None, "CPU"))


def is_available(device_target) -> bool:
    """Whether there is such a device: the CPU only.

    Args:
        device_target: str.

    Returns:
        bool.

    >>> import minispore as ms
    >>> ms.hal.is_available("GPU")
    False
    """
    return device_target == "CPU"


def is_initialized(device_target) -> bool:
    """Whether a device is ready: the CPU.

    Args:
        device_target: str.

    Returns:
        bool.

    >>> import minispore as ms
    >>> ms.hal.is_initialized("CPU")
    True
    """
    return device_target == "CPU"


def get_device_name(device_id=0, device_target=None) -> str:
    """The name of a device.

    Args:
        device_id: ignored.
        device_target: ignored.

    Returns:
        "CPU".

    >>> import minispore as ms
    >>> ms.hal.get_device_name()
    'CPU'
    """
    return "CPU"


def get_device_capability(device_id=0, device_target=None) -> None:
    """The generation of an accelerator: a CPU has none.

    Args:
        device_id: ignored.
        device_target: ignored.

    >>> import minispore as ms
    >>> ms.hal.get_device_capability() is None
    True
    """


def get_device_properties(device_id=0, device_target=None) -> None:
    """The properties of an accelerator: a CPU has none.

    Args:
        device_id: ignored.
        device_target: ignored.

    >>> import minispore as ms
    >>> ms.hal.get_device_properties() is None
    True
    """


def get_arch_list(device_target=None) -> None:
    """The generations of accelerators that are supported: none.

    Args:
        device_target: ignored.

    >>> import minispore as ms
    >>> ms.hal.get_arch_list() is None
    True
    """


__all__ = [
    "current_stream", "device_count", "empty_cache", "get_arch_list", "get_device_capability", "get_device_name", "get_device_properties",
    "is_available", "is_initialized", "synchronize",
]  # fmt: skip
