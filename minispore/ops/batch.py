"""Batch rules: how an op is applied to many examples at once; ``vmap`` asks the op's definition for its rule.

``rule(op, size, tensors, batched, attrs)`` gives the outputs of ``op`` for ``size`` examples.  ``batched`` says which
of the ``tensors`` (at least one) have an axis of examples, always axis 0; the others are the same for all examples.
Every output has the examples on axis 0; one that is the same for all may come as ``Same(tensor)``.

Where the examples part at a condition, both branches run for all of them, and a loop until the last one is done.  An op that
must not see the others, as it might fail or not end for them, has ``takes_mask``: its rule has a further argument ``mask``,
(size,) bools that say which examples take part, or None for all.  It is called where only the mask is mapped, too.
"""

from typing import NamedTuple

from ..core.op import REGISTRY, apply
from ..core.tensor import Tensor


class Same(NamedTuple):
    """An output of a batch rule that does not depend on the example."""

    tensor: Tensor


# ---------------------------------------------------------------- moving the batch axis
def _view(name, x, **attrs):
    return apply(REGISTRY[name], [x], attrs)[0]


def reshaped(x, *shape):
    return x if x.shape == shape else _view("reshape", x, shape=shape)


def swapped(x, axis: int):
    """``x`` with its first axis moved to ``axis``."""
    return x if axis == 0 else _view("transpose", x, perm=(*range(1, axis + 1), 0, *range(axis + 1, x.ndim)))


def to_front(x, axis: int):
    """``x`` with ``axis`` moved to the front."""
    return x if axis == 0 else _view("transpose", x, perm=(axis, *range(axis), *range(axis + 1, x.ndim)))


def full(x, size: int, batched: bool):
    """``x`` with an axis of examples, without copying."""
    return x if batched else _view("broadcast_to", x, shape=(size, *x.shape))


def all_full(size, tensors, batched):
    return [full(x, size, b) for x, b in zip(tensors, batched)]


def fold(x, axis: int):
    """The examples become the slower part of (unbatched) ``axis``."""
    x = swapped(x, axis)
    s = x.shape
    return reshaped(x, *s[:axis], s[axis] * s[axis + 1], *s[axis + 2 :])


def unfold(x, axis: int, size: int):
    """Undoes ``fold``."""
    s = x.shape
    return to_front(reshaped(x, *s[:axis], size, s[axis] // size, *s[axis + 1 :]), axis)


# ---------------------------------------------------------------- rules that many ops share
def batch_elementwise(op, size, tensors, batched, attrs):
    """For ops that work element by element on inputs of one shape."""
    return apply(op, all_full(size, tensors, batched), attrs)


def into_first_axis(op, size, tensors, batched, attrs):
    """For ops whose first axis counts independent parts already: the examples become more of them."""
    outs = apply(op, [fold(x, 0) for x in all_full(size, tensors, batched)], attrs)
    return [unfold(o, 0, size) for o in outs]


def next_axis(op, size, tensors, batched, attrs):
    """For ops along one ``axis``: it moves by one."""
    return apply(op, all_full(size, tensors, batched), {**attrs, "axis": attrs["axis"] + 1})


def one_by_one(op, size, tensors, batched, attrs):
    """For ops without a rule: each example by itself."""
    made = [apply(op, [x[k] if b else x for x, b in zip(tensors, batched)], attrs) for k in range(size)]
    rows = ([reshaped(x, 1, *x.shape) for x in outs] for outs in zip(*made))
    return [apply(REGISTRY["concat"], outs, {"axis": 0})[0] for outs in rows]


def shifted(index, size: int, n: int):
    """(size * m,): the positions ``index`` (size, m) in tables of ``n`` rows that stand one after the other."""
    first = apply(REGISTRY["flat_index"], [], {"shape": (size, 1)})[0] * n
    return reshaped(index + first, index.size)


__all__ = [
    "Same", "all_full", "batch_elementwise", "fold", "full", "into_first_axis", "next_axis", "one_by_one",
    "reshaped", "shifted", "swapped", "to_front", "unfold",
]  # fmt: skip
