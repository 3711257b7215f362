"""The compiler: trace -> graph -> passes -> fused kernels -> table executable."""

from .show import show
from .stats import compile_stats

__all__ = ["compile_stats", "show"]
