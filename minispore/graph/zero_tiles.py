"""Whether anything in a tile counts: ``any_nonzero``, ``any_not_finite`` of kernel source.

A tile has 16 elements in each row; their bits are joined, and looked at once, at the end. Only compilation imports this module.
"""

from llvmlite import ir

from . import kernel_types as kt
from .tiles import I32, I64, _as_passed, _once

WIDE = 16
EXPONENTS = {32: 0x7F800000, 64: 0x7FF0000000000000}


def _joined(w, pointer, row, rows, of_row):
    """The union over the rows (one at least) of what ``of_row`` makes of the bits of each, as one vector."""
    b, element = w.b, pointer.type.element.ir
    pointer, row, rows = [_as_passed(w, term) for term in (pointer, row, rows)]
    bits = ir.IntType(_bits(element))
    vector = ir.VectorType(bits, WIDE)
    before, loop, end = b.block, b.append_basic_block("rows"), b.append_basic_block("rows_end")
    b.branch(loop)
    b.position_at_end(loop)
    i, seen = b.phi(I64), b.phi(vector)
    place = b.bitcast(b.gep(pointer, [b.mul(i, row)]), vector.as_pointer())
    found = b.load(place)
    found.align = bits.width // 8
    joined, following = b.or_(seen, of_row(found, vector)), b.add(i, I64(1))
    for phi, first, later in ((i, I64(0), following), (seen, ir.Constant(vector, None), joined)):
        phi.add_incoming(first, before)
        phi.add_incoming(later, loop)
    b.cbranch(b.icmp_signed("<", following, rows), loop, end).set_metadata("llvm.loop", _once(b.module))
    b.position_at_end(end)
    return joined


def _bits(element) -> int:
    return element.width if isinstance(element, ir.IntType) else 32 if element == ir.FloatType() else 64


def _everywhere(b, number, vector):
    one = b.insert_element(ir.Constant(vector, ir.Undefined), number, I32(0))
    return b.shuffle_vector(one, one, ir.Constant(ir.VectorType(I32, WIDE), None))


def _any(w, lanes):
    """1 if a bit of any lane is set, else 0."""
    b = w.b
    mask = b.bitcast(b.icmp_unsigned("!=", lanes, ir.Constant(lanes.type, None)), ir.IntType(WIDE))
    return kt.Term(kt.INT64, b.zext(b.icmp_unsigned("!=", mask, ir.IntType(WIDE)(0)), I64))


def any_nonzero(w, pointer, row, rows, flipped):
    """1 if an element of ``pointer[i * row : i * row + 16]`` is not 0, for any i < ``rows`` (1 at least); else 0.

    NaN is not 0, and -0.0 is.  ``flipped`` 1: bools, of which one is False.
    """
    b, is_whole = w.b, isinstance(pointer.type.element.ir, ir.IntType)
    flip = _as_passed(w, flipped)

    def of_row(found, vector):
        if is_whole:
            bits = vector.element
            number = flip if bits.width == 64 else b.trunc(flip, bits)
            return b.xor(found, _everywhere(b, number, vector))
        return b.shl(found, ir.Constant(vector, [1] * WIDE))

    return _any(w, _joined(w, pointer, row, rows, of_row))


def any_not_finite(w, pointer, row, rows):
    """1 if an element of these floats is infinite or NaN; else 0."""
    b = w.b

    def of_row(found, vector):
        exponents = ir.Constant(vector, [EXPONENTS[vector.element.width]] * WIDE)
        return b.sext(b.icmp_unsigned("==", b.and_(found, exponents), exponents), vector)

    return _any(w, _joined(w, pointer, row, rows, of_row))


NAMES = {"any_nonzero": any_nonzero, "any_not_finite": any_not_finite}
