"""Tiles of a matrix product that stay in vector registers: ``tile1``, ``tile2``, ``tile3`` of kernel source.

The instructions are written out in LLVM IR, as no loop that LLVM vectorises by itself keeps a tile in registers.  Only
compilation imports this module.
"""

import llvmlite.binding as llvm
from llvmlite import ir

from . import kernel_types as kt

I32, I64 = ir.IntType(32), ir.IntType(64)
MOST = 3  # vectors of a tile's row


def _registers() -> tuple[int, int]:
    """(length in bytes, number) of this processor's vector registers."""
    features = {name for name, on in llvm.get_host_cpu_features().items() if on}
    if "avx512f" in features:
        return 64, 32
    return (32, 16) if "avx2" in features else (16, 32 if "neon" in features else 16)


VECTOR, COUNT = _registers()
ROWS = 8 if COUNT == 32 else 4  # of a tile: its sums, the vectors of a row and a factor fill the registers


def _size(element) -> int:
    """Bytes of an element; of 4 or 8, as tiles have."""
    return 4 if element in (ir.FloatType(), I32) else 8


def _elements(element) -> int:
    """How many elements a vector has."""
    return VECTOR // _size(element)


def _once(module):
    """Marks a loop that LLVM shall not unroll: the factors of two turns would take registers from the sums."""
    disable = module.add_metadata([ir.MetaDataString(module, "llvm.loop.unroll.disable")])
    mark = ir.MDValue(module, [disable], name=str(len(module.metadata)))
    mark.operands = (mark, disable)  # such a mark is known by being its own first part
    return mark


class _Tile:
    """Writes one tile: ``rows`` rows of ``vectors`` vectors of ``lanes`` elements."""

    def __init__(self, builder, element, lanes: int, vectors: int, rows: int = ROWS):
        self.builder, self.element, self.lanes, self.vectors, self.rows = builder, element, lanes, vectors, rows
        self.size = _size(element)
        self.vector = ir.VectorType(element, lanes)

    def place(self, pointer, v: int):
        """The address of vector ``v``."""
        at = self.builder.gep(pointer, [I64(v * self.lanes)])
        return self.builder.bitcast(at, self.vector.as_pointer())

    def load(self, pointer, v: int):
        made = self.builder.load(self.place(pointer, v))
        made.align = self.size
        return made

    def store(self, value, pointer, v: int) -> None:
        self.builder.store(value, self.place(pointer, v)).align = self.size

    def everywhere(self, scalar):
        """A vector of equal elements."""
        empty = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(empty, scalar, I32(0))
        return self.builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(I32, self.lanes), None))

    def interleaved(self, a, b, first: int):
        """Elements of two vectors in turn, from element ``first`` of each."""
        order = [first + k // 2 + k % 2 * self.lanes for k in range(self.lanes)]
        return self.builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(I32, self.lanes), order))

    def phis(self, rows):
        return [[self.builder.phi(self.vector) for _ in range(self.vectors)] for _ in rows]

    def position(self, table, k):
        """Entry ``k`` of a table of positions, in elements."""
        return self.builder.load(self.builder.gep(table, [k]))

    def factor(self, pointer):
        """What all columns of a row are multiplied with."""
        return self.everywhere(self.builder.load(pointer))

    def begin_of(self, out_row, row):
        """Where a row of the results begins."""
        return self.builder.mul(row, out_row)

    def write(self, a, rows_at, a_at, b, b_at, count, out, out_row, rows, add) -> None:
        builder, vectors, high = self.builder, range(self.vectors), range(self.rows)
        multiply_add = builder.module.declare_intrinsic(
            f"llvm.fma.v{self.lanes}f{self.size * 8}", (), ir.FunctionType(self.vector, [self.vector] * 3)
        )
        last = builder.sub(rows, I64(1))
        sources, targets = [], []
        for m in high:
            row = builder.select(builder.icmp_signed("<", I64(m), last), I64(m), last)
            sources.append(builder.gep(a, [self.position(rows_at, row)]))
            targets.append(builder.gep(out, [self.begin_of(out_row, row)]))
        before = builder.block
        load, begin, loop, end = (builder.append_basic_block(f"tile_{n}") for n in ("load", "begin", "loop", "end"))
        builder.cbranch(builder.icmp_signed("!=", add, I64(0)), load, begin)
        builder.position_at_end(load)
        old = [[self.load(t, v) for v in vectors] for t in targets]
        builder.branch(begin)
        builder.position_at_end(begin)
        start, zero = self.phis(high), ir.Constant(self.vector, None)
        builder.branch(loop)
        builder.position_at_end(loop)
        k, sums = builder.phi(I64), self.phis(high)
        at_a, at_b = self.position(a_at, k), self.position(b_at, k)
        right = builder.gep(b, [at_b])
        columns = [self.load(right, v) for v in vectors]
        following = builder.add(k, I64(1))
        k.add_incoming(I64(0), begin)
        k.add_incoming(following, loop)
        results = []
        for m in high:
            left = self.factor(builder.gep(sources[m], [at_a]))
            results.append([builder.call(multiply_add, [left, columns[v], sums[m][v]]) for v in vectors])
            for v in vectors:
                start[m][v].add_incoming(zero, before)
                start[m][v].add_incoming(old[m][v], load)
                sums[m][v].add_incoming(start[m][v], begin)
                sums[m][v].add_incoming(results[m][v], loop)
        branch = builder.cbranch(builder.icmp_signed("<", following, count), loop, end)
        branch.set_metadata("llvm.loop", _once(builder.module))
        builder.position_at_end(end)
        for m in high:
            for v in vectors:
                self.store(results[m][v], targets[m], v)


class _Placed(_Tile):
    """A tile whose rows of results lie where a table says."""

    def begin_of(self, out_row, row):
        return self.position(out_row, row)


def _maker(vectors: int, kind: type[_Tile]):
    def tile(w, a, rows_at, a_at, b, b_at, count, out, out_row, rows, add):
        """``out[m, i] (+)= sum over k < count of a[rows_at[m] + a_at[k]] * b[b_at[k] + i]`` for ``rows`` (1 to ``tile_rows()``) rows.

        A row has ``vectors`` vectors of ``tile_lanes(out)`` elements; out[m] begins at ``m * out_row``, of a ``placed`` tile at
        ``out_row[m]``; ``add`` 0: the sum alone.
        """
        element = a.type.element.ir
        given = [a, rows_at, a_at, b, b_at, count, out, out_row, rows, add]
        kind(w.b, element, _elements(element), vectors).write(*[_as_passed(w, term) for term in given])

    return tile


def _as_passed(w, term):
    return term.ir if term.type.element is not None else kt.convert(w.b, term, kt.INT64).ir


def tile_lanes(w, pointer):
    """How many elements a vector of a tile has."""
    return kt.literal(_elements(pointer.type.element.ir))


def tile_rows(w):
    """How many rows a tile has."""
    return kt.literal(ROWS)


def turned(tile, rows: list) -> list:
    """The columns of as many rows as a vector has elements."""
    half = len(rows) // 2
    for _ in range(len(rows).bit_length() - 1):  # perfect shuffles: row k, which is then 2 k, with row k + n / 2
        pairs = [(rows[k], rows[k + half]) for k in range(half)]
        rows = [tile.interleaved(x, y, part) for x, y in pairs for part in (0, half)]
    return rows


def tile_transpose(w, source, source_row, target, target_row):
    """``target[j, i] = source[i, j]`` for i, j < ``tile_lanes(source)``; the distances of rows are given."""
    element, b = source.type.element.ir, w.b
    source, source_row, target, target_row = [_as_passed(w, t) for t in (source, source_row, target, target_row)]
    n = _elements(element)
    tile = _Tile(b, element, n, 1)
    rows = [tile.load(b.gep(source, [b.mul(source_row, I64(i))]), 0) for i in range(n)]
    for i, row in enumerate(turned(tile, rows)):
        tile.store(row, b.gep(target, [b.mul(target_row, I64(i))]), 0)


def _inside(w, source, first, end):
    """A vector of elements 0, 1, ...; 0 for those outside of [first, end), which are not read."""
    b, n = w.b, _elements(source.type.pointee)
    tile = _Tile(b, source.type.pointee, n, 1)
    spread = ir.Constant(ir.VectorType(I64, n), ir.Undefined)

    def everywhere(number):
        one = b.insert_element(spread, number, I32(0))
        return b.shuffle_vector(one, spread, ir.Constant(ir.VectorType(I32, n), None))

    at = ir.Constant(ir.VectorType(I64, n), list(range(n)))
    inside = b.and_(b.icmp_signed(">=", at, everywhere(first)), b.icmp_signed("<", at, everywhere(end)))
    pointer = tile.place(source, 0)
    kind = ir.FunctionType(tile.vector, [pointer.type, I32, inside.type, tile.vector])
    load = b.module.declare_intrinsic(f"llvm.masked.load.v{n}f{tile.size * 8}.p0", (), kind)
    return tile, b.call(load, [pointer, I32(tile.size), inside, ir.Constant(tile.vector, None)])


def tile_inside(w, source, target, i, first, end):
    """Copies elements i, i + 1, ... of a vector; those outside of [first, end) are not read, and 0 in ``target``."""
    b = w.b
    source, target, i, first, end = [_as_passed(w, t) for t in (source, target, i, first, end)]
    tile, found = _inside(w, b.gep(source, [i]), b.sub(first, i), b.sub(end, i))
    tile.store(found, b.gep(target, [i]), 0)


def tile_inside_evens(w, source, target, i, first, end):
    """As above, where element k of ``target`` is element 2 k of ``source``."""
    b = w.b
    source, target, i, first, end = [_as_passed(w, t) for t in (source, target, i, first, end)]
    n = _elements(source.type.pointee)
    start, stop = (b.shl(b.sub(k, i), I64(1)) for k in (first, end))
    pair = [
        _inside(w, b.gep(source, [b.add(b.shl(i, I64(1)), I64(at))]), b.sub(start, I64(at)), b.sub(stop, I64(at + 1)))
        for at in (0, n - 1)
    ]  # fmt: skip  (the second begins one element early: nothing beyond the last is read)
    order = [2 * k if 2 * k < n else 2 * k + 1 for k in range(n)]
    found = b.shuffle_vector(pair[0][1], pair[1][1], ir.Constant(ir.VectorType(I32, n), order))
    pair[0][0].store(found, b.gep(target, [i]), 0)


NAMES = {
    "tile_inside": tile_inside,
    "tile_inside_evens": tile_inside_evens,
    "tile_transpose": tile_transpose,
    **{f"tile{n}": _maker(n, _Tile) for n in range(1, MOST + 1)},
    **{f"placed{n}": _maker(n, _Placed) for n in range(1, MOST + 1)},
    "tile_lanes": tile_lanes,
    "tile_rows": tile_rows,
}
