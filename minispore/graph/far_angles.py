"""Kernels with sines of angles that may be far away, and with remainders of large quotients.

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

A remainder by y takes a step for each bit of the quotient.  Where that is below 2**22 (2**51 of float64) and y is finite, it is one product
that vectors compute (``near_floormod``, ``near_fmod``).
"""

import re
from functools import cache

from ..core.record import Node
from .expression import compute_type

NAMES = ("sin", "cos", "tan")
LIMIT = 1e8
BLOCK = 4096  # elements
REMAINDERS = ("floormod", "fmod")
QUOTIENTS = {"float32": (2.0**22, 3e38), "float64": (2.0**51, 1e308)}  # below which quotient and divisor are near
_CALLS = re.compile(rf"\b({'|'.join(NAMES)})_float")
_NAMED = re.compile(rf"\b({'|'.join(NAMES)})\b")
_DIVIDES = re.compile(rf"\b({'|'.join(REMAINDERS)})\(")
_VARIABLES = re.compile(r"\b([xv]\d+)\b")


def is_guarded(node: Node) -> bool:
    """Whether a node computes sines of numbers, or remainders of quotients, that may be above the limit."""
    return has_angles(node) or has_remainder(node)


def has_remainder(node: Node) -> bool:
    """Whether a node is the remainder of two floats."""
    if node.op.kind != "elementwise" or node.op.types == "cast" or len(node.inputs) != 2:
        return False
    return node.inputs[0].dtype.is_float and bool(_DIVIDES.match(node.op.expression))


def has_angles(node: Node) -> bool:
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
    near = [_DIVIDES.sub(r"near_\1(", line) for line in near]
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
    w, guarded = fused.w, [n for n in fused.unit.nodes if is_guarded(n)]
    looked = [v for n in guarded for v in n.inputs]
    nodes = fused.needed_nodes(looked, {})
    if any(n.op.kind == "reduction" for n in nodes):
        return False
    fused.names = {}
    bits = max(compute_type(v.dtype.name) for v in looked)[-2:]  # as wide as the numbers: such a loop is vectorised
    w.line(f"far = int{bits}(0)")
    if fused.split is None and fused.parted is not None:
        fused._loop_over_parts()
    fused._open(fused.loops)
    for node in nodes:
        fused._emit(node, fused.loops)
    for v in dict.fromkeys(looked):
        if id(v) in fused.access and id(v) not in fused.names:
            fused._emit_load(v, fused.loops)
    for beyond in dict.fromkeys(text for n in guarded for text in _beyond(fused, n, f"int{bits}")):
        w.line(f"far = int{bits}(far | {beyond})")
    w.lines = [_VARIABLES.sub(r"\1_", line) for line in w.lines]
    w.depth = 1
    return True


def _beyond(fused, node: Node, kind: str) -> list[str]:
    """Sources of numbers that are not 0 where a node needs the far function."""
    names = [f"fabs({fused._variable(v)})" for v in node.inputs]
    if has_angles(node):
        return [f"{kind}({name} > {compute_type(v.dtype.name)}({LIMIT}))" for name, v in zip(names, node.inputs)]
    form = compute_type(node.inputs[0].dtype.name)
    quotient, divisor = QUOTIENTS[form]
    near = f"{kind}({names[0]} < {form}({quotient}) * {names[1]}) & {kind}({names[1]} < {form}({divisor}))"
    return [f"({kind}(1) - ({near}))"]
