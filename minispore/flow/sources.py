"""Where the source of a function is: whether a user wrote it, and its syntax tree."""

import ast
import copy
import functools
import inspect
import linecache
import sysconfig
import textwrap
import types

from ..core.record import PACKAGE

STANDARD = (sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["platstdlib"])
PACKAGES = tuple(sysconfig.get_paths()[k] for k in ("purelib", "platlib"))
LIBRARIES = {  # never rewritten, wherever they are installed
    "numpy", "scipy", "numba", "torch", "jax", "matplotlib", "PIL", "pytest", "_pytest", "tqdm", "sklearn", "rich",
}  # fmt: skip
SOURCES: dict[types.CodeType, ast.FunctionDef] = {}  # of functions that pieces.py made of parts of others


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


def definition(function):
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
