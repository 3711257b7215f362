"""Functions that a lower layer calls and a higher layer supplies, by name.

A module imports only from its own layer and those below (docs/architecture.md).  A call upward, such as that of the compiler by
``jit``, goes through a name in ``NAMES``, for which the higher layer registers a function.
"""

from collections.abc import Callable
from typing import Any

NAMES = {
    "initial values": "(init, shape, dtype) -> a Tensor that an initializer fills: core/initializer.py, whose random state is Parameters",
    "compiled form": "(function, name, fullgraph, is_stretch) -> a callable (args, kwargs) that compiles: graph/",
    "inspection": "(function, *args, **kwargs) -> an Inspection of the call: inspect/",
    "text of a graph": "(Graph) -> str: inspect/",
    "report": "(Compilation, Graph): says and saves what was compiled: inspect/",
    "executable class": "() -> the Executable class that measures or checks what it runs, or None: inspect/",
    "one-op kernel": "(op, arrays, attributes) -> the outputs by the op's compiled kernel, or None: graph/",
    "call plan": "(function, args, kwargs) -> a function (args, kwargs) for calls of this kind, or None: graph/",
    "gradient program": "(node, needs, given, integers) -> a function that computes the gradient of such nodes, or None: graph/",
    "gradients of a tape": "(nodes, outputs, seeds, wrt, integers) -> the gradients by one compiled call, or None: graph/",
    "native function": "(function, input types, output types) -> a function of machine code: graph/",
    "stacked sequence": "(Tensors and numbers of one shape) -> one Tensor: ops/",
    "number of processes": "() -> int: the processes that have joined: distributed/",
    "runnable": "(function) -> its form that a trace can run, with control flow over Tensors: flow/",
    "kept calls": "(function, the form that a trace runs) -> the form, whose calls are kept for a gradient: transforms/",
    "why not rewritten": "() -> str: why the control flow of the running function is plain Python: flow/",
    "function of sizes": "(function, args, kwargs) -> what a function of NumPy gives for sizes and their arrays: core/sizes/",
    "refusals": "(home, names): notes which arguments the functions of a module refuse: surface/",
    "primitive of a kernel": "(name) -> the primitive class that stands for a kernel of MindSpore, or None: surface/",
    "late name": "(module, name) -> an attribute that is added to a module at its first use, or None: surface/",
    "absent name": "(module, name) -> the AttributeError to raise for a missing attribute: surface/",
}
_SUPPLIED: dict[str, Callable] = {}


def supplies(name: str) -> Callable:
    """Decorator: registers a function under a name of ``NAMES``."""
    if name not in NAMES:
        raise KeyError(f"{name!r} is not among the names of the registry: {', '.join(NAMES)}")

    def register(function: Callable) -> Callable:
        _SUPPLIED[name] = function
        return function

    return register


def supplied(name: str) -> Callable:
    """The function registered under a name.

    Raises:
        RuntimeError: no layer has registered one.
    """
    if name not in _SUPPLIED:
        raise RuntimeError(f"nothing supplies {name!r} ({NAMES[name]}): import minispore, not a part of it")
    return _SUPPLIED[name]


def module_getattr(module: str) -> Callable[[str], Any]:
    """A ``__getattr__`` for a module: names that the surface adds, and clear errors for missing ones."""

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
