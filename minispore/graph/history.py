"""What was compiled, when and why: noted at each compilation, for messages and for ``minispore.inspect``."""

import inspect
import os
import warnings
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from ..core import context, tree
from ..core.number import Varying
from ..core.record import user_level
from ..core.registry import supplied
from ..core.tensor import Tensor

WARN_AFTER = 8  # compilations of one function after which a warning names the cause
KEPT = 64
DEBUG = int(os.environ.get("MINISPORE_DEBUG") or 0)
OBSERVERS: list[Callable] = []  # each called with (Compilation, Graph as traced, Executable)
LOG: deque["Compilation"] = deque(maxlen=256)  # of this process, the latest last


@dataclass
class Compilation:
    """One trace and what it depended on, as text.

    Args:
        name: str, of the function or Cell.
        arguments: dict, such as {"x": "Float32[32, 10]"}.
        attributes: dict, such as {"network.scale": "2.0"}: the values of attributes that were read.
        parameters: dict, such as {"network.w": "Float32[4, 4]"}.
        captures: dict, Tensors from outside.
        input_names: list of str, of the Tensors among the arguments, in order.
        number: int, counts the compilations of its function.  Default: 0.
        compiled: int, kernels that were compiled for it.  Default: 0.
        loaded: int, kernels taken from the disk.  Default: 0.
        seconds: float.  Default: 0.0.
        phases: dict {name: seconds}, what they were spent on, in order.  Default: {}.
        nearest: Compilation, the earlier one that differs least.  Default: None, of a first call.
        causes: list of str, the differences from it.  Default: [].

    >>> import minispore as ms
    >>> f = ms.jit(lambda x: x * 2.0)
    >>> _ = f(ms.Tensor([1.0]))
    >>> record = ms.inspect.compilations(f)[-1]
    >>> record.number, record.arguments
    (0, {'x': 'Float32[1]'})
    """

    name: str
    arguments: dict[str, str]  # "x" -> "Float32[32, 10]"
    attributes: dict[str, str]  # "network.scale" -> "2.0"
    parameters: dict[str, str]  # "network.w" -> "Float32[4, 4]"
    captures: dict[str, str]  # Tensors from outside
    input_names: list[str]  # of the Tensors among the arguments, in order
    number: int = 0  # of its function
    compiled: int = 0  # kernels that were compiled for it
    loaded: int = 0  # kernels taken from the disk
    seconds: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)  # what they were spent on, in order
    nearest: "Compilation | None" = None
    causes: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        if self.nearest is None:
            return "the first call"
        return (
            "; ".join(self.causes) or "nothing that it depends on differs from an earlier call whose code was dropped"
        )

    def __str__(self) -> str:
        given = ", ".join(f"{k}: {v}" for k, v in self.arguments.items())
        return f"{self.name}({given}), compilation {self.number}, {self.seconds:.3f} s: {self.reason}"

    @property
    def spent(self) -> str:
        """The phases that took 2 % of the time or more."""
        parts = {**self.phases, "other": self.seconds - sum(self.phases.values())}
        return ", ".join(
            f"{name} {1000 * x:.{0 if x > 0.01 else 1}f} ms" for name, x in parts.items() if x >= 0.02 * self.seconds
        )


def describe(x) -> str:
    """The part of a call's key that an argument contributes: the type of a Tensor, the value of others."""
    if isinstance(x, Tensor):
        if x.is_parameter:
            return f"Parameter {x.name} {x.dtype}{list(x.shape)}"
        return f"{x.dtype}{list(x.shape)}"
    if type(x) is Varying:
        return f"{type(x.value).__name__} of any value"
    if isinstance(x, (tuple, list)):
        inside = ", ".join(describe(item) for item in x[:8]) + (", ..." if len(x) > 8 else "")
        return f"({inside})" if isinstance(x, tuple) else f"[{inside}]"
    if isinstance(x, dict):
        return "{" + ", ".join(f"{k!r}: {describe(v)}" for k, v in list(x.items())[:8]) + "}"
    if x is None or isinstance(x, (bool, int, float, str, complex)):
        return f"{type(x).__name__} {x!r:.60}" if x is not None else "None"
    return f"{type(x).__name__} at {id(x):x}"


def argument_names(function, args, kwargs) -> dict:
    """{name: value} of a call, by the names that the user wrote in ``construct`` or the function."""
    target = function
    for _ in range(4):  # unwrap Cell._run, the gradient of a Cell and the like: the user's function is inside
        owner = getattr(target, "__self__", None)
        if hasattr(target, "construct"):
            target = target.construct
        elif owner is not None and hasattr(owner, "construct") and target.__name__ == "_run":
            target = owner.construct
        elif owner is not None and hasattr(owner, "fn"):
            target = owner.fn
        else:
            break
    try:
        bound = inspect.signature(target).bind(*args, **kwargs)
    except (TypeError, ValueError):
        return {**{f"argument {k}": x for k, x in enumerate(args)}, **kwargs}
    found = {}
    for name, value in bound.arguments.items():
        kind = bound.signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            found.update({f"{name}[{k}]": x for k, x in enumerate(value)})
        elif kind is inspect.Parameter.VAR_KEYWORD:
            found.update(value)
        else:
            found[name] = value
    by_position = {name: x for name, x in found.items() if name not in kwargs}
    return {**by_position, **{name: found[name] for name in kwargs}}  # the order of a graph's inputs


def input_names(given: dict) -> list[str]:
    """Paths of the Tensors in the arguments, in the order of a graph's inputs."""
    return [
        path
        for name, value in given.items()
        for path, x in _paths(name, value)
        if isinstance(x, Tensor) and not x.is_parameter
    ]


def _paths(path: str, value):
    """(path, leaf) of a nested argument, in the order of ``tree.leaves``."""
    if tree.is_leaf(value):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(f"{path}[{key!r}]", item)
    elif isinstance(value, (tuple, list)):
        for k, item in enumerate(value):
            yield from _paths(f"{path}[{k}]", item)
    else:
        for x in tree.leaves(value):
            yield path, x


def _attributes(function, cells) -> dict[str, str]:
    """Plain attributes of the cells that a trace ran through, by path."""
    root = getattr(function, "__self__", None)
    paths = {id(c): path for path, c in root.cells_and_names()} if hasattr(root, "cells_and_names") else {}
    found = {}
    for cell in cells:
        path = paths.get(id(cell), type(cell).__name__)
        prefix = f"{path}." if path else ""
        found[f"{prefix}training"] = str(cell._training)
        for name, value in cell.__dict__.items():
            if not name.startswith("_"):
                found[prefix + name] = describe(value)
        for name, child in cell._cells.items():
            found[prefix + name] = f"{type(child).__name__} at {id(child):x}"
        for name, p in cell._params.items():
            found[prefix + name] = "None" if p is None else describe(p)
    return found


def snapshot(name: str, function, args, kwargs, recorder) -> Compilation:
    given = argument_names(function, args, kwargs)
    return Compilation(
        name,
        {k: describe(x) for k, x in given.items()},
        {
            **_attributes(function, recorder.cells.values()),
            "check_nan of set_context": str(context._settings["check_nan"]),
        },
        {p.name: f"{v.dtype}{list(v.shape)}" for p, v, _ in recorder.parameters.values()},
        {f"captured Tensor {v.name or k}": describe(t) for k, (t, v) in enumerate(recorder.captures.values())},
        input_names(given),
    )


def differences(new: Compilation, old: Compilation) -> list[str]:
    """In words, what differs between two compilations of one function."""
    found: list[str] = []
    modes: dict[str, list[str]] = {}  # set_train changes many cells at once
    for what, now, before in (
        ("the argument", new.arguments, old.arguments),
        ("the attribute", new.attributes, old.attributes),
        ("the Parameter", new.parameters, old.parameters),
        ("the", new.captures, old.captures),
    ):
        for key in [*now, *(k for k in before if k not in now)]:
            a, b = before.get(key), now.get(key)
            if a == b or (what == "the Parameter" and (a is None or b is None)):
                continue
            if what == "the attribute" and key.rpartition(".")[2] == "training" and a and b:
                modes.setdefault(b, []).append(key)
                continue
            found.append(f"{what} '{key}' is {b or 'not given'}, was {a or 'not given'}")
    for value, keys in modes.items():
        rest = f" (and of {len(keys) - 1} more cells)" if len(keys) > 1 else ""
        found.append(f"the attribute '{keys[0]}' is {value}{rest}, was {value != 'True'}")
    return found


def is_observed() -> bool:
    """Whether somebody looks at each compilation."""
    return bool(OBSERVERS or DEBUG or context._settings["save_graphs"])


def note(earlier: deque, record: Compilation, graph, executable, warns: bool = True) -> None:
    """Adds ``record`` to the history of its function, finds its causes, calls the observers.

    ``warns``: whether a function that is compiled again and again is worth a warning.
    """
    if earlier:
        record.number = earlier[-1].number + 1
        best = min(reversed(earlier), key=lambda old: len(differences(record, old)))
        record.nearest, record.causes = best, differences(record, best)
    earlier.append(record)
    LOG.append(record)
    if warns and record.number + 1 == WARN_AFTER:
        _warn(earlier)
    executable.record = record
    for observer in OBSERVERS:
        observer(record, graph, executable)
    if DEBUG or context._settings["save_graphs"]:
        supplied("report")(record, graph)


def _warn(history) -> None:
    causes = Counter(cause.split(" is ")[0] for record in history for cause in record.causes)
    if not causes:
        return
    what, count = causes.most_common(1)[0]
    values = [c for record in history for c in record.causes if c.startswith(what + " is ")]
    advice = "Give it the same shape each time (pad, or drop the last batch), or accept the cost."
    if any(kind in values[-1] for kind in (" is int", " is float", " is bool", " is str")):
        advice = "A Python value is fixed when a call is compiled: pass a Tensor, or keep it in a Parameter."
    if what.startswith("the attribute"):
        advice = "Attributes of cells are fixed when a call is compiled: keep what changes in a Parameter."
    warnings.warn(
        f"{history[-1].name} was compiled {len(history)} times, {count} of them because {what} changed "
        f"(the last time: it {values[-1][len(what) + 1 :]}). {advice}",
        RuntimeWarning,
        stacklevel=user_level(),
    )


def new_history() -> deque:
    return deque(maxlen=KEPT)
