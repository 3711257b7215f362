"""The names of MindSpore 1.x: the same transforms."""

from .array import *  # noqa: F403
from .base import *  # noqa: F403
