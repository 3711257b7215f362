# ruff: noqa: F821  (a device function is kernel source: its names are bound when it is compiled)
"""The schedule of a unit that walks across the rows of some of its arrays: their tiles are turned in registers.

Such an array goes to, or comes from, a tile on the stack, whole cache lines at a time, whatever the distance of its rows; the
expressions read and write the tile. ``y = x.T + c`` for x of (m, n)::

    for t0 in range(lo, hi, 16):
        for t1 in range(0, n1, 16):
            if t0 + 16 <= hi and t1 + 16 <= n1:
                turned_tile(shift(p0, t0 + t1 * s0_1), s0_1, l0, 16)
                for j0 in range(16):
                    for j1 in range(16): p1[i0 * s1_0 + i1] = l0[j0 * 16 + j1] + c0     (i0 = t0 + j0, i1 = t1 + j1)
            else:                                                                       (what is left of a tile, as elsewhere)
"""

from ..core.kernel import device

TILE = 16  # elements along each side of a tile: a cache line of float32
TYPES = {"float32", "float64", "int32", "uint32", "int64", "uint64"}  # that registers turn


@device
def turned_tile(source, source_row, target, target_row):
    """``target[j, i] = source[i, j]`` for i, j < 16; the distances of rows are given."""
    lanes = tile_lanes(source)
    for i in range(0, 16, lanes):
        for j in range(0, 16, lanes):
            tile_transpose(shift(source, i * source_row + j), source_row, shift(target, j * target_row + i), target_row)


def _across(fused) -> list:
    """The arrays that lie along the first of the two tiled loops."""
    if not fused.tiled:
        return []
    k, last = fused.tiled
    return [a for a in fused.order if a.strides[k] == 1 and a.strides[last] > 1 and a.dtype in TYPES]


def applies(fused) -> bool:
    return bool(_across(fused))


def write(fused, loops: list[int]) -> None:
    """Writes the loops of the kernel ``fused`` (graph/codegen.py), whose ``tiled`` names two of them."""
    w, turned = fused.w, _across(fused)
    read = {id(fused.access[id(v)]) for n in fused.unit.nodes for v in n.inputs if id(v) in fused.access}
    written = {id(a) for a in fused.targets.values()}
    for number, a in enumerate(turned):
        w.line(f"l{number} = local_{a.dtype}({TILE * TILE})")
    around = [k for k in loops if k not in fused.tiled]
    fused._open(around)
    fused._load_fixed(around, fused.tiled)
    fused._tile_loops()
    before, depth = dict(fused.names), w.depth
    ends = {k: "hi" if k == fused.split else f"n{k}" for k in fused.tiled}
    w.line("if " + " and ".join(f"t{k} + {TILE} <= {ends[k]}" for k in fused.tiled) + ":")
    w.depth += 1
    row = [a.positions[fused.tiled[1]] for a in turned]
    places = [f"shift({a.name}, {fused._at(a, loops, 't')})" for a in turned]
    for number, a in enumerate(turned):
        if id(a) in read:
            w.line(f"turned_tile({places[number]}, {row[number]}, l{number}, {TILE})")
    for number, a in enumerate(turned):
        a.local = f"l{number}"
    _body(fused, around, loops, [f"for j{k} in range({TILE}):" for k in fused.tiled], True)
    w.depth = depth + 1
    for number, a in enumerate(turned):
        a.local = ""
        if id(a) in written:
            w.line(f"turned_tile(l{number}, {TILE}, {places[number]}, {row[number]})")
    w.depth = depth
    w.line("else:")
    w.depth += 1
    fused.names = before
    rest = [f"for i{k} in range(t{k}, min(t{k} + {TILE}, {ends[k]})):" for k in fused.tiled]
    _body(fused, around, loops, rest, False)


def _body(fused, around, loops, headers: list[str], whole: bool) -> None:
    (first, last), w = fused.tiled, fused.w
    for k, header in zip((first, last), headers):
        w.line(header)
        w.depth += 1
        if whole:
            w.line(f"i{k} = t{k} + j{k}")
        if k == first:
            fused._load_fixed([*around, k], [last])
    fused._expressions(loops)
