# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Collectives in a compiled step: kernels that post messages and wait for them through MPI's functions by address, and the
calls that a node becomes.

A collective that overlaps posts its first messages as soon as its inputs are there, lets them progress between the
calls that follow, and is finished before the first call that reads its outputs.
"""

import zlib

import numpy as np

from ..core.dtype import BY_NAME
from ..core.kernel import kernel
from ..core.op import REGISTRY
from ..core.record import Node
from ..distributed import WORLD
from ..distributed.moves import SMALL, UNEVEN, Moves, Plan, chunk, signals
from ..distributed.shared import PAGE
from ..distributed.sites import STATE, Site, line_of, site_of
from ..distributed.world import PATIENT, SPIN, messages
from .effects import report

__all__: list[str] = []
FOLDS = {"sum": "add", "prod": "mul", "max": "maximum", "min": "minimum"}
ROWS = "all_reduce rows"  # the kind that gives what is to be reduced
WHOLE = 2  # ranks up to which each sums everything itself, in memory that they share
MOST = 16  # rows that one loop folds
FLAG, POSTED, REQUESTS = 0, 1, 8  # places in the scratch memory of an exchange; the statuses follow the requests


# ---------------------------------------------------------------- kernels
@kernel
def post(sent: "uint8*", received: "uint8*", table: "int64*", count: int, scratch: "int64*", state: "int64*", tag: int,
         lo, hi):  # fmt: skip
    """Posts the messages of ``table`` (1 to receive, peer, first byte, bytes).  ``state`` is distributed.sites.STATE."""
    scratch[0] = 0
    scratch[1] = 0
    if atomic_load(state, 0) == 0:
        wrong = 0
        for k in range(count):
            row = shift(table, 4 * k)
            request = address_of(scratch) + 64 + k * state[5]
            peer, size = int32(row[1]), int32(row[3])
            if row[0] != 0:
                wrong |= mpi_irecv(address_of(received) + row[2], size, state[4], peer, int32(tag), state[3], request)
            else:
                wrong |= mpi_isend(address_of(sent) + row[2], size, state[4], peer, int32(tag), state[3], request)
        if wrong == 0:
            scratch[1] = 1


@kernel
def progress(count: int, scratch: "int64*", lo, hi):
    """Lets MPI work on messages that are on their way: it does so only while it is called."""
    if scratch[1] != 0 and (scratch[0] & 0xFFFFFFFF) == 0:
        requests = address_of(scratch) + 64
        mpi_testall(int32(count), requests, address_of(scratch), requests + 8 * count)


@kernel
def wait(sent: "uint8*", received: "uint8*", count: int, scratch: "int64*", state: "int64*", site: int, spin: int,
         patient: int, status: "int64*", code: int, lo, hi):  # fmt: skip
    """Waits until all posted messages are done, or until the watcher says that they never will be."""
    state[2] += 1
    atomic_store(state, 1, site)
    requests = address_of(scratch) + 64
    wrong = 0 if scratch[1] != 0 else 1
    turns = 0
    while wrong == 0 and (scratch[0] & 0xFFFFFFFF) == 0 and atomic_load(state, 0) == 0:
        wrong = mpi_testall(int32(count), requests, address_of(scratch), requests + 8 * count)
        turns += 1
        if turns > spin and (scratch[0] & 0xFFFFFFFF) == 0:
            if turns < patient:
                sched_yield()
            else:
                usleep(int32(200))
    if wrong != 0 or (scratch[0] & 0xFFFFFFFF) == 0:
        report(status, code, 0, 0, 0)
    atomic_store(state, 1, 0)


# ---------------------------------------------------------------- one exchange
class _Exchange:
    """The calls of one exchange between dense operands: ``post``, perhaps ``progress``, ``wait``.

    ``opens``: what may be read when it is done; ``closes``: what has been read when it begins.
    """

    def __init__(self, build, node: Node, what: Moves, sent, received, site: Site, opens=(), closes=()):
        self.build, self.node, self.site, self.kept = build, node, site, what.kept
        self.opens, self.closes = opens, closes
        self.sent, self.received = sent.reshaped((sent.size,)), received.reshaped((received.size,))
        width = sent.dtype.itemsize
        rows = [(1, *m) for m in messages(what.receives, width)] + [(0, *m) for m in messages(what.sends, width)]
        self.count = len(rows)
        if rows:
            self.table = build.fixed(np.array(rows, np.int64), "messages")
            self.scratch = build.temp((REQUESTS + 10 * len(rows),), BY_NAME["int64"])

    def post(self) -> None:
        for begin, target, count in self.kept:
            if count:
                source = self.sent.sliced((begin,), (1,), (count,))
                self.build.copy(source, self.received.sliced((target,), (1,), (count,)), self.node)
        if self.count:
            given = [self.sent, self.received, self.table, self.count, self.scratch, STATE.ctypes.data, self.site.tag]
            self._call(post, given, [self.received, self.scratch, *self.closes])

    def progress(self) -> None:
        if self.count:
            self._call(progress, [self.count, self.scratch], [self.scratch])

    def wait(self) -> None:
        if self.count:
            given = [
                self.sent,
                self.received,
                self.count,
                self.scratch,
                STATE.ctypes.data,
                WORLD.note(self.site),
                SPIN,
                PATIENT,
            ]
            self._call(
                wait,
                [*given, self.build.status, self.build.code(self.node)],
                [self.received, self.scratch, *self.opens],
            )

    def _call(self, source, given, writes) -> None:
        self.build.call(source.bind(), self.node, given, extent=1, writes=writes, split=False)


# ---------------------------------------------------------------- a node
def lower(build, node: Node, plan: Plan) -> None:
    """The calls of a collective; of one that overlaps, those that wait come later."""
    if node.id in build.shared:
        return _lower_shared(build, node)
    attrs, inputs = node.attrs, node.inputs
    ranks, dtype = attrs["ranks"], inputs[0].dtype
    site, again = _sites(build, node, "", " second")
    send = build.side_by_side(node)
    out = build.outputs_side_by_side(node)
    held = out if plan.second is None and not plan.fold[1] else build.temp((plan.received,), dtype)
    if attrs["what"] == "gather" and WORLD.rank != attrs["root"]:
        build.fill(out, 0)
    width, apart = plan.fold
    folded = held
    if apart and width:
        folded = out.reshaped((width,)) if plan.second is None else build.temp((width,), dtype)
    first = _Exchange(build, node, plan.first, send, held, site)
    second = None if plan.second is None else _Exchange(build, node, plan.second, folded, out, again)

    def after_first() -> None:
        first.wait()
        if apart and width:
            rows = [held.sliced((k * apart,), (1,), (width,)) for k in range(len(ranks))]
            _fold(build, rows, FOLDS[attrs["reduce"]], folded, node)
        if second is not None:
            second.post()

    stages = [after_first] if second is None else [after_first, second.wait]
    first.post()
    _finish(build, node, first.progress, stages)


def _sites(build, node: Node, *stages: str) -> list[Site]:
    """What each exchange of a collective is called, and its tag."""
    a = node.attrs
    total, dtype = sum(v.size for v in node.inputs), node.inputs[0].dtype
    mixed = _whole_step(build) if len(a["ranks"]) == WORLD.size else ""
    return [
        site_of(a["what"].split()[0], a["reduce"], a["ranks"], a["root"], total, dtype, place_of(node), a["sizes"], a["label"],
                mixed + stage)
        for stage in stages
    ]  # fmt: skip


def _finish(build, node: Node, progress, stages) -> None:
    if node.op.overlaps(node.attrs):
        build.finish_later(node, progress, stages, together=node.attrs["label"] == "gradients")
    else:
        for stage in stages:
            stage()


# ---------------------------------------------------------------- sums in memory that ranks share
def bucket(build, node: Node):
    """Where the inputs of a collective are written, side by side: in memory that its ranks share, if they do and it is a
    reduction to all; None: where they please."""
    if build.outer is not None or node not in shared_nodes(build.graph):
        return build.bucket(node.inputs) if len(node.inputs) > 1 else None
    build.shared[node.id] = sum(_room(n) for n in build.graph.nodes if n.id in build.shared)
    return _part(build, node, WORLD.rank)


def shared_nodes(graph) -> list[Node]:
    """The reductions of a graph whose inputs travel through memory that ranks share."""
    found = [n for n in graph.nodes if _may_share(n)]
    return found if found and sum(map(_room, found)) <= WORLD.shared.budget else []


def _may_share(node: Node) -> bool:
    """What is large enough; a few values travel as fast in messages."""
    if node.op.name != "collective" or node.attrs["what"] not in ("all_reduce", ROWS):
        return False
    ranks = node.attrs["ranks"]
    if len(ranks) == 1 or WORLD.shared is None or not WORLD.shared.reaches(ranks):
        return False
    return SMALL < len(ranks) * sum(v.size for v in node.inputs)


def _size(node: Node) -> int:
    """Bytes of the inputs, in whole pages."""
    return -(-sum(v.size for v in node.inputs) * node.inputs[0].dtype.itemsize // PAGE) * PAGE


def _room(node: Node) -> int:
    """Bytes that a reduction takes of each rank's part: its inputs, and its outputs where they are made in pieces."""
    return _size(node) * (1 if len(node.attrs["ranks"]) <= WHOLE else 2)


def _part(build, node: Node, rank: int, outputs: bool = False):
    """A rank's inputs or outputs of a reduction."""
    dtype, total = node.inputs[0].dtype, sum(v.size for v in node.inputs)
    first = build.shared[node.id] + (_size(node) if outputs else 0)
    array = WORLD.shared.part(rank, first, total * dtype.itemsize)
    return build.flat_on(array, dtype, f"shared, rank {rank}")


def _lower_shared(build, node: Node) -> None:
    """A reduction that reads the others' inputs where they lie.

    Messages of one element say "mine are there" and "I have read yours".  Two ranks sum everything each; more sum a chunk
    each and read the other chunks from those who have summed them.
    """
    ranks, total = node.attrs["ranks"], sum(v.size for v in node.inputs)
    n, me = len(ranks), ranks.index(WORLD.rank)
    own = build.side_by_side(node)
    rows = [own if r == WORLD.rank else _part(build, node, r) for r in ranks]
    if node.attrs["what"] == ROWS:
        return _give_rows(build, node, rows)
    apart = n > WHOLE
    outs = [_part(build, node, r, outputs=True) for r in ranks] if apart else []
    out = build.outputs_side_by_side(node, outs[me] if apart else None)
    others = [row for k, row in enumerate(rows + outs) if k % n != me]
    ready, summed, read = _signals(build, node, own, outs[me] if apart else own, others)

    def add() -> None:
        ready.wait()
        first, count = chunk(total, n, me) if apart else (0, total)
        if count:
            _fold(build, [r.sliced((first,), (1,), (count,)) for r in rows], FOLDS[node.attrs["reduce"]],
                  out.sliced((first,), (1,), (count,)), node)  # fmt: skip
        (summed if apart else read).post()

    def fetch() -> None:
        summed.wait()
        for k in range(n):
            first, count = chunk(total, n, k)
            if k != me and count:
                build.copy(outs[k].sliced((first,), (1,), (count,)), out.sliced((first,), (1,), (count,)), node)
        read.post()

    ready.post()
    build.at_end.append(read.wait)
    _finish(build, node, ready.progress, [add, fetch] if apart else [add])


def _signals(build, node: Node, own, summed, others) -> list[_Exchange]:
    """Messages of one element to and from each: "mine are there", "my chunk is summed", "I have read yours".

    A message is sent from the memory that it speaks of: all that is written there comes before it.
    """
    ranks = node.attrs["ranks"]
    answers = build.temp((len(ranks),), own.dtype)
    moves = signals(ranks, ranks.index(WORLD.rank))
    at = f" shared {build.shared[node.id]}"
    sites = _sites(build, node, at, at + " second", at + " read")
    return [
        _Exchange(build, node, moves, sent, answers, site, others, others)
        for sent, site in zip((own, summed, own), sites)
    ]


def _give_rows(build, node: Node, rows) -> None:
    """What each rank has is what the graph reads; the others hear that it has been read when the step is at its end."""
    ranks, m = node.attrs["ranks"], len(node.inputs)
    own = rows[ranks.index(WORLD.rank)]
    for k, row in enumerate(rows):
        build.lie_in(node.outs[k * m : (k + 1) * m], row)
    ready, _, read = _signals(build, node, own, own, [row for row in rows if row is not own])
    ready.post()
    build.at_end.insert(0, read.post)
    build.at_end.append(read.wait)
    _finish(build, node, ready.progress, [ready.wait])


def _fold(build, rows, op: str, target, node: Node) -> None:
    def folded(leaves):
        return tree(
            leaves, lambda a, b: Node(REGISTRY[op], (a, b), {}, [(a.shape, a.dtype)], node.location, node.scope).outs[0]
        )

    while len(rows) > MOST:
        parts = [build.temp(rows[0].shape, rows[0].dtype) for _ in range(0, len(rows), MOST)]
        for k, part in enumerate(parts):
            build.compute(rows[MOST * k : MOST * (k + 1)], folded, part)
        rows = parts
    build.compute(rows, folded, target)


def tree(parts: list, combine):
    """((0 + 1) + (2 + 3)) + ...: the same for 4 parts as for 2 that are sums of two neighbours."""
    while len(parts) > 1:
        parts = [combine(*parts[k : k + 2]) if k + 1 < len(parts) else parts[k] for k in range(0, len(parts), 2)]
    return parts[0]


def place_of(node: Node) -> str | None:
    """The user's lines that a collective stands for."""
    lines = [line for line in dict.fromkeys(node.attrs["lines"]) if ":" in line]
    more = f" and {len(lines) - 3} other lines" if len(lines) > 3 else ""
    return ", ".join(lines[:3]) + more if lines else node.location


def _whole_step(build) -> str:
    """A digest of all world collectives of the step, for the tag of the first one: ranks that trace other steps notice it.

    Lines count where the user's program calls a collective: two of one size in another order are another step.
    """
    if build.outer is not None or build.collectives_seen:
        return ""
    build.collectives_seen = True
    seen = []
    for node in build.graph.nodes:
        a = node.attrs
        if node.op.name == "collective" and len(a["ranks"]) == WORLD.size and a["what"] not in ("send", "receive"):
            sizes = [v.size for v in node.inputs] if a["what"] not in UNEVEN else []
            seen.append(
                (
                    a["what"],
                    a["reduce"],
                    a["root"],
                    sizes,
                    list(map(line_of, a["lines"])) or a["label"] or line_of(node.location),
                )
            )
    return f"{len(seen)} {zlib.crc32(repr(seen).encode())}"
