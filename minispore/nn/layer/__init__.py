"""Layers, by family."""

from .activation import *  # noqa: F403
from .attention import *  # noqa: F403
from .basic import *  # noqa: F403
from .combined import *  # noqa: F403
from .conv import *  # noqa: F403
from .embedding import *  # noqa: F403
from .image import *  # noqa: F403
from .image_quality import *  # noqa: F403
from .math import *  # noqa: F403
from .normalization import *  # noqa: F403
from .padding import *  # noqa: F403
from .pooling import *  # noqa: F403
from .rnn import *  # noqa: F403
from .sparse import *  # noqa: F403
from .unpooling import *  # noqa: F403
