"""Kernels with sines of angles that may be far away.

The sine that LLVM vectorises (vector_math/trigonometry.py) is right up to 1e8.  Beyond, the remainder by pi takes a table and a
branch for each element, which ends vectorisation.  So a kernel looks at its angles first, block by block, which stay in the
first cache, and has its loops twice::

    end = hi
    for lo in range(lo, end, 4096):
        hi = min(lo + 4096, end)
        far = int32(0)
        for i0 in range(lo, hi):
            x0_ = p0[i0]
            far |= int32(fabs(x0_) > float32(1e8))
        if far:
            for i0 in range(lo, hi): p1[i0] = far_sin_float32(p0[i0])
        else:
            for i0 in range(lo, hi): p1[i0] = sin_float32(p0[i0])
"""

import re
from functools import cache

from ..core.record import Node
from .expression import compute_type

NAMES = ("sin", "cos", "tan")
LIMIT = 1e8
BLOCK = 4096  # elements
_CALLS = re.compile(rf"\b({'|'.join(NAMES)})_float")
_NAMED = re.compile(rf"\b({'|'.join(NAMES)})\b")
_VARIABLES = re.compile(r"\b([xv]\d+)\b")


def has_angles(node: Node) -> bool:
    """Whether a node computes sines of numbers that may be above the limit."""
    if (
        node.op.kind != "elementwise"
        or node.op.types == "cast"
        or node.inputs[-1].dtype.name == "float16"
        or node.inputs[-1].dtype.is_complex
    ):
        return False
    return _names_a_sine(node.op.expression)


@cache
def _names_a_sine(expression: str) -> bool:
    return bool(_NAMED.search(expression))


def write(fused, body) -> None:
    """``body()`` writes the loops of the kernel ``fused`` (graph/codegen.py); here for angles that are near and far."""
    w = fused.w
    head, w.lines, w.notes = w.lines, [], {}
    looked = _look(fused)
    check, w.lines, w.notes = w.lines, [], {}
    body()
    near, noted = w.lines, w.notes
    far = [_CALLS.sub(r"far_\1_float", line) for line in near]
    w.lines, w.notes, w.depth = head, {}, 1
    if looked and fused.loops and fused.split == fused.loops[0] and not fused.tiled:
        row = " * ".join(fused._length(k) for k in fused.loops[1:])
        w.line("end = hi")
        w.line(f"block = max(1, {BLOCK} // max(1, {row}))" if row else f"block = {BLOCK}")
        w.line("for lo in range(lo, end, block):")
        w.depth = 2
        w.line("hi = min(lo + block, end)")
    _indented(w, check, w.depth - 1)
    for opening, lines in [("if far:", far), ("else:", near)] if looked else [("if True:", far)]:
        w.line(opening)
        w.notes.update({len(w.lines) + line: node for line, node in noted.items()})
        _indented(w, lines, w.depth)
    w.depth = 1


def _indented(w, lines: list[str], depth: int) -> None:
    w.lines += ["    " * depth + line for line in lines]


def _look(fused) -> bool:
    """Writes the loops that look at the angles; False where these follow from a reduction, of which they would have to wait."""
    w, angles = fused.w, [v for n in fused.unit.nodes if has_angles(n) for v in n.inputs]
    nodes = fused.needed_nodes(angles, {})
    if any(n.op.kind == "reduction" for n in nodes):
        return False
    fused.names = {}
    bits = max(compute_type(v.dtype.name) for v in angles)[-2:]  # as wide as the angles: such a loop is vectorised
    w.line(f"far = int{bits}(0)")
    if fused.split is None and fused.parted is not None:
        fused._loop_over_parts()
    fused._open(fused.loops)
    for node in nodes:
        fused._emit(node, fused.loops)
    for v in dict.fromkeys(angles):
        if id(v) in fused.access and id(v) not in fused.names:
            fused._emit_load(v, fused.loops)
        beyond = f"fabs({fused._variable(v)}) > {compute_type(v.dtype.name)}({LIMIT})"
        w.line(f"far = int{bits}(far | int{bits}({beyond}))")
    w.lines = [_VARIABLES.sub(r"\1_", line) for line in w.lines]
    w.depth = 1
    return True
