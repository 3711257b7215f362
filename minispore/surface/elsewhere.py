"""Names that a module of MindSpore has and ours of that path has not, because the definition is in another file here.

``from mindspore.nn.layer.basic import Pad`` works in MindSpore, whose files are cut in another way and import much of each other.
A name that is missing in a file is looked for in the package above it, then among the helpers in ``private_names.py``.
"""

import sys
from importlib import import_module

from ..core.registry import supplied

_PACKAGES = {  # the first part of a path: where names of its files are looked for
    "nn": ("nn", "ops", ""),
    "ops": ("ops", "ops.operations", ""),
    "core": ("", "ops"),
    "surface": ("", "ops", "dataset", "dataset.vision", "dataset.transforms"),
    "train": ("train", "nn", ""),
    "dataset": ("dataset", "dataset.vision", "dataset.transforms", "dataset.text"),
    "transforms": ("", "ops"),
    "parallel": ("parallel", ""),
}

# files whose functions others of MindSpore's files import, private ones too
_HELPERS = (
    "parallel._utils",
    "ops.primitive_base",
    "core.initializer",
    "core.random",
    "communication.management",
    "surface.extends",
    "train.dataset_helper",
)


def found(module: str, name: str):
    """What ``name`` in a file of ours stands for in MindSpore's file of that path; None for nothing.

    Args:
        module: str, the full name of a module below the packages.
        name: str.

    >>> found("minispore.nn.layer.basic", "Pad").__name__, found("minispore.nn.layer.basic", "nothing")
    ('Pad', None)
    """
    ours, package, *file = f"{module}..".split(".")[:3]
    if not file[0] or name.startswith("__"):
        return None
    if name in import_module(f"{__package__}.private_names").__all__:
        return getattr(import_module(f"{__package__}.private_names"), name)
    for path in _HELPERS:
        value = vars(import_module(f"{ours}.{path}")).get(name)
        if getattr(value, "__module__", "").startswith(f"{ours}.{path}"):
            return value
    for path in () if name.startswith("_") else _PACKAGES.get(package, ()):
        home = f"{ours}.{path}" if path else ours
        value = vars(sys.modules[home]).get(name) if home in sys.modules else None
        value = supplied("late name")(home, name) if value is None else value
        if value is not None and not isinstance(value, type(sys)):
            return value
    return None
