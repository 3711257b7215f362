"""Nested tuples, lists, dicts and dataclasses of Tensors (as JAX's pytrees): flattening and mapping."""

import dataclasses

from .tensor import Tensor


class MutableTuple(tuple):
    """A tuple that ``mutable`` marked: among the inputs of a graph, gradients by all of them include its Tensors."""

    __slots__ = ()


class MutableList(list):
    """A list that ``mutable`` marked."""

    __slots__ = ()


class MutableDict(dict):
    """A dict that ``mutable`` marked."""

    __slots__ = ()


MUTABLE: dict[type, type] = {tuple: MutableTuple, list: MutableList, dict: MutableDict}
MARKED = tuple(MUTABLE.values())


def unmarked(tree):
    """The tree as plain tuples, lists and dicts."""
    if isinstance(tree, tuple):
        items = [unmarked(x) for x in tree]
        return type(tree)(*items) if hasattr(tree, "_fields") else tuple(items)
    if isinstance(tree, list):
        return [unmarked(x) for x in tree]
    if isinstance(tree, dict):
        return {k: unmarked(v) for k, v in tree.items()}
    return tree


def is_leaf(x) -> bool:
    return not isinstance(x, (tuple, list, dict)) and not (dataclasses.is_dataclass(x) and not isinstance(x, type))


def sparse_fields(x) -> tuple[str, ...]:
    """The attributes of a sparse tensor that hold its Tensors; () for all other objects."""
    return getattr(type(x), "tensor_fields", ())


def map_leaves(function, tree):
    """A new tree with ``function`` applied to every leaf."""
    if isinstance(tree, tuple):
        items = [map_leaves(function, x) for x in tree]
        if type(tree) is MutableTuple:
            return MutableTuple(items)
        return type(tree)(*items) if hasattr(tree, "_fields") else tuple(items)
    if isinstance(tree, list):
        items = [map_leaves(function, x) for x in tree]
        return MutableList(items) if type(tree) is MutableList else items
    if isinstance(tree, dict):
        made = {k: map_leaves(function, v) for k, v in tree.items()}
        return MutableDict(made) if type(tree) is MutableDict else made
    fields = sparse_fields(tree)
    if fields:
        return tree.with_tensors(*[map_leaves(function, getattr(tree, name)) for name in fields])
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        return dataclasses.replace(
            tree, **{f.name: map_leaves(function, getattr(tree, f.name)) for f in dataclasses.fields(tree) if f.init}
        )
    return function(tree)


def with_tensors(tree, tensors):
    """``tree`` with other Tensors in place of its own, in order; of an iterator it takes as many as it needs."""
    left = iter(tensors)
    return map_leaves(lambda x: next(left) if isinstance(x, Tensor) else x, tree)


def leaves(tree) -> list:
    """The leaves in order."""
    if isinstance(tree, (tuple, list)):
        return [x for item in tree for x in leaves(item)]
    if isinstance(tree, dict):
        return [x for item in tree.values() for x in leaves(item)]
    fields = sparse_fields(tree)
    if fields:
        return [x for name in fields for x in leaves(getattr(tree, name))]
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        return [x for f in dataclasses.fields(tree) for x in leaves(getattr(tree, f.name))]
    return [tree]


def tensors(tree) -> list[Tensor]:
    return [x for x in leaves(tree) if isinstance(x, Tensor)]
