"""MindSpore's record files: ``FileWriter`` writes them, ``FileReader`` and ``dataset.MindDataset`` read them."""

from .errors import ERRORS
from .reader import FileReader
from .writer import FileWriter

SUCCESS, FAILED = "SUCCESS", "FAILED"
globals().update(ERRORS)
__all__ = ["FAILED", "SUCCESS", "FileReader", "FileWriter", *ERRORS]

from ...core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)

from ...core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
