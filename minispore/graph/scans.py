"""Running sums and products of a row, a vector at a time: ``scan_row`` of kernel source.

LLVM vectorises no loop in which each element needs the one before. Within a vector, log2(lanes) steps add to each element the one 1, 2,
4, ... before it; what came before the vector is added at the end, so that turns of the loop wait for one addition only.
"""

from llvmlite import ir

from . import kernel_types as kt
from .tiles import VECTOR

I32, I64 = ir.IntType(32), ir.IntType(64)


def _lanes(element: kt.Type) -> int:
    return 8 * VECTOR // element.bits


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


NAMES = {"scan_lanes": scan_lanes, "scan_row": scan_row}
