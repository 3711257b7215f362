"""``ops``: functions on Tensors, and the primitive classes of MindSpore's ``ops.operations``."""

from .activation import *  # noqa: F403
from .composite import *  # noqa: F403
from .conv import *  # noqa: F403
from .creation import *  # noqa: F403
from .dynamic import *  # noqa: F403
from .effects import *  # noqa: F403
from .elementwise import *  # noqa: F403
from .gather import *  # noqa: F403
from .image import *  # noqa: F403
from .index import *  # noqa: F403
from .linalg import *  # noqa: F403
from .loss import *  # noqa: F403
from .math import *  # noqa: F403
from .matrix import *  # noqa: F403
from .movement import *  # noqa: F403
from .norm import *  # noqa: F403
from .order import *  # noqa: F403
from .primitives import *  # noqa: F403
from .pool import *  # noqa: F403
from .random import *  # noqa: F403
from .reduction import *  # noqa: F403
from .scatter import *  # noqa: F403

# after the star imports, which bring another cast
from .creation import cast_ as cast  # noqa: E402  # isort: skip
from . import functional, operations  # noqa: E402  # isort: skip
