"""Where MindSpore 1.0 kept ``dataset.vision.c_transforms``."""

from ...vision.c_transforms import *  # noqa: F403
