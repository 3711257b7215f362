"""In which order units run."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from ..core.ir import Graph, view_source
from ..core.record import Value
from ..flow.control import Control

if TYPE_CHECKING:
    from .fuse import Unit

LARGE_UPDATE = 1 << 18  # bytes of a Parameter whose update does not wait for the end of the step


def dependencies(units: list[Unit]) -> dict[int, set[int]]:
    """{id of a unit: ids of the units that run before it}: those whose results it reads; collectives stay in order."""
    unit_of = {n.id: u for u in units for n in u.own}
    found: dict[int, set[int]] = {u.id: set() for u in units}
    for u in units:
        for v in [v for n in u.nodes for v in n.inputs]:
            source = view_source(v).node
            computed_again = source is not None and v is source.outs[0] and source.id in u.again
            if source is not None and source.id in unit_of and unit_of[source.id] is not u and not computed_again:
                found[u.id].add(unit_of[source.id].id)
    ordered = [u for u in units if u.nodes[0].ordered]
    for before, after in zip(ordered, ordered[1:]):
        found[after.id].add(before.id)
    return found


def overwriters(units: list[Unit], graph: Graph, last: set[int], least: int) -> dict[int, set[int]]:
    """{id of a unit in ``last`` that updates Parameters of ``least`` bytes and more: ids of the units that have to run before it}.

    These are the ones that read the old values, and all that may fail, as a step that fails leaves Parameters as they were.
    """
    unit_of = {n.id: u.id for u in units for n in u.own}
    old_values = {id(p): v for p, v in graph.parameters}
    changed: dict[int, list[Value]] = {}  # id of a unit -> the old values that it may write over
    for p, v in graph.updates:
        node = view_source(v).node
        if node is not None and unit_of.get(node.id) in last and v.nbytes >= least:
            changed.setdefault(unit_of[node.id], []).extend([old_values[id(p)]] if id(p) in old_values else [])
    if not changed:
        return {}
    readers: dict[int, set[int]] = {id(v): set() for values in changed.values() for v in values}
    failing: set[int] = set()
    for u in units:
        if any(not n.op.may_be_dropped and (n.may_raise or n.ordered or isinstance(n.op, Control)) for n in u.nodes):
            failing.add(u.id)
        for v in [view_source(v) for n in u.nodes for v in n.inputs]:
            if id(v) in readers:
                readers[id(v)].add(u.id)
    return {k: failing.union(*(readers[id(v)] for v in values)) - {k} for k, values in changed.items()}


def order(units: list[Unit], graph: Graph) -> list[Unit]:
    """A topological order of the units: the original order, with those that only update Parameters last.

    Those of large Parameters run as soon as nothing reads the old values any more: the gradient is in the cache then, and its
    memory serves for the next one.
    """
    waiting = dependencies(units)
    by_id = {u.id: u for u in units}
    used = set().union(*waiting.values()) if waiting else set()
    updates = {view_source(v).node.id for _, v in graph.updates if view_source(v).node is not None}
    last = {u.id for u in units if u.id not in used and any(n.id in updates for n in u.own)}
    early = _without_cycles(overwriters(units, graph, last, LARGE_UPDATE))
    key = {u.id: (u.id in last, min(n.id for n in u.own)) for u in units}
    for uid, sources in early.items():
        waiting[uid] |= sources
        key[uid] = False, -1
    for u in units:
        if u.nodes[0].ordered and u.nodes[0].op.overlaps(u.nodes[0].attrs):
            key[u.id] = False, -1  # as soon as it is ready
    users: dict[int, list[int]] = {u.id: [] for u in units}
    for uid, sources in waiting.items():
        for source in sources:
            users[source].append(uid)
    ready = [(key[u.id], u.id) for u in units if not waiting[u.id]]
    heapq.heapify(ready)
    out = []
    while ready:
        _, uid = heapq.heappop(ready)
        out.append(by_id[uid])
        for user in users[uid]:
            waiting[user].discard(uid)
            if not waiting[user]:
                heapq.heappush(ready, (key[user], user))
    if len(out) != len(units):
        raise AssertionError("fusion made a cycle of units")
    return out


def _without_cycles(early: dict[int, set[int]]) -> dict[int, set[int]]:
    """Without those that would wait for each other, as each reads what another writes over, or both may fail: these run last.

    Nothing else waits for a unit that is in ``early``, so no cycle leads through others.
    """
    kept: dict[int, set[int]] = {}
    for uid, sources in early.items():
        reached, todo = set(), [s for s in sources if s in kept]
        while todo:
            source = todo.pop()
            if source not in reached:
                reached.add(source)
                todo += [s for s in kept[source] if s in kept]
                if uid in kept[source]:
                    break
        else:
            kept[uid] = sources
    return kept


__all__ = ["dependencies", "order", "overwriters"]
