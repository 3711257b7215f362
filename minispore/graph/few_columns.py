"""The schedule of a unit that accumulates rows of a few elements: several of them side by side, added up at the end.

Rows that lie one after the other make up a longer one, so a position in the longer one is one in memory.  The sums of the
columns of ``x`` of (n0, n1), where ``rows`` is 16 for n1 up to 16::

    for i1 in range(rows * n1): a0[i1] = 0
    for i0 in range(0, n0 // rows * rows, rows):  # four at a time: see ``add_rows``
        for i1 in range(rows * n1): a0[i1] = a0[i1] + p0[i0 * n1 + i1]
    for i0 in range(n0 // rows * rows, n0):
        for i1 in range(n1): a0[i1] = a0[i1] + p0[i0 * n1 + i1]
    for j in range(1, rows):
        for i1 in range(n1): a0[i1] = a0[i1] + a0[j * n1 + i1]
    for i1 in range(n1): p1[i1] = a0[i1]
"""

from collections.abc import Callable

from .expression import combine, start, store
from .short_rows import takes_long

ROWS = 16  # side by side, at most
ELEMENTS = ROWS * ROWS  # of all of them, at most
LONGEST = 63  # elements of a row: of longer ones, strips stay in registers (column_strips.py)
LEAST = 32  # rows in each of several sums
LEAST_ALONE = 512  # in a single one: that of a small batch keeps its kernel
SEVERAL, SHORT = 4, 6  # rows that are added at once; nodes of a unit in which that makes a difference
TYPES = ("float32", "float64", "int32", "int64")


def applies(fused, outer, inner, vector) -> bool:
    """Whether the rows are short and many, and lie one after the other in all arrays."""
    if len(inner) != 1 or len(vector) != 1 or fused.unit.axes is None or fused.unit.is_row:
        return False
    (i,), (v,) = inner, vector
    if fused.sizes[v] > LONGEST or fused.sizes[i] < (LEAST if outer else LEAST_ALONE):
        return False
    sums = [fused.targets[id(n.outs[0])] for n in fused.unit.nodes if n.op.kind == "reduction"]
    others = [a for a in fused.order if a not in sums and any(a.strides)]
    dense = all(a.strides[i] == fused.sizes[v] and a.strides[v] == 1 and not a.operand.is_index for a in others)
    return dense and all(a.dtype in TYPES for a in sums)


def rows_of(fused, v: int) -> int:
    """How many rows of the axis ``v`` lie side by side."""
    return min(ROWS, ELEMENTS // fused.sizes[v])


def write(fused, outer, i: int, v: int) -> None:
    """Writes the loops of the kernel ``fused`` (graph/codegen.py) over its axes ``outer``, the rows ``i`` and their elements ``v``."""
    w, unit = fused.w, fused.unit
    reductions = [n for n in unit.nodes if n.op.kind == "reduction"]
    names = [f"a{unit.nodes.index(n)}" for n in reductions]
    targets = [fused.targets[id(n.outs[0])] for n in reductions]
    for name, a in zip(names, targets):
        w.line(f"{name} = local_{a.dtype}({ELEMENTS})")
    for k in outer:
        fused._loop(k)
    depth = w.depth

    def loop(*headers: str) -> None:
        w.depth = depth
        for header in headers:
            loop_inside(header)

    def loop_inside(header: str) -> None:
        w.line(header)
        w.depth += 1

    loop(f"for i{v} in range(rows * n{v}):")
    for name, n in zip(names, reductions):
        w.line(f"{name}[i{v}] = {start(n)}")
    whole, sums, first = f"n{i} // rows * rows", [element_of(name, f"i{v}") for name in names], "0"
    if is_short(fused):
        w.depth = depth
        fused.names = {}
        first = add_rows(
            fused, i, "rows", [*outer, i], lambda: loop_inside(f"for i{v} in range(rows * n{v}):"), reductions, sums
        )
    for turns, columns in ((f"{first}, {whole}, rows", f"rows * n{v}"), (f"{whole}, n{i}", f"n{v}")):
        loop(f"for i{i} in range({turns}):", f"for i{v} in range({columns}):")
        fused.names = {}
        add_element(fused, reductions, sums)
    loop("for j in range(1, rows):", f"for i{v} in range(n{v}):")
    for name, n in zip(names, reductions):
        w.line(f"{name}[i{v}] = {combine(n, f'{name}[i{v}]', f'{name}[j * n{v} + i{v}]')}")
    loop(f"for i{v} in range(n{v}):")
    for name, a in zip(names, targets):
        w.line(store(a.dtype, a.name, fused._at(a, [*outer, v]), f"{name}[i{v}]"))
    w.depth = depth


def add_element(fused, reductions, sums) -> None:
    """What is computed for one element, stored, and added to the sums, each of which is a pair (its value, new value -> the line that sets
    it); for the other schedules of columns, too."""
    w = fused.w
    full = [v for v in fused.stored if not fused.is_outer(fused.inside[id(v)])]
    for node in fused.needed_nodes([n.inputs[0] for n in reductions] + full, {}):
        if node.op.kind != "reduction":
            fused._emit(node, fused.loops)
    for v in full:
        fused._store(v, fused.loops)
    for (now, setting), n in zip(sums, reductions):
        if id(n.inputs[0]) in fused.access and id(n.inputs[0]) not in fused.names:
            fused._emit_load(n.inputs[0], fused.loops)
        new = combine(n, now, fused._variable(n.inputs[0]))
        w.notes[len(w.lines)] = n
        w.line(setting(new))


def is_short(fused) -> bool:
    """Whether reading and writing the sums takes a good part of the time."""
    return len(fused.unit.nodes) <= SHORT and not takes_long(fused)


def add_rows(fused, i: int, step: str, around, open_columns: Callable[[], None], reductions, sums) -> str:
    """Writes a loop that adds ``SEVERAL`` times ``step`` rows of the axis ``i`` at once, so that the sums are read and written
    once for all of them; returns where the remaining rows begin.

    ``around``: the axes whose loops are open, and ``i``.  ``open_columns`` opens the loops over the columns, which ``sums`` are of.
    """
    w, depth, before = fused.w, fused.w.depth, fused.names
    together = f"{SEVERAL} * {step}" if step != "1" else str(SEVERAL)
    whole = f"n{i} // ({together}) * ({together})" if step != "1" else f"n{i} // {together} * {together}"
    w.line(f"for t{i} in range(0, {whole}, {together}):")
    w.depth += 1
    known: list[dict] = []  # the names of what is the same in all columns, for each row

    def begin(r: int, names: dict, used: int) -> None:
        """From here ``i`` is the row ``r``; new names differ from those ``used``."""
        w.line(f"i{i} = t{i}" + (f" + {r} * {step}" if step != "1" else f" + {r}") * (r > 0))
        fused.names = names | {f"taken {k}": "" for k in range(len(names), used)}

    for r in range(SEVERAL):
        begin(r, before, len(fused.names))
        fused._load_fixed(around, [k for k in fused.loops if k not in around])
        known.append(fused.names)
    used = len(fused.names)
    if used == len(before):
        del w.lines[-SEVERAL:]
    open_columns()
    local = [f"sum{k}" for k in range(len(sums))]
    for name, (now, _) in zip(local, sums):
        w.line(f"{name} = {now}")
    for r in range(SEVERAL):
        begin(r, known[r], used)
        add_element(fused, reductions, [(name, f"{name} = {{}}".format) for name in local])
        used = len(fused.names)
    for name, (_, setting) in zip(local, sums):
        w.line(setting(name))
    w.depth, fused.names = depth, before
    return whole


def element_of(name: str, at: str) -> tuple[str, Callable[[str], str]]:
    """A sum in local memory."""
    return f"{name}[{at}]", lambda new: f"{name}[{at}] = {new}"
