"""MindSpore's ``multiprocessing``: Python's."""

from multiprocessing import *  # noqa: F403
from multiprocessing import __all__  # noqa: F401
