"""The schedule of a unit that accumulates rows: strips of columns whose sums stay in registers.

A row of sums in memory is read and written again for each row that is added to it. Here a strip of 64 columns is summed over all
rows before the next one; the last strip begins early enough to be whole. The sums of the columns of ``x`` of (n0, n1)::

    for t1 in range(0, n1, 64):
        u1 = min(t1, n1 - 64)
        for j in together(64): a0[j] = 0
        for i0 in range(n0):
            for j in together(64): a0[j] = a0[j] + p0[i0 * n1 + u1 + j]
        for j in together(64): p1[u1 + j] = a0[j]
"""

import math

from .expression import start, store
from .few_columns import TYPES, add_element, element_of
from .short_rows import takes_long

STRIPS = (64, 32, 16)  # columns of a strip: four vectors of float32, so that each waits for the ones before it less
LARGE = 1 << 21  # bytes: of an array that comes from memory, whole rows are fetched faster than strips,
FEW_ROWS = 256  # unless functions take long, and rows are so few that their pages are at hand together


def width(fused, inner, vector) -> int:
    """How many columns a strip of the kernel ``fused`` (graph/codegen.py) has; 0: the schedule does not apply.

    Columns that two strips share are computed twice; where more than sums is stored, no two may share any.
    """
    unit = fused.unit
    if unit.axes is None or unit.is_row or not inner or not vector:
        return 0
    reductions = [n for n in unit.nodes if n.op.kind == "reduction"]
    if any(fused.targets[id(n.outs[0])].dtype not in TYPES for n in reductions):
        return 0
    rows = math.prod(fused.sizes[k] for k in inner)
    most = rows * math.prod(fused.sizes[k] for k in vector) * max(a.operand.dtype.itemsize for a in fused.order)
    if most > LARGE and (rows > FEW_ROWS or not takes_long(fused)):
        return 0
    n = fused.sizes[vector[-1]]
    if any(not fused.is_outer(fused.inside[id(v)]) for v in fused.stored):
        return next((w for w in STRIPS if n % w == 0), 0)
    return next((w for w in STRIPS if w <= n), n)


def write(fused, outer, inner, vector, columns: int) -> None:
    """Writes the loops over the rows ``inner`` and the columns ``vector``, of which the last is in strips; those over ``outer`` are open."""
    w, v, around = fused.w, vector[-1], [*outer, *vector[:-1]]
    reductions = [n for n in fused.unit.nodes if n.op.kind == "reduction"]
    names = [f"a{fused.unit.nodes.index(n)}" for n in reductions]
    targets = [fused.targets[id(n.outs[0])] for n in reductions]
    fused.w.put_first([f"{name} = local_{a.dtype}({columns})" for name, a in zip(names, targets)])
    for k in vector[:-1]:
        fused._loop(k)
    first, end = ("begin", "end") if v == fused.parted else ("0", f"n{v}")
    w.line(f"for t{v} in range({first}, {end}, {columns}):")
    w.depth += 1
    w.line(f"u{v} = min(t{v}, {end} - {columns})")
    depth = w.depth

    over = "together" if columns in STRIPS else "written_out"

    def elements() -> None:
        w.line(f"for j in {over}({columns}):")
        w.depth += 1
        w.line(f"i{v} = u{v} + j")

    elements()
    for name, n in zip(names, reductions):
        w.line(f"{name}[j] = {start(n)}")
    w.depth = depth
    fused._open(inner, around)
    elements()
    add_element(fused, reductions, [element_of(name, "j") for name in names])
    w.depth = depth
    elements()
    for name, a in zip(names, targets):
        w.line(store(a.dtype, a.name, fused._at(a, [*around, v]), f"{name}[j]"))
    w.depth = depth
