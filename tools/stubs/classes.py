"""The declarations of classes: bases, constructor, methods, properties, and what the code sets on ``self``."""

import ast
import enum
import inspect
import re
import sys
import textwrap
import types
from functools import cache
from keyword import iskeyword
from typing import Any

from annotations import EMPTY, PACKAGE, rendered, unshadowed
from functions import function_text, listed, parameters_of, result_of
from phrases import ANY, of_result

from minispore.core.docstrings import sections

BINARY = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()
COMPARE = "eq ne lt le gt ge".split()
PROTOCOL = {  # special methods: arguments and result
    "__len__": "self) -> int", "__bool__": "self) -> bool", "__int__": "self) -> int", "__float__": "self) -> float", "__index__": "self) -> int",
    "__contains__": "self, item: object) -> bool", "__enter__": "self) -> Self",
    "__exit__": "self, *exception: Any) -> None", "__getitem__": "self, key: Any) -> Any", "__setitem__": "self, key: Any, value: Any) -> None",
    "__delitem__": "self, key: Any) -> None", "__iter__": "self) -> Iterator[Any]", "__next__": "self) -> Any",
    "__complex__": "self) -> complex",
}  # fmt: skip
TENSORS = {
    "weight",
    "gamma",
    "beta",
    "moving_mean",
    "moving_variance",
    "embedding_table",
    "global_step",
}  # of layers and optimizers
MAYBE = {"bias", "learning_rate", "weight_decay"}


def special_text(name: str, item: Any, is_tensor: bool) -> str:
    """The declaration of a special method; empty for those that say nothing to a checker."""
    if is_tensor:
        bare = name.strip("_")
        if bare in BINARY or (bare[:1] == "r" and bare[1:] in BINARY):
            return f"def {name}(self, other: Operand) -> Tensor: ...\n"
        if bare[:1] == "i" and bare[1:] in BINARY:
            return f"def {name}(self, other: Operand) -> Self: ...\n"
        if bare in COMPARE:
            other = "object" if bare in ("eq", "ne") else "Operand"
            return f"def {name}(self, other: {other}) -> Tensor: ...\n"
        fixed = {
            "__getitem__": "self, key: Any) -> Tensor", "__iter__": "self) -> Iterator[Tensor]", "__neg__": "self) -> Tensor",
            "__pos__": "self) -> Tensor", "__abs__": "self) -> Tensor", "__invert__": "self) -> Tensor", "__round__": "self, n: int = 0) -> Tensor",
            "__array__": "self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]",
        }  # fmt: skip
        if name in fixed:
            return f"def {name}({fixed[name]}: ...\n"
        if name in ("__hash__",):
            return "def __hash__(self) -> int: ...\n"
        if name.startswith("__dlpack"):
            return f"def {name}(self, *args: Any, **kwargs: Any) -> Any: ...\n"
    bare = name.strip("_")
    if bare in BINARY or (bare[:1] in "ri" and bare[1:] in BINARY):
        return f"def {name}(self, other: Any) -> {result_of(item, inspect.getdoc(item) or '', {}) if item.__doc__ else 'Any'}: ...\n"
    if name == "__getattr__":
        return "def __getattr__(self, name: str) -> Any: ...\n"
    if name in PROTOCOL:
        return f"def {name}({PROTOCOL[name]}: ...\n"
    return ""


@cache
def set_on_self(cls: type) -> dict[str, str]:
    """The public attributes that the code of a class sets on ``self``."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return {}
    found = {}
    for node in ast.walk(tree):  # what is only read is set by other means, such as setattr
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
            and not node.attr.startswith("_")
        ):
            found.setdefault(node.attr, ANY)
    found.update(
        {
            name: ANY
            for name in re.findall(
                r"^    (\w+):", sections(inspect.getdoc(cls) or "").text.partition("Attributes:")[2], re.MULTILINE
            )
        }
    )
    found.update({name: ANY for name in vars(cls).get("__annotations__", ()) if not name.startswith("_")})
    return found


class Classes:
    """Writes the declarations of classes.

    Args:
        by_hand: as in ``Stubs``.
        used: set of those keys of ``by_hand`` that were written; it grows.
        wanted: dict module -> names that its stub needs; it grows.
        imports: dict module -> name -> module below the package that it is imported from; it grows.
    """

    def __init__(self, by_hand, used, wanted, imports):
        self.by_hand, self.used, self.wanted, self.imports = by_hand, used, wanted, imports

    def base_text(self, module: str, base: type) -> str:
        if base is object:
            return ""
        if base.__module__.startswith(PACKAGE) and "." not in base.__qualname__:
            if base.__module__ == module:
                self.wanted[module].add(base.__name__)
                return base.__name__
            if hasattr(sys.modules[base.__module__], base.__name__):
                self.wanted[base.__module__].add(base.__name__)
                alias = (
                    f"_{base.__name__}"
                    if hasattr(sys.modules[module], base.__name__)
                    and getattr(sys.modules[module], base.__name__) is not base
                    else ""
                )
                self.imports[module][f"{base.__name__} as {alias}" if alias else base.__name__] = base.__module__[
                    len(PACKAGE) + 1 :
                ]
                return alias or base.__name__
            return ", ".join(filter(None, (self.base_text(module, b) for b in base.__bases__)))
        if base.__module__ == "builtins":
            return {"tuple": "tuple[Any, ...]", "dict": "dict[str, Any]", "list": "list[Any]"}.get(
                base.__name__, base.__name__
            )
        return {"Enum": "Enum", "IntEnum": "IntEnum"}.get(base.__name__, "")

    def text(self, module: str, name: str, cls: type) -> str:
        if issubclass(cls, enum.Enum):
            kind = "IntEnum" if issubclass(cls, int) else "Enum"
            members = "".join(
                f"    {m} = {v.value!r}\n" if type(v.value) in (int, str) else f"    {m} = ...\n"
                for m, v in cls.__members__.items()
            )
            return f"class {name}({'str, ' if issubclass(cls, str) else ''}{kind}):\n{members or '    ...'}"
        if issubclass(cls, tuple) and hasattr(cls, "_fields") and cls.__bases__ == (tuple,):
            hints, scope = cls.__annotations__, vars(sys.modules[cls.__module__])
            members = "".join(
                f"    {f}: {rendered(hints.get(f, Any), scope)}{' = ...' if f in cls._field_defaults else ''}\n"
                for f in cls._fields
            )
            return f"class {name}(NamedTuple):\n{members}" + textwrap.indent(
                "".join(self.members(module, cls, skip={*cls._fields, "count", "index"})), "    "
            )
        bases = list(dict.fromkeys(filter(None, (self.base_text(module, b) for b in cls.__bases__))))
        written = self.by_hand.get((module, f"{name}.class"), "")
        head = written if "[" in written else f"class {name}{'(' + ', '.join(bases) + ')' if bases else ''}:\n"
        self.used.add((module, f"{name}.class"))
        members = self.members(module, cls)
        text = unshadowed("".join(members), set(re.findall(r"^(?:def )?(\w+)", "".join(members), re.MULTILINE)))
        return head + (textwrap.indent(text, "    ") if members else "    ...\n")

    def members(self, module: str, cls: type, skip: set[str] = frozenset()) -> list[str]:
        """The declarations of what a class has of its own."""
        from minispore import Tensor, nn

        out, own, scope = [], dict(vars(cls)), vars(sys.modules[cls.__module__])
        hidden = [
            b
            for b in cls.__bases__
            if b.__module__.startswith(PACKAGE) and not hasattr(sys.modules[b.__module__], b.__name__)
        ]
        for base in hidden:
            own = {**vars(base), **own}
        doc = inspect.getdoc(cls) or ""
        attributes = self.attributes(cls)
        if "__init__" not in own and cls.__doc__ and sections(doc).args and cls.__init__ is not object.__init__:
            own["__init__"] = cls.__init__  # the base does not say what its arguments are
        for name, item in sorted(own.items()):
            if name in skip or iskeyword(name):
                continue
            key = (module, f"{cls.__name__}.{name}")
            if key in self.by_hand:
                self.used.add(key)
                out.append(self.by_hand[key])
            elif name == "__init__":
                out.append(self.constructor(cls, doc, scope))
            elif name == "__call__" and issubclass(cls, nn.Cell) and cls.construct is not nn.Cell.construct:
                continue  # by the signature of ``construct``
            elif name in ("construct", "__call__") and inspect.isroutine(item):
                out.append(self.call_text(cls, name, item, doc, scope))
            elif name == "__getattr__" and (cls is Tensor or issubclass(nn.Cell, cls)):
                continue  # for its message
            elif name.startswith("__"):
                out.append(special_text(name, item, cls is Tensor))
            elif name.startswith("_"):
                continue
            elif isinstance(item, property):
                out.append(self.property_text(name, item, scope))
            elif isinstance(item, (staticmethod, classmethod)):
                out.append(function_text(name, item.__func__, cls.__name__, type(item).__name__))
            elif isinstance(item, types.FunctionType):
                text = function_text(name, item, cls.__name__)
                above = next(
                    (vars(b)[name] for b in cls.__mro__[1:] if isinstance(vars(b).get(name), types.FunctionType)), None
                )
                if above is not None and ") -> Any: ..." in text:  # it may say what this one does not
                    text = text.replace(
                        ") -> Any: ...", f") -> {result_of(above, inspect.getdoc(above) or '', scope)}: ..."
                    )
                if cls is Tensor:
                    text = text.replace("-> Self", "-> Tensor")
                elif cls.__name__ == "Dataset":  # data = Source(...); data = data.map(...)
                    text = text.replace("-> Dataset:", "-> Self:").replace("list[Dataset]", "list[Self]")
                out.append(text)
            elif name not in attributes:
                attributes[name] = rendered(own.get("__annotations__", {}).get(name, ANY), scope)
                if attributes[name] == ANY and item is not None and not callable(item):
                    kind = type(item).__name__
                    attributes[name] = kind if kind in ("bool", "int", "float", "str") else ANY
        for key in self.by_hand:
            if key[0] == module and key[1].startswith(f"{cls.__name__}.") and key not in self.used:
                self.used.add(key)
                out.append(self.by_hand[key])
        taken = set(re.findall(r"^(?:def )?(\w+)", "\n".join(out), re.MULTILINE))
        cells = issubclass(cls, nn.Cell)
        for name, kind in sorted(attributes.items()):
            if (
                name not in taken | skip
                and not name.startswith("_")
                and name not in own.keys() - {name for name in own if not callable(own[name])}
            ):
                if cells and name in TENSORS:
                    kind = "Parameter"
                elif cells and name in MAYBE:
                    kind = "Parameter | Any"
                out.append(f"{name}: {kind}\n")
        return [text for text in out if text]

    def attributes(self, cls: type) -> dict[str, str]:
        """The public attributes that a class sets on ``self``, and no base of it."""
        inherited = {n for base in cls.__mro__[1:] for n in (*vars(base), *vars(base).get("__annotations__", ()))}
        for base in cls.__mro__[1:]:  # what a base sets has its type there
            if base.__module__.startswith("minispore."):
                inherited |= set_on_self(base).keys()
        return {n: t for n, t in set_on_self(cls).items() if n not in inherited}

    def constructor(self, cls: type, doc: str, scope: dict) -> str:
        try:
            parameters = parameters_of(cls, doc, False, scope)
        except (TypeError, ValueError):
            return "def __init__(self, *args: Any, **kwargs: Any) -> None: ...\n"
        return f"def __init__({listed(parameters, 'self')}) -> None: ...\n"

    def call_text(self, cls: type, name: str, item: Any, doc: str, scope: dict) -> str:
        """``construct`` of a Cell and ``__call__`` of others: the sections of the class's docstring describe them."""
        from minispore import nn

        own = inspect.getdoc(item) if item.__doc__ else ""
        parameters = parameters_of(item, own if own and "Args:" in own else doc, True, scope)
        if any(p.kind is p.VAR_POSITIONAL for p, _ in parameters):
            text = "self, *args: Any, **kwargs: Any"
        else:
            text = listed(parameters, "self")
        result = result_of(item, own or "", scope) if own and "Returns" in own else ANY
        returns = sections(doc).others.get("Returns", "")
        if result == ANY and returns:
            result = of_result(returns)
        if result == ANY and (issubclass(cls, nn.Cell) or "ops.primitive_classes" in cls.__module__):
            result = "Tensor | Any"
        return f"def {name}({text}) -> {result}: ...\n"

    def property_text(self, name: str, item: property, scope: dict) -> str:
        written = getattr(inspect.unwrap(item.fget), "__annotations__", {}).get("return", EMPTY)
        kind = rendered(written, scope) if written is not EMPTY else ANY
        if kind == ANY:
            said = re.search(
                r": (?:a |an )?(Tensor|tuple of ints|int|bool|float|str|list of str)\b", inspect.getdoc(item) or ""
            )
            kind = of_result(said[1]) if said else ANY
        text = f"@property\ndef {name}(self) -> {kind}: ...\n"
        return text + (f"@{name}.setter\ndef {name}(self, value: Any) -> None: ...\n" if item.fset is not None else "")
