"""Sums over windows of a plane, whose columns lie in the lanes of vectors: ``plane_sums``, ``plane_products`` of kernel source.

Where each group of a convolution has a channel of its own (depthwise) and windows are small, the weights of a window stay in
registers, with the sums of as many rows as a window has: each row of the plane is read once for each column of the window, and
what lies outside of the plane is masked.  Sizes of the window are literals.  Only compilation imports this module.
"""

from llvmlite import ir

from . import kernel_types as kt
from .tiles import I64, _as_passed, _elements, _Tile


def _lanes(pointer, most) -> int:
    return min(_elements(pointer.type.element.ir), most.literal)


def plane_lanes(w, pointer, most):
    """How many columns a vector has; ``most``, a literal, at most."""
    return kt.literal(_lanes(pointer, most))


class _Plane(_Tile):
    """Rows of a plane, from column ``column`` on, as the columns of a window see them."""

    def __init__(self, builder, element, lanes: int, x, size, first, step, columns, zeros, broad: int):
        super().__init__(builder, element, lanes, 1)
        self.x, (self.height, self.width), (self.row, self.column), self.step = x, size, first, step
        self.zeros, self.broad = zeros, broad
        self.within = self._first_bits(columns)
        self.inside = [self._mask(self.place_of(v)) for v in range(broad)]
        self.columns = self._as_mask(self.within)

    def place_of(self, v: int):
        """The first column that column ``v`` of the window sees."""
        return self.builder.add(self.column, self.builder.mul(self.step, I64(v)))

    def _first_bits(self, count):
        """The first ``count`` bits, of as many as there are lanes."""
        b = self.builder
        for bound, sign in ((I64(0), "<"), (I64(self.lanes), ">")):
            count = b.select(b.icmp_signed(sign, count, bound), bound, count)
        return b.sub(b.shl(I64(1), count), I64(1))

    def _mask(self, place):
        b = self.builder
        after = b.not_(self._first_bits(b.neg(place)))
        before = self._first_bits(b.sub(self.width, place))
        return self._as_mask(b.and_(b.and_(after, before), self.within))

    def _as_mask(self, bits):
        b = self.builder
        return b.bitcast(b.trunc(bits, ir.IntType(self.lanes)), ir.VectorType(ir.IntType(1), self.lanes))

    def row_at(self, q):
        """What the columns of the window see of row ``q``."""
        b = self.builder
        row = b.add(self.row, q)
        there = b.and_(b.icmp_signed(">=", row, I64(0)), b.icmp_signed("<", row, self.height))
        begin = b.select(there, b.gep(self.x, [b.add(b.mul(row, self.width), self.column)]), self.zeros)
        return [
            self.part(b.gep(begin, [b.mul(self.step, I64(v))]), 0, self.inside[v]) for v in range(self.broad)
        ]  # fmt: skip

    def multiply_add(self, x, y, z):
        name = f"llvm.fma.v{self.lanes}f{self.size * 8}"
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        return self.builder.call(self.builder.module.declare_intrinsic(name, (), kind), [x, y, z])

    def loop(self, count, starts: list, body) -> list:
        """``values = body(q, values)`` for q < ``count``, which is 1 at least; the last values."""
        b, before = self.builder, self.builder.block
        block, end = (b.append_basic_block(f"plane_{name}") for name in ("rows", "end"))
        b.branch(block)
        b.position_at_end(block)
        q, values = b.phi(I64), [b.phi(self.vector) for _ in starts]
        made = body(q, values)
        following = b.add(q, I64(1))
        for phi, start, value in zip([q, *values], [I64(0), *starts], [following, *made]):
            phi.add_incoming(start, before)
            phi.add_incoming(value, b.block)
        b.cbranch(b.icmp_signed("<", following, count), block, end)
        b.position_at_end(end)
        return made


def _plane(w, given, lanes: int, broad: int) -> _Plane:
    x, height, width, row, column, step, columns, zeros = [_as_passed(w, term) for term in given]
    return _Plane(w.b, given[0].type.element.ir, lanes, x, (height, width), (row, column), step, columns, zeros, broad)


def plane_sums(w, x, height, width, row, column, step, columns, zeros, weights, weight_step, out, rows, pitch, spare, tall, broad, most):  # fmt: skip
    """``out[r, i] = sum over u < tall, v < broad of weights[u, v] * x[row + r + u, column + v * step + i]``.

    For r < ``rows`` and i < ``columns``, ``plane_lanes`` at most; rows of out are ``pitch`` apart, weights ``weight_step``, one row
    of them after the other.  What is outside of x, ``height`` x ``width``, is 0.  ``zeros``: as many as a window sees of a row.
    ``spare``: a vector of anything.
    """
    lanes, tall, broad = _lanes(x, most), tall.literal, broad.literal
    p = _plane(w, [x, height, width, row, column, step, columns, zeros], lanes, broad)
    weights, weight_step, out, rows, pitch, spare = [
        _as_passed(w, term) for term in (weights, weight_step, out, rows, pitch, spare)
    ]
    b, zero = w.b, ir.Constant(p.vector, None)
    factors = [p.factor(b.gep(weights, [b.mul(weight_step, I64(t))])) for t in range(tall * broad)]

    def body(q, sums):
        seen, made = p.row_at(q), []
        for u in range(tall):
            total = sums[u - 1] if u else zero
            for v in range(broad):
                total = p.multiply_add(factors[u * broad + v], seen[v], total)
            made.append(total)
        r = b.sub(q, I64(tall - 1))
        target = b.select(b.icmp_signed(">=", r, I64(0)), b.gep(out, [b.mul(r, pitch)]), spare)
        p.store_part(made[-1], target, 0, p.columns)
        return made[:-1]

    p.loop(b.add(rows, I64(tall - 1)), [zero] * (tall - 1), body)


def plane_products(w, x, height, width, row, column, step, columns, zeros, g, rows, pitch, sums, tall, broad, most):  # fmt: skip
    """``sums[u, v, i] += sum over r < rows of g[r, i] * x[row + r + u, column + v * step + i]``; arguments as above."""
    lanes, tall, broad = _lanes(x, most), tall.literal, broad.literal
    p = _plane(w, [x, height, width, row, column, step, columns, zeros], lanes, broad)
    g, rows, pitch, sums = [_as_passed(w, term) for term in (g, rows, pitch, sums)]
    b, zero, count = w.b, ir.Constant(p.vector, None), tall * broad
    before = [p.load(sums, t) for t in range(count)]

    def body(q, values):
        seen = p.row_at(q)
        source = b.select(b.icmp_signed("<", q, rows), b.gep(g, [b.mul(q, pitch)]), p.zeros)
        factors = [p.part(source, 0, p.columns), *values[count:]]
        totals = [
            p.multiply_add(factors[u], seen[v], values[u * broad + v]) for u in range(tall) for v in range(broad)
        ]  # fmt: skip
        return [*totals, *factors[:-1]]

    made = p.loop(b.add(rows, I64(tall - 1)), [*before, *[zero] * (tall - 1)], body)
    for t in range(count):
        p.store(made[t], sums, t)


NAMES = {"plane_lanes": plane_lanes, "plane_products": plane_products, "plane_sums": plane_sums}
