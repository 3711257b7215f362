"""minispore: a small graph-compiling autodiff framework for Python on CPUs, with MindSpore's API.

Forward, gradient and optimizer update of a Cell become one native call, compiled once.
"""

from . import graph, inspect, mint, nn, numpy, ops, surface

from .surface import common  # isort: skip
from .core import context, dtype as _dtype
from .core.context import (
    COMPATIBLE,
    GRAPH_MODE,
    LAX,
    PYNATIVE_MODE,
    STRICT,
    ParallelMode,
    get_auto_parallel_context,
    get_context,
    get_offload_context,
    get_ps_context,
    reset_auto_parallel_context,
    reset_ps_context,
    set_auto_parallel_context,
    set_context,
    set_device,
    set_memory,
    set_offload_context,
    set_ps_context,
)
from .core.dtype import *  # noqa: F403
from .core.dtype import DType, dtype_to_nptype, dtype_to_pytype, pytype_to_dtype
from .surface.accepted import *  # noqa: F403
from .surface.drop_in import install_as_mindspore
from .transforms.grad import get_grad, grad, value_and_grad

from .flow import forms as _forms  # isort: skip  (adds ops.cond and its like)
from .core.parameter import Parameter, ParameterTuple
from .core.random import get_rng_state, get_seed, set_rng_state, set_seed
from .core.registry import module_getattr as _module_getattr
from .core.tensor import Tensor, from_numpy, tensor
from .ops.primitive_base import constexpr
from .ops.sparse import RowTensor
from .ops.sparse_tensor import COOTensor, CSRTensor
from .train.serialization import (
    async_ckpt_thread_status,
    ckpt_to_safetensors,
    export,
    load,
    load_checkpoint,
    load_checkpoint_async,
    load_distributed_checkpoint,
    load_param_into_net,
    safetensors_to_ckpt,
    save_checkpoint,
)
from .transforms import check_grads, jacfwd, jacrev, jvp, vjp, vmap
from .transforms.jit import jit, jit_class, jit_class as ms_class, lazy_inline, ms_function, mutable
from .transforms.recompute import recompute

__version__ = "0.1.0"
dtype = _dtype


_MODULES = {  # imported when they are first used
    "amp", "communication", "dataset", "debug", "experimental", "hal", "log", "mindrecord", "parallel", "profiler", "runtime", "vision",
}  # fmt: skip


def __getattr__(name: str):
    from importlib import import_module

    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if not name.startswith("_") and name != "run_check":
        for home in (".train", ".parallel"):
            module = import_module(home, __name__)
            if hasattr(module, name):
                return getattr(module, name)
    return _module_getattr(__name__)(name)
