"""MindSpore's public names, and the error for one that is missing here."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..core import hints


class Name(NamedTuple):
    """A name of MindSpore 2.10: ``tier`` 1, 2, 3 by how many public projects use it (4: none that were counted);
    ``dropped``: 2.10 no longer has it."""

    name: str
    tier: int
    dropped: bool


@cache
def of_mindspore() -> dict[str, list[Name]]:
    """The names by module or class.

    >>> next(n for n in of_mindspore()["mindspore.nn"] if n.name == "Dense")
    Name(name='Dense', tier=1, dropped=False)
    """
    found = {}
    for line in Path(__file__).with_name("mindspore_names.txt").read_text().splitlines():
        if not line.startswith("#"):
            module, *marked = line.split()
            split = [mark.partition(":") for mark in marked]
            found[module] = [Name(name.rstrip("-"), int(tier or 4), name.endswith("-")) for name, _, tier in split]
    return found


_FAMILIES = ("nn", "ops", "mint", "mint.nn", "mint.nn.functional", "dataset", "train", "numpy")


def _elsewhere(module: str, name: str) -> str:
    """`` Write ms.ops.cat.`` for a name that another public module has, or nothing."""
    import sys

    package = module.partition(".")[0]
    for family in _FAMILIES:
        home = sys.modules.get(f"{package}.{family}")
        if home is not None and not name.startswith("_") and name in getattr(home, "__all__", dir(home)):
            return f" Write ms.{family}.{name}."
    return ""


def absent(module: str, name: str) -> AttributeError:
    """The AttributeError for ``module.name``; it points to the compatibility page if MindSpore has the name.

    >>> absent("minispore.ops", "eigh_of_my_own")
    AttributeError("module 'minispore.ops' has no attribute 'eigh_of_my_own'")
    """
    import sys

    theirs = "mindspore" + module[len("minispore") :]
    if any(name == entry.name for entry in of_mindspore().get(theirs, ())):
        from .drop_in import missing

        text = missing(f"{theirs}.{name}")
    else:
        known = dir(sys.modules.get(module))
        hint = (
            hints.instead(hints.MODULES.get(module, {}), name)
            or hints.close(name, [n for n in known if n.lower() == name.lower()])
            or _elsewhere(module, name)
            or hints.close(name, known)
        )
        text = f"module '{module}' has no attribute '{name}'{'.' if hint else ''}{hint}"
    return AttributeError(text, name=name, obj=sys.modules.get(module))


def explained(module: str) -> Callable:
    """A ``__getattr__`` for the module, which raises ``absent``."""

    def __getattr__(name: str):
        if name.startswith("__"):
            raise AttributeError(f"module '{module}' has no attribute '{name}'")
        raise absent(module, name)

    return __getattr__
