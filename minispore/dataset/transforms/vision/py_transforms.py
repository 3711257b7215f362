"""Where MindSpore 1.0 kept ``dataset.vision.py_transforms``."""

from ...vision.py_transforms import *  # noqa: F403
