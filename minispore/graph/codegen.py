"""Kernel source of a fused unit: loops, loads, the expressions of its nodes, stores."""

import math
from dataclasses import dataclass, field

from ..core.kernel import Items, KernelSource, devices_used
from ..core.record import Node, Value
from . import column_strips, far_angles, few_columns, kept_rows, row_blocks, turned_tiles
from .expression import add, begin, compute_type, finish, load, node_source, start, store
from .fuse import Unit
from .memory import Operand
from .short_rows import ShortRows, are_short
from .turned_tiles import TILE

REASSOCIATE = ("contract", "reassoc", "nsz")
# Groups of axes: INNER are reduced; VECTOR come after the last of these; OUTER are the others.
OUTER, INNER, VECTOR = 0, 1, 2
MANY_ROWS = 16  # a shorter outer loop is split between threads together with parts of the vector loop
PART = 64  # elements of the vector loop: parts have a multiple of it, as shorter loops are slower
LONGEST_NAME = 40
FEW_ELEMENTS = 8  # of a row: so many are written out, and vectors hold the same element of several rows
FEW_COPIED = 3  # the same of a row that is only copied
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


def generate(unit: Unit, operand_of, outputs: dict[int, Operand], shared: bool) -> FusedCall:
    """``operand_of(value)`` gives the memory of an outside value, ``outputs`` that of the unit's results (by id).

    ``shared``: whether several threads may share the call.
    """
    return _Fused(unit, operand_of, outputs, shared).write()


class _Fused:
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

    # ------------------------------------------------------------ operands
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

    # ------------------------------------------------------------ the kernel
    def write(self) -> FusedCall:
        """The kernel and its call.

        Everything that differs between two uses of a kernel (pointers, sizes, strides, constants) is an argument.  For
        ``y = x * c`` over (64, 10), where ``y`` is dense and ``x`` a transposed view, loop 0 split between threads::

            p0, p1: x, y    c0_at: c    n1: 10    s0_1: 64    s1_0: 10

            c0 = c0_at[0]
            for i0 in range(lo, hi):
                for i1 in range(n1):
                    x0 = p0[i0 + i1 * s0_1]
                    v1 = float32(x0 * c0)
                    p1[i0 * s1_0 + i1] = v1

        Strides 0, 1 and -1 are part of the source, so that LLVM can vectorise, and so are a last loop of at most 8 elements and
        strides of as many: LLVM then writes that loop out and lets vectors hold the same element of neighbouring rows.
        """
        self.loops = list(range(len(self.sizes)))
        self.tiled: tuple[int, ...] = ()
        outer, inner, vector = ([k for k in self.loops if self.groups[k] == g] for g in (OUTER, INNER, VECTOR))
        shared = outer or vector  # threads share these: reduced axes add to the same accumulators
        self.split: int | None = shared[0] if shared else None
        self.parted: int | None = vector[0] if outer and vector else None
        self.few_columns = few_columns.applies(self, outer, inner, vector)
        self.few = self._is_few(inner)
        rows = self.unit.axes is not None and self.unit.is_row and bool(outer) and not self.few
        self.short_rows = rows and are_short(self, inner)
        self.row_blocks = rows and bool(inner) and not self.short_rows and row_blocks.applies(self)
        self.strip = 0
        if self.few_columns:  # too few to share
            self.parted, self.split = None, outer[0] if outer else None
        elif self.unit.axes is not None and not self.unit.is_row:
            self.strip = column_strips.width(self, inner, vector)
            if self.strip and not outer:  # parts that are no shorter than a strip
                self.parted, self.split = vector[0], None
        self._declare_parameters()
        for name, operand in self.scalar_operands:
            self.w.line(f"{name} = {load(operand.dtype.name, name + '_at', '0')}")
        if any(far_angles.is_guarded(n) for n in self.unit.nodes):
            far_angles.write(self, lambda: self._body(outer, inner, vector))
        else:
            self._body(outer, inner, vector)
        return self._call()

    def _is_few(self, inner) -> bool:
        """Whether the last loop has few elements, and vectors can hold the same one of neighbouring rows."""
        if len(self.loops) < 2 or self.sizes[-1] > FEW_ELEMENTS or len(inner) > 1 or (inner and not self.unit.is_row):
            return False
        if self.sizes[-1] == FEW_ELEMENTS and (not inner or self._is_wide()):  # a vector of its own
            return False
        if self._is_copy() and self.sizes[-1] > FEW_COPIED:
            return False
        return all(-1 <= a.strides[-2] <= FEW_ELEMENTS for a in self.order)

    def _body(self, outer, inner, vector) -> None:
        if self.unit.axes is None:
            self._pointwise(outer)
        elif self.short_rows:
            ShortRows(self, outer, inner).write()
        elif self.row_blocks:
            row_blocks.RowBlocks(self, outer, inner).write()
        elif self.unit.is_row:
            self._rows(outer, inner)
        else:
            self._columns(outer, inner, vector)

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
                str(s) if -1 <= s <= (FEW_ELEMENTS if self.few else 1) else w.parameter(f"s{number}_{k}", "int", s)
                for k, s in zip(self.loops, a.strides)
            ]
            if a.operand.is_index and a.operand.offset:
                a.name = w.parameter(f"o{number}", "int", a.operand.offset)

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
        self.w.line(f"for i{k} in {over}({first}, {end}):" if first != "0" else f"for i{k} in {over}({end}):")
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
                    if k < last - 1 or self.sizes[last] > MANY_LINES or apart % 1024 == 0:
                        return k, last
        return ()

    def _at(self, a: Access, loops, tiled: str = "i") -> str:
        """The position of an element; ``tiled``: the names of the loops that are tiled begin with it."""
        if a.local:
            return " * 16 + ".join(f"j{k}" for k in self.tiled)
        terms = []
        for k in loops:
            p = a.positions[k]
            i = f"{tiled if k in self.tiled else 'i'}{k}"
            if p == "1":
                terms.append(i)
            elif p != "0":
                terms.append(f"{i} * {p}")
        if a.operand.is_index and a.name:
            terms.append(a.name)
        return " + ".join(terms) or "0"

    # ------------------------------------------------------------ expressions
    def _variable(self, v: Value) -> str:
        return self.scalars.get(id(v)) or self.names[id(v)]

    def _emit_load(self, v: Value, loops) -> None:
        a = self.access[id(v)]
        name = f"x{len(self.names)}"
        self.names[id(v)] = name
        at = self._at(a, loops)
        text = at if a.operand.is_index else load(a.dtype, a.local or a.name, at)
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
        self.w.line(store(a.dtype, a.local or a.name, self._at(a, loops), self.names[id(v)], rounded))

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

    def _load_fixed(self, around, within) -> None:
        for node in self.unit.nodes:
            for v in node.inputs:
                a = self.access.get(id(v))
                if a is None or id(v) in self.names or not within:
                    continue
                if all(a.strides[k] == 0 for k in self.loops if k not in around):
                    self._emit_load(v, around)

    # ------------------------------------------------------------ schedules
    def _pointwise(self, loops) -> None:
        """Writes a group without reductions: one loop nest over the whole iteration space."""
        self.names: dict[int, str] = {}
        self.tiled = self._transposed()
        if turned_tiles.applies(self):
            return turned_tiles.write(self, loops)
        if self._copies_rows(loops):
            return self._copy_rows(loops)
        self._open([k for k in loops if k not in self.tiled] + list(self.tiled))
        self._expressions(loops)

    def _is_wide(self) -> bool:
        return all(a.operand.dtype.itemsize >= 8 for a in self.order if a.strides[-1] and not a.operand.is_index)

    def _is_copy(self) -> bool:
        return len(self.unit.nodes) == 1 and self.unit.nodes[0].op.name == "identity"

    def _copies_rows(self, loops) -> bool:
        """Whether the unit only copies elements that lie side by side along its last loop."""
        if not self._is_copy() or len(loops) < 2 or self.tiled or self.few:
            return False
        (node,) = self.unit.nodes
        source, target = self.access.get(id(node.inputs[0])), self.targets[id(node.outs[0])]
        if source is None or source.operand.is_index or source.dtype != target.dtype:
            return False
        return source.strides[loops[-1]] == target.strides[loops[-1]] == 1

    def _copy_rows(self, loops) -> None:
        """By whole vectors, as a loop would copy the last elements of each row one by one."""
        (node,), around = self.unit.nodes, loops[:-1]
        for k in around:
            self._loop(k)
        source, target = (
            f"shift({a.name}, {self._at(a, around)})"
            for a in (self.access[id(node.inputs[0])], self.targets[id(node.outs[0])])
        )
        self.w.notes[len(self.w.lines)] = node
        self.w.line(f"copy_row({source}, {target}, n{loops[-1]})")

    def _expressions(self, loops) -> None:
        """What is computed for one element of a unit without reductions."""
        for node in self.unit.nodes:
            self._emit(node, loops)
        for v in self.stored:
            self._store(v, loops)

    def is_outer(self, node: Node) -> bool:
        return node.op.kind == "reduction" or node.outs[0].shape != self.space

    def outer_nodes(self):
        return [n for n in self.unit.nodes if self.is_outer(n)]

    def in_loop(self, level: int) -> list[Value]:
        """What the loop over a row at this level is for: what is summed and what is stored."""
        levels = self.unit.levels
        summed = [
            n.inputs[0] for n in self.unit.nodes if n.op.kind == "reduction" and levels[id(n.outs[0])] == level + 1
        ]
        return summed + [v for v in self.stored if levels[id(v)] == level and not self.is_outer(self.inside[id(v)])]

    def _rows(self, outer, inner) -> None:
        """For each outer position: inner loops, one for each level; between them the values of that position."""
        unit, w = self.unit, self.w
        self.names = {}
        kept, places = ({}, {}) if self.few else kept_rows.chosen(self, inner)
        again = self._on_the_stack(kept_rows.needed_again(self, inner) if self.few else [], inner)
        before, made = dict(self.access), set[int]()
        for k in outer:
            self._loop(k)
        self._load_fixed(outer, inner)
        top = max(unit.levels.values())
        available: dict[int, str] = {}  # names of what stays the same in the inner loops
        base_depth = w.depth
        for level in range(top + 1):
            # values of this position
            for node in self.outer_nodes():
                if unit.levels[id(node.outs[0])] == level and node.op.kind != "reduction":
                    self._emit(node, outer)
            for v in self.stored:
                if unit.levels[id(v)] == level and self.is_outer(self.inside[id(v)]):
                    self._store(v, outer)
            available = {i: n for i, n in self.names.items() if i not in self.access or self._outer_access(i, inner)}
            reductions = [n for n in unit.nodes if n.op.kind == "reduction" and unit.levels[id(n.outs[0])] == level + 1]
            full = [v for v in self.stored if unit.levels[id(v)] == level and not self.is_outer(self.inside[id(v)])]
            if not reductions and not full:
                continue
            self.names = dict(available)
            for n in reductions:
                w.lines_of(begin(n, f"r{id_of(unit, n)}"))
            for k in inner:
                self._loop(k)
            for node in self.needed_nodes(self.in_loop(level), set(available) | made):
                if id(node.outs[0]) not in self.names:
                    self._emit(node, outer + inner)
            for v in [n.outs[0] for n in kept.get(level, ()) if n.outs[0] not in self.stored]:
                a = places[id(v)]
                w.line(store(a.dtype, a.name, self._at(a, outer + inner), self.names[id(v)]))
            for v in [*(n.inputs[0] for n in reductions), *full]:
                if id(v) in self.access and id(v) not in self.names:
                    self._emit_load(v, outer + inner)
            fresh = {key: a for key, a in again.items() if key in self.names and key not in made}
            for key, a in fresh.items():
                w.line(store(a.dtype, a.name, self._at(a, inner), self.names[key]))
            for n in reductions:
                w.notes[len(w.lines)] = n
                w.lines_of(add(n, f"r{id_of(unit, n)}", self._variable(n.inputs[0])))
            for v in full:
                self._store(v, outer + inner)
            w.depth = base_depth
            for n in reductions:
                w.lines_of(finish(n, f"r{id_of(unit, n)}"))
            self.names = dict(available)
            for n in reductions:
                self.names[id(n.outs[0])] = f"r{id_of(unit, n)}"
            fresh |= {id(n.outs[0]): places[id(n.outs[0])] for n in kept.get(level, ())}
            self.access |= fresh
            made |= set(fresh)
        self.access = before  # the loops may be written a second time
        w.put_first([f"{a.name} = local_{a.dtype}({FEW_ELEMENTS})" for a in again.values()])

    def _on_the_stack(self, values, inner) -> dict[int, Access]:
        """By the id of each value an array for its elements in a row."""
        strides, any_array = [int(k in inner) for k in self.loops], self.targets[id(self.stored[0])].operand
        return {
            id(v): Access(any_array, strides, f"k{n}", compute_type(v.dtype.name), [str(s) for s in strides])
            for n, v in enumerate(values)
        }

    def _outer_access(self, key: int, inner) -> bool:
        return all(self.access[key].strides[k] == 0 for k in inner)

    def _columns(self, outer, inner, vector) -> None:
        """Accumulates whole rows: the loops over the reduced axes outside, the vector part inside."""
        unit, w = self.unit, self.w
        self.names = {}
        reductions = [n for n in unit.nodes if n.op.kind == "reduction"]
        remaining = outer + vector  # the axes that are not reduced
        if self.few_columns:
            few_columns.write(self, outer, inner[0], vector[0])
            return self._after_columns(vector, reductions, remaining, w.depth)
        if not outer and self.parted is not None:
            self._loop_over_parts()
        for k in outer:
            self._loop(k)
        if self.strip:
            depth = w.depth
            column_strips.write(self, outer, inner, vector, self.strip)
            return self._after_columns(vector, reductions, remaining, depth)
        base_depth = w.depth
        for k in vector:
            self._loop(k)
        for n in reductions:
            a = self.targets[id(n.outs[0])]
            w.line(store(a.dtype, a.name, self._at(a, remaining), start(n)))
        w.depth = base_depth
        self._open(inner + vector, outer)
        few_columns.add_element(self, reductions, [self._sum_in_place(n, remaining) for n in reductions])
        self._after_columns(vector, reductions, remaining, base_depth)

    def _sum_in_place(self, n: Node, axes):
        """A sum in the memory of its result."""
        a = self.targets[id(n.outs[0])]
        at = self._at(a, axes)
        return load(a.dtype, a.name, at), lambda new: store(a.dtype, a.name, at, new)

    def _after_columns(self, vector, reductions, remaining, depth: int) -> None:
        """What is computed of the sums of an outer position."""
        unit, w = self.unit, self.w
        w.depth = depth
        after = [n for n in unit.nodes if self.is_outer(n) and n.op.kind != "reduction"]
        late = [v for v in self.stored if self.inside[id(v)] in after]
        if not after:
            return
        self.names = {}
        for k in vector:
            self._loop(k)
        for n in reductions:
            a = self.targets[id(n.outs[0])]
            self.names[id(n.outs[0])] = name = f"t{id_of(unit, n)}"
            w.line(f"{name} = {load(a.dtype, a.name, self._at(a, remaining))}")
        for node in after:
            self._emit(node, remaining)
        for v in late:
            self._store(v, remaining)


def needs_storage(unit: Unit) -> list[Value]:
    """Results that must have memory even if nothing outside the unit reads them: rows of accumulators."""
    if unit.axes and not unit.is_row:
        return [n.outs[0] for n in unit.nodes if n.op.kind == "reduction"]
    return []


def id_of(unit: Unit, node: Node) -> int:
    return unit.nodes.index(node)
