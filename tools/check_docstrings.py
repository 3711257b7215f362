"""Counts what the docstrings of the public names lack, and fails where there is anything.

Public are: what the public modules below show, and the methods of Tensor.  Each needs a summary, each parameter under
``Args:``, ``Returns:`` if it is a function that returns something, and an example (``>>>``, which the test suite runs).
Names that are one object, generated docstrings and decorated functions count as what ``help`` shows.  pydoclint then
compares the sources with their sections.

``python tools/check_docstrings.py`` prints a line for each module; with names of modules, what these lack.
"""

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from collections import defaultdict
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from docstring_parser import DocstringStyle, parse  # what pydoclint reads docstrings with

from minispore.nn import Cell

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = (
    "", "ops", "ops.optimizer_updates", "nn", "nn.transformer", "nn.metrics", "nn.optim_ex", "mint", "mint.linalg",
    "mint.special", "mint.nn", "mint.nn.functional", "mint.optim", "mint.distributed", "ops.comm_func", "numpy", "transforms", "graph", "inspect", "train", "train.amp",
    "dataset", "dataset.transforms", "dataset.vision", "dataset.text", "dataset.mindrecord", "communication", "parallel",
    "core.context", "core.dtype", "core.initializer", "core.parameter", "core.random", "core.tensor", "core.op", "core.samples",
    "surface.hal", "surface.log", "surface.profiler", "surface.runtime",
)  # fmt: skip
PYDOCLINT = (
    "--style=google", "--arg-type-hints-in-signature=False", "--arg-type-hints-in-docstring=False",
    "--check-return-types=False", "--check-class-attributes=False", "--check-arg-defaults=False",
    "--skip-checking-short-docstrings=True", "--skip-checking-raises=True", "--quiet",
)  # fmt: skip
IGNORED = (
    "DOC108",  # type hints in the signature: some modules have them, for mypy
    "DOC111",  # types in Args: that no annotation repeats
    "DOC201",  # Returns: looked for in the finished docstring, which may have it from a shared passage
    "DOC302",  # Returns of a class: what a call of the Cell returns
    "DOC403", "DOC404",  # Yields without a return annotation
)  # fmt: skip
NOTE = " (Or could be other formatting issues: https://jsh9.github.io/pydoclint/violation_codes.html#notes-on-doc103 )"
PARTS = ("summary", "args", "returns", "example")


class Entry(NamedTuple):
    """A public object, the module that it is from, and the parts that its docstring lacks."""

    name: str
    module: str
    lacks: tuple[str, ...]


def lacks(item, is_method: bool = False) -> tuple[str, ...]:
    """The parts that the docstring of a function or class lacks."""
    doc = inspect.getdoc(item) if not inspect.isclass(item) or "__doc__" in vars(item) else None
    if not doc:
        return PARTS if not inspect.isclass(item) else ("summary", "args", "example")
    found = parse(doc, DocstringStyle.GOOGLE)
    missing = [] if found.short_description else ["summary"]
    try:
        parameters = list(inspect.signature(item).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    if inspect.isclass(item) and (item.__init__ is Cell.__init__ or issubclass(item, Enum)):
        parameters = []  # none but every Cell's
    named = {name.strip().lstrip("*") for p in found.params for name in p.arg_name.split(",")}
    wanted = {p.name for p in parameters[is_method:] if not p.name.startswith("_") and p.name != "self"}
    if wanted - named:
        missing.append("args")
    if not inspect.isclass(item) and found.returns is None and "\nYields:" not in doc and _returns(item):
        missing.append("returns")
    if ">>>" not in doc:
        missing.append("example")
    return tuple(missing)


def _returns(function) -> bool:
    """Whether a function can return something that is not None."""
    try:
        definition = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function)))).body[0]
    except (OSError, TypeError, SyntaxError):
        return True

    def in_body(node) -> bool:
        if isinstance(node, ast.Return):
            return node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):  # has a result of its own
            return False
        return isinstance(node, (ast.Yield, ast.YieldFrom)) or any(map(in_body, ast.iter_child_nodes(node)))

    return not isinstance(definition, ast.FunctionDef) or any(map(in_body, definition.body))


@cache
def entries() -> list[Entry]:
    """All public objects, each once."""
    seen: set[int] = set()
    found = []

    def add(name: str, item, is_method=False) -> None:
        module = getattr(item, "__module__", None) or ""
        if (
            id(item) in seen
            or not module.startswith("minispore")
            or not (inspect.isclass(item) or inspect.isroutine(item))
        ):
            return
        seen.add(id(item))
        if inspect.isclass(item) and issubclass(item, BaseException):
            return
        found.append(Entry(name, module, lacks(item, is_method)))

    for path in PUBLIC:
        module = import_module(f"minispore.{path}" if path else "minispore")
        shown = getattr(module, "__all__", None)
        for name in dir(module) if shown is None else shown:
            item = getattr(module, name)
            own = shown is not None or "." not in path or getattr(item, "__module__", "") == module.__name__
            if own and not name.startswith("_"):
                add(f"{path}.{name}".strip("."), item)
    tensor = import_module("minispore").Tensor
    for name in dir(tensor):
        if not name.startswith("_"):
            add(f"Tensor.{name}", inspect.getattr_static(tensor, name), is_method=True)
    return found


def pydoclint(modules: list[str]) -> dict[str, list[str]]:
    """What pydoclint says of the public functions and classes in the sources of modules."""
    files = {file: m for m in modules if (file := source_of(m)) is not None}
    program = Path(sys.executable).with_name("pydoclint")
    done = subprocess.run([program, *PYDOCLINT, *files], capture_output=True, text=True, cwd=ROOT)
    public = defaultdict(set)
    for entry in entries():
        public[entry.module].add(entry.name.rpartition(".")[2])
    found = defaultdict(list)
    module = ""
    for line in (done.stdout + done.stderr).splitlines():
        module = files.get(line.strip(), module)
        named = re.match(r"\s+\d+: (DOC\d+): \w+ `([\w.]+)`", line)
        if named is not None and named[1] not in IGNORED:
            first, _, last = named[2].partition(".")
            if first in public[module] and (last == "__init__" or not last.startswith("_")):
                found[module].append(line.replace(NOTE, "").strip())
    return found


def source_of(module: str) -> str | None:
    path = inspect.getsourcefile(import_module(module))
    return None if path is None else str(Path(path).relative_to(ROOT))


def main(asked: list[str]) -> int:
    by_module = defaultdict(list)
    for entry in entries():
        by_module[entry.module].append(entry)
    if asked:
        for module in asked:
            for entry in by_module[f"minispore.{module.removeprefix('minispore.')}"]:
                if entry.lacks:
                    print(f"{entry.name}: no {', '.join(entry.lacks)}")
        for said in pydoclint([f"minispore.{m.removeprefix('minispore.')}" for m in asked]).values():
            print(*said, sep="\n")
        return 0
    said = pydoclint(list(by_module))
    print(f"{'module':44}{'names':>7}{'args':>7}{'returns':>9}{'example':>9}{'lacking':>9}{'pydoclint':>11}")
    wrong = []
    for module, held in sorted(by_module.items()):
        lacking = sum(bool(e.lacks) for e in held)
        have = [sum(part not in e.lacks for e in held) for part in PARTS[1:]]
        print(f"{module:44}{len(held):7}{have[0]:7}{have[1]:9}{have[2]:9}{lacking:9}{len(said[module]):11}")
        wrong += [f"{e.name} ({module}): no {', '.join(e.lacks)}" for e in held if e.lacks]
        wrong += [f"{module}: {line}" for line in said[module]]
    total = [e for held in by_module.values() for e in held]
    print(f"{len(total)} public names, {sum(not e.lacks for e in total)} complete")
    print(*wrong, sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
