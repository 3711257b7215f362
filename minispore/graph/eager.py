"""PYNATIVE mode on large arrays: an op runs the kernel that it has in GRAPH mode, as an executable of one node.

Executables are found by op, attributes, types and memory order of the inputs; their kernels take sizes as arguments and so
are compiled once ever.  Small arrays are NumPy's (core/op/: ``compiled_from``).
"""

from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from ..core.context import compiles_pieces
from ..core.dtype import from_np
from ..core.ir import Graph
from ..core.op import REGISTRY, Op
from ..core.record import Node, Value
from ..flow.watch import exactly
from .executable import Executable

KEPT = 512  # executables; the least recently used go first
_executables: OrderedDict[tuple, Executable] = OrderedDict()


def run_kernel(op: Op, arrays, attrs: dict):
    """The outputs of ``op`` by its compiled kernel; None where it has to be done by NumPy."""
    if not compiles_pieces():
        return None
    parts: list = [op.name]
    for name, value in attrs.items():
        parts += (name, exactly(value))
    given = []
    for a in arrays:
        if a.flags.c_contiguous:
            parts += (a.shape, a.dtype)
        else:
            layout, a = _layout_of(a)
            parts.append(layout)
        given.append(a)
    key = tuple(parts)
    try:
        executable = _executables.get(key)
    except TypeError:  # an attribute that cannot be a key
        return None
    if executable is None:
        executable = _executables[key] = _executable_of(op, [_layout_of(a)[0] for a in arrays], attrs)
        if len(_executables) > KEPT:
            _executables.popitem(last=False)
    else:
        _executables.move_to_end(key)
    try:
        return tuple(executable.run(given))
    except IndexError:
        return None  # NumPy's form of the op says it in its own words, with the user's line


class Layout(NamedTuple):
    """How an array lies in memory: the order of its axes, () where that is their own; its shape in that order; and where it is a part
    of an array without gaps that begins with it, the shape of that one and the distance of elements along its last axis."""

    order: tuple
    shape: tuple
    dtype: np.dtype
    around: tuple = ()
    step: int = 1


def _layout_of(a: np.ndarray) -> tuple[Layout, np.ndarray]:
    """(its layout, the array): a kernel reads views where they are.  One that no layout describes is copied."""
    if a.flags.c_contiguous:
        return Layout((), a.shape, a.dtype), a
    order = tuple(sorted(range(a.ndim), key=lambda k: (-abs(a.strides[k]), k)))
    moved = a.transpose(order)
    if moved.flags.c_contiguous:
        return Layout(order, moved.shape, a.dtype), moved
    around, step = _around(moved)
    if around:
        return Layout(order, moved.shape, a.dtype, around, step), a
    return Layout((), a.shape, a.dtype), np.ascontiguousarray(a)


def _around(a: np.ndarray) -> tuple[tuple, int]:
    """For an array whose axes are in the order of memory, (the shape of the array around it, the step along the last axis); ((), 1)
    where there is none.  The end of what is around may lie outside of the memory: only the part is read."""
    step, rest = divmod(a.strides[-1], a.itemsize)
    if rest or step < 1:
        return (), 1
    shape = [a.shape[0]]
    for outer, inner, size in zip(a.strides, a.strides[1:], a.shape[1:]):
        count, rest = divmod(outer, inner)
        if rest or count < size:
            return (), 1
        shape.append(count)
    shape[-1] *= step
    return tuple(shape), step


def _executable_of(op: Op, layouts: list[Layout], attrs: dict) -> Executable:
    from .build import build

    inputs, nodes, values = [], [], []

    def viewed(name: str, value: Value, shape: tuple, **view) -> Value:
        nodes.append(Node(REGISTRY[name], (value,), view, [(shape, value.dtype)]))
        return nodes[-1].outs[0]

    for at in layouts:
        value = Value(at.around or at.shape, from_np(at.dtype), kind="input")
        inputs.append(value)
        if at.around:
            steps = (1,) * (len(at.shape) - 1) + (at.step,)
            value = viewed("slice", value, at.shape, begin=(0,) * len(at.shape), step=steps, size=at.shape)
        if at.order:
            perm = tuple(at.order.index(k) for k in range(len(at.order)))
            value = viewed("transpose", value, tuple(at.shape[k] for k in perm), perm=perm)
        values.append(value)
    nodes.append(Node(op, tuple(values), attrs, op.infer(*values, **attrs)))
    return build(Graph(tuple(inputs), (), (), tuple(nodes), nodes[-1].outs, ()))
