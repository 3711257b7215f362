"""The text of stub files: the public names of a module with the types that annotations, docstrings and defaults give."""

import ast
import collections.abc
import enum
import inspect
import re
import sys
import textwrap
import types
import typing
from collections import defaultdict
from functools import cache
from importlib import import_module
from keyword import iskeyword
from typing import Any

import numpy as np
from phrases import ANY, covers, joined, of_argument, of_keywords, of_result

from minispore.core.docstrings import sections
from minispore.core.dtype import DType

PACKAGE = "minispore"
EMPTY = inspect.Parameter.empty
HEAD = "# Written by tools/stubs from {module}: python tools/stubs.  Not to be edited.\n# mypy: ignore-errors\n"
OUTSIDE = {  # what stubs import from elsewhere
    "collections.abc": ("Callable", "Iterable", "Iterator", "Mapping", "Sequence"), "contextlib": ("AbstractContextManager",), "enum": ("Enum", "IntEnum"), "numpy.typing": ("NDArray",),
    "typing": ("Any", "ClassVar", "Concatenate", "Generic", "Literal", "NamedTuple", "Protocol", "TypeAlias", "overload"),
    "typing_extensions": ("Self",),
}  # fmt: skip
HOMES = {  # the classes that annotations name
    "Tensor": "core.tensor", "Parameter": "core.parameter", "ParameterTuple": "core.parameter", "DType": "core.dtype", "Cell": "nn.cell",
    "Optimizer": "nn.optim.optimizer", "LearningRateSchedule": "nn.learning_rate_schedule", "CellList": "nn.container",
    "Dataset": "dataset.dataset", "Sampler": "dataset.samplers", "Initializer": "core.initializer", "Callback": "train.callback.base",
    **dict.fromkeys(("Number", "DTypeLike", "Path", "Operand", "P", "R", "T", "C", "Constructs", "Compiled", "Jit", "Indexed", "Member", "Batches", "Items", "Batched"), "_types"),
    "Inter": "dataset.vision.utils", "Border": "dataset.vision.utils", "ConvertMode": "dataset.vision.utils", "ImageBatchFormat": "dataset.vision.utils", "SliceMode": "dataset.vision.utils",
    "AutoAugmentPolicy": "dataset.vision.policies", "Relational": "dataset.transforms.array", "NormalizeForm": "dataset.text.utils", "Vocab": "dataset.text.vocab", "Schema": "dataset.sources.schema",
    "CheckpointConfig": "train.callback.checkpoint", "Model": "train.model", "Metric": "nn.metrics.metric", "TransformerEncoderLayer": "nn.layer.attention", "TransformerDecoderLayer": "nn.layer.attention",
    "DynamicLossScaleUpdateCell": "nn.wrap.loss_scale", "FixedLossScaleUpdateCell": "nn.wrap.loss_scale",
}  # fmt: skip
HELPERS = (
    "typing",
    "collections",
    "functools",
    "contextlib",
    "dataclasses",
    *(f"{PACKAGE}.core.{m}" for m in ("checks", "errors", "registry", "record")),
)
BUILTIN = {
    "True",
    "False",
    "None",
    "int",
    "float",
    "bool",
    "str",
    "list",
    "dict",
    "tuple",
    "set",
    "bytes",
    "object",
    "type",
}


def unshadowed(text: str, names: set[str]) -> str:
    """Declarations in whose scope some names of builtin types mean something else."""
    hidden = "|".join(sorted(names & BUILTIN))
    spots = rf"(?<=-> )({hidden})(?=:)|(?<![\w.])(?<!def )({hidden})(?![\w(:])"
    return re.sub(spots, lambda found: f"builtins.{found[0]}", text) if hidden else text


def names_of(module: types.ModuleType) -> list[str]:
    """The public names of a module; without ``__all__``, what it shows that is not another module's helper."""
    shown = getattr(module, "__all__", None)
    if shown is not None and "__dir__" in vars(module):
        shown = [*shown, *(name for name in dir(module) if not name.startswith("_"))]
    if shown is None:
        listed = dir(module) if hasattr(module, "__path__") or "__dir__" in vars(module) else vars(module)
        shown = [name for name in listed if not name.startswith("_")]
        if not hasattr(module, "__path__"):
            foreign = lambda v: isinstance(v, types.ModuleType) or getattr(v, "__module__", "").startswith(HELPERS)
            shown = [name for name in shown if not foreign(getattr(module, name))]
    return sorted({name for name in shown if not iskeyword(name) and name.isidentifier()})


# ---------------------------------------------------------------- annotations in the source
def rendered(annotation: Any, scope: dict) -> str:
    """The annotation of a source as text that a stub can hold; Any where it cannot."""
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, scope)
        except Exception:
            return ANY
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is None or annotation is type(None):
        return "None"
    if annotation is Any or isinstance(annotation, (typing.TypeVar, typing.ParamSpec)):
        return ANY
    if origin in (typing.Union, types.UnionType):
        return joined([rendered(a, scope) for a in inner])
    if origin is tuple:
        return f"tuple[{', '.join('...' if a is ... else rendered(a, scope) for a in inner)}]"
    if origin in (list, set, dict):
        return f"{origin.__name__}[{', '.join(rendered(a, scope) for a in inner)}]"
    if origin in (
        collections.abc.Sequence,
        collections.abc.Iterable,
        collections.abc.Iterator,
        collections.abc.Mapping,
    ):
        return f"{origin.__name__}[{', '.join(rendered(a, scope) for a in inner)}]"
    if origin is collections.abc.Callable or annotation is collections.abc.Callable:
        return "Callable[..., Any]"
    if annotation is np.ndarray:
        return "NDArray[Any]"
    if isinstance(annotation, type):
        if annotation in (list, tuple, dict, set):
            return {"list": "list[Any]", "tuple": "tuple[Any, ...]", "dict": "dict[Any, Any]", "set": "set[Any]"}[
                annotation.__name__
            ]
        if annotation.__module__ == "builtins" and annotation.__name__ in BUILTIN:
            return annotation.__name__
        if annotation.__module__.startswith(PACKAGE) and "." not in annotation.__qualname__:
            HOMES.setdefault(annotation.__name__, annotation.__module__[len(PACKAGE) + 1 :])
            if HOMES[annotation.__name__] == annotation.__module__[len(PACKAGE) + 1 :]:
                return annotation.__name__
    return ANY


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


# ---------------------------------------------------------------- functions
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


# ---------------------------------------------------------------- classes
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


def grouped(lines: list[str]) -> list[str]:
    """Import lines, one for each module."""
    plain = [line for line in lines if line.startswith("import ")]
    by_home: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if not line.startswith("import "):
            _, home, _, names = line.strip().split(" ", 3)
            by_home[home].add(names)
    return sorted(plain) + [
        f"from {home} import {', '.join(sorted(names))}\n" for home, names in sorted(by_home.items())
    ]


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


class Stubs:
    """All stub files: what modules show, and what these need from one another.

    Args:
        by_hand: dict (module, name) -> the text of a declaration that docstrings cannot give; a method is "Class.name".
        public: names of the modules to begin with, below the package.
    """

    def __init__(self, by_hand: dict[tuple[str, str], str], public: list[str]):
        self.by_hand, self.used = by_hand, set()
        self.wanted: dict[str, set[str]] = defaultdict(set)
        self.imports: dict[str, dict[str, str]] = defaultdict(dict)
        self.late = {
            PACKAGE: [
                n
                for n in dir(import_module(PACKAGE))
                if n not in vars(import_module(PACKAGE)) and not n.startswith("__")
            ]
        }
        self.texts: dict[str, dict[str, str]] = defaultdict(dict)
        for path in public:
            module = import_module(f"{PACKAGE}.{path}".rstrip("."))
            self.wanted[module.__name__] |= set(names_of(module))

    def run(self) -> dict[str, str]:
        """module -> text of its stub."""
        done: set[tuple[str, str]] = set()
        while True:
            todo = [(m, n) for m, names in list(self.wanted.items()) for n in names if (m, n) not in done]
            if not todo:
                break
            for module, name in sorted(todo):
                done.add((module, name))
                self.texts[module][name] = self.declared(module, name)
                self.named(module, self.texts[module][name])
        empty = {module: HEAD.format(module=module) for module in self.parents()}
        return {**empty, **{module: self.text(module) for module in sorted(self.texts)}}

    def named(self, module: str, text: str) -> None:
        """Notes the imports that a declaration needs."""
        for name in set(re.findall(r"(?<![\w.])_?[A-Z]\w*\b", text)):
            home = HOMES.get(name)
            if home is None or re.search(rf"\b{name} as |as {name}\b", text) or name in self.wanted[module]:
                continue
            if f"{PACKAGE}.{home}" == module:
                self.wanted[module].add(name)
                continue
            self.imports[module][name] = home
            if home != "_types":
                self.wanted[f"{PACKAGE}.{home}"].add(name)

    def parents(self) -> set[str]:
        """The packages above the stubs that have none: an empty one keeps checkers from reading the sources."""
        above = {m.rpartition(".")[0] for m in self.texts} | {
            m.rsplit(".", 2)[0] for m in self.texts if m.count(".") > 2
        }
        return {m for m in above if m and m not in self.texts}

    def text(self, module: str) -> str:
        own = self.texts[module]
        imported = [t for t in own.values() if t.startswith(("from ", "import "))]
        values = [
            t for n, t in sorted(own.items()) if t and t not in imported and not t.startswith(("class ", "@", "def "))
        ]
        body = [
            own[n] for n in self.in_order(module, [n for n, t in own.items() if t.startswith(("class ", "@", "def "))])
        ]
        first = [t for t in values if re.match(r"\w+: |from ", t)]
        rest = "".join([*first, *("\n" + t for t in body), *(t for t in values if t not in first)])
        rest = unshadowed(rest, {name for name in own if not own[name].startswith("from ")})
        if "Iterator" in own:
            rest = rest.replace(" Iterator[", " collections.abc.Iterator[")
        words = set(re.findall(r"\w+", rest)) - own.keys()
        needed = [f"from {home} import {name}\n" for home, names in OUTSIDE.items() for name in names if name in words]
        needed += [
            f"from {PACKAGE}.{home} import {name}\n" for name, home in self.imports[module].items() if name not in own
        ]
        public = [n for n in names_of(import_module(module)) if n in own]
        shown = f"\n__all__ = {public!r}\n" if public else ""
        numpy = (
            ("import builtins\n" if "builtins." in rest else "")
            + ("import collections.abc\n" if "collections.abc." in rest else "")
            + ("import numpy as np\n" if "np." in rest else "")
        )
        return "".join(
            [HEAD.format(module=module), numpy, *grouped([*needed, *imported]), shown, "\n" if first else "", rest]
        )

    def in_order(self, module: str, names: list[str]) -> list[str]:
        """Names with the base classes of each class before it."""
        found: list[str] = []

        def visit(name: str) -> None:
            if name in found or name not in names:
                return
            item = getattr(import_module(module), name, None)
            for base in getattr(item, "__bases__", ()):
                if base.__module__ == module:
                    visit(base.__name__)
            found.append(name)

        for name in sorted(names):
            visit(name)
        return found

    # ------------------------------------------------------------ one name
    def declared(self, module: str, name: str) -> str:
        if (module, name) in self.by_hand:
            self.used.add((module, name))
            return self.by_hand[module, name]
        item = getattr(import_module(module), name)
        if isinstance(item, types.ModuleType):
            if not item.__name__.startswith(PACKAGE):
                return f"import {item.__name__} as {name}\n"
            self.wanted[item.__name__] |= set(names_of(item))
            parent, _, last = item.__name__.rpartition(".")
            return (
                f"from {parent} import {last} as {name}\n"
                if parent != module or last != name
                else f"from . import {name} as {name}\n"
            )
        home = getattr(item, "__module__", None)
        if (not isinstance(item, type) and not callable(item)) or isinstance(item, DType) or home is None:
            return self.value(module, name, item)
        known = getattr(item, "__name__", "")
        if (home, known) in self.by_hand and (home, known) != (module, name):
            self.wanted[home].add(known)
            return f"from {home} import {known} as {name}\n" if home != module else f"{name} = {known}\n"
        if not str(home).startswith(PACKAGE):
            if (
                home == "builtins"
                or "." in getattr(item, "__qualname__", "")
                or not hasattr(sys.modules.get(home), known)
            ):
                return f"{name}: Any\n"
            return f"from {home} import {known} as {name}\n"
        if home != module or known != name:
            if (
                home in sys.modules
                and vars(sys.modules[home]).get(known) is item
                and known.isidentifier()
                and (home, known) != (module, name)
            ):
                self.wanted[home].add(known)
                return f"from {home} import {known} as {name}\n" if home != module else f"{name} = {known}\n"
        if isinstance(item, type):
            return self.class_text(module, name, item)
        if inspect.isroutine(item):
            return function_text(name, item)
        return self.value(module, name, item)

    def value(self, module: str, name: str, item: Any) -> str:
        kind = type(item)
        if isinstance(item, DType):
            return f"{name}: DType\n"
        if kind.__module__ == "builtins" and kind.__name__ in BUILTIN and kind not in (list, dict, tuple, set, type):
            return f"{name}: {kind.__name__}\n"
        if kind.__module__.startswith(PACKAGE) and "." not in kind.__qualname__:
            self.wanted[kind.__module__].add(kind.__name__)
            if kind.__module__ == module:
                return f"{name}: {kind.__name__}\n"
            HOMES.setdefault(kind.__name__, kind.__module__[len(PACKAGE) + 1 :])
            return f"{name}: {kind.__name__}\n"
        return f"{name}: Any\n"

    # ------------------------------------------------------------ classes
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

    def class_text(self, module: str, name: str, cls: type) -> str:
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
