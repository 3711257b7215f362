"""The kernel calls of a step: which nodes each computes, its source, its machine code, its work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..core import notebook
from ..core.kernel import KernelSource
from ..graph import blas
from ..graph.calls import Call
from ..graph.compile import ORIGINS, on_disk
from ..graph.memory import Operand
from .cost import flops, touched_bytes
from .text import Listed, count
from .view import GraphView, NodeView


@dataclass(frozen=True)
class Vectors:
    """What the compiler did with the loops of a kernel."""

    llvm: tuple[
        str, ...
    ]  # vector types of its arithmetic (or of its loads, if it has none) in the optimised LLVM IR: ("8 x float",)
    registers: str  # the widest kind in the assembly: "zmm", "ymm", "xmm" (packed), "v" (ARM) or ""
    blas: bool  # calls OpenBLAS, whose loops are vectorised by hand

    def __bool__(self) -> bool:
        return bool(self.llvm) or self.blas

    def __str__(self) -> str:
        parts = [", ".join(self.llvm) + (f" in {self.registers}" if self.registers else "")] if self.llvm else []
        parts += ["OpenBLAS"] if self.blas else []
        return " and ".join(parts) or "not vectorised"


@lru_cache(maxsize=256)
def listing(source: KernelSource) -> tuple[str, str]:
    """The optimised LLVM IR and the assembly of a kernel.

    Args:
        source: KernelSource.

    Returns:
        tuple of two str.
    """
    from ..graph.machine_code import listing

    if "cblas" in source.text:
        blas.load()  # LLVM aborts the process if it cannot resolve a symbol
    return listing(source)


class Kernel:
    """One kernel call of a step; ``Inspection.kernels`` lists them.

    Args:
        index: int, its place in the table.
        call: Call.
        view: GraphView, which names the nodes.
        names: dict from ids of buffers to names.
        threads: int, the most that a step uses.
        elsewhere: function of a node, whether its operations are counted to another call.

    Attributes:
        index, name: its place in the table, and the name of its function.
        nodes: what it computes, as lines of the graph (empty for a copy that belongs to no node).
        reads, writes: names of the memory it touches.
        sizes: its integer arguments by name: sizes and strides.
        flops: operations (see ``cost``); bytes_read, bytes_written: distinct bytes of its operands.
        split: whether its outermost loop, of ``extent`` iterations, is divided between threads.
        commits: whether it writes a Parameter.
    """

    def __init__(
        self, index: int, call: Call, view: GraphView, names: dict[int, str], threads: int, elsewhere=lambda node: False
    ):
        self.index, self.call, self.view, self._names = index, call, view, names
        self.name = call.source.name + ("" if call.then is None else f" + {call.then.name}")
        self.nodes: list[NodeView] = [view.by_id[n.id] for n in call.nodes if n.id in view.by_id]
        self.extent, self.split, self.commits = call.extent, call.split, call.commits
        self.threads = min(threads, call.extent) if call.split else 1
        self.sizes = {
            name: int(a) for (name, _), a in zip(call.source.params, call.arguments) if not isinstance(a, Operand)
        }
        written = {id(o) for o in call.writes}
        self.reads = self._unique(o for o in call.reads if id(o) not in written)
        self.writes = self._unique(call.writes)
        self.flops = sum(flops(n) for n in call.nodes if not elsewhere(n))
        self.bytes_read = sum(touched_bytes(o) for o in _distinct(o for o in call.reads if id(o) not in written))
        self.bytes_written = sum(touched_bytes(o) for o in _distinct(call.writes))

    def _unique(self, operands) -> list[str]:
        return list(dict.fromkeys(self._where(o) for o in operands if o.buffer is not None))

    def _where(self, o: Operand) -> str:
        return self._names.get(id(o.buffer)) or "scratch"

    @property
    def bytes(self) -> int:
        """Bytes read and written: an int."""
        return self.bytes_read + self.bytes_written

    @property
    def sections(self) -> list[str]:
        """The sections of its nodes, "forward", "backward", "update": a list of str."""
        return list(dict.fromkeys(n.section for n in self.nodes))

    @property
    def scopes(self) -> list[str]:
        """Paths of the Cells whose nodes it computes: a list of str."""
        return list(dict.fromkeys(n.scope for n in self.nodes))

    @property
    def where(self) -> str:
        """The source lines of its nodes, at most two."""
        lines = list(dict.fromkeys(n.where for n in self.nodes if n.where))
        return ", ".join(lines[:2]) + (" ..." if len(lines) > 2 else "")

    @property
    def origin(self) -> str:
        """Where the machine code came from: "compiled", "loaded" (from the cache on disk), "Python" (a print or
        tap, or MINISPORE_JIT=0); before the first call that needs it, "on disk" or "not compiled"."""
        kind = ORIGINS.get(self.call.source.digest, ("",))[0]
        return kind or ("on disk" if on_disk(self.call.source) else "not compiled")

    @property
    def seconds(self) -> float | None:
        """How long compiling or loading took in this process; None if it has not happened yet."""
        return ORIGINS.get(self.call.source.digest, ("", None))[1]

    @property
    def source(self) -> str:
        """The generated source; comments tell which node a line computes and what each argument is.

        That of a product is followed by the kernel that it calls for the rows of its result, if it does."""
        then = self.call.then
        return annotated(self) + ("" if then is None else f"\n\n# for the rows of its result\n{then.text.strip()}\n")

    @property
    def raw_source(self) -> str:
        """The source that is compiled; its hash is the key of the kernel cache."""
        return self.call.source.text

    def llvm(self) -> str:
        """LLVM IR after optimisation (compiles the kernel)."""
        return listing(self.call.source)[0]

    def asm(self) -> str:
        """Assembly (compiles the kernel)."""
        return listing(self.call.source)[1]

    @cached_property
    def vectors(self) -> Vectors:
        """Whether its loops were vectorised: usable as a condition; ``print`` it for a description."""
        return vectors_of(self.call.source, self.name)

    def __str__(self) -> str:
        work = f"{count(self.flops)}FLOP, {count(self.bytes)}B"
        threads = f", {self.threads} threads" if self.threads > 1 else ""
        made = self.origin + (f" in {1000 * self.seconds:.1f} ms" if self.seconds is not None else "")
        computes = " ".join(n.name for n in self.nodes) or f"copy of {', '.join(self.reads) or 'a number'}"
        where = f"  {self.where}" if self.where else ""
        return f"[{self.index}] {self.name}: {computes} -> {', '.join(self.writes)}{where}  ({work}{threads}, {made})"

    __repr__ = __str__


class Kernels(Listed):
    """A list of kernel calls that prints one per line."""

    def _repr_html_(self) -> str:
        """What notebooks show."""
        rows = [
            (k.index, k.name, " ".join(n.name for n in k.nodes), ", ".join(k.writes), k.where, f"{count(k.flops)}FLOP", f"{count(k.bytes)}B", k.threads, k.origin)
            for k in self
        ]  # fmt: skip
        return notebook.table(
            ("", "kernel", "nodes", "writes", "line", "work", "moved", "threads", "code"), rows, left=5
        )

    def vectors(self) -> Listed:
        """Whether the loops of each distinct kernel were vectorised (compiles each), as text.

        Returns:
            list of str.
        """
        first = {k.call.source.digest: k for k in reversed(self) if k.origin != "Python"}
        return Listed(
            f"[{k.index}] {k.name}: {k.vectors}  {k.where}".rstrip()
            for k in sorted(first.values(), key=lambda k: k.index)
        )


def main_calls(calls: list[Call]) -> dict[int, Call]:
    """{id of a node: its main kernel call, to which its operations are attributed: the one with the product, or the most bytes}.

    Args:
        calls: list of Call.

    Returns:
        dict from the id of a node to a Call.
    """
    found: dict[int, Call] = {}

    def weight(call):
        return "cblas" in call.source.text, sum(touched_bytes(o) for o in (*call.reads, *call.writes))

    for call in calls:
        for node in call.nodes:
            if node.id not in found or weight(call) > weight(found[node.id]):
                found[node.id] = call
    return found


def _distinct(operands):
    seen = {(id(o.buffer), o.offset, o.shape, o.strides): o for o in operands}
    return seen.values()


def annotated(kernel: Kernel) -> str:
    """The source with comments that name nodes and operands.

    Args:
        kernel: Kernel.

    Returns:
        str.
    """
    call, view = kernel.call, kernel.view
    lines = call.source.text.splitlines()
    body = call.source.body.splitlines()
    start = len(lines) - len(body) - 1  # the last line holds the fast-math flags
    notes: dict[int, str] = {}
    first_argument = start - len(call.source.params)
    for k, argument in enumerate(call.arguments[: len(call.source.params)]):
        if isinstance(argument, Operand):
            strides = "" if argument.is_dense else f" strides {list(argument.strides)}"
            notes[first_argument + k] = f"{kernel._where(argument)} {argument.dtype}{list(argument.shape)}{strides}"
        else:
            notes[first_argument + k] = str(int(argument))
    for line, node in call.notes.items():
        shown = view.by_id.get(node.id)
        if shown is not None:
            notes[start + line] = "  ".join(
                filter(None, (f"{shown.name} {shown.expression}", shown.scope, shown.where))
            )
    width = min(max((len(lines[k]) for k in notes), default=0), 72)
    text = [f"{line:{width}}  # {notes[k]}" if k in notes else line for k, line in enumerate(lines)]
    head = [
        "  ".join(filter(None, (f"# {n}", n.scope, n.where, f"of {n.origin}" if n.origin else "")))
        for n in kernel.nodes
    ]
    if not call.notes and not head:
        head = ["# a copy"]
    return "\n".join(head + text).strip() + "\n"


_ARITHMETIC = re.compile(r"= (?:tail )?(?:f(?:add|sub|mul|div|neg|cmp)|call [^@\n]*@llvm\.\w+)\b([^\n]*)")
_MOVES = re.compile(r"\b(?:load|store|add|mul|icmp|select)\b([^\n]*)")
_VECTOR = re.compile(r"<(\d+) x (float|double|i8|i16|i32|i64)>")


@lru_cache(maxsize=256)
def vectors_of(source: KernelSource, name: str) -> Vectors:
    """What the compiler did with the loops of a kernel.

    Args:
        source: KernelSource.
        name: str, of its function.

    Returns:
        Vectors.
    """
    llvm, asm = listing(source)
    arithmetic = [line for line in _ARITHMETIC.findall(llvm) if re.search(r"float|double", line)]
    lines = arithmetic or _MOVES.findall(llvm)  # loads and stores count only where there is no arithmetic
    kinds = {(int(n), t) for line in lines for n, t in _VECTOR.findall(line)}
    found = sorted((k for k in kinds if k[0] > 1), key=lambda k: (k[1] not in ("float", "double"), -k[0]))
    widest = next((r for r in ("zmm", "ymm", "xmm") if re.search(rf"%?{r}\d+", asm)), "")
    if found and not widest and re.search(r"\bv\d+\.\d+[sdbh]\b", asm):
        widest = "v"
    floats = tuple(f"{n} x {t}" for n, t in found)
    return Vectors(floats[:3], widest if floats else "", "cblas" in source.text)
