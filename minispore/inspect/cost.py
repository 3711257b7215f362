"""Operations of nodes and memory traffic of kernel calls, computed from types and shapes."""

from __future__ import annotations

import ast
import math
from functools import lru_cache

from ..core.record import Node
from ..graph.memory import Operand


@lru_cache(maxsize=1024)
def operations(expression: str) -> int:
    """Arithmetic operations, comparisons and function calls in an expression, each counted as one.

    Args:
        expression: str, Python.

    Returns:
        int.

    >>> operations("max(x, 0) * 2 + y")
    3
    """
    counted = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.BoolOp)
    return sum(isinstance(n, counted) for n in ast.walk(ast.parse(expression, mode="eval")))


def _product(node: Node) -> int:
    return 2 * node.outs[0].size * node.inputs[0].shape[-1]


def _convolution(out: int, weight: int) -> int:
    """2 * (elements of the output) * (products per element: the size of the weight divided by its first axis)."""
    return 2 * out * weight


def _per_output(shape) -> int:
    return math.prod(shape[1:])


LIBRARY = {
    "matmul": _product,
    "conv2d": lambda n: _convolution(n.outs[0].size, _per_output(n.inputs[1].shape)),
    "conv2d_input_grad": lambda n: _convolution(n.inputs[0].size, _per_output(n.inputs[1].shape)),
    "conv2d_weight_grad": lambda n: _convolution(n.inputs[1].size, _per_output(n.outs[0].shape)),
}


def flops(node: Node) -> int:
    """Operations of a node; a library op other than a product or convolution counts one for each element of its output.

    Args:
        node: Node.

    Returns:
        int.
    """
    op = node.op
    if op.kind in ("view", "index"):
        return 0
    if op.kind == "elementwise":
        return operations(op.expression) * node.outs[0].size
    if op.kind == "reduction":
        return node.inputs[0].size
    count = LIBRARY.get(op.name)
    return (
        count(node) if count is not None else sum(max(v.size, 0) for v in node.outs)
    )  # a stack that grows has no size


def touched_bytes(operand: Operand) -> int:
    """Bytes of the distinct elements that an operand addresses (a broadcast axis counts once).

    Args:
        operand: Operand.

    Returns:
        int.
    """
    if operand.buffer is None:
        return 0
    n = math.prod(d for d, s in zip(operand.shape, operand.strides) if s != 0)
    return n * operand.dtype.itemsize
