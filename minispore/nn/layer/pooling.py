"""Pooling by windows and to a given size, at MindSpore's module path."""

from . import adaptive_pooling, window_pooling
from .adaptive_pooling import *  # noqa: F403
from .window_pooling import *  # noqa: F403

__all__ = [*window_pooling.__all__, *adaptive_pooling.__all__]
