"""The text of stub files: the public names of a module, each declared, and what the stubs import from one another."""

import inspect
import re
import sys
import types
from collections import defaultdict
from importlib import import_module
from typing import Any

from annotations import BUILTIN, HOMES, PACKAGE, names_of, unshadowed
from classes import Classes
from functions import function_text

from minispore.core.dtype import DType

HEAD = "# Written by tools/stubs from {module}: python tools/stubs.  Not to be edited.\n# mypy: ignore-errors\n"
OUTSIDE = {  # what stubs import from elsewhere
    "collections.abc": ("Callable", "Iterable", "Iterator", "Mapping", "Sequence"), "contextlib": ("AbstractContextManager",), "enum": ("Enum", "IntEnum"), "numpy.typing": ("NDArray",),
    "typing": ("Any", "ClassVar", "Concatenate", "Generic", "Literal", "NamedTuple", "Protocol", "TypeAlias", "overload"),
    "typing_extensions": ("Self",),
}  # fmt: skip


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
        self.texts: dict[str, dict[str, str]] = defaultdict(dict)
        self.classes = Classes(self.by_hand, self.used, self.wanted, self.imports)
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
            return self.classes.text(module, name, item)
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
