"""Rewrite rules: how they are registered, and those of identities, casts, numbers and views.

A rule is a small named function (node, inputs, uses) -> the Value that replaces the node's result, or None where it
does not apply.  ``inputs`` are what the node's inputs have been rewritten to; ``uses(value)`` is how often one is read.
"""

from collections import defaultdict
from collections.abc import Callable

from ..core.ir import make
from ..core.op import REGISTRY, broadcast_shapes
from ..core.record import Node, Value
from ..core.sizes import array_of

RULES: dict[str, list[Callable]] = defaultdict(list)
LAST: dict[str, list[Callable]] = defaultdict(list)  # those of the last pass: other passes look for what they replace
ELEMENTWISE = "elementwise"
SHORTEST_ROW = 16  # elements: shorter ones are not added by whole vectors


def rule(*ops: str, rules: dict[str, list[Callable]] = RULES):
    """Registers a rewrite of nodes of these ops ("elementwise" for all elementwise ones)."""

    def register(function):
        for name in ops:
            rules[name].append(function)
        return function

    return register


def scalar_of(v: Value):
    """The number that a constant holds in all its elements, or None."""
    return v.data.item() if v.kind == "constant" and v.size == 1 else None


def constant(value, dtype) -> Value:
    return Value((), dtype, data=array_of(value, dtype.np), kind="constant")


def if_same_type(node: Node, v: Value):
    """``v`` if it has the type of the node's result, else None."""
    return v if v.shape == node.outs[0].shape and v.dtype == node.outs[0].dtype else None


@rule("identity", "stop_gradient", "assigned", "for_examples")
def drop_identity(node, inputs, uses):
    return inputs[0]


@rule("custom_gradient")
def drop_custom_gradient(node, inputs, uses):
    """The node that carries a custom gradient is an identity once the gradient is recorded."""
    return inputs[0] if node.attrs["outputs"] == 1 else None


@rule("cast")
def drop_or_fold_cast(node, inputs, uses):
    x = inputs[0]
    if x.dtype == node.attrs["dtype"]:
        return x
    if x.kind == "constant" and x.size == 1:
        return Value(x.shape, node.attrs["dtype"], data=node.op.evaluate(x.data, **node.attrs)[0], kind="constant")
    return None


@rule("mul")
def multiply_by_one(node, inputs, uses):
    x, y = inputs
    return (if_same_type(node, y) if scalar_of(x) == 1 else None) or (
        if_same_type(node, x) if scalar_of(y) == 1 else None
    )


@rule("add")
def add_zero(node, inputs, uses):
    x, y = inputs
    return (if_same_type(node, y) if scalar_of(x) == 0 else None) or (
        if_same_type(node, x) if scalar_of(y) == 0 else None
    )


@rule("sub")
def subtract_zero(node, inputs, uses):
    return if_same_type(node, inputs[0]) if scalar_of(inputs[1]) == 0 else None


@rule("true_div")
def divide_by_one(node, inputs, uses):
    return if_same_type(node, inputs[0]) if scalar_of(inputs[1]) == 1 else None


@rule("mul")
def join_factors(node, inputs, uses):
    """(x * c) * d -> x * (c * d)"""
    for x, c in (inputs, inputs[::-1]):
        inner = x.node
        if c.kind == "constant" and c.size == 1 and inner is not None and inner.op.name == "mul" and x.dtype.is_float:
            for y, d in (inner.inputs, inner.inputs[::-1]):
                if d.kind == "constant" and d.size == 1 and y.shape == x.shape:
                    product = constant(c.data.item() * d.data.item(), x.dtype)
                    return make(node.op, (y, product), {}, node)
    return None


@rule("neg")
def negate_twice(node, inputs, uses):
    inner = inputs[0].node
    return inner.inputs[0] if inner is not None and inner.op.name == "neg" else None


@rule("reshape")
def join_reshapes(node, inputs, uses):
    x = inputs[0]
    if x.shape == node.attrs["shape"]:
        return x
    if x.node is not None and x.node.op.name == "reshape":
        y = x.node.inputs[0]
        return y if y.shape == node.attrs["shape"] else make(node.op, (y,), node.attrs, node)
    return None


@rule("transpose")
def join_transposes(node, inputs, uses):
    x, perm = inputs[0], node.attrs["perm"]
    if perm == tuple(range(len(perm))):
        return x
    if x.node is not None and x.node.op.name == "transpose":
        inner = x.node.attrs["perm"]
        joint = tuple(inner[p] for p in perm)
        y = x.node.inputs[0]
        return y if joint == tuple(range(len(joint))) else make(node.op, (y,), {"perm": joint}, node)
    return None


@rule("broadcast_to")
def drop_broadcast(node, inputs, uses):
    return if_same_type(node, inputs[0])


@rule(ELEMENTWISE)
def broadcast_implicitly(node, inputs, uses):
    """Elementwise ops broadcast by themselves: they read the operand before ``broadcast_to``.  Where all operands are
    broadcast, the op is computed on the small ones, and its result is broadcast."""
    for v in inputs:
        if v.node is not None and v.node.op.name == "broadcast_to":
            break
    else:
        return None
    bare = [v.node.inputs[0] if v.node is not None and v.node.op.name == "broadcast_to" else v for v in inputs]
    shape = broadcast_shapes(node.op.name, [v.shape for v in bare])
    if shape == node.outs[0].shape:
        return make(node.op, bare, node.attrs, node)
    if len(shape) != len(node.outs[0].shape) and shape != ():
        return None
    small = make(node.op, bare, node.attrs, node)
    return make(REGISTRY["broadcast_to"], (small,), {"shape": node.outs[0].shape}, node)
