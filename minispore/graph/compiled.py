"""``Compiled``: a function that is compiled once for each kind of call."""

import sys
import time
import warnings
from collections import OrderedDict
from dataclasses import replace
from typing import Any, TypeVar

from ..core import tree
from ..core.context import is_graph_mode
from ..core.cycles import no_cycle_search
from ..core.errors import GraphBreak
from ..core.ir import Graph
from ..core.number import Varying
from ..core.record import STATE, Break, Epoch, Parts, Recorder, all_or_nothing, give_back, user_level
from ..core.tensor import Tensor
from ..distributed.agree import after_step
from ..flow.pieces import in_pieces, mark
from ..flow.watch import SideEffects
from ..ops.raise_if import lacks_values
from . import history
from .arguments import flatten, overlap, types_of, write_arguments
from .compile import expect_to_compile
from .entries import Entry, PieceEntry, keep, wrapped
from .executable import StaleCapture
from .families import Families, Family, may_serve, template_of, without_sizes
from .runtime import SOURCE
from .stats import PHASES, SECONDS, STATS, phase
from .trace import restore, trace

E = TypeVar("E", bound=Entry)
WARNED: set[tuple[str, str]] = set()  # places at which a call broke


class Compiled:
    """A function compiled at its first call with each kind of arguments (shapes, types, other values)."""

    def __init__(self, function, name: str, fullgraph: bool = False, is_stretch: bool = False):
        self.function, self.name = function, name
        self.fullgraph = fullgraph  # whether a call that cannot be one graph is an error
        self.is_stretch = is_stretch  # a part of a function (flow/pieces.py)
        self.entries: OrderedDict = OrderedDict()  # kind of call -> its entries
        self.pieces: OrderedDict = OrderedDict()  # the same for calls inside eager recordings
        self.families = Families()  # of the entries
        self.last: Entry | None = None
        self.last_piece: PieceEntry | None = None
        self.split: Any = None  # the function in pieces
        self.broken: dict = {}  # keys of calls that cannot be one graph -> the places where they break
        self.history = history.new_history()
        self.parts = Parts(maxlen=history.KEPT)  # of what was compiled for calls that run in pieces

    def __call__(self, args, kwargs):
        entry = self.last
        if entry is None and self.broken and not kwargs and _kind_of(args) in self.broken:
            return self._in_pieces(args, kwargs)
        if entry is None or kwargs or not entry.is_plain or STATE.undo is not None or entry.executable.agreeing:
            return self._call(args, kwargs)
        arrays = entry.arrays(args)
        if arrays is None:
            return self._call(args, kwargs)
        try:  # the call before this one, again, with other values: most calls
            outputs = entry.executable.run(arrays)
        except StaleCapture:
            return self._call(args, kwargs)
        except Exception as error:
            if not lacks_values(error):
                raise
            raise self._with_values(error, entry.executable.graph.updates, args, kwargs) from None
        return wrapped(outputs[0]) if entry.single else entry.rebuild(outputs)

    def _call(self, args, kwargs):
        """Any call."""
        entry = self.last
        arrays = entry.arrays(args) if entry is not None and not kwargs and not entry.written else None
        if arrays is None:
            arrays, key = flatten(args, kwargs)
            if key in self.broken:
                return self._in_pieces(args, kwargs)
            if entry is None or entry.key != key or not entry.current():
                try:
                    entry = self._find(key, args, kwargs)
                except GraphBreak as why:
                    entry = None
                    self._break(key, why)
                if (
                    entry is None
                ):  # outside of the handler, so that exceptions of the user's code are not chained to the GraphBreak
                    return self._in_pieces(args, kwargs)
        if entry.written and overlap(entry, args, kwargs):
            return self.function(
                *args, **kwargs
            )  # what the function changes has another name among the arguments: a graph would not see the change
        try:
            outputs = self._run(entry, arrays)
        except StaleCapture:
            arrays, key = flatten(args, kwargs)
            entry = self._trace(key, args, kwargs)
            outputs = entry.executable.run(arrays)
        except Exception as error:
            if not lacks_values(error):
                raise
            raise self._with_values(error, entry.executable.graph.updates, args, kwargs) from None
        self.last = entry
        if entry.executable.agreeing:
            after_step(entry.executable.agreeing)
        if entry.attributes:
            entry.set_attributes(outputs)
        if entry.written:
            write_arguments(entry, args, kwargs, outputs)
        result = wrapped(outputs[0]) if entry.single else entry.rebuild(outputs)
        return entry.with_containers(result, outputs, args, kwargs)

    def recorded(self, args, kwargs):
        """A call inside an eager recording: one node there."""
        entry = self.last_piece
        if entry is not None and not kwargs and entry.serves(args):
            return self._run_piece(entry, args, kwargs)
        _, key = flatten(args, kwargs)
        if key in self.broken:
            return self._in_pieces(args, kwargs)
        entry = next((e for e in self.pieces.get(key, ()) if e.current() and e.is_usable()), None)
        if entry is None:
            try:
                entry = self._new_entry(PieceEntry, self.pieces, key, args, kwargs)
            except GraphBreak as why:
                self._break(key, why)
        if entry is None:
            return self._in_pieces(args, kwargs)
        self.last_piece = entry
        return self._run_piece(entry, args, kwargs)

    def _run_piece(self, entry: PieceEntry, args, kwargs):
        try:
            return entry(args, kwargs)
        except Exception as error:
            if not lacks_values(error):
                raise
            raise self._with_values(error, (), args, kwargs) from None

    def _with_values(self, error: Exception, updates, args, kwargs) -> Exception:
        """The exception of a ``raise`` whose text has values that are not known while a graph is traced: the function runs in Python."""
        before = {id(p): (p, p._array().copy()) for p, _ in updates}
        args = [x.value if type(x) is Varying else x for x in args]
        try:
            self.function(*args, **kwargs)
        except Exception as found:  # the same statement, or one of another path
            return found if type(found) is type(error) else error
        finally:
            give_back(before)
        return error

    def _run(self, entry, arrays) -> list:
        undo, updates = STATE.undo, entry.executable.graph.updates
        if undo is None or not updates:
            return entry.executable.run(arrays)
        if STATE.in_pieces and not self.is_of_library:
            for parameter, _ in updates:  # a piece that follows may raise: the old values are kept
                if id(parameter) not in undo:
                    undo[id(parameter)] = parameter, parameter._array().copy()
            return entry.executable.run(arrays)
        # A native call that has begun cannot be undone.  So what was set before it is not undone either: after an interrupt
        # that is noticed when the call returns, all Parameters are new.
        before = dict(undo)
        entry.executable.expect_begin()
        try:
            undo.clear()
            return entry.executable.run(arrays)
        except BaseException as error:
            if isinstance(error, Exception) or not entry.executable.has_begun():  # no Parameter was written
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
        if self.is_stretch:
            args = [x.value if type(x) is Varying else x for x in args]
        scope, before = all_or_nothing(), STATE.in_pieces
        try:
            STATE.in_pieces = self.parts if before is None else before
            with scope:
                if self.split is None:
                    self.split = in_pieces(self.function)
                return self.split(*args, **kwargs)
        finally:  # first an assignment: an interrupt can only come at a call
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
        entry = self._for_other_sizes(key, args, kwargs) if may_serve() else None
        return self._trace(key, args, kwargs) if entry is None else entry

    def _for_other_sizes(self, key, args, kwargs) -> Entry | None:
        """The entry of a call that differs from earlier ones in sizes alone (families.py), if there can be one without its own trace."""
        structure, shapes = without_sizes(key)
        family = self.families.of(structure)
        with no_cycle_search():
            found = family.served(shapes)
            if found is None:
                return self._templated(family, shapes, key, args, kwargs) if family.may_grow else None
        served, executable = found
        if not served.is_checked:
            entry = self._trace(key, args, kwargs, served.entry.turns)
            family.check(served, shapes, entry)
            return entry
        STATS.resized += 1
        entry = served.entry.copy_for(key, types_of(args, kwargs), executable)
        keep(self.entries, entry)
        return entry

    def _templated(self, family: Family, shapes, key, args, kwargs) -> Entry | None:
        """The same from a trace with symbolic sizes, which further sizes may use."""
        spent = _Spent()
        found = template_of(family, shapes, lambda symbolic: self._traced(Entry, key, args, kwargs, symbolic))
        if found is None:
            return None
        served, executable = found
        STATS.executables += 1
        served.entry.executable = executable
        keep(self.entries, served.entry)
        self._note(spent.compilation(self, served.recorder, args, kwargs), executable.graph, executable)
        family.templates.append(served)
        return served.entry

    def _trace(self, key, args, kwargs, turns=()) -> Entry:
        for x in tree.leaves((args, kwargs)):
            if isinstance(x, Tensor) and x.is_parameter:
                x._array()
        is_first = STATS.traces == 0
        with no_cycle_search(lasting=is_first):
            if is_first:
                expect_to_compile(SOURCE)
            return self._new_entry(Entry, self.entries, key, args, kwargs, turns)

    def _new_entry(self, kind: type[E], entries: OrderedDict, key, args, kwargs, turns=()) -> E:
        """Traces and compiles a call."""
        with no_cycle_search():
            return self._traced_entry(kind, entries, key, args, kwargs, turns)

    def _traced_entry(self, kind: type[E], entries: OrderedDict, key, args, kwargs, turns=()) -> E:
        spent = _Spent()
        entry, graph, recorder, _, is_pure = self._traced(kind, key, args, kwargs, turns=turns)
        runs = entry.compile(graph)
        keep(entries, entry)
        self._note(spent.compilation(self, recorder, args, kwargs), graph, runs)
        if kind is Entry:
            structure, shapes = without_sizes(key)
            self.families.of(structure).note(shapes, entry, is_pure)
        return entry

    def _traced(self, kind: type[E], key, args, kwargs, shapes=None, turns=()) -> tuple[E, Graph, Recorder, Any, bool]:
        """(entry, graph, recorder, result, whether what Python holds is as it was before) of a trace (see ``trace``)."""
        effects, epoch = SideEffects(), Epoch.now
        with phase("trace"):
            graph, result, recorder = trace(
                self.function,
                args,
                kwargs,
                STATE.recorder,
                not self.is_stretch,
                may_break=True,
                shapes=shapes,
                turns=turns,
            )
        is_pure = Epoch.now == epoch
        entry = kind(key, recorder, result, args, kwargs)
        if shapes is None:
            is_pure = not effects.warn(recorder, self.name) and is_pure
        elif effects.found(recorder):  # the function will run again
            restore(recorder)
            is_pure = False
        return entry, graph, recorder, result, is_pure


def _kind_of(args) -> tuple | None:
    """The key that ``flatten`` gives, of Tensors that have data."""
    key: list = []
    for x in args:
        if type(x) is not Tensor or x._data is None:
            return None
        key += (x._data.shape, x._data.dtype)
    return tuple(key)


class _Spent:
    """What a compilation takes, from here on."""

    def __init__(self):
        self.started, self.stats, self.seconds = time.perf_counter(), replace(STATS), dict(SECONDS)

    def compilation(self, compiled: Compiled, recorder, args, kwargs) -> history.Compilation:
        record = history.snapshot(compiled.name, compiled.function, args, kwargs, recorder)
        record.seconds, record.phases = (
            time.perf_counter() - self.started,
            {p: SECONDS[p] - self.seconds[p] for p in PHASES},
        )
        record.compiled, record.loaded = STATS.compiled - self.stats.compiled, STATS.loaded - self.stats.loaded
        return record
