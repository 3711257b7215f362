"""Kernel source of a fused unit: which loops it has, and what stands in them."""

from ..core.processor import has_masks
from ..core.record import Node, Value
from . import column_strips, far_angles, few_columns, kept_rows, row_blocks, turned_tiles
from .expression import add, begin, compute_type, finish, load, start, store
from .fuse import Unit
from .loops import FEW_ELEMENTS, INNER, OUTER, VECTOR, Access, FusedCall, Loops, id_of
from .memory import Operand
from .row_blocks import LANES_OF_A_MASK as LANES
from .short_rows import ShortRows, are_short, takes_long

SHORTEST_MASKED = 3  # elements of a row with gaps around it
FEW_COPIED = 3  # elements of a row: longer ones that are only copied are not written out


def generate(unit: Unit, operand_of, outputs: dict[int, Operand], shared: bool) -> FusedCall:
    """``operand_of(value)`` gives the memory of an outside value, ``outputs`` that of the unit's results (by id).

    ``shared``: whether several threads may share the call.
    """
    return _Fused(unit, operand_of, outputs, shared).write()


class _Fused(Loops):
    """The schedules: which loops a unit has, in which order, and what is computed in each."""

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

        Strides 0, 1 and -1 are part of the source, so that LLVM can vectorise, and so are those up to 4 along the last loop,
        of which vectors are put together from whole ones, and a last loop of at most 8 elements and strides of as many: LLVM
        then writes that loop out and lets vectors hold the same element of neighbouring rows.
        """
        self.loops = list(range(len(self.sizes)))
        self.tiled = ()
        outer, inner, vector = ([k for k in self.loops if self.groups[k] == g] for g in (OUTER, INNER, VECTOR))
        shared = outer or vector  # threads share these: reduced axes add to the same accumulators
        self.split = shared[0] if shared else None
        self.parted = vector[0] if outer and vector else None
        self.few_columns = few_columns.applies(self, outer, inner, vector)
        self.gaps = self._has_gaps()
        self.few = not self.gaps and self._is_few(inner)
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

    def _has_gaps(self) -> bool:
        """Whether the last loop has too few elements for a whole vector, which lie side by side, and the rows of an array are apart.

        A vector of a row with a mask is then faster than one of the same element of several rows, but for functions that take long.
        """
        if self.unit.axes is not None or len(self.loops) < 2 or self._is_copy() or not has_masks():
            return False
        n = self.sizes[-1]
        if not (FEW_ELEMENTS + 1 if takes_long(self) else SHORTEST_MASKED) <= n < LANES:
            return False
        if any(a.strides[-1] not in (0, 1) for a in self.order):
            return False
        return any(a.strides[-1] == 1 and a.strides[-2] not in (0, n) for a in self.order)

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

    def _pointwise(self, loops) -> None:
        """Writes a group without reductions: one loop nest over the whole iteration space."""
        self.names = {}
        self.tiled = self._transposed()
        if turned_tiles.applies(self):
            return turned_tiles.write(self, loops)
        if self._copies_rows(loops):
            return self._copy_rows(loops)
        if self.tiled or self.few or len(loops) < 2:
            self._open([k for k in loops if k not in self.tiled] + list(self.tiled))
            return self._expressions(loops)
        self._open(loops[:-1])
        self._load_fixed(loops[:-1], loops[-1:])
        self.open_backward_rows(loops[:-1])
        self._loop(loops[-1])
        self._expressions(loops)
        for a in self.order:
            a.row = ""

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
        sums = [self._sum_in_place(n, remaining) for n in reductions]
        *fixed, row = inner
        self._open(fixed, outer)
        first = "0"
        if few_columns.is_short(self):

            def open_columns():
                for k in vector:
                    self._loop(k)

            first = few_columns.add_rows(self, row, "1", [*outer, *fixed, row], open_columns, reductions, sums)
        w.line(f"for i{row} in range({first}, n{row}):")
        w.depth += 1
        self._load_fixed([*outer, *inner], vector)
        self._open(vector, [*outer, *inner])
        few_columns.add_element(self, reductions, sums)
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
