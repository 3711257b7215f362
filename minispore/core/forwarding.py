"""Docstrings of what forwards to a documented function: functions with other names of arguments, and classes."""

import ast
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .docstrings import Sections, sections

_SAME = (("axis", "dim", "dims"), ("keepdims", "keepdim", "keep_dims"))  # names of arguments with one meaning
_KEPT = ("Returns", "Raises")  # what follows the arguments
_F = TypeVar("_F", bound=Callable)


def forwards(function: Callable, /, *, args: Mapping[str, str] = {}, named: Mapping[str, str] = {},
             types: Mapping[str, str] = {}, example: str = "", returns: str = "") -> Callable[[_F], _F]:  # fmt: skip
    """A decorator that completes the docstring of what calls ``function``.

    The summary of the decorated function stays; what it lacks (formula, arguments, result, errors, example) is taken from
    ``function``, with the names and defaults of the decorated function's own arguments.  Arguments are the same if
    they have one name, names with one meaning ("axis" and "dim"), or else the same place.

    Args:
        function (Callable): a documented function.
        args (Mapping[str, str]): descriptions of arguments that ``function`` has not, "(type): text".
        named (Mapping[str, str]): the names of arguments of ``function`` for those of the decorated function; "" for none.
        types (Mapping[str, str]): types to be written for other ones, such as "Tensor | list" for "Tensor".
        example (str): lines of ``>>>`` for those of ``function``.
        returns (str): the result, if it is another one.

    Returns:
        Callable, the decorator; it returns the function itself.

    >>> def total(x, axis=None):
    ...     "The sum.\\n\\nArgs:\\n    x (list): numbers.\\n    axis (int): along it. Default: None."
    >>> @forwards(total)
    ... def every(values, dim=0):
    ...     pass
    >>> print(every.__doc__)
    The sum.
    <BLANKLINE>
    Args:
        values (list): numbers.
        dim (int): along it. Default: 0.
    """

    def complete(forward: _F) -> _F:
        target: Any = forward
        if not function.__doc__:  # python -OO
            return forward
        taken, own = _parameters(forward), sections(target.__doc__ or "")
        names = same_arguments(function, list(taken), named)
        parts = _under_names(sections(function.__doc__), names)
        written = lambda found: f"({types.get(found[1], found[1])})"
        given = {n: re.sub(r"^\(([^)]*)\)", written, text) for n, text in parts.args.items()} | dict(args)
        theirs = {m: _parameters(function)[t].default for m, t in names.items()}
        given = {n: _with_default(given[n], p.default, theirs.get(n, ...)) for n, p in taken.items() if n in given}
        shown = example or own.example
        if not shown:
            shown = rewritten(parts.example, function, target.__name__, [in_order(target)], names)
        target.__doc__ = render(
            Sections(
                own.summary or parts.summary,
                own.text or parts.text,
                given | own.args,
                parts.others | ({"Returns": returns} if returns else {}) | own.others,
                textwrap.dedent(shown).strip(),
            )
        )
        return forward

    return complete


@functools.cache
def _parameters(function: Callable) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(function).parameters


def in_order(function: Callable) -> list[str]:
    """The names of a function's parameters; "*" is where those begin that are given by keyword only."""
    parameters = list(_parameters(function).values())
    at = next((k for k, p in enumerate(parameters) if p.kind is p.KEYWORD_ONLY), len(parameters))
    names = [p.name for p in parameters]
    return [*names[:at], "*", *names[at:]]


def same_arguments(
    function: Callable, mine: Sequence[str], named: Mapping[str, str] = {}, by_place: bool = True
) -> dict[str, str]:
    """Which arguments of ``function`` those of the names ``mine`` are: by name, by meaning, by place."""
    theirs = list(_parameters(function))
    found = {m: named.get(m, m) for m in mine if named.get(m, m) in theirs}
    for m in mine:
        alike = [t for group in _SAME if m in group for t in group if t in theirs and t not in found.values()]
        if m not in found and m not in named and alike:
            found[m] = alike[0]
    for m, t in zip(mine, theirs) if by_place else ():
        if m not in found and m not in named and t not in found.values() and not any(m in group for group in _SAME):
            found[m] = t
    return {m: found[m] for m in mine if m in found}


def _under_names(parts: Sections, names: Mapping[str, str]) -> Sections:
    """The docstring of a function under other names of its arguments: ``names`` has the function's name for each."""
    rename = {theirs: mine for mine, theirs in names.items()}
    return Sections(
        _renamed(parts.summary, rename),
        _renamed(parts.text, rename),
        {m: _renamed(parts.args[t], rename) for m, t in names.items() if t in parts.args},
        {k: _renamed(v, rename) for k, v in parts.others.items() if k in _KEPT},
        parts.example,
    )


def render(parts: Sections, inputs: Sequence[str] = ()) -> str:
    """A docstring of these parts.  Arguments of the names ``inputs`` come under "Inputs"."""
    blocks = [textwrap.fill(parts.summary, 116), parts.text]
    for title, names in (("Args", [n for n in parts.args if n not in inputs]), ("Inputs", inputs)):
        lines = [
            _filled(n + (" " if parts.args[n][0] == "(" else ": ") + parts.args[n]) for n in names if n in parts.args
        ]
        if lines:
            blocks.append("\n".join([f"{title}:", *lines]))
    blocks += [f"{title}:\n{textwrap.indent(text, '    ')}" for title, text in parts.others.items()]
    return "\n\n".join(block for block in [*blocks, parts.example] if block)


def as_class(function: Callable | None, title: str, name: str, own: Mapping[str, str], inputs: Mapping[str, str],
             written: Sections, defaults: Mapping[str, Any] = {}) -> str:  # fmt: skip
    """The docstring of a class whose objects call ``function``.

    Args:
        function (Callable | None): a documented function; None if nothing is to be taken.
        title (str): the first line.
        name (str): the class's name, for the example.
        own (Mapping[str, str]): the arguments of the constructor; the names of the function's for them, if it has them.
        inputs (Mapping[str, str]): the same for the arguments of the call.
        written (Sections): what is not to be taken from the function.
        defaults (Mapping[str, Any]): the defaults of the constructor's arguments.

    Returns:
        str.
    """
    known = {mine: theirs for mine, theirs in {**own, **inputs}.items() if theirs}
    parts = _under_names(sections((function.__doc__ if function else None) or ""), known)
    given = parts.args | written.args
    for argument in own:
        if argument in given:
            text = re.sub(r" Default: .*$", "", given[argument])
            given[argument] = f"{text} Default: {_shown(defaults[argument])}." if argument in defaults else text
    about = [written.summary or parts.summary, written.text or parts.text]
    example = written.example
    if function and not example:
        targets = [[m for m in own if own[m]], [m for m in inputs if inputs[m]]]
        example = rewritten(parts.example, function, name, targets, known)
    return render(
        Sections(title, "\n\n".join(filter(None, about)), given, parts.others | written.others, example), list(inputs)
    )


def _filled(line: str) -> str:
    return textwrap.fill(
        line, 116, initial_indent="    ", subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False
    )


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """``text`` with other names of arguments in its code."""
    changed = {k: v for k, v in names.items() if k != v}
    word = lambda found: changed.get(found[0], found[0])
    return (
        re.sub(r"``[^`]+``", lambda code: re.sub(r"\b[A-Za-z_]\w*\b(?!\()", word, code[0]), text) if changed else text
    )


def _with_default(text: str, default: Any, theirs: Any) -> str:
    """The description of an argument that ends with its default; ``theirs`` is the default that ``text`` speaks of."""
    at = text.find(" Default: ")
    if at >= 0 and (theirs is ... or (type(theirs) is type(default) and theirs == default)):
        return text
    text = text if at < 0 else text[:at]
    return text if default is inspect.Parameter.empty else f"{text} Default: {_shown(default)}."


def _shown(default: Any) -> str:
    if isinstance(default, str):
        return f'"{default}"'
    return (
        str(getattr(default, "name", None) or default)
        if not isinstance(default, (int, float, tuple))
        else repr(default)
    )


def rewritten(
    example: str, function: Callable, name: str, targets: Sequence[Sequence[str]], names: Mapping[str, str]
) -> str:
    """An example of ``function`` with calls of ``name`` in place of its own.

    Args:
        example (str): lines of ``>>>`` and what they print.
        function (Callable): what they call.
        name (str): what is to be called.
        targets (Sequence[Sequence[str]]): the arguments of the call; for a class two lists: those of the constructor and
            those of the call.
        names (Mapping[str, str]): the names of the function's arguments for those of ``targets``.

    Returns:
        str; empty if a call has arguments that the targets have not.
    """
    if name == function.__name__ and targets == [in_order(function)]:
        return example
    lines: list[str] = []
    for found in re.finditer(r"^>>> (.*(?:\n\.\.\. .*)*)(?:\n((?:(?!>>> ).*(?:\n|$))*))?", example, re.MULTILINE):
        source = _calls_replaced(found[1].replace("\n... ", "\n"), function, name, targets, names)
        if source is None:
            return ""
        first, *more = source.splitlines()
        lines += [f">>> {first}", *(f"... {line}" for line in more), *(found[2] or "").splitlines()]
    return "\n".join(lines)


def _calls_replaced(source, function, name, targets, names) -> str | None:
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call) and _is_call_of(n, function.__name__)]
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    data = source.encode()
    for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset), reverse=True):  # inner calls and later ones first
        begin = starts[node.lineno - 1] + node.col_offset
        call = _matching(data.decode(), begin)
        made = _call(call, function, name, targets, names)
        if made is None:
            return None
        data = data[:begin] + made.encode() + data[begin + len(call.encode()) :]
    return data.decode()


def _matching(source: str, begin: int) -> str:
    """The call that begins at a place of ``source``: up to the bracket that closes it."""
    for end in range(begin + 1, len(source) + 1):
        if source[end - 1] == ")":
            try:
                if isinstance(ast.parse(source[begin:end], mode="eval").body, ast.Call):
                    return source[begin:end]
            except SyntaxError:
                pass
    return source[begin:]


def _is_call_of(node: ast.Call, name: str) -> bool:
    called = node.func
    if isinstance(called, ast.Attribute):  # ms.ops.add, not the method x.add
        return called.attr == name and ast.unparse(called.value) in ("ms.ops", "ops", "F")
    return isinstance(called, ast.Name) and called.id == name


def _call(call: str, function, name: str, targets, names: Mapping[str, str]) -> str | None:
    node = ast.parse(call, mode="eval").body
    assert isinstance(node, ast.Call)
    segment = lambda part: ast.get_source_segment(call, part) or ""
    if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return None
    try:
        bound = inspect.signature(function).bind(
            *map(segment, node.args), **{k.arg or "": segment(k.value) for k in node.keywords}
        )
    except TypeError:
        return None
    mine = {theirs: m for m, theirs in names.items()}
    given: dict[str, Any] = {}
    for argument, value in bound.arguments.items():
        if argument not in mine:
            return None
        given[mine[argument]] = value
    by_keyword = {mine.get(k.arg or "", "") for k in node.keywords}
    out = name
    for target in targets:
        written: list[str] = []
        by_place = True
        for argument in target:
            if argument not in given:
                by_place = False
            elif isinstance(given[argument], tuple):
                written += given[argument]
            else:
                plain = by_place and argument not in by_keyword
                by_place = by_place and plain
                written.append(given[argument] if plain else f"{argument}={given[argument]}")
        out += f"({', '.join(written)})"
    return out if sum(len(t) for t in targets) >= len(given) else None
