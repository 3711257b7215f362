"""What only MindSpore's scripts ask for: its module paths, names without a meaning on one CPU, the drop-in, the names page.

Nothing in the layers below imports it: it puts what they lack into the registry and the import system.
"""

from importlib import import_module

from ..core.registry import supplies
from . import names, paths

# module: {name that it gets when it is first asked for: where it is}
LATE = {
    "minispore": {"run_check": "surface.run_check", "Profiler": "surface.profiler"},
    "minispore.nn": dict.fromkeys(("AvgPool1dExt", "AvgPool2dExt", "MaxPool2dExt"), "mint.nn"),
}


@supplies("late name")
def _late_name(module: str, name: str):
    home = LATE.get(module, {}).get(name)
    if home is None:
        return paths.child(module, name)
    return getattr(import_module(f"minispore.{home}"), name.removesuffix("Ext"))


supplies("absent name")(names.absent)
paths.install()
