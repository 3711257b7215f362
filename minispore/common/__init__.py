"""MindSpore's module ``common``: the same objects under their older paths."""

import sys

from .. import dtype, initializer, parameter, tensor
from ..accepted import mutable
from ..dtype import *  # noqa: F403
from ..jit import jit, jit_class, ms_function
from ..parameter import Parameter, ParameterTuple
from ..random import get_seed, set_seed
from ..tensor import Tensor

# so that ``from minispore.common.initializer import Normal`` and its kind find the one module there is
for _name, _module in {"initializer": initializer, "dtype": dtype, "parameter": parameter, "tensor": tensor}.items():
    sys.modules[f"{__name__}.{_name}"] = _module

__all__ = [
    "Parameter",
    "ParameterTuple",
    "Tensor",
    "dtype",
    "get_seed",
    "initializer",
    "jit",
    "jit_class",
    "ms_function",
    "mutable",
    "set_seed",
]
