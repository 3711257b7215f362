"""Distributed training's names, for one process."""

from .management import *  # noqa: F403

from ..names import explained as _explained  # isort: skip

__getattr__ = _explained(__name__)
