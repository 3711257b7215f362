"""MindSpore's module of streams and memory: accepted, where one CPU does the work."""

from .accepted import current_stream, empty_cache, launch_blocking, synchronize
from .context import set_memory

__all__ = ["current_stream", "empty_cache", "launch_blocking", "set_memory", "synchronize"]
