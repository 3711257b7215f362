"""Tiles of a product of bfloat16 matrices: ``pair_tile``, ``pair_tile_at``, ``pairs_across``, ``pairs_down`` of kernel source.

The processor's instruction multiplies pairs of bfloat16 numbers, two neighbours in the summed axis, and adds both products to
a float32.  Matrices are therefore rearranged into panels of pairs: for each pair of terms the pairs of all rows (of the left
matrix: the rows of a tile) or columns (of the right one: 32) of the panel.  Only compilation imports this module.
"""

from llvmlite import ir

from . import kernel_types as kt
from .tiles import I32, I64, _as_passed

LANES = 16  # float32, or pairs, in a vector
COLUMNS = 2 * LANES


FLOAT, I16 = ir.FloatType(), ir.IntType(16)
FLOATS, PAIRS = ir.VectorType(FLOAT, LANES), ir.VectorType(I32, LANES)
OF_PAIRS = ir.VectorType(kt.BFLOAT, 2 * LANES)


def _vector_at(b, pointer, kind):
    return b.bitcast(pointer, kind.as_pointer())


def _loaded(b, pointer, kind, align: int):
    made = b.load(_vector_at(b, pointer, kind))
    made.align = align
    return made


def _first(b, count, lanes: int):
    """The mask of the first ``count`` of some lanes, ``count`` being of any size."""
    wide = ir.VectorType(I64, lanes)
    empty = ir.Constant(wide, ir.Undefined)
    spread = b.shuffle_vector(
        b.insert_element(empty, count, I32(0)), empty, ir.Constant(ir.VectorType(I32, lanes), None)
    )
    return b.icmp_signed("<", ir.Constant(wide, list(range(lanes))), spread)


def _everywhere(b, number):
    empty = ir.Constant(PAIRS, ir.Undefined)
    return b.shuffle_vector(b.insert_element(empty, number, I32(0)), empty, ir.Constant(PAIRS, None))


def _rounded(b, floats):
    """float32 to the bits of bfloat16: one instruction, which rounds to nearest even, and denormals to 0."""
    count = floats.type.count
    small = b.fptrunc(floats, ir.VectorType(kt.BFLOAT, count))
    return b.bitcast(small, ir.VectorType(I16, count))


# ---------------------------------------------------------------- the tile
def pair_tile(w, left, right, pairs, sums, begun, complete, out, out_row, rows, columns, high):
    """A tile of ``high`` x 32 sums over ``pairs`` pairs: ``out[i, j] = sum over p of left[p, i] . right[p, j]``.

    ``begun``: the sums go on from those that ``sums`` holds (float32, a tile's).  ``complete``: they are rounded to ``out``,
    ``rows`` x ``columns`` elements with rows ``out_row`` apart; else they go to ``sums``.  ``high`` is a literal of at most 14: the sums,
    two vectors of the right panel and a factor fill the 32 registers then.
    """
    _tile(w, left, right, None, pairs, sums, begun, complete, out, out_row, rows, columns, high)


def pair_tile_at(w, left, right, places, pairs, sums, begun, complete, out, out_row, rows, columns, high):
    """``pair_tile`` whose right pairs lie anywhere: those of pair p begin at ``right[places[p]]``."""
    _tile(w, left, right, _as_passed(w, places), pairs, sums, begun, complete, out, out_row, rows, columns, high)


def _tile(w, left, right, at_pairs, pairs, sums, begun, complete, out, out_row, rows, columns, high):
    b = w.b
    element, tall = out.type.element, high.literal
    passed = [_as_passed(w, t) for t in (left, right, pairs, sums, begun, complete, out, out_row, rows, columns)]
    left, right, pairs, sums, begun, complete, out, out_row, rows, columns = passed
    dot = b.module.declare_intrinsic(
        "llvm.x86.avx512bf16.dpbf16ps.512", (), ir.FunctionType(FLOATS, [FLOATS, OF_PAIRS, OF_PAIRS])
    )
    places = [(m, v) for m in range(tall) for v in range(2)]
    at = {(m, v): b.gep(sums, [I64(m * COLUMNS + v * LANES)]) for m, v in places}
    names = ("load", "begin", "loop", "end", "keep", "finish", "whole", "ragged", "done")
    blocks = {n: b.append_basic_block(f"pair_tile_{n}") for n in names}
    before = b.block
    b.cbranch(b.icmp_signed("!=", begun, I64(0)), blocks["load"], blocks["begin"])
    b.position_at_end(blocks["load"])
    old = {p: _loaded(b, at[p], FLOATS, 4) for p in places}
    b.branch(blocks["begin"])
    b.position_at_end(blocks["begin"])
    start = {p: b.phi(FLOATS) for p in places}
    for p in places:
        start[p].add_incoming(ir.Constant(FLOATS, None), before)
        start[p].add_incoming(old[p], blocks["load"])
    b.branch(blocks["loop"])
    b.position_at_end(blocks["loop"])
    k = b.phi(I64)
    so_far = {p: b.phi(FLOATS) for p in places}
    place = b.mul(k, I64(COLUMNS)) if at_pairs is None else b.load(b.gep(at_pairs, [k]))
    a_at, b_at = b.gep(left, [b.mul(k, I64(tall))]), b.gep(right, [place])
    columns_of = [b.bitcast(_loaded(b, b.gep(b_at, [I64(v * LANES)]), PAIRS, 4), OF_PAIRS) for v in range(2)]
    results = {}
    for m in range(tall):
        factor = b.bitcast(_everywhere(b, b.load(b.gep(a_at, [I64(m)]))), OF_PAIRS)
        for v in range(2):
            results[m, v] = b.call(dot, [so_far[m, v], factor, columns_of[v]])
    following = b.add(k, I64(1))
    k.add_incoming(I64(0), blocks["begin"])
    k.add_incoming(following, blocks["loop"])
    for p in places:
        so_far[p].add_incoming(start[p], blocks["begin"])
        so_far[p].add_incoming(results[p], blocks["loop"])
    b.cbranch(b.icmp_signed("<", following, pairs), blocks["loop"], blocks["end"])
    b.position_at_end(blocks["end"])
    b.cbranch(b.icmp_signed("!=", complete, I64(0)), blocks["finish"], blocks["keep"])
    b.position_at_end(blocks["keep"])
    for p in places:
        b.store(results[p], _vector_at(b, at[p], FLOATS)).align = 4
    b.branch(blocks["done"])
    b.position_at_end(blocks["finish"])
    # rows beyond the last go to ``sums``, where nothing is needed any more
    unused = b.bitcast(sums, out.type)
    targets = [
        b.select(b.icmp_signed("<", I64(m), rows), b.gep(out, [b.mul(out_row, I64(m))]), unused) for m in range(tall)
    ]
    narrow = element is not kt.FLOAT32
    found = {p: _rounded(b, results[p]) if narrow else results[p] for p in places}
    kind, size = found[0, 0].type, 2 if narrow else 4
    b.cbranch(b.icmp_signed("==", columns, I64(COLUMNS)), blocks["whole"], blocks["ragged"])
    b.position_at_end(blocks["whole"])
    for m, v in places:
        b.store(found[m, v], _vector_at(b, b.gep(targets[m], [I64(v * LANES)]), kind)).align = size
    b.branch(blocks["done"])
    b.position_at_end(blocks["ragged"])
    masks = [_first(b, b.sub(columns, I64(v * LANES)), LANES) for v in range(2)]
    pointer = kind.as_pointer()
    store = b.module.declare_intrinsic(
        f"llvm.masked.store.v{LANES}{'i16' if narrow else 'f32'}.p0", (),
        ir.FunctionType(ir.VoidType(), [kind, pointer, I32, masks[0].type]),
    )  # fmt: skip
    for m, v in places:
        b.call(store, [found[m, v], _vector_at(b, b.gep(targets[m], [I64(v * LANES)]), kind), I32(size), masks[v]])
    b.branch(blocks["done"])
    b.position_at_end(blocks["done"])


# ---------------------------------------------------------------- panels
def _numbers(w, element, pointer, lanes: int, count):
    """``lanes`` numbers as bits of bfloat16; those from ``count`` on are not read, and 0."""
    b = w.b
    kind, size, name = (
        (ir.VectorType(FLOAT, lanes), 4, "f32") if element is kt.FLOAT32 else (ir.VectorType(I16, lanes), 2, "i16")
    )
    mask = _first(b, count, lanes)
    place = _vector_at(b, pointer, kind)
    load = b.module.declare_intrinsic(
        f"llvm.masked.load.v{lanes}{name}.p0", (), ir.FunctionType(kind, [place.type, I32, mask.type, kind])
    )
    found = b.call(load, [place, I32(size), mask, ir.Constant(kind, None)])
    return _rounded(b, found) if element is kt.FLOAT32 else found


def pairs_across(w, source, source_row, rows, terms, target, pitch):
    """Pairs of 16 rows whose terms lie side by side: ``target[p, i] = (source[i, 2 p], source[i, 2 p + 1])`` for p < 16.

    Terms from ``terms`` on are 0; rows from ``rows`` on are not read.  Rows of the target are ``pitch`` pairs apart.
    """
    b, element = w.b, source.type.element
    source, source_row, rows, terms, target, pitch = [
        _as_passed(w, t) for t in (source, source_row, rows, terms, target, pitch)
    ]
    last = b.sub(rows, I64(1))
    lines = []
    for i in range(LANES):
        row = b.select(b.icmp_signed("<", I64(i), last), I64(i), last)
        found = _numbers(w, element, b.gep(source, [b.mul(source_row, row)]), 2 * LANES, terms)
        lines.append(b.bitcast(found, PAIRS))
    half = LANES // 2
    for _ in range(LANES.bit_length() - 1):  # perfect shuffles, as in tile_transpose
        lines = [_interleaved(b, lines[k], lines[k + half], part) for k in range(half) for part in (0, half)]
    for i, line in enumerate(lines):
        b.store(line, _vector_at(b, b.gep(target, [b.mul(pitch, I64(i))]), PAIRS)).align = 4


def _interleaved(b, x, y, first: int):
    count = x.type.count
    order = [first + k // 2 + k % 2 * count for k in range(count)]
    return b.shuffle_vector(x, y, ir.Constant(ir.VectorType(I32, count), order))


def pairs_down(w, source, source_term, rows, terms, target):
    """Pairs of 16 rows that lie side by side: ``target[i] = (source[0, i], source[1, i])``, terms ``source_term`` apart.

    With one of ``terms`` alone the second is 0; rows from ``rows`` on are 0.
    """
    b, element = w.b, source.type.element
    source, source_term, rows, terms, target = [_as_passed(w, t) for t in (source, source_term, rows, terms, target)]
    first = _numbers(w, element, source, LANES, rows)
    more = b.select(b.icmp_signed(">", terms, I64(1)), rows, I64(0))
    second = _numbers(w, element, b.gep(source, [source_term]), LANES, more)
    order = [k // 2 + k % 2 * LANES for k in range(2 * LANES)]
    both = b.shuffle_vector(first, second, ir.Constant(ir.VectorType(I32, 2 * LANES), order))
    b.store(both, _vector_at(b, target, both.type)).align = 4


def pairs_down_evens(w, source, source_term, rows, terms, target):
    """``pairs_down`` of every second number: ``target[i] = (source[0, 2 i], source[1, 2 i])``."""
    b, element = w.b, source.type.element
    source, source_term, rows, terms, target = [_as_passed(w, t) for t in (source, source_term, rows, terms, target)]
    reach = b.sub(b.mul(rows, I64(2)), I64(1))  # the number after the last may lie outside
    first = _numbers(w, element, source, 2 * LANES, reach)
    more = b.select(b.icmp_signed(">", terms, I64(1)), reach, I64(0))
    second = _numbers(w, element, b.gep(source, [source_term]), 2 * LANES, more)
    order = [k // 2 * 2 + k % 2 * 2 * LANES for k in range(2 * LANES)]
    both = b.shuffle_vector(first, second, ir.Constant(ir.VectorType(I32, 2 * LANES), order))
    b.store(both, _vector_at(b, target, both.type)).align = 4


NAMES = {
    "pair_tile": pair_tile, "pair_tile_at": pair_tile_at, "pairs_across": pairs_across, "pairs_down": pairs_down,
    "pairs_down_evens": pairs_down_evens,
}  # fmt: skip
