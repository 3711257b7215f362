"""A step as data for any sizes: what was lowered once for symbolic sizes, and the executables made of it.

The calls of a ``Builder`` whose graph has ``Size`` objects for some lengths become recipes: each number is a place in the list of
results that one function of the lengths gives (core/sizes.py), each operand names its buffer and such places.  For new lengths that
function runs; where it finds all conditions as they were, ``made`` fills the recipes in, and the arena is planned anew.  Nothing is
traced, rewritten, fused or lowered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.ir import Graph
from ..core.record import Node, Value
from ..core.sizes import Size, SizedData, Sizes
from .calls import Call, Chain, Control, Label
from .executable import Executable, lifetimes_of
from .lower import Builder
from .memory import Buffer, Loop, Operand, Row, Stack

COPIED = 64  # bytes of an array up to which each executable has its own


@dataclass
class Lowered:
    """What an Executable is made of: the part of a Builder that it reads."""

    messages: list[Node]
    parts: int
    threads: int
    status: Operand
    temporaries: list[Buffer]
    loops: list[tuple[Label, Label]]
    life: list[tuple[int, int] | None] | None  # of each temporary: the first and last position at which it is alive
    items: list = field(default_factory=list)


class Template:
    """What was lowered for symbolic sizes."""

    def __init__(self, sizes: Sizes, graph: Graph, builder: Builder, items: list, called_at: str | None):
        self.sizes, self.graph, self.called_at = sizes, graph, called_at
        self.messages, self.parts, self.threads = builder.messages, builder.parts, builder.threads
        self.loops = builder.loops
        self._texts: dict[str, int] = {}  # expression -> its place among the results
        self._buffers: dict[int, int] = {}  # id -> number
        self._operands: dict[int, int] = {}
        self._loops: dict[int, int] = {}
        self.buffers: list[tuple] = []
        self.operands: list[tuple] = []
        self.loop_recipes: list[tuple] = []
        self.keep: list = [builder, items]  # ids stand for these
        self.written = {id(o.buffer.array) for item in items for o in item_writes(item)}
        self.storage = {id(p._data) for p, _ in (*graph.parameters, *graph.updates)}
        self.calls = [self._item(item) for item in items]
        self.status = self._operand(builder.status)
        self.temporaries = [self._buffer(b) for b in builder.temporaries]
        first, last = lifetimes_of(builder, items)
        self.life = [(first[id(b)], last[id(b)]) if id(b) in first else None for b in builder.temporaries]
        types = [*graph.inputs, *graph.outputs]
        self.types = [(self._of(v.shape), v.dtype) for v in types]
        self.evaluate = sizes.function(list(self._texts))
        sizes.close()
        self.keep = [builder, items]

    # ------------------------------------------------------------ recipes
    def _of(self, x) -> int:
        """The place of a number, or of a tuple of numbers, among the results."""
        return self._texts.setdefault(_expression(x), len(self._texts))

    def _buffer(self, b: Buffer) -> int:
        found = self._buffers.get(id(b))
        if found is None:
            if isinstance(b, Row):
                numbers = [self._of(x) for x in (b.nbytes, b.start, b.lag, b.ring)]
                recipe: tuple = (Row, b, *numbers, self._buffer(b.parent), self._loop(b.loop))
            elif isinstance(b, Stack):
                recipe = Stack, b, self._of(b.nbytes)
            elif b.sized is not None:
                recipe = SizedData, b, self._of(b.sized)
            elif b.kind == "fixed" and (id(b.array) in self.storage or not self._has_state(b)):
                recipe = None, b
            else:
                recipe = Buffer, b, self._of(b.nbytes)
            found = self._buffers[id(b)] = len(self.buffers)
            self.buffers.append(recipe)
        return found

    def _has_state(self, b: Buffer) -> bool:
        return b.array is not None and (b.nbytes <= COPIED or id(b.array) in self.written)

    def _loop(self, loop: Loop) -> int:
        found = self._loops.get(id(loop))
        if found is None:
            found = self._loops[id(loop)] = len(self.loop_recipes)
            self.loop_recipes.append(())
            count = None if loop.count is None else self._operand(loop.count)
            self.loop_recipes[found] = (loop.turn, count, [self._buffer(s) for s in loop.stacks])
        return found

    def _operand(self, o: Operand) -> int:
        found = self._operands.get(id(o))
        if found is None:
            assert o.buffer is not None
            recipe = self._buffer(o.buffer), self._of(o.offset), self._of(o.shape), self._of(o.strides), o.dtype
            found = self._operands[id(o)] = len(self.operands)
            self.operands.append(recipe)
        return found

    def _item(self, item):
        if isinstance(item, Label):
            return item
        if isinstance(item, Control):
            cell = None if item.cell is None else self._operand(item.cell)
            return item, cell, None if item.loop is None else self._loop(item.loop), self._of(item.limit)
        arguments = [self._operand(x) if isinstance(x, Operand) else ~self._of(x) for x in item.arguments]
        reads = [self._operand(o) for o in item.reads if o.buffer is not None]
        count = None if item.chain is None else self._of(item.chain.count)
        return (
            item,
            arguments,
            self._of(item.extent),
            self._of(item.split),
            reads,
            [self._operand(o) for o in item.writes],
            count,
        )

    # ------------------------------------------------------------ an executable
    def made(self, lengths) -> tuple[Graph, Lowered] | None:
        """What an executable for these lengths is made of; None where they need another graph, or other calls."""
        try:
            results = self.evaluate(*lengths)
        except ArithmeticError:
            return None
        return None if results is None else _Filled(self, results).run()

    def node(self, number: int, lengths) -> Node:
        """The node of a message, with the sizes that it has for these lengths."""
        node = self.messages[number]
        place: dict[str, int] = {}
        self_of = lambda x: place.setdefault(_expression(x), len(place))
        inputs = [(self_of(v.shape), v.dtype) for v in node.inputs]
        outs = [(self_of(v.shape), v.dtype) for v in node.outs]
        attrs = {k: self_of(x) if _has_size(x) else None for k, x in node.attrs.items()}
        results = self.sizes.function(list(place))(*lengths) or []
        values = tuple([Value(results[k], dtype) for k, dtype in inputs])
        given = {k: node.attrs[k] if at is None else results[at] for k, at in attrs.items()}
        types = [(results[k], dtype) for k, dtype in outs]
        return Node(node.op, values, given, types, node.location, node.scope, node.forward)


def item_writes(item) -> list[Operand]:
    return list(item.writes) if isinstance(item, Call) else []


def _has_size(x) -> bool:
    return type(x) is Size or (type(x) in (tuple, list) and any(map(_has_size, x)))


def _expression(x) -> str:
    if type(x) in (Size, SizedData):
        return x.text
    if type(x) in (tuple, list):
        return f"({''.join(_expression(y) + ', ' for y in x)})"
    return repr(int(x))


class _Filled:
    """The recipes of a template with the results for some lengths."""

    def __init__(self, template: Template, results: list):
        self.template, self.results = template, results
        self.arrays: dict[int, np.ndarray] = {}  # id of an array with state -> the one in its place
        self.loops: list[Loop] = [Loop(self._state(turn)) for turn, *_ in template.loop_recipes]
        self.buffers: list[Buffer] = []
        for recipe in template.buffers:
            self.buffers.append(self._buffer(*recipe))
        self.operands = self._operands()
        for loop, (_, count, stacks) in zip(self.loops, template.loop_recipes):
            loop.count = None if count is None else self.operands[count]
            loop.stacks = [self.buffers[k] for k in stacks]

    def _state(self, array: np.ndarray) -> np.ndarray:
        return self.arrays.setdefault(id(array), array.copy())

    def _buffer(self, kind, b: Buffer, *numbers) -> Buffer:
        if kind is None:
            return b
        at = [self.results[k] for k in numbers[:1]]
        if isinstance(b, Row):
            nbytes, start, lag, ring = (self.results[k] for k in numbers[:4])
            parent, loop = numbers[4:]
            return Row(b.kind, nbytes, b.index, None, -1, b.label, b.in_parts, None, self.buffers[parent],
                       start, self.loops[loop], lag, ring)  # fmt: skip
        if kind is Stack:
            return Stack(b.kind, at[0], b.index, None, -1, b.label, b.in_parts)
        if kind is SizedData:
            array = np.ascontiguousarray(self.results[numbers[0]])
            return Buffer("fixed", array.nbytes, array=array, label=b.label)
        state = None if b.array is None else self._state(b.array)
        return Buffer(b.kind, at[0], b.index, state, -1, b.label, b.in_parts)

    def _operands(self) -> list[Operand]:
        found, results, buffers, new = [], self.results, self.buffers, object.__new__
        for buffer, offset, shape, strides, dtype in self.template.operands:
            made = new(Operand)
            made.__dict__.update(
                buffer=buffers[buffer],
                offset=results[offset],
                shape=results[shape],
                strides=results[strides],
                dtype=dtype,
            )
            found.append(made)
        return found

    def run(self) -> tuple[Graph, Lowered]:
        t = self.template
        self.chains: dict[int, Chain] = {}
        values = [Value(self.results[shape], dtype, kind="input") for shape, dtype in t.types]
        n = len(t.graph.inputs)
        graph = Graph(tuple(values[:n]), t.graph.captures, t.graph.parameters, (), tuple(values[n:]), t.graph.updates)
        temporaries = [self.buffers[k] for k in t.temporaries]
        lowered = Lowered(t.messages, t.parts, t.threads, self.operands[t.status], temporaries, t.loops, t.life)
        lowered.items = [item if isinstance(item, Label) else self._item(*item) for item in t.calls]
        return graph, lowered

    def _item(self, item: Any, *recipe):
        operands, results = self.operands, self.results
        if isinstance(item, Control):
            cell, loop, limit = recipe
            return Control(item.kind, None if cell is None else operands[cell], item.labels,
                           None if loop is None else self.loops[loop], results[limit], item.nodes)  # fmt: skip
        arguments, extent, split, reads, writes, count = recipe
        made = Call(
            item.source, [operands[k] if k >= 0 else results[~k] for k in arguments], results[extent], results[split],
            [operands[k] for k in reads], [operands[k] for k in writes], item.nodes, None,
            self._chain(item.chain, count), item.commits, item.notes,
        )  # fmt: skip
        return made

    def _chain(self, chain: Chain | None, count: int | None) -> Chain | None:
        if chain is None or count is None:
            return None
        if id(chain) not in self.chains:
            self.chains[id(chain)] = Chain(self.results[count], chain.parts, chain.commits)
        return self.chains[id(chain)]


def executable_for(template: Template, lengths) -> Executable | None:
    """The step for these lengths; None where the template does not hold for them."""
    found = template.made(lengths)
    if found is None:
        return None
    graph, lowered = found
    made = Executable(graph, lowered, lowered.items)
    made.template, made.lengths, made.called_at = template, tuple(lengths), template.called_at
    return made
