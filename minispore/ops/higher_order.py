"""Functions of functions: HyperMap, Map, MultitypeFuncGraph, partial."""

import functools
import numbers

from ..core.dtype import DType
from ..core.errors import fail
from ..core.record import STATE
from ..core.registry import supplied
from ..core.tensor import Tensor

partial = functools.partial


def core(fn=None, **flags):
    """A decorator that leaves the function as it is; kept from MindSpore."""
    return fn if fn is not None else core


add_flags = core


class MultitypeFuncGraph:
    """Several functions under one name; a call goes to the one whose types the arguments have.

    Args:
        name: shown in errors.
        read_value: accepted.

    Raises:
        TypeError: the name is not a str.
        ValueError: a call with arguments of types, or of a number, that nothing is registered for.
        RuntimeError: a function is registered for a type that is not known.

    >>> import minispore as ms
    >>> double = MultitypeFuncGraph("double")
    >>> @double.register("Number")
    ... def _double_number(x):
    ...     return x * 2
    >>> @double.register("Tensor")
    ... def _double_tensor(x):
    ...     return x + x
    >>> double(4), double(ms.Tensor([1.0])).asnumpy().tolist()
    (8, [2.0])
    """

    def __init__(self, name, read_value=False):
        if not isinstance(name, str):
            raise fail(TypeError, f"For 'MultitypeFuncGraph', 'name' must be a str, but got {type(name).__name__}.")
        self.name = name
        self.entries: list[tuple] = []

    def register(self, *type_names):
        """A decorator: the function is for arguments of these types, e.g. ``register("Tensor", "Number", "Bool")``."""

        names = tuple(_type_name(t) for t in type_names)
        for given, name in zip(type_names, names):
            if isinstance(given, str) and name not in _PREDICATES and name not in _OBJECTS:
                raise fail(RuntimeError, f"For '{self.name}', no type is called {given!r}.")

        def registered(function):
            self.entries.append((names, function))
            return function

        return registered

    def register_default(self):
        """A decorator: the function for all other arguments."""

        def registered(function):
            self.entries.append((None, function))
            return function

        return registered

    def __call__(self, *args):
        if len(self.entries) == 1 and self.entries[0][0] is not None and len(self.entries[0][0]) != len(args):
            types = self.entries[0][0]
            raise fail(ValueError, f"For '{self.name}', {len(types)} arguments are needed, but got {len(args)}.")
        fitting = [
            (-1 if types is None else sum(t not in _GENERAL for t in types), function)
            for types, function in reversed(self.entries)
            if types is None or (len(types) == len(args) and all(_is_of(t, x) for t, x in zip(types, args)))
        ]
        if fitting:
            function = max(fitting, key=lambda f: f[0])[1]
            return supplied("runnable")(function)(*args)
        known = "; ".join(", ".join(types) for types, _ in self.entries if types is not None)
        given = ", ".join(type(x).__name__ for x in args)
        raise fail(ValueError, f"For '{self.name}', no function is registered for ({given}); registered are: {known}.")

    def __repr__(self):
        return f"MultitypeFuncGraph({self.name!r})"


_PREDICATES = {
    "tensor": lambda x: isinstance(x, Tensor),
    "ref": lambda x: isinstance(x, Tensor) and x.is_parameter,
    "number": lambda x: isinstance(x, numbers.Number),
    "bool": lambda x: isinstance(x, bool),
    "int": lambda x: isinstance(x, int) and not isinstance(x, bool),
    "float": lambda x: isinstance(x, float),
    "string": lambda x: isinstance(x, str),
    "none": lambda x: x is None,
    "tuple": lambda x: isinstance(x, tuple),
    "list": lambda x: isinstance(x, list),
    "dictionary": lambda x: isinstance(x, dict),
    "function": callable,
    "any": lambda x: True,
}
_GENERAL = ("tensor", "number", "any", "function")  # others say more about an argument
_ALIASES = {
    "type_none": "none", "nonetype": "none", "str": "string", "dict": "dictionary", "tensortype": "tensor",
    "func": "function", "int32": "int", "int64": "int", "float32": "float", "float64": "float", "float16": "float",
    "problem": "any", "anything": "any",
}  # fmt: skip


_OBJECTS = (  # types whose objects are recognised by the name of their class, and MindSpore's that nothing here is of
    "slice", "ellipsis", "envtype", "env", "rowtensor", "rowtensorinner", "csrtensor", "cootensor", "maptensor", "mstype", "uint", "keyword",
    "type", "parameter", "cell", "primitive", "complex", "complex64", "complex128", "int8", "int16", "uint8", "uint16", "uint32", "uint64",
    "bfloat16", "object",
)  # fmt: skip


def _type_name(given) -> str:
    """How types are compared: lower case, one name for one type."""
    if isinstance(given, DType):
        name = given.name
    elif isinstance(given, str):
        name = given
    elif isinstance(given, type):
        name = "tensor" if issubclass(given, Tensor) else given.__name__
    else:
        name = str(given)
    name = name.lower()
    return _ALIASES.get(name, name)


def _is_of(name: str, x) -> bool:
    test = _PREDICATES.get(name)
    return type(x).__name__.lower() == name if test is None else bool(test(x))


def check_alike(name: str, sequences) -> None:
    """An error where lists and tuples, to whose elements a function is applied, differ in kind or length."""
    kinds = [next(k for k in (list, dict, tuple) if isinstance(x, k)).__name__ for x in sequences]
    given = ", ".join(f"a {kind} of {len(x)}" for kind, x in zip(kinds, sequences))
    if len(set(kinds)) > 1:
        raise fail(
            RuntimeError,
            f"{'The' if name == 'Map' else 'In a sequence, the'} types of arguments in {name} must be consistent, but got {given}.",
        )
    if len({len(x) for x in sequences}) > 1:
        many = f"{kinds[0]}s"
        said = f"The {many} in HyperMap should have the same length"
        said = said if name == "HyperMap" else f"For '{name}', the length of {many} must be the same"
        raise fail(RuntimeError, f"{said}, but got {given}.")


class _Mapping:
    """What HyperMap and Map share: the function may come at construction or as the first argument of the call."""

    deep = True

    def __init__(self, ops=None, reverse=False):
        if ops is not None and not callable(ops):
            raise fail(
                RuntimeError if self.deep else TypeError,
                f"For '{type(self).__name__}', 'ops' must be a function, but got {type(ops).__name__}.",
            )
        self.ops, self.reverse = ops, reverse

    def __call__(self, *args):
        function, sequences = (self.ops, args) if self.ops is not None else (args[0], args[1:])
        if not sequences:
            raise fail(TypeError, f"For '{type(self).__name__}', sequences are needed besides the function.")
        return self._map(function, sequences, True)

    def _map(self, function, items, deep):
        first = items[0]
        if not deep or not any(isinstance(x, (tuple, list, dict)) for x in items):
            return function(*items)
        traced = STATE.recorder is not None and STATE.recorder.symbolic
        if self.deep and traced and all(isinstance(x, dict) for x in items):
            if any(x.keys() != first.keys() for x in items):
                raise fail(
                    RuntimeError if len({len(x) for x in items}) > 1 else ValueError,
                    f"The dicts in HyperMap should have the same keys, but got {[list(x) for x in items]}.",
                )
            return {k: self._map(function, [x[k] for x in items], True) for k in first}
        if not all(isinstance(x, (tuple, list)) for x in items):
            if self.deep:
                if traced and all(isinstance(x, (tuple, list, dict)) for x in items):
                    check_alike("HyperMap", items)
                return function(*items)
            raise fail(
                RuntimeError if traced else TypeError,
                "For 'Map', all arguments must be tuples or lists. The types of arguments in Map must be consistent.",
            )
        if traced:  # outside, MindSpore takes the shortest
            check_alike(type(self).__name__, items)
        rows = list(zip(*items))
        found = [self._map(function, row, self.deep) for row in (reversed(rows) if self.reverse else rows)]
        found = found[::-1] if self.reverse else found
        return found if traced and isinstance(first, list) else tuple(found)


class HyperMap(_Mapping):
    """Applies a function to the elements of sequences, and of the sequences in them.

    Args:
        ops (Callable): the function; None if it is the first argument of the call. Default: None.
        reverse (bool): whether it is applied from the last elements to the first. Default: False.

    >>> import minispore as ms
    >>> HyperMap()(lambda x, y: x + y, (1, (2, 3)), (10, (20, 30)))
    (11, (22, 33))
    """


class Map(_Mapping):
    """Applies a function to the elements of sequences, one level deep.

    Args:
        ops (Callable): the function; None if it is the first argument of the call. Default: None.
        reverse (bool): whether it is applied from the last elements to the first. Default: False.

    Raises:
        TypeError: ``ops`` is not a function, or an argument of the call is not a tuple or list.
        ValueError: the sequences differ in length.

    >>> Map(lambda x, y: x + y)((1, 2), (10, 20))
    (11, 22)
    """

    deep = False


__all__ = ["HyperMap", "Map", "MultitypeFuncGraph", "partial"]
