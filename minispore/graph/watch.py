"""What a trace read from Python besides its arguments: closures, globals, attributes, values of Tensors.

The functions that a user wrote and that ran are known (flow/convert.py).  Their code says which names they read; those
are looked at before and after the trace, and again at each call.  A changed value leads to a new trace.
"""

import dis
import random
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..record import PACKAGE, STATE
from ..tensor import Tensor

PLAIN = (bool, int, float, complex, str, bytes, type(None), np.generic)
CONTAINERS = (tuple, list, dict, set, frozenset, np.ndarray)
FEW = 1000  # things in a container, levels of objects and bytes of an array that are looked at
DEEP = 4
BYTES = 1 << 20
_MISSING = object()


class _Same:
    """Equal to itself only."""

    __slots__ = ("thing",)

    def __init__(self, thing):
        self.thing = thing

    def __eq__(self, other):
        return type(other) is _Same and other.thing is self.thing

    __hash__ = None  # type: ignore[assignment]


def frozen(x, names: frozenset = frozenset(), depth: int = DEEP):
    """What ``x`` holds now, to be compared; of an object the attributes ``names``, of a large array a sample."""
    if isinstance(x, PLAIN):
        return type(x), x if x == x else "nan"
    if isinstance(x, np.ndarray):
        flat = x if x.nbytes <= BYTES else x.reshape(-1)[:: x.size // FEW]
        return x.shape, x.dtype.str, flat.tobytes() if x.dtype != object else _Same(x)
    if depth == 0 or isinstance(x, (Tensor, type, types.ModuleType, types.FunctionType)):
        return _Same(x)
    if isinstance(x, (tuple, list, set, frozenset)):
        if len(x) > FEW:
            return _Same(x), len(x)
        if isinstance(x, (set, frozenset)):
            return type(x), frozenset(x)
        return type(x), [frozen(item, names, depth - 1) for item in x]
    if isinstance(x, dict):
        return (_Same(x), len(x)) if len(x) > FEW else [(k, frozen(v, names, depth - 1)) for k, v in x.items()]
    if not hasattr(x, "_cells"):  # a Cell counts its own changes
        return _Same(x), [(n, frozen(v, names, depth - 1)) for n, v in _attributes(x, names)]
    return _Same(x)


def _attributes(x, names) -> list[tuple[str, Any]]:
    """The attributes that an object itself holds, of those in ``names``."""
    own = getattr(x, "__dict__", {})
    slots = [n for n in names if isinstance(getattr(type(x), n, None), types.MemberDescriptorType) and hasattr(x, n)]
    return [*[(n, own[n]) for n in names if n in own], *[(n, getattr(x, n)) for n in slots]]


_reads: dict[types.CodeType, tuple[dict[str, set[str]], frozenset]] = {}


def _read_by(code: types.CodeType) -> tuple[dict[str, set[str]], frozenset]:
    """(names of globals and free variables that code reads -> attributes asked of them, all attribute names)."""
    if code not in _reads:
        found: dict[str, set[str]] = {}
        last = None
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF"):
                last = instruction.argval
                found.setdefault(last, set())
                continue
            if last is not None and instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                found[last].add(instruction.argval)
            last = None
        names = set(code.co_names)
        for inner in code.co_consts:
            if isinstance(inner, types.CodeType):
                more, inner_names = _read_by(inner)
                names |= inner_names
                for name, attributes in more.items():
                    found.setdefault(name, set()).update(attributes)
        _reads[code] = found, frozenset(names)
    return _reads[code]


class Reads:
    """What one user function, or method of ``instance``, reads from around it, as it was before it ran."""

    def __init__(self, function: types.FunctionType, instance=None):
        self.function, self.instance = function, instance
        self.plain: list[tuple[dict, str, Any]] = []  # (where it lies, its name, what it was)
        self.deep: list[tuple[str, Callable[[], Any], frozenset]] = []
        used, self.names = _read_by(function.__code__)
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
        for name, attributes in used.items():
            if name in cells:
                self._add(name, lambda cell=cells[name]: _contents(cell))
            elif name in function.__globals__:
                self._add_global(name, function.__globals__)
            value = cells[name] if name in cells else function.__globals__.get(name)
            value = _contents(value) if name in cells else value
            if isinstance(value, (types.ModuleType, type)) and not _ours(value):
                for attribute in attributes:
                    self._add(f"{name}.{attribute}", lambda v=value, a=attribute: getattr(v, a, _MISSING))
        for kind, values in (("a default of", function.__defaults__), ("a default of", function.__kwdefaults__)):
            if values:
                self._add(f"{kind} {function.__name__}", lambda values=values: values)
        if instance is not None:
            self._add_instance(instance)
        self.before = self.state()

    def _add_global(self, name, space) -> None:
        value = space[name]
        if isinstance(value, CONTAINERS) or _has_state(value):
            self._add(name, lambda: space.get(name, _MISSING))
        elif not isinstance(value, types.ModuleType):
            self.plain.append((space, name, value))

    def _add(self, name, read) -> None:
        self.deep.append((name, read, self.names))

    def _add_instance(self, instance) -> None:
        counts_changes = hasattr(instance, "_cells")
        for name, value in _attributes(instance, self.names):
            if isinstance(value, CONTAINERS) or _has_state(value) or not counts_changes:
                self._add(f"self.{name}", lambda name=name: getattr(instance, name, _MISSING))

    def state(self) -> list:
        return [frozen(read(), names) for _, read, names in self.deep]

    def changed_names(self) -> list[str]:
        """What is not as it was before the function ran."""
        found = [name for space, name, old in self.plain if space.get(name, _MISSING) is not old]
        return found + [name for (name, *_), old, now in zip(self.deep, self.before, self.state()) if now != old]


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:
        return _MISSING


def _ours(x) -> bool:
    return (getattr(x, "__name__", "") if isinstance(x, types.ModuleType) else x.__module__).split(".")[0] == __package__.split(".")[0]


def _has_state(x) -> bool:
    """Whether an object of a user's class may change in place."""
    if isinstance(x, (*PLAIN, Tensor, type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return False
    return not _ours(type(x)) and not hasattr(x, "_cells") and (hasattr(x, "__dict__") or hasattr(type(x), "__slots__"))


def note_function(recorder, function, instance=None) -> None:
    """``function`` is about to run in a trace."""
    if recorder is not None:
        key = id(function.__code__), tuple(map(id, function.__closure__ or ())), id(instance)
        if key not in recorder.functions:
            recorder.functions[key] = Reads(function, instance)


class Watch:
    """All that a trace read; ``changed()`` is asked at each call."""

    def __init__(self, recorder, arguments):
        functions = list(recorder.functions.values())
        self.plain = list({(id(space), name): (space, name, space.get(name, _MISSING)) for r in functions for space, name, _ in r.plain}.values())
        deep = [(read, names) for r in functions for _, read, names in r.deep]
        names = frozenset().union(*[r.names for r in functions])
        deep += [(lambda x=x: x, names) for x in arguments if not isinstance(x, (*PLAIN, Tensor)) and _has_state(x)]
        deep += [(lambda t=t: t._data, frozenset()) for t in recorder.looked_at.values()]
        self.deep = [(read, names, frozen(read(), names)) for read, names in deep]
        self.deep = [(read, names, old) for read, names, old in self.deep if not _never_changes(old)]

    def changed(self) -> bool:
        for space, name, old in self.plain:
            now = space.get(name, _MISSING)
            if now is not old and not (type(now) is type(old) and isinstance(now, PLAIN) and now == old):
                return True
        for read, names, old in self.deep:
            if frozen(read(), names) != old:
                return True
        return False


def _never_changes(old) -> bool:
    return False


class SideEffects:
    """Warns of what a trace changed in Python: it happens when a function is compiled, and not at later calls."""

    def __init__(self):
        self.numpy, self.python = _numpy_draws(), random.getstate()

    def warn(self, recorder, name: str) -> None:
        found = [
            f"{r.function.__name__}() changed {', '.join(changed)}"
            for r in recorder.functions.values() if (changed := r.changed_names())
        ]  # fmt: skip
        if _numpy_draws() != self.numpy:
            found.append("np.random was drawn from (ops.rand and its like draw anew at each call)")
        if random.getstate() != self.python:
            found.append("Python's random was drawn from (ops.rand and its like draw anew at each call)")
        if found:
            warnings.warn(
                f"While '{name}' was compiled, {'; '.join(found)}. Python statements run only when a function is compiled, not at "
                "later calls: return what is to be kept, or keep it in a Parameter.",
                RuntimeWarning, stacklevel=2,
            )  # fmt: skip


def _numpy_draws():
    kind, key, position, *spare = np.random.get_state()
    return kind, key.tobytes(), position, spare
