"""``dataset.engine`` and ``dataset.engine.datasets``: sources, operations, samplers and iterators."""

import sys

from ...dataset import *  # noqa: F403
from ...dataset import iterator as iterators, samplers  # noqa: F401
from ...dataset.iterator import Iterator  # noqa: F401
from ...dataset.pipeline import FlatMapDataset  # noqa: F401
from ...dataset.sources.base import Source as SourceDataset

VisionBaseDataset = TextBaseDataset = AudioBaseDataset = SourceDataset

__all__ = [name for name in globals() if not name.startswith("_") and name != "sys"]
datasets = sys.modules[__name__]
