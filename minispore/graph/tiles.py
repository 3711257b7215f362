"""Tiles of a matrix product that stay in vector registers: ``tile1``, ``tile2``, ``tile3`` of kernel source.

The instructions are written out in LLVM IR, as no loop that LLVM vectorises by itself keeps a tile in registers.  Only
compilation imports this module.
"""

import llvmlite.binding as llvm
from llvmlite import ir

from . import kernel_types as kt

I16, I32, I64 = ir.IntType(16), ir.IntType(32), ir.IntType(64)
BYTES = ir.IntType(8).as_pointer()
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
    """Bytes of an element; of 2 (which are only moved), 4 or 8, as tiles have."""
    return 2 if element == I16 else 4 if element in (ir.FloatType(), I32) else 8


def _elements(element) -> int:
    """How many elements a vector has: no more than a turned tile has rows."""
    return min(VECTOR // _size(element), 16)


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

    def first(self, count):
        """The mask of the first ``count`` elements of a vector."""
        b, kind = self.builder, ir.VectorType(I64, self.lanes)
        one = b.insert_element(ir.Constant(kind, ir.Undefined), count, I32(0))
        spread = b.shuffle_vector(one, one, ir.Constant(ir.VectorType(I32, self.lanes), None))
        return b.icmp_signed("<", ir.Constant(kind, list(range(self.lanes))), spread)

    def part(self, pointer, v: int, mask):
        """Vector ``v``; of the last one only what the mask has is read."""
        if v < self.vectors - 1:
            return self.load(pointer, v)
        place = self.place(pointer, v)
        kind = ir.FunctionType(self.vector, [place.type, I32, mask.type, self.vector])
        load = self.builder.module.declare_intrinsic(f"llvm.masked.load.v{self.lanes}f{self.size * 8}.p0", (), kind)
        return self.builder.call(load, [place, I32(self.size), mask, ir.Constant(self.vector, None)])

    def store_part(self, value, pointer, v: int, mask) -> None:
        """Writes what the mask has of vector ``v``."""
        if v < self.vectors - 1:
            return self.store(value, pointer, v)
        place = self.place(pointer, v)
        kind = ir.FunctionType(ir.VoidType(), [self.vector, place.type, I32, mask.type])
        store = self.builder.module.declare_intrinsic(f"llvm.masked.store.v{self.lanes}f{self.size * 8}.p0", (), kind)
        self.builder.call(store, [value, place, I32(self.size), mask])

    def everywhere(self, scalar):
        """A vector of equal elements."""
        empty = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(empty, scalar, I32(0))
        return self.builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(I32, self.lanes), None))

    def interleaved(self, a, b, first: int):
        """Elements of two vectors in turn, from element ``first`` of each."""
        order = [first + k // 2 + k % 2 * self.lanes for k in range(self.lanes)]
        return self.builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(I32, self.lanes), order))

    def position(self, table, k):
        """Entry ``k`` of a table of positions, in elements."""
        return self.builder.load(self.builder.gep(table, [k]))

    def factor(self, pointer):
        """What all columns of a row are multiplied with."""
        return self.everywhere(self.builder.load(pointer))

    def begin_of(self, out_row, row):
        """Where a row of the results begins."""
        return self.builder.mul(row, out_row)

    def by_tables(self, a, rows_at, a_at, b, b_at, count, out, out_row, rows, add) -> None:
        """``multiply`` with the positions of rows and terms from tables; rows from ``rows`` on are the last one again."""
        builder, last = self.builder, self.builder.sub(rows, I64(1))
        sources, targets = [], []
        for m in range(self.rows):
            row = builder.select(builder.icmp_signed("<", I64(m), last), I64(m), last)
            sources.append(builder.gep(a, [self.position(rows_at, row)]))
            targets.append(builder.gep(out, [self.begin_of(out_row, row)]))
        at_a, at_b = (lambda k: self.position(a_at, k)), (lambda k: self.position(b_at, k))
        self.multiply(sources, at_a, b, at_b, count, targets, add)

    def multiply(self, sources, at_a, b, at_b, count, targets, add, columns=None, later=None) -> None:
        """``targets[m][i] (+)= sum over k < count of sources[m][at_a(k)] * b[at_b(k) + i]``, for each of the ``rows`` rows.

        What is added to is fetched while the sums are made, and read at the end.  ``columns``: of the targets, which may end within
        the last vector.  ``later``: a place and a distance; for each k a line is fetched from there on into the second cache.
        """
        builder, places = self.builder, [(m, v) for m in range(self.rows) for v in range(self.vectors)]
        multiply_add = builder.module.declare_intrinsic(
            f"llvm.fma.v{self.lanes}f{self.size * 8}", (), ir.FunctionType(self.vector, [self.vector] * 3)
        )
        before, zero = builder.block, ir.Constant(self.vector, None)
        for m, v in places:
            self.fetch(targets[m], v)
        mask = None if columns is None else self.first(builder.sub(columns, I64((self.vectors - 1) * self.lanes)))
        loop, old, end = (builder.append_basic_block(f"tile_{n}") for n in ("loop", "old", "end"))
        builder.branch(loop)
        builder.position_at_end(loop)
        k = builder.phi(I64)
        sums = {place: builder.phi(self.vector) for place in places}
        left, right = at_a(k), builder.gep(b, [at_b(k)])
        row = [self.load(right, v) for v in range(self.vectors)]
        following = builder.add(k, I64(1))
        k.add_incoming(I64(0), before)
        k.add_incoming(following, loop)
        results = {}
        for m in range(self.rows):
            factor = self.factor(builder.gep(sources[m], [left]))
            for v in range(self.vectors):
                results[m, v] = builder.call(multiply_add, [factor, row[v], sums[m, v]])
        if later is not None:
            self.ask(builder.gep(later[0], [builder.mul(k, later[1])]), 0)
        for place in places:
            sums[place].add_incoming(zero, before)
            sums[place].add_incoming(results[place], loop)
        ready = builder.append_basic_block("tile_ready")
        branch = builder.cbranch(builder.icmp_signed("<", following, count), loop, ready)
        branch.set_metadata("llvm.loop", _once(builder.module))
        builder.position_at_end(ready)
        builder.cbranch(builder.icmp_signed("!=", add, I64(0)), old, end)
        builder.position_at_end(old)
        read = self.load if mask is None else lambda pointer, v: self.part(pointer, v, mask)
        more = {(m, v): builder.fadd(read(targets[m], v), results[m, v]) for m, v in places}
        builder.branch(end)
        builder.position_at_end(end)
        for m, v in places:
            found = builder.phi(self.vector)
            found.add_incoming(results[m, v], ready)
            found.add_incoming(more[m, v], old)
            results[m, v] = found
        write = self.store if mask is None else lambda value, pointer, v: self.store_part(value, pointer, v, mask)
        for m, v in places:
            write(results[m, v], targets[m], v)

    def fetch(self, pointer, v: int) -> None:
        """Asks for the cache line of vector ``v``, to write to it."""
        self.ask(self.builder.gep(pointer, [I64(v * self.lanes)]), 1, 3)

    def ask(self, pointer, write: int, level: int = 2) -> None:
        """Asks for a cache line, which may be anywhere; ``level`` 3: in the first cache, 2: in the second."""
        b = self.builder
        kind = ir.FunctionType(ir.VoidType(), [BYTES, I32, I32, I32])
        fetch = b.module.declare_intrinsic("llvm.prefetch.p0", (), kind)
        b.call(fetch, [b.bitcast(pointer, BYTES), I32(write), I32(level), I32(1)])


class _Placed(_Tile):
    """A tile whose rows of results lie where a table says."""

    def begin_of(self, out_row, row):
        return self.position(out_row, row)


def _maker(vectors: int, kind: type[_Tile], high: int = ROWS):
    def tile(w, a, rows_at, a_at, b, b_at, count, out, out_row, rows, add):
        """``out[m, i] (+)= sum over k < count of a[rows_at[m] + a_at[k]] * b[b_at[k] + i]`` for ``rows`` (1 to ``tile_rows()``) rows.

        A ``short`` tile has half as many.  A row has ``vectors`` vectors of ``tile_lanes(out)`` elements; out[m] begins at ``m * out_row``, of a ``placed`` tile at
        ``out_row[m]``; ``add`` 0: the sum alone.
        """
        element = a.type.element.ir
        given = [a, rows_at, a_at, b, b_at, count, out, out_row, rows, add]
        kind(w.b, element, _elements(element), vectors, high).by_tables(*[_as_passed(w, term) for term in given])

    return tile


def _maker_of_panels(vectors: int, ahead: bool = False):
    def tile(w, a, a_term, b, b_term, count, out, out_row, rows, columns, spare, add, *later):
        """``out[m, i] (+)= sum over k < count of a[k * a_term + m] * b[k * b_term + i]`` for m < ``rows``, i < ``columns``.

        ``a`` has ``tile_rows()`` rows: the sums of those from ``rows`` on go to ``spare``.  ``columns`` may end in the last vector.
        With ``ahead`` the last arguments are a place and a distance: for each k a cache line is asked for from there on, which a
        later tile needs, so that memory is read while products are made.
        """
        element, builder = a.type.element.ir, w.b
        given = [a, a_term, b, b_term, count, out, out_row, rows, columns, spare, add]
        a, a_term, b, b_term, count, out, out_row, rows, columns, spare, add = [_as_passed(w, term) for term in given]
        next_lines = [_as_passed(w, term) for term in later] if ahead else None
        sources = [builder.gep(a, [I64(m)]) for m in range(ROWS)]
        targets = [builder.gep(out, [builder.mul(I64(m), out_row)]) for m in range(ROWS)]
        targets = [builder.select(builder.icmp_signed("<", I64(m), rows), t, spare) for m, t in enumerate(targets)]
        _Tile(builder, element, _elements(element), vectors).multiply(
            sources,
            lambda k: builder.mul(k, a_term),
            b,
            lambda k: builder.mul(k, b_term),
            count,
            targets,
            add,
            columns,
            next_lines,
        )

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


def first_bits(b, count, lanes: int):
    """The first ``count`` bits, of as many as there are lanes."""
    for bound, sign in ((I64(0), "<"), (I64(lanes), ">")):
        count = b.select(b.icmp_signed(sign, count, bound), bound, count)
    return b.sub(b.shl(I64(1), count), I64(1))


def mask_of(b, bits, lanes: int):
    """The lanes whose bits are set."""
    return b.bitcast(b.trunc(bits, ir.IntType(lanes)), ir.VectorType(ir.IntType(1), lanes))


def _inside(w, source, first, end):
    """A vector of elements 0, 1, ...; 0 for those outside of [first, end), which are not read."""
    b, n = w.b, _elements(source.type.pointee)
    tile = _Tile(b, source.type.pointee, n, 1)
    inside = mask_of(b, b.and_(first_bits(b, end, n), b.not_(first_bits(b, first, n))), n)
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
    f"short_tile{MOST}": _maker(MOST, _Tile, ROWS // 2),
    f"short_placed{MOST}": _maker(MOST, _Placed, ROWS // 2),
    **{f"panel_tile{n}": _maker_of_panels(n) for n in (1, 2, 3)},
    "panel_tile3_ahead": _maker_of_panels(3, ahead=True),
    "tile_lanes": tile_lanes,
    "tile_rows": tile_rows,
}
