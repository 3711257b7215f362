"""Module paths of MindSpore that are aliases of a module at another path here.

Importing an alias gives the same module object as importing its target.  At run time an import finder does this; for tools that
only read source (mypy, pyright, an editor) there is a stub file at each public alias (stubs.py).
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

OURS = __package__.partition(".")[0]
THEIRS = "mindspore"
VERSION = "2.10.0"  # the MindSpore version whose API this is; scripts compare it

HOMES = {  # alias: target, both relative to the package; paths of old versions of MindSpore are among them
    "_c_expression": "surface.c_expression",
    "_c_expression.typing": "surface.types",
    "_c_expression.amp": "surface.amp_strategy",
    "_checkparam": "surface.checkparam",
    "_extends": "surface.extends",
    "amp": "train.amp",
    "boost": "surface.boost",
    "common": "surface.common",
    "common._stub_tensor": "surface.common.api",
    "common._grad_function": "transforms.function",
    "common.dtype": "core.dtype",
    **dict.fromkeys(("common._decorator", "common._register_for_tensor", "common.file_system", "train._utils"), "surface.private_names"),
    "common.hook_handle": "nn.cell_hooks",
    "common.no_inline": "surface.short_names",
    "common.recompute": "transforms.recompute",
    "common.symbol": "surface.accepted",
    "common.generator": "surface.short_names",
    **dict.fromkeys(("common.mutable", "common.lazy_inline"), "transforms.jit"),
    "common.jit_config": "surface.accepted",
    "common.initializer": "core.initializer",
    "common.parameter": "core.parameter",
    "common.seed": "core.random",
    "common.tensor": "core.tensor",
    "communication._comm_helper": "communication.management",
    "communication.comm_func": "ops.comm_func",
    "context": "core.context",
    "dataset.core": "dataset",
    **dict.fromkeys(("dataset.audio", "dataset.audio.transforms", "dataset.audio.utils"), "surface.dataset.audio"),
    "dataset.core.config": "dataset.config",
    "dataset.callback.ds_callback": "dataset.callback",
    "dataset.engine.serializer_deserializer": "surface.dataset.serializing",
    **dict.fromkeys(
        ("dataset.engine", *(f"dataset.engine.datasets{which}" for which in (
            "", "_user_defined", "_standard_format", "_vision", "_text"))), "surface.dataset.engine"
    ),
    "dataset.engine.iterators": "dataset.iterator",
    "dataset.engine.samplers": "dataset.samplers",
    **dict.fromkeys(("dataset.transforms.c_transforms", "dataset.transforms.transforms"), "dataset.transforms"),
    "dataset.transforms.py_transforms": "surface.dataset.py_transforms",
    "dataset.transforms.vision": "dataset.vision",
    "dataset.vision.py_transforms_util": "surface.dataset.py_transforms_util",
    **{f"dataset.vision.{name}": f"surface.dataset.vision_{name}" for name in ("c_transforms", "py_transforms")},
    "debug": "inspect.debug",
    "device_context": "surface.device_context",
    **{f"device_context.{kind}.{part}": f"surface.device_context.{kind}" for kind in ("cpu", "gpu", "ascend")
       for part in ("device", "op_debug", "op_precision", "op_tuning") if (kind, part) not in (("cpu", "op_debug"), ("cpu", "op_precision"), ("gpu", "op_debug"))},
    "experimental.optim": "nn.optim_ex",
    "graph.api": "surface.common.api",
    "hal": "surface.hal",
    "log": "surface.log",
    "mindrecord": "dataset.mindrecord",
    **dict.fromkeys(("nn.grad", "nn.grad.cell_grad"), "nn.transforms"),
    "nn.layer.container": "nn.container",
    "nn.layer.rnn_cells": "nn.layer.rnn",
    "nn.layer.rnns": "nn.layer.rnn",
    "nn.layer.thor_layer": "nn.optim.thor_layers",
    "nn.layer.timedistributed": "nn.layer.combined",
    "nn.layer.transformer": "nn.layer.attention",
    "nn.probability": "surface.probability",
    "nn.sparse": "nn.layer.sparse",
    "mint.functional": "mint.nn.functional",
    "ops._primitive_cache": "ops.primitive_base",
    "ops.primitive": "ops.primitive_base",
    "ops.signature": "surface.signature",
    "ops.communication": "mint.distributed",
    "ops.composite": "surface.composite",
    "ops.composite.base": "surface.composite",
    **dict.fromkeys(("ops.composite.multitype_ops", "ops.composite.multitype_ops.zeros_like_impl"), "ops"),
    **dict.fromkeys(("ops.function", "ops._utils"), "ops"),
    **dict.fromkeys(("ops.auto_generate", *(f"ops.auto_generate.gen_{name}" for name in ("ops_prim", "ops_def", "extend_func"))),
                    "surface.auto_generate"),
    **{f"ops.function.{name}_func": "ops" for name in (
        "array", "clip", "debug", "fft", "image", "linalg", "math", "other", "parameter", "random", "sparse", "spectral", "vmap")},
    "ops.function.nn_func": "surface.nn_functions",
    **dict.fromkeys(("ops.function.grad", "ops.function.grad.grad_func"), "transforms.grad"),
    **{
        f"ops.operations.{name}_ops": "ops.operations"
        for name in ("_inner", "_sequence", "_scalar", "_embedding_cache", "_csr", "_thor", "array", "comm", "control", "custom", "debug", "image", "linalg", "math", "nn", "other", "random", "sparse",
                     "spectral")
    },
    **dict.fromkeys(
        ("ops.operations.manually_defined", *(f"ops.operations.manually_defined.{name}" for name in ("ops_def", "_inner")),
         *(f"ops.operations.{name}_ops" for name in ("_rl_inner", "reshard", "_infer")), "ops.operations._ms_kernel"), "ops.operations"),
    **dict.fromkeys((f"ops.operations.{name}_ops" for name in ("_quant", "_map_tensor", "_ocr")), "surface.without_kernel"),
    "ops.operations._sparse_grad_ops": "surface.gradient_primitives",
    "ops.operations._grad_ops": "surface.gradient_primitives",
    "ops.operations.inner_ops": "ops.operations",
    **dict.fromkeys((f"numpy.{name}" for name in ("array_creations", "array_ops", "logic_ops", "math_ops")), "numpy"),
    **dict.fromkeys(
        ("parallel.shard", "parallel.algo_parameter_config", "parallel.checkpoint_transform"), "parallel"
    ),
    **{f"parallel.{name}": "parallel._utils" for name in ("_auto_parallel_context", "_cost_model_context", "_ps_context")},
    **dict.fromkeys(
        ("parallel._transformer", *(f"parallel._transformer.{n}" for n in ("layers", "moe", "op_parallel_config", "transformer"))),
        "surface.transformer_parts",
    ),
    "profiler": "surface.profiler",
    "profiler.profiling": "surface.profiler",
    "runtime": "surface.runtime",
    **{
        f"train.callback._{name}": "train.callback"
        for name in ("callback", "early_stop", "history", "lambda_callback", "loss_monitor",
                     "lr_scheduler_callback", "on_request_exit", "reduce_lr_on_plateau", "summary_collector", "time_monitor")
    },
    "train.callback._checkpoint": "surface.sliced",
    **dict.fromkeys(("scipy.ops", "scipy.utils"), "surface.scipy_ops"),
    **dict.fromkeys((f"scipy.optimize.{name}" for name in ("linear_sum_assignment", "line_search", "minimize")), "scipy.optimize"),
    "train.data_sink": "train.dataset_helper",
    "train.metrics": "nn.metrics",
    "train.summary.enums": "surface.private_names",
    "train.summary.summary_record": "train.summary",
    "train.parallel_utils": "core.context",
    "train.train_thor": "train.thor",
    "train.train_thor.convert_utils": "train.thor",
    **dict.fromkeys(("utils", "utils.dlpack"), "surface.utils"),
    "version": "surface.version",
    "vision": "dataset.vision",
    # paths of minispore 0.1
    **{name: f"core.{name}" for name in ("dtype", "errors", "initializer", "kernel", "op", "parameter", "random", "record", "samples", "tensor", "tree")},
    **{name: f"surface.{name}" for name in ("compatibility", "drop_in")},
    "grad": "transforms.grad",
    "jit": "transforms.jit",
}  # fmt: skip


def home_of(path: str) -> str | None:
    """The target of an alias, or of a module below one; None for a path that is no alias.

    Args:
        path: str, such as "common.initializer".

    Returns:
        str; None if they are at that path.

    >>> home_of("common.initializer"), home_of("experimental.optim.lr_scheduler"), home_of("nn.cell")
    ('core.initializer', 'nn.optim_ex.lr_scheduler', None)
    """
    prefix = path
    while prefix:
        if prefix in HOMES:
            return HOMES[prefix] + path[len(prefix) :]
        prefix = prefix.rpartition(".")[0]
    return None


# {(target of the parent, name of an alias below it): the alias}: attributes, as in ``minispore.ops.function.math_func``
_CHILDREN = {
    (home_of(path.rpartition(".")[0]) or path.rpartition(".")[0], path.rpartition(".")[2]): path for path in HOMES
}


def child(module: str, name: str) -> ModuleType | None:
    """The module whose alias is ``name`` below ``module``, if there is one."""
    path = _CHILDREN.get((module[len(OURS) + 1 :], name))
    return None if path is None else import_module(f"{OURS}.{path}")


def hides(parent: ModuleType, name: str, value) -> bool:
    """Whether a module, as an attribute of its parent, would hide a function of that name (``train.data_sink``).

    Args:
        parent: module.
        name: str.
        value: anything.

    Returns:
        bool.
    """
    listed = isinstance(value, ModuleType) and name in getattr(value, "__all__", ())
    return listed and callable(getattr(parent, name, None))


class _Parent(ModuleType):
    """A module below which there are aliases: importlib sets a module that a finder loads as an attribute of its parent."""

    __module__ = ModuleType.__module__  # a module has no home of its own

    def __setattr__(self, name, value):
        if not hides(self, name, value):
            super().__setattr__(name, value)


class SameModule(Loader):
    """Replaces the module that importlib creates by an existing one."""

    def __init__(self, module: ModuleType):
        self.module = module

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        sys.modules[module.__name__] = self.module
        parent = sys.modules.get(module.__name__.rpartition(".")[0])
        if type(parent) is ModuleType:
            parent.__class__ = _Parent
        _register()


class _Finder(MetaPathFinder):
    """Finds the aliases in ``HOMES``; nothing else."""

    def find_spec(self, fullname, path=None, target=None):
        home = home_of(fullname[len(OURS) + 1 :]) if fullname.startswith(OURS + ".") else None
        if home is None:
            return None
        try:
            module = import_module(f"{OURS}.{home}")
        except ModuleNotFoundError as error:
            if error.name != f"{OURS}.{home}":
                raise  # something that the module needs is not installed
            return None
        if not hasattr(module, "__path__") and any(
            alias.startswith(fullname[len(OURS) + 1 :] + ".") for alias in HOMES
        ):
            module.__path__ = []  # importlib looks for the modules below an alias in packages only
        return ModuleSpec(fullname, SameModule(module), is_package=hasattr(module, "__path__"))


def _register() -> None:
    """Enters loaded modules in ``sys.modules`` under their aliases, too.

    importlib sets a module that a finder loads as an attribute of its parent, so ``import minispore.jit`` would hide the function
    ``minispore.jit``.  It does not do so for a module that is in ``sys.modules`` already.
    """
    for path in HOMES:
        module = sys.modules.get(f"{OURS}.{home_of(path)}")
        parent = sys.modules.get(f"{OURS}.{path}".rpartition(".")[0])
        if parent is not None and not hasattr(parent, "__path__"):
            parent.__path__ = []  # as in find_spec
        if module is not None:
            sys.modules.setdefault(f"{OURS}.{path}", module)
            looks_up = parent is None or parent.__name__ == OURS or hasattr(parent, "__getattr__")  # calls ``child``
            if parent is not None and not looks_up:
                vars(parent).setdefault(path.rpartition(".")[2], module)


def install() -> None:
    """Makes the aliases importable."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
        _register()
