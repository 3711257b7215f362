"""The schedule of a group whose reduced rows are short: positions side by side.

A loop over four elements of a row cannot be vectorised.  So the loop over positions becomes the innermost one, over a block
of ``LANES`` of them, and what is known of each position (a maximum, a sum) is kept in an array with a place for each.  The
greatest of each of the rows of ``n1``::

    for t0 in range(lo, hi, 32):
        e0 = min(t0 + 32, hi)
        for i0 in range(t0, e0): r1[i0 - t0] = -inf
        for i1 in range(n1):
            for i0 in range(t0, e0): b0[i1 * 32 + i0 - t0] = p0[i0 * s0_0 + i1]
            for i0 in range(t0, e0): r1[i0 - t0] = maximum(r1[i0 - t0], b0[i1 * 32 + i0 - t0])

Elements that do not lie side by side (``b0``) are fetched by a loop of their own, which is not vectorised; the arithmetic is.
They, and what is computed of them and needed again, are kept for the loops over the rows that follow.  Each row is summed in
the order of its elements.
"""

import math
from typing import NamedTuple

from ..core.record import Node, Value
from .expression import combine, compute_type, load, start, store
from .recompute import is_cheap

LANES = 32
LONGEST = 15  # elements of a row; longer ones are vectorised along the row


def are_short(fused, inner: list[int]) -> bool:
    """Whether the rows are walked side by side: short ones with functions that take long, as for softmax and losses.

    Those are rows of classes or features, whose length a model fixes; sums over a batch, whose length another batch
    changes, keep the kernel they have.
    """
    return takes_long(fused) and math.prod(fused.sizes[k] for k in inner) <= LONGEST


def takes_long(fused) -> bool:
    """Whether something is computed of each element that takes more than a few instructions."""
    elements = [n for n in fused.unit.nodes if n.op.kind == "elementwise" and not fused.is_outer(n)]
    return any(not is_cheap(n.op.expression) for n in elements)


def walks_again(fused) -> bool:
    """Whether rows are walked again once something is known of them."""
    return any(fused.unit.levels[id(n.outs[0])] and not fused.is_outer(n) for n in fused.unit.nodes)


class Kept(NamedTuple):
    """An array with a place for each position of a block, or for each element of its rows."""

    name: str
    dtype: str
    row: bool


class ShortRows:
    """Writes one kernel, with the operands and names of ``fused`` (graph/codegen.py)."""

    step = str(LANES)  # positions of a block

    def __init__(self, fused, outer: list[int], inner: list[int]):
        self.f, self.w, self.unit = fused, fused.w, fused.unit
        self.around, self.lane, self.inner = outer[:-1], outer[-1], inner
        self.kept: dict[int, Kept] = {}  # id of a value -> where it is
        self.arrays: dict[str, Kept] = {}  # by name

    def write(self) -> None:
        f, w = self.f, self.w
        for k in self.around:
            f._loop(k)
        first, end = ("lo", "hi") if self.lane == f.split else ("0", f"n{self.lane}")
        w.line(f"for t{self.lane} in range({first}, {end}, {self.step}):")
        w.depth += 1
        w.line(f"e{self.lane} = min(t{self.lane} + {self.step}, {end})")
        for level in range(max(self.unit.levels.values()) + 1):
            self._level(level)
        w.put_first([f"{a.name} = local_{a.dtype}({LANES * (LONGEST if a.row else 1)})" for a in self.arrays.values()])

    def _level(self, level: int) -> None:
        f, levels = self.f, self.unit.levels
        outer = [
            n for n in self.unit.nodes
            if levels[id(n.outs[0])] == level and f.is_outer(n) and n.op.kind != "reduction"
        ]  # fmt: skip
        stored = [v for v in f.stored if levels[id(v)] == level]
        self._stage(outer, [v for v in stored if f.is_outer(f.inside[id(v)])], [], [])
        reductions = [n for n in self.unit.nodes if n.op.kind == "reduction" and levels[id(n.outs[0])] == level + 1]
        full = [v for v in stored if not f.is_outer(f.inside[id(v)])]
        if reductions or full:
            self._rows(level, reductions, full)

    def _rows(self, level: int, reductions: list[Node], full: list[Value]) -> None:
        """The loop over the rows of a block: what is summed and stored on the way."""
        f = self.f
        if reductions:
            self._begin(reductions)
        for k in self.inner:
            f._loop(k)
        self._stage(f.needed_nodes([n.inputs[0] for n in reductions] + full, self.kept), full, reductions, self.inner)
        self.w.depth -= len(self.inner)
        for n in reductions:
            self.kept[id(n.outs[0])] = self._sum(n)

    def _begin(self, reductions: list[Node]) -> None:
        self._lanes()
        for n in reductions:
            self._put(self._sum(n), start(n))
        self.w.depth -= 1

    # ------------------------------------------------------------ one loop over the positions of a block
    def _stage(self, nodes: list[Node], stores: list[Value], reductions: list[Node], inner: list[int]) -> None:
        """``nodes`` at all positions of a block (and one element of each row, within the loops ``inner``)."""
        f = self.f
        if not (nodes or stores or reductions):
            return
        f.names = {}
        used = [*(v for n in (*nodes, *reductions) for v in n.inputs), *stores]
        used = list({id(v): v for v in used}.values())
        outside = [v for v in used if id(v) in f.access and id(v) not in self.kept]
        for v in outside:
            if f.access[id(v)].strides[self.lane] == 0:
                f._emit_load(v, self._loops(inner))
        self._fetch([v for v in outside if f.access[id(v)].strides[self.lane] not in (0, 1)], inner)
        self._lanes()
        for v in used:
            if id(v) in self.kept:
                self._read(v)
            elif id(v) in f.access and id(v) not in f.names:
                f._emit_load(v, self._loops(inner))
        for node in nodes:
            f._emit(node, self._loops(inner))
            if self._needed_later(node, nodes, reductions):
                self.kept[id(node.outs[0])] = self._array("k", self.unit.nodes.index(node), node.outs[0], bool(inner))
                self._put(self.kept[id(node.outs[0])], f.names[id(node.outs[0])])
        for n in reductions:
            kept = self._sum(n)
            self.w.notes[len(self.w.lines)] = n
            self._put(kept, combine(n, self._got(kept), f._variable(n.inputs[0])))
        self._store(stores, inner)

    def _fetch(self, values: list[Value], inner: list[int]) -> None:
        """Elements that do not lie side by side, into arrays in which they do."""
        f = self.f
        if not values:
            return
        self._lanes()
        for v in values:
            a = f.access[id(v)]
            at = f._at(a, self._loops(inner))
            number = len(self.arrays)
            self.kept[id(v)] = self._array("b", number, v, bool(inner))
            self._put(self.kept[id(v)], f"int64({at})" if a.operand.is_index else load(a.dtype, a.name, at))
        self.w.depth -= 1

    def _store(self, values: list[Value], inner: list[int]) -> None:
        """Ends the loop.  What does not lie side by side in memory is stored by a loop of its own."""
        f, late = self.f, []
        for v in values:
            if f.targets[id(v)].strides[self.lane] == 1:
                f._store(v, self._loops(inner))
            else:
                late.append((v, self._array("o", self.unit.nodes.index(f.inside[id(v)]), v, False)))
                self._put(late[-1][1], f.names[id(v)])
        self.w.depth -= 1
        if late:
            self._lanes()
            for v, kept in late:
                a = f.targets[id(v)]
                self.w.line(store(a.dtype, a.name, f._at(a, self._loops(inner)), self._got(kept)))
            self.w.depth -= 1

    def _needed_later(self, node: Node, nodes: list[Node], reductions: list[Node]) -> bool:
        at_once = {n.id for n in (*nodes, *reductions)}
        return any(v is node.outs[0] and n.id not in at_once for n in self.unit.nodes for v in n.inputs)

    def _loops(self, inner: list[int]) -> list[int]:
        return [*self.around, self.lane, *inner]

    def _lanes(self) -> None:
        self.w.line(f"for i{self.lane} in range(t{self.lane}, e{self.lane}):")
        self.w.depth += 1

    # ------------------------------------------------------------ arrays
    def _array(self, kind: str, number: int, v: Value, row: bool) -> Kept:
        dtype = compute_type(v.dtype.name)
        made = Kept(f"{kind}{number}_{dtype}", dtype, row)
        return self.arrays.setdefault(made.name, made)

    def _sum(self, n: Node) -> Kept:
        return self._array("r", self.unit.nodes.index(n), n.outs[0], False)

    def _place(self, kept: Kept) -> str:
        element = ""
        if kept.row:
            for k in self.inner:
                element = f"({element} * n{k} + i{k})" if element else f"i{k}"
            element += f" * {LANES} + "
        return f"{element}i{self.lane} - t{self.lane}"

    def _put(self, kept: Kept, text: str) -> None:
        self.w.line(store(kept.dtype, kept.name, self._place(kept), text))

    def _got(self, kept: Kept) -> str:
        return load(kept.dtype, kept.name, self._place(kept))

    def _read(self, v: Value) -> None:
        name = f"x{len(self.f.names)}"
        self.f.names[id(v)] = name
        self.w.line(f"{name} = {self._got(self.kept[id(v)])}")
