"""All transforms of images in one module, as in MindSpore."""

from ..transforms.array import *  # noqa: F403
from ..transforms.base import *  # noqa: F403
from .augment import *  # noqa: F403
from .boxes import *  # noqa: F403
from .color import *  # noqa: F403
from .convert import *  # noqa: F403
from .cropping import *  # noqa: F403
from .geometry import *  # noqa: F403
from .random_color import *  # noqa: F403
from .utils import *  # noqa: F403
from .warping import *  # noqa: F403
