"""Makes the rewritten form of a function, compiled under the file name and line numbers of the original."""

import ast
import copy
import functools
import inspect
import linecache
import sysconfig
import textwrap
import types
from typing import Any

from ..core.record import PACKAGE, STATE
from .rewrite import FLOW, CannotRewrite, has_control_flow, rewrite

STANDARD = (sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["platstdlib"])
PACKAGES = tuple(sysconfig.get_paths()[k] for k in ("purelib", "platlib"))
LIBRARIES = {  # never rewritten, wherever they are installed
    "numpy", "scipy", "numba", "torch", "jax", "matplotlib", "PIL", "pytest", "_pytest", "tqdm", "sklearn", "rich",
}  # fmt: skip

INNER = "__inner"
OUTER = "__outer"  # the function around a rewritten one: its arguments are the free variables of the rewritten one
_rewritten: dict[types.CodeType, Any] = {}  # code -> rewritten code, or None where it stays as it is
_user_code: set[types.CodeType] = set()  # code of functions that a user wrote
REASONS: dict[types.CodeType, str] = {}  # code -> why it could not be rewritten, for messages


SOURCES: dict[types.CodeType, ast.FunctionDef] = {}  # of functions that pieces.py made of parts of others


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
    from . import run

    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    cells[FLOW] = types.CellType(run)
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
        node = _definition(function)
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
        return _compiled(rewrite(node, class_name), code)
    except CannotRewrite as why:
        REASONS[code] = str(why)
        return None


def _compiled(node: ast.FunctionDef | ast.Lambda, code: types.CodeType, more: tuple[str, ...] = ()) -> types.CodeType:
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


def is_users_file(file: str, module: str) -> bool:
    """Whether a file was written by a user: not this package, the standard library or one of LIBRARIES."""
    if file.startswith((PACKAGE, "<frozen")):
        return False
    if file.startswith(STANDARD) and not file.startswith(PACKAGES):
        return False
    return module.split(".")[0] not in LIBRARIES


def _lines(function) -> list[str]:
    """Those of the file of ``function``.  ``inspect.getsourcelines`` would first look for its module, in all that are imported."""
    file = function.__code__.co_filename
    linecache.checkcache(file)
    lines = linecache.getlines(file, function.__globals__)
    if len(lines) < function.__code__.co_firstlineno:
        raise OSError(f"{file} has no such line")
    return lines


def _definition(function):
    """The syntax tree of ``function`` with the line numbers of its file; None if several could be it."""
    code = function.__code__
    if code in SOURCES:
        return copy.deepcopy(SOURCES[code])
    lines = _lines(function)
    if function.__name__ == "<lambda>":
        return _lambda("".join(lines), code)
    first = code.co_firstlineno - 1
    try:
        tree = ast.parse(textwrap.dedent("".join(inspect.getblock(lines[first:]))))
    except SyntaxError:
        return None
    ast.increment_lineno(tree, first)
    return tree.body[0] if tree.body and isinstance(tree.body[0], ast.FunctionDef) else None


@functools.lru_cache(maxsize=4)
def _lambdas(text: str) -> list:
    return [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Lambda)]


def _lambda(text: str, code):
    """The lambda that ``code`` was compiled from: by its line and arguments, then by the columns of its expressions."""
    names = code.co_varnames[: code.co_argcount]
    found = [
        n for n in _lambdas(text)
        if n.lineno == code.co_firstlineno and tuple(a.arg for a in [*n.args.posonlyargs, *n.args.args]) == names
    ]  # fmt: skip
    if len(found) > 1 and hasattr(code, "co_positions"):
        places = set(list(code.co_positions())[1:])
        most = max(len(places & _spans(n.body)) for n in found)
        found = [n for n in found if len(places & _spans(n.body)) == most]
    elif len(found) > 1:  # Python 3.10 does not record columns: compare the constants
        found = [n for n in found if _constants(n) == {repr(c) for c in code.co_consts if c is not None}]
    if len({ast.dump(n) for n in found}) != 1:
        return None
    return copy.deepcopy(found[0])


def _constants(node) -> set:
    return {repr(n.value) for n in ast.walk(node.body) if isinstance(n, ast.Constant)}


def _spans(body) -> set:
    nodes = (n for n in ast.walk(body) if isinstance(n, ast.expr))
    return {(n.lineno, n.end_lineno, n.col_offset, n.end_col_offset) for n in nodes}
