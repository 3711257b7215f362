"""MindSpore's module ``common``: the same objects under their older paths."""

from ...core import dtype, initializer
from ...core.dtype import *  # noqa: F403
from ...core.parameter import Parameter, ParameterTuple
from ...core.random import get_seed, set_seed
from ...core.tensor import Tensor, tensor
from ...transforms.function import _Function, _no_grad
from ...transforms.jit import jit, jit_class, ms_function, mutable
from . import api as _stub_tensor

__all__ = [
    "Parameter",
    "ParameterTuple",
    "Tensor",
    "_Function",
    "_no_grad",
    "_stub_tensor",
    "dtype",
    "get_seed",
    "initializer",
    "jit",
    "jit_class",
    "ms_function",
    "mutable",
    "set_seed",
    "tensor",
]
