"""``ops``: functions on Tensors, and the primitive classes of MindSpore's ``ops.operations``."""

from .activation import *  # noqa: F403
from .aliases import *  # noqa: F403
from .composite import *  # noqa: F403
from .conv import *  # noqa: F403
from .creation import *  # noqa: F403
from .ctc import *  # noqa: F403
from .custom import Custom
from .custom_info import *  # noqa: F403
from .dynamic import *  # noqa: F403
from .effects import *  # noqa: F403
from .elementwise import *  # noqa: F403
from .gather import *  # noqa: F403
from .image import *  # noqa: F403
from .index import *  # noqa: F403
from .joining import *  # noqa: F403
from .linalg import *  # noqa: F403
from .linear_algebra import *  # noqa: F403
from .loss import *  # noqa: F403
from .math import *  # noqa: F403
from .matrix import *  # noqa: F403
from .movement import *  # noqa: F403
from .norm import *  # noqa: F403
from .order import *  # noqa: F403
from .patches import *  # noqa: F403
from .pool import *  # noqa: F403
from .primitive import *  # noqa: F403
from .primitives import *  # noqa: F403
from .random import *  # noqa: F403
from .reduction import *  # noqa: F403
from .scatter import *  # noqa: F403
from .sparse import *  # noqa: F403
from .special import *  # noqa: F403
from .statistics import *  # noqa: F403

# after the star imports, which bring another cast
from .creation import cast_ as cast  # isort: skip
from .gather import embedding, gather, gather_elements  # isort: skip  (mypy takes ops.gather for the module)
from .linear_algebra import norm  # isort: skip  (there is a module ops.norm too)
from . import functional, operations  # isort: skip


def _tidy() -> None:
    """Takes out what the families import for themselves: only ops, functions and classes of this package stay."""
    from types import ModuleType

    from ..core.op import Op

    for name, item in list(globals().items()):
        home = item.__name__ if isinstance(item, ModuleType) else getattr(item, "__module__", "")
        helper = type(item).__name__ == "KernelTemplate" or home == f"{__name__}.methods"
        own = isinstance(item, Op) or name == "partial" or (home.startswith(__name__) and not helper)
        if not name.startswith("_") and not own:
            del globals()[name]


_tidy()

from ..core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
