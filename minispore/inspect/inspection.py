"""``Inspection``: what a call compiles to, from the graph to the kernels."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import GraphBreak
from ..core.ir import Graph
from ..graph import history
from ..graph.build import threads
from ..graph.calls import Call
from ..graph.executable import Executable
from ..graph.fuse import fuse
from ..graph.lower import Builder
from ..graph.passes import Record, optimise
from .cost import flops
from .kernels import Kernel, Kernels, main_calls
from .memory import MemoryPlan, buffer_names
from .rewrites import Pass, forward_map
from .text import COMPLETE, LIMIT, ROWS, Listed, cells_text, count, graph_text, node_lines
from .traced import target_of, traced
from .view import SECTIONS, GraphView, NodeView

if TYPE_CHECKING:
    from .profile import Profile


class Inspection:
    """What a call compiles to: the graph, what the passes made of it, the kernels, the memory.

    Made by ``net.graph(x, y)``, ``jitted.graph(x)``, ``grad_fn.graph(x)`` or ``minispore.inspect.graph(f, x)``.
    ``print`` it to read the graph.  Nothing is run; kernels are compiled only by ``compile()`` and what needs them.

    Args:
        graph: Graph, as the call recorded it.
        name: str, of the Cell or function.
        arguments: dict {argument: its type or value}.
        input_names: list of str, of the graph's inputs.
        function: the Cell or function.  Default: None.
        call: tuple (args, kwargs) that it was called with.  Default: None.

    Attributes:
        traced: the Graph as the call recorded it; ``final``: after all passes.
        view: names and nodes of ``final`` (see ``GraphView``).

    >>> import minispore as ms
    >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
    >>> [n.op for n in g.nodes]
    ['transpose', 'matmul', 'add']
    """

    def __init__(
        self, graph: Graph, name: str, arguments: dict[str, str], input_names, function=None,
        call: tuple[tuple, dict] | None = None,
    ):  # fmt: skip
        self.traced, self.name, self.arguments, self.input_names = graph, name, arguments, list(input_names)
        self._function, self._call = function, call
        self._records: list[Record] = []
        self.final = optimise(graph, self._records)
        self.view = GraphView(self.final, self.input_names, forward_map(self._records))
        self.threads = threads()
        self.measured: Profile | None = None

    # ------------------------------------------------------------ the graph
    @property
    def nodes(self) -> list[NodeView]:
        """The nodes after all passes, in order: a list of NodeView."""
        _ = self.kernels  # sets the kernels of the nodes
        return self.view.nodes

    @property
    def all_nodes(self) -> list[NodeView]:
        """The nodes after all passes, each followed by those of its subgraphs (branches, loop bodies)."""
        _ = self.kernels
        return list(self.view.walk())

    @property
    def forward(self) -> list[NodeView]:
        """The nodes of the forward pass: a list of NodeView."""
        return self.view.section("forward")

    @property
    def backward(self) -> list[NodeView]:
        """The nodes of the gradient: a list of NodeView."""
        return self.view.section("backward")

    @property
    def update(self) -> list[NodeView]:
        """The nodes of the optimizer's update: a list of NodeView."""
        return self.view.section("update")

    @property
    def parameters(self) -> list:
        """The Parameters that the call reads or updates: a list."""
        return list({id(p): p for p, _ in (*self.final.parameters, *self.final.updates)}.values())

    @property
    def updates(self) -> dict[str, str]:
        """The nodes that give new values: a dict {Parameter: name of the node}."""
        return {p.name: self.view.name(v) for p, v in self.final.updates}

    def find(self, text: str) -> Found:
        """The nodes of a Cell, op, file line or name.

        Args:
            text: str, such as "conv1", "matmul" or "net.py:12".

        Returns:
            Found, a list of NodeView.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> [n.op for n in g.find("matmul")]
        ['matmul']
        """
        text = text.lower()
        return Found(
            (n for n in self.all_nodes
             if text in f"/{n.scope}/".lower() or text == n.op.lower() or text == n.name or (n.where and text in (n.where.lower(), n.where.split(":")[0].lower()))),
            self.kernels,
        )  # fmt: skip

    def cells(self, most: int | None = None) -> list[dict]:
        """What each Cell contributes: nodes of each section, kernel calls, FLOPs.

        Args:
            most: int; Cells so deep inside others that there would be more rows than this are counted with those around
                them.
                Default: None, for no bound.

        Returns:
            list of dicts.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> g.cells()[0]["flops"]
        56
        """
        depth = max((n.scope.count("/") + 1 for n in self.nodes), default=1)
        while True:
            found: dict[str, dict] = {}
            for n in self.nodes:
                cell = "/".join(n.scope.split("/")[:depth])
                row = found.setdefault(cell, {"cell": cell, **dict.fromkeys(SECTIONS, 0), "kernels": set(), "flops": 0})
                row[n.section] += 1
                row["kernels"] |= set(n.kernels)
                row["flops"] += flops(n.node)
            if most is None or len(found) <= most or depth == 1:
                return [{**row, "kernels": len(row["kernels"])} for row in found.values()]
            depth -= 1

    @cached_property
    def passes(self) -> Listed:
        """Each pass, as a list of Pass: the graph before and after, and the rewrites that fired, by rule."""
        return Listed(Pass(r, self.input_names) for r in self._records)

    # ------------------------------------------------------------ kernels and memory
    @cached_property
    def _plan(self):
        builder = Builder(self.final, fuse(self.final), self.threads)
        rows = builder.run()
        calls = [row for row in rows if isinstance(row, Call)]
        self.view.set_bodies(_bodies(builder))
        return builder, rows, calls, buffer_names(builder, calls, self.view)

    @cached_property
    def memory(self) -> MemoryPlan:
        """The memory plan: lifetimes of buffers, the peak, and which buffers share memory."""
        return MemoryPlan(*self._plan)

    @cached_property
    def kernels(self) -> Kernels:
        """The kernel calls in the order in which they run: a list of Kernel."""
        _, _, calls, names = self._plan
        main = main_calls(calls)
        kernels = Kernels(
            Kernel(k, call, self.view, names, self.threads, lambda n, c=call: main[n.id] is not c)
            for k, call in enumerate(calls)
        )
        for kernel in kernels:
            for node in kernel.nodes:
                node.kernels.append(kernel.index)
        return kernels

    @cached_property
    def executable(self) -> Executable:
        """The compiled table of kernel calls; a new one, not the one that calls use."""
        builder, rows, _, _ = self._plan
        return Executable(self.final, builder, rows)

    def compile(self) -> Inspection:
        """Compiles (or loads) all kernels, so that their ``origin`` and ``seconds`` are known.

        Returns:
            the Inspection itself.

        >>> import minispore as ms
        >>> g = ms.inspect.graph(lambda x: x * 2.0, ms.Tensor([1.0])).compile()
        >>> g.kernels[0].origin in ("compiled", "loaded", "Python")
        True
        """
        _ = self.executable
        return self

    def stats(self) -> dict:
        """Counts and sums over the graph, the kernels and the memory (FLOPs and bytes of one call).

        Returns:
            dict.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> g.stats()["kernel_calls"]
        2
        """
        kernels = self.kernels
        distinct = {k.call.source.digest: k for k in kernels}
        return {
            "nodes_traced": len(self.traced.nodes),
            "nodes": len(self.final.nodes),
            **{f"nodes_{s}": len(self.view.section(s)) for s in SECTIONS},
            "rewrites": dict(sum((p.counts for p in self.passes), Counter())),
            "parameters": sum(p.size for p in self.parameters),
            "updates": len(self.final.updates),
            "kernel_calls": len(kernels),
            "kernels": len(distinct),
            "kernel_origins": dict(Counter(k.origin for k in distinct.values())),
            "compile_seconds": sum(k.seconds or 0.0 for k in distinct.values()),
            "first_call": self._first_call(),
            "flops": sum(k.flops for k in kernels),
            "bytes": sum(k.bytes for k in kernels),
            "arena_bytes": self.memory.arena_bytes,
            "peak_bytes": self.memory.peak,
            "parameter_bytes": self.memory.parameter_bytes,
            "threads": self.threads,
        }

    def _first_call(self) -> dict[str, float]:
        """{phase: seconds} of the latest compilation of this call; empty if there was none."""
        from .explain import compilations

        past = compilations(self._function) if self._function is not None else []
        return next((dict(r.phases) for r in reversed(past) if r.arguments == self.arguments), {})

    # ------------------------------------------------------------ time
    def profile(self, *args, steps: int = 20, **kwargs) -> Profile:
        """Runs a call with these arguments ``2 * steps + 2`` times, half of them with each kernel timed on its own.

        Parameters, random state and counters are restored afterwards: nothing is trained.  ``print`` the result
        for tables of kernels and Cells; ``to_html`` shows the times of the last profile.

        Args:
            *args: as in the call; their values matter where loops and branches depend on them.  Without any, those that
                the graph was made with.
            steps: int above 0, how many steps are measured; medians are shown.  Default: 20.
            **kwargs: as in the call.

        Returns:
            Profile.

        Raises:
            ValueError: the arguments' shapes or types are not those of the graph, or ``steps`` is no such int.

        >>> import minispore as ms
        >>> x = ms.ops.ones((64, 3))
        >>> p = ms.nn.Dense(3, 2).graph(x).profile(steps=3)
        >>> [k.name for k in p.kernels], p.step_seconds > 0
        (['gemm', 'fused_add'], True)
        """
        from .profile import profile

        if not args and not kwargs and self._call is not None:
            args, kwargs = self._call
        self.measured = profile(self, args, kwargs, steps)
        return self.measured

    # ------------------------------------------------------------ why
    def explain(self) -> str:
        """Why this call was compiled, or would be: the nearest earlier call and what differs.

        Returns:
            str.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> print(g.explain())
        Dense has not been called in GRAPH mode: its first call will compile.
        """
        from .explain import explain

        return explain(self)

    # ------------------------------------------------------------ forms
    def text(self, limit: int | None = None) -> str:
        """The graph, a node in each line.

        Args:
            limit: int, at most so many nodes of each section, after a table of Cells.  Default: None, for all.

        Returns:
            str.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> "matmul" in g.text()
        True
        """
        given = ", ".join(f"{k}: {v}" for k, v in self.arguments.items())
        counts = ", ".join(f"{len(self.view.section(s))} {s}" for s in SECTIONS if self.view.section(s))
        kernels = self.kernels
        distinct = len({k.call.source.digest for k in kernels})
        s = f"{len(self.final.nodes)} nodes ({counts}; {len(self.traced.nodes)} as traced) in {len(kernels)} kernel calls of {distinct} kernels"
        work = f"{count(sum(k.flops for k in kernels))}FLOP, arena {count(self.memory.arena_bytes)}B"
        cells = "" if limit is None else f"{cells_text(self.cells(ROWS))}\n\n"
        return f"{self.name}({given})\n{s}, {work}\n\n{cells}{graph_text(self.view, limit)}"

    def __str__(self) -> str:
        return self.text(None if len(self.final.nodes) <= COMPLETE else LIMIT)

    def __repr__(self) -> str:
        return f"<Inspection of {self.name}: {len(self.final.nodes)} nodes, {len(self.kernels)} kernel calls>"

    def to_networkx(self):
        """The graph for networkx: nodes and leaves with their attributes; edges carry name, type and position.

        Returns:
            networkx.MultiDiGraph.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> g.to_networkx().number_of_nodes() > 2
        True
        """
        from .drawing import to_networkx

        return to_networkx(self)

    def to_dot(self) -> str:
        """The graph for graphviz, one cluster for each Cell.

        Returns:
            str.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> g.to_dot().startswith("digraph")
        True
        """
        from .drawing import to_dot

        return to_dot(self)

    def to_svg(self, path=None) -> str:
        """A drawing as SVG (also written to ``path``): by graphviz's ``dot`` where it is installed, else by a layout in Python.

        Args:
            path: a file to write it to, too.  Default: None.

        Returns:
            str.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> "<svg" in g.to_svg()
        True
        """
        from .drawing import to_svg

        return to_svg(self, path)

    def to_png(self, path) -> None:
        """A drawing as PNG; needs graphviz's ``dot``.

        Args:
            path: the file to write.

        Raises:
            RuntimeError: there is no ``dot``.
        """
        from .drawing import to_png

        to_png(self, path)

    def to_onnx(self, path=None) -> bytes:
        """The graph as a serialised ONNX model; for inference, as ``export`` writes it.

        Args:
            path: a file to write it to, too.  Default: None.

        Returns:
            bytes.

        Raises:
            NotImplementedError: an op has no form in ONNX.
            ImportError: the package onnx is not installed.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> len(g.to_onnx()) > 0
        True
        """
        from ..graph.onnx import model_of

        made = model_of(self.traced, self.input_names)
        if path is not None:
            Path(path).write_bytes(made)
        return made

    def to_html(self, path=None, profile: Profile | None = None) -> str:
        """One HTML file that shows all of this and needs nothing else, no network either.

        The graph by Cells that fold and unfold, and for each node its line, kernel, generated code and memory; the
        kernels and the memory over time.

        Args:
            path: a file to write it to, too.  Default: None.
            profile: Profile, whose times are shown.  Default: None, for the last ``profile(...)`` of this object, if
                there was one.

        Returns:
            str.

        >>> import minispore as ms
        >>> g = ms.nn.Dense(3, 2).graph(ms.ops.ones((4, 3)))
        >>> "<html" in g.to_html()
        True
        """
        from .page import to_html

        return to_html(self, path, profile or self.measured)

    def _repr_html_(self) -> str:
        """What notebooks show: the page, in a frame."""
        from .page import frame

        return frame(self.to_html())


def _bodies(builder: Builder) -> dict[tuple, Graph]:
    """The subgraphs in their compiled form, by the ids of their inputs."""
    found: dict[tuple, Graph] = {}
    for inner in builder.inner:
        found[tuple(map(id, inner.graph.inputs))] = inner.graph
        found.update(_bodies(inner))
    return found


class Found(Listed):
    """A list of nodes that prints like a graph.

    Args:
        nodes: iterable of NodeView.
        kernels: Kernels, all of the graph.
    """

    def __init__(self, nodes, kernels: Kernels):
        super().__init__(nodes)
        self._all = kernels

    @property
    def kernels(self) -> Kernels:
        """The kernel calls that compute these nodes: a list of Kernel."""
        wanted = {k for n in self for k in n.kernels}
        return Kernels(k for k in self._all if k.index in wanted)

    def __getitem__(self, at):
        return Found(list.__getitem__(self, at), self._all) if isinstance(at, slice) else list.__getitem__(self, at)

    def __str__(self) -> str:
        return "\n".join(node_lines(self)) or "no such nodes"


def graph(function, *args, **kwargs) -> Inspection:
    """What a call of a function with such arguments compiles to, without running it.

    Args:
        function: Cell, ``@jit`` function, gradient function, or any function of Tensors.
        *args: as in the call.  Only shapes, types and Python values count.
        **kwargs: the same by name.

    Returns:
        Inspection.

    Raises:
        TypeError: ``function`` cannot be called, or its call cannot be one graph, because a line needs the value of a Tensor.
        RuntimeError: the latter, too.

    >>> import minispore as ms
    >>> g = ms.inspect.graph(lambda x: ms.ops.relu(x * 2.0).sum(), ms.Tensor([1.0, -1.0]))
    >>> [n.op for n in g.nodes]
    ['mul', 'relu', 'reduce_sum', 'reshape']
    """
    target, name, _ = target_of(function)
    given = history.argument_names(target, args, kwargs)
    try:
        recorded = traced(target, args, kwargs)
    except GraphBreak as why:
        pieces = "its calls run in pieces: after one, ms.inspect.compilations(...) lists them"
        raise type(why.error)(f"{name} cannot be shown as one graph, because {pieces}. {why.error}") from None
    arguments = {k: history.describe(x) for k, x in given.items()}
    return Inspection(recorded, name, arguments, history.input_names(given), function, (args, kwargs))
