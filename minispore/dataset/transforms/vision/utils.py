"""Where MindSpore 1.0 kept ``dataset.vision.utils``."""

from ...vision.utils import *  # noqa: F403
