"""Values that a unit needs in several loops over a row: which are computed once, and where they wait.

Softmax needs ``exp(x - max)`` for its sum and for its result.  The first loop writes it to the row of the result, which is
not there yet, and the second reads it from there and writes the result over it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..core.record import Node, Value
from .recompute import is_cheap

if TYPE_CHECKING:
    from .loops import Access

LONG_ROW = 128 * 1024  # bytes: a longer one leaves the second cache before it is read again
TYPES = ("float32", "float64")  # which are in memory what they are in registers


def chosen(fused, inner) -> tuple[dict[int, list[Node]], dict[int, Access]]:
    """(nodes whose values are kept, by the level of the loop that computes them; by id of the value the array that has it).

    ``fused``: the kernel (graph/codegen.py); ``inner``: its loops over a row.  A value is kept where it takes more than a few
    instructions, or is stored anyway and takes a division.
    """
    unit, levels = fused.unit, fused.unit.levels
    first: dict[int, list[Node]] = {}
    places: dict[int, Access] = {}
    outer = {id(n.outs[0]) for n in fused.outer_nodes()}
    wanted = {level: fused.in_loop(level) for level in range(max(levels.values()) + 1)}
    read = {id(a.operand.buffer) for key, a in fused.access.items()}
    free = [v for v in fused.stored if not fused.is_outer(fused.inside[id(v)])]
    free = [v for v in free if id(fused.targets[id(v)].operand.buffer) not in read]
    row = math.prod(fused.sizes[k] for k in inner)
    for node in reversed(unit.nodes) if free else ():
        v = node.outs[0]
        if fused.is_outer(node) or v.dtype.name not in TYPES or row * v.dtype.itemsize > LONG_ROW:
            continue
        if is_cheap(node.op.expression) and not (v in fused.stored and "/" in node.op.expression):
            continue
        there = {level: outer | {id(n.outs[0]) for f in first if f < level for n in first[f]} for level in wanted}
        used = [level for level in wanted if node in fused.needed_nodes(wanted[level], there[level])]
        if len(used) < 2:
            continue
        if v in fused.stored:
            hosts = [s for s in free if s is v]
        else:  # a row that is written after the last loop has read the value
            hosts = [s for s in free if levels[id(s)] >= used[-1] and s.dtype is v.dtype]
        if hosts:
            free.remove(hosts[0])
            places[id(v)] = fused.targets[id(hosts[0])]
            first.setdefault(used[0], []).append(node)
    return first, places


def needed_again(fused, inner) -> list[Value]:
    """What several loops over a row that is written out need: on the stack, which is registers, as LLVM sees.

    A load that comes after the store of a result could not be left out, as the arrays may overlap, and LLVM gives up on a loop
    with many accesses to compare.
    """
    levels = fused.unit.levels
    outer = {id(n.outs[0]) for n in fused.outer_nodes()}
    used: dict[int, int] = {}
    values: dict[int, Value] = {}
    for level in range(max(levels.values()) + 1):
        wanted = fused.in_loop(level)
        nodes = fused.needed_nodes(wanted, outer)
        read = {id(v): v for v in [*wanted, *(v for n in nodes for v in n.inputs)]}
        for key, v in read.items():
            a = fused.access.get(key)
            if a is None:
                waits = key in fused.inside and key not in outer and not is_cheap(fused.inside[key].op.expression)
            else:
                waits = not a.operand.is_index and any(a.strides[k] for k in inner)
            if waits:
                values[key], used[key] = v, used.get(key, 0) + 1
    return [v for key, v in values.items() if used[key] > 1]
