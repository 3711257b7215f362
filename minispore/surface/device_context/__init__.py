"""MindSpore's module ``device_context``: what there is of each kind of device, and settings of devices, accepted without effect."""

from . import ascend, cpu, gpu

__all__ = ["ascend", "cpu", "gpu"]
