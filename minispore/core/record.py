"""The record of a computation: values, the nodes that compute them, and the recorder that collects both.

The same classes serve both modes: while a graph is traced the values have no data; under ``grad`` in PYNATIVE mode they do.  The
backward pass (autodiff.py) and the compiler (graph/) read the same nodes.
"""

import contextlib
import itertools
import math
import os
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from .sizes import is_symbolic

PACKAGE = str(Path(__file__).parent.parent) + os.sep
_INSIDE = PACKAGE, "<frozen"


class Value:
    """An input or output of an op: its type, the node that computes it (None for a leaf), and its data where known.

    ``kind`` of a leaf: "constant" (the data never change), "input" (an argument), "parameter", or "capture" (a Tensor from outside
    the traced function, whose data are read at each call).
    """

    __slots__ = ("data", "dtype", "index", "kind", "name", "node", "shape", "source")

    def __init__(self, shape, dtype, node=None, index=0, data=None, kind="node", source=None):
        self.shape, self.dtype, self.node, self.index = shape, dtype, node, index
        self.data, self.kind, self.source = data, kind, source
        self.name = ""  # of a capture that is an attribute of a Cell: its path

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    def __repr__(self):
        where = f"%{self.node.id}.{self.index}" if self.node else self.kind
        return f"<{where}: {self.dtype}{list(self.shape)}>"


_ids = itertools.count()
_recorders = itertools.count(1)


class Node:
    """One application of an op.  Not changed once made, except by ``detach``.

    ``forward``: for a node of the backward pass, the node whose gradient it is a part of.  ``scope``: the path of the Cell.
    """

    __slots__ = ("attrs", "forward", "id", "inputs", "location", "op", "outs", "scope")

    def __init__(self, op, inputs: tuple, attrs: dict, types, location=None, scope="", forward=None, datas=None):
        self.op, self.inputs, self.attrs = op, inputs, attrs
        self.id = next(_ids)
        self.location, self.scope, self.forward = location, scope, forward
        if datas is None:
            self.outs: tuple[Value, ...]
            if len(types) == 1:
                ((shape, dtype),) = types
                self.outs = (Value(shape, dtype, self),)
            else:
                self.outs = tuple([Value(shape, dtype, self, i) for i, (shape, dtype) in enumerate(types)])
        else:
            self.outs = tuple([
                Value(shape, dtype, self, i, data) for i, ((shape, dtype), data) in enumerate(zip(types, datas))
            ])  # fmt: skip

    @property
    def may_raise(self) -> bool:
        return self.op.raises(self.attrs)

    @property
    def ordered(self) -> bool:
        return self.op.is_ordered(self.attrs)

    def reading(self, inputs: tuple) -> "Node":
        """A copy of the node that reads other inputs of the same types."""
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


def needed_nodes(values, nodes=(), after: int = -1) -> dict[int, Node]:
    """The nodes that compute ``values``, those of ``nodes``, and all whose results they need, by their ids.

    Those with ids up to ``after`` are left out.
    """
    found: dict[int, Node] = {}
    stack = [*(v.node for v in values if v.node is not None and v.node.id > after), *nodes]
    while stack:
        node = stack.pop()
        if node.id not in found:
            found[node.id] = node
            for v in node.inputs:
                source = v.node
                if source is not None and source.id > after and source.id not in found:
                    stack.append(source)
    return found


@dataclass
class Break:
    """A place where a trace needed a value: ``lines`` are (file, line) of the user's frames, the innermost first."""

    error: Exception
    lines: list[tuple[str, int]]
    number: bool  # whether it was that of a Python number (core/number.py)


class Turns:
    """Which of the loops of a trace whose turns may be written out are, in their order; ``given``: that of another trace, to be followed.

    A loop whose number of turns stands for several stays a loop.
    """

    def __init__(self, given: Sequence[bool] = ()):
        self.given, self.made = given, []  # type: ignore[var-annotated]

    def are_written_out(self, count: int, most: int) -> bool:
        at = len(self.made)
        found = self.given[at] if at < len(self.given) else not is_symbolic(count) and 0 < count <= most
        self.made.append(found)
        return found


class Recorder:
    """Collects the nodes of one trace (``symbolic``: values have no data) or of one gradient in PYNATIVE mode.

    A recorder with a ``parent`` traces a function inside that recording: the body of a branch or loop, for example.
    """

    # whether an eager one reads copies of Parameters, as it is differentiated when they may have changed
    copies = False

    def __init__(self, symbolic: bool, parent: "Recorder | None" = None):
        self.symbolic, self.parent = symbolic, parent
        self.number = next(_recorders)  # above 0
        self.around: Recorder | None = None  # of a compiled piece: the eager recording in which it becomes one node
        self.lifted: dict[int, Any] = {}  # id(Value of the parent) -> (that Value, the input here that stands for it)
        self.nodes: list[Node] = []
        self.parameters: dict[int, Any] = {}  # id(Parameter) -> [Parameter, current Value, Value at the start]
        self.assignments: list[tuple[int, Value]] = []  # (id(Parameter), its new Value), in their order
        self.captures: dict[int, Any] = {}  # id(Tensor) -> (Tensor, Value)
        self.changed: dict[int, Any] = {}  # id(Tensor) -> (Tensor of the parent changed in place, its state before)
        self.outside: dict[int, Any] = {}  # id(Tensor) -> (Tensor from outside changed in place, its state before)
        self.scopes: list[str] = []
        # name of an outermost Cell that was called -> {id(Cell): its path below}, its own being empty
        self.outermost: dict[str, dict[int, str]] = {}
        self.forward: Node | None = None  # the forward node whose gradient is being recorded
        self.cells: dict[int, Any] = {}  # Cells whose construct ran, by id
        self.has_pieces = False  # whether a function was traced that PYNATIVE runs as a compiled piece (ops/large.py)
        self.integers = 0  # 1: gradients also pass through integers, 2: through bools too (GradOperation)
        self.flags: dict[int, Any] = {}  # id(Parameter) -> (Parameter, its requires_grad), where a trace has read it
        self.passes: dict[
            Any, Any
        ] = {}  # key of a Cell or function -> its last call, for a gradient (transforms/forward_pass.py)
        self.stores: list = []  # what user code changes in place besides attributes of Cells (flow/stores.py)
        self.passed: list = []  # where lists and dicts among the arguments are in the result (graph/passed.py)
        self.written: list[int] = []  # positions of the inputs that a compiled function changes in place
        self.calls: list[
            tuple | None
        ] = []  # (scope, Cell, types of its outputs) of each call of a Cell, the outer one first
        self.effect: Value | None = None  # the last print or tap: the next one depends on it, which keeps their order
        self.functions: dict[tuple, Any] | None = None  # user functions that ran, with what they read (flow/watch.py)
        self.observed: dict[int, Any] = {}  # Tensors whose data Python code read, by id
        self.entry = 0  # of the trace of a compiled call: the id of the frame that began it
        self.turns = Turns()
        self.variables: tuple = ()  # of such a trace of a stretch (flow/pieces.py): what stands for its arguments
        self.breaks: list[Break] = []  # of such a trace: where Python needed what is not known
        self.filled: list = []  # containers among the arguments that the function changes (graph/passed.py)
        self.set_attributes: list[tuple[Any, str, Any]] = []  # of a trace: (Cell, name, value) at its end
        self.attributes: Any = None  # of a trace: the attributes that a construct sets (flow/attributes.py)
        if parent is not None:
            self.functions, self.observed = parent.functions, parent.observed
            self.scopes, self.outermost, self.cells = list(parent.scopes), parent.outermost, parent.cells
            self.forward, self.integers = parent.forward, parent.integers
            self.flags, self.calls, self.attributes = parent.flags, parent.calls, parent.attributes
            self.turns = parent.turns

    def has_gradient(self, dtype) -> bool:
        """Whether values of this type have gradients in this recording."""
        return dtype.is_inexact or self.integers > (dtype.name == "bool")

    def lift(self, value: Value) -> Value:
        """The input that stands here for a value of the parent; a constant stands for itself."""
        if value.kind == "constant":
            return value
        entry = self.lifted.get(id(value))
        if entry is None:
            inner = Value(value.shape, value.dtype, kind="input", source=value.source)
            self.lifted[id(value)] = entry = (value, inner)
        return entry[1]

    def is_inside(self, other: "Recorder | None") -> bool:
        """Whether ``other`` is an ancestor of this recorder."""
        around = self.parent
        while around is not None:
            if around is other:
                return True
            around = around.parent
        return False

    def attribute_of(self, item) -> str:
        """The path of the attribute of a Cell that has run and holds ``item``, such as "step/optimizer.momentum", with the
        name of the outermost Cell in front; empty if there is none."""
        for cell in reversed(self.cells.values()):
            for name, held in vars(cell).items():
                if held is item:
                    now = self.scopes[0] if self.scopes else ""
                    outer = next((outer for outer, paths in self.outermost.items() if id(cell) in paths), now)
                    path = self.outermost.get(outer, {}).get(id(cell), "").replace("/", ".")
                    return f"{outer}/{path}.{name}" if path else f"{outer}/{name}"
        return ""

    def name_of_outermost(self, cell, name: str) -> str:
        """The first part of the scopes of an outermost Cell: what the user's code calls it, else ``name``; unlike the others."""
        for outer, paths in self.outermost.items():
            if paths.get(id(cell)) == "":
                return outer
        frame = user_frame()
        name = (name_in(frame, cell) if frame is not None else "") or name
        numbered = (name if k == 1 else f"{name}_{k}" for k in itertools.count(1))
        outer = next(n for n in numbered if n not in self.outermost)
        self.outermost[outer] = {id(c): path.replace(".", "/") for path, c in cell.cells_and_names()}
        return outer

    def memory_of(self, tensor):
        """The array that a Tensor from outside had before it was changed in place in this recording or those around it."""
        array = tensor._data
        recorder: Recorder | None = self
        while recorder is not None:
            for kept in (recorder.changed, recorder.outside):
                if id(tensor) in kept:
                    array = kept[id(tensor)][1][0]
            recorder = recorder.parent
        return array

    def restore_outside(self) -> None:
        """Gives Tensors from outside that were changed in place their values back."""
        for tensor, before in self.outside.values():
            tensor._data, tensor._value, tensor._recorder = before
        self.outside = {}

    def store_outside(self) -> None:
        """Tensors from outside that were changed in place get their new values in their own memory, where views show them.

        To be called when the gradient is computed: until then what was recorded reads that memory.
        """
        changes = []
        for tensor, (memory, _, _) in self.outside.values():
            new = tensor._data
            tensor._value = tensor._recorder = None
            if (
                memory is not None
                and memory.flags.writeable
                and memory.shape == new.shape
                and memory.dtype == new.dtype
            ):
                tensor._data = memory
                if tensor._view is None:
                    changes.append((memory, new))
        self.outside = {}
        for memory, new in changes:
            memory[...] = new

    def start_again(self) -> None:
        """Forgets all that was recorded, and undoes what was changed."""
        self.close()
        self.restore_outside()
        self.parameters, self.captures, self.changed, self.passes = {}, {}, {}, {}
        self.assignments = []

    def assign(self, key: int, value: Value) -> None:
        """From here on the Parameter of this id, which the recording knows, means ``value``."""
        self.parameters[key][1] = value
        self.assignments.append((key, value))

    def take_back(self, count: int) -> None:
        """Undoes the assignments after the first ``count``."""
        undone, self.assignments = self.assignments[count:], self.assignments[:count]
        before = dict(self.assignments) if undone else {}
        for key, _ in undone:
            entry = self.parameters[key]
            entry[1] = before.get(key, entry[2])

    def last_id(self) -> int:
        """The id of the last node so far; -1: there is none."""
        return self.nodes[-1].id if self.nodes else -1

    def keep_outside(self) -> None:
        """Copies the data of values that lie in the memory that ``store_outside`` will overwrite; for a recording that is read after it."""
        memories = [memory for _, (memory, _, _) in self.outside.values() if memory is not None]
        for node in self.nodes if memories else ():
            for v in (*node.inputs, *node.outs):
                if v.data is not None and any(np.may_share_memory(v.data, memory) for memory in memories):
                    v.data = v.data.copy()

    def close(self) -> None:
        """Frees intermediate results: a Tensor that user code still holds would keep all nodes before it alive."""
        for node in self.nodes:
            node.detach()
        self.nodes, self.assignments, self.passes = [], [], {}


class Parts(deque):
    """The compilations of a call that runs in pieces; true also where there is none yet."""

    def __bool__(self) -> bool:
        return True


class _State(threading.local):
    recorder: Recorder | None = None
    through_updates = False  # whether gradients flow into what was assigned to Parameters (an argument of ``grad``)
    no_grad = False  # whether results are constants of the gradient
    undo: dict[int, tuple[Any, Any]] | None = None  # id(Parameter) -> (Parameter, its data before): all_or_nothing
    in_pieces: "Parts | None" = None  # of a call that cannot be one graph: what is compiled while it runs
    widens = (
        False  # whether half precision beside a float32 number is computed in float32: in the updates of optimizers
    )
    in_native_call = False  # Python called back from one, or a signal handler during one: no second one can run then


STATE = _State()


class all_or_nothing:
    """``with all_or_nothing():`` Parameters that ops set inside get their values back if an exception comes out.

    A compiled call that updates Parameters cannot be undone: what was set before it then stays, too.  An interrupt can come before the
    first line of ``__exit__``: what uses this calls ``end`` in a ``finally`` around it where ``is_open`` still holds.
    """

    is_open = False

    def __enter__(self) -> None:
        if STATE.undo is None:
            self.is_open = True
            STATE.undo = {}

    def __exit__(self, kind, *rest) -> None:
        if self.is_open:
            self.end(kind is not None)

    def end(self, failed: bool) -> None:
        undo, STATE.undo, self.is_open = STATE.undo, None, False
        if failed and undo:
            give_back(undo)


def give_back(undo: dict) -> None:
    """Parameters get the values that they had before."""
    for parameter, before in undo.values():
        parameter._store(before)


def current_recorder() -> Recorder:
    """The active recorder."""
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
    known = _USERS_FILES
    while frame is not None:
        name = frame.f_code.co_filename
        if name not in known:
            known[name] = _is_users_file(name)
        if known[name]:
            break
        frame = frame.f_back
    return frame


def name_in(frame: FrameType, item) -> str:
    """The variable, or else the attribute of one, by which the code of a frame has ``item``; empty if there is none."""
    given, code = frame.f_globals, frame.f_code
    variables = {**{n: given[n] for n in code.co_names if n in given}, **frame.f_locals}
    for name, held in variables.items():
        if held is item and name != "self" and not name.startswith("__"):  # those of rewritten code do
            return name
    for held in variables.values():
        for name in code.co_names:
            if getattr(held, "__dict__", {}).get(name) is item:
                return name
    return ""


def is_users_frame(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    if name not in _USERS_FILES:
        _USERS_FILES[name] = _is_users_file(name)
    return _USERS_FILES[name]


_USERS_FILES: dict[str, bool] = {}  # the answers of ``_is_users_file``: each node of a trace asks for all its frames


def _is_users_file(name: str) -> bool:
    return not name.startswith(_INSIDE) and name != contextlib.__file__


def note_break(error: Exception, site: str | None, number: bool) -> None:
    """Notes with the trace of the compiled call that is running, if any, that it cannot go on as one graph.

    ``site``: a further ``file:line`` that has to run in Python for it.
    """
    recorder = traced_call()
    if recorder is not None:
        recorder.breaks.append(break_here(recorder, error, site, number))


def traced_call() -> Recorder | None:
    """The outermost recorder of the compiled call that is traced, if one is and it may break."""
    recorder = STATE.recorder
    while recorder is not None and recorder.parent is not None:
        recorder = recorder.parent
    return recorder if recorder is not None and recorder.entry else None


def break_here(recorder: Recorder, error: Exception, site: str | None = None, number: bool = False) -> Break:
    """What ``note_break`` notes, for the line that is running."""
    lines = []
    if site:
        file, _, line = site.rpartition(":")
        lines.append((file, int(line)))
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and id(frame) != recorder.entry:
        if is_users_frame(frame):
            lines.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return Break(error, lines, number)


def user_level() -> int:
    """The ``stacklevel`` with which a warning shows the innermost line outside this package."""
    level, frame, user = 1, sys._getframe(1), user_frame()
    while frame is not None and frame is not user:
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    return level


class Epoch:
    """Counts changes after which a compiled step has to check whether it is still valid: an attribute of a Cell, the storage of a
    Parameter, the mode."""

    now = 0
