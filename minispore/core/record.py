"""The record of a computation: values, the nodes that made them, and the recorder that collects both.

One structure serves everything: while a graph is traced the values have no data, while PYNATIVE code runs under
``grad`` they have; the backward walk (autodiff.py) and the compiler (graph/) read the same nodes.
"""

import itertools
import math
import os
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

PACKAGE = str(Path(__file__).parent.parent) + os.sep


class Value:
    """What an op produced or consumed: a type, the node it comes from (None for a leaf), and data when known.

    ``kind`` of a leaf: "constant" (data is fixed), "input" (an argument), "capture" (a Tensor from outside, read
    anew at every call), "parameter".
    """

    __slots__ = ("data", "dtype", "index", "kind", "node", "shape", "source")

    def __init__(self, shape, dtype, node=None, index=0, data=None, kind="node", source=None):
        self.shape, self.dtype, self.node, self.index = shape, dtype, node, index
        self.data, self.kind, self.source = data, kind, source

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def __repr__(self):
        where = f"%{self.node.id}.{self.index}" if self.node else self.kind
        return f"<{where}: {self.dtype}{list(self.shape)}>"


_ids = itertools.count()


class Node:
    """One application of an op.  Never changed once made."""

    __slots__ = ("attrs", "forward", "id", "inputs", "location", "op", "outs", "scope")

    def __init__(self, op, inputs: tuple, attrs: dict, types, location=None, scope="", forward=None, datas=None):
        self.op, self.inputs, self.attrs = op, inputs, attrs
        self.id = next(_ids)
        self.location, self.scope, self.forward = location, scope, forward
        self.outs = tuple(
            Value(shape, dtype, self, i, None if datas is None else datas[i]) for i, (shape, dtype) in enumerate(types)
        )

    @property
    def may_raise(self) -> bool:
        return self.op.raises(self.attrs)

    def reading(self, inputs: tuple) -> "Node":
        """The same application, at the same place, of other inputs of the same types."""
        types = [(v.shape, v.dtype) for v in self.outs]
        return Node(self.op, inputs, self.attrs, types, self.location, self.scope, self.forward)

    def detach(self) -> None:
        """Lets go of what it read; it is no longer part of a record.

        A node and its results refer to each other: without this they would wait for Python's cyclic collector.
        """
        self.inputs = ()
        for value in self.outs:
            value.node = None

    def __repr__(self):
        return f"%{self.id} = {self.op.name}({', '.join(map(repr, self.inputs))})"


class Recorder:
    """Collects nodes between the start and the end of one outermost trace or gradient."""

    def __init__(self, symbolic: bool, parent: "Recorder | None" = None):
        self.symbolic, self.parent = symbolic, parent
        self.around: Recorder | None = (
            None  # the eager recording in which a piece is traced that becomes one node of it
        )
        self.lifted: dict[int, Any] = {}  # id(Value of the parent) -> (that Value, what stands for it here)
        self.nodes: list[Node] = []
        self.parameters: dict[int, Any] = {}  # id(Parameter) -> [Parameter, Value now, Value at the start]
        self.captures: dict[int, Any] = {}  # id(Tensor) -> (Tensor, Value)
        self.changed: dict[int, Any] = {}  # id(Tensor) -> (Tensor, what it was): of the surroundings, changed in place
        self.scopes: list[str] = []
        self.paths: dict[int, str] = {}  # id(Cell) -> its path below the outermost Cell
        self.forward: Node | None = None  # the forward node whose gradient is being recorded
        self.cells: dict[int, Any] = {}  # cells whose construct ran, with the version seen
        self.integers = False  # whether the gradient goes through integers too, as if they were numbers on a line
        self.effect: Value | None = None  # what the next print or tap has to come after
        self.functions: dict[tuple, Any] | None = None  # what a compiled call ran and read (flow/watch.py)
        self.looked_at: dict[int, Any] = {}
        if parent is not None:
            self.functions, self.looked_at = parent.functions, parent.looked_at
            self.scopes, self.paths, self.cells = list(parent.scopes), parent.paths, parent.cells
            self.forward, self.integers = parent.forward, parent.integers

    def has_gradient(self, dtype) -> bool:
        """Whether values of this type have gradients in this recording."""
        return dtype.is_float or (self.integers and dtype.name != "bool")

    def lift(self, value: Value) -> Value:
        """What stands here for a value of the parent: an input, except for constants."""
        if value.kind == "constant":
            return value
        entry = self.lifted.get(id(value))
        if entry is None:
            inner = Value(value.shape, value.dtype, kind="input", source=value.source)
            self.lifted[id(value)] = entry = (value, inner)
        return entry[1]

    def is_inside(self, other: "Recorder | None") -> bool:
        """Whether ``other`` is one of the recordings around this one."""
        around = self.parent
        while around is not None:
            if around is other:
                return True
            around = around.parent
        return False

    def close(self) -> None:
        """Lets go of intermediate results, also of those that user code may still reach through a Tensor."""
        for node in self.nodes:
            node.detach()
        self.nodes = []


class _State(threading.local):
    recorder: Recorder | None = None
    undo: dict[int, tuple[Any, Any]] | None = None  # id(Parameter) -> (Parameter, its data before): all_or_nothing


STATE = _State()


class all_or_nothing:
    """``with all_or_nothing():`` Parameters that ops set inside get their values back if an exception comes out.

    A compiled call that updates Parameters cannot be undone: what was set before it then stays, too.
    """

    def __enter__(self) -> None:
        self.outermost = STATE.undo is None
        if self.outermost:
            STATE.undo = {}

    def __exit__(self, kind, *rest) -> None:
        if self.outermost:
            undo, STATE.undo = STATE.undo or {}, None
            if kind is not None:
                for parameter, before in undo.values():
                    parameter._store(before)


def current_recorder() -> Recorder:
    """The recording that is going on."""
    recorder = STATE.recorder
    if recorder is None:
        raise RuntimeError("nothing is being recorded")
    return recorder


def user_location() -> str | None:
    """``file:line`` of the innermost frame outside this package."""
    frame = user_frame()
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else None


def user_frame():
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(PACKAGE) and not name.startswith("<frozen"):
            return frame
        frame = frame.f_back
    return None


def user_level() -> int:
    """``stacklevel`` of a warning that is to show the innermost line outside this package."""
    level, frame, user = 1, sys._getframe(1), user_frame()
    while frame is not None and frame is not user:
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    return level


class Epoch:
    """Counts changes that may make a compiled step stale: attributes of cells, storage of Parameters, the mode."""

    now = 0
