"""Compatibility with MindSpore: its module paths, names that have no meaning on one CPU, ``import mindspore``, the list of names.

The layers below do not import this one: it registers what it adds in core/registry.py and in the import system.
"""

from importlib import import_module

from ..core.registry import supplies
from . import einops, methods as _methods, names, paths, tracebacks

_TYPES = (
    "Type", "Int", "TensorType", "number", "uint", "string", "list_", "tuple_", "type_none", "tensor_type", "ubyte", "ushort",
    "uintc", "uintp", "intc", "intp", "get_py_obj_dtype",
)  # fmt: skip
_TYPE_CLASSES = ("Number", "UInt", "Float", "BFloat", "Bool", "Complex", "String", "List", "Tuple", "Dict", "Function")

_SHORT = ("bool", "int", "float", "long", "half", "double", "short", "QuantDtype")

# module: {attribute that is added to it at its first use: the module that defines it}
LATE = {
    "minispore": {
        "is_tensor": "ops",
        "run_check": "surface.run_check",
        "Profiler": "surface.profiler",
        **dict.fromkeys((*_TYPES, "Number", "frombuffer"), "surface.types"),
        **dict.fromkeys((*_SHORT, "Generator", "seed", "initial_seed", "get_current_device"), "surface.short_names"),
        "_no_grad": "transforms.function",
    },
    "minispore.core.dtype": {
        **dict.fromkeys((*_TYPES, *_TYPE_CLASSES), "surface.types"),
        **dict.fromkeys(_SHORT, "surface.short_names"),
    },
    "minispore.dataset": {
        **dict.fromkeys(("DatasetCache", "DebugHook"), "surface.dataset.accepted"),
        **dict.fromkeys(
            ("VisionBaseDataset", "TextBaseDataset", "AudioBaseDataset", "SourceDataset"), "surface.dataset.engine"
        ),
    },
    "minispore.nn": dict.fromkeys(("AvgPool1dExt", "AvgPool2dExt", "MaxPool2dExt"), "mint.nn"),
}

# module: those whose ``NAMES`` are added to it
BEHIND = {
    "minispore.ops": ("functions", "primitives", "sparse", "sampled", "bessel", "random_draws"),
    "minispore.ops.operations": ("primitives",),
}


@supplies("late name")
def _late_name(module: str, name: str):
    home = LATE.get(module, {}).get(name)
    if home is None:
        found = paths.child(module, name)
        for behind in BEHIND.get(module, ()) if found is None else ():
            more = import_module(f"{__name__}.{behind}")
            if name in more.NAMES:
                return getattr(more, name)
        return found
    return getattr(import_module(f"minispore.{home}"), name.removesuffix("Ext"))


supplies("absent name")(names.absent)
paths.install()
tracebacks.install()
einops.install()
