"""The schedule of a group that walks its rows several times: some rows together, one loop after the other.

A row of softmax has to wait for its maximum, then for its sum, and both come at the end of a chain of operations. So each loop
runs over a few rows before the next one begins: the processor works on several at once, and what is computed of the maxima
and sums is computed by vectors. The softmax of rows of ``n1``, of which ``rows`` stay in the first cache together::

    for t0 in range(lo, hi, rows):
        e0 = min(t0 + rows, hi)
        for i0 in range(t0, e0): r0[i0 - t0] = maximum of the row
        for i0 in range(t0, e0): r1[i0 - t0] = sum of exp(x - r0[i0 - t0]), which also goes to the row of the result
        for i0 in range(t0, e0): the row of the result, divided by r1[i0 - t0]
"""

import math

from ..core.record import Node
from ..core.sizes import counted, decided
from . import kept_rows
from .expression import add, begin, finish, store
from .short_rows import LANES, ShortRows, takes_long, walks_again

INNER = 1  # as in loops.py
NEAR = 1 << 20  # bytes of all arrays that stay in the second cache
TOGETHER = 1 << 14  # bytes, of all arrays, of the rows that are together: half of a first cache
LANES_OF_A_MASK = 16
FEW_LEFT = 4  # elements left by vectors of eight: so many are faster one by one


def applies(fused) -> bool:
    """Whether it is faster than one row after the other: where functions take long, or what is computed of rows again is near.

    Of arrays that come from memory, one row after the other is fetched faster.
    """
    if takes_long(fused):
        return True
    again = walks_again(fused) and any(not fused.is_outer(fused.inside[id(v)]) for v in fused.stored)
    return again and _is_near(_element(fused), *fused.sizes)


@decided
def _is_near(element: int, *sizes: int) -> bool:
    return math.prod(sizes) * element <= NEAR


def _element(fused) -> int:
    """Bytes of an element of all arrays that have one for each position."""
    return sum(a.operand.dtype.itemsize for a in fused.order if a.strides[-1] and any(a.strides[:-1]))


def rows_of(fused) -> int:
    """How many rows are together."""
    row = math.prod(n for n, group in zip(fused.sizes, fused.groups) if group == INNER)
    return _rows_together(row * _element(fused))


@counted
def _rows_together(row: int) -> int:
    return max(1, min(LANES, TOGETHER // max(row, 1)))


@decided
def fills_vectors(row: int) -> bool:
    """Whether a row is walked by vectors of 16 and one with a mask: if nothing is left for that one, or much.

    Else LLVM's own loop is faster, of vectors of 16, of 8 and the rest one by one: what is stored with a mask has to reach the
    cache before the next loop can load it.
    """
    return row % LANES_OF_A_MASK == 0 or row % 8 > FEW_LEFT


class RowBlocks(ShortRows):
    step = "rows"

    def write(self) -> None:
        self.rows_kept, self.places = kept_rows.chosen(self.f, self.inner)
        self.made: set[int] = set()
        super().write()
        for key in self.made:  # as it was: the loops may be written a second time
            del self.f.access[key]

    def _rows(self, level: int, reductions, full) -> None:
        """One loop over each of the rows that are together."""
        f, w, outer = self.f, self.w, [*self.around, self.lane]
        self._lanes()
        f.names = {}
        f._load_fixed(outer, self.inner)
        nodes = f.needed_nodes(f.in_loop(level), set(self.kept) | self.made)
        used = {id(v): v for n in (*nodes, *reductions) for v in n.inputs} | {id(v): v for v in full}
        for key, v in used.items():
            if key in self.kept:
                self._read(v)
        for n in reductions:
            w.lines_of(begin(n, self._one(n)))
        self._walk(lambda: self._element(level, nodes, reductions, full))
        for n in reductions:
            self.kept[id(n.outs[0])] = self._sum(n)
            w.lines_of(finish(n, self._one(n)))
            self._put(self._sum(n), self._one(n))
        w.depth -= 1
        f.access |= {id(n.outs[0]): self.places[id(n.outs[0])] for n in self.rows_kept.get(level, ())}
        self.made |= {id(n.outs[0]) for n in self.rows_kept.get(level, ())}

    def _walk(self, element) -> None:
        """``element()`` at each position of a row."""
        f, w = self.f, self.w
        depth, *around, last = w.depth, *self.inner
        for k in around:
            f._loop(k)
        inside, names, whole = w.depth, dict(f.names), f"n{last} - n{last} % {LANES_OF_A_MASK}"
        masked = fills_vectors(f.sizes[last])
        for header in [f"range({whole})", f"masked({whole}, n{last})"] if masked else [f"range(n{last})"]:
            w.depth, f.names = inside, dict(names)
            w.line(f"for i{last} in {header}:")
            w.depth += 1
            element()
        w.depth = depth

    def _element(self, level: int, nodes, reductions, full) -> None:
        f, w, loops = self.f, self.w, [*self.around, self.lane, *self.inner]
        for node in nodes:
            f._emit(node, loops)
        for v in [n.outs[0] for n in self.rows_kept.get(level, ()) if n.outs[0] not in f.stored]:
            a = self.places[id(v)]
            w.line(store(a.dtype, a.name, f._at(a, loops), f.names[id(v)]))
        for n in reductions:
            if id(n.inputs[0]) in f.access and id(n.inputs[0]) not in f.names:
                f._emit_load(n.inputs[0], loops)
            w.notes[len(w.lines)] = n
            w.lines_of(add(n, self._one(n), f._variable(n.inputs[0])))
        for v in full:
            if id(v) not in f.names:
                f._emit_load(v, loops)
            f._store(v, loops)

    def _one(self, n: Node) -> str:
        """The name of a sum while its row is walked."""
        return f"{self._sum(n).name}_one"
