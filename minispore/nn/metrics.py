"""MindSpore 1's path of ``minispore.train.metrics``."""

from ..train.metrics import *  # noqa: F403
