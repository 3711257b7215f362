"""Memory of a step: lifetimes of buffers, their offsets in the arena, and which ones share memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from ..core import notebook
from ..graph.executable import lifetimes_of, plan
from ..graph.memory import Buffer


@dataclass
class BufferView:
    """A temporary buffer of the arena; ``first`` and ``last`` are indices of kernel calls."""

    name: str  # of the node whose result it holds, or "scratch"
    nbytes: int
    offset: int
    first: int
    last: int
    reuses: list[str] = field(default_factory=list)  # names of earlier buffers whose memory it reuses

    def __str__(self) -> str:
        return self.line(12)

    def line(self, width: int) -> str:
        """The buffer as a line of text.

        Args:
            width: int, of the name's column.

        Returns:
            str.
        """
        more = f" and {len(self.reuses) - 3} more" if len(self.reuses) > 3 else ""
        taken = f"  in the place of {', '.join(self.reuses[:3])}{more}" if self.reuses else ""
        return f"{self.name:{width}} {self.nbytes:>12} B at {self.offset:>10}  calls {self.first}-{self.last}{taken}"


class MemoryPlan:
    """The arena over time, and the memory outside it.

    Args:
        builder: Builder of the table.
        items: its rows.
        calls: list of Call, the kernel calls among them.
        names: dict from ids of buffers to names.

    Attributes:
        buffers: temporaries in the order of their first use.
        arena_bytes: size of the arena, the peak including fragmentation.
        live: bytes alive at each kernel call; ``peak`` is the largest, ``peak_call`` where.
        parameter_bytes, input_bytes, output_bytes, constant_bytes: memory that is not in the arena.
        in_place: names of Parameters that are updated in place.
    """

    def __init__(self, builder, items, calls, names: dict[int, str]):
        self.arena_bytes = plan(builder, items)
        first, last, at = lifetimes_of(builder, items)
        places = [at[id(call)] for call in calls]  # ascending; calls that run together have one
        self.buffers = [
            BufferView(
                names.get(id(b)) or "scratch", b.nbytes, b.offset,
                bisect_left(places, first[id(b)]), bisect_right(places, last[id(b)]) - 1,
            )
            for b in builder.temporaries
            if id(b) in first
        ]  # fmt: skip
        self.buffers.sort(key=lambda b: (b.first, b.offset))
        for b in self.buffers:
            earlier = [
                o
                for o in self.buffers
                if o.last < b.first and o.offset < b.offset + b.nbytes and b.offset < o.offset + o.nbytes
            ]
            b.reuses = list(dict.fromkeys(o.name for o in sorted(earlier, key=lambda o: -o.last)))
        self.live = [sum(b.nbytes for b in self.buffers if b.first <= k <= b.last) for k in range(len(calls))]
        self.peak = max(self.live, default=0)
        self.peak_call = self.live.index(self.peak) if self.live else None
        self.unshared_bytes = sum(b.nbytes for b in self.buffers)
        graph = builder.graph
        self.input_bytes = sum(v.nbytes for v in graph.inputs)
        self.output_bytes = sum(v.nbytes for v in graph.outputs)
        self.parameter_bytes = sum(v.nbytes for _, v in graph.parameters)
        self.constant_bytes = sum(b.nbytes for b in builder.constants.values())
        self.in_place = [p.name for p, v in graph.updates if builder.destinations.in_place.get(id(v)) is p]

    def at(self, call: int) -> list[BufferView]:
        """The buffers alive at a kernel call, the largest first.

        Args:
            call: int, index of the call.

        Returns:
            list of BufferView.
        """
        return sorted((b for b in self.buffers if b.first <= call <= b.last), key=lambda b: -b.nbytes)

    def __str__(self) -> str:
        lines = [
            f"arena {self.arena_bytes} B (without sharing {self.unshared_bytes} B), "
            f"most alive at once {self.peak} B" + ("" if self.peak_call is None else f" at call {self.peak_call}"),
            f"outside it: Parameters {self.parameter_bytes} B, inputs {self.input_bytes} B, "
            f"outputs {self.output_bytes} B, constants {self.constant_bytes} B",
        ]
        if self.in_place:
            shown = ", ".join(self.in_place[:6]) + (
                f" and {len(self.in_place) - 6} more" if len(self.in_place) > 6 else ""
            )
            lines.append(f"updated in place: {shown}")
        width = max((len(b.name) for b in self.buffers[:60]), default=0)
        lines += [f"  {b.line(width)}" for b in self.buffers[:60]]
        if len(self.buffers) > 60:
            lines.append(f"  ... {len(self.buffers) - 60} more")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """What notebooks show."""
        head = "".join(map(notebook.line, str(self).splitlines()[: 3 if self.in_place else 2]))
        rows = [(b.name, b.nbytes, b.offset, f"{b.first}-{b.last}", ", ".join(b.reuses[:3])) for b in self.buffers]
        return head + notebook.table(("buffer", "bytes", "at", "calls", "in the place of"), rows)


def buffer_names(builder, calls, view) -> dict[int, str]:
    """{id(buffer): name of its content: an argument, a Parameter, a constant, or the nodes whose results it holds}.

    Args:
        builder: Builder of the table.
        calls: list of Call.
        view: GraphView, which names the nodes.

    Returns:
        dict from the id of a buffer to a str.
    """
    buffers = [o.buffer for call in calls for o in (*call.reads, *call.writes) if o.buffer is not None]
    found = {id(b): _own_name(b) for b in buffers if b.kind in ("fixed", "output")}
    for key, names in _held_values(builder, view).items():
        text = " ".join(dict.fromkeys(names[:3]))
        found[key] = f"{found[key]} ({text})" if key in found else text
    for call in calls:
        for operand in call.writes:
            of = view.by_id[call.nodes[0].id].name if call.nodes and call.nodes[0].id in view.by_id else "a copy"
            found.setdefault(id(operand.buffer), f"scratch of {of}")
    return found


def _own_name(buffer: Buffer) -> str:
    """The name of an output, a Parameter, or a constant: its value if it is one number."""
    if buffer.kind == "output":
        return f"output{buffer.index}"
    assert buffer.array is not None
    is_number = buffer.label == "constant" and buffer.array.size <= 1
    return f"{buffer.array.item():g}" if is_number else buffer.label


def _held_values(builder, view) -> dict[int, list[str]]:
    """{id(buffer): names of the values that it holds, without views}."""
    held: dict[int, list[str]] = {}
    leaves = [*builder.graph.inputs, *(v for _, v in builder.graph.captures)]
    for inner, names in _inside(builder, view):
        for v in (*(leaves if inner is builder else inner.graph.inputs), *inner.keep_alive):
            operand, is_view = inner.operands.get(id(v)), v.node is not None and v.node.op.kind == "view"
            if operand is not None and operand.buffer is not None and id(v) in names and not is_view:
                held.setdefault(id(operand.buffer), []).append(names[id(v)])
    return held


def _inside(builder, view):
    """(builder, names of its values) of a graph and its subgraphs."""
    yield builder, view.names
    bodies = {tuple(map(id, g.graph.inputs)): g for n in view.walk() for g in n.graphs.values()}
    stack = list(builder.inner)
    while stack:
        inner = stack.pop()
        body = bodies.get(tuple(map(id, inner.graph.inputs)))
        if body is not None:
            inputs = {id(v): f"{body.prefix}{body.name(v)}" for v in inner.graph.inputs}
            yield inner, {**body.names, **inputs}
        stack += inner.inner
