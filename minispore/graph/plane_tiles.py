"""Sums over windows of a plane, whose columns lie in the lanes of vectors: ``plane_sums``, ``plane_products`` of kernel source.

Where each group of a convolution has a channel of its own (depthwise) and windows are small, the weights of a window stay in
registers, with the sums of as many rows as a window has: each row of the plane is read once for each column of the window, and
what lies outside of the plane is masked.  Sizes of the window are literals.  Only compilation imports this module.
"""

from llvmlite import ir

from . import kernel_types as kt
from .tiles import I32, I64, _as_passed, _elements, _Tile, first_bits, mask_of


def _lanes(pointer, most) -> int:
    return min(_elements(pointer.type.element.ir), most.literal)


def plane_lanes(w, pointer, most):
    """How many columns a vector has; ``most``, a literal, at most."""
    return kt.literal(_lanes(pointer, most))


class _Plane(_Tile):
    """Rows of a plane, from column ``column`` on, as the columns of a window see them at ``stride`` (1 or 2) columns."""

    def __init__(self, builder, element, lanes: int, x, size, first, step, columns, zeros, broad: int, stride: int):
        super().__init__(builder, element, lanes, 1)
        self.x, (self.height, self.width), (self.row, self.column), self.step = x, size, first, step
        self.zeros, self.broad, self.stride = zeros, broad, stride
        self.columns = self.mask_of(self.first_bits(columns))
        # with stride 2 a column of the window and the next one see the even and the odd elements of two vectors
        self.places = [builder.mul(step, I64(v)) for v in range(0, broad, stride)]
        seen = builder.mul(columns, I64(stride))
        self.inside = [[self._mask(place, seen, part) for part in range(stride)] for place in self.places]

    def first_bits(self, count):
        return first_bits(self.builder, count, self.lanes)

    def _mask(self, place, seen, part: int):
        """Which elements of vector ``part`` from a place on are in the plane, and among the first ``seen``."""
        b = self.builder
        first = I64(part * self.lanes)
        at = b.add(b.add(self.column, place), first)
        after, before = b.not_(self.first_bits(b.neg(at))), self.first_bits(b.sub(self.width, at))
        return self.mask_of(b.and_(b.and_(after, before), self.first_bits(b.sub(seen, first))))

    def mask_of(self, bits):
        return mask_of(self.builder, bits, self.lanes)

    def limited(self, number, low, high):
        b = self.builder
        number = b.select(b.icmp_signed("<", number, low), low, number)
        return b.select(b.icmp_signed(">", number, high), high, number)

    def steps(self, late, rows):
        """Those that see rows of the plane: from at most ``late`` on, to ``rows`` at least and ``late`` more at most."""
        b, shift = self.builder, I64(self.stride - 1)
        begin = self.limited(b.ashr(b.neg(self.row), shift), I64(0), late)
        least, most = b.add(begin, I64(1)), b.add(rows, late)
        least = b.select(b.icmp_signed(">", least, rows), least, rows)
        end = b.ashr(b.add(b.sub(self.height, self.row), shift), shift)
        return begin, self.limited(end, least, most)

    def row_at(self, q, ahead):
        """What the columns of the window see of row ``q``; asks for what is ``ahead`` of it."""
        b = self.builder
        row = b.add(self.row, q)
        place = b.gep(self.x, [b.add(b.mul(row, self.width), self.column)])
        for part in range(self.stride):
            self.ask(b.gep(place, [b.add(ahead, I64(part * self.lanes))]), 0)
        there = b.and_(b.icmp_signed(">=", row, I64(0)), b.icmp_signed("<", row, self.height))
        begin = b.select(there, place, self.zeros)
        found: list = []
        for at, masks in zip(self.places, self.inside):
            parts = [self.part(b.gep(begin, [b.add(at, I64(k * self.lanes))]), 0, mask) for k, mask in enumerate(masks)]
            found += parts if self.stride == 1 else [self.every_second(parts, first) for first in range(2)]
        return found[: self.broad]

    def every_second(self, pair: list, first: int):
        order = [2 * k + first for k in range(self.lanes)]
        return self.builder.shuffle_vector(*pair, ir.Constant(ir.VectorType(I32, self.lanes), order))

    def multiply_add(self, x, y, z):
        name = f"llvm.fma.v{self.lanes}f{self.size * 8}"
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        return self.builder.call(self.builder.module.declare_intrinsic(name, (), kind), [x, y, z])

    def loop(self, first, end_at, starts: list, body) -> list:
        """``values = body(q, values)`` for q from ``first`` to ``end_at``, one at least; the last values."""
        b, before = self.builder, self.builder.block
        block, end = (b.append_basic_block(f"plane_{name}") for name in ("rows", "end"))
        b.branch(block)
        b.position_at_end(block)
        q, values = b.phi(I64), [b.phi(self.vector) for _ in starts]
        made = body(q, values)
        following = b.add(q, I64(1))
        for phi, start, value in zip([q, *values], [first, *starts], [following, *made]):
            phi.add_incoming(start, before)
            phi.add_incoming(value, b.block)
        b.cbranch(b.icmp_signed("<", following, end_at), block, end)
        b.position_at_end(end)
        return made


def _plane(w, given, lanes: int, broad: int, stride: int) -> _Plane:
    x, height, width, row, column, step, columns, zeros = [_as_passed(w, term) for term in given]
    return _Plane(
        w.b, given[0].type.element.ir, lanes, x, (height, width), (row, column), step, columns, zeros, broad, stride
    )


def plane_sums(w, x, height, width, row, column, step, columns, zeros, weights, weight_step, out, rows, pitch, spare, ahead, tall, broad, stride, most):  # fmt: skip
    """``out[r, i] = sum over u < tall, v < broad of weights[u, v] * x[row + stride * r + u, column + stride * i + v * step]``.

    For r < ``rows`` and i < ``columns``, ``plane_lanes`` at most; rows of out are ``pitch`` apart, weights ``weight_step``, one row
    of them after the other.  What is outside of x, ``height`` x ``width``, is 0.  ``zeros``: as many as a window sees of a row.
    ``spare``: a vector of anything.  ``ahead``: how far from an element one lies that is needed soon.
    ``stride``: 1, or 2 with the step 1.
    """
    lanes, tall, broad, stride = _lanes(x, most), tall.literal, broad.literal, stride.literal
    p = _plane(w, [x, height, width, row, column, step, columns, zeros], lanes, broad, stride)
    weights, weight_step, out, rows, pitch, spare, ahead = [
        _as_passed(w, term) for term in (weights, weight_step, out, rows, pitch, spare, ahead)
    ]
    b, zero, most_rows = w.b, ir.Constant(p.vector, None), -(-tall // stride)
    factors = [p.factor(b.gep(weights, [b.mul(weight_step, I64(t))])) for t in range(tall * broad)]

    def body(q, sums):
        totals = [zero, *sums]  # of rows q, q - 1, ...
        for e in range(stride):
            seen = p.row_at(b.add(b.mul(q, I64(stride)), I64(e)), ahead)
            for k, u in enumerate(range(e, tall, stride)):
                for v in range(broad):
                    totals[k] = p.multiply_add(factors[u * broad + v], seen[v], totals[k])
        r = b.sub(q, I64(most_rows - 1))
        target = b.select(b.icmp_signed(">=", r, I64(0)), b.gep(out, [b.mul(r, pitch)]), spare)
        p.store_part(totals[-1], target, 0, p.columns)
        return totals[:-1]

    # Steps that see nothing are left out; the rows that wait for them then are complete.
    late = I64(most_rows - 1)
    begin, end = p.steps(late, rows)
    waiting = p.loop(begin, end, [zero] * (most_rows - 1), body)
    for k, total in enumerate(waiting):
        r = b.sub(end, I64(k + 1))
        there = b.and_(b.icmp_signed(">=", r, I64(0)), b.icmp_signed("<", r, rows))
        p.store_part(total, b.select(there, b.gep(out, [b.mul(r, pitch)]), spare), 0, p.columns)


def plane_products(w, x, height, width, row, column, step, columns, zeros, g, rows, pitch, sums, ahead, g_ahead, tall, broad, stride, most):  # fmt: skip
    """``sums[u, v, i] += sum over r < rows of g[r, i] * x[row + stride * r + u, column + stride * i + v * step]``; arguments as above."""
    lanes, tall, broad, stride = _lanes(x, most), tall.literal, broad.literal, stride.literal
    p = _plane(w, [x, height, width, row, column, step, columns, zeros], lanes, broad, stride)
    g, rows, pitch, sums, ahead, g_ahead = [_as_passed(w, term) for term in (g, rows, pitch, sums, ahead, g_ahead)]
    b, zero, count, most_rows = w.b, ir.Constant(p.vector, None), tall * broad, -(-tall // stride)
    before = [p.load(sums, t) for t in range(count)]

    def body(q, values):
        source = b.select(b.icmp_signed("<", q, rows), b.gep(g, [b.mul(q, pitch)]), p.zeros)
        p.ask(b.gep(g, [b.add(b.mul(q, pitch), g_ahead)]), 0)
        totals, factors = values[:count], [p.part(source, 0, p.columns), *values[count:]]
        for e in range(stride):
            seen = p.row_at(b.add(b.mul(q, I64(stride)), I64(e)), ahead)
            for k, u in enumerate(range(e, tall, stride)):
                for v in range(broad):
                    totals[u * broad + v] = p.multiply_add(factors[k], seen[v], totals[u * broad + v])
        return [*totals, *factors[:-1]]

    _, end = p.steps(I64(most_rows - 1), rows)
    made = p.loop(I64(0), end, [*before, *[zero] * (most_rows - 1)], body)
    for t in range(count):
        p.store(made[t], sums, t)


def plane_spread(w, g, g_height, g_width, row, column, zeros, weights, out, height, columns, pitch, top, spare, ahead, rows, tall, broad, odd, most):  # fmt: skip
    """The transpose of ``plane_sums`` with stride 2, for 2 * ``plane_lanes`` columns of the result, all of its rows.

    Of ``rows`` rows of g from ``row`` on, element (r, i + column) adds its product with ``weights[u, v]`` to ``out[2 * r - top + u,
    2 * i - odd + v]``.  ``out`` has ``height`` rows, ``pitch`` apart, of which ``columns`` elements
    are written at most.  ``odd``, a literal, is 0 or 1.  ``spare``: two vectors of anything.
    """
    lanes, tall, broad, odd = _lanes(g, most), tall.literal, broad.literal, odd.literal
    # column v of the window reaches the columns of one parity, from a column of g some places on
    places = [((v + odd) % 2, ((v + odd) % 2 + odd - v) // 2) for v in range(broad)]
    first = min(at for _, at in places)
    row, column, g_height, g_width, weights, out, height, columns, pitch, top, spare, ahead, rows, g, zeros = [
        _as_passed(w, term)
        for term in (
            row,
            column,
            g_height,
            g_width,
            weights,
            out,
            height,
            columns,
            pitch,
            top,
            spare,
            ahead,
            rows,
            g,
            zeros,
        )
    ]
    b, count = w.b, max(tall, 2)
    size, begin = (g_height, g_width), (row, b.add(column, I64(first)))
    many = max(at for _, at in places) - first + 1
    p = _Plane(b, weights.type.pointee, lanes, g, size, begin, I64(1), I64(lanes), zeros, many, 1)
    masks = [p.mask_of(p.first_bits(b.sub(columns, I64(part * lanes)))) for part in range(2)]
    zero = ir.Constant(p.vector, None)
    factors = [p.factor(b.gep(weights, [I64(t)])) for t in range(tall * broad)]

    def body(q, waiting):
        seen, totals = (
            p.row_at(q, ahead),
            [*waiting, *[zero] * 4],
        )  # of the even and odd columns of a row of out, and so on
        for u in range(tall):
            for v, (parity, at) in enumerate(places):
                k = 2 * u + parity
                totals[k] = p.multiply_add(factors[u * broad + v], seen[at - first], totals[k])
        for u in range(2):  # no further row of g reaches these
            y = b.add(b.sub(b.mul(b.add(row, q), I64(2)), top), I64(u))
            there = b.and_(b.icmp_signed(">=", y, I64(0)), b.icmp_signed("<", y, height))
            target = b.select(there, b.gep(out, [b.mul(y, pitch)]), spare)
            for part, mask in enumerate(masks):
                made = p.interleaved(totals[2 * u], totals[2 * u + 1], part * lanes // 2)
                p.store_part(made, b.gep(target, [I64(part * lanes)]), 0, mask)
        return totals[4 : 2 * count]

    p.loop(I64(0), rows, [zero] * (2 * count - 4), body)


NAMES = {
    "plane_lanes": plane_lanes,
    "plane_products": plane_products,
    "plane_spread": plane_spread,
    "plane_sums": plane_sums,
}
