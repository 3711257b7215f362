"""Which elementwise groups take a product's result as its kernel makes it, part by part, so that it needs no memory.

The optimizer stands in the same graph as the gradient: a weight's gradient is often a product that nothing but the update of
this weight and its moments reads.  One unit of both writes no gradient and reads none, 8 of 28 bytes a weight for Adam, and
no gradient is alive between the two.  So it is with a layer's bias and activation.

The units keep their order, but that the two become one.  It stands where the product was, or a few units later: what its
nodes read has to be there, and for an update everything has to have run that reads the old value or may fail.  Where that
would keep the product's operands alive for longer, both stay as they are.

Whether that saves time, and the product's kernel can call another one, is decided when this is chosen (``Builder.epilogue``);
if not, the two run one after the other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..core.ir import Graph, view_source
from ..core.record import Node
from ..core.sizes import decided
from .parts import reshape_source
from .unit_order import dependencies, overwriters

if TYPE_CHECKING:
    from .fuse import Unit

NEAR = 4  # units that a product may move back
LEAST_WORK = 1 << 18  # multiplications
LEAST_ROWS, LEAST_COLUMNS = 16, 32
LEAST_RESULTS = 1 << 13  # elements of all products; fewer are in the near cache anyway
MOST_TERMS = 2048  # of a sum: beside more of them a result is nothing
PRODUCTS = {"matmul"}


def with_epilogues(units: list[Unit], graph: Graph) -> list[Unit]:
    """``units``, in order, where products and the only groups that read their results are one."""
    return _Joining(units, graph).run()


def pays(product: Node) -> bool:
    """Whether an epilogue saves time; asked when the product is lowered, where a size that decides otherwise concerns one unit."""
    *batch, m, k = product.inputs[0].shape
    return _pays(m, product.outs[0].shape[-1], k, math.prod(batch))


@decided
def _pays(m: int, n: int, k: int, count: int) -> bool:
    few = k > MOST_TERMS or count * m * n < LEAST_RESULTS
    return m >= LEAST_ROWS and n >= LEAST_COLUMNS and count * m * n * k >= LEAST_WORK and not few


class _Joining:
    def __init__(self, units: list[Unit], graph: Graph):
        self.units, self.graph = units, graph
        self.products = {u.nodes[0].outs[0]: u for u in units if u.space is None and u.nodes[0].op.name in PRODUCTS}
        self.key: dict[int, float] = {u.id: k for k, u in enumerate(units)}  # id of a unit -> its place
        self.latest: dict[int, float] = {}  # id of a unit -> the place before which it has to stay
        self.stored: dict[int, list[int]] = {}  # id of a value -> ids of the Parameters that it is the new value of
        for p, new in graph.updates:
            self.stored.setdefault(id(view_source(new)), []).append(id(p))
        self.old = {id(p): id(value) for p, value in graph.parameters}

    def run(self) -> list[Unit]:
        pairs = self._pairs()
        if not pairs:
            return self.units
        before = dependencies(self.units)
        updates = {id(view_source(v)) for _, v in self.graph.updates}
        updating = {u.id for u in self.units if any(id(v) in updates for n in u.own for v in n.outs)}
        overwriting = overwriters(self.units, self.graph, updating, 0)
        gone: set[int] = set()
        for product, group in pairs:
            needed = (before[product.id] | before[group.id] | overwriting.get(group.id, set())) - {product.id}
            start = self.key[product.id]
            place = max([start, *(self.key[k] for k in needed)])
            place += 0.5 if place > start else 0
            if place > min(start + NEAR, self.key[group.id]) or any(
                self.latest.get(u.id, place + 1) <= place for u in (product, group)
            ):
                continue
            for k in needed:
                self.latest[k] = min(self.latest.get(k, place), place)
            self.key[product.id] = self.key[group.id] = place
            self._join(product, group)
            gone.add(product.id)
        left = [u for u in self.units if u.id not in gone]
        return sorted(left, key=lambda u: self.key[u.id])

    def _join(self, product: Unit, group: Unit) -> None:
        (node,) = product.nodes
        group.nodes = [node, *group.nodes]
        group.product = node

    def _pairs(self) -> list[tuple[Unit, Unit]]:
        """Products and the groups that alone read their results, in the order of the products."""
        readers: dict[int, list[tuple[Unit, bool]]] = {}
        for u in self.units:
            for v in [v for n in u.nodes for v in n.inputs]:
                source = view_source(v)
                if source in self.products:
                    readers.setdefault(id(source), []).append((u, reshape_source(v) is source))
        returned = {id(view_source(v)) for v in self.graph.roots()}
        found: dict[int, tuple[Unit, Unit]] = {}  # by the id of the group, which takes the last of several products
        for v, product in self.products.items():
            reading = readers.get(id(v), [])
            groups = {u.id for u, _ in reading}
            if len(groups) != 1 or id(v) in returned or not all(whole for _, whole in reading):
                continue
            group = reading[0][0]
            if self._can_take(group, product.nodes[0]):
                found[group.id] = product, group
        return sorted(found.values(), key=lambda pair: self.key[pair[0].id])

    def _can_take(self, group: Unit, product: Node) -> bool:
        """Whether the group is elementwise over the result, and the product reads nothing that it may write over."""
        v = product.outs[0]
        if group.space is None or group.axes is not None or math.prod(group.space) != v.size or group.again:
            return False
        written = [p for n in group.nodes for p in self.stored.get(id(n.outs[0]), ())]
        if written and v.size < LEAST_RESULTS:  # (no size of a Parameter differs between calls)
            return False
        old = {self.old[p] for p in written if p in self.old}
        return not any(id(view_source(x)) in old for x in product.inputs)


__all__ = ["pays", "with_epilogues"]
