# ruff: noqa: F821  (a device function is kernel source: its names are bound when it is compiled)
"""The schedule of a unit that walks across the rows of some of its arrays: their tiles are turned in registers.

Such an array goes to, or comes from, a tile on the stack, whole cache lines at a time, whatever the distance of its rows; the
expressions read and write the tile. The last tile of each loop begins early enough to be whole. ``y = x.T + c`` for x of (m, n)::

    if hi - lo >= 16 and n1 >= 16:
        for t1 in range(0, n1, 16):                                                     (or inside: see `_order`)
            u1 = min(t1, n1 - 16)
            for t0 in range(lo, hi, 16):
                u0 = min(t0, hi - 16)
                turned_tile(shift(p0, u0 + u1 * s0_1), s0_1, l0, 16)
                for j0 in range(16):
                    for j1 in together(16): p1[i0 * s1_0 + i1] = l0[j0 * 16 + j1] + c0     (i0 = u0 + j0, i1 = u1 + j1)
    else:                                                                               (element by element)

Where an array is changed in place, no element may be computed twice: what is left of a tile at the end of a loop is done
element by element there.  An array that is walked backwards along the first loop is read from the other end of its tile.
"""

from ..core.kernel import device
from ..core.sizes import decided

TILE = 16  # elements along each side of a tile: a cache line of float32
TYPES = {
    "float32", "float64", "int32", "uint32", "int64", "uint64", "float16", "bfloat16", "int16", "uint16",
}  # that registers turn  # fmt: skip


@device
def turned_tile(source, source_row, target, target_row):
    """``target[j, i] = source[i, j]`` for i, j < 16; the distances of rows are given."""
    lanes = tile_lanes(source)
    for i in range(0, 16, lanes):
        for j in range(0, 16, lanes):
            tile_transpose(shift(source, i * source_row + j), source_row, shift(target, j * target_row + i), target_row)


def across(fused) -> list:
    """The arrays that lie along the first of the two tiled loops."""
    if not fused.tiled:
        return []
    k, last = fused.tiled
    return [a for a in fused.order if lies_across(a, k, last)]


def lies_across(a, k: int, last: int) -> bool:
    return abs(a.strides[k]) == 1 and abs(a.strides[last]) > 1 and a.dtype in TYPES and not a.operand.is_index


def applies(fused) -> bool:
    return bool(across(fused))


def write(fused, loops: list[int]) -> None:
    """Writes the loops of the kernel ``fused`` (graph/codegen.py), whose ``tiled`` names two of them."""
    w, turned = fused.w, across(fused)
    for number, a in enumerate(turned):
        w.line(f"l{number} = local_{a.dtype}({TILE * TILE})")
    around = [k for k in loops if k not in fused.tiled]
    fused._open(around)
    fused._load_fixed(around, fused.tiled)
    before, depth = dict(fused.names), w.depth
    ranges = {k: ("lo", "hi") if k == fused.split else ("0", f"n{k}") for k in fused.tiled}
    rest = [f"for i{k} in range(t{k}, min(t{k} + {TILE}, {ranges[k][1]})):" for k in fused.tiled]
    if _changes_in_place(fused):
        fused._tile_loops()
        depth = w.depth
        w.line("if " + " and ".join(f"t{k} + {TILE} <= {ranges[k][1]}" for k in fused.tiled) + ":")
        w.depth += 1
        _whole(fused, turned, around, loops, "t")
    else:
        w.line("if " + " and ".join(f"{end} - {first} >= {TILE}" for first, end in ranges.values()) + ":")
        w.depth += 1
        for k in _order(fused, turned):
            first, end = ranges[k]
            w.line(f"for t{k} in range({first}, {end}, {TILE}):")
            w.depth += 1
            w.line(f"u{k} = min(t{k}, {end} - {TILE})")
        _whole(fused, turned, around, loops, "u")
        rest = [f"for i{k} in range({first}, {end}):" for k, (first, end) in ranges.items()]
    w.depth = depth
    w.line("else:")
    w.depth += 1
    fused.names = before
    _body(fused, around, loops, rest, "")


def _order(fused, turned) -> tuple[int, ...]:
    """The loops over tiles: the inner one goes along the rows that are the furthest from each other, as it begins on new pages in each."""
    first, last = fused.tiled
    across = tuple(abs(a.strides[last]) for a in turned)
    along = tuple(
        abs(a.strides[first]) for a in fused.order if not lies_across(a, first, last) and not a.operand.is_index
    )
    return (last, first) if _reaches_further(across, along) else (first, last)


@decided
def _reaches_further(some: tuple[int, ...], others: tuple[int, ...]) -> bool:
    return max(some) > max(others, default=0)


def _changes_in_place(fused) -> bool:
    read = {id(fused.access[id(v)].operand.buffer) for n in fused.unit.nodes for v in n.inputs if id(v) in fused.access}
    return any(id(a.operand.buffer) in read for a in fused.targets.values())


def _whole(fused, turned, around, loops, corner: str) -> None:
    """A whole tile, at the places that begin with ``corner``."""
    w, (first, last) = fused.w, fused.tiled
    read = {id(fused.access[id(v)]) for n in fused.unit.nodes for v in n.inputs if id(v) in fused.access}
    written = {id(a) for a in fused.targets.values()}
    row = [a.positions[last] for a in turned]
    back = [f" - {TILE - 1}" if a.strides[first] < 0 else "" for a in turned]  # where its memory begins
    places = [f"shift({a.name}, {fused._at(a, loops, corner)}{end})" for a, end in zip(turned, back)]
    depth = w.depth
    for number, a in enumerate(turned):
        if id(a) in read:
            w.line(f"turned_tile({places[number]}, {row[number]}, l{number}, {TILE})")
    for number, a in enumerate(turned):
        a.local = f"l{number}"
    _body(fused, around, loops, [f"for j{first} in range({TILE}):", f"for j{last} in together({TILE}):"], corner)
    w.depth = depth
    for number, a in enumerate(turned):
        a.local = ""
        if id(a) in written:
            w.line(f"turned_tile(l{number}, {TILE}, {places[number]}, {row[number]})")


def _body(fused, around, loops, headers: list[str], corner: str) -> None:
    (first, last), w = fused.tiled, fused.w
    for k, header in zip((first, last), headers):
        w.line(header)
        w.depth += 1
        if corner:
            w.line(f"i{k} = {corner}{k} + j{k}")
        if k == first:
            fused._load_fixed([*around, k], [last])
    fused._expressions(loops)
