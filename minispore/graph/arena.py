"""Places of the temporaries of a step in one block of memory, the arena: buffers that are not alive together overlap."""

import heapq
from bisect import bisect, insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ..core.heap import APART, STAGGERED
from .memory import ALIGN, Buffer, root

POWERS = 1.0, 0.5  # of the time a buffer is alive: the larger its size times that, the earlier it is placed
LARGE = 1024  # so many of the largest buffers are placed by comparison with all others, which takes quadratic time
TINY = (
    0.01  # of the bytes that are alive at once: the smallest buffers, which together are less, are not compared either
)


def place(buffers: Sequence[Buffer], lives: Sequence[tuple[int, int] | None]) -> int:
    """Gives every temporary buffer an offset; buffers that are not alive together share memory.  Returns the size.

    ``lives``: the positions of the first and last call that touches each buffer (``lifetimes``); None of one that none does.

    For ``a = f(x); b = g(a); c = h(b)`` of 64 bytes each: a is alive in calls 0 to 1, b in 1 to 2, c from 2 on.  So a and c
    share offset 0, b is at 64, and the arena has 128 bytes.
    """
    pairs = [(b, its) for b, its in zip(buffers, lives) if its is not None]
    pairs.sort(key=lambda pair: (-pair[0].nbytes, pair[1][0] - pair[1][1]))
    alive, life = [b for b, _ in pairs], [its for _, its in pairs]
    sizes = [_rounded(b.nbytes) for b in alive]
    count = min(len(alive), LARGE)
    count = min(count, _without_tiny(sizes, TINY * most_alive(sizes, life)))
    least = most_alive(sizes[:count], life)
    offsets, size = _place_large(sizes, life, range(count))
    for power in POWERS:
        if size > least:
            order = sorted(range(count), key=lambda k: -sizes[k] * _span(life[k]) ** power)
            offsets, size = min((offsets, size), _place_large(sizes, life, order), key=lambda plan: plan[1])
    for order in _further_orders(sizes[:count], life[:count]) if size > (1 + TINY) * least else ():
        offsets, size = min((offsets, size), _place_large(sizes, life, order), key=lambda plan: plan[1])
    if count < len(alive):
        more, top = _place_small(sizes[count:], life[count:])
        offsets += [size + offset for offset in more]
        size += top
    for b, offset in zip(alive, offsets):
        b.offset = offset
    return size


def _span(its: tuple[int, int]) -> int:
    return its[1] - its[0] + 1


def _further_orders(sizes: list[int], life) -> Iterator[list[int]]:
    """Those that are alive when most is, before the others, by size and time or by time alone; all with little weight of time."""
    moment = fullest_moment(sizes, life)
    inside = [first <= moment <= last for first, last in life]
    by_area = [-size * _span(its) for size, its in zip(sizes, life)]
    by_time = [-_span(its) if full else area for its, area, full in zip(life, by_area, inside)]
    for keys in (by_area, by_time):
        yield sorted(range(len(sizes)), key=lambda k: (not inside[k], keys[k]))
    yield sorted(range(len(sizes)), key=lambda k: -sizes[k] * _span(life[k]) ** 0.25)


def _without_tiny(sizes: list[int], most: float) -> int:
    """How many there are without the last ones that together have no more bytes than ``most``."""
    count, total = len(sizes), 0
    while count and total + sizes[count - 1] <= most:
        count -= 1
        total += sizes[count]
    return count


def _rounded(nbytes: int) -> int:
    """Bytes that a buffer takes.  Where a large one begins in a page, no other and no Parameter begins a few lines away (``heap.room``)."""
    unit = APART if nbytes >= STAGGERED else ALIGN
    return -(-nbytes // unit) * unit


def lifetimes(calls, spans=()) -> tuple[dict[int, int], dict[int, int]]:
    """The positions of the first and the last call that touches each buffer, by its id.

    What is written before a loop (``spans``: first and last position of each) and read in it, or written in it and read
    after, is alive in all its turns.
    """
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for position, call in enumerate(calls):
        for operand in (*call.reads, *call.writes):
            if operand.buffer is not None:
                key = id(root(operand.buffer))
                first.setdefault(key, position)
                last[key] = position
    for start, end in spans:
        for key, begin in first.items():
            if begin < start <= last[key] < end:
                last[key] = end
            elif start <= begin <= end < last[key]:
                first[key] = start
    return first, last


def most_alive(sizes: Sequence[int], life) -> int:
    """The bytes that are alive at once, at most: no plan can do with less."""
    return max(_alive(sizes, life).values(), default=0)


def fullest_moment(sizes: Sequence[int], life) -> int:
    """The first position at which most bytes are alive."""
    alive = _alive(sizes, life)
    return max(alive, key=alive.__getitem__)


def _alive(sizes: Sequence[int], life) -> dict[int, int]:
    """Position -> the bytes that are alive from there on, where that changes."""
    change: dict[int, int] = {}
    for size, (first, last) in zip(sizes, life):
        change[first] = change.get(first, 0) + size
        change[last + 1] = change.get(last + 1, 0) - size
    times = sorted(change)
    return dict(zip(times, accumulate(change[t] for t in times)))


def _place_large(sizes: Sequence[int], life, order: Iterable[int]) -> tuple[list[int], int]:
    """(offsets, size): in this order, each at the lowest offset where no buffer alive at the same time lies."""
    placed: list[tuple[int, int, int, int]] = []  # (offset, end, first, last) of those placed, by offset
    found: dict[int, int] = {}
    for k in order:
        (begin, finish), size, at = life[k], sizes[k], 0
        for offset, end, first, last in placed:
            if first <= finish and last >= begin:
                if offset - at >= size:
                    break
                if end > at:
                    at = end
        found[k] = at
        insort(placed, (at, at + size, begin, finish))
    return [found[k] for k in range(len(found))], max([end for _, end, *_ in placed], default=0)


def _place_small(sizes: Sequence[int], life) -> tuple[list[int], int]:
    """(offsets, size): in the order of time, each in the free block that fits best; linear but for the search for the block."""
    free = _FreeBlocks()
    expiring: list[tuple[int, int, int]] = []  # (last position, offset, size), a heap
    offsets = [0] * len(sizes)
    for k in sorted(range(len(sizes)), key=lambda k: (life[k][0], -sizes[k])):
        while expiring and expiring[0][0] < life[k][0]:
            _, offset, size = heapq.heappop(expiring)
            free.give(offset, size)
        if sizes[k]:
            offsets[k] = free.take(sizes[k])
            heapq.heappush(expiring, (life[k][1], offsets[k], sizes[k]))
    return offsets, free.highest


class _FreeBlocks:
    """Free ranges below ``top``, neither overlapping nor adjacent."""

    def __init__(self):
        self.start_of: dict[int, int] = {}  # end -> start
        self.end_of: dict[int, int] = {}  # start -> end
        self.by_size: list[tuple[int, int]] = []  # (size, start), sorted
        self.top = self.highest = 0

    def take(self, size: int) -> int:
        """The offset of ``size`` bytes in the smallest block that holds them, else at the top."""
        at = bisect(self.by_size, (size, -1))
        if at < len(self.by_size):
            _, start = self.by_size[at]
            end = self._remove(start)
            if end - start > size:
                self._add(start + size, end)
            return start
        start = self.top if self.top not in self.start_of else self.start_of[self.top]
        if start < self.top:  # the last block is free, and too small
            self._remove(start)
        self.top = start + size
        self.highest = max(self.highest, self.top)
        return start

    def give(self, start: int, size: int) -> None:
        end = start + size
        if end in self.end_of:
            end = self._remove(end)
        if start in self.start_of:
            start = self.start_of[start]
            self._remove(start)
        self._add(start, end)

    def _add(self, start: int, end: int) -> None:
        self.start_of[end], self.end_of[start] = start, end
        entry = (end - start, start)
        self.by_size.insert(bisect(self.by_size, entry), entry)

    def _remove(self, start: int) -> int:
        end = self.end_of.pop(start)
        del self.start_of[end]
        del self.by_size[bisect(self.by_size, (end - start, start - 1))]
        return end
