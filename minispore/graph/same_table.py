"""Whether two lists of calls are one table: an executable from a template has to equal one that was built for its sizes."""

from ..core.ir import Graph
from .calls import Call, Chain, Control, Label
from .memory import Buffer, Loop, Operand, Row


class Difference(Exception):
    """What differs first."""


def require_same(a, b, graph_a: Graph, graph_b: Graph) -> None:
    """Raises a Difference, unless ``a`` and ``b`` (what ``Executable`` is made of, with ``items``) do the same."""
    _require(len(a.items) == len(b.items), "number of calls", len(a.items), len(b.items))
    pairs = _Pairs(_changing(a.items) | _changing(b.items))
    for x, y in zip(a.items, b.items):
        pairs.item(x, y)
    _require(len(a.temporaries) == len(b.temporaries), "temporaries")
    for x, y in zip(a.temporaries, b.temporaries):
        pairs.buffer(x, y)
    for (x, y), (z, w) in zip(a.loops, b.loops):
        pairs.same_object(x, z), pairs.same_object(y, w)
    _require(len(a.loops) == len(b.loops), "loops")
    _require((a.parts, a.threads) == (b.parts, b.threads), "threads")
    names = [[(n.op.name, n.location) for n in found.messages] for found in (a, b)]
    _require(names[0] == names[1], "messages", *names)
    for kind in ("captures", "parameters", "updates"):
        sources = [[id(source) for source, _ in getattr(g, kind)] for g in (graph_a, graph_b)]
        _require(sources[0] == sources[1], kind)
    for kind in ("inputs", "outputs"):
        types = [[(v.shape, v.dtype) for v in getattr(g, kind)] for g in (graph_a, graph_b)]
        _require(types[0] == types[1], kind, *types)


def _changing(items) -> set[int]:
    """Ids of the arrays that a step changes."""
    writes = [o.buffer for x in items if not isinstance(x, Label) for o in x.writes]
    loops = [x.loop for x in items if isinstance(x, Control) and x.loop is not None]
    return {id(b.array) for b in writes if b is not None} | {id(loop.turn) for loop in loops}


def _require(same: bool, *what) -> None:
    if not same:
        raise Difference(*what)


class _Pairs:
    """Which objects of the two tables stand for each other."""

    def __init__(self, written: set[int]):
        self.other: dict[int, object] = {}
        self.written = written  # ids of arrays that steps change

    def same_object(self, a, b) -> bool:
        """Whether it was known that ``a`` stands for ``b``; from now on it does."""
        known = id(a) in self.other
        _require(self.other.setdefault(id(a), b) is b, type(a).__name__, a, b)
        return known

    def buffer(self, a: Buffer, b: Buffer) -> None:
        if a.kind == "fixed" == b.kind and a.label == b.label == "constant":  # equal ones may be one or several
            _require(_bytes(a) == _bytes(b), "constant", a.array, b.array)
        elif not self.same_object(a, b):
            found = [(type(x), x.kind, x.index, x.in_parts) for x in (a, b)]
            _require(found[0] == found[1], *found)
            _require(a.kind == "fixed" or a.nbytes == b.nbytes, "bytes", a.nbytes, b.nbytes)
            if a.array is not None or b.array is not None:
                is_state = id(a.array) in self.written and id(b.array) in self.written
                _require(a.array is b.array or is_state or _bytes(a) == _bytes(b), "array", a.label)
            if isinstance(a, Row) and isinstance(b, Row):
                _require((a.start, a.lag, a.ring) == (b.start, b.lag, b.ring), "row")
                self.buffer(a.parent, b.parent)
                self.loop(a.loop, b.loop)

    def loop(self, a: Loop | None, b: Loop | None) -> None:
        if a is None or b is None:
            return _require(a is b, "loop")
        if not self.same_object(a, b):
            self.operand(a.count, b.count)
            _require(len(a.stacks) == len(b.stacks), "stacks")
            for x, y in zip(a.stacks, b.stacks):
                self.buffer(x, y)

    def operand(self, a: Operand | None, b: Operand | None) -> None:
        if a is None or b is None or a.buffer is None or b.buffer is None:
            return _require(a is b or (a is not None and b is not None and a.buffer is b.buffer is None), "operand")
        self.buffer(a.buffer, b.buffer)
        found = [(o.offset, o.strides, o.dtype) for o in (a, b)]
        _require(found[0] == found[1] or a.buffer.label == "constant", *found)
        _require(a.shape == b.shape or a.buffer.label == "constant", a.shape, b.shape)

    def operands(self, a, b) -> None:
        _require(len(a) == len(b), "number of operands")
        for x, y in zip(a, b):
            if isinstance(x, Operand) and isinstance(y, Operand):
                self.operand(x, y)
            else:
                _require(
                    not isinstance(x, Operand) and not isinstance(y, Operand) and int(x) == int(y), "argument", x, y
                )

    def item(self, a, b) -> None:
        _require(type(a) is type(b), type(a), type(b))
        if isinstance(a, Label):
            self.same_object(a, b)
        elif isinstance(a, Control):
            _require((a.kind, a.limit) == (b.kind, b.limit), "control")
            self.operand(a.cell, b.cell)
            for x, y in zip(a.labels, b.labels):
                self.same_object(x, y)
            self.loop(a.loop, b.loop)
        else:
            self._call(a, b)

    def _call(self, a: Call, b: Call) -> None:
        digests = [[source.digest for source in call.sources] for call in (a, b)]
        _require(digests[0] == digests[1], a.source.name, b.source.name)
        found = [(int(c.extent), bool(c.split), bool(c.commits)) for c in (a, b)]
        _require(found[0] == found[1], a.source.name, *found)
        self.operands(a.arguments, b.arguments)
        self.operands([o for o in a.reads if o.buffer is not None], [o for o in b.reads if o.buffer is not None])
        self.operands(a.writes, b.writes)
        self._chain(a.chain, b.chain)

    def _chain(self, a: Chain | None, b: Chain | None) -> None:
        if a is None or b is None:
            return _require(a is b, "chain")
        if not self.same_object(a, b):
            _require((a.count, a.parts, a.commits) == (b.count, b.parts, b.commits), "chain")


def _bytes(b: Buffer) -> bytes:
    _require(b.array is not None and b.array.flags.c_contiguous, "array", b.label)
    return b.array.tobytes()
