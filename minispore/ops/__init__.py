"""``ops``: functions on Tensors, and the primitive classes of MindSpore's ``ops.operations``.

A module's ``__all__`` holds what it adds here: MindSpore's names, and a few of ours, which tests/test_names.py lists.
Other modules of the package import what they need from the module that defines it.
"""

from .activation import *  # noqa: F403
from .adaptive_pool import *  # noqa: F403
from .aliases import *  # noqa: F403
from .arg_reduction import *  # noqa: F403
from .arithmetic import *  # noqa: F403
from .casting import *  # noqa: F403
from .clipping import *  # noqa: F403
from .comparison import *  # noqa: F403
from .complex import *  # noqa: F403
from .concatenation import *  # noqa: F403
from .contraction import *  # noqa: F403
from .conv import *  # noqa: F403
from .conversions import *  # noqa: F403
from .creation import *  # noqa: F403
from .ctc import *  # noqa: F403
from .cumulative import *  # noqa: F403
from .custom import *  # noqa: F403
from .custom_info import *  # noqa: F403
from .determinants import *  # noqa: F403
from .dynamic import *  # noqa: F403
from .effects import *  # noqa: F403
from .eigen import *  # noqa: F403
from .elementwise import *  # noqa: F403
from .exact_numbers import *  # noqa: F403
from .factorisations import *  # noqa: F403
from .fourier import *  # noqa: F403
from .gathering import *  # noqa: F403
from .higher_order import *  # noqa: F403
from .histograms import *  # noqa: F403
from .image import *  # noqa: F403
from .incomplete_gamma import *  # noqa: F403
from .index_updates import *  # noqa: F403
from .joining import *  # noqa: F403
from .linalg import *  # noqa: F403
from .loss_classification import *  # noqa: F403
from .loss_margins import *  # noqa: F403
from .loss_probabilities import *  # noqa: F403
from .loss_regression import *  # noqa: F403
from .matrix import *  # noqa: F403
from .movement import *  # noqa: F403
from .normalization import *  # noqa: F403
from .norms import *  # noqa: F403
from .padding import *  # noqa: F403
from .parameter_scatter import *  # noqa: F403
from .patches import *  # noqa: F403
from .pool import *  # noqa: F403
from .primitive_base import *  # noqa: F403
from .products import *  # noqa: F403
from .queries import *  # noqa: F403
from .quotients import *  # noqa: F403
from .random import *  # noqa: F403
from .rectifiers import *  # noqa: F403
from .reduction import *  # noqa: F403
from .repeating import *  # noqa: F403
from .scattering import *  # noqa: F403
from .segments import *  # noqa: F403
from .slicing import *  # noqa: F403
from .softmax import *  # noqa: F403
from .sorting import *  # noqa: F403
from .sparse import *  # noqa: F403
from .special import *  # noqa: F403
from .statistics import *  # noqa: F403

# the star imports bring no module's own imports along
from .primitive_classes import *  # isort: skip  # noqa: F403
from . import (
    augmented as _augmented,
    in_place_methods as _in_place_methods,
    index as _index,
    primitive_calls as _primitive_calls,
    primitive_classes as _primitive_classes,
    reduction_methods as _reduction_methods,
    tensor_methods as _tensor_methods,
)  # isort: skip

import sys as _sys  # isort: skip
from ..core.registry import module_getattr as _module_getattr  # isort: skip
from types import ModuleType as _ModuleType  # isort: skip

_primitive_calls.o = _primitive_classes.o = _sys.modules[__name__]  # where they look their functions up
__getattr__ = _module_getattr(__name__)
__all__ = sorted(
    name for name, item in globals().items() if not name.startswith("_") and not isinstance(item, _ModuleType)
)


def __dir__() -> list[str]:
    return sorted({*__all__, *_MODULES, *(name for name in globals() if name.startswith("__"))})


_MODULES = (
    "composite",
    "functional",
    "operations",
    "primitive",
)  # MindSpore's; the surface imports the first two, which take names from here
from . import operations, primitive_base as primitive  # isort: skip  # noqa: E402
