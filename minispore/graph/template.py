"""A step as data for any sizes: what was lowered for symbolic sizes, unit by unit, and the executables made of it.

A template begins with the units of a graph that has ``Size`` objects for some lengths (core/sizes).  The calls that a unit is
lowered to become a ``Recipe``: each number is a place in the list of results that one function of the lengths gives, each operand
names its buffer and such places.  Which kernel a unit becomes is decided at thresholds of sizes: these are the conditions of its
recipe, and where they do not hold, the unit alone is lowered again, which gives one more recipe.  So a new length costs what fills
the recipes in, orders the chains and plans the arena, and the lowering of the units for which no recipe serves.  Nothing is traced,
rewritten or fused while the conditions of the first part hold, those of the trace, the passes, fusion and destinations.

A unit's lowering depends on where the values that it reads have been put by units before it.  A recipe says what it has read, and
serves where it finds the same.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np

from ..core.ir import Graph
from ..core.kernel import Items
from ..core.record import Node, Value
from ..core.sizes import LEAST, Size, SizedData, Sizes, code_of
from .calls import Call, Control, Label
from .chains import chained
from .executable import Executable
from .fuse import Unit
from .lower import Builder
from .memory import Buffer, Loop, Operand, Row, Stack
from .placement import Part
from .stats import phase

COPIED = 64  # bytes of an array up to which each executable has its own
MOST_RECIPES = 12  # of one unit
MOST_FOR_ALL = (
    6  # recipes of one unit: one that needs more, such as a convolution of planes with strides, has one for each size
)
NUMBER = 1 << 30  # added to the place of a number among arguments until it is known how many operands there are


@dataclass
class Lowered:
    """What an Executable is made of: the part of a Builder that it reads."""

    messages: list[Node]
    parts: int
    threads: int
    status: Operand
    temporaries: list[Buffer] = field(default_factory=list)
    loops: list[tuple[Label, Label]] = field(default_factory=list)
    items: list = field(default_factory=list)


class Template:
    """What was fused for symbolic sizes, and the recipes of its units."""

    def __init__(self, sizes: Sizes, graph: Graph, units: list[Unit], threads: int, called_at: str | None):
        self.sizes, self.graph, self.called_at = sizes, graph, called_at
        self.builder = builder = Builder(graph, units, threads)
        builder.begin()
        self.known = builder.operands
        self.storage = {id(p._data) for p, _ in (*graph.parameters, *graph.updates)}
        self.buffers: dict[int, Buffer] = {}  # id -> the buffer, which has to live for its id to stand for it
        self.loops: dict[int, Loop] = {}
        begin = Part()
        begin.temporaries = builder.temporaries
        self.first = Recipe(self, begin, [*graph.inputs, *graph.outputs], builder.status)
        self.recipes: list[list[Recipe]] = [
            [] for _ in range(len(units) + 1)
        ]  # the last are of what remains after all units
        self.lock = threading.RLock()
        self._count = 0
        self._may_foresee = 0  # units to be lowered ahead
        sizes.close()

    def made(self, lengths) -> tuple[Graph, Lowered] | None:
        """What an executable for these lengths is made of; None where they need another graph."""
        if min(lengths) < LEAST:
            return None
        with self.lock:
            values = self._values(lengths)
            results = self.first.results(values)
            if results is None:
                return None
            filled = _Filled(self)
            filled.add(self.first, results)
            before = _Before(self.known)
            for recipes in self.recipes:
                recipe, results = self._served(recipes, before, values)
                before.add(recipe)
                filled.add(recipe, results)
        return filled.done()

    def foresee(self, calls: list[list[int]]) -> None:
        """Lowers ahead what lengths around those of some calls need, the nearest first: beyond a threshold it is many units at once.

        Twice the longest, half the shortest, and so on; no more units than the template has, so that it costs at most as much again.
        """
        self._may_foresee = len(self.recipes)
        for k, column in enumerate(zip(*calls)):
            lower, upper = min(column) // 2, 2 * max(column)
            lengths = [lower, upper]
            while lower > LEAST:
                lower //= 2
                lengths.append(lower)
            between = upper // 2
            while between > min(column):
                between //= 2
                lengths.append(between)
            for length in lengths:
                self._prepared([length if at == k else n for at, n in enumerate(calls[-1])])

    def _prepared(self, lengths) -> None:
        """What ``made`` lowers, without the units that are lowered for each length."""
        if min(lengths) < LEAST:
            return
        with self.lock:
            values = self._values(lengths)
            if self.first.results(values) is None:
                return
            before = _Before(self.known)
            for recipes in self.recipes:
                if self._may_foresee <= 0:
                    return
                count = len(recipes)
                planned = recipes[0] if self._is_planned(len(before.recipes)) else None
                before.add(planned or self._served(recipes, before, values)[0])
                self._may_foresee -= len(recipes) > count

    def _values(self, lengths) -> dict[str, Any]:
        values = self.sizes.space()
        values.update(zip([s.text for s in self.sizes.symbols], lengths))
        return values

    def _is_planned(self, number: int) -> bool:
        return number < len(self.builder.units) and _is_planned(self.builder.units[number])

    def _served(self, recipes: list[Recipe], before: _Before, values: dict[str, Any]) -> tuple[Recipe, tuple]:
        """The recipe of the next unit that serves, with its results."""
        puts = before.puts
        for recipe in recipes:
            if puts in recipe.fits or recipe.reads_from(before):
                results = recipe.results(values)
                if results is not None:
                    return recipe, results
        for_all = len(recipes) < MOST_FOR_ALL and not self._is_planned(len(before.recipes))
        with phase("lower"):
            recipe = self._lowered(before, values, for_all)
        recipe.puts = next((r.puts for r in recipes if r.puts_as(recipe)), self._new() if recipes else 0)
        recipe.fits.add(puts)
        recipes.insert(0, recipe)
        del recipes[MOST_RECIPES:]
        values.update(self.sizes.space())  # what the lowering has named is new
        results = recipe.computed(values)
        assert results is not None, "conditions that do not hold where they were noted"
        return recipe, results

    def _new(self) -> int:
        """A number for a way of putting values, none of which is 0."""
        self._count += 1
        return self._count

    def _lowered(self, before: _Before, values: dict[str, Any], for_all: bool) -> Recipe:
        """The next unit, lowered for the sizes of now, and for all that meet its conditions or for these alone, which is faster."""
        builder = self.builder
        kept = builder.kept
        self.sizes.take(values)
        try:
            self.sizes.part()
            if not for_all:  # what is found for these sizes is nothing for others
                builder.keep_places(len(before.recipes))
                self.sizes.fix_all()
                builder.kept = dict(kept)
            return Recipe(self, builder.part(len(before.recipes), before.known()))
        finally:
            self.sizes.close()
            builder.kept = kept

    def node(self, number: int, lengths) -> Node:
        """The node of a message, with the sizes that it has for these lengths."""
        node = self.builder.messages[number]
        place: dict[str, int] = {}
        self_of = lambda x: place.setdefault(_expression(x), len(place))
        inputs = [(self_of(v.shape), v.dtype) for v in node.inputs]
        outs = [(self_of(v.shape), v.dtype) for v in node.outs]
        attrs = {k: self_of(x) if _has_size(x) else None for k, x in node.attrs.items()}
        with self.lock:
            results = self.sizes.function(list(place))(*lengths) or []
        values = tuple([Value(results[k], dtype) for k, dtype in inputs])
        given = {k: node.attrs[k] if at is None else results[at] for k, at in attrs.items()}
        types = [(results[k], dtype) for k, dtype in outs]
        return Node(node.op, values, given, types, node.location, node.scope, node.forward)


def _is_planned(unit: Unit) -> bool:
    """Whether a unit is lowered for each length of its axes."""
    node = unit.nodes[0]
    first = getattr(node.op, "planned_by", None) if unit.space is None else None
    if first is None:
        return False
    shapes = [*(v.shape for v in (*node.inputs, *node.outs)), *(x for x in node.attrs.values() if type(x) is tuple)]
    return any(type(d) is Size for shape in shapes for d in shape[first:])


def item_writes(item) -> list[Operand]:
    return list(item.writes) if isinstance(item, Call) else []


def _has_size(x) -> bool:
    return type(x) in (Size, SizedData) or (type(x) in (tuple, list) and any(map(_has_size, x)))


def _expression(x) -> str:
    if type(x) in (Size, SizedData):
        return x.text
    if type(x) in (tuple, list):
        return f"({''.join([_expression(y) + ', ' for y in x])})"
    return repr(int(x))


class _Before:
    """The units for which a recipe has been chosen."""

    def __init__(self, known: dict[int, Operand]):
        self.recipes: list[Recipe] = []
        self.puts: tuple = ()  # which of them put values elsewhere than the first recipes of their units
        self._known, self._count = dict(known), 0

    def add(self, recipe: Recipe) -> None:
        self.recipes.append(recipe)
        if recipe.puts:
            self.puts = (*self.puts, (len(self.recipes), recipe.puts))

    def known(self) -> dict[int, Operand]:
        """Where values lie after them."""
        for recipe in self.recipes[self._count :]:
            self._known.update(recipe.writes)
        self._count = len(self.recipes)
        return self._known


class Recipe:
    """What one unit is lowered to while its conditions hold."""

    def __init__(self, template: Template, part: Part, types=(), status: Operand | None = None):
        self.template = template
        self.reads, self.writes = list(part.reads.items()), part.writes
        self.puts = 0  # the same number where ``writes`` are the same
        self.fits: set[tuple] = set()  # the ways in which units before may have put values
        self._texts: dict[str, int] = {}  # expression -> its place among the results
        self._constants: dict[Any, int] = {}  # what depends on no size -> its place, from the end
        self._operands: dict[int, int] = {}  # id -> its place among the operands
        self._keep = part
        self._written = {id(o.buffer.array) for item in part.calls for o in item_writes(item)}
        self.buffers: dict[int, tuple] = {}  # id -> how it is made
        self.operands: list[tuple] = []
        self.loops: dict[int, tuple] = {}
        self.calls = [self._item(item) for item in part.calls]
        self.temporaries = [self._buffer(b) for b in part.temporaries]
        self.spans = part.loops
        self.types = [(self._of(v.shape), v.dtype) for v in types]
        self.status = None if status is None else self._operand(status)
        for text in self._texts:
            template.sizes.define_all(text)
        for arguments in [recipe[1] for recipe in self.calls if type(recipe) is tuple and isinstance(recipe[0], Call)]:
            arguments[:] = [k if k < NUMBER else k - NUMBER + len(self.operands) for k in arguments]
        self._code, self._same = code_of(template.sizes.current, list(self._texts)), tuple(reversed(self._constants))
        del self._texts, self._constants, self._operands, self._written

    def reads_from(self, before: _Before) -> bool:
        """Whether what it has read lies where it was."""
        known = before.known()
        if all([known.get(key) is operand for key, operand in self.reads]):
            self.fits.add(before.puts)
            return True
        return False

    def puts_as(self, other: Recipe) -> bool:
        """Whether both put the same values to the same places."""
        return self.writes.keys() == other.writes.keys() and all([o is other.writes[k] for k, o in self.writes.items()])

    def results(self, values: dict[str, Any]) -> tuple | None:
        """The numbers for these lengths; None where the conditions do not hold.  The atoms of the unit are added to ``values``."""
        try:
            return self.computed(values)
        except Exception:  # what a pure function does where its conditions do not hold
            return None

    def computed(self, values: dict[str, Any]) -> tuple | None:
        """The same, where errors are raised."""
        found = FunctionType(self._code, values)()
        return None if found is None else found + self._same

    # ------------------------------------------------------------ how things are made
    def _of(self, x) -> int:
        """The place of a number, or of a tuple of numbers, among the results."""
        if _has_size(x):
            return self._texts.setdefault(_expression(x), len(self._texts))
        constant = tuple(x) if type(x) in (tuple, list) else int(x)
        return -1 - self._constants.setdefault(constant, len(self._constants))

    def _number(self, x) -> int:
        """The place of a number among the operands and the results, once it is known how many operands there are."""
        at = self._of(x)
        return at if at < 0 else NUMBER + at

    def _buffer(self, b: Buffer) -> int:
        key = id(b)
        if key not in self.buffers:
            self.template.buffers[key] = b
            if isinstance(b, Row):
                numbers = [self._of(x) for x in (b.nbytes, b.start, b.lag, b.ring)]
                how: tuple = (Row, b, *numbers, self._buffer(b.parent), self._loop(b.loop))
            elif isinstance(b, Stack):
                how = Stack, b, self._of(b.nbytes)
            elif b.sized is not None:
                how = SizedData, b, self._of(b.sized)
            elif b.kind == "fixed" and (id(b.array) in self.template.storage or not self._has_state(b)):
                how = None, b
            else:
                how = Buffer, b, self._of(b.nbytes)
            self.buffers[key] = how
        return key

    def _has_state(self, b: Buffer) -> bool:
        return b.array is not None and (b.nbytes <= COPIED or id(b.array) in self._written)

    def _loop(self, loop: Loop) -> int:
        key = id(loop)
        if key not in self.loops:
            self.template.loops[key] = loop
            self.loops[key] = ()
            count = None if loop.count is None else self._operand(loop.count)
            self.loops[key] = (loop.turn, count, [self._buffer(s) for s in loop.stacks])
        return key

    def _operand(self, o: Operand) -> int:
        found = self._operands.get(id(o))
        if found is None:
            assert o.buffer is not None
            how = self._buffer(o.buffer), self._of(o.offset), self._of(o.shape), self._of(o.strides), o.dtype
            found = self._operands[id(o)] = len(self.operands)
            self.operands.append(how)
        return found

    def _item(self, item):
        if isinstance(item, Label):
            return item
        if isinstance(item, Control):
            cell = None if item.cell is None else self._operand(item.cell)
            return item, cell, None if item.loop is None else self._loop(item.loop), self._of(item.limit)
        arguments = [self._operand(x) if isinstance(x, Operand) else self._number(x) for x in item.arguments]
        reads = [self._operand(o) for o in item.reads if o.buffer is not None]
        writes = [self._operand(o) for o in item.writes]
        return item, arguments, self._of(item.extent), self._of(item.split), reads, writes, self._items(item.items)

    def _items(self, items: Items | None) -> tuple | None:
        if items is None:
            return None
        steps = [(self._operand(o), self._of(step)) for o, step in items.steps.items()]
        return self._of(items.count), steps, [self._operand(o) for o in items.private]


class _Filled:
    """The recipes of a template with their results for some lengths."""

    def __init__(self, template: Template):
        self.template = template
        self.arrays: dict[int, np.ndarray] = {}  # id of an array with state -> the one in its place
        self.loops: dict[int, Loop] = {}  # id of the template's loop or buffer -> the one in its place
        self.buffers: dict[int, Buffer] = {}
        builder = template.builder
        self.lowered = Lowered(builder.messages, builder.parts, builder.threads, None)  # type: ignore[arg-type]
        self.values: list[Value] = []  # inputs and outputs

    def add(self, recipe: Recipe, results: tuple) -> None:
        self.results = results
        new = [(key, how) for key, how in recipe.loops.items() if key not in self.loops]
        for key, (turn, *_) in new:
            self.loops[key] = Loop(self._state(turn))
        buffers = self.buffers
        for key, how in recipe.buffers.items():
            if key not in buffers:
                buffers[key] = self._buffer(*how)
        self.operands = operands = self._operands(recipe)
        self.arguments = [*operands, *results]
        for key, (_, count, stacks) in new:
            self.loops[key].count = None if count is None else operands[count]
            self.loops[key].stacks = [buffers[k] for k in stacks]  # type: ignore[misc]
        lowered = self.lowered
        lowered.temporaries += [buffers[k] for k in recipe.temporaries]
        lowered.loops += recipe.spans
        lowered.items += [item if isinstance(item, Label) else self._item(*item) for item in recipe.calls]
        if recipe.status is not None:
            lowered.status = operands[recipe.status]
            self.values = [Value(results[shape], dtype, kind="input") for shape, dtype in recipe.types]

    def done(self) -> tuple[Graph, Lowered]:
        graph, made, values = self.template.graph, self.lowered, self.values
        n = len(graph.inputs)
        made.items = chained(made.items, made.threads, made.parts)
        types = tuple(values[:n]), graph.captures, graph.parameters, (), tuple(values[n:]), graph.updates
        return Graph(*types), made

    def _state(self, array: np.ndarray) -> np.ndarray:
        return self.arrays.setdefault(id(array), array.copy())

    def _buffer(self, kind, b: Buffer, *numbers) -> Buffer:
        if kind is None:
            return b
        results = self.results
        if kind is Row:
            nbytes, start, lag, ring = [results[k] for k in numbers[:4]]
            parent, loop = numbers[4:]
            return Row(b.kind, nbytes, b.index, None, -1, b.label, b.in_parts, None, self.buffers[parent],
                       start, self.loops[loop], lag, ring)  # fmt: skip
        if kind is SizedData:
            array = np.ascontiguousarray(results[numbers[0]])
            return Buffer("fixed", array.nbytes, array=array, label=b.label)
        nbytes = results[numbers[0]]
        if kind is Stack:
            return Stack(b.kind, nbytes, b.index, None, -1, b.label, b.in_parts)
        state = None if b.array is None else self._state(b.array)
        return Buffer(b.kind, nbytes, b.index, state, -1, b.label, b.in_parts)

    def _operands(self, recipe: Recipe) -> list[Operand]:
        results, buffers = self.results, self.buffers
        return [
            Operand(buffers[buffer], results[offset], results[shape], results[strides], dtype)
            for buffer, offset, shape, strides, dtype in recipe.operands
        ]

    def _item(self, item: Any, *recipe):
        operands, results = self.operands, self.results
        if isinstance(item, Control):
            cell, loop, limit = recipe
            return Control(item.kind, None if cell is None else operands[cell], item.labels,
                           None if loop is None else self.loops[loop], results[limit], item.nodes)  # fmt: skip
        arguments, extent, split, reads, writes, items = recipe
        if items is not None:
            count, steps, private = items
            items = Items(
                results[count], {operands[o]: results[s] for o, s in steps}, tuple([operands[o] for o in private])
            )
        return Call(
            item.source, [self.arguments[k] for k in arguments], results[extent], results[split],
            [operands[k] for k in reads], [operands[k] for k in writes], item.nodes, items, None, item.commits, item.notes,
            item.then,
        )  # fmt: skip


def executable_for(template: Template, lengths) -> Executable | None:
    """The step for these lengths; None where the template does not hold for them."""
    found = template.made(lengths)
    if found is None:
        return None
    graph, lowered = found
    made = Executable(graph, lowered, lowered.items)
    made.template, made.lengths, made.called_at = template, tuple(lengths), template.called_at
    return made
