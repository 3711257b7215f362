"""Finds public functions with a parameter that no line reads and whose docstring does not say so.

An argument that is ignored without a word gives a wrong result without a word.  So a public function or class reads each
of its parameters, or raises for values that would change the result, or says in its docstring that the parameter is
"without effect", "accepted" or "ignored", because on a CPU it cannot matter. To keep a parameter in an attribute that
no line reads is not to read it.

``python tools/check_ignored_arguments.py`` prints what it finds and fails where a line is not in
``unread_arguments.txt``, a list that only gets shorter.
"""

import ast
import functools
import inspect
import re
import sys
import textwrap
from importlib import import_module
from pathlib import Path

from check_docstrings import PUBLIC

LEFT = Path(__file__).with_name("unread_arguments.txt")
SAID = re.compile(
    r"accepted|without effect|no effect|not used|unused|ignored|changes nothing|no meaning|has no|have no|only for|not read|nothing is read|likewise"
)


def public():
    """(name, object) of all that the public modules show and of the methods of Tensor, each object once."""
    seen = set()
    for path in PUBLIC:
        module = import_module(f"minispore.{path}" if path else "minispore")
        for name in getattr(module, "__all__", None) or dir(module):
            item = getattr(module, name, None)
            if not name.startswith("_") and _ours(item) and id(item) not in seen:
                seen.add(id(item))
                yield f"{path}.{name}".strip("."), item
    tensor = import_module("minispore").Tensor
    for name in dir(tensor):
        item = inspect.getattr_static(tensor, name)
        if not name.startswith("_") and _ours(item) and id(item) not in seen:
            seen.add(id(item))
            yield f"Tensor.{name}", item


def _ours(item) -> bool:
    module = getattr(item, "__module__", None) or ""
    return module.startswith("minispore") and (inspect.isclass(item) or inspect.isroutine(item))


def definition(function):
    """The syntax tree of a function's own source, or None where it has none of its own."""
    function = inspect.unwrap(function)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    return tree if isinstance(tree, ast.FunctionDef) and tree.name == function.__name__ else None


def unread(function) -> list[str]:
    """The parameters that no line of the function reads; none for one that only raises or has no body."""
    tree = definition(function)
    if tree is None:
        return []
    body = [s for s in tree.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    returns = any(isinstance(n, (ast.Return, ast.Yield)) for s in body for n in ast.walk(s))
    if not body or isinstance(body[-1], ast.Pass) or (isinstance(body[-1], ast.Raise) and not returns):
        return []
    a = tree.args
    given = [*a.posonlyargs, *a.args, *a.kwonlyargs, *([a.vararg] if a.vararg else []), *([a.kwarg] if a.kwarg else [])]
    read = {n.id for s in body for n in ast.walk(s) if isinstance(n, ast.Name)}
    if "locals" in read:
        return []
    return [p.arg for p in given if p.arg not in read | {"self", "cls"} and not p.arg.startswith("_")]


@functools.cache
def loaded_in(module: str) -> set[str]:
    """The attributes that the lines of a module read, of whatever object; names in strings count, for getattr."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    found = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load)}
    return found | {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def only_stored(cls) -> list[str]:
    """Parameters of ``__init__`` that are kept in a public attribute, which no line of the modules of the class reads.

    Those of ``core`` are read by the layers above.
    """
    tree = definition(cls.__init__)
    if tree is None or cls.__module__.startswith("minispore.core."):
        return []
    read = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    known = set().union(*(loaded_in(c.__module__) for c in cls.__mro__ if c.__module__.startswith("minispore")))
    found = []
    for target, value in stores(tree):
        if isinstance(value, ast.Name) and read.count(value.id) == 1 and target not in known and target[0] != "_":
            found.append(value.id)
    return [p for p in found if p in {a.arg for a in [*tree.args.args, *tree.args.kwonlyargs]}]


def stores(tree):
    """(attribute, value) of what a method assigns to ``self``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            pair = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            for t, v in zip(target.elts, node.value.elts) if pair else [(target, node.value)]:
                if isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id == "self":
                    yield t.attr, v


def said(doc: str, parameter: str) -> bool:
    """Whether a sentence, or an entry of ``Args:``, that names the parameter says that it does nothing."""
    name = re.compile(rf"\b{re.escape(parameter)}\b")
    parts = re.split(r"(?<=\.)\s+|\n\s*\n|\n(?=\s+\*{0,2}\w+(?:, \*{0,2}\w+)*(?: \([^)]*\))?:)", doc)
    return any(name.search(part) and SAID.search(part) for part in parts)


def findings() -> list[str]:
    found = []
    for name, item in public():
        functions = [(item, "")]
        if inspect.isclass(item):
            own = [m for m in ("__init__", "construct", "__call__") if m in vars(item)]
            functions = [(vars(item)[m], f".{m}") for m in own]
        for function, method in functions:
            function = getattr(function, "__func__", function)
            if not inspect.isfunction(function):
                continue
            doc = (inspect.getdoc(item) or "") + "\n\n" + (inspect.getdoc(function) or "")
            unused = unread(function) + (only_stored(item) if method == ".__init__" else [])
            found += [f"{name}{method} {p}" for p in unused if not said(doc, p)]
    return sorted(set(found))


def main() -> int:
    left, found = set(LEFT.read_text().splitlines()), findings()
    new, gone = [f for f in found if f not in left], sorted(left - set(found))
    for line in new:
        print(f"{line}: no line reads it, and the docstring does not say that it is without effect")
    for line in gone:
        print(f"{line}: is read or documented now; take it out of {LEFT.name}")
    print(f"{len(found)} parameters are not read, and not documented so")
    return bool(new or gone)


if __name__ == "__main__":
    sys.exit(main())
