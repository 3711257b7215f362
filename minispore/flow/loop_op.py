"""The op ``loop``: runs a graph (its body) again and again.

The body takes the carried values (the state), one row of each stacked input, and constants; it returns the new state and
one row of each stacked output.  It runs ``length`` iterations ("turns"), or as long as a second graph, the condition,
gives a number other than 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ..autodiff import backward
from ..core import tree
from ..core.dtype import int64
from ..core.ir import Graph, view_source
from ..core.op import tensor_of, to, value_of
from ..core.record import Value, current_recorder
from ..core.tensor import Tensor
from ..ops.creation import zeros
from ..ops.effects import for_examples
from ..ops.movement import reshape, swapaxes
from ..ops.products import matmul
from .control import (
    UNKNOWN,
    Control,
    ancestors,
    array_of,
    intermediates,
    interpret,
    rebind,
    scattered,
    split,
)
from .subgraph import Traced, bring_in, graphs_of, trace_inside

MOST_COPIES = 4  # a product of a gradient has few terms if its factors have at most so many times its elements


# ---------------------------------------------------------------- signature
class LoopInputs(NamedTuple):
    state: Sequence  # the carried values at the start
    xs: Sequence  # stacked inputs: each turn reads one row
    count: Any  # the number of turns where only the running step knows it, else None
    consts: Sequence  # what body and condition read from outside, the same in all turns


class LoopOutputs(NamedTuple):
    final: Sequence  # the carried values at the end
    ys: Sequence  # the stacked results of the body
    turns: Any  # how many turns were taken
    states: Sequence  # stacked: the carried values at the start of each turn
    intermediates: Sequence  # stacked: what the nodes of the body computed in each turn

    @property
    def stacked(self) -> list:
        """All outputs with a row for each turn, in the order of ``LoopSignature.stacked``."""
        return [*self.ys, *self.states, *self.intermediates]


class BodyInputs(NamedTuple):
    state: Sequence[Value]
    rows: Sequence[Value]  # one of each of ``xs``
    consts: Sequence[Value]


class BodyOutputs(NamedTuple):
    state: Sequence[Value]
    rows: Sequence[Value]  # one of each of ``ys``


@dataclass(frozen=True)
class LoopSignature:
    """The order of a ``loop`` node's inputs and outputs: ``LoopSignature(**node.attrs)``.

    Turn t reads and writes row t of each stack, or row ``turns - 1 - t`` of a ``reverse`` loop.
    """

    body: Graph
    condition: Graph | None  # takes the state and the constants; None: the number of turns is given
    carried: int  # how many values are carried
    rows: int  # how many stacked inputs there are
    length: int  # the number of turns, if it is known before the step runs, else UNKNOWN
    reverse: bool  # whether rows are taken from the last to the first

    @property
    def attrs(self) -> dict[str, Any]:
        """The attributes of a node with this signature."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def counted(self) -> bool:
        """Whether the number of turns is an input."""
        return self.condition is None and self.length == UNKNOWN

    def inputs(self, values: Sequence) -> LoopInputs:
        state, xs, count, consts = split(values, self.carried, self.rows, int(self.counted))
        return LoopInputs(state, xs, count[0] if self.counted else None, consts)

    def input_list(self, state, xs, count, consts) -> list:
        return [*state, *xs, *([count] if self.counted else ()), *consts]

    @cached_property
    def body_inputs(self) -> BodyInputs:
        return BodyInputs(*split(self.body.inputs, self.carried, self.rows))

    @cached_property
    def body_outputs(self) -> BodyOutputs:
        return BodyOutputs(*split(self.body.outputs, self.carried))

    @cached_property
    def intermediates(self) -> list[Value]:
        return intermediates(self.body)

    @property
    def stacked(self) -> list[Value]:
        """The values of the body of which the stacked outputs hold a row for each turn."""
        return [*self.body_outputs.rows, *self.body_inputs.state, *self.intermediates]

    def outputs(self, values: Sequence) -> LoopOutputs:
        sizes = self.carried, len(self.body_outputs.rows), 1, self.carried
        final, ys, (turns,), states, found = split(values, *sizes)
        return LoopOutputs(final, ys, turns, states, found)

    def output_list(self, final: Sequence, stacked: Sequence, turns) -> list:
        """``stacked``: one thing for each of ``self.stacked``."""
        ys, saved = split(stacked, len(self.body_outputs.rows))
        return [*final, *ys, turns, *saved]

    def inner_inputs(self, graph: str, operands: Sequence[str], results: dict[str, list[str]]) -> list[str]:
        """The inputs of an inner graph ("body" or "condition") in the names of the graph around it, for a reader.

        ``operands``: the names of the node's inputs; ``results``: of each inner graph, the names of its outputs.
        """
        given = self.inputs(operands)
        state = [f"{start}, later {after}" for start, after in zip(given.state, results["body"])]
        rows = [f"a row of {x}" for x in given.xs] if graph == "body" else []
        return [*state, *rows, *given.consts]


# ---------------------------------------------------------------- types and value
def _loop_types(*inputs, **attrs):
    loop = LoopSignature(**attrs)
    final = [(v.shape, v.dtype) for v in loop.inputs(inputs).state]
    stacked = [((loop.length, *v.shape), v.dtype) for v in loop.stacked]
    return loop.output_list(final, stacked, ((), int64))


def _loop_numpy(*inputs, **attrs):
    loop = LoopSignature(**attrs)
    state, xs, count, consts = loop.inputs(inputs)
    total = loop.length if count is None else int(count)
    turns: list[list[np.ndarray]] = []  # of each turn, a row of every stacked output
    while _goes_on(loop, state, consts, len(turns), total):
        row = total - 1 - len(turns) if loop.reverse else len(turns)
        values = interpret(loop.body, [*state, *(x[row] for x in xs), *consts])
        turns.append([np.array(array_of(v, values)) for v in loop.stacked])
        state = [array_of(v, values) for v in loop.body_outputs.state]
    in_order = turns[::-1] if loop.reverse else turns
    stacked = [
        np.stack([rows[k] for rows in in_order]) if turns else np.zeros((0, *v.shape), v.dtype.np)
        for k, v in enumerate(loop.stacked)
    ]
    return tuple(loop.output_list(state, stacked, np.asarray(len(turns))))


def _goes_on(loop: LoopSignature, state, consts, turns: int, total: int) -> bool:
    """Whether there is another turn after ``turns`` of them."""
    if loop.condition is None:
        return turns < total
    return bool(array_of(loop.condition.outputs[0], interpret(loop.condition, [*state, *consts])))


# ---------------------------------------------------------------- gradient
class _Wanted(NamedTuple):
    """The inputs of the body for which the gradient loop computes gradients, as numbers within each kind."""

    state: list[int]
    consts: list[int]
    rows: list[int]

    def values(self, loop: LoopSignature) -> list[Value]:
        """The same as values of the body, in this order."""
        inputs = loop.body_inputs
        return [
            *(inputs.state[k] for k in self.state),
            *(inputs.consts[k] for k in self.consts),
            *(inputs.rows[k] for k in self.rows),
        ]


def _loop_vjp(needs, grads, outs, inputs, **attrs):
    """Another ``loop`` over the same turns in the opposite order.

    It carries the gradients of the state, and the sums of the gradients of the constants.  Each turn reads, as rows, the
    gradients of the stacked outputs, and what the forward turn read or computed.  Its rows of results are the gradients
    of ``xs``.  For ``s = w * s + x``, three turns, and the gradient g of the final s::

        forward                                  gradient (reverse)
        s1 = w * s0 + x0                         dx2 = g     dw  = g * s2        g2 = w * g
        s2 = w * s1 + x1                         dx1 = g2    dw += g2 * s1       g1 = w * g2
        s3 = w * s2 + x2                         dx0 = g1    dw += g1 * s0       g0 = w * g1, the gradient of s0

    s0, s1, s2 are the rows of the output ``states``.
    """
    loop = LoopSignature(**attrs)
    given, made, grad = loop.inputs(inputs), loop.outputs(outs), loop.outputs(grads)
    row_seeds = [(v, g) for v, g in zip(loop.stacked, grad.stacked) if g is not None]
    seeded_rows, row_grads = [v for v, _ in row_seeds], [g for _, g in row_seeds]
    wanted = _wanted(loop, loop.inputs(needs), grad.final, seeded_rows)
    state_grads = [
        grad.final[k] if grad.final[k] is not None else zeros(given.state[k].shape, given.state[k].dtype)
        for k in wanted.state
    ]
    sums = [zeros(given.consts[k].shape, given.consts[k].dtype) for k in wanted.consts]
    traced, products = _gradient_turn(loop, wanted, seeded_rows, state_grads, sums)
    sums = [s for k, s in enumerate(sums) if k not in products]
    saved = _saved_rows(traced, loop, given, made)
    found = _run_loop(
        traced, None, [*state_grads, *sums], [*row_grads, *(stack for stack, _ in saved)], [row for _, row in saved],
        loop.length, not loop.reverse, made.turns if loop.length == UNKNOWN else None,
    )  # fmt: skip
    of_state, summed, of_xs, factors = split(found, len(wanted.state), len(sums), len(wanted.rows))
    rest = iter(summed)
    of_consts = [
        _product_of_stacks(factors, *products[k]) if k in products else next(rest) for k in range(len(wanted.consts))
    ]
    return loop.input_list(
        scattered(of_state, wanted.state, len(given.state)),
        scattered(of_xs, wanted.rows, len(given.xs)),
        None,
        scattered(of_consts, wanted.consts, len(given.consts)),
    )


def _wanted(loop: LoopSignature, needs: LoopInputs, final_grads, seeded_rows: list[Value]) -> _Wanted:
    """What the gradient has to reach.

    A carried value may get its gradient from a later turn, through other carried values: the set of those that have one
    grows until another turn adds nothing.
    """
    body_in, body_out = loop.body_inputs, loop.body_outputs
    has_gradient = current_recorder().has_gradient
    possible = [k for k, v in enumerate(body_in.state) if has_gradient(v.dtype)]
    state = {k for k in possible if final_grads[k] is not None}
    while True:
        reached = ancestors(loop.body, [*seeded_rows, *(body_out.state[k] for k in state)])
        grown = state | {k for k in possible if id(body_in.state[k]) in reached}
        if grown == state:
            break
        state = grown
    return _Wanted(
        sorted(state),
        [k for k, v in enumerate(body_in.consts) if needs.consts[k] and id(v) in reached],
        [k for k, v in enumerate(body_in.rows) if needs.xs[k] and id(v) in reached],
    )


def _gradient_turn(loop: LoopSignature, wanted: _Wanted, seeded_rows, state_grads, sums) -> tuple[Traced, dict]:
    """One turn of the gradient loop: (gradients of the state, sums, a row of each stack of gradients) ->
    (gradients of the state before the turn, sums, gradients of the rows that the turn read, factors).

    The gradient of a weight is often a product with few terms, ``x.T @ g``.  Its sum over all turns is one product of the
    stacks of x and g: the turn gives the two factors, and nothing is summed.  Also returned: which of ``sums`` these are,
    with the position of x among the factors, and whether the gradient is the transposed product.
    """
    wrt = wanted.values(loop)
    products: dict[int, tuple[int, bool]] = {}
    seeded = [*(loop.body_outputs.state[k] for k in wanted.state), *seeded_rows]

    def gradient(*given):
        of_state, sums, of_rows = split(given, len(wanted.state), len(wanted.consts))
        found = backward(current_recorder(), seeded, [*of_state, *of_rows], wrt)
        found = [zeros(v.shape, v.dtype) if g is None else g for g, v in zip(found, wrt)]
        of_state, of_consts, of_xs = split(found, len(wanted.state), len(wanted.consts))
        kept: list[Tensor] = []
        factors: list[Tensor] = []
        for k, (s, g) in enumerate(zip(sums, of_consts)):
            product = _few_terms(g) if loop.length != UNKNOWN else None
            if product is None:
                kept.append(s + g)
            else:
                products[k] = len(factors), product[2]
                factors += product[:2]
        return [*of_state, *kept, *of_xs, *factors]

    rows = [tensor_of(current_recorder(), Value(v.shape, v.dtype)) for v in seeded_rows]
    traced = trace_inside(gradient, [*state_grads, *sums, *rows])
    first = len(state_grads)
    traced.inputs = [v for k, v in enumerate(traced.inputs) if k - first not in products]
    return traced, products


def _few_terms(g: Tensor) -> tuple[Tensor, Tensor, bool] | None:
    """(x, y, transposed) where ``g`` is ``x.T @ y``, or its transpose, and copies of x and y cost less than adding g to a sum."""
    recorder = current_recorder()
    node, transposed = value_of(recorder, g).node, False
    if node is not None and node.op.name == "transpose" and node.attrs["perm"] == (1, 0):
        node, transposed = node.inputs[0].node, True
    if node is None or node.op.name != "matmul" or g.ndim != 2 or g.dtype.itemsize < 4:
        return None
    x, y = (tensor_of(recorder, v) for v in node.inputs)
    (m, k), n = x.shape, y.shape[1]
    return (swapaxes(x, 0, 1), y, transposed) if 0 < k * (m + n) <= MOST_COPIES * m * n else None


def _product_of_stacks(factors: Sequence[Tensor], at: int, transposed: bool) -> Tensor:
    """The sum over all turns of ``x.T @ y``, where ``factors[at]`` is the stack of x and the next one that of y."""
    x, y = (reshape(s, (s.shape[0] * s.shape[1], s.shape[2])) for s in factors[at : at + 2])
    return matmul(swapaxes(y, 0, 1), x) if transposed else matmul(swapaxes(x, 0, 1), y)


def _saved_rows(traced: Traced, loop: LoopSignature, given: LoopInputs, made: LoopOutputs) -> list[tuple]:
    """Lets the gradient turn read what the forward turn read and computed: [(stack, its row inside)].

    Constants become free inputs.  What is in no stack is computed again, and so are views of what the body was given:
    the transpose of a weight, for example, is not written to a stack in each turn.
    """
    inputs = {id(v) for v in loop.body.inputs}
    stacks = {id(v): x for v, x in zip(loop.body_inputs.rows, given.xs)}
    stacks.update((id(v), s) for v, s in zip(loop.body_inputs.state, made.states))
    stacks.update((id(v), s) for v, s in zip(loop.intermediates, made.intermediates))
    consts = {id(v): x for v, x in zip(loop.body_inputs.consts, given.consts)}
    saved: list[tuple[Tensor, Value]] = []

    def find(v, inner):
        if id(v) in consts:
            traced.free.append((consts[id(v)], inner))
        elif id(v) in stacks and (id(v) in inputs or id(_shown(v)) not in inputs):
            saved.append((stacks[id(v)], inner))
        else:
            return False
        return True

    bring_in(traced, find)
    return saved


def _shown(v: Value) -> Value:
    """The value whose elements ``v`` shows as they are."""
    while (source := view_source(v)).node is not None and source.node.op is for_examples:
        v = source.node.inputs[0]
    return source


# ---------------------------------------------------------------- the op
loop_op = Control("loop", LoopSignature, _loop_numpy, _loop_types, _loop_vjp)


def _run_loop(traced: Traced, condition: Traced | None, state, xs, more_rows, length, reverse, count=None) -> list[Tensor]:  # fmt: skip
    """The final state, then ``ys``.

    The inputs of ``traced`` stand for the state and the first of ``xs``; ``more_rows`` for the others.
    """
    (body, *test), operands = graphs_of([traced] if condition is None else [traced, condition], more_rows)
    loop = LoopSignature(body, test[0] if test else None, len(state), len(xs), length, reverse)
    outs = loop_op(*loop.input_list(state, xs, count, operands), **loop.attrs)
    made = loop.outputs(outs if isinstance(outs, tuple) else (outs,))
    return [*made.final, *made.ys]


def repeat(state: list[Tensor], body: Callable, condition: Callable | None = None, xs: Sequence[Tensor] = (),
           length: int = UNKNOWN, reverse=False, count: Tensor | None = None) -> tuple[list[Tensor], list[Tensor]]:  # fmt: skip
    """Runs ``body(state, rows) -> (state, rows of results)`` as long as ``condition(state)``, or ``length`` turns.

    ``count``: the number of turns, where only the running step knows it; ``xs`` are then stacks that an earlier loop made.
    The types of the state do not change.  Parameters that the body assigns to are carried too.

    Returns (state at the end, stacked results).
    """
    recorder = current_recorder()
    pieces = [tensor_of(recorder, Value(x.shape[1:], x.dtype)) for x in xs]
    n = len(state)
    traced = trace_inside(lambda s, r: body(s, r), (list(state), pieces))
    test = None if condition is None else trace_inside(lambda s: [to(condition(s), int64)], (list(state),))
    if condition is not None and test is not None and test.updates:
        return _repeat_with_carried_test(state, body, condition), []
    results = len(traced.outputs) - len(traced.updates)
    inner_state, inner_rows = split(traced.inputs, n)
    carried = list(state)
    for p in traced.updates:
        now = value_of(recorder, p)
        carried.append(tensor_of(recorder, now))
        inner_state.append(_take(traced, now))
        if test is not None:
            test.inputs.append(_take(test, now))
    new_state, rows, updates = split(traced.outputs, n, results - n)
    traced.inputs, traced.outputs = [*inner_state, *inner_rows], [*new_state, *updates, *rows]
    found = _run_loop(traced, test, carried, list(xs), [], length, reverse, count)
    final, assigned, ys = split(found, n, len(traced.updates))
    for p, tensor in zip(traced.updates, assigned):
        rebind(p, tensor)
    return final, ys


def _repeat_with_carried_test(state, body: Callable, condition: Callable) -> list[Tensor]:
    """``repeat`` for a condition that assigns to Parameters, as one that draws random numbers does: it is evaluated
    before the loop and at the end of each turn, and its result is carried."""

    def turn(s, rows):
        after = tree.tensors(body(s[:-1], rows))
        return [*after, to(condition(after), int64)]

    found, _ = repeat([*state, to(condition(list(state)), int64)], turn, lambda s: s[-1])
    return found[:-1]


def _take(traced: Traced, outer: Value) -> Value:
    """Makes a free value an input: removes it from ``traced.free`` and returns the value that stands for it inside."""
    for k, (tensor, inner) in enumerate(traced.free):
        if value_of(current_recorder(), tensor) is outer:
            del traced.free[k]
            return inner
    return Value(outer.shape, outer.dtype, kind="input")
