"""What a lower layer calls and a higher one supplies, by name.

A module imports only from its own layer and those below (docs/architecture.md).  Where it has to call upward, for example
``jit`` the compiler, it asks here for a named function, which the higher layer has put here.  These are all the names.
"""

from collections.abc import Callable
from typing import Any

NAMES = {
    "compiled form": "(function, name) -> a callable (args, kwargs) that compiles: graph/",
    "inspection": "(function, *args, **kwargs) -> an Inspection of the call: inspect/",
    "text of a graph": "(Graph) -> str: inspect/",
    "report": "(Compilation, Graph): says and saves what was compiled: inspect/",
    "executable class": "() -> the Executable class that looks at what it runs, or None: inspect/",
    "one-op kernel": "(op, arrays, attributes) -> the outputs by the op's compiled kernel, or None: graph/",
    "native function": "(function, input types, output types) -> a function of machine code: graph/",
    "why not rewritten": "() -> str: why the control flow of the running function is plain Python: flow/",
    "late name": "(module, name) -> an object that a module gets when it is first asked for, or None: surface/",
    "absent name": "(module, name) -> the AttributeError of a name that is not there: surface/",
}
_SUPPLIED: dict[str, Callable] = {}


def supplies(name: str) -> Callable:
    """Decorates the function that stands behind a name."""
    if name not in NAMES:
        raise KeyError(f"{name!r} is not among the names of the registry: {', '.join(NAMES)}")

    def register(function: Callable) -> Callable:
        _SUPPLIED[name] = function
        return function

    return register


def supplied(name: str) -> Callable:
    """The function behind a name.

    Raises:
        RuntimeError: no layer has supplied it.
    """
    if name not in _SUPPLIED:
        raise RuntimeError(f"nothing supplies {name!r} ({NAMES[name]}): import minispore, not a part of it")
    return _SUPPLIED[name]


def module_getattr(module: str) -> Callable[[str], Any]:
    """A ``__getattr__`` for a module: names that the surface adds, and clear errors for those that are not there."""

    def __getattr__(name: str):
        if not name.startswith("__"):
            if "late name" in _SUPPLIED:
                found = _SUPPLIED["late name"](module, name)
                if found is not None:
                    return found
            if "absent name" in _SUPPLIED:
                raise _SUPPLIED["absent name"](module, name)
        raise AttributeError(f"module '{module}' has no attribute '{name}'")

    return __getattr__
