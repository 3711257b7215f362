"""The older path of ``minispore.amp``."""

from ..amp import *  # noqa: F403
