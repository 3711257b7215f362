"""A call of a public function, traced and written down as one Python function (core/call_plans.py)."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import tree
from ..core.numeric import quietly
from ..core.op import Elementwise, Reduction, ViewOf, evaluate
from ..core.parameter import Parameter
from ..core.record import PACKAGE, Node, Recorder, Value, current_recorder, needed_nodes
from ..core.tensor import Tensor
from ..flow.subgraph import Traced, trace_inside
from .numpy_program import Writer
from .piece import compiled_call

FOLDED = 4096  # elements: what follows from constants alone is computed once


class _NoPlan(Exception):
    """Calls of this kind cannot be written down."""


def plan_of(function: Callable, args: tuple, kwargs: dict) -> Callable[[tuple, dict], Any] | None:
    """A function of (args, kwargs) that does what ``function(*args, **kwargs)`` does, where the arguments are of the kind of these;
    None where that cannot be known: it reads values, draws random numbers, has effects, or runs compiled kernels."""
    symbols: list[Tensor] = []
    recorders: list[Recorder] = []

    def call(*given, **named):
        recorders.append(current_recorder())
        for t in tree.tensors((given, named)):
            symbols.append(t)
            if t.is_parameter:
                recorders[0].parameters[id(t)] = [t, t._value, t._value]
        return function(*given, **named)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a warning is for each call
            positional, named = tree.map_leaves(_without_data, (args, kwargs))
            parameters = {id(t) for t in tree.tensors((positional, named)) if t.is_parameter}
            traced = trace_inside(call, positional, named, parameters)
        if recorders[0].has_pieces:
            return None
        return _Written(traced, symbols, _places(args, kwargs), function.__name__).plan
    except (Exception, RecursionError):  # what is wrong with the call, the function itself says
        return None


def _without_data(x):
    """In place of a Parameter one that is a symbol: what would read its values fails, as it does for a Tensor."""
    if not isinstance(x, Tensor) or not x.is_parameter:
        return x
    symbol = Parameter.__new__(Parameter)
    symbol._data, symbol._recorder = None, None
    symbol._value = Value(x.shape, x.dtype, kind="parameter", source=symbol)
    symbol._name, symbol._requires_grad = x.name, x.requires_grad
    return symbol


def _places(args: tuple, kwargs: dict) -> list[str]:
    """Expressions of the Tensors among the arguments, in order."""
    found: list[str] = []

    def visit(x, text: str) -> None:
        if isinstance(x, Tensor):
            found.append(text)
        elif isinstance(x, (tuple, list)):
            for k, item in enumerate(x):
                visit(item, f"{text}[{k}]")

    visit(args, "args")
    for name, x in kwargs.items():
        visit(x, f"kwargs[{name!r}]")
    return found


class _Written:
    """``plan`` is made of two functions: one takes the arrays of the arguments and wraps the results, the other one computes."""

    def __init__(self, traced: Traced, symbols: list[Tensor], places: list[str], name: str):
        self.symbols = [t for t in symbols if not t.is_parameter]
        self.parameters = [t for t in symbols if t.is_parameter]
        self.writer = writer = Writer()
        self.check(traced)
        given = {id(t): v for t, v in [*zip(self.symbols, traced.inputs), *traced.free]}
        read = [(given[id(t)], place) for t, place in zip(symbols, places) if id(t) in given]
        needed = needed_nodes(traced.outputs, [node for node in traced.nodes if node.may_raise])
        nodes = self.folded([node for node in traced.nodes if node.id in needed])
        self.given = {id(v): f"_in{k}" for k, (v, _) in enumerate(read)}
        writer.names |= self.given
        writer.write(nodes)
        self.lines: list[str] = []
        self.results: list[str] = []  # the arrays that the inner function gives
        self.wrapped: dict[int, str] = {}  # id(Tensor of the trace) -> the Tensor of the call
        self.places = {id(t): place for t, place in zip(symbols, places)}
        self.returned = list({id(t): t for t in tree.tensors(traced.result)}.values())
        shown = self.shown(traced.result)
        self.plan = self.outer(name, [place for _, place in read], shown)

    def check(self, traced: Traced) -> None:
        allowed = {id(p) for p in self.parameters}
        if traced.updates or not allowed.issuperset([id(t) for t, _ in traced.free]):
            raise _NoPlan
        if len(self.symbols) != len(traced.inputs) or any(
            [t._value is not v for t, v in zip(self.symbols, traced.inputs)]
        ):  # changed in place
            raise _NoPlan
        for node in traced.nodes:
            if node.op is compiled_call or not node.op.folds(node.attrs):
                raise _NoPlan

    def folded(self, nodes: Sequence[Node]) -> list[Node]:
        """Without the nodes that read constants only: these become constants."""
        left = []
        for node in nodes:
            if all([v.kind == "constant" for v in node.inputs]) and all([v.size <= FOLDED for v in node.outs]):
                for v, a in zip(node.outs, evaluate(node.op, [v.data for v in node.inputs], node.attrs)):
                    v.kind, v.data = "constant", np.asarray(a)
            else:
                left.append(node)
        return left

    def shown(self, result) -> str:
        """The result of the call, as an expression."""
        if type(result) is tuple or type(result) is list:
            text = "".join([self.shown(x) + ", " for x in result])
            return f"({text})" if type(result) is tuple else f"[{text}]"
        if type(result) is not Tensor:
            raise _NoPlan
        return self.tensor(result)

    def tensor(self, t: Tensor) -> str:
        """The variable that holds what is ``t`` in the trace."""
        if id(t) in self.places:
            return self.places[id(t)]
        if id(t) not in self.wrapped:
            if type(t) is not Tensor or (t._value is None and not t.is_literal):
                raise _NoPlan
            view = t._view if self.shows_others(t) else None
            base = None if view is None else self.tensor(view.base)
            name = self.wrapped[id(t)] = f"t{len(self.wrapped)}"
            self.results.append(self.array(t, view is not None))
            self.lines += [
                f"    {name} = _new(_Tensor)",
                f"    {name}._data = a{len(self.results) - 1}",
                f"    {name}._value = {name}._recorder = None",
            ]
            if view is not None:
                w = self.writer.constant
                self.lines.append(f"    {name}._view = {w(ViewOf)}({w(view.op)}, {base}, {w(view.attrs)})")
        return self.wrapped[id(t)]

    def shows_others(self, t: Tensor) -> bool:
        """Whether a write to ``t`` can be seen elsewhere: in an argument, or in another result."""
        root = t._root()
        return id(root) in self.places or sum([r._root() is root for r in self.returned]) > 1

    def array(self, t: Tensor, is_view: bool) -> str:
        """The data of ``t``, an expression: never the memory of a constant, which a caller could write to."""
        if t._value is None:
            return f"{self.writer.constant(t._data)}.copy()"
        name, copied = self.writer.name_of(t._value), self.may_share_constant(t._value)
        if (copied and is_view) or t._value.kind == "parameter":
            raise _NoPlan
        return f"{name}.copy()" if copied else name

    def may_share_constant(self, v: Value) -> bool:
        """Whether the memory may be that of a constant."""
        if v.kind == "constant":
            return True
        if v.node is None or isinstance(v.node.op, (Elementwise, Reduction)):
            return False
        inputs = v.node.inputs if v.node.op.kind == "view" else [u for u in v.node.inputs if u.size == v.size]
        return any([self.may_share_constant(u) for u in inputs])

    def outer(self, name: str, places: list[str], shown: str):
        writer, file = self.writer, f"{PACKAGE}<plan of {name}>"
        writer.scope |= {"_new": Tensor.__new__, "_Tensor": Tensor, "_quietly": quietly}
        arrays = [f"{place}._data" for place in places]
        results = self.results[0] if len(self.results) == 1 else f"({''.join(a + ', ' for a in self.results)})"
        if writer.may_warn:
            inner = writer.function("inner", list(self.given.values()), results, file)
            writer.lines = []
            results = f"_quietly({', '.join([writer.constant(inner), *arrays])})"
        else:
            writer.lines = [*[f"    {v} = {a}" for v, a in zip(self.given.values(), arrays)], *writer.lines]
        if self.results:
            writer.lines.append(f"    {', '.join(f'a{k}' for k in range(len(self.results)))} = {results}")
        writer.lines += self.lines
        return writer.function("plan", ["args", "kwargs"], shown, file)
