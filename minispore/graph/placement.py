"""Where the values of a graph lie while it is lowered: which operand each one has."""

import math
from collections import Counter
from collections.abc import Callable

import numpy as np

from ..core.dtype import BY_NAME, DType
from ..core.ir import Graph
from ..core.layout import dense_strides
from ..core.record import Node, Value
from ..core.sizes import SizedData, greater
from .calls import Label
from .memory import ALIGN, Buffer, Operand, consecutive, dense_operand


def _scratch(shape: tuple[int, ...], dtype: DType) -> Operand:
    """Memory that is in no arena yet."""
    buffer = Buffer("temporary", greater(math.prod(shape) * dtype.itemsize, ALIGN))
    return Operand(buffer, 0, shape, dense_strides(shape), dtype)


class Part:
    """What the lowering of one unit has made, and what it has asked about values and said of them."""

    def __init__(self):
        self.calls: list = []
        self.temporaries: list[Buffer] = []
        self.loops: list[tuple[Label, Label]] = []
        self.reads: dict[int, Operand | None] = {}  # id of a value -> where it lay
        self.writes: dict[int, Operand] = {}
        self._codes: Counter[int] = Counter()

    def has_read(self, key: int, found: Operand | None) -> None:
        if key not in self.writes:
            self.reads.setdefault(key, found)

    def count_of(self, node: Node) -> int:
        """How many codes the node had in this part before."""
        self._codes[id(node)] += 1
        return self._codes[id(node)] - 1


class Placement:
    """The operands of the values of one graph.  ``outer``: of the graph around it, if it is an inner one, whose memory it shares."""

    copy: Callable[..., None]  # emits the call ``copy(source, target)``

    def __init__(self, graph: Graph, outer: "Placement | None"):
        self.graph = graph
        self.operands: dict[int, Operand] = {}  # where values lie that have been placed or copied
        self.views: dict[int, tuple[Operand, Operand]] = {}  # of a view: (where its source lies, where it lies)
        self.kept: dict[
            tuple[int, bool], Operand
        ] = {}  # scratch memory of a value or a copy: the same in each ``part``
        self.keep_alive: list[Value] = []  # ids are keys of ``operands``: that of a freed one could be used again
        self.destination: dict[int, Operand] = {}  # of a value that is not computed yet: where it shall lie
        self.buckets: dict[int, Operand] = {}  # id of a collective -> where its inputs are written
        self.of_part: Part | None = None
        if outer is None:
            self.temporaries: list[Buffer] = []
            self.constants: dict[tuple, Buffer] = {}
            self.status = self.fixed(np.zeros(8, np.int64), "status")
            self._leaves()
        else:
            self.temporaries, self.constants, self.status = outer.temporaries, outer.constants, outer.status

    def fixed(self, array: np.ndarray, label: str) -> Operand:
        """An array that lives as long as the executable."""
        buffer = Buffer("fixed", array.nbytes, array=array, label=label)
        return Operand(buffer, 0, array.shape, dense_strides(array.shape), BY_NAME[array.dtype.name])

    def flat_on(self, array: np.ndarray, dtype: DType, label: str) -> Operand:
        """All of an array of bytes, as values of a type that lie side by side."""
        buffer = Buffer("fixed", array.nbytes, array=array, label=label, in_parts=True)
        return Operand(buffer, 0, (array.nbytes // dtype.itemsize,), (1,), dtype)

    def _leaves(self) -> None:
        for k, v in enumerate(self.graph.inputs):
            self._leaf(v, Buffer("input", v.nbytes, index=k))
        count = len(self.graph.inputs)
        for k, (_, v) in enumerate(self.graph.captures):
            self._leaf(v, Buffer("input", v.nbytes, index=count + k))
        for p, v in self.graph.parameters:
            self._leaf(v, Buffer("fixed", v.nbytes, array=p._array(), label=p.name))

    def _leaf(self, v: Value, buffer: Buffer) -> None:
        self.operands[id(v)] = dense_operand(buffer, v)

    def temp(self, shape, dtype: DType) -> Operand:
        """Scratch memory of this step."""
        made = _scratch(tuple(shape), dtype)
        self.temporaries.append(made.buffer)  # type: ignore[arg-type]
        return made

    def known(self, v: Value) -> Operand | None:
        """Where ``v`` has been placed, or copied."""
        found = self.operands.get(id(v))
        if self.of_part is not None and v.node is not None:
            self.of_part.has_read(id(v), found)
        return found

    def know(self, v: Value, operand: Operand) -> Operand:
        """From now on ``v`` lies there."""
        self.operands[id(v)] = operand
        self.keep_alive.append(v)
        if self.of_part is not None and v.node is not None:
            self.of_part.writes[id(v)] = operand
        return operand

    def place(self, v: Value) -> Operand:
        """Memory for a result: where the caller or a Parameter wants it, or a temporary."""
        found = self.known(v)
        return found or self.know(v, self.destination.get(id(v)) or self._own(v, is_copy=False))

    def _own(self, v: Value, is_copy: bool) -> Operand:
        """A temporary for a value, or for a copy of it."""
        made = self.keep(v, is_copy)
        self.temporaries.append(made.buffer)  # type: ignore[arg-type]
        return made

    def keep(self, v: Value, is_copy: bool) -> Operand:
        """Where a value, or a copy of it, will lie if it needs scratch memory."""
        made = self.kept.get((id(v), is_copy))
        if made is None:
            made = self.kept[id(v), is_copy] = _scratch(v.shape, v.dtype)
        return made

    def output(self, node: Node, k: int = 0) -> Operand:
        """The (dense) memory of output ``k`` of a library node."""
        return self.place(node.outs[k])

    def operand(self, v: Value) -> Operand:
        """The memory of ``v``, possibly strided."""
        found = self.known(v)
        return self._resolve(v) if found is None else found

    def _resolve(self, v: Value) -> Operand:
        if v.kind == "constant":
            return self.know(v, self._constant(v))
        node = v.node
        if node is None:
            raise AssertionError(f"{v} has no memory")
        if node.op.kind == "index":
            return dense_operand(None, v)
        if node.op.kind != "view":
            raise AssertionError(f"{node} is used before it is computed")
        source = self.operand(node.inputs[0])
        earlier = self.views.get(id(v))
        if earlier is not None and earlier[0] is source:
            return earlier[1]
        found = node.op.strides(source.strides, source.shape, **node.attrs)
        if found is None:
            copied = self.dense(node.inputs[0])
            offset, strides = node.op.strides(copied.strides, copied.shape, **node.attrs)
            return self.know(v, Operand(copied.buffer, copied.offset + offset, v.shape, strides, v.dtype))
        offset, strides = found
        made = Operand(source.buffer, source.offset + offset, v.shape, strides, v.dtype)
        self.views[id(v)] = source, made
        self.keep_alive.append(v)
        return made

    def _constant(self, v: Value) -> Operand:
        if type(v.data) is SizedData:
            return dense_operand(self._sized_constant(v.data), v)
        data = np.ascontiguousarray(v.data)
        key = (data.tobytes(), data.dtype.name) if data.nbytes <= 64 else (id(v.data), data.dtype.name)
        buffer = self.constants.get(key)
        if buffer is None:
            buffer = self.constants[key] = Buffer("fixed", data.nbytes, array=data.copy(), label="constant")
        return dense_operand(buffer, v)

    def _sized_constant(self, data: SizedData) -> Buffer:
        """The same for one that depends on sizes."""
        buffer = self.constants.get((data.text, data.dtype.name))
        if buffer is None:
            buffer = Buffer("fixed", data.nbytes, array=data.array, label="constant", sized=data)
            self.constants[data.text, data.dtype.name] = buffer
        return buffer

    def dense(self, v: Value) -> Operand:
        """The memory of ``v`` as a contiguous operand; copied if it is strided."""
        operand = self.operand(v)
        if operand.is_dense:
            return operand
        if v.node is None or v.node.op.kind not in ("view", "index"):
            made = self.temp(v.shape, v.dtype)
            self.copy(operand, made)
            return made
        made = self._own(v, is_copy=True)
        self.copy(operand, made)
        return self.know(v, made)

    # ------------------------------------------------------------ several values in one piece of memory
    def side_by_side(self, node: Node) -> Operand:
        """The inputs of ``node``, of one type, flat and one after the other.  What makes them writes there, where it can."""
        values, whole_of = node.inputs, self.buckets.get(node.id)
        if whole_of is None and len(values) == 1:
            found = self.dense(values[0])
            return found.reshaped((found.size,))
        whole_of = whole_of or self.bucket(values)
        for v, place in zip(values, consecutive(whole_of, values)):
            made = self.operand(v)
            if not (made.buffer is place.buffer and made.offset == place.offset and made.is_dense):
                self.copy(made, place)
        return whole_of

    def outputs_side_by_side(self, node: Node, made: Operand | None = None) -> Operand:
        """The memory of all outputs of a library node, flat and one after the other; ``made``, if it is given."""
        if made is None and len(node.outs) == 1:
            found = self.output(node)
            return found.reshaped((found.size,))
        made = made or self.bucket(node.outs)
        self.lie_in(node.outs, made)
        return made

    def lie_in(self, values, made: Operand) -> None:
        """``values`` are what lies side by side in ``made``."""
        for v, place in zip(values, consecutive(made, values)):
            self.know(v, place)

    def bucket(self, values) -> Operand:
        """Scratch memory for ``values``, side by side."""
        made = self.temp((sum(v.size for v in values),), values[0].dtype)
        assert made.buffer is not None
        made.buffer.in_parts = True
        return made
