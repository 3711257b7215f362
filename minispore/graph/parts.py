"""Where the parts of a concatenation are computed: in their places in the whole, so that nothing is copied."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..core.record import Node, Value
from .memory import Operand

if TYPE_CHECKING:
    from .fuse import Unit
    from .lower import Builder

STRIDED = ("slice", "broadcast_to", "transpose")  # views that show what does not lie densely, too
LARGEST = 1 << 22  # bytes; a larger whole is copied together: its memory would be in use from its first part on


def place_parts(build: Builder) -> None:
    """Chooses destinations in the whole for the parts of the concatenations of ``build.graph``.

    The last concatenation is the first to choose, as it may have the result of another as a part.
    """
    wholes = [n for n in build.graph.nodes if n.op.name == "concat"]
    if not wholes:
        return
    readers: dict[int, list[Node]] = {}
    for n in build.graph.nodes:
        for v in n.inputs:
            readers.setdefault(id(v), []).append(n)
    ours: set[int] = set()
    for node in reversed(wholes):
        out = node.outs[0]
        place = build.destination.get(id(out))
        is_free = place is None or id(out) in ours or (place.buffer is not None and place.buffer.kind == "output")
        if out.nbytes > LARGEST or not is_free:
            continue
        ours |= _place(build, node, readers)


def _place(build: Builder, node: Node, readers: dict[int, list[Node]]) -> set[int]:
    """The ids of the values that are computed in the whole that ``node`` makes."""
    out, axis, at = node.outs[0], node.attrs["axis"], 0
    whole = build.destination.get(id(out))
    found: dict[int, Operand] = {}
    parts_of = Counter(build.unit_of[v.node.id].id for v in node.inputs if _is_computed(build, v))
    if whole is None:
        whole = build.temp(out.shape, out.dtype)
    for v in node.inputs:
        begin = tuple(at if a == axis else 0 for a in range(len(v.shape)))
        made, place = reshape_source(v), whole.sliced(begin, (1,) * len(begin), v.shape)
        at += v.shape[axis]
        if id(made) in build.destination or id(made) in found or not _is_computed(build, made):
            continue
        if place.is_dense:
            found[id(made)] = place.reshaped(made.shape)
        elif made is v and v.node.op.name == "concat" and _is_read_by(node, v, readers):
            found[id(made)] = place
        elif made is v and build.uses[id(v)] == 1:
            unit = build.unit_of[made.node.id]
            # to LLVM two interleaved results of one loop may overlap: it does not vectorise the loop
            if is_pointwise(unit, v) and parts_of[unit.id] == 1:
                found[id(made)] = place
    if found:
        assert whole.buffer is not None
        whole.buffer.in_parts = True
        build.destination.update({id(out): whole, **found})
    return set(found)


def _is_read_by(whole: Node, v: Value, readers: dict[int, list[Node]]) -> bool:
    """Whether only ``whole`` reads ``v``, or else what is beside it there and shows parts of it, as where an axis is padded."""
    return all(
        n is whole or (n.op.name in STRIDED and _is_read_by(whole, n.outs[0], readers)) for n in readers.get(id(v), ())
    )


def _is_computed(build: Builder, v: Value) -> bool:
    return v.node is not None and v.size > 0 and v.node.id in build.unit_of and not v.node.op.ordered


def reshape_source(v: Value) -> Value:
    """The value of which ``v`` is a reshaped form: the same elements in the same order."""
    while v.node is not None and v.node.op.name == "reshape":
        v = v.node.inputs[0]
    return v


def is_pointwise(unit: Unit, v: Value) -> bool:
    """Whether the unit computes ``v`` element by element, in one loop nest over its shape."""
    return unit.space is not None and unit.axes is None and v.shape == unit.space
