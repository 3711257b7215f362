"""minispore: a small graph-compiling autodiff framework for Python on CPUs, with MindSpore's API.

Forward, gradient and optimizer update of a Cell become one native call, compiled once.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

from .core.cycles import no_cycle_search as _no_cycle_search

with _no_cycle_search(lasting=True):  # what is imported stays
    from . import graph, inspect, nn, ops, surface

from .surface import common  # isort: skip
from .core import context, dtype
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
    set_deterministic,
    set_device,
    set_memory,
    set_offload_context,
    set_ps_context,
)
from .core.dtype import (
    bfloat16,
    bool_,
    byte,
    cdouble,
    cfloat,
    complex64,
    complex128,
    double,
    dtype_to_nptype,
    dtype_to_pytype,
    float16,
    float32,
    float64,
    float_,
    half,
    int8,
    int16,
    int32,
    int64,
    int_,
    long,
    pytype_to_dtype,
    short,
    single,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .surface.accepted import *  # noqa: F403
from .surface.drop_in import install_as_mindspore
from .transforms.grad import get_grad, grad, value_and_grad

from .flow import forms as _forms  # isort: skip  (adds ops.cond and its like)
from .core.dlpack import from_dlpack, to_dlpack
from .core.parameter import Parameter, ParameterTuple
from .core.random import get_rng_state, get_seed, set_rng_state, set_seed
from .core.registry import module_getattr as _module_getattr
from .core.tensor import Tensor, from_numpy, tensor
from .nn.ensemble import ensemble, sweep
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

from .surface import boundaries as _boundaries  # isort: skip  (the last: what is imported here)

with _no_cycle_search(lasting=True):
    _boundaries.place(globals())
__version__ = "0.1.0"

_NAME = __name__  # which install_as_mindspore changes

_MODULES = {  # imported when they are first used
    "amp", "communication", "dataset", "debug", "device_context", "experimental", "extend", "hal", "log", "mindrecord", "mint", "numpy", "parallel", "profiler",
    "runtime", "vision",
}  # fmt: skip


_LATE = {"summary": ".inspect"}  # the same

if _TYPE_CHECKING:
    from . import mint, numpy
    from .inspect import summary

_LAYERS = {
    "autodiff",
    "cli",
    "core",
    "distributed",
    "flow",
    "surface",
    "transforms",
}  # parts of the package that are not for users


def __getattr__(name: str):
    if name in _MODULES:
        return _import_module(f".{name}", _NAME)
    if name in _LATE:
        return getattr(_import_module(_LATE[name], _NAME), name)
    if not name.startswith("_") and name != "run_check":
        for home in (".train", ".parallel"):
            module = _import_module(home, _NAME)
            if hasattr(module, name):
                return getattr(module, name)
    return _module_getattr(_NAME)(name)


def __dir__():
    from .surface.names import of_mindspore

    late = {
        *dir(_import_module(".train", _NAME)),
        *dir(_import_module(".parallel", _NAME)),
        "Profiler",
        "run_check",
    }
    public = {name for name in globals() if not name.startswith("_")} - _LAYERS
    return sorted(
        {
            *public,
            *_MODULES,
            *_LATE,
            *(name.name for name in of_mindspore()["mindspore"] if name.name in late),
            "__version__",
        }
    )
