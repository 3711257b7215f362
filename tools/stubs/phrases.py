"""Types in the words of docstrings, as annotations: "int or tuple of ints" is ``int | Sequence[int]``.

What is not understood is ``Any``: a stub must not refuse a program that runs.
"""

import re
from typing import Any

ANY = "Any"
WORDS = {  # a word of an ``Args`` entry -> the annotation; sequences are taken as any sequence
    "int": "int", "ints": "int", "integer": "int", "integers": "int", "float": "float", "floats": "float", "bool": "bool",
    "number": "Number", "numbers": "Number", "Number": "Number", "True": "bool", "False": "bool", "str": "str", "string": "str", "strings": "str", "name": "str",
    "None": "None", "Tensor": "Tensor", "Tensors": "Tensor", "Parameter": "Parameter", "Parameters": "Parameter",
    "dtype": "DTypeLike", "DType": "DTypeLike", "type": "DTypeLike", "float16": "DTypeLike", "list": "Sequence[Any]", "lists": "Sequence[Any]", "tuple": "Sequence[Any]",
    "sequence": "Sequence[Any]", "pair": "Sequence[Any]", "iterable": "Iterable[Any]", "iterator": "Iterable[Any]",
    "dict": "Mapping[Any, Any]", "dicts": "Mapping[Any, Any]", "function": "Callable[..., Any]", "functions": "Callable[..., Any]",
    "Callable": "Callable[..., Any]", "callable": "Callable[..., Any]", "path": "Path", "directory": "Path", "file": "Path",
    "ndarray": "NDArray[Any]", "initializer": "Initializer | str | Number | Tensor", "optimizer": "Optimizer",
    "Optimizer": "Optimizer", "Cell": "Cell", "Cells": "Cell", "Dataset": "Dataset", "LearningRateSchedule": "LearningRateSchedule",
    "Sampler": "Sampler", "CellList": "CellList", "Generator": "Any", "array": ANY, "arrays": ANY, "object": ANY, "Any": ANY, "value": ANY, "values": ANY,
    "Callback": "Callback", "Callbacks": "Callback",
}  # fmt: skip
CONTAINERS = {"tuple": "Sequence", "list": "Sequence", "Tuple": "Sequence", "List": "Sequence", "sequence": "Sequence"}
_ITEM = re.compile(
    r"(?:tuple|list|sequence|list or tuple|tuple or list|pair)s? of (?:\w+ )?(ints|floats|numbers|bools|strs|str|strings|names|Tensors|Parameters|Cells)\b"
)
_SINGULAR = {
    "ints": "int", "floats": "float", "numbers": "Number", "bools": "bool", "strs": "str", "str": "str", "strings": "str", "names": "str",
    "Tensors": "Tensor", "Parameters": "Parameter", "Cells": "Cell",
}  # fmt: skip


def joined(types: list[str]) -> str:
    """A union, each member once; Any if there is nothing, or an Any, in it."""
    parts = list(dict.fromkeys(part for text in types for part in _members(text)))
    if not parts or ANY in parts:
        return ANY
    if "Sequence[Any]" in parts:
        parts = [p for p in parts if not p.startswith("Sequence[") or p == "Sequence[Any]"]
    if "Number" in parts:
        parts = [p for p in parts if p not in ("int", "float", "bool")]
    return " | ".join([p for p in parts if p != "None"] + ["None"] * ("None" in parts))


def _members(union: str) -> list[str]:
    """The members of a union at the outermost level."""
    depth, parts, last = 0, [], 0
    for at, c in enumerate(union):
        depth += (c in "[(") - (c in "])")
        if c == "|" and not depth:
            parts.append(union[last:at].strip())
            last = at + 1
    return [*parts, union[last:].strip()]


def of_expression(text: str) -> str:
    """The annotation of a type in brackets: ``int | tuple[int] | None``.

    >>> of_expression("int | tuple[int] | None"), of_expression("Tensor, number"), of_expression("Fancy")
    ('int | Sequence[int] | None', 'Tensor | Number', 'Any')
    """
    return joined([_atom(part) for text in _members(text) for part in re.split(r",\s*(?![^\[]*\])", text)])


def _atom(text: str) -> str:
    text = text.strip()
    found = re.fullmatch(r"(\w+)\[(.*)\]", text)
    if found and found[1] in CONTAINERS:
        inner = [of_expression(part) for part in re.split(r",\s*(?![^\[]*\])", found[2]) if part.strip() != "..."]
        return f"Sequence[{joined(inner)}]"
    if found and found[1] in ("Mapping", "dict"):
        return "Mapping[Any, Any]"
    return WORDS.get(text, ANY)


def of_argument(text: str) -> str:
    """The annotation of an ``Args`` entry, either "(type): ..." or prose that begins with a type.

    >>> of_argument("int, the length of the last axis.  Default: 3."), of_argument("(Tensor): any shape.")
    ('int', 'Tensor')
    >>> of_argument("a name such as 'relu', a Cell or a function."), of_argument("the same for the bias.")
    ('str | Cell | Callable[..., Any]', 'Any')
    """
    found = re.match(r"\(((?:[^()]|\([^()]*\))*)\):", text)
    if found:
        return of_expression(found[1].removesuffix(", optional"))
    text = re.sub(r"\bDefault: .*|``[^`]*``|=.*", " ", text)
    if "ignored" in text or "accepted" in text:
        return ANY
    if not re.search(r"\b[Oo]r an? |; or", text.partition("; ")[2]):
        text = text.split("; ")[0]
    if text.startswith('"'):
        return "str" if not re.search(r"\b(Tensor|function|list|Cell|int)\b", text) else ANY
    group = re.search(r"(?:or|,) \([\w ]+, |, one for each|one of each", text)  # "int, or (height, width)"
    alternatives = bool(re.search(r" or |, (?:a|an|its|None)\b", text) or group)
    first = re.match(r"(?:(?:a|an|the|one|positive|integer|0-d|1-d|2-d|\(nested\)|NumPy) )*(\w+)", text)
    if (
        first is None
        or first[1] not in WORDS
        or (re.match(r"(?:the|which) ", text) and first[1] not in ("path", "type"))
    ):
        return ANY
    if WORDS[first[1]] == ANY or first[1] in ("numbers", "ints", "floats", "strings", "Tensors", "Parameters", "Cells"):
        return ANY
    if "Parameters" in text and "group" in text:
        return (
            "Iterable[object]"  # Parameters, or dicts: a list of these that a variable holds is often a list of objects
        )
    if "a value for each step" in text:  # a rate; any iterable would admit a str
        return "Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule"
    if not alternatives:
        item = _ITEM.match(text)
        return f"Sequence[{_SINGULAR[item[1]]}]" if item else WORDS[first[1]]
    types = [f"Sequence[{_SINGULAR[name]}]" for name in _ITEM.findall(text)]
    rest = _ITEM.sub(" ", re.sub(r"\([^()]*\)", " ", text)).replace("NumPy array", "ndarray")
    types += [WORDS[w] for w in re.findall(r"\b[A-Za-z]\w*\b", rest) if WORDS.get(w, ANY) != ANY]
    return joined(types + ["str"] * ('"' in rest) + ["Sequence[Any]"] * bool(group))


_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
_RETURNED = {
    "Tensor": "Tensor", "bool": "bool", "True": "bool", "False": "bool", "int": "int", "float": "float", "str": "str", "DType": "DType", "dtype": "DType",
    "Parameter": "Parameter", "Cell": "Cell", "None": "None", "CommHandle": ANY, "list of str": "list[str]", "list of strings": "list[str]",
    "list of ints": "list[int]", "list of floats": "list[float]", "list of Parameters": "list[Parameter]",
    "list of Tensors": "list[Tensor]", "list of Cells": "list[Cell]", "list": "list[Any]", "dict": "dict[str, Any]", "tuple of Parameters": "tuple[Parameter, ...]",
    "tuple of ints": "tuple[int, ...]", "tuple of Tensors": "tuple[Tensor, ...]", "tuple": "tuple[Any, ...]", "Dataset": "Dataset", "Optimizer": "Optimizer",
    "array": "NDArray[Any]", "ndarray": "NDArray[Any]", "numpy.ndarray": "NDArray[Any]", "tuple[int]": "tuple[int, ...]",
}  # fmt: skip


def of_result(text: str) -> str:
    """The annotation of a ``Returns`` section.

    A result that is a Tensor in most cases is ``Tensor | Any``, which fits wherever one of the others does.

    >>> of_result("Tensor of the shape of ``x``; its type."), of_result("tuple of two Tensors."), of_result("what it gave.")
    ('Tensor', 'tuple[Tensor, Tensor]', 'Any')
    >>> of_result("Tensor of the shape of x, or with ``return_mask`` a tuple of two.")
    'Tensor | Any'
    """
    text = " ".join(text.split())
    text = text[:1].lower() + text[1:] if re.match(r"(Tuple|List|A|An|The) ", text) else text
    text = re.sub(r"^(a|an|the) (?=\w)", "", text)
    several = re.match(r"tuple of (two|three|four|five) (Tensors|ints|floats)", text)
    if several:
        return f"tuple[{', '.join([_SINGULAR[several[2]]] * _COUNTS[several[1]])}]"
    if re.match(r"``\w+`` with its new value|the variable|its new value", text):
        return "Tensor"
    if re.match(r"tuple of (the )?Parameters", text):
        return "tuple[Tensor, ...]"
    if re.match(r"Tensor itself", text):
        return "Tensor"
    best = max((key for key in _RETURNED if re.match(re.escape(key) + r"(?![\w\[])", text)), key=len, default=None)
    if best is None:
        return ANY
    tail = text[len(best) :]
    others = re.search(
        r"\b(or|else|otherwise|with ``[^`]+``)\b[^.]*\b(tuple|list|pair|None|number|dict|Tensor|array|float|int|str)\b",
        tail,
    )
    one = _RETURNED[best]
    if (one == "bool" and best in ("True", "False")) or one == ANY:
        return one
    if others and others[2] == "Tensor" and one != "Tensor":
        return "Tensor | Any"
    return f"{one} | Any" if others and not (one == "Tensor" and others[2] == "Tensor") else one


def covers(annotation: str, default: Any) -> bool:
    """Whether an annotation admits a default value; a wrong one would be worse than none."""
    if annotation == ANY or default is None:
        return True
    parts = _members(annotation)
    wanted = {
        bool: {"bool", "int", "float", "Number"}, int: {"int", "float", "Number"}, float: {"float", "Number"},
        str: {"str", "Path", "DTypeLike"},
    }  # fmt: skip
    if type(default) in wanted:
        return bool(wanted[type(default)] & set(parts)) or ("Sequence[str]" in parts and type(default) is str)
    if isinstance(default, (tuple, list)):
        return any(p.startswith(("Sequence", "Iterable", "Shape")) for p in parts)
    return True


def of_keywords(text: str) -> dict[str, str]:
    """The keywords that the entry of ``**kwargs`` names, each with its type; empty if it does not list them.

    >>> of_keywords("``use_lazy``: bool, whether rows stand still; ``axis``: int.  Default: 0.")
    {'use_lazy': 'bool', 'axis': 'int'}
    """
    pieces = re.split(r"(?:^|; |, | and )``(\w+)``: ", text)
    return {name: of_argument(told) for name, told in zip(pieces[1::2], pieces[2::2])} if not pieces[0] else {}
