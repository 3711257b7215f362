"""Kernels that are written once for all units of a graph that are alike: the layers of a network repeat themselves.

Writing a kernel (codegen.py, loops.py) looks at the unit's ops, types and shapes, at the strides of its operands, and at which of them lie in one
buffer.  Units for which all this is the same have the same source, and differ in their operands and nodes only.
"""

from collections.abc import Callable
from dataclasses import replace

from .codegen import generate
from .fuse import Unit
from .loops import FusedCall
from .memory import Operand


class Written:
    """The kernels of one graph."""

    def __init__(self) -> None:
        self.known: dict[tuple, tuple[FusedCall, list[Operand], Unit]] = {}

    def call(self, unit: Unit, operand_of: Callable, outputs: dict[int, Operand], shared: bool) -> FusedCall:
        """What ``generate`` gives for these arguments."""
        form, operands = _form(unit, operand_of, outputs)
        known = self.known.get((shared, form))
        if known is not None:
            return _with_operands(*known, operands, unit)
        made = generate(unit, operand_of, outputs, shared)
        self.known[shared, form] = replace(made, arguments=list(made.arguments)), operands, unit
        return made


def _form(unit: Unit, operand_of: Callable, outputs: dict[int, Operand]) -> tuple[tuple, list[Operand]]:
    """(all that the source of a unit depends on, its operands in the order of their first use)."""
    number: dict[int, int] = {}  # id of a value -> from 0: a node's, from -1 downward: one from outside
    operands: list[Operand] = []
    form: list = [unit.space, unit.axes]
    space, levels = unit.space, unit.levels
    for k, node in enumerate(unit.nodes):
        made = node.outs[0]
        number[id(made)] = k
        form += (
            node.op,
            made.dtype.name,
            None if made.shape == space else made.shape,
            levels.get(id(made)),
            id(made) in outputs,
        )
        for v in node.inputs:
            found = number.get(id(v))
            if found is None:
                operands.append(operand_of(v))
                found = number[id(v)] = -len(operands)
                form += (v.shape, v.dtype.name)
            form.append(found)
    operands += outputs.values()
    form += (number[key] for key in outputs)
    places: dict = {}
    for o in operands:
        buffer = o.buffer
        if buffer is None:
            form += (None, o.offset, o.shape, o.strides)
        else:
            form += (
                places.setdefault(id(buffer), len(places)), places.setdefault((id(buffer), o.offset), len(places)),
                o.shape, o.strides, o.dtype.name,
            )  # fmt: skip
    return tuple(form), operands


def _with_operands(
    made: FusedCall, its: list[Operand], its_unit: Unit, operands: list[Operand], unit: Unit
) -> FusedCall:
    """The call of another unit of this form."""
    now = {id(old): new for old, new in zip(its, operands)}
    node = {n.id: other for n, other in zip(its_unit.nodes, unit.nodes)}
    items = made.items
    return FusedCall(
        made.source,
        [a if isinstance(a, int) else now[id(a)] for a in made.arguments],
        made.extent,
        made.cost,
        [now[id(o)] for o in made.reads],
        [now[id(o)] for o in made.writes],
        {line: node[n.id] for line, n in made.notes.items()},
        None if items is None else replace(items, steps={now[id(o)]: step for o, step in items.steps.items()}),
    )
