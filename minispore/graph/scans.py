"""Running sums, products and extremes of a row, a vector at a time: ``scan_row`` and ``scan_extreme`` of kernel source.

LLVM vectorises no loop in which each element needs the one before. Within a vector, log2(lanes) steps add to each element the one 1, 2,
4, ... before it; what came before the vector is added at the end, so that turns of the loop wait for one addition only.
"""

from llvmlite import ir

from . import kernel_types as kt
from .tiles import VECTOR

I32, I64 = ir.IntType(32), ir.IntType(64)


def _lanes(element: kt.Type) -> int:
    return 8 * VECTOR // element.bits


def _worst(kind: kt.Type, largest: bool):
    """What every number replaces."""
    if kind.is_float:
        return float("-inf") if largest else float("inf")
    if kind.signed:
        return -(1 << kind.bits - 1) if largest else (1 << kind.bits - 1) - 1
    return 0 if largest else (1 << kind.bits) - 1


def scan_lanes(w, pointer):
    """How many elements ``scan_row`` takes at a time; 0 for types without it."""
    element = pointer.type.element
    return kt.literal(_lanes(element) if element.is_float or element.is_integer else 0)


def scan_row(w, source, target, vectors, start, product, reverse):
    """Writes the running sums (``product`` 1: products) of whole vectors, from ``start`` on, and returns the last.

    ``product`` and ``reverse`` are literals; ``reverse`` 1: from the end of the row to its begin.
    """
    kind, b = source.type.element, w.b
    if not (kind.is_float or kind.is_integer):
        return start
    n, back = _lanes(kind), reverse.literal
    vector = ir.VectorType(kind.ir, n)
    # -0.0 is neutral for 0.0, too; and shuffles with zeros become instructions that are slow on some processors.
    neutral = kind.ir(1 if product.literal else -0.0 if kind.is_float else 0)
    join = {(0, True): b.fadd, (1, True): b.fmul, (0, False): b.add, (1, False): b.mul}[product.literal, kind.is_float]

    def shuffled(x, y, order):
        return b.shuffle_vector(x, y, ir.Constant(ir.VectorType(I32, len(order)), order))

    def everywhere(scalar):
        empty = ir.Constant(vector, ir.Undefined)
        return shuffled(b.insert_element(empty, scalar, I32(0)), empty, [0] * n)

    def place(pointer, at):
        return b.bitcast(b.gep(pointer, [at]), vector.as_pointer())

    vectors, begin = kt.convert(b, vectors, kt.INT64).ir, everywhere(kt.convert(b, start, kind).ir)
    nothing = ir.Constant(vector, [neutral] * n)
    before = b.block
    loop, end = (b.append_basic_block(f"scan_{name}") for name in ("loop", "end"))
    b.cbranch(b.icmp_signed(">", vectors, I64(0)), loop, end)
    b.position_at_end(loop)
    turn, carry = b.phi(I64), b.phi(vector)
    number = b.sub(b.sub(vectors, I64(1)), turn) if back else turn
    at = b.mul(number, I64(n))
    x = b.load(place(source.ir, at))
    x.align = kind.bits // 8
    step = 1
    while step < n:  # lanes that have none so far before them meet the neutral element
        order = (
            [k + step if k + step < n else n for k in range(n)]
            if back
            else [k - step if k >= step else n for k in range(n)]
        )
        x = join(x, shuffled(x, nothing, order))
        step *= 2
    b.store(join(x, carry), place(target.ir, at)).align = kind.bits // 8
    following = join(carry, shuffled(x, nothing, [0 if back else n - 1] * n))
    further = b.add(turn, I64(1))
    turn.add_incoming(I64(0), before)
    turn.add_incoming(further, loop)
    carry.add_incoming(begin, before)
    carry.add_incoming(following, loop)
    b.cbranch(b.icmp_signed("<", further, vectors), loop, end)
    b.position_at_end(end)
    last = b.phi(vector)
    last.add_incoming(begin, before)
    last.add_incoming(following, loop)
    return kt.Term(kind, b.extract_element(last, I32(0)))


def scan_extreme(w, source, out, places, start, largest):
    """Writes the extremes so far and their positions for one vector of a row that begins at ``start``; those before it are there.

    ``largest`` is a literal. Of equal ones the last is taken, the first NaN stays: a later element takes the place of an earlier one unless
    it is worse or the earlier one is NaN.
    """
    kind, b = source.type.element, w.b
    n = _lanes(kind)
    lane = I32 if kind.bits <= 32 else I64
    worst = _worst(kind, bool(largest.literal))
    numbers = ir.VectorType(lane, n)
    order = ("<", ">")[not largest.literal]

    def everywhere(scalar):
        empty = ir.Constant(ir.VectorType(scalar.type, n), ir.Undefined)
        return b.shuffle_vector(
            b.insert_element(empty, scalar, I32(0)), empty, ir.Constant(ir.VectorType(I32, n), [0] * n)
        )

    def stays(later, earlier):
        """Where the later one does not take the place of the earlier one."""
        if kind.is_float:
            return b.or_(b.fcmp_ordered(order, later, earlier), b.fcmp_unordered("uno", earlier, earlier))
        return (b.icmp_signed if kind.signed else b.icmp_unsigned)(order, later, earlier)

    start = kt.convert(b, start, kt.INT64).ir
    place = lambda pointer, vector: b.bitcast(b.gep(pointer.ir, [start]), vector.as_pointer())
    x = b.load(place(source, ir.VectorType(kind.ir, n)))
    x.align = kind.bits // 8
    at = ir.Constant(numbers, list(range(n)))
    nothing, nowhere = ir.Constant(x.type, [worst] * n), ir.Constant(numbers, [0] * n)
    step = 1
    while step < n:
        moved = ir.Constant(ir.VectorType(I32, n), [k - step if k >= step else n for k in range(n)])
        earlier, there = b.shuffle_vector(x, nothing, moved), b.shuffle_vector(at, nowhere, moved)
        kept = stays(x, earlier)
        x, at = b.select(kept, earlier, x), b.select(kept, there, at)
        step *= 2
    first = b.icmp_signed("==", start, I64(0))
    before = b.select(first, I64(0), b.sub(start, I64(1)))  # at the begin, what is read there is of no matter
    best, where = (everywhere(b.load(b.gep(p.ir, [before]))) for p in (out, places))
    kept = b.and_(stays(x, best), everywhere(b.not_(first)))
    found = b.zext(at, where.type) if lane is I32 else at
    found = b.add(found, everywhere(start))
    b.store(b.select(kept, best, x), place(out, x.type)).align = kind.bits // 8
    b.store(b.select(kept, where, found), place(places, where.type)).align = 8


NAMES = {"scan_extreme": scan_extreme, "scan_lanes": scan_lanes, "scan_row": scan_row}
