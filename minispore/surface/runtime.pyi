# Written by tools/stubs from minispore.surface.runtime: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.context import set_memory as set_memory
from minispore.surface.accepted import current_stream as current_stream, empty_cache as empty_cache, launch_blocking as launch_blocking, synchronize as synchronize

__all__ = ['current_stream', 'empty_cache', 'launch_blocking', 'set_memory', 'synchronize']
