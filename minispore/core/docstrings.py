"""Docstrings that are made: of elementwise ops from their definitions, of what only forwards from the function it calls,
and of passages that several share.
"""

import inspect
import linecache
import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

T = TypeVar("T")

_TYPES = {  # type rule -> (type of the inputs, type of the result)
    "same": ("numbers", "the type of {first}"),
    "float": (
        "numbers; integers and bool are computed in float32",
        "the type of {first}, float32 for integers and bool",
    ),
    "compare": ("numbers", "bool"),
    "logical": ("taken as bool", "bool"),
    "test": ("numbers", "bool"),
    "int": ("integers or bool", "the type of {first}"),
    "select": ("numbers", "the type of the values"),
}


def describe(op: Any, parameters: Sequence[str], what: str = "", example: bool = False) -> str:
    """The docstring of the function of an elementwise op whose parameters have these names."""
    several = len(op.args) > 1
    taken, given = _TYPES.get(op.types, ("numbers", "a type of its own"))
    if several and op.types in ("same", "float", "int"):
        given = "the common type of the inputs" + (", float32 for integers and bool" if op.types == "float" else "")
    formula = _renamed(op.expression, op.args, parameters)
    lines = [f"{what or 'An elementwise op'}: ``{formula}``.", "", "Args:"]
    for k, name in enumerate(parameters):
        kind = "Tensor, number" if several else "Tensor"
        rule = "taken as bool" if op.types == "select" and k == 0 else taken
        shape = "any shape" if k == 0 else f"a shape that broadcasts against ``{parameters[0]}``"
        lines.append(f"    {name} ({kind}): {shape}; {rule}.")
    where = "the broadcast shape of the inputs" if several else f"the shape of ``{parameters[0]}``"
    lines += ["", "Returns:", f"    Tensor of {where}; {given.format(first=f'``{parameters[0]}``')}."]
    raised = ["    TypeError: an input holds floats."] if op.types == "int" else []
    raised += ["    ValueError: the shapes do not broadcast."] if several else []
    lines += ["", "Raises:", *raised] if raised else []
    lines += ["", *_gradient(op, parameters)]
    lines += ["", *_example(op)] if example else []
    return "\n".join(lines)


def _renamed(text: str, names: Sequence[str], new: Sequence[str]) -> str:
    """``text``, an expression, with other names of the inputs."""
    table = dict(zip(names, new))
    return re.sub(r"\b[A-Za-z_]\w*\b(?!\()", lambda found: table.get(found[0], found[0]), text)


def _gradient(op: Any, parameters: Sequence[str]) -> list[str]:
    if op.vjp is None:
        return ["It has no gradient: derivatives are zero."]
    lines = ["Gradients, with ``g`` for the gradient of the result ``out``:"]
    count: dict[int, int] = {}  # lambdas on one line of source are told apart by their order
    for name, function in zip(parameters, op.vjp):
        if function is not None:
            line = function.__code__.co_firstlineno
            text = _lambda_body(function.__code__.co_filename, line, count.get(line, 0))
            count[line] = count.get(line, 0) + 1
            if text:
                lines.append(f"    {name}: ``{_renamed(text, op.args, parameters)}``.")
    return lines if len(lines) > 1 else ["It has a gradient."]


def _lambda_body(path: str, line: int, k: int) -> str:
    """The source of the body of the ``k``-th lambda that begins on a line; empty if it is not to be had."""
    text = "".join(linecache.getlines(path)[line - 1 : line + 3])
    pieces = text.split("lambda ")
    if len(pieces) <= k + 1:
        return ""
    text = "lambda ".join(pieces[k + 1 :])
    begin, depth = text.find(": ") + 2, 0
    for at in range(begin, len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0 or (depth == 0 and text[at] in ",\n"):
            return " ".join(text[begin:at].split())
    return ""


def _example(op: Any) -> list[str]:
    """A call with values from the range of the op's first sample, and what it prints."""
    arrays = [_values(sample, k) for k, sample in enumerate(op.samples[0])]
    shown = ", ".join(f"ms.Tensor({[round(v, 1) if type(v) is float else v for v in a.tolist()]})" for a in arrays)
    return [">>> import minispore as ms", f">>> print({op.name}({shown}))", str(op.evaluate(*arrays)[0])]


def _values(sample: Any, k: int) -> np.ndarray:
    """Three numbers such as the sample describes; other ones for each input ``k``."""
    if sample.kind == "b":
        return np.array([[True, True, False], [True, False, False]][k % 2])
    parts = [[0.15, 0.6, 0.9], [0.8, 0.6, 0.25], [0.3, 0.1, 0.9]][k % 3]
    values = np.round([sample.lo + (sample.hi - sample.lo) * part for part in parts], 1)
    values = np.where(np.abs(values) < sample.gap, sample.gap, values)
    return values.astype(np.int64 if sample.kind == "i" else np.float32)


# ---------------------------------------------------------------- of what several docstrings share
def documented(**passages: str) -> Callable[[T], T]:
    """A decorator that puts each passage into a docstring where it says ``{name}``, indented as that line is.

    Args:
        **passages: texts by name, put in one after the other: an earlier one may hold the ``{name}`` of a later one.

    Returns:
        a decorator of classes and functions, which changes nothing but the docstring.

    >>> @documented(shapes="x: Tensor of shape {axes}.", axes="(N, C)")
    ... def f(x):
    ...     '''Inputs:
    ...         {shapes}
    ...     '''
    >>> print(f.__doc__.strip())
    Inputs:
            x: Tensor of shape (N, C).
    """

    def decorate(target: T) -> T:
        text = target.__doc__ or ""  # none under python -OO
        for name, passage in passages.items():
            key, lines = f"{{{name}}}", text.split("\n")
            for k, line in enumerate(lines):
                if key in line:
                    indent = line[: len(line) - len(line.lstrip())]
                    lines[k] = line.replace(key, re.sub(r"\n(?!\n)", "\n" + indent, passage))
            text = "\n".join(lines)
        target.__doc__ = text or None
        return target

    return decorate


# ---------------------------------------------------------------- of what forwards to a function
_TITLES = r"^(Args|Returns|Raises|Inputs|Yields|Gradients[^\n]*):\n"


class Sections(NamedTuple):
    """A Google-style docstring in parts: ``args`` by name, ``example`` with the lines that begin with ``>>>``."""

    summary: str
    text: str
    args: dict[str, str]
    others: dict[str, str]  # Returns, Raises, ... by their titles
    example: str


def sections(doc: str) -> Sections:
    """The parts of a docstring.

    >>> parts = sections("Adds.\\n\\nArgs:\\n    x: a number.\\n\\nReturns:\\n    The sum.\\n\\n>>> 1 + 1\\n2")
    >>> parts.summary, parts.args, parts.others, parts.example
    ('Adds.', {'x': 'a number.'}, {'Returns': 'The sum.'}, '>>> 1 + 1\\n2')
    """
    doc = inspect.cleandoc(doc)
    at = doc.find(">>>")
    body, example = (doc, "") if at < 0 else (doc[:at], doc[at:])
    summary, _, rest = body.partition("\n\n")
    if re.match(_TITLES, body):  # no summary
        summary, rest = "", body
    pieces = re.split(_TITLES, rest, flags=re.MULTILINE)
    plain = lambda text: "\n\n".join(textwrap.dedent(part) for part in text.split("\n\n")).strip()
    found = {title: plain(text) for title, text in zip(pieces[1::2], pieces[2::2])}
    args = {}
    for entry in re.split(r"\n(?=\S)", found.pop("Args", "")):
        head, colon, text = entry.partition(":")
        for name in head.split(" (")[0].split(",") if colon else ():
            args[name.strip()] = (f"({head.partition(' (')[2]}: " if " (" in head else "") + " ".join(text.split())
    return Sections(" ".join(summary.split()), pieces[0].strip(), args, found, example.strip())


class LazyDocstring:
    """A class's ``__doc__`` that is made when it is first read."""

    def __init__(self, make: Callable[[], str]):
        self.make, self.made = make, ""

    def __get__(self, instance, owner) -> str:
        self.made = self.made or self.make()
        return self.made


def _section(title: str, args: dict[str, str], names: Sequence[str]) -> list[str]:
    """The lines of a section that lists the arguments of these names, those that are documented."""
    known = [n for n in names if n in args]
    listed = [f"    {n}{'' if args[n].startswith('(') else ':'} {args[n]}" for n in known]
    return ["", f"{title}:", *listed] if known else []


def in_place(doc: str, name: str, parameters: Sequence[str]) -> str:
    """The docstring of the in-place method ``name`` of Tensor, which stores what the function documented by ``doc`` gives.

    Args:
        doc: the docstring of the function, or of the method that is not in place.
        name: the method's name, such as "exp_".
        parameters: the function's parameters; the first one is the Tensor.

    >>> text = "Adds.\\n\\nArgs:\\n    x: a number.\\n    y: another.\\n\\n>>> print(add(ms.Tensor([1]), 2))\\n[3]"
    >>> print(in_place(text, "add_", ["x", "y"]).partition(">>> ")[2])
    print(ms.Tensor([1]).add_(2))
    [3]
    """
    parts = sections(doc.replace(f"``{parameters[0]}``", "the Tensor"))
    lines = [parts.summary, "", "In place: the result takes the place of the Tensor's values, in its type."]
    lines += [*_section("Args", parts.args, parameters[1:]), "", "Returns:", "    The Tensor itself."]
    if "Raises" in parts.others:
        lines += ["", "Raises:", textwrap.indent(parts.others["Raises"], "    ")]
    example = re.sub(r"print\(\w+\((ms\.Tensor\([^()]*\))(?:, )?(.*)\)\)", rf"print(\1.{name}(\2))", parts.example)
    return "\n".join([*lines, "", example.replace(f".{name.rstrip('_')}(", f".{name}(")])
