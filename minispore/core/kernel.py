"""Kernel source: the input of the machine-code compiler, from a generated loop nest or a hand-written library kernel.

A library kernel is a function in a small part of Python (graph/kernel_compiler.py), next to the op that uses it::

    @kernel
    def double(x: "T*", out: "T*", scale: int, lo, hi):
        for i in range(lo, hi):
            out[i] = x[i] * T(scale)

``"T*"`` is a pointer whose element type is bound later (``double.bind(T="float32")``), ``int`` a size, and
``[lo, hi)`` the range of the outermost loop that this call runs: threads share a kernel by ranges.  Functions marked
``@device`` may be called.  A name may also be bound to a small constant (``STEP="2"``) that the compiler has to know to
vectorise.
"""

import ctypes
import hashlib
import inspect
import linecache
import re
import textwrap
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .errors import fail

DEVICE: dict[str, str] = {}  # source of every device function by name
_modules: dict[str, str] = {}  # where it is defined
ENTRY = ctypes.CFUNCTYPE(  # a kernel in machine code: f(return value, exception, address of the arguments, lo, hi)
    ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64
)


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


@dataclass(frozen=True)
class Items:
    """How the range of a call falls into equal parts that touch memory of their own: the matrices of a batch of products.

    ``steps``: operand -> elements from one item to the next.  Operands that are not there are read by all items as a whole.
    ``private``: scratch memory, of which each part of a split call has its own.
    """

    count: int
    steps: dict[Any, int]
    private: tuple[Any, ...] = ()


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
    """Decorator: a function that kernels may call; its source is copied into each kernel that does.

    Args:
        function (Callable): in the language of kernels; its name is known to all kernels.

    Returns:
        Callable: the function itself.

    Raises:
        ValueError: another module has a device function of this name.

    >>> @device
    ... def squared_difference(a, b):
    ...     return (a - b) * (a - b)
    """
    name, module = function.__name__, function.__module__
    if _modules.setdefault(name, module) != module:
        raise fail(
            ValueError,
            f"The device function '{name}' needs another name: {_modules[name]} has one that kernels know by it.",
        )
    DEVICE[name] = _function_source(function)
    return function


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
        source = _function_source(function)
        tree_start = source.index("\n", _header_end(source)) + 1
        self.body = source[tree_start:].rstrip()
        self._bound: dict[tuple, KernelSource] = {}

    def repeat_last_block(self, word: str, numbers) -> None:
        """The lines from the first with ``word`` on, an ``if`` block, are repeated with each of the numbers in its place.

        LLVM keeps an array on the stack in registers where one loop nest uses it, so each block can have its own.
        """
        lines = self.body.split("\n")
        begin = next(k for k, line in enumerate(lines) if word in line)
        blocks = ["\n".join(lines[begin:]).replace(word, str(n)) for n in numbers]
        self.body = "\n".join([*lines[:begin], *blocks])

    def bind(self, **types: str) -> KernelSource:
        key = tuple(sorted(types.items()))
        if key not in self._bound:
            params = tuple((n, k if k == "int" else f"{dict(key).get(k[:-1], k[:-1])}*") for n, k in self.params)
            letter = "d" if types.get("T") == "float64" else "s"
            body = self.body.replace("local_TYPE", f"local_{types.get('T')}")
            body = re.sub(r"\b(cblas|lapack)_TYPE", rf"\1_{letter}", body)
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

    Args:
        function (Callable): whose last two parameters are ``lo`` and ``hi``.  Default: None, for a decorator.
        fastmath (tuple[str]): LLVM's flags; ``("contract", "reassoc", "nsz")`` allows it to reorder sums.
            Default: ("contract",).

    Returns:
        KernelTemplate: ``bind(T="float32")`` gives what ``build.call`` takes.

    Raises:
        TypeError: the last two parameters are others.

    >>> @kernel
    ... def double(x: "T*", out: "T*", lo, hi):
    ...     for i in range(lo, hi):
    ...         out[i] = x[i] * T(2)
    >>> double.bind(T="float32").params
    (('x', 'float32*'), ('out', 'float32*'))
    """
    if function is None:
        return lambda f: KernelTemplate(f, fastmath)
    return KernelTemplate(function, fastmath)
