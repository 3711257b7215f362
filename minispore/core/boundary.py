"""The boundary between users' code and the package: what is raised inside leaves it as an error of the API.

A public function or method is replaced by one that passes its arguments on; what it refuses of users (``REFUSALS``), the package itself
may pass.  Where an exception comes out that was not made for
users (``core.errors.fail``), it raises a TypeError or ValueError that names the function and the arguments and gives the user's line.
Without an exception nothing but a call is added.
"""

import enum
import functools
import inspect
import os
import re
import sys
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Any

import numpy as np

from . import hints
from .call_plans import Plans
from .docstrings import sections
from .errors import where
from .record import PACKAGE, STATE, is_users_frame

# what an exception from inside becomes; other classes stay as they are
_KINDS: dict[type[Exception], type[Exception]] = {
    AttributeError: TypeError, NameError: TypeError, LookupError: ValueError, ArithmeticError: ValueError,
    AssertionError: ValueError, StopIteration: ValueError, BufferError: ValueError, EOFError: ValueError,
    UnicodeError: ValueError, SystemError: ValueError, TypeError: TypeError, ValueError: ValueError,
}  # fmt: skip
_STANDARD = os.path.dirname(os.__file__) + os.sep
_SITE = os.path.dirname(os.path.dirname(np.__file__)) + os.sep
_LIBRARIES = tuple(_SITE + name + os.sep for name in ("numpy", "numba", "llvmlite", "networkx", "PIL"))
_GENERATED = (
    "<frozen",
    "<kernel",
    "<expression",
    "<__array_function__",
    "numpy/",
    "numpy\\",
)  # the last: Cython's names
PACKAGE_NAME = __name__.partition(".")[0] + "."
BOUNDARIES: set[CodeType] = set()  # the code of functions that stand at the boundary
REFUSALS: dict[
    Any, Any
] = {}  # function -> (args, kwargs) -> the error of a user's call with arguments that it does not take, or None
_made: dict[Any, Any] = {}  # function -> itself at the boundary


def _boundary(function: Any, name: str, is_method: bool, has_plans: bool = False) -> Any:
    """``function`` at the boundary; ``name`` of a method begins with a dot, or is empty: the object's class comes before it.

    ``has_plans``: it has call plans (call_plans.py).
    """
    refusal, own, is_users, frame = REFUSALS.get(function), own_error, is_users_frame, sys._getframe
    plans, state = Plans(function, refusal) if has_plans else None, STATE

    def boundary(*args, **kwargs):
        try:
            if plans is not None and state.recorder is None:
                plan = plans.find(args, kwargs)
                if plan is not None:
                    try:
                        return plan(args, kwargs)
                    except Exception:  # the function itself says what is wrong
                        return function(*args, **kwargs)
            if refusal is not None:
                wrong = refusal(args, kwargs)
                if wrong is not None and is_users(frame(1)):
                    raise own(function, args, kwargs, wrong)
            return function(*args, **kwargs)
        except Exception as error:
            called = type(args[0]).__name__ + name if is_method and args else name
            raise translate(error, called, function, args, kwargs)  # noqa: B904  (it has its cause)

    translate = translated
    made = _in_place_of(function, boundary)
    if plans is not None:
        made.plans = plans
    return made


def own_error(function: Any, args: tuple, kwargs: dict, wrong: Exception) -> Exception:
    """The error that ``function`` raises of arguments it does not take, which often says more; else ``wrong``."""
    if not function.__name__.endswith("_") and not function.__name__.startswith(_CHANGING):
        try:
            function(*args, **kwargs)
        except (TypeError, AttributeError) as error:
            return error
        except Exception:
            return wrong
    return wrong


_CHANGING = ("assign", "scatter", "index_", "inplace", "_")  # functions that may change an argument


def _in_place_of(function: Any, boundary: Any) -> Any:
    """``boundary``, which uses no globals, as a function of the module of ``function``: doctest and pickle ask."""
    BOUNDARIES.add(boundary.__code__)
    made = FunctionType(boundary.__code__, function.__globals__, function.__name__, None, boundary.__closure__)
    return functools.update_wrapper(made, function)


def _is_inside(item) -> bool:
    """Whether it is a function that does not stand at the boundary; those of elementwise ops do by themselves."""
    return isinstance(item, FunctionType) and not hasattr(item, "op") and item.__code__ not in BOUNDARIES


def public_class(cls: type, leave: tuple[str, ...] = (), plans: bool = False) -> None:
    """Places the constructor and the public methods of a class, and of those that it inherits from, at the boundary; ``plans``: its
    methods have call plans."""
    for base in cls.__mro__:
        if base.__module__.startswith(PACKAGE_NAME) and "_at_boundary" not in vars(base):
            base._at_boundary = True  # type: ignore[attr-defined]
            for name, item in list(vars(base).items()):
                if (not name.startswith("_") or name in (*_SPECIAL, *_OPERATORS)) and name not in (*leave, "construct"):
                    _place(base, name, item, plans)


_OPERATORS = ("__matmul__", "__rmatmul__")  # those of elementwise ops stand at the boundary by themselves
_SPECIAL = ("__new__", "__init__", "__call__", "__getitem__", "__setitem__")


def _place(cls: type, name: str, item, plans: bool) -> None:
    suffix = "" if name in ("__new__", "__init__", "__call__") else f".{name}"
    if isinstance(item, (staticmethod, classmethod)):
        if _is_inside(item.__func__):
            setattr(cls, name, type(item)(_boundary(item.__func__, cls.__name__ + suffix, is_method=False)))
    elif _is_inside(item):
        setattr(cls, name, _boundary(item, suffix, is_method=True, has_plans=plans and name not in _SPECIAL))


def publish(namespace: dict, plans: bool = False) -> None:
    """Places what users see in a module, whose names ``namespace`` holds, at the boundary; ``plans``: its functions have call plans."""
    homes = set()
    for name in namespace.get("__all__", list(namespace)):
        item = namespace.get(name)
        if name.startswith("_") or not (getattr(item, "__module__", None) or "").startswith(PACKAGE_NAME):
            continue
        if _is_inside(item):
            if item not in _made:
                _made[item] = _boundary(item, item.__name__, is_method=False, has_plans=plans)
                homes.add(item.__module__)
            namespace[name] = _made[item]
        elif isinstance(item, type) and not issubclass(item, (BaseException, enum.Enum)):
            public_class(item)
    for home in homes:
        share(vars(sys.modules[home]))


def share(namespace: dict) -> None:
    """Replaces what was placed at the boundary already in a module that has it from another one."""
    for name, item in list(namespace.items()):
        if isinstance(item, FunctionType) and item in _made:
            namespace[name] = _made[item]


# ---------------------------------------------------------------- errors
def translated(error: Exception, name: str, function, args: tuple, kwargs: dict) -> Exception:
    """The exception to raise in the place of ``error``, which came out of a call of ``function``; often ``error`` itself."""
    if (
        isinstance(error, RecursionError)
        or not _leaves_package(sys._getframe(1))
        or _users_code_in(error.__traceback__)
    ):
        return error  # the recursion may be the user's, and there is no room to look
    text = str(error)
    message = _plain(text.partition("\n  at ")[0])
    named = _plain(name) in message or _plain(name.rpartition(".")[2]) in message
    if "\n  at " in text or text.startswith("For '"):
        if not named:
            said, at, line = text.partition("\n  at ")
            given = described(function, args, kwargs)  # the message is of a function inside, whose arguments are others
            said = said.rstrip(".")
            text = f"In '{name}': {said}{'' if said.endswith('?') else '.'} The arguments of '{name}' were: {given}.{at}{line}"
        text += "" if "\n  at " in text else where()
        if text == str(error):
            return error
        return _with_text(error, text)
    kind = next((_KINDS[k] for k in type(error).__mro__ if k in _KINDS), None)
    inside = kind is not None and not isinstance(error, (TypeError, ValueError))
    reason = f"{type(error).__name__}: {text}" if inside else text
    if kind is None:
        return _with_text(error, f"In '{name}': {text}{where()}")
    unknown = hints.unknown_keyword(name, function, kwargs) if isinstance(error, TypeError) else None
    further = re.search(r"got an unexpected keyword argument '(\w+)'$", reason)  # of a function that passes keywords on
    if unknown is None and further is not None and further[1] in kwargs:
        advice = hints.keyword(further[1], list(sections(inspect.getdoc(function) or "").args))
        unknown = f"For '{name}', there is no argument '{further[1]}'.{advice}"
    if unknown is not None:
        return TypeError(unknown + where())
    given = described(function, args, kwargs)
    takes = hints.unfitting_call(function, args, kwargs) if isinstance(error, TypeError) else ""
    text = f"For '{name}', the arguments are wrong: {reason.rstrip('.')}. They were: {given}.{takes}" + where()
    made = kind(text)
    made.__cause__ = error
    return made


def _with_text(error: Exception, text: str) -> Exception:
    """``error`` with another text; a class that makes its text from other arguments is left as it is."""
    if len(error.args) == 1 and isinstance(error.args[0], str):
        error.args = (type(error.args[0])(text),)
    return error


def _plain(text: str) -> str:
    return text.replace("_", "").lower()


def _leaves_package(boundary: FrameType) -> bool:
    """Whether no other boundary stands between this one and the user's code."""
    frame = boundary.f_back
    while frame is not None and not is_users_frame(frame):
        if frame.f_code in BOUNDARIES:
            return False
        frame = frame.f_back
    return True


def _users_code_in(trace: TracebackType | None) -> bool:
    """Whether the exception comes from a function of the user that the package called."""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith((PACKAGE, *_GENERATED, *_LIBRARIES)):
            if not name.startswith(_STANDARD) or name.startswith(_SITE):
                return True
        trace = trace.tb_next
    return False


def described(function, args: tuple, kwargs: dict) -> str:
    """``x = Tensor[Float32](2, 3), axis = 'a'``: the arguments of a call, by the names of the parameters."""
    names: Iterator[str] = iter(())
    try:
        parameters = inspect.signature(function).parameters.values()
        names = iter([p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)])
    except (TypeError, ValueError):  # it tells no signature
        pass
    pairs = [(next(names, ""), value) for value in args] + list(kwargs.items())
    return ", ".join(f"{n} = {short(v)}" if n else short(v) for n, v in pairs if n != "self") or "none"


def short(value: Any) -> str:
    """A value in an error: ``Tensor[Float32](2, 3)``."""
    if isinstance(value, np.ndarray):
        return f"ndarray[{value.dtype}]{value.shape}"
    if hasattr(value, "_type") and hasattr(value, "ndim"):
        return f"Tensor[{value.dtype}]{value.shape}"
    if type(value) in (list, tuple):
        shown = ", ".join(map(short, value[:4])) + (", ..." if len(value) > 4 else "")
        return f"[{shown}]" if type(value) is list else f"({shown})"
    if callable(value) or type(value).__module__ != "builtins":
        return f"a {type(value).__name__}" if not isinstance(value, type) else f"the class {value.__name__}"
    return f"{value!r:.60}"
