"""The arguments of a call of a compiled function: their kind, their arrays, and what is written back to them."""

from dataclasses import fields as dataclass_fields, is_dataclass

import numpy as np

from ..core import tree
from ..core.errors import fail
from ..core.tensor import Tensor
from ..flow.watch import PLAIN, Identity, exactly
from ..transforms.jit import mutable_array

ndarray = np.ndarray


def traced_leaves(args, kwargs) -> list:
    """The arguments that became inputs of the graph, in order."""
    leaves = tree.leaves((tuple(args), dict(kwargs)))
    return [x for x in leaves if mutable_array(x) is not None or (isinstance(x, Tensor) and not x.is_parameter)]


def types_of(args, kwargs) -> list | None:
    """(shape, type) of each argument, if all are Tensors."""
    if kwargs or not all(type(x) is Tensor for x in args):
        return None
    return [(x._array().shape, x._array().dtype) for x in args]


def flatten(args, kwargs):
    """(contiguous arrays of the Tensors, key of the call)."""
    arrays: list[ndarray] = []
    key: list = []
    for x in args:
        _describe(x, arrays, key)
    for name in kwargs:
        key.append(name)
        _describe(kwargs[name], arrays, key)
    return arrays, tuple(key)


def _parts(x) -> tuple | None:
    """(what describes the structure of a container, its items); None for what is none."""
    fields = tree.sparse_fields(x)
    if fields:
        return (type(x), x.shape), [getattr(x, name) for name in fields]
    if isinstance(x, (tuple, list)):
        return (type(x), len(x)), x
    if isinstance(x, dict):
        return (dict, tuple(x)), x.values()
    if is_dataclass(x) and not isinstance(x, type):
        return type(x), [getattr(x, f.name) for f in dataclass_fields(x) if f.init]
    return None


def _describe(x, arrays, key) -> None:
    """Appends the arrays of an argument, and to the key its structure, the types of Tensors and the values of all else."""
    if isinstance(x, Tensor) and not x.tensor_fields:
        if x.is_parameter:
            key.append(id(x))
            return
        a = x._data
        if a is None:
            a = x._array()
        if not a.flags.c_contiguous:
            a = np.ascontiguousarray(a)
        arrays.append(a)
        key.append(a.shape)
        key.append(a.dtype)
        return
    parts = _parts(x)
    if parts is not None:
        structure, items = parts
        key.append(structure)
        for item in items:
            _describe(item, arrays, key)
    elif isinstance(x, ndarray):
        raise fail(
            TypeError,
            "Cells and compiled functions take Tensors, numbers and plain Python values, but got a numpy.ndarray; wrap it: Tensor(array).",
        )
    elif (number := mutable_array(x)) is not None:
        arrays.append(number)
        key.append(type(x))
    else:
        try:
            hash(x)
        except TypeError:
            x = Identity(x)  # what it holds is compared by the Watch
        key.append(exactly(x) if isinstance(x, PLAIN) else (type(x), x))


def overlap(entry, args, kwargs) -> bool:
    """Whether an argument that the function changes shares memory with another, or with a Parameter or Tensor that it reads."""
    graph = entry.executable.graph
    others = [*traced_leaves(args, kwargs), *(p for p, _ in graph.parameters), *(t for t, _ in graph.captures)]
    arrays = [t._array() if isinstance(t, Tensor) else None for t in others]
    return any(
        j != k and a is not None and arrays[k] is not None and np.may_share_memory(arrays[k], a)
        for k in entry.written
        for j, a in enumerate(arrays)
    )


def write_arguments(entry, args, kwargs, outputs) -> None:
    """Gives Tensors among the arguments the values that the function wrote to them, in their own memory where it may be."""
    leaves = traced_leaves(args, kwargs)
    for k, new in zip(entry.written, outputs[len(outputs) - len(entry.written) :]):
        tensor = leaves[k]
        if not isinstance(tensor, Tensor):  # a number that ``mutable`` made an input
            continue
        if tensor._array().flags.writeable and tensor._data.dtype == new.dtype:
            np.copyto(tensor._data, new)
        else:
            tensor._data = new
