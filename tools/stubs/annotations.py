"""Annotations of the sources as text that a stub can hold, and the public names of a module."""

import collections.abc
import inspect
import re
import types
import typing
from keyword import iskeyword
from typing import Any

import numpy as np
from phrases import ANY, joined

PACKAGE = "minispore"
EMPTY = inspect.Parameter.empty
HOMES = {  # the classes that annotations name
    "Tensor": "core.tensor", "Parameter": "core.parameter", "ParameterTuple": "core.parameter", "DType": "core.dtype", "Cell": "nn.cell",
    "Optimizer": "nn.optim.optimizer", "LearningRateSchedule": "nn.learning_rate_schedule", "CellList": "nn.container",
    "Dataset": "dataset.dataset", "Sampler": "dataset.samplers", "Initializer": "core.initializer", "Callback": "train.callback.base",
    **dict.fromkeys(("Number", "DTypeLike", "Path", "Operand", "P", "R", "T", "C", "Constructs", "Compiled", "Jit", "Indexed", "Member", "Batches", "Items", "Batched"), "_types"),
    "Inter": "dataset.vision.utils", "Border": "dataset.vision.utils", "ConvertMode": "dataset.vision.utils", "ImageBatchFormat": "dataset.vision.utils", "SliceMode": "dataset.vision.utils",
    "AutoAugmentPolicy": "dataset.vision.policies", "Relational": "dataset.transforms.array", "NormalizeForm": "dataset.text.utils", "Vocab": "dataset.text.vocab", "Schema": "dataset.sources.schema",
    "CheckpointConfig": "train.callback.checkpoint", "Model": "train.model", "Metric": "nn.metrics.metric", "TransformerEncoderLayer": "nn.layer.attention", "TransformerDecoderLayer": "nn.layer.attention",
    "DynamicLossScaleUpdateCell": "nn.wrap.loss_scale", "FixedLossScaleUpdateCell": "nn.wrap.loss_scale",
}  # fmt: skip
HELPERS = (
    "typing",
    "collections",
    "functools",
    "contextlib",
    "dataclasses",
    *(f"{PACKAGE}.core.{m}" for m in ("checks", "errors", "registry", "record")),
)
BUILTIN = {
    "True",
    "False",
    "None",
    "int",
    "float",
    "bool",
    "str",
    "list",
    "dict",
    "tuple",
    "set",
    "bytes",
    "object",
    "type",
}


def unshadowed(text: str, names: set[str]) -> str:
    """Declarations in whose scope some names of builtin types mean something else."""
    hidden = "|".join(sorted(names & BUILTIN))
    spots = rf"(?<=-> )({hidden})(?=:)|(?<![\w.])(?<!def )({hidden})(?![\w(:])"
    return re.sub(spots, lambda found: f"builtins.{found[0]}", text) if hidden else text


def names_of(module: types.ModuleType) -> list[str]:
    """The public names of a module; without ``__all__``, what it shows that is not another module's helper."""
    shown = getattr(module, "__all__", None)
    if shown is not None and "__dir__" in vars(module):
        shown = [*shown, *(name for name in dir(module) if not name.startswith("_"))]
    if shown is None:
        listed = dir(module) if hasattr(module, "__path__") or "__dir__" in vars(module) else vars(module)
        shown = [name for name in listed if not name.startswith("_")]
        if not hasattr(module, "__path__"):
            foreign = lambda v: isinstance(v, types.ModuleType) or getattr(v, "__module__", "").startswith(HELPERS)
            shown = [name for name in shown if not foreign(getattr(module, name))]
    return sorted({name for name in shown if not iskeyword(name) and name.isidentifier()})


def rendered(annotation: Any, scope: dict) -> str:
    """The annotation of a source as text that a stub can hold; Any where it cannot."""
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, scope)
        except Exception:
            return ANY
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is None or annotation is type(None):
        return "None"
    if annotation is Any or isinstance(annotation, (typing.TypeVar, typing.ParamSpec)):
        return ANY
    if origin in (typing.Union, types.UnionType):
        return joined([rendered(a, scope) for a in inner])
    if origin is tuple:
        return f"tuple[{', '.join('...' if a is ... else rendered(a, scope) for a in inner)}]"
    if origin in (list, set, dict):
        return f"{origin.__name__}[{', '.join(rendered(a, scope) for a in inner)}]"
    if origin in (
        collections.abc.Sequence,
        collections.abc.Iterable,
        collections.abc.Iterator,
        collections.abc.Mapping,
    ):
        return f"{origin.__name__}[{', '.join(rendered(a, scope) for a in inner)}]"
    if origin is collections.abc.Callable or annotation is collections.abc.Callable:
        return "Callable[..., Any]"
    if annotation is np.ndarray:
        return "NDArray[Any]"
    if isinstance(annotation, type):
        if annotation in (list, tuple, dict, set):
            return {"list": "list[Any]", "tuple": "tuple[Any, ...]", "dict": "dict[Any, Any]", "set": "set[Any]"}[
                annotation.__name__
            ]
        if annotation.__module__ == "builtins" and annotation.__name__ in BUILTIN:
            return annotation.__name__
        if annotation.__module__.startswith(PACKAGE) and "." not in annotation.__qualname__:
            HOMES.setdefault(annotation.__name__, annotation.__module__[len(PACKAGE) + 1 :])
            if HOMES[annotation.__name__] == annotation.__module__[len(PACKAGE) + 1 :]:
                return annotation.__name__
    return ANY
