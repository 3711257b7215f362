"""Sources and operations."""

from ..dataset import Dataset  # noqa: F401
from ..pipeline import *  # noqa: F403
from ..pipeline import WindowDataset as SkipDataset, WindowDataset as TakeDataset  # noqa: F401
from ..sources.base import Source as MappableDataset  # noqa: F401
from ..sources.images import *  # noqa: F403
from ..sources.mindrecord import *  # noqa: F403
from ..sources.python import *  # noqa: F403
from ..sources.text import *  # noqa: F403
