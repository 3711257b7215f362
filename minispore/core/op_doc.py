"""Docstrings of the functions of elementwise ops, from their definitions: formula, types, gradient and an example."""

import linecache
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

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
    """A call with values of the op's first sample, rounded, and what it prints."""
    with np.errstate(all="ignore"):
        arrays = [_short(sample.make(k)) for k, sample in enumerate(op.samples[0])]
    if op.types == "float":
        arrays = [a.astype(np.float32) for a in arrays]
    shown = ", ".join(
        f"ms.Tensor({a.tolist() if a.dtype.kind != 'f' else [round(float(v), 1) for v in a]})" for a in arrays
    )
    return [">>> import minispore as ms", f">>> print({op.name}({shown}))", str(op.evaluate(*arrays)[0])]


def _short(array: np.ndarray) -> np.ndarray:
    first = np.resize(array.reshape(-1), 3)
    return first if first.dtype.kind != "f" else np.round(first, 1)
