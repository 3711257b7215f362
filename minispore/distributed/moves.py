"""Who sends what to whom: every collective as messages between pairs of ranks.

A collective is a ``Plan``: a first exchange of messages, perhaps a fold of what has come, perhaps a second exchange.  An
all-reduce is an all-to-all of chunks, a fold of the own chunk, and an all-gather (Thakur, Rabenseifner, Gropp 2005,
"Optimization of collective communication operations in MPICH", without the recursion).

``ranks`` are the world ranks of the group, ``me`` our place among them, ``root`` one of the ranks.  Positions and counts
are elements.
"""

from typing import NamedTuple

import numpy as np

SMALL = 1 << 13  # elements of all ranks up to which an all-reduce is one exchange of everything
UNEVEN = ("all_to_all", "all_gather_uneven")  # what ranks send differs in size


class Moves(NamedTuple):
    """Who gets what: (peer, first element, count) of what is sent and received; (from, to, count) of what stays here."""

    sends: tuple
    receives: tuple
    kept: tuple = ()


class Plan(NamedTuple):
    """``first`` fills ``received`` elements; ``fold`` says how wide the rows are that are folded to one (0: none) and
    how far apart; ``second`` makes the output from that."""

    first: Moves
    received: int
    fold: tuple[int, int] = (0, 0)
    second: Moves | None = None


# ---------------------------------------------------------------- who gets what
def chunk(total: int, n: int, k: int) -> tuple[int, int]:
    """(first element, count) of part ``k`` of ``total`` elements cut into n."""
    width = -(-total // n)
    first = min(k * width, total)
    return first, min(width, total - first)


def _peers(ranks, me: int):
    return [(k, r) for k, r in enumerate(ranks) if k != me]


def signals(ranks, me: int) -> Moves:
    """One element to and from each."""
    return Moves(tuple((r, 0, 1) for _, r in _peers(ranks, me)), tuple((r, k, 1) for k, r in _peers(ranks, me)))


def _each_other(ranks, me: int, total: int) -> Moves:
    """Chunk k goes to rank k; rows of chunks come."""
    width = -(-total // len(ranks))
    first, count = chunk(total, len(ranks), me)
    return Moves(
        tuple((r, *chunk(total, len(ranks), k)) for k, r in _peers(ranks, me)),
        tuple((r, k * width, count) for k, r in _peers(ranks, me)),
        ((first, me * width, count),),
    )


def _everything(ranks, me: int, count: int) -> Moves:
    """All ranks get what all ranks have, in rows."""
    return Moves(
        tuple((r, 0, count) for _, r in _peers(ranks, me)),
        tuple((r, k * count, count) for k, r in _peers(ranks, me)),
        ((0, me * count, count),),
    )


def _chunks_of_all(ranks, me: int, total: int) -> Moves:
    """The own chunk goes to all; all chunks come."""
    first, count = chunk(total, len(ranks), me)
    return Moves(
        tuple((r, 0, count) for _, r in _peers(ranks, me)),
        tuple((r, *chunk(total, len(ranks), k)) for k, r in _peers(ranks, me)),
        ((0, first, count),),
    )


def _from_root(ranks, me: int, root: int, total: int) -> Moves:
    if ranks[me] == root:
        return Moves(tuple((r, 0, total) for _, r in _peers(ranks, me)), (), ((0, 0, total),))
    return Moves((), ((root, 0, total),))


def _to_root(ranks, me: int, root: int, count: int) -> Moves:
    """The root gets rows of what all have."""
    if ranks[me] != root:
        return Moves(((root, 0, count),), ())
    return Moves((), tuple((r, k * count, count) for k, r in _peers(ranks, me)), ((0, me * count, count),))


def _scattered(ranks, me: int, root: int, count: int) -> Moves:
    """Rank k gets row k of the root's rows."""
    if ranks[me] != root:
        return Moves((), ((root, 0, count),))
    return Moves(tuple((r, k * count, count) for k, r in _peers(ranks, me)), (), ((me * count, 0, count),))


# ---------------------------------------------------------------- the plans
def all_reduce(total, ranks, me, root, sizes) -> Plan:
    n = len(ranks)
    if n * total <= SMALL:
        return Plan(_everything(ranks, me, total), n * total, (total, total))
    width = -(-total // n)
    own = chunk(total, n, me)[1]
    return Plan(_each_other(ranks, me, total), n * width, (own, width), _chunks_of_all(ranks, me, total))


def reduce_scatter(total, ranks, me, root, sizes) -> Plan:
    count = total // len(ranks)
    return Plan(_each_other(ranks, me, total), total, (count, count))


def reduce(total, ranks, me, root, sizes) -> Plan:
    if ranks[me] == root:
        return Plan(_to_root(ranks, me, root, total), len(ranks) * total, (total, total))
    return Plan(_to_root(ranks, me, root, total)._replace(kept=((0, 0, total),)), total)


def all_gather(total, ranks, me, root, sizes) -> Plan:
    return Plan(_everything(ranks, me, total), len(ranks) * total)


def all_gather_uneven(total, ranks, me, root, sizes) -> Plan:
    """``sizes``: elements that each rank has."""
    at = np.cumsum([0, *sizes]).tolist()
    first = Moves(
        tuple((r, 0, total) for _, r in _peers(ranks, me)),
        tuple((r, at[k], sizes[k]) for k, r in _peers(ranks, me)),
        ((0, at[me], total),),
    )
    return Plan(first, at[-1])


def broadcast(total, ranks, me, root, sizes) -> Plan:
    return Plan(_from_root(ranks, me, root, total), total)


def gather(total, ranks, me, root, sizes) -> Plan:
    return Plan(_to_root(ranks, me, root, total), len(ranks) * total)


def scatter(total, ranks, me, root, sizes) -> Plan:
    return Plan(_scattered(ranks, me, root, total // len(ranks)), total // len(ranks))


def all_to_all(total, ranks, me, root, sizes) -> Plan:
    """``sizes``: elements that go to each rank, and that come from each."""
    gives, takes = sizes
    at, to_ = np.cumsum([0, *gives]).tolist(), np.cumsum([0, *takes]).tolist()
    return Plan(
        Moves(
            tuple((r, at[k], gives[k]) for k, r in _peers(ranks, me)),
            tuple((r, to_[k], takes[k]) for k, r in _peers(ranks, me)),
            ((at[me], to_[me], gives[me]),),
        ),
        to_[-1],
    )


def send(total, ranks, me, root, sizes) -> Plan:
    """To the root; the output is the input.  ``sizes`` is a tag: a number that sender and receiver agree on."""
    return Plan(Moves(((root, 0, total),), (), ((0, 0, total),)), total)


def receive(total, ranks, me, root, sizes) -> Plan:
    """From the root; the input is what the gradient goes to."""
    return Plan(Moves((), ((root, 0, total),)), total)
