"""All transforms of images, under MindSpore's module name."""

from ..transforms.array import *  # noqa: F403
from ..transforms.base import *  # noqa: F403
from .augment import *  # noqa: F403
from .color import *  # noqa: F403
from .convert import *  # noqa: F403
from .geometry import *  # noqa: F403
from .utils import *  # noqa: F403
