"""PYNATIVE mode on large arrays: an op runs the kernel that it has in GRAPH mode, as an executable of one node.

Executables are found by op, attributes, types and memory order of the inputs; their kernels take sizes as arguments and so
are compiled once ever.  Small arrays are NumPy's (core/op/: ``compiled_from``).
"""

from collections import OrderedDict

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
_C_ORDER: tuple = ()


def run_kernel(op: Op, arrays, attrs: dict):
    """The outputs of ``op`` by its compiled kernel; None where it has to be done by NumPy."""
    if not compiles_pieces():
        return None
    parts: list = [op.name, *[(name, exactly(value)) for name, value in attrs.items()]]
    given = []
    for a in arrays:
        order, a = _in_memory_order(a)
        parts.append((order, a.shape, a.dtype))
        given.append(a)
    key = tuple(parts)
    try:
        executable = _executables.get(key)
    except TypeError:  # an attribute that cannot be a key
        return None
    if executable is None:
        executable = _executables[key] = _executable_of(
            op, [(k[0], a) for k, a in zip(parts[-len(given) :], given)], attrs
        )
        if len(_executables) > KEPT:
            _executables.popitem(last=False)
    else:
        _executables.move_to_end(key)
    try:
        return tuple(executable.run(given))
    except IndexError:
        return None  # NumPy's form of the op says it in its own words, with the user's line


def _in_memory_order(a: np.ndarray):
    """(the order of its axes in memory, the array with its axes in that order); () where that is their own order."""
    if a.flags.c_contiguous:
        return _C_ORDER, a
    order = tuple(sorted(range(a.ndim), key=lambda k: (-abs(a.strides[k]), k)))
    moved = a.transpose(order)
    return (order, moved) if moved.flags.c_contiguous else (_C_ORDER, np.ascontiguousarray(a))


def _executable_of(op: Op, given, attrs: dict) -> Executable:
    from .build import build

    inputs, nodes, values = [], [], []
    for order, a in given:
        value = Value(a.shape, from_np(a.dtype), kind="input")
        inputs.append(value)
        if order:
            perm = tuple(order.index(k) for k in range(len(order)))
            shape = tuple(a.shape[k] for k in perm)
            nodes.append(Node(REGISTRY["transpose"], (value,), {"perm": perm}, [(shape, value.dtype)]))
            value = nodes[-1].outs[0]
        values.append(value)
    nodes.append(Node(op, tuple(values), attrs, op.infer(*values, **attrs)))
    return build(Graph(tuple(inputs), (), (), tuple(nodes), nodes[-1].outs, ()))
