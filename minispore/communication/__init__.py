"""Distributed training's names, for one process."""

from .management import *  # noqa: F403

from ..core.registry import module_getattr as _module_getattr  # isort: skip

__getattr__ = _module_getattr(__name__)

from ..core.boundary import publish as _publish  # isort: skip

_publish(globals())
