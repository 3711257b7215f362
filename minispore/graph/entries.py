"""What was compiled for a call, and the conditions under which it may serve another one."""

from collections import OrderedDict

import numpy as np

from ..core import tree
from ..core.ir import Graph
from ..core.op import wrap
from ..core.parameter import Parameter
from ..core.record import Epoch
from ..core.tensor import Tensor
from ..flow.attributes import read_from_outside, set_all, symbolic
from ..flow.watch import Watch
from ..ops.effects import set_parameter
from ..transforms.jit import mutable_array
from .arguments import traced_leaves, types_of
from .build import build, executable_class
from .executable import Executable
from .passed import with_given
from .piece import Piece, call
from .stats import STATS

ndarray = np.ndarray
KINDS = 128  # of calls of one function whose executables are kept
MOST_ENTRIES = 8  # executables for one kind of call, which differ in attributes of cells


class Entry:
    """One executable and the conditions under which it may serve a call."""

    __slots__ = (
        "attributes", "cells", "contents", "epoch", "executable", "filled", "flags", "is_plain", "key", "passed", "rebuild", "returned", "single",
        "turns", "types", "watch", "written",
    )  # fmt: skip

    executable: Executable

    def __init__(self, key, recorder, result, args, kwargs):
        watch = Watch(recorder, tree.leaves((args, kwargs)))
        self.key, self.epoch = key, Epoch.now
        self.cells = _with_state(recorder, watch)
        watch.add(read_from_outside([cell for cell, _ in self.cells], recorder))
        self.watch = watch if watch.immutable or watch.mutable else None
        self.attributes = recorder.set_attributes  # those that each call sets, with symbolic Tensors in place
        self.returned = len(tree.tensors(result))
        self.flags: list[tuple[Parameter, bool]] = list(recorder.flags.values())  # requires_grad, where that matters
        self.types = types_of(args, kwargs)  # [(shape, dtype)] if all arguments are Tensors, else None
        self.written: list[int] = (
            recorder.written
        )  # which of the Tensors among the arguments the function changes in place
        self.single = isinstance(result, Tensor) and not result.tensor_fields and not result.is_number
        self.rebuild = _rebuilder(result, _held_outside(recorder))
        self.turns = recorder.turns.made  # which loops are written out
        self.passed = recorder.passed  # lists and dicts among the arguments that come back (passed.py)
        self.filled = recorder.filled  # dicts among the arguments into which it puts something
        self.contents = _rebuilder([c.items for c in recorder.filled], _held_outside(recorder))
        self.is_plain = not (
            self.attributes or self.written or self.passed or self.filled
        )  # results are all that a call gives
        if (
            self.single
            and result.is_parameter
            and recorder.parameters[id(result)][1] is recorder.parameters[id(result)][2]
        ):
            self.single, self.rebuild = False, lambda outputs: result  # one that the call does not change, as it is

    def compile(self, graph: Graph):
        """Makes what runs, and returns it."""
        self.executable = build(graph)
        STATS.executables += 1
        return self.executable

    def copy_for(self, key, types, executable: Executable) -> "Entry":
        """The entry of a call with other sizes, on the same conditions."""
        made = type(self).__new__(type(self))
        for name in Entry.__slots__:
            setattr(made, name, getattr(self, name))
        made.key, made.types, made.executable = key, types, executable
        return made

    def set_attributes(self, outputs) -> None:
        """Gives the attributes that the function sets their values; ``outputs``: arrays or Tensors."""
        after = len(outputs) - len(self.written)
        set_all(self.attributes, (x if isinstance(x, Tensor) else wrapped(x) for x in outputs[self.returned : after]))

    def with_containers(self, result, outputs, args, kwargs):
        """``result`` with the lists and dicts of the caller, of which dicts get what the function put into them; ``outputs``: arrays or Tensors."""
        if not (self.passed or self.filled):
            return result
        first = self.returned + len(symbolic([value for _, _, value in self.attributes]))
        contents = self.contents(outputs[first : len(outputs) - len(self.written)]) if self.filled else ()
        return with_given(result, self.passed, self.filled, contents, (args, kwargs))

    def is_stale(self) -> bool:
        """Whether it will never serve a call again."""
        return not self.executable.valid()

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

    def compile(self, graph: Graph):
        leaves = [*graph.captures, *graph.parameters]
        self.sources = [source for source, _ in leaves]
        self.updated = [parameter for parameter, _ in graph.updates]
        self.piece = Piece([*graph.inputs, *(v for _, v in leaves)], graph.nodes, list(graph.roots()))
        return self.piece

    def is_stale(self) -> bool:
        return False

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
            given = [x if isinstance(x, Tensor) else wrap(mutable_array(x)) for x in traced_leaves(args, kwargs)]
        outs = call(self.piece, [*given, *self.sources])
        n = len(outs) - len(self.updated)
        for parameter, new in zip(self.updated, outs[n:]):
            set_parameter(parameter, new)
        for k, new in zip(self.written, outs[n - len(self.written) : n]):
            given[k]._rebind(new)
        if self.attributes:
            self.set_attributes(outs[:n])
        return self.with_containers(outs[0] if self.single else self.rebuild(outs), outs[:n], args, kwargs)


def keep(entries: OrderedDict, entry: Entry) -> None:
    """Adds an entry to those of its kind of call; the kind that was traced longest ago goes when there are too many."""
    found = entries.setdefault(entry.key, [])
    entries.move_to_end(entry.key)
    if len(entries) > KINDS:
        entries.popitem(last=False)
    found[:] = [e for e in found if not e.is_stale()][-(MOST_ENTRIES - 1) :] + [entry]


def _with_state(recorder, watch) -> list[tuple]:
    """(cell, its state) of all cells that ran, and of those only held, such as the members of a CellList."""
    held = [x for _, _, x in watch.immutable if hasattr(x, "cells_and_names") and not isinstance(x, type)]
    seen: set = set()  # whose members, too, have been found
    found = {
        id(c): c for cell in [*recorder.cells.values(), *held] for _, c in (("", cell), *cell.cells_and_names(seen))
    }
    return [(cell, cell._state()) for cell in found.values()]


def wrapped(array, new=Tensor.__new__, kind=Tensor):
    t = new(kind)
    t._data = array
    t._value = t._recorder = None
    return t


class _Held:
    """A list or dict of the user's in the result of a trace: what is returned is the object itself."""

    def __init__(self, container):
        self.container, self.tensors = container, len(tree.tensors(container))

    def of(self, outputs):
        for _ in range(self.tensors):
            next(outputs)
        return self.container


def _held_outside(recorder) -> set[int]:
    """The ids of the lists and dicts that the traced functions read from globals, closures and attributes."""
    found: set[int] = set()
    left: list = [container for reads in recorder.functions.values() for container, _ in reads.kept]
    while left:
        x = left.pop()
        if id(x) not in found and type(x) in (list, dict, tuple):
            found.add(id(x))
            left += x.values() if type(x) is dict else x
    return found


def _with_held(result, outside: set[int]):
    """``result`` with a ``_Held`` for each list or dict from outside into which the trace put no value of its own."""
    if (
        type(result) in (list, dict)
        and id(result) in outside
        and all(t._data is not None for t in tree.tensors(result))
    ):
        return _Held(result)
    if type(result) in (list, tuple):
        return type(result)(_with_held(x, outside) for x in result)
    if type(result) is dict:
        return {k: _with_held(v, outside) for k, v in result.items()}
    return result


def _rebuilder(result, outside: set[int]):
    """A function from output arrays to the structure that the traced function returned."""
    structure = _with_held(result, outside) if outside else result

    numbers = [t.is_number for t in tree.tensors(result)]
    count = len(numbers)

    def rebuild(outputs):
        return tree.with_tensors(result, (x if isinstance(x, Tensor) else wrapped(x) for x in outputs))

    def rebuild_around_held(outputs):
        left = iter([x if isinstance(x, Tensor) else wrapped(x) for x in outputs])
        return tree.map_leaves(
            lambda x: x.of(left) if type(x) is _Held else next(left) if isinstance(x, Tensor) else x, structure
        )

    def rebuild_with_numbers(outputs):
        taken = zip(outputs, numbers)
        made = (x.item() if number else x if isinstance(x, Tensor) else wrapped(x) for x, number in taken)
        return tree.with_tensors(result, made)

    def rebuild_tuple(outputs):
        return tuple([x if isinstance(x, Tensor) else wrapped(x) for x in outputs[:count]])

    if any(numbers):
        return rebuild_with_numbers
    if type(result) is tuple and all(type(x) is Tensor for x in result):
        return rebuild_tuple
    return rebuild_around_held if any(type(x) is _Held for x in tree.leaves(structure)) else rebuild
