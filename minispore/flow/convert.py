"""Makes the rewritten form of a function, compiled under the file name and line numbers of the original."""

import ast
import functools
import types
from typing import Any

from ..core.record import STATE
from .rewrite import FLOW, CannotRewrite, has_control_flow, rewrite
from .sources import definition, is_users_file

INNER = "__inner"
OUTER = "__outer"  # the function around a rewritten one: its arguments are the free variables of the rewritten one
_rewritten: dict[types.CodeType, Any] = {}  # code -> rewritten code, or None where it stays as it is
_user_code: set[types.CodeType] = set()  # code of functions that a user wrote
REASONS: dict[types.CodeType, str] = {}  # code -> why it could not be rewritten, for messages
# The cell of ``__flow__`` in all rewritten functions: run.py puts itself there, as its helpers convert functions in turn.
HELPERS = types.CellType()


def converted(function):
    """``function`` with its control flow rewritten; the same object where there is nothing to rewrite."""
    kind = type(function)
    if kind is types.FunctionType:
        return _function(function)
    if kind is types.MethodType:
        inner, instance = function.__func__, function.__self__
        made = _function(inner, instance) if type(inner) is types.FunctionType else inner
        return function if made is inner else types.MethodType(made, instance)
    if kind is functools.partial:
        return functools.partial(converted(function.func), *function.args, **function.keywords)
    method = getattr(kind, "__call__", None)  # noqa: B004  (an object with __call__)
    if type(method) is types.FunctionType:
        made = _function(method, function)
        return function if made is method else types.MethodType(made, function)
    return function


def is_rewritten(function, form) -> bool:
    """Whether ``form``, which ``converted`` gave of a function or bound method, is a user's function in rewritten form."""
    if type(form) is types.MethodType:
        function, form = getattr(function, "__func__", None), form.__func__
    return type(form) is types.FunctionType and (form is not function or form.__qualname__.startswith(OUTER + "."))


def _function(function: types.FunctionType, instance=None):
    """The rewritten form of a function; the function itself if nothing in it has to be rewritten.  Recorders note its reads."""
    code = function.__code__
    if code not in _rewritten:
        if is_users_file(code.co_filename, function.__module__ or ""):
            _user_code.add(code)
        _rewritten[code] = _rewritten_code(function)
    recorder = STATE.recorder
    inner = function.__qualname__.startswith(OUTER + ".")  # defined inside a rewritten function, which is noted itself
    if recorder is not None and recorder.functions is not None and code in _user_code and not inner:
        from .watch import note_function

        note_function(recorder.functions, function, instance)
    made = _rewritten[code]
    if made is None:
        return function
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    cells[FLOW] = HELPERS
    for name in made.co_freevars:
        if name not in cells:  # ``__class__``, where only the rewritten form of super() needs it
            return function
    closure = tuple(cells[name] for name in made.co_freevars)
    new = types.FunctionType(made, function.__globals__, function.__name__, function.__defaults__, closure)
    new.__kwdefaults__ = function.__kwdefaults__
    new.__qualname__, new.__module__, new.__doc__ = function.__qualname__, function.__module__, function.__doc__
    new.__dict__.update(function.__dict__)
    new.__wrapped__ = function  # type: ignore[attr-defined]
    return new


def _rewritten_code(function: types.FunctionType):
    code = function.__code__
    if code not in _user_code:
        return None
    if function.__qualname__.startswith(OUTER + "."):  # a function inside a rewritten one
        return None
    try:
        node = definition(function)
    except (OSError, TypeError, IndexError, SyntaxError):
        REASONS[code] = "its source is not available (it was typed in or made by exec; put it into a file)"
        return None
    if node is None:
        REASONS[code] = "its line holds several functions that cannot be told apart"
        return None
    if not has_control_flow(node):
        return None
    parts = function.__qualname__.split(".")
    class_name = parts[-2] if len(parts) > 1 and parts[-2] != "<locals>" else None
    try:
        return compiled(rewrite(node, class_name), code)
    except CannotRewrite as why:
        REASONS[code] = str(why)
        return None


def compiled(node: ast.FunctionDef | ast.Lambda, code: types.CodeType, more: tuple[str, ...] = ()) -> types.CodeType:
    """Compiles a rewritten function inside a function whose arguments are its free variables: those of the original ``code``,
    the helpers and ``more``."""
    if isinstance(node, ast.Lambda):
        body: list = [ast.Return(node)]
    else:
        node.name = INNER  # so that a recursive call by its own name finds the global function
        body = [node, ast.Return(ast.Name(INNER, ast.Load()))]
    free = [*dict.fromkeys([*code.co_freevars, FLOW, *more])]
    arguments = ast.arguments([], [ast.arg(n) for n in free], None, [], [], None, [])
    outer = ast.FunctionDef(OUTER, arguments, body, [])
    if "type_params" in ast.FunctionDef._fields:  # required since Python 3.12
        setattr(outer, "type_params", [])  # noqa: B010
    module = ast.Module([ast.copy_location(outer, node)], [])
    ast.fix_missing_locations(module)
    made = compile(module, code.co_filename, "exec", flags=code.co_flags & _FUTURES, dont_inherit=True)
    outer_code = next(c for c in made.co_consts if isinstance(c, types.CodeType))
    name = "<lambda>" if isinstance(node, ast.Lambda) else INNER
    inner = next(c for c in outer_code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)
    return inner.replace(co_name=code.co_name)


_FUTURES = 0x1000000  # the compiler flag of ``from __future__ import annotations``
