"""Chains: calls over one batch that threads run item by item in place of call by call.

The kernels of a batch of trainings, or of the heads of an attention, work on one item at a time.  Where each reads of what the
ones before it have written only the same item, a thread takes some items through all of them: one barrier in place of one
after each call, and what a call has written is still in the thread's cache when the next one reads it.  For ``h = f(x)``,
``g = k(h)`` over 8 items, two threads, four tasks::

    task 0   f of items 0, 1   k of items 0, 1
    task 1   f of items 2, 3   k of items 2, 3      ...

Calls in between that have nothing to do with the others are run before them.
"""

from typing import NamedTuple

from .calls import Call, Chain
from .memory import name_of, root

LEAST_BARRIERS = 2  # that a chain must save
# Scratch memory, none of which is used again within a chain; beside the work on more of it a barrier is nothing.
MOST_BYTES = 1 << 26
LEAST_ITEMS = 4  # for each thread, where their number is no multiple of the threads


class Touch(NamedTuple):
    """Memory that a call reads or writes: bytes [begin, end) of ``memory``.

    ``step`` not 0: item i touches ``length`` bytes from ``begin + i * step`` on.
    """

    memory: tuple
    begin: float
    end: float
    step: int
    length: int
    place: object  # of rows of a loop's stacks: which row
    written: bool


def touches(call: Call, count: int) -> list[Touch]:
    """What a call touches, for ``count`` items (0: it has none, or other ones)."""
    items = call.items
    found = []
    for written, operands in ((False, call.reads), (True, call.writes)):
        for o in operands:
            if o.buffer is None or (items is not None and o in items.private):
                continue
            memory, width = name_of(root(o.buffer)), o.dtype.itemsize
            if min(o.strides, default=0) < 0:
                found.append(Touch(memory, 0, float("inf"), 0, 0, o.buffer, written))
                continue
            begin, span = o.offset * width, o.span * width
            step = 0
            if count and items is not None:
                step = items.steps.get(o, 0) * items.count // count * width
            length = span - (count - 1) * step
            if not 0 < length <= step:
                step = 0
            found.append(Touch(memory, begin, begin + span, step, length, o.buffer, written))
    return found


def _conflict(a: Touch, b: Touch) -> bool:
    """Whether, of one memory, one writes what the other touches, other than each item its own."""
    if not (a.written or b.written):
        return False
    if a.place is b.place and not (a.begin < b.end and b.begin < a.end):
        return False
    same = a.place is b.place and a.step and a.step == b.step
    return not (same and b.begin - a.begin + b.length <= a.step and a.begin - b.begin + a.length <= a.step)


class _Touched:
    """What the calls of a chain touch, by memory."""

    def __init__(self):
        self.by_memory: dict[tuple, list[Touch]] = {}

    def add(self, touched: list[Touch]) -> None:
        for t in touched:
            self.by_memory.setdefault(t.memory, []).append(t)

    def conflicts(self, touched: list[Touch]) -> bool:
        return any(_conflict(a, b) for a in touched for b in self.by_memory.get(a.memory, ()))


def parts_of(count: int, threads: int, parts: int) -> int:
    """Into how many tasks ``count`` items are cut; 0 where threads would wait for each other."""
    for p in range(min(parts, count), 0, -1):
        if p % threads == 0 and count % p == 0:
            return p
    return parts if count >= LEAST_ITEMS * threads and count >= parts else 0


def has_items(call: Call, count: int) -> bool:
    return call.items is not None and call.items.count % count == 0 and call.extent % count == 0


def chained(items: list, threads: int, parts: int) -> list:
    """The calls, controls and labels of a step in an order in which chains are consecutive; their calls are marked."""
    if threads < 2:
        return items
    made: list = []
    run: list[Call] = []
    for item in items:
        if isinstance(item, Call):
            run.append(item)
        else:
            made += [*_of_run(run, threads, parts), item]
            run = []
    return made + _of_run(run, threads, parts)


def _of_run(run: list[Call], threads: int, parts: int) -> list[Call]:
    """The same for calls without labels and controls between them."""
    made: list[Call] = []
    while run:
        batch = next((c for c in run if _is_batch(c) and c.split), None)
        if batch is None:
            return made + run
        count = batch.items.count
        start = next(k for k, c in enumerate(run) if has_items(c, count))
        made += run[:start]
        run = run[start:]
        p = parts_of(count, threads, parts)
        before, chain = _grown(run, count) if p else ([], [])
        taken = max(len(before) + len(chain), 1)
        if sum(c.split for c in chain) > LEAST_BARRIERS and _scratch_bytes(chain) <= MOST_BYTES:
            mark = Chain(count, p, any(c.commits for c in chain))
            for call in chain:
                call.chain = mark
            made += [*before, *chain]
        else:
            made += run[:taken]
        run = run[taken:]
    return made


def _scratch_bytes(chain: list[Call]) -> int:
    buffers = [root(o.buffer) for c in chain for o in (*c.reads, *c.writes) if o.buffer is not None]
    return sum({id(b): b.nbytes for b in buffers if b.kind == "temporary"}.values())


def _is_batch(call: Call) -> bool:
    """Whether it is a batch of products or the like, whose items are what the batch is made of."""
    return call.items is not None and call.items.count > 1 and bool(call.nodes) and call.nodes[0].op.kind == "library"


def _grown(run: list[Call], count: int) -> tuple[list[Call], list[Call]]:
    """(calls to be run before, the chain): together the first ones of ``run``."""
    before: list[Call] = []
    chain: list[Call] = []
    touched = _Touched()
    for call in run:
        ours = touches(call, count if has_items(call, count) else 0)
        # What waits for other processes stays where it was put, between what it overlaps.
        waits = any(n.ordered for n in call.nodes)
        if waits or touched.conflicts(ours):
            break
        if has_items(call, count):
            chain.append(call)
            touched.add(ours)
        else:
            before.append(call)
    return before, chain


__all__ = ["chained"]
