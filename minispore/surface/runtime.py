"""MindSpore's module ``runtime`` of streams and memory: accepted, without effect on one CPU."""

from ..core.context import set_memory
from .accepted import current_stream, empty_cache, launch_blocking, synchronize

__all__ = ["current_stream", "empty_cache", "launch_blocking", "set_memory", "synchronize"]
