"""Where MindSpore 1.x kept the settings."""

from .. import config
