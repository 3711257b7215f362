"""Functions of Python and NumPy that users apply to sizes: what they give is an expression, computed again for each call.

``math.sqrt(n)``, ``float(n)`` and ``int(n / 2)`` are numbers, ``np.triu(np.ones((n, n)), 1)`` is the array of a constant.  A function is
applied like this if it is pure; arrays cannot be written to, so what would change one raises an error.
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..registry import supplies
from .arrays import METHODS, SizedData
from .functions import literal, plain, sizes_in
from .size import OPEN, Size

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conditions import Sizes

# Functions of NumPy that neither draw numbers nor write to arrays.  Those of one element each are ufuncs.
_OF_NUMPY = (
    "arange ones zeros full eye identity tri tril triu linspace array asarray ascontiguousarray ones_like zeros_like full_like reshape "
    "transpose swapaxes moveaxis expand_dims squeeze broadcast_to concatenate stack hstack vstack repeat tile flip roll outer where "
    "cumsum cumprod sum mean prod max min amax amin argsort sort clip diag diff round pad rot90 atleast_1d atleast_2d logspace"
).split()
_FUNCTIONS = {id(getattr(np, name)): getattr(np, name) for name in _OF_NUMPY if hasattr(np, name)}
_FUNCTIONS |= {
    id(f): f for f in (int, float, round, pow, operator.getitem, *[getattr(np.ndarray, name) for name in METHODS])
}
_FUNCTIONS |= {id(f): f for name in dir(math) if callable(f := getattr(math, name)) and not name.startswith("_")}
_WRITING = (np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis)  # to their first argument
_PLAIN = (int, float, complex, bool, str, type(None), type(...), type, np.dtype, np.generic)


def is_pure(function) -> bool:
    """Whether ``computed`` may apply it."""
    return isinstance(function, np.ufunc) or _FUNCTIONS.get(id(function)) is function


def of_sizes(function) -> Callable | None:
    """What is called in place of ``function`` while a trace has sizes; None: the function itself."""
    if not OPEN or not (is_pure(function) or (isinstance(function, type) and issubclass(function, np.generic))):
        return None
    return lambda *args, **kwargs: computed(function, args, kwargs)


@supplies("function of sizes")
def applied(function: Callable, args: tuple, kwargs: dict):
    """``function(*args, **kwargs)`` of NumPy, which may be one that is not pure."""
    if any(type(x) is SizedData for x in (*_all(kwargs.get("out")), *(args[:1] if function in _WRITING else ()))):
        raise TypeError("an array that depends on sizes cannot be written to")
    if is_pure(function):
        return computed(function, args, kwargs)
    return function(*map(_fixed, args), **_fixed(kwargs))


def computed(function: Callable, args: tuple, kwargs: dict):
    """``function(*args, **kwargs)`` of a pure function, as an expression where an argument depends on sizes."""
    of: Sizes | None = sizes_in((*args, *kwargs.values()))
    if of is None or "out" in kwargs:
        return function(*map(_fixed, args), **_fixed(kwargs))
    try:
        args, kwargs = tuple([_kept(x) for x in args]), {k: _kept(x) for k, x in kwargs.items()}
    except TypeError:  # of other kinds: for these sizes alone
        return function(*map(_fixed, args), **_fixed(kwargs))
    value = function(*map(plain, args), **{k: plain(x) for k, x in kwargs.items()})
    given = [literal(of, x) for x in args] + [f"{k}={literal(of, x)}" for k, x in kwargs.items()]
    text = f"{of.name(function)}({', '.join(given)})"
    if type(value) is bool:
        return of.answer(text, value)
    if type(value) in (int, float) or isinstance(value, np.generic):
        return of.atom(text, value, 0 if type(value) is int and value >= 0 and _is_natural(function) else None)
    if type(value) is np.ndarray:
        return _array(of, text, value, (*args, *kwargs.values()))
    return function(*map(_fixed, args), **_fixed(kwargs))


def _is_natural(function: Callable) -> bool:
    """Whether a function gives no negative number for any sizes."""
    return function in (math.isqrt, math.factorial, math.gcd)


def _kept(x):
    """An argument, of which nothing changes later; raises a TypeError for what may."""
    kind = type(x)
    if kind in (tuple, list):
        return kind(map(_kept, x))
    if kind is slice:
        return slice(_kept(x.start), _kept(x.stop), _kept(x.step))
    if kind is np.ndarray:
        x = x.copy()
        x.setflags(write=False)
        return x
    if kind is Size or kind is SizedData or isinstance(x, _PLAIN):
        return x
    raise TypeError


def _all(x) -> tuple:
    return x if type(x) is tuple else (x,)


def _fixed(x):
    kind = type(x)
    if kind is Size or kind is SizedData:
        return x.fix()
    if kind in (tuple, list):
        return kind(map(_fixed, x))
    if kind is slice:
        return slice(_fixed(x.start), _fixed(x.stop), _fixed(x.step))
    return {k: _fixed(y) for k, y in x.items()} if kind is dict else x


def _array(of: Sizes, text: str, made: np.ndarray, inputs: tuple) -> SizedData:
    """The array of a constant, with a shape in terms of what it was made of."""
    made = made.copy()
    made.setflags(write=False)
    found = of.arrays.get(text)
    if found is None:
        name = f"a{len(of.arrays)}"
        of.definitions[name] = f"{name} = {text}"
        found = of.arrays[text] = SizedData(of, made, name, made.shape)
    found.array = made
    of.define(found.text)
    of.answer(f"{found.text}.dtype.str", made.dtype.str)
    of.answer(f"{found.text}.ndim", made.ndim)
    sizes, numbers = _lengths_in(inputs)
    found.shape = tuple([_length(of, f"{found.text}.shape[{k}]", d, sizes, numbers) for k, d in enumerate(made.shape)])
    return found


def _length(of: Sizes, text: str, length: int, sizes: list[Size], numbers: set[int]) -> Any:
    """The length of an axis: one that the inputs have, which becomes a condition, else a number of its own."""
    for size in sizes:
        if size.value == length:
            of.condition(f"{text} == {size.text}", True)
            return size
    return of.answer(text, length) if length in numbers or length < 2 else of.atom(text, length, 0)


def _lengths_in(inputs: tuple) -> tuple[list[Size], set[int]]:
    """The sizes, and the plain lengths, that an axis of a result may have."""
    sizes, numbers = [], set()
    left: list[Any] = [*inputs]
    while left:
        x = left.pop(0)
        if type(x) is Size and type(x.value) is int:
            sizes.append(x)
        elif type(x) is int:
            numbers.add(x)
        elif type(x) in (SizedData, np.ndarray):
            left += x.shape
        elif type(x) in (tuple, list):
            left += x
        elif type(x) is slice:
            left += (x.start, x.stop)
    return sizes, numbers
