"""The op ``cond``: runs one of several graphs (its branches), chosen by an index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..autodiff import backward
from ..core.dtype import int64
from ..core.ir import Graph
from ..core.op import as_tensor, tensor_of, to, value_of
from ..core.record import Value, current_recorder
from ..core.tensor import Tensor
from ..ops.creation import zeros
from .control import Control, ancestors, array_of, intermediates, interpret, rebind, scattered, split
from .subgraph import Traced, bring_in, graphs_of, trace_inside


# ---------------------------------------------------------------- signature
class CondInputs(NamedTuple):
    index: Any  # the number of the branch that runs; clamped to the existing ones
    operands: Sequence  # the inputs of every branch


class CondOutputs(NamedTuple):
    results: Sequence  # the outputs of the branch that ran
    intermediates: Sequence[Sequence]  # for each branch, what its nodes computed; zeros if it did not run


@dataclass(frozen=True)
class CondSignature:
    """The order of a ``cond`` node's inputs and outputs: ``CondSignature(**node.attrs)``."""

    branches: tuple[Graph, ...]

    def inputs(self, values: Sequence) -> CondInputs:
        return CondInputs(values[0], values[1:])

    def outputs(self, values: Sequence) -> CondOutputs:
        sizes = [len(intermediates(b)) for b in self.branches]
        results, *found, _ = split(values, len(self.branches[0].outputs), *sizes)
        return CondOutputs(results, found)

    def output_list(self, results: Sequence, intermediates: Sequence[Sequence]) -> list:
        return [*results, *(x for of_branch in intermediates for x in of_branch)]

    def inner_inputs(self, graph: str, operands: Sequence[str], results: dict[str, list[str]]) -> list[str]:
        """The inputs of a branch in the names of the graph around it (see ``LoopSignature``)."""
        return list(self.inputs(operands).operands)


# ---------------------------------------------------------------- types and value
def _cond_types(*inputs, branches):
    def types(values):
        return [(v.shape, v.dtype) for v in values]

    return CondSignature(branches).output_list(
        types(branches[0].outputs), [types(intermediates(branch)) for branch in branches]
    )


def _cond_numpy(*inputs, branches):
    cond = CondSignature(branches)
    index, operands = cond.inputs(inputs)
    chosen = min(max(int(index), 0), len(branches) - 1)
    values = interpret(branches[chosen], operands)
    results = [array_of(v, values) for v in branches[chosen].outputs]
    found = [
        [values[id(v)] if k == chosen else np.zeros(v.shape, v.dtype.np) for v in intermediates(b)]
        for k, b in enumerate(branches)
    ]
    return tuple(cond.output_list(results, found))


# ---------------------------------------------------------------- gradient
def _cond_vjp(needs, grads, outs, inputs, branches):
    """Another ``cond`` with the same index: branch k computes the gradients of branch k."""
    cond = CondSignature(branches)
    index, operands = cond.inputs(inputs)
    made, grad = cond.outputs(outs), cond.outputs(grads)
    seeds = [  # of each branch: (value, its gradient)
        [(v, g) for v, g in zip([*b.outputs, *intermediates(b)], [*grad.results, *of_branch]) if g is not None]
        for b, of_branch in zip(branches, grad.intermediates)
    ]
    reached = set().union(*(ancestors(b, [v for v, _ in pairs]) for b, pairs in zip(branches, seeds)))
    wanted = [
        k
        for k, need in enumerate(cond.inputs(needs).operands)
        if need and any(id(b.inputs[k]) in reached for b in branches)
    ]
    if not wanted:
        return [None] * len(inputs)
    traces = [
        _branch_gradient(branch, wanted, pairs, operands, saved)
        for branch, pairs, saved in zip(branches, seeds, made.intermediates)
    ]
    return [None, *scattered(_run_cond(index, traces), wanted, len(operands))]


def _branch_gradient(branch, wanted, seeds, operands, saved) -> Traced:
    """The gradients of the ``wanted`` operands of one branch.  ``saved``: its intermediate values from the forward run."""
    wrt = [branch.inputs[k] for k in wanted]

    def gradient():
        found = backward(current_recorder(), [v for v, _ in seeds], [g for _, g in seeds], wrt)
        return [zeros(v.shape, v.dtype) if g is None else g for g, v in zip(found, wrt)]

    traced = trace_inside(gradient)
    outside = {id(v): t for v, t in zip([*branch.inputs, *intermediates(branch)], [*operands, *saved])}

    def find(v, inner):
        if id(v) in outside:
            traced.free.append((outside[id(v)], inner))
        return id(v) in outside

    bring_in(traced, find)
    return traced


# ---------------------------------------------------------------- the op
cond_op = Control("cond", CondSignature, _cond_numpy, _cond_types, _cond_vjp)


def _run_cond(index: Tensor, traces: list[Traced]) -> list[Tensor]:
    """The results of the branch that ``index`` names."""
    branches, operands = graphs_of(traces)
    if not branches[0].outputs and not any(n.may_raise or n.ordered for b in branches for n in b.nodes):
        return []  # nothing comes of it: no result, and no branch prints, may raise or waits for other processes
    outs = cond_op(index, *operands, branches=tuple(branches))
    outs = outs if isinstance(outs, tuple) else (outs,)
    return list(CondSignature(tuple(branches)).outputs(outs).results)


def choose(index: Tensor, functions: Sequence[Callable[[], list[Tensor]]]) -> list[Tensor]:
    """What the function with the number ``index`` returns; Parameters that it assigns to take their new values.

    All functions return as many Tensors, of the same types.
    """
    return choose_traced(index, [trace_inside(f) for f in functions])


def choose_traced(index: Tensor, traces: list[Traced]) -> list[Tensor]:
    """``choose`` between functions that have been traced.

    A Parameter that some branches assign to is an output of all of them: where a branch does not, its old value.
    """
    parameters = list({id(p): p for t in traces for p in t.updates}.values())
    for t in traces:
        n = len(t.outputs) - len(t.updates)
        new = {id(p): v for p, v in zip(t.updates, t.outputs[n:])}
        t.outputs = t.outputs[:n]
        for p in parameters:
            if id(p) in new:
                t.outputs.append(new[id(p)])
            else:
                inner = Value(p.shape, p.dtype, kind="input")
                t.free.append((tensor_of(current_recorder(), value_of(current_recorder(), p)), inner))
                t.outputs.append(inner)
    found = _run_cond(to(as_tensor(index), int64).reshape(()), traces)
    n = len(found) - len(parameters)
    for p, tensor in zip(parameters, found[n:]):
        rebind(p, tensor)
    return found[:n]
