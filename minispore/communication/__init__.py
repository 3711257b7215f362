"""Distributed training's names, for one process."""

from .management import *  # noqa: F403
