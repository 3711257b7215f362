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
    "dtype": "DTypeLike", "DType": "DTypeLike", "type": "DTypeLike", "float16": "DTypeLike", "list": "Items", "lists": "Items", "tuple": "Items",
    "sequence": "Sequence[Any]", "pair": "Items", "set": "set[Any]", "bytes": "bytes", "iterable": "Iterable[Any]", "iterator": "Iterable[Any]",
    "dict": "Mapping[Any, Any]", "dicts": "Mapping[Any, Any]", "function": "Callable[..., Any]", "functions": "Callable[..., Any]",
    "Callable": "Callable[..., Any]", "callable": "Callable[..., Any]", "path": "Path", "directory": "Path", "file": "Path",
    "ndarray": "NDArray[Any]", "initializer": "Initializer | str | Number | Tensor", "optimizer": "Optimizer",
    "Optimizer": "Optimizer", "Cell": "Cell", "Cells": "Cell", "Dataset": "Dataset", "LearningRateSchedule": "LearningRateSchedule",
    "Sampler": "Sampler", "Initializer": "Initializer", "CellList": "CellList", "Generator": "Any", "array": ANY, "arrays": ANY, "object": ANY, "Any": ANY, "value": ANY, "values": ANY,
    "Callback": "Callback", "Callbacks": "Callback", "dataset": "Batched", "datasets": "Batched", "schedule": "LearningRateSchedule | Cell", "transform": "Callable[..., Any]",
    "transforms": "Callable[..., Any]", "paths": "Path",
    **{name: name for name in (
        "AutoAugmentPolicy", "Border", "CheckpointConfig", "ConvertMode", "DynamicLossScaleUpdateCell", "FixedLossScaleUpdateCell", "ImageBatchFormat", "Inter", "Metric",
        "Model", "NormalizeForm", "Relational", "Schema", "SliceMode", "TransformerDecoderLayer", "TransformerEncoderLayer", "Vocab",
    )},
}  # fmt: skip
CONTAINERS = {"tuple": "Sequence", "list": "Sequence", "Tuple": "Sequence", "List": "Sequence", "sequence": "Sequence"}
_SINGULAR = {
    "ints": "int", "floats": "float", "numbers": "Number", "bools": "bool", "strs": "str", "str": "str", "strings": "str", "names": "str",
    "Tensors": "Tensor", "Parameters": "Parameter", "Cells": "Cell", "paths": "Path", "functions": "Callable[..., Any]", "dicts": "Mapping[Any, Any]",
    "transforms": "Callable[..., Any]", "datasets": "Dataset", "number": "Number", "int": "int", "float": "float", "Callbacks": "Callback",
}  # fmt: skip
_LIST = r"\b(?:tuple|list|sequence|pair|set)s?(?: or (?:tuple|list))?"
_BRACKET = r"\((?:[a-z][\w ]*, )+[a-z][\w ]*\)"  # "(height, width)"
_ITEM = re.compile(
    rf"({_LIST}|{_BRACKET}|two|three|four)(?: \[[^\]]*\]| \([^()]*\))? of (?:(?:as many|one|\w+) )?({'|'.join(_SINGULAR)})\b"
)
_THEM = re.compile(
    rf"{_LIST} of (?:as many|them|one|\d(?: of them)?)\b(?! (?:int|float|number|value)s?)"
)  # "int, or a list of them"
_GROUP = re.compile(rf"(?:^|\bor |, ){_BRACKET}|(?:or|,) one for each|one of each")  # "int, or (height, width)"
_SIMPLE = (
    "int",
    "float",
    "Number",
    "Tensor",
    "Parameter",
    "Callback",
    "Path",
    "str",
    "Callable[..., Any]",
    "DTypeLike",
    "bool",
    "Cell",
    "Dataset",
)


def joined(types: list[str]) -> str:
    """A union, each member once; Any if there is nothing, or an Any, in it."""
    parts = list(dict.fromkeys(part for text in types for part in _members(text)))
    if not parts or ANY in parts:
        return ANY
    if "Sequence[Any]" in parts:
        parts = [p for p in parts if p == "Sequence[Any]" or (not p.startswith("Sequence[") and p != "Items")]
    if "Items" in parts:
        parts = [p for p in parts if not p.startswith("Sequence[")]
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


def of_argument(text: str, default: Any = None) -> str:
    """The annotation of an ``Args`` entry, either "(type): ..." or prose that begins with a type or ends with one.

    >>> of_argument("int, the length of the last axis.  Default: 3."), of_argument("(Tensor): any shape.")
    ('int', 'Tensor')
    >>> of_argument("a name such as 'relu', a Cell or a function."), of_argument("the same for the bias.")
    ('str | Cell | Callable[..., Any]', 'Any')
    >>> of_argument("int, or (height, width): the lengths of the window."), of_argument("path, or a list of them.")
    ('int | Sequence[int]', 'Path | Sequence[Path]')
    >>> of_argument("how many steps, a positive int."), of_argument("Tensor of floats, shape (N, C) or (N, C, L).")
    ('int', 'Tensor')
    >>> of_argument("whether it is clipped.", True), of_argument("the value after the last step.", 0.0)
    ('bool', 'Number | Tensor')
    """
    found = re.match(r"\(((?:[^()]|\([^()]*\))*)\):", text)
    if found:
        return of_expression(found[1].removesuffix(", optional"))
    if re.search(r"\b(ignored|accepted)\b|(?:\bor|,) an? (?:nested )?structure\b", text.partition(". ")[0]):
        return ANY
    text = re.sub(r"\bDefault: .*|``[^`]*``|=.*|\{[^{}]*\}", " ", text)
    text = re.sub(r",? (?:of )?shape \([^()]*\)(?:(?:, or|,| or) \([^()]*\))*", "", text)  # of a Tensor
    text = re.sub(r"\bTensor of (?:the )?(?:floats|ints|numbers|bools)\b", "Tensor", text)
    told = text
    if not re.search(r"\b[Oo]r an? |; or", text.partition("; ")[2]):
        text = text.split("; ")[0]
    if text.startswith('"'):
        return "str" if not re.search(r"\b(Tensor|function|list|Cell|int)\b", text) else ANY
    if re.match(r"\d+(?: \(the default\))?(?:, \d+)* or \d+", text):
        return "int"
    first = re.match(r"(?:(?:a|an|the|one|odd|positive|integer|0-d|1-d|2-d|\(nested\)|NumPy) )*(\w+)", text)
    begins = re.match(_BRACKET, text) or _ITEM.match(text)
    if not begins and (
        first is None
        or first[1] not in WORDS
        or (re.match(r"(?:the|which) ", text) and first[1] not in ("path", "type"))
    ):
        late = re.search(r"[,:] an? (?:positive |non-negative |odd |NumPy )?(\w+)", text)
        known = late and WORDS.get(late[1], ANY) != ANY and not re.match(r"an? ", text)
        return of_argument(text[late.start() + 2 :]) if known else _by_default(told, default)  # type: ignore[union-attr]
    if not begins and first is not None:
        if WORDS[first[1]] == ANY or first[1] in (
            "numbers",
            "ints",
            "floats",
            "strings",
            "Tensors",
            "Parameters",
            "Cells",
        ):
            return ANY
    if "Parameters" in text and "group" in text:
        return (
            "Iterable[object]"  # Parameters, or dicts: a list of these that a variable holds is often a list of objects
        )
    if "a value for each step" in text:  # a rate; any iterable would admit a str
        return "Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule"
    text = re.split(r"\.\s+(?=[A-Z`])(?!Or )", text)[0]
    types = [_of_items(kind, item) for kind, item in _ITEM.findall(text)]
    groups = bool(_GROUP.search(_ITEM.sub(" ", text)) or _THEM.search(text))
    rest = _THEM.sub(" ", _ITEM.sub(" ", text))
    if not (re.search(r" or |, (?:a|an|its|None)\b", text) or groups):
        return types[0] if begins and types else "Items" if begins else WORDS[first[1]]  # type: ignore[index]
    rest = re.sub(r"\([^()]*\)", " ", rest)
    rest = re.sub(r"\bthe \w+s\b", " ", re.sub(r"\b(NumPy )?arrays?\b", "ndarray", rest))
    types += [WORDS[w] for w in re.findall(r"\b[A-Za-z]\w*\b", rest) if WORDS.get(w, ANY) != ANY]
    if groups:
        inner = [t for t in types if t in _SIMPLE] or (
            ["Number"] if type(default) is tuple and _numbers(default) else []
        )
        types.append(f"Sequence[{joined(inner + ['None'] * ('None in it' in told))}]" if inner else "Items")
    return joined(types + ["str"] * ('"' in rest))


def _of_items(kind: str, item: str) -> str:
    return f"set[{_SINGULAR[item]}]" if kind == "set" else f"Sequence[{_SINGULAR[item]}]"


def _numbers(values: tuple) -> bool:
    return all(type(v) in (int, float) for v in values)


def _by_default(text: str, default: Any) -> str:
    """The annotation of what prose describes without its type: that of a default, unless the prose has words of another type."""
    words = {WORDS[w] for w in re.findall(r"\b[A-Za-z]\w*\b", text) if w in WORDS and w not in ("value", "values")} - {
        "None"
    }
    if type(default) is bool and words <= {"bool"} and '"' not in text:
        return "bool"
    if type(default) in (int, float) and words <= {"int", "float", "Number", "Tensor", "Parameter"} and '"' not in text:
        return "Number | Tensor"
    return "str" if type(default) is str and '"' in text and words <= {"str"} else ANY


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
        return any(p.startswith(("Sequence", "Iterable", "Shape", "Items")) for p in parts)
    return True


def of_keywords(text: str) -> dict[str, str]:
    """The keywords that the entry of ``**kwargs`` names, each with its type; empty if it does not list them.

    >>> of_keywords("``use_lazy``: bool, whether rows stand still; ``axis``: int.  Default: 0.")
    {'use_lazy': 'bool', 'axis': 'int'}
    """
    pieces = re.split(r"(?:^|; |, | and )``(\w+)``: ", text)
    return {name: of_argument(told) for name, told in zip(pieces[1::2], pieces[2::2])} if not pieces[0] else {}
