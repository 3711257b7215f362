"""Ties functions to the places where users find them: methods and operators of Tensor, and ``ops``."""

import inspect
import numbers
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..core.docstrings import in_place as in_place_doc
from ..core.errors import fail
from ..core.number import Number
from ..core.tensor import Tensor
from ..core.tree import sparse_fields

_REFLECTED = {"add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "matmul"}


def method(*names: str, operator: str | None = None):
    """A decorator that makes a function a method of Tensor, too.

    Args:
        *names (str): of the methods.
        operator (str): of Python's operators, such as "add" for ``__add__`` and ``__radd__``.  Default: None.

    Returns:
        Callable: a decorator that returns the function itself.

    >>> import minispore as ms
    >>> @method("twice")
    ... def twice(x):
    ...     return x + x
    >>> print(ms.Tensor([1.5]).twice())
    [3.]
    >>> del ms.Tensor.twice
    """

    def tie(function):
        for name in names:
            setattr(Tensor, name, function)
        if operator is not None:
            setattr(Tensor, f"__{operator}__", (_comparison if operator in ("eq", "ne") else _operator)(function))
            if operator in _REFLECTED:
                setattr(Tensor, f"__r{operator}__", _reflected(function))
            if operator == "mul":
                Tensor.__mul__, Tensor.__rmul__ = _repeating(Tensor.__mul__), _repeating(Tensor.__rmul__)  # type: ignore[method-assign]
        return function

    return tie


def in_place(name: str, function: Callable) -> None:
    """Makes ``Tensor.name``, which writes the result of ``function`` into the Tensor itself, and has its docstring.

    Tensors that share the memory see the change.
    """

    def call(self, *args, **kwargs):
        self._refresh_view()
        value = function(self, *args, **kwargs)
        if value.shape != self.shape:
            raise fail(
                ValueError,
                f"For 'Tensor.{name}', the result of shape {value.shape} cannot replace a Tensor of shape {self.shape}.",
            )
        self[...] = value
        return self

    made: Any = call
    made.__name__, made.__qualname__, made.__module__ = name, f"Tensor.{name}", sys._getframe(1).f_globals["__name__"]
    made.__signature__ = signature = inspect.signature(function)
    made.__doc__ = in_place_doc(
        function.__doc__ or "", name, [str(p).partition("=")[0] for p in signature.parameters.values()]
    )
    setattr(Tensor, name, call)


def bound(name: str, args, given: dict, defaults: dict) -> list:
    """The values of arguments in the order of ``defaults``, as Python binds them; ``...`` is no default."""
    found, names = dict(defaults), list(defaults)
    if len(args) > len(names):
        raise fail(TypeError, f"For '{name}', at most {len(names)} arguments are possible, but got {len(args)}.")
    for key, value in [*zip(names, args), *given.items()]:
        if key not in names:
            raise fail(
                TypeError, f"For '{name}', the argument {key!r} does not go with {sorted(given.keys() - {key})}."
            )
        found[key] = value
    missing = [key for key, value in found.items() if value is ...]
    if missing:
        raise fail(TypeError, f"For '{name}', the argument {missing[0]!r} must be given.")
    return list(found.values())


def second_signature(name: str, **names: str) -> None:
    """Gives keyword arguments of the method ``name`` the further names of MindSpore's second signature of it."""
    function = getattr(Tensor, name)

    @wraps(function)
    def call(self, *args, **kwargs):
        for key in names.keys() & kwargs.keys():
            if names[key] in kwargs:
                raise fail(TypeError, f"For 'Tensor.{name}', {key!r} and {names[key]!r} are the same argument.")
            kwargs[names[key]] = kwargs.pop(key)
        return function(self, *args, **kwargs)

    setattr(Tensor, name, call)


def publish(*functions) -> None:
    """Makes functions of higher layers part of ``ops``, which cannot import them."""
    ops = sys.modules[__package__]
    for function in functions:
        setattr(ops, function.__name__, function)
        if function.__name__ not in ops.__all__:
            ops.__all__.append(function.__name__)


def _takes(other) -> bool:
    return other is not None and not isinstance(other, (str, dict, set)) and not sparse_fields(other)


def _operator(function):
    def operator(self, *other):
        if other and not _takes(other[0]):
            return NotImplemented
        return function(self, *other)

    return operator


def _comparison(function):
    def operator(self, other):
        if isinstance(other, (Tensor, int, float)) or (
            _takes(other) and type(other) not in (list, tuple) and _shape(other) is not None
        ):
            return function(self, other)
        return NotImplemented  # so that they are different: as in MindSpore, and lists of many things ask it of each other's items

    return operator


def _shape(x) -> tuple[int, ...] | None:
    """The shape of numbers in lists and tuples; None of anything else, and where lengths differ."""
    if isinstance(x, (list, tuple)):
        shapes = {_shape(item) for item in x}
        one = shapes.pop() if len(shapes) == 1 else None
        return None if one is None else (len(x), *one)
    if isinstance(x, (np.ndarray, np.generic)):
        return x.shape if x.dtype.kind in "biufcV" else None
    if isinstance(x, Tensor):
        return x.shape
    return () if isinstance(x, (numbers.Number, Number)) or hasattr(type(x), "__index__") else None


def _repeating(function):
    """A product in which a number repeats a list or a tuple, as Python's numbers do."""

    def operator(self, other):
        if self.is_number and type(other) in (list, tuple):
            return other * int(self)
        return function(self, other)

    return operator


def _reflected(function):
    def operator(self, other):
        return function(other, self) if _takes(other) else NotImplemented

    return operator


__all__ = ["bound", "in_place", "method", "publish", "second_signature"]
