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
from ..distributed.moves import UNEVEN, Moves, Plan
from ..distributed.world import PATIENT, SPIN, STATE, Site, line_of, messages, site_of
from .effects import report

__all__: list[str] = []
FOLDS = {"sum": "add", "prod": "mul", "max": "maximum", "min": "minimum"}
MOST = 16  # rows that one loop folds
FLAG, POSTED, REQUESTS = 0, 1, 8  # places in the scratch memory of an exchange; the statuses follow the requests


# ---------------------------------------------------------------- kernels
@kernel
def post(sent: "uint8*", received: "uint8*", table: "int64*", count: int, scratch: "int64*", state: "int64*", tag: int,
         lo, hi):  # fmt: skip
    """Posts the messages of ``table`` (1 to receive, peer, first byte, bytes).  ``state`` is distributed.world.STATE."""
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
    """The calls of one exchange between dense operands: ``post``, perhaps ``progress``, ``wait``."""

    def __init__(self, build, node: Node, what: Moves, sent, received, site: Site):
        self.build, self.node, self.site, self.kept = build, node, site, what.kept
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
            self._call(post, given, [self.received, self.scratch])

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
            self._call(wait, [*given, self.build.status, self.build.code(self.node)], [self.received, self.scratch])

    def _call(self, source, given, writes) -> None:
        self.build.call(source.bind(), self.node, given, extent=1, writes=writes, split=False)


# ---------------------------------------------------------------- a node
def lower(build, node: Node, plan: Plan) -> None:
    """The calls of a collective; of one that overlaps, those that wait come later."""
    attrs, inputs = node.attrs, node.inputs
    ranks, dtype = attrs["ranks"], inputs[0].dtype
    total = sum(v.size for v in inputs)
    mixed = _whole_step(build) if len(ranks) == WORLD.size else ""
    site, again = (
        site_of(attrs["what"], attrs["reduce"], ranks, attrs["root"], total, dtype, place_of(node), attrs["sizes"],
                attrs["label"], mixed + stage)
        for stage in ("", " second")
    )  # fmt: skip
    send = build.side_by_side(inputs)
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
    if node.op.overlaps(attrs):
        build.finish_later(node, first.progress, stages, together=attrs["label"] == "gradients")
    else:
        for stage in stages:
            stage()


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
