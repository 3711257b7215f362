"""From a function to its rewritten form, compiled under the file name and lines of the original."""

import ast
import copy
import functools
import inspect
import sysconfig
import textwrap
import types
from typing import Any

from ..core.record import PACKAGE, STATE
from .rewrite import FLOW, CannotRewrite, rewrite, worth_it

STANDARD = (sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["platstdlib"])
PACKAGES = tuple(sysconfig.get_paths()[k] for k in ("purelib", "platlib"))
FOREIGN = {
    "numpy",
    "scipy",
    "numba",
    "torch",
    "jax",
    "matplotlib",
    "PIL",
    "pytest",
    "_pytest",
    "tqdm",
    "sklearn",
    "rich",
}

INNER = "__inner"
OUTER = "__outer"  # the function around a rewritten one, which gives it its free variables
_codes: dict[types.CodeType, Any] = {}  # code -> rewritten code, or why there is none
_users: set[types.CodeType] = set()  # of functions that a user wrote
REASONS: dict[types.CodeType, str] = {}  # code -> why it stays as it is, for messages


def converted(function):
    """``function`` with its control flow rewritten; itself where there is nothing to rewrite."""
    kind = type(function)
    if kind is types.FunctionType:
        return _function(function)
    if kind is types.MethodType:
        inner, instance = function.__func__, function.__self__
        made = _function(inner, instance) if type(inner) is types.FunctionType else inner
        return function if made is inner else types.MethodType(made, instance)
    if kind is functools.partial:
        return functools.partial(converted(function.func), *function.args, **function.keywords)
    method = getattr(kind, "__call__", None)  # noqa: B004  (of an object that can be called)
    if type(method) is types.FunctionType:
        made = _function(method, function)
        return function if made is method else types.MethodType(made, function)
    return function


def _function(function: types.FunctionType, instance=None):
    code = function.__code__
    if code not in _codes:
        if is_users_file(code.co_filename, function.__module__ or ""):
            _users.add(code)
        _codes[code] = _rewritten_code(function)
    recorder = STATE.recorder
    inside = function.__qualname__.startswith(OUTER + ".")  # of a rewritten function, whose variables these are
    if recorder is not None and recorder.functions is not None and code in _users and not inside:
        from .watch import note_function

        note_function(recorder.functions, function, instance)
    made = _codes[code]
    if made is None:
        return function
    from . import run

    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    cells[FLOW] = types.CellType(run)
    for name in made.co_freevars:
        if name not in cells:  # ``__class__`` of a method that uses super() only after the rewriting
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
    if code not in _users:
        return None
    if function.__qualname__.startswith(OUTER + "."):  # a function inside a rewritten one
        return None
    try:
        node = _definition(function)
    except (OSError, TypeError, IndexError, SyntaxError):
        REASONS[code] = "its source cannot be had (it was typed in or made by exec; put it into a file)"
        return None
    if node is None:
        REASONS[code] = "its source cannot be told from others on its line"
        return None
    if not worth_it(node):
        return None
    parts = function.__qualname__.split(".")
    class_name = parts[-2] if len(parts) > 1 and parts[-2] != "<locals>" else None
    try:
        node = rewrite(node, class_name)
    except CannotRewrite as why:
        REASONS[code] = str(why)
        return None
    if isinstance(node, ast.Lambda):
        body: list = [ast.Return(node)]
    else:
        node.name = INNER  # its own name stays that of the function itself, which it may call
        body = [node, ast.Return(ast.Name(INNER, ast.Load()))]
    free = [*dict.fromkeys([*code.co_freevars, FLOW])]
    arguments = ast.arguments([], [ast.arg(n) for n in free], None, [], [], None, [])
    outer = ast.FunctionDef(OUTER, arguments, body, [])
    if "type_params" in ast.FunctionDef._fields:  # Python 3.12 wants it
        setattr(outer, "type_params", [])  # noqa: B010
    module = ast.Module([ast.copy_location(outer, node)], [])
    ast.fix_missing_locations(module)
    made = compile(module, code.co_filename, "exec", flags=code.co_flags & _FUTURES, dont_inherit=True)
    outer_code = next(c for c in made.co_consts if isinstance(c, types.CodeType))
    name = "<lambda>" if isinstance(node, ast.Lambda) else INNER
    inner = next(c for c in outer_code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)
    return inner.replace(co_name=code.co_name)


_FUTURES = 0x1000000  # annotations: the only future statement that matters for compiled code


def is_users_file(file: str, module: str) -> bool:
    """Whether what a file holds was written by a user of this package."""
    if file.startswith((PACKAGE, "<frozen")):
        return False
    if file.startswith(STANDARD) and not file.startswith(PACKAGES):
        return False
    return module.split(".")[0] not in FOREIGN


def _definition(function):
    """The syntax tree of ``function``, with the lines of its file; None if it cannot be told which it is."""
    code = function.__code__
    if function.__name__ == "<lambda>":
        return _lambda("".join(inspect.findsource(code)[0]), code)
    lines, first = inspect.getsourcelines(code)
    try:
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except SyntaxError:
        return None
    ast.increment_lineno(tree, first - 1)
    return tree.body[0] if tree.body and isinstance(tree.body[0], ast.FunctionDef) else None


@functools.lru_cache(maxsize=4)
def _lambdas(text: str) -> list:
    return [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Lambda)]


def _lambda(text: str, code):
    """The lambda that ``code`` was made from: by its line, arguments and names, and by its place in the line."""
    names = code.co_varnames[: code.co_argcount]
    found = [
        n for n in _lambdas(text)
        if n.lineno == code.co_firstlineno and tuple(a.arg for a in [*n.args.posonlyargs, *n.args.args]) == names
    ]  # fmt: skip
    if len(found) > 1 and hasattr(code, "co_positions"):
        places = set(list(code.co_positions())[1:])
        most = max(len(places & _spans(n.body)) for n in found)
        found = [n for n in found if len(places & _spans(n.body)) == most]
    elif len(found) > 1:  # Python 3.10
        found = [n for n in found if _constants(n) == {repr(c) for c in code.co_consts if c is not None}]
    if len({ast.dump(n) for n in found}) != 1:
        return None
    return copy.deepcopy(found[0])


def _constants(node) -> set:
    return {repr(n.value) for n in ast.walk(node.body) if isinstance(n, ast.Constant)}


def _spans(body) -> set:
    nodes = (n for n in ast.walk(body) if isinstance(n, ast.expr))
    return {(n.lineno, n.end_lineno, n.col_offset, n.end_col_offset) for n in nodes}
