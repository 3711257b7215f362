"""Guards: what a trace read from Python besides its arguments (closures, globals, attributes, data of Tensors).

The user functions that ran during the trace are noted (convert.py), and their bytecode gives the names that they read.  The
values of these names are compared at each call: if one has changed, the function is traced again.
"""

import collections
import copy
import dis
import functools
import random
import sys
import types
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.op.dispatch import have_equal_bits
from ..core.record import user_level
from ..core.sizes import Size
from ..core.tensor import Tensor
from .sources import SOURCES, is_users_file
from .variables import Undefined

PLAIN = (bool, int, float, complex, str, bytes, type(None), np.generic)
CONTAINERS = (tuple, list, dict, set, frozenset, np.ndarray)
# limits of a comparison: items of a container, levels of nested objects, bytes of an array (a larger one is sampled)
MAX_ITEMS = 1000
MAX_DEPTH = 4
MAX_BYTES = 1 << 20
SLOT = types.MemberDescriptorType  # an attribute declared in __slots__
_MISSING = object()


class Identity:
    """Compares an object by identity, and keeps it alive: the ``id`` of one that is gone may become another's."""

    __slots__ = ("object",)

    def __init__(self, object):
        self.object = object

    def __eq__(self, other):
        return type(other) is Identity and other.object is self.object

    def __hash__(self):
        return id(self.object)


def exactly(x):
    """A key for ``x``: equal keys mean the same value.

    Plain values are the same if they have the same type and bits: 1, 1.0 and True differ, so do 0.0 and -0.0, and NaN equals
    itself.  Tuples and lists are compared element by element, other objects by their own ``==``.
    """
    kind = type(x)
    if kind is int or kind is str or kind is bool:
        return kind, x
    if kind is tuple:  # axes and sizes, most of the time
        for item in x:
            if type(item) is not int:
                break
        else:
            return "ints", x
    if isinstance(x, (tuple, list)):
        return kind, *[exactly(item) for item in x]
    if kind is Size:
        return kind, x.text
    if isinstance(x, PLAIN):
        return kind, repr(x) if isinstance(x, (float, complex, np.inexact)) and (not x or x != x) else x
    return x


def snapshot(x, names: frozenset = frozenset(), depth: int = MAX_DEPTH):
    """The current contents of ``x``, for a comparison later: of an object the attributes ``names``, of a large array a sample."""
    if isinstance(x, PLAIN):
        return exactly(x)
    if isinstance(x, np.ndarray):
        flat = x if x.nbytes <= MAX_BYTES else x.reshape(-1)[:: x.size // MAX_ITEMS]
        return x.shape, x.dtype.str, flat.tobytes() if x.dtype != object else Identity(x)
    if depth == 0 or isinstance(x, (Tensor, type, types.ModuleType, types.FunctionType)):
        return Identity(x)
    if isinstance(x, (tuple, list, set, frozenset)):
        if len(x) > MAX_ITEMS:
            return Identity(x), len(x)
        if isinstance(x, (set, frozenset)):
            return type(x), frozenset(x)
        return type(x), [snapshot(item, names, depth - 1) for item in x]
    if isinstance(x, dict):
        return (
            (Identity(x), len(x)) if len(x) > MAX_ITEMS else [(k, snapshot(v, names, depth - 1)) for k, v in x.items()]
        )
    if not hasattr(x, "_cells"):  # not a Cell, which counts its own changes
        return Identity(x), [(n, snapshot(v, names, depth - 1)) for n, v in _attributes(x, names)]
    return Identity(x)


def _attributes(x, names) -> list[tuple[str, Any]]:
    """The instance attributes (not those of the class) among ``names``."""
    own = getattr(x, "__dict__", {})
    slots = [n for n in names if isinstance(getattr(type(x), n, None), SLOT) and hasattr(x, n)]
    return [*[(n, own[n]) for n in names if n in own], *[(n, getattr(x, n)) for n in slots]]


_reads: dict[types.CodeType, tuple[dict[str, set[str]], frozenset]] = {}


def _read_by(code: types.CodeType) -> tuple[dict[str, set[str]], frozenset]:
    """({global or free variable that the code reads: the attributes read from it}, all names in the code)."""
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


class _Variable:
    """A free variable, with the ``get`` of a dict."""

    __slots__ = ("cell",)

    def __init__(self, cell):
        self.cell = cell

    def get(self, name, missing=None):
        try:
            return self.cell.cell_contents
        except ValueError:
            return missing


class _Attributes:
    """The attributes of an object and its class, with the ``get`` of a dict."""

    __slots__ = ("object",)

    def __init__(self, object):
        self.object = object

    def get(self, name, missing=None):
        return getattr(self.object, name, missing)


def _class_attribute(cls, name):
    """The attribute ``name`` of a class, if a user's class in its MRO defines it."""
    return next((vars(c)[name] for c in cls.__mro__ if name in vars(c) and is_users(c)), _MISSING)


class Reads:
    """What one user function (or method of ``instance``) reads besides its arguments, with the values before it ran."""

    def __init__(self, function: types.FunctionType, instance=None):
        self.function, self.instance = function, instance
        self.immutable: list[tuple[Any, str, Any]] = []  # immutable: (namespace, name, value before)
        self.kept: list[tuple[Any, Any]] = []  # (container, a copy of it)
        self.mutable: list[tuple[str, Callable[[], Any]]] = []  # mutable: (name, function that reads it)
        used, self.names = _read_by(function.__code__)
        self._add_variables(used)
        self._add_defaults()
        self._add_attributes_of_instance()
        if instance is not None and function.__code__ in SOURCES and hasattr(instance, "_cells"):
            self._add_attributes_of_cell()
        self.before = self._state()
        self.instance = None  # one that the trace has made is gone when nothing else holds it (attributes.py)
        self.is_gone = _death_of(instance)

    def _add_variables(self, used: dict[str, set[str]]) -> None:
        """Free variables and globals; of a user's module or class, the attributes that are read."""
        function = self.function
        variables = {n: _Variable(c) for n, c in zip(function.__code__.co_freevars, function.__closure__ or ())}
        for name, attributes in used.items():
            space = variables.get(name, function.__globals__)
            value = space.get(name, _MISSING)
            if not isinstance(value, types.ModuleType):
                self._add(name, space, name)
            if isinstance(value, (types.ModuleType, type)) and is_users(value):
                for attribute in attributes & vars(value).keys():
                    self._add(attribute, vars(value), attribute)

    def _add_defaults(self) -> None:
        function = self.function
        defaults: dict[Any, Any] = {**dict(enumerate(function.__defaults__ or ())), **(function.__kwdefaults__ or {})}
        for name in defaults:
            if _may_change(defaults[name]):
                self._add(f"a default of {function.__name__}()", defaults, name)

    def _add_attributes_of_instance(self) -> None:
        instance = self.instance
        held = getattr(instance, "__dict__", {})
        for name in self.names:
            if name in held:
                if not hasattr(instance, "_cells") or _may_change(held[name]):  # a Cell counts what is assigned
                    self._add(f"self.{name}", held, name)
            elif instance is not None and isinstance(
                _class_attribute(type(instance), name), (*PLAIN, *CONTAINERS, SLOT)
            ):
                self._add(f"self.{name}", _Attributes(instance), name)

    def _add_attributes_of_cell(self) -> None:
        """Of a stretch (pieces.py), one by one: the lines beside it may set others at each call."""
        held = vars(self.instance)
        for name in ("_training", *self.names):
            for space in (held, held["_cells"], held["_params"], held["_params_list"]):
                if name in space:
                    self._add(f"self.{name}", space, name)

    def restore(self) -> None:
        """Gives what Python code has changed since the function began its value back: the function will run again."""
        for space, name, old in self.immutable:
            if space.get(name, _MISSING) is not old:
                _put(space, name, old)
        for holder, kept in self.kept:
            if not same_items(holder, kept):
                put_items(holder, kept)

    def that_may_change(self) -> list:
        """Containers and objects that the function reads."""
        return [holder for holder, _ in self.kept] + [read() for _, read in self.mutable]

    def _add(self, label, space, key) -> None:
        value = space.get(key, _MISSING)
        if isinstance(value, Tensor) and value._data is None:
            return  # computed by this trace
        if type(value) in (list, dict, set) and len(value) <= MAX_ITEMS:
            self.kept.append((value, copy.copy(value)))
        if _may_change(value):
            self.mutable.append((label, lambda: space.get(key, _MISSING)))
        else:
            self.immutable.append((space, key, value))

    def _state(self) -> list:
        return [snapshot(read(), self.names) for _, read in self.mutable]

    def changed(self) -> list[str]:
        """The names whose value changed since the function began; none of an object that went with the trace."""
        if self.is_gone():
            return []
        found = [str(name) for space, name, old in self.immutable if space.get(name, _MISSING) is not old]
        return found + [name for (name, _), old, now in zip(self.mutable, self.before, self._state()) if now != old]


def _death_of(x) -> Callable[[], bool]:
    """A function that tells whether ``x`` is gone."""
    if x is None:
        return lambda: False
    try:
        alive = weakref.ref(x)
    except TypeError:  # a class with __slots__
        return lambda: False
    return lambda: alive() is None


def same_items(a, b) -> bool:
    """Whether two containers of one type hold the same objects, in the same order."""
    if isinstance(a, np.ndarray):
        return all(x is y for x, y in zip(a.flat, b.flat)) if a.dtype.hasobject else have_equal_bits(a, b)
    if isinstance(a, (set, bytearray)) or len(a) != len(b):
        return a == b
    if isinstance(a, dict):
        return all(x is y and a[x] is b[y] for x, y in zip(a, b))
    return all(x is y for x, y in zip(a, b))


def put_items(container, items) -> None:
    """Gives a container the items of another one of its type."""
    if isinstance(container, np.ndarray):
        container[...] = items
    elif isinstance(container, (list, bytearray)):
        container[:] = items
    elif isinstance(container, collections.deque):
        container.clear()
        container.extend(items)
    elif isinstance(container, set):
        container.clear()
        container.update(items)
    else:
        container.clear()
        for key in items:  # the update of a Counter would add
            container[key] = items[key]


def attributes_of_users(x) -> list:
    """The values of the attributes of an object of a user's class; none of any other object."""
    if not _may_change(x) or isinstance(x, CONTAINERS):
        return []
    slots = [n for c in type(x).__mro__ for n, v in vars(c).items() if isinstance(v, SLOT)]
    return [getattr(x, "__dict__", None), *[getattr(x, n) for n in slots if hasattr(x, n)]]


def _put(space, name, value) -> None:
    """Sets a name of a namespace."""
    if isinstance(space, _Variable):
        if value is not _MISSING:
            space.cell.cell_contents = value
    elif isinstance(space, dict):
        if value is _MISSING:
            space.pop(name, None)
        else:
            space[name] = value
    elif isinstance(space, _Attributes) and value is not _MISSING:
        owner: Any = space.object
        if name in getattr(owner, "__dict__", {}):  # set since, in place of the attribute of the class
            del vars(owner)[name]
        if space.get(name, _MISSING) is not value:
            held = next((c for c in type(owner).__mro__ if name in vars(c)), None)
            setattr(owner if held is None or isinstance(vars(held)[name], SLOT) else held, name, value)


def _ours(cls) -> bool:
    return cls.__module__.split(".")[0] == __name__.split(".")[0]


def is_users(x) -> bool:
    """Whether a module or class was written by a user, so that its attributes may change."""
    module = x if isinstance(x, types.ModuleType) else sys.modules.get(x.__module__)
    return isinstance(module, types.ModuleType) and is_users_file(
        getattr(module, "__file__", None) or "", module.__name__
    )


def _may_change(x) -> bool:
    """Whether ``x`` may change in place: a container, or an object of a user's class."""
    if isinstance(x, CONTAINERS):
        return True
    if isinstance(
        x,
        (
            *PLAIN,
            Tensor,
            Undefined,
            type,
            types.ModuleType,
            types.FunctionType,
            types.BuiltinFunctionType,
            types.MethodType,
        ),
    ):
        return False
    return not hasattr(x, "_cells") and (hasattr(x, "__dict__") or hasattr(type(x), "__slots__")) and not _ours(type(x))


def note_function(functions: dict, function, instance) -> None:
    """Notes that ``function`` is about to run while a graph is traced."""
    key = id(function.__code__), tuple(map(id, function.__closure__ or ())), id(instance)
    if key not in functions:
        functions[key] = Reads(function, instance)


class Watch:
    """All that a trace read; each call of the compiled function asks whether it has ``changed()``."""

    def __init__(self, recorder, arguments):
        functions = list(recorder.functions.values())
        names = frozenset().union(*[r.names for r in functions])
        found = {(id(space), name): (space, name) for r in functions for space, name, _ in r.immutable}
        self.immutable = [(space, name, space.get(name, _MISSING)) for space, name in found.values()]
        mutable = [(read, r.names) for r in functions for _, read in r.mutable]
        mutable += [(lambda x=x: x, names) for x in arguments if _may_change(x)]
        mutable += [(lambda t=t: t._data, names) for t in recorder.observed.values()]
        self.mutable = [(read, used, snapshot(read(), used)) for read, used in mutable]
        self.quick = self._quickly()

    def add(self, immutable: list[tuple[Any, str, Any]]) -> None:
        """Further variables: (namespace, name, value)."""
        self.immutable += immutable
        self.quick = self._quickly()

    def _quickly(self) -> tuple[list, list, list]:
        """The same, so that most calls only compare identities: variables, items of namespaces, other objects."""
        cells = [(s.cell, old) for s, _, old in self.immutable if type(s) is _Variable and old is not _MISSING]
        items = [(s.get, k, old) for s, k, old in self.immutable if type(s) is not _Variable or old is _MISSING]
        others = []
        for read, names, old in self.mutable:
            x = read()
            found = _identities(x, names)
            if found is None:
                others.append((read, names, old))
            else:
                items += [(lambda name, missing, read=read: read(), "", x), *found]
        return cells, items, others

    def changed(self) -> bool:
        cells, items, others = self.quick
        try:
            for cell, old in cells:
                if cell.cell_contents is not old:
                    return self._differs()
        except ValueError:  # the variable is gone
            return True
        for get, name, old in items:
            if get(name, _MISSING) is not old:
                return self._differs()
        for read, names, old in others:
            if snapshot(read(), names) != old:
                return True
        return False

    def _differs(self) -> bool:
        """Whether values differ where other objects are; if not, these are compared from now on."""
        for space, name, old in self.immutable:
            now = space.get(name, _MISSING)
            if now is not old and not (isinstance(now, PLAIN) and exactly(now) == exactly(old)):
                return True
        for read, names, old in self.mutable:
            if snapshot(read(), names) != old:
                return True
        self.immutable = [(space, name, space.get(name, _MISSING)) for space, name, _ in self.immutable]
        self.quick = self._quickly()
        return False


def _identities(x, names: frozenset, depth: int = MAX_DEPTH) -> list | None:
    """(function, name, object) for what ``snapshot(x, names)`` looks at, if that is the same while each function gives that object for its
    name: values that cannot change, in attributes of objects; None of other things, such as containers."""
    if isinstance(x, PLAIN) or depth == 0 or isinstance(x, (Tensor, type, types.ModuleType, types.FunctionType)):
        return []
    own = getattr(x, "__dict__", None)
    if isinstance(x, CONTAINERS) or hasattr(x, "_cells") or type(own) is not dict:
        return None
    if any(isinstance(getattr(type(x), name, None), SLOT) for name in names):
        return None
    found: list = [(own.get, name, own.get(name, _MISSING)) for name in names]
    for _, _, value in found.copy():
        inner = [] if value is _MISSING else _identities(value, names, depth - 1)
        if inner is None:
            return None
        found += inner
    return [(functools.partial(getattr, x), "__dict__", own), *found]


class SideEffects:
    """Warns of Python side effects of a trace: they happen when a function is compiled, not at later calls."""

    def __init__(self):
        self.numpy, self.python = _numpy_draws(), random.getstate()

    def found(self, recorder) -> list[str]:
        """What has changed, in words."""
        found = [
            f"{r.function.__name__}(), {_place(r.function)}, changed {', '.join(changed)}"
            for r in recorder.functions.values() if (changed := r.changed())
        ]  # fmt: skip
        if _numpy_draws() != self.numpy:
            found.append("np.random was drawn from (ops.rand and its like draw anew at each call)")
        if random.getstate() != self.python:
            found.append("Python's random was drawn from (ops.rand and its like draw anew at each call)")
        return found

    def warn(self, recorder, name: str) -> bool:
        """Whether there were any."""
        found = self.found(recorder)
        if found:
            warnings.warn(
                f"While '{name}' was compiled, {'; '.join(found)}. Python statements run only when a function is compiled, not at "
                "later calls: return what is to be kept, or keep it in a Parameter.",
                RuntimeWarning, stacklevel=user_level(),
            )  # fmt: skip
        return bool(found)


def _place(function) -> str:
    code = function.__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def _numpy_draws():
    _, key, *rest = np.random.get_state(legacy=True)
    return np.asarray(key).tobytes(), rest
