"""Tracing: a function run once on symbolic Tensors becomes a Graph; ``Compiled`` keeps one executable per kind of call."""

import sys
import time
import warnings
from collections import OrderedDict
from dataclasses import fields as dataclass_fields, is_dataclass, replace
from typing import Any, NoReturn

import numpy as np

from ..core import tree
from ..core.context import is_graph_mode
from ..core.errors import GraphBreak, fail
from ..core.ir import Graph
from ..core.number import Number, Varying
from ..core.op import value_of, wrap
from ..core.record import STATE, Break, Epoch, Parts, Recorder, Value, all_or_nothing, user_level
from ..core.registry import supplied
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..distributed.agree import after_step
from ..flow import runnable
from ..flow.pieces import in_pieces, mark
from ..flow.same import check_collectives
from ..flow.variables import check_defined
from ..flow.watch import PLAIN, Identity, SideEffects, Watch, exactly
from ..ops.effects import set_parameter
from ..ops.host import prints_at_run_time
from ..transforms.jit import mutable_array
from . import history, lower_control  # noqa: F401  (lower_control registers its rules)
from .compile import INTERPRETED, expect_to_compile
from .executable import Executable, StaleCapture
from .fuse import fuse
from .lower import Builder
from .passes import optimise
from .piece import Piece, call
from .runtime import SOURCE, default_threads
from .stats import PHASES, SECONDS, STATS, phase

ndarray = np.ndarray
KINDS = 128  # of calls of one function whose executables are kept
_threads: int | None = None
WARNED: set[tuple[str, str]] = set()  # places at which a call broke
MOST_ENTRIES = 8  # executables for one kind of call, which differ in attributes of cells


def threads() -> int:
    global _threads
    if _threads is None:
        _threads = default_threads()
    return _threads


def set_threads(n: int) -> None:
    """How many threads the steps compiled from now on may use."""
    global _threads
    _threads = 1 if INTERPRETED else max(1, int(n))
    Epoch.now += 1


def trace(
    function, args, kwargs, around: Recorder | None = None, checked=True, may_break=False
) -> tuple[Graph, Any, Recorder]:
    """(graph, the result with symbolic Tensors in place, the recorder) of one call.

    The outputs of the graph are the Tensors in the result, then the new values of arguments that were changed in place
    (``recorder.written``: their positions among the inputs).  ``around``: the eager recording that goes on.  ``checked``:
    whether a variable without a value in the result is an error.  ``may_break``: where a value is asked for, a GraphBreak is
    raised, with what Python had changed until then set back; else the error that names the line.
    """
    recorder = Recorder(symbolic=True)
    recorder.entry = id(sys._getframe()) if may_break else 0
    recorder.around = around
    recorder.functions = {}
    inputs: list[Value] = []
    tensors: list[Tensor] = []

    def symbol(x):
        number, is_number = mutable_array(x), type(x) is Varying
        if number is not None:
            x = wrap(number)
        if not isinstance(x, Tensor) or x.is_parameter:
            return x
        value = Value(x.shape, x.dtype, kind="input")
        inputs.append(value)
        made = Tensor.__new__(Tensor)
        made._data, made._value, made._recorder = None, value, recorder
        tensors.append(made)
        return Number(made) if is_number else made

    symbols, keywords = tree.map_leaves(symbol, (tuple(args), dict(kwargs)))
    STATS.traces += 1
    STATE.recorder = recorder
    try:
        with prints_at_run_time():
            result = runnable(function)(*symbols, **keywords)
        if checked:
            check_defined(result)
        recorder.written = [k for k, t in enumerate(tensors) if t.is_written]
        outputs = [value_of(recorder, t) for t in [*tree.tensors(result), *(tensors[k] for k in recorder.written)]]
        updates = tuple((p, now) for p, now, start in recorder.parameters.values() if now is not start)
    except Exception as error:
        if recorder.breaks:
            _stop(recorder)
        if any(type(x) is Varying for x in args):
            error.of_numbers = True  # type: ignore[attr-defined]  # what takes a number may not take one without a value
            _restore(recorder)
        raise
    finally:
        STATE.recorder = around
        recorder.restore_outside()
    if recorder.breaks:  # code of the user has caught the exception
        _stop(recorder)
    graph = Graph(
        tuple(inputs), tuple(recorder.captures.values()), tuple((p, start) for p, _, start in recorder.parameters.values()),
        tuple(recorder.nodes), tuple(outputs), updates, tuple(c for c in recorder.calls if c is not None),
    )  # fmt: skip
    return graph, result, recorder


def _stop(recorder: Recorder) -> NoReturn:
    """Ends a trace that cannot become one graph."""
    _restore(recorder)
    raise GraphBreak(recorder.breaks)


def _restore(recorder: Recorder) -> None:
    """Sets back what Python has changed during a trace: the function will run again."""
    for reads in (recorder.functions or {}).values():
        reads.restore()


def build(traced: Graph) -> Executable:
    """Passes, fusion, lowering, compilation."""
    agreeing = check_collectives(traced) if WORLD.size > 1 else []
    with phase("passes"):
        graph = optimise(traced)
    with phase("fuse"):
        units = fuse(graph)
    with phase("lower"):
        builder = Builder(graph, units, threads())
        items = builder.run()
    made = executable_class()(graph, builder, items)
    made.traced, made.agreeing = traced, agreeing
    return made


def executable_class() -> type[Executable]:
    """Executable, or with ``check_nan`` or MINISPORE_DEBUG=5 the subclass that checks or times its calls."""
    return supplied("executable class")() or Executable


class Entry:
    """One executable and the conditions under which it may serve a call."""

    __slots__ = ("cells", "epoch", "executable", "flags", "key", "rebuild", "single", "types", "watch", "written")

    def __init__(self, key, executable: Executable | None, rebuild, cells, single, types, watch: Watch):
        self.key, self.executable, self.rebuild, self.cells, self.single = key, executable, rebuild, cells, single
        self.types = types  # [(shape, dtype)] if all arguments are Tensors, else None
        self.epoch = Epoch.now
        self.watch = watch if watch.immutable or watch.mutable else None
        self.flags: list = []  # (Parameter, its requires_grad when traced), where that matters
        self.written: list[int] = []  # which of the Tensors among the arguments the function changes in place

    def arrays(self, args) -> list[ndarray] | None:
        """The arrays of the arguments, if they are of the same types as when traced and nothing has changed since; else None."""
        if self.types is None or len(args) != len(self.types) or self.epoch != Epoch.now:
            return None
        found = []
        for x, (shape, dtype) in zip(args, self.types):
            if type(x) is not Tensor:
                return None
            a = x._data
            if a is None or a.dtype is not dtype or a.shape != shape or not a.flags.c_contiguous:
                return None
            found.append(a)
        return found if self.watch is None or not self.watch.changed() else None

    def is_usable(self) -> bool:
        """Whether what is compiled fits the settings and the Parameters as they are."""
        return type(self.executable) is executable_class() and self.executable.valid()

    def current(self) -> bool:
        """Whether nothing that the trace depended on has changed; cheap where no attribute of any cell has."""
        if self.watch is not None and self.watch.changed():
            return False
        if self.epoch == Epoch.now:
            return True
        flags = all(parameter._requires_grad == flag for parameter, flag in self.flags)
        if flags and self.is_usable() and all(state == cell._state() for cell, state in self.cells):
            self.epoch = Epoch.now
            return True
        return False


class PieceEntry(Entry):
    """A piece for calls inside eager recordings, and the conditions under which it may serve one."""

    __slots__ = ("piece", "sources", "updated")

    def __init__(self, key, graph: Graph, rebuild, cells, single, types, watch: Watch):
        super().__init__(key, None, rebuild, cells, single, types, watch)
        leaves = [*graph.captures, *graph.parameters]
        self.sources = [source for source, _ in leaves]
        self.updated = [parameter for parameter, _ in graph.updates]
        self.piece = Piece([*graph.inputs, *(v for _, v in leaves)], graph.nodes, list(graph.roots()))

    def is_usable(self) -> bool:
        types = self.piece.inputs[-len(self.sources) :] if self.sources else []
        return all(t.shape == v.shape and t.dtype is v.dtype for t, v in zip(self.sources, types))

    def serves(self, args) -> bool:
        """Whether it is for arguments like these, which are all Tensors, and nothing has changed since it was traced."""
        if self.types is None or len(args) != len(self.types) or self.epoch != Epoch.now:
            return False
        for x, (shape, dtype) in zip(args, self.types):
            if type(x) is not Tensor:
                return False
            a = x._data
            if a is None or a.dtype is not dtype or a.shape != shape:
                return False
        return (self.watch is None or not self.watch.changed()) and self.is_usable()

    def __call__(self, args, kwargs):
        if self.types is not None:
            given = args
        else:
            given = [x if isinstance(x, Tensor) else wrap(mutable_array(x)) for x in _traced_leaves(args, kwargs)]
        outs = call(self.piece, [*given, *self.sources])
        n = len(outs) - len(self.updated)
        for parameter, new in zip(self.updated, outs[n:]):
            set_parameter(parameter, new)
        for k, new in zip(self.written, outs[n - len(self.written) : n]):
            given[k]._rebind(new)
        return outs[0] if self.single else self.rebuild(outs)


class Compiled:
    """A function compiled at its first call with each kind of arguments (shapes, types, other values)."""

    def __init__(self, function, name: str, fullgraph: bool = False, is_stretch: bool = False):
        self.function, self.name = function, name
        self.fullgraph = fullgraph  # whether a call that cannot be one graph is an error
        self.is_stretch = is_stretch  # a part of a function (flow/pieces.py)
        self.entries: OrderedDict = OrderedDict()  # kind of call -> its entries
        self.pieces: OrderedDict = OrderedDict()  # the same for calls inside eager recordings
        self.last: Entry | None = None
        self.last_piece: PieceEntry | None = None
        self.broken: dict = {}  # keys of calls that cannot be one graph -> the places where they break
        self.history = history.new_history()
        self.parts = Parts(maxlen=history.KEPT)  # of what was compiled for calls that run in pieces

    def __call__(self, args, kwargs):
        entry = self.last
        arrays = entry.arrays(args) if entry is not None and not kwargs and not entry.written else None
        if arrays is None:
            arrays, key = _flatten(args, kwargs)
            if key in self.broken:
                return self._in_pieces(args, kwargs)
            if entry is None or entry.key != key or not entry.current():
                try:
                    entry = self._find(key, args, kwargs)
                except GraphBreak as why:
                    entry = None
                    self._break(key, why)
                if entry is None:  # outside of the handler: exceptions of the user have no context of ours
                    return self._in_pieces(args, kwargs)
        if entry.written and _overlap(entry, args, kwargs):
            return self.function(*args, **kwargs)  # one more name for what is changed: Python runs it as it is
        try:
            outputs = self._run(entry, arrays)
        except StaleCapture:
            arrays, key = _flatten(args, kwargs)
            entry = self._trace(key, args, kwargs)
            outputs = entry.executable.run(arrays)
        self.last = entry
        if entry.executable.agreeing:
            after_step(entry.executable.agreeing)
        if entry.written:
            _write_arguments(entry, args, kwargs, outputs)
        return _wrapped(outputs[0]) if entry.single else entry.rebuild(outputs)

    def recorded(self, args, kwargs):
        """A call inside an eager recording: one node there."""
        entry = self.last_piece
        if entry is not None and not kwargs and entry.serves(args):
            return entry(args, kwargs)
        _, key = _flatten(args, kwargs)
        if key in self.broken:
            return self._in_pieces(args, kwargs)
        entry = next((e for e in self.pieces.get(key, ()) if e.current() and e.is_usable()), None)
        if entry is None:
            try:
                entry = self._trace_piece(key, args, kwargs)
            except GraphBreak as why:
                self._break(key, why)
        if entry is None:
            return self._in_pieces(args, kwargs)
        self.last_piece = entry
        return entry(args, kwargs)

    def _trace_piece(self, key, args, kwargs) -> "PieceEntry":
        started, before, effects = time.perf_counter(), replace(STATS), SideEffects()
        spent, around = dict(SECONDS), STATE.recorder
        with phase("trace"):
            graph, result, recorder = trace(self.function, args, kwargs, around, not self.is_stretch, may_break=True)
        watch = Watch(recorder, tree.leaves((args, kwargs)))
        cells = _with_state(recorder, watch)
        effects.warn(recorder, self.name)
        entry = PieceEntry(key, graph, _rebuilder(result), cells, _is_single(result), _types_of(args, kwargs), watch)
        entry.written, entry.flags = recorder.written, list(recorder.flags.values())
        entries = _entries_of(self.pieces, key)
        entries[:] = [*entries[-(MOST_ENTRIES - 1) :], entry]
        record = history.snapshot(self.name, self.function, args, kwargs, recorder)
        record.seconds, record.phases = time.perf_counter() - started, {p: SECONDS[p] - spent[p] for p in PHASES}
        record.compiled, record.loaded = STATS.compiled - before.compiled, STATS.loaded - before.loaded
        self._note(record, graph, entry.piece)
        return entry

    def _run(self, entry, arrays) -> list:
        undo, updates = STATE.undo, entry.executable.graph.updates
        if undo is None or not updates:
            return entry.executable.run(arrays)
        if STATE.in_pieces and not self.is_of_library:
            for parameter, _ in updates:  # pieces that follow may raise
                if id(parameter) not in undo:
                    undo[id(parameter)] = parameter, parameter._array().copy()
            return entry.executable.run(arrays)
        # What the native call sets is not undone, so neither may be what was set before it: all is new when it returns,
        # also where an interrupt is noticed only then.
        before = dict(undo)
        entry.executable.expect_begin()
        try:
            undo.clear()
            return entry.executable.run(arrays)
        except BaseException as error:
            if isinstance(error, Exception) or not entry.executable.has_begun():  # it has set nothing
                undo.update(before)
            raise

    def _break(self, key, why: GraphBreak) -> None:
        """Calls of this kind run in pieces from now on."""
        if self.fullgraph:
            raise why.error from None
        for place in why.breaks:
            mark(place.lines)
            self._warn(place)
        self.broken[key] = why.breaks

    def _note(self, record, graph, executable) -> None:
        if STATE.in_pieces:
            STATS.pieces += 1
            STATE.in_pieces.append(record)
        # how often the library's own pieces are compiled in PYNATIVE mode is nothing to warn users of
        history.note(self.history, record, graph, executable, warns=is_graph_mode() or not self.is_of_library)

    @property
    def is_of_library(self) -> bool:
        """Whether it is a piece of the library, such as a layer or an optimizer."""
        return getattr(getattr(self.function, "__self__", self.function), "is_piece", False)

    def _in_pieces(self, args, kwargs):
        args = [x.value if type(x) is Varying else x for x in args]
        scope, before = all_or_nothing(), STATE.in_pieces
        try:
            STATE.in_pieces = self.parts if before is None else before
            with scope:
                return in_pieces(self.function)(*args, **kwargs)
        finally:  # first without calls, before which an interrupt could come
            STATE.in_pieces = before
            if scope.is_open:
                scope.end(failed=True)

    def _warn(self, place: Break) -> None:
        """One warning for each place."""
        where = f"{place.lines[0][0]}:{place.lines[0][1]}" if place.lines else self.name
        key = where, str(place.error)[:60]
        if place.number or key in WARNED:
            return
        WARNED.add(key)
        STATS.breaks += 1
        if history.DEBUG:
            print(f"minispore: {self.name} breaks at {where}", file=sys.stderr)
        remedy = "jit(fullgraph=True) makes this an error."
        warnings.warn(
            f"{self.name} is compiled in pieces: {where} runs op by op, in Python, at each call. {place.error}\n{remedy}",
            RuntimeWarning, stacklevel=user_level(),
        )  # fmt: skip

    def _find(self, key, args, kwargs) -> Entry:
        for entry in self.entries.get(key, ()):
            if entry.current():
                return entry
        return self._trace(key, args, kwargs)

    def _trace(self, key, args, kwargs) -> Entry:
        for x in tree.leaves((args, kwargs)):
            if isinstance(x, Tensor) and x.is_parameter:
                x._array()
        if STATS.traces == 0:
            expect_to_compile(SOURCE)
        started, before, effects = time.perf_counter(), replace(STATS), SideEffects()
        spent = dict(SECONDS)
        with phase("trace"):
            graph, result, recorder = trace(self.function, args, kwargs, None, not self.is_stretch, may_break=True)
        watch = Watch(recorder, tree.leaves((args, kwargs)))
        cells = _with_state(recorder, watch)
        effects.warn(recorder, self.name)
        executable = build(graph)
        entry = Entry(key, executable, _rebuilder(result), cells, _is_single(result), _types_of(args, kwargs), watch)
        entry.written, entry.flags = recorder.written, list(recorder.flags.values())
        entries = _entries_of(self.entries, key)
        entries[:] = [e for e in entries if e.executable.valid()][-(MOST_ENTRIES - 1) :] + [entry]
        STATS.executables += 1
        record = history.snapshot(self.name, self.function, args, kwargs, recorder)
        record.seconds, record.phases = time.perf_counter() - started, {p: SECONDS[p] - spent[p] for p in PHASES}
        record.compiled, record.loaded = STATS.compiled - before.compiled, STATS.loaded - before.loaded
        self._note(record, graph, executable)
        return entry


def _is_single(result) -> bool:
    return isinstance(result, Tensor) and not result.tensor_fields


def _types_of(args, kwargs) -> list | None:
    """(shape, type) of each argument, if all are Tensors."""
    if kwargs or not all(type(x) is Tensor for x in args):
        return None
    return [(x._array().shape, x._array().dtype) for x in args]


def _entries_of(entries: OrderedDict, key) -> list:
    """The list of entries of a kind of call; the kind that was traced longest ago goes when there are too many."""
    found = entries.setdefault(key, [])
    entries.move_to_end(key)
    if len(entries) > KINDS:
        entries.popitem(last=False)
    return found


def _with_state(recorder, watch) -> list[tuple]:
    """(cell, its state) of all cells that ran, and of those only held, such as the members of a CellList."""
    held = [x for _, _, x in watch.immutable if hasattr(x, "cells_and_names") and not isinstance(x, type)]
    found = {id(c): c for cell in [*recorder.cells.values(), *held] for _, c in cell.cells_and_names()}
    return [(cell, cell._state()) for cell in found.values()]


def _wrapped(array):
    t = Tensor.__new__(Tensor)
    t._data, t._value, t._recorder = array, None, None
    return t


def _rebuilder(result):
    """A function from output arrays to the structure that the traced function returned."""

    def rebuild(outputs):
        left = (x if isinstance(x, Tensor) else _wrapped(x) for x in outputs)
        return tree.map_leaves(lambda x: next(left) if isinstance(x, Tensor) else x, result)

    return rebuild


def _overlap(entry, args, kwargs) -> bool:
    """Whether an argument that the function changes shares memory with another, or with a Parameter or Tensor that it reads."""
    graph = entry.executable.graph
    others = [*_traced_leaves(args, kwargs), *(p for p, _ in graph.parameters), *(t for t, _ in graph.captures)]
    arrays = [t._array() if isinstance(t, Tensor) else None for t in others]
    return any(
        j != k and a is not None and arrays[k] is not None and np.may_share_memory(arrays[k], a)
        for k in entry.written
        for j, a in enumerate(arrays)
    )


def _write_arguments(entry, args, kwargs, outputs) -> None:
    """Gives Tensors among the arguments the values that the function wrote to them, in their own memory where it may be."""
    leaves = _traced_leaves(args, kwargs)
    for k, new in zip(entry.written, outputs[len(outputs) - len(entry.written) :]):
        tensor = leaves[k]
        if not isinstance(tensor, Tensor):  # a number that ``mutable`` made an input
            continue
        if tensor._array().flags.writeable and tensor._data.dtype == new.dtype:
            np.copyto(tensor._data, new)
        else:
            tensor._data = new


def _traced_leaves(args, kwargs) -> list:
    """The arguments that became inputs of the graph, in order."""
    leaves = tree.leaves((tuple(args), dict(kwargs)))
    return [x for x in leaves if mutable_array(x) is not None or (isinstance(x, Tensor) and not x.is_parameter)]


def _flatten(args, kwargs):
    """(contiguous arrays of the Tensors, key of the call)."""
    arrays: list[ndarray] = []
    key: list = []
    for x in args:
        _describe(x, arrays, key)
    for name in kwargs:
        key.append(name)
        _describe(kwargs[name], arrays, key)
    return arrays, tuple(key)


def _describe(x, arrays, key) -> None:
    fields = tree.sparse_fields(x)
    if fields:
        key.append((type(x), x.shape))
        for name in fields:
            _describe(getattr(x, name), arrays, key)
    elif isinstance(x, Tensor):
        if x.is_parameter:
            key.append(id(x))
            return
        a = x._data
        if a is None:
            a = x._array()
        if not a.flags.c_contiguous:
            a = np.ascontiguousarray(a)
        arrays.append(a)
        key.append(a.shape)
        key.append(a.dtype)
    elif isinstance(x, (tuple, list)):
        key.append((type(x), len(x)))
        for item in x:
            _describe(item, arrays, key)
    elif isinstance(x, dict):
        key.append((dict, tuple(x)))
        for item in x.values():
            _describe(item, arrays, key)
    elif is_dataclass(x) and not isinstance(x, type):
        key.append(type(x))
        for item in [getattr(x, f.name) for f in dataclass_fields(x) if f.init]:
            _describe(item, arrays, key)
    elif isinstance(x, ndarray):
        raise fail(
            TypeError,
            "Cells and compiled functions take Tensors, numbers and plain Python values, but got a numpy.ndarray; wrap it: Tensor(array).",
        )
    elif (number := mutable_array(x)) is not None:
        arrays.append(number)
        key.append(type(x))
    else:
        try:
            hash(x)
        except TypeError:
            x = Identity(x)  # what it holds is compared by the Watch
        key.append(exactly(x) if isinstance(x, PLAIN) else (type(x), x))
