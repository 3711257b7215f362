"""Loops of a kernel over the operands of a fused unit: their axes, parameters, loads and stores."""

import math
from dataclasses import dataclass, field

from ..core.kernel import Items, KernelSource, devices_used
from ..core.record import Node, Value
from . import few_columns, row_blocks
from .expression import load, node_source, store
from .fuse import Unit
from .memory import Operand
from .turned_tiles import TILE, lies_across

REASSOCIATE = ("contract", "reassoc", "nsz")
# Groups of axes: INNER are reduced; VECTOR come after the last of these; OUTER are the others.
OUTER, INNER, VECTOR = 0, 1, 2
MANY_ROWS = 16  # a shorter outer loop is split between threads together with parts of the vector loop
PART = 64  # elements of the vector loop: parts have a multiple of it, as shorter loops are slower
LONGEST_NAME = 40
FEW_ELEMENTS = 8  # of a row: so many are written out, and vectors hold the same element of several rows
INTERLEAVED = 4  # the longest stride along a loop whose vectors are put together from whole ones
LEAST_INTERLEAVED = (
    24  # elements of such a loop inside others: shorter ones fill no vectors, and asking that takes time
)
MANY_LINES = 512  # more cache lines than that do not stay in the first cache


@dataclass
class Access:
    """An array that the loops read or write, seen over the collapsed axes."""

    operand: Operand
    strides: list[int]
    name: str = ""
    dtype: str = ""
    positions: list[str] = field(default_factory=list)  # source of the stride of each loop
    local: str = ""  # the name of a tile on the stack that stands for it
    row: str = ""  # the name of its row, where its rows lie backwards and a loop along them is open


def collapse(shape, axes_groups, accesses: list[Access]):
    """Merges neighbouring axes of a group that every access walks as one.  Returns (sizes, group of each axis).

    The axes of a dense (8, 3) array, strides (3, 1), become one of length 24 and stride 1.
    """
    sizes: list[int] = []
    groups: list[int] = []
    merged: list[list[int]] = [[] for _ in accesses]  # of each access, the strides of the axes in ``sizes``
    for axis, d in enumerate(shape):
        if d == 1:
            continue
        strides = [a.strides[axis] for a in accesses]
        group = axes_groups[axis]
        if sizes and groups[-1] == group and all(m[-1] == s * d for m, s in zip(merged, strides)):
            sizes[-1] *= d
            for m, s in zip(merged, strides):
                m[-1] = s
        else:
            sizes.append(d)
            groups.append(group)
            for m, s in zip(merged, strides):
                m.append(s)
    for a, m in zip(accesses, merged):
        a.strides = m
    return sizes, groups


class Writer:
    """Collects the source of one kernel and the arguments of its call."""

    def __init__(self):
        self.lines: list[str] = []
        self.params: list[tuple[str, str]] = []
        self.arguments: list = []
        self.notes: dict[int, Node] = {}  # line -> the node it computes
        self.depth = 1

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def lines_of(self, texts: list[str]) -> None:
        for text in texts:
            self.line(text)

    def put_first(self, texts: list[str]) -> None:
        """Lines before all others of the kernel."""
        self.lines[:0] = ["    " + text for text in texts]
        self.notes = {line + len(texts): node for line, node in self.notes.items()}

    def parameter(self, name: str, kind: str, argument) -> str:
        self.params.append((name, kind))
        self.arguments.append(argument)
        return name


@dataclass
class FusedCall:
    source: KernelSource
    arguments: list
    extent: int
    cost: int
    reads: list[Operand]
    writes: list[Operand]
    notes: dict[int, Node]  # line of the body -> the node it computes
    items: Items | None


class Loops:
    """What the schedules of a fused unit write with (codegen.py), which choose the loops."""

    loops: list[int]
    split: int | None  # the loop that threads share
    parted: int | None  # the loop whose parts they share too
    tiled: tuple[int, ...]
    gaps: bool = False  # whether the last loop is a vector with a mask
    few: bool  # whether the last loop is written out
    few_columns: bool
    row_blocks: bool
    names: dict[int, str]  # by the id of a value the variable that holds it at this place of the source

    def __init__(self, unit: Unit, operand_of, outputs, shared: bool):
        assert unit.space is not None
        self.unit, self.outputs, self.shared = unit, outputs, shared
        self.space = unit.space
        self.axes = unit.axes or ()
        self.w = Writer()
        self.inside = {id(n.outs[0]): n for n in unit.nodes}
        self.scalars: dict[int, str] = {}  # outside values of one element: loaded before the loops
        self.access: dict[int, Access] = {}
        self.order: list[Access] = []
        self._collect(operand_of)

    def _collect(self, operand_of):
        by_place: dict[tuple, list[Access]] = {}
        self.scalar_operands: list[tuple[str, Operand]] = []
        for node in self.unit.nodes:
            for v in node.inputs:
                if id(v) in self.inside or id(v) in self.access or id(v) in self.scalars:
                    continue
                operand = operand_of(v)
                if v.size == 1 and not operand.is_index:
                    self.scalars[id(v)] = self._scalar(operand)
                    continue
                self.access[id(v)] = self._access(operand, by_place)
        self.stored = [n.outs[0] for n in self.unit.nodes if id(n.outs[0]) in self.outputs]
        self.targets = {id(v): self._access(self.outputs[id(v)], by_place) for v in self.stored}
        self.sizes, self.groups = collapse(self.space, self._groups(), self.order)
        count = 0
        for a in self.order:
            if a.operand.is_index:
                continue
            a.name = f"p{count}"
            count += 1

    def _groups(self) -> list[int]:
        last = len(self.space)
        if self.axes and not self.unit.is_row:
            last = max(a for a in self.axes if self.space[a] != 1)
        return [INNER if a in self.axes else VECTOR if a > last else OUTER for a in range(len(self.space))]

    def _scalar(self, operand: Operand) -> str:
        for name, other in self.scalar_operands:
            if other.buffer is operand.buffer and other.offset == operand.offset:
                return name
        name = f"c{len(self.scalar_operands)}"
        self.scalar_operands.append((name, operand))
        return name

    def _access(self, operand: Operand, by_place) -> Access:
        strides = [0] * (len(self.space) - len(operand.shape)) + [
            0 if d == 1 else s for d, s in zip(operand.shape, operand.strides)
        ]
        found = by_place.setdefault((operand.buffer, operand.dtype.name), [])
        for a in found:
            if a.operand.offset == operand.offset and a.strides == strides:
                return a
        found.append(Access(operand, strides, dtype=operand.dtype.name))
        self.order.append(found[-1])
        return found[-1]

    def _parts(self) -> tuple[int, int]:
        """(how many parts of ``parted`` are shared out together with ``split``, the length of one).

        They are arguments: how long the loops are does not change the source.
        """
        n = self.sizes[self.parted]
        wanted = -(-MANY_ROWS // max(1 if self.split is None else self.sizes[self.split], 1)) if self.shared else 1
        length = max(n, 1) if wanted == 1 else -(-n // (wanted * PART)) * PART
        return max(n // length, 1), length

    def _declare_parameters(self) -> None:
        """Pointers, then sizes, then strides."""
        w = self.w
        for a in self.order:
            if not a.operand.is_index:
                w.parameter(a.name, f"{a.dtype}*", a.operand)
        for name, operand in self.scalar_operands:
            w.parameter(f"{name}_at", f"{operand.dtype.name}*", operand)
        for k in self.loops:
            if k != self.split and not self._is_written_out(k):
                w.parameter(f"n{k}", "int", self.sizes[k])
        if self.row_blocks:
            w.parameter("rows", "int", row_blocks.rows_of(self))
        if self.few_columns:
            (v,) = (k for k in self.loops if self.groups[k] == VECTOR)
            w.parameter("rows", "int", few_columns.rows_of(self, v))
        if self.parted is not None:
            self.parts, length = self._parts()
            w.parameter("parts", "int", self.parts)
            w.parameter("length", "int", length)
        for number, a in enumerate(self.order):
            a.positions = [
                str(s) if -1 <= s <= self._written_stride(k) else w.parameter(f"s{number}_{k}", "int", s)
                for k, s in zip(self.loops, a.strides)
            ]
            if a.operand.is_index and a.operand.offset:
                a.name = w.parameter(f"o{number}", "int", a.operand.offset)

    def _written_stride(self, k: int) -> int:
        """The longest stride along a loop that is part of the source."""
        if self.few:
            return FEW_ELEMENTS
        if k != self.loops[-1] or (
            len(self.loops) > 1 and self.unit.axes is None and self.sizes[k] < LEAST_INTERLEAVED
        ):
            return 1
        return INTERLEAVED

    def _is_written_out(self, k: int) -> bool:
        return self.few and k == self.loops[-1]

    def _length(self, k: int) -> str:
        return str(self.sizes[k]) if self._is_written_out(k) else f"n{k}"

    def _call(self) -> FusedCall:
        w, split = self.w, self.split
        names = "_".join(dict.fromkeys(n.op.name for n in self.unit.nodes))[:LONGEST_NAME]
        fast = REASSOCIATE if self.unit.axes is not None else ("contract",)
        body = "\n".join(w.lines)
        called = devices_used(body) if self.tiled or "copy_row(" in body else ()
        source = KernelSource(f"fused_{names}", tuple(w.params), body, (), fast, tuple(called))
        extent = (1 if split is None else self.sizes[split]) * (1 if self.parted is None else self.parts)
        cost = math.prod(self.sizes) * len(self.unit.nodes)
        reads = [a.operand for a in self.order if a.operand.buffer is not None] + [o for _, o in self.scalar_operands]
        return FusedCall(source, w.arguments, extent, cost, reads, list(self.outputs.values()), w.notes, self._items())

    def _items(self) -> Items | None:
        """The positions of the loop that is split, if those of an operand are apart."""
        if self.split is None:
            return None
        steps: dict[Operand, int] = {}
        for a in self.order:
            if a.operand.is_index:
                continue
            step = a.strides[self.split]
            if steps.setdefault(a.operand, step) != step:
                steps[a.operand] = 0
        return Items(self.sizes[self.split], {o: step for o, step in steps.items() if step > 0})

    def _loop(self, k: int) -> None:
        if self.parted is not None and k == self.split:
            return self._loop_over_parts()
        first, end = (
            ("lo", "hi") if k == self.split else ("begin", "end") if k == self.parted else ("0", self._length(k))
        )
        if k in self.tiled:
            first, end = f"t{k}", f"min(t{k} + {TILE}, {end})"
        over = "written_out" if self._is_written_out(k) else "range"
        if self.gaps and k == self.loops[-1]:
            over = "masked"
        self.w.line(
            f"for i{k} in {over}({first}, {end}):"
            if first != "0" or over == "masked"
            else f"for i{k} in {over}({end}):"
        )
        self.w.depth += 1

    def _loop_over_parts(self) -> None:
        """The loop that threads share, over the parts of the loop ``parted`` at each position of the one that is split, if any."""
        w = self.w
        w.line("for q in range(lo, hi):")
        w.depth += 1
        if self.split is not None:
            w.line(f"i{self.split} = q // parts")
        w.line("begin = q % parts * length")
        w.line(f"end = begin + length if q % parts + 1 < parts else n{self.parted}")

    def _tile_loops(self) -> None:
        """Loops over tiles of the loops that are tiled."""
        for k in self.tiled:
            first, end = ("lo", "hi") if k == self.split else ("0", f"n{k}")
            self.w.line(f"for t{k} in range({first}, {end}, {TILE}):")
            self.w.depth += 1

    def _transposed(self) -> tuple[int, ...]:
        """Two loops that are walked in tiles, or (): one array lies along the last loop, another along one before it.

        Element by element, each cache line of the second would be fetched for a single element: there are too many lines
        until the next element is due, or they are so far apart that they share their place in the cache.
        """
        *before, last = self.loops or [0]
        for a in self.order:
            for k in before:
                if (
                    abs(a.strides[k]) == 1
                    and abs(a.strides[last]) > 1
                    and self.sizes[k] > TILE
                    and self.sizes[last] > TILE
                ):
                    apart = abs(a.strides[last]) * a.operand.dtype.itemsize
                    turned = lies_across(a, k, last)  # by registers, which is faster than one by one anywhere
                    if turned or k < last - 1 or self.sizes[last] > MANY_LINES or apart % 1024 == 0:
                        return k, last
        return ()

    def _at(self, a: Access, loops, tiled: str = "i") -> str:
        """The position of an element; ``tiled``: the names of the loops that are tiled begin with it."""
        if a.local:
            first, last = self.tiled
            place = f"j{first}" if a.strides[first] > 0 else f"({TILE - 1} - j{first})"
            return f"{place} * {TILE} + j{last}"
        terms = []
        for k in loops[-1:] if a.row else loops:
            p = a.positions[k]
            i = f"{tiled if k in self.tiled else 'i'}{k}"
            if p == "1":
                terms.append(i)
            elif p != "0":
                terms.append(f"{i} * {p}")
        if a.operand.is_index and a.name:
            terms.append(a.name)
        return " + ".join(terms) or "0"

    def _variable(self, v: Value) -> str:
        return self.scalars.get(id(v)) or self.names[id(v)]

    def _emit_load(self, v: Value, loops) -> None:
        a = self.access[id(v)]
        name = f"x{len(self.names)}"
        self.names[id(v)] = name
        at = self._at(a, loops)
        text = at if a.operand.is_index else load(a.dtype, a.local or a.row or a.name, at)
        self.w.line(f"{name} = {'int64(' + text + ')' if a.operand.is_index else text}")

    def _emit(self, node: Node, loops) -> None:
        for v in node.inputs:
            if id(v) in self.access and id(v) not in self.names:
                self._emit_load(v, loops)
        name = f"v{len(self.names)}"
        text = node_source(node, tuple(self._variable(v) for v in node.inputs))
        self.names[id(node.outs[0])] = name
        self.w.notes[len(self.w.lines)] = node
        self.w.line(f"{name} = {text}")

    def _store(self, v: Value, loops) -> None:
        a, rounded = self.targets[id(v)], self.inside[id(v)].op.kind != "reduction"
        self.w.line(store(a.dtype, a.local or a.row or a.name, self._at(a, loops), self.names[id(v)], rounded))

    def needed_nodes(self, values, available) -> list[Node]:
        """Nodes of the unit, in order, that must run for ``values`` where ``available`` ones are computed already."""
        wanted, stack = set(), [v for v in values]
        while stack:
            v = stack.pop()
            if id(v) in available or id(v) not in self.inside or id(v) in wanted:
                continue
            wanted.add(id(v))
            stack += self.inside[id(v)].inputs
        return [n for n in self.unit.nodes if id(n.outs[0]) in wanted]

    def _open(self, loops, outside=()) -> None:
        """Opens loops.  Loads that do not depend on an inner loop are put before it: LLVM cannot, as a store may alias."""
        around = list(outside)
        self._load_fixed(around, loops)
        for position, k in enumerate(loops):
            if self.tiled and k == self.tiled[0]:
                self._tile_loops()
            self._loop(k)
            around.append(k)
            if position + 1 < len(loops):
                self._load_fixed(around, loops[position + 1 :])

    def open_backward_rows(self, around) -> None:
        """Names the rows that lie backwards, at a position of the loops ``around`` the last one: see ``row_of`` in intrinsics.py."""
        for a in self.order:
            if a.strides[-1] and not a.operand.is_index and any(a.strides[k] < 0 for k in around):
                at = self._at(a, around)
                a.row = f"r{a.name[1:]}"
                self.w.line(f"{a.row} = row_of({a.name}, {at})")

    def _load_fixed(self, around, within) -> None:
        for node in self.unit.nodes:
            for v in node.inputs:
                a = self.access.get(id(v))
                if a is None or id(v) in self.names or not within:
                    continue
                if all(a.strides[k] == 0 for k in self.loops if k not in around):
                    self._emit_load(v, around)


def id_of(unit: Unit, node: Node) -> int:
    return unit.nodes.index(node)
