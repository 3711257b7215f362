"""The declarations of functions: parameters and results as annotations, docstrings and defaults give them."""

import ast
import inspect
import re
import textwrap
from typing import Any

from annotations import EMPTY, rendered
from phrases import ANY, covers, joined, of_argument, of_keywords, of_result

from minispore.core.docstrings import sections


def innermost(function: Any) -> Any:
    return inspect.unwrap(function)


def second_names(function: Any) -> dict[str, str]:
    """The further keyword names that ``ops.methods.second_signature`` gave a method."""
    while function is not None:
        code = getattr(function, "__code__", None)
        if code is not None and set(code.co_freevars) == {"function", "name", "names"}:
            return dict(zip(code.co_freevars, function.__closure__))["names"].cell_contents
        function = getattr(function, "__wrapped__", None)
    return {}


def parameters_of(item: Any, doc: str, skip_first: bool, scope: dict) -> list[tuple[inspect.Parameter, str]]:
    """The parameters with their annotations."""
    parameters = list(inspect.signature(item).parameters.values())[skip_first:]
    args = dict(sections(doc).args) if doc else {}
    for line in sections(doc).others.get("Inputs", "").split("\n") if doc else ():
        name, colon, text = line.partition(": ")
        if colon and not line.startswith(" "):
            for each in name.split(","):
                args.setdefault(
                    each.strip().split(" (")[0].strip("`* "),
                    (name.partition(" (")[1] + name.partition(" (")[2] + ": " if " (" in name else "") + text,
                )
    out, last = [], ANY
    for p in parameters:
        told = args.get(p.name) or args.get("*" + p.name) or args.get("**" + p.name) or ""
        written = rendered(p.annotation, scope) if p.annotation is not EMPTY else ANY
        said = (
            last
            if told.startswith(("the same", "likewise"))
            else of_argument(referred(told, p.name, scope), p.default)
            if told
            else ANY
        )
        given = written if written != ANY else said
        default = p.default
        if p.kind is p.VAR_KEYWORD and of_keywords(told):
            out += [(inspect.Parameter(n, p.KEYWORD_ONLY, default=...), t) for n, t in of_keywords(told).items()]
            continue
        if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD):
            given = written
        elif default is not EMPTY:
            if type(default) is bool and given == ANY and not told:
                given = "bool"
            if not covers(given, default):
                given = ANY
            if default is None and given != ANY:
                given = joined([given, "None"])
        last = given
        out.append((p, given))
    return out


def referred(told: str, name: str, scope: dict) -> str:
    """An entry that says "as in ``Dense``": what is said there of the argument of this name."""
    found = re.match(r"(?:as|what) in (?:``)?([A-Za-z_][\w.]*)", told)
    if found is None:
        return told
    item = scope.get(found[1].split(".")[0])
    for part in found[1].split(".")[1:]:
        item = getattr(item, part, None)
    return dict(sections(inspect.getdoc(item) or "").args).get(name, told) if item is not None else told


def listed(parameters: list[tuple[inspect.Parameter, str]], first: str = "") -> str:
    """The text between the brackets of a definition."""
    out, star = ([first] if first else []), False
    positional = [p for p, _ in parameters if p.kind is p.POSITIONAL_ONLY]
    for p, annotation in parameters:
        if p.kind is p.KEYWORD_ONLY and not star:
            star = True
            out.append("*")
        prefix = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        star = star or prefix == "*"
        text = f"{prefix}{p.name}: {annotation}"
        if p.default is not EMPTY:
            simple = p.default is None or type(p.default) in (bool, int, str)
            text += f" = {p.default!r}" if simple and len(repr(p.default)) < 40 else " = ..."
        out.append(text)
        if positional and p is positional[-1]:
            out.append("/")
    return ", ".join(out)


def result_of(item: Any, doc: str, scope: dict) -> str:
    """The annotation of what a function returns."""
    inner = innermost(item)
    written = getattr(inner, "__annotations__", {}).get("return", EMPTY)
    if written is not EMPTY:
        found = rendered(written, getattr(inner, "__globals__", scope))
        if is_context(item):
            return f"AbstractContextManager[{found[len('Iterator[') : -1] if found.startswith('Iterator[') else ANY}]"
        if found != ANY:
            return found
    text = sections(doc).others.get("Returns", "") if doc else ""
    if text:
        return of_result(text)
    name = getattr(item, "__name__", "")
    if name.endswith("Tensor") or (doc and re.search(r"\bReturns self\.", doc)):
        return "Self" if "self" in doc else ANY
    return ANY if gives_something(inner) else "None"


def is_context(function: Any) -> bool:
    """Whether ``contextlib.contextmanager`` made it."""
    while function is not None:
        if getattr(getattr(function, "__code__", None), "co_filename", "").endswith("contextlib.py"):
            return True
        function = getattr(function, "__wrapped__", None)
    return False


def gives_something(function: Any) -> bool:
    """Whether a function may return something that is not None."""
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return True
    if not isinstance(body, ast.FunctionDef):
        return True

    def inside(node: ast.AST) -> bool:
        if isinstance(node, ast.Return):
            return node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            return False
        return isinstance(node, (ast.Yield, ast.YieldFrom)) or any(map(inside, ast.iter_child_nodes(node)))

    raises = any(isinstance(n, ast.Raise) for n in body.body)
    return raises or any(map(inside, body.body))


def function_text(name: str, item: Any, owner: str = "", decorator: str = "") -> str:
    """The declaration of a function; with ``owner`` of a method."""
    doc = inspect.getdoc(item) or ""
    scope = getattr(innermost(item), "__globals__", {})
    first = {"staticmethod": "", "classmethod": "cls"}.get(decorator, "self") if owner else ""
    skip = bool(first)
    try:
        parameters = parameters_of(item, doc, skip, scope)
    except (TypeError, ValueError):
        return f"def {name}({', '.join(filter(None, [first, '*args: Any', '**kwargs: Any']))}) -> Any: ...\n"
    result = result_of(item, doc, scope)
    mark = f"@{decorator}\n" if decorator else ""
    text = f"def {name}({listed(parameters, first)}) -> {result}: ...\n"
    other = second_names(item)
    if not other:
        return mark + text
    back = {old: new for new, old in other.items()}
    renamed = [(p.replace(name=back.get(p.name, p.name)), t) for p, t in parameters]
    return f"@overload\n{text}@overload\ndef {name}({listed(renamed, first)}) -> {result}: ...\n"
