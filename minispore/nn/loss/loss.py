"""All losses but the sampled softmax, at MindSpore's module path."""

from . import base, classification, metric, overlap, regression
from .base import *  # noqa: F403
from .base import _Loss as _Loss
from .classification import *  # noqa: F403
from .metric import *  # noqa: F403
from .overlap import *  # noqa: F403
from .regression import *  # noqa: F403

__all__ = [*base.__all__, *regression.__all__, *classification.__all__, *overlap.__all__, *metric.__all__]
