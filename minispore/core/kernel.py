"""Kernel source: the input of the machine-code compiler, from a generated loop nest or a hand-written library kernel.

A library kernel is a function in a small part of Python (graph/kernel_compiler.py), next to the op that uses it::

    @kernel
    def double(x: "T*", out: "T*", scale: int, lo, hi):
        for i in range(lo, hi):
            out[i] = x[i] * T(scale)

``"T*"`` is a pointer whose element type is bound later (``double.bind(T="float32")``), ``int`` a size, and
``[lo, hi)`` the range of the outermost loop that this call runs: threads share a kernel by ranges.  Functions marked
``@device`` may be called; those marked ``@inline`` are pasted in where they are called.  A name may also be bound to a small constant (``STEP="2"``) that the compiler has to know to vectorise.
"""

import ast
import copy
import hashlib
import inspect
import linecache
import re
import textwrap
from dataclasses import dataclass, field
from functools import cached_property

DEVICE: dict[str, str] = {}  # source of every device function by name


@dataclass(frozen=True)
class KernelSource:
    """The complete source of one kernel: parameters, body, and the types (or constants) its names are bound to."""

    name: str
    params: tuple[tuple[str, str], ...]  # (name, "float32*" or "int")
    body: str
    types: tuple[tuple[str, str], ...] = ()  # ("T", "float32")
    fastmath: tuple[str, ...] = ("contract",)
    devices: tuple[str, ...] = field(default=())

    @cached_property
    def text(self) -> str:
        lines = [f"{name} = {dtype}" for name, dtype in self.types]
        lines += [f"{name}_pointer = {dtype}_pointer" for name, dtype in self.types if not dtype.lstrip("-").isdigit()]
        for name in self.devices:
            lines += ["", "@device", DEVICE[name].rstrip()]
        lines += ["", f"def {self.name}(args, lo, hi):", "    wide_vectors()"]
        for slot, (name, kind) in enumerate(self.params):
            load = f"{kind[:-1]}_pointer(args, {slot})" if kind.endswith("*") else f"args[{slot}]"
            lines.append(f"    {name} = {load}")
        return "\n".join(lines) + "\n" + self.body + f"\n# fastmath: {' '.join(self.fastmath)}\n"

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def _function_source(function) -> str:
    """The source from ``def`` to the last indented line, as ``inspect.getsource`` gives it, but without the cost of tokenizing."""
    code = function.__code__
    linecache.checkcache(code.co_filename)  # the file may have changed, in a notebook for example
    lines = linecache.getlines(code.co_filename, function.__globals__)[code.co_firstlineno - 1 :]
    if not lines:
        raise OSError(f"kernel {function.__name__}: its source is not available")
    while not lines[0].lstrip().startswith("def "):
        del lines[0]
    margin = len(lines[0]) - len(lines[0].lstrip())
    end = 1
    while end < len(lines) and (
        not lines[end].strip() or lines[end][: margin + 1].isspace() or lines[end].startswith(")", margin)
    ):
        end += 1
    return textwrap.dedent("".join(lines[:end])).rstrip() + "\n"


def device(function):
    """Decorator: a function that kernels may call; its source is copied into each kernel that does."""
    DEVICE[function.__name__] = _function_source(function)
    return function


INLINE: dict[str, ast.FunctionDef] = {}  # every inline function by name


def inline(function):
    """Marks a function whose body is pasted in where a kernel calls it as a statement, ``f(x)`` or ``y = f(x)``.

    Only its last statement may be a ``return``.  A device function has no such limits, but may stay a call.
    """
    definition = ast.parse(_function_source(function)).body[0]
    assert isinstance(definition, ast.FunctionDef)
    if ast.get_docstring(definition) is not None:
        del definition.body[0]
    if any(isinstance(n, ast.Return) for s in definition.body[:-1] for n in ast.walk(s)):
        raise SyntaxError(f"inline function {function.__name__}: only its last statement may be a return")
    INLINE[function.__name__] = definition
    return function


class _Renamed(ast.NodeTransformer):
    """Other expressions in place of names."""

    def __init__(self, names: dict[str, ast.expr]):
        self.names = names

    def visit_Name(self, node):
        found = self.names.get(node.id, node)
        return ast.Name(found.id, node.ctx) if isinstance(found, ast.Name) else found


class _Pasted(ast.NodeTransformer):
    """Bodies in place of calls of inline functions; their local variables are named after them: ``f_x``."""

    def visit_Expr(self, node):
        return self._paste(node, [])

    def visit_Assign(self, node):
        return self._paste(node, node.targets)

    def _paste(self, statement, targets):
        call = statement.value
        name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else None
        if name not in INLINE:
            return statement
        function = copy.deepcopy(INLINE[name])
        local = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        names: dict[str, ast.expr] = {}
        lines: list[ast.stmt] = []
        for parameter, argument in zip(function.args.args, call.args, strict=True):
            if isinstance(argument, (ast.Name, ast.Constant)) and parameter.arg not in local:
                names[parameter.arg] = argument
            else:
                local.add(parameter.arg)
                lines.append(ast.Assign([ast.Name(f"{name}_{parameter.arg}", ast.Store())], argument))
        names |= {v: ast.Name(f"{name}_{v}", ast.Load()) for v in local}
        body = [_Renamed(names).visit(s) for s in function.body]
        if isinstance(body[-1], ast.Return):
            body[-1] = ast.Assign(targets, body[-1].value or ast.Constant(None))
        block = ast.Module([*lines, *body], [])
        return self.visit(block).body


def _with_inlined(source: str) -> str:
    """The source of a function with inline functions pasted in."""
    if not any(f"{name}(" in source for name in INLINE):
        return source
    return ast.unparse(ast.fix_missing_locations(_Pasted().visit(ast.parse(source)))) + "\n"


def devices_used(text: str) -> list[str]:
    """The device functions that ``text`` calls, directly or not, callees first."""
    found: list[str] = []

    def visit(source):
        for name in re.findall(r"\b(\w+)\(", source):
            if name in DEVICE and name not in found and f"def {name}(" not in source:
                visit(DEVICE[name])
                if name not in found:
                    found.append(name)

    visit(text)
    return found


class KernelTemplate:
    """A hand-written kernel whose element types are not bound yet."""

    def __init__(self, function, fastmath=("contract",)):
        self.name = function.__name__
        self.fastmath = tuple(fastmath)
        signature = inspect.signature(function)
        self.params = tuple(
            (p.name, "int" if p.annotation is int else p.annotation) for p in signature.parameters.values()
        )
        if [name for name, _ in self.params[-2:]] != ["lo", "hi"]:
            raise TypeError(f"kernel {self.name}: the last two parameters must be lo, hi")
        self.params = self.params[:-2]
        source = _with_inlined(_function_source(function))
        tree_start = source.index("\n", _header_end(source)) + 1
        self.body = source[tree_start:].rstrip()
        self._bound: dict[tuple, KernelSource] = {}

    def bind(self, **types: str) -> KernelSource:
        key = tuple(sorted(types.items()))
        if key not in self._bound:
            params = tuple((n, k if k == "int" else f"{dict(key).get(k[:-1], k[:-1])}*") for n, k in self.params)
            of_type = "cblas_d" if types.get("T") == "float64" else "cblas_s"
            body = self.body.replace("cblas_TYPE", of_type).replace("local_TYPE", f"local_{types.get('T')}")
            self._bound[key] = KernelSource(self.name, params, body, key, self.fastmath, tuple(devices_used(body)))
        return self._bound[key]


def _header_end(source: str) -> int:
    depth = 0
    for position, char in enumerate(source):
        depth += (char in "([{") - (char in ")]}")
        if char == ":" and depth == 0:
            return position
    raise SyntaxError("no function header")


def kernel(function=None, *, fastmath=("contract",)):
    """Decorator: a library kernel (see the module's docstring).

    ``fastmath=("contract", "reassoc", "nsz")`` allows the compiler to reorder sums.
    """
    if function is None:
        return lambda f: KernelTemplate(f, fastmath)
    return KernelTemplate(function, fastmath)
