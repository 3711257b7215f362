"""``Summary``: the layers of a network with output shapes, Parameters, operations and memory, from its graph."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core import notebook
from ..core.cell_base import CellBase
from ..core.errors import fail
from ..core.parameter import Parameter
from ..core.tensor import Tensor
from .cost import flops
from .inspection import Inspection, graph
from .text import count


@dataclass
class Layer:
    """A call of a Cell.

    Attributes:
        path: the attribute path; empty for the network itself.
        kind: the class.
        shapes: of its outputs.
        parameters: numbers in the Parameters that it holds itself; 0 at a further call of the same Cell.
        flops: operations of the nodes that it computes itself, in all its calls; 0 at a further call.
        bytes: of its outputs.
    """

    path: str
    kind: str
    shapes: list[tuple[int, ...]]
    parameters: int
    flops: int
    bytes: int

    @property
    def depth(self) -> int:
        return self.path.count("/") + 1 if self.path else 0


class Summary:
    """What a call of a network consists of; ``print`` it to see a table.

    Args:
        inspection: of a call of a Cell.

    Attributes:
        inspection: the ``Inspection`` that it was made from.
        layers: a ``Layer`` for each call of a Cell, each below the Cell that calls it.
        trainable, frozen: numbers in Parameters with and without ``requires_grad``.
        flops: operations of the call.

    >>> import minispore as ms
    >>> s = Summary(ms.nn.Dense(4, 8).graph(ms.ops.ones((32, 4))))
    >>> [(layer.kind, layer.shapes, layer.parameters) for layer in s.layers]
    [('Dense', [(32, 8)], 40)]
    """

    def __init__(self, inspection: Inspection):
        self.inspection, self.name = inspection, inspection.name
        calls = [(inspection.traced.shown(scope), cell, types) for scope, cell, types in inspection.traced.calls]
        work: dict[str, int] = {}
        for node in inspection.nodes:
            work[node.scope] = work.get(node.scope, 0) + flops(node.node)
        held: dict[int, list[Parameter]] = {}  # id(Cell) -> the Parameters that no other Cell before it holds
        parameters: dict[int, Parameter] = {}
        # a Parameter belongs to the Cell that has it as an attribute, before those that list it
        cells = [cell for _, cell, _ in calls]
        owned = [(cell, p) for cell in cells for p in cell._params.values() if p is not None]
        for owner, p in owned + [(cell, p) for cell in cells for _, p in cell._own_parameters()]:
            if id(p) not in parameters:
                parameters[id(p)] = p
                held.setdefault(id(owner), []).append(p)
        self.layers: list[Layer] = []
        for path, cell, types in calls:
            own = held.pop(id(cell), [])
            size = sum(math.prod(shape) * dtype.itemsize for shape, dtype in types)
            self.layers.append(
                Layer(
                    path,
                    type(cell).__name__,
                    [shape for shape, _ in types],
                    sum(p.size for p in own),
                    work.pop(path, 0),
                    size,
                )
            )
        self.flops = sum(layer.flops for layer in self.layers) + sum(work.values())
        self.trainable = sum(p.size for p in parameters.values() if p.requires_grad)
        self.frozen = sum(p.size for p in parameters.values() if not p.requires_grad)

    def rows(self) -> list[tuple[str, ...]]:
        """The table as texts: layer, output, Parameters, FLOPs, memory of the output."""
        found = []
        for layer in self.layers:
            name = f"{'  ' * layer.depth}{layer.path.rpartition('/')[2]} ({layer.kind})" if layer.path else layer.kind
            shapes = ", ".join(str(list(shape)) for shape in layer.shapes)
            numbers = [f"{n:,}" if n else "" for n in (layer.parameters, layer.flops)]
            found.append((name, shapes, *numbers, count(layer.bytes) + "B"))
        return found

    def totals(self) -> list[str]:
        """The lines below the table."""
        memory = self.inspection.memory
        return [
            f"Parameters: {self.trainable + self.frozen:,}, {self.trainable:,} trainable",
            f"one call: {count(self.flops)}FLOP, memory: Parameters {count(memory.parameter_bytes)}B, "
            f"intermediate results {count(memory.arena_bytes)}B at once",
        ]

    def __str__(self) -> str:
        table = [HEADS, *self.rows()]
        widths = [max(len(row[k]) for row in table) for k in range(len(HEADS))]
        lines = []
        for row in table:
            cells = [text.ljust(w) if k < 2 else text.rjust(w) for k, (text, w) in enumerate(zip(row, widths))]
            lines.append("  ".join(cells).rstrip())
        return "\n".join([*lines, *self.totals()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """What notebooks show."""
        return notebook.table(HEADS, self.rows(), left=2) + "".join(map(notebook.line, self.totals()))


HEADS = ("layer", "output", "Parameters", "FLOPs", "bytes out")


def summary(network, *inputs) -> Summary:
    """The layers of a network with their output shapes, Parameters, operations and memory, for such inputs.

    Nothing is run: the call is traced, as ``graph`` does.

    Args:
        network (Cell): a network, or a whole train step.
        *inputs: Tensors, the arguments of a call; a tuple of ints stands for a float32 Tensor of that shape.

    Returns:
        ``Summary``; ``print`` it to see a table. Its ``layers``, ``trainable``, ``frozen`` and ``flops`` are the same as data.

    Raises:
        TypeError: ``network`` is not a Cell.

    >>> import minispore as ms
    >>> print(summary(ms.nn.SequentialCell(ms.nn.Dense(4, 8), ms.nn.ReLU()), (32, 4)))
    layer           output   Parameters  FLOPs  bytes out
    SequentialCell  [32, 8]                       1.02 kB
      0 (Dense)     [32, 8]          40  2,304    1.02 kB
      1 (ReLU)      [32, 8]                256    1.02 kB
    Parameters: 40, 40 trainable
    one call: 2.56 kFLOP, memory: Parameters 160 B, intermediate results 1.02 kB at once
    """
    if not isinstance(network, CellBase):
        raise fail(TypeError, f"For 'summary', 'network' must be a Cell, but got {type(network).__name__}.")
    return Summary(graph(network, *map(_example, inputs)))


def _example(item):
    is_shape = isinstance(item, tuple) and item and all(type(n) is int for n in item)
    return Tensor(np.zeros(item, np.float32)) if is_shape else item


from ..core.boundary import publish as _publish  # noqa: E402  # isort: skip

_publish(globals())
