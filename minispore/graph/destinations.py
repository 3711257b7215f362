"""Where results are computed: in the caller's array, over an old value, or in a temporary that is copied at the end.

An output is computed in the caller's array.  The new value of a Parameter, or of a value that a loop carries, is written
over the old one under these conditions:

- The unit that computes it reads each element of the old value for the last time before it writes it: the unit is
  pointwise, or a library op that can work in place.
- Nothing reads the old value later.
- No later node can raise, if it is a Parameter: a failing step leaves all Parameters as they were.

For ``m2 = 0.9 * m + g; w2 = w - 0.1 * m2``, one pointwise unit, both are updated in place.  If the step also returns the old
``w``, w2 is computed in a temporary, and ``copy_the_rest`` copies it after ``w`` has been copied out.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..core.ir import view_source
from ..core.parameter import Parameter
from ..core.record import Node, Value
from ..flow.control import Control
from .calls import Call
from .fuse import Unit
from .memory import ALIGN, Buffer, Operand, consecutive, dense_operand
from .parts import is_pointwise, place_parts, reshape_source

if TYPE_CHECKING:
    from .lower import Builder


class Destinations:
    """Fills ``build.destination`` and ``build.targets`` when it is made; emits the remaining copies at the end."""

    def __init__(self, build: Builder):
        self.build, self.graph = build, build.graph
        self.in_place: dict[int, Parameter] = {}  # id of a new value -> the Parameter whose old one it is written over
        self.overwriting: set[int] = set()  # ids of units that write over what has been read before
        self._position = {u.id: k for k, u in enumerate(build.units)}
        raising = (k for k, u in enumerate(build.units) if any(n.may_raise for n in u.nodes))
        self._last_raising = max(raising, default=-1)
        self._readers = self._find_readers()
        self._returned = {id(view_source(v)) for v in self.graph.roots()}
        self._value_of = {id(p): v for p, v in self.graph.parameters}
        self._place_outputs()
        self._place_inputs_of_collectives()
        self._place_updates()
        self._place_carried()
        self._place_bases()
        place_parts(build)

    def _find_readers(self) -> dict[int, list[tuple[Unit, bool]]]:
        """id(leaf value) -> [(unit that reads its memory, whether it reads the value itself and not a view)]."""
        found: dict[int, list[tuple[Unit, bool]]] = {}
        for unit in self.build.units:
            for node in unit.nodes:
                for v in node.inputs:
                    source = view_source(v)
                    if source.node is None:
                        found.setdefault(id(source), []).append((unit, v is source))
        return found

    # ------------------------------------------------------------ the choices
    def _place_outputs(self) -> None:
        build = self.build
        if not build.targets:
            outputs = enumerate(self.graph.outputs)
            build.targets = [dense_operand(Buffer("output", v.nbytes, index=k), v) for k, v in outputs]
        for target, v in zip(build.targets, self.graph.outputs):
            made = reshape_source(v)
            if _is_computed(made) and target is not None and target.is_dense and id(made) not in build.destination:
                build.destination[id(made)] = target if made is v else target.reshaped(made.shape)

    def _place_inputs_of_collectives(self) -> None:
        """The values that make up several inputs of one collective are written into one buffer, side by side."""
        build = self.build
        for node in [n for n in self.graph.nodes if n.op.ordered]:
            bucket = node.op.bucket(build, node)
            if bucket is None:
                continue
            build.buckets[node.id] = bucket
            for v, place in zip(node.inputs, consecutive(bucket, node.inputs)):
                made = reshape_source(v)
                if _is_computed(made) and not made.node.op.ordered and id(made) not in build.destination:
                    build.destination[id(made)] = place.reshaped(made.shape)

    def _place_updates(self) -> None:
        """New values of Parameters, over the old ones."""
        old_values = {id(p): v for p, v in self.graph.parameters}
        for p, v in self.graph.updates:
            if self._may_overwrite_parameter(v, old_values.get(id(p))):
                made = reshape_source(v)
                self.build.destination[id(made)] = dense_operand(self._storage(p), made)
                self.in_place[id(v)] = p
                self.overwriting.add(self.build.unit_of[made.node.id].id)

    def _place_carried(self) -> None:
        """New values of what a loop carries, over the old ones: one row of memory in place of two."""
        build = self.build
        for old, new, place in build.carried:
            if self._may_overwrite_carried(old, new):
                self.overwriting.add(build.unit_of[new.node.id].id)
                place.buffer.ring = 1
                place.buffer.parent.nbytes = max(new.nbytes, ALIGN)
                build.destination[id(new)] = place
                build.targets = [place if o is new else t for o, t in zip(self.graph.outputs, build.targets)]

    def _place_bases(self) -> None:
        """What a library node changes in place is computed where its result will be, if nothing else reads it."""
        build = self.build
        for node in reversed(self.graph.nodes):  # of several that change one thing the last one has the place
            if node.op.kind != "library" or not node.op.in_place:
                continue
            out, made = node.outs[0], reshape_source(node.inputs[0])
            if made.node is None or id(made) in build.destination or not _makes_one_result(made.node):
                continue
            if _overwrites(node, made) and self._is_read_once(node.inputs[0]) and out.size == made.size > 0:
                place = build.destination.get(id(out)) or build.temp(out.shape, out.dtype)
                if place.buffer is not None and place.buffer.kind in ("output", "temporary") and place.is_dense:
                    build.destination.update({id(out): place, id(made): place.reshaped(made.shape)})

    def _is_read_once(self, v: Value) -> bool:
        """Whether ``v`` is read once, and so is what it is a reshaped form of."""
        while self.build.uses[id(v)] == 1 and v.node is not None and v.node.op.name == "reshape":
            v = v.node.inputs[0]
        return self.build.uses[id(v)] == 1 and id(v) not in self._returned

    # ------------------------------------------------------------ the conditions
    def _may_overwrite_parameter(self, new: Value, old: Value | None) -> bool:
        """``old``: the Parameter's value at the start, None if the graph does not read it."""
        made = reshape_source(new)
        unit = self.build.unit_of.get(made.node.id) if made.node is not None else None
        if unit is None or id(made) in self.build.destination or self._position[unit.id] <= self._last_raising:
            return False
        in_place = _overwrites(made.node, old) if unit.space is None else made is new and is_pointwise(unit, new)
        return in_place and (old is None or self._only_read_before(old, unit))

    def _may_overwrite_carried(self, old: Value, new: Value) -> bool:
        unit = self.build.unit_of.get(new.node.id) if new.node is not None else None
        if unit is None or not is_pointwise(unit, new) or sum(v is new for v in self.graph.outputs) > 1:
            return False
        return self._only_read_before(old, unit)

    def _only_read_before(self, old: Value, unit: Unit) -> bool:
        """Whether all that read ``old`` run before ``unit``, or in it and at the position that it writes."""
        if unit.product is not None and any(view_source(v) is old for v in unit.product.inputs):
            return False
        for reader, direct in self._readers.get(id(old), ()):
            if reader is unit:
                if unit.space is not None and (not direct or old.shape != unit.space):
                    return False
            elif self._position[reader.id] > self._position[unit.id]:
                return False
        return id(old) not in self._returned

    # ------------------------------------------------------------ what remains
    def copy_the_rest(self) -> None:
        """Copies outputs and updates that could not be computed in place.

        All updates are staged before the first Parameter is written, as one may read the old value of another.
        """
        build = self.build
        for target, v in zip(build.targets, self.graph.outputs):
            if target is None or v.size == 0 or build.copied_before_its_reshape(v, lambda: target):
                continue
            if not (made := build.operand(v)).is_same_place(target):
                build.copy(made, target)
        staged = [(self._staged(v), p, v) for p, v in self.graph.updates if self.in_place.get(id(v)) is not p]
        for source, p, v in staged:
            if v.size:
                build.copy(source, dense_operand(self._storage(p), v))

    @cached_property
    def _owned(self) -> set[int]:
        """The ids of the arrays of the Parameters that change."""
        return {id(p._array()) for p, _ in self.graph.updates}

    def mark_commits(self) -> None:
        """Marks the calls that write Parameters, those of graphs inside this one among them."""
        owned = self._owned
        for call in self.build.calls:
            if isinstance(call, Call):
                call.commits = any(o.buffer.kind == "fixed" and id(o.buffer.array) in owned for o in call.writes)

    def _staged(self, v: Value) -> Operand:
        """``v`` in memory that no update writes to."""
        source = self.build.operand(v)
        if source.buffer is None or source.buffer.kind == "fixed":
            staged = self.build.temp(v.shape, v.dtype)
            self.build.copy(source, staged)
            return staged
        return source

    def _storage(self, p) -> Buffer:
        value = self._value_of.get(id(p))
        if value is None:
            array = p._array()
            return Buffer("fixed", array.nbytes, array=array, label=p.name)
        return self._buffer(value)

    def _buffer(self, leaf: Value) -> Buffer:
        buffer = self.build.operands[id(leaf)].buffer
        assert buffer is not None
        return buffer


def _is_computed(v: Value) -> bool:
    return v.node is not None and v.node.op.kind not in ("view", "index")


def _makes_one_result(node: Node) -> bool:
    """Whether it is a library node that writes its only result wherever that is placed."""
    op = node.op
    return op.kind == "library" and len(node.outs) == 1 and not (node.ordered or isinstance(op, Control))


def _overwrites(node: Node, old: Value | None) -> bool:
    """Whether a library node can change ``old`` in place: its first input, which it reads nowhere else."""
    first, *others = node.inputs
    return node.op.in_place and reshape_source(first) is old and all(view_source(v) is not old for v in others)
