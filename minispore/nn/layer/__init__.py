"""Layers, by family."""

from . import (
    activation,
    attention,
    basic,
    combined,
    conv,
    embedding,
    image,
    image_quality,
    math,
    normalization,
    padding,
    pooling,
    rnn,
    sparse,
    unpooling,
)
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

__all__: list[str] = []
__all__ += activation.__all__
__all__ += attention.__all__
__all__ += basic.__all__
__all__ += combined.__all__
__all__ += conv.__all__
__all__ += embedding.__all__
__all__ += image.__all__
__all__ += image_quality.__all__
__all__ += math.__all__
__all__ += normalization.__all__
__all__ += padding.__all__
__all__ += pooling.__all__
__all__ += rnn.__all__
__all__ += sparse.__all__
__all__ += unpooling.__all__
