"""Kernel source of an epilogue: a group of elementwise nodes that takes the rows of a product's result as they are made.

The kernel works on rows [lo, hi) of one of the products.  For ``w - c * g``, where ``g`` is the product::

    given, item: from the product's kernel at each call (ops/epilogue.py)    n1: length of a row
    p0: w      c0_at: c

    given = shift(given, 0 - lo * n1)
    lo, hi = lo * n1, hi * n1
    for i0 in range(lo, hi):
        p0[i0] = p0[i0] - c0 * given[i0]

Where something is not there for each element, such as a bias, the rows and the elements of each are two loops.
"""

from dataclasses import dataclass, replace

from ..core.kernel import KernelSource, devices_used
from ..core.record import Node, Value
from . import far_angles
from .codegen import _Fused
from .expression import load
from .fuse import Unit
from .loops import LONGEST_NAME, Access
from .memory import Buffer, Operand, dense_operand
from .parts import reshape_source

MOST_ARGUMENTS = 120  # that a product's kernel has room for
ITEM, INNER = 0, 1


@dataclass
class Epilogue:
    """The second kernel of a product's call.

    ``arguments``: the product's kernel fills in the first two.  ``steps``: of each operand, elements from one
    product of a batch to the next.
    """

    source: KernelSource
    arguments: list
    reads: list[Operand]
    writes: list[Operand]
    steps: dict[Operand, int]
    nodes: list[Node]


def epilogue_of(unit: Unit, product: Value, operand_of, outputs: dict[int, Operand]) -> Epilogue | None:
    """The kernel for ``unit``, which reads ``product`` as a whole; None where its operands do not lie by rows."""
    if any(far_angles.has_angles(n) for n in unit.nodes):
        return None
    made = _Taking(unit, product, operand_of, outputs)
    if not made.lies_by_rows():
        return None
    found = made.epilogue()
    return found if len(found.arguments) <= MOST_ARGUMENTS else None


class _Taking(_Fused):
    def __init__(self, unit: Unit, product: Value, operand_of, outputs):
        self.product, self.handed = product, Buffer("temporary", 0, label="rows of a product")

        def operand(v: Value) -> Operand:
            return dense_operand(self.handed, v) if reshape_source(v) is product else operand_of(v)

        super().__init__(unit, operand, outputs, shared=False)
        self.items = self.groups[:1] == [ITEM]  # whether the first axis is that of the products
        self.loops = list(range(len(self.sizes) - self.items))  # rows and their elements, or all of these

    def _groups(self) -> list[int]:
        """Of each axis: whether it is one of the batch of products."""
        inside, found, one = 1, [], self.product.shape[-1] * self.product.shape[-2]
        for d in reversed(self.space):
            inside *= d
            found.append(INNER if inside <= one else ITEM)
        return found[::-1]

    def lies_by_rows(self) -> bool:
        """Whether each operand has one distance of items and one of rows, and the elements of a row side by side."""
        row = self.product.shape[-1]
        if self.groups.count(ITEM) > 1 or not 1 <= len(self.loops) <= 2 or self.sizes[-1] % row:
            return False
        if len(self.loops) == 2 and self.sizes[-1] != row:  # what is the same for each of several rows together
            return False
        return all(not a.operand.is_index and min(a.strides) >= 0 and a.strides[-1] <= 1 for a in self.order)

    def epilogue(self) -> Epilogue:
        """The kernel: its first two arguments are filled in at each call."""
        w = self.w
        steps = [a.strides[0] if self.items else 0 for a in self.order]
        others = [(a, step) for a, step in zip(self.order, steps) if a.operand.buffer is not self.handed]
        (given,) = (a for a in self.order if a.operand.buffer is self.handed)
        for a in self.order:
            a.strides = a.strides[int(self.items) :]
        given.name = w.parameter("given", f"{given.dtype}*", 0)
        w.parameter("item", "int", 0)
        w.parameter("n1", "int", self.product.shape[-1])
        self._shift(others)
        self.split, self.parted, self.few, self.tiled, self.names = 0, None, False, (), {}
        self._open(self.loops)
        self._expressions(self.loops)
        names = "_".join(dict.fromkeys(n.op.name for n in self.unit.nodes))[:LONGEST_NAME]
        body = "\n".join(w.lines)
        source = KernelSource(f"then_{names}", tuple(w.params), body, (), ("contract",), tuple(devices_used(body)))
        reads = [a.operand for a, _ in others] + [o for _, o in self.scalar_operands]
        moving: dict[Operand, int] = {}
        for a, step in others:
            moving[a.operand] = step if moving.get(a.operand, step) == step else 0
        moving = {o: step for o, step in moving.items() if step}
        return Epilogue(source, w.arguments, reads, list(self.outputs.values()), moving, self.unit.nodes)

    def _shift(self, others: list[tuple[Access, int]]) -> None:
        """Pointers to the item, and to what the kernel is given as if it were the whole; the positions in all of them."""
        w = self.w
        for a, _ in others:
            w.parameter(a.name, f"{a.dtype}*", a.operand)
        for name, operand in self.scalar_operands:
            w.parameter(f"{name}_at", f"{operand.dtype.name}*", operand)
        for number, (a, step) in enumerate(others):
            if step:
                w.line(f"{a.name} = shift({a.name}, item * {w.parameter(f't{number}', 'int', step)})")
        for number, a in enumerate(self.order):
            *rows, column = a.strides
            a.positions = [str(row) if row <= 1 else w.parameter(f"s{number}", "int", row) for row in rows]
            a.positions.append(str(column))
        for name, operand in self.scalar_operands:
            w.line(f"{name} = {load(operand.dtype.name, name + '_at', '0')}")
        w.line("given = shift(given, 0 - lo * n1)")
        if len(self.loops) == 1:
            w.line("lo, hi = lo * n1, hi * n1")


def without_product(unit: Unit) -> Unit:
    """The elementwise nodes of a unit that has a product."""
    return replace(unit, nodes=[n for n in unit.nodes if n is not unit.product], product=None)


__all__ = ["Epilogue", "epilogue_of", "without_product"]
