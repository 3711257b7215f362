"""``dataset.engine`` and ``dataset.engine.datasets``: sources, operations, samplers and iterators."""

import sys

from ...dataset import *  # noqa: F403
from ...dataset import iterator as iterators, samplers  # noqa: F401
from ...dataset.iterator import Iterator  # noqa: F401
from ...dataset.pipeline import FlatMapDataset  # noqa: F401

datasets = sys.modules[__name__]
