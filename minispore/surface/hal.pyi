# Written by tools/stubs from minispore.surface.hal: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.surface.accepted import empty_cache as empty_cache, synchronize as synchronize
from minispore.surface.streams import current_stream as current_stream

__all__ = ['current_stream', 'device_count', 'empty_cache', 'is_available', 'is_initialized', 'synchronize']

def device_count(device_target: str | None = None) -> int: ...

def is_available(device_target: str) -> bool: ...

def is_initialized(device_target: str) -> bool: ...
