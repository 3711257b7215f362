"""minispore: a small graph-compiling autodiff framework for Python on CPUs, with MindSpore's API.

Forward, gradient and optimizer update of a Cell become one native call, compiled once.
"""

from . import common, context, dtype as _dtype, graph, nn, ops
from .context import (
    GRAPH_MODE,
    PYNATIVE_MODE,
    ParallelMode,
    get_context,
    reset_auto_parallel_context,
    set_auto_parallel_context,
    set_context,
    set_device,
)
from .dtype import *  # noqa: F403
from .dtype import DType, dtype_to_nptype, dtype_to_pytype, pytype_to_dtype
from .grad import get_grad, grad, value_and_grad
from .jit import jit, ms_function
from .parameter import Parameter, ParameterTuple
from .random import get_seed, set_seed
from .tensor import Tensor, from_numpy, tensor

__version__ = "0.1.0"
dtype = _dtype
