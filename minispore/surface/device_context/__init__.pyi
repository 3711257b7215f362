# Written by tools/stubs from minispore.surface.device_context: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import ascend as ascend, cpu as cpu, gpu as gpu

__all__ = ['ascend', 'cpu', 'gpu']
